"""Opening, naming, moving and closing bodies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.db.models import Q

from peiyu.office.accounts.models import Body, BodyKind, BodyName, User
from peiyu.office.accounts.permissions import may_manage_accounts, may_name_unit
from peiyu.office.accounts.rights import allow
from peiyu.office.accounts.words import given
from peiyu.office.foundation.record import changed, write
from peiyu.office.foundation.refusals import Refused
from peiyu.words import Message, message

ONLY_SECURITY = message("机构只由安全保密管理员维护。请与安全保密管理员联系")
Holds = Callable[[Body], Message | None]
"""A check from a higher room: what still depends on the body, said in words; None when nothing."""


@transaction.atomic
def open_body(
    *,
    actor: User,
    kind: str,
    code: str,
    name: str,
    short: str = "",
    parent: Body | None = None,
    unit: str = "",
    opened_on: date,
) -> Body:
    """A new town, department, zone, bank or agency."""
    allow(may_manage_accounts, actor, None, ONLY_SECURITY)
    if kind not in BodyKind.values:
        raise Refused(message("没有“{kind}”这种机构，请从列表中选择", kind=kind), field="kind")
    code, name = given(code, "code", 20), given(name, "name", 100)
    if Body.objects.filter(code=code).exists():
        raise Refused(message("代码{code}已经给了别的机构，请换一个", code=code), field="code")
    _unnamed(name, opened_on)
    _alive(parent, opened_on)
    body = Body(
        kind=kind,
        code=code,
        name=name,
        short=given(short or name[:30], "short", 30),
        parent=parent,
        unit=given(unit, "unit", 60, empty=True),
        opened_on=opened_on,
    )
    body.save()
    write(
        actor=actor,
        action="accounts.body.open",
        thing=body,
        changes={
            "kind": ("", body.kind),
            "code": ("", body.code),
            "name": ("", body.name),
            "parent": (None, body.parent),
            "opened_on": (None, opened_on),
        },
    )
    return body


@transaction.atomic
def rename_body(
    body: Body, *, actor: User, name: str, short: str = "", on: date, reason: str = ""
) -> Body:
    """Another name from a day on; the old one stays in its history."""
    allow(may_manage_accounts, actor, body, ONLY_SECURITY)
    body = _locked(body)
    _open(body)
    name = given(name, "name", 100)
    if name == body.name:
        raise Refused(message("机构已经叫“{name}”，请填写新的名称", name=name), field="name")
    last = body.names.first()
    since = last.until_on if last else body.opened_on
    if on <= since:
        raise Refused(
            message("现名从{since}起使用，更名日期{on}须在其后", since=since, on=on), field="on"
        )
    _unnamed(name, on, but=body)
    BodyName.objects.create(body=body, name=body.name, until_on=on)
    changes = changed(body, name=name, short=given(short or name[:30], "short", 30))
    body.save(update_fields=["name", "short"])
    write(actor=actor, action="accounts.body.rename", thing=body, changes=changes, reason=reason)
    return body


@transaction.atomic
def move_body(body: Body, *, actor: User, parent: Body | None, reason: str = "") -> Body:
    """Hang it under another body; never under itself or what hangs under it."""
    allow(may_manage_accounts, actor, body, ONLY_SECURITY)
    # every move waits for the one before: two at once could close a ring
    parents = dict(Body.objects.order_by("pk").select_for_update().values_list("pk", "parent_id"))
    body = Body.objects.get(pk=body.pk)
    _open(body)
    above = parent.pk if parent else None
    while above is not None:
        if above == body.pk:
            raise Refused(
                message("“{body}”不能归到自己或自己的下级之下，请另选上级", body=body.name),
                field="parent",
            )
        above = parents[above]
    if parent is not None and parent.closed_on is not None:
        raise Refused(message("“{body}”已经撤销，请另选上级", body=parent.name), field="parent")
    changes = changed(body, parent=parent)
    if not changes:
        raise Refused(message("上级没有变化，请选择新的上级"), field="parent")
    body.save(update_fields=["parent"])
    write(actor=actor, action="accounts.body.move", thing=body, changes=changes, reason=reason)
    return body


@transaction.atomic
def close_body(
    body: Body, *, actor: User, on: date, reason: str = "", held_by: Holds | None = None
) -> Body:
    """The body ends on a day: nobody serves there any more and, as `held_by` says, nothing lies there."""
    allow(may_manage_accounts, actor, body, ONLY_SECURITY)
    body = _locked(body)
    _open(body)
    if on <= body.opened_on:
        raise Refused(
            message("撤销日期{on}须在设立日期{opened}之后", on=on, opened=body.opened_on),
            field="on",
        )
    serving = body.appointments.filter(Q(until_on=None) | Q(until_on__gte=on)).count()
    if serving:
        raise Refused(
            message(
                "“{body}”在{on}还有{number}项任职没有结束，请先结束或交接",
                body=body.name,
                on=on,
                number=serving,
            )
        )
    below = body.children.filter(Q(closed_on=None) | Q(closed_on__gt=on)).count()
    if below:
        raise Refused(
            message("“{body}”下面还有{number}个机构，请先划归别处", body=body.name, number=below)
        )
    if held_by is not None and (held := held_by(body)) is not None:
        raise Refused(held)
    changes = changed(body, closed_on=on)
    body.save(update_fields=["closed_on"])
    write(actor=actor, action="accounts.body.close", thing=body, changes=changes, reason=reason)
    return body


@transaction.atomic
def name_unit(body: Body, *, actor: User, unit: str) -> Body:
    """Say which unit of the body is responsible for this work (专门机构, plan section 4 (3))."""
    for_whom = allow(may_name_unit, actor, body)
    body = _locked(body)
    _open(body)
    changes = changed(body, unit=given(unit, "unit", 60, empty=True))
    if changes:
        body.save(update_fields=["unit"])
        write(
            actor=actor,
            action="accounts.body.unit",
            thing=body,
            changes=changes,
            for_whom=for_whom,
        )
    return body


@transaction.atomic
def name_mark(body: Body, *, actor: User, mark: str) -> Body:
    """Say with which mark the papers of the body are numbered (发文字号的机关代字)."""
    for_whom = allow(may_name_unit, actor, body)
    body = _locked(body)
    _open(body)
    mark = given(mark, "mark", 20, empty=True)
    if not all(sign.isalnum() for sign in mark):
        raise Refused(
            message("机关代字“{mark}”只能用文字，不带括号、年份和顺序号", mark=mark), field="mark"
        )
    other = Body.objects.filter(mark=mark).exclude(pk=body.pk).first() if mark else None
    if other is not None:
        text = "机关代字“{mark}”已是“{body}”的，请另定"
        raise Refused(message(text, mark=mark, body=other.name), field="mark")
    changes = changed(body, mark=mark)
    if changes:
        body.save(update_fields=["mark"])
        write(
            actor=actor,
            action="accounts.body.mark",
            thing=body,
            changes=changes,
            for_whom=for_whom,
        )
    return body


def _locked(body: Body) -> Body:
    return Body.objects.select_for_update(of=("self",)).get(pk=body.pk)


def _open(body: Body) -> None:
    if body.closed_on is not None:
        raise Refused(message("“{body}”已于{on}撤销，不能再改", body=body.name, on=body.closed_on))


def _alive(body: Body | None, on: date) -> None:
    if body is not None and (
        body.opened_on > on or (body.closed_on is not None and body.closed_on <= on)
    ):
        raise Refused(
            message("“{body}”在{on}不存在，请另选机构或改日期", body=body.name, on=on),
            field="parent",
        )


def _unnamed(name: str, on: date, but: Body | None = None) -> None:
    same = Body.objects.alive(on).filter(name=name)
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise Refused(message("已经有一个“{name}”，请核对名称", name=name), field="name")
