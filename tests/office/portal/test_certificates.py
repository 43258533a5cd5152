"""Certificates at the door of enterprises: what one holds, what is due, when the report was filed."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from peiyu.office.accounts.models import BodyKind, Role
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation.models import OfficeDay, Source
from peiyu.office.qualifications import actions
from peiyu.office.qualifications.models import AnnualReport, EventKind
from tests.office.factories import DAY, body, enterprise, mandate, person
from tests.office.qualifications.given import certificate, event, paper

pytestmark = pytest.mark.django_db
HOSTILE = ("9" * 40, "x" * 5_000, "\0", "\u202e", "=1+1", "<script>alert(1)</script>", "2019-13-45",
           "-1", "٣", "")  # fmt: skip


@pytest.fixture(autouse=True)
def _day(settings):
    settings.DEMO = True
    OfficeDay.objects.create(day=DAY)


def to(day):
    """Let the office's day be this one."""
    OfficeDay.objects.update_or_create(pk=1, defaults={"day": day})


@pytest.fixture
def one():
    return enterprise("济源市荻鹬装备有限公司", town=body(BodyKind.TOWN, "克井镇"))


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def owner(one):
    who = person(Role.OWNER, name="任秋实")
    mandate(one, who)
    return who


def of(kind, row):
    who = person(kind.value)
    mandate(row, who, kind)
    return who


def page(one):
    return reverse("portal_certificates", args=[one.pk])


def form(one, year=2018):
    return reverse("portal_report_file", args=[one.pk, year])


def text(answer):
    return answer.content.decode()


def test_one_sees_what_one_holds_and_how_long(one, owner, bureau, client):
    assert client.get(page(one)).status_code == 302
    client.force_login(owner)
    assert "还没有高新技术企业证书" in text(client.get(page(one)))
    held = certificate(one, date(2016, 9, 1), by=bureau)
    actions.enter_tech_sme(one, number="201941900108000123", issued_on=None, source=paper(), on=DAY,
                           actor=bureau)  # fmt: skip
    actions.enter_title(one, kind="little_giant", level="province", awarded_on=date(2015, 9, 1),
                        ends_on=date(2018, 8, 31), source=paper(), on=DAY, actor=bureau)  # fmt: skip
    shown = text(client.get(page(one)))
    for words in (
        held.number,
        "将到期",
        "还有2个月",
        "到期前要重新认定",
        "201941900108000123",
        "已过期",
    ):
        assert words in shown
    assert page(one) in text(client.get(reverse("portal_enterprise", args=[one.pk])))
    to(date(2018, 4, 1))
    assert "准备期长" in text(client.get(page(one)))
    to(date(2020, 1, 1))
    assert "已到期" in text(client.get(page(one)))


@pytest.mark.parametrize(
    "kind", [MandateKind.OWNER, MandateKind.ACCOUNTANT, MandateKind.AGENCY, MandateKind.BANK]
)
def test_who_reads_and_who_says_when_the_report_was_filed(kind, one, bureau, client):
    certificate(one, date(2016, 9, 1), by=bureau)
    foreign = enterprise("济源市别家有限公司")
    certificate(foreign, date(2016, 9, 1), by=bureau)
    client.force_login(of(kind, one))
    shown = text(client.get(page(one)))
    files = kind in (MandateKind.OWNER, MandateKind.ACCOUNTANT)
    assert ("年报" in shown) == (kind != MandateKind.BANK)
    assert (form(one) in shown) == files
    assert client.get(form(one)).status_code == (200 if files else 404)
    sent = {"filed_on": "2019-05-20"}
    assert client.post(form(one), sent).status_code == (303 if files else 404)
    for address in (page(foreign), form(foreign)):
        assert client.get(address).status_code == 404
        assert client.post(address, sent).status_code in (404, 405)
    assert AnnualReport.objects.count() == (1 if files else 0)


def test_officials_find_it_at_their_own_door(one, bureau, client):
    client.force_login(bureau)
    assert client.get(page(one)).status_code == client.get(form(one)).status_code == 404


def test_the_day_is_refused_where_it_cannot_be_and_corrected_with_a_reason(
    one, owner, bureau, client
):
    certificate(one, date(2016, 9, 1), by=bureau)
    client.force_login(owner)
    sources = Source.objects.count()
    for given in (*HOSTILE, "2030-01-01", "2018-05-01"):
        answer = client.post(form(one), {"filed_on": given, "reason": given})
        assert answer.status_code == 422, given
        assert "<script>alert" not in text(answer)
    assert Source.objects.count() == sources
    assert client.post(form(one), {"filed_on": "2019-05-20"}).status_code == 303
    assert "已按时填报" in text(client.get(page(one)))
    assert client.post(form(one), {"filed_on": "2019-06-03"}).status_code == 422
    assert client.post(form(one), {"filed_on": "2019-06-03", "reason": "写错"}).status_code == 303
    assert "逾期补报" in text(client.get(page(one)))
    assert AnnualReport.objects.standing().get().source.person == owner
    for year in (2014, 2019, 0, 9999):
        assert client.get(form(one, year)).status_code == 404
    refused = client.post(form(one, 2015), {"filed_on": "2016-05-01"})
    assert refused.status_code == 422 and "2016-05-31" in text(refused)


def test_the_first_page_says_what_is_due_until_it_is_done(one, owner, bureau, client):
    certificate(one, date(2016, 9, 1), by=bureau)
    client.force_login(owner)
    to(date(2019, 5, 6))
    home = text(client.get(reverse("portal")))
    assert "2018年度年报请在2019-05-31前填报" in home
    assert "高企证书2019-09-01到期，还有3个月，请准备重新认定" in home
    to(DAY)
    assert "期限是2019-05-31，请登记填报日期" in text(client.get(reverse("portal")))
    client.post(form(one), {"filed_on": "2019-05-20"})
    assert "请登记填报日期" not in text(client.get(reverse("portal")))


def test_missing_twice_and_changes_are_said(one, owner, bureau, client):
    certificate(one, date(2016, 9, 1), by=bureau)
    for year in (2016, 2017):
        actions.file_annual_report(
            one, year=year, filed_on=None, source=paper(), on=DAY, actor=bureau
        )
    one.names.update(until_on=date(2019, 4, 30))
    one.names.create(name="济源市新名有限公司", core="新名", from_on=date(2019, 5, 1))
    client.force_login(owner)
    shown = text(client.get(page(one)))
    assert "已缺报2次" in shown and "2019-08-01前报告" in shown and "待报告" in shown
    event(one.certificates.get(), EventKind.RENAMED, date(2019, 6, 1), by=bureau)
    assert "已报告" in text(client.get(page(one)))


def test_the_first_page_asks_as_much_for_many_as_for_few(one, owner, bureau, client):
    certificate(one, date(2016, 9, 1), by=bureau)
    client.force_login(owner)
    client.get(reverse("portal"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("portal"))
    for n in range(5):
        firm = enterprise(f"济源市第{n}有限公司")
        mandate(firm, owner)
        certificate(firm, date(2016, 9, 1), by=bureau)
    with CaptureQueriesContext(connection) as many:
        assert text(client.get(reverse("portal"))).count("请准备重新认定") == 12
    assert len(many) <= len(few)
