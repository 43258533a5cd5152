"""Assessments at the office's door: the page, each condition, the lists, warnings, runs."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from peiyu.office.accounts.models import BodyKind, Role
from peiyu.office.assessments.jobs import REASSESS
from peiyu.office.assessments.models import FrozenAssessment, Readiness, Run
from peiyu.office.desk.models import ExportRequest
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation import jobs
from peiyu.office.foundation.models import Job, OfficeDay
from peiyu.office.notices.models import IssuedPaper
from peiyu.office.policies.actions import choose_reading, confirm_text, enter_text
from peiyu.office.reports.models import Basis
from peiyu.policy.rulebooks import HNTE
from tests.office.assessments.held import WAN, hold, paper, ready, row, state
from tests.office.factories import DAY, body, enterprise, mandate, person
from tests.office.notices.given import city
from tests.office.qualifications.given import certificate
from tests.office.web.test_years import text

pytestmark = [pytest.mark.django_db, pytest.mark.urls("peiyu.office.config.urls")]
CHINESE = re.compile(r"[\u4e00-\u9fff]+")


@pytest.fixture(autouse=True)
def _city(settings):
    settings.DEMO = True
    OfficeDay.objects.create(pk=1, day=DAY)


@pytest.fixture
def town():
    return body(BodyKind.TOWN, "克井镇")


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


def of_town(one, town):
    type(one).objects.filter(pk=one.pk).update(town=town, body=town)
    one.refresh_from_db()
    return one


def page_of(client, who, address):
    client.force_login(who)
    return client.get(address)


def test_the_page_says_the_outcome_the_lines_and_every_condition(client, bureau):
    one = hold(ready(), DAY)
    found = page_of(client, bureau, f"/enterprises/{one.pk}/assessment/")
    assert found.status_code == 200
    page = text(found)
    assert "由数据判断的条件全部符合" in page
    for criterion in HNTE.criteria:
        if criterion.group in ("gate", "hard", "judged"):
            assert criterion.title in page
    assert "M11(4)" in page and "至少还要得" in page
    assert f"/enterprises/{one.pk}/years/{DAY.year - 1}/{Basis.VERIFIED}/" in found.content.decode()


def test_what_is_not_met_is_named_with_value_limit_and_lack(client, bureau):
    one = hold(ready(**{"st_staff_average.1": 900}), DAY)
    page = text(page_of(client, bureau, f"/enterprises/{one.pk}/assessment/"))
    assert "“科技人员占职工总数的比例”为9.00%，要求≥10.00%" in page
    assert "差1人" in page and "不符合" in page


def test_an_unknown_is_no_zero_and_says_who_has_it(client, bureau):
    one = hold(ready(**{"staff_average.1": None}), DAY)
    page = text(page_of(client, bureau, f"/enterprises/{one.pk}/assessment/"))
    assert "1项资料不足" in page and "缺2018年" in page
    assert "缺什么，谁能给" in page


def test_a_condition_in_full_names_facts_rows_and_the_smallest_change(client, bureau):
    one = hold(ready(), DAY)
    at = f"/enterprises/{one.pk}/assessment/hnte/"
    staff = page_of(client, bureau, f"{at}st_staff/")
    assert staff.status_code == 200
    page = text(staff)
    assert "用到的数据" in page and "释义" in page and "即为不符合" in page
    row(one, "ip", {"no": "IP99", "title": "别人的", "kind": "software", "owner_self": False,
                    "granted_on": date(2017, 1, 1), "mainland": True, "certificate": True}, paper(),
        key="IP99")  # fmt: skip
    page = text(client.get(f"{at}ip/"))
    assert "IP99" in page and "不计入" in page
    assert client.get(f"{at}nothing/").status_code == 404
    assert client.get(f"/enterprises/{one.pk}/assessment/jiyuan_awards/").status_code == 404


def test_any_day_can_be_chosen_and_the_rules_of_that_day_judge(client, bureau):
    one = hold(ready(), DAY)
    at = f"/enterprises/{one.pk}/assessment/"
    later = text(page_of(client, bureau, f"{at}?on=2020-06-17"))
    assert "按2020-06-17判断" in later
    before = page_of(client, bureau, f"{at}?on=2009-06-17")
    assert before.status_code == 200 and "还没有这套规则" in text(before)
    known = text(client.get(f"{at}?known=2015-01-04"))
    assert "按2015-01-04已知的数据" in known and "资料不足" in known


@pytest.mark.parametrize(
    "query", ["on=x", "on=1001-01-01", "known=2019-02-30", "basis=mine", "on=9999-12-31"]
)
def test_a_wrong_day_is_told_and_the_page_still_stands(client, bureau, query):
    one = hold(ready(), DAY)
    for at in ("", "hnte/st_staff/"):
        found = page_of(client, bureau, f"/enterprises/{one.pk}/assessment/{at}?{query}")
        assert found.status_code == 422
        assert "条件有误" in text(found)


def test_another_basis_that_says_otherwise_is_shown(client, bureau):
    one = hold(ready(), DAY)
    few = {"st_staff_average": 900, "staff_average": 10_000}
    state(one, DAY.year - 1, few, paper(), Basis.DECLARED)
    page = text(page_of(client, bureau, f"/enterprises/{one.pk}/assessment/"))
    assert "申报数优先则不符合" in page
    chosen = text(client.get(f"/enterprises/{one.pk}/assessment/?basis=declared"))
    assert "“科技人员占职工总数的比例”为9.00%" in chosen


def test_who_reads_no_figures_reads_no_assessment(client, town):
    one = of_town(hold(ready(), DAY), town)
    addresses = [f"/enterprises/{one.pk}/assessment/", f"/enterprises/{one.pk}/assessment/hnte/ip/"]
    elsewhere = person(Role.TOWN_OFFICER, body(BodyKind.TOWN, "坡头镇"))
    for who in (elsewhere, person(Role.LEADER), person(Role.IP_OFFICE)):
        for address in addresses:
            assert page_of(client, who, address).status_code == 404, (who, address)
    own = person(Role.TOWN_OFFICER, town)
    assert page_of(client, own, addresses[0]).status_code == 200


def test_in_english_no_sign_is_chinese(client, bureau):
    one = hold(ready(**{"st_staff_average.1": 900, "net_assets.1": None}), DAY)
    type(one).objects.filter(pk=one.pk).update(name="Firm")
    type(bureau).objects.filter(pk=bureau.pk).update(language="en", name="Officer")
    client.force_login(type(bureau).objects.get(pk=bureau.pk))
    for at in ("", "hnte/st_staff/", "hnte/ip/", "hnte/score/", "tech_sme/", "reserve/"):
        found = client.get(
            f"/enterprises/{one.pk}/assessment/{at}", headers={"accept-language": "en"}
        )
        page = text(found).replace("中文", "").replace("培育", "")
        left = [
            word
            for word in CHINESE.findall(page)
            if word not in ("济源市", "材料", "部门", "国科发火", "号")
        ]
        assert not left, (at, left)


def test_the_page_asks_the_same_for_much_as_for_little(client, bureau):
    little, much = hold(ready(), DAY), hold(ready(), DAY)
    for at in range(20):
        row(
            much,
            "ip",
            {"no": f"IP{at + 50}", "title": f"件{at}", "kind": "software"},
            paper(),
            key=f"IP{at + 50}",
        )
        row(
            much,
            "projects",
            {"no": f"RD{at + 50}", "title": f"项{at}"},
            paper(),
            key=f"RD{at + 50}",
        )
    client.force_login(bureau)
    counts = []
    for one in (little, much):
        client.get(f"/enterprises/{one.pk}/assessment/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/enterprises/{one.pk}/assessment/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 26, counts  # 25, and the day of the demo


# Across enterprises


@pytest.fixture
def judged(town):
    """Four enterprises of a town, judged by the job."""
    ones = [
        hold(ready(), DAY),
        hold(ready(**{"st_staff_average.1": 900}), DAY),
        hold(ready(**{"staff_average.1": None}), DAY),
        hold(ready(**{"st_staff_average.1": 900, "ht_income.1": WAN}), DAY),
    ]
    for one in ones:
        of_town(one, town)
    job = jobs.start(REASSESS, "核对", {}, None)
    jobs.run.func(job.pk)
    return ones


def names_on(found):
    return set(re.findall(r"/enterprises/(\d+)/assessment/", found.content.decode()))


def test_the_list_filters_by_what_is_open(client, bureau, judged):
    fine, staff, unknown, both = (str(one.pk) for one in judged)
    client.force_login(bureau)
    assert names_on(client.get("/assessments/")) == {fine, staff, unknown, both}
    assert names_on(client.get("/assessments/?stands=hard_met")) == {fine}
    assert names_on(client.get("/assessments/?only=st_staff")) == {staff}
    assert names_on(client.get("/assessments/?stands=one_unmet")) == {staff}
    assert names_on(client.get("/assessments/?lacks=st_staff")) == {unknown}
    assert names_on(client.get("/assessments/?stands=unmet")) == {staff, both}
    assert names_on(client.get("/assessments/?stands=unknown")) == {unknown}
    assert names_on(client.get("/assessments/?book=tech_sme")) == {fine, staff, unknown, both}
    for wrong in ("stands=x", "only=x", "body=abc"):
        assert client.get(f"/assessments/?{wrong}").status_code == 422
    page = text(client.get("/assessments/"))
    assert "卡在哪一项" in page and "科技人员占职工总数的比例" in page


def test_the_list_shows_to_each_their_own(client, judged, town):
    own = person(Role.TOWN_OFFICER, town)
    elsewhere = person(Role.TOWN_OFFICER, body(BodyKind.TOWN, "坡头镇"))
    assert len(names_on(page_of(client, own, "/assessments/"))) == 4
    assert names_on(page_of(client, elsewhere, "/assessments/")) == set()
    coach = person(Role.COACH)
    mandate(judged[0], coach, MandateKind.COACH)
    assert names_on(page_of(client, coach, "/assessments/")) == {str(judged[0].pk)}
    for who in (person(Role.LEADER), person(Role.IP_OFFICE), person(Role.BANK)):
        for address in ("/assessments/", "/assessments/warnings/", "/assessments/runs/"):
            assert page_of(client, who, address).status_code == 404


def test_the_list_asks_the_same_for_many(client, bureau, town, judged):
    client.force_login(bureau)
    client.get("/assessments/")
    with CaptureQueriesContext(connection) as few:
        client.get("/assessments/")
    first = Readiness.objects.filter(rulebook="hnte").first()
    for at in range(20):
        first.pk, first.enterprise = None, enterprise(f"企业{at}", town=town)
        first.save(force_insert=True)
    with CaptureQueriesContext(connection) as many:
        assert len(names_on(client.get("/assessments/"))) == 24
    assert len(many) == len(few) <= 16


def test_a_run_is_started_by_the_bureau_and_listed(client, bureau, judged, town):
    client.force_login(bureau)
    assert "全部重新测评" in text(client.get("/assessments/runs/"))
    found = client.post("/assessments/runs/start/")
    assert found.status_code == 303
    assert Job.objects.filter(kind=REASSESS).count() == 2
    assert "正在测评" in text(client.get("/assessments/runs/"))
    assert client.post("/assessments/runs/start/", follow=True).status_code == 200
    assert Job.objects.filter(kind=REASSESS).count() == 2
    client.force_login(person(Role.TOWN_OFFICER, town))
    assert client.post("/assessments/runs/start/").status_code == 404


def test_warnings_are_of_certificates_in_force(client, bureau, judged):
    certificate(judged[1], issued_on=date(2017, 8, 29))
    page = text(page_of(client, bureau, "/assessments/warnings/"))
    assert judged[1].name in page and "科技人员占职工总数的比例" in page
    assert "2020-08-29" in page


# Kept, and issued as papers


@pytest.fixture
def issuing(tmp_path, settings):
    """A city whose bureau has a mark for its papers, and an enterprise with gaps."""
    settings.FILES_ROOT = tmp_path / "files"
    place = city()
    one = of_town(
        hold(ready(**{"st_staff_average.1": 900, "total_income.1": None}), DAY), place.town
    )
    return place, one


def kept(client, who, one, query=""):
    client.force_login(who)
    found = client.post(
        f"/enterprises/{one.pk}/assessment/hnte/freeze/{query}", {"purpose": "推荐前核对"}
    )
    assert found.status_code == 303, text(found)
    return FrozenAssessment.objects.latest("pk")


def test_an_assessment_is_kept_as_shown_and_judged_again(client, issuing):
    place, one = issuing
    row = kept(client, place.officer, one)
    page = text(client.get(f"/assessments/frozen/{row.pk}/"))
    assert "内容一字不差" in page and "今天的结论一样" in page and "推荐前核对" in page
    assert "推荐前核对" in text(client.get(f"/enterprises/{one.pk}/assessment/"))
    state(one, DAY.year - 1, {"st_staff_average": 1100, "staff_average": 10_000}, paper(),
          Basis.VERIFIED, version=3, on=DAY)  # fmt: skip
    page = text(client.get(f"/assessments/frozen/{row.pk}/"))
    assert (
        "科技人员占职工总数的比例" in page and "事实" in page and "9人" in page and "11人" in page
    )


def test_a_kept_day_and_a_purpose_are_asked_for(client, issuing):
    place, one = issuing
    client.force_login(place.officer)
    at = f"/enterprises/{one.pk}/assessment/hnte/freeze/"
    assert client.post(at, {"purpose": " "}).status_code == 422
    assert client.get(f"{at}?on=x").status_code == 404
    assert client.post(f"{at}?on=2009-01-01", {"purpose": "看"}).status_code == 422
    assert not FrozenAssessment.objects.exists()
    client.force_login(person(Role.TAX))
    assert client.get(at).status_code == 404


@pytest.mark.parametrize("kind", ["report", "notice", "gaps"])
def test_a_paper_is_issued_from_what_was_kept(client, issuing, kind):
    place, one = issuing
    row = kept(client, place.officer, one)
    at = f"/assessments/frozen/{row.pk}/papers/{kind}/"
    assert client.get(at).status_code == 200
    assert client.post(at, {"body": place.bureau.pk}).status_code == 303
    job = Job.objects.get(kind="notices.issue")
    jobs.run.func(job.pk)
    issued = IssuedPaper.objects.get()
    assert issued.about_key == str(row.pk) and issued.addressee_name == one.name
    said = str(issued.content)
    assert "科技人员占职工总数的比例" in said and row.version in said
    assert "2018年总收入" in said
    assert issued.full_number in text(client.get(f"/assessments/frozen/{row.pk}/"))
    client.force_login(person(Role.TOWN_OFFICER, body(BodyKind.TOWN, "坡头镇")))
    assert client.get(at).status_code == 404
    assert client.get(f"/assessments/frozen/{row.pk}/").status_code == 404


def test_nothing_is_issued_where_there_is_nothing_to_say(client, issuing):
    place, _ = issuing
    fine = of_town(hold(ready(), DAY), place.town)
    row = kept(client, place.officer, fine)
    found = client.post(f"/assessments/frozen/{row.pk}/papers/gaps/", {"body": place.bureau.pk})
    assert found.status_code == 422 and "没有差距" in text(found)
    assert client.get(f"/assessments/frozen/{row.pk}/papers/benefits/").status_code == 404


def test_the_numbers_above_and_beside_the_list_lead_to_as_many(client, bureau, judged):
    client.force_login(bureau)
    page = BeautifulSoup(client.get("/assessments/").content, "html.parser")
    assert [one.text for one in page.select(".tile h2")] == [
        "测评了", "数据条件全部符合", "资料不足", "有不符合的", "评分已达不到",
    ]  # fmt: skip
    assert {one.text for one in page.select("table.tb tbody .st")} == {"符合", "不符合", "资料不足"}
    links = page.select(".tile .big a, .stk .pn td.num a")
    assert len(links) >= 5
    for link in links:
        there = client.get(link["href"])
        assert len(names_on(there)) == int(link.text), link["href"]


def test_a_fresh_run_is_not_called_old(client, bureau, judged):
    client.force_login(bureau)
    assert "还没有算进来" not in text(client.get("/assessments/"))
    Run.objects.update(ended_at=F("ended_at") - timedelta(days=3))
    assert "还没有算进来" in text(client.get("/assessments/"))


def test_a_missing_figure_can_be_asked_for_by_who_may(client, town):
    one = of_town(hold(ready(**{"total_income.1": None}), DAY), town)
    ask = f"/enterprises/{one.pk}/years/{DAY.year - 1}/ask/"
    at = f"/enterprises/{one.pk}/assessment/"
    assert ask in page_of(client, person(Role.TOWN_OFFICER, town), at).content.decode()
    assert client.get(ask).status_code == 200
    assert ask not in page_of(client, person(Role.FINANCE), at).content.decode()


def test_only_what_has_a_page_is_kept(client, issuing):
    place, one = issuing
    client.force_login(place.officer)
    at = f"/enterprises/{one.pk}/assessment/jiyuan_awards/freeze/"
    assert client.get(at).status_code == client.post(at, {"purpose": "看"}).status_code == 404
    assert not FrozenAssessment.objects.exists()


def test_a_paper_is_as_closed_as_what_it_was_made_from(client, issuing):
    """The tax office opens its figures to the bureau alone: no town reads them in a report."""
    place, _ = issuing
    one = of_town(hold(ready(), DAY, bases=(Basis.TAX_RETURN,)), place.town)
    row = kept(client, place.officer, one)
    at = f"/assessments/frozen/{row.pk}/papers/report/"
    assert client.post(at, {"body": place.bureau.pk}).status_code == 303
    jobs.run.func(Job.objects.get(kind="notices.issue").pk)
    issued = IssuedPaper.objects.get()
    addresses = [
        f"/papers/{issued.pk}/",
        f"/papers/{issued.pk}/pdf/",
        f"/api/v1/papers/{issued.pk}",
    ]
    for who, status in ((place.officer, 200), (place.clerk, 404)):
        client.force_login(who)
        assert {client.get(address).status_code for address in addresses} == {status}, who
    client.force_login(place.clerk)
    assert issued.full_number not in text(client.get(f"/enterprises/{one.pk}/papers/"))


def test_a_paper_gets_a_new_version_under_its_number(client, issuing):
    place, one = issuing
    row = kept(client, place.officer, one)
    at = f"/assessments/frozen/{row.pk}/papers/notice/"
    assert "替换哪一份" not in text(client.get(at))
    client.post(at, {"body": place.bureau.pk})
    jobs.run.func(Job.objects.get(kind="notices.issue").pk)
    first = IssuedPaper.objects.get()
    given = {"body": place.bureau.pk, "replaces": first.pk}
    assert client.post(at, given).status_code == 422, "a reason is needed"
    assert client.post(at, {**given, "replaces": 99}).status_code == 422
    assert client.post(at, {**given, "reason": "日期有误"}).status_code == 303
    jobs.run.func(Job.objects.filter(kind="notices.issue").latest("pk").pk)
    second = IssuedPaper.objects.latest("pk")
    assert (second.full_number, second.version) == (first.full_number, 2)
    assert "已换新版" in text(client.get(f"/papers/{first.pk}/"))


def test_the_law_is_quoted_where_two_confirmed_its_text(client, bureau):
    one = hold(ready(), DAY)
    at = f"/enterprises/{one.pk}/assessment/hnte/st_staff/"
    written = enter_text("M11(4)", text="条文的原话", page="第4页", on=DAY, actor=bureau)
    assert "条文的原话" not in text(page_of(client, bureau, at))
    confirm_text(written, on=DAY, actor=person(Role.BUREAU_HEAD))
    assert "原文：条文的原话" in text(page_of(client, bureau, at))
    assert "条文的原话" in text(client.get("/policies/rulebooks/hnte/"))


def test_the_list_is_taken_away_as_it_is_seen(client, bureau, judged, town):
    one = judged[1]
    client.force_login(bureau)
    for form in ("xlsx", "csv"):
        answer = client.get(f"/assessments/export/?only=st_staff&as={form}")
        content = b"".join(answer.streaming_content)
        if form == "csv":
            lines = content.decode("utf-8-sig").splitlines()
            assert lines[0].startswith("企业,统一社会信用代码,责任单位,数据条件")
            assert (
                one.name in lines[1] and "科技人员占职工总数的比例" in lines[1] and len(lines) == 4
            )
        else:
            sheet = load_workbook(BytesIO(content)).active
            assert sheet.cell(2, 1).value == one.name and sheet.cell(2, 4).value == "不符合"
            assert sheet.cell(2, 12).value.endswith(f"/enterprises/{one.pk}/assessment/hnte/")
    for wrong in (
        "only=x",
        "stands=x",
        "body=x",
        "body=" + "9" * 30,
        "q=" + "x" * 101,
        "fails=%00",
    ):
        assert client.get(f"/assessments/export/?{wrong}").status_code == 303, wrong
    assert client.get("/assessments/export/?as=pdf").status_code == 404
    client.force_login(person(Role.LEADER))
    assert client.get("/assessments/export/").status_code == 404


def test_a_large_list_is_asked_for(client, bureau, judged):
    choose_reading(
        key="export_rows", value=50, from_on=DAY, reason="试", actor=person(Role.BUREAU_HEAD)
    )
    line = Readiness.objects.of("hnte").first()
    for _ in range(50):
        line.pk, line.enterprise = None, enterprise()
        line.save()
    client.force_login(bureau)
    assert "须科技局负责人批准" in text(client.get("/assessments/export/"))
    assert client.post("/assessments/export/", {"purpose": "汇总"}).status_code == 303
    assert ExportRequest.objects.get().page == "assessments"
    assert "测评" in text(client.get("/exports/"))
    assert client.get(f"/exports/{ExportRequest.objects.get().pk}/").status_code == 200


def test_those_of_a_list_are_judged_anew(client, bureau, judged, town):
    one = judged[1]
    state(one, DAY.year - 1, {"st_staff_average": 1100, "staff_average": 10_000}, paper(),
          Basis.VERIFIED, version=9, on=DAY)  # fmt: skip
    client.force_login(bureau)
    assert client.post("/assessments/reassess/?only=st_staff").status_code == 303
    jobs.run.func(Job.objects.filter(kind=REASSESS).latest("pk").pk)
    run = Run.objects.latest("pk")
    assert (run.scope, run.enterprises) == ("list", 1)
    assert names_on(client.get("/assessments/?only=st_staff")) == set()
    assert client.post("/assessments/reassess/?only=st_staff").status_code == 303
    assert Run.objects.latest("pk") == run, "nobody is on the list any more"
    client.force_login(person(Role.TOWN_OFFICER, town))
    assert client.post("/assessments/reassess/").status_code == 404
