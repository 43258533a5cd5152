"""Who an enterprise is and where it lies: entering, editing, renaming, moving, merging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Protocol

from django.db import transaction

from peiyu.office.accounts.models import Body, User
from peiyu.office.accounts.rights import allow
from peiyu.office.enterprises.findable import index
from peiyu.office.enterprises.identity import checked_code, checked_name, core_of
from peiyu.office.enterprises.models import (
    Enterprise,
    EnterpriseCode,
    EnterpriseName,
    NotSame,
    Residence,
    Status,
)
from peiyu.office.enterprises.permissions import is_bureau, may_edit, may_merge
from peiyu.office.enterprises.values import EDITED, attributed_to, checked, checked_place
from peiyu.office.foundation.days import office_now
from peiyu.office.foundation.models import Source
from peiyu.office.foundation.record import Change, changed, write
from peiyu.office.foundation.refusals import Conflict, Difference, Refused
from peiyu.words import message

GONE = (Status.CLOSED, Status.REVOKED, Status.GONE)


class AlsoMoved(Protocol):
    """Brings over what a room above holds of an absorbed entry, in the transaction of the merge."""

    def __call__(self, gone: Enterprise, kept: Enterprise, *, actor: User) -> None:
        """Bring it over."""


@transaction.atomic
def enter(
    values: Mapping[str, object],
    *,
    town: Body | None,
    zone: Body | None,
    on: date,
    actor: User | None,
    source: Source | None = None,
    reason: str = "",
) -> Enterprise:
    """Take a new enterprise into the registry; called by a confirmed proposal or an import."""
    tidied = checked(values, on=on)
    checked_place(town, zone)
    _refuse_taken_code(str(tidied.get("code", "")))
    now = office_now()
    body = attributed_to(town, zone, on)
    enterprise = Enterprise.objects.create(
        **tidied, town=town, zone=zone, body=body, source=source, registered_at=now, changed_at=now
    )
    EnterpriseName.objects.create(
        enterprise=enterprise, name=enterprise.name, core=core_of(enterprise.name)
    )
    Residence.objects.create(enterprise=enterprise, town=town, zone=zone, body=body)
    index(enterprise)
    write(
        actor=actor,
        action="enterprises.enterprise.enter",
        thing=enterprise,
        changes={**{name: (None, value) for name, value in tidied.items()}, "body": (None, body)},
        reason=reason,
    )
    return enterprise


@transaction.atomic
def edit(
    enterprise: Enterprise,
    values: Mapping[str, object],
    *,
    seen: Mapping[str, object],
    on: date,
    actor: User,
) -> Enterprise:
    """Correct founding day, form, industry or field.

    `seen` are the values that the editor had before them. What they left alone stays as it now is;
    what they and another changed differently raises Conflict with both values, and nothing is lost.
    """
    for_whom = allow(may_edit, actor, enterprise)
    if strange := sorted(values.keys() - set(EDITED)):
        raise Refused(message("“{field}”不在这里改", field=strange[0][:40]), field=strange[0][:40])
    locked = _locked(enterprise)
    tidied = checked(values, on=on)
    before = checked({field: seen[field] for field in tidied if field in seen}, on=on)
    wanted = {
        field: value
        for field, value in tidied.items()
        if field not in before or before[field] != value
    }
    differences = tuple(
        Difference(field, value, getattr(locked, field))
        for field, value in wanted.items()
        if field in before and getattr(locked, field) not in (before[field], value)
    )
    if differences:
        raise Conflict(
            message("在您打开之后，别人改了同一处。两个值都在下面，请选定后再存"), differences
        )
    changes = changed(locked, **wanted)
    if changes:
        _keep(locked, "edit", changes, actor, for_whom)
    return locked


@transaction.atomic
def rename(
    enterprise: Enterprise, *, name: str, from_on: date, reason: str, actor: User
) -> Enterprise:
    """Give a new name from a day on; the old one stays findable as a former name."""
    for_whom = allow(may_edit, actor, enterprise)
    locked = _locked(enterprise)
    new = checked_name(name)
    if new == locked.name:
        raise Refused(message("新名称与现名相同：{name}", name=new), field="name")
    _needs_reason(reason)
    present = locked.names.select_for_update().get(until_on=None)
    if present.from_on is not None and from_on <= present.from_on:
        raise Refused(
            message(
                "更名日{day}不晚于现名启用日{begun}",
                day=from_on.isoformat(),
                begun=present.from_on.isoformat(),
            ),
            field="from_on",
        )
    present.until_on = from_on - timedelta(days=1)
    present.save(update_fields=["until_on"])
    EnterpriseName.objects.create(enterprise=locked, name=new, core=core_of(new), from_on=from_on)
    changes = changed(locked, name=new)
    _keep(locked, "rename", changes, actor, for_whom, reason)
    index(locked)
    return locked


@transaction.atomic
def change_code(
    enterprise: Enterprise, *, code: str, from_on: date, reason: str, actor: User
) -> Enterprise:
    """Give another unified social credit code; the old one stays findable."""
    for_whom = allow(may_edit, actor, enterprise)
    locked = _locked(enterprise)
    new = checked_code(code)
    if not new:
        raise Refused(message("请填新的统一社会信用代码"), field="code")
    if new == locked.code:
        raise Refused(message("新代码与现代码相同：{code}", code=new), field="code")
    _needs_reason(reason)
    _refuse_taken_code(new, other_than=locked)
    if locked.code:
        EnterpriseCode.objects.create(
            enterprise=locked, code=locked.code, until_on=from_on - timedelta(days=1)
        )
    changes = changed(locked, code=new)
    _keep(locked, "change_code", changes, actor, for_whom, reason)
    index(locked)
    return locked


@transaction.atomic
def move(
    enterprise: Enterprise,
    *,
    town: Body | None,
    zone: Body | None,
    from_on: date,
    reason: str,
    on: date,
    actor: User,
) -> Enterprise:
    """Move it from a day on, past or ahead; days before keep their place and their body."""
    for_whom = allow(may_edit, actor, enterprise)
    locked = _locked(enterprise)
    checked_place(town, zone)
    _needs_reason(reason)
    present = locked.residences.select_for_update().get(until_on=None)
    if present.from_on is not None and from_on <= present.from_on:
        raise Refused(
            message(
                "迁移日{day}不晚于现址起始日{begun}。要更正现址，请先撤回上次迁移",
                day=from_on.isoformat(),
                begun=present.from_on.isoformat(),
            ),
            field="from_on",
        )
    if (present.town, present.zone) == (town, zone):
        raise Refused(message("新址与现址相同"), field="town")
    body = attributed_to(town, zone, from_on)
    present.until_on = from_on - timedelta(days=1)
    present.save(update_fields=["until_on"])
    Residence.objects.create(
        enterprise=locked, town=town, zone=zone, body=body, from_on=from_on, reason=reason[:300],
        recorded_on=on,
    )  # fmt: skip
    changes = {
        "town": (present.town, town),
        "zone": (present.zone, zone),
        "body": (present.body, body),
    }
    if from_on <= on:
        changed(locked, town=town, zone=zone, body=body)
        _save(locked, "town", "zone", "body")
    write(
        actor=actor,
        action="enterprises.enterprise.move",
        thing=locked,
        changes=changes,
        reason=reason,
        for_whom=for_whom,
    )
    return locked


@transaction.atomic
def settle_residences(*, on: date) -> int:
    """Bring today's place into the registry's rows where a move told ahead has come; how many."""
    moved = 0
    residences = Residence.objects.on(on).select_related("enterprise", "town", "zone", "body")
    for residence in residences.exclude(from_on=None).iterator(chunk_size=500):
        enterprise = residence.enterprise
        now = (enterprise.town_id, enterprise.zone_id, enterprise.body_id)
        if now == (residence.town_id, residence.zone_id, residence.body_id):
            continue
        changes = changed(enterprise, town=residence.town, zone=residence.zone, body=residence.body)
        _save(enterprise, *changes)
        write(
            actor=None,
            action="enterprises.enterprise.arrive",
            thing=enterprise,
            changes=changes,
            day=on,
        )
        moved += 1
    return moved


@transaction.atomic
def close(enterprise: Enterprise, *, status: str, on: date, reason: str, actor: User) -> Enterprise:
    """Say that it was dissolved, struck off or has left the city."""
    for_whom = allow(may_edit, actor, enterprise)
    locked = _locked(enterprise)
    if status not in GONE:
        raise Refused(message("请选注销、吊销或迁出"), field="status")
    if locked.status != Status.ACTIVE:
        raise Refused(
            message("已经是“{status}”", status=message(locked.get_status_display())), field="status"
        )
    _needs_reason(reason)
    changes = changed(locked, status=status, closed_on=on)
    _keep(locked, "close", changes, actor, for_whom, reason)
    return locked


@transaction.atomic
def reopen(enterprise: Enterprise, *, reason: str, actor: User) -> Enterprise:
    """Take back a closing said in error, or say that it has come back."""
    for_whom = allow(is_bureau, actor, enterprise)
    locked = _locked(enterprise)
    if locked.status not in GONE:
        raise Refused(message("只有注销、吊销或迁出的企业可以恢复"), field="status")
    _needs_reason(reason)
    changes = changed(locked, status=Status.ACTIVE.value, closed_on=None)
    _keep(locked, "reopen", changes, actor, for_whom, reason)
    return locked


@transaction.atomic
def merge(
    absorbed: Enterprise,
    *,
    into: Enterprise,
    on: date,
    reason: str,
    actor: User,
    also: Sequence[AlsoMoved] = (),
) -> Enterprise:
    """Unite two entries of one enterprise; nothing of either is lost.

    Names and codes of the absorbed become former ones of the other, its people, notes and files
    move over, its own entry stays as a signpost with its record. `also` brings over what rooms
    above this one hold.
    """
    for_whom = allow(may_merge, actor, absorbed)
    if absorbed.pk == into.pk:
        raise Refused(message("不能并入自己"), field="into")
    rows = {
        row.pk: row
        for row in Enterprise.objects.select_for_update()
        .filter(pk__in=[absorbed.pk, into.pk])
        .order_by("pk")
    }
    gone, kept = rows[absorbed.pk], rows[into.pk]
    for one in (gone, kept):
        if one.status == Status.MERGED:
            raise Refused(message("{name}已并入另一家企业", name=one.name), field="into")
    _needs_reason(reason)
    day_before = on - timedelta(days=1)
    gone.names.filter(until_on=None).update(until_on=day_before)
    gone.names.exclude(name=kept.name).update(enterprise=kept)
    if gone.code and gone.code != kept.code:
        EnterpriseCode.objects.create(enterprise=kept, code=gone.code, until_on=day_before)
    gone.old_codes.update(enterprise=kept)
    if kept.contacts.filter(main=True, until_on=None).exists():
        gone.contacts.filter(main=True).update(main=False)
    for related in (gone.contacts, gone.notes, gone.files):
        related.update(enterprise=kept)
    for mandate in gone.mandates.filter(revoked_on=None):
        held = kept.mandates.filter(person=mandate.person, kind=mandate.kind, revoked_on=None)
        if not held.exists():
            mandate.enterprise = kept
            mandate.save(update_fields=["enterprise"])
    filled = {
        field: getattr(gone, field)
        for field in (*EDITED, "code")
        if not getattr(kept, field) and getattr(gone, field)
    }
    gone_changes = changed(gone, status=Status.MERGED.value, merged_into=kept, closed_on=on)
    _save(gone, *gone_changes)
    kept_changes = changed(kept, **filled)
    _save(kept, *kept_changes)
    index(gone)
    index(kept)
    for thing, changes in (
        (gone, gone_changes),
        (kept, {**kept_changes, "absorbed": (None, gone)}),
    ):
        write(
            actor=actor,
            action="enterprises.enterprise.merge",
            thing=thing,
            changes=changes,
            reason=reason,
            for_whom=for_whom,
        )
    for bring_over in also:
        bring_over(gone, kept, actor=actor)
    return kept


@transaction.atomic
def say_not_same(first: Enterprise, second: Enterprise, *, reason: str, actor: User) -> NotSame:
    """Say that two that look alike are two, so that they are not suggested again."""
    for_whom = allow(is_bureau, actor, first)
    _needs_reason(reason)
    low, high = sorted((first, second), key=lambda enterprise: enterprise.pk)
    if low.pk == high.pk:
        raise Refused(message("是同一家"))
    said, fresh = NotSame.objects.get_or_create(
        first=low, second=high, defaults={"reason": reason[:300], "said_by": actor}
    )
    if fresh:
        for thing, other in ((low, high), (high, low)):
            write(
                actor=actor,
                action="enterprises.enterprise.not_same",
                thing=thing,
                changes={"not_same": (None, other)},
                reason=reason,
                for_whom=for_whom,
            )
    return said


def _locked(enterprise: Enterprise) -> Enterprise:
    locked = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    if locked.status == Status.MERGED:
        raise Refused(message("{name}已并入另一家企业，请到那一家办理", name=locked.name))
    return locked


def _keep(
    enterprise: Enterprise,
    verb: str,
    changes: Mapping[str, Change],
    actor: User,
    for_whom: User | None,
    reason: str = "",
) -> None:
    """Save what was changed, with its line."""
    _save(enterprise, *changes)
    write(
        actor=actor,
        action=f"enterprises.enterprise.{verb}",
        thing=enterprise,
        changes=changes,
        reason=reason,
        for_whom=for_whom,
    )


def _save(enterprise: Enterprise, *fields: str) -> None:
    enterprise.version += 1
    enterprise.changed_at = office_now()
    enterprise.save(update_fields=[*fields, "version", "changed_at"])


def _needs_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(message("请写明理由或依据"), field="reason")


def _refuse_taken_code(code: str, *, other_than: Enterprise | None = None) -> None:
    if not code:
        return
    holders = Enterprise.objects.filter(code=code).exclude(status=Status.MERGED)
    if other_than is not None:
        holders = holders.exclude(pk=other_than.pk)
    if found := holders.first():
        raise taken(code, found.name)


def taken(code: str, name: str) -> Refused:
    """The refusal of a code that another bears."""
    return Refused(
        message("代码{code}已由“{name}”使用。是同一家请合并，否则请核对执照", code=code, name=name),
        field="code",
    )
