"""Yearly figures taken away as a table, edited, and brought back through the import."""

from decimal import Decimal
from io import BytesIO
from urllib.parse import unquote, urlencode
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult
from openpyxl import load_workbook

from peiyu.office.accounts.models import BodyKind, Role
from peiyu.office.desk.export_requests import approve_export
from peiyu.office.desk.models import ExportRequest
from peiyu.office.enterprises.findable import index
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation import imports
from peiyu.office.foundation.files import store
from peiyu.office.foundation.jobs import run
from peiyu.office.foundation.models import AccessKind, AccessLine, OfficeDay
from peiyu.office.foundation.sources import of_document
from peiyu.office.reports.actions import state
from peiyu.office.reports.models import Basis
from tests.office.factories import DAY, NOW, again, body, enterprise, mandate, person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("peiyu.office.config.urls")]
PAGE, FILE = "/enterprises/figures/", "/enterprises/figures/export/"
HOSTILE = ("9" * 40, "x" * 10_000, "\0", "\u202e", "=1+1", "<script>", "2019-13", "-1", "٣", "1999",
           "2101", "2018-2012", "2010-2018", "2000-2100", "", "，")  # fmt: skip


@pytest.fixture(autouse=True)
def _city(settings, tmp_path):
    settings.DEMO, settings.FILES_ROOT = True, tmp_path / "files"
    OfficeDay.objects.create(day=DAY)


@pytest.fixture
def town():
    return body(BodyKind.TOWN, "克井镇")


@pytest.fixture
def firms(town):
    found = [enterprise(f"济源市{n}机械有限公司", town=town) for n in ("甲辰", "乙巳")]
    found[0].code = "91419001MAX1LX27Q9"
    found[0].save()
    for one in found:
        index(one)
    return found


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


def entered(client, who):
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def stated(one, basis, actor, year=2018, **figures):
    given = {name: None if value is None else Decimal(value) for name, value in figures.items()}
    return state(one, year=year, basis=basis, figures=given, actor=actor, reason="更正",
                 source=of_document("报表", actor=actor))  # fmt: skip


def fetched(client, **asked):
    answer = client.get(FILE, {"years": "2017,2018", "basis": "declared", **asked})
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return b"".join(answer.streaming_content)


def lines(content):
    """The rows of the table by name and year, each by heading."""
    rows = load_workbook(BytesIO(content)).active.iter_rows(values_only=True)
    heads = [str(head) for head in next(rows)]
    found = [dict(zip(heads, row, strict=True)) for row in rows]
    return {(row["* 企业名称"], row["* 年度"]): row for row in found if row["* 企业名称"]}


def asked_name(answer):
    """What the browser is told that the file is called."""
    return unquote(answer.headers["Content-Disposition"].partition("''")[2])


def brought(content, who, basis):
    upload = SimpleUploadedFile("回.xlsx", content)
    batch = imports.take_in("reports.statements", store(upload, "回.xlsx", by=who), whose="",
                            options={"basis": basis}, actor=who)  # fmt: skip
    for note in list(DBTaskResult.objects.ready()):
        note.delete()
        run.func(*note.args_kwargs["args"])
    batch.refresh_from_db()
    assert not batch.failure
    return list(batch.rows.order_by("number"))


@pytest.mark.parametrize("basis", [Basis.DECLARED, Basis.AUDITED])
def test_what_is_taken_away_comes_back_unchanged_and_one_edit_is_one_change(
    client, firms, bureau, basis
):
    for one in firms:
        for year in (2017, 2018):
            stated(one, basis, bureau, year, sales_revenue="8765432109876.54", net_assets="-0.01",
                   staff_average="17.25")  # fmt: skip
    stated(firms[1], basis, bureau, 2018, sales_revenue="9999999999999.99", net_assets=None)
    content = fetched(entered(client, bureau), basis=basis)
    same = brought(content, bureau, basis)
    assert [row.outcome for row in same] == ["same"] * 4, [row.problems for row in same]

    book = load_workbook(BytesIO(content))
    heads = [str(cell.value) for cell in book.active[1]]
    at = next(n for n, head in enumerate(heads, 1) if head.startswith("销售收入"))
    book.active.cell(3, at).value = 1500
    edited = BytesIO()
    book.save(edited)
    rows = brought(edited.getvalue(), bureau, basis)
    changed = [row for row in rows if row.outcome != "same"]
    assert [row.outcome for row in changed] == ["changed"]
    assert list(changed[0].changes) == ["sales_revenue"]
    assert changed[0].changes["sales_revenue"][1] == 150_000


def test_a_year_of_which_nothing_is_known_has_an_empty_row_and_what_was_taken_back_is_not_there(
    client, firms, bureau
):
    stated(firms[0], Basis.DECLARED, bureau, 2017, sales_revenue="5")
    stated(firms[0], Basis.DECLARED, bureau, 2017, sales_revenue=None)
    content = fetched(entered(client, bureau))
    found = lines(content)
    assert set(found) == {(one.name, year) for one in firms for year in (2017, 2018)}
    for row in found.values():
        assert {v for head, v in row.items() if head[:2] not in ("* ", "统一")} == {None}
    assert {row.outcome for row in brought(content, bureau, "declared")} == {"same"}


def test_what_decides_is_taken_of_the_bases_that_one_may_read(client, firms, bureau, town):
    tax, one = person(Role.TAX), firms[0]
    stated(one, Basis.DECLARED, bureau, sales_revenue="1", net_assets="7")
    stated(one, Basis.TAX_RETURN, tax, sales_revenue="2")
    told = {}
    for who in (tax, person(Role.TOWN_OFFICER, town)):
        row = lines(fetched(entered(client, who), basis="deciding"))[one.name, 2018]
        told[who] = {head[:4]: value for head, value in row.items() if value is not None}
    of_tax, of_town = told.values()
    assert (of_tax["销售收入"], of_town["销售收入"]) == (2, 1)
    assert of_tax["净资产（"] == of_town["净资产（"] == 7
    assert client.get(FILE, {"years": "2018", "basis": "tax_return"}).status_code == 422


def test_only_enterprises_whose_figures_one_may_read_leave(client, firms, bureau, town):
    zone = body(BodyKind.ZONE)
    elsewhere = enterprise("济源市园区有限公司", town=town, zone=zone)
    stated(elsewhere, Basis.DECLARED, bureau, sales_revenue="3")
    officer = person(Role.TOWN_OFFICER, town)
    entered(client, officer)
    assert elsewhere.name in client.get("/enterprises/").content.decode(), "it is seen in the list"
    assert {name for name, _ in lines(fetched(client))} == {one.name for one in firms}
    assert {name for name, _ in lines(fetched(client, q="乙巳"))} == {firms[1].name}

    owner = person()
    mandate(firms[0], owner)
    assert {name for name, _ in lines(fetched(entered(client, again(owner))))} == {firms[0].name}


@pytest.mark.parametrize("role", [Role.BANK, Role.LEADER, Role.IP_OFFICE])
def test_who_reads_no_figures_has_no_such_page(client, firms, role):
    who = person(role)
    if role == Role.BANK:
        mandate(firms[0], who, MandateKind.BANK)
    entered(client, again(who))
    assert PAGE not in client.get("/enterprises/").content.decode()
    for address in (PAGE, f"{FILE}?years=2018&basis=declared"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("odd", HOSTILE)
def test_odd_years_are_said_at_their_field(client, firms, bureau, odd):
    entered(client, bureau)
    answer = client.get(FILE, {"years": odd, "basis": "declared", "q": "甲<辰"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_years_error"' in page and 'name="q" value="甲&lt;辰"' in page
    assert client.get(FILE, {"years": "2018", "basis": odd}).status_code == 422
    assert client.get(PAGE, {"q": odd, "town": odd}).status_code == 200
    assert client.get(FILE, {"years": "2018", "basis": "declared", "town": "x"}).status_code == 422


def test_a_large_export_needs_a_yes_and_every_export_is_logged(client, firms, bureau, monkeypatch):
    entered(client, bureau)
    assert f'href="{PAGE}"' in client.get("/enterprises/").content.decode()
    fetched(client, years="2016、2018", q="机械")
    line = AccessLine.objects.get(kind=AccessKind.EXPORT)
    assert line.detail.startswith("2 xlsx declared 2016,2018 q=") and line.actor == bureau
    monkeypatch.setattr("peiyu.office.desk.exports.needs_approval", lambda count, on: count > 1)
    large = f"{FILE}?{urlencode({'years': '2018', 'basis': 'declared', 'q': '公司'})}"
    assert "须科技局负责人批准" in client.get(large).content.decode()
    assert client.post(large, {"purpose": " "}).status_code == 422
    answer = client.post(large, {"purpose": "报省厅"}, follow=True)
    assert "已申请导出2家" in answer.content.decode() and "年度数据" in answer.content.decode()
    assert AccessLine.objects.filter(kind=AccessKind.EXPORT).count() == 1
    asked = ExportRequest.objects.get()
    approve_export(asked, address="http://x", lang="zh", at=NOW, actor=person(Role.BUREAU_HEAD))
    for note in DBTaskResult.objects.ready():
        note.delete()
        run.func(*note.args_kwargs["args"])
    entered(client, bureau)
    page = client.get(f"/exports/{asked.pk}/").content.decode()
    assert f"{PAGE}?q=" in page and "years=2018" in page
    head = entered(client, person(Role.BUREAU_HEAD)).get(f"/exports/{asked.pk}/").content.decode()
    assert (
        "企业申报" in head and "2018" in head and "不含纳税申报数" in head and "搜索：公司" in head
    )
    entered(client, bureau)
    answer = client.get(f"/exports/{asked.pk}/download/")
    content = b"".join(answer.streaming_content)
    assert asked_name(answer).startswith("年度数据2018（企业申报）")
    note = load_workbook(BytesIO(content)).worksheets[0].cell(row=5, column=1).value
    assert note.startswith("注：企业申报，2018年度；数据截至")
    assert all(one.name in str(lines(content)) for one in firms)
    fetched(client, q="乙巳")
    monkeypatch.setattr("peiyu.office.desk.figure_exports.MOST_ROWS", 1)
    answer = client.get(FILE, {"years": "2017,2018", "basis": "declared", "q": "乙巳"})
    assert answer.status_code == 422 and 'id="id_years_error"' in answer.content.decode()


@pytest.mark.parametrize("address", [f"{FILE}?years=2018&basis=declared", "/enterprises/export/"])
def test_it_is_set_up_for_print(client, firms, address):
    who = person(Role.BUREAU_OFFICER, name="张&3李")
    content = b"".join(entered(client, who).get(address).streaming_content)
    with ZipFile(BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        names = parts.read("xl/workbook.xml").decode()
    setup = sheet.partition("<pageSetup ")[2].partition("/>")[0].split()
    assert set(setup) == {'paperSize="8"', 'orientation="landscape"', 'fitToHeight="0"'}
    assert "$1:$1" in names, "the heading stands on each page"
    foot = sheet.partition("<oddFooter>")[2].partition("</oddFooter>")[0]
    told = "企业申报，2018年度；" if "basis" in address else ""
    assert foot.startswith(
        f"&amp;L{told}数据截至{DAY.isoformat()}，2家，导出人张&amp;&amp;3李&amp;R"
    )


def test_more_enterprises_need_no_more_queries(client, firms, bureau, town):
    entered(client, bureau)
    fetched(client)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            fetched(client, years="2012-2018", basis="deciding")
        counts.append(len(asked))
        for _ in range(5):
            stated(enterprise(town=town), Basis.DECLARED, bureau, sales_revenue="1")
    assert counts[0] == counts[1]
