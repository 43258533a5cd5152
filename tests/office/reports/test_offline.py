"""The workbook of a year: it comes back as it went, and takes nothing that is another's."""

from decimal import Decimal
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.refusals import Refused
from peiyu.office.reports import offline
from peiyu.office.reports.models import FIGURES

ONE = Enterprise(name="济源市荻鹬装备（集团）有限公司", code="91419001MAX1LX27QC")
NAMELESS = Enterprise(name="济源市荻鹬装备（集团）有限公司", code=None)
YEAR = 2018
fen = st.integers(0, 10**15).map(lambda whole: Decimal(whole).scaleb(-2))
figures = st.dictionaries(st.sampled_from([n for n in FIGURES if "staff" not in n]), fen)


def csv(*lines, coding="utf-8"):
    return "\n".join(lines).encode(coding)


@settings(max_examples=15, deadline=None)
@given(figures=figures, lang=st.sampled_from(["zh", "en"]))
def test_what_went_out_comes_back(figures, lang):
    content = offline.workbook(ONE, YEAR, figures, lang)
    found = offline.brought(content, "年度.xlsx", ONE, YEAR)
    assert (found.figures, found.refusals) == (figures, [])


def test_what_cannot_be_read_is_named_by_its_cell_and_the_rest_is_taken():
    lines = (
        "企业名称,年度,销售收入（万元）,研发费用（元）,净资产（元）",
        f"{ONE.name},2018年,12.5,很多,-3",
    )
    found = offline.brought(csv(*lines, coding="gb18030"), "a.CSV", ONE, YEAR)
    assert found.texts() == {"sales_revenue": "125000.00", "net_assets": "-3.00"}
    refused = found.refusals[0]
    assert (refused.address, refused.value) == ("D2", "很多")
    assert refused.remedy.say()


@pytest.mark.parametrize(
    ("row", "place", "words"),
    [(f",别家有限公司,{YEAR},5", "B2", "不是本企业"),
     (f"91410100MA40WXYX8K,{ONE.name},{YEAR},5", "A2", "不是本企业"),
     (f",{ONE.name},2017,5", "C2", "不是2018年度的"), (f",{ONE.name},,5", "C2", "不是2018年度的")],
)  # fmt: skip
def test_nothing_is_taken_of_another_enterprise_or_year(row, place, words):
    content = csv("统一社会信用代码,企业名称,年度,销售收入（元）", row)
    found = offline.brought(content, "a.csv", ONE, YEAR)
    assert found.figures == {}
    assert any(one.address == place and words in one.rule.say() for one in found.refusals)


def test_of_two_rows_that_differ_none_is_taken_and_the_same_twice_counts_once():
    row = f"{ONE.name},{YEAR}"
    head = "企业名称,年度,销售收入（元）"
    found = offline.brought(csv(head, f"{row},5", f"{row},6"), "a.csv", ONE, YEAR)
    assert (found.figures, len(found.refusals)) == ({}, 2)
    assert "都没有读" in found.refusals[0].rule.say()
    found = offline.brought(csv(head, f"{row},5", f"{row},5"), "a.csv", ONE, YEAR)
    assert (found.figures, found.refusals) == ({"sales_revenue": Decimal(5)}, [])


def test_amounts_without_a_unit_are_not_taken_for_yuan():
    content = csv("企业名称,年度,销售收入", f"{ONE.name},{YEAR},5")
    with pytest.raises(Refused, match="没有写单位"):
        offline.brought(content, "a.csv", ONE, YEAR)


def test_an_enterprise_without_code_is_known_by_its_name_however_bracketed():
    content = csv("企业名称,年度,销售收入（元）", f"济源市荻鹬装备(集团)有限公司,{YEAR},5")
    assert offline.brought(content, "a.csv", NAMELESS, YEAR).figures


def bomb():
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (offline.UNPACKED + 1))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("a.exe", b"MZ", "不是表格文件"), ("a.xlsx", b"PK\x03\x04", "损坏"),
     ("a.xlsx", bytes(offline.LARGEST + 1), "最多 5 MB"), ("a.xlsx", bomb(), "解压后"),
     ("a.csv", csv("企业名称,年度,销售收入（元）", f"{ONE.name},{YEAR},{'9' * 5000}"), "读不出"),
     ("a.csv", b"\xff\xfe\x00", "")],
)  # fmt: skip
def test_a_file_that_cannot_be_opened_is_refused_in_words(name, content, words):
    with pytest.raises(Refused) as refused:
        offline.brought(content, name, ONE, YEAR)
    assert refused.value.field == "file"
    assert words in str(refused.value)
