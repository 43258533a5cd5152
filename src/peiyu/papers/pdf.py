"""A paper as PDF: set by typst, archivable and tagged (PDF/A-2a), the same bytes for the same paper.

Only the job worker imports this. PDF/A has no place for a character without a shape, so a paper
with boxes in it cannot come about: it is refused, and the characters are named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from peiyu.papers.dates import official_date
from peiyu.papers.marks import foot, link_of, qr_svg, words_to_verify
from peiyu.papers.paper import Paper, as_data

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
TEMPLATE = HERE / "paper.typ"
UNPRINTABLE = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)


class Unprintable(ValueError):
    """No font has a shape for some character."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def pdf_of(paper: Paper, fonts: Sequence[Path] = ()) -> bytes:
    """The paper as PDF; `fonts` are folders looked into before the one that comes with us."""
    stamp = paper.stamp
    day = datetime(stamp.issued_on.year, stamp.issued_on.month, stamp.issued_on.day, tzinfo=UTC)
    try:
        made = typst.Compiler(
            TEMPLATE.read_bytes(),
            root=HERE,
            font_paths=_fonts(tuple(fonts)),
            ignore_system_fonts=True,
            sys_inputs={"paper": json.dumps(_inputs(paper), ensure_ascii=False)},
        ).compile(format="pdf", pdf_standards=["a-2a"], timestamp=day)
    except typst.TypstError as problem:
        raise _told(problem) from problem
    assert isinstance(made, bytes)
    return made


@cache
def _fonts(folders: tuple[Path, ...]) -> typst.Fonts:
    """Fonts read once; no font of the machine plays a part."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[*folders, FONTS]
    )


def _inputs(paper: Paper) -> dict[str, Any]:
    stamp, day = paper.stamp, paper.stamp.issued_on
    return {
        **as_data(paper.content),
        "issuer": stamp.issuer,
        "number": stamp.number,
        "code": stamp.code,
        "day": [day.year, day.month, day.day],
        "date": official_date(day),
        "version": stamp.version,
        "version_text": f"（第{stamp.version}版，代替此前各版）",
        "foot": foot(stamp),
        "qr": qr_svg(stamp),
        "qr_text": f"核验二维码：{link_of(stamp)}",
        "verify": words_to_verify(stamp),
    }


def _told(problem: typst.TypstError) -> Exception:
    """What is the matter, if it is a character without a shape."""
    found = UNPRINTABLE.search(str(problem))
    return Unprintable(found.group(1)) if found else problem
