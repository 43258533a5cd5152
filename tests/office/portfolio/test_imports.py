"""Tables of evidence taken in: found by number or name, seen, mended, done once, taken back."""

from datetime import date

import pytest
import xlsxwriter
from django_tasks_db.models import DBTaskResult
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peiyu.office.accounts.models import Role
from peiyu.office.foundation import imports
from peiyu.office.foundation.files import store
from peiyu.office.foundation.jobs import run
from peiyu.office.foundation.kept import message_of
from peiyu.office.foundation.models import ImportState, OfficeDay
from peiyu.office.foundation.refusals import Refused
from peiyu.office.foundation.sources import of_document
from peiyu.office.foundation.verification import verify
from peiyu.office.portfolio.actions import record_entry
from peiyu.office.portfolio.flags import Counted, counts_of
from peiyu.office.portfolio.models import FlagCount, Income, IpRight, IpUse, Project
from peiyu.office.web.imports.blanks import template_of
from peiyu.policy import evidence
from tests.office.factories import DAY, body, enterprise, person

pytestmark = pytest.mark.django_db
HEADS = [
    "企业名称",
    "知识产权编号",
    "知识产权名称",
    "类别",
    "授权号",
    "申请日期",
    "授权日期",
    "权利人为本企业",
]


@pytest.fixture(autouse=True)
def _city(settings, tmp_path):
    settings.DEMO, settings.FILES_ROOT = True, tmp_path / "files"
    OfficeDay.objects.create(pk=1, day=DAY)


@pytest.fixture
def town():
    place = body()
    firms = [
        enterprise(f"济源市{word}机械有限公司", town=place) for word in ("甲辰", "乙巳", "丙午")
    ]
    return person(Role.TOWN_OFFICER, place), firms


def go():
    for note in list(DBTaskResult.objects.ready()):
        note.delete()
        run.func(*note.args_kwargs["args"])


def book(path, rows):
    with xlsxwriter.Workbook(str(path)) as made:
        sheet = made.add_worksheet("表")
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(at, column, cell)
    return path


def taken(path, who, kind="portfolio.ip", **options):
    with path.open("rb") as content:
        stored = store(content, path.name, by=who)
    batch = imports.take_in(kind, stored, whose="", options=options, actor=who)
    go()
    batch.refresh_from_db()
    assert batch.state == ImportState.READY, (batch.state, batch.failure, batch.notes)
    return batch


def applied(batch, who):
    imports.apply_import(batch, actor=who)
    go()
    batch.refresh_from_db()
    return batch


def undone(batch, who):
    imports.undo_import(batch, actor=who)
    go()
    batch.refresh_from_db()
    return batch


def outcomes(batch):
    return list(batch.rows.values_list("outcome", flat=True))


def standing(kind=IpRight):
    return {
        (row.enterprise_id, row.key): {n: v for n, v in row.values().items() if v is not None}
        for row in kind.objects.standing()
    }


def said(row):
    return " ".join(
        f"{message_of(p['rule']).say()} {message_of(p['remedy']).say()}" for p in row.problems
    )


def test_rights_come_by_number_by_grant_number_or_as_new(town, tmp_path):
    officer, firms = town
    source = of_document("证书", actor=officer)
    for values in ({"title": "甲", "grant_number": "ZL201621128023.1"}, {"title": "乙"}):
        record_entry(firms[0], evidence.IP, values, source=source, actor=officer)
    before = standing()
    rows = [
        HEADS,
        [firms[0].name, "IP02", "乙", "软件著作权", "2016SR123456", "", "2016-11-02", "是"],
        [
            firms[0].name,
            "",
            "甲的新名",
            "实用新型",
            "2016 2112 8023.1",
            "2016.10.13",
            "2017年5月3日",
            "√",
        ],
        [firms[0].name, "", "丙", "发明专利", "ZL201610000123.4", "2016-04-08", "2018-05-04", "是"],
        [firms[1].name, "", "丁", "外观设计专利", "", "", "", "否"],
        [firms[1].name, "IP09", "戊", "外观设计专利", "", "2018-05-04", "2018-04-01", ""],
        [firms[2].name, "IP01", "己", "专利", "", "", "", ""],
        ["没有登记的公司", "IP01", "庚", "商标", "", "", "", ""],
    ]
    batch = taken(book(tmp_path / "ip.xlsx", rows), officer)
    assert outcomes(batch) == ["changed", "changed", "new", "new", "refused", "refused", "refused"]
    assert batch.rows.get(number=2).changes["title"] == ["甲", "甲的新名"]
    assert batch.rows.get(number=2).values["no"] == "IP01"
    assert "早于申请日期" in said(batch.rows.get(number=5))
    assert batch.rows.get(number=5).problems[0]["column"] == "granted_on"
    assert standing() == before, "nothing is done before it is asked for"

    imports.mend(batch, 5, {"granted_on": "2018-12-01"}, actor=officer)
    applied(batch, officer)
    now = standing()
    assert now[firms[0].pk, "IP01"]["grant_number"] == "ZL201621128023.1"
    assert (
        now[firms[0].pk, "IP03"]["kind"] == "invention"
        and now[firms[1].pk, "IP01"]["owner_self"] is False
    )
    assert now[firms[1].pk, "IP09"]["granted_on"] == date(2018, 12, 1)
    counted = {
        row.enterprise_id: Counted(row.open, row.severe, row.by_check)
        for row in FlagCount.objects.all()
    }
    assert counted == counts_of(firms[:2], DAY)
    again = taken(book(tmp_path / "again.xlsx", rows[:5]), officer)
    assert set(outcomes(again)) == {"same"}
    with pytest.raises(Refused, match="没有选中"):
        imports.apply_import(again, actor=officer)
    undone(batch, officer)
    assert standing() == before and verify().whole


def test_the_same_thing_twice_in_a_file_is_left_to_the_person(town, tmp_path):
    officer, firms = town
    rows = [HEADS, *([firms[0].name, "IP01", f"名{n}", "商标", "", "", "", ""] for n in range(2)),
            *([firms[1].name, "", "同名", "软件著作权", "2016SR111111", "", "", ""] for n in range(2))]  # fmt: skip
    batch = taken(book(tmp_path / "ip.xlsx", rows), officer)
    assert outcomes(batch).count("refused") >= 1
    applied(batch, officer)
    assert len([key for key in standing() if key[0] == firms[1].pk]) == 1


def test_what_was_changed_later_keeps_an_import_from_being_undone(town, tmp_path):
    officer, firms = town
    rows = [HEADS, [firms[0].name, "IP01", "甲", "商标", "", "", "", ""]]
    batch = applied(taken(book(tmp_path / "ip.xlsx", rows), officer), officer)
    record_entry(firms[0], evidence.IP, {"title": "乙"}, key="IP01", reason="改",
                 source=of_document("证书", actor=officer), actor=officer)  # fmt: skip
    with pytest.raises(Refused, match="IP01之后又改过"):
        imports.undo_import(batch, actor=officer)


def test_amounts_are_read_in_their_unit_and_years_make_rows_of_their_own(town, tmp_path):
    officer, firms = town
    rows = [
        ["企业名称", "产品编号", "年度", "销售收入（万元）"],
        [firms[0].name, "PS01", 2018, 120.5],
        [firms[0].name, "PS01", 2017, 100],
    ]
    applied(taken(book(tmp_path / "i.xlsx", rows), officer, "portfolio.incomes"), officer)
    found = {key: row["income"] for (_, key), row in standing(Income).items()}
    assert found == {"PS01/2018": 120_500_000, "PS01/2017": 100_000_000}
    rows = [
        [
            "企业名称",
            "研发活动编号",
            "研发活动名称",
            "开始日期",
            "取得的知识产权编号",
            "有立项文件",
        ],
        [firms[0].name, "RD01", "项目", "2018-01-02", "IP01-IP03", "有"],
    ]
    applied(taken(book(tmp_path / "p.xlsx", rows), officer, "portfolio.projects"), officer)
    (row,) = standing(Project).values()
    assert row["ip_nos"] == ("IP01", "IP02", "IP03") and row["approval"] is True


def test_uses_name_those_the_registry_knows_and_keep_the_others(town, tmp_path):
    _, firms = town
    bureau = person(Role.BUREAU_OFFICER)
    rows = [
        ["授权号", "使用企业", "使用日期", "当次获得认定", "该企业资格有效期至"],
        ["ZL201621128023.1", firms[0].name, "2016-12-01", "是", "2019-11-30"],
        ["ZL201621128023.1", "外地某公司", "2013-10-01", "否", ""],
        ["ZL201721128023.3", "", "2016-12-01", "是", ""],
    ]
    path = book(tmp_path / "u.xlsx", rows)
    batch = taken(path, bureau, "portfolio.uses")
    assert outcomes(batch) == ["new", "new", "refused"]
    applied(batch, bureau)
    assert [(use.used_by, use.enterprise, use.successful) for use in IpUse.objects.order_by("id")] == [
        (firms[0].name, firms[0], True), ("外地某公司", None, False),
    ]  # fmt: skip
    assert outcomes(taken(path, bureau, "portfolio.uses"))[:2] == ["same", "same"]
    undone(batch, bureau)
    assert not IpUse.objects.filter(withdrawn_on=None).exists()


@pytest.mark.parametrize("table", evidence.TABLES, ids=lambda table: table.name)
def test_the_template_of_every_table_comes_back_as_it_went(town, tmp_path, table):
    bureau = person(Role.BUREAU_OFFICER)
    kind = imports.kind_of(f"portfolio.{table.name}")
    for lang in ("zh", "en"):
        path = tmp_path / f"{lang}.xlsx"
        path.write_bytes(template_of(kind, DAY, lang))
        with path.open("rb") as content:
            stored = store(content, path.name, by=bureau)
        batch = imports.take_in(kind.name, stored, whose="", options={}, actor=bureau)
        go()
        batch.refresh_from_db()
        assert (
            batch.state == ImportState.READY and not batch.rows.exists()
        )  # the example is skipped
        heads = [head for page in batch.seen for head in page["headings"]]
        assert {head["column"] for head in heads} >= {fact.name for fact in table.facts}


def test_rows_of_one_thing_that_differ_are_all_refused_and_the_same_twice_counts_once(
    town, tmp_path
):
    officer, firms = town
    rows = [
        ["企业名称", "研发活动编号", "研发活动名称", "开始日期"],
        [firms[0].name, "RD01", "甲", "2018-01-02"],
        [firms[0].name, "RD01", "乙", "2018-01-02"],
        [firms[0].name, "RD02", "丙", "2018-01-02"],
        [firms[0].name, "RD02", "丙", "2018-01-02"],
    ]
    batch = taken(book(tmp_path / "p.xlsx", rows), officer, "portfolio.projects")
    assert outcomes(batch) == ["refused", "refused", "new", "same"]
    assert imports.keep_only(batch, 2, actor=officer).outcome == "new"


CELLS = st.dictionaries(
    st.tuples(st.integers(0, 1), st.sampled_from(["IP01", "IP02"])), st.sampled_from(["甲", "乙", ""]),
    max_size=3,
)  # fmt: skip


@settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None)
@given(first=CELLS, second=CELLS)
def test_undo_restores_exactly_and_disjoint_batches_commute(town, tmp_path, first, second):
    officer, firms = town
    start = standing()
    second = {place: cell for place, cell in second.items() if place not in first}

    def done(cells):
        if not cells:
            return None
        rows = [
            ["企业名称", "知识产权编号", "知识产权名称"],
            *([firms[n].name, no, title] for (n, no), title in cells.items()),
        ]
        batch = taken(book(tmp_path / "p.xlsx", rows), officer)
        return (
            applied(batch, officer)
            if batch.rows.filter(outcome__in=imports.DOES).exists()
            else None
        )

    ends = []
    for order in ((first, second), (second, first)):
        batches = [done(cells) for cells in order]
        ends.append(standing())
        for batch in reversed([one for one in batches if one]):
            undone(batch, officer)
        assert standing() == start
    assert ends[0] == ends[1]
