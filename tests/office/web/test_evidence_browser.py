"""A coach mends three flags of an enterprise in a real browser: at the desk, and on the phone."""

import os
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from peiyu.office.accounts.models import Role
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation.models import OfficeDay
from peiyu.office.portfolio.models import Conversion, Product, Project, Remark, RemarkKind
from tests.office.browser import axe, log_in, overflow
from tests.office.factories import DAY, again, body, enterprise, mandate, person
from tests.office.portfolio.filled import fill

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("PEIYU_SHOTS")
FIRM = "济源市砺新智能装备有限公司"
SPOILT = {
    "projects": {"RD01": {"approval": False}},
    "products": {"PS02": {"first_sold_on": date(2018, 2, 1)}},
    "conversions": {"CG03": {"source_nos": ("IP03", "RD77")}},
}


@pytest.fixture(autouse=True)
def city(settings, tmp_path):
    settings.DEMO, settings.FILES_ROOT = True, tmp_path
    OfficeDay.objects.create(day=DAY)


@pytest.fixture
def firm():
    one = enterprise(FIRM, town=body(name="克井镇"), code="91419001MAX1LX27Q9")
    with transaction.atomic():
        return fill(one, person(Role.BUREAU_OFFICER), **SPOILT)


@pytest.fixture
def coach(firm):
    found = person(Role.COACH, name="韩志刚")
    mandate(firm, found, MandateKind.COACH)
    return again(found)


def sound(page, name):
    """No barrier, no overflow."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"evidence-{name}.png", full_page=True)
    assert axe(page) == [] and overflow(page) == {}, name


def flags(page):
    return page.locator(".fls > li").all_inner_texts()


@pytest.mark.browser
@pytest.mark.parametrize("width", ["page", "phone"])
def test_a_coach_mends_three_flags(request, firm, coach, width):
    page = request.getfixturevalue(width)
    page.set_default_timeout(20_000)
    log_in(page, coach)
    page.goto("/evidence/")
    sound(page, f"{width}-city")
    page.click(f"text={FIRM}")
    page.wait_for_selector(".fls")
    assert len(flags(page)) == 3
    assert page.locator("svg.eg").is_visible() is (width == "page")
    sound(page, f"{width}-chain")

    # the first is corrected in its row, to which the flag leads
    page.get_by_role("link", name="RD01", exact=True).last.click()
    page.get_by_role("link", name="更正", exact=True).click()
    sound(page, f"{width}-form")
    page.select_option("[name=approval]", "是")
    page.fill("[name=approval_paper]", "研发立项〔2016〕1号")
    page.get_by_role("button", name="保存").click()
    assert (
        "改动" in page.locator(".errs").inner_text() or "理由" in page.locator(".errs").inner_text()
    )
    page.errors.clear()  # the refusal is an answer of its own (422)
    assert page.locator("[name=approval_paper]").input_value() == "研发立项〔2016〕1号"
    page.fill("[name=reason]", "企业补来立项决议")
    page.get_by_role("button", name="保存").click()
    page.wait_for_selector(".said")
    assert Project.objects.get(enterprise=firm, key="RD01", version=2).values()["approval"] is True
    sound(page, f"{width}-row")

    # the second was written wrongly: the number of an activity that is nowhere
    page.get_by_role("link", name="证据链", exact=True).click()
    assert len(flags(page)) == 2
    page.get_by_role("link", name="CG03", exact=True).last.click()
    page.get_by_role("link", name="更正", exact=True).click()
    page.fill("[name=source_nos]", "IP03、RD02")
    page.fill("[name=reason]", "编号写错")
    page.get_by_role("button", name="保存").click()
    page.wait_for_selector(".said")
    assert Conversion.objects.get(enterprise=firm, key="CG03", version=2).values()[
        "source_nos"
    ] == ("IP03", "RD02")

    # the third is in order, and why is said
    page.get_by_role("link", name="证据链", exact=True).click()
    (left,) = flags(page)
    assert "PS02首次销售于2018-02-01" in left
    page.get_by_role("link", name="处理 1").click()
    sound(page, f"{width}-flag")
    page.locator("[name=reason]").fill("2018年2月卖的是旧型号，转化的是改进型")
    page.get_by_role("button", name="不再提示").click()
    page.wait_for_selector(".said")
    cleared = Remark.objects.get(kind=RemarkKind.CLEARED)
    assert (cleared.said_by, cleared.check_name) == (coach, "sold_early")
    page.goto(f"/enterprises/{firm.pk}/evidence/")
    assert "没有待核的提示" in page.locator("main").inner_text()
    assert "已核1处" in page.locator("main").inner_text()
    page.goto("/evidence/")
    assert "没有待核的提示" in page.locator("main").inner_text()
    assert Product.objects.filter(enterprise=firm, key="PS02").count() == 1
