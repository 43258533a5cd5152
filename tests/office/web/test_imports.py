"""Bringing tables: seen before it is done, mended in its place, applied, taken back."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from openpyxl import Workbook, load_workbook

from peiyu.office.accounts.models import BodyKind, Role
from peiyu.office.desk.exports import write_list
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.jobs import run
from peiyu.office.foundation.kept import message_of
from peiyu.office.foundation.models import ImportBatch, ImportMapping, OfficeDay
from peiyu.office.foundation.sources import of_person
from peiyu.office.reports.actions import state
from peiyu.office.reports.hints import hints_of
from peiyu.office.reports.models import FIGURES, Basis, Statement, figure_of
from peiyu.office.web.imports.kinds import GROUPS
from peiyu.words import translate
from tests.office.factories import DAY, body, enterprise, person

pytestmark = pytest.mark.django_db
FIRMS = ("济源市甲机械有限公司", "济源市乙电子有限公司", "济源市丙材料有限公司")
NEW = "/imports/new/?kind=reports.statements"


@pytest.fixture(autouse=True)
def city(settings, tmp_path):
    settings.DEMO, settings.FILES_ROOT = True, tmp_path
    OfficeDay.objects.create(day=DAY)


@pytest.fixture
def town():
    return body(name="克井镇")


@pytest.fixture
def firms(town):
    return [enterprise(name, town=town) for name in FIRMS]


def work():
    """What a worker does with everything that waits."""
    for note in DBTaskResult.objects.ready():
        note.delete()
        run.func(*note.args_kwargs["args"])


def book(rows, merged=()):
    made = Workbook()
    for row in rows:
        made.active.append(row)
    for place in merged:
        made.active.merge_cells(place)
    target = BytesIO()
    made.save(target)
    return target.getvalue()


def flat(first=("1,200", "300"), bad="约1500"):
    """Two years side by side in 万元, with one enterprise that nobody knows and one bad cell."""
    return book(
        [
            ["各企业主要指标（单位：万元）"],
            ["企业名称", "2017年", None, "2018年", None],
            [None, "销售收入", "净资产", "销售收入", "净资产"],
            [FIRMS[0], *first, 1300, 310],
            [FIRMS[1], 500, 60, bad, 70],
            [FIRMS[2], 10.5, 20, 11.25, 21],
            ["郑州市没听过有限公司", 1, 2, 3, 4],
        ],
        ("A1:E1", "A2:A3", "B2:C2", "D2:E2"),
    )


def bring(client, who, content, name="数据.xlsx", kind="reports.statements", **more):
    client.force_login(who)
    given = {"basis": "declared", "file": SimpleUploadedFile(name, content), **more}
    answer = client.post(f"/imports/new/?kind={kind}", given)
    assert answer.status_code == 303, answer.content.decode()
    work()
    return ImportBatch.objects.latest("pk")


def page(client, batch, query=""):
    answer = client.get(f"/imports/{batch.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def said(client, address, data=None):
    """Post, and what the page then says."""
    answer = client.post(address, data or {}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def known(firm, year=2018):
    found = Statement.objects.known_on(DAY).filter(enterprise=firm, year=year)
    return {
        one.basis: None if one.withdrawn else (one.sales_revenue, one.net_assets) for one in found
    }


def test_a_table_goes_the_whole_way_and_back(client, town, firms):
    officer = person(Role.TOWN_OFFICER, town)
    state(
        firms[0], year=2017, basis=Basis.DECLARED, figures={"sales_revenue": Decimal(11_000_000)},
        source=of_person(officer, "电话", actor=officer), actor=officer, reason="",
    )  # fmt: skip
    batch = bring(client, officer, flat())
    assert (batch.state, batch.whose) == ("ready", f"body {town.pk}")
    assert {k: v for k, v in batch.counts.items() if v} == {"new": 4, "changed": 1, "refused": 3}
    seen = page(client, batch)
    assert "11,000,000.00" in seen and "12,000,000.00" in seen  # old → new, in yuan
    assert "企业库里没有这家企业" in seen and "约1500" in seen and "销售收入改为（元）" in seen

    row = batch.rows.get(name=FIRMS[1], values__year=2018)
    at = f"/imports/{batch.pk}/rows/{row.number}/"
    (problem,) = row.problems
    cell = f"cell-{problem['column']}"
    refused = client.post(at, {cell: "很多"})
    assert refused.status_code == 422 and "很多" in refused.content.decode()
    part = client.post(at, {cell: "1500万元"}, headers={"HX-Request": "true"})
    assert part.status_code == 200 and "15,000,000.00" in part.content.decode()
    assert part.headers["HX-Trigger"] == "mended"

    left = batch.rows.get(name=FIRMS[2], values__year=2017)
    chosen = f"/imports/{batch.pk}/choose/"
    client.post(chosen, {"shown": [left.number], "chosen": []})
    assert "导入选中的5行" in page(client, batch)
    client.post(f"/imports/{batch.pk}/apply/")
    work()
    batch.refresh_from_db()
    assert (batch.state, batch.counts["applied"]) == ("applied", 5)
    assert known(firms[0], 2017) == {"declared": (12_000_000, 3_000_000)}
    assert known(firms[1]) == {"declared": (15_000_000, 700_000)}
    assert known(firms[2], 2017) == {}
    page(client, batch)

    again = bring(client, officer, flat(bad="1500"))
    assert again.counts["same"] == 5
    client.post(f"/imports/{again.pk}/choose/", {"none": "new"})
    assert "没有选中要导入的行" in said(client, f"/imports/{again.pk}/apply/")
    assert "已放弃" in said(client, f"/imports/{again.pk}/drop/")

    client.post(f"/imports/{batch.pk}/undo/")
    work()
    batch.refresh_from_db()
    assert batch.state == "undone"
    assert known(firms[0], 2017) == {"declared": (11_000_000, None)}
    assert known(firms[1]) == {"declared": None}
    assert "导入已撤销" in page(client, batch)
    assert "这次导入现在是" in said(client, f"/imports/{batch.pk}/undo/")


def test_the_basis_of_an_import_is_said_with_it(client, town, firms):
    officer = person(Role.TOWN_OFFICER, town)
    batch = bring(client, officer, flat(), basis="audited")
    assert "<h1>年度数据：审计报告</h1>" in page(client, batch)
    assert "年度数据：审计报告" in client.get("/imports/").content.decode()


def test_two_officers_at_once_lose_nothing(client, town, firms):
    first, second = (person(Role.TOWN_OFFICER, town) for _ in range(2))
    one = bring(client, first, flat(first=("1000", "100")))
    other = bring(client, second, flat(first=("2000", "200")))
    client.force_login(first)
    client.post(f"/imports/{one.pk}/apply/")
    client.force_login(second)
    client.post(f"/imports/{other.pk}/apply/")
    work()
    assert known(firms[0], 2017) == {"declared": (10_000_000, 1_000_000)}
    other.refresh_from_db()
    assert other.state == "applied"
    assert "预览之后，别人改了这一行的数" in page(client, other, "?outcome=refused")
    assert Statement.objects.filter(enterprise=firms[0], year=2017).count() == 1


def test_what_belongs_to_others_is_not_there(client, town, firms):
    batch = bring(client, person(Role.TOWN_OFFICER, town), flat())
    number = batch.rows.first().number
    assert page(client, batch)
    for who in (person(Role.TOWN_OFFICER), person(Role.LEADER), person(Role.OWNER)):
        client.force_login(who)
        assert client.get(f"/imports/{batch.pk}/").status_code == 404
        assert client.get(f"/imports/{batch.pk}/columns/").status_code == 404
        for step in ("apply", "drop", "undo", "choose", "columns", f"rows/{number}"):
            assert client.post(f"/imports/{batch.pk}/{step}/").status_code == 404, step
    for address in ("/imports/", "/imports/new/", "/imports/template/reports.statements/"):
        assert client.get(address).status_code == 404
    client.force_login(person(Role.TOWN_OFFICER, town))  # a colleague
    assert "数据.xlsx" in client.get("/imports/").content.decode() and page(client, batch)
    assert client.get("/imports/new/?kind=reports.lists").status_code == 404  # the bureau's


def test_what_headings_mean_is_said_once(client, town, firms):
    officer = person(Role.TOWN_OFFICER, town)
    table = [["单位全称", "统计年份", "营业收入", "家底"], [FIRMS[0], 2018, 100, 50]]
    batch = bring(client, officer, book(table), unit="万元")
    assert batch.state == "mapping"
    seen = page(client, batch)
    assert "家底" in seen and FIRMS[0] in seen
    fields = {"h0-0": "name", "h0-1": "year", "h0-2": "total_income", "h0-3": "net_assets"}
    clash = client.post(f"/imports/{batch.pk}/columns/", {**fields, "h0-3": "total_income"})
    assert clash.status_code == 422 and "已由第C列读出" in clash.content.decode()
    client.post(f"/imports/{batch.pk}/columns/", fields)
    assert ImportMapping.objects.filter(whose=f"body {town.pk}").count() == 4
    work()
    batch.refresh_from_db()
    (row,) = batch.rows.all()
    assert (batch.state, row.outcome) == ("ready", "new")
    assert row.values["total_income"] == 100_000_000 and "sales_revenue" not in row.values
    colleague = person(Role.TOWN_OFFICER, town)
    second = bring(client, colleague, book([*table, [FIRMS[1], 2018, 7, 8]]), unit="万元")
    assert (second.state, second.counts["new"]) == ("ready", 2)
    client.post(f"/imports/{second.pk}/columns/", {**fields, "h0-2": "sales_revenue", "h0-3": ""})
    work()
    assert [sorted(r.values) for r in second.rows.all()] == [["name", "sales_revenue", "year"]] * 2
    assert "没有改动" in said(
        client, f"/imports/{second.pk}/columns/", {**fields, "h0-2": "sales_revenue", "h0-3": ""}
    )


def test_what_is_not_read_stands_above_the_rows_and_a_missing_unit_is_asked(client, town, firms):
    officer = person(Role.TOWN_OFFICER, town)
    heads = ["企业名称", "年度", "销售收入", "净资产（吨）"]
    batch = bring(client, officer, book([heads, [FIRMS[0], 2018, 123, 5]]))
    seen = page(client, batch)
    assert batch.state == "mapping" and "有的金额列没有写单位" in seen and "123" in seen
    at = f"/imports/{batch.pk}/columns/"
    fields = {"h0-0": "name", "h0-1": "year", "h0-2": "sales_revenue", "h0-3": ""}
    unsaid = client.post(at, {**fields, "u0": ""})
    assert unsaid.status_code == 422 and "请选金额单位" in unsaid.content.decode()
    client.post(at, {**fields, "u0": "万元"})
    work()
    seen = page(client, batch)
    assert seen.index("有1处没有读") < seen.index("净资产（吨）") < seen.index("各行")
    assert "请换算成" in seen and "1,230,000" in seen
    columns = client.get(at).content.decode()
    assert "没有读：" in columns and '<option value="万元" selected>' in columns
    above = bring(client, officer, book([["单位：万元"], heads[:3], [FIRMS[0], 2018, 1]]))
    columns = client.get(f"/imports/{above.pk}/columns/").content.decode()
    assert "金额单位：万元（表上方写的）" in columns and 'name="u0"' not in columns
    twice = bring(
        client, officer, book([[*heads[:2], *["销售收入（元）"] * 2], [FIRMS[0], 2018, 1, 2]])
    )
    same = {"h0-0": "code", "h0-1": "year", "h0-2": "sales_revenue", "h0-3": ""}
    answer = client.post(f"/imports/{twice.pk}/columns/", same)
    assert answer.status_code == 303, "what was read so before is no clash"


def test_of_rows_that_contradict_each_other_one_is_kept_on_the_page(client, town, firms):
    officer = person(Role.TOWN_OFFICER, town)
    heads = ["企业名称", "年度", "销售收入（元）"]
    batch = bring(client, officer, book([heads, [FIRMS[0], 2018, 1], [FIRMS[0], 2018, 2]]))
    seen = page(client, batch)
    assert seen.count("只留这一行") == 2 and "第3行写的是同一项，内容却不同" in seen
    at = f"/imports/{batch.pk}/rows/2/keep/"
    assert at in seen
    assert "没有用这一行" in said(client, at)
    said(client, f"/imports/{batch.pk}/apply/", {"shown": ["1", "2"], "chosen": ["2"]})
    work()
    assert known(firms[0])["declared"][0] == 2
    other = f"/imports/{batch.pk}/rows/1/keep/"
    assert "第3行已经导入" in said(client, other)


def test_a_doubtful_row_is_decided_by_hand(client, town):
    firm = enterprise("济源市甲机械有限公司", town=town, code="91419001MA40000001")
    twin = enterprise("济源市甲机械有限公司", town=town)
    foreign = enterprise("别处的", town=body())
    officer = person(Role.TOWN_OFFICER, town)
    csv = f"企业名称,年度,销售收入（元）\n{firm.name},2018,5\n".encode("gb18030")
    batch = bring(client, officer, csv, "表.csv")
    (row,) = batch.rows.all()
    assert row.outcome == "doubtful" and "是哪一家" in page(client, batch)
    at = f"/imports/{batch.pk}/rows/{row.number}/"
    for wrong in (foreign.pk, 0, 10**30, "x"):
        assert client.post(at, {"target": wrong}).status_code == 422
    client.post(at, {"target": twin.pk})
    row.refresh_from_db()
    assert (row.outcome, row.target) == ("new", twin.pk)


def test_a_doubtful_row_of_another_place_says_who_can_take_it_in(client, town):
    enterprise("济源市甲机械有限公司", town=body(name="王屋镇"))
    officer = person(Role.TOWN_OFFICER, town)
    rows = [["企业名称", "年度", "净资产（元）"], ["河南甲机械股份有限公司", 2018, 5]]
    batch = bring(client, officer, book(rows))
    seen = page(client, batch)
    assert batch.counts["doubtful"] == 1 and "归别的镇（园区）负责" in seen
    assert "请交给科技局" in seen and "济源市甲机械有限公司" not in seen


def test_what_was_not_taken_in_is_mended_and_taken_in_later(client, town, firms):
    officer = person(Role.TOWN_OFFICER, town)
    batch = bring(client, officer, flat())
    said(client, f"/imports/{batch.pk}/apply/", {"shown": ["1", "2"], "chosen": ["1"]})
    work()
    seen = page(client, batch)
    assert "还有4行没有导入" in seen and "未导入" in seen and "约1500" in seen
    row = batch.rows.get(raw__has_key="sales_revenue@2018")
    at = f"/imports/{batch.pk}/rows/{row.number}/"
    said(client, at, {"cell-sales_revenue@2018": "1500万元"})
    said(client, f"/imports/{batch.pk}/apply/", {"shown": ["2"], "chosen": ["2"]})
    work()
    assert known(firms[1])["declared"][0] == 15_000_000
    assert "还有2行没有导入" in page(client, batch)


def test_an_entry_of_a_list_may_mean_nobody(client, town):
    for _ in range(2):
        enterprise("济源市甲机械有限公司", town=town)
    officer = person(Role.BUREAU_OFFICER)
    given = {
        "list_kind": "other",
        "title": "公示名单",
        "number": "1号",
        "published_on": "2019-01-02",
    }
    content = book([["序号", "企业名称", "所在地"], [1, "济源市甲机械有限公司", "济源"]])
    batch = bring(client, officer, content, kind="reports.lists", **given)
    (row,) = batch.rows.all()
    assert row.outcome == "doubtful" and "都不是" in page(client, batch)
    client.post(f"/imports/{batch.pk}/rows/{row.number}/", {"target": 0})
    row.refresh_from_db()
    assert (row.outcome, row.target) == ("new", None)


def test_a_workbook_of_the_old_format_is_read_as_it_is(client, town):
    enterprise("甲公司", town=town, code="914403001922038216")
    old = Path(__file__).parents[2] / "tables/data/old_format.xls"
    officer = person(Role.TOWN_OFFICER, town)
    batch = bring(client, officer, old.read_bytes(), name="老表.xls", year="2018")
    assert batch.state == "ready" and batch.counts.get("new") == 1, batch.counts
    assert batch.rows.get(outcome="new").values["sales_revenue"] == 1_200_500_000
    assert "另存为 .xlsx" in page(client, batch)


def test_odd_files_and_words_are_refused_in_words(client, town, firms):
    officer = person(Role.TOWN_OFFICER, town)
    client.force_login(officer)
    bomb = BytesIO()
    with ZipFile(bomb, "w", ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<x/>")
        packed.writestr("xl/workbook.xml", b" " * (60 << 20))
    odd = {
        "a.xlsx": b"just words", "b.xlsx": bomb.getvalue(), "c.csv": b"", "d.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "e.exe": b"MZ1", "f.pdf": b"%PDF-1.4",
    }  # fmt: skip
    for name, content in odd.items():
        given = {"basis": "declared", "year": "2018", "file": SimpleUploadedFile(name, content)}
        answer = client.post(NEW, given)
        assert answer.status_code == 422 and 'value="2018"' in answer.content.decode(), name
    assert client.post(NEW, {"basis": "verified", "year": "9" * 40}).status_code == 422
    for kind in ("", "x", "web.imports", "os.system", "reports.nothing", "9" * 300):
        status = client.get("/imports/new/", {"kind": kind}).status_code
        assert status == (200 if not kind else 404)
    assert not ImportBatch.objects.exists()
    for content in (b"\n", "企业名称,年度,销售收入\n".encode(), b'a,b\n"1', b"\xff\xfe\xff,1\n"):
        posted = client.post(
            NEW, {"basis": "declared", "file": SimpleUploadedFile("x.csv", content)}
        )
        if posted.status_code == 303:
            work()
            page(client, ImportBatch.objects.latest("pk"))
    batch = bring(client, officer, flat())
    huge = "9" * 60
    for query in (f"?after={huge}", "?outcome=x&before=%00", "?after=WyJudW1iZXIiLDEsMV0"):
        page(client, batch, query)
    assert client.get(f"/imports/{huge}/").status_code == 404
    assert client.post(f"/imports/{batch.pk}/rows/{huge}/").status_code == 404
    odd_marks = {"shown": [huge, "x", "-1"], "chosen": ["\0"], "all": "refused"}
    assert client.post(f"/imports/{batch.pk}/choose/", odd_marks).status_code == 302
    row = batch.rows.get(name=FIRMS[1], values__year=2018)
    for text in ("9" * 150, "\0x", "=1+1", "<i>x", "x" * 300):
        given = {f"cell-{row.problems[0]['column']}": text}
        answer = client.post(f"/imports/{batch.pk}/rows/{row.number}/", given)
        assert answer.status_code == 422 and "<i>" not in answer.content.decode()


def test_a_file_that_cannot_be_read_says_why(client, town, monkeypatch):
    officer = person(Role.TOWN_OFFICER, town)
    broken = BytesIO()
    with ZipFile(broken, "w") as packed:
        packed.writestr("[Content_Types].xml", "<x/>")
        packed.writestr("xl/workbook.xml", "<x/>")
    batch = bring(client, officer, broken.getvalue(), name="坏表.xlsx")
    assert batch.state == "failed" and batch.failure in page(client, batch)
    assert "“坏表.xlsx”已经损坏" in batch.failure and "重新上传" in page(client, batch)
    job = batch.job
    assert (job.state, timezone.localdate(job.created_at)) == ("failed", DAY)
    of_job = client.get(f"/jobs/{job.pk}/").content.decode()
    assert f'href="/imports/{batch.pk}/"' in of_job and "读取“坏表.xlsx”" in of_job
    client.cookies.load({settings.LANGUAGE_COOKIE_NAME: "en"})
    officer.language = "en"
    officer.save()
    of_job = client.get(f"/jobs/{job.pk}/").content.decode()
    assert "读取" not in of_job and "已经损坏" not in of_job and "坏表.xlsx" in of_job
    assert "已经损坏" not in page(client, batch)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("导出.xls", b"<html><table><tr><td>1</td></tr></table></html>", "用 Excel 或 WPS 打开，另存为 .xlsx"),
        ("a.gif", b"GIF89a...", "不是表格；请传原来的表格"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "读不出表格；请去掉密码，另存为 .xlsx"),
        ("a.csv", b"\x00\x01\x02\xff", "不是可以读的表格；请上传 xlsx、xls"),
    ],
)  # fmt: skip
def test_the_door_of_tables_speaks_of_tables_alone(client, town, name, content, words):
    client.force_login(person(Role.TOWN_OFFICER, town))
    given = {"basis": "declared", "file": SimpleUploadedFile(name, content)}
    answer = client.post(NEW, given)
    text = answer.content.decode()
    said_ = text.partition('class="errs"')[2].partition("</main>")[0]
    assert answer.status_code == 422 and words in text
    assert not [
        other
        for other in ("PDF", "docx", "PNG", "图片再传")
        if other in said_.partition("</ul>")[0]
    ]


@pytest.mark.parametrize(
    "kind",
    ["reports.statements", "reports.months", "reports.lists", "enterprises.enterprises"],
)
def test_every_kind_has_an_empty_table_that_can_be_filled(client, kind):
    client.force_login(person(Role.BUREAU_OFFICER))
    answer = client.get(f"/imports/template/{kind}/")
    assert answer.status_code == 200 and answer.content[:2] == b"PK"
    batch = bring(client, person(Role.BUREAU_OFFICER), answer.content, kind=kind, list_kind="other")
    assert (batch.state, batch.rows.count()) == ("ready", 0)  # the example row is passed over
    assert "文件里没有可以导入的行" in page(client, batch)


def test_a_year_that_has_not_begun_is_refused_at_the_upload(client, town):
    client.force_login(person(Role.TOWN_OFFICER, town))
    file = SimpleUploadedFile("a.xlsx", flat())
    answer = client.post(NEW, {"basis": "declared", "year": DAY.year + 1, "file": file})
    assert answer.status_code == 422 and "还没有到，没有数可填" in answer.content.decode()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_exported_list_of_enterprises_is_understood_and_what_is_edited_in_vain_is_told(
    client, town, tmp_path, lang
):
    one = enterprise("济源市甲机械有限公司", town=town, code="91419001MAX1LX27Q9", industry="3562",
                     field="10102", established_on=DAY)  # fmt: skip
    officer = person(Role.BUREAU_OFFICER)
    path = tmp_path / "list.xlsx"
    columns = "name,code,status,town,zone,body,industry,industry_name,field,field_name,legal_form,"
    columns += "established_on,contact,changed_at,closed_on,id"
    write_list(path, query=f"columns={columns}", form="xlsx", person=officer, on=DAY,
               address="https://o", lang=lang)  # fmt: skip
    batch = bring(client, officer, path.read_bytes(), kind="enterprises.enterprises")
    assert (batch.state, batch.counts.get("same")) == ("ready", 1), batch.rows.first().problems
    assert not batch.rows.get().problems and batch.rows.get().target == one.pk
    notes = [message_of(note["said"]).say() for note in batch.notes]
    assert not [note for note in notes if "不认识表头" in note], notes
    assert any("只供核对，导入不改" in note for note in notes)

    made = load_workbook(path)
    at = {cell.value: cell.column for cell in made.active[1]}
    heads = [translate(head, lang) for head in ("状态", "所属行业", "组织形式", "镇、街道")]
    for head, value in zip(heads, ("注销", "钢铁", "股份有限公司", "王屋镇"), strict=True):
        made.active.cell(2, at[head]).value = value
    target = BytesIO()
    made.save(target)
    batch = bring(client, officer, target.getvalue(), kind="enterprises.enterprises")
    row = batch.rows.get()
    assert row.outcome == "changed" and list(row.changes) == ["legal_form"]
    said_ = " ".join(message_of(one["rule"]).say() for one in row.problems)
    assert "“状态”写成了“注销”" in said_ and "“所属行业”写成了“钢铁”" in said_ and "王屋镇" in said_


BLANKS = [(kind, shape) for _, group in GROUPS for kind in group for shape in ("", "wide")
          if shape == "" or kind == "reports.statements"]  # fmt: skip


@pytest.mark.parametrize(("kind", "shape"), BLANKS)
def test_the_example_of_an_empty_table_could_be_true(client, kind, shape, town):
    """Under a name that is known and with no code each of its cells is read and its row taken in."""
    body(BodyKind.STREET, "玉泉街道")
    firm = enterprise("济源市例子有限公司", town=town)
    officer = person(Role.BUREAU_OFFICER)
    client.force_login(officer)
    made = load_workbook(BytesIO(client.get(f"/imports/template/{kind}/?shape={shape}").content))
    sheet = made.worksheets[1]
    for row in sheet.iter_rows():
        for cell in row:
            if str(cell.value).startswith("示例") and "行" not in str(cell.value):
                known = kind != "enterprises.enterprises"
                cell.value = firm.name if known else "济源市新来有限公司"
            elif cell.value == "91419001MA44AB12X5" and kind != "enterprises.enterprises":
                cell.value = None
    target = BytesIO()
    made.save(target)
    batch = bring(client, officer, target.getvalue(), kind=kind, list_kind="other")
    rows = list(batch.rows.all())
    assert len(rows) == (3 if shape else 1) or kind == "portfolio.uses"
    assert {row.outcome for row in rows} <= {"new"}, [row.problems for row in rows]
    assert not [note for note in batch.notes if note.get("lost")]
    if kind == "reports.statements":
        assert not hints_of(
            {n: figure_of(v) for n, v in rows[-1].values.items() if n in FIGURES}, 2018
        )


def test_yearly_figures_have_a_long_table_with_the_usual_first_and_a_small_one(client):
    client.force_login(person(Role.BUREAU_OFFICER))
    page_ = client.get(NEW).content.decode()
    assert "空表：每年一行，全部项目" in page_ and "空表：近三年并列，常用项目" in page_
    long, wide = (
        load_workbook(BytesIO(client.get(f"/imports/template/reports.statements/{q}").content))
        for q in ("", "?shape=wide")
    )
    heads = [cell.value for cell in long.worksheets[1][1] if cell.value]
    assert heads[3:5] == ["常用", "收入"] and long.worksheets[1].max_column == 3 + len(FIGURES)
    assert "每行写明年度" in str([cell.value for row in long.worksheets[0] for cell in row])
    years = [cell.value for cell in wide.worksheets[1][1] if cell.value][2:]
    assert years == ["2016年", "2017年", "2018年"] and wide.worksheets[1].max_column == 2 + 3 * 8
    assert "各年并列" in str([cell.value for row in wide.worksheets[0] for cell in row])
    assert client.get("/imports/template/reports.statements/?shape=x").status_code == 404


def test_a_page_asks_the_same_however_many_rows(client, town, django_assert_max_num_queries):
    enterprise(FIRMS[0], town=town)
    officer = person(Role.TOWN_OFFICER, town)
    rows = [[f"没听过{at}", 2018, at] for at in range(150)]
    batch = bring(client, officer, book([["企业名称", "年度", "销售收入（元）"], *rows]))
    with django_assert_max_num_queries(20):
        seen = page(client, batch)
    assert seen.count('id="row') == 100 and "下一页" in seen


def test_a_new_enterprise_is_mended_into_the_registry(client, town):
    enterprise("济源市甲机械有限公司", town=town)
    officer = person(Role.BUREAU_OFFICER)
    rows = [["企业名称", "所在镇（街道）", "成立日期"], ["济源市丁科技有限公司", "没有镇", "2015-03-04"],
            ["济源市甲机械有限公司", "", "2030-13-45"]]  # fmt: skip
    batch = bring(client, officer, book(rows), kind="enterprises.enterprises")
    first, second = batch.rows.all()
    assert {first.outcome, second.outcome} == {"refused"}
    seen = page(client, batch)
    assert 'value="没有镇"' in seen and 'value="2030-13-45"' in seen
    client.post(f"/imports/{batch.pk}/rows/{first.number}/", {"cell-town": "克井镇"})
    client.post(f"/imports/{batch.pk}/rows/{second.number}/", {"cell-established_on": "2012-01-02"})
    client.post(f"/imports/{batch.pk}/apply/")
    work()
    assert "已导入2行" in page(client, batch)
    assert Enterprise.objects.get(name="济源市丁科技有限公司").town == town


def test_a_job_that_stopped_says_why_and_can_be_taken_up(client, town, firms, settings, tmp_path):
    officer = person(Role.TOWN_OFFICER, town)
    client.force_login(officer)
    file = SimpleUploadedFile("数据.xlsx", flat())
    client.post(NEW, {"basis": "declared", "file": file})
    batch = ImportBatch.objects.get()
    part = client.get(f"/imports/{batch.pk}/progress/", headers={"HX-Request": "true"})
    assert 'hx-trigger="load delay:2s"' in part.content.decode()
    settings.FILES_ROOT = tmp_path / "elsewhere"  # the content is gone
    work()
    done = client.get(f"/imports/{batch.pk}/progress/", headers={"HX-Request": "true"})
    assert done.headers["HX-Refresh"] == "true"
    seen = page(client, batch)
    assert "已过保存期" in seen and "重试" in seen and "放弃" in seen
    assert "读取“数据.xlsx”" in client.get("/jobs/").content.decode()
    settings.FILES_ROOT = tmp_path
    client.post(f"/jobs/{batch.job_id}/retry/")
    work()
    assert "导入选中的5行" in page(client, batch)


def test_whom_a_line_means_is_said_once_for_all_its_years(client, town):
    firm = enterprise(FIRMS[0], town=town, code="91419001MA40000001")
    enterprise(FIRMS[0], town=town)
    head = ["企业名称", "2017年", "2018年"]
    rows = [head, [None, "销售收入（元）", "销售收入（元）"], [firm.name, 1, 2]]
    batch = bring(client, person(Role.TOWN_OFFICER, town), book(rows))
    assert [row.outcome for row in batch.rows.all()] == ["doubtful"] * 2
    answer = client.post(
        f"/imports/{batch.pk}/rows/1/", {"target": firm.pk}, headers={"HX-Request": "true"}
    )
    assert answer.headers["HX-Redirect"].endswith("#row1"), "the other years are shown anew too"
    assert [(row.outcome, row.target) for row in batch.rows.all()] == [("new", firm.pk)] * 2
