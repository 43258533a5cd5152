"""A paper as Word, with the fonts of the standard by name; only the job worker imports this.

Same paper, same bytes: the package is packed anew with one time for all its parts.
"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from docx import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from peiyu.papers.dates import official_date
from peiyu.papers.marks import foot, qr_png, words_to_verify
from peiyu.papers.paper import Column, Heading, Note, Pairs, Paper, Paragraph, Table

BODY, PITCH = 16, 28.95
"""3号; 225 mm in 22 lines, in points (Word keeps twentieths)."""
XIAOBIAOSONG, FANGSONG, HEI, KAI, SONG = (
    "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体",
)  # fmt: skip
RED = RGBColor(0xD7, 0x00, 0x0F)
WIDTH = Mm(156)
LEFT, CENTER, RIGHT = (
    WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT,
)  # fmt: skip
PLACED = {"left": LEFT, "center": CENTER, "right": RIGHT}


def word_of(paper: Paper) -> bytes:
    """The paper as a .docx, to be opened in Word, WPS or LibreOffice."""
    document = Document()
    _page(document)
    _properties(document, paper)
    _head(document, paper)
    for block in paper.content.blocks:
        match block:
            case Heading():
                found = _line(document, block.text, font=HEI if block.level == 1 else KAI, indent=2)
                found.style = document.styles[f"Heading {block.level + 1}"]
                found.paragraph_format.keep_with_next = True
            case Paragraph():
                for piece in block.text.split("\n"):
                    _line(document, piece, indent=2, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
            case Note():
                for piece in block.text.split("\n"):
                    _line(document, piece, size=12, pitch=20, indent=2)
            case Pairs():
                columns = (Column("", 1, "center"), Column("", 3))
                _table(document, columns, block.rows, head=False)
            case Table():
                if block.caption:
                    caption = _line(document, block.caption, font=HEI, size=14, align=CENTER)
                    caption.paragraph_format.keep_with_next = True
                _table(document, block.columns, block.rows, head=True)
    _end(document, paper)
    out = BytesIO()
    document.save(out)
    return _packed(out.getvalue(), paper)


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(20)
    zoom = document.settings.element.find(qn("w:zoom"))
    zoom.addnext(OxmlElement("w:mirrorMargins"))  # the order of settings is fixed
    document.settings.odd_and_even_pages_header_footer = True
    normal = document.styles["Normal"]
    normal.font.size = Pt(BODY)
    _named(normal.element.get_or_add_rPr(), FANGSONG)
    for level in (1, 2, 3):
        style = document.styles[f"Heading {level}"]
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.font.bold = style.font.italic = False
        style.font.size = Pt(BODY)
        _named(style.element.get_or_add_rPr(), FANGSONG)
    language = document.styles.element.find(f".//{qn('w:lang')}")
    if language is not None:
        language.set(qn("w:val"), "zh-CN")
        language.set(qn("w:eastAsia"), "zh-CN")


def _properties(document: Any, paper: Paper) -> None:
    stamp, said = paper.stamp, document.core_properties
    moment = datetime(stamp.issued_on.year, stamp.issued_on.month, stamp.issued_on.day, tzinfo=UTC)
    said.title = _clean(paper.content.title)[:255]
    said.author = said.last_modified_by = _clean(stamp.issuer)[:255]
    said.keywords, said.language, said.comments = f"peiyu:{stamp.code}", paper.lang, ""
    said.created = said.modified = moment
    said.revision = 1


def _head(document: Any, paper: Paper) -> None:
    stamp = paper.stamp
    section = document.sections[0]
    for footer, align in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        footer.is_linked_to_previous = False
        line = footer.paragraphs[0]
        line.alignment = align
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
        _run(line, "— ", font=SONG, size=14)
        _field(_run(line, "", font=SONG, size=14), "PAGE")
        _run(line, " —", font=SONG, size=14)
        _run(footer.add_paragraph(), foot(stamp), font=SONG, size=8)
    issuer = document.paragraphs[0] if document.paragraphs else document.add_paragraph()
    issuer.alignment = CENTER
    issuer.paragraph_format.space_before = Mm(35)
    size = max(min(30, int(WIDTH.pt / max(len(stamp.issuer), 1))), 15)
    _run(issuer, stamp.issuer, font=XIAOBIAOSONG, size=size, color=RED)
    issuer.paragraph_format.space_after = Pt(2 * PITCH - BODY)
    number = _line(document, stamp.number, align=CENTER)
    _ruled(number, "bottom", "D7000F", 11)
    _line(document, "")
    title = _line(document, paper.content.title, font=XIAOBIAOSONG, size=22, pitch=36, align=CENTER)
    title.style = document.styles["Heading 1"]
    if stamp.version > 1:
        _line(document, f"（第{stamp.version}版，代替此前各版）", font=KAI, align=CENTER)
    _line(document, "")
    if paper.content.addressee:
        _line(document, f"{paper.content.addressee}：")


def _end(document: Any, paper: Paper) -> None:
    content, stamp = paper.content, paper.stamp
    if content.sources:
        _line(document, f"依据：{'；'.join(content.sources)}。", indent=2)
    if content.attachments:
        _line(document, "")
        for place, name in enumerate(content.attachments, 1):
            number = f"{place}．" if len(content.attachments) > 1 else ""
            line = _line(document, ("附件：" if place == 1 else "　　　") + number + name, indent=2)
            line.paragraph_format.left_indent = Pt(5 * BODY)
            line.paragraph_format.first_line_indent = Pt(-3 * BODY)
    for _ in range(2):
        _line(document, "").paragraph_format.keep_with_next = True
    day = official_date(stamp.issued_on)
    longer = len(stamp.issuer) > len(day)
    edge = Pt((2 if longer else 4) * BODY)
    name = _line(document, stamp.issuer, align=RIGHT)
    name.paragraph_format.right_indent = edge
    name.paragraph_format.keep_with_next = True
    beneath = _line(document, day, align=RIGHT)
    half = (len(stamp.issuer) - _measure(day)) / 2 if longer else 0
    beneath.paragraph_format.right_indent = Pt(edge.pt + max(half, 0) * BODY)
    _line(document, "")
    held = document.add_table(rows=1, cols=2)
    held.alignment = WD_TABLE_ALIGNMENT.CENTER
    held.autofit = False
    row = held.rows[0]
    for column, cell, width in zip(held.columns, row.cells, (Mm(28), Mm(128)), strict=True):
        column.width = cell.width = width
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    seat = row.cells[0].paragraphs[0]
    seat.paragraph_format.space_after = Pt(0)
    picture = seat.add_run().add_picture(BytesIO(qr_png(stamp)), Mm(22))
    picture._inline.docPr.set("descr", f"核验二维码：{stamp.code}")
    beside = row.cells[1]
    for place, words in enumerate(words_to_verify(stamp)):
        line = beside.add_paragraph() if place else beside.paragraphs[0]
        _tight(line, 16)
        _run(line, words, size=10.5)
    _bordered(held, ("top", "bottom"))


def _table(document: Any, columns: Any, rows: Any, *, head: bool) -> None:
    made = document.add_table(rows=len(rows) + head, cols=len(columns))
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    whole = sum(column.width for column in columns)
    widths = [WIDTH * column.width // whole for column in columns]
    for grid, width in zip(made.columns, widths, strict=True):
        grid.width = width
    if head:
        _filled(made.rows[0], [column.title for column in columns], [CENTER] * len(columns), HEI)
        made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    aligns = [PLACED[column.align] for column in columns]
    for line, cells in zip(list(made.rows)[head:], rows, strict=True):
        _filled(line, cells, aligns, FANGSONG)
    for line in made.rows:
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, width in zip(line.cells, widths, strict=True):
            cell.width = width
    _bordered(made, ("top", "left", "bottom", "right", "insideH", "insideV"))
    _line(document, "", size=8, pitch=10)


def _filled(row: Any, cells: Any, aligns: Any, font: str) -> None:
    for cell, words, align in zip(row.cells, cells, aligns, strict=True):
        for place, piece in enumerate(words.split("\n")):
            line = cell.paragraphs[0] if not place else cell.add_paragraph()
            line.alignment = align
            _tight(line, 18)
            _run(line, piece, font=font, size=12)
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER


def _line(
    document: Any,
    text: str,
    *,
    font: str = FANGSONG,
    size: float = BODY,
    pitch: float = PITCH,
    indent: int = 0,
    align: Any = LEFT,
) -> Any:
    line = document.add_paragraph()
    _tight(line, pitch)
    line.alignment = align
    if indent:
        line.paragraph_format.first_line_indent = Pt(indent * size)
    _run(line, text, font=font, size=size)
    return line


def _tight(line: Any, pitch: float) -> None:
    shape = line.paragraph_format
    shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    shape.line_spacing = Pt(pitch)
    shape.space_before = shape.space_after = Pt(0)


def _run(
    line: Any, text: str, *, font: str = FANGSONG, size: float = BODY, color: Any = None
) -> Any:
    run = line.add_run(_clean(text))
    run.font.size = Pt(size)
    run.font.bold = False
    if color is not None:
        run.font.color.rgb = color
    _named(run._r.get_or_add_rPr(), font)
    return run


def _named(properties: Any, font: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), font)
    fonts.set(qn("w:hint"), "eastAsia")


def _field(run: Any, code: str) -> None:
    for kind in ("begin", None, "end"):
        if kind is None:
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = code
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)


def _ruled(line: Any, side: str, color: str, eighths: int) -> None:
    borders = OxmlElement("w:pBdr")
    edge = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "8"), ("color", color)):
        edge.set(qn(f"w:{name}"), value)
    borders.append(edge)
    properties = line._p.get_or_add_pPr()
    place = properties.find(qn("w:spacing"))
    place.addprevious(borders)


def _bordered(table: Any, sides: Any) -> None:
    borders = OxmlElement("w:tblBorders")
    for side in sides:
        edge = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "3C3C3C")):
            edge.set(qn(f"w:{name}"), value)
        borders.append(edge)
    properties = table._tbl.tblPr
    before = properties.find(qn("w:tblLayout"))
    if before is None:
        before = properties.find(qn("w:tblLook"))
    if before is None:
        properties.append(borders)
    else:
        before.addprevious(borders)


def _clean(text: str) -> str:
    """Without the characters that XML has no place for."""
    return "".join(sign for sign in text if sign >= " " and sign not in "\ufffe\uffff")


def _measure(text: str) -> float:
    """Width in characters: a digit takes half of one."""
    return sum(0.5 if sign.isascii() else 1 for sign in text)


def _packed(content: bytes, paper: Paper) -> bytes:
    day, out = paper.stamp.issued_on, BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            made = ZipInfo(part.filename, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            # the properties lie open, so that the code can be read without unpacking
            packs = ZIP_STORED if part.filename == "docProps/core.xml" else ZIP_DEFLATED
            made.compress_type, made.external_attr = packs, 0o600 << 16
            new.writestr(made, old.read(part.filename))
    return out.getvalue()
