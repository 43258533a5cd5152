"""What makes an enterprise recognisable: tidy codes and names, and when two look alike."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from stdnum.cn import uscc

from peiyu.office.foundation.refusals import Refused
from peiyu.words import Message, message

CODE = re.compile(r"[0-9A-HJ-NP-RTUWXY]{18}")
INVISIBLE = ("Cc", "Cf", "Co", "Cs")
PLACE_AND_FORM = re.compile(
    r"^(河南省|河南|济源市|济源)|(股份有限公司|有限责任公司|有限公司|\(济源\)|济源分公司|分公司|厂)$"
)
LATEST_FOUNDING = date(2100, 1, 1)
FIRST_FOUNDING = date(1900, 1, 1)


def tidy(text: str) -> str:
    """Text as typed, without what nobody can see: control and direction signs, doubled spaces."""
    seen = "".join(sign if unicodedata.category(sign) not in INVISIBLE else " " for sign in text)
    return re.sub(r"\s+", " ", seen).strip()


def tidy_code(text: str) -> str:
    """A code as kept: full-width signs made half, capitals, no spaces or hyphens."""
    return re.sub(r"[\s\-—·]", "", unicodedata.normalize("NFKC", tidy(text))).upper()


def checked_code(text: str, *, field: str = "code") -> str:
    """A unified social credit code of 18 signs, or nothing; refuses what cannot be one.

    A failing check digit is no reason to refuse: real codes of early years fail GB 32100.
    """
    code = tidy_code(text)
    if code and not CODE.fullmatch(code):
        raise Refused(
            message(
                "统一社会信用代码“{code}”不对：要18位数字和大写字母（没有I、O、S、V、Z），现有{length}位。请对照营业执照",
                code=code[:40],
                length=len(code),
            ),
            field=field,
        )
    return code


def code_warning(code: str) -> Message | None:
    """What to say of a code whose check digit does not fit (GB 32100-2015)."""
    if not code or uscc.is_valid(code):
        return None
    return message("信用代码{code}的校验位与GB 32100不符：请对照营业执照，无误可照存", code=code)


def checked_name(text: str, *, field: str = "name", limit: int = 120) -> str:
    """A name as kept; refuses none and what is too long."""
    name = tidy(text)
    if len(name) < 2:
        raise Refused(message("请填写企业全称，至少两个字"), field=field)
    if len(name) > limit:
        raise Refused(
            message(
                "名称有{length}个字，最多{limit}个。请对照营业执照", length=len(name), limit=limit
            ),
            field=field,
        )
    return name


def core_of(name: str) -> str:
    """What distinguishes a name: no brackets, place, legal form, width or case; for likeness."""
    core = unicodedata.normalize("NFKC", name).casefold()
    core = re.sub(r"[\s·・.,，。]", "", core)
    while True:
        shorter = PLACE_AND_FORM.sub("", core)
        if shorter == core or len(shorter) < 2:
            break
        core = shorter
    return re.sub(r"[()\[\]【】〔〕]", "", core)[:120]
