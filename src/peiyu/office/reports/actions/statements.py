"""Stating figures: each time a new version; what stood before stays as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from peiyu.office.accounts.models import User
from peiyu.office.accounts.rights import allow
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.days import office_day, office_now
from peiyu.office.foundation.models import ImportBatch, Source
from peiyu.office.foundation.record import Said, write_all
from peiyu.office.foundation.refusals import Conflict, Difference, Refused, SeveralRefused, too_long
from peiyu.office.foundation.sealing import hash_of, sealed
from peiyu.office.notices.actions import tell
from peiyu.office.reports.models import (
    FIGURES,
    FIRST_YEAR,
    LAST_YEAR,
    Basis,
    FactRequest,
    ReportState,
    Statement,
    YearReport,
    figure_of,
    is_exact,
    stored,
)
from peiyu.office.reports.permissions import (
    may_state,
    may_verify_items,
    own_items,
    people_of,
    speaks_for,
)
from peiyu.office.reports.queries import handed_in, open_requests
from peiyu.words import Message, message

AT_ONCE = 200
LONGEST_REASON = 300
Stated = Mapping[str, Decimal | None]
Place = tuple[int, int, str]
"""Enterprise, year and basis of a row."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Figures to be stated of one enterprise's year; those not named stay as they are."""

    enterprise: Enterprise
    year: int
    basis: Basis
    figures: Stated
    reason: str = ""


@transaction.atomic
def state(
    enterprise: Enterprise,
    *,
    year: int,
    basis: Basis,
    figures: Stated,
    source: Source,
    actor: User,
    reason: str = "",
    seen: int | None = None,
) -> Statement:
    """State figures of a year; gives the version that now stands.

    What an enterprise itself handed in nobody declares otherwise in its stead; where it is just
    filling in, it is told. Only the figures named change. `seen` is the version that was before the one who states (0:
    none); if another stated the same figures differently meanwhile, Conflict says which. Changing
    what was known needs a reason.

    Raises:
        Refused: no right, a figure out of its bounds, no reason.
        Conflict: somebody else stated these figures since `seen`.
    """
    held = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    allow(lambda person, _: may_state(person, held, basis), actor, held)
    in_its_stead = basis == Basis.DECLARED and not speaks_for(actor, held)
    if in_its_stead and handed_in([(held.pk, year)]):
        raise Refused(not_in_its_stead(year, actor), field="basis")
    check_figures(year, figures)
    before = newest([(enterprise.pk, year, basis)]).get((enterprise.pk, year, basis))
    if seen is not None:
        _no_conflict(enterprise, year, basis, seen, before, figures)
    need_reason(before, figures, reason)
    wanted = Wanted(held, year, basis, figures, reason.strip())
    made = state_all([wanted], source=source, actor=actor)
    found = made[0] or before
    if found is None:
        raise Refused(message("没有填任何数"))
    if in_its_stead and made[0] is not None:
        tell_who_fills_in([(held.pk, year)], actor=actor)
    return found


def not_in_its_stead(year: int, actor: User) -> Message:
    """Why an official does not declare what the enterprise itself handed in, and what to do."""
    own = Basis.CHECKED if actor.access.places else Basis.VERIFIED
    return message(
        "企业已自己提交{year}年度的数，不能替它改写；您掌握的数请按“{basis}”填写",
        year=year, basis=message(own.label),
    )  # fmt: skip


def tell_who_fills_in(places: Iterable[tuple[int, int]], *, actor: User) -> None:
    """Tell enterprises that are filling in a year that somebody declared figures of it meanwhile."""
    wanted = set(places)
    drafts = YearReport.objects.filter(
        enterprise__in={key for key, _ in wanted},
        year__in={year for _, year in wanted},
        state__in=(ReportState.DRAFT, ReportState.RETURNED),
    )
    begun = [one for one in drafts if (one.enterprise_id, one.year) in wanted]
    people = people_of(one.enterprise_id for one in begun)
    for one in begun:
        title = message("{who}代填了{year}年度的企业申报数，请核对", who=actor.name, year=one.year)
        link = f"/portal/enterprises/{one.enterprise_id}/years/{one.year}/"
        tell(people.get(one.enterprise_id, ()), title=title, link=link, at=office_now())


@transaction.atomic
def verify_items(
    enterprise: Enterprise,
    *,
    year: int,
    figures: Stated,
    source: Source,
    actor: User,
    reason: str = "",
    seen: int | None = None,
) -> Statement:
    """Verify figures that are one's own to verify: the bureau all, tax and statistics theirs."""
    held = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    allow(may_verify_items, actor, held)
    if strange := sorted(figures.keys() - own_items(actor)):
        fact = FIGURES.get(strange[0])
        said = fact.chinese if fact else strange[0]
        raise Refused(message("“{figure}”不由您的部门核定", figure=said), field=strange[0])
    check_figures(year, figures)
    place = (enterprise.pk, year, Basis.VERIFIED)
    before = newest([place]).get(place)
    if seen is not None:
        _no_conflict(enterprise, year, Basis.VERIFIED, seen, before, figures)
    need_reason(before, figures, reason)
    wanted = Wanted(held, year, Basis.VERIFIED, figures, reason.strip())
    found = state_all([wanted], source=source, actor=actor)[0] or before
    if found is None:
        raise Refused(message("没有填任何数"))
    return found


def state_all(
    wanted: Sequence[Wanted],
    *,
    source: Source,
    actor: User | None,
    batch: ImportBatch | None = None,
    known: Mapping[Place, Statement] | None = None,
) -> list[Statement | None]:
    """State many, each enterprise's year and basis once; None where nothing would change.

    For one who has asked whether it is allowed and has locked the enterprises: two who state the
    same at once would else meet at the version's number. `known` has what stands, if it was read.
    """
    if known is None:
        known = newest([(one.enterprise.pk, one.year, one.basis) for one in wanted])
    at, on = office_now(), office_day()
    made = [
        _following(
            one, known.get((one.enterprise.pk, one.year, one.basis)), source, actor, at, on, batch
        )
        for one in wanted
    ]
    return _written(made, actor, "reports.statement.state", known)


def take_back(
    made: Sequence[Statement], *, source: Source, actor: User | None, batch: ImportBatch
) -> list[Statement | None]:
    """Restore what stood before these statements, by a new version of each.

    What follows them must say the same as they do: somebody corrected it and set it back.
    """
    places = [(one.enterprise_id, one.year, one.basis) for one in made]
    earlier = {
        (row.enterprise_id, row.year, row.basis, row.version): row
        for row in Statement.objects.filter(
            enterprise__in={one.enterprise_id for one in made},
            year__in={one.year for one in made},
            basis__in={one.basis for one in made},
        ).select_related("enterprise")
    }
    last: dict[Place, int] = {}
    for key, year, basis, version in earlier:
        last[key, year, basis] = max(last.get((key, year, basis), 0), version)
    at, on = office_now(), office_day()
    rows: list[Statement | None] = []
    for one, place in zip(made, places, strict=True):
        old = earlier.get((*place, one.version - 1))
        row = Statement(
            enterprise=one.enterprise, year=one.year, basis=one.basis, version=last[place] + 1,
            withdrawn=old is None or old.withdrawn, source=old.source if old else source,
            exceptions=dict(old.exceptions) if old else {}, reason=message("撤销导入").say(),
            recorded_at=at, recorded_on=on, recorded_by=actor, batch=batch,
        )  # fmt: skip
        for name in FIGURES:
            setattr(row, name, getattr(old, name) if old else None)
        rows.append(sealed(row, seal_of))
    return _written(rows, actor, "reports.statement.take_back", {})


def as_stated(
    rows: Iterable[Statement],
    *,
    of: Enterprise,
    reason: str,
    actor: User,
    versions: Mapping[tuple[int, str], int],
) -> list[Statement | None]:
    """State of an enterprise what these rows say of another entry of it, from the same sources.

    `versions` has the newest version of a year and basis there.
    """
    at, on = office_now(), office_day()
    made = []
    for one in rows:
        row = Statement(
            enterprise=of, year=one.year, basis=one.basis, source=one.source, reason=reason,
            version=versions.get((one.year, one.basis), 0) + 1, exceptions=dict(one.exceptions),
            recorded_at=at, recorded_on=on, recorded_by=actor,
        )  # fmt: skip
        for name, value in one.stated().items():
            setattr(row, name, value)
        made.append(sealed(row, seal_of))
    return _written(made, actor, "reports.statement.carry_over", {})


def newest(places: Iterable[Place], on: date | None = None) -> dict[Place, Statement]:
    """The newest version at each place, of what was recorded by a day; one query."""
    wanted = set(places)
    rows = Statement.objects.filter(
        enterprise__in={key for key, _, _ in wanted},
        year__in={year for _, year, _ in wanted},
        basis__in={basis for _, _, basis in wanted},
    )
    if on is not None:
        rows = rows.filter(recorded_on__lte=on)
    found: dict[Place, Statement] = {}
    for row in rows.select_related("enterprise").order_by("version").iterator(2000):
        if (place := (row.enterprise_id, row.year, row.basis)) in wanted:
            found[place] = row
    return found


def differing(
    before: Statement | None, figures: Stated
) -> dict[str, tuple[Decimal | None, Decimal | None]]:
    """The figures that would change, old and new."""
    found = {}
    for name, value in figures.items():
        old = None if before is None or before.withdrawn else before.figure(name)
        if old != value:
            found[name] = (old, value)
    return found


def overturned(before: Statement | None, figures: Stated) -> list[str]:
    """The figures that were known and would become others, or unknown."""
    return [name for name, (old, _) in differing(before, figures).items() if old is not None]


def check_figures(year: int, figures: Stated) -> None:
    """Refuse years and figures that cannot be, all at once."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        text = "年度 {year} 不在 {first}–{last} 之间"
        raise Refused(message(text, year=year, first=FIRST_YEAR, last=LAST_YEAR), field="year")
    if year > office_day().year:
        raise Refused(message("{year}年度还没有到，没有数可填", year=year), field="year")
    problems = []
    for name, value in figures.items():
        fact = FIGURES.get(name)
        if fact is None:
            problems.append(Refused(message("没有“{name}”这一项", name=name[:60]), field=name[:60]))
            continue
        if value is None:
            continue
        if not is_exact(value):
            said = message("{term}要写成最多两位小数的数", term=message(fact.chinese))
            problems.append(Refused(said, field=name))
            continue
        whole = int(value * 100)
        if fact.minimum is not None and whole < fact.minimum:
            least = figure_of(fact.minimum)
            said = message("{term}不能小于 {least}", term=message(fact.chinese), least=least)
            problems.append(Refused(said, field=name))
        elif fact.maximum is not None and whole > fact.maximum:
            most = figure_of(fact.maximum)
            said = message("{term}不能大于 {most}", term=message(fact.chinese), most=most)
            problems.append(Refused(said, field=name))
    if problems:
        raise SeveralRefused(tuple(problems))


def says_the_same(one: Statement, other: Statement) -> bool:
    """Do two versions state the same figures."""
    return one.withdrawn == other.withdrawn and one.stated() == other.stated()


def need_reason(before: Statement | None, figures: Stated, reason: str) -> None:
    """Refuse to overturn what was known without a word; and more words than are kept."""
    if len(reason) > LONGEST_REASON:
        raise too_long(reason, LONGEST_REASON)
    if overturned(before, figures) and not reason.strip():
        raise Refused(message("更正已有的数要写明理由"), field="reason")


def seal_of(row: Statement) -> str:
    """The hash of all that a statement says."""
    said = {
        "enterprise": row.enterprise_id,
        "year": row.year,
        "basis": str(row.basis),
        "version": row.version,
        "withdrawn": row.withdrawn,
        "source": row.source_id,
        "exceptions": row.exceptions,
        "reason": row.reason,
        "salt": row.salt,
        "figures": {name: stored(value) for name, value in row.stated().items()},
    }
    return hash_of(said)


def _following(
    one: Wanted,
    before: Statement | None,
    source: Source,
    actor: User | None,
    at: datetime,
    on: date,
    batch: ImportBatch | None,
) -> Statement | None:
    """The next version, unless it would say the same."""
    changes = differing(before, one.figures)
    if not changes:
        return None
    row = Statement(
        enterprise=one.enterprise, year=one.year, basis=one.basis,
        version=before.version + 1 if before else 1, source=source, reason=one.reason,
        recorded_at=at, recorded_on=on, recorded_by=actor, batch=batch,
    )  # fmt: skip
    standing = before if before and not before.withdrawn else None
    for name, value in (standing.stated() if standing else {}).items():
        setattr(row, name, value)
    for name, (_, new) in changes.items():
        setattr(row, name, new)
    if standing is not None:
        row.exceptions = {
            name: standing.exceptions.get(name, standing.source_id)
            for name in standing.stated()
            if name not in changes
            and standing.exceptions.get(name, standing.source_id) != source.pk
        }
    return sealed(row, seal_of)


def _written(
    rows: Sequence[Statement | None],
    actor: User | None,
    action: str,
    known: Mapping[Place, Statement],
) -> list[Statement | None]:
    made = [row for row in rows if row is not None]
    Statement.objects.bulk_create(made, batch_size=AT_ONCE)
    write_all(_lines(made, known), actor=actor, action=action)
    _settle_requests(made)
    return list(rows)


def _settle_requests(made: Iterable[Statement]) -> None:
    """Say of what was asked whether it is answered now; one query where nothing was asked."""
    places = {(row.enterprise_id, row.year) for row in made}
    asked = FactRequest.objects.filter(
        enterprise__in={key for key, _ in places}, year__in={year for _, year in places}
    )
    asked = asked.filter(withdrawn_on=None)
    rows = [one for one in asked if (one.enterprise_id, one.year) in places]
    still = {one.pk for one in open_requests(rows, office_day())}
    for one in rows:
        if (one.pk in still) == (one.answered_on is not None):
            one.answered_on = None if one.pk in still else office_day()
            one.save(update_fields=["answered_on"])


def _lines(made: Iterable[Statement], known: Mapping[Place, Statement]) -> Iterator[Said]:
    """What the record says: which version, and its seal; figures and reason stand in the version."""
    for row in made:
        before = known.get((row.enterprise_id, row.year, row.basis))
        changes: dict[str, tuple[object, object]] = {
            "version": (before.version if before else None, row.version),
            "seal": (before.seal if before else None, row.seal),
        }
        if row.withdrawn:
            changes["withdrawn"] = (False, True)
        yield Said(row, changes, about=row.enterprise)


def _no_conflict(
    enterprise: Enterprise,
    year: int,
    basis: Basis,
    seen: int,
    before: Statement | None,
    figures: Stated,
) -> None:
    """Refuse what another stated differently since the version that was seen."""
    if before is None or before.version <= seen:
        return
    old = Statement.objects.filter(
        enterprise=enterprise, year=year, basis=basis, version=seen
    ).first()
    differences = []
    for name, value in figures.items():
        was = old.figure(name) if old else None
        stands = before.figure(name)
        if stands not in (was, value):
            differences.append(Difference(name, value, stands))
    if differences:
        raise Conflict(
            message("您填写期间，别人也改了这些数。两边的值都列在下面，请核对后再存"),
            tuple(differences),
        )
