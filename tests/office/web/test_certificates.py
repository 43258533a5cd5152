"""Certificates at the office's door: who sees what, as of a day, forms that refuse, counts that agree."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peiyu.office.accounts.models import BodyKind, Duty, Role
from peiyu.office.enterprises.actions import close
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation.models import OfficeDay, Source
from peiyu.office.portfolio.actions import record_use, say_full
from peiyu.office.qualifications import actions
from peiyu.office.qualifications.models import (
    AnnualReport,
    Certificate,
    CertificateEvent,
    ChangeReport,
    EventKind,
    TechSmeNumber,
    Title,
)
from tests.office.factories import DAY, again, body, enterprise, mandate, person
from tests.office.portfolio.filled import fill
from tests.office.qualifications.given import certificate, event, number, paper
from tests.policy.chain.clean import MODEL, MODEL_2

pytestmark = [pytest.mark.django_db, pytest.mark.urls("peiyu.office.config.urls")]
LIST = "/certificates/"
HOSTILE = ("9" * 40, "x" * 5_000, "\0", "\u202e", "=1+1", "<script>alert(1)</script>", "2019-13-45",
           "{{7*7}}", "-1", "٣", "' OR 1=1--", "NaN", "")  # fmt: skip


@pytest.fixture(autouse=True)
def _day(settings):
    settings.DEMO = True
    OfficeDay.objects.create(day=DAY)


@pytest.fixture
def town():
    return body(BodyKind.TOWN, "克井镇")


@pytest.fixture
def one(town):
    return enterprise("济源市荻鹬装备有限公司", town=town, code="91419001MAX1LX27Q9")


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def officer(town):
    return person(Role.TOWN_OFFICER, town)


@pytest.fixture
def owner(one):
    found = person(duty=Duty.ENTERPRISE)
    mandate(one, found)
    return again(found)


def entered(client, who):
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text(answer):
    return answer.content.decode()


def told(**more):
    """A certificate as it is typed."""
    return {
        "number": number(2018), "issued_on": "2018-12-03", "issued_here": "yes", "title": "豫高企〔2019〕1号",
        **more,
    }  # fmt: skip


# who sees what


def test_everybody_sees_the_certificates_of_what_they_see(client, one, town, bureau, officer):
    own = certificate(one, by=bureau)
    foreign = certificate(enterprise("济源市别家有限公司"), by=bureau)
    coach = person(Role.COACH)
    mandate(one, coach, MandateKind.COACH)
    for who, seen in (
        (bureau, {own, foreign}), (person(Role.LEADER), {own, foreign}), (officer, {own}),
        (person(Role.FINANCE), {own, foreign}), (person(Role.TAX), {own, foreign}), (coach, {own}),
        (person(Role.ZONE_OFFICER), set()),
    ):  # fmt: skip
        page = text(entered(client, again(who)).get(LIST))
        for held in (own, foreign):
            assert (held.number in page) == (held in seen)
            status = client.get(f"{LIST}{held.pk}/").status_code
            assert status == (200 if held in seen else 404)
            tab = client.get(f"/enterprises/{held.enterprise_id}/qualifications/").status_code
            assert tab == (200 if held in seen else 404)


def test_what_is_not_ones_to_do_is_not_there(client, one, officer, bureau, owner):
    held = certificate(one, by=bureau)
    happened = event(held, EventKind.RENAMED, DAY, by=bureau)
    pages = [
        f"{LIST}new/", f"{LIST}lists/", f"{LIST}{held.pk}/correct/", f"{LIST}{held.pk}/withdraw/",
        f"{LIST}{held.pk}/events/revoked/", f"{LIST}{held.pk}/events/{happened.pk}/withdraw/",
        f"/enterprises/{one.pk}/certificates/new/", f"/enterprises/{one.pk}/titles/new/",
        f"/enterprises/{one.pk}/tech-sme/new/", f"/enterprises/{one.pk}/changes/new/",
    ]  # fmt: skip
    for who in (officer, person(Role.LEADER), person(Role.TAX), owner):
        entered(client, who)
        for page in pages:
            assert client.get(page).status_code == 404, page
            assert client.post(page, told()).status_code in (404, 405), page
    assert client.get(LIST).status_code == 404
    entered(client, officer)
    shown = text(client.get(f"{LIST}{held.pk}/"))
    assert f"{LIST}{held.pk}/correct/" not in shown and f"{LIST}new/" not in text(client.get(LIST))
    page = f"/enterprises/{one.pk}/annual-reports/2018/"
    assert client.get(page).status_code == 404
    assert entered(client, owner).get(page).status_code == 200
    assert "not_filed" not in text(client.get(page))


# the list


def rows(client, **asked):
    answer = client.get(LIST, asked)
    assert answer.status_code == 200, answer.status_code
    return [row.name for row in answer.context["table"].rows]


def test_the_list_is_that_of_the_day(client, one, bureau):
    first, again_ = (
        certificate(one, date(2015, 6, 30), by=bureau),
        certificate(one, date(2018, 7, 2), by=bureau),
    )
    entered(client, bureau)
    assert rows(client) == [again_.number, first.number]
    assert rows(client, on="2018-07-01") == [first.number]
    assert rows(client, on="2015-06-29") == []
    assert "已到期" in text(client.get(LIST, {"state": "expired"}))
    page = text(client.get(LIST, {"on": "2018-01-01"}))
    assert "将到期" in page and "截至2018-01-01的状态和责任单位" in page


def test_filters_find_what_they_say(client, one, town, bureau):
    other = enterprise("济源市乙电子有限公司", town=body(BodyKind.TOWN, "承留镇"))
    gone = certificate(one, date(2013, 10, 1), by=bureau)
    event(gone, EventKind.REVOKED, date(2015, 3, 1), by=bureau)
    gap = certificate(one, date(2018, 10, 1), by=bureau)
    soon = certificate(other, date(2016, 9, 1), by=bureau)
    entered(client, bureau)
    for asked, found in (
        ({"state": "gone"}, {gone}), ({"state": "in_force"}, {gap}), ({"state": "expiring"}, {soon}),
        ({"state": ["gone", "expiring"]}, {gone, soon}), ({"order": "after_gap"}, {gap}),
        ({"order": "first"}, {gone, soon}), ({"year": "2018"}, {gap}), ({"left": "3"}, {soon}),
        ({"left": "2"}, set()), ({"body": str(town.pk)}, {gone, gap}), ({"q": soon.number}, {soon}),
        ({"q": gap.number[:10]}, {gap}), ({"body": str(town.pk), "state": "expiring"}, set()),
    ):  # fmt: skip
        assert set(rows(client, **asked)) == {held.number for held in found}, asked
    assert rows(client, sort="last_on")[0] == gone.number


def test_who_lay_elsewhere_on_the_day_is_found_there(client, one, town, bureau):
    certificate(one, date(2017, 9, 1), by=bureau)
    there = body(BodyKind.TOWN, "承留镇")
    residence = one.residences.get()
    residence.until_on = date(2018, 12, 31)
    residence.save()
    one.residences.create(from_on=date(2019, 1, 1), town=there, body=there)
    entered(client, bureau)
    assert rows(client, body=str(town.pk), on="2018-12-31") and not rows(client, body=str(town.pk))
    assert rows(client, body=str(there.pk)) and "承留镇" in text(client.get(LIST))


@pytest.mark.parametrize("given", HOSTILE)
def test_whatever_is_asked_the_list_answers(client, one, bureau, given):
    certificate(one, by=bureau)
    entered(client, bureau)
    names = ("q", "body", "state", "order", "year", "left", "on", "sort", "after", "before")
    for name in names:
        answer = client.get(LIST, {name: given})
        assert answer.status_code in (200, 422), (name, given)
        assert "<script>alert" not in text(answer)
    for page in ("expiry/", "stock/"):
        for name in ("on", "known", "within", "after"):
            assert client.get(LIST + page, {name: given}).status_code in (200, 422)
    for name in ("year", "state", "after"):
        assert client.get(f"{LIST}reports/", {name: given}).status_code in (200, 404)


@pytest.mark.parametrize(
    "day", ["0001-01-01", "1949-09-30", "1949-10-01", "2199-12-31", "9999-12-31"]
)
def test_days_at_the_edge_of_the_calendar_are_refused_or_find_nothing(client, one, bureau, day):
    held = certificate(one, by=bureau)
    entered(client, bureau)
    told = "known=" + day
    for address in (
        f"{LIST}?on={day}&state=expiring&left=48", f"{LIST}?on={day}&order=first&sort=last_on",
        f"{LIST}expiry/?on={day}", f"{LIST}stock/?on={day}", f"{LIST}stock/?{told}",
        f"{LIST}stock/?on={day}&{told}", f"{LIST}export/?on={day}&state=in_force",
        f"{LIST}export/?on={day}&state=expiring&left=48&as=csv", f"{LIST}{held.pk}/?on={day}",
        f"/goals/?on={day}", f"/goals/new/?on={day}", "/goals/share/9999/12/", "/goals/share/0/0/",
        f"/enterprises/{one.pk}/evidence/?{told}", f"/enterprises/{one.pk}/evidence/ip/?{told}",
        f"/evidence/rights/?on={day}", f"/evidence/fields/?on={day}", f"/evidence/contacts/?on={day}",
    ):  # fmt: skip
        answer = client.get(address, follow=True)
        assert answer.status_code in (200, 404, 422), (address, answer.status_code)
        if answer.status_code == 422 and "export" in address:
            assert "条件有误" in text(answer)


def test_a_wrong_filter_is_said_and_shows_no_rows(client, one, bureau):
    held = certificate(one, by=bureau)
    answer = entered(client, bureau).get(LIST, {"left": "99999"})
    assert answer.status_code == 422
    assert held.number not in text(answer) and "几个月内到期" in text(answer)


def test_while_one_filters_only_the_results_come(client, one, bureau):
    certificate(one, by=bureau)
    answer = entered(client, bureau).get(LIST, {"q": "荻鹬"}, headers={"HX-Request": "true"})
    assert "<html" not in text(answer) and 'id="results"' in text(answer)
    assert "HX-Request" in answer["Vary"]


def test_pages_ask_as_much_for_many_as_for_few(client, bureau, officer, town):
    def made(n):
        for at in range(n):
            held = certificate(
                fill(enterprise(town=town), bureau), date(2016, 7, 1 + at), by=bureau
            )
            event(held, EventKind.RENAMED, date(2018, 1, 1), by=bureau)

    pages = [
        LIST,
        f"{LIST}expiry/",
        f"{LIST}stock/",
        f"{LIST}reports/?year=2018",
        "/goals/",
        "/goals/new/",
    ]
    made(1)
    asked = {}
    for who in (bureau, officer):
        entered(client, who)
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as few:
                assert client.get(page).status_code == 200
            asked[who.pk, page] = len(few)
    made(6)
    for who in (bureau, officer):
        entered(client, who)
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as many:
                client.get(page)
            assert len(many) <= asked[who.pk, page] <= 26, page


# entering


def test_a_certificate_is_entered_by_code_or_from_the_enterprise(client, one, bureau):
    entered(client, bureau)
    answer = client.post(f"{LIST}new/", told(enterprise=one.code))
    held = Certificate.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"{LIST}{held.pk}/")
    assert (held.enterprise, held.issued_on) == (one, date(2018, 12, 3))
    other = enterprise("济源市乙电子有限公司")
    answer = client.post(
        f"/enterprises/{other.pk}/certificates/new/", told(printed_end_on="2021-12-02")
    )
    assert answer.status_code == 303
    assert Certificate.objects.get(enterprise=other).last_on == date(2021, 12, 2)
    shown = text(client.get(answer["Location"]))
    assert "证书所印" in shown and "豫高企〔2019〕1号" in shown


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"enterprise": "没有这家有限公司"}, "没有唯一对应的企业"),
        ({"number": "GR20184190000"}, "14"), ({"number": "XY201841900001"}, "GR"),
        ({"number": ""}, ""), ({"issued_on": "2018-02-30"}, ""), ({"issued_on": "2030-01-01"}, "2030-01-01"),
        ({"issued_on": "2007-01-01"}, ""), ({"printed_end_on": "2018-01-01"}, "2018-01-01"),
        ({"title": ""}, ""), ({"issued_here": "maybe"}, ""),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(client, one, bureau, given, said):
    sources = Source.objects.count()
    entered(client, bureau)
    typed = told(enterprise=one.code, issuer="河南省")
    typed.update(given)
    answer = client.post(f"{LIST}new/", typed)
    assert answer.status_code == 422
    assert said in text(answer) and 'value="河南省"' in text(answer)
    assert not Certificate.objects.exists() and Source.objects.count() == sources


def test_the_same_number_is_refused_with_whose_it_is(client, one, bureau):
    held = certificate(one, by=bureau)
    entered(client, bureau)
    other = enterprise("济源市乙电子有限公司")
    answer = client.post(f"/enterprises/{other.pk}/certificates/new/", told(number=held.number))
    assert answer.status_code == 422 and one.name in text(answer)


@pytest.mark.parametrize("given", HOSTILE)
def test_whatever_is_typed_no_form_breaks(client, one, bureau, given):
    held = certificate(one, by=bureau)
    entered(client, bureau)
    names = ("number", "issued_on", "printed_end_on", "issued_here", "name", "issuer", "title", "reason",
             "happened_on", "from_on", "words", "enterprise", "kind", "level", "awarded_on", "ends_on",
             "reported_on", "filed_on", "seen", "dated_on", "document")  # fmt: skip
    typed = dict.fromkeys(names, given)
    at = f"/enterprises/{one.pk}/"
    for page in (
        f"{LIST}new/", f"{LIST}{held.pk}/correct/", f"{LIST}{held.pk}/events/revoked/",
        f"{LIST}{held.pk}/events/renamed/", f"{at}certificates/new/", f"{at}tech-sme/new/",
        f"{at}titles/new/", f"{at}changes/new/", f"{at}annual-reports/2018/",
    ):  # fmt: skip
        answer = client.post(page, typed)
        assert answer.status_code == 422, page
        assert "<script>alert" not in text(answer)
    for page in ("annual-reports/9999/", "annual-reports/0/", "annual-reports/2010/"):
        assert client.get(at + page).status_code in (200, 404)


def test_a_correction_wants_a_reason_and_keeps_what_stood(client, one, bureau):
    held = certificate(one, by=bureau)
    entered(client, bureau)
    page = f"{LIST}{held.pk}/correct/"
    given = {**told(number=held.number, issued_on="2016-12-02"), "seen": 1}
    assert client.post(page, given).status_code == 422
    assert client.post(page, {**given, "reason": "登错日期"}).status_code == 303
    held.refresh_from_db()
    assert (held.issued_on, held.version) == (date(2016, 12, 2), 2)
    shown = text(client.get(f"{LIST}{held.pk}/"))
    assert "登错日期" in shown and "2016-12-01" in shown and "发证日期" in shown


def test_two_who_correct_see_both_and_what_one_left_alone_stays(client, one, bureau):
    held = certificate(one, by=bureau, issuer="甲")
    actions.correct_certificate(
        held, {"issuer": "乙", "issued_on": date(2016, 12, 2)}, seen=1, reason="对", source=paper(),
        on=DAY, actor=bureau,
    )  # fmt: skip
    entered(client, bureau)
    page = f"{LIST}{held.pk}/correct/"
    typed = {**told(number=held.number, issued_on="2016-12-01", issuer="丙", name=held.name), "seen": 1,
             "reason": "核对"}  # fmt: skip
    answer = client.post(page, typed)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert [(d.field, d.wanted, d.stands) for d in form.conflict.differences] == [
        ("发证日期", "2016-12-01", "2016-12-02"), ("认定机构", "丙", "乙"),
    ]  # fmt: skip
    sent = {name: form[name].value() or "" for name in form.fields}
    assert (sent["issued_on"], sent["issuer"], sent["seen"]) == ("2016-12-02", "丙", "2")
    assert client.post(page, sent).status_code == 303
    held.refresh_from_db()
    assert (held.issuer, held.issued_on) == ("丙", date(2016, 12, 2))


def test_what_was_entered_by_mistake_is_taken_back_with_a_reason(client, one, bureau):
    held = certificate(one, by=bureau)
    entered(client, bureau)
    page = f"{LIST}{held.pk}/withdraw/"
    assert client.post(page, {"reason": " "}).status_code == 422
    assert client.post(page, {"reason": "重复"}).status_code == 303
    assert client.get(page).status_code == 404 and rows(client) == []
    assert "登记已撤回" in text(client.get(f"{LIST}{held.pk}/"))


def test_each_kind_of_event_is_said_and_taken_back(client, one, bureau):
    held = certificate(one, date(2017, 9, 1), by=bureau)
    entered(client, bureau)
    for at, kind in enumerate(EventKind):
        if kind == EventKind.MOVED_IN:
            continue  # it lies here already
        given = {"happened_on": f"2018-0{at + 1}-01", "title": "文件", "name": "济源市新名有限公司"}
        answer = client.post(f"{LIST}{held.pk}/events/{kind}/", given)
        assert answer.status_code == 303, (kind, text(answer))
        row = CertificateEvent.objects.latest("pk")
        assert row.kind == kind
        shown = text(client.get(f"{LIST}{held.pk}/"))
        assert kind.label in shown
        page = f"{LIST}{held.pk}/events/{row.pk}/withdraw/"
        assert client.post(page, {"reason": "登错"}).status_code == 303
        assert client.get(page).status_code == 404
    assert "登错" in text(client.get(f"{LIST}{held.pk}/"))
    assert client.get(f"{LIST}{held.pk}/events/melted/").status_code == 404


def test_an_event_before_the_issue_or_twice_is_refused(client, one, bureau):
    held = certificate(one, date(2017, 9, 1), by=bureau)
    entered(client, bureau)
    page = f"{LIST}{held.pk}/events/revoked/"
    early = client.post(page, {"happened_on": "2017-08-31", "title": "文件"})
    assert early.status_code == 422 and "2017-08-31" in text(early)
    given = {"happened_on": "2018-05-04", "from_on": "2018-01-01", "title": "文件"}
    assert client.post(page, given).status_code == 303
    twice = client.post(page, {**given, "happened_on": "2018-06-04"})
    assert twice.status_code == 422 and "2018-05-04" in text(twice)


# the tab, reports, changes


def test_numbers_and_titles_are_entered_struck_off_and_taken_back(client, one, bureau):
    entered(client, bureau)
    at = f"/enterprises/{one.pk}/"
    given = {"number": "201941900108000123", "issued_on": "2019-05-06", "title": "公告"}
    assert client.post(f"{at}tech-sme/new/", given).status_code == 303
    twice = client.post(f"{at}tech-sme/new/", given)
    assert twice.status_code == 422 and one.name in text(twice)
    given = {"kind": "little_giant", "level": "province", "awarded_on": "2018-09-01", "title": "公告",
             "ends_on": "2021-08-31"}  # fmt: skip
    assert client.post(f"{at}titles/new/", given).status_code == 303
    early = client.post(f"{at}titles/new/", {**given, "kind": "reserve", "ends_on": "2018-01-01"})
    assert early.status_code == 422
    page = text(client.get(f"{at}qualifications/"))
    assert "201941900108000123" in page and "2018-09-01" in page
    row, title = TechSmeNumber.objects.get(), Title.objects.get()
    for what, key in (("tech-sme", row.pk), ("titles", title.pk)):
        struck = f"{at}qualifications/{what}/{key}/revoke/"
        assert client.post(struck, {"revoked_on": "2030-01-01", "reason": "x"}).status_code == 422
        assert (
            client.post(struck, {"revoked_on": "2019-06-01", "reason": "不符"}).status_code == 303
        )
        assert client.get(struck).status_code == 404
        assert "已撤销" in text(client.get(f"{at}qualifications/"))
        back = f"{at}qualifications/{what}/{key}/withdraw/"
        assert client.post(back, {"reason": "登错"}).status_code == 303
        assert client.get(back).status_code == 404
    assert "201941900108000123" not in text(client.get(f"{at}qualifications/"))
    for page in (
        "reports/1/revoke/",
        "nothing/1/revoke/",
        "nothing/1/withdraw/",
        "titles/999/withdraw/",
    ):
        assert client.get(f"{at}qualifications/{page}").status_code == 404


def test_the_day_of_the_annual_report_is_said_by_the_enterprise_or_the_bureau(client, one, bureau, owner):  # fmt: skip
    certificate(one, date(2016, 12, 1), by=bureau)
    page, tab = (
        f"/enterprises/{one.pk}/annual-reports/2018/",
        f"/enterprises/{one.pk}/qualifications/",
    )
    entered(client, owner)
    assert client.post(page, {}).status_code == 422
    assert client.post(page, {"filed_on": "2030-01-01"}).status_code == 422
    assert client.post(page, {"filed_on": "2018-03-01"}).status_code == 422
    assert client.post(page, {"filed_on": "2019-05-20"}).status_code == 303
    assert "按时" in text(client.get(tab))
    entered(client, bureau)
    assert client.post(page, {"filed_on": "2019-06-02"}).status_code == 422
    assert client.post(page, {"filed_on": "2019-06-02", "reason": "核实"}).status_code == 303
    assert "逾期补报" in text(client.get(tab))
    both = client.post(page, {"filed_on": "2019-06-02", "not_filed": "on", "reason": "核实"})
    assert both.status_code == 422
    assert client.post(page, {"not_filed": "on", "reason": "系统里没有"}).status_code == 303
    row = AnnualReport.objects.standing().get()
    assert row.filed_on is None and "未填报" in text(client.get(tab))
    assert AnnualReport.objects.count() == 3


def test_a_bank_does_not_read_annual_reports(client, one, bureau):
    certificate(one, date(2016, 12, 1), by=bureau)
    bank = person(Role.BANK)
    mandate(one, bank, MandateKind.BANK)
    tab = f"/enterprises/{one.pk}/qualifications/"
    assert "年度发展情况报表" in text(entered(client, bureau).get(tab))
    page = text(entered(client, again(bank)).get(tab))
    assert "年度发展情况报表" not in page and "GR2016" in page


def test_a_change_of_name_is_to_be_reported_until_it_was(client, one, bureau, officer):
    certificate(one, date(2016, 12, 1), by=bureau)
    one.names.update(until_on=date(2019, 4, 30))
    one.names.create(name="济源市新名装备有限公司", core="新名", from_on=date(2019, 5, 1))
    tab, page = f"/enterprises/{one.pk}/qualifications/", f"/enterprises/{one.pk}/changes/new/"
    assert "2019-08-01" in text(entered(client, officer).get(tab))
    assert "待报告" in text(client.get(tab)) and page not in text(client.get(tab))
    entered(client, bureau)
    form = client.get(page, {"kind": "renamed", "happened_on": "2019-05-01"}).context["form"]
    assert (form["kind"].value(), form["happened_on"].value()) == ("renamed", "2019-05-01")
    given = {"kind": "renamed", "happened_on": "2019-05-01", "title": "报告"}
    assert client.post(page, {**given, "reported_on": "2019-04-01"}).status_code == 422
    assert client.post(page, {**given, "reported_on": "2019-06-01"}).status_code == 303
    assert "待报告" not in text(client.get(tab))
    back = f"/enterprises/{one.pk}/qualifications/changes/{ChangeReport.objects.get().pk}/withdraw/"
    assert client.post(back, {"reason": "登错"}).status_code == 303
    assert "待报告" in text(client.get(tab))


def test_reports_of_a_year_by_how_they_stand(client, one, town, bureau, officer):
    certificate(one, date(2016, 12, 1), by=bureau)
    late = enterprise("济源市晚报有限公司", town=town)
    certificate(late, date(2016, 12, 1), by=bureau)
    certificate(enterprise("济源市别家有限公司"), date(2016, 12, 1), by=bureau)
    for firm, filed in ((one, date(2019, 5, 2)), (late, date(2019, 6, 3))):
        actions.file_annual_report(
            firm, year=2018, filed_on=filed, source=paper(), on=DAY, actor=bureau
        )
    entered(client, bureau)

    def shown(**asked):
        answer = client.get(f"{LIST}reports/", {"year": "2018", **asked})
        return [row.name for row in answer.context["table"].rows]

    assert len(shown()) == 3
    assert shown(state="in_time") == [one.name] and shown(state="late") == [late.name]
    assert shown(state="unknown") == ["济源市别家有限公司"]
    entered(client, officer)
    assert set(shown()) == {one.name, late.name}
    for year in ("2014", "2019", "2x", "99999"):
        assert client.get(f"{LIST}reports/", {"year": year}).status_code == 404
    page = text(client.get(f"{LIST}reports/", {"year": "2017"}))
    assert one.name in page and "annual-reports" not in page


# what lapses, how many count


def test_what_lapses_stands_by_alarm_and_month(client, one, town, bureau):
    soon = certificate(one, date(2016, 9, 1), by=bureau)
    later = certificate(enterprise("济源市乙电子有限公司", town=town), date(2017, 10, 1), by=bureau)
    certificate(enterprise("济源市丙有限公司", town=town), date(2018, 12, 1), by=bureau)
    entered(client, bureau)

    def shown(**asked):
        return [row.values["number"].text for row in
                client.get(f"{LIST}expiry/", asked).context["table"].rows]  # fmt: skip

    assert shown() == [soon.number, later.number]
    assert shown(within="6") == [soon.number]
    assert shown(on="2018-01-01", within="6") == []
    bands = {band.months: band.number for band in client.get(f"{LIST}expiry/").context["bands"]}
    assert bands == {18: 2, 12: 1, 9: 1, 6: 1}
    bars = {bar.label: bar.number for bar in client.get(f"{LIST}expiry/").context["bars"]}
    assert (bars["2019-09"], bars["2020-10"]) == (1, 1) and sum(bars.values()) == 2
    fresh = certificate(
        enterprise("济源市丁有限公司", town=town), DAY.replace(year=2016, month=12), by=bureau
    )
    assert shown(within="6", fresh="1") == [fresh.number]


def test_what_lapses_says_with_what_one_could_apply_once_more(client, one, town, bureau, officer):
    certificate(one, date(2016, 9, 1), by=bureau)
    bare = enterprise("济源市乙电子有限公司", town=town)
    certificate(bare, date(2017, 10, 1), by=bureau)

    def shown(who):
        table = entered(client, who).get(f"{LIST}expiry/").context["table"]
        keys = [column.key for column in table.columns]
        values = {
            row.name: (row.values["class_one"], row.values["class_two"]) for row in table.rows
        }
        return "class_two" in keys, values

    assert shown(bureau) == (False, {one.name: (None, None), bare.name: (None, None)})
    fill(one, bureau)
    for on, number_ in ((date(2016, 9, 1), MODEL), (date(2016, 9, 2), MODEL_2)):
        record_use(number_, used_by=one.code, used_on=on, successful=True, valid_to=None,
                   enterprise=one, source=paper(), actor=bureau, on=DAY)  # fmt: skip
    for who in (bureau, officer, person(Role.IP_OFFICE)):
        seen, values = shown(who)
        assert seen and values[bare.name] == (None, None)  # unknown, not zero
        assert [link.text for link in values[one.name]] == ["1", "0，已用2"]
        assert client.get(values[one.name][1].href).status_code == 200
    who = person(Role.LEADER)
    assert shown(who) == (False, {one.name: (None, None), bare.name: (None, None)})
    assert "已用" not in text(client.get(f"{LIST}expiry/"))
    say_full(one, table="ip", full=False, actor=bureau)
    assert [link.text for link in shown(bureau)[1][one.name]] == ["≥1", "≥0，已用2"]


def test_the_stock_adds_up_and_leads_to_its_rows(client, one, town, bureau):
    certificate(one, date(2016, 12, 1), by=bureau)
    certificate(one, date(2013, 12, 2), by=bureau)
    certificate(
        enterprise("济源市别家有限公司", town=body(BodyKind.TOWN)), date(2018, 12, 1), by=bureau
    )
    entered(client, bureau)
    for on, number_ in (("", 2), ("2018-11-30", 1), ("2013-12-01", 0), ("2019-12-01", 2)):
        bodies = client.get(f"{LIST}stock/", {"on": on}).context["bodies"]
        assert bodies.stock == number_ == sum(line.stock for line in bodies.lines)
        listed = rows(client, on=on, state=["in_force", "expiring"])
        assert len(listed) == number_
    before = (DAY - timedelta(days=1)).isoformat()
    page = client.get(f"{LIST}stock/", {"known": before})
    assert page.context["bodies"].stock == 0 and "已知的计" in text(page)


def test_a_closed_enterprise_that_still_counts_is_named(client, one, bureau):
    certificate(one, date(2016, 12, 1), by=bureau)
    close(one, status="closed", on=DAY, reason="注销", actor=bureau)
    page = text(entered(client, bureau).get(f"{LIST}stock/"))
    assert "证书仍然计入" in page and one.name in page
    assert "证书还在计入" in text(client.get("/"))
