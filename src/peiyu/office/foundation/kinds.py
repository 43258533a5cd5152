"""Kinds of files that are taken, told from the content; the name must agree with it."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from peiyu.office.foundation.refusals import Refused
from peiyu.words import Message, mark, message


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: what pages call it, its media type, its endings."""

    label: str
    media_type: str
    endings: tuple[str, ...]


OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    "pdf": Kind(mark("PDF 文件"), "application/pdf", ("pdf",)),
    "png": Kind(mark("PNG 图片"), "image/png", ("png",)),
    "jpeg": Kind(mark("JPEG 图片"), "image/jpeg", ("jpg", "jpeg", "jpe", "jfif")),
    "xlsx": Kind(mark("Excel 工作簿"), f"{OFFICE}.spreadsheetml.sheet", ("xlsx",)),
    "docx": Kind(mark("Word 文档"), f"{OFFICE}.wordprocessingml.document", ("docx",)),
    "csv": Kind(mark("CSV 表格"), "text/csv", ("csv",)),
    "txt": Kind(mark("文本文件"), "text/plain", ("txt",)),
    "xls": Kind(mark("Excel 97–2003 工作簿"), "application/vnd.ms-excel", ("xls", "et")),
}
KEPT = tuple(kind for kind in KINDS if kind != "xls")
"""Kinds that may be kept and given out again; an old workbook is only read, where one asks for it."""
TABLES = frozenset({"xlsx", "xls", "csv", "txt"})
BY_MEDIA_TYPE = {kind.media_type: kind for kind in KINDS.values()}


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be, packed and unpacked; which kinds are taken."""

    size: int = 50 << 20
    entries: int = 10_000
    unpacked: int = 500 << 20
    ratio: int = 200
    pixels: int = 30_000_000
    kinds: tuple[str, ...] = KEPT

    @property
    def tables_alone(self) -> bool:
        """Nothing but tables is taken: then remedies speak of tables alone."""
        return set(self.kinds) <= TABLES


RUNS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe",
        b"\xce\xfa\xed\xfe", b"L\x00\x00\x00\x01\x14\x02\x00", b"!<arch>", b"dex\n")  # fmt: skip
PICTURES = {b"GIF8": "GIF", b"BM": "BMP", b"II*\x00": "TIFF", b"MM\x00*": "TIFF", b"RIFF": "WebP"}
PACKED = (b"PK\x05\x06", b"PK\x07\x08", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLD_BOOK, OLD_MACROS = (
    tuple(name.encode("utf-16-le") for name in names)
    for names in (("Workbook\0", "Book\0"), ("_VBA_PROJECT", "Macros\0"))
)
"""Names of parts in an old container: of a workbook, of what could run."""
MARKUP = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:\s|<!--.*?-->)*<(?:\?xml|!doctype|!entity|[a-z][a-z0-9:]*[\s/>])",
    re.I | re.S,
)
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
SMALL = 1 << 20


def kind_of(path: Path, name: str, limits: Limits) -> Kind:
    """What the file is; refused is what is not taken and what its name contradicts."""
    with path.open("rb") as content:
        start = content.read(4096)
    found = _found(path, start, name, limits)
    kind = KINDS[found]
    if found not in limits.kinds:
        raise _refused(
            message(
                "“{name}”是{kind}，这里只收：{taken}",
                name=name,
                kind=message(kind.label),
                taken=tuple(message(KINDS[one].label) for one in limits.kinds),
            )
        )
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending and ending not in kind.endings:
        raise _refused(
            message(
                "文件名“{name}”的扩展名是 .{ending}，内容却是{kind}；请改用正确的文件或扩展名再传",
                name=name,
                ending=ending,
                kind=message(kind.label),
            )
        )
    return kind


def _found(path: Path, start: bytes, name: str, limits: Limits) -> str:
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if start.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if start.startswith(b"PK\x03\x04"):
        return _office(path, name, limits)
    if start.startswith(RUNS):
        raise _refused(message("“{name}”是可以运行的程序，不能上传", name=name))
    if start.startswith(OLE):
        if "xls" in limits.kinds and _is_old_book(path, name, limits):
            return "xls"
        if limits.tables_alone:
            text = "“{name}”是旧格式的 Office 文件（或有密码），读不出表格；请去掉密码，另存为 .xlsx 再传"
            raise _refused(message(text, name=name))
        raise _refused(
            message(
                "“{name}”是旧格式的 Office 文件（或有密码），可能带宏，不能上传；"
                "请去掉密码，另存为 .xlsx 或 .docx 再传",
                name=name,
            )
        )
    if start.startswith(PACKED):
        raise _refused(message("“{name}”是压缩包，不能上传；请逐个上传里面的文件", name=name))
    if b"%PDF-" in start[:1024]:
        return "pdf"
    for signature, format_ in PICTURES.items():
        if start.startswith(signature) and (signature != b"BM" or b"\x00" in start):
            if limits.tables_alone:
                text = "“{name}”是 {format} 图片，不是表格；请传原来的表格（xlsx、xls 或 csv）"
                raise _refused(message(text, name=name, format=format_))
            raise _refused(
                message(
                    "“{name}”是 {format} 图片，不能上传；请另存为 PNG 或 JPEG 再传",
                    name=name,
                    format=format_,
                )
            )
    if MARKUP.match(start):
        if limits.tables_alone:
            text = "“{name}”其实是网页，不是 Excel 文件；请用 Excel 或 WPS 打开，另存为 .xlsx 再传"
            raise _refused(message(text, name=name))
        raise _refused(
            message("“{name}”是网页、SVG 或 XML 文件，不能上传；请另存为 PDF 或图片再传", name=name)
        )
    _check_text(path, name, limits)
    return "csv" if name.lower().endswith(".csv") else "txt"


def _is_old_book(path: Path, name: str, limits: Limits) -> bool:
    """An Excel workbook of the old format; one with macros is refused."""
    content = path.read_bytes()
    if not any(part in content for part in OLD_BOOK):
        return False
    if any(part in content for part in OLD_MACROS):
        raise _macros(name, limits)
    return True


def _check_text(path: Path, name: str, limits: Limits) -> None:
    for coding in ("utf-8-sig", "gb18030"):
        reader = codecs.getincrementaldecoder(coding)()
        try:
            with path.open("rb") as content:
                while piece := content.read(SMALL):
                    if NOT_TEXT.search(reader.decode(piece)):
                        break
                else:
                    reader.decode(b"", final=True)
                    return
        except UnicodeDecodeError:
            continue
    if limits.tables_alone:
        text = "“{name}”不是可以读的表格；请上传 xlsx、xls，或 UTF-8、GB18030 编码的 csv"
        raise _refused(message(text, name=name))
    raise _refused(
        message(
            "“{name}”不是可以接收的文件；请上传 PDF、PNG、JPEG、xlsx、docx，或 UTF-8、GB18030 编码的"
            " csv、txt",
            name=name,
        )
    )


def _office(path: Path, name: str, limits: Limits) -> str:
    """xlsx or docx; nothing else that is packed, nothing that unpacks to something monstrous."""
    broken = _refused(message("“{name}”已经损坏，打不开；请重新保存后再传", name=name))
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
            _check_sizes(
                path, name, limits, [(part.file_size, part.compress_size) for part in parts]
            )
            names = {part.filename for part in parts}
            if any("vbaproject" in one.lower() or one.lower().endswith(".bin") and "macro" in one.lower()
                   for one in names):  # fmt: skip
                raise _macros(name, limits)
            if "[Content_Types].xml" not in names or len(names) != len(parts):
                raise _refused(
                    message("“{name}”是压缩包，不能上传；请逐个上传里面的文件", name=name)
                )
            if b"macroenabled" in archive.read("[Content_Types].xml").lower():
                raise _macros(name, limits)
            for part in parts:
                with archive.open(part) as content:
                    start = content.read(4096).replace(b"\x00", b"")
                    if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in start.upper():
                        raise broken
                    while content.read(SMALL):
                        pass
    except (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, KeyError):
        raise broken from None
    except Exception as problem:
        if type(problem).__module__ in ("zlib", "lzma"):
            raise broken from None
        raise
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "word/document.xml" in names:
        return "docx"
    raise _refused(message("“{name}”是压缩包，不能上传；请逐个上传里面的文件", name=name))


def _check_sizes(path: Path, name: str, limits: Limits, sizes: list[tuple[int, int]]) -> None:
    held = path.stat().st_size
    unpacked = sum(size for size, _ in sizes)
    packed = sum(size for _, size in sizes)
    bomb = unpacked > SMALL * 20 and unpacked > limits.ratio * held
    if len(sizes) > limits.entries or unpacked > limits.unpacked or bomb or packed > held:
        raise _refused(
            message(
                "“{name}”解压后有 {size} MB、{parts} 个部分，超过限度（{most} MB、{limit} 个、"
                "{ratio} 倍），没有打开；请拆成几个文件再传",
                name=name,
                size=unpacked >> 20,
                parts=len(sizes),
                most=limits.unpacked >> 20,
                limit=limits.entries,
                ratio=limits.ratio,
            )
        )


def _macros(name: str, limits: Limits) -> Refused:
    if limits.tables_alone:
        return _refused(message("“{name}”带有宏，不能上传；请另存为不带宏的 .xlsx 再传", name=name))
    return _refused(
        message("“{name}”带有宏，不能上传；请另存为不带宏的 .xlsx 或 .docx 再传", name=name)
    )


def _refused(text: Message) -> Refused:
    return Refused(text, field="file")
