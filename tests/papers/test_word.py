"""A paper as Word: whole as a package, with the fonts of the standard, without markup of others."""

import re
import shutil
import subprocess
from io import BytesIO
from zipfile import ZipFile

import pypdfium2
import pytest
from docx import Document
from lxml import etree

from peiyu.papers.paper import Column, Note, Paper, Paragraph, Table, text_of
from peiyu.papers.word import word_of
from tests.papers import sample

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@pytest.fixture(scope="module")
def made() -> bytes:
    return word_of(sample.paper())


def part(content: bytes, name: str):
    with ZipFile(BytesIO(content)) as package:
        return etree.fromstring(package.read(name))


def text_in(content: bytes) -> str:
    return "".join(part(content, "word/document.xml").itertext(f"{W}t"))


def test_every_word_stands_in_it(made):
    found = text_in(made)
    for words in text_of(sample.content()):
        for piece in words.split("\n"):
            assert piece in found, piece
    assert "济高企办〔2019〕12号" in found
    assert "2019年6月17日" in found
    assert "7KQ2-M9XD-4RT5" in found


def test_the_package_is_whole(made):
    with ZipFile(BytesIO(made)) as package:
        names = set(package.namelist())
        assert package.testzip() is None
        types = etree.fromstring(package.read("[Content_Types].xml"))
        for one in types:
            if name := one.get("PartName"):
                assert name.lstrip("/") in names
        for name in names:
            if name.endswith((".xml", ".rels")):
                etree.fromstring(package.read(name))
            if name.endswith(".rels"):
                folder = name.split("_rels/")[0]
                for one in etree.fromstring(package.read(name)).iter(RELS):
                    if one.get("TargetMode") != "External":
                        target = one.get("Target")
                        place = target.lstrip("/") if target[0] == "/" else folder + target
                        assert re.sub(r"\w+/\.\./", "", place) in names
    document = Document(BytesIO(made))
    assert document.core_properties.title == "高新技术企业认定条件自评报告"
    assert len(document.tables) == 3


def test_every_run_names_a_font_of_the_standard_for_chinese(made):
    fonts = set()
    for run in part(made, "word/document.xml").iter(f"{W}r"):
        if run.find(f"{W}t") is not None:
            named = run.find(f"{W}rPr/{W}rFonts")
            assert named is not None
            fonts.add(named.get(f"{W}eastAsia"))
    assert fonts == {"方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"}


def test_the_page_is_that_of_the_standard(made):
    section = Document(BytesIO(made)).sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(one.mm) for one in sizes] == [210, 297, 37, 28]
    assert round(section.page_width.mm - section.left_margin.mm - section.right_margin.mm) == 156
    settings = part(made, "word/settings.xml")
    assert settings.find(f"{W}mirrorMargins") is not None
    assert settings.find(f"{W}evenAndOddHeaders") is not None


def test_heads_of_tables_come_again_on_each_page(made):
    heads = part(made, "word/document.xml").findall(f".//{W}tblHeader")
    assert len(heads) == 1, "the table of conditions has one, the pairs have none"


def test_what_somebody_typed_is_never_markup():
    typed = '<w:p/> & ]]> {{ x }} {% if %} "引" \x0b\x00 </w:document>'
    kept = "".join(sign for sign in typed if sign >= " ")
    said = sample.content(
        title=typed,
        addressee=typed,
        blocks=(Paragraph(typed), Note(typed), Table((Column(typed),), ((typed,),), typed)),
    )
    made = word_of(Paper(said, sample.stamp()))
    assert text_in(made).count(kept) == 7


def test_the_same_paper_gives_the_same_bytes(made):
    assert word_of(sample.paper()) == made
    assert word_of(Paper(sample.content(title="另一份"), sample.stamp())) != made


def test_an_office_suite_opens_it_as_a_document_of_three_pages(made, tmp_path):
    suite = shutil.which("soffice")
    if suite is None:
        pytest.skip("no LibreOffice here: it is not needed to make papers")
    (tmp_path / "paper.docx").write_bytes(made)
    subprocess.run(
        [suite, "--headless", "--convert-to", "pdf", f"-env:UserInstallation=file://{tmp_path}/own",
         "--outdir", str(tmp_path), str(tmp_path / "paper.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    document = pypdfium2.PdfDocument(tmp_path / "paper.pdf")
    assert len(document) in (3, 4)
    assert "自评报告" in "".join(page.get_textpage().get_text_range() for page in document)
