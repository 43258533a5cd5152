"""The QR code of a paper and the words beside it."""

from __future__ import annotations

from io import BytesIO

import segno

from peiyu.papers.codes import spaced
from peiyu.papers.paper import Stamp


def link_of(stamp: Stamp) -> str:
    """The address to which the QR code leads."""
    return f"{stamp.address}?code={stamp.code}"


def qr_svg(stamp: Stamp) -> str:
    """The QR code as a drawing."""
    out = BytesIO()
    segno.make(link_of(stamp), error="m", micro=False).save(
        out, kind="svg", border=2, xmldecl=False, svgclass=None, lineclass=None
    )
    return out.getvalue().decode()


def qr_png(stamp: Stamp) -> bytes:
    """The QR code as a picture."""
    out = BytesIO()
    segno.make(link_of(stamp), error="m", micro=False).save(out, kind="png", border=2, scale=8)
    return out.getvalue()


def words_to_verify(stamp: Stamp) -> list[str]:
    """What stands beside the QR code."""
    return [
        f"核验码：{spaced(stamp.code)}",
        f"扫描二维码，或在 {stamp.address} 输入核验码，可核对本件真伪和当前效力。",
        "电子文件的任何一个字节被改动，上传核验即可发现。",
    ]


def foot(stamp: Stamp) -> str:
    """The line at the foot of each page."""
    sample = "【演示数据，不具效力】　" if stamp.sample else ""
    return f"{sample}{stamp.number}　核验码 {spaced(stamp.code)}　{stamp.address}"
