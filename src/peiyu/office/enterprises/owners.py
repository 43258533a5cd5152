"""What every table about enterprises needs: whose a row is, and whether it may be taken in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.matching import Matched, matched
from peiyu.office.enterprises.models import Enterprise, Status
from peiyu.office.foundation.imports import is_left_out, problem
from peiyu.office.foundation.models import ImportBatch, ImportRow, RowOutcome
from peiyu.words import mark, message

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

NOT_YOURS = mark("的企业现在不归您的单位负责，或已并入另一家")
DIFFERENT = mark("第{places}行写的是同一项，内容却不同")
OpenTo = Callable[[User, Iterable[Enterprise]], frozenset[int]]
"""For which enterprises a person brings rows of a kind: their keys, in one query for any number."""
REGISTER = message("请先在“登记”里报送这家企业，或核对代码和名称")


def hold(keys: Iterable[int]) -> None:
    """Lock enterprises in one order, so that nobody changes what is held of them at the same moment."""
    locked = Enterprise.objects.select_for_update().filter(pk__in=set(keys)).order_by("pk")
    list(locked.values_list("pk"))


def owned(
    rows: Sequence[ImportRow], actor: AbstractBaseUser, open_to: OpenTo, *, holding: bool
) -> dict[int, Enterprise]:
    """Whose each row is, by the number of the row; the others are refused or in doubt.

    Sets target, candidates, outcome and problems; a row with a cell that could not be read stays
    refused until it is mended, although its enterprise is known. `holding` locks the enterprises:
    the rows are about to be done.
    """
    person = cast(User, actor)
    asked = [(str(row.values.get("code", "")), str(row.values.get("name", ""))) for row in rows]
    chosen = [row.values.get("target") or row.target for row in rows]
    open_ones = iter(
        matched([one for one, by_hand in zip(asked, chosen, strict=True) if not by_hand])
    )
    found = [Matched() if by_hand else next(open_ones) for by_hand in chosen]
    keys = {one.enterprise for one in found if one.enterprise}
    keys |= {int(key) for key in chosen if key}
    if holding:
        hold(keys)
    enterprises = Enterprise.objects.in_bulk(keys)
    allowed = open_to(person, enterprises.values())
    held: dict[int, Enterprise] = {}
    for row, one, by_hand in zip(rows, found, chosen, strict=True):
        row.problems = [p for p in row.problems if p["column"] or p["address"]]
        row.changes, row.target, row.candidates = {}, None, []
        key = int(by_hand) if by_hand else one.enterprise
        if key is None:
            row.candidates = list(one.candidates)
            row.outcome = RowOutcome.DOUBTFUL if one.candidates else RowOutcome.REFUSED
            remedy = message("请选定是哪一家，或改正代码、名称") if one.candidates else REGISTER
            row.problems.append(problem(one.why or message("企业库里没有这家企业"), remedy))
            continue
        row.target = key
        if key not in allowed:
            row.outcome, row.target = RowOutcome.REFUSED, None
            row.problems.append(_not_open(enterprises.get(key)))
        elif row.problems:
            row.outcome = RowOutcome.REFUSED
        else:
            held[row.number] = enterprises[key]
    return held


def _not_open(enterprise: Enterprise | None) -> dict[str, object]:
    """Why a row cannot be taken in for this one."""
    if enterprise is None:
        return problem(message("选定的企业不在企业库里"), message("请重新选定，或再传一次文件"))
    if enterprise.status == Status.MERGED:
        why = message("这家企业已并入另一家")
        return problem(why, message("请改写并入后的企业，或再传一次文件"))
    why = message("这家企业不归您的单位负责")
    return problem(why, message("请交给它所在的镇（园区）或科技局导入"))


@dataclass(frozen=True, slots=True)
class Twins:
    """Rows of a file that are about the same thing, in their order; do they say the same."""

    rows: tuple[ImportRow, ...]
    agree: bool

    def others(self, row: ImportRow) -> list[ImportRow]:
        """All of them but this one."""
        return [one for one in self.rows if one.number != row.number]


def twins_of(
    batch: ImportBatch,
    rows: Sequence[ImportRow],
    about: Callable[[ImportRow], object],
    says: Callable[[ImportRow], object],
    *,
    across: str = "",
) -> dict[int, Twins]:
    """By number the rows about whose thing another row of the file speaks too; one query.

    `about(row)` is what it speaks of (None: of nothing yet), `says(row)` what it says of that.
    `across`: the column whose value only one enterprise can have; then rows of others are twins too.
    """
    if across:
        values = {row.values[across] for row in rows if row.values.get(across)}
        others = batch.rows.filter(**{f"values__{across}__in": values}, target__isnull=False)
    else:
        others = batch.rows.filter(target__in={row.target for row in rows if row.target})
    others = others.exclude(number__in=[row.number for row in rows])
    held: dict[object, list[ImportRow]] = defaultdict(list)
    for row in (*rows, *others.only("batch", "number", "place", "target", "values", "problems")):
        thing = about(row) if row.values and row.target and not is_left_out(row) else None
        if thing is not None:
            held[None if across else row.target, thing].append(row)
    found: dict[int, Twins] = {}
    for group in held.values():
        if len(group) > 1:
            group.sort(key=lambda row: row.number)
            twins = Twins(tuple(group), all(says(row) == says(group[0]) for row in group))
            found |= {row.number: twins for row in group}
    return found


def settled_twin(
    row: ImportRow, twins: Twins | None, rule: str = DIFFERENT, **values: object
) -> bool:
    """Rows that say the same count once, rows that differ not at all; is nothing left to judge.

    `rule` says, with the `places` of the others, that they differ.
    """
    if twins is None or (twins.agree and twins.rows[0].number == row.number):
        return False
    others = twins.others(row)
    if twins.agree:
        settle(row, {}, new=False)
        said = message("与第{place}行一样，只算一次", place=others[0].place)
        row.problems = [*row.problems, problem(said, message(""))]
        return True
    places = tuple(str(one.place) for one in others)
    trouble = problem(
        message(rule, places=places, **values),
        message("请只留一行，或把它们改成一样"),
    )
    row.outcome, row.changes = RowOutcome.REFUSED, {}
    row.problems = [*row.problems, {**trouble, "repeats": [one.number for one in others]}]
    return True


def settle(row: ImportRow, changes: Mapping[str, tuple[object, object]], *, new: bool) -> None:
    """The outcome of a row whose changes are known."""
    row.changes = {name: list(pair) for name, pair in changes.items()}
    if not changes:
        row.outcome = RowOutcome.SAME
    else:
        row.outcome = RowOutcome.NEW if new else RowOutcome.CHANGED


def refuse(row: ImportRow, rule: str, remedy: str, **values: object) -> None:
    """Refuse a row as a whole."""
    row.outcome = RowOutcome.REFUSED
    row.problems = [*row.problems, problem(message(rule, **values), message(remedy))]
