"""A replay adds up: the parts are the whole, nothing changed is nothing, backwards is the reverse."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peiyu.batch.outcomes import ByCase, in_columns, lines
from peiyu.batch.replay import Count, DoesNotAddUp, Money, Replay, compare
from peiyu.batch.sides import Cause, Side, same_figures, side, walk
from peiyu.policy.case import Case
from peiyu.policy.columns import population
from peiyu.policy.parameters import Figures
from peiyu.policy.rulebook import Grant, Rulebook
from peiyu.policy.rulebooks import HNTE
from peiyu.policy.tree import AtMost, Constant, FactNode, ToFen
from tests.policy.strategies import KEYS, ON, populations

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
some = settings(max_examples=30, suppress_health_check=SLOW)
few = settings(max_examples=6, suppress_health_check=SLOW)
PLACES = ("玉泉街道", "克井镇", " ", None)

AWARD = Grant("award", "奖励", "M11(4)", HNTE.criterion("st_staff").root, Constant(30_000_000))
SUBSIDY = Grant(
    "subsidy", "补助", "M11(5)", HNTE.criterion("rd_share").root,
    ToFen(AtMost((FactNode("rd_total", 1), Constant(100_000_000)))),
)  # fmt: skip
GIVING = replace(HNTE, name="giving", grants=(AWARD, SUBSIDY))

SIDES = st.builds(
    side,
    st.sampled_from([ON, ON + timedelta(1), ON + timedelta(100), ON - timedelta(400)]),
    st.none(),
    st.sampled_from([{}, {"hnte_st_staff_share": "8%"}, {"hnte_registered_days": "400"}]),
    st.sampled_from([{}, {"short_first_year": "annualised"}, {"other_cost_cap": "internal"}]),
)
TERRITORIES = st.fixed_dictionaries({key: st.sampled_from(PLACES) for key in KEYS})


def names(cases: Sequence[Case], where: Mapping[str, str | None]) -> pl.DataFrame:
    rows = [(case.key, case.key, where[case.key]) for case in cases]
    return pl.DataFrame(rows, dict.fromkeys(("key", "name", "territory"), pl.String), orient="row")


def replayed(
    book: Rulebook, first: Side, second: Side, cases: Sequence[Case], where: Mapping[str, str | None]
) -> Replay:  # fmt: skip
    found = walk(book, first, second)
    frames = [ByCase(book, one, cases).frame() for one in found.sides]
    return compare(book, found, frames, [names(cases, where)])


def pairs(found: Replay) -> list[tuple[object, ...]]:
    """Each change with its two outcomes, amounts and causes."""
    return [
        (row["key"], row["line"], row["before"], row["after"], row["low_before"], row["high_before"],
         row["low_after"], row["high_after"], *(row[str(cause)] for cause in sorted(found.walk.causes)))
        for row in found.changes.to_dicts()
    ]  # fmt: skip


@some
@given(populations(most=4), SIDES, SIDES, TERRITORIES)
def test_the_parts_are_the_whole(
    cases: list[Case], first: Side, second: Side, where: dict[str, str | None]
) -> None:
    found = replayed(GIVING, first, second, cases, where)
    judged = [ByCase(GIVING, one, cases).frame() for one in (first, second)]
    total = found.total
    assert total.enterprises == total.before == total.after == len(cases)
    for frame, met, hard, money in (
        (judged[0], total.met_before, total.hard_before, total.money_before),
        (judged[1], total.met_after, total.hard_after, total.money_after),
    ):
        assert met == (frame["verdict"] == "met").sum()
        assert hard == (frame["hard"] == "met").sum()
        assert money.low == frame["award.low"].sum() + frame["subsidy.low"].sum()
        assert money.high == frame["award.high"].sum() + frame["subsidy.high"].sum()
        assert money.opened == frame["award.high"].null_count() + frame["subsidy.high"].null_count()
    assert [name for name, _ in found.territories][-1] is None
    for name, count in found.territories:
        here = [case for case in cases if (where[case.key] or "").strip() == (name or "")]
        alone = replayed(GIVING, first, second, here, where) if here else None
        assert count == (alone.total if alone else Count())
    assert sum(move.count for move in found.moves) == found.changes.height
    for move in found.moves:
        assert move.before != move.after or move.line in ("award", "subsidy")
        assert all(count <= move.count for count in move.by.values())
        assert sum(move.by.values()) >= move.count  # every change has a cause


@some
@given(populations(most=4), SIDES, TERRITORIES)
def test_nothing_changed_is_exactly_nothing(
    cases: list[Case], one: Side, where: dict[str, str | None]
) -> None:
    found = replayed(GIVING, one, one, cases, where)
    assert found.changes.height == 0 and found.moves == () and found.causes == {}
    for _, count in (*found.territories, ("", found.total)):
        assert count.changed == 0 and count.money == Money(0, 0, 0)
        assert (count.hard_before, count.met_before) == (count.hard_after, count.met_after)


@some
@given(populations(most=4), SIDES, SIDES, TERRITORIES)
def test_backwards_is_the_reverse(
    cases: list[Case], first: Side, second: Side, where: dict[str, str | None]
) -> None:
    there = replayed(GIVING, first, second, cases, where)
    back = replayed(GIVING, second, first, cases, where)
    turned = [
        (key, line, after, before, low_a, high_a, low_b, high_b, *rest)
        for key, line, before, after, low_b, high_b, low_a, high_a, *rest in pairs(back)
    ]
    if first.on != second.on:  # then the steps are the same, taken the other way
        assert pairs(there) == turned and there.causes == back.causes
    assert [pair[:8] for pair in pairs(there)] == [pair[:8] for pair in turned]
    assert there.total.money == Money() - back.total.money


@few
@given(populations(least=2), SIDES)
def test_columns_answer_what_cases_answer(cases: list[Case], one: Side) -> None:
    frame = in_columns(GIVING, one, population(cases)).collect()
    assert frame.select("key", *frame.columns[1:]).equals(
        ByCase(GIVING, one, cases).frame().select(frame.columns)
    )


@some
@given(populations(most=3), populations(most=3), TERRITORIES)
def test_who_was_not_known_comes_and_goes(
    earlier: list[Case], later: list[Case], where: dict[str, str | None]
) -> None:
    found = walk(GIVING, side(ON, ON - timedelta(30)), side(ON, ON))
    assert found.causes == (Cause.FACTS,)
    frames = [
        ByCase(GIVING, one, cases).frame()
        for one, cases in zip(found.sides, (earlier, later), strict=True)
    ]
    told = compare(GIVING, found, frames, [names(cases, where) for cases in (earlier, later)])
    keys = ({case.key for case in earlier}, {case.key for case in later})
    assert (told.total.before, told.total.after) == (len(keys[0]), len(keys[1]))
    assert told.total.enterprises == len(keys[0] | keys[1])
    one_sided = told.changes.filter(
        (pl.col("line") == "verdict") & (pl.col("before").is_null() | pl.col("after").is_null())
    )
    assert set(one_sided["key"]) == keys[0] ^ keys[1]
    assert (
        told.total.money_after.low == frames[1]["award.low"].sum() + frames[1]["subsidy.low"].sum()
    )


# ------------------------------------------------------------------------------------------ steps


def test_each_step_changes_one_thing_and_ends_at_the_other_side() -> None:
    first = side(ON, ON - timedelta(9))
    second = side(
        ON + timedelta(9), ON, {"hnte_st_staff_share": "8%"}, {"short_first_year": "annualised"}
    )
    found = walk(HNTE, first, second)
    assert found.causes == (Cause.FACTS, Cause.TIME, Cause.RULE, Cause.READING)
    assert (found.sides[0], found.sides[-1]) == (first, second)
    assert found.sides[2].figures == Figures(ON) and found.sides[2].on == second.on
    back = walk(HNTE, second, first)
    assert back.sides == found.sides and back.backwards and not found.backwards


def test_a_law_that_did_not_change_is_no_step() -> None:
    found = walk(HNTE, side(ON), side(ON + timedelta(1)))
    assert found.causes == (Cause.TIME,)
    assert same_figures(HNTE, side(ON), side(ON + timedelta(1)))


def test_what_does_not_add_up_is_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    found = walk(HNTE, side(ON), side(ON, None, {"hnte_st_staff_share": "100%"}))
    case = Case("k0", "k0", {"staff_average.1": 10000, "st_staff_average.1": 2000})
    frames = [ByCase(HNTE, one, [case]).frame() for one in found.sides]
    monkeypatch.setattr("peiyu.batch.replay._territories", lambda *found: ((None, Count()),))
    with pytest.raises(DoesNotAddUp):
        compare(HNTE, found, frames, [names([case], {"k0": None})])


def test_lines_come_in_the_order_of_the_rulebook() -> None:
    assert lines(GIVING)[:2] == ("hard", "verdict")
    assert lines(GIVING)[-2:] == ("award", "subsidy")
