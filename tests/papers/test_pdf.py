"""A paper as PDF: in the form of the standard, archivable, always the same, without boxes."""

import re
import struct
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
from PIL import Image

from peiyu.papers.paper import Column, Note, Paper, Paragraph, Table, text_of
from peiyu.papers.pdf import FONTS, Unprintable, pdf_of
from tests.papers import sample

MM = 72 / 25.4


def words_in(pdf: bytes) -> str:
    """All text of a PDF without the breaks of lines."""
    document = pypdfium2.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module")
def made() -> bytes:
    return pdf_of(sample.paper())


def test_every_word_stands_in_the_pdf_as_text(made):
    found = words_in(made)
    for words in text_of(sample.content()):
        for piece in words.split("\n"):
            # a table may break a cell over two pages' lines: cells are short enough not to
            assert re.sub(r"\s", "", piece) in found, piece
    assert "济高企办〔2019〕12号" in found
    assert found.count("2019年6月17日") == 1
    assert found.count("核验码7KQ2-M9XD-4RT5") == 3, "at the foot of each page"


def test_all_fonts_are_in_the_file_and_none_is_another(made):
    names = {name.split(b"+")[-1] for name in re.findall(rb"/FontName\s*/(\S+?)[/\s>]", made)}
    assert names == {b"NotoSerifSC-Regular", b"NotoSerifSC-Bold"} or not names, names
    document = pypdfium2.PdfDocument(made)
    raw = pypdfium2.raw
    for page in document:
        for thing in page.get_objects():
            if thing.type == raw.FPDF_PAGEOBJ_TEXT:
                assert raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(thing)) == 1


@pytest.mark.parametrize("where", ["title", "blocks", "issuer"])
def test_a_character_without_a_shape_is_refused_and_named(where):
    said, stamp = sample.content(), sample.stamp()
    if where == "issuer":
        stamp = replace(stamp, issuer="济源市𰻞办公室")
    elif where == "title":
        said = replace(said, title="济源市𰻞有限公司的报告")
    else:
        said = replace(said, blocks=(Paragraph("法定代表人𰻞某"),))
    with pytest.raises(Unprintable, match="𰻞"):
        pdf_of(Paper(said, stamp))


@pytest.mark.parametrize("text", ["镕", "喆", "堃", "昇", "㎡", "①", "Ⅲ", "〇"])
def test_rare_characters_of_names_are_set_in_titles_too(text):
    said = sample.content(title=f"关于{text}的报告", blocks=(Paragraph(f"致{text}"),))
    assert f"关于{text}的报告" in words_in(pdf_of(Paper(said, sample.stamp())))


def test_the_same_paper_gives_the_same_bytes(made):
    assert pdf_of(sample.paper()) == made
    later = Paper(sample.content(), replace(sample.stamp(), issued_on=date(2019, 6, 18)))
    assert pdf_of(later) != made


def test_what_somebody_typed_is_never_markup():
    typed = '#read("paper.typ") *粗* _斜_ $x^2$ <b>标</b> \\ @引 [x] `y` // 注 #sys.inputs'
    said = sample.content(
        title=typed,
        addressee=typed,
        blocks=(Paragraph(typed), Note(typed), Table((Column(typed),), ((typed,),), typed)),
    )
    found = words_in(pdf_of(Paper(said, sample.stamp())))
    # the text of a very long title may be set over several lines; without spaces it is whole
    assert found.count(re.sub(r"\s", "", typed)) >= 6


def test_the_page_is_that_of_the_standard(made):
    document = pypdfium2.PdfDocument(made)
    width, height = document[0].get_size()
    assert (round(width / MM), round(height / MM)) == (210, 297)
    for number, page in enumerate(document):
        left_edge = 28 if number % 2 == 0 else 26
        text = page.get_textpage()
        said = text.get_text_range()
        # the empty half of a mark at the end of a line may hang over the edge
        places = [place for place, sign in enumerate(said) if sign.isalnum()]
        boxes = [text.get_charbox(place) for place in places]
        lefts = [left / MM for left, bottom, *_ in boxes if bottom > 35 * MM]
        rights = [right / MM for _, bottom, right, _ in boxes if bottom > 35 * MM]
        tops = [top / MM for *_, top in boxes]
        assert min(lefts) >= left_edge - 0.5
        assert max(rights) <= left_edge + 156 + 0.5
        assert max(tops) <= 297 - 37 + 0.5


def test_a_page_holds_22_lines_of_28_characters():
    said = sample.content(blocks=(Paragraph("字" * 28 * 80),), attachments=(), sources=())
    page = pypdfium2.PdfDocument(pdf_of(Paper(said, sample.stamp())))[1]
    lines = page.get_textpage().get_text_bounded(bottom=35 * MM).split()
    assert [len(line) for line in lines] == [28] * 22


def test_page_numbers_stand_in_the_outer_corners(made):
    document = pypdfium2.PdfDocument(made)
    for number, page in enumerate(document, 1):
        text = page.get_textpage()
        found = text.search(f"— {number} —")
        place, _ = found.get_next()
        left, bottom, *_ = text.get_charbox(place)
        assert bottom < 35 * MM
        assert (left > page.get_width() / 2) == (number % 2 == 1)


def test_it_says_what_it_is(made):
    document = pypdfium2.PdfDocument(made)
    said = document.get_metadata_dict()
    assert said["Title"] == "高新技术企业认定条件自评报告"
    assert said["Author"] == "济源市高新技术企业培育工作领导小组办公室"
    assert said["CreationDate"].startswith("D:20190617")
    assert b"/Lang(zh-CN)" in made or b"/Lang (zh-CN)" in made
    assert b"<pdfaid:part>2</pdfaid:part>" in made
    assert b"peiyu:7KQ2M9XD4RT5" in made
    assert pypdfium2.raw.FPDFCatalog_IsTagged(document.raw)


def test_a_later_version_and_a_sample_say_so():
    again = Paper(sample.content(), sample.stamp(version=3, sample=True))
    found = words_in(pdf_of(again))
    assert "（第3版，代替此前各版）" in found
    assert found.count("【演示数据，不具效力】") == 3
    assert "版，代替" not in words_in(pdf_of(sample.paper()))


def test_the_qr_code_is_painted_black_on_white(made):
    page = pypdfium2.PdfDocument(made)[2]
    picture: Image.Image = page.render(scale=4).to_pil().convert("L")
    scale = 4 * MM
    corner = picture.crop(
        tuple(round(one * scale) for one in (28, 297 - 35 - 24, 28 + 22, 297 - 35))
    )
    dark = sum(corner.histogram()[:64]) / (corner.width * corner.height)
    assert 0.2 < dark < 0.6


def called(font: bytes, name: str) -> bytes:
    """The font under another name of its family, no longer than its own."""
    old, new = "Noto Serif SC".encode("utf-16-be"), name.encode("utf-16-be")
    tables = struct.unpack(">H", font[4:6])[0]
    entries = (font[12 + 16 * n : 28 + 16 * n] for n in range(tables))
    start = next(struct.unpack(">I", one[8:12])[0] for one in entries if one[:4] == b"name")
    count, strings = struct.unpack(">HH", font[start + 2 : start + 6])
    made = bytearray(font)
    for place in range(start + 6, start + 6 + 12 * count, 12):
        platform, *_, number, length, offset = struct.unpack(">6H", font[place : place + 12])
        at = start + strings + offset
        if (platform, number) == (3, 1) and font[at : at + length] == old:
            made[at : at + len(new)] = new
            made[place + 8 : place + 10] = struct.pack(">H", len(new))
    return bytes(made)


def test_the_fonts_of_an_office_go_before_ours(tmp_path):
    """An office with the fonts of the standard puts them in its folder; nothing else changes."""
    ours = pdf_of(sample.paper())
    assert pdf_of(sample.paper(), (tmp_path,)) == ours
    own = tmp_path / "own"
    own.mkdir()
    (own / "own.ttf").write_bytes(called((FONTS / "NotoSerifSC-Bold.ttf").read_bytes(), "FangSong"))
    with_own = pdf_of(sample.paper(), (own,))
    assert with_own != ours and words_in(with_own) == words_in(ours)
    assert words_in(pdf_of(sample.paper(title="镕"), (own,))).startswith("济源市高新技术企业")
