"""What is said beside the rows: that a table is all there is, uses of rights, papers, contacts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import partial

from django.db import transaction

from peiyu.office.accounts.models import User
from peiyu.office.accounts.rights import allow
from peiyu.office.enterprises.models import Contact, Enterprise, EnterpriseFile
from peiyu.office.enterprises.permissions import may_attach
from peiyu.office.foundation.days import office_day, office_now
from peiyu.office.foundation.models import Source
from peiyu.office.foundation.record import Said, write, write_all
from peiyu.office.foundation.refusals import Refused
from peiyu.office.portfolio.flags import recount
from peiyu.office.portfolio.models import (
    OF_TABLE,
    ContactSide,
    Fullness,
    IpContact,
    IpUse,
    Paper,
)
from peiyu.office.portfolio.permissions import (
    may_end_contact,
    may_keep_uses,
    may_name_contacts,
    may_record,
    open_to_record,
)
from peiyu.policy.evidence import BY_NAME
from peiyu.policy.patents import bare
from peiyu.words import message

LONGEST_NUMBER, LONGEST_NAME, LONGEST_REASON = 60, 120, 300
AT_ONCE = 500


@transaction.atomic
def say_full(enterprise: Enterprise, *, table: str, full: bool, actor: User) -> None:
    """Say that a table of the enterprise is all there is, or take that back."""
    if table not in BY_NAME:
        raise Refused(message("没有这张表"), field="table")
    held = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    allow(lambda person, one: may_record(person, one, table), actor, held)
    said = Fullness.objects.filter(enterprise=held, table=table, until_on=None).first()
    if (said is not None) == full:
        return
    if said is None:
        said = Fullness.objects.create(
            enterprise=held, table=table, since=office_day(), said_by=actor
        )
    else:
        said.until_on = office_day()
        said.save(update_fields=["until_on"])
    write(
        actor=actor,
        action=f"portfolio.fullness.{'say' if full else 'take_back'}",
        thing=said,
        changes={"table": (None, table)} if full else {"until_on": (None, said.until_on)},
        about=held,
    )
    recount([held], office_day())


@transaction.atomic
def say_all_full(said: Collection[tuple[Enterprise, str]], *, actor: User) -> list[Fullness]:
    """Say of many tables that each is all there is; of those of which that is said already, nothing.

    For one who counts the flags of these enterprises anew when all is in.
    """
    if any(table not in BY_NAME for _, table in said):
        raise Refused(message("没有这张表"), field="table")
    keys = {one.pk for one, _ in said}
    held = list(Enterprise.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    allow(partial(_may_record_all, said), actor, held)
    stands = set(
        Fullness.objects.filter(enterprise__in=keys, until_on=None).values_list(
            "enterprise", "table"
        )
    )
    day = office_day()
    made = Fullness.objects.bulk_create(
        [
            Fullness(enterprise=one, table=table, since=day, said_by=actor)
            for one, table in said
            if (one.pk, table) not in stands
        ],
        batch_size=AT_ONCE,
    )
    lines = (Said(one, {"table": (None, one.table)}, about=one.enterprise) for one in made)
    write_all(lines, actor=actor, action="portfolio.fullness.say")
    return made


def _may_record_all(
    said: Collection[tuple[Enterprise, str]], person: User, held: Collection[Enterprise]
) -> bool:
    """May keep each of these tables; `held` as they stand now."""
    tables: dict[str, set[int]] = {}
    for one, table in said:
        tables.setdefault(table, set()).add(one.pk)
    return all(
        keys <= open_to_record(person, [one for one in held if one.pk in keys], table)
        for table, keys in tables.items()
    )


@transaction.atomic
def record_use(
    number: str,
    *,
    used_by: str,
    used_on: date,
    successful: bool | None,
    valid_to: date | None,
    enterprise: Enterprise | None,
    source: Source,
    actor: User,
    on: date,
) -> IpUse:
    """Record that a right was used in a recognition (G3.2.4); `enterprise` if the registry knows it.

    The same use again changes nothing.
    """
    allow(may_keep_uses, actor, enterprise)
    plain, who = bare(number)[:LONGEST_NUMBER], used_by.strip()[:LONGEST_NAME]
    if not plain:
        raise Refused(message("请写授权号"), field="number")
    if enterprise is not None:
        who = enterprise.code or enterprise.name
    if not who:
        raise Refused(message("请写使用企业的名称或信用代码"), field="used_by")
    if used_on > on:
        raise Refused(message("使用日期{day}还没有到", day=used_on.isoformat()), field="used_on")
    if valid_to is not None and valid_to < used_on:
        raise Refused(
            message("有效期至{day}早于使用日期", day=valid_to.isoformat()), field="valid_to"
        )
    there = IpUse.objects.filter(
        number=plain, used_by=who, used_on=used_on, withdrawn_on=None
    ).first()
    if there is not None:
        if (there.successful, there.valid_to) == (successful, valid_to):
            return there
        raise Refused(
            message("这次使用已经登记过，内容不同；请先撤下那一条，再登"), field="used_on"
        )
    made = IpUse.objects.create(
        number=plain, enterprise=enterprise, used_by=who, used_on=used_on, successful=successful,
        valid_to=valid_to, source=source, recorded_at=office_now(), recorded_on=office_day(),
        recorded_by=actor,
    )  # fmt: skip
    write(
        actor=actor,
        action="portfolio.ipuse.record",
        thing=made,
        changes={
            "number": (None, plain), "used_by": (None, who), "used_on": (None, used_on),
            "successful": (None, successful), "valid_to": (None, valid_to),
        },
        about=enterprise,
    )  # fmt: skip
    if enterprise is not None:
        recount([enterprise], office_day())
    return made


@transaction.atomic
def withdraw_use(use: IpUse, *, reason: str, actor: User) -> IpUse:
    """Say that it was not so."""
    allow(may_keep_uses, actor, use)
    if not reason.strip():
        raise Refused(message("请写明为什么撤下"), field="reason")
    locked = IpUse.objects.select_for_update(of=("self",)).get(pk=use.pk)
    if locked.withdrawn_on is not None:
        raise Refused(message("这一条已经撤下，请刷新"))
    locked.withdrawn_on, locked.reason = office_day(), reason.strip()[:LONGEST_REASON]
    locked.save(update_fields=["withdrawn_on", "reason"])
    write(
        actor=actor,
        action="portfolio.ipuse.withdraw",
        thing=locked,
        changes={"withdrawn_on": (None, locked.withdrawn_on)},
        reason=locked.reason,
        about=locked.enterprise,
    )
    if locked.enterprise is not None:
        recount([locked.enterprise], office_day())
    return locked


@transaction.atomic
def add_paper(
    enterprise: Enterprise, *, table: str, key: str, file: EnterpriseFile, actor: User
) -> Paper:
    """Let a file of the enterprise prove a row; the same file may prove many."""
    held = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    allow(lambda person, one: may_record(person, one, table), actor, held)
    allow(may_attach, actor, held)
    if file.enterprise_id != held.pk:
        raise Refused(message("这份文件不是这家企业的"), field="file")
    if not OF_TABLE[table].objects.standing().filter(enterprise=held, key=key).exists():
        raise Refused(message("没有“{key}”这一行，可能刚被撤下；请刷新", key=key[:60]))
    paper, fresh = Paper.objects.get_or_create(
        enterprise=held, table=table, key=key, file=file, removed_on=None,
        defaults={"added_on": office_day(), "added_by": actor},
    )  # fmt: skip
    if fresh:
        write(
            actor=actor,
            action="portfolio.paper.add",
            thing=paper,
            changes={"key": (None, key), "file": (None, file.title)},
            about=held,
        )
    return paper


@transaction.atomic
def remove_paper(paper: Paper, *, actor: User) -> Paper:
    """The file no longer proves the row; the file itself stays."""
    locked = (
        Paper.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=paper.pk)
    )
    allow(lambda person, one: may_record(person, one.enterprise, one.table), actor, locked)
    if locked.removed_on is None:
        locked.removed_on = office_day()
        locked.save(update_fields=["removed_on"])
        write(
            actor=actor,
            action="portfolio.paper.remove",
            thing=locked,
            changes={"removed_on": (None, locked.removed_on)},
            about=locked.enterprise,
        )
    return locked


@transaction.atomic
def name_contact(
    enterprise: Enterprise,
    *,
    side: ContactSide,
    from_on: date,
    actor: User,
    person: User | None = None,
    contact: Contact | None = None,
) -> IpContact:
    """Say who is to be asked about rights on one side, from a day on; who was before ends."""
    held = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    allow(may_name_contacts, actor, held)
    if side == ContactSide.OFFICE and (person is None or not person.is_active):
        raise Refused(message("请选定一位在职的工作人员"), field="person")
    if side == ContactSide.ENTERPRISE and (
        contact is None or contact.enterprise_id != held.pk or contact.until_on is not None
    ):
        raise Refused(message("请从这家企业现在的联系人里选一位"), field="contact")
    before = IpContact.objects.filter(enterprise=held, side=side, until_on=None).first()
    wanted = (person, None) if side == ContactSide.OFFICE else (None, contact)
    if before is not None:
        if (before.person, before.contact) == wanted:
            return before
        if from_on < before.from_on:
            text = "现在的联系人从{day}起，新的不能更早"
            raise Refused(message(text, day=before.from_on.isoformat()), field="from_on")
        before.until_on = from_on
        before.save(update_fields=["until_on"])
    made = IpContact.objects.create(
        enterprise=held, side=side, person=wanted[0], contact=wanted[1], from_on=from_on
    )
    write(
        actor=actor,
        action="portfolio.ipcontact.name",
        thing=made,
        changes={"side": (None, str(side)), "from_on": (None, from_on)},
        about=held,
    )
    return made


@transaction.atomic
def end_contact(contact: IpContact, *, on: date, actor: User) -> IpContact:
    """They are no longer to be asked; the place is vacant."""
    locked = (
        IpContact.objects.select_for_update(of=("self",))
        .select_related("enterprise")
        .get(pk=contact.pk)
    )
    allow(may_end_contact, actor, locked)
    if locked.until_on is None:
        locked.until_on = on
        locked.save(update_fields=["until_on"])
        write(
            actor=actor,
            action="portfolio.ipcontact.end",
            thing=locked,
            changes={"until_on": (None, on)},
            about=locked.enterprise,
        )
    return locked
