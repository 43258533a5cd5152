"""Evidence at the desk: what waits for whom, the search, the words of the record."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peiyu.office.accounts.models import Role
from peiyu.office.config.schedule import check_chains
from peiyu.office.desk.fields import THINGS
from peiyu.office.desk.records import ACTIONS, about_enterprise, as_seen
from peiyu.office.desk.search import search
from peiyu.office.desk.todo import todo_of
from peiyu.office.enterprises.actions import add_contact
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation.models import Job, OfficeDay, RecordLine
from peiyu.office.foundation.sources import of_document
from peiyu.office.portfolio.actions import (
    ask_about,
    clear_flag,
    explain_flag,
    name_contact,
    record_entry,
    withdraw_entry,
)
from peiyu.office.portfolio.flags import flags_of, remarks_of
from peiyu.office.portfolio.loading import held_of
from peiyu.office.portfolio.models import KINDS, ContactSide, IpRight
from peiyu.policy.evidence import BY_NAME, IP
from tests.office.factories import DAY, NOW, again, body, enterprise, mandate, person
from tests.office.portfolio.filled import fill

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city(settings):
    settings.DEMO = True
    OfficeDay.objects.create(pk=1, day=DAY)


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def one(bureau):
    made = enterprise("济源市荻鹬装备有限公司", town=body(), code="91419001MAX1LX27Q9")
    return fill(made, bureau, projects={"RD01": {"approval": False}})


def to(day):
    OfficeDay.objects.update(day=day)


def named(one):
    (flag,) = flags_of(held_of([one], on=DAY)[one.pk], remarks_of([one.pk])[one.pk], DAY)
    return {"flag": flag.finding.key, "digest": flag.finding.digest}


def waiting(who, on=DAY):
    return [(todo.what.say(), todo.link) for todo in todo_of(again(who), on) if "证据" not in todo.link
            and ("/evidence/" in todo.link)]  # fmt: skip


def test_who_asked_is_told_of_the_answer_and_of_its_lateness(one, bureau):
    owner, colleague = person(Role.OWNER), person(Role.BUREAU_OFFICER)
    mandate(one, owner)
    chain = f"/enterprises/{one.pk}/evidence/"
    ask_about(one, **named(one), words="", due_on=DAY, at=NOW, actor=bureau)
    assert waiting(bureau) == []
    to(DAY + timedelta(days=1))
    late = DAY + timedelta(days=1)
    assert waiting(bureau, late) == [("企业逾期未说明，请催办", chain)]
    explain_flag(one, **named(one), words="在档案室", actor=owner)
    assert waiting(bureau, late) == [("核对企业的说明", chain)]
    assert waiting(colleague, late) == []
    clear_flag(one, **named(one), reason="已看", actor=bureau)
    assert waiting(bureau, late) == []


def test_a_flag_that_is_gone_waits_for_nobody(one, bureau):
    ask_about(one, **named(one), words="", due_on=DAY, at=NOW, actor=bureau)
    source = of_document("决议", actor=bureau)
    record_entry(
        one,
        BY_NAME["projects"],
        {"approval": True},
        key="RD01",
        reason="补",
        source=source,
        actor=bureau,
    )
    to(DAY + timedelta(days=3))
    assert waiting(bureau, DAY + timedelta(days=3)) == []


def test_the_contact_is_reminded_of_fees_and_the_ip_office_of_vacancies(one, bureau):
    ip_office = person(Role.IP_OFFICE)
    assert waiting(ip_office) == [("定知识产权联系人，1家空缺", "/evidence/contacts/?vacant=on")]
    contact = add_contact(one, name="任海川", phone="19900001234", actor=bureau)
    name_contact(one, side=ContactSide.OFFICE, from_on=DAY, actor=bureau, person=ip_office)
    name_contact(one, side=ContactSide.ENTERPRISE, from_on=DAY, actor=bureau, contact=contact)
    assert waiting(ip_office) == []
    source = of_document("收据", actor=bureau)
    record_entry(
        one,
        IP,
        {"fees_paid_to": date(2019, 7, 1)},
        key="IP01",
        reason="更正",
        source=source,
        actor=bureau,
    )
    ((what, link),) = waiting(ip_office)
    assert what == "提醒1件知识产权缴年费" and link.startswith("/evidence/rights/?state=due")
    (todo,) = [todo for todo in todo_of(again(ip_office), DAY) if "年费" in todo.what.say()]
    assert todo.due_on == date(2019, 7, 2)
    ip_office.is_active = False  # who has left is no contact
    ip_office.save()
    assert waiting(person(Role.IP_OFFICE)) == [
        ("定知识产权联系人，1家空缺", "/evidence/contacts/?vacant=on")
    ]


def test_a_coach_hears_of_hard_contradictions_of_those_they_coach(one, bureau):
    coach = person(Role.COACH)
    mandate(one, coach, MandateKind.COACH)
    assert waiting(coach) == []  # a paper of approval is no hard condition
    source = of_document("证书", actor=bureau)
    record_entry(
        one, IP, {"owner_self": False}, key="IP01", reason="更正", source=source, actor=bureau
    )
    assert waiting(coach) == [("核对证据链，1家有关系硬指标的提示", "/evidence/")]


def test_rights_are_found_by_number_however_written_and_by_title_as_they_stand(one, bureau):
    for words in ("ZL201621128023.1", "2016 2112 8023.1", "2016211280231", "一种装置IP02"):
        assert [hit.no for hit in search(words, again(bureau)).rights][:1] == ["IP02"], words
    source = of_document("证书", actor=bureau)
    record_entry(
        one, IP, {"title": "送料机械手"}, key="IP02", reason="更正", source=source, actor=bureau
    )
    assert [hit.title for hit in search("送料机械", again(bureau)).rights] == ["送料机械手"]
    assert [hit.no for hit in search("sljxs", again(bureau)).rights] == ["IP02"]
    withdraw_entry(
        IpRight.objects.get(enterprise=one, key="IP02", version=2),
        reason="误",
        source=source,
        actor=bureau,
    )
    assert not search("送料机械", again(bureau)).rights
    for other in (
        person(Role.TOWN_OFFICER),
        person(Role.LEADER),
        person(Role.OWNER),
        person(Role.BANK),
    ):
        assert not search("ZL201610000123.4", other).rights


def test_the_record_has_words_for_all_that_is_done_to_evidence(one, bureau):
    for kind in KINDS:
        assert kind._meta.label_lower in THINGS
    done = set(
        RecordLine.objects.filter(label__startswith="portfolio").values_list("action", flat=True)
    )
    assert done and done <= ACTIONS.keys()
    owner = person(Role.OWNER)
    mandate(one, owner)
    seen = as_seen(about_enterprise(one, again(owner)), owner)
    assert any(line.line.label == "portfolio.ipright" for line in seen)
    assert not any(
        "title" in str(line.changes) for line in seen
    )  # the record proves, it does not tell


def test_the_desk_asks_as_often_for_many_as_for_one(one, bureau):
    def number():
        who = again(bureau)
        with CaptureQueriesContext(connection) as seen:
            todo_of(who, DAY + timedelta(days=9))
        return len(seen)

    ask_about(one, **named(one), words="", due_on=DAY, at=NOW, actor=bureau)
    few = number()
    for _ in range(5):
        other = fill(enterprise(town=body()), bureau, projects={"RD01": {"approval": False}})
        ask_about(other, **named(other), words="", due_on=DAY, at=NOW, actor=bureau)
    assert number() == few


def test_each_night_a_worker_is_asked_to_check_once():
    check_chains(NOW)
    check_chains(NOW)
    assert Job.objects.filter(kind="portfolio.check_chains").count() == 1
