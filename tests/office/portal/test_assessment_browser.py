"""Own assessment and self-test in a browser: at a desk and on a phone, in both languages, without scripts."""

import re

import pytest
from playwright.sync_api import expect

from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation.models import OfficeDay
from tests.office.assessments.held import hold, ready
from tests.office.browser import axe, log_in, overflow, speak
from tests.office.factories import DAY, mandate, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def one(settings):
    settings.DEMO = True
    OfficeDay.objects.create(pk=1, day=DAY)
    return hold(ready(**{"st_staff_average.1": 900, "net_assets.1": None}), DAY)


def clean(page):
    assert axe(page) == [] and overflow(page) == {}


@pytest.mark.parametrize("screen", ["page", "phone"])
def test_the_owner_reads_what_lacks_and_estimates(request, screen, one):
    page = request.getfixturevalue(screen)
    owner = person("owner")
    mandate(one, owner, MandateKind.OWNER)
    log_in(page, owner)
    page.goto("/portal/")
    page.get_by_role("link", name="看测评").click()
    expect(page.get_by_role("status")).to_contain_text("不符合")
    expect(page.get_by_text("差1人").first).to_be_visible()
    clean(page)
    page.get_by_role("group", name="技术的先进程度").get_by_label("最低").fill("99")
    page.get_by_role("button", name="记下估计").click()
    expect(page.get_by_role("alert")).to_contain_text("有1处要改")
    page.errors.clear()  # the 422 that was meant
    clean(page)
    page.get_by_role("group", name="技术的先进程度").get_by_label("最低").fill("6")
    page.get_by_role("button", name="记下估计").click()
    expect(page.get_by_text("按您的估计是")).to_be_visible()
    page.get_by_role("link", name="科技人员占职工总数的比例").first.click()
    expect(page.get_by_role("heading", name="用到的数据")).to_be_visible()
    clean(page)
    speak(page, "en")
    for key in ("", "hnte/", "tech_sme/", "hnte/ip/", "hnte/score/"):
        page.goto(f"/portal/enterprises/{one.pk}/assessment/{key}")
        clean(page)


@pytest.mark.parametrize("screen", ["page", "phone"])
def test_anyone_tests_and_changes_a_figure(request, screen, one):
    page = request.getfixturevalue(screen)
    page.goto("/portal/public/")
    page.get_by_role("link", name="资格自测").click()
    clean(page)
    staff = page.get_by_role("group", name=re.compile("职工总数"))
    staff.get_by_label("2018年").fill("一百")
    page.get_by_role("button", name="自测").click()
    expect(page.get_by_role("alert")).to_contain_text("有1处要改")
    page.errors.clear()
    assert staff.get_by_label("2018年").input_value() == "一百"
    clean(page)
    staff.get_by_label("2018年").fill("100")
    page.get_by_role("group", name=re.compile("科技人员数")).get_by_label("2018年").fill("9")
    page.get_by_role("button", name="自测").click()
    expect(page.get_by_role("status")).to_contain_text("为9.00%")
    clean(page)
    page.get_by_role("group", name=re.compile("科技人员数")).get_by_label("2018年").fill("10")
    page.get_by_role("button", name="再测一次").click()
    expect(page.get_by_role("status")).not_to_contain_text("9.00%")
    speak(page, "en")
    for name in ("hnte", "tech_sme"):
        page.goto(f"/portal/self-test/{name}/")
        page.get_by_role("button", name="Test").click()
        clean(page)


def test_it_works_without_scripts_and_the_form_is_not_printed(chromium, live_server, one):
    context = chromium.new_context(
        java_script_enabled=False, base_url=live_server.url, locale="zh-CN"
    )
    page = context.new_page()
    page.goto("/portal/self-test/")
    page.get_by_label("申请前一年内重大事故与严重违法数").fill("1")
    page.get_by_role("button", name="自测").click()
    expect(page.get_by_role("status")).to_contain_text("不符合")
    page.emulate_media(media="print")
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.get_by_role("button", name="再测一次")).to_be_hidden()
    expect(page.get_by_text("您填的数")).to_be_visible()
    context.close()
