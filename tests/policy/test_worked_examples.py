"""Shares and growth rates that others worked out, agreeing to the last digit."""

import ast
import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from peiyu.policy.case import Case
from peiyu.policy.explain import assess, interval
from peiyu.policy.rulebook import Criterion, Rulebook
from peiyu.policy.tree import (
    Constant,
    Difference,
    FactNode,
    Number,
    OutcomeNode,
    Quotient,
    Ratio,
    Sum,
)
from tests.policy import interpreters

ON = date(2022, 6, 30)
FILE = Path(__file__).parent / "data/ratio_worked_examples.csv"

# Figures of the dictionary that may be of either sign hold what is put into a formula.
HOLDERS = tuple(FactNode("net_assets", lag) for lag in (1, 2, 3)) + (FactNode("total_assets", 1),)
LIMIT_PART = Difference(FactNode("total_assets", 2), FactNode("total_liabilities", 2))
LIMIT_BASE = FactNode("total_assets", 3)
FEN = Constant(Fraction(1))


@dataclass(frozen=True)
class Worked:
    """One question with its figures in fen, in the order of the formula, and the answer."""

    id: str
    formula: str  # of the figures by letter: (a-b)/b
    figures: tuple[int, ...]
    answer: str

    @property
    def parts(self) -> tuple[int, int]:
        """What is divided by what, worked out apart from the rules."""
        above, _, below = self.formula.rpartition("/")
        figures = dict(zip("abcd", self.figures, strict=False))
        return evaluated(ast.parse(above, mode="eval").body, figures), evaluated(
            ast.parse(below, mode="eval").body, figures
        )


def evaluated(node: ast.expr, figures: Mapping[str, int]) -> int:
    if isinstance(node, ast.Name):
        return figures[node.id]
    assert isinstance(node, ast.BinOp)
    left, right = evaluated(node.left, figures), evaluated(node.right, figures)
    return left + right if isinstance(node.op, ast.Add) else left - right


def in_fen(text: str) -> int:
    fen = Fraction(text) * 100
    assert fen.denominator == 1, text
    return int(fen)


@cache
def worked() -> tuple[Worked, ...]:
    """The examples, each formula written with letters."""
    found = []
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            written = row["formula"].partition("=")[2].replace(" ", "")
            inputs = dict(entry.split("=") for entry in row["inputs"].split(";"))
            letters = dict(zip(inputs, "abcd", strict=False))
            for name in sorted(letters, key=len, reverse=True):
                written = written.replace(name, letters[name])
            figures = tuple(in_fen(figure) for figure in inputs.values())
            found.append(Worked(row["id"], written, figures, row["expected_answer"]))
    return tuple(found)


def node(written: ast.expr) -> Number:
    """A formula as nodes of the tree."""
    if isinstance(written, ast.Name):
        return HOLDERS["abcd".index(written.id)]
    assert isinstance(written, ast.BinOp)
    left, right = node(written.left), node(written.right)
    match written.op:
        case ast.Add():
            return Sum((left, right))
        case ast.Sub():
            return Difference(left, right)
        case ast.Div():
            return Quotient(left, right)
    raise AssertionError(ast.dump(written))


@cache
def rate(formula: str) -> Quotient:
    found = node(ast.parse(formula, mode="eval").body)
    assert isinstance(found, Quotient)
    return found


@cache
def rulebook(formula: str) -> Rulebook:
    """The formula against its own exact value, as a rate and as a share, and a fen to either side."""
    quotient, limit = rate(formula), Quotient(LIMIT_PART, LIMIT_BASE)
    part, base = quotient.left, quotient.right
    less, more = Difference(part, FEN), Sum((part, FEN))
    tests: dict[str, OutcomeNode] = {
        "rate_reaches": quotient >= limit,
        "rate_exceeds": quotient > limit,
        "rate_less_reaches": Quotient(less, base) >= limit,
        "rate_more_exceeds": Quotient(more, base) > limit,
        "share_reaches": Ratio(part, base) >= limit,
        "share_exceeds": Ratio(part, base) > limit,
        "share_less_reaches": Ratio(less, base) >= limit,
        "share_more_exceeds": Ratio(more, base) > limit,
    }
    criteria = tuple(Criterion(name, name, "M11(5)", test, "hard") for name, test in tests.items())
    return Rulebook(formula, formula, "", criteria, (), (), date(2016, 1, 1))


def case_of(example: Worked) -> Case:
    """The figures as facts, and the exact value as what may be asked of them."""
    part, base = example.parts
    sign = -1 if base < 0 else 1
    limit_part = sign * part
    facts = {
        holder.key: figure for holder, figure in zip(HOLDERS, example.figures, strict=False)
    } | {
        "total_assets.2": max(limit_part, 0),
        "total_liabilities.2": max(-limit_part, 0),
        "total_assets.3": abs(base),
    }
    return Case(example.id, facts=dict(facts))


def expected(example: Worked) -> dict[str, str]:
    """Its own value is reached and not exceeded; a fen to a side decides."""
    _, base = example.parts
    reached = {"reaches": "met", "exceeds": "unmet"}
    above = reached | {"less_reaches": "unmet", "more_exceeds": "met"}
    below = reached | {"less_reaches": "met", "more_exceeds": "unmet"}  # a fen less is more there
    rates = {f"rate_{name}": said for name, said in (above if base > 0 else below).items()}
    # a share of what is not above zero is none
    shares = {f"share_{name}": said if base > 0 else "unknown" for name, said in above.items()}
    return rates | shares


def displayed(value: Fraction, like: str) -> str:
    """As the answers are written: two decimals, half up, as a share or as a plain number."""
    hundred = 100 if like.endswith("%") else 1
    written = Decimal(value.numerator * hundred) / Decimal(value.denominator)
    cents = written.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{cents}%" if like.endswith("%") else str(cents)


def by_formula(examples: Sequence[Worked]) -> dict[str, list[Worked]]:
    found = defaultdict(list)
    for example in examples:
        found[example.formula].append(example)
    return dict(found)


FORMULAS = sorted(by_formula(worked()))


def test_all_examples_are_there() -> None:
    assert len(worked()) == len({example.id for example in worked()}) == 683


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_answers_of_others_are_ours(formula: str) -> None:
    for example in by_formula(worked())[formula]:
        found = assess(rulebook(formula), case_of(example), ON)
        low, high, scale, _ = interval(found.value(rate(formula)))
        assert low is not None and low == high
        value = Fraction(low, scale)
        assert value == Fraction(*example.parts), example
        assert displayed(value, example.answer) == example.answer, example


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_rate_reaches_its_own_exact_value_and_a_fen_decides_for_one(formula: str) -> None:
    for example in by_formula(worked())[formula]:
        answer = interpreters.explained(rulebook(formula), case_of(example), ON)
        assert answer.outcomes == expected(example), example


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_rate_reaches_its_own_exact_value_and_a_fen_decides_in_columns(formula: str) -> None:
    examples = by_formula(worked())[formula]
    answers = interpreters.in_columns(rulebook(formula), map(case_of, examples), ON)
    for example in examples:
        assert answers[example.id].outcomes == expected(example), example
