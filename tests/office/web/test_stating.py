"""Facts stated one by one and the coach's estimates, at the office's door."""

from datetime import date

import pytest

from peiyu.office.accounts.models import Role
from peiyu.office.assessments.actions import estimate
from peiyu.office.assessments.models import Estimate, Estimator, StatedFact
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation.models import OfficeDay, Source
from tests.office.assessments.held import hold, paper, ready, row
from tests.office.factories import DAY, enterprise, mandate, person
from tests.office.web.test_years import text

pytestmark = [pytest.mark.django_db, pytest.mark.urls("peiyu.office.config.urls")]
PAPER = {"title": "查询结果", "document": "", "dated_on": "2019-06-10"}


@pytest.fixture(autouse=True)
def _city(settings):
    settings.DEMO = True
    OfficeDay.objects.create(pk=1, day=DAY)


@pytest.fixture
def one():
    """An enterprise of which nothing is known yet."""
    return enterprise()


@pytest.fixture
def full():
    return hold(ready(), DAY)


@pytest.fixture
def bureau(client):
    found = person(Role.BUREAU_OFFICER)
    client.force_login(found)
    return found


def at(one, name=""):
    return f"/enterprises/{one.pk}/facts/{name}"


def test_a_missing_fact_leads_to_where_it_is_stated_and_the_fact_to_its_page(client, bureau, one):
    page = client.get(f"/enterprises/{one.pk}/assessment/tech_sme/").content.decode()
    assert at(one, "research_misconduct/") in page
    given = {"value": "no", "year": "2019", **PAPER, "reason": ""}
    assert client.post(at(one, "research_misconduct/"), given).status_code == 303
    page = client.get(f"/enterprises/{one.pk}/assessment/tech_sme/").content.decode()
    assert at(one, "research_misconduct/") not in page and f'href="{at(one)}"' in page
    said = text(client.get(at(one)))
    assert "上一年度及当年有科研严重失信行为" in said and "查询结果" in said


def test_a_row_that_lacks_something_leads_to_its_table(client, bureau, one):
    of_one = {
        "no": "IP01", "title": "件", "kind": "software", "grant_number": "2016SR1000001",
        "applied_on": date(2016, 1, 3), "granted_on": date(2016, 12, 1), "mainland": True,
        "owner_self": True, "certificate": True, "obtained": "self",
    }  # fmt: skip
    row(one, "ip", of_one, paper())
    row(one, "products", {"no": "PS01", "is_main": True}, paper())
    page = client.get(f"/enterprises/{one.pk}/assessment/").content.decode()
    assert f'<a href="/enterprises/{one.pk}/evidence/products/">看证据' in page


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("abnormal_list", "no", False), ("abnormal_list", "yes", True), ("main_income", "1234.5678", 1234567800),
        ("standards", "0", 0), ("notice_day", "2019-06-30", "2019-06-30"),
    ],
)  # fmt: skip
def test_each_kind_of_value_is_kept_as_it_was_meant(client, bureau, one, name, typed, kept):
    given = {"value": typed, "year": "2019", **PAPER, "reason": ""}
    assert client.post(at(one, f"{name}/"), given).status_code == 303
    made = StatedFact.objects.latest("pk")
    assert (made.name, made.value, made.year) == (name, kept, 2019)
    assert type(made.value) is type(kept), "no is not nought"
    form = client.get(at(one, f"{name}/")).content.decode()
    assert "查询结果" not in form and ('value="1234.5678"' in form or name != "main_income")


def test_what_stood_changes_with_a_reason_and_is_taken_back(client, bureau, one):
    given = {"value": "yes", "year": "2019", **PAPER, "reason": ""}
    client.post(at(one, "abnormal_list/"), given)
    again = client.post(at(one, "abnormal_list/"), {**given, "value": "no"})
    assert again.status_code == 422 and "写明理由" in text(again)
    assert Source.objects.filter(title="查询结果").count() == 1
    client.post(at(one, "abnormal_list/"), {**given, "value": "", "reason": "已移出，待查"})
    assert StatedFact.objects.filter(name="abnormal_list").count() == 2
    assert "查询结果" not in text(client.get(at(one)))


@pytest.mark.parametrize(
    ("name", "typed", "status"),
    [
        ("abnormal_list", {"value": "perhaps"}, 422), ("standards", {"value": "-1"}, 422),
        ("standards", {"value": "1e9"}, 422), ("standards", {"year": "1"}, 422), ("standards", {"title": ""}, 422),
        ("main_income", {"value": "1.1234567"}, 422), ("main_income", {"value": "99999999999999"}, 422),
        ("notice_day", {"value": "9999-12-31"}, 422), ("notice_day", {"value": ""}, 422),
        ("standards", {"reason": "理" * 301}, 422), ("name", {}, 404), ("nothing", {}, 404),
    ],
)  # fmt: skip
def test_wrong_input_is_told_and_kept_nowhere(client, bureau, one, name, typed, status):
    given = {"value": "1", "year": "2019", **PAPER, "reason": "", **typed}
    assert client.post(at(one, f"{name}/"), given).status_code == status
    assert not StatedFact.objects.exists() and not Source.objects.filter(title="查询结果").exists()


def test_only_the_bureau_states_and_who_reads_no_figures_reads_nothing(client, one):
    for role, reads in ((Role.TAX, 200), (Role.LEADER, 404), (Role.BANK, 404)):
        client.force_login(person(role))
        assert client.get(at(one)).status_code == reads
        assert client.get(at(one, "abnormal_list/")).status_code == 404


# -- estimates


def there(one, name="hnte"):
    return f"/enterprises/{one.pk}/assessment/{name}/estimates/"


def test_the_coach_estimates_beside_the_enterprise_and_nothing_is_decided(client, full):
    owner, coach = person(Role.OWNER), person(Role.COACH)
    mandate(full, owner), mandate(full, coach, MandateKind.COACH)
    estimate(full, rulebook="hnte", item="advancement", who=Estimator.OWN, low=5, actor=owner)
    client.force_login(coach)
    page = f"/enterprises/{full.pk}/assessment/"
    before = text(client.get(page))
    assert there(full) in client.get(page).content.decode()
    assert (
        client.post(there(full), {"low-advancement": "2", "high-advancement": "4"}).status_code
        == 303
    )
    assert Estimate.objects.get(who=Estimator.COACH).high == 4
    after = text(client.get(page))
    assert "辅导员" in after and "企业" in after
    lines = [said[said.index("三条结论") : said.index("条件与条款")] for said in (before, after)]
    assert lines[0] == lines[1]
    assert 'value="2"' in client.get(there(full)).content.decode()


@pytest.mark.parametrize("typed", ["x", "-1", "99", "1.5", "9" * 400, "\x00"])
def test_a_wrong_estimate_keeps_none(client, bureau, full, typed):
    found = client.post(there(full), {"low-advancement": typed, "low-support": "3"})
    if typed == "\x00":
        assert found.status_code == 303 and Estimate.objects.count() == 1
    else:
        assert found.status_code == 422 and not Estimate.objects.exists()
        assert 'value="3"' in found.content.decode()


def test_where_nothing_is_scored_nothing_is_estimated(client, bureau, full):
    for name in ("little_giant", "hnte_benefits", "nothing"):
        assert client.get(there(full, name)).status_code == 404
    client.force_login(person(Role.TAX))
    assert client.get(there(full)).status_code == 404
