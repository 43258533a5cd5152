"""Files of every kind are opened, or refused in one sentence that says what to do."""

import io
import zipfile

import openpyxl
import pytest

from peiyu.tables import files
from peiyu.tables.files import Unreadable
from peiyu.tables.reading import read_any, read_csv, read_folder, read_workbook

from .conftest import DATA, GOOGLE, HEADINGS, HUAWEI, IP, LAYOUT, MAIN, refused, said

ROW = [HUAWEI, "甲公司", 1, 2, None]
TEXT = f'信用代码,企业名称,销售收入（万元）\n{HUAWEI},甲公司,"1,200"\n'
EXPECTED = {"code": HUAWEI, "name": "甲公司", "sales": 1_200_000_000}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"], ids=lambda one: one
)
def test_a_csv_is_read_in_whatever_coding_it_comes(encoding, tmp_path):
    path = tmp_path / "主表.csv"
    path.write_bytes(TEXT.encode(encoding))
    assert read_csv(path, MAIN).sheets["main"].rows == [EXPECTED]


@pytest.mark.parametrize("separator", ["\t", ";", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_csv_is_read_with_whatever_separates_it(separator, line_end, tmp_path):
    path = tmp_path / "主表.csv"
    text = TEXT.replace('"1,200"', "1200").replace(",", separator).replace("\n", line_end)
    path.write_bytes(text.encode())
    assert read_csv(path, MAIN).sheets["main"].rows == [EXPECTED]


def test_a_cell_of_a_csv_may_hold_line_ends_and_codes_kept_as_text(tmp_path):
    path = tmp_path / "主表.csv"
    path.write_text(f'信用代码,企业名称,职工人数\n="{HUAWEI}","甲\n公司",12\n', "utf-8")
    sheet = read_csv(path, MAIN).sheets["main"]
    assert sheet.rows == [{"code": HUAWEI, "name": "甲\n公司", "staff": 12}]


def test_a_csv_need_not_bear_the_name_of_the_sheet_that_is_asked_for():
    content = io.BytesIO(TEXT.encode())
    assert read_csv(content, MAIN).sheets["main"].rows == [EXPECTED]
    content.seek(0)
    assert read_csv(content, LAYOUT).sheets["main"].rows == [EXPECTED]


def test_a_folder_holds_one_csv_a_table(tmp_path):
    (tmp_path / "企业情况.csv").write_text(TEXT, "utf-8")
    (tmp_path / "ip.csv").write_text("企业名称,编号\n甲公司,IP01\n", "utf-8")
    (tmp_path / "说明.txt").write_text("no table", "utf-8")
    read = read_folder(tmp_path, LAYOUT)
    assert read.sheets["main"].rows == [EXPECTED]
    assert read.sheets["ip"].rows == [{"name": "甲公司", "id": "IP01"}]
    assert read_any(tmp_path, LAYOUT).sheets["ip"].rows == read.sheets["ip"].rows
    assert read_any(tmp_path / "企业情况.csv", LAYOUT).sheets["main"].rows == [EXPECTED]


def test_a_folder_without_csv_is_said_to_be_one(tmp_path):
    with pytest.raises(Unreadable, match="没有 csv"):
        read_folder(tmp_path, LAYOUT)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "空的"),
        (b"\x00" * 100, "空的"),
        (TEXT.encode(), "文本（csv）"),
        (TEXT.encode("utf-16"), "文本（csv）"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "网页"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x01\x02\x00\x03 nothing known", "已经损坏"),
        (b"PK\x03\x04 no archive at all", "已经损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no old workbook", "已经损坏"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_in_one_sentence(content, sentence, tmp_path):
    path = tmp_path / "file.xlsx"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=sentence) as caught:
        read_workbook(path, LAYOUT)
    assert caught.value.text.say() == str(caught.value)


def test_a_damaged_workbook_a_word_file_and_a_missing_one_are_refused(workbook, tmp_path):
    path = workbook({"主表": [HEADINGS, ROW]})
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Unreadable, match="已经损坏"):
        read_workbook(path, LAYOUT)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(Unreadable, match="Word"):
        read_workbook(path, LAYOUT)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(Unreadable, match="已经损坏"):
        read_workbook(path, LAYOUT)
    with pytest.raises(Unreadable, match="打不开"):
        read_workbook(tmp_path / "nothing.xlsx", LAYOUT)


def test_a_workbook_whose_parts_are_damaged_is_refused(workbook):
    path = workbook({"主表": [HEADINGS, *[ROW] * 200]})
    content = bytearray(path.read_bytes())
    at = content.find(b"xl/worksheets/sheet1.xml") + 60
    content[at : at + 40] = b"\x00" * 40
    path.write_bytes(content)
    with pytest.raises(Unreadable, match="已经损坏"):
        read_workbook(path, LAYOUT)


def test_a_workbook_with_a_password_is_refused():
    with pytest.raises(Unreadable, match="有密码"):
        read_workbook(DATA / "with_password.xlsx", LAYOUT)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b" \n", "空的"), (b"PK\x03\x04...", "其实是 Excel"), (b"a\x00b,c\n", "不是文本")]
    + [(b"\xff\xff\x81\x20", "文字编码"), (b'a,b\n"' + b"x" * 2_000_000 + b"\n", "引号")],
    ids=range(5),
)
def test_a_file_that_is_no_csv_is_refused_in_one_sentence(content, sentence, tmp_path):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=sentence):
        read_csv(path, MAIN)


def test_a_zip_bomb_is_not_unpacked(workbook, monkeypatch):
    path = workbook({"主表": [HEADINGS, *[ROW] * 100]})
    monkeypatch.setattr(files, "MOST_BYTES", 10_000)
    with pytest.raises(Unreadable, match="解压后"):
        read_workbook(path, LAYOUT)


def test_a_sheet_with_one_cell_far_out_is_not_opened(tmp_path):
    path = tmp_path / "far.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "企业名称"
    book.active["XFD1048576"] = "x"
    book.save(path)
    with pytest.raises(Unreadable, match="第 1048576 行、第 16384 列"):
        read_workbook(path, LAYOUT)


def test_the_old_format_is_read_and_what_it_hides_is_said():
    read = read_workbook(DATA / "old_format.xls", LAYOUT)
    assert [row["name"] for row in read.sheets["main"].rows] == ["甲公司", "乙公司"]
    assert read.sheets["main"].rows[0]["sales"] == 1_200_500_000
    assert any("另存为 .xlsx" in text for text in said(read.notes))


def test_an_open_document_is_read():
    read = read_workbook(DATA / "old_format.ods", LAYOUT)
    assert read.sheets["main"].rows[0]["sales"] == 1_200_500_000
    assert refused(read) == ["C3 单元格是 Excel 错误“#DIV/0!”"]


def test_a_workbook_may_come_as_bytes(workbook):
    content = io.BytesIO(workbook({"主表": [HEADINGS, ROW]}).read_bytes())
    assert len(read_workbook(content, LAYOUT).sheets["main"].rows) == 1


def test_a_table_need_not_begin_in_the_first_cell(tmp_path):
    path = tmp_path / "file.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    page.title = "主表"
    for column, (heading, value) in enumerate(zip(HEADINGS, ROW, strict=True), start=3):
        page.cell(5, column, heading)
        page.cell(6, column, value)
    book.save(path)
    sheet = read_workbook(path, LAYOUT).sheets["main"]
    assert sheet.rows == [{"code": HUAWEI, "name": "甲公司", "sales": 100, "staff": 2}]
    assert sheet.address(0, "sales") == "E6"


@pytest.mark.parametrize(
    "title", ["主表", "企业情况", "main", "表1 主表", "1.企业情况", "附表2-主表"]
)
def test_a_page_is_known_by_its_title(title, workbook):
    read = read_workbook(workbook({title: [HEADINGS, ROW], "Sheet2": []}), LAYOUT)
    assert len(read.sheets["main"].rows) == 1
    assert read.unread == ["Sheet2"]


def test_a_page_is_known_by_its_headings_where_no_title_fits(workbook):
    rows = [["企业名称", "编号", "知识产权名称"], ["甲公司", "IP01", "锅炉"]]
    read = read_workbook(workbook({"Sheet1": [HEADINGS, ROW], "Sheet2": rows}), LAYOUT)
    assert (len(read.sheets["main"].rows), len(read.sheets["ip"].rows)) == (1, 1)
    assert "工作表“Sheet2”按表头认作“知识产权”" in said(read.notes)


def test_a_copy_beside_the_table_itself_is_left_and_told(workbook):
    read = read_workbook(workbook({"主表": [HEADINGS, ROW], "主表备份": [HEADINGS, ROW]}), LAYOUT)
    assert len(read.sheets["main"].rows) == 1
    assert read.unread == ["主表备份"]
    assert any("已有同名的工作表" in text for text in said(read.notes))


def test_a_page_with_only_code_and_name_is_no_table_of_several(workbook):
    rows = [["信用代码", "企业名称", "电话"], [GOOGLE, "乙公司", "1"]]
    read = read_workbook(workbook({"通讯录": rows}), LAYOUT)
    assert read.sheets == {}
    assert read.unread == ["通讯录"]


def test_a_hidden_page_is_read_and_told(tmp_path):
    path = tmp_path / "file.xlsx"
    book = openpyxl.Workbook()
    page = book.create_sheet("知识产权")
    page.append(["企业名称", "编号"])
    page.append(["甲公司", "IP01"])
    page.sheet_state = "hidden"
    book.save(path)
    read = read_workbook(path, (IP,))
    assert len(read.sheets["ip"].rows) == 1
    assert any("隐藏" in text for text in said(read.notes))
