"""Estimates, facts stated one by one and benefits in a browser: at a desk and on a phone, in both languages."""

import pytest
from playwright.sync_api import expect

from peiyu.office.assessments.models import StatedFact
from peiyu.office.foundation.models import OfficeDay
from tests.office.assessments.held import hold, ready
from tests.office.browser import axe, log_in, overflow, speak
from tests.office.factories import DAY
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
