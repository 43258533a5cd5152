"""Flags of the chain in the office: found, asked about, explained, cleared, back when facts change."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peiyu.office.accounts.models import Role
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation import jobs
from peiyu.office.foundation.models import JobState, OfficeDay, RecordLine
from peiyu.office.foundation.refusals import NotAllowed, Refused
from peiyu.office.foundation.sources import of_document
from peiyu.office.notices.models import Message
from peiyu.office.policies.actions import choose_reading
from peiyu.office.portfolio.actions import (
    ask_about,
    clear_flag,
    explain_flag,
    record_entry,
    say_full,
    take_back_remark,
)
from peiyu.office.portfolio.flags import Counted, Standing, counts_of, flags_of, recount, remarks_of
from peiyu.office.portfolio.loading import held_of
from peiyu.office.portfolio.models import FlagCount
from peiyu.office.portfolio.queries import flagged
from peiyu.policy import evidence
from peiyu.policy.chain import CHECKS, checked
from tests.office.factories import DAY, NOW, again, body, enterprise, mandate, person
from tests.office.portfolio.filled import fill

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city(settings):
    settings.DEMO = True
    OfficeDay.objects.create(pk=1, day=DAY)


@pytest.fixture
def place():
    town = body()
    one = enterprise(town=town, code="91419001MAX1LX27Q9")
    officer, owner, coach = person(Role.TOWN_OFFICER, town), person(Role.OWNER), person(Role.COACH)
    mandate(one, owner), mandate(one, coach, MandateKind.COACH)
    return one, officer, owner, coach


def flags(one, on=DAY, known=None):
    return flags_of(
        held_of([one], on=on, known=known)[one.pk], remarks_of([one.pk], known)[one.pk], on
    )


def on_day(day):
    OfficeDay.objects.filter(pk=1).update(day=day)


def test_the_clean_enterprise_has_no_flag_in_the_office_either(place):
    one, officer, *_ = place
    fill(one, officer)
    seen = checked(held_of([one], on=DAY)[one.pk])
    assert [(c.check.id, [f.said.say() for f in c.findings]) for c in seen if c.findings] == []
    assert {c.check.id for c in seen if c.fine} == {check.id for check in CHECKS} - {
        "lately_obtained"
    }
    assert {c.check.id for c in seen if c.open} == set()


def test_a_flag_is_asked_about_explained_and_cleared(place):
    one, officer, owner, coach = place
    fill(one, officer, projects={"RD01": {"approval": False}})
    (flag,) = flags(one)
    assert (flag.check.id, flag.standing) == ("not_approved", Standing.OPEN)
    named = {"flag": flag.finding.key, "digest": flag.finding.digest}
    ask_about(one, **named, words="请补立项决议", due_on=DAY + timedelta(5), at=NOW, actor=officer)
    assert Message.objects.get(recipient=owner).link == f"/portal/enterprises/{one.pk}/evidence/"
    assert flags(one)[0].standing is Standing.ASKED
    assert flags(one, DAY + timedelta(6))[0].standing is Standing.LATE
    explain_flag(one, **named, words="立项会纪要遗失，已补", actor=owner)
    assert flags(one)[0].standing is Standing.EXPLAINED
    with pytest.raises(Refused, match="为什么"):
        clear_flag(one, **named, reason=" ", actor=coach)
    remark = clear_flag(one, **named, reason="看过补的纪要", actor=coach)
    assert flags(one)[0].standing is Standing.CLEARED
    assert FlagCount.objects.get(enterprise=one).open == 0
    assert RecordLine.objects.filter(
        action="portfolio.remark.cleared", reason="看过补的纪要"
    ).exists()
    take_back_remark(remark, actor=coach)
    assert flags(one)[0].standing is Standing.EXPLAINED
    assert FlagCount.objects.get(enterprise=one).open == 1


def test_what_was_cleared_comes_back_when_its_facts_change_and_only_then(place):
    one, officer, *_ = place
    fill(one, officer, projects={"RD01": {"started_on": date(2016, 4, 9)}})
    (flag,) = flags(one)
    clear_flag(
        one, flag=flag.finding.key, digest=flag.finding.digest, reason="同一课题组", actor=officer
    )
    source = of_document("更正", actor=officer)

    def change(table, key, **values):
        record_entry(one, table, values, key=key, reason="更正", source=source, actor=officer)

    change(evidence.PROJECTS, "RD01", title="改了名")
    assert flags(one)[0].standing is Standing.CLEARED
    change(evidence.PROJECTS, "RD01", started_on=date(2016, 4, 20))
    assert flags(one)[0].standing is Standing.OPEN
    change(evidence.PROJECTS, "RD01", started_on=date(2016, 4, 9))  # as it was: what was said holds
    assert flags(one)[0].standing is Standing.CLEARED


def test_who_may_rule_on_a_flag(place):
    one, officer, owner, coach = place
    fill(one, officer, projects={"RD01": {"approval": False}})
    (flag,) = flags(one)
    named = {"flag": flag.finding.key, "digest": flag.finding.digest}
    for who in (
        owner,
        person(Role.TOWN_OFFICER),
        person(Role.TAX),
        person(Role.IP_OFFICE),
        person(Role.LEADER),
    ):
        with pytest.raises(NotAllowed):
            clear_flag(one, **named, reason="x", actor=again(who))
    for who in (officer, coach, person(Role.BUREAU_OFFICER)):
        with pytest.raises(NotAllowed):
            explain_flag(one, **named, words="x", actor=again(who))
    with pytest.raises(Refused, match="已经没有了"):
        clear_flag(one, flag=flag.finding.key, digest="0" * 32, reason="x", actor=officer)
    with pytest.raises(Refused, match="已过"):
        ask_about(one, **named, words="", due_on=DAY - timedelta(1), at=NOW, actor=officer)


def test_what_was_known_on_a_day_is_flagged_as_it_was_then(place):
    one, officer, *_ = place
    fill(one, officer, projects={"RD01": {"approval": False}})
    on_day(DAY + timedelta(10))
    record_entry(one, evidence.PROJECTS, {"approval": True}, key="RD01", reason="补了",
                 source=of_document("决议", actor=officer), actor=officer)  # fmt: skip
    assert flags(one) == []
    assert [flag.check.id for flag in flags(one, DAY, known=DAY)] == ["not_approved"]


def test_the_office_sets_what_is_late(place):
    one, officer, *_ = place
    fill(one, officer, projects={"RD01": {"ended_on": date(2016, 10, 12)}})
    assert [flag.check.id for flag in flags(one)] == ["ip_after_rd"]
    choose_reading(
        key="chain_after_days",
        value=30,
        from_on=DAY,
        reason="结题后一月内",
        actor=person(Role.BUREAU_HEAD),
    )
    assert flags(one) == []


def test_the_counts_are_those_of_the_query_after_every_change_and_after_the_job(place):
    one, officer, *_ = place
    fill(one, officer, products={"PS02": {"ip_nos": ()}}, cooperations={"HZ01": {"paid": 0}})
    other = fill(enterprise(town=one.town), officer)
    row = FlagCount.objects.get(enterprise=one)
    assert (row.open, row.severe, row.by_check) == (2, 1, {"unsupported": 1, "no_weight": 1})
    record_entry(one, evidence.PRODUCTS, {"ip_nos": ("IP03",)}, key="PS02", reason="补对应",
                 source=of_document("申报书", actor=officer), actor=officer)  # fmt: skip
    say_full(one, table="ip", full=False, actor=officer)
    assert kept(one, other) == counts_of([one, other], DAY)
    FlagCount.objects.all().delete()
    job = jobs.start("portfolio.check_chains", "核对", {}, person(Role.BUREAU_OFFICER))
    jobs.run.func(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE and kept(one, other) == counts_of([one, other], DAY)


def kept(*firms):
    rows = FlagCount.objects.filter(enterprise__in=firms)
    return {row.enterprise_id: Counted(row.open, row.severe, row.by_check) for row in rows}


def test_the_list_of_flagged_enterprises_shows_only_ones_own(place):
    one, officer, _, coach = place
    fill(one, officer, projects={"RD01": {"approval": False}})
    fill(
        enterprise(town=body()), person(Role.BUREAU_OFFICER), projects={"RD01": {"approval": False}}
    )
    seen = {name: flagged(again(who)).count() for name, who in {
        "town": officer, "coach": coach, "bureau": person(Role.BUREAU_OFFICER), "leader": person(Role.LEADER),
        "stranger": person(Role.TOWN_OFFICER), "ip": person(Role.IP_OFFICE)}.items()}  # fmt: skip
    assert seen == {"town": 1, "coach": 1, "bureau": 2, "leader": 0, "stranger": 0, "ip": 0}


def test_counting_many_takes_as_many_queries_as_one(place):
    one, officer, *_ = place
    firms = [fill(one, officer), *(fill(enterprise(town=one.town), officer) for _ in range(3))]
    counts = []
    for part in (firms[:1], firms):
        with CaptureQueriesContext(connection) as queries:
            recount(part, DAY)
        counts.append(len(queries))
    assert counts[0] == counts[1]
