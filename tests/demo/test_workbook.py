"""The workbook comes back as it went out, and of each fault the reader says what it must."""

import pytest

from peiyu.batch.cases import cases_of
from peiyu.batch.layouts import layout
from peiyu.demo.city import city
from peiyu.demo.faults import FAULTS
from peiyu.demo.workbook import placed, write_city, written_rows
from peiyu.policy.rulebooks.hnte import HNTE
from peiyu.tables.files import workbook_pages
from peiyu.tables.reading import read_workbook
from peiyu.tables.writing import write_template


def test_a_tidy_workbook_is_read_back_without_a_word(drawn, tmp_path):
    path = write_city(tmp_path / "tidy.xlsx", drawn, messy=False)
    read = read_workbook(path, layout(HNTE, drawn.on))
    assert (read.refusals, read.notes, read.unread) == ([], [], [])
    assert {name: sheet.rows for name, sheet in read.sheets.items()} == drawn.rows
    ways = cases_of(read, drawn.on).cases, cases_of(drawn.read(), drawn.on).cases
    assert [one.facts for one in ways[0]] == [one.facts for one in ways[1]]


def test_a_messy_workbook_differs_only_where_it_should(drawn, read_back):
    expected = [dict(row) for row in drawn.rows["enterprise"]]
    for found in placed(drawn):
        column = found.fault.column
        if column:
            value = found.fault.reads(expected[found.index], column)
            expected[found.index].pop(column, None)
            if value is not None:
                expected[found.index][column] = value
    assert read_back.sheets["enterprise"].rows == expected
    for name, rows in drawn.rows.items():
        if name != "enterprise":
            assert read_back.sheets[name].rows == rows


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.english)
def test_the_reader_says_of_each_fault_what_it_must(drawn, read_back, fault):
    found = next(one for one in placed(drawn) if one.fault is fault)
    row = found.address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    here = [one for one in read_back.refusals if str(one.row) == row]
    told = [note for note in read_back.notes if note.address == found.address]
    if fault.refused:
        assert [fault.says in one.rule.say() for one in here] == [True]
        assert here[0].whole_row is not bool(fault.column)
        assert here[0].remedy.say()
    else:
        assert here == []
        assert [fault.says in note.text.say() for note in told] == [True] * bool(fault.says)


def test_nothing_else_is_refused_or_remarked(read_back):
    assert len(read_back.refusals) == sum(fault.refused for fault in FAULTS)
    remarks = sum(bool(fault.says) and not fault.refused for fault in FAULTS)
    repeats = sum(not fault.column for fault in FAULTS)
    assert len(read_back.notes) == remarks + repeats  # the first row of a pair is told too


def test_every_careless_enterprise_makes_one_fault(drawn):
    faults = list(placed(drawn))
    assert len(faults) == len(FAULTS) == 12
    assert len({one.firm.code for one in faults}) == len(FAULTS)


def test_a_fault_costs_no_enterprise(drawn, read_back):
    found = cases_of(read_back, drawn.on)
    assert len(found.cases) == 320
    assert [case.name for case in found.cases] == [firm.name for firm in drawn.firms]


def test_the_guide_says_that_all_is_invented_and_names_each_fault(drawn, workbook):
    first = next(page for page in workbook_pages(workbook) if page.title == "填表说明")
    text = "\n".join(str(cell) for row in first.rows() for cell in row if cell)
    assert "全部 320 家企业都是虚构的" in text
    for found in placed(drawn):
        assert f"企业!{found.address}" in text
        assert found.fault.chinese in text


def test_faults_are_made_in_copies(drawn):
    before = repr(drawn.rows)
    rows = written_rows(drawn, list(placed(drawn)))
    assert len(rows) == 321
    assert repr(drawn.rows) == before


def test_the_workbook_can_be_had_in_english(tmp_path):
    small = city()
    path = write_city(tmp_path / "city.xlsx", small, messy=False, lang="en")
    read = read_workbook(path, layout(HNTE, small.on, lang="en"))
    assert read.refusals == []
    assert read.sheets["enterprise"].rows == small.rows["enterprise"]


def test_a_template_takes_rows_below_its_examples(drawn, tmp_path):
    main = layout(HNTE, drawn.on)[:1]
    row = {"name": "济源市荻鹬铅锌有限公司", "sales_revenue.1": 123, "resident": False}
    path = tmp_path / "template.xlsx"
    write_template(
        path, main, title="", examples={"enterprise": [{"name": "甲"}]}, rows={"enterprise": [row]}
    )
    read = read_workbook(path, main)
    assert read.sheets["enterprise"].rows == [row]
    assert read.sheets["enterprise"].places == [4]
