"""What becomes of figures when two entries of one enterprise are united."""

from __future__ import annotations

from django.db import transaction

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.days import office_day, office_now
from peiyu.office.foundation.record import Said, write_all
from peiyu.office.reports.actions.statements import as_stated
from peiyu.office.reports.models import COUNTED, ListedName, StaffMonth, Statement
from peiyu.words import message


@transaction.atomic
def carry_over(gone: Enterprise, kept: Enterprise, *, actor: User) -> None:
    """Years and months that only the absorbed entry states, the kept one states from now on.

    With their sources, as a version of its own. Where both state something the kept one's stands;
    the other can still be read on the absorbed entry. Reports, requests and entries of published
    lists move over. Part of uniting: whether one may was asked there.
    """
    why = message("由并入的“{name}”转来", name=gone.name).say()
    theirs, ours = _standing(gone), _standing(kept)
    as_stated(
        [row for place, row in theirs.items() if place not in ours],
        of=kept, reason=why, actor=actor,
        versions={place: row.version for place, row in _newest(kept).items()},
    )  # fmt: skip
    _months(gone, kept, actor)
    years = set(kept.reports.values_list("year", flat=True))
    gone.reports.exclude(year__in=years).update(enterprise=kept)
    gone.fact_requests.filter(withdrawn_on=None, answered_on=None).update(enterprise=kept)
    ListedName.objects.filter(enterprise=gone).update(enterprise=kept)


def _newest(one: Enterprise) -> dict[tuple[int, str], Statement]:
    return {(row.year, row.basis): row for row in one.statements.order_by("version")}


def _standing(one: Enterprise) -> dict[tuple[int, str], Statement]:
    return {place: row for place, row in _newest(one).items() if not row.withdrawn}


def _months(gone: Enterprise, kept: Enterprise, actor: User) -> None:
    ours = {(row.year, row.month): row for row in kept.staff_months.order_by("version")}
    theirs = {(row.year, row.month): row for row in gone.staff_months.order_by("version")}
    made = []
    for place, row in theirs.items():
        before = ours.get(place)
        if row.withdrawn or (before is not None and not before.withdrawn):
            continue
        said = {name: getattr(row, name) for name in COUNTED}
        made.append(
            StaffMonth(
                enterprise=kept, year=row.year, month=row.month, source=row.source,
                version=before.version + 1 if before else 1, recorded_at=office_now(),
                recorded_on=office_day(), recorded_by=actor, **said,
            )
        )  # fmt: skip
    StaffMonth.objects.bulk_create(made, batch_size=200)
    lines = (
        Said(one, {"version": (one.version - 1 or None, one.version)}, about=kept) for one in made
    )
    write_all(lines, actor=actor, action="reports.staffmonth.carry_over")
