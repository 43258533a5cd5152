"""The evidence of an enterprise at the office's door: the chain, its tables, rows and flags."""

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peiyu.office.accounts.models import BodyKind, Role
from peiyu.office.enterprises.actions import add_contact, attach
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation import imports, jobs
from peiyu.office.foundation.files import store
from peiyu.office.foundation.models import AccessKind, AccessLine, OfficeDay, RowOutcome
from peiyu.office.foundation.sources import of_document
from peiyu.office.portfolio.actions import name_contact, record_entry, record_use, withdraw_entry
from peiyu.office.portfolio.flags import flags_of, remarks_of
from peiyu.office.portfolio.loading import held_of
from peiyu.office.portfolio.models import (
    OF_TABLE,
    ContactSide,
    Fullness,
    IpContact,
    IpRight,
    IpUse,
    Paper,
    Project,
    Remark,
    RemarkKind,
)
from peiyu.policy.evidence import BY_NAME, IP, TABLES
from tests.office.factories import DAY, again, body, enterprise, mandate, person
from tests.office.portfolio.filled import fill
from tests.office.web.test_years import HOSTILE, entered, text

pytestmark = [pytest.mark.django_db, pytest.mark.urls("peiyu.office.config.urls")]
PAGES = ("", "ip/", "projects/", "hours/", "incidents/", "ip/rows/IP01/", "rd/rows/RD01~2016/",
         "ip/new/", "ip/rows/IP01/edit/", "ip/rows/IP01/withdraw/", "ip/rows/IP01/papers/new/")  # fmt: skip
CITY = ("", "rights/", "fields/", "strong/", "uses/", "uses/new/", "contacts/")


@pytest.fixture(autouse=True)
def _city(settings):
    settings.DEMO = True
    OfficeDay.objects.create(pk=1, day=DAY)


@pytest.fixture
def town():
    return body(BodyKind.TOWN, "克井镇")


@pytest.fixture
def one(town):
    return enterprise("济源市荻鹬装备有限公司", town=town, code="91419001MAX1LX27Q9")


@pytest.fixture
def officer(town):
    return person(Role.TOWN_OFFICER, town)


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def filled(one, bureau):
    return fill(one, bureau, projects={"RD01": {"approval": False}})


def url(one, rest=""):
    return f"/enterprises/{one.pk}/evidence/{rest}"


def soup(answer):
    return BeautifulSoup(answer.content, "html.parser")


def flag_query(one, check="not_approved"):
    held = held_of([one], on=DAY)[one.pk]
    flags = flags_of(held, remarks_of([one.pk])[one.pk], DAY)
    finding = next(flag.finding for flag in flags if flag.check.id == check)
    return {"flag": finding.key, "digest": finding.digest}


def test_the_chain_is_drawn_and_said_in_a_table_with_its_flags(client, filled, bureau):
    page = soup(entered(client, bureau).get(url(filled)))
    boxes = {link.select_one("tspan").get_text() for link in page.select("svg.eg a")}
    assert boxes == {"RD01", "RD02", "IP01", "IP02", "IP03", "CG01", "CG02", "CG03", "PS01", "PS02"}
    assert [path["d"].count("M") for path in page.select("svg.eg path.ln")] == [10]
    (flag,) = page.select(".fls li")
    assert "RD01没有立项文件" in flag.get_text()
    assert flag.select_one("a[href*='flag/?flag=not_approved']")
    rows = [row.get_text(" ", strip=True) for row in page.select("table tbody tr")]
    assert any("PS01" in row and "RD01 → IP01 → CG01" in row and "700.00" in row for row in rows)
    checks = [line.get_text(" ", strip=True) for line in page.select(".ck2 li")]
    assert any(line.startswith("研发活动有立项文件") and "提示1处" in line for line in checks)


def test_choosing_a_product_marks_its_ways_and_only_flags_leaves_the_rest_out(
    client, filled, bureau
):
    page = soup(entered(client, bureau).get(url(filled, "?at=products/PS02")))
    chosen = {link.select_one("tspan").get_text() for link in page.select("svg.eg a:has(g.on)")}
    assert chosen == {"RD02", "IP03", "CG03", "PS02"}
    odd = soup(client.get(url(filled, "?only=flags")))
    boxes = {link.select_one("tspan").get_text() for link in odd.select("svg.eg a")}
    assert boxes == {"RD01", "IP01", "IP02", "CG01", "CG02", "PS01"}
    for strange in ("?at=products/PS99", "?at=x", "?at=", "?only=<script>"):
        assert client.get(url(filled, strange)).status_code == 200


def test_a_past_day_shows_what_was_known_then(client, filled, bureau):
    OfficeDay.objects.update(day=DAY + timedelta(days=3))
    source = of_document("补交", actor=bureau)
    record_entry(filled, BY_NAME["projects"], {"approval": True}, source=source, actor=bureau,
                 key="RD01", reason="补交")  # fmt: skip
    entered(client, bureau)
    assert "RD01没有立项文件" not in text(client.get(url(filled)))
    past = text(client.get(url(filled, f"?known={DAY.isoformat()}")))
    assert "RD01没有立项文件" in past and "这是2019-06-17时已知的内容" in past
    assert client.get(url(filled, "?known=2019-02-30")).status_code == 422
    then = text(client.get(url(filled, f"projects/?known={DAY - timedelta(days=1)}")))
    assert "那一天还没有登记" in then


def test_only_who_works_on_it_reads_it_and_the_ip_office_only_rights(client, filled, officer):
    ip_office = person(Role.IP_OFFICE)
    entered(client, ip_office)
    assert client.get(url(filled)).headers["Location"] == url(filled, "ip/")
    assert client.get(url(filled, "ip/")).status_code == 200
    for rest in ("projects/", "projects/rows/RD01/", "links/", "flag/", "products/export/"):
        assert client.get(url(filled, rest)).status_code == 404, rest
    assert "PS01" not in text(client.get("/evidence/rights/"))
    assert client.get("/evidence/").headers["Location"] == "/evidence/rights/"
    for role in (Role.LEADER, Role.BANK, Role.OWNER):
        entered(client, person(role))
        assert client.get(url(filled)).status_code == 404
        assert client.get("/evidence/rights/").status_code == 404
    neighbour = person(Role.TOWN_OFFICER)
    assert entered(client, neighbour).get(url(filled)).status_code == 404
    assert "一种装置IP01" not in text(client.get("/evidence/rights/"))
    assert entered(client, officer).get(url(filled)).status_code == 200


def test_a_row_is_entered_with_the_next_number_and_read_as_sheets_are(client, one, officer):
    entered(client, officer)
    given = {"seen": 0, "title": "送料机械手", "kind": "utility_model", "grant_number": "ZL201621128023.1",
             "applied_on": "2016-10-13", "granted_on": "2017-05-03", "owner_self": "是",
             "inventors": "P001-P003", "document": "专利证书"}  # fmt: skip
    answer = client.post(url(one, "ip/new/"), given)
    assert answer.headers["Location"] == url(one, "ip/rows/IP01/")
    row = IpRight.objects.get(enterprise=one)
    values = row.values()
    assert (row.key, values["inventors"], values["owner_self"]) == (
        "IP01",
        ("P001", "P002", "P003"),
        True,
    )
    assert (values["applied_on"], row.source.title) == (date(2016, 10, 13), "专利证书")
    assert values["disputed"] is None  # what was not said is unknown
    money = {"seen": 0, "no": "RD01", "year": "2018", "rd_labour": "12.5万元"}
    assert client.post(url(one, "rd/new/"), money).status_code == 303
    assert "125,000.00" in text(client.get(url(one, "rd/rows/RD01~2018/")))


@pytest.mark.parametrize(("table", "given", "said"), [
    ("ip", {"title": "甲", "granted_on": "2019-06-18"}, "还没有到"),
    ("ip", {"title": "甲", "applied_on": "2018-01-01", "granted_on": "2017-01-01"}, "早于"),
    ("ip", {"title": "甲", "kind": "patent"}, "kind"),
    ("ip", {"title": "长" * 500}, "200"),
    ("ip", {"title": "甲", "no": "A/B"}, "斜线"),
    ("rd", {"no": "RD01", "year": "2018", "rd_labour": "三百来万"}, "rd_labour"),
    ("rd", {"no": "RD01", "year": "2018", "rd_labour": "-1"}, "rd_labour"),
    ("rd", {"no": "RD01"}, "year"),
    ("hours", {"no": "RD01", "person": "P001", "year": "2018", "month": "13"}, "month"),
    ("hours", {"no": "RD01", "person": "P001", "year": "2018", "month": "1", "hours": "745"}, "hours"),
])  # fmt: skip
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(
    client, one, officer, table, given, said
):
    answer = entered(client, officer).post(url(one, f"{table}/new/"), {"seen": 0, **given})
    assert answer.status_code == 422
    page = soup(answer)
    errors = page.select(".errs li")
    assert errors and (
        said in str(page.select_one(".errs")) or page.select_one(f"#id_{said}_error")
    )
    for name, value in given.items():
        field = page.select_one(f"[name={name}]")
        if field.name == "input":
            assert field["value"] == value
    assert not OF_TABLE[table].objects.exists()


def test_correcting_needs_a_reason_of_officials_and_none_of_a_gap(client, filled, officer):
    entered(client, officer)
    address = url(filled, "ip/rows/IP01/edit/")
    page = soup(client.get(address))
    assert page.select_one("[name=no]") is None and page.select_one("[name=seen]")["value"] == "1"
    assert client.post(address, {**form_of(page), "title": "改了名"}).status_code == 422
    again_ = {**form_of(page), "title": "改了名", "reason": "按证书"}
    assert client.post(address, again_).status_code == 303
    gap = soup(client.get(address))
    assert client.post(address, {**form_of(gap), "disputed": "否"}).status_code == 303
    assert [row.version for row in IpRight.objects.filter(enterprise=filled, key="IP01")] == [
        1,
        2,
        3,
    ]
    shown = text(client.get(url(filled, "ip/rows/IP01/")))
    assert "一种装置IP01 → 改了名" in shown and "理由：按证书" in shown
    nothing = soup(client.get(address))
    refused = client.post(address, form_of(nothing))
    assert refused.status_code == 422 and "没有改动任何内容" in text(refused)


def form_of(page):
    given = {}
    for field in page.select("main form [name]"):
        if field.name == "select":
            chosen = field.select_one("option[selected]")
            given[field["name"]] = chosen["value"] if chosen else ""
        elif field.name == "textarea":
            given[field["name"]] = field.get_text().strip()
        elif field["name"] != "csrfmiddlewaretoken":
            given[field["name"]] = field.get("value", "")
    return given


def test_of_two_at_one_row_the_second_sees_both_values(client, filled, officer, bureau):
    address = url(filled, "ip/rows/IP01/edit/")
    mine = form_of(soup(entered(client, officer).get(address)))
    record_entry(filled, IP, {"title": "别人改的"}, source=of_document("证书", actor=bureau),
                 actor=bureau, key="IP01", reason="更正")  # fmt: skip
    answer = client.post(address, {**mine, "title": "我改的", "reason": "更正"})
    page = text(answer)
    assert answer.status_code == 422
    assert "别人改的" in page and "我改的" in page and "别人也改了这一行" in page
    once_more = form_of(soup(answer))
    assert once_more["seen"] == "2"
    assert client.post(address, once_more).status_code == 303
    assert (
        IpRight.objects.get(enterprise=filled, key="IP01", version=3).values()["title"] == "我改的"
    )


def test_a_row_is_withdrawn_with_its_reason_and_its_versions_stay(client, filled, officer):
    entered(client, officer)
    address = url(filled, "conversions/rows/CG03/withdraw/")
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "登重了"}).status_code == 303
    page = text(client.get(url(filled, "conversions/rows/CG03/")))
    assert "这一行已于2019-06-17撤下" in page and "登重了" in page
    assert "CG03" not in text(client.get(url(filled, "conversions/")))
    assert client.post(address, {"reason": "再撤"}).status_code == 404


def test_a_table_is_said_to_be_full_and_that_is_taken_back(client, one, officer):
    entered(client, officer)
    assert "没有登记不等于没有" in text(client.get(url(one, "awards/")))
    client.post(url(one, "awards/full/"), {"full": "1"})
    assert Fullness.objects.get(enterprise=one, table="awards").until_on is None
    assert "没有，已说明这张表填全了" in text(client.get(url(one, "awards/")))
    client.post(url(one, "awards/full/"), {"full": "0"})
    assert Fullness.objects.get(enterprise=one, table="awards").until_on == DAY
    assert (
        client.post(url(one, "incidents/full/"), {"full": "1"}).status_code == 404
    )  # the bureau's


def test_a_file_proves_several_rows_and_stays_when_taken_away(client, filled, officer, bureau):
    entered(client, officer)
    address = url(filled, "ip/rows/IP01/papers/new/")
    assert client.post(address, {}).status_code == 422
    sent = SimpleUploadedFile("证书.txt", "证书内容".encode(), "text/plain")
    assert client.post(address, {"file": sent, "title": "证书"}).status_code == 303
    file = filled.files.get()
    assert (
        client.post(url(filled, "ip/rows/IP02/papers/new/"), {"held": file.pk}).status_code == 303
    )
    assert filled.files.count() == 1 and Paper.objects.count() == 2
    both = {"held": file.pk, "file": SimpleUploadedFile("b.txt", b"b", "text/plain")}
    assert client.post(address, both).status_code == 422
    foreign = attach(enterprise(), file=store(b"x", "x.txt", by=bureau), title="x", actor=bureau)
    assert client.post(address, {"held": foreign.pk}).status_code == 422
    paper = Paper.objects.get(key="IP01")
    client.post(url(filled, f"papers/{paper.pk}/remove/"))
    assert Paper.objects.filter(removed_on=None).count() == 1 and filled.files.count() == 1
    assert (
        "证书"
        not in soup(client.get(url(filled, "ip/rows/IP01/"))).select("aside, .stk")[-1].get_text()
    )


def test_a_flag_is_asked_about_cleared_and_taken_back_on_its_page(client, filled, bureau):
    owner = person(Role.OWNER)
    mandate(filled, owner)
    entered(client, bureau)
    query = flag_query(filled)
    page = soup(client.get(url(filled, "flag/"), query))
    assert "RD01没有立项文件" in page.get_text() and "释义" in page.get_text()
    assert [cell.get_text() for cell in page.select("table tbody th")][:2] == [
        "研发活动编号",
        "研发活动名称",
    ]
    assert client.post(url(filled, "flag/ask/"), {**query, "due_on": ""}).status_code == 422
    late = client.post(url(filled, "flag/ask/"), {**query, "due_on": "2019-06-16", "words": "请补"})
    assert late.status_code == 422 and "已过" in text(late) and "请补" in text(late)
    due = {**query, "due_on": "2019-06-28", "words": "请补立项决议"}
    assert client.post(url(filled, "flag/ask/"), due).status_code == 303
    assert "待说明" in text(client.get(url(filled)))
    assert client.post(url(filled, "flag/clear/"), {**query, "reason": ""}).status_code == 422
    assert (
        client.post(url(filled, "flag/clear/"), {**query, "reason": "已看原件"}).status_code == 303
    )
    shown = soup(client.get(url(filled)))
    assert "已核1处" in shown.get_text() and "没有待核的提示" in shown.get_text()
    cleared = Remark.objects.get(kind=RemarkKind.CLEARED)
    assert client.post(url(filled, f"remarks/{cleared.pk}/take-back/")).status_code == 303
    assert "待说明" in text(client.get(url(filled)))


def test_a_flag_whose_facts_changed_is_gone_and_says_so(client, filled, bureau):
    entered(client, bureau)
    query = flag_query(filled)
    record_entry(filled, BY_NAME["projects"], {"approval": True}, key="RD01", reason="补交",
                 source=of_document("决议", actor=bureau), actor=bureau)  # fmt: skip
    assert client.get(url(filled, "flag/"), query).headers["Location"] == url(filled)
    answer = client.post(url(filled, "flag/clear/"), {**query, "reason": "已看"}, follow=True)
    assert "这条提示已经没有了" in text(answer)
    assert not Remark.objects.exists()


def test_the_enterprise_never_rules_on_its_own_flags(client, filled):
    owner = person(Role.OWNER)
    mandate(filled, owner)
    query = flag_query(filled)
    entered(client, owner)
    assert client.post(url(filled, "flag/clear/"), {**query, "reason": "没问题"}).status_code == 404
    assert (
        client.post(url(filled, "flag/ask/"), {**query, "due_on": "2019-06-28"}).status_code == 404
    )


def test_flags_of_the_city_are_counted_filtered_and_lead_to_the_chain(client, filled, bureau, town):
    fill(enterprise("济源市铸远锻造有限公司"), bureau, ip={"IP01": {"owner_self": False}})
    entered(client, bureau)
    page = soup(client.get("/evidence/"))
    rows = [row.get_text(" ", strip=True) for row in page.select("tbody tr")]
    assert [row.split()[0] for row in rows] == ["济源市铸远锻造有限公司", "济源市荻鹬装备有限公司"]
    assert page.select_one("tbody a")["href"].endswith("/evidence/")
    assert len(soup(client.get("/evidence/?check=not_approved")).select("tbody tr")) == 1
    assert len(soup(client.get(f"/evidence/?body={town.pk}")).select("tbody tr")) == 1
    assert "没有这样的企业" in text(client.get("/evidence/?check=missing"))
    assert client.get("/evidence/?check=nothing").status_code == 422
    assert client.get("/evidence/?body=999999").status_code == 422


def test_rights_of_the_city_are_found_filtered_and_taken_away_to_be_brought_back(
    client, filled, bureau
):
    entered(client, bureau)
    everything = soup(client.get("/evidence/rights/"))
    assert len(everything.select("tbody tr")) == 3
    by_number = soup(client.get("/evidence/rights/?q=201621128023"))
    assert [row.select_one("a").get_text() for row in by_number.select("tbody tr")] == [
        "一种装置IP02"
    ]
    assert len(soup(client.get("/evidence/rights/?ip_class=1")).select("tbody tr")) == 1
    assert (
        len(
            soup(client.get("/evidence/rights/?kind=utility_model&sort=applied_on")).select(
                "tbody tr"
            )
        )
        == 2
    )
    assert client.get("/evidence/rights/?state=<script>").status_code == 422
    answer = client.get("/evidence/rights/export/?kind=utility_model")
    content = b"".join(answer.streaming_content)
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    assert sheet.max_row == 3
    assert AccessLine.objects.filter(kind=AccessKind.EXPORT).count() == 1
    file = store(content, "知识产权.xlsx", by=bureau)
    batch = imports.take_in("portfolio.ip", file, whose="", options={}, actor=bureau)
    jobs.run.func(batch.job_id)
    assert {row.outcome for row in batch.rows.all()} == {RowOutcome.SAME}
    nothing = client.get("/evidence/rights/export/?q=没有这个", follow=True)
    assert "没有可导出的" in text(nothing)


def test_a_table_and_the_links_of_an_enterprise_are_taken_away(client, filled, bureau):
    entered(client, bureau)
    for table in TABLES:
        answer = client.get(url(filled, f"{table.name}/export/"))
        assert answer.status_code == 200
        openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))
    links = b"".join(client.get(url(filled, "links/")).streaming_content)
    rows = list(openpyxl.load_workbook(BytesIO(links)).worksheets[0].iter_rows(values_only=True))
    assert (
        "RD01",
        "项目RD01",
        "IP01",
        "一种装置IP01",
        "CG01",
        "上料机械手",
        "PS01",
        "分拣线",
        7_000_000,
    ) in rows


def test_user_text_never_becomes_a_formula_or_markup(client, one, bureau):
    evil = '=HYPERLINK("http://x")<script>alert(1)</script>{{7*7}}'
    record_entry(
        one, IP, {"no": "IP01", "title": evil}, source=of_document("x", actor=bureau), actor=bureau
    )
    entered(client, bureau)
    for page in (url(one), url(one, "ip/"), url(one, "ip/rows/IP01/"), "/evidence/rights/"):
        shown = text(client.get(page))
        assert (
            "<script>alert" not in shown
            and "49"
            not in BeautifulSoup(shown, "html.parser").select_one("main").get_text().split()
        )
    content = b"".join(client.get(url(one, "ip/export/")).streaming_content)
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    cells = [
        cell
        for row in sheet.iter_rows()
        for cell in row
        if cell.value and "HYPERLINK" in str(cell.value)
    ]
    assert [cell.data_type for cell in cells] == ["s"]


def test_uses_are_entered_found_and_withdrawn_by_the_bureau_and_the_ip_office(
    client, filled, officer
):
    assert entered(client, officer).get("/evidence/uses/").status_code == 200
    assert client.get("/evidence/uses/new/").status_code == 404
    entered(client, person(Role.IP_OFFICE))
    given = {"number": "ZL201621128023.1", "used_by": filled.name, "used_on": "2016-09-01",
             "successful": "yes", "valid_to": "2019-08-31", "document": "公告"}  # fmt: skip
    for wrong in (
        {"used_on": "2019-06-18"},
        {"valid_to": "2016-08-01"},
        {"number": ""},
        {"document": ""},
    ):
        assert client.post("/evidence/uses/new/", {**given, **wrong}).status_code == 422, wrong
    assert client.post("/evidence/uses/new/", given).status_code == 303
    use = IpUse.objects.get()
    assert (use.enterprise, use.successful) == (filled, True)
    assert client.post("/evidence/uses/new/", {**given, "successful": "no"}).status_code == 422
    assert filled.name in text(client.get("/evidence/uses/?q=ZL2016 2112 8023.1"))
    bureau = person(Role.BUREAU_OFFICER)
    assert "IP02是Ⅱ类" in text(entered(client, bureau).get(url(filled)))
    assert client.post(f"/evidence/uses/{use.pk}/withdraw/", {"reason": "记错"}).status_code == 303
    assert "IP02是Ⅱ类" not in text(client.get(url(filled)))


def test_contacts_are_named_on_both_sides_changed_and_ended(client, filled, bureau, officer):
    contact = add_contact(filled, name="任海川", duty="总工", phone="19900001234", actor=bureau)
    entered(client, officer)
    page = text(client.get("/evidence/contacts/?vacant=on"))
    assert "1家缺联系人" in page and filled.name in page
    for side, given in (
        ("office", {"person": officer.pk}),
        ("enterprise", {"contact": contact.pk}),
    ):
        address = f"/evidence/contacts/{filled.pk}/{side}/name/"
        assert client.post(address, {"from_on": "2019-06-17"}).status_code == 422
        assert client.post(address, {"from_on": "2019-06-17", **given}).status_code == 303
    page = text(client.get("/evidence/contacts/"))
    assert "都有联系人" in page and "任＊＊ 总工" in page and "任海川" not in page
    held = IpContact.objects.get(side=ContactSide.OFFICE)
    assert client.post(f"/evidence/contacts/{filled.pk}/{held.pk}/end/").status_code == 303
    assert "1家缺联系人" in text(client.get("/evidence/contacts/"))
    stranger = enterprise()
    assert client.get(f"/evidence/contacts/{stranger.pk}/office/name/").status_code == 404


def test_rights_by_field_and_candidates_count_enterprises_once(client, filled, bureau):
    entered(client, bureau)
    page = soup(client.get("/evidence/fields/"))
    (row,) = page.select("tbody tr")
    cells = [cell.get_text(strip=True) for cell in row.select("td")]
    assert cells[1:5] == ["1", "3", "1", "2"]
    assert "还没有企业达到这些条件" in text(client.get("/evidence/strong/"))


@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_that_is_typed_breaks_a_page(client, filled, bureau, value):
    entered(client, bureau)
    names = ("q", "check", "body", "sort", "state", "kind", "after", "before", "number", "vacant")
    for page in CITY:
        answer = client.get(f"/evidence/{page}", dict.fromkeys(names, value))
        assert answer.status_code in (200, 422), page
    for table in ("ip", "rd", "hours", "products"):
        given = dict.fromkeys(BY_NAME[table].names, value) | {"seen": value, "document": value}
        assert client.post(url(filled, f"{table}/new/"), given).status_code == 422
    for rest in ("flag/", "", "ip/"):
        asked = {"flag": value, "digest": value, "at": value, "known": value, "only": value}
        assert client.get(url(filled, rest), asked).status_code in (200, 302, 422)
    key = value.replace("/", "~").replace("\0", "")[:60] or "x"
    assert client.get(url(filled, f"ip/rows/{key}/")).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_one_speaks_english_too(client, filled, bureau, page):
    bureau.language = "en"
    bureau.save()
    answer = entered(client, bureau).get(url(filled, page))
    assert answer.status_code == 200 and '<html lang="en">' in text(answer)


@pytest.mark.parametrize("page", CITY)
def test_every_page_of_the_city_speaks_english_too(client, filled, bureau, page):
    bureau.language = "en"
    bureau.save()
    answer = entered(client, bureau).get(f"/evidence/{page}")
    assert answer.status_code == 200 and '<html lang="en">' in text(answer)


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_pages_take_as_many_queries_for_many_rows_as_for_few(client, one, bureau):
    addresses = (url(one), url(one, "ip/"), url(one, "projects/"), "/evidence/", "/evidence/rights/",
                 "/evidence/fields/", "/evidence/contacts/", "/evidence/uses/", "/")  # fmt: skip
    fill(one, bureau, projects={"RD01": {"approval": False}})
    source = of_document("证书", actor=bureau)
    uses = {"successful": None, "valid_to": None, "source": source, "actor": bureau, "on": DAY}
    record_use("ZL1", used_by="甲", used_on=DAY, enterprise=one, **uses)
    entered(client, again(bureau))
    few = [queries_of(client, address) for address in addresses]
    for number in range(12):
        other = fill(enterprise(), bureau, projects={"RD01": {"approval": False}})
        record_entry(
            one,
            IP,
            {"no": f"IP{number + 10}", "title": f"装置{number}"},
            source=source,
            actor=bureau,
        )
        record_use(f"ZL{number}", used_by=f"甲{number}", used_on=DAY, enterprise=other, **uses)
        name_contact(other, side=ContactSide.OFFICE, from_on=DAY, actor=bureau, person=bureau)
    many = [queries_of(client, address) for address in addresses]
    assert many == few
    assert few[0] <= 40


def test_a_coach_reads_and_corrects_the_rows_of_those_they_coach(client, filled):
    coach = person(Role.COACH)
    mandate(filled, coach, MandateKind.COACH)
    entered(client, again(coach))
    address = url(filled, "projects/rows/RD01/edit/")
    given = {**form_of(soup(client.get(address))), "approval": "是", "reason": "决议已补"}
    assert client.post(address, given).status_code == 303
    assert (
        Project.objects.get(enterprise=filled, key="RD01", version=2).values()["approval"] is True
    )
    assert "没有待核的提示" in text(client.get(url(filled)))
    assert client.get(url(enterprise())).status_code == 404


def test_a_withdrawn_row_is_entered_again_as_its_next_version(client, filled, bureau):
    row = IpRight.objects.get(enterprise=filled, key="IP03")
    withdraw_entry(row, reason="误登", source=of_document("x", actor=bureau), actor=bureau)
    entered(client, bureau)
    given = {"seen": 0, "no": "IP03", "title": "又登一次"}
    assert client.post(url(filled, "ip/new/"), given).status_code == 303
    assert [one.version for one in IpRight.objects.filter(enterprise=filled, key="IP03")] == [
        1,
        2,
        3,
    ]
