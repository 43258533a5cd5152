"""Tables taken in: seen before, chosen, mended, done once, taken back."""

from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
from django.db.models import F
from django_tasks_db.models import DBTaskResult
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peiyu.office.accounts.models import Role
from peiyu.office.enterprises.identity import core_of
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation import imports
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.files import store
from peiyu.office.foundation.jobs import run
from peiyu.office.foundation.kept import message_of
from peiyu.office.foundation.models import ImportRow, ImportState, RecordLine
from peiyu.office.foundation.refusals import NotAllowed, Refused
from peiyu.office.foundation.sources import of_document
from peiyu.office.reports.actions import open_report, save_draft, state, submit
from peiyu.office.reports.actions.statements import newest
from peiyu.office.reports.models import Basis, ListedName, StaffMonth, Statement
from tests.office.factories import DAY, again, body, enterprise, mandate, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path, monkeypatch):
    settings.FILES_ROOT = tmp_path / "files"
    monkeypatch.setattr(imports, "office_day", lambda: DAY)


@pytest.fixture
def town():
    place = body()
    firms = [
        enterprise(f"济源市{word}机械有限公司", town=place) for word in ("甲辰", "乙巳", "丙午")
    ]
    return person(Role.TOWN_OFFICER, place), firms


def go():
    """What the worker does with everything that waits."""
    for note in list(DBTaskResult.objects.ready()):
        note.delete()
        run.func(*note.args_kwargs["args"])


def book(path, rows, *, title="", merges=()):
    with xlsxwriter.Workbook(str(path)) as made:
        sheet = made.add_worksheet(title or "表")
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(at, column, cell)
        for first, left, last, right, text in merges:
            sheet.merge_range(first, left, last, right, text)
    return path


def taken(path, who, kind="reports.statements", whose="", **options):
    with path.open("rb") as content:
        stored = store(content, path.name, by=who)
    batch = imports.take_in(kind, stored, whose=whose, options=options, actor=who)
    go()
    batch.refresh_from_db()
    return batch


def outcomes(batch):
    return list(batch.rows.values_list("outcome", flat=True))


def standing(firms, basis=Basis.DECLARED):
    found = newest((firm.pk, year, basis) for firm in firms for year in (2017, 2018))
    return {(place[0], place[1]): row.stated() for place, row in found.items() if not row.withdrawn}


def wide(path, firms, *, bad="1,200.50", name=None):
    """A town's flat table: title, unit, years over headings, 万元, a sum at the end."""
    rows = [
        ["玉泉街道企业情况表"],
        ["单位：万元"],
        ["企业名称", "2017年", "", "2018年", ""],
        ["", "销售收入", "研究开发费用总额", "销售收入", "研究开发费用总额"],
        [firms[0].name, 100, 5, 120.5, 6],
        [name or firms[1].name.replace("(", "（"), 200, 7, bad, 8],
        [firms[2].name, "", "", 300, ""],
        ["没有登记的公司", 1, 1, 1, 1],
        ["合计", 300, 12, 421, 14],
    ]
    return book(path, rows, merges=[(2, 1, 2, 2, "2017年"), (2, 3, 2, 4, "2018年")])


def test_a_flat_table_of_many_years_is_seen_applied_and_undone(town, tmp_path):
    officer, firms = town
    source = of_document("旧数", actor=officer)
    state(firms[0], year=2018, basis=Basis.DECLARED, figures={"sales_revenue": Decimal(1205000)},
          source=source, actor=officer)  # fmt: skip
    before = standing(firms)
    batch = taken(wide(tmp_path / "a.xlsx", firms), officer)
    assert batch.state == ImportState.READY, batch.failure
    assert outcomes(batch) == ["new", "changed", "new", "new", "new", "refused", "refused"]
    row = batch.rows.get(number=2)
    assert row.changes == {"rd_total": [None, 6_000_000]}, "what is there already does not change"
    assert batch.rows.get(number=4).values["sales_revenue"] == 1_200_500_000
    assert Statement.objects.count() == 1, "nothing is done before it is asked for"

    imports.apply_import(batch, actor=officer)
    go()
    batch.refresh_from_db()
    assert batch.state == ImportState.APPLIED
    assert standing(firms)[firms[0].pk, 2018] == {"sales_revenue": 1205000, "rd_total": 60000}
    assert standing(firms)[firms[1].pk, 2018]["sales_revenue"] == Decimal("12005000")
    made = Statement.objects.filter(batch=batch)
    assert RecordLine.objects.filter(action="reports.statement.state").count() == made.count() + 1

    once_more = taken(wide(tmp_path / "b.xlsx", firms), officer)
    assert set(outcomes(once_more)) == {"same", "refused"}
    with pytest.raises(Refused, match="没有选中"):
        imports.apply_import(once_more, actor=officer)

    imports.undo_import(batch, actor=officer)
    go()
    batch.refresh_from_db()
    assert batch.state == ImportState.UNDONE
    assert standing(firms) == before


def test_a_bad_cell_is_mended_in_the_preview(town, tmp_path):
    officer, firms = town
    batch = taken(wide(tmp_path / "a.xlsx", firms, bad="约三百"), officer)
    row = batch.rows.get(place=6, values__year=2018)
    assert row.outcome == "refused" and row.raw == {"sales_revenue@2018": "约三百"}
    said = row.problems[0]
    assert (
        said["address"] == "D6"
        and message_of(said["rule"]).say()
        and message_of(said["remedy"]).say()
    )
    with pytest.raises(Refused):
        imports.mend(batch, row.number, {"sales_revenue@2018": "还是不知道"}, actor=officer)
    mended = imports.mend(batch, row.number, {"sales_revenue@2018": "300万元"}, actor=officer)
    assert mended.outcome == "new" and mended.changes["sales_revenue"] == [None, 300_000_000]
    assert batch.rows.get(place=6, values__year=2017).outcome == "new", "the other year was sound"


def test_what_stands_on_an_import_keeps_it(town, tmp_path):
    officer, firms = town
    batch = taken(wide(tmp_path / "a.xlsx", firms), officer)
    imports.apply_import(batch, actor=officer)
    go()
    source = of_document("来电", actor=officer)
    state(firms[2], year=2018, basis=Basis.DECLARED, figures={"sales_revenue": Decimal(1)},
          source=source, actor=officer, reason="更正")  # fmt: skip
    batch.refresh_from_db()
    with pytest.raises(Refused, match=r"丙午.*2018年.*第2版"):
        imports.undo_import(batch, actor=officer)
    batch.refresh_from_db()
    assert batch.state == ImportState.APPLIED


def test_what_another_changed_after_the_preview_is_not_overwritten(town, tmp_path):
    officer, firms = town
    batch = taken(wide(tmp_path / "a.xlsx", firms), officer)
    source = of_document("来电", actor=officer)
    for name, value in (("sales_revenue", 7), ("net_assets", 9)):
        state(firms[2], year=2018, basis=Basis.DECLARED, figures={name: Decimal(value)},
              source=source, actor=officer)  # fmt: skip
    imports.apply_import(batch, actor=officer)
    go()
    assert standing(firms)[firms[2].pk, 2018] == {"sales_revenue": 7, "net_assets": 9}
    row = batch.rows.get(place=7)
    assert row.outcome == "refused" and "预览之后" in message_of(row.problems[0]["rule"]).say()


def test_what_was_set_back_to_what_was_imported_blocks_nothing(town, tmp_path):
    officer, firms = town
    before = standing(firms)
    batch = taken(wide(tmp_path / "a.xlsx", firms), officer)
    imports.apply_import(batch, actor=officer)
    go()
    source = of_document("电话", actor=officer)
    figures = {"sales_revenue": Decimal(1)}
    for firm in firms:
        state(firm, year=2018, basis=Basis.DECLARED, figures=figures, source=source, actor=officer,
              reason="更正")  # fmt: skip
    with pytest.raises(Refused) as refused:
        imports.undo_import(batch, actor=officer)
    assert str(refused.value).count("之后又改过") == 3
    for firm, value in zip(firms, ("1205000", "12005000", "3000000"), strict=True):
        state(firm, year=2018, basis=Basis.DECLARED, figures={"sales_revenue": Decimal(value)},
              source=source, actor=officer, reason="改回")  # fmt: skip
    imports.undo_import(batch, actor=officer)
    go()
    assert again_of(batch).state == ImportState.UNDONE and standing(firms) == before


def test_what_is_left_is_mended_and_done_later_and_undone_with_the_rest(town, tmp_path):
    officer, firms = town
    before = standing(firms)
    batch = taken(wide(tmp_path / "a.xlsx", firms, bad="约三百"), officer)
    imports.choose(batch, left=[1], actor=officer)
    imports.apply_import(batch, actor=officer)
    go()
    first = again_of(batch).counts["applied"]
    number = batch.rows.get(place=6, values__year=2018).number
    assert (
        imports.mend(batch, number, {"sales_revenue@2018": "5万元"}, actor=officer).outcome == "new"
    )
    imports.choose(batch, chosen=[1], actor=officer)
    with pytest.raises(Refused, match="没有第2行"):
        imports.mend(batch, 2, {"name": "别家"}, actor=officer)  # it is done
    imports.apply_import(batch, actor=officer)
    go()
    assert again_of(batch).counts["applied"] == first + 2
    assert standing(firms)[firms[1].pk, 2018]["sales_revenue"] == 50_000
    imports.undo_import(batch, actor=officer)
    go()
    assert standing(firms) == before and again_of(batch).counts["applied"] == 0


def test_only_what_is_chosen_is_taken_and_only_from_ones_own(town, tmp_path):
    officer, firms = town
    other = person(Role.TOWN_OFFICER)
    assert set(outcomes(taken(wide(tmp_path / "a.xlsx", firms), other))) == {"refused"}
    batch = taken(wide(tmp_path / "a.xlsx", firms), officer)
    with pytest.raises(NotAllowed):
        imports.apply_import(batch, actor=other)
    imports.choose_all(batch, "new", chosen=False, actor=officer)
    imports.choose(batch, chosen=[1], actor=officer)
    imports.apply_import(batch, actor=officer)
    go()
    assert standing(firms).keys() == {(firms[0].pk, 2017)}
    with pytest.raises(NotAllowed):
        imports.take_in(
            "reports.statements", batch.file, whose="", options={}, actor=person(Role.BANK)
        )


def test_a_batch_belongs_to_the_body_and_what_moved_away_stays(town, tmp_path):
    officer, firms = town
    place = firms[0].body
    batch = taken(wide(tmp_path / "a.xlsx", firms), officer, whose=f"body {place.pk}")
    colleague, left = person(Role.TOWN_OFFICER, place), person(Role.TOWN_OFFICER)
    type(batch).objects.filter(pk=batch.pk).update(owner=left)
    assert not type(batch).objects.visible_to(left), "who brought it works elsewhere now"
    imports.apply_import(batch, actor=colleague)
    go()
    type(firms[0]).objects.filter(pk=firms[0].pk).update(body=body())
    with pytest.raises(Refused, match="不归您的单位"):
        imports.undo_import(again_of(batch), actor=colleague)


def test_one_year_on_two_rows_far_apart_is_taken_once(town, tmp_path, monkeypatch):
    officer, firms = town
    monkeypatch.setattr(imports, "STEP", 2)
    firms[0].names.create(name="济源市甲子厂", core=core_of("济源市甲子厂"), until_on="2018-01-01")
    names = [*(firm.name for firm in firms), "济源市甲子厂"]
    rows = [["企业名称", "年度", "销售收入（元）"], *([name, 2018, 1] for name in names)]
    batch = taken(book(tmp_path / "a.xlsx", rows), officer)
    assert outcomes(batch) == ["new"] * 3 + ["same"], "the same under a former name counts once"
    assert "只算一次" in message_of(batch.rows.get(number=4).problems[0]["rule"]).say()
    imports.apply_import(batch, actor=officer)
    go()
    assert again_of(batch).counts == {"new": 3, "same": 1, "applied": 3}
    imports.undo_import(batch, actor=officer)
    go()
    assert again_of(batch).counts["applied"] == 0


def test_rows_of_one_year_that_differ_are_all_refused_until_one_is_left(
    town, tmp_path, monkeypatch
):
    officer, firms = town
    monkeypatch.setattr(imports, "STEP", 2)
    rows = [
        ["企业名称", "年度", "销售收入（元）", "净资产（元）"],
        [firms[0].name, 2018, 1, 9],
        [firms[1].name, 2018, 1, 9],
        [firms[1].name, 2018, 1, 9],
        [firms[2].name, 2018, 1, 9],
        [firms[0].name, 2018, 2, 9],
        [firms[2].name, 2018, "约5", 9],
    ]
    batch = taken(book(tmp_path / "a.xlsx", rows), officer)
    state = {row.place: row.outcome for row in batch.rows.all()}
    assert state == {2: "refused", 3: "new", 5: "refused", 6: "refused", 7: "refused"}
    said = message_of(batch.rows.get(place=2).problems[-1]["rule"]).say()
    assert "第6行" in said and "内容却不同" in said

    kept = imports.keep_only(batch, batch.rows.get(place=6).number, actor=officer)
    assert kept.outcome == "new" and kept.changes["sales_revenue"] == [None, 200]
    left = batch.rows.get(place=2)
    assert (left.outcome, left.chosen) == ("refused", False)
    assert imports.keep_only(batch, left.number, actor=officer).changes["sales_revenue"][1] == 100
    assert batch.rows.get(place=6).outcome == "refused"
    with pytest.raises(Refused, match="没有别的行"):
        imports.keep_only(batch, batch.rows.get(place=3).number, actor=officer)

    number = batch.rows.get(place=7).number
    assert imports.mend(batch, number, {"sales_revenue": "7"}, actor=officer).outcome == "refused"
    agreed = imports.mend(batch, number, {"sales_revenue": "1"}, actor=officer)
    assert (agreed.outcome, batch.rows.get(place=5).outcome) == ("same", "new"), "they agree now"
    imports.apply_import(batch, actor=officer)
    go()
    assert {key[0]: row["sales_revenue"] for key, row in standing(firms).items()} == {
        firm.pk: Decimal(1) for firm in firms
    }


def test_times_that_have_not_come_or_cannot_be_are_refused_in_words(town, tmp_path):
    officer, firms = town
    today = office_day()
    rows = [["企业名称", "年度", "职工总数"]]
    rows += [[firms[0].name, year, 5] for year in (today.year, today.year + 1, 1999, 2101)]
    batch = taken(book(tmp_path / "a.xlsx", rows), officer)
    assert outcomes(batch) == ["new"] + ["refused"] * 3
    said = {row.place: message_of(row.problems[-1]["rule"]).say() for row in batch.rows.all()[1:]}
    assert "还没有到" in said[3] and "不在 2000–2100" in said[4] and "不是一个年份" in said[5]
    rows = [["企业名称", "年度", "月份", "月初职工人数", "月末职工人数"]]
    later = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    rows += [[firms[0].name, day.year, day.month, 5, 5] for day in (today, later)]
    months = taken(book(tmp_path / "m.xlsx", rows), officer, "reports.months")
    assert outcomes(months) == ["new", "refused"]
    assert "还没有到" in message_of(months.rows.get(number=2).problems[-1]["rule"]).say()


def test_words_in_cells_delete_nothing(town, tmp_path):
    officer, firms = town
    source = of_document("旧数", actor=officer)
    state(firms[0], year=2018, basis=Basis.DECLARED, figures={"sales_revenue": Decimal(7)},
          source=source, actor=officer)  # fmt: skip
    for at, word in enumerate(("不详", "--", "NaN", "无", "")):
        rows = [
            ["企业名称", "年度", "销售收入（元）", "净资产（元）"],
            [firms[0].name, 2018, word, 3],
        ]
        batch = taken(book(tmp_path / f"{at}.xlsx", rows), officer)
        assert "sales_revenue" not in batch.rows.get().changes
        assert "sales_revenue" not in batch.rows.get().values


def test_a_table_of_the_town_leaves_what_enterprises_handed_in(town, tmp_path):
    officer, firms = town
    owners = []
    for firm, typed_in in zip(firms, ("7", "1", "7"), strict=True):
        owner = person(Role.OWNER)
        mandate(firm, owner, MandateKind.OWNER)
        report = open_report(firm, year=2018, actor=owner)
        save_draft(report, texts={"sales_revenue": typed_in}, saved=0, actor=owner)
        owners.append((report, owner))
    submit(owners[0][0], on=DAY, actor=owners[0][1])
    rows = [["企业名称", "年度", "销售收入（元）"], *([firm.name, 2018, 1] for firm in firms)]
    batch = taken(book(tmp_path / "a.xlsx", rows), officer)
    assert outcomes(batch) == ["refused", "new", "new"]
    assert (
        "按“镇（园区）核对”填写" in message_of(batch.rows.get(number=1).problems[-1]["rule"]).say()
    )
    imports.apply_import(batch, actor=officer)
    go()
    assert [owner.messages.count() for _, owner in owners] == [0, 1, 1], "who is filling in is told"
    submit(owners[1][0], on=DAY, actor=owners[1][1])
    with pytest.raises(Refused, match="自己提交"):
        imports.undo_import(batch, actor=officer)
    assert outcomes(taken(book(tmp_path / "c.xlsx", rows), officer, basis="checked")) == ["new"] * 3


def test_a_row_of_one_year_takes_no_cell_of_another_and_nobody_unknown(town, tmp_path):
    officer, firms = town
    batch = taken(wide(tmp_path / "a.xlsx", firms, bad="约三百"), officer)
    number = batch.rows.get(place=6, values__year=2018).number
    with pytest.raises(Refused, match="没有"):
        imports.mend(batch, number, {"sales_revenue@2017": "3"}, actor=officer)
    with pytest.raises(Refused, match="不在企业库"):
        imports.mend(batch, number, {}, target=2**70, actor=officer)
    type(firms[1]).objects.filter(pk=firms[1].pk).update(status="merged", merged_into=firms[0].pk)
    row = imports.mend(
        batch, number, {"sales_revenue@2018": "3"}, target=firms[1].pk, actor=officer
    )
    assert "已并入" in message_of(row.problems[-1]["rule"]).say()


@pytest.mark.parametrize("target", [10**9, 2**63 - 1])
def test_an_entry_of_a_list_means_nobody_who_is_not_there(town, tmp_path, target):
    _, firms = town
    bureau = person(Role.BUREAU_OFFICER)
    rows = [["企业名称", "入库登记编号"], [firms[0].name, "201841900108000001"]]
    batch = taken(book(tmp_path / "l.xlsx", rows), bureau, "reports.lists", list_kind="tech_sme")
    row = imports.mend(batch, 1, {}, target=target, actor=bureau)
    assert row.outcome == "refused" and row.target is None


def test_a_file_given_up_while_it_is_read_leaves_no_rows(town, tmp_path, monkeypatch):
    officer, firms = town
    seen = imports.look

    def given_up(*args):
        imports.drop(imports.ImportBatch.objects.get(), actor=officer)
        return seen(*args)

    monkeypatch.setattr(imports, "look", given_up)
    batch = taken(wide(tmp_path / "a.xlsx", firms), officer)
    assert batch.state == ImportState.DROPPED and not batch.rows.exists()


def test_names_are_matched_by_history_and_never_guessed(town, tmp_path):
    officer, firms = town
    firms[0].names.update(until_on="2018-01-01")
    firms[0].names.create(name="济源市甲辰新机械有限公司", core="甲辰新机械")
    cases = {
        firms[0].name: "new",  # a former name
        "济源市乙巳机械有限公司 ": "new",
        "河南省济源市丙午机械股份有限公司": "doubtful",  # alike, but not the name
        "完全无关": "refused",
    }
    rows = [["企业名称", "年度", "销售收入（元）"], *([name, 2018, 1] for name in cases)]
    batch = taken(book(tmp_path / "a.xlsx", rows), officer)
    assert outcomes(batch) == list(cases.values())
    doubt = batch.rows.get(number=3)
    assert doubt.candidates == [firms[2].pk]
    assert imports.mend(batch, 3, {}, target=firms[2].pk, actor=officer).outcome == "new"


def test_headings_that_were_explained_once_are_remembered(town, tmp_path):
    officer, firms = town
    rows = [["单位", "年份", "全年卖了多少(元)"], [firms[0].name, 2018, 5]]
    batch = taken(book(tmp_path / "a.xlsx", rows), officer)
    assert batch.state == ImportState.MAPPING or "sales_revenue" not in str(
        batch.rows.first().values
    )
    columns = {"单位": "name", "年份": "year", "全年卖了多少(元)": "sales_revenue"}
    imports.map_columns(batch, columns, actor=officer)
    go()
    batch.refresh_from_db()
    assert outcomes(batch) == ["new"] and batch.rows.get().values["sales_revenue"] == 500
    later = taken(book(tmp_path / "b.xlsx", rows), officer)
    assert outcomes(later) == ["new"]


def test_a_column_that_cannot_be_read_is_named_before_all_else(town, tmp_path):
    officer, firms = town
    heads = [
        "企业名称",
        "年度",
        "销售收入（吨）",
        "净资产（万元）",
        "净资产（万元）",
        "研发费用（美元）",
    ]
    rows = [heads, [firms[0].name, 2018, 1, 2, 3, 4]]
    batch = taken(book(tmp_path / "a.xlsx", rows), officer)
    assert outcomes(batch) == ["new"] and batch.rows.get().values["net_assets"] == 2_000_000
    lost = [note for note in batch.notes if note.get("lost")]
    assert [note["address"] for note in lost] == ["C1", "F1", "E1"]
    said = [message_of(note["said"]).say() for note in lost]
    assert "吨" in said[0] and "美元" in said[1] and "重复" in said[2]
    heads = {one["letter"]: one for one in batch.seen[0]["headings"]}
    assert [at for at, one in heads.items() if one["lost"]] == ["C", "E", "F"]
    assert not heads["C"]["column"] and heads["D"]["column"] == "net_assets"


@pytest.mark.parametrize(
    ("above", "strange"), [("情况表", ""), ("单位：美元", "美元"), ("单位：元、万元", "元、万元")]
)
def test_amounts_without_a_unit_are_not_read_before_somebody_says_it(
    town, tmp_path, above, strange
):
    officer, firms = town
    rows = [[above], ["企业名称", "年度", "销售收入", "职工总数"], [firms[0].name, 2018, 12, 5]]
    batch = taken(book(tmp_path / "a.xlsx", rows), officer)
    assert batch.state == ImportState.MAPPING and not batch.rows.exists()
    assert (batch.seen[0]["asks"], batch.seen[0]["strange"]) == (True, strange)
    with pytest.raises(Refused, match="没有“吨”"):
        imports.map_columns(batch, {}, units={"表": "吨"}, actor=officer)
    imports.map_columns(batch, {}, units={"表": "万元"}, actor=officer)
    go()
    assert again_of(batch).state == ImportState.READY
    assert batch.rows.get().values["sales_revenue"] == 12_000_000
    imports.map_columns(batch, {}, units={"表": "千元"}, actor=officer)
    go()
    assert batch.rows.get().values["sales_revenue"] == 1_200_000, "another unit, the same file"
    next_one = taken(book(tmp_path / "b.xlsx", rows), officer)
    assert next_one.state == ImportState.MAPPING, "a unit is not remembered"
    assert taken(book(tmp_path / "c.xlsx", rows), officer, unit="元").state == ImportState.READY


def test_a_table_with_people_alone_needs_no_unit(town, tmp_path):
    officer, firms = town
    rows = [["企业名称", "年度", "职工总数"], [firms[0].name, 2018, 5]]
    assert taken(book(tmp_path / "a.xlsx", rows), officer).state == ImportState.READY
    heads = ["企业名称", "年度", "销售收入", "职工总数"]
    batch = taken(book(tmp_path / "b.xlsx", [heads, [firms[0].name, 2018, 1, 5]]), officer)
    imports.map_columns(batch, {"销售收入": ""}, actor=officer)
    go()
    assert again_of(batch).state == ImportState.READY, "what is not read needs no unit either"


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 broken", "企业".encode("gbk"), b"\x00\x01", b"a,b\n1,2\n"]
)
def test_what_is_no_table_is_told_and_changes_nothing(town, tmp_path, content):
    officer, _ = town
    source = tmp_path / "x.csv"
    source.write_bytes(content)
    if content.startswith((b"PK", b"\x00")):
        with pytest.raises(Refused):
            taken(source, officer)
        return
    batch = taken(source, officer)
    assert batch.state in (ImportState.FAILED, ImportState.MAPPING)
    assert batch.failure or batch.notes or batch.seen == []


def test_years_that_cannot_be_read_side_by_side_go_to_no_wrong_year(town, tmp_path):
    officer, firms = town
    for years in (("2005年", "2018年"), ("2005年", "2006年")):
        rows = [["企业名称", *years], ["", "销售收入", "销售收入"], [firms[0].name, 1, 2]]
        batch = taken(book(tmp_path / f"{years[1]}.xlsx", rows), officer, year="2018")
        found = {
            (row.values.get("year"), row.values.get("sales_revenue")) for row in batch.rows.all()
        }
        assert found <= {(2018, 200)}, "never the figure of 2005 as that of 2018"
    assert not batch.rows.exists() and "2005" in message_of(batch.notes[0]["said"]).say()


def test_months_of_staff_and_published_lists(town, tmp_path):
    officer, firms = town
    rows = [["企业名称", "年度", "月份", "月初职工人数", "月末职工人数"],
            *([firms[0].name, 2018, month, 80, 80 + month] for month in range(1, 13))]  # fmt: skip
    batch = taken(book(tmp_path / "m.xlsx", rows), officer, "reports.months")
    imports.apply_import(batch, actor=officer)
    go()
    assert StaffMonth.objects.count() == 12
    imports.undo_import(again_of(batch), actor=officer)
    go()
    newest_ones = StaffMonth.objects.filter(version=F("version"), withdrawn=True)
    assert newest_ones.count() == 12

    bureau = person(Role.BUREAU_OFFICER)
    rows = [["河南省2018年入库科技型中小企业名单"], ["序号", "企业名称", "入库登记编号"],
            [1, firms[1].name, "201841900108000001"], [2, "郑州不相干有限公司", "201841010108000002"]]  # fmt: skip
    batch = taken(
        book(tmp_path / "l.xlsx", rows),
        bureau,
        "reports.lists",
        list_kind="tech_sme",
        title="第一批",
    )
    imports.apply_import(batch, actor=bureau)
    go()
    assert list(ListedName.objects.values_list("enterprise", flat=True)) == [firms[1].pk, None]
    twice = taken(
        book(tmp_path / "l.xlsx", rows),
        bureau,
        "reports.lists",
        list_kind="tech_sme",
        title="第一批",
    )
    assert set(outcomes(twice)) == {"same"}
    assert list(ListedName.objects.visible_to(again(officer))) == list(firms[1].listed.all())


def again_of(batch):
    batch.refresh_from_db()
    return batch


CELLS = st.dictionaries(
    st.tuples(st.integers(0, 2), st.sampled_from([2017, 2018])),
    st.dictionaries(
        st.sampled_from(["sales_revenue", "rd_total"]), st.integers(0, 10**9), min_size=1
    ),
    min_size=1,
)


@settings(max_examples=10, suppress_health_check=list(HealthCheck), deadline=None)
@given(first=CELLS, second=CELLS)
def test_undo_restores_exactly_and_disjoint_batches_commute(town, tmp_path, first, second):
    officer, firms = town
    start = standing(firms)
    second = {place: cells for place, cells in second.items() if place not in first}

    def applied(cells):
        if not cells:
            return None
        heads = ["企业名称", "年度", "销售收入", "研究开发费用总额"]
        rows = [[firms[n].name, year, c.get("sales_revenue", ""), c.get("rd_total", "")]
                for (n, year), c in cells.items()]  # fmt: skip
        batch = taken(book(tmp_path / "p.xlsx", [heads, *rows]), officer)
        if not batch.rows.filter(outcome__in=imports.DOES).exists():
            return None
        imports.apply_import(batch, actor=officer)
        go()
        return again_of(batch)

    ends = []
    for order in ((first, second), (second, first)):
        batches = [applied(cells) for cells in order]
        ends.append(standing(firms))
        for batch in reversed([one for one in batches if one]):
            imports.undo_import(batch, actor=officer)
            go()
        assert standing(firms) == start
    assert ends[0] == ends[1]
    assert not ImportRow.objects.filter(applied=True).exists()
