"""Real broken exports, read without losing or misplacing a figure."""

import csv
from datetime import date
from decimal import Decimal

from peiyu.tables.layout import Column, Kind, Sheet
from peiyu.tables.reading import read_csv

from .conftest import DATA, refused, said

QUOTES = Sheet(
    "quotes",
    ("报表",),
    (
        Column("code", ("scode",), Kind.CODE, digits=6),
        Column("name", ("sname",), Kind.TEXT),
        Column("assets", ("sumasset",), Kind.MONEY, scale=100, unit="元"),
        Column("stock", ("inventory",), Kind.MONEY, scale=100, unit="元"),
        Column("published_on", ("noticedate",), Kind.DATE),
        Column("market", ("mkt",), Kind.TEXT),
    ),
    key=("code", "name"),
)
PEOPLE = Sheet(
    "people",
    ("人员财务",),
    (
        Column("code", ("证券代码",), Kind.CODE, digits=6),
        Column("name", ("企业名称",), Kind.TEXT),
        Column("year", ("年份",), Kind.YEAR),
        Column("revenue", ("营业收入",), Kind.MONEY, scale=100, unit="元"),
        Column("staff", ("职工总数",), Kind.INTEGER, minimum=0),
        Column("rd_staff", ("研发人员数",), Kind.INTEGER, minimum=0),
        Column("rd_share", ("研发人员占比",), Kind.DECIMAL, scale=100, minimum=0, unit="%"),
    ),
    key=("code", "name"),
)


def read_quotes():
    """The broken export as read, and its rows by hand that reading did not keep."""
    path = DATA / "mess_eastmoney_shifted_columns.csv"
    read = read_csv(path, QUOTES)
    expected = {}
    header = None
    with path.open(encoding="utf-8", newline="") as stream:
        for number, line in enumerate(csv.reader(stream), start=1):
            if "sname" in line:
                header = line
            else:
                expected[number] = dict(zip(header, line, strict=False))
    sheet = read.sheets["quotes"]
    for row, place in zip(sheet.rows, sheet.places, strict=True):
        raw = expected.pop(place)
        assert (row["code"], row["name"]) == (raw["scode"], raw["sname"])
        assert row["assets"] == Decimal(raw["sumasset"]) * 100
        assert row.get("stock") == (
            None if raw["inventory"] == "-" else Decimal(raw["inventory"]) * 100
        )
        assert row["published_on"] == date.fromisoformat(raw["noticedate"][:10])
    return read, expected


def test_pages_pasted_in_another_column_order_are_read_by_their_own_heading():
    read, _ = read_quotes()
    assert any("从第 7 行起表头换了列序" in text for text in said(read.notes))
    assert len(read.sheets["quotes"].rows) > 70


def test_a_page_in_another_order_without_its_heading_is_refused_row_by_row():
    read, left = read_quotes()
    whole = [one for one in read.refusals if one.whole_row]
    assert [one.row for one in whole] == sorted(left)
    assert all("错了位" in one.rule.say() for one in whole)
    assert [one for one in read.refusals if not one.whole_row] == []


def test_a_raw_list_of_listed_companies_is_read_cell_by_cell():
    path = DATA / "listed_2019_raw_text_numbers.csv"
    read = read_csv(path, PEOPLE)
    sheet = read.sheets["people"]
    assert len(sheet.rows) + sum(one.whole_row for one in read.refusals) == 415
    first = sheet.rows[0]
    assert first == {
        "code": "000100",
        "name": "TCL科技集团股份有限公司",
        "year": 2019,
        "revenue": 7493308568800,
        "staff": 35379,
        "rd_staff": 6155,
        "rd_share": 1740,
    }
    with path.open(encoding="utf-8", newline="") as stream:
        raw = dict(enumerate(csv.DictReader(stream), start=2))
    for row, place in zip(sheet.rows, sheet.places, strict=True):
        assert row["year"] == 2019
        if "staff" in row:
            assert row["staff"] == int(raw[place]["职工总数"].replace(",", ""))
        if "revenue" in row:
            assert row["revenue"] == Decimal(raw[place]["营业收入"].replace(",", "")) * 100
    for heading in ("职工总数", "研发人员数", "研发人员占比"):
        missing = {one.row for one in read.refusals if one.heading == heading and one.value == "-1"}
        assert missing == {place for place in sheet.places if raw[place][heading] == "-1"}
    assert any("“-1”常被用作" in text for text in refused(read))


def test_codes_from_the_tests_of_others_are_judged_as_they_were_recomputed():
    sheet = Sheet(
        "codes",
        ("codes",),
        (
            Column("code", ("统一社会信用代码", "code"), Kind.CODE),
            Column("label", ("source_label",), Kind.TEXT),
        ),
    )
    read = read_csv(DATA / "uscc_cases.csv", sheet)
    told = " ".join(said(read.notes))
    for row in read.sheets["codes"].rows:
        if row["label"] == "real_but_checksum_fails":
            assert f"信用代码 {row['code']} 的校验位不对" in told
        elif row["label"] == "valid":
            assert f"信用代码 {row['code']} " not in told
    assert [one.value for one in read.refusals] == ["9131011559169385ZA", "not-a-credit-code"]
