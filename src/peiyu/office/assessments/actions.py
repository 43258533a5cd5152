"""What changes here: facts that no other room keeps, estimates, what is frozen, runs over many."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction

from peiyu.office.accounts.models import User
from peiyu.office.accounts.rights import allow
from peiyu.office.assessments.assessing import assess
from peiyu.office.assessments.basis import FIRST
from peiyu.office.assessments.freezing import content_of, digest, said_of, seal_of
from peiyu.office.assessments.gathered import STATABLE
from peiyu.office.assessments.jobs import REASSESS, TITLE
from peiyu.office.assessments.models import (
    Estimate,
    Estimator,
    FrozenAssessment,
    Readiness,
    Scope,
    StatedFact,
)
from peiyu.office.assessments.permissions import (
    closed_to,
    may_estimate,
    may_freeze,
    may_reassess,
    may_state_fact,
)
from peiyu.office.assessments.readiness import least
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation import jobs
from peiyu.office.foundation.days import office_day, office_now
from peiyu.office.foundation.models import Job, Source
from peiyu.office.foundation.record import write
from peiyu.office.foundation.refusals import Refused, too_long
from peiyu.office.foundation.sealing import sealed
from peiyu.policy.facts import Period, Unit
from peiyu.policy.parameters import NotInForce
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks import RULEBOOKS
from peiyu.words import message

LONGEST = 300
LONGEST_PURPOSE = 200
MOST_LISTED = 2000
"""So many enterprises may be judged anew by a list; for more one takes all."""


def rulebook_named(name: str) -> Rulebook:
    """The programme of that name, refused where there is none."""
    book = RULEBOOKS.get(name)
    if book is None:
        raise Refused(message("没有“{name}”这个项目", name=name[:40]), field="rulebook")
    return book


# -- facts of an enterprise itself


@transaction.atomic
def state_fact(
    enterprise: Enterprise,
    *,
    name: str,
    value: int | bool | date | None,
    year: int | None = None,
    source: Source,
    actor: User,
    reason: str = "",
) -> StatedFact:
    """State a fact of an enterprise that no other room keeps; None takes it back.

    A fact that speaks of a time (an accident within the year, a list that it stands on) is stated for
    the year in which one is judged, any other for good. What was known changes with a reason only.

    Raises:
        Refused: no right, no such fact, a value that cannot be, no reason.
    """
    held = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    for_whom = allow(may_state_fact, actor, held)
    fact = STATABLE.get(name)
    if fact is None:
        raise Refused(message("没有“{name}”这一项", name=name[:40]), field="name")
    lasting = fact.period is Period.STANDING
    if lasting != (year is None):
        text = "“{term}”不分年度" if lasting else "请写明“{term}”用于哪一年的核对"
        raise Refused(message(text, term=message(fact.chinese)), field="year")
    if value is not None:
        _check_value(name, value)
    if len(reason) > LONGEST:
        raise too_long(reason, LONGEST)
    rows = StatedFact.objects.filter(enterprise=held, name=name, year=year)
    before = rows.order_by("-version").first()
    kept = value.isoformat() if isinstance(value, date) else value
    if before is not None and before.value == kept and type(before.value) is type(kept):
        return before
    if before is None and value is None:
        raise Refused(message("没有填任何数"), field="value")
    if before is not None and before.value is not None and not reason.strip():
        raise Refused(message("改动已登的数要写明理由"), field="reason")
    made = StatedFact.objects.create(
        enterprise=held, name=name, year=year, version=before.version + 1 if before else 1, value=kept,
        source=source, reason=reason.strip(), recorded_at=office_now(), recorded_on=office_day(),
        recorded_by=actor,
    )  # fmt: skip
    write(
        actor=actor,
        action="assessments.statedfact.state",
        thing=made,
        changes={"value": (before.value if before else None, kept)},
        reason=reason.strip(),
        about=held,
        for_whom=for_whom,
    )
    return made


def _check_value(name: str, value: Any) -> None:
    fact = STATABLE[name]
    term = message(fact.chinese)
    match fact.unit:
        case Unit.YES_NO:
            fits = isinstance(value, bool)
        case Unit.DAY:
            fits = isinstance(value, date)
        case _:
            fits = isinstance(value, int) and not isinstance(value, bool)
    if not fits:
        raise Refused(
            message("{term}不能是“{value}”", term=term, value=str(value)[:40]), field="value"
        )
    if isinstance(value, int) and not isinstance(value, bool):
        low, high = fact.minimum, fact.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            text = "{term}是{value}，应在{low}到{high}之间"
            raise Refused(message(text, term=term, value=value, low=low, high=high), field="value")


# -- estimates of what experts judge


@transaction.atomic
def estimate(
    enterprise: Enterprise,
    *,
    rulebook: str,
    item: str,
    who: Estimator | str,
    low: int | None,
    high: int | None = None,
    remark: str = "",
    actor: User,
) -> Estimate:
    """Say what one thinks experts will give an item: a number, or a band; None takes it back.

    It is shown apart and never changes a verdict.

    Raises:
        Refused: no right, no such item, points outside it, nothing to take back.
    """
    if str(who) not in Estimator.values:
        raise Refused(message("没有“{name}”这种评分来源", name=str(who)[:20]), field="who")
    whose = Estimator(who)
    held = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    for_whom = allow(lambda person, one: may_estimate(person, one, whose), actor, held)
    book = rulebook_named(rulebook)
    found = next((one for one in book.items if one.id == item), None)
    if found is None:
        raise Refused(message("没有“{name}”这个评分项", name=item[:40]), field="item")
    high = low if high is None else high
    if low is None and high is not None:
        raise Refused(message("请同时写明最低分"), field="low")
    if low is not None and high is not None and not 0 <= low <= high <= found.most:
        text = "{low}–{high}分不在0到{most}分之间，或前后颠倒"
        raise Refused(message(text, low=low, high=high, most=found.most), field="low")
    remark = remark.strip()
    if len(remark) > LONGEST:
        raise too_long(remark, LONGEST, "remark")
    rows = Estimate.objects.filter(enterprise=held, rulebook=rulebook, item=item, who=whose)
    before = rows.order_by("-version").first()
    if before is None and low is None:
        raise Refused(message("还没有评分，没有可撤回的"), field="low")
    if before is not None and (before.low, before.high, before.remark) == (low, high, remark):
        return before
    made = Estimate.objects.create(
        enterprise=held, rulebook=rulebook, item=item, who=whose, low=low, high=high, remark=remark,
        version=before.version + 1 if before else 1, made_on=office_day(), recorded_at=office_now(),
        recorded_by=actor,
    )  # fmt: skip
    old = (before.low, before.high) if before else (None, None)
    write(
        actor=actor,
        action="assessments.estimate.make",
        thing=made,
        changes={"item": (None, item), "low": (old[0], low), "high": (old[1], high)},
        about=held,
        for_whom=for_whom,
    )
    return made


# -- freezing


@transaction.atomic
def freeze(
    enterprise: Enterprise,
    rulebook: str,
    *,
    on: date,
    known: date | None = None,
    basis: str = "",
    purpose: str,
    actor: User,
) -> FrozenAssessment:
    """Freeze an assessment with all its facts, sealed in the record; nobody changes it any more.

    Bases that are closed to who freezes are left out, and the order that is kept says so.

    Raises:
        Refused: no right, no such programme or not in force, no such order of bases, no purpose.
    """
    held = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    for_whom = allow(may_freeze, actor, held)
    book = rulebook_named(rulebook)
    if basis and basis not in FIRST:
        raise Refused(message("没有“{name}”这种口径", name=basis[:40]), field="basis")
    if not purpose.strip():
        raise Refused(message("请写明冻结的用途"), field="purpose")
    if len(purpose.strip()) > LONGEST_PURPOSE:
        raise too_long(purpose.strip(), LONGEST_PURPOSE, "purpose")
    day = office_day()
    known = min(on, day) if known is None else known
    if known > day:
        raise Refused(message("截至{day}的记录还没有到", day=known.isoformat()), field="known")
    closed = closed_to(actor, held)
    try:
        found = assess(held.pk, book, on=on, known=known, basis=basis, without=closed)
    except NotInForce as fault:
        raise Refused(
            message("{day}这一天还没有施行，不能核对", day=on.isoformat()), field="on"
        ) from fault
    assert found is not None
    content, bases = content_of(found), {one.basis for one in found.facts.origins.values()}
    score = None if found.score is None else least(found.score)
    low, high, over = score or (None, None, 1)
    row = FrozenAssessment(
        enterprise=held, rulebook=book.name, version=book.version(), on=on, known=known,
        basis=found.seen.basis, hard=found.hard.value, verdict=found.verdict.value, score_low=low,
        score_high=high, score_over=over, purpose=purpose.strip(), content=content, said=said_of(found),
        bases=f" {' '.join(sorted(bases - {''}))} ", digest=digest(content), frozen_on=day,
        frozen_at=office_now(), frozen_by=actor,
    )  # fmt: skip
    sealed(row, seal_of).save(force_insert=True)
    write(
        actor=actor,
        action="assessments.frozenassessment.freeze",
        thing=row,
        changes={
            "rulebook": (None, row.rulebook), "on": (None, on), "purpose": (None, row.purpose),
            "digest": (None, row.digest), "seal": (None, row.seal),
        },
        about=held,
        for_whom=for_whom,
    )  # fmt: skip
    return row


# -- many at once


@transaction.atomic
def reassess(*, keys: Collection[int] | None = None, actor: User) -> Job:
    """Have everybody judged anew in a worker, or those of a list; one run at a time.

    Raises:
        Refused: no right, one is under way, a list that is empty or too long.
    """
    allow(may_reassess, actor, None)
    if jobs_under_way():
        raise _under_way()
    if keys is None:
        return _started({"scope": Scope.ALL.value}, actor)
    listed = sorted(set(keys))
    if not listed:
        raise Refused(message("没有选定任何企业"), field="keys")
    if len(listed) > MOST_LISTED:
        text = "选定了{count}家，一次最多{most}家；请改为核对全部企业"
        raise Refused(message(text, count=len(listed), most=MOST_LISTED), field="keys")
    return _started({"scope": Scope.LIST.value, "keys": listed}, actor)


def jobs_under_way() -> bool:
    """Is a run waiting or under way."""
    return jobs.under_way(REASSESS)


def start_run(scope: Scope) -> Job | None:
    """Let the system itself have them judged; None where a run is under way."""
    return jobs.start_alone(REASSESS, message(TITLE), {"scope": scope.value}, None)


def _started(arguments: dict[str, Any], actor: User) -> Job:
    made = jobs.start_alone(REASSESS, message(TITLE), arguments, actor)
    if made is None:
        raise _under_way()
    return made


def _under_way() -> Refused:
    return Refused(message("正在核对，请等这一次做完"))


# -- uniting two entries


@transaction.atomic
def carry_over(gone: Enterprise, kept: Enterprise, *, actor: User) -> None:
    """What was stated and estimated of the absorbed entry, and not of the kept one, is of the latter too.

    What was frozen stays with the entry of which it speaks. Part of uniting: the right was asked there.
    """
    why = message("由并入的“{name}”转来", name=gone.name).say()[:LONGEST]
    at, on = office_now(), office_day()
    stated = {(row.name, row.year) for row in StatedFact.objects.filter(enterprise=kept)}
    newest = {(r.name, r.year): r for r in gone.stated_facts.order_by("version")}
    for place, row in newest.items():
        if row.value is not None and place not in stated:
            made = StatedFact.objects.create(
                enterprise=kept, name=row.name, year=row.year, version=1, value=row.value, source=row.source,
                reason=why, recorded_at=at, recorded_on=on, recorded_by=actor,
            )  # fmt: skip
            _carried(
                "assessments.statedfact.carry_over",
                made,
                {"value": (None, row.value)},
                kept,
                why,
                actor,
            )
    made_already = {(r.rulebook, r.item, r.who) for r in Estimate.objects.filter(enterprise=kept)}
    last = {(r.rulebook, r.item, r.who): r for r in gone.estimates.order_by("version")}
    for whose, one in last.items():
        if one.low is not None and whose not in made_already:
            again = Estimate.objects.create(
                enterprise=kept, rulebook=one.rulebook, item=one.item, who=one.who, version=1, low=one.low,
                high=one.high, remark=one.remark, made_on=on, recorded_at=at, recorded_by=actor,
            )  # fmt: skip
            changes = {"item": (None, one.item), "low": (None, one.low), "high": (None, one.high)}
            _carried("assessments.estimate.carry_over", again, changes, kept, why, actor)
    Readiness.objects.filter(enterprise=gone).delete()


def _carried(
    action: str, thing: StatedFact | Estimate, changes: Any, kept: Enterprise, why: str, actor: User
) -> None:
    write(actor=actor, action=action, thing=thing, changes=changes, reason=why, about=kept)
