"""The seal of an article's text; texts and their confirmations against the record."""

from __future__ import annotations

from collections.abc import Iterator

from peiyu.office.foundation.models import RecordLine
from peiyu.office.foundation.record import plain
from peiyu.office.foundation.sealing import hash_of
from peiyu.office.foundation.verification import Altered, What, sealed_rows
from peiyu.office.policies.models import ArticleText
from peiyu.words import mark, message

TITLE = mark("法规原文")
LATER = (("confirm", "confirmed_on"), ("withdraw", "withdrawn_on"))
"""What is filled in later, and by which action."""


def seal_of(row: ArticleText) -> str:
    """The hash of all that was entered; what is filled in later stands in lines of its own."""
    said = {
        "cite": row.cite,
        "version": row.version,
        "text": row.text,
        "address": row.address,
        "page": row.page,
        "reason": row.reason,
        "entered_on": plain(row.entered_on),
        "entered_by": row.entered_by_id,
        "salt": row.salt,
    }
    return hash_of(said)


def faults() -> Iterator[Altered]:
    """Texts changed, missing or added; confirmed or taken back otherwise than the record says."""
    yield from sealed_rows(ArticleText, seal_of, message(TITLE))
    label = ArticleText._meta.label_lower
    for verb, field in LATER:
        action = f"{label}.{verb}"
        said = {
            line.key: (line.values[field][1], line.actor_id)
            for line in RecordLine.objects.filter(label=label, action=action)
        }
        person = field.replace("_on", "_by_id")
        for row in ArticleText.objects.order_by("pk").iterator():
            stands = (plain(getattr(row, field)), getattr(row, person))
            if stands != said.get(str(row.pk), (None, None)):
                where = message("{title} #{key}", title=message(TITLE), key=row.pk)
                yield Altered(What.ROW_CHANGED, where)
