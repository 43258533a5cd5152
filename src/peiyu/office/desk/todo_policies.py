"""What waits for a person about policies: texts of articles that a second person must confirm."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from peiyu.office.accounts.models import User
from peiyu.office.desk.waiting import Waiting
from peiyu.office.policies.queries import to_confirm
from peiyu.policy.articles import article
from peiyu.words import mark, message

EACH = 3
"""So many stand in a line of their own; more are counted in one."""
AT = "/policies/articles/"


def waiting_policies(person: User) -> Iterator[Waiting]:
    """Texts entered by another of the bureau; one query."""
    texts = to_confirm(person)
    if len(texts) > EACH:
        first = texts[0].entered_on.isoformat()
        yield Waiting(
            None,
            message("对照文件确认法规原文"),
            message("{number}条", number=len(texts)),
            message("最早{day}录入", day=first),
            f"{AT}?state=waiting",
            mark("核对"),
        )
        return
    for text in texts:
        yield Waiting(
            None,
            message("对照文件确认法规原文"),
            f"{text.cite} {article(text.cite).document.number}",
            message("{person}录入", person=text.entered_by.name),
            f"{AT}{quote(text.cite)}/",
            mark("核对"),
        )
