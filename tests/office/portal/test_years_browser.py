"""A year filled in by an accountant: half on the phone, the rest at the desk, then the receipt."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from peiyu.office.accounts.models import Role
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation.models import OfficeDay
from peiyu.office.reports.actions import ask_facts
from peiyu.office.reports.models import Statement, YearReport
from tests.office.browser import axe, log_in, overflow
from tests.office.factories import DAY, NOW, body, enterprise, mandate, person

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("PEIYU_SHOTS")


@pytest.fixture(autouse=True)
def city(settings, tmp_path):
    settings.DEMO = True
    settings.HEADS_ROOT = tmp_path / "heads"
    OfficeDay.objects.create(day=DAY)


def shot(one, name):
    if SHOTS:
        one.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def test_half_on_the_phone_and_the_rest_at_the_desk(page, phone):
    town = body(name="克井镇")
    firm = enterprise("济源市砺新智能装备有限公司", town=town, code="91419001MAX1LX27QC")
    accountant = person(Role.ACCOUNTANT, name="孙玉芬")
    mandate(firm, accountant, MandateKind.ACCOUNTANT)
    ask_facts(
        firm, year=2018, figures=["rd_total", "rd_labour"], supplier="enterprise",
        due_on=DAY + timedelta(days=3), words="辅导用", on=DAY, at=NOW,
        actor=person(Role.TOWN_OFFICER, town),
    )  # fmt: skip
    for one in (page, phone):
        one.set_default_timeout(20_000)
        log_in(one, accountant)

    phone.goto(f"/portal/enterprises/{firm.pk}/")
    phone.get_by_role("link", name="年度数据").click()
    assert axe(phone) == []
    phone.get_by_role("link", name="填报 2018").click()
    phone.get_by_role("button", name="改用万元").click()
    phone.wait_for_url("**unit=wan")
    assert axe(phone) == []
    assert overflow(phone) == {}
    phone.get_by_label("销售收入", exact=True).fill("1234.56")
    phone.get_by_label("研究开发费用总额", exact=True).fill("很多")
    said = phone.locator("[data-figure=rd_total] [data-wrong]")
    expect(said).to_contain_text("不是一个数字")
    phone.get_by_label("研究开发费用总额", exact=True).fill("80")
    expect(said).to_have_text("")
    expect(phone.locator("[data-said]")).to_contain_text("已自动保存")
    expect(phone.locator("#lacks")).not_to_contain_text("销售收入")
    shot(phone, "years-390")

    page.goto(f"/portal/enterprises/{firm.pk}/years/2018/")
    expect(page.get_by_label("销售收入", exact=True)).to_have_value("1234.56")
    assert axe(page) == []
    assert overflow(page) == {}
    shot(page, "years-1440")
    page.get_by_label("职工总数（全年月平均）", exact=True).fill("86.5")
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/receipt/")
    statement = Statement.objects.get()
    expect(page.locator("main")).to_contain_text(f"2018-{statement.pk:06d}")
    expect(page.locator("main")).to_contain_text("12,345,600.00")
    expect(page.locator("main")).to_contain_text("孙玉芬")
    assert axe(page) == []
    assert overflow(page) == {}
    shot(page, "receipt-1440")
    assert {name: str(value) for name, value in statement.stated().items()} == {
        "sales_revenue": "12345600.00", "rd_total": "800000.00", "staff_average": "86.50",
    }  # fmt: skip

    phone.get_by_label("净资产").fill("5")  # the phone has not heard of it yet
    expect(phone.locator("[data-said]")).to_contain_text("已经提交")
    phone.errors.clear()  # the console notes the 422
    assert YearReport.objects.get().state == "submitted"
    assert "net_assets" not in YearReport.objects.get().draft
    phone.on("dialog", lambda dialog: dialog.accept())
    phone.goto(f"/portal/enterprises/{firm.pk}/years/2018/")
    assert axe(phone) == []
    shot(phone, "closed-390")


def test_of_two_values_typed_at_once_one_is_chosen_by_a_person(page, phone):
    firm = enterprise("济源市砺新智能装备有限公司", town=body(name="克井镇"))
    people = [person(Role.ACCOUNTANT, name="孙玉芬"), person(Role.OWNER, name="王有才")]
    for one, who, kind in zip(
        (page, phone), people, (MandateKind.ACCOUNTANT, MandateKind.OWNER), strict=True
    ):
        mandate(firm, who, kind)
        one.set_default_timeout(20_000)
        log_in(one, who)
        one.goto(f"/portal/enterprises/{firm.pk}/years/2018/")
    page.get_by_label("销售收入", exact=True).fill("31")
    expect(page.locator("[data-said]")).to_contain_text("已自动保存")
    phone.get_by_label("销售收入", exact=True).fill("33")
    clash = phone.locator("[data-figure=sales_revenue] [data-clash]")
    expect(clash).to_contain_text("孙玉芬填的是31")
    expect(phone.locator("[data-said]")).to_contain_text("有1处请选定用哪个值")
    phone.get_by_label("净资产", exact=True).fill("5")
    for _ in range(100):
        if "net_assets" in YearReport.objects.get().draft:
            break
        phone.wait_for_timeout(100)
    assert YearReport.objects.get().draft == {"sales_revenue": "31", "net_assets": "5"}
    expect(clash).to_contain_text("孙玉芬填的是31")
    assert axe(phone) == []
    assert overflow(phone) == {}
    shot(phone, "clash-390")
    phone.get_by_role("button", name="提交").click()
    expect(phone.locator(".errs")).to_contain_text("请逐项选定用哪个")
    clash.get_by_label("用我填的").check()
    expect(clash).to_be_empty()
    expect(phone.locator("[data-said]")).to_contain_text("已自动保存")
    assert YearReport.objects.get().draft["sales_revenue"] == "33"
    page.get_by_label("销售收入", exact=True).fill("31.5")
    clash = page.locator("[data-figure=sales_revenue] [data-clash]")
    expect(clash).to_contain_text("王有才填的是33")
    clash.get_by_label("用对方的33").check()
    expect(clash).to_be_empty()
    expect(page.get_by_label("销售收入", exact=True)).to_have_value("33")
    assert YearReport.objects.get().draft["sales_revenue"] == "33"
    phone.errors.clear()  # the console notes the 409
    page.errors.clear()
