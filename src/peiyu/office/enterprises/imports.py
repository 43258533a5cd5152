"""Tables of enterprises taken into the registry: new ones entered, what they state corrected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Q

from peiyu.office.accounts.models import User
from peiyu.office.enterprises import listing
from peiyu.office.enterprises.actions import edit, enter, stood_upon, unenter
from peiyu.office.enterprises.identity import tidy_code
from peiyu.office.enterprises.matching import Matched, matched
from peiyu.office.enterprises.models import Enterprise, LegalForm
from peiyu.office.enterprises.newcomers import (
    PLACE,
    Places,
    holders_of,
    lacking,
    place_of,
    places_on,
)
from peiyu.office.enterprises.permissions import is_bureau
from peiyu.office.enterprises.values import EDITED, IDENTITY, checked
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.imports import ImportKind, Options, problem
from peiyu.office.foundation.models import ImportBatch, ImportRow, RowOutcome
from peiyu.office.foundation.refusals import Refused, SeveralRefused
from peiyu.tables.layout import Column, Kind, Layout, Sheet
from peiyu.tables.spelling import name_key
from peiyu.words import Message, mark, message, translate

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

FORMS = tuple((form.value, (str(form.label), form.value)) for form in LegalForm)
COLUMNS = (
    Column("name", ("企业名称", "单位名称", "名称", "公司名称", "Enterprise"), Kind.TEXT, maximum=120),
    Column("code", ("统一社会信用代码", "社会信用代码", "信用代码", "Credit code"), Kind.CODE, maximum=30),
    Column("established_on", ("成立日期", "成立时间", "注册日期", "注册时间", "Established on"), Kind.DATE),
    Column("legal_form", ("组织形式", "企业类型", "Legal form"), Kind.CHOICE, choices=FORMS),
    Column("industry", ("行业代码", "国民经济行业代码", "Industry code"), Kind.CODE, maximum=10),
    Column("field", ("技术领域代码", "高新技术领域代码", "Field code"), Kind.CODE, maximum=10),
    Column("town", ("镇（街道）", "所在镇（街道）", "乡镇", "镇街", "Town"), Kind.TEXT, maximum=100),
    Column("zone", ("园区", "所在园区", "产业集聚区", "Zone"), Kind.TEXT, maximum=100),
)  # fmt: skip
OTHERS = {column.key: column for column in listing.COLUMNS if column.key not in (
    "name", "code", "established_on", "legal_form", "industry", "field", "town", "zone")}  # fmt: skip
"""Columns of the list of enterprises that no import changes."""
COMPARED = ("status", "body", "industry_name", "field_name", "closed_on", "id")
"""Those of them in which an edit is told; when it last changed and whether it has contacts is not."""
PAGE = mark("页面")
KEPT = frozenset({*(f"kept_{key}" for key in OTHERS), "kept_page"})
ANOTHER_ROW = mark("这家企业在文件里写了不止一行")
IN_PAGE = mark("请在企业页上办理")
REMEDIES = {
    "industry_name": mark("请改“行业代码”一列"),
    "field_name": mark("请改“领域代码”一列"),
    "body": mark("责任单位随所在地定，搬迁请在企业页上办理"),
}


def layout(options: Options, headings: Mapping[str, Sequence[str]], on: date) -> Layout:
    """One row an enterprise; the exported list of enterprises is understood as it is."""
    exported = {column.key: column.label for column in listing.COLUMNS}
    own = tuple(
        replace(
            column,
            headings=tuple(dict.fromkeys((
                *column.headings, *_both(exported[column.name]), *headings.get(column.name, ()),
            ))),
        )
        for column in COLUMNS
    )  # fmt: skip
    kept = ((key, column.label) for key, column in OTHERS.items())
    columns = own + tuple(
        Column(f"kept_{key}", (*_both(label), *headings.get(f"kept_{key}", ())), Kind.TEXT)
        for key, label in (*kept, ("page", PAGE))
    )
    titles = ("企业名单", "企业", "Enterprises")
    return (Sheet(name="registry", titles=titles, columns=columns, key=("name", "code")),)


def judge(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """Whom each row means and what it would change; a blank cell never erases."""
    on = office_day()
    found = matched([(row.values.get("code", ""), row.values.get("name", "")) for row in rows])
    for row, one in zip(rows, found, strict=True):
        _say_whom(row, one)
    known = Enterprise.objects.living().in_bulk([row.target for row in rows if row.target])
    listed = _listed(rows, known)
    places, holders = places_on(on), holders_of(rows)
    passed = _elsewhere(batch, rows)
    for row, one in zip(rows, found, strict=True):
        if row.target and row.target not in known:
            row.target = None
            _refuse(row, Refused(message("选定的企业不在企业库里，请重新选定")))
        enterprise = known.get(row.target or 0)
        values = _stated(row, EDITED if _by_hand(row) else IDENTITY)
        _refuse(row, *_checked(values, on))
        fresh = enterprise is None and not row.candidates
        if fresh:
            _refuse(row, *lacking(row, values, places, holders))
        if row.problems:
            row.outcome = RowOutcome.REFUSED
            continue
        if enterprise is None and not fresh:
            row.outcome = RowOutcome.DOUBTFUL
            remedy = message("请选定是哪一家，或选“都不是”，作为新企业入库")
            row.problems.append(problem(one.why or message("企业库里只有名称相近的"), remedy))
            continue
        own = _keys(row)
        if own & passed:
            row.outcome = RowOutcome.REFUSED
            row.problems.append(problem(message(ANOTHER_ROW), message("请只留一行")))
            continue
        passed |= own
        row.changes = _changes(row, enterprise)
        new = RowOutcome.NEW if fresh else RowOutcome.CHANGED
        row.outcome = new if row.changes else RowOutcome.SAME
        if enterprise is not None:
            row.problems += _elsewhere_by_now(row, enterprise, places)
            row.problems += _edited_in_vain(row, listed.get(enterprise.pk))


def apply(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """Enter the new ones, correct the others where they are still as they were seen."""
    on, person = office_day(), cast(User, actor)
    places = places_on(on)
    known = Enterprise.objects.in_bulk([row.target for row in rows if row.target])
    for row in rows:
        if row.target:
            enterprise = known[row.target]
            _edit(enterprise, row, on, person, old=0, new=1)
            row.made = row.over = enterprise.pk
            continue
        town, zone = (place_of(row, name, places) for name in PLACE)
        entered = enter(
            _stated(row, IDENTITY), town=town, zone=zone, on=on, actor=person, source=batch.source
        )
        row.made, row.over = entered.pk, None


def undo(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """Put back what was corrected, take out again what was entered."""
    on, person = office_day(), cast(User, actor)
    known = Enterprise.objects.in_bulk([row.made for row in rows if row.made])
    for row in rows:
        enterprise = known[row.made or 0]
        if row.over:
            _edit(enterprise, row, on, person, old=1, new=0)
        else:
            unenter(enterprise, actor=person)


def builds_on(
    batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser
) -> dict[int, Message]:
    """A value that was corrected anew; anything that was added to an entered enterprise."""
    known = Enterprise.objects.in_bulk([row.made for row in rows if row.made])
    entered = {row.made for row in rows if row.made and not row.over}
    stood = stood_upon(one for key, one in known.items() if key in entered)
    found = {}
    for row in rows:
        enterprise = known.get(row.made or 0)
        if enterprise is None:
            continue
        if row.over:
            later = [n for n, (_, new) in row.changes.items() if _plain(enterprise, n) != new]
            if later:
                term = message(_column(later[0]).printed)
                found[row.number] = message("的{term}之后又改过", term=term)
        elif enterprise.version != 1:
            found[row.number] = message("入库之后又改过")
        elif enterprise.pk in stood:
            found[row.number] = message("入库之后又登记了别的内容（联系人、备注、年度数据等）")
    return found


# -- whom a row means


def _by_hand(row: ImportRow) -> int | None:
    """Which enterprise somebody chose for it; 0: none of those there are."""
    chosen = row.values.get("target")
    return int(chosen) if chosen is not None else None


def _say_whom(row: ImportRow, one: Matched) -> None:
    """Begin anew: of the problems only those of reading stay."""
    row.problems = [found for found in row.problems if found["address"]]
    row.changes, row.target, row.candidates = {}, one.enterprise, list(one.candidates)
    if (chosen := _by_hand(row)) is not None:
        row.target, row.candidates = chosen or None, []


def _elsewhere_by_now(
    row: ImportRow, enterprise: Enterprise, places: Places
) -> list[dict[str, object]]:
    """What is said where a table places an enterprise elsewhere: an import moves nobody."""
    found = []
    for name in PLACE:
        if row.values.get(name):
            body = place_of(row, name, places)
            if body is None or body.pk != getattr(enterprise, f"{name}_id"):
                rule = message("“{place}”与企业库里的不同，导入不改它", place=row.values[name])
                found.append(problem(rule, message("搬迁请在企业页上办理")))
    return found


def _both(label: str) -> tuple[str, ...]:
    """A heading in both languages."""
    return tuple(dict.fromkeys((label, translate(label, "en"))))


def _listed(rows: Sequence[ImportRow], known: Mapping[int, Enterprise]) -> dict[int, Any]:
    """The lines of the list of enterprises, by key, where rows have columns that only it has."""
    if not any(KEPT & row.values.keys() for row in rows):
        return {}
    lines = listing.lines_of(Enterprise.objects.filter(pk__in=known))
    return {line.pk: line for line in lines}


def _edited_in_vain(row: ImportRow, line: Any) -> list[dict[str, object]]:
    """What somebody wrote into columns of the exported list that an import never changes."""
    found = []
    for key in COMPARED if line is not None else ():
        said = row.values.get(f"kept_{key}")
        stands = OTHERS[key].value(line)
        text = stands.isoformat() if isinstance(stands, date) else str(stands or "")
        if said and not str(said).startswith(_both(text) if text else ("\0",)):
            rule = message("“{column}”写成了“{value}”，导入不改它", column=message(OTHERS[key].label),
                           value=str(said)[:40])  # fmt: skip
            found.append(problem(rule, message(REMEDIES.get(key, IN_PAGE))))
    return found


def _keys(row: ImportRow) -> set[tuple[str, object]]:
    """By what two rows of a file are seen to mean the same enterprise."""
    if row.target:
        return {("target", row.target)}
    return _spelled(row.values)


def _spelled(values: Mapping[str, Any]) -> set[tuple[str, object]]:
    keys: set[tuple[str, object]] = {("name", name_key(str(values.get("name", ""))))}
    if code := tidy_code(str(values.get("code", ""))):
        keys.add(("code", code))
    return keys


def _elsewhere(batch: ImportBatch, rows: Sequence[ImportRow]) -> set[tuple[str, object]]:
    """Whom the other rows of the file mean, of those that these could mean too."""
    targets = {row.target for row in rows if row.target}
    names = {row.values["name"] for row in rows if row.values.get("name")}
    codes = {row.values["code"] for row in rows if row.values.get("code")}
    same = Q(values__name__in=list(names)) | Q(values__code__in=list(codes))
    others = (
        batch.rows.filter(Q(target__in=targets) | Q(same, outcome=RowOutcome.NEW))
        .exclude(outcome__in=(RowOutcome.REFUSED, RowOutcome.DOUBTFUL))
        .exclude(number__in=[row.number for row in rows])
    )
    found: set[tuple[str, object]] = set()
    for target, values in others.values_list("target", "values"):
        found |= {("target", target)} if target else _spelled(values)
    return found


# -- what it says


def _stated(row: ImportRow, names: Iterable[str]) -> dict[str, object]:
    """The values that stand in the row, as actions take them."""
    return {name: _typed(name, row.values[name]) for name in names if row.values.get(name)}


def _typed(name: str, plain: str | None) -> object:
    if name == "established_on":
        return date.fromisoformat(plain) if plain else None
    return plain or ""


def _plain(enterprise: Enterprise, name: str) -> str | None:
    value = getattr(enterprise, name)
    return value.isoformat() if isinstance(value, date) else value or None


def _changes(row: ImportRow, enterprise: Enterprise | None) -> dict[str, list[str | None]]:
    if enterprise is None:
        return {
            name: [None, row.values[name]]
            for name in (*IDENTITY, *PLACE)
            if row.values.get(name)
        }  # fmt: skip
    tidied = checked(_stated(row, EDITED), on=office_day())
    wanted = {name: v.isoformat() if isinstance(v, date) else str(v) for name, v in tidied.items()}
    return {
        name: [_plain(enterprise, name), value]
        for name, value in wanted.items()
        if _plain(enterprise, name) != value
    }


def _edit(
    enterprise: Enterprise, row: ImportRow, on: date, actor: User, *, old: int, new: int
) -> None:
    """Correct from one side of the changes to the other."""
    edit(
        enterprise,
        {name: _typed(name, pair[new]) for name, pair in row.changes.items()},
        seen={name: _typed(name, pair[old]) for name, pair in row.changes.items()},
        on=on,
        actor=actor,
    )


# -- what is the matter with it


def _refuse(row: ImportRow, *refusals: Refused) -> None:
    remedy = message("请在这里改正，或在文件里改好再传")
    row.problems += [problem(one.message, remedy, one.field) for one in refusals]


def _checked(values: Mapping[str, object], on: date) -> tuple[Refused, ...]:
    try:
        checked(values, on=on)
    except SeveralRefused as several:
        return several.refusals
    return ()


def _column(name: str) -> Column:
    return next(column for column in COLUMNS if column.name == name)


ENTERPRISES = ImportKind(
    name="enterprises.enterprises",
    title=mark("企业名单"),
    layout=layout, judge=judge, apply=apply, undo=undo, builds_on=builds_on,
    may=lambda person: is_bureau(cast(User, person)),
    asks=(), kept=KEPT,
)  # fmt: skip
IMPORTS: dict[str, ImportKind] = {"enterprises": ENTERPRISES}
