"""What the operations on assessments answer: exact numbers as pairs, money in fen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from peiyu.office.api.answers import Body

OUTCOME = "unmet, unknown, expert, met, not_applicable"
Pair = list[int]
"""A fraction: numerator and denominator."""


class Points(Schema):
    """Points from least to most, as fractions over one denominator."""

    low: int
    high: int
    over: int


class Score(Points):
    """The score as an interval; `low` over `over` points at least."""

    needs_data: bool = Field(description="more facts would make the interval narrower")
    points_needed: int | None = Field(
        description="how many of the open points it takes to pass; null: none suffice"
    )


class Number(Schema):
    """An interval of exact fractions; amounts are in fen, shares are fractions of one."""

    low: Pair | None = Field(description="numerator and denominator; null: no bound is known")
    high: Pair | None
    unit: str


class Comparison(Schema):
    """One comparison: a value against its limit."""

    outcome: str = Field(description=OUTCOME)
    words: str = Field(description="what is compared")
    operator: str
    value: Number | None
    limit: Number | None
    part: Number | None = Field(description="of a share: what is divided")
    base: Number | None = Field(description="of a share: by what")
    said: str = Field(description="the comparison in words")


class Quantity(Schema):
    """A number with a name of its own in the law, as it was worked out."""

    title: str
    article: str
    year: int | None
    value: Number | None


class FactRead(Schema):
    """A fact that was read; value / scale is in the unit."""

    name: str
    term: str
    year: int | None
    value: Any
    unit: str
    scale: int
    source: str = Field(description="row of the office: room, thing, id")
    basis: str = Field(description="whose word it is; empty where it is no yearly figure")
    recorded_on: date | None


class Why(Schema):
    """Why a row does not count, or may not."""

    text: str
    article: str
    unknown: bool
    lacking: list[str] = Field(description="names of the facts that are not known")


class RowRead(Schema):
    """One row of a table: whether it counts for a measure, and why."""

    table: str
    row: str
    measure: str
    counts: bool | None = Field(description="null: not enough is known")
    why: list[Why]
    source: str


class Missing(Schema):
    """A fact that is not known and would help."""

    name: str
    table: str
    year: int | None
    row: str
    said: str
    document: str = Field(description="the document in which it stands")
    holder: str = Field(description="who has it")


class Wanted(Missing):
    """A fact that is not known, with what waits for it."""

    criteria: list[str] = Field(description="ids of criteria or grants")


class OtherReading(Schema):
    """Another reading of a switch under which it would come out otherwise."""

    switch: str
    reading: str
    outcome: str = Field(description=OUTCOME)
    said: str


class GrantReading(OtherReading):
    """Another reading with the money that it would bring."""

    amount_low: int | None
    amount_high: int | None


class Near(Schema):
    """The smallest change of a figure that would turn the outcome over, all else as it is."""

    name: str = Field(description="of the fact; empty where it is no single fact")
    title: str
    year: int | None
    change: Pair
    unit: str
    becomes: str = Field(description=OUTCOME)
    said: str


class Reasons(Schema):
    """What had a part in an outcome."""

    id: str
    title: str
    article: str
    outcome: str = Field(description=OUTCOME)
    formula: str
    tests: list[Comparison]
    quantities: list[Quantity]
    facts: list[FactRead]
    rows: list[RowRead]
    missing: list[Missing]
    switches: dict[str, str] = Field(description="readings by which it was judged")


class Criterion(Reasons):
    """A criterion with its outcome and reasons."""

    group: str = Field(description="gate, hard, judged, …: see the rulebook")
    other_readings: list[OtherReading]
    near: list[Near]


class Grant(Reasons):
    """A benefit with its outcome, its money and reasons."""

    amount_low: int | None = Field(description="fen; null: no bound is known")
    amount_high: int | None = Field(description="fen; null: no bound is known")
    said: str = Field(description="the amount in words")
    amount_formula: str
    other_readings: list[GrantReading]


class Item(Points):
    """A scored item."""

    id: str
    title: str
    article: str
    most: int


class FlagSaid(Schema):
    """Something to look at; it changes no outcome."""

    id: str
    text: str
    article: str


class OtherBasis(Schema):
    """What would come out if another basis went first, where that is something else."""

    basis: str
    hard: str = Field(description=OUTCOME)
    verdict: str = Field(description=OUTCOME)
    score: Points | None
    changed: dict[str, str] = Field(description="criteria with their outcome there")


class Judgement(Schema):
    """Of whom, by what, as of when."""

    id: int
    code: str
    name: str
    programme: str
    title: str
    version: str = Field(description="of the rules")
    on: date = Field(description="the day judged")
    known: date = Field(description="what was recorded by the end of this day")
    basis: str = Field(description="whose word counts first")
    left_out: list[str] = Field(description="bases that are closed to the key's owner: not read")
    missing: list[Wanted]
    flags: list[FlagSaid]
    caution: str = Field(description="what the outcome is not")


class Assessment(Judgement):
    """How an enterprise stands under a programme on a day, and why."""

    hard: str = Field(description=f"the conditions that data decide: {OUTCOME}")
    score: Score | None = Field(description="null where the programme does not score")
    verdict: str = Field(description=f"all together: {OUTCOME}")
    said: str = Field(description="the verdict in words")
    criteria: list[Criterion]
    items: list[Item]
    other_bases: list[OtherBasis]


class Support(Schema):
    """Support that has no amount here."""

    article: str
    gloss: str


class Benefits(Judgement):
    """What recognition would bring; each amount stands alone, no promise."""

    grants: list[Grant]
    assumptions: list[str] = Field(description="what is supposed; no amount holds without it")
    supports: list[Support]


class KeptLine(Schema):
    """How an enterprise stood at the last run."""

    enterprise: int
    code: str
    name: str
    body: Body | None = Field(description="to which it is attributed today")
    hard: str = Field(description=OUTCOME)
    verdict: str = Field(description=OUTCOME)
    score: Points | None
    points_needed: int | None = Field(description="null: no score, or none suffice")
    reachable: bool | None = Field(description="the score can still pass; null: no score")
    unmet: list[str] = Field(description="criteria that are not met")
    unknown: list[str] = Field(description="criteria of which not enough is known")
    on: date = Field(description="the day judged")
    known: date
    basis: str
    version: str = Field(description="of the rules")
    computed_at: datetime


class KeptLines(Schema):
    """One page of the list."""

    programme: str
    items: list[KeptLine]
    next: str | None = Field(description="give it as `after` for the next page; null at the end")
    total: int | None = Field(description="only with count=true")


class AssessmentRun(Schema):
    """One run of the rules over many."""

    id: int
    scope: str = Field(description="all, changed, list")
    programmes: list[str]
    on: date = Field(description="the day judged")
    known: date
    enterprises: int
    changed: int = Field(description="whose lines are others than before")
    started_at: datetime
    ended_at: datetime | None = Field(description="null: under way")
    started_by: str = Field(description="empty: by itself")


class AssessmentRuns(Schema):
    """Runs, the newest first."""

    items: list[AssessmentRun]
    next: str | None = Field(description="give it as `after` for the next page; null at the end")
