"""Freezing: facts, readings and outcomes as bytes that the same rules give again, and words beside them.

The bytes are canonical JSON: keys in order, no blanks, points and shares as whole numbers. They hold
no words, so that a sentence put better tomorrow does not make yesterday's finding another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from peiyu import __version__
from peiyu.batch import machine
from peiyu.office.assessments.assessing import Assessed
from peiyu.office.assessments.facts import Facts, Origin, as_plain
from peiyu.office.assessments.models import FrozenAssessment
from peiyu.office.foundation.record import canonical
from peiyu.office.foundation.sealing import hash_of
from peiyu.office.reports.models import Basis
from peiyu.policy import facts
from peiyu.policy.case import Case, Row, Scalar, State
from peiyu.policy.explain import Assessment, Program, program
from peiyu.policy.facts import Fact, Unit
from peiyu.policy.intervals import interval
from peiyu.policy.parameters import NotInForce
from peiyu.policy.reasons import Reasons
from peiyu.policy.rulebook import Rulebook, UnknownReading
from peiyu.policy.rulebooks import RULEBOOKS

FORMAT = 1


def content_of(found: Assessed) -> str:
    """The bytes of an assessment, as text."""
    seen = found.seen
    method = {
        "format": FORMAT,
        "rulebook": seen.rulebook.name,
        "version": seen.rulebook.version(),
        "on": seen.on.isoformat(),
        "known": seen.known.isoformat(),
        "basis": seen.basis,
        "order": [basis.value for basis in seen.order],
        "readings": seen.rulebook.readings(seen.readings),
    }
    origins = {
        name: _origin(one) for name, one in sorted(found.facts.origins.items())
    }  # fmt: skip
    case = as_plain(seen.case)
    return canonical(
        {"method": method, "case": case, "origins": origins, "found": outcome_of(found.assessment)}
    )


def _origin(one: Origin) -> list[Any]:
    day = one.recorded_on.isoformat() if one.recorded_on else None
    return [one.label, one.key, one.version, one.source, day, one.basis]


def outcome_of(assessment: Assessment) -> dict[str, Any]:
    """What the rules found, in numbers: lines, criteria with both sides of each comparison, items."""
    reasons = Reasons(assessment)
    score = assessment.score
    items = {}
    for item in assessment.program.rulebook.items:
        low, high, over, _ = interval(assessment.value(item.points))
        items[item.id] = [low, high, over]
    found: dict[str, Any] = {
        "hard": assessment.hard.value,
        "verdict": assessment.verdict.value,
        "score": None if score is None else [score.low, score.high, score.scale, score.data_missing],
        "items": items,
        "criteria": {
            criterion.id: {
                "outcome": assessment.outcome(criterion.id).value,
                "tests": [
                    [
                        machine.pair(end)
                        for side in (test.value, test.limit, test.part, test.base)
                        for end in ((None, None) if side is None else (side.low, side.high))
                    ]
                    for test in reasons.of(criterion).tests
                ],
            }
            for criterion in assessment.program.rulebook.criteria
        },
    }  # fmt: skip
    if assessment.grants:
        found["grants"] = {
            name: [one.outcome.value, *one.money] for name, one in assessment.grants.items()
        }
    return found


def said_of(found: Assessed) -> str:
    """The explanation in words, in Chinese, as they are today."""
    item = found.whole
    near = {name: found.near(name) for name in found.outcomes}
    words = [
        machine.explanation(item, one, "zh", near[one.criterion.id]) for one in item.explanations
    ]
    for one in words:  # of R&D rows there are hundreds, most of another year: only those that count
        one["rows"] = [row for row in one["rows"] if row["table"] != "rd" or row["counts"]]
    points = machine.points(item)
    said = {"software": __version__, "criteria": words, "score": points}
    if item.grants:
        said["grants"] = [machine.grant(item, one, "zh") for one in item.grants]
    return canonical(said)


def digest(text: str) -> str:
    """The SHA-256 of a text's bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def seal_of(row: FrozenAssessment) -> str:
    """The hash of all that was frozen; it stands in the record."""
    said = {
        "enterprise": row.enterprise_id, "rulebook": row.rulebook, "version": row.version,
        "on": row.on.isoformat(), "known": row.known.isoformat(), "basis": row.basis,
        "lines": [row.hard, row.verdict, row.score_low, row.score_high, row.score_over],
        "bases": row.bases, "purpose": row.purpose, "content": digest(row.content),
        "said": digest(row.said), "digest": row.digest, "frozen_on": row.frozen_on.isoformat(),
        "salt": row.salt,
    }  # fmt: skip
    return hash_of(said)


# -- back again


@dataclass(frozen=True)
class Thawed:
    """A frozen assessment as it can be judged again."""

    rulebook: Rulebook
    version: str
    """Of the rules by which it was frozen."""
    on: date
    known: date
    basis: str
    order: tuple[Basis, ...]
    readings: Mapping[str, str]
    case: Case
    origins: Mapping[str, Origin]
    found: Mapping[str, Any]

    @property
    def facts(self) -> Facts:
        """Its facts with where they came from."""
        return Facts(self.case, self.on, self.known, self.order, dict(self.origins))

    @property
    def program(self) -> Program:
        """The rules of today, laid out for its day and readings.

        Raises:
            NotInForce: today's figures of the law do not reach back to its day.
            UnknownReading: today's rules have one of its readings no more.
        """
        return program(self.rulebook, self.on, self.readings)

    @property
    def known_readings(self) -> dict[str, str]:
        """Its readings, as far as the rules of today have them."""
        has = {switch.name: dict(switch.readings) for switch in self.rulebook.switches}
        return {name: value for name, value in self.readings.items() if value in has.get(name, ())}


def thaw(content: str) -> Thawed:
    """What the bytes say."""
    held = json.loads(content)
    method = held["method"]
    order = tuple(Basis(name) for name in method["order"])
    return Thawed(
        RULEBOOKS[method["rulebook"]],
        method["version"],
        date.fromisoformat(method["on"]),
        date.fromisoformat(method["known"]),
        method["basis"],
        order,
        method["readings"],
        case_from(held["case"]),
        {name: _thawed_origin(one) for name, one in held["origins"].items()},
        held["found"],
    )


def _thawed_origin(said: list[Any]) -> Origin:
    label, key, version, source, day, basis = said
    return Origin(label, key, version, source, date.fromisoformat(day) if day else None, basis)


def case_from(held: Mapping[str, Any]) -> Case:
    """A case as the rules read it, from plain values: the dictionary says what is a day."""
    case = Case(held["key"], str(held["facts"].get("name", "")))
    for name, value in held["facts"].items():
        case.facts[name] = _scalar(value, facts.fact(name.partition(".")[0]))
    case.states = {name: State(value) for name, value in held["states"].items()}
    for table, rows in held["tables"].items():
        known = {fact.name: fact for fact in facts.BY_NAME[table]}
        made: list[Row] = [
            {name: _scalar(value, known[name]) if name in known else value for name, value in row.items()}
            for row in rows
        ]  # fmt: skip
        case.tables[table] = made
    return case


def _scalar(value: Any, fact: Fact) -> Scalar:
    if fact.unit is Unit.DAY and value is not None:
        return date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came out when a frozen assessment was judged again."""

    same_rules: bool
    """The rules are still those of its version."""
    same: bool
    """Its bytes came out again."""
    digest: str
    """Of the bytes that came out; empty where the rules of today cannot judge it."""


def replay(row: FrozenAssessment) -> Replayed:
    """Judge its facts again by the rules as they are: by the same rules the same bytes come out.

    Where the rules have another version, or know its readings or its day no more, the difference is
    theirs; `comparing.compare` tells it.
    """
    thawed = thaw(row.content)
    held = json.loads(row.content)
    version = thawed.rulebook.version()
    try:
        laid = thawed.program
    except (UnknownReading, NotInForce):  # what it asks for is in none of today's rules
        return Replayed(same_rules=False, same=False, digest="")
    held["method"]["version"] = thawed.version
    held["case"] = as_plain(thawed.case)
    held["found"] = outcome_of(Assessment(laid, thawed.case))
    again = digest(canonical(held))
    return Replayed(version == row.version, again == row.digest, again)
