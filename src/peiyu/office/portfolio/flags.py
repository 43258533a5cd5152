"""Flags of the chain with what was said of them, and how many are open."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db import transaction

from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.days import office_now
from peiyu.office.portfolio.loading import held_of
from peiyu.office.portfolio.models import FlagCount, Remark, RemarkKind
from peiyu.policy.chain import BY_ID, Check, Checked, Finding, Held, Severity, checked, found_by
from peiyu.words import mark


class Standing(StrEnum):
    """How far a flag is dealt with."""

    OPEN = mark("待核")
    ASKED = mark("待说明")
    LATE = mark("逾期未说明")
    EXPLAINED = mark("已说明，待核")
    CLEARED = mark("已核")


@dataclass(frozen=True, slots=True)
class Flag:
    """One contradiction, its check, how it stands and all that was said of it."""

    finding: Finding
    check: Check
    standing: Standing
    remarks: tuple[Remark, ...]

    @property
    def is_open(self) -> bool:
        """Nobody has cleared it."""
        return self.standing is not Standing.CLEARED


def flags_of(
    held: Held, remarks: Iterable[Remark], on: date, seen: Sequence[Checked] | None = None
) -> list[Flag]:
    """The flags of one enterprise, what most hangs on first; what was said of other facts is gone.

    `seen`: what the checks said of `held`, if they were asked already.
    """
    said: dict[tuple[str, str], list[Remark]] = defaultdict(list)
    for remark in remarks:
        said[remark.flag, remark.digest].append(remark)
    found = []
    for finding in found_by(checked(held) if seen is None else seen):
        own = tuple(said.get((finding.key, finding.digest), ()))
        found.append(Flag(finding, BY_ID[finding.check], _standing(own, on), own))
    return found


def _standing(remarks: Sequence[Remark], on: date) -> Standing:
    if not remarks:
        return Standing.OPEN
    if any(remark.kind == RemarkKind.CLEARED for remark in remarks):
        return Standing.CLEARED
    last = remarks[-1]
    if last.kind == RemarkKind.EXPLAINED:
        return Standing.EXPLAINED
    return Standing.LATE if last.due_on is not None and last.due_on < on else Standing.ASKED


def remarks_of(enterprises: Iterable[int], known: date | None = None) -> dict[int, list[Remark]]:
    """What was said and not taken back, by enterprise, in its order; one query."""
    rows = Remark.objects.filter(enterprise__in=list(enterprises), withdrawn_on=None)
    if known is not None:
        rows = rows.filter(said_on__lte=known)
    found: dict[int, list[Remark]] = defaultdict(list)
    for row in rows.select_related("said_by"):
        found[row.enterprise_id].append(row)
    return found


@dataclass(frozen=True, slots=True)
class Counted:
    """Open flags of an enterprise: all, those on which a hard condition hangs, by check."""

    open: int
    severe: int
    by_check: dict[str, int]


def counted(flags: Iterable[Flag]) -> Counted:
    """How many are open."""
    left = [flag.check for flag in flags if flag.is_open]
    severe = sum(check.severity is Severity.HIGH for check in left)
    return Counted(len(left), severe, dict(Counter(check.id for check in left)))


def counts_of(enterprises: Sequence[Enterprise], on: date) -> Mapping[int, Counted]:
    """Open flags of many enterprises; as many queries as for one."""
    said = remarks_of(one.pk for one in enterprises)
    return {
        key: counted(flags_of(held, said.get(key, ()), on))
        for key, held in held_of(enterprises, on=on).items()
    }


@transaction.atomic
def recount(enterprises: Sequence[Enterprise], on: date) -> None:
    """Write anew how many flags are open: the list of enterprises shows that without checking each."""
    at = office_now()
    rows = [
        FlagCount(
            enterprise_id=key,
            open=found.open,
            severe=found.severe,
            by_check=found.by_check,
            on=on,
            counted_at=at,
        )
        for key, found in counts_of(enterprises, on).items()
    ]
    FlagCount.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["enterprise"],
        update_fields=["open", "severe", "by_check", "on", "counted_at"], batch_size=200,
    )  # fmt: skip
