"""The benefit sheet at both doors: what recognition would bring, by formula and article; kept and issued."""

import re
from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peiyu.office.accounts.models import Role
from peiyu.office.assessments.models import FrozenAssessment
from peiyu.office.foundation import jobs
from peiyu.office.foundation.models import Job, OfficeDay
from peiyu.office.notices.models import IssuedPaper
from peiyu.office.policies.actions import choose_reading
from peiyu.office.reports.models import Basis
from tests.office.assessments.held import hold, paper, ready, state
from tests.office.factories import DAY, mandate, person
from tests.office.notices.given import city
from tests.office.qualifications.given import certificate
from tests.office.web.test_years import text

pytestmark = [pytest.mark.django_db, pytest.mark.urls("peiyu.office.config.urls")]
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
LARGE = {
    "sales_revenue": 2_500 * 10**6, "taxable_income": 400 * 10**6, "total_assets": 6_000 * 10**6,
    "staff_average": 120_00, "rd_super_deducted": 100 * 10**6,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _city(settings, tmp_path):
    settings.DEMO = True
    settings.FILES_ROOT = tmp_path / "files"
    OfficeDay.objects.create(pk=1, day=DAY)


@pytest.fixture
def place():
    return city()


@pytest.fixture
def one(place):
    """An enterprise of the town, of which the last year is known, by its own return."""
    found = hold(ready(), DAY)
    type(found).objects.filter(pk=found.pk).update(town=place.town, body=place.town)
    state(found, DAY.year - 1, LARGE, paper(), Basis.VERIFIED, version=5)
    found.refresh_from_db()
    return found


def rows(answer):
    """Title, outcome and amount of every line."""
    page = BeautifulSoup(answer.content, "html.parser")
    found = {}
    for line in page.select("table.tb tbody tr"):
        title = next(line.th.stripped_strings)
        cells = line.select("td")
        found[title] = (cells[0].get_text(strip=True), cells[1].get_text(strip=True))
    return found


def at(one):
    return f"/enterprises/{one.pk}/benefits/"


def test_each_amount_stands_with_its_formula_numbers_and_article(client, place, one):
    client.force_login(place.officer)
    answer = client.get(at(one))
    found = rows(answer)
    assert found["市级首次认定奖补"] == ("按规则可享受", "30万元")
    assert found["首次认定的省配套奖补（上限）"] == ("按规则可享受", "30万元")
    assert found["企业所得税减按15%（发证当年）"] == ("按规则可享受", "40万元")
    assert found["研发费用加计扣除折合的税（至少，不以认定为前提）"][1] == "11.25万元"
    assert found["市级重新认定奖补"] == ("不适用", "—")
    page = text(answer)
    assert "不是承诺" in page and "减按15%计税的应纳税所得额" in page and "EITL-28" in page
    assert "设想在2019-06-17取得证书" in page and "2017年至2021年" in page
    assert "结转十年" in page and "不相加" in page


def test_who_holds_one_already_is_recognised_again(client, place, one):
    certificate(one, date(2016, 12, 1))
    client.force_login(place.officer)
    found = rows(client.get(at(one)))
    assert found["市级重新认定奖补"] == ("按规则可享受", "10万元")
    assert found["市级首次认定奖补"][0] == "不适用"


def test_the_open_words_of_the_plan_are_those_that_the_bureau_chose(client, place, one):
    certificate(one, date(2012, 12, 1))
    client.force_login(place.officer)
    assert rows(client.get(at(one)))["市级首次认定奖补"][0] == "不适用"
    choose_reading(
        key="after_gap", value="first", from_on=DAY, reason="会议", actor=person(Role.BUREAU_HEAD)
    )
    assert rows(client.get(at(one)))["市级首次认定奖补"] == ("按规则可享受", "30万元")


def test_what_is_not_known_is_no_zero_and_says_who_has_it(client, place):
    blank = hold(ready(), DAY)
    client.force_login(place.officer)
    answer = client.get(at(blank))
    assert rows(answer)["企业所得税减按15%（发证当年）"] == ("资料不足", "金额不详")
    assert "2018年应纳税所得额" in text(answer)


def test_days_without_rules_and_wrong_days_are_told(client, place, one):
    client.force_login(place.officer)
    answer = client.get(f"{at(one)}?on=2016-01-01")
    assert answer.status_code == 200 and "还没有这套规则" in text(answer)
    assert client.get(f"{at(one)}?on=x&known=9999-12-31").status_code == 422
    assert client.get(f"/enterprises/{one.pk}/assessment/hnte_benefits/").status_code == 404


def test_who_reads_no_figures_reads_no_sheet(client, one):
    for role in (Role.LEADER, Role.BANK, Role.IP_OFFICE):
        client.force_login(person(role))
        assert client.get(at(one)).status_code == 404


def test_closed_tax_figures_make_no_amount(client, place, one):
    """The town does not read what only the tax office stated, nor what follows from it."""
    state(one, DAY.year - 1, {"taxable_income": 900 * 10**6}, paper(), Basis.TAX_RETURN)
    choose_reading(
        key="programmes.basis", value="tax_return", from_on=DAY, reason="会议",
        actor=person(Role.BUREAU_HEAD),
    )  # fmt: skip
    name = "企业所得税减按15%（发证当年）"
    client.force_login(place.officer)
    assert rows(client.get(at(one)))[name][1] == "90万元"
    client.force_login(place.clerk)
    assert rows(client.get(at(one)))[name][1] == "40万元"


def test_it_is_kept_issued_and_compared(client, place, one):
    client.force_login(place.officer)
    keep = f"/enterprises/{one.pk}/assessment/hnte_benefits/freeze/"
    assert client.post(keep, {"purpose": "动员申报"}).status_code == 303
    row = FrozenAssessment.objects.get()
    page = text(client.get(f"/assessments/frozen/{row.pk}/"))
    assert "内容一字不差" in page and "40万元" in page and "今天的结论一样" in page
    papers = f"/assessments/frozen/{row.pk}/papers/"
    assert client.get(f"{papers}report/").status_code == 404
    assert client.post(f"{papers}benefits/", {"body": place.bureau.pk}).status_code == 303
    jobs.run.func(Job.objects.get(kind="notices.issue").pk)
    said = str(IssuedPaper.objects.get().content)
    assert (
        "政策红利测算单" in said and "不是承诺" in said and "40万元" in said and "JY-2(1)" in said
    )
    more = {**LARGE, "taxable_income": 500 * 10**6}
    state(one, DAY.year - 1, more, paper(), Basis.VERIFIED, version=6, on=DAY)
    page = text(client.get(f"/assessments/frozen/{row.pk}/"))
    assert "40万元" in page and "50万元" in page and "事实" in page


def test_of_an_assessment_no_sheet_is_issued(client, place, one):
    client.force_login(place.officer)
    client.post(f"/enterprises/{one.pk}/assessment/hnte/freeze/", {"purpose": "看"})
    row = FrozenAssessment.objects.get()
    assert client.get(f"/assessments/frozen/{row.pk}/papers/benefits/").status_code == 404


def test_the_enterprise_sees_its_own_sheet_and_no_other(client, place, one):
    owner = person(Role.OWNER)
    mandate(one, owner)
    client.force_login(owner)
    there = f"/portal/enterprises/{one.pk}/benefits/"
    answer = client.get(there)
    assert rows(answer)["市级首次认定奖补"] == ("按规则可享受", "30万元")
    assert there in client.get(f"/portal/enterprises/{one.pk}/assessment/").content.decode()
    other = hold(ready(), DAY)
    assert client.get(f"/portal/enterprises/{other.pk}/benefits/").status_code == 404


def test_in_english_no_sign_is_chinese(client, place, one):
    place.officer.language = "en"
    place.officer.save()
    client.force_login(place.officer)
    page = BeautifulSoup(client.get(at(one)).content, "html.parser")
    said = page.select_one("main").get_text(" ").replace(one.name, "")
    assert CHINESE.findall(said) == []


def test_the_page_asks_a_constant_number(client, place, one):
    client.force_login(place.officer)

    def asked():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(at(one)).status_code == 200
        return len(captured)

    asked()
    few = asked()
    for year in (2012, 2015):
        certificate(one, date(year, 11, 1))
    assert asked() == few <= 25
