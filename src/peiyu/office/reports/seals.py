"""Statements against their seals in the record: none changed, none missing, none added beside it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from peiyu.office.foundation.models import RecordLine
from peiyu.office.foundation.verification import Altered, What
from peiyu.office.reports.actions.statements import seal_of
from peiyu.office.reports.models import Statement
from peiyu.words import message

LABEL = Statement._meta.label_lower
AT_ONCE = 500


def faults() -> Iterator[Altered]:
    """What differs, in the order of the record; in pieces, so that any number takes little memory."""
    last = 0
    while lines := list(
        RecordLine.objects.filter(label=LABEL, pk__gt=last).order_by("pk")[:AT_ONCE]
    ):
        last = lines[-1].pk
        rows = Statement.objects.in_bulk([int(line.key) for line in lines])
        for line in lines:
            row = rows.get(int(line.key))
            where = message("年度数据 #{key}（记录 #{line}）", key=line.key, line=line.pk)
            if row is None:
                yield Altered(What.ROW_MISSING, where, line=line.pk)
            elif not line.values["seal"][1] == row.seal == seal_of(row):
                yield Altered(What.ROW_CHANGED, where, line=line.pk)
    written = RecordLine.objects.filter(label=LABEL, key=Cast(OuterRef("pk"), CharField()))
    beside = Statement.objects.filter(~Exists(written)).order_by("pk").first()
    if beside is not None:
        yield Altered(What.ROW_ADDED, message("年度数据 #{key}", key=beside.pk))
