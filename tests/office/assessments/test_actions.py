"""What is stated, estimated and frozen: refusals first, then the row, then the line in the record."""

import json
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from peiyu.batch.sides import Cause
from peiyu.office.accounts.models import Role
from peiyu.office.assessments import actions, queries
from peiyu.office.assessments.assessing import assess
from peiyu.office.assessments.freezing import digest, replay, thaw
from peiyu.office.assessments.models import Estimate, Estimator, FrozenAssessment, StatedFact
from peiyu.office.desk.merging import merge_entries
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation.models import OfficeDay, RecordLine
from peiyu.office.foundation.refusals import NotAllowed, Refused
from peiyu.office.foundation.verification import What, verify
from peiyu.office.policies.actions import choose_reading
from peiyu.office.reports.models import Basis
from peiyu.policy.rulebooks import HNTE
from peiyu.policy.tree import Outcome
from tests.office.assessments.held import WAN, hold, paper, ready, row, state
from tests.office.factories import DAY, body, enterprise, mandate, person
from tests.office.foundation.record_tests import tampered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city(settings):
    settings.DEMO = True
    OfficeDay.objects.create(pk=1, day=DAY)


@pytest.fixture
def one():
    return hold(ready(), DAY)


@pytest.fixture
def officer():
    return person(Role.BUREAU_OFFICER)


# -- facts of an enterprise itself


def stated(one, actor, **more):
    values = {"name": "abnormal_list", "value": False, "year": 2019, "source": paper(), **more}
    return actions.state_fact(one, actor=actor, **values)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": "name"}, "name"),
        ({"name": "shoe_size"}, "name"),
        ({"year": None}, "year"),
        ({"name": "resident", "value": True}, "year"),
        ({"value": 1}, "value"),
        ({"name": "incidents", "value": True}, "value"),
        ({"name": "incidents", "value": -1}, "value"),
        ({"name": "incidents", "value": 10**9}, "value"),
        ({"name": "notice_day", "value": "2019-06-01"}, "value"),
        ({"value": None}, "value"),
        ({"reason": "x" * 301}, "reason"),
    ],
)
def test_what_cannot_be_stated_is_refused(officer, more, field):
    with pytest.raises(Refused) as refused:
        stated(enterprise(), officer, **more)
    assert refused.value.field == field
    assert not StatedFact.objects.exists()


def test_the_bureau_states_facts_and_nobody_else(officer):
    town = body()
    one = enterprise(town=town)
    for role, of in ((Role.TOWN_OFFICER, town), (Role.LEADER, None)):
        with pytest.raises(NotAllowed):
            stated(one, person(role, of))
    assert stated(one, officer).version == 1


def test_a_fact_stated_anew_is_a_new_version_with_a_reason(officer):
    one = enterprise()
    first = stated(one, officer)
    assert stated(one, officer).pk == first.pk
    with pytest.raises(Refused, match="理由"):
        stated(one, officer, value=True)
    second = stated(one, officer, value=True, reason="查询结果更正")
    assert (second.version, StatedFact.objects.count()) == (2, 2)
    assert [(f.name, f.value) for f in queries.stated_facts_of(officer, one)] == [
        ("abnormal_list", True)
    ]
    stated(one, officer, value=None, reason="登错企业")
    assert queries.stated_facts_of(officer, one) == []
    assert RecordLine.objects.filter(action="assessments.statedfact.state").count() == 3


def test_a_day_is_kept_and_read_as_a_day(officer):
    one = hold(ready(), DAY)
    stated(one, officer, name="notice_day", value=date(2019, 6, 1))
    assert assess(one.pk, HNTE, on=DAY).seen.case.facts["notice_day"] == date(2019, 6, 1)


# -- estimates


def estimated(one, actor, **more):
    values = {"rulebook": "hnte", "item": "talent", "who": "own", "low": 3, **more}
    return actions.estimate(one, actor=actor, **values)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"item": "luck"}, "item"),
        ({"rulebook": "magic"}, "rulebook"),
        ({"who": "panel"}, "who"),
        ({"low": 5}, "low"),
        ({"low": 3, "high": 2}, "low"),
        ({"low": -1}, "low"),
        ({"low": None}, "low"),
        ({"low": None, "high": 3}, "low"),
        ({"remark": "x" * 301}, "remark"),
    ],
)
def test_points_that_cannot_be_are_refused(one, more, field):
    owner = person(Role.OWNER)
    mandate(one, owner)
    with pytest.raises(Refused) as refused:
        estimated(one, owner, **more)
    assert refused.value.field == field


def test_the_enterprise_estimates_for_itself_and_the_coach_as_coach(one, officer):
    owner, coach = person(Role.OWNER), person(Role.COACH)
    mandate(one, owner), mandate(one, coach, MandateKind.COACH)
    for actor, who in ((owner, "coach"), (coach, "own"), (officer, "own"), (person(), "own")):
        with pytest.raises(NotAllowed):
            estimated(one, actor, who=who)
    estimated(one, owner), estimated(one, coach, who="coach", low=2, high=4, remark="制度齐全")
    found = queries.estimates_of(one, "hnte")["talent"]
    assert {who: (e.low, e.high) for who, e in found.items()} == {
        Estimator.OWN: (3, 3), Estimator.COACH: (2, 4),
    }  # fmt: skip
    assert line_count("assessments.estimate.make") == 2


def line_count(action):
    return RecordLine.objects.filter(action=action).count()


def test_an_estimate_changes_no_verdict_and_is_added_up_apart(one):
    owner = person(Role.OWNER)
    mandate(one, owner)
    before = assess(one.pk, HNTE, on=DAY)
    assert queries.estimated(before, queries.estimates_of(one, "hnte"), Estimator.OWN) is None
    for item in before.items:
        if item.low != item.high:
            estimated(one, owner, item=item.item.id, low=item.high)
    after = assess(one.pk, HNTE, on=DAY)
    assert (after.verdict, after.score) == (before.verdict, before.score) and after.verdict
    own = queries.estimated(after, queries.estimates_of(one, "hnte"), Estimator.OWN)
    assert own == (after.score.high, after.score.high)


def test_an_estimate_is_taken_back_and_what_was_known_then_stays(one):
    owner = person(Role.OWNER)
    mandate(one, owner)
    estimated(one, owner)
    OfficeDay.objects.update(day=DAY + timedelta(1))
    estimated(one, owner, low=None)
    assert queries.estimates_of(one, "hnte") == {}
    assert queries.estimates_of(one, "hnte", known=DAY)["talent"][Estimator.OWN].low == 3


# -- freezing


def frozen(one, actor, **more) -> FrozenAssessment:
    return actions.freeze(
        one, "hnte", **{"on": DAY, "purpose": "推荐前核对", "actor": actor, **more}
    )


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"purpose": " "}, "purpose"),
        ({"purpose": "x" * 201}, "purpose"),
        ({"on": date(2015, 12, 31)}, "on"),
        ({"known": DAY + timedelta(1)}, "known"),
        ({"basis": "hearsay"}, "basis"),
    ],
)
def test_what_cannot_be_frozen_is_refused(one, officer, more, field):
    with pytest.raises(Refused) as refused:
        frozen(one, officer, **more)
    assert refused.value.field == field
    assert not FrozenAssessment.objects.exists()


def test_bureau_body_and_coach_freeze_and_nobody_else():
    town = body()
    one = enterprise(town=town)
    owner, coach = person(Role.OWNER), person(Role.COACH)
    mandate(one, owner), mandate(one, coach, MandateKind.COACH)
    for actor in (person(Role.BUREAU_HEAD), person(Role.TOWN_OFFICER, town), coach):
        assert frozen(one, actor).pk
    for actor in (owner, person(Role.TOWN_OFFICER), person(Role.LEADER)):
        with pytest.raises(NotAllowed):
            frozen(one, actor)


def test_the_same_rules_give_the_same_bytes_again(one, officer):
    for case in (ready(), ready(**{"st_staff_average.1": 900, "rd_total.2": None})):
        kept = frozen(hold(case, DAY), officer)
        assert kept.digest == digest(kept.content)
        again = replay(kept)
        assert (again.same_rules, again.same, again.digest) == (True, True, kept.digest)
    kept = frozen(one, officer)
    held = thaw(kept.content)
    found = assess(one.pk, HNTE, on=DAY)
    assert held.case.facts == found.seen.case.facts
    stripped = {
        table: [{n: v for n, v in r.items() if v is not None} for r in rows]
        for table, rows in found.seen.case.tables.items()
    }
    assert held.case.tables == stripped
    assert held.facts.origins == found.facts.origins
    assert (kept.hard, kept.verdict) == (Outcome.MET.value, Outcome.EXPERT.value)
    assert {c["id"] for c in json.loads(kept.said)["criteria"]} == {c.id for c in HNTE.criteria}
    written = RecordLine.objects.get(action="assessments.frozenassessment.freeze", key=kept.pk)
    assert written.values["seal"][1] == kept.seal


def test_what_is_recorded_later_does_not_reach_what_was_frozen(one, officer):
    kept = frozen(one, officer)
    state(one, 2018, {"st_staff_average": 900, "staff_average": 10_000}, paper(), version=9, on=DAY)
    row(one, "incidents", {"no": "SG01", "happened_on": DAY, "major": True}, paper())
    assert replay(kept).same
    found = queries.since_frozen(officer, kept, on=DAY)
    changes = {change.line: change.causes for change in found.changes}
    assert changes["st_staff"] == changes["incidents"] == (Cause.FACTS,)
    assert "incidents" in found.tables


def test_a_reading_chosen_later_is_told_from_facts(officer):
    one = hold(ready(**{"rd_failed.1": 90 * WAN}), DAY)
    kept = frozen(one, officer)
    head = person(Role.BUREAU_HEAD)
    choose_reading(key="hnte.rd_failed", value="excluded", from_on=DAY, reason="通知", actor=head)
    found = queries.since_frozen(officer, kept, on=DAY)
    assert {c.line: c.causes for c in found.changes}["rd_share"] == (Cause.READING,)


@pytest.mark.parametrize("model", [StatedFact, Estimate, FrozenAssessment])
def test_the_database_refuses_to_change_or_remove(one, officer, model):
    frozen(one, officer), estimated(one, officer, who="coach"), stated(one, officer)
    rows = model.objects.all()
    assert rows.count() >= 1
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        rows.update(enterprise=enterprise())
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        rows._raw_delete(rows.db)


@pytest.mark.parametrize("column", ["content", "said", "digest", "purpose", "hard", "score_low"])
def test_any_altered_byte_is_found(officer, column):
    kept = frozen(enterprise(), officer)
    assert verify().whole
    value = getattr(kept, column)
    other = value + 1 if isinstance(value, int) else f"{value[:-2]}~{value[-1]}"
    with tampered():
        FrozenAssessment.objects.filter(pk=kept.pk).update(**{column: other})
        altered = verify().altered
    assert altered is not None
    assert altered.what is What.ROW_CHANGED


def test_a_frozen_assessment_that_is_gone_is_missed(officer):
    kept = frozen(enterprise(), officer)
    with tampered():
        FrozenAssessment.objects.filter(pk=kept.pk).delete()
        assert verify().altered.what is What.ROW_MISSING


def test_figures_on_a_closed_basis_stay_closed_in_what_is_frozen(officer):
    town = body()
    one = hold(ready(), DAY, (Basis.TAX_RETURN,))
    type(one).objects.filter(pk=one.pk).update(town=town, body=town)
    one.refresh_from_db()
    of_town, owner = person(Role.TOWN_OFFICER, town), person(Role.OWNER)
    mandate(one, owner)
    kept = frozen(one, officer)
    assert kept.bases == " tax_return "
    assert queries.frozen_of(officer, one).get() == kept
    assert queries.frozen_of(owner, one).get() == kept
    assert not queries.frozen_of(of_town, one).exists()
    assert queries.since_frozen(of_town, kept, on=DAY) is None
    own = frozen(one, of_town)
    assert own.bases.strip() == "" and own.hard == Outcome.UNKNOWN.value
    assert queries.frozen_of(of_town, one).get() == own
    assert queries.assess_for(of_town, one, HNTE, on=DAY).left_out == (Basis.TAX_RETURN,)
    assert queries.assess_for(person(Role.LEADER), one, HNTE, on=DAY) is None


# -- two entries of one enterprise


def test_what_was_stated_and_estimated_of_the_absorbed_entry_goes_to_the_kept_one(officer):
    gone, kept = enterprise(), enterprise()
    stated(gone, officer), stated(gone, officer, name="incidents", value=1)
    stated(kept, officer, name="incidents", value=0)
    estimated(gone, officer, who="coach")
    merge_entries(gone, into=kept, on=DAY, reason="同一家", actor=officer)
    facts = {f.name: f.value for f in queries.stated_facts_of(officer, kept)}
    assert facts == {"abnormal_list": False, "incidents": 0}
    assert queries.estimates_of(kept, "hnte")["talent"][Estimator.COACH].low == 3
