"""Assessments of the office in a browser: at a desk and on a phone, by hand and by keyboard alone."""

import pytest
from playwright.sync_api import expect

from peiyu.office.accounts.models import Role
from peiyu.office.assessments.jobs import REASSESS
from peiyu.office.assessments.models import FrozenAssessment
from peiyu.office.foundation import jobs
from peiyu.office.foundation.models import Job, OfficeDay
from peiyu.office.notices.models import IssuedPaper
from peiyu.office.reports.models import Basis
from peiyu.policy.rulebooks.hnte import HNTE
from tests.office.assessments.held import WAN, hold, paper, ready, state
from tests.office.browser import axe, log_in, overflow, speak
from tests.office.factories import DAY, person
from tests.office.notices.given import city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STAFF = "科技人员占职工总数的比例"
SCREENS = pytest.mark.parametrize("screen", ["page", "phone"])
MOST_STEPS = 150


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.DEMO, settings.FILES_ROOT = True, tmp_path / "files"
    OfficeDay.objects.create(pk=1, day=DAY)
    return city()


def of_town(case, place, name):
    one = hold(case, DAY)
    type(one).objects.filter(pk=one.pk).update(name=name, town=place.town, body=place.town)
    one.refresh_from_db()
    return one


@pytest.fixture
def one(place):
    """An enterprise with a gap and a hole."""
    return of_town(
        ready(**{"st_staff_average.1": 900, "total_income.1": None}),
        place,
        "济源市砺新装备有限公司",
    )


def clean(page):
    assert axe(page) == [] and overflow(page) == {}, page.url


def make_paper():
    """What the worker does."""
    jobs.run.func(Job.objects.get(kind="notices.issue").pk)


@SCREENS
def test_an_officer_judges_keeps_and_issues(request, screen, place, one):
    page = request.getfixturevalue(screen)
    log_in(page, place.officer)
    page.goto(f"/enterprises/{one.pk}/")
    page.locator("main").get_by_role("link", name="测评", exact=True).click()
    expect(page.get_by_text(f"“{STAFF}”为9.00%，要求≥10.00%")).to_be_visible()
    expect(page.get_by_text("差1人").first).to_be_visible()
    clean(page)

    page.get_by_role("link", name=STAFF).first.click()
    expect(page.get_by_role("heading", name="用到的数据")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(STAFF)
    clean(page)
    page.get_by_role("link", name="回到测评").click()

    page.get_by_label("判断日期").fill("2020-06-17")
    page.get_by_role("button", name="换日期重算").click()
    expect(page.get_by_text("按2020-06-17判断").first).to_be_visible()
    page.get_by_role("link", name=STAFF).first.click()
    expect(page.get_by_text("按2020-06-17判断").first).to_be_visible()
    page.get_by_role("link", name="回到测评").click()
    page.get_by_label("判断日期").fill("2009-06-17")
    page.get_by_role("button", name="换日期重算").click()
    expect(page.get_by_text("还没有这套规则")).to_be_visible()
    clean(page)
    page.get_by_label("判断日期").fill(DAY.isoformat())
    page.get_by_role("button", name="换日期重算").click()

    page.get_by_role("link", name="留存测评").click()
    clean(page)
    page.get_by_label("用途").fill("推荐前核对")
    page.get_by_role("button", name="留存", exact=True).click()
    expect(page.get_by_text("内容一字不差")).to_be_visible()
    assert FrozenAssessment.objects.get().purpose == "推荐前核对"
    clean(page)

    page.locator("summary", has_text="制发文书").click()
    page.get_by_role("link", name="差距整改清单").click()
    clean(page)
    page.get_by_label("出具单位").select_option(place.bureau.name)
    page.get_by_role("button", name="编号并制发").click()
    expect(page.get_by_text("正在编号、制作")).to_be_visible()
    make_paper()
    issued = IssuedPaper.objects.get()
    assert "差距整改清单" in issued.title and STAFF in str(issued.content)
    page.reload()
    page.get_by_role("link", name=issued.full_number).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    clean(page)
    speak(page, "en")
    frozen = FrozenAssessment.objects.get().pk
    at = f"/enterprises/{one.pk}/assessment/"
    for address in (at, f"{at}hnte/st_staff/", f"/assessments/frozen/{frozen}/"):
        page.goto(address)
        clean(page)


@SCREENS
def test_the_benefit_sheet_is_read_and_kept(request, screen, place, one):
    last = {"sales_revenue": 2_500 * WAN, "taxable_income": 400 * WAN}
    state(one, DAY.year - 1, last, paper(), Basis.VERIFIED, version=5)
    page = request.getfixturevalue(screen)
    log_in(page, place.officer)
    page.goto(f"/enterprises/{one.pk}/assessment/")
    page.get_by_role("link", name="政策红利测算").click()
    line = page.get_by_role("row", name="市级首次认定奖补")
    expect(line.locator("td.num")).to_have_text("30万元")
    expect(page.get_by_text("不是承诺").first).to_be_visible()
    clean(page)
    line.locator("summary").click()
    expect(line.locator("details .mut")).to_be_visible()
    page.get_by_label("判断日期").fill("2016-01-01")
    page.get_by_role("button", name="换日期重算").click()
    expect(page.get_by_text("还没有这套规则")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="留存测算").click()
    page.get_by_label("用途").fill("动员申报")
    page.get_by_role("button", name="留存", exact=True).click()
    expect(page.get_by_text("内容一字不差")).to_be_visible()
    clean(page)
    speak(page, "en")
    page.goto(f"/enterprises/{one.pk}/benefits/")
    clean(page)


@pytest.fixture
def judged(place, one):
    """Beside it and one of which nothing is known: one is fine, one lacks this alone, one lacks two."""
    both = {"st_staff_average.1": 900, "ht_income.1": WAN}
    named = (
        ("济源市甲机械有限公司", {}), ("济源市乙机械有限公司", {"st_staff_average.1": 900}),
        ("济源市丙机械有限公司", both),
    )  # fmt: skip
    for name, changes in named:
        of_town(ready(**changes), place, name)
    jobs.run.func(jobs.start(REASSESS, "核对", {}, None).pk)


@SCREENS
def test_the_list_finds_those_whom_this_one_alone_lacks(request, screen, place, one, judged):
    page = request.getfixturevalue(screen)
    log_in(page, place.officer)
    page.goto("/assessments/")
    expect(page.get_by_text("5家").first).to_be_visible()
    clean(page)
    names = page.locator("main table.tb a", has_text="有限公司")
    expect(names).to_have_count(5)
    page.get_by_label("只差这一项").select_option(STAFF)
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_text("2家").first).to_be_visible()
    assert set(names.all_inner_texts()) == {"济源市乙机械有限公司", one.name}
    clean(page)
    page.get_by_role("link", name="全部清除").first.click()
    expect(names).to_have_count(5)
    page.get_by_label("怎样").select_option("评分已达不到")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_text("没有这样的企业")).to_be_visible()
    clean(page)
    page.goto("/assessments/?only=st_staff")
    names.get_by_text("济源市乙机械有限公司").click()
    expect(page.get_by_text("差1人").first).to_be_visible()
    for address in ("/assessments/warnings/", "/assessments/runs/"):
        page.goto(address)
        clean(page)


def reach(page, wanted):
    """Go on with the Tab key until this has the focus."""
    for _ in range(MOST_STEPS):
        if wanted.evaluate("found => found === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{wanted} is not reached by keyboard on {page.url}")


def enter(page, wanted):
    """Go there and press Enter."""
    reach(page, wanted)
    page.keyboard.press("Enter")


def test_it_is_done_by_keyboard_alone(page, place, one, judged):
    log_in(page, place.officer)
    page.goto("/assessments/")
    choice = page.get_by_label("只差这一项")
    reach(page, choice)
    for _ in HNTE.criteria:
        if choice.input_value() != "st_staff":
            page.keyboard.press("ArrowDown")
    assert choice.input_value() == "st_staff"
    enter(page, page.get_by_role("button", name="筛选"))
    expect(page.locator("main table.tb a", has_text="有限公司")).to_have_count(2)
    enter(page, page.get_by_role("link", name="济源市乙机械有限公司"))
    enter(page, page.get_by_role("link", name=STAFF).first)
    enter(page, page.get_by_role("link", name="回到测评"))
    enter(page, page.get_by_role("link", name="留存测评"))
    reach(page, page.get_by_label("用途"))
    page.keyboard.type("核对")
    page.keyboard.press("Enter")
    expect(page.get_by_text("内容一字不差")).to_be_visible()
    enter(page, page.locator("summary", has_text="制发文书"))
    enter(page, page.get_by_role("link", name="差距整改清单"))
    enter(page, page.get_by_role("button", name="编号并制发"))
    expect(page.get_by_text("正在编号、制作")).to_be_visible()
    make_paper()
    assert IssuedPaper.objects.get().addressee_name == "济源市乙机械有限公司"


def test_who_may_only_read_is_offered_nothing_to_keep(page, one):
    log_in(page, person(Role.FINANCE))
    page.goto(f"/enterprises/{one.pk}/assessment/")
    expect(page.get_by_text(STAFF).first).to_be_visible()
    expect(page.get_by_role("link", name="留存测评")).to_have_count(0)
    clean(page)
