"""Texts as they come in from people: tidied, or refused with the reason."""

from __future__ import annotations

import unicodedata

from peiyu.office.foundation.refusals import Refused
from peiyu.words import Message, mark, message

LABELS = {
    "username": mark("用户名"),
    "name": mark("名称"),
    "code": mark("代码"),
    "short": mark("简称"),
    "unit": mark("专门机构"),
    "title": mark("职务"),
    "phone": mark("电话"),
    "email": mark("电子邮箱"),
    "reason": mark("理由"),
}


def label(field: str) -> Message:
    """How a field is called."""
    return message(LABELS.get(field, field))


def given(text: str, field: str, longest: int, *, empty: bool = False) -> str:
    """The text without blanks around it; refused when missing, too long or with signs nobody sees."""
    text = unicodedata.normalize("NFC", text).strip()
    if not text and not empty:
        raise Refused(message("请填写{field}", field=label(field)), field=field)
    if len(text) > longest:
        raise Refused(
            message(
                "{field}最长{longest}个字，填了{length}个，请改短",
                field=label(field),
                longest=longest,
                length=len(text),
            ),
            field=field,
        )
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Cf") and sign != "\u200d" for sign in text):
        raise Refused(
            message("{field}里有看不见的控制字符，请重新填写", field=label(field)), field=field
        )
    return text
