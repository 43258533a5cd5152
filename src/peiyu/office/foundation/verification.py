"""Whether the record is as it was written: the first thing that is not, by its name.

Rows whose seal stands in the record are looked at too: a room that has such rows gives
`faults()` in its `seals`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from peiyu.office.foundation.ciphers import Held, Spoilt, opened_box
from peiyu.office.foundation.models import DayHead, RecordLine, RecordLink, RecordTail
from peiyu.office.foundation.record import canonical, line_digest
from peiyu.office.foundation.sealing import (
    BEFORE_THE_FIRST,
    Growing,
    head_file,
    lines_of,
    read_head,
    with_boxes,
    words_of,
)
from peiyu.words import Message, mark, message

LINKS_AT_ONCE, ROWS_AT_ONCE = 300, 500
M = TypeVar("M", bound=models.Model)


class What(StrEnum):
    """What is not as it was written."""

    LINE_CHANGED = mark("记录被改动")
    SECRET_CHANGED = mark("保密内容被改动")
    LINES_MISSING = mark("记录缺失")
    LINES_ADDED = mark("记录多出")
    LINK_CHANGED = mark("链节被改动")
    LINK_MISSING = mark("链节缺失")
    TAIL_CHANGED = mark("待封列表被改动")
    HEAD_CHANGED = mark("日封与链不符")
    HEAD_MISSING = mark("日封文件缺失")
    ROW_CHANGED = mark("封存的数据被改动")
    ROW_MISSING = mark("封存的数据缺失")
    ROW_ADDED = mark("数据没有记录")


@dataclass(frozen=True, slots=True)
class Altered:
    """The first thing that differs, and where it stands."""

    what: What
    detail: Message
    link: int | None = None
    line: int | None = None
    day: date | None = None

    @property
    def message(self) -> Message:
        """What and where, as one sentence."""
        return message("{what}：{detail}", what=message(self.what.value), detail=self.detail)


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, and the first thing that is not as it was written, if any."""

    links: int
    lines: int
    waiting: int
    head: str
    altered: Altered | None

    @property
    def whole(self) -> bool:
        """All is as it was written."""
        return self.altered is None

    @property
    def message(self) -> Message:
        """The outcome in a sentence."""
        if self.altered is not None:
            return self.altered.message
        return message(
            "记录完整：{links} 个链节、{lines} 条记录，另有 {waiting} 笔待封；链首 {head}",
            links=self.links,
            lines=self.lines,
            waiting=self.waiting,
            head=self.head,
        )


def verify() -> Verified:
    """Walk the chain, the tail and the heads of the days; stop at the first thing that differs.

    Takes as much memory for a million lines as for a thousand.
    """
    walk = Walk()
    try:
        altered = next(walk.faults(), None)
    except (ValueError, TypeError) as fault:  # what was put in cannot even be read as its type
        detail = message(
            "第 {number} 个链节之后有无法读取的内容（{fault}）", number=walk.links, fault=str(fault)
        )
        altered = Altered(What.LINE_CHANGED, detail, link=walk.links + 1)
    return Verified(walk.links, walk.lines, walk.waiting, walk.head, altered)


class Walk:
    """One walk through the record: how far it has come, and what it meets."""

    def __init__(self) -> None:
        self.links = self.lines = self.waiting = 0
        self.head = BEFORE_THE_FIRST

    def faults(self) -> Iterator[Altered]:
        """What is not as it was written, in the order of the record."""
        yield from self._chain()
        yield from self._outside()
        yield from self._tail()
        yield from self._heads()
        for room in settings.ROOMS:
            name = f"peiyu.office.{room}.seals"
            if find_spec(name) is not None:
                yield from import_module(name).faults()

    def _chain(self) -> Iterator[Altered]:
        last = -1
        while links := list(
            RecordLink.objects.filter(number__gt=last).order_by("number")[:LINKS_AT_ONCE]
        ):
            last = links[-1].number
            of = {link.transaction: Checked(link) for link in links}
            for line in lines_of(list(of)):
                of[line.transaction].add(line)
            for link in links:
                yield from self._link(link, of[link.transaction])
                self.links, self.head = link.number, link.digest
                self.lines += link.lines

    def _link(self, link: RecordLink, checked: Checked) -> Iterator[Altered]:
        if link.number != self.links + 1:
            text = "没有第 {number} 个链节"
            number = self.links + 1
            yield Altered(What.LINK_MISSING, message(text, number=number), link=number)
        if checked.fault is not None:
            yield checked.fault
            return
        numbers = {"number": link.number, "sealed": link.lines, "found": checked.growing.lines}
        if checked.growing.lines < link.lines:
            text = "第 {number} 个链节封存了 {sealed} 条，现有 {found} 条"
            yield Altered(What.LINES_MISSING, message(text, **numbers), link=link.number)
        if checked.growing.lines > link.lines:
            text = "第 {number} 个链节封存了 {sealed} 条，现有 {found} 条，多出的最后一条是 #{line}"
            detail = message(text, **numbers, line=checked.last)
            yield Altered(What.LINES_ADDED, detail, link=link.number, line=checked.last)
        if link.previous != self.head or link.digest != checked.growing.digest():
            text = "第 {number} 个链节的摘要与内容不符（记录 #{first}–#{last}）"
            detail = message(text, number=link.number, first=checked.first, last=checked.last)
            yield Altered(What.LINK_CHANGED, detail, link=link.number)

    def _outside(self) -> Iterator[Altered]:
        """Lines that are neither in the chain nor in the tail."""
        own = {"transaction": OuterRef("transaction")}
        loose = (
            RecordLine.objects.filter(
                ~Exists(RecordLink.objects.filter(**own)), ~Exists(RecordTail.objects.filter(**own))
            )
            .order_by("pk")
            .first()
        )
        if loose is not None:
            detail = message("记录 #{line} 既不在链上，也不在待封列表中", line=loose.pk)
            yield Altered(What.LINES_ADDED, detail, line=loose.pk)

    def _tail(self) -> Iterator[Altered]:
        own = {"transaction": OuterRef("transaction")}
        linked = RecordTail.objects.filter(Exists(RecordLink.objects.filter(**own))).first()
        if linked is not None:
            text = "业务 {transaction} 已在链上，又列为待封"
            yield Altered(What.TAIL_CHANGED, message(text, transaction=str(linked)))
        first = RecordLine.objects.filter(pk=OuterRef("first"), **own)
        empty = RecordTail.objects.filter(~Exists(first)).order_by("first").first()
        if empty is not None:
            text = "待封的业务 {transaction} 缺少第一条记录 #{line}"
            detail = message(text, transaction=str(empty), line=empty.first)
            yield Altered(What.LINES_MISSING, detail, line=empty.first)
        waiting = RecordLine.objects.filter(Exists(RecordTail.objects.filter(**own)))
        for line in with_boxes(waiting.order_by("pk")):
            fault = fault_of(line, None)
            if fault is not None:
                yield fault
        self.waiting = RecordTail.objects.count()

    def _heads(self) -> Iterator[Altered]:
        listed = set()
        for head in DayHead.objects.select_related("link").order_by("day").iterator(LINKS_AT_ONCE):
            listed.add(head.file)
            day = head.day.isoformat()
            if head.digest != head.link.digest or head.file != head_file(head.day).name:
                detail = message(
                    "{day} 的日封与第 {number} 个链节不符", day=day, number=head.link_id
                )
                yield Altered(What.HEAD_CHANGED, detail, link=head.link_id, day=head.day)
            file = head_file(head.day)
            if not file.exists():
                detail = message("没有 {day} 的日封文件 {file}", day=day, file=file.name)
                yield Altered(What.HEAD_MISSING, detail, link=head.link_id, day=head.day)
            elif read_head(file) != words_of(head.day, head.link, head.written_at):
                detail = message("{day} 的日封文件 {file} 与表中不符", day=day, file=file.name)
                yield Altered(What.HEAD_CHANGED, detail, link=head.link_id, day=head.day)
        for file in sorted(Path(settings.HEADS_ROOT).glob("[0-9]*.json")):
            if file.name not in listed:
                yield from self._unlisted(file)

    def _unlisted(self, file: Path) -> Iterator[Altered]:
        """A sealed file outlives the row that was taken away, and tells where the chain was cut."""
        said = read_head(file) or {}
        number = said.get("link")
        if isinstance(number, int) and number > self.links:
            text = "日封文件 {file} 封到第 {number} 个链节，链上只有 {links} 个"
            detail = message(text, file=file.name, number=number, links=self.links)
            yield Altered(What.LINK_MISSING, detail, link=self.links + 1)
        detail = message("日封文件 {file} 在表中没有对应的一天", file=file.name)
        yield Altered(What.HEAD_CHANGED, detail)


class Checked:
    """What the lines of one link come to, fed one by one."""

    def __init__(self, link: RecordLink) -> None:
        self.link = link
        self.growing = Growing(link)
        self.first = self.last = 0
        self.fault: Altered | None = None

    def add(self, line: RecordLine) -> None:
        """One more line; of the faults only the first is kept."""
        self.first = self.first or line.pk
        self.last = line.pk
        self.fault = self.fault or fault_of(line, self.link.number)
        if self.fault is None:
            self.growing.add(line)


def fault_of(line: RecordLine, link: int | None) -> Altered | None:
    """What is wrong within one line."""
    boxes = list(line.secrets.all())
    for box in boxes:
        try:
            held = opened_box(line, box)
            right = held is None or held.digests() == line.fields[box.field]
        except (Spoilt, LookupError, TypeError):
            right = False
        if not right:
            detail = message("记录 #{line} 的“{field}”", line=line.pk, field=box.field)
            return Altered(What.SECRET_CHANGED, detail, link=link, line=line.pk)
    try:
        if line_digest(line, boxes) == line.digest:
            return None
    except (AttributeError, TypeError, ValueError):
        pass  # not even of the type that was written
    field = _field_of(line)
    text = "记录 #{line} 的“{field}”" if field else "记录 #{line}，{action}"
    detail = message(text, line=line.pk, field=field, action=line.action)
    return Altered(What.LINE_CHANGED, detail, link=link, line=line.pk)


def _field_of(line: RecordLine) -> str:
    """The field whose values do not fit their digests, if it is that; else nothing."""
    try:
        for name, (old, new) in line.values.items():
            held = Held(line.salt, canonical(old), canonical(new))
            if held.digests() != line.fields.get(name):
                return str(name)
    except (AttributeError, TypeError, ValueError):
        pass
    return ""


def sealed_rows(model: type[M], seal_of: Callable[[M], str], title: Message) -> Iterator[Altered]:
    """Rows whose seal stands in the record: one changed, one missing, one that has no line.

    In the order of the record, in pieces: any number takes little memory.
    """
    label, last = model._meta.label_lower, 0
    while lines := list(
        RecordLine.objects.filter(label=label, pk__gt=last).order_by("pk")[:ROWS_AT_ONCE]
    ):
        last = lines[-1].pk
        rows = model._default_manager.in_bulk([int(line.key) for line in lines])
        for line in lines:
            row: Any = rows.get(int(line.key))
            where = message(
                "{title} #{key}（记录 #{line}）", title=title, key=line.key, line=line.pk
            )
            if row is None:
                yield Altered(What.ROW_MISSING, where, line=line.pk)
            elif not line.values["seal"][1] == row.seal == seal_of(row):
                yield Altered(What.ROW_CHANGED, where, line=line.pk)
    written = RecordLine.objects.filter(label=label, key=Cast(OuterRef("pk"), CharField()))
    beside = model._default_manager.filter(~Exists(written)).order_by("pk").first()
    if beside is not None:
        where = message("{title} #{key}", title=title, key=beside.pk)
        yield Altered(What.ROW_ADDED, where)
