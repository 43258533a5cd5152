"""Papers of the demo city: a sheet as a scanner would make it, with nothing on it but numbers."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw

SIZE, MARGIN, LINE = (620, 877), 40, 40
"""A page of A4 at 75 dots an inch."""
PAPER, FRAME, INK, STAMP = "#fbfaf6", "#9aa7b5", "#17222e", "#c5433b"


def certificate(numbers: Sequence[str]) -> bytes:
    """A framed sheet with the numbers of rights and the ring of a stamp, as PNG."""
    page = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(page)
    width, height = SIZE
    draw.rectangle((MARGIN, MARGIN, width - MARGIN, height - MARGIN), outline=FRAME, width=3)
    for at, number in enumerate(numbers):
        draw.text((2 * MARGIN, 3 * MARGIN + at * LINE), number, fill=INK)
    ring = (width - 5 * MARGIN, height - 5 * MARGIN, width - 2 * MARGIN, height - 2 * MARGIN)
    draw.ellipse(ring, outline=STAMP, width=4)
    content = BytesIO()
    page.save(content, "PNG")
    return content.getvalue()
