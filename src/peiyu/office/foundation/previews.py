"""Looking at a file without opening it: a page of a pdf, or a picture, as a small png."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from peiyu.office.foundation import rendering
from peiyu.office.foundation.files import Download, answer, path_of
from peiyu.office.foundation.kinds import KINDS
from peiyu.office.foundation.models import StoredFile
from peiyu.office.foundation.refusals import Refused
from peiyu.words import message

SMALL, LARGE = 240, 960
MOST_PAGES = 200
PATIENCE = 20
"""Seconds after which a page that is still being painted is given up."""
SHOWN = tuple(KINDS[kind].media_type for kind in ("pdf", "png", "jpeg"))


@dataclass(frozen=True, slots=True)
class Preview:
    """A picture of one page, and how many pages there are."""

    picture: Download
    page: int
    pages: int


def has_preview(stored: StoredFile) -> bool:
    """Whether there is anything to look at."""
    return stored.kind in SHOWN and stored.removed_at is None


def preview(stored: StoredFile, page: int = 1, width: int = LARGE) -> Preview:
    """One page as a picture, painted once and kept; refused if the file cannot be shown."""
    if stored.kind not in SHOWN:
        raise Refused(message("文件“{name}”不能预览，请下载后打开", name=stored.name))
    if not 1 <= page <= MOST_PAGES:
        raise Refused(message("只能预览前 {most} 页，没有第 {page} 页", most=MOST_PAGES, page=page))
    width = SMALL if width <= SMALL else LARGE
    source = path_of(stored)
    folder = Path(settings.FILES_ROOT) / "previews" / stored.sha256[:2]
    target = folder / f"{stored.sha256}-{page}-{width}.png"
    count = folder / f"{stored.sha256}.pages"
    if not (target.exists() and count.exists()):
        folder.mkdir(parents=True, exist_ok=True)
        count.write_text(str(_painted(source, stored.name, page, width, target)))
    name = f"{stored.name.rpartition('.')[0] or stored.name}-{page}.png"
    picture = answer(target, name, "image/png", attachment=False)
    return Preview(picture, page, int(count.read_text()))


def _painted(source: Path, name: str, page: int, width: int, target: Path) -> int:
    fresh = target.with_suffix(f".{os.getpid()}")
    command = [sys.executable, "-m", rendering.__name__]
    words = [str(source), str(width), str(page), str(fresh)]
    try:
        done = subprocess.run(  # noqa: S603  our own module, paths of our own
            [*command, *words], capture_output=True, timeout=PATIENCE, check=False
        )
        if done.returncode == rendering.LOCKED:
            raise Refused(message("文件“{name}”有密码，不能预览", name=name))
        if done.returncode == rendering.NO_SUCH_PAGE:
            raise Refused(message("文件“{name}”没有第 {page} 页", name=name, page=page))
        if done.returncode != rendering.DONE:
            raise Refused(message("文件“{name}”已损坏或太复杂，不能预览，请下载后打开", name=name))
        fresh.replace(target)
        return int(done.stdout)
    except subprocess.TimeoutExpired:
        raise Refused(
            message("文件“{name}”已损坏或太复杂，不能预览，请下载后打开", name=name)
        ) from None
    finally:
        fresh.unlink(missing_ok=True)
