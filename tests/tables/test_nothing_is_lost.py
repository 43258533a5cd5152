"""Whatever stands in a sheet: every row and every cell is read, refused or told."""

import csv
import io
import re

from hypothesis import given
from hypothesis import strategies as st

from peiyu.tables.reading import read_csv
from peiyu.tables.spelling import letter

from .conftest import BAIDU, GOOGLE, HEADINGS, HUAWEI, MAIN

COLUMNS = [column.name for column in MAIN.columns]
CELLS = (
    *(HUAWEI, GOOGLE, BAIDU, "123", "甲公司", "乙公司", "合计", "小计（2家）", "示例公司", "注：x"),
    *("1,200", "1,200万元", "约5", "-1", "不详", "—", "", "", "", "2018-03-15", "2018-03", "12.5%"),
    *("企业名称", "统一社会信用代码", "销售收入（万元）", "职工人数", "#REF!", "无", " ", "x" * 50),
)
grids = st.lists(
    st.lists(st.sampled_from(CELLS), min_size=len(COLUMNS), max_size=len(COLUMNS))
    | st.permutations(HEADINGS),
    max_size=8,
)


def read_grid(rows):
    text = io.StringIO()
    csv.writer(text).writerows([HEADINGS, *rows])
    return read_csv(io.BytesIO(text.getvalue().encode()), MAIN)


@given(grids)
def test_every_row_is_read_refused_or_told(rows):
    read = read_grid(rows)
    told = {
        int(found) for note in read.notes for found in re.findall(r"[A-Z]+(\d+)", told_by(note))
    }
    seen = {*read.sheets["main"].places, *(one.row for one in read.refusals), *told}
    wanted = {at for at, row in enumerate(rows, start=2) if any(cell.strip() for cell in row)}
    assert wanted <= seen


def told_by(note):
    return f"{note.address} {note.text.say()}"


@given(grids)
def test_every_cell_of_a_kept_row_is_read_refused_or_told(rows):
    read = read_grid(rows)
    sheet = read.sheets["main"]
    spoken = " ".join(map(told_by, read.notes)) + " ".join(one.address for one in read.refusals)
    for index, (row, place) in enumerate(zip(sheet.rows, sheet.places, strict=True)):
        letters = sheet.span(index).letters
        for at, cell in enumerate(rows[place - 2]):
            name = next((one for one, where in letters.items() if where == letter(at)), None)
            if cell.strip() and name and name not in row:
                assert f"{letter(at)}{place}" in spoken


@given(grids)
def test_a_row_alone_gives_what_it_gives_among_others_that_are_plain(rows):
    plain = [[GOOGLE, "平原公司", "5", "6", "2018-01-01"]]
    for row in rows:
        if {"统一社会信用代码", "企业名称", GOOGLE, "合计"} & set(row):
            continue
        alone = read_grid([row]).sheets["main"].rows
        among = read_grid([*plain, row]).sheets["main"].rows
        assert among[1:] == alone
