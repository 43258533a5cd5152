"""Assessments at the office's door in a browser: at a desk and on a phone, in both languages."""

import pytest
from playwright.sync_api import expect

from peiyu.office.accounts.models import Role
from peiyu.office.assessments.actions import reassess
from peiyu.office.assessments.models import FrozenAssessment, StatedFact
from peiyu.office.foundation import jobs
from peiyu.office.foundation.models import OfficeDay
from tests.office.assessments.held import hold, ready
from tests.office.browser import axe, log_in, overflow, speak
from tests.office.factories import DAY, person
from tests.office.notices.given import city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place(settings, tmp_path):
    settings.DEMO = True
    settings.FILES_ROOT = tmp_path / "files"
    OfficeDay.objects.create(pk=1, day=DAY)
    return city()


@pytest.fixture
def one(place):
    found = hold(ready(**{"st_staff_average.1": 900, "net_assets.1": None}), DAY)
    type(found).objects.filter(pk=found.pk).update(town=place.town, body=place.town)
    return found


def clean(page):
    assert axe(page) == [] and overflow(page) == {}


@pytest.mark.parametrize("screen", ["page", "phone"])
def test_an_officer_reads_why_keeps_and_issues(request, screen, place, one):
    page = request.getfixturevalue(screen)
    log_in(page, place.officer)
    page.goto(f"/enterprises/{one.pk}/assessment/")
    expect(page.get_by_text("科技人员占职工总数的比例").first).to_be_visible()
    clean(page)
    page.get_by_role("link", name="科技人员占职工总数的比例").first.click()
    expect(page.get_by_role("heading", name="用到的数据")).to_be_visible()
    clean(page)
    page.go_back()
    page.get_by_label("判断日期").fill("2018-06-17")
    page.get_by_role("button", name="换日期重算").click()
    expect(page.get_by_text("按2018-06-17判断").first).to_be_visible()
    page.goto(f"/enterprises/{one.pk}/assessment/")
    page.get_by_role("link", name="留存测评").click()
    page.get_by_label("用途").fill("推荐前核对")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已留存")).to_be_visible()
    clean(page)
    assert FrozenAssessment.objects.count() == 1
    page.get_by_text("制发文书", exact=True).click()
    page.get_by_role("link", name="差距整改清单").click()
    clean(page)
    page.get_by_role("button", name="编号并制发").click()
    expect(page.get_by_text("正在编号、制作")).to_be_visible()


@pytest.mark.parametrize("screen", ["page", "phone"])
def test_estimates_facts_and_benefits(request, screen, place, one):
    page = request.getfixturevalue(screen)
    log_in(page, place.officer)
    page.goto(f"/enterprises/{one.pk}/benefits/")
    expect(page.get_by_text("不是承诺")).to_be_visible()
    clean(page)
    page.goto(f"/enterprises/{one.pk}/assessment/hnte/estimates/")
    page.get_by_role("group", name="技术的先进程度").get_by_label("最低").fill("99")
    page.get_by_role("button", name="记下估计").click()
    expect(page.get_by_role("alert")).to_contain_text("有1处要改")
    page.errors.clear()  # the 422 that was meant
    clean(page)
    page.get_by_role("group", name="技术的先进程度").get_by_label("最低").fill("6")
    page.get_by_role("button", name="记下估计").click()
    expect(page.get_by_text("已记下估计")).to_be_visible()
    page.goto(f"/enterprises/{one.pk}/facts/rd_auxiliary_accounts/")
    clean(page)
    page.get_by_label("建立了研发支出辅助账").select_option("是")
    page.get_by_label("依据：文件名称").fill("账簿查验记录")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("账簿查验记录")).to_be_visible()
    assert StatedFact.objects.filter(
        name="rd_auxiliary_accounts", recorded_by=place.officer
    ).exists()
    clean(page)
    speak(page, "en")
    for address in ("assessment/", "benefits/", "facts/", "assessment/hnte/estimates/"):
        page.goto(f"/enterprises/{one.pk}/{address}")
        clean(page)


@pytest.mark.parametrize("screen", ["page", "phone"])
def test_the_lists_say_who_lacks_only_one_thing(request, screen, place, one):
    page = request.getfixturevalue(screen)
    jobs.run.func(reassess(actor=person(Role.BUREAU_HEAD)).pk)
    log_in(page, place.officer)
    page.goto("/assessments/")
    page.get_by_label("只差这一项").select_option("科技人员占职工总数的比例")
    page.get_by_role("button", name="筛选", exact=True).click()
    expect(page.get_by_role("link", name=one.name)).to_be_visible()
    clean(page)
    page.goto("/enterprises/?only=st_staff")
    expect(page.get_by_role("link", name=one.name)).to_be_visible()
    clean(page)
    for address in ("warnings/", "runs/"):
        page.goto(f"/assessments/{address}")
        clean(page)
