"""What the fast reader of workbooks leaves out of an .xlsx, read from its XML.

python-calamine gives an empty cell for a cell with an error and for a formula that was never
computed, and the bare 0.055 for a cell that shows 5.5%. Dropping or misreading these in silence
would be wrong, so the sheets are searched for them, in pieces, without building a tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from zipfile import ZipFile

from peiyu.tables.answers import CellError, Shown
from peiyu.tables.units import is_unit, split_prefix

PIECE = 1 << 22
LONGEST_CELL = 1 << 26
ROOT = re.compile(rb"<((?:\w+:)?)worksheet\b")
ADDRESS = re.compile(rb"\br=[\"']([A-Z]{1,3})([0-9]+)[\"']")
TEXT_TYPE = re.compile(rb"\bt=[\"'](?:str|s|inlineStr)[\"']")

SHEET = re.compile(r"<(?:\w+:)?sheet\s([^>]*)>")
RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^>]*)>")
ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
FORMATS = re.compile(r"<(?:\w+:)?numFmt\s([^>]*)>")
CELL_STYLES = re.compile(r"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
STYLE = re.compile(r"<(?:\w+:)?xf\s([^>]*)>")
PERCENT_FORMATS = (9, 10)

Style = partial[Shown]


@dataclass
class Margins:
    """Cells of one sheet that are more or less than the fast reader says, and its extent."""

    cells: dict[int, dict[int, CellError | Style]] = field(default_factory=dict)
    width: int = 0
    height: int = 0
    blind: bool = False
    """Whether the sheet gives its cells no addresses, so that nothing here could be placed."""


def attributes(text: str) -> dict[str, str]:
    """The attributes of an XML tag."""
    return {name: unescape(one or two) for name, one, two in ATTRIBUTE.findall(text)}


def sheet_parts(archive: ZipFile) -> dict[str, str]:
    """The part of the archive that holds each sheet, by the name of the sheet."""
    relations = {}
    for found in RELATION.findall(part_text(archive, "xl/_rels/workbook.xml.rels")):
        relation = attributes(found)
        target = relation.get("Target", "")
        relations[relation.get("Id", "")] = (
            target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        )
    parts = {}
    for found in SHEET.findall(part_text(archive, "xl/workbook.xml")):
        sheet = attributes(found)
        key = next((value for name, value in sheet.items() if name.endswith(":id")), "")
        if key in relations:
            parts[sheet.get("name", "")] = relations[key]
    return parts


def part_text(archive: ZipFile, name: str) -> str:
    """The text of a small part of the archive; empty if it has none."""
    if name not in archive.namelist():
        return ""
    return archive.read(name).decode("utf-8", "replace")


def telling_styles(archive: ZipFile) -> dict[int, Style]:
    """The cell styles whose number format changes what a number says: percent, 万元, a comma."""
    text = part_text(archive, "xl/styles.xml")
    formats = {}
    for found in FORMATS.findall(text):
        number = attributes(found)
        formats[number.get("numFmtId", "")] = number.get("formatCode", "")
    block = CELL_STYLES.search(text)
    styles = {}
    for at, found in enumerate(STYLE.findall(block[0] if block else "")):
        number_format = attributes(found).get("numFmtId", "0")
        if number_format.isdecimal() and int(number_format) in PERCENT_FORMATS:
            styles[at] = partial(Shown, percent=True)
        else:
            style = telling_style(formats.get(number_format, ""))
            if style:
                styles[at] = style
    return styles


def telling_style(code: str) -> Style | None:
    """What a number format adds to its number; None for the usual formats."""
    code = code.split(";")[0].replace('"."', "!.")
    literals = "".join(re.findall(r'"([^"]*)"', code))
    code = re.sub(r'"[^"]*"|\[[^\]]*\]|_.|\*.', "", code)
    literals += "".join(re.findall(r"[一-鿿]", code))
    inserted_point = re.search(r"[!\\]\.(0+)", code)
    code = re.sub(r"[!\\].", "", code)
    if not re.search(r"[0#?]", code) or re.search(r"[ymdhs]", code, re.IGNORECASE):
        return None
    if "%" in code:
        return partial(Shown, percent=True)
    commas = re.search(r"[0#?](,+)[^0#?,]*$", code)
    divided = 1000 ** len(commas[1]) if commas else 1
    if inserted_point:
        divided *= 10 ** len(inserted_point[1])
    suffix = literals.strip()
    if divided == 1 and not (is_unit(suffix) or split_prefix(suffix) != ("", suffix)):
        return None
    return partial(Shown, suffix=suffix, divided=divided)


class Patterns:
    """What is searched for in the XML of a sheet, for the namespace prefix that it uses."""

    def __init__(self, prefix: bytes, styles: dict[int, Style]) -> None:
        """Make the patterns; they begin with plain letters, which is what makes them quick."""
        self.cell = b"<" + prefix + b"c "
        filled = self.cell + rb"(?:[^>]*?\s)?r=[\"']([A-Z]{1,3})%s[\"'][^>]*(?<!/)>"
        self.filled = re.compile(filled % b"[0-9]+")
        self.numbered = re.compile(filled.replace(b"([A-Z]{1,3})", b"[A-Z]{1,3}") % b"([0-9]+)")
        self.unaddressed = re.compile(b"<" + prefix + rb"c(?:>|\s(?![^>]*\br=)[^>]*(?<!/)>)")
        end, value = b"</" + prefix, b"<" + prefix + b"v"
        self.error = re.compile(
            self.cell
            + rb"(?P<at>[^>]*\bt=[\"']e[\"'][^>]*)>(?:(?!"
            + end
            + rb"c>).)*?"
            + value
            + rb">(?P<shown>[^<]*)<",
            re.DOTALL,
        )
        formula = b"<" + prefix + b"f"
        self.formula = formula
        self.uncomputed = re.compile(
            self.cell
            + rb"(?P<at>[^>]*)(?<!/)>\s*"
            + formula
            + rb"\b(?:[^>]*/>|[^>]*>(?P<formula>[^<]*)"
            + end
            + rb"f>)\s*(?:"
            + value
            + rb"\s*/>|"
            + value
            + rb">\s*"
            + end
            + rb"v>)?\s*"
            + end
            + b"c>"
        )
        which = "|".join(map(str, styles)).encode()
        self.styled = re.compile(
            self.cell + rb"(?P<at>[^>]*\bs=[\"'](?P<style>" + which + rb")[\"'][^>]*)(?<!/)>"
        )

    def last_row(self, piece: bytes) -> int:
        """The number of the last row with a filled cell in a piece."""
        start = len(piece)
        while start > 0:
            start = max(0, start - 20_000)
            found = self.numbered.findall(piece, start)
            if found:
                return int(found[-1])
        return 0


def read_margins(archive: ZipFile, part: str, styles: dict[int, Style]) -> Margins:
    """The margins of one sheet."""
    margins = Margins()
    letters: set[bytes] = set()
    patterns = None
    for piece in pieces(archive, part):
        if patterns is None:
            root = ROOT.search(piece)
            patterns = Patterns(root[1] if root else b"", styles)
            margins.blind = patterns.unaddressed.search(piece) is not None
        letters.update(patterns.filled.findall(piece))
        margins.height = max(margins.height, patterns.last_row(piece))
        if styles:
            for found in patterns.styled.finditer(piece):
                if not TEXT_TYPE.search(found["at"]):
                    keep(margins, found["at"], styles[int(found["style"])])
        if b'"e"' in piece or b"'e'" in piece:
            for found in patterns.error.finditer(piece):
                keep(margins, found["at"], CellError(unescape(found["shown"].decode())))
        if patterns.formula in piece:
            for found in patterns.uncomputed.finditer(piece):
                if not TEXT_TYPE.search(found["at"]):
                    formula = unescape((found["formula"] or b"").decode("utf-8", "replace"))
                    keep(margins, found["at"], CellError(f"={formula}"))
    margins.width = max((column_index(found.decode()) + 1 for found in letters), default=0)
    return margins


def pieces(archive: ZipFile, part: str) -> Iterator[bytes]:
    """The XML of a sheet in pieces that end between cells."""
    rest = b""
    with archive.open(part) as stream:
        while piece := stream.read(PIECE):
            piece = rest + piece
            cut = max(piece.rfind(b"<c "), piece.rfind(b":c "))
            cut = piece.rfind(b"<", 0, cut + 1)
            if cut <= 0:
                rest = piece
                if len(rest) > LONGEST_CELL:
                    return
                continue
            yield piece[:cut]
            rest = piece[cut:]
    if rest:
        yield rest


def keep(margins: Margins, at: bytes, what: CellError | Style) -> None:
    """Note a cell by its address."""
    found = ADDRESS.search(b" " + at)
    if found:
        row, column = int(found[2]) - 1, column_index(found[1].decode())
        margins.cells.setdefault(row, {})[column] = what


def column_index(letters: str) -> int:
    """The place, from zero, of a column named by letters."""
    index = 0
    for one in letters:
        index = index * 26 + ord(one) - 64
    return index - 1
