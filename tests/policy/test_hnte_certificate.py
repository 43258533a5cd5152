"""Certificates: real numbers, each bound of the term and of a report, and the days that count."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peiyu.policy import explain
from peiyu.policy.case import Case
from peiyu.policy.hnte_certificate import (
    Clash,
    Due,
    Earlier,
    Event,
    Filed,
    Issued,
    NoNumber,
    Order,
    Period,
    What,
    barred_until,
    change_due_on,
    clash,
    first_day_of_law,
    missed,
    order_of,
    parse,
    periods,
    report_due_on,
    reports_due,
    stands,
    valid_to,
)
from peiyu.policy.months import months_between, moved
from peiyu.policy.parameters import NotInForce
from peiyu.policy.rulebooks.awards import JIYUAN_AWARDS
from peiyu.policy.tech_sme_number import CHANGE_MONTHS as TS_CHANGE_MONTHS
from peiyu.policy.tree import Outcome

REAL = list(
    csv.DictReader(
        (Path(__file__).parent / "data/certificate_number_cases.csv").open(encoding="utf-8-sig")
    )
)
ISSUED = date(2016, 12, 1)
LAST = date(2019, 12, 1)
LATER = date(2018, 12, 1)
"""A day on which there were awards."""
DAYS = st.dates(date(2014, 1, 1), date(2022, 12, 31))
EVENTS = st.lists(
    st.builds(Event, st.sampled_from(What), DAYS, st.booleans(), st.sampled_from([False, False, True])),
    max_size=8,
)  # fmt: skip


# -- numbers


@pytest.mark.parametrize("case", REAL, ids=lambda case: case["number"])
def test_real_numbers_are_known_from_typing_errors_and_look_alikes(case):
    what = {"GR2026FJ1000153-24": "letters", "GR20XXXXXX": "letters"}
    if case["expected"] in ("ok", "format_ok_unverified"):
        found = parse(case["number"])
        assert found.year == int(case["year"]) and not found.warnings()
    else:
        with pytest.raises(NoNumber) as refused:
            parse(case["number"])
        assert refused.value.what == what.get(case["number"], "length")
        assert case["number"] in refused.value.text.say()


@pytest.mark.parametrize(
    ("written", "what", "said"),
    [
        ("GR20164100012", "length", "现有13位"),
        ("GR2016410001234", "length", "现有15位"),
        ("XR201641000123", "prefix", "应以GR开头"),
        ("201641000123", "prefix", "应以GR开头"),
        ("", "prefix", "应以GR开头"),
        ("GR2016410001O3", "letters", "里面有“O”"),
        ("GR２０１６４１000１2x", "letters", "里面有“X”"),
        ("GR٢٠١٦٤١٠٠٠١٢٣", "letters", "只能是12位数字"),
        ("G" * 5000, "prefix", "应以GR开头"),
    ],
)
def test_what_is_the_matter_with_a_number_is_said(written, what, said):
    with pytest.raises(NoNumber) as refused:
        parse(written)
    assert refused.value.what == what and said in refused.value.text.say()
    assert len(refused.value.text.say()) < 160


def test_blanks_width_and_case_do_not_matter():
    assert parse(" gr 2016 4100 0123　").written == parse("ＧＲ201641000123").written
    assert parse("GF201441000123").prefix == "GF"


def test_a_strange_province_or_year_is_told_and_not_refused():
    (strange,) = parse("GR201699000123").warnings(ISSUED)
    assert "“99”" in strange.say()
    (other,) = parse("GR201541000123").warnings(ISSUED)
    assert "2015" in other.say() and "2016-12-01" in other.say()


def test_nothing_but_the_province_is_read_from_a_number():
    assert parse("GR201937100906").province == "37"


# -- terms


@pytest.mark.parametrize(
    ("issued", "last"),
    [
        (date(2016, 12, 1), date(2019, 12, 1)),
        (date(2016, 2, 29), date(2019, 2, 28)),
        (date(2015, 11, 16), date(2018, 11, 16)),
        (date(2008, 1, 1), date(2011, 1, 1)),
    ],
)
def test_a_certificate_lasts_three_years_to_the_same_day(issued, last):
    assert valid_to(issued) == last == Issued(issued, here=True).last_on


def test_before_the_law_of_2008_there_is_no_term():
    assert first_day_of_law() == date(2008, 1, 1)
    with pytest.raises(NotInForce):
        valid_to(date(2007, 12, 31))


def test_what_the_paper_prints_goes_before_the_law():
    assert Issued(ISSUED, here=True, printed_end_on=date(2019, 11, 30)).last_on == date(
        2019, 11, 30
    )


def test_reports_are_due_on_each_last_of_may_within_validity():
    assert report_due_on(2018) == date(2019, 5, 31)
    assert [(one.year, one.due_on.year) for one in reports_due(ISSUED, LAST)] == [
        (2016, 2017), (2017, 2018), (2018, 2019),
    ]  # fmt: skip
    edge = date(2017, 5, 31)
    assert [one.year for one in reports_due(edge, valid_to(edge))] == [2016, 2017, 2018, 2019]
    assert [one.year for one in reports_due(date(2017, 6, 1), edge.replace(year=2018))] == [2017]
    assert reports_due(date(2014, 10, 1), date(2015, 12, 31)) == []
    with pytest.raises(NotInForce):
        report_due_on(2014)


@pytest.mark.parametrize(
    ("told", "filed_on", "on", "found"),
    [
        (True, date(2019, 5, 31), date(2019, 6, 1), Filed.IN_TIME),
        (True, date(2019, 6, 1), date(2019, 6, 1), Filed.LATE),
        (True, date(2019, 6, 1), date(2019, 5, 31), Filed.TO_COME),
        (True, None, date(2019, 6, 1), Filed.NOT_FILED),
        (True, None, date(2019, 5, 31), Filed.TO_COME),
        (False, None, date(2019, 5, 31), Filed.TO_COME),
        (False, None, date(2019, 6, 1), Filed.UNKNOWN),
    ],
)
def test_a_report_of_which_nothing_is_known_is_not_missing(told, filed_on, on, found):
    assert stands(Due(2018, date(2019, 5, 31)), told, filed_on, on) is found


def test_two_missed_reports_revoke_and_what_is_unknown_only_may():
    on = date(2019, 6, 17)
    surely = missed([Filed.NOT_FILED, Filed.LATE, Filed.IN_TIME], on)
    assert (surely.at_least, surely.is_revoked) == (2, True)
    by_wording = missed([Filed.NOT_FILED, Filed.LATE], on, late_counts=False)
    assert (by_wording.at_least, by_wording.is_revoked) == (1, False)
    perhaps = missed([Filed.NOT_FILED, Filed.UNKNOWN, Filed.TO_COME], on)
    assert (perhaps.at_least, perhaps.at_most) == (1, 2)
    assert perhaps.may_be_revoked and not perhaps.is_revoked


def test_a_change_is_reported_within_three_months():
    assert change_due_on(date(2019, 3, 17)) == date(2019, 6, 17)
    assert change_due_on(date(2018, 11, 30)) == date(2019, 2, 28)
    assert change_due_on(date(2015, 12, 31)) is None
    assert change_due_on(date(2019, 3, 17), TS_CHANGE_MONTHS) == date(2019, 6, 17)
    assert change_due_on(date(2017, 5, 2), TS_CHANGE_MONTHS) is None


def test_who_was_revoked_waits_until_the_year_is_over():
    assert barred_until(date(2019, 1, 1)) == barred_until(date(2019, 12, 31)) == date(2019, 12, 31)


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 200))
def test_months_are_counted_back_as_they_are_counted_on(day, number):
    assert months_between(day, moved(day, number)) == number
    assert months_between(day, moved(day, number) - timedelta(days=1)) < max(number, 1)


# -- days that count


def here(*events, issued=ISSUED, **more):
    return list(periods(Issued(issued, here=True, **more), events))


def away(*events):
    return list(periods(Issued(ISSUED, here=False), events))


def test_a_certificate_issued_here_counts_to_its_last_day():
    assert here() == [Period(ISSUED, LAST)]
    assert (
        here(Event(What.RENAMED, date(2018, 1, 1)), Event(What.SPLIT, date(2018, 1, 1))) == here()
    )


def test_one_issued_elsewhere_counts_from_the_whole_move_in():
    assert away() == []
    assert away(Event(What.PART_MOVED_IN, date(2018, 3, 1))) == []
    assert away(Event(What.MOVED_IN, date(2018, 3, 1))) == [Period(date(2018, 3, 1), LAST)]
    assert away(Event(What.MOVED_IN, LAST + timedelta(days=1))) == []


def test_it_ends_on_the_day_before_it_is_revoked_moves_out_or_is_merged():
    day = date(2018, 7, 2)
    for event in (
        Event(What.REVOKED, day),
        Event(What.MOVED_OUT, day),
        Event(What.MERGED, day, ends=True),
    ):
        assert here(event) == [Period(ISSUED, date(2018, 7, 1))]
    assert here(Event(What.PART_MOVED_OUT, day)) == here(Event(What.MERGED, day)) == here()
    assert here(Event(What.REVOKED, day, withdrawn=True)) == here()


def test_one_revoked_from_its_issue_or_before_never_counted():
    assert here(Event(What.REVOKED, ISSUED)) == here(Event(What.REVOKED, date(2016, 1, 1))) == []


def test_one_that_left_and_came_back_counts_twice():
    out, back = Event(What.MOVED_OUT, date(2017, 6, 1)), Event(What.MOVED_IN, date(2018, 6, 1))
    assert here(back, out) == here(out, back, out, back) == [
        Period(ISSUED, date(2017, 5, 31)), Period(date(2018, 6, 1), LAST),
    ]  # fmt: skip
    assert here(out, Event(What.MOVED_IN, date(2017, 6, 1))) == [Period(ISSUED, date(2017, 5, 31))]


def simulated(certificate, events):
    """Day by day, as one would tell it."""
    inside, dead, found = certificate.here, False, []
    day = date(2013, 12, 31)
    known = [one for one in events if not one.withdrawn]
    while day < date(2027, 1, 1):
        today = [one for one in known if max(one.on, certificate.issued_on) == day]
        dead = dead or any(
            one.on <= day and (one.what is What.REVOKED or (one.ends and one.what in (What.SPLIT, What.MERGED)))
            for one in known
        )  # fmt: skip
        if any(one.what is What.MOVED_IN for one in today):
            inside = True
        if any(one.what is What.MOVED_OUT for one in today):
            inside = False
        if inside and not dead and certificate.issued_on <= day <= certificate.last_on:
            found.append(day)
        day += timedelta(days=1)
    return found


@given(st.builds(Issued, DAYS, st.booleans(), st.one_of(st.none(), DAYS)), EVENTS, st.randoms())
def test_the_days_that_count_are_those_of_a_day_by_day_account(certificate, events, random):
    found = periods(certificate, events)
    counted = [
        one.from_on + timedelta(days=at)
        for one in found
        for at in range((one.to_on - one.from_on).days + 1)
    ]
    assert counted == simulated(certificate, events)
    shuffled = [*events, *events]
    random.shuffle(shuffled)
    assert periods(certificate, shuffled) == found, "order and repetition do not matter"


# -- first, again, after a gap


def earlier(issued, here=True, revoked=None):
    return Earlier(issued, valid_to(issued), here, revoked)


def test_a_new_certificate_later_in_the_year_of_the_old_ones_end_leaves_no_gap():
    old = earlier(date(2013, 6, 1))
    assert order_of(ISSUED, []) is order_of(ISSUED, [earlier(ISSUED)]) is Order.FIRST
    assert order_of(ISSUED, [old]) is Order.AGAIN
    assert order_of(ISSUED, [old], gap_begins="next_day") is Order.AFTER_GAP
    assert order_of(date(2017, 1, 1), [old]) is Order.AFTER_GAP
    assert (
        order_of(ISSUED, [earlier(date(2013, 6, 1), revoked=date(2015, 1, 1))]) is Order.AFTER_GAP
    )


def test_whether_elsewhere_counts_for_first_is_a_reading():
    old = earlier(date(2013, 12, 1), here=False)
    assert order_of(ISSUED, [old]) is Order.AGAIN
    assert order_of(ISSUED, [old], first="ever_here") is Order.FIRST
    assert order_of(ISSUED, [old, earlier(date(2010, 1, 1))], first="ever_here") is Order.AGAIN


OTHERS = st.lists(
    st.builds(earlier, st.dates(date(2010, 1, 1), date(2018, 11, 30)), st.booleans(),
              st.one_of(st.none(), st.dates(date(2010, 1, 1), date(2020, 1, 1)))),
    max_size=3,
)  # fmt: skip


def awarded_as_first(others, first_time, gap):
    """Whether the rulebook of awards takes a certificate of that day for a first one."""
    rows = [
        {"issued_on": one.issued_on, "valid_to": one.last_on, "in_city": one.here,
         "revoked": one.revoked_from is not None, "revoked_on": one.revoked_from}
        for one in [*others, earlier(LATER)]
    ]  # fmt: skip
    laid = explain.program(JIYUAN_AWARDS, LATER, {"first_time": first_time, "gap_begins": gap})
    judged = explain.Assessment(laid, Case("a", tables={"certificates": rows}))
    return judged.grants["first_award"].outcome is Outcome.MET


@given(OTHERS, st.sampled_from(["next_year", "next_day"]))
def test_the_rulebook_of_awards_says_the_same(others, gap):
    for first, reading in (("ever_anywhere", "ever"), ("ever_here", "in_city")):
        found = order_of(LATER, others, first=first, gap_begins=gap)
        assert (found is Order.FIRST) == awarded_as_first(others, reading, gap)
    unbroken = order_of(LATER, others, gap_begins=gap) is Order.AGAIN
    assert unbroken != awarded_as_first(others, "after_gap", gap)


@pytest.mark.parametrize(
    ("issued", "last", "other", "other_last", "revoked", "why"),
    [
        ((2016, 12, 1), (2019, 12, 1), (2016, 12, 1), (2019, 12, 1), None, Clash.SAME_DAY),
        ((2018, 12, 31), (2021, 12, 31), (2016, 12, 1), (2019, 12, 1), None, Clash.OTHER_LASTS),
        ((2019, 1, 1), (2022, 1, 1), (2016, 12, 1), (2019, 12, 1), None, None),
        ((2013, 7, 1), (2016, 7, 1), (2015, 12, 31), (2018, 12, 31), None, Clash.OWN_LASTS),
        ((2013, 7, 1), (2016, 7, 1), (2016, 1, 1), (2019, 1, 1), None, None),
        ((2018, 5, 1), (2021, 5, 1), (2016, 1, 1), (2017, 12, 31), (2018, 5, 1), Clash.BARRED),
        ((2018, 12, 31), (2021, 12, 31), (2016, 1, 1), (2017, 12, 31), (2018, 5, 1), Clash.BARRED),
        ((2018, 4, 30), (2021, 4, 30), (2016, 1, 1), (2017, 12, 31), (2018, 5, 1), None),
        ((2019, 1, 1), (2022, 1, 1), (2016, 1, 1), (2017, 12, 31), (2018, 5, 1), None),
    ],
)
def test_what_cannot_stand_beside_another(issued, last, other, other_last, revoked, why):
    found = clash(
        date(*issued), date(*last), date(*other), date(*other_last),
        date(*revoked) if revoked else None,
    )  # fmt: skip
    assert found is why
