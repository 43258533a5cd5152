"""The yearly figures of an enterprise at the office's door."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peiyu.office.accounts.models import BodyKind, Duty, Role
from peiyu.office.desk.todo import todo_of
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.models import Source
from peiyu.office.foundation.sources import of_document
from peiyu.office.reports import actions
from peiyu.office.reports.models import Basis, FactRequest, ReportState, Statement, Supplier
from tests.office.factories import DAY, NOW, again, body, enterprise, mandate, person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("peiyu.office.config.urls")]
HOSTILE = ("9" * 40, "x" * 10_000, "\0", "\u202e", "=1+1", "<script>", "2019-13-45", "{{7*7}}",
           "-1", "٣", "12亿亿", "1e400", "NaN")  # fmt: skip


@pytest.fixture
def town():
    return body(BodyKind.TOWN, "克井镇")


@pytest.fixture
def one(town):
    return enterprise("济源市荻鹬装备有限公司", town=town)


@pytest.fixture
def officer(town):
    return person(Role.TOWN_OFFICER, town)


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def owner(one):
    found = person(duty=Duty.ENTERPRISE)
    mandate(one, found)
    return again(found)


def entered(client, who):
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text(answer):
    return answer.content.decode()


def stated(one, basis, actor, year=2018, reason="", title="年度报表", **figures):
    source = of_document(title, actor=actor, dated_on=DAY)
    given = {name: None if value is None else Decimal(value) for name, value in figures.items()}
    return actions.state(
        one, year=year, basis=basis, figures=given, source=source, actor=actor, reason=reason
    )


def submitted(one, owner, year=2018, **texts):
    report = actions.open_report(one, year=year, actor=owner)
    actions.save_draft(report, texts=texts, saved=0, actor=owner)
    report.refresh_from_db()
    return actions.submit(report, on=office_day(), actor=owner)


def url(one, rest=""):
    return f"/enterprises/{one.pk}/years/{rest}"


def cell(page, figure, basis, one, year=2018):
    """The link of one cell with what stands in it."""
    return page.partition(f'href="{url(one, f"{year}/{basis}/{figure}/")}"')[2].partition("</td>")[
        0
    ]


def test_only_who_works_with_the_figures_sees_the_tab_and_the_pages(client, one, officer, owner):
    stated(one, Basis.DECLARED, owner, sales_revenue="1234567.89")
    stranger = person(duty=Duty.ENTERPRISE)
    mandate(enterprise(), stranger)
    bank = person(duty=Duty.ENTERPRISE)
    mandate(one, bank, MandateKind.BANK)
    pages = ("", "2018/declared/sales_revenue/", "2018/declared/state/", "2018/ask/")
    closed = (again(stranger), again(bank), person(Role.IP_OFFICE), person(Role.LEADER),
              person(Role.TOWN_OFFICER))  # fmt: skip
    for who in closed:
        entered(client, who)
        assert [client.get(url(one, page)).status_code for page in pages] == [404] * 4
    for who in (bank, person(Role.IP_OFFICE)):
        assert url(one) not in text(entered(client, again(who)).get(f"/enterprises/{one.pk}/"))
    for who in (officer, owner, person(Role.FINANCE), person(Role.TAX), person(Role.STATISTICS)):
        entered(client, who)
        assert url(one) in text(client.get(f"/enterprises/{one.pk}/"))
        assert "1,234,567.89" in text(client.get(url(one)))


def test_who_may_not_state_finds_no_form(client, one, officer, owner):
    finance = person(Role.FINANCE)
    for who, page in ((finance, "declared/state/"), (officer, "verified/state/"),
                      (officer, "tax_return/state/"), (owner, "checked/state/"),
                      (finance, "verify-items/"), (officer, "verify-items/"), (owner, "ask/")):  # fmt: skip
        entered(client, who)
        assert client.get(url(one, f"2018/{page}")).status_code == 404
        assert client.post(url(one, f"2018/{page}"), {"seen": 0}).status_code == 404


def test_figures_of_tax_are_closed_to_the_town_and_that_is_said(client, one, officer, bureau):
    tax = person(Role.TAX)
    stated(one, Basis.TAX_RETURN, tax, sales_revenue="900.00")
    stated(one, Basis.DECLARED, bureau, sales_revenue="1000.00")
    said = text(entered(client, officer).get(url(one)))
    assert "900.00" not in said and "纳税申报数未对您的角色开放" in said
    assert client.get(url(one, "2018/tax_return/sales_revenue/")).status_code == 404
    for who in (tax, bureau):
        said = text(entered(client, who).get(url(one)))
        assert "900.00" in said and "未对您的角色开放" not in said
        assert "不一致" in said and ">采用</span>" in said
        assert "<b" not in cell(said, "sales_revenue", "declared", one)
        assert 'nm b" href="' + url(one, "2018/tax_return/sales_revenue/") in said


def test_the_list_narrows_to_what_differs_or_is_unknown(client, one, bureau):
    stated(one, Basis.DECLARED, bureau, sales_revenue="1000", net_assets="-5", staff_average="12.5")
    stated(one, Basis.AUDITED, bureau, sales_revenue="999", net_assets="-5")
    entered(client, bureau)
    whole, differs, missing = (
        text(client.get(url(one), {"only": only})) for only in ("all", "differs", "missing")
    )
    assert "12.50" in whole and "-5.00" in whole and "未知" in whole and "0.10万元" in whole
    assert "999.00" in differs and "-5.00" not in differs and "资产总额" not in differs
    assert "999.00" not in missing and "资产总额" in missing
    by_year = text(client.get(url(one), {"by": "figure"}))
    assert "999.00" in by_year and "1,000.00" not in by_year and "审计报告" in by_year


def test_a_figure_of_another_source_than_its_column_is_marked(client, one, bureau):
    stated(one, Basis.AUDITED, bureau, sales_revenue="999", net_assets="5", title="审计报告甲")
    stated(one, Basis.AUDITED, bureau, sales_revenue="998", reason="更正", title="更正函乙")
    said = text(entered(client, bureau).get(url(one)))
    assert "更正函乙" in said and "审计报告甲" not in said
    assert "来源与本列不同" in cell(said, "net_assets", "audited", one)
    assert "来源与本列不同" not in cell(said, "sales_revenue", "audited", one)
    history = text(client.get(url(one, "2018/audited/net_assets/")))
    assert "审计报告甲" in history and "更正函乙" not in history and "未改动" in history
    history = text(client.get(url(one, "2018/audited/sales_revenue/")))
    assert history.index("998.00") < history.index("999.00") and "更正" in history


def test_a_day_in_the_past_shows_what_was_known_then(client, one, bureau):
    today = office_day()
    old = stated(one, Basis.DECLARED, bureau, sales_revenue="1000")
    row = Statement(**{f.attname: getattr(old, f.attname) for f in Statement._meta.concrete_fields})
    row.pk, row.version, row.sales_revenue = None, 2, Decimal(2000)
    row.year, row.recorded_on = 2017, today - timedelta(days=400)
    row.version = 1
    Statement.objects.bulk_create([row])
    stated(one, Basis.DECLARED, bureau, year=2017, sales_revenue="3000", reason="更正")
    entered(client, bureau)
    then = {"year": 2017, "known": (today - timedelta(days=1)).isoformat()}
    said = text(client.get(url(one), then))
    assert "2,000.00" in said and "3,000.00" not in said and "时已知的数" in said
    assert "填写或更正" not in said
    said = text(client.get(url(one), {"year": 2017, "known": "2100-01-01"}))
    assert "3,000.00" in said and "时已知的数" not in said
    refused = client.get(url(one), {"known": "gestern"})
    assert refused.status_code == 422 and "1,000.00" not in text(refused)


def test_figures_are_stated_from_a_document_in_the_unit_chosen(client, one, bureau):
    entered(client, bureau)
    page = url(one, "2018/audited/state/")
    assert 'name="unit" value="wan"' in text(client.get(page, {"unit": "wan"}))
    given = {"seen": 0, "unit": "wan", "sales_revenue": "1,234.5", "staff_average": "12.5",
             "title": "2018年度审计报告", "number": "审字1号"}  # fmt: skip
    assert client.post(page, given).status_code == 303
    row = Statement.objects.get()
    assert (row.sales_revenue, row.staff_average) == (Decimal(12345000), Decimal("12.5"))
    assert row.source.title == "2018年度审计报告" and row.net_assets is None
    assert 'value="1,234.50"' in text(client.get(page, {"unit": "wan"}))
    assert 'value="12,345,000.00"' in text(client.get(page))


def test_a_correction_without_a_reason_is_refused_and_nothing_typed_is_lost(client, one, bureau):
    stated(one, Basis.AUDITED, bureau, sales_revenue="1000", net_assets="7")
    entered(client, bureau)
    page = url(one, "2018/audited/state/")
    given = {
        "seen": 1,
        "unit": "yuan",
        "sales_revenue": "1001",
        "net_assets": "7.00",
        "title": "更正函",
    }
    answer = client.post(page, given)
    assert answer.status_code == 422 and 'value="1001"' in text(answer)
    assert "理由" in str(answer.context["form"].errors["reason"])
    assert Statement.objects.count() == 1 and not Source.objects.filter(title="更正函").exists()
    answer = client.post(page, {**given, "sales_revenue": "很多", "reason": "错"})
    assert answer.status_code == 422 and 'value="很多"' in text(answer)
    assert "sales_revenue" in answer.context["form"].errors
    assert client.post(page, {**given, "title": " ", "reason": "错"}).status_code == 422
    same = client.post(page, {**given, "sales_revenue": "1000"})
    assert same.status_code == 422 and "没有改动" in text(same)
    assert client.post(page, {**given, "reason": "误填"}).status_code == 303
    assert Statement.objects.get(version=2).reason == "误填"


def test_a_known_figure_is_emptied_only_when_that_is_meant(client, one, bureau):
    stated(one, Basis.AUDITED, bureau, sales_revenue="1000", net_assets="5")
    entered(client, bureau)
    given = {"seen": 1, "unit": "yuan", "title": "更正", "reason": "录错了", "net_assets": "5"}
    for words in ("NaN", "--", "无", "不详"):
        answer = client.post(url(one, "2018/audited/state/"), {**given, "sales_revenue": words})
        assert answer.status_code == 422 and "没有就填0，不知道就留空" in text(answer)
    answer = client.post(url(one, "2018/audited/state/"), {**given, "sales_revenue": "1e6"})
    assert "科学计数法；请写完整的数" in text(answer) and "单元格" not in text(answer)
    asked = client.post(url(one, "2018/audited/state/"), {**given, "sales_revenue": ""})
    said = text(asked)
    assert asked.status_code == 422 and "现在是1,000.00，清空就是改为未知" in said
    assert 'name="emptied" value="sales_revenue"' in said and Statement.objects.count() == 1
    meant = {**given, "sales_revenue": "", "emptied": "sales_revenue"}
    assert client.post(url(one, "2018/audited/state/"), meant).status_code == 303
    assert "改为未知" in text(client.get(url(one, "2018/audited/sales_revenue/")))
    assert "未改动" not in text(client.get(url(one, "2018/audited/total_income/"))), (
        "never filled in"
    )


def test_what_contradicts_itself_is_said_and_refuses_nothing(client, one, officer, owner):
    report = submitted(one, owner, rd_total="5", rd_domestic="6")
    entered(client, officer)
    for page in (url(one), url(one, "2018/check/")):
        said = text(client.get(page, {"year": "2018"}))
        assert "提示：有1处数字对不上" in said and "境内研发费用大于研发费用总额" in said
    assert report.state == "submitted"


def test_a_year_that_has_not_begun_is_refused_in_words(client, one, bureau):
    entered(client, bureau)
    given = {"seen": 0, "unit": "yuan", "title": "表", "sales_revenue": "1"}
    answer = client.post(url(one, f"{office_day().year + 1}/audited/state/"), given)
    assert answer.status_code == 422 and "还没有到，没有数可填" in text(answer)


def test_two_who_state_the_same_see_both_values_and_lose_nothing(client, one, bureau):
    stated(one, Basis.AUDITED, bureau, sales_revenue="1000", net_assets="7", total_assets="9")
    stated(one, Basis.AUDITED, bureau, reason="甲", sales_revenue="1100", net_assets="8")
    entered(client, bureau)
    page = url(one, "2018/audited/state/")
    given = {"seen": 1, "unit": "yuan", "sales_revenue": "1200", "net_assets": "7.00",
             "total_assets": "9.00", "title": "报告", "reason": "乙"}  # fmt: skip
    answer = client.post(page, given)
    said = text(answer)
    assert answer.status_code == 422 and "1,100.00" in said and "1,200.00" in said
    form = answer.context["form"]
    assert [form[name].value() for name in ("seen", "sales_revenue", "net_assets")] == [
        "2", "1200", "8.00",
    ]  # fmt: skip
    again_given = {name: form[name].value() or "" for name in form.fields}
    assert client.post(page, again_given).status_code == 303
    row = Statement.objects.get(version=3)
    assert (row.sales_revenue, row.net_assets, row.total_assets) == (1200, 8, 9)


def test_a_department_verifies_its_own_figures_and_no_others(client, one):
    entered(client, person(Role.STATISTICS))
    page = url(one, "2018/verify-items/")
    said = text(client.get(page))
    assert 'name="staff_average"' in said and 'name="net_assets"' not in said
    given = {
        "seen": 0,
        "unit": "yuan",
        "staff_average": "30",
        "net_assets": "5",
        "title": "统计报表",
    }
    assert client.post(page, given).status_code == 303
    row = Statement.objects.get()
    assert (row.basis, row.staff_average, row.net_assets) == (Basis.VERIFIED, 30, None)


def test_the_town_checks_the_bureau_verifies_and_each_finding_is_stated(
    client, one, officer, bureau, owner
):
    report = submitted(one, owner, sales_revenue="1000", net_assets="7")
    check, verify = url(one, "2018/check/"), url(one, "2018/verify/")
    entered(client, officer)
    assert check in text(client.get(url(one))) and client.get(verify).status_code == 404
    said = text(client.get(check))
    assert 'value="1,000.00"' in said
    given = {
        "seen": 1,
        "unit": "yuan",
        "sales_revenue": "990",
        "net_assets": "7.00",
        "note": "抽查",
    }
    refused = client.post(check, {**given, "net_assets": "很多"})
    assert refused.status_code == 422 and 'value="990"' in text(refused)
    assert client.post(check, {**given, "seen": 0}).status_code == 422
    assert client.post(check, given).status_code == 303
    assert client.get(check).status_code == 404
    entered(client, bureau)
    assert 'value="990.00"' in text(client.get(verify))
    assert client.post(verify, given).status_code == 303
    report.refresh_from_db()
    assert report.state == ReportState.VERIFIED
    found = {row.basis: row.sales_revenue for row in Statement.objects.all()}
    assert found == {"declared": 1000, "checked": 990, "verified": 990}
    assert "已核定" in text(client.get(url(one)))


def test_what_a_department_verified_since_is_not_overturned_by_verifying(
    client, one, bureau, owner
):
    stated(one, Basis.VERIFIED, bureau, sales_revenue="800", taxable_income="60")
    submitted(one, owner, sales_revenue="1000")
    form = entered(client, bureau).get(url(one, "2018/verify/")).context["form"]
    assert (form["sales_revenue"].value(), form["taxable_income"].value()) == ("800.00", "60.00")


@pytest.mark.parametrize("step", ["return", "reopen"])
def test_giving_back_wants_a_reason(client, one, bureau, owner, step):
    report = submitted(one, owner, sales_revenue="1000")
    entered(client, bureau)
    page = url(one, f"2018/{step}/")
    assert client.get(page).status_code == 200
    assert client.post(page, {"reason": " "}).status_code == 422
    assert client.post(page, {"reason": "净资产未填"}).status_code == 303
    report.refresh_from_db()
    assert report.state == ReportState.RETURNED
    assert client.get(page).status_code == 404
    assert entered(client, owner).get(page).status_code == 404


def test_what_was_asked_waits_for_who_supplies_it_until_it_is_stated(client, one, bureau, officer):
    tax = person(Role.TAX)
    entered(client, bureau)
    page = url(one, "2018/ask/")
    assert client.post(page, {"supplier": "tax", "due_on": "2019-01-01"}).status_code == 422
    due = (office_day() + timedelta(days=9)).isoformat()
    given = {"figures": ["taxable_income", "income_total"], "supplier": "tax", "due_on": due}
    late = client.post(page, {**given, "due_on": "2019-01-01"})
    assert late.status_code == 422 and "due_on" in late.context["form"].errors
    assert client.post(page, {**given, "figures": ["nonsense"]}).status_code == 422
    assert client.post(page, given).status_code == 303
    assert "应纳税所得额" in text(client.get(url(one))) and "请您单位提供" not in text(
        client.get("/")
    )
    waiting = [todo for todo in todo_of(again(tax), office_day()) if "补报" in todo.what.say()]
    assert [(w.due_on.isoformat(), w.thing) for w in waiting] == [(due, one.name)]
    assert client.get(waiting[0].link).status_code == 200
    assert "补报" in text(entered(client, tax).get("/"))
    stated(one, Basis.TAX_RETURN, tax, taxable_income="5")
    assert len(todo_of(again(tax), office_day())) == 1
    stated(one, Basis.TAX_RETURN, tax, income_total="6")
    assert todo_of(again(tax), office_day()) == []
    assert "等待补报的数" not in text(client.get(url(one)))


def test_a_request_is_withdrawn_by_who_asked_and_no_stranger(client, one, officer, bureau):
    asked = actions.ask_facts(
        one, year=2018, figures=["net_assets"], supplier=Supplier.BODY,
        due_on=office_day(), on=office_day(), at=NOW, actor=bureau,
    )  # fmt: skip
    page = url(one, f"requests/{asked.pk}/withdraw/")
    assert entered(client, officer).post(page).status_code == 404
    assert len(todo_of(again(officer), office_day())) == 1
    assert entered(client, person(Role.TOWN_OFFICER)).post(page).status_code == 404
    other = enterprise()
    entered(client, bureau)
    assert client.post(url(other, f"requests/{asked.pk}/withdraw/")).status_code == 404
    assert client.get(page).status_code == 405
    assert client.post(page).status_code == 303
    assert FactRequest.objects.get().withdrawn_on and todo_of(again(officer), office_day()) == []


def test_reports_wait_for_the_town_and_then_for_the_bureau(one, officer, bureau, owner):
    report = submitted(one, owner, sales_revenue="1000")
    day = office_day()
    assert [todo.link for todo in todo_of(again(officer), day)] == [url(one, "2018/check/")]
    assert todo_of(again(bureau), day) == [] == todo_of(person(Role.TOWN_OFFICER), day)
    actions.check(report, figures={"sales_revenue": Decimal(1000)}, on=day, actor=officer)
    assert todo_of(again(officer), day) == []
    assert [todo.link for todo in todo_of(again(bureau), day)] == [url(one, "2018/verify/")]


def test_the_record_says_that_figures_were_stated_but_none_of_them(client, one, bureau, owner):
    stated(one, Basis.DECLARED, bureau, sales_revenue="1234567.89")
    for who in (owner, bureau):
        said = text(entered(client, who).get(f"/enterprises/{one.pk}/record/"))
        assert "填报年度数据" in said and "1234567" not in said and "1,234" not in said


@pytest.mark.parametrize(
    "rest",
    ["1999/declared/sales_revenue/", "2101/declared/state/", "2018/nobasis/sales_revenue/",
     "2018/declared/nofigure/", "2018/nobasis/state/", f"{10**30}/ask/", "2018/check/",
     "2018/return/", f"?year={10**30}", "?year=1999", "?year=x", "?year=-1", f"requests/{10**30}/withdraw/"],
)  # fmt: skip
def test_what_cannot_be_is_not_there(client, one, bureau, rest):
    entered(client, bureau)
    assert client.get(url(one, rest)).status_code in (404, 405)
    assert client.post(url(one, rest)).status_code in (404, 405)


@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_typed_breaks_a_page(client, one, bureau, owner, value):
    submitted(one, owner, sales_revenue="1000")
    entered(client, bureau)
    for key in ("known", "only", "by"):
        assert client.get(url(one), {key: value}).status_code in (200, 422)
    for page in ("2018/verified/state/", "2018/verify-items/", "2018/verify/", "2018/ask/"):
        names = (
            "seen",
            "unit",
            "sales_revenue",
            "title",
            "dated_on",
            "due_on",
            "supplier",
            "figures",
            "number",
        )
        every = {**dict.fromkeys(names, value), "seen": value}
        assert client.post(url(one, page), every).status_code == 422
        assert client.get(url(one, page), {"unit": value}).status_code == 200
    given = {"seen": 0, "unit": "yuan", "sales_revenue": value, "title": "报告"}
    assert client.post(url(one, "2018/audited/state/"), given).status_code in (422, 303)


@pytest.mark.parametrize("page", ["", "?by=figure", "2018/declared/sales_revenue/",
                                  "2018/declared/state/", "2018/verify/", "2018/ask/", "2018/return/"])  # fmt: skip
def test_every_page_speaks_english_too(client, one, bureau, owner, page):
    submitted(one, owner, sales_revenue="1000")
    bureau.language = "en"
    bureau.save()
    answer = entered(client, bureau).get(url(one, page))
    assert answer.status_code == 200 and '<html lang="en">' in text(answer)


def test_the_grid_takes_as_many_queries_for_seven_years_as_for_one(client, one, bureau, owner):
    counts = []
    for years in ([2018], range(2011, 2018)):
        for year in years:
            submitted(one, owner, year=year, sales_revenue="1")
            for basis in (Basis.AUDITED, Basis.VERIFIED):
                stated(one, basis, bureau, year=year, sales_revenue="2")
            actions.ask_facts(
                one, year=year, figures=["net_assets"], supplier=Supplier.BODY,
                due_on=office_day(), on=office_day(), at=NOW, actor=bureau,
            )  # fmt: skip
        entered(client, bureau)
        for page in ("?year=2018", "?by=figure"):
            client.get(url(one, page))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(url(one, page)).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:] and max(counts) <= 22


def test_years_beside_each_other_begin_with_the_newest(client, one, bureau, owner):
    for year in (2016, 2017, 2018):
        submitted(one, owner, year=year, sales_revenue="1000")
    page = text(entered(client, bureau).get(url(one, "?by=figure")))
    heads = page[page.index("每年采用的数</caption>") :]
    assert heads.index(">2018<") < heads.index(">2017<") < heads.index(">2016<")
