"""What a certificate obliges to: the annual report, reporting changes; what is done, late, not known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise, EnterpriseName
from peiyu.office.policies.programme import values_on
from peiyu.office.qualifications.models import (
    FIRST_YEAR,
    AnnualReport,
    Certificate,
    CertificateEvent,
    ChangeKind,
    ChangeReport,
    EventKind,
    Holding,
)
from peiyu.office.qualifications.queries import in_force
from peiyu.policy.hnte_certificate import (
    Due,
    Filed,
    Missed,
    change_due_on,
    missed,
    report_due_on,
    reports_due,
    stands,
)

ONE_DAY = timedelta(days=1)
REMEMBERED = timedelta(days=730)
"""How long a change that was not reported is asked for."""
MUST_BE_TOLD = {EventKind.SPLIT: ChangeKind.SPLIT, EventKind.MERGED: ChangeKind.MERGED}


@dataclass(frozen=True, slots=True)
class ReportLine:
    """The report on one year: of which certificate it is owed, how it stands."""

    certificate: Certificate
    due: Due
    report: AnnualReport | None
    filed: Filed


@dataclass(frozen=True, slots=True)
class Validity:
    """One certificate with the reports that it brings, and how many of them were missed."""

    certificate: Certificate
    lines: tuple[ReportLine, ...]
    missed: Missed


def end_of(certificate: Certificate) -> date:
    """The last day on which it is valid anywhere."""
    gone = certificate.gone_from
    return min(certificate.last_on, gone - ONE_DAY) if gone else certificate.last_on


def late_counts(on: date) -> bool:
    """Whether a late report counts as missed, by the reading of the day."""
    return bool(values_on(on)["late_report"] == "missing")


def reports_of(enterprise: Enterprise, on: date) -> list[Validity]:
    """The reports of an enterprise by certificate, the newest first; three queries."""
    told = {row.year: row for row in AnnualReport.objects.standing().filter(enterprise=enterprise)}
    rows = Certificate.objects.standing().filter(enterprise=enterprise).order_by("-issued_on")
    counts = late_counts(on)
    found, passed = [], set()
    for certificate in rows:
        lines = []
        for due in reversed(reports_due(certificate.issued_on, end_of(certificate))):
            if due.year not in passed:
                passed.add(due.year)
                lines.append(_line(certificate, due, told.get(due.year), on))
        if lines:
            number = missed((one.filed for one in lines), on, late_counts=counts)
            found.append(Validity(certificate, tuple(lines), number))
    return found


def _line(certificate: Certificate, due: Due, report: AnnualReport | None, on: date) -> ReportLine:
    filed_on = report.filed_on if report else None
    return ReportLine(certificate, due, report, stands(due, report is not None, filed_on, on))


# -- many at once


def owing(year: int, on: date, person: User | None = None) -> QuerySet[Certificate]:
    """Certificates that bring the report on a year, with `told`, `filed_on`; of the city alone.

    Raises:
        NotInForce: no report was owed on that year.
    """
    due_on = report_due_on(year)
    told = AnnualReport.objects.standing().filter(enterprise=OuterRef("enterprise"), year=year)
    later = Certificate.objects.standing().filter(
        enterprise=OuterRef("enterprise"),
        issued_on__gt=OuterRef("issued_on"),
        issued_on__lte=due_on,
    )
    rows = in_force(due_on).filter(~Exists(later))
    if person is not None:
        rows = rows.visible_to(person)  # type: ignore[attr-defined]
    return rows.annotate(told=Exists(told), filed_on=Subquery(told.values("filed_on")[:1]))


def standing_so(
    rows: QuerySet[Certificate], filed: Filed, year: int, on: date
) -> QuerySet[Certificate]:
    """Of those that owe the report on a year those of which it stands so."""
    return rows.filter(_standing(filed, year, on))


def numbers_of(rows: QuerySet[Certificate], year: int, on: date) -> dict[Filed, int]:
    """How many stand how; one query."""
    wanted = {filed.value: Count("pk", filter=_standing(filed, year, on)) for filed in Filed}
    found = rows.order_by().aggregate(**wanted)
    return {filed: found[filed.value] for filed in Filed}


def filed_of(row: Certificate, year: int, on: date) -> Filed:
    """How the report of a row of `owing` stands."""
    due = Due(year, report_due_on(year))
    return stands(due, row.told, row.filed_on, on)  # type: ignore[attr-defined]


def _standing(filed: Filed, year: int, on: date) -> Q:
    due_on = report_due_on(year)
    over = Q(Value(on > due_on, output_field=BooleanField()))
    said = Q(filed_on__isnull=False, filed_on__lte=on)
    match filed:
        case Filed.IN_TIME:
            return said & Q(filed_on__lte=due_on)
        case Filed.LATE:
            return said & Q(filed_on__gt=due_on)
        case Filed.NOT_FILED:
            return ~said & over & Q(told=True)
        case Filed.UNKNOWN:
            return ~said & over & Q(told=False)
        case _:
            return ~said & ~over


def missing_twice(on: date, person: User | None = None) -> list[Validity]:
    """Certificates that count on a day with so many reports missed that they may be revoked.

    By what was told alone; three queries.
    """
    late = Q(filed_on=None)
    for year in range(FIRST_YEAR, on.year):
        late |= Q(year=year, filed_on__gt=report_due_on(year))
    wanted: dict[int, list[AnnualReport]] = {}
    for row in AnnualReport.objects.standing().filter(late).order_by("year"):
        wanted.setdefault(row.enterprise_id, []).append(row)
    several = [key for key, found in wanted.items() if len(found) > 1]
    certificates = in_force(on).filter(enterprise__in=several)
    if person is not None:
        certificates = certificates.visible_to(person)  # type: ignore[attr-defined]
    counts = late_counts(on)
    found = []
    for certificate in certificates.select_related("enterprise__body").order_by("pk"):
        told = {row.year: row for row in wanted[certificate.enterprise_id]}
        lines = [
            _line(certificate, due, told[due.year], on)
            for due in reports_due(certificate.issued_on, end_of(certificate))
            if due.year in told
        ]
        number = missed((one.filed for one in lines), on, late_counts=counts)
        if number.is_revoked:
            found.append(Validity(certificate, tuple(lines), number))
    return found


# -- changes


@dataclass(frozen=True, slots=True)
class Change:
    """A change of name or a major change while a certificate counted: until when it is to be reported."""

    enterprise: Enterprise
    kind: ChangeKind
    happened_on: date
    due_on: date
    said: str
    """What it is about: the new name, or what was said of a split or merger."""
    reported_on: date | None

    @property
    def is_late(self) -> bool:
        """Reported after its day."""
        return self.reported_on is not None and self.reported_on > self.due_on


def changes_of(enterprises: Iterable[Enterprise], since: date, on: date) -> list[Change]:
    """Changes of these that were or are to be reported, the latest first; five queries.

    Renames come from the registry, splits and mergers from what was said of the certificate. A new
    certificate for a new name shows that the change was reported.
    """
    firms = {one.pk: one for one in enterprises}
    held: dict[int, list[tuple[date, date]]] = {}
    for key, first, last in Holding.objects.filter(enterprise__in=firms, gone_on=None).values_list(
        "enterprise", "from_on", "to_on"
    ):
        held.setdefault(key, []).append((first, last))
    told = {
        (row.enterprise_id, row.kind, row.happened_on): row.reported_on
        for row in ChangeReport.objects.standing().filter(enterprise__in=firms)
    }
    events = CertificateEvent.objects.filter(
        certificate__enterprise__in=firms, certificate__withdrawn_on=None, withdrawn_on=None,
        kind__in=[EventKind.RENAMED, *MUST_BE_TOLD],
    ).select_related("certificate")  # fmt: skip
    printed: dict[int, list[date]] = {}
    happened: list[tuple[int, ChangeKind, date, str]] = []
    for event in events:
        key = event.certificate.enterprise_id
        if event.kind == EventKind.RENAMED:
            printed.setdefault(key, []).append(event.happened_on)
        else:
            kind = MUST_BE_TOLD[EventKind(event.kind)]
            happened.append((key, kind, event.happened_on, event.words))
    names = EnterpriseName.objects.filter(enterprise__in=firms, from_on__isnull=False)
    for key, name, day in names.values_list("enterprise", "name", "from_on"):
        assert day is not None
        happened.append((key, ChangeKind.RENAMED, day, name))
    found = {}
    for key, kind, day, said in happened:
        due_on = change_due_on(day)
        counts = any(first <= day <= last for first, last in held.get(key, ()))
        if due_on is None or not since <= day <= on or not counts:
            continue
        reported = told.get((key, kind, day))
        if reported is None and kind == ChangeKind.RENAMED:
            reported = min((one for one in printed.get(key, ()) if one >= day), default=None)
        found[key, kind, day] = Change(firms[key], kind, day, due_on, said, reported)
    return sorted(
        found.values(), key=lambda one: (one.happened_on, one.enterprise.pk), reverse=True
    )


def changes_to_report(on: date, person: User, most: int = 50) -> list[Change]:
    """Changes of the last two years that nobody has reported yet, the soonest due first."""
    since = on - REMEMBERED
    counts = Holding.objects.filter(enterprise=OuterRef("pk"), gone_on=None, to_on__gte=since)
    renamed = EnterpriseName.objects.filter(
        enterprise=OuterRef("pk"), from_on__gte=since, from_on__lte=on
    )
    happened = CertificateEvent.objects.filter(
        certificate__enterprise=OuterRef("pk"), kind__in=MUST_BE_TOLD, happened_on__gte=since,
        withdrawn_on=None,
    )  # fmt: skip
    firms = Enterprise.objects.visible_to(person).living().filter(
        Exists(counts), Exists(renamed) | Exists(happened)
    )  # fmt: skip
    found = [
        one for one in changes_of(firms.order_by("-pk")[:500], since, on) if one.reported_on is None
    ]
    return sorted(found, key=lambda one: one.due_on)[:most]
