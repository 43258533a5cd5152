"""The main path of each role, clicked through as they would click it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import expect

from peiyu.office.accounts.models import BodyKind, Duty, Role
from peiyu.office.casework.actions import answer
from peiyu.office.desk.export_requests import ask_export
from peiyu.office.enterprises.actions import add_contact, draft, propose, return_for_more
from peiyu.office.enterprises.findable import index
from peiyu.office.enterprises.models import Enterprise, MandateKind, RegistrationState
from peiyu.office.foundation.models import AccessKind, AccessLine, CalendarYear, Job, RecordLine
from peiyu.office.policies.models import Setting
from peiyu.office.web.middleware import IDLE
from tests.office.browser import axe
from tests.office.factories import DAY, administrator, again, body, enterprise, mandate, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(scope="module")
def city(office):
    """A small city with one person for each role, two enterprises and what belongs to them."""
    town, zone = body(name="克井镇"), body(BodyKind.ZONE, name="玉川集聚区")
    agency, bank = body(BodyKind.AGENCY, name="篁鹳科服"), body(BodyKind.BANK, name="砚桴农商行")
    who = {
        Role.TOWN_OFFICER: person(Role.TOWN_OFFICER, town, name="钱明远"),
        Role.ZONE_OFFICER: person(Role.ZONE_OFFICER, zone, name="王雪松"),
        Role.AGENCY: person(Role.AGENCY, agency, name="朱成林"),
        Role.BANK: person(Role.BANK, bank, name="赵雪松"),
    }
    who |= {role: person(role) for role in Role if role not in who}
    who |= {duty: administrator(duty) for duty in (Duty.SYSTEM, Duty.SECURITY, Duty.AUDIT)}
    firm = enterprise("济源市砺新智能装备有限公司", town=town, code="91419001MAX1LX27QC")
    other = enterprise("济源市铸远精密锻造有限公司", town=town, zone=zone)
    for one in (firm, other):
        index(one)
    for role in (Role.OWNER, Role.ACCOUNTANT, Role.COACH):
        mandate(firm, who[role], role.value)
    mandate(firm, who[Role.BANK], MandateKind.BANK, body=bank)
    add_contact(firm, name="任海川", phone="13812345678", actor=who[Role.BUREAU_OFFICER])
    return SimpleNamespace(
        who=who, town=town, zone=zone, agency=agency, firm=firm, other=other,
        bureau=who[Role.BUREAU_OFFICER], head=who[Role.BUREAU_HEAD],
    )  # fmt: skip


def proposed(city, name="济源市荻鹬装备有限公司"):
    officer = again(city.who[Role.TOWN_OFFICER])
    values = {
        "name": name,
        "industry": "3599",
        "contact_name": "毕升",
        "contact_phone": "13900001111",
    }
    case = draft(values, body=city.town, town=city.town, zone=None, on=DAY, actor=officer)
    return propose(case, on=DAY, actor=officer)


def opinion_of(case, role):
    return case.consultation.opinions.get(role=role)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


# The bureau


def test_an_officer_finds_an_enterprise_by_its_initials_and_renames_it(page, at, city):
    at(page, city.bureau)
    page.keyboard.press("/")
    page.keyboard.type("lxzn")
    page.wait_for_selector("#found [role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/enterprises/*/")
    page.get_by_text("变更", exact=True).click()
    page.get_by_role("link", name="更名").click()
    page.fill("[name=name]", "济源市砺新装备股份有限公司")
    page.fill("[name=from_on]", "2019-06-01")
    page.fill("[name=reason]", "执照变更")
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/enterprises/*/")
    assert "济源市砺新装备股份有限公司" in page.locator("h1").inner_text()
    page.get_by_role("link", name="记录", exact=True).last.click()
    page.wait_for_url("**/record/")
    assert (
        "济源市砺新智能装备有限公司 → 济源市砺新装备股份有限公司"
        in page.locator("main").inner_text()
    )
    assert "执照变更" in page.locator("main").inner_text()


def test_an_officer_filters_the_list_keeps_the_view_and_takes_it_away(page, at, city):
    at(page, city.bureau, "/enterprises/")
    page.fill(".fb [name=q]", "铸远")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    assert "铸远" in page.locator("#results").inner_text()
    page.get_by_role("link", name="存为视图").click()
    page.fill("[name=name]", "锻造的")
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/enterprises/?*")
    assert page.locator(".vt a[aria-current]").inner_text().split()[0] == "锻造的"
    page.get_by_text("导出1家").click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Excel").click()
    assert taken.value.suggested_filename.endswith(".xlsx")
    assert AccessLine.objects.filter(kind=AccessKind.EXPORT, actor=city.bureau).exists()


def test_an_officer_confirms_when_those_who_were_asked_have_answered(page, at, city):
    case = proposed(city)
    for role in (Role.TAX, Role.STATISTICS):
        answer(opinion_of(case, role), step="agree", on=DAY, actor=again(city.who[role]))
    at(page, city.bureau, "/registrations/")
    page.get_by_role("link", name=case.name).click()
    assert "13900001111" in page.locator("main").inner_text()
    page.get_by_role("link", name="确认入库").click()
    page.locator("main .btn-primary").click()
    page.wait_for_url(f"**/registrations/{case.pk}/")
    page.get_by_role("link", name=case.name).click()
    page.wait_for_url("**/enterprises/*/")
    assert Enterprise.objects.filter(name=case.name).exists()


def test_the_head_approves_a_large_export(page, at, city):
    asked = ask_export(query="", form="xlsx", purpose="报省厅", on=DAY, actor=again(city.bureau))
    at(page, city.head, "/exports/")
    page.get_by_role("link", name="报省厅").click()
    page.get_by_role("link", name="批准", exact=True).click()
    page.locator("main .btn-primary").click()
    page.wait_for_url(f"**/exports/{asked.pk}/")
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by_id) == ("approved", city.head.pk)
    assert Job.objects.filter(kind="desk.export", owner=city.bureau).exists()


def test_the_head_chooses_a_reading(page, at, city):
    at(page, city.head, "/policies/settings/registration_silence/")
    page.locator("[name=value]").last.check()
    page.fill("[name=from_on]", (DAY + timedelta(days=14)).isoformat())
    page.fill("[name=reason]", "局长办公会定")
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/policies/settings/**")
    assert Setting.objects.get(key="registration_silence").set_by_id == city.head.pk
    assert "局长办公会定" in page.locator("main").inner_text()


def test_the_second_of_two_browsers_is_shown_what_the_first_saved(page, second, at, city):
    address = f"/enterprises/{city.firm.pk}/edit/"
    at(page, city.bureau, address)
    at(second, city.who[Role.TOWN_OFFICER], address)
    page.fill("[name=industry]", "3599")
    page.locator("main .btn-primary").click()
    page.wait_for_url(f"**/enterprises/{city.firm.pk}/")
    second.fill("[name=industry]", "3489")
    second.locator("main .btn-primary").click()
    conflict = second.get_by_role("alert").first
    conflict.wait_for()
    assert "3599" in conflict.inner_text()
    assert second.input_value("[name=industry]") == "3489"
    second.errors.clear()  # the browser notes the 422
    assert axe(second) == []
    second.locator("main .btn-primary").click()
    second.wait_for_url(f"**/enterprises/{city.firm.pk}/")
    city.firm.refresh_from_db()
    assert city.firm.industry == "3489"


# Towns and zones


def test_a_town_proposes_a_new_enterprise(page, at, city):
    at(page, city.who[Role.TOWN_OFFICER], "/registrations/")
    page.get_by_role("link", name="报送新企业").first.click()
    page.fill("[name=name]", "济源市蒹鹮环保设备有限公司")
    page.select_option("[name=town]", label="克井镇")
    page.fill("[name=contact_name]", "毕升")
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/registrations/*/")
    press(page, "报送")
    page.wait_for_selector("text=待确认")
    assert page.locator(".lane").count() == 2


def test_a_town_completes_what_was_returned(page, at, city):
    case = proposed(city)
    return_for_more(case, on=DAY, reason="缺信用代码", actor=again(city.bureau))
    at(page, city.who[Role.TOWN_OFFICER])
    page.locator("#todo").get_by_role("link").first.click()
    page.wait_for_url(f"**/registrations/{case.pk}/**")
    page.goto(f"/registrations/{case.pk}/")
    assert "缺信用代码" in page.locator("main").inner_text()
    page.get_by_role("link", name="修改", exact=True).click()
    page.fill("[name=code]", "91419001MAX1LX27Q9")
    page.locator("main .btn-primary").click()
    page.wait_for_url(f"**/registrations/{case.pk}/")
    press(page, "报送")
    page.wait_for_selector("text=待确认")
    case.refresh_from_db()
    assert case.state == RegistrationState.PROPOSED


def test_a_zone_sees_its_own_enterprises_and_proposes(page, at, city):
    at(page, city.who[Role.ZONE_OFFICER], "/enterprises/")
    assert page.locator("#results tbody tr").count() == 1
    assert "铸远" in page.locator("#results").inner_text()
    page.get_by_role("link", name="报送新企业").click()
    page.fill("[name=name]", "济源市桴麂牧业有限公司")
    page.select_option("[name=zone]", label="玉川集聚区")
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/registrations/*/")
    assert "玉川集聚区报送" in page.locator("main").inner_text()


# Departments


@pytest.mark.parametrize("role", [Role.TAX, Role.STATISTICS])
def test_a_department_answers_what_it_was_asked(page, at, city, role):
    case = proposed(city)
    at(page, city.who[role])
    page.locator("#todo").get_by_role("link").first.click()
    page.wait_for_url(f"**/registrations/{case.pk}/**")
    assert "13900001111" not in page.content()
    page.get_by_label("是", exact=True).first.check()
    page.fill("[name=text]", "一致")
    press(page, "同意")
    page.wait_for_selector(".said")
    opinion = opinion_of(case, role)
    assert (opinion.state, opinion.answered_by_id) == ("agreed", city.who[role].pk)


@pytest.mark.parametrize("role", [Role.FINANCE, Role.IP_OFFICE, Role.LEADER])
def test_who_only_looks_has_nothing_to_press(page, at, city, role):
    at(page, city.who[role], "/enterprises/")
    assert page.locator("#results tbody tr").count() == 2
    page.get_by_role("link", name=city.firm.name).click()
    page.wait_for_url("**/enterprises/*/")
    assert page.locator("main .btn-primary").count() == 0
    assert page.get_by_text("变更", exact=True).count() == 0
    assert "13812345678" not in page.content()


# Outside


def test_a_coach_notes_on_the_phone_what_was_said(phone, at, city):
    at(phone, city.who[Role.COACH], "/enterprises/")
    assert phone.locator("#results tbody tr").count() == 1
    assert phone.locator(".fb select").first.is_hidden()
    phone.get_by_role("button", name="条件").click()
    assert phone.locator(".fb select").first.is_visible()
    phone.get_by_role("link", name=city.firm.name).click()
    phone.get_by_role("link", name="备注与文件").click()
    phone.fill("[name=text]", "电话联系，研发费用没有分项目记账")
    press(phone, "记下")
    phone.wait_for_selector(".said")
    assert city.firm.notes.get().author_id == city.who[Role.COACH].pk


def test_a_bank_sees_the_entry_and_no_papers(page, at, city):
    at(page, city.who[Role.BANK], "/portal/")
    page.get_by_role("link", name=city.firm.name).click()
    page.wait_for_url("**/portal/enterprises/*/")
    assert page.locator("#contacts, #files, #record").count() == 0
    page.goto(f"/enterprises/{city.firm.pk}/")
    assert "13812345678" not in page.content()
    assert page.get_by_text("变更", exact=True).count() == 0


def test_an_owner_opens_the_enterprise_to_an_agency_and_closes_it_again(page, second, at, city):
    agent = city.who[Role.AGENCY]
    at(page, city.who[Role.OWNER], f"/portal/enterprises/{city.firm.pk}/")
    page.get_by_role("link", name="授权他人").click()
    page.select_option("[name=kind]", "agency")
    page.fill("[name=username]", agent.username)
    page.fill("[name=name]", agent.name)
    page.select_option("[name=body]", label=city.agency.name)
    page.fill("[name=until_on]", "2019-12-31")
    page.locator("main .btn-primary").click()
    page.wait_for_selector(".said")
    assert agent.name in page.locator("#mandates").inner_text()
    at(second, agent, "/portal/")
    second.get_by_role("link", name=city.firm.name, exact=True).click()
    assert second.locator("#files").count() == 1
    press(page, f"撤销{agent.name}的授权")
    page.wait_for_selector(".said")
    assert second.goto(second.url).status == 404
    second.errors.clear()


def test_an_accountant_keeps_the_contacts(page, at, city):
    at(page, city.who[Role.ACCOUNTANT], f"/portal/enterprises/{city.firm.pk}/")
    page.get_by_role("link", name="加联系人").click()
    page.fill("[name=name]", "施秀云")
    page.fill("[name=phone]", "13600002222")
    page.locator("main .btn-primary").click()
    page.wait_for_selector(".said")
    assert "施秀云" in page.locator("#contacts").inner_text()


# The three


def test_the_system_administrator_enters_the_holidays_of_a_year(page, at, city):
    at(page, city.who[Duty.SYSTEM], "/jobs/")
    page.goto("/system/")
    page.fill("[name=year]", "2032")
    page.fill("[name=source]", "国办发明电〔2031〕6号")
    page.fill("[name=days_off]", "2032-01-01\n2032-05-01\n2032-10-01\n2032-10-02\n2032-10-03")
    press(page, "录入")
    page.wait_for_selector(".said")
    assert CalendarYear.objects.filter(year=2032).exists()


def test_the_keeper_of_accounts_adds_appoints_and_hands_over(page, at, city):
    at(page, city.who[Duty.SECURITY], "/people/")
    page.get_by_role("link", name="新人员").click()
    page.fill("[name=username]", "jiang.chenglin")
    page.fill("[name=name]", "姜成林")
    page.select_option("[name=duty]", "office")
    page.locator("main .btn-primary").click()
    page.wait_for_selector("code")
    page.goto("/people/?q=姜成林")
    page.get_by_role("link", name="姜成林").click()
    page.get_by_role("link", name="任命").click()
    page.select_option("[name=role]", Role.TOWN_OFFICER.value)
    page.select_option("[name=body]", str(city.town.pk))
    page.locator("main .btn-primary").click()
    page.wait_for_selector(".said")
    page.goto(f"/people/hand-over/?from={city.who[Role.TOWN_OFFICER].pk}")
    page.select_option("[name=from_person]", str(city.who[Role.TOWN_OFFICER].pk))
    page.select_option("[name=to_person]", label="姜成林")
    page.fill("[name=on]", (DAY + timedelta(days=1)).isoformat())
    page.fill("[name=reason]", "调离")
    page.locator("main .btn-primary").click()
    page.wait_for_selector(".said")
    assert RecordLine.objects.filter(reason="调离", actor=city.who[Duty.SECURITY]).exists()


def test_the_auditor_has_the_record_verified_and_reads_who_looked(page, at, city):
    at(page, city.who[Duty.AUDIT], "/audit/")
    press(page, "核验全部记录")
    page.wait_for_selector(".said, [role=status], #said div")
    assert Job.objects.filter(owner=city.who[Duty.AUDIT]).exists()
    page.goto("/audit/access/")
    assert page.locator("h1").inner_text() == "访问日志"
    page.goto("/record/")
    assert "任海川" not in page.content()


# Whoever


def test_one_changes_the_language_and_stays_on_the_page(page, at, city):
    at(page, city.bureau, "/enterprises/?status=active")
    page.locator(".top > details.menu summary").click()
    press(page, "English")
    page.wait_for_selector("html[lang=en]")
    assert page.url.endswith("/enterprises/?status=active")
    assert page.locator("h1").inner_text().startswith("Enterprise")
    page.locator(".top > details.menu summary").click()
    press(page, "中文")
    page.wait_for_selector("html[lang=zh-CN]")


def test_who_was_away_too_long_comes_back_to_the_same_page(page, at, city):
    at(page, city.bureau, "/enterprises/")
    cookie = next(
        one for one in page.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME
    )
    session = SessionStore(cookie["value"])
    for key, value in list(session.items()):
        if isinstance(value, int) and value > 10**9:
            session[key] = value - int(IDLE.total_seconds()) - 60
    session.save()
    page.goto("/enterprises/?status=active")
    assert unquote(page.url).endswith("/login/?next=/enterprises/?status=active")


def test_a_list_of_fourteen_columns_shows_twenty_four_lines_at_once(page, at, city):
    for number in range(30):
        enterprise(f"河南楸麝再生资源科技发展股份有限公司第{number}分公司", town=city.town)
    at(page, city.bureau, "/enterprises/")
    lines = page.locator("#results tbody tr")
    assert (lines.count(), lines.first.locator("td").count()) == (24, 14)
    assert lines.last.evaluate("(line) => line.getBoundingClientRect().bottom") <= 900
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    cut = page.locator("#results td.el").first
    assert cut.get_attribute("title") == cut.inner_text()


def test_the_list_and_an_enterprise_go_on_paper(page, at, city):
    at(page, city.bureau, "/enterprises/")
    page.emulate_media(media="print")
    for address in ("/enterprises/", f"/enterprises/{city.firm.pk}/"):
        page.goto(address)
        assert page.locator(".top, .fb, .btn").locator("visible=true").count() == 0
        assert page.locator("h1").is_visible()
        assert len(page.pdf(format="A4", landscape=True)) > 5_000
