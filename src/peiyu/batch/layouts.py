"""The sheets of a rulebook, drawn from the dictionary of facts: for templates and for reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from peiyu.policy import facts, tree
from peiyu.policy.facts import Fact, FactTable, Unit
from peiyu.policy.rulebook import Rulebook
from peiyu.tables.layout import Column, Kind, Layout, Sheet
from peiyu.words import LANGUAGES, mark, message, translate

KINDS = {
    Unit.FEN: Kind.MONEY,
    Unit.PERSON_HUNDREDTH: Kind.DECIMAL,
    Unit.PERSON: Kind.INTEGER,
    Unit.COUNT: Kind.INTEGER,
    Unit.POINT: Kind.INTEGER,
    Unit.MONTH: Kind.INTEGER,
    Unit.DAY: Kind.DATE,
    Unit.YEAR: Kind.YEAR,
    Unit.YES_NO: Kind.BOOL,
    Unit.CHOICE: Kind.CHOICE,
    Unit.TEXT: Kind.TEXT,
    Unit.NAMES: Kind.REFERENCES,
}
UNITS = {
    Unit.FEN: mark("元"),
    Unit.PERSON_HUNDREDTH: mark("人"),
    Unit.PERSON: mark("人"),
    Unit.COUNT: mark("项"),
    Unit.POINT: mark("分"),
}
ALSO_SAID = {
    "kind.invention": ("发明", "发明创造"),
    "kind.utility_model": ("实用新型", "新型"),
    "kind.design": ("外观设计", "外观"),
    "kind.software": ("软著", "计算机软件著作权", "软件"),
    "obtained.self": ("自研", "原始取得", "自主研制"),
    "obtained.transfer": ("转让", "购买", "继受取得"),
}
"""What people also write for a choice."""
IDENTIFIERS = frozenset({"code", "no", "grant_number"})
IDENTITY = ("code", "name", "territory")
LAGS = (3, 2, 1)
# What the one flat sheet asks of the three years, and of the last year only; the rest has a sheet.
FLAT_THREE_YEARS = ("sales_revenue", "net_assets", "rd_total", "rd_domestic")
FLAT_LAST_YEAR = ("total_income", "ht_income", "staff_average", "st_staff_average")
STATE_CHOICES = (
    ("2", ("全部", "完整", "已填全", "all")),
    ("1", ("部分", "未填全", "partly")),
    ("0", ("未填", "无此表", "absent")),
)


def column(
    fact: Fact, *, lag: int = 0, year: int = 0, lang: str = "zh", more: Iterable[str] = ()
) -> Column:
    """A fact as a column; of the fiscal year `year` if it is a yearly one of a flat sheet."""
    kind = Kind.CODE if fact.name in IDENTIFIERS else KINDS[fact.unit]
    terms = (fact.chinese, fact.english) if lang == "zh" else (fact.english, fact.chinese)
    headings = (*terms, *fact.synonyms, *(_en_names(fact)), *more)
    choices = tuple(
        (code, (*words, code, *ALSO_SAID.get(f"{fact.name}.{code}", ())))
        for code, chinese, english in fact.choices
        for words in [(chinese, english) if lang == "zh" else (english, chinese)]
    )
    over = message("{year}年", year=year).say(lang) if year else ""
    if over and more:  # a heading that the user names need not say the year
        headings = (*(f"{over}{heading}" for heading in (*terms, *fact.synonyms)), *more)
        over = ""
    return Column(
        name=f"{fact.name}.{lag}" if lag else fact.name,
        headings=tuple(dict.fromkeys(headings)),
        kind=kind,
        scale=fact.scale,
        minimum=fact.minimum if fact.unit is not Unit.YES_NO else None,
        maximum=fact.maximum if fact.unit is not Unit.YES_NO else None,
        choices=choices,
        required=fact.required or fact.name == "name",
        note=translate(fact.note, lang),
        unit=translate(UNITS.get(fact.unit, ""), lang),
        over=over,
    )


def _en_names(fact: Fact) -> tuple[str, ...]:
    return (fact.name,) if fact.name not in ("no", "kind", "title") else ()


def states(rulebook: Rulebook, lang: str = "zh") -> tuple[Column, ...]:
    """For each table a column that says whether it is all there is."""
    return tuple(
        Column(
            name=f"{table.name}.state",
            headings=(
                _is_complete(table, lang),
                *(_is_complete(table, other) for other in LANGUAGES if other != lang),
                f"{table.chinese}表是否填全",
            ),
            kind=Kind.CHOICE,
            choices=STATE_CHOICES
            if lang == "zh"
            else tuple((c, (w[-1], *w[:-1])) for c, w in STATE_CHOICES),
            note=translate(
                "全部：表里没有的就是没有；部分：可能还有；空白：有行视为全部，无行视为未填。", lang
            ),
        )
        for table in tables_of(rulebook)
        if table.name != "uses"
    )


def _is_complete(table: FactTable, lang: str) -> str:
    return message("“{table}”表是否填全", table=_title(table, lang)).say(lang)


def asks(rulebook: Rulebook, fact: Fact) -> bool:
    """Does a sheet of the rulebook have a column for the fact."""
    if f"{fact.table}.{fact.name}" in rulebook.facts() or fact.required or fact.name in IDENTITY:
        return True
    if fact.table == "enterprise":
        return rulebook.survey and fact.name == "tech_field"
    return rulebook.survey and not fact.special


def yearly(rulebook: Rulebook) -> tuple[tuple[Fact, tuple[int, ...]], ...]:
    """The yearly facts that the flat sheet asks for, with how many years back."""
    if rulebook.survey:
        return (
            *((facts.fact(name), LAGS) for name in FLAT_THREE_YEARS),
            *((facts.fact(name), (1,)) for name in FLAT_LAST_YEAR),
        )
    lags: dict[str, set[int]] = {}
    for node in tree.walk(*rulebook.roots()):
        if isinstance(node, tree.FactNode) and node.lag:
            lags.setdefault(node.name, set()).add(node.lag)
    return tuple(
        (fact, tuple(sorted(lags[fact.name], reverse=True)))
        for fact in facts.YEARS
        if fact.name in lags
    )


def tables_of(rulebook: Rulebook) -> tuple[FactTable, ...]:
    """The tables of rows that the rulebook reads."""
    read = {name.partition(".")[0] for name in rulebook.facts()}
    return tuple(table for table in facts.ROW_TABLES if table.name in read)


def _title(table: FactTable, lang: str) -> str:
    return table.chinese if lang == "zh" else table.english


def layout(
    rulebook: Rulebook,
    on: date,
    *,
    lang: str = "zh",
    every: bool = False,
    headings: Mapping[str, Iterable[str]] | None = None,
) -> Layout:
    """The sheets of a rulebook, as of a day: its fiscal years are the groups of the flat sheet.

    `every` gives the flat sheet each yearly fact of each of the three years, for reading what
    people have; a template asks only what is usual. `headings` adds accepted headings by fact.
    """
    more = headings or {}
    read = set(rulebook.facts())
    standing = [
        column(fact, lang=lang, more=more.get(fact.name, ()))
        for fact in facts.ENTERPRISE
        if asks(rulebook, fact)
    ]
    flat = [
        (fact, LAGS) for fact in facts.YEARS if fact.name != "year" and asks(rulebook, fact)
    ] if every else yearly(rulebook)  # fmt: skip
    by_year = [
        column(fact, lag=lag, year=on.year - lag, lang=lang,
               more=more.get(f"{fact.name}.{on.year - lag}", ()))
        for fact, lags in flat for lag in lags
    ]  # fmt: skip
    if not every:
        by_year.sort(key=lambda found: found.over)
    identity, rest = standing[:3], standing[3:]
    main = Sheet(
        name="enterprise",
        titles=_titles(
            facts.ENTERPRISE, lang, "简表", "基本情况", "企业基本情况", "企业信息", "Sheet1"
        ),
        columns=(*identity, *rest[:3], *by_year, *rest[3:], *states(rulebook, lang)),
        note=translate("每家企业一行。小企业只填这一张表即可。", lang),
        single=True,
        key=("code", "name"),
    )
    years = Sheet(
        name="years",
        titles=_titles(facts.YEARS, lang, "年度", "年度费用"),
        columns=(
            *owner(lang, more),
            *(
                column(fact, lang=lang, more=more.get(fact.name, ()))
                for fact in facts.YEARS
                if asks(rulebook, fact)
            ),
        ),
        note=translate(YEARS_NOTE if rulebook.survey else YEARS_ALONE, lang),
        key=("code", "name"),
    )
    rows = tuple(
        Sheet(
            name=table.name,
            titles=_titles(table, lang, table.name),
            columns=(
                *(() if table.name == "uses" else owner(lang, more)),
                *(
                    column(fact, lang=lang, more=more.get(f"{table.name}.{fact.name}", ()))
                    for fact in table
                    if asks(rulebook, fact)
                ),
            ),
            note=translate(NOTES.get(table.name, ANY_ROWS), lang),
            key=() if table.name == "uses" else ("code", "name"),
        )
        for table in tables_of(rulebook)
    )
    if not (rulebook.survey or any(name.startswith("years.") for name in read)):
        return (main, *rows)
    return (main, years, *rows)


YEARS_NOTE = mark("可不填。每家企业每个年度一行；研发费用按八类填写时用这张表。")
YEARS_ALONE = mark("可不填。每家企业每个年度一行；简表没有列的年度数据用这张表。")
ANY_ROWS = mark("可不填。每项一行；填了就以这张表为准。")
NOTES = {
    "ip": mark("可不填。每项知识产权一行；填了就以这张表为准。"),
    "uses": mark("可不填。任何企业在认定中使用过这些知识产权的记录。"),
    "rd": mark("可不填。每个研发活动每个年度一行，金额按八类归集。"),
    "products": mark("可不填。每个高新技术产品（服务）一行。"),
    "conversions": mark("可不填。每次转化一行，同一成果写同一名称。"),
    "months": mark("可不填。上年度每个月一行。"),
    "incidents": mark("可不填。以主管部门出具的意见为准。"),
    "standards": mark("可不填。参与制定的国家或行业标准，每项一行。"),
    "sheets": mark("可不填。评审专家评分表，只写专家代号。"),
}


def owner(lang: str, more: Mapping[str, Iterable[str]] | None = None) -> tuple[Column, Column]:
    """The columns that say whose row it is."""
    found = []
    for name in ("code", "name"):
        fact = facts.fact(name)
        found.append(column(fact, lang=lang, more=(more or {}).get(name, ())))
    return found[0], found[1]


def _titles(table: FactTable, lang: str, *more: str) -> tuple[str, ...]:
    first, second = (
        (table.chinese, table.english) if lang == "zh" else (table.english, table.chinese)
    )
    return tuple(dict.fromkeys((first, second, *more)))
