"""A town officer brings a messy table in a real browser: mends it, takes it in, takes it back."""

import os
from io import BytesIO
from pathlib import Path

import pytest
from django_tasks_db.models import DBTaskResult
from openpyxl import Workbook

from peiyu.office.accounts.models import Role
from peiyu.office.foundation.jobs import run
from peiyu.office.foundation.models import ImportBatch, OfficeDay
from peiyu.office.reports.models import Statement
from tests.office.browser import axe, log_in, overflow
from tests.office.factories import DAY, body, enterprise, person

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("PEIYU_SHOTS")
FIRMS = ("济源市甲机械有限公司", "济源市乙电子有限公司")


@pytest.fixture(autouse=True)
def city(settings, tmp_path):
    settings.DEMO, settings.FILES_ROOT = True, tmp_path
    OfficeDay.objects.create(day=DAY)


def work():
    """What a worker does with everything that waits."""
    for note in DBTaskResult.objects.ready():
        note.delete()
        run.func(*note.args_kwargs["args"])


def messy():
    made = Workbook()
    for row in (
        ["克井镇企业指标（单位：万元）"], [],
        ["序号", "单位名称", "2017年", None, "2018年", None, "备注"],
        [None, None, "销售收入", "净资产", "销售收入", "净资产", None],
        [1, FIRMS[0], "1,200", 300, "一千三", 310, "新厂"],
        [2, FIRMS[1], 500, "见附件", 600, 70, None],
        [3, "郑州市没听过有限公司", 1, 2, 3, 4, None],
        ["合计", None, 1701, 302, 603, 384, None],
    ):  # fmt: skip
        made.active.append(row)
    for place in ("A1:G1", "C3:D3", "E3:F3", "A3:A4", "B3:B4"):
        made.active.merge_cells(place)
    target = BytesIO()
    made.save(target)
    return target.getvalue()


def shot(page, name):
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"import-{name}.png", full_page=True)


def sound(page, name):
    """No barrier, no overflow."""
    shot(page, name)
    assert axe(page) == [] and overflow(page) == {}, name


def test_a_messy_table_is_mended_taken_in_and_taken_back(page, phone):
    page.set_default_timeout(20_000)
    phone.set_default_timeout(20_000)
    town = body(name="克井镇")
    for name in FIRMS:
        enterprise(name, town=town)
    officer = person(Role.TOWN_OFFICER, town, name="赵丽娟")
    for one in (page, phone):
        log_in(one, officer)
    page.goto("/imports/")
    sound(page, "empty")
    page.click("text=导入表格")
    file = {"name": "指标.xlsx", "mimeType": "application/octet-stream", "buffer": messy()}
    page.set_input_files("input[type=file]", file)
    sound(page, "new")
    page.click("text=上传并预览")
    page.wait_for_selector("main [role=status] progress")
    sound(page, "reading")
    work()
    page.wait_for_selector("#going")  # the page came by itself
    sound(page, "preview")
    assert page.locator("text=导入选中的2行").is_visible()

    for name, year, label, text in (
        (FIRMS[0], "2018", "销售收入改为（元）", "1300万元"),
        (FIRMS[1], "2017", "净资产改为（元）", "600000"),
    ):
        row = page.locator("tbody tr").filter(has_text=name).filter(has_text=year)
        row = row.filter(has=page.locator("form.mend"))
        place = row.get_attribute("id")
        row.get_by_label(label).fill(text)
        row.get_by_role("button", name="保存").click()
        page.wait_for_selector(f"#{place} input[name=chosen]")
    page.wait_for_selector("text=导入选中的4行")
    page.locator("tbody input[name=chosen]").first.uncheck()
    page.wait_for_selector("text=导入选中的3行")
    page.locator("[data-choose-all]").check()
    page.wait_for_selector("text=导入选中的4行")
    batch = ImportBatch.objects.get()
    for address in ("", "columns/", "?outcome=refused"):
        page.goto(f"/imports/{batch.pk}/{address}")
        sound(page, f"ready{address[:7].strip('/?=')}")
        phone.goto(f"/imports/{batch.pk}/{address}")
        shot(phone, f"phone{address[:7].strip('/?=')}")
        assert axe(phone) == [] and overflow(phone) == {}, address

    page.goto(f"/imports/{batch.pk}/")
    page.click("text=导入选中的4行")
    page.wait_for_selector("main [role=status] progress")
    work()
    page.wait_for_selector("text=已导入4行")
    sound(page, "applied")
    figures = {(s.enterprise.name, s.year): s for s in Statement.objects.all()}
    assert figures[FIRMS[0], 2018].sales_revenue == 13_000_000
    assert figures[FIRMS[1], 2017].net_assets == 600_000
    page.click("text=撤销导入")
    page.wait_for_selector("main [role=status] progress")
    work()
    page.wait_for_selector("text=恢复了导入前的数")
    assert all(s.withdrawn for s in Statement.objects.known_on(DAY))
    page.goto("/imports/")
    sound(page, "list")
