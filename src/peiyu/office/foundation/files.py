"""Files: taken in with care, kept by their content, given out so that no browser runs them.

What a file is, its content says. No virus scanner is asked: what could run (programs, macros, web
pages, archives) is not taken at all, and pictures are painted anew.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeVar
from urllib.parse import quote

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, QuerySet
from PIL import Image, ImageOps

from peiyu.office.foundation.days import office_now
from peiyu.office.foundation.kinds import KINDS, Kind, Limits, kind_of
from peiyu.office.foundation.models import Attached, StoredFile
from peiyu.office.foundation.record import write
from peiyu.office.foundation.refusals import Refused
from peiyu.words import message

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


A = TypeVar("A", bound=Attached)

DEFAULT = Limits()
PIECE = 1 << 16
LONGEST_NAME = 200
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
REST = timedelta(hours=1)
"""Content this young is not removed: someone may just be storing the same."""
LARGE_PICTURE = 16_000_000
"""Pixels from which a photograph is kept at half its size."""


@dataclass(frozen=True, slots=True)
class Download:
    """What a door needs to answer with a file so that no browser runs it."""

    path: Path
    name: str
    media_type: str
    headers: dict[str, str] = field(default_factory=dict)


def store(
    content: bytes | IO[bytes],
    name: str,
    *,
    by: AbstractBaseUser | None,
    expires_at: datetime | None = None,
    limits: Limits = DEFAULT,
) -> StoredFile:
    """Keep a file; refused is what is too large, what could run, what is not what its name says."""
    tidy = tidied(name)
    with _incoming() as place:
        _written(place, _pieces(content), tidy, limits)
        kind = kind_of(place, tidy, limits)
        if kind in (KINDS["png"], KINDS["jpeg"]):
            with _disk():
                place.write_bytes(_painted(place, kind, limits))
        tidy = _with_ending(tidy, kind)
        sha256, size = _kept(place)
    return StoredFile.objects.create(
        sha256=sha256,
        size=size,
        kind=kind.media_type,
        name=tidy,
        stored_at=office_now(),
        stored_by_id=by.pk if by else None,
        expires_at=expires_at,
    )


def open_file(stored: StoredFile) -> IO[bytes]:
    """The content, to read."""
    return path_of(stored).open("rb")


def path_of(stored: StoredFile) -> Path:
    """Where the content lies; refused if it is no longer there."""
    path = _place(stored.sha256)
    if stored.removed_at or not path.exists():
        raise Refused(message("文件“{name}”已过保存期，内容已删除", name=stored.name))
    return path


def download(stored: StoredFile) -> Download:
    """The file as an answer."""
    return answer(path_of(stored), stored.name, stored.kind)


def answer(path: Path, name: str, media_type: str, *, attachment: bool = True) -> Download:
    """Name and headers with which a file may leave (RFC 6266)."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    how = "attachment" if attachment else "inline"
    headers = {
        "Content-Disposition": f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Download(path, name, media_type, headers)


def replace(
    attached: A,
    file: StoredFile,
    *,
    actor: AbstractBaseUser,
    reason: str = "",
    about: models.Model | None = None,
) -> A:
    """A new version in place of an attached file; the old one stays, and is pointed on."""
    kept = ("id", "file", "version", "replaced_by")
    with transaction.atomic():
        model = type(attached)
        old = model._default_manager.select_for_update(of=("self",)).get(pk=attached.pk)
        if old.replaced_by is not None:
            raise Refused(
                message("文件“{title}”已有更新的版本，请在最新版本上替换", title=old.title)
            )
        same = {
            one.attname: getattr(old, one.attname)
            for one in model._meta.concrete_fields
            if one.name not in kept and not one.primary_key
        }
        new = model(**same, file=file, version=old.version + 1)
        new.save(force_insert=True)
        old.replaced_by = new
        old.save(update_fields=["replaced_by"])
        write(
            actor=actor,
            action=f"{model._meta.app_label}.{model._meta.model_name}.replace",
            thing=new,
            changes={
                "version": (old.version, new.version),
                "file": (old.file.sha256, file.sha256),
            },
            reason=reason,
            about=about,
        )
    return new


def expired(now: datetime) -> QuerySet[StoredFile]:
    """Files past the day until which they are kept, and not yet removed."""
    return StoredFile.objects.filter(expires_at__lte=now, removed_at=None)


def remove_expired(now: datetime) -> int:
    """Remove what is past its day; content goes only when no other file has the same."""
    removed = 0
    for stored in expired(now).iterator():
        path = _place(stored.sha256)
        if path.exists() and _age(path, now) < REST:
            continue
        with transaction.atomic():
            StoredFile.objects.filter(pk=stored.pk).update(removed_at=now)
            shared = StoredFile.objects.filter(sha256=stored.sha256, removed_at=None).exists()
        if not shared:
            _forget(path)
        removed += 1
    return removed


def sweep(now: datetime) -> int:
    """Remove content that no file has: what a crash or a withdrawn change left behind."""
    swept = 0
    for path in _root().glob("??/*"):
        sha256 = path.parent.name + path.name
        old = len(sha256) == 64 and _age(path, now) >= REST
        if old and not StoredFile.objects.filter(sha256=sha256, removed_at=None).exists():
            _forget(path)
            swept += 1
    for path in (_root() / "incoming").glob("*"):
        if _age(path, now) >= REST:
            path.unlink(missing_ok=True)
            swept += 1
    return swept


def unused(of: type[Attached]) -> QuerySet[StoredFile]:
    """Files stored but attached to nothing of that kind."""
    return StoredFile.objects.filter(
        ~Exists(of._default_manager.filter(file=OuterRef("pk"))), removed_at=None
    )


def tidied(name: str) -> str:
    """A file's name without path, without signs that mislead the eye, no longer than a label."""
    text = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode())
    text = re.split(r"[/\\]", text)[-1]
    text = "".join(sign for sign in text if unicodedata.category(sign)[0] not in "C" or sign == " ")
    text = re.sub(r'[<>:"|?*\u2028\u2029]', "_", text)
    text = re.sub(r"\s+", " ", text).strip(" .")
    if not text:
        return "文件"
    if len(text) > LONGEST_NAME:
        stem, dot, ending = text.rpartition(".")
        if not dot or len(ending) > 10:
            return text[:LONGEST_NAME]
        text = stem[: LONGEST_NAME - len(ending) - 1] + "." + ending
    return text


def _root() -> Path:
    return Path(settings.FILES_ROOT)


def _place(sha256: str) -> Path:
    return _root() / sha256[:2] / sha256[2:]


def _age(path: Path, now: datetime) -> timedelta:
    return timedelta(seconds=now.timestamp() - path.stat().st_mtime)


def _forget(path: Path) -> None:
    path.unlink(missing_ok=True)
    sha256 = path.parent.name + path.name
    for preview in (_root() / "previews" / path.parent.name).glob(f"{sha256}*"):
        preview.unlink(missing_ok=True)


@contextmanager
def _disk() -> Iterator[None]:
    """A full disk is said in words."""
    try:
        yield
    except OSError as problem:
        if problem.errno not in FULL:
            raise
        raise Refused(
            message("服务器磁盘空间不足，文件没有保存；请稍后再传，并告知系统管理员"), field="file"
        ) from problem


@contextmanager
def _incoming() -> Iterator[Path]:
    """A place for a file on its way in; whatever happens, nothing stays there."""
    folder = _root() / "incoming"
    place = folder / secrets.token_hex(16)
    with _disk():
        folder.mkdir(parents=True, exist_ok=True)
    try:
        yield place
    finally:
        place.unlink(missing_ok=True)


def _pieces(content: bytes | IO[bytes]) -> Iterator[bytes]:
    stream = BytesIO(content) if isinstance(content, bytes) else content
    while piece := stream.read(PIECE):
        yield piece


def _written(place: Path, pieces: Iterator[bytes], name: str, limits: Limits) -> None:
    size = 0
    with _disk(), place.open("xb") as out:
        place.chmod(0o600)
        for piece in pieces:
            size += len(piece)
            if size > limits.size:
                raise Refused(
                    message(
                        "文件“{name}”超过 {most} MB（已读到 {size} MB）；请压缩或拆分后再传",
                        name=name,
                        most=f"{limits.size / (1 << 20):.4g}",
                        size=f"{size / (1 << 20):.4g}",
                    ),
                    field="file",
                )
            out.write(piece)
    if not size:
        raise Refused(message("文件“{name}”是空的，请检查后再传", name=name), field="file")


def _kept(place: Path) -> tuple[str, int]:
    """Move content to its place, safely on the disk."""
    digest, size = hashlib.sha256(), 0
    with _disk(), place.open("r+b") as content:
        while piece := content.read(PIECE):
            digest.update(piece)
            size += len(piece)
        os.fsync(content.fileno())
    target = _place(digest.hexdigest())
    with _disk():
        target.parent.mkdir(exist_ok=True)
        place.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return digest.hexdigest(), size


def _painted(place: Path, kind: Kind, limits: Limits) -> bytes:
    """The picture painted anew: turned upright, without place, camera or anything hidden."""
    form = "PNG" if kind is KINDS["png"] else "JPEG"
    try:
        with Image.open(place, formats=(form,)) as picture:
            if form == "JPEG" and picture.width * picture.height > LARGE_PICTURE:
                picture.draft("RGB", (picture.width // 2, picture.height // 2))
            _bounded(picture, limits)
            upright = ImageOps.exif_transpose(picture)
            transparency = upright.info.get("transparency")
            upright.info = {} if transparency is None else {"transparency": transparency}
            if form == "JPEG" and upright.mode not in ("RGB", "L"):
                upright = upright.convert("RGB")
            out = BytesIO()
            upright.save(out, form, **({"quality": 90} if form == "JPEG" else {}))
    except Image.DecompressionBombError as problem:
        raise _too_many_pixels(limits) from problem
    except (OSError, ValueError, SyntaxError, EOFError) as problem:
        raise Refused(
            message("图片已经损坏，打不开；请重新拍照或扫描后再传"), field="file"
        ) from problem
    return out.getvalue()


def _bounded(picture: Image.Image, limits: Limits) -> None:
    if picture.width * picture.height > limits.pixels:
        raise _too_many_pixels(limits)


def _too_many_pixels(limits: Limits) -> Refused:
    return Refused(
        message("图片超过 {most} 万像素，没有保存；请缩小后再传", most=limits.pixels // 10_000),
        field="file",
    )


def _with_ending(name: str, kind: Kind) -> str:
    if name.rpartition(".")[2].lower() in kind.endings and "." in name:
        return name
    ending = f".{kind.endings[0]}"
    return name[: LONGEST_NAME - len(ending)] + ending
