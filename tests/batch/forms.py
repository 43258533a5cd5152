"""The same enterprises in every form in which an office may hand them over, and results read back.

The enterprises are written examples of the law (tests/policy/cases) under names of their own. They
are written as a person would write them: words for choices, yuan for money, blanks for the unknown.
"""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
from stdnum.cn import uscc

from peiyu.policy import facts
from peiyu.policy.case import Case, Row, Scalar
from peiyu.policy.facts import Fact, Unit
from peiyu.policy.rulebooks import HNTE
from peiyu.policy.tree import Outcome
from peiyu.tables.spelling import name_key
from tests.policy.cases import Example, examples

ON = date(2026, 7, 20)
LAGS = (3, 2, 1)
STATE_WORDS = {2: "全部", 1: "部分", 0: "未填"}
JSON_STATES = {2: "complete", 1: "partial", 0: "absent"}
FIGURES = {Unit.FEN, Unit.PERSON_HUNDREDTH, Unit.PERSON, Unit.COUNT, Unit.POINT}
CODES = {outcome.chinese: outcome.name.lower() for outcome in Outcome}
TITLES = {criterion.title: criterion.id for criterion in HNTE.criteria}
CHOSEN = {
    "w01_complete": 5, "rd_share": 3, "st_staff": 2, "main_products": 2, "ip": 3, "ip_use": 5,
    "unknown": 5, "rd_collection": 4, "conversions": 2, "growth": 2, "incidents": 3, "panel": 2,
    "registered": 2, "ht_income": 2,
}  # fmt: skip


@dataclass(frozen=True)
class Firm:
    """An enterprise with its case and what the written example expects of it."""

    name: str
    code: str
    case: Case
    expect: Mapping[str, Any]

    @property
    def key(self) -> str:
        """By what results know it."""
        return self.code or name_key(self.name)


def made_up_code(number: int) -> str:
    """A credit code that no registry gives: right in form and check digit, of no place."""
    front = f"91000000MADE{number:05}"
    return front + uscc.calc_check_digit(front)


@cache
def firms(*, flat: bool = False) -> tuple[Firm, ...]:
    """Written examples of one day and the usual readings; `flat`: those that one sheet can hold."""
    chosen = [example for file, number in CHOSEN.items() for example in _spread(file, number, flat)]
    found = []
    for number, example in enumerate(chosen, 1):
        name = f"甲{number}（{example.file}）有限公司"
        code = made_up_code(number) if number % 2 else ""
        firm = Firm(name, code, example.case, example.expect)
        found.append(Firm(name, code, _named(firm), example.expect))
    return tuple(found)


def _spread(file: str, number: int, flat: bool) -> list[Example]:
    known = [
        example
        for example in examples("hnte")
        if example.file == file and example.on == ON and not example.switches
        and not (flat and (example.case.tables or example.case.states))
        and not _needs_register(example.case)
    ]  # fmt: skip
    known.sort(key=lambda example: "rd" not in example.case.tables)
    return known[:: max(1, len(known) // number)][:number]


def _needs_register(case: Case) -> bool:
    """Does its outcome rest on nobody having used its IP: a sheet of uses is a register of all."""
    if case.states.get("uses", 2) != 2:
        return True
    sure = {"used_before": {False}, "co_owned": {False}}
    return not case.tables.get("uses") and any(
        row.get("grant_number") is None or any(row.get(n) not in v for n, v in sure.items())
        for row in case.tables.get("ip", ())
    )


def _named(firm: Firm) -> Case:
    tables = {
        table: [
            {n: firm.key if (n, v) == ("used_by", firm.case.key) else v for n, v in row.items()}
            for row in rows
        ]
        for table, rows in firm.case.tables.items()
        if rows or table != "uses"
    }
    states = {table: state for table, state in firm.case.states.items() if table != "uses"}
    return Case(firm.key, firm.name, dict(firm.case.facts), tables, states)


def facts_of(case: Case) -> Iterable[tuple[Fact, int, Scalar]]:
    """What is known of an enterprise: fact, lag (0 for a standing one), value."""
    for name, value in case.facts.items():
        fact, _, lag = name.partition(".")
        if value is not None and fact not in ("code", "name"):
            yield facts.fact(fact), int(lag or 0), value


def exact(fact: Fact, value: Scalar) -> Decimal:
    """A stored number as written: yuan, people."""
    assert isinstance(value, int)
    return Decimal(value) / fact.scale


def filled(fact: Fact, value: Scalar) -> Any:
    """A value as a person fills it into a cell."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(value) or "无"
    if fact.unit in FIGURES:
        number = exact(fact, value)
        return int(number) if number == int(number) else float(number)
    if fact.unit is Unit.CHOICE:
        return next(chinese for code, chinese, _ in fact.choices if code == value)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 (as Excel has it)
    return value


def rows_of(firm: Firm, table: str) -> Iterable[Row]:
    """The rows of a table, by fact, with whose they are."""
    owner = {} if table == "uses" else owner_of(firm)
    for row in firm.case.tables.get(table, ()):
        yield {**owner, **row}


def owner_of(firm: Firm) -> dict[str, Scalar]:
    """Code where it has one, and name."""
    return ({"code": firm.code} if firm.code else {}) | {"name": firm.name}


# ------------------------------------------------------------------------------------- template


def fill_template(blank: Path, target: Path, found: Sequence[Firm]) -> Path:
    """The template as enterprises fill it in, found by what is printed on it alone."""
    book = openpyxl.load_workbook(blank)
    names = printed_names(book)
    for sheet in book.worksheets[1:-1]:
        if sheet.sheet_state != "visible":
            continue
        columns = headings_of(sheet, names[sheet.title])
        first = 3 if sheet.title == book.worksheets[1].title else 2
        sheet.delete_rows(first, 50)
        table = names[sheet.title][""]
        at = first
        for firm in found:
            for values in _filled_rows(firm, table, columns):
                for name, value in values.items():
                    sheet.cell(at, columns[name], value)
                at += 1
    book.save(target)
    return target


def printed_names(book: openpyxl.Workbook) -> dict[str, dict[str, str]]:
    """For each sheet the facts by their printed terms, read off the dictionary sheet."""
    lines = list(book.worksheets[-1].iter_rows(values_only=True))
    names: dict[str, dict[str, str]] = {}
    name_at = next(at for at, word in enumerate(lines[0]) if "." in str(lines[1][at]))
    for line in lines[1:]:
        table, _, fact = str(line[name_at]).partition(".")
        known = names.setdefault(str(line[0]), {"": table})
        known[str(line[1])] = known[str(line[2])] = fact
    for word in ("code", "name"):
        for term in [t for t, fact in names[str(lines[1][0])].items() if fact == word]:
            for known in names.values():
                if known[""] != "uses":
                    known.setdefault(term, word)
    yearly = next(known for known in names.values() if known[""] == "years")
    main = next(known for known in names.values() if known[""] == "enterprise")
    return {**names, str(lines[1][0]): {**yearly, **main}}


def headings_of(sheet: Any, names: Mapping[str, str]) -> dict[str, int]:
    """The column of each fact of a sheet, of a yearly one as `fact.2025`."""
    upper = [cell.value for cell in sheet[1]]
    lower = [cell.value for cell in sheet[2]]
    grouped = any(str(word or "")[:2] == "20" for word in upper)
    found: dict[str, int] = {}
    year = ""
    for at, word in enumerate(upper):
        if grouped and word is not None:
            year = str(word)[:4] if str(word)[:2] == "20" else ""
        text = str(lower[at] if grouped and year else word).removeprefix("* ")
        bare = text.rpartition("（")[0] or text.rpartition(" (")[0] or text
        name = names.get(text) or names.get(bare)
        if name is None:  # the columns that say how full a table is
            known = [title for title in sheet.parent.sheetnames if f"“{title}”" in text]
            assert len(known) == 1, text
            name = f"{printed_names(sheet.parent)[known[0]]['']}.state"
        found[f"{name}.{year}" if year else name] = at + 1
    return found


def _filled_rows(firm: Firm, table: str, columns: Mapping[str, int]) -> Iterable[dict[str, Any]]:
    if table == "enterprise":
        row = dict(owner_of(firm))
        for fact, lag, value in facts_of(firm.case):
            name = f"{fact.name}.{ON.year - lag}" if lag else fact.name
            if name in columns:
                row[name] = filled(fact, value)
        for name, state in firm.case.states.items():
            row[f"{name}.state"] = STATE_WORDS[state]
        yield row
    elif table == "years":
        rest: dict[int, dict[str, Any]] = {}
        asked = {"sales_revenue", "net_assets", "rd_total", "rd_domestic"}
        last = {"total_income", "ht_income", "staff_average", "st_staff_average"}
        for fact, lag, value in facts_of(firm.case):
            if lag and fact.name not in asked and not (lag == 1 and fact.name in last):
                rest.setdefault(ON.year - lag, {})[fact.name] = filled(fact, value)
        for year, values in sorted(rest.items()):
            yield {**owner_of(firm), "year": year, **values}
    else:
        for row in rows_of(firm, table):
            yield {
                n: v if n in ("code", "name") else filled(facts.fact(n, table), v)
                for n, v in row.items()
                if v is not None
            }


# ------------------------------------------------------------------------------- flat, csv, folder


def flat_lines(found: Sequence[Firm], *, wan: bool = False) -> list[list[Any]]:
    """A heading and a row an enterprise, every yearly figure under its year."""
    known = {(fact.name, lag): fact for firm in found for fact, lag, _ in facts_of(firm.case)}
    names = sorted(known, key=lambda one: (-one[1], one[0]))
    states = sorted({name for firm in found for name in firm.case.states})
    unit = "万元" if wan else "元"
    heads = [
        (f"{ON.year - lag}年" if lag else "")
        + known[name, lag].chinese
        + (f"（{unit}）" if known[name, lag].unit is Unit.FEN else "")
        for name, lag in names
    ]
    titles = [f"“{facts.BY_NAME[name].chinese}”表是否填全" for name in states]
    lines = [["统一社会信用代码", "企业名称", *heads, *titles]]
    for firm in found:
        values = {(f.name, lag): filled(f, v) for f, lag, v in facts_of(firm.case)}
        if wan:
            for (name, lag), fact in known.items():
                if fact.unit is Unit.FEN and (name, lag) in values:
                    values[name, lag] = str(Decimal(str(values[name, lag])) / 10000)
        cells = [values.get(name, "") for name in names]
        said = [STATE_WORDS.get(firm.case.states.get(name, -1), "") for name in states]
        lines.append([firm.code, firm.name, *map(_day, cells), *said])
    return lines


def _day(value: Any) -> Any:
    return value.date().isoformat() if isinstance(value, datetime) else value


def write_flat_xlsx(target: Path, found: Sequence[Firm]) -> Path:
    """One sheet, nothing more."""
    return write_sheet(target, flat_lines(found))


def write_sheet(target: Path, *pages: Sequence[Sequence[Any]], titles: Sequence[str] = ()) -> Path:
    """Plain sheets, by default named as Excel names them."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, lines in enumerate(pages, 1):
        sheet = book.create_sheet(titles[number - 1] if titles else f"Sheet{number}")
        for line in lines:
            sheet.append([None if cell == "" else cell for cell in line])
    book.save(target)
    return target


def write_lines(target: Path, lines: Iterable[Sequence[Any]], encoding: str = "utf-8-sig") -> Path:
    """A csv file."""
    with target.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(lines)
    return target


def write_folder(target: Path, found: Sequence[Firm]) -> Path:
    """A folder with a csv for each table that somebody has."""
    target.mkdir()
    for table in facts.TABLES[1:]:
        lines = _table_lines(found, table)
        if len(lines) > 1:
            coding = "gb18030" if table.name == "ip" else "utf-8"
            write_lines(target / f"{table.chinese}.csv", lines, coding)
    plain = [Firm(f.name, f.code, _standing(f.case), f.expect) for f in found]
    write_lines(target / "企业.csv", flat_lines(plain))
    return target


def _standing(case: Case) -> Case:
    return Case(
        case.key, case.name, {n: v for n, v in case.facts.items() if "." not in n},
        {}, dict(case.states),
    )  # fmt: skip


def _table_lines(found: Sequence[Firm], table: facts.FactTable) -> list[list[Any]]:
    owner = () if table.name == "uses" else ("统一社会信用代码", "企业名称")
    lines = [[*owner, *(fact.chinese for fact in table)]]
    for firm in found:
        rows = list(rows_of(firm, table.name)) if table.name != "years" else _yearly(firm)
        for row in rows:
            cells = [
                "" if row.get(fact.name) is None else _day(filled(fact, row[fact.name]))
                for fact in table
            ]
            lines.append([*((firm.code, firm.name) if owner else ()), *cells])
    return lines


def _yearly(firm: Firm) -> list[dict[str, Scalar]]:
    years: dict[int, dict[str, Scalar]] = {}
    for fact, lag, value in facts_of(firm.case):
        if lag:
            years.setdefault(ON.year - lag, {"year": ON.year - lag})[fact.name] = value
    return [years[year] for year in sorted(years)]


# ------------------------------------------------------------------------------------------ json


def record(firm: Firm) -> dict[str, Any]:
    """An enterprise as json, by the schema."""
    said: dict[str, Any] = dict(owner_of(firm))
    for fact, lag, value in facts_of(firm.case):
        into = said.setdefault("years", {}).setdefault(str(ON.year - lag), {}) if lag else \
            said.setdefault("facts", {})  # fmt: skip
        into[fact.name] = as_json(fact, value)
    for table, rows in firm.case.tables.items():
        said.setdefault("tables", {})[table] = [
            {n: as_json(facts.fact(n, table), v) for n, v in row.items()} for row in rows
        ]
    for table, state in firm.case.states.items():
        said.setdefault("states", {})[table] = JSON_STATES[state]
    return said


def as_json(fact: Fact, value: Scalar) -> Any:
    """A stored value in json: yuan as a number, days as text, choices by their codes."""
    if isinstance(value, bool | str | None):
        return value
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, date):
        return value.isoformat()
    number = exact(fact, value)
    return int(number) if number == int(number) else float(number)


def write_json(target: Path, value: object) -> Path:
    """A json file."""
    target.write_text(json.dumps(value, ensure_ascii=False), "utf-8")
    return target


# --------------------------------------------------------------------------------------- parquet


def write_parquet(target: Path, found: Sequence[Firm]) -> Path:
    """A parquet file, or with a name without ending a folder with the tables."""
    rows = []
    for firm in found:
        row: dict[str, Scalar] = {"key": firm.key, "name": firm.name}
        for fact, lag, value in facts_of(firm.case):
            row[f"{fact.name}.{ON.year - lag}" if lag else fact.name] = value
        row |= {f"{name}.state": int(state) for name, state in firm.case.states.items()}
        rows.append(row)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    types = {name: kind for name in columns if (kind := column_kind(name)) is not None}
    frame = pl.DataFrame(rows, schema={name: types.get(name, pl.String) for name in columns})
    if target.suffix:
        frame.write_parquet(target)
        return target
    target.mkdir()
    frame.write_parquet(target / "enterprise.parquet")
    for table in facts.ROW_TABLES:
        held = [
            {"key": firm.key, **row}
            for firm in found
            for row in firm.case.tables.get(table.name, ())
        ]
        if held:
            schema = {"key": pl.String} | {fact.name: kind_of(fact) for fact in table}
            pl.DataFrame(held, schema=schema).write_parquet(target / f"{table.name}.parquet")
    return target


def kind_of(fact: Fact) -> Any:
    """How a fact stands in a column."""
    kinds = {Unit.DAY: pl.Date, Unit.YES_NO: pl.Boolean, Unit.NAMES: pl.List(pl.String)}
    words = (Unit.TEXT, Unit.CHOICE)
    return kinds.get(fact.unit, pl.String if fact.unit in words else pl.Int64)


def column_kind(name: str) -> Any:
    """How a column of the first file is stored."""
    if name.endswith(".state"):
        return pl.Int8
    return pl.String if name == "key" else kind_of(facts.fact(name.partition(".")[0]))


# --------------------------------------------------------------------------------------- results


def rounded(low: object, over: object = 1) -> Decimal:
    """Points to two decimals, half up."""
    share = Fraction(str(low)) / Fraction(str(over))
    number = Decimal(share.numerator) / Decimal(share.denominator)
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)


def results(path: Path) -> dict[str, dict[str, object]]:
    """What a result says of each enterprise by its name, in whatever form it was written."""
    read = {".json": _of_json, ".csv": _of_csv, ".parquet": _of_parquet, ".xlsx": _of_xlsx}
    return read[path.suffix](path)


def _of_json(path: Path) -> dict[str, dict[str, object]]:
    document = json.loads(path.read_text("utf-8"))
    return {
        found["name"]: {
            "hard": found["hard"],
            "verdict": found["verdict"],
            "low": rounded(found["score"]["low"], found["score"]["over"]),
            "high": rounded(found["score"]["high"], found["score"]["over"]),
            **{criterion["id"]: criterion["outcome"] for criterion in found["criteria"]},
        }
        for found in document["enterprises"]
    }


def _lines_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, object]]:
    return {
        row["name"]: {
            "hard": row["hard"],
            "verdict": row["verdict"],
            "low": rounded(row["score_low"], row["score_over"]),
            "high": rounded(row["score_high"], row["score_over"]),
            **{criterion.id: row[criterion.id] for criterion in HNTE.criteria},
        }
        for row in rows
    }


def _of_csv(path: Path) -> dict[str, dict[str, object]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return _lines_of(csv.DictReader(file))


def _of_parquet(path: Path) -> dict[str, dict[str, object]]:
    return _lines_of(pl.read_parquet(path).to_dicts())


def table_of(sheet: Any, first: str) -> list[dict[str, Any]]:
    """A list of a workbook below its heading, which begins with `first`."""
    lines = list(sheet.iter_rows(values_only=True))
    top = next(at for at, line in enumerate(lines) if line[0] == first)
    return [dict(zip(lines[top], line, strict=True)) for line in lines[top + 1 :]]


def _of_xlsx(path: Path) -> dict[str, dict[str, object]]:
    book = openpyxl.load_workbook(path, read_only=True)
    found: dict[str, dict[str, object]] = {}
    for row in table_of(book["总览"], "企业名称"):
        found[row["企业名称"]] = {
            "hard": CODES[row["硬指标"]],
            "verdict": CODES[row["结论"]],
            "low": rounded(row["得分下限"]),
            "high": rounded(row["得分上限"]),
        }
    for row in table_of(book["条件明细"], "企业名称"):
        found[row["企业名称"]][TITLES[row["条件"]]] = CODES[row["结果"]]
    book.close()
    return found
