"""Enterprises fill in their years: nothing typed is lost, nobody else finds the page."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from peiyu.office.accounts.models import Role
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.sources import of_document
from peiyu.office.portal import years_needs
from peiyu.office.portal.years_units import Unit, kept, shown
from peiyu.office.reports import actions
from peiyu.office.reports.models import FIGURES, Basis, ReportState, Statement, YearReport
from tests.office.factories import NOW, body, enterprise, mandate, person

pytestmark = pytest.mark.django_db
FILLS_IN = (MandateKind.OWNER, MandateKind.ACCOUNTANT, MandateKind.AGENCY)
OTHERS = (MandateKind.BANK, MandateKind.COACH)
SALES = FIGURES["sales_revenue"]


@pytest.fixture
def town():
    return body(name="克井镇")


@pytest.fixture
def one(town):
    return enterprise("济源市荻鹬装备有限公司", town=town, code="91419001MAX1LX27QC")


@pytest.fixture
def year():
    return office_day().year - 1


@pytest.fixture
def accountant(one):
    return of(MandateKind.ACCOUNTANT, one, name="孙玉芬")


@pytest.fixture
def town_officer(town):
    return person(Role.TOWN_OFFICER, town, name="赵丽娟")


def of(kind, row, **more):
    who = person(kind.value, **more)
    mandate(row, who, kind)
    return who


def at(name, row, year):
    return reverse(name, args=[row.pk, year])


def typed(was=None, saved=0, unit="yuan", **texts):
    return {**texts, "was": json.dumps(was or {}), "saved": saved, "unit": unit}


def by_itself(client, row, year, **more):
    sent = typed(**more)
    address = at("portal_year_save", row, year)
    return client.post(address, sent, headers={"X-Requested-With": "fetch"})


PAGES = ("portal_year", "portal_workbook")
BUTTONS = ("portal_year_save", "portal_year_submit", "portal_year_withdraw", "portal_workbook")


@pytest.mark.parametrize("kind", [*FILLS_IN, *OTHERS])
def test_those_who_fill_in_find_the_pages_of_their_own_and_nobody_else_does(
    kind, one, year, client
):
    foreign = enterprise()
    client.force_login(of(kind, one))
    fills = kind in FILLS_IN
    for row in (one, foreign):
        there = fills and row is one
        addresses = [at(name, row, year) for name in PAGES]
        addresses.append(reverse("portal_years", args=[row.pk]))
        assert {client.get(to).status_code for to in addresses} == {200 if there else 404}
        if not there:
            assert {client.post(at(name, row, year)).status_code for name in BUTTONS} == {404}
            assert client.get(at("portal_receipt", row, year)).status_code == 404
    assert not YearReport.objects.exists()
    link = reverse("portal_years", args=[one.pk]) in client.get("/portal/").content.decode()
    answer = client.get(reverse("portal_enterprise", args=[one.pk]))
    assert link is False
    assert (reverse("portal_years", args=[one.pk]) in answer.content.decode()) is fills


@pytest.mark.parametrize("year", [0, 1999, 2100, 10**30])
def test_years_that_cannot_be_are_not_there(year, one, accountant, client):
    client.force_login(accountant)
    assert client.get(f"/portal/enterprises/{one.pk}/years/{year}/").status_code == 404


def test_looking_begins_nothing_and_saving_begins_the_report(one, accountant, year, client):
    client.force_login(accountant)
    assert client.get(at("portal_year", one, year)).status_code == 200
    assert not YearReport.objects.exists()
    answer = client.post(at("portal_year_save", one, year), typed(sales_revenue="1,234.5"))
    assert answer.status_code == 303
    report = YearReport.objects.get()
    assert (report.draft, report.saved, report.saved_by) == (
        {"sales_revenue": "1,234.5"}, 1, accountant,
    )  # fmt: skip
    assert 'value="1,234.5"' in client.get(answer["Location"]).content.decode()


def test_wrong_text_is_kept_told_at_its_field_and_stops_the_handing_in(
    one, accountant, year, client
):
    client.force_login(accountant)
    answer = by_itself(
        client, one, year, sales_revenue="很多", rd_total="12.345", staff_average="8"
    )
    assert answer.status_code == 200
    assert set(answer.json()["problems"]) == {"sales_revenue", "rd_total"}
    refused = client.post(at("portal_year_submit", one, year), typed(saved=1, net_assets="x1"))
    text = refused.content.decode()
    assert refused.status_code == 422
    assert all(f'value="{kept}"' in text for kept in ("很多", "12.345", "8", "x1"))
    assert text.count('aria-invalid="true"') == 3
    assert YearReport.objects.get().draft["net_assets"] == "x1"
    assert not Statement.objects.exists()


def test_what_is_handed_in_gets_a_receipt_and_can_be_taken_back(one, accountant, year, client):
    client.force_login(accountant)
    sent = typed(unit="wan", sales_revenue="123.456789", staff_average="86.5")
    answer = client.post(at("portal_year_submit", one, year), sent)
    assert (answer.status_code, answer["Location"]) == (303, at("portal_receipt", one, year))
    statement = Statement.objects.get()
    assert statement.stated() == {
        "sales_revenue": Decimal("1234567.89"), "staff_average": Decimal("86.5"),
    }  # fmt: skip
    text = client.get(answer["Location"]).content.decode()
    number = f"{year}-{statement.pk:06d}"
    for said in (number, statement.seal, "孙玉芬", "1,234,567.89", "克井镇"):
        assert said in text
    closed = client.get(at("portal_year", one, year)).content.decode()
    assert 'name="sales_revenue"' not in closed
    assert "在克井镇那里等核对" in closed
    refused = client.post(at("portal_year_save", one, year), typed(saved=1, rd_total="5"))
    assert refused.status_code == 422
    assert 'name="rd_total" value="5"' in refused.content.decode()
    assert client.post(at("portal_year_withdraw", one, year)).status_code == 303
    assert YearReport.objects.get().state == ReportState.DRAFT
    assert 'value="123.456789"' in client.get(at("portal_year", one, year)).content.decode()


def test_nothing_typed_is_nothing_to_hand_in(one, accountant, year, client):
    client.force_login(accountant)
    answer = client.post(at("portal_year_submit", one, year), typed())
    assert answer.status_code == 422
    assert "还没有填任何数" in answer.content.decode()


def test_a_report_that_came_back_says_why(one, accountant, town_officer, year, client):
    client.force_login(accountant)
    client.post(at("portal_year_submit", one, year), typed(sales_revenue="5"))
    report = YearReport.objects.get()
    actions.return_report(report, reason="销售收入<少>了", at=NOW, actor=town_officer)
    text = client.get(at("portal_year", one, year)).content.decode()
    assert "销售收入&lt;少&gt;了" in text
    assert 'name="sales_revenue" value="5"' in text


def test_what_another_typed_meanwhile_comes_to_the_page(one, accountant, year, client):
    client.force_login(of(MandateKind.OWNER, one))
    by_itself(client, one, year, sales_revenue="100", rd_total="7")
    client.force_login(accountant)  # opened the page before that, and left these fields empty
    answer = by_itself(client, one, year, staff_average="3", sales_revenue="", rd_total="")
    assert answer.json()["texts"] == {"sales_revenue": "100", "rd_total": "7"}
    draft = {"sales_revenue": "100", "rd_total": "7", "staff_average": "3"}
    assert YearReport.objects.get().draft == draft


@pytest.mark.parametrize(("pick", "kept_text"), [("mine", "200"), ("theirs", "100")])
def test_both_values_of_a_conflict_stay_until_one_is_chosen(
    one, accountant, year, client, pick, kept_text
):
    client.force_login(of(MandateKind.OWNER, one, name="王有才"))
    by_itself(client, one, year, sales_revenue="100", rd_total="7")
    client.force_login(accountant)
    clash = by_itself(client, one, year, sales_revenue="200", staff_average="5")
    assert clash.status_code == 409
    shown_there = clash.json()["clashes"]["sales_revenue"]
    assert "王有才填的是100" in shown_there and 'name="open" value="sales_revenue"' in shown_there
    draft = {"sales_revenue": "100", "rd_total": "7", "staff_average": "5"}
    assert YearReport.objects.get().draft == draft, "the other figures are kept all the same"
    plain = client.post(at("portal_year_save", one, year), typed(sales_revenue="200", rd_total=""))
    text = plain.content.decode()
    assert plain.status_code == 409
    assert 'name="sales_revenue" value="200"' in text
    assert 'name="rd_total" value="7"' in text
    assert "王有才填的是100，与您填的不同" in text and "请选定用哪个" in text
    saved = YearReport.objects.get().saved
    more = {"open": "sales_revenue", "sales_revenue": "200", "saved": saved}
    later = by_itself(client, one, year, net_assets="9", **more)
    assert later.status_code == 200 and "sales_revenue" in later.json()["clashes"]
    assert YearReport.objects.get().draft == {**draft, "net_assets": "9"}, "nothing was chosen yet"
    handing_in = client.post(at("portal_year_submit", one, year), typed(**more))
    assert handing_in.status_code == 409 and YearReport.objects.get().state == ReportState.DRAFT
    chosen = by_itself(client, one, year, **more, **{"pick-sales_revenue": pick})
    assert (chosen.status_code, chosen.json()["clashes"]) == (200, {})
    assert YearReport.objects.get().draft["sales_revenue"] == kept_text


@pytest.mark.parametrize(("pick", "stands"), [("mine", "200.00"), ("theirs", "300.00")])
def test_what_the_town_declared_meanwhile_stands_beside_the_draft_until_one_is_chosen(
    one, accountant, town_officer, year, client, pick, stands
):
    client.force_login(accountant)
    by_itself(client, one, year, sales_revenue="200", rd_total="7")
    source = of_document("汇总表", actor=town_officer)
    given = {"sales_revenue": Decimal(300), "net_assets": Decimal(50), "rd_total": Decimal(7)}
    actions.state(
        one, year=year, basis=Basis.DECLARED, source=source, actor=town_officer, figures=given
    )
    assert "赵丽娟代填了" in accountant.messages.get().title
    text = client.get(at("portal_year", one, year)).content.decode()
    assert "赵丽娟填的是300，与您填的不同" in text and "第1版" in text
    assert "赵丽娟填的是7" not in text
    refused = client.post(at("portal_year_submit", one, year), typed(saved=1))
    assert refused.status_code == 409 and "赵丽娟代填了" in refused.content.decode()
    assert Statement.objects.get().sales_revenue == 300
    more = {"open": "sales_revenue", "sales_revenue": "200", "saved": 1, "declared": 1}
    answer = client.post(
        at("portal_year_submit", one, year), {**typed(**more), "pick-sales_revenue": pick}
    )
    assert answer.status_code == 303
    handed_in = YearReport.objects.get().statement
    assert (str(handed_in.sales_revenue), handed_in.net_assets) == (stands, 50)


def test_contradictions_are_said_before_and_after_handing_in(one, accountant, year, client):
    client.force_login(accountant)
    answer = by_itself(client, one, year, staff_average="3", st_staff_average="4人").json()
    assert "科技人员数大于职工总数" in answer["lacks"] and "有1处提示" in answer["hints"]
    text = client.get(at("portal_year", one, year)).content.decode()
    assert 'id="hints"' in text and 'value="4"' in text and "4人" not in text
    client.post(at("portal_year_submit", one, year), typed(saved=1))
    for page in ("portal_receipt", "portal_year"):
        text = client.get(at(page, one, year)).content.decode()
        assert "科技人员数大于职工总数" in text and "4人 人" not in text


def test_words_are_no_figures_and_an_emptied_one_is_shown_as_such(one, accountant, year, client):
    source = of_document("申报表", actor=accountant)
    actions.state(
        one, year=year, basis=Basis.DECLARED, source=source, actor=accountant,
        figures={"sales_revenue": Decimal(5), "rd_total": Decimal(6)},
    )  # fmt: skip
    client.force_login(accountant)
    answer = by_itself(client, one, year, sales_revenue="无", rd_total="", was={"rd_total": "6"})
    assert "没有就填0，不知道就留空" in answer.json()["problems"]["sales_revenue"]
    assert answer.json()["remarks"]["rd_total"] == "现在申报的是6，提交后改为未知"
    refused = client.post(at("portal_year_submit", one, year), typed(saved=1))
    assert refused.status_code == 422 and Statement.objects.count() == 1


def test_a_file_that_is_refused_is_said_at_its_form_and_focused(one, accountant, year, client):
    client.force_login(accountant)
    text = client.post(at("portal_workbook", one, year)).content.decode()
    at_form = text.partition('id="id_file_error"')[2].partition("</div>")[0]
    assert "请选择填好的表格" in at_form and "data-errors" in at_form
    assert text.count("data-errors") == 1, "nothing else takes the focus"


def test_what_others_know_is_prefilled_and_what_is_missing_is_said(
    one, accountant, town_officer, year, client
):
    for before, value in ((1, "4000"), (0, "5000.50")):
        source = of_document("申报表", actor=accountant)
        actions.state(
            one, year=year - before, basis=Basis.DECLARED, source=source, actor=accountant,
            figures={"sales_revenue": Decimal(value)},
        )  # fmt: skip
    due = office_day() + timedelta(days=3)
    actions.ask_facts(
        one, year=year, figures=["rd_total"], supplier="enterprise", due_on=due, words="<b>急</b>",
        on=office_day(), at=NOW, actor=town_officer,
    )  # fmt: skip
    client.force_login(accountant)
    text = client.get(at("portal_year", one, year)).content.decode()
    assert 'name="sales_revenue" value="5000.5"' in text
    assert "4,000.00" in text
    assert "&lt;b&gt;急" in text
    lacks = text.partition('id="lacks"')[2].partition("</section>")[0]
    assert "#id_rd_total" in lacks
    assert "近三年研究开发费用总额占同期销售收入总额的比例" in lacks
    assert "#id_sales_revenue" not in lacks
    listed = client.get(reverse("portal_years", args=[one.pk])).content.decode()
    assert "请补报1项" in listed


def test_the_rulebook_says_what_may_stand_for_what():
    assert "sales_revenue" in years_needs.missing({"main_business_revenue"})
    parts = {"main_business_revenue", "other_business_revenue", "total_assets", "total_liabilities"}
    assert not {"sales_revenue", "net_assets"} & set(years_needs.missing(parts))
    assert years_needs.missing(years_needs.USUAL) == []


@pytest.mark.parametrize(
    ("typed_text", "stored", "in_yuan"),
    [("12.5", "12.5万元", "125000"), ("1,234.5", "1,234.5万元", "12345000"), ("3亿", "3亿", "300000000"),
     ("(1.5)", "(1.5)万元", "-15000"), ("很多", "很多", "很多"), ("0", "0万元", "0"), ("", "", ""),
     ("1e5", "1e5", "1e5"), ("无", "无", "无"), ("5美元", "5美元", "5美元")],
)  # fmt: skip
def test_a_text_keeps_its_unit(typed_text, stored, in_yuan):
    assert kept(typed_text, Unit.WAN, SALES) == stored
    assert shown(stored, Unit.YUAN, SALES) == in_yuan
    assert kept(in_yuan, Unit.YUAN, SALES) == in_yuan


def test_the_unit_is_changed_and_nothing_is_lost(one, accountant, year, client):
    client.force_login(accountant)
    sent = {**typed(sales_revenue="12345.67", staff_average="3"), "switch": "wan"}
    answer = client.post(at("portal_year_save", one, year), sent)
    text = client.get(answer["Location"]).content.decode()
    assert 'name="sales_revenue" value="1.234567"' in text
    assert 'name="staff_average" value="3"' in text


ODD = [
    "\x00",
    "9" * 5000,
    "１２３" * 30,
    "<script>",
    "-",
    "∞",
    "1" * 61,
    "\ud800".encode("utf-8", "replace"),
]


@pytest.mark.parametrize("odd", ODD)
def test_odd_text_breaks_nothing(odd, one, accountant, year, client):
    client.force_login(accountant)
    for name in ("portal_year_save", "portal_year_submit"):
        for was in ("", "[]", "{", "[" * 9000, '{"sales_revenue": 1}'):
            sent = {"sales_revenue": odd, "was": was, "saved": odd, "unit": odd}
            assert client.post(at(name, one, year), sent).status_code in (303, 409, 422)
            assert client.get(at("portal_year", one, year)).status_code == 200


def test_a_text_too_long_to_be_kept_is_shown_again(one, accountant, year, client):
    client.force_login(accountant)
    answer = client.post(at("portal_year_save", one, year), typed(sales_revenue="9" * 5000))
    assert answer.status_code == 422
    assert "9" * 5000 in answer.content.decode()


def test_a_workbook_comes_back_into_the_draft_and_hands_in_nothing(one, accountant, year, client):
    client.force_login(accountant)
    by_itself(client, one, year, sales_revenue="12.5万元", rd_total="很多")
    answer = client.get(at("portal_workbook", one, year))
    assert answer.status_code == 200
    file = SimpleUploadedFile("年度.xlsx", answer.content)
    assert client.post(at("portal_workbook", one, year), {"file": file}).status_code == 303
    lines = f"企业名称,年度,研究开发费用总额（万元）,销售收入（元）\n{one.name},{year},12.5,很多\n"
    file = SimpleUploadedFile("年度.csv", lines.encode())
    answer = client.post(at("portal_workbook", one, year), {"file": file})
    assert answer.status_code == 422
    assert "D2" in answer.content.decode()
    assert "很多" in answer.content.decode()
    assert YearReport.objects.get().draft == {"sales_revenue": "12.5万元", "rd_total": "125000.00"}
    assert not Statement.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("a.pdf", b"%PDF", "不是表格文件"), ("a.xlsx", b"%PDF-1.4", "PDF"), ("a.xlsx", b"", "空"),
     ("a.xlsx", b"PK\x03\x04broken", "损坏"), ("a.csv", b"1,2\n3,4", "年度数据")],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_in_words(
    name, content, words, one, accountant, year, client
):
    client.force_login(accountant)
    sent = {"file": SimpleUploadedFile(name, content)}
    answer = client.post(at("portal_workbook", one, year), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not YearReport.objects.exists()
    assert client.post(at("portal_workbook", one, year), {"file": "text"}).status_code == 422


def test_the_pages_ask_alike_however_much_there_is(
    one, accountant, town_officer, year, client, django_assert_max_num_queries
):
    source = of_document("申报表", actor=accountant)
    for back in range(6):
        for basis in (Basis.DECLARED, Basis.LEDGER_TAX):
            figures = {name: Decimal(back + 1) for name in FIGURES}
            actions.state(
                one, year=year - back, basis=basis, source=source, actor=accountant, figures=figures
            )
        actions.ask_facts(
            one, year=year - back, figures=["rd_total"], supplier="enterprise",
            due_on=office_day(), on=office_day(), at=NOW, actor=town_officer,
        )  # fmt: skip
    client.force_login(accountant)
    client.get(reverse("portal_years", args=[one.pk]))
    for address in (reverse("portal_years", args=[one.pk]), at("portal_year", one, year)):
        with django_assert_max_num_queries(20):
            assert client.get(address).status_code == 200
