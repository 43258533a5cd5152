"""The door to this room for pages, programs and other rooms; reads only.

Assess one enterprise now: `assess_for(person, enterprise, rulebook, on=…, known=…, basis=…)` gives an
`Assessed` (see `assessing`) or None where the person may not; bases closed to the person are left out.
Estimates beside it: `estimates_of`, `estimated`. What was stated of the enterprise: `stated_facts_of`.
Why it is another than before: `since_frozen(person, frozen, on=…)` gives a `comparing.Comparison`.

Many, from the cache: `ready(person, rulebook)` is a queryset of `Readiness` to filter (`only_unmet`,
`unmet_among_others`, `waiting_for`, `out_of_reach`), `overview` counts it. It is as of `last_run()`;
other days are asked one by one.

Frozen: `frozen_for(person)`, `frozen_of(person, enterprise)`; `freezing.replay(row)` judges one again.
Warnings: `failing_holders`, `not_in_time`, `facts_due`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, Q

from peiyu.office.accounts.models import User
from peiyu.office.assessments.assessing import Assessed, Seen, assess
from peiyu.office.assessments.comparing import Comparison, Lines, compare
from peiyu.office.assessments.freezing import thaw
from peiyu.office.assessments.models import (
    Estimate,
    Estimator,
    Found,
    FrozenAssessment,
    FrozenAssessments,
    Readiness,
    Readinesses,
    Run,
    Scope,
    StatedFact,
)
from peiyu.office.assessments.permissions import closed_to, may_read_assessment
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.policies.programme import values_on
from peiyu.office.qualifications.models import Certificate
from peiyu.office.qualifications.queries import alarms, expiring_rows, in_force
from peiyu.office.reports.models import DECIDING
from peiyu.policy.explain import Granted
from peiyu.policy.renewal import Window, too_late
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks.hnte import HNTE
from peiyu.policy.tree import Outcome

# -- one enterprise


def assess_for(
    person: User,
    enterprise: Enterprise,
    rulebook: Rulebook,
    *,
    on: date,
    known: date | None = None,
    basis: str = "",
    lang: str = "zh",
) -> Assessed | None:
    """How an enterprise stands under a programme, as this person may see it; None if they may not.

    Raises:
        NotInForce: the rules were not in force on that day.
    """
    if not may_read_assessment(person, enterprise):
        return None
    closed = closed_to(person, enterprise)
    return assess(
        enterprise.pk, rulebook, on=on, known=known, basis=basis, without=closed, lang=lang
    )


def estimates_of(
    enterprise: Enterprise, rulebook: str, known: date | None = None
) -> dict[str, dict[Estimator, Estimate]]:
    """What the enterprise and its coach think of each item, as known on a day; one query."""
    rows = Estimate.objects.filter(enterprise=enterprise, rulebook=rulebook)
    if known is not None:
        rows = rows.filter(made_on__lte=known)
    newest: dict[tuple[str, str], Estimate] = {}
    for row in rows.select_related("recorded_by").order_by("version"):
        newest[row.item, row.who] = row
    found: dict[str, dict[Estimator, Estimate]] = {}
    for (item, who), row in newest.items():
        if row.low is not None:
            found.setdefault(item, {})[Estimator(who)] = row
    return found


def estimated(
    found: Assessed, estimates: Mapping[str, Mapping[Estimator, Estimate]], who: Estimator
) -> tuple[Fraction, Fraction] | None:
    """The points if experts gave what one of the two thinks; facts keep what they already fix.

    Shown apart, it decides nothing. None where nothing is scored or nothing was estimated.
    """
    items = found.items
    own = {item: row for item, said in estimates.items() if (row := said.get(who)) is not None}
    if not items or not own:
        return None
    low = high = Fraction(0)
    for one in items:
        least, most = Fraction(one.low, one.over), Fraction(one.high, one.over)
        row = own.get(one.item.id)
        if row is not None and row.low is not None and row.high is not None:
            least, most = (min(max(Fraction(end), least), most) for end in (row.low, row.high))
        low, high = low + least, high + most
    return low, high


def stated_facts_of(
    person: User, enterprise: Enterprise, known: date | None = None
) -> list[StatedFact]:
    """What was stated of an enterprise itself, the newest version of each; one query beside the right."""
    rows = StatedFact.objects.visible_to(person).filter(enterprise=enterprise)
    if known is not None:
        rows = rows.known_on(known)
    newest: dict[tuple[str, int | None], StatedFact] = {}
    for row in rows.select_related("source", "recorded_by").order_by("version"):
        newest[row.name, row.year] = row
    return [row for row in newest.values() if row.value is not None]


# -- why it is another than before


def since_frozen(
    person: User, frozen: FrozenAssessment, *, on: date, known: date | None = None
) -> Comparison | None:
    """What has come out otherwise since an assessment was frozen, and why.

    Raises:
        NotInForce: there are no rules for one of the two days.
        Refused: a reading that is set is none of the rulebook any more.
    """
    if not frozen_for(person).filter(pk=frozen.pk).exists():
        return None
    held = thaw(frozen.content)
    without = frozenset(DECIDING) - frozenset(held.order)
    now = assess(
        frozen.enterprise_id, held.rulebook, on=on, known=known,
        without=without | closed_to(person, frozen.enterprise),
    )  # fmt: skip
    if now is None:
        return None
    then = Seen(
        held.rulebook, held.on, held.known, held.basis, held.order, held.known_readings, held.case
    )
    same_rules = held.version == held.rulebook.version()
    return compare(frozen.enterprise_id, then, now.seen, None if same_rules else _found(held.found))


def _found(said: Mapping[str, Any]) -> Lines:
    outcomes = {"hard": Outcome(said["hard"]), "verdict": Outcome(said["verdict"])}
    outcomes |= {name: Outcome(one["outcome"]) for name, one in said["criteria"].items()}
    grants = _grants(said)
    if said["score"] is None:
        return Lines(outcomes, None, grants)
    low, high, over, _ = said["score"]
    return Lines(outcomes, (Fraction(low, over), Fraction(high, over)), grants)


def _grants(said: Mapping[str, Any]) -> dict[str, Granted]:
    return {
        name: Granted(Outcome(outcome), low, high)
        for name, (outcome, low, high) in said.get("grants", {}).items()
    }


def frozen_grants(row: FrozenAssessment) -> dict[str, Granted]:
    """What each grant came to when it was frozen; none where the programme pays nothing."""
    return _grants(thaw(row.content).found)


# -- many, from the cache


def ready(person: User, rulebook: str) -> Readinesses:
    """The lines of everybody whom the person may read, under a programme."""
    return Readiness.objects.visible_to(person).of(rulebook)


@dataclass(frozen=True, slots=True)
class Overview:
    """How many stand where under a programme."""

    hard: Mapping[Found, int]
    verdict: Mapping[Found, int]
    out_of_reach: int
    total: int


def overview(rows: Readinesses) -> Overview:
    """How many stand where; one query."""
    found = rows.order_by().values_list("hard", "verdict", "reachable").annotate(Count("pk"))
    hard: dict[Found, int] = dict.fromkeys(Found, 0)
    verdict: dict[Found, int] = dict.fromkeys(Found, 0)
    out = total = 0
    for one, two, reachable, number in found:
        hard[Found(one)] += number
        verdict[Found(two)] += number
        out += number if reachable is False else 0
        total += number
    return Overview(hard, verdict, out, total)


def criteria_unmet(rows: Readinesses) -> dict[str, tuple[int, int]]:
    """Each criterion with how many do not meet it, and of how many not enough is known; one query."""
    found: dict[str, list[int]] = {}
    for unmet, unknown, number in (
        rows.order_by().values_list("unmet", "unknown").annotate(Count("pk"))
    ):
        for at, names in enumerate((unmet, unknown)):
            for name in names.split():
                found.setdefault(name, [0, 0])[at] += number
    return {name: (one, two) for name, (one, two) in found.items()}


def last_run() -> Run | None:
    """The last run that was finished over all or over what changed."""
    return Run.objects.exclude(ended_at=None).exclude(scope=Scope.LIST).order_by("-pk").first()


def runs() -> list[Run]:
    """The history of runs, the newest first."""
    return list(Run.objects.select_related("started_by", "job")[:200])


# -- what was frozen


def frozen_for(person: User) -> FrozenAssessments:
    """What was frozen, as far as the person may read it."""
    return FrozenAssessment.objects.visible_to(person)


def frozen_of(person: User, enterprise: Enterprise, rulebook: str = "") -> FrozenAssessments:
    """What was frozen of one enterprise, the newest first; the texts are not loaded."""
    rows = frozen_for(person).filter(enterprise=enterprise).select_related("frozen_by")
    rows = rows.filter(rulebook=rulebook) if rulebook else rows
    found: FrozenAssessments = rows.defer("content", "said")
    return found


# -- early warnings


@dataclass(frozen=True, slots=True)
class Warned:
    """A certificate in force whose holder is not sure to keep it.

    `criteria`: what is not met, what cannot be mended in time, or of what not enough is known.
    """

    certificate: Certificate
    readiness: Readiness
    apply_by: date
    criteria: tuple[str, ...]


def window_on(on: date) -> Window:
    """Until when a renewal is applied for, and how long a right takes, by the settings of a day."""
    values = values_on(on)
    return Window(int(values["renewal_last_month"]), int(values["right_months"]))


def failing_holders(person: User, on: date) -> list[Warned]:
    """Holders who would not meet the hard conditions if they applied today, the first to end first."""
    return list(
        _warned(person, on, in_force(on), Q(hard=Found.UNMET), lambda row: row.unmet_criteria)
    )


def not_in_time(person: User, on: date) -> list[Warned]:
    """Certificates that end within the first alarm and lack what can no longer be mended in time."""
    window = window_on(on)
    rows = expiring_rows(on, max(alarms(values_on(on))))
    every = _warned(person, on, rows, ~Q(unmet=""), lambda row: row.unmet_criteria)
    found = []
    for one in every:
        late = too_late(HNTE, one.criteria, on, one.apply_by, window)
        if late:
            found.append(Warned(one.certificate, one.readiness, one.apply_by, late))
    return found


def facts_due(person: User, on: date) -> list[Warned]:
    """Certificates that end within the first alarm, of whose holders not enough is known to judge."""
    rows = expiring_rows(on, max(alarms(values_on(on))))
    return list(_warned(person, on, rows, ~Q(unknown=""), lambda row: row.unknown_criteria))


def _warned(person: User, on: date, rows: Any, which: Q, criteria: Any) -> Iterator[Warned]:
    window = window_on(on)
    held = ready(person, HNTE.name).filter(which, enterprise__certificates__in=rows)
    named: Any = held.annotate(certificate=F("enterprise__certificates"))
    lines = {row.certificate: row for row in named}
    found = Certificate.objects.select_related("enterprise__body").in_bulk(lines)
    for one in sorted(found.values(), key=lambda one: (one.last_on, one.pk)):
        row = lines[one.pk]
        yield Warned(one, row, window.apply_by(one.last_on), criteria(row))
