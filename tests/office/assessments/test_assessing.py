"""An assessment as a value: its lines, its reasons with sources, other bases, and why it changed."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peiyu.batch.sides import Cause
from peiyu.office.accounts.models import Role
from peiyu.office.assessments.assessing import HARD, assess
from peiyu.office.assessments.comparing import compare, lines_of
from peiyu.office.foundation.models import OfficeDay
from peiyu.office.policies.actions import choose_reading
from peiyu.office.reports.models import Basis
from peiyu.policy.explain import assess as judged
from peiyu.policy.rulebooks import HNTE, TECH_SME
from peiyu.policy.tree import Outcome
from tests.office.assessments.held import WAN, full, hold, paper, ready, row, state
from tests.office.factories import DAY, person

pytestmark = pytest.mark.django_db
TOMORROW = DAY + timedelta(1)


@pytest.fixture(autouse=True)
def _city(settings):
    settings.DEMO = True
    OfficeDay.objects.create(pk=1, day=DAY)


@pytest.fixture
def one():
    return hold(ready(), DAY)


def test_the_three_lines_are_those_of_the_rules(one):
    found = assess(one.pk, HNTE, on=DAY)
    alone = judged(HNTE, found.seen.case, DAY)
    assert (found.hard, found.verdict) == (Outcome.MET, Outcome.EXPERT)
    assert (found.hard, found.verdict, found.score) == (alone.hard, alone.verdict, alone.score)
    assert found.score.low < 71 <= found.score.high
    assert found.points_needed == 71 - found.score.low
    assert found.points_open == found.score.high - found.score.low
    assert sum(item.low for item in found.items) == found.score.low
    assert found.with_outcome(Outcome.UNMET) == ()


def test_every_figure_names_its_basis_its_version_and_its_document(one):
    found = assess(one.pk, HNTE, on=DAY)
    staff = next(e for e in found.explanations if e.criterion.id == "st_staff")
    sources = {shown.fact.name: shown.source for shown in staff.facts}
    origin = found.facts.origins["staff_average.1"]
    assert sources["staff_average"] == origin.reference
    assert (origin.label, origin.basis, origin.version) == ("reports.statement", "verified", 1)
    rows = next(e for e in found.explanations if e.criterion.id == "ip").rows
    right = found.facts.origins["ip/IP01"]
    assert {r.label: r.source for r in rows}["IP01"] == right.reference
    assert right.source is not None


def test_what_is_near_is_told(one):
    staff = {n.fact.name: n for n in assess(one.pk, HNTE, on=DAY).near("st_staff")}
    assert staff["st_staff_average"].change == -1  # ten of a hundred, exactly at the bound
    assert staff["st_staff_average"].becomes is Outcome.UNMET


def test_what_is_missing_says_who_has_it():
    one = hold(ready(**{"st_staff_average.1": None}), DAY)
    found = assess(one.pk, HNTE, on=DAY)
    waiting = {m.fact.name: (m.fact.holder, names) for m, names in found.missing()}
    holder, names = waiting["st_staff_average"]
    assert (holder, names) == ("企业人事部门", ("st_staff",))
    assert (found.hard, found.outcomes["st_staff"]) == (Outcome.UNKNOWN, Outcome.UNKNOWN)


# -- whose word counts


def test_another_basis_is_told_where_it_gives_another_outcome(one):
    figures = {"sales_revenue": 2_000 * WAN, "rd_total": 60 * WAN, "rd_domestic": 60 * WAN}
    state(one, 2018, figures, paper(), Basis.TAX_RETURN)
    assert assess(one.pk, HNTE, on=DAY).other_bases == ()
    figures["rd_total"] = figures["rd_domestic"] = 10 * WAN
    state(one, 2018, figures, paper(), Basis.DECLARED)
    (other,) = assess(one.pk, HNTE, on=DAY).other_bases
    assert (other.basis, other.hard, other.verdict) == (
        "declared", Outcome.UNMET, Outcome.UNMET,
    )  # fmt: skip
    assert dict(other.changed) == {"rd_share": Outcome.UNMET}


def test_the_order_of_bases_is_a_setting_of_the_day(one):
    state(one, 2018, {"st_staff_average": 999}, paper(), Basis.DECLARED)
    assert assess(one.pk, HNTE, on=DAY).outcomes["st_staff"] is Outcome.MET
    head = person(Role.BUREAU_HEAD)
    choose_reading(key="hnte.basis", value="declared", from_on=DAY, reason="试", actor=head)
    found = assess(one.pk, HNTE, on=DAY)
    assert (found.seen.basis, found.outcomes["st_staff"]) == ("declared", Outcome.UNMET)
    assert assess(one.pk, HNTE, on=DAY - timedelta(1)).seen.basis == "verified"
    assert assess(one.pk, TECH_SME, on=DAY).seen.basis == "verified"


def test_readings_of_switches_are_those_set_on_the_day():
    one = hold(ready(**{"net_assets.3": None, "rd_failed.1": 90 * WAN}), DAY)
    assert assess(one.pk, HNTE, on=DAY).outcomes["rd_share"] is Outcome.MET
    head = person(Role.BUREAU_HEAD)
    choose_reading(
        key="hnte.rd_failed", value="excluded", from_on=DAY, reason="省里通知", actor=head
    )
    found = assess(one.pk, HNTE, on=DAY)
    assert found.outcomes["rd_share"] is Outcome.UNMET
    assert found.other_readings["rd_share"][0].switch == "rd_failed"


def test_a_closed_basis_does_not_show_in_an_outcome(one):
    closed = frozenset({Basis.VERIFIED})
    found = assess(one.pk, HNTE, on=DAY, without=closed)
    assert found.left_out == (Basis.VERIFIED,)
    assert not any("." in name for name in found.seen.case.facts)
    assert found.hard is Outcome.UNKNOWN


# -- why it is another than before


def causes(comparison):
    return {change.line: change.causes for change in comparison.changes}


def test_what_was_recorded_since_is_told_apart_from_the_time_that_passed(one):
    before = assess(one.pk, HNTE, on=DAY).seen
    state(one, 2018, {"st_staff_average": 900}, paper(), version=3, on=DAY)
    after = assess(one.pk, HNTE, on=DAY).seen
    earlier = assess(one.pk, HNTE, on=DAY, known=DAY - timedelta(1)).seen
    found = compare(one.pk, earlier, after)
    assert causes(found)["st_staff"] == (Cause.FACTS,) == causes(found)[HARD]
    changed = {fact.name: (fact.before, fact.after) for fact in found.facts}
    assert changed["st_staff_average.1"] == (1_000, 900)
    assert compare(one.pk, before, before).same


def test_days_that_pass_are_the_cause_where_nothing_was_recorded(one):
    now, year_later = date(2019, 6, 17), date(2020, 6, 17)
    found = compare(
        one.pk,
        assess(one.pk, HNTE, on=now, known=now).seen,
        assess(one.pk, HNTE, on=year_later, known=now).seen,
    )
    assert causes(found)["st_staff"] == (Cause.TIME,)  # of 2019 nothing is known
    assert found.tables == () and found.facts == ()


def test_a_reading_or_another_basis_is_a_cause_of_its_own(one):
    state(one, 2018, {"st_staff_average": 999}, paper(), Basis.DECLARED)
    here = assess(one.pk, HNTE, on=DAY).seen
    there = assess(one.pk, HNTE, on=DAY, basis="declared").seen
    assert causes(compare(one.pk, here, there))["st_staff"] == (Cause.READING,)


def test_causes_are_told_apart_where_several_changed():
    one = hold(ready(**{"st_staff_average.1": 900}), DAY)
    figures = {"st_staff_average": 1_000, "staff_average": 10_000}
    state(one, 2018, figures, paper(), version=5, on=TOMORROW)
    found = compare(
        one.pk,
        assess(one.pk, HNTE, on=DAY).seen,
        assess(one.pk, HNTE, on=date(2020, 1, 1), known=TOMORROW).seen,
    )
    assert causes(found)["st_staff"] == (Cause.FACTS, Cause.TIME)
    assert found.causes[:2] == (Cause.FACTS, Cause.TIME)


def test_what_kept_facts_no_longer_give_is_a_change_of_the_rules(one):
    seen = assess(one.pk, HNTE, on=DAY)
    lines = lines_of(seen.assessment)
    kept = type(lines)({**lines.outcomes, "st_staff": Outcome.UNMET}, lines.score)
    found = compare(one.pk, seen.seen, seen.seen, kept)
    assert causes(found) == {"st_staff": (Cause.RULE,)}


# -- how much it takes


def test_an_enterprise_with_much_takes_few_queries(one):
    source = paper()
    for n in range(6, 21):
        row(
            one,
            "ip",
            {"no": f"IP{n:02d}", "kind": "software", "grant_number": f"2017SR{n}"},
            source,
        )
    for n in range(20):
        spent = {"no": f"RD{n:02d}", "year": 2018, "rd_labour": 5 * WAN, "rd_other": n}
        row(one, "rd", spent, source, key=f"RD{n:02d}/2018")
    for n in range(3, 11):
        row(one, "products", {"no": f"PS{n:02d}", "is_main": False, "ip_nos": ()}, source)
    full(one, "incidents")
    assess(one.pk, HNTE, on=DAY)
    with CaptureQueriesContext(connection) as asked:
        found = assess(one.pk, HNTE, on=DAY)
    assert len(asked) <= 15
    with CaptureQueriesContext(connection) as later:
        assert found.other_readings is not None and found.other_bases == () and found.near("ip")
    assert len(later) == 0


def test_of_nobody_nothing_is_said():
    assert assess(0, HNTE, on=DAY) is None


def test_the_tables_of_a_reason_are_those_of_its_rows(one):
    found = assess(one.pk, HNTE, on=DAY)
    tables = [
        (each.tables, tuple(dict.fromkeys(r.table for r in each.rows)))
        for each in found.explanations
    ]
    assert all(said == of_rows for said, of_rows in tables)
    assert any(said for said, _ in tables)
