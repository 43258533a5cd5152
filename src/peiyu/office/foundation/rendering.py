"""Painting a page of a pdf or a picture, in a process of its own: it may hang or die.

Run as a module with: file, width, page, where to put the png. It knows no Django.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import pypdfium2
from PIL import Image

SECONDS = 10
MEMORY = 1 << 30
DONE, BROKEN, LOCKED, NO_SUCH_PAGE = 0, 3, 4, 5
NEEDS_PASSWORD = "password"
MOST_PIXELS = 30_000_000


def main(source: str, width: int, page: int, target: str) -> int:
    """Paint; says how many pages there are."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with Path(source).open("rb") as content:
        is_pdf = b"%PDF-" in content.read(1024)
    try:
        pages = _pdf(source, width, page, target) if is_pdf else _picture(source, width, target)
    except pypdfium2.PdfiumError as problem:
        return LOCKED if NEEDS_PASSWORD in str(problem).lower() else BROKEN
    except IndexError:
        return NO_SUCH_PAGE
    except (OSError, ValueError, MemoryError, Image.DecompressionBombError):
        return BROKEN
    sys.stdout.write(str(pages))
    return DONE


def _pdf(source: str, width: int, page: int, target: str) -> int:
    with pypdfium2.PdfDocument(source) as document:
        pages = len(document)
        if not 1 <= page <= pages:
            raise IndexError(page)
        sheet = document[page - 1]
        across, down = sheet.get_size()
        if not (across > 0 and down > 0):
            raise ValueError("a page without size")
        scale = min(width / across, 3 * width / down)
        sheet.render(scale=scale).to_pil().save(target, "PNG")
    return pages


def _picture(source: str, width: int, target: str) -> int:
    with Image.open(source, formats=("PNG", "JPEG")) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        opened.draft("RGB", (width, 3 * width))
        picture: Image.Image = opened
        if picture.mode not in ("RGB", "RGBA", "L"):
            picture = picture.convert("RGBA")
        picture.thumbnail((width, 3 * width))
        picture.info = {}
        picture.save(target, "PNG")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))
