"""Whom to call, and to whom an enterprise is open."""

from __future__ import annotations

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from peiyu.office.accounts.models import Appointment, Body, BodyKind, Duty, User
from peiyu.office.accounts.rights import allow
from peiyu.office.enterprises.identity import tidy
from peiyu.office.enterprises.models import Contact, Enterprise, Mandate, MandateKind
from peiyu.office.enterprises.models.people import ROLE_OF
from peiyu.office.enterprises.permissions import (
    may_edit_contacts,
    may_give_mandate,
    may_revoke_mandate,
)
from peiyu.office.foundation.record import changed, write
from peiyu.office.foundation.refusals import Refused, SeveralRefused, too_long
from peiyu.words import message

PHONE = re.compile(r"\+?[0-9][0-9\-–— ()（）转]{5,19}")
LONGEST = {"name": 60, "duty": 60, "phone": 20, "email": 254}


@transaction.atomic
def add_contact(
    enterprise: Enterprise,
    *,
    name: str,
    duty: str = "",
    phone: str = "",
    email: str = "",
    main: bool = False,
    actor: User,
) -> Contact:
    """Add a person to call; a new main contact takes the place of the old."""
    for_whom = allow(may_edit_contacts, actor, enterprise)
    Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    values = checked_contact(name=name, duty=duty, phone=phone, email=email)
    if main:
        enterprise.contacts.filter(main=True, until_on=None).update(main=False)
    contact = Contact.objects.create(enterprise=enterprise, main=main, **values)
    write(
        actor=actor,
        action="enterprises.contact.add",
        thing=contact,
        changes={field: ("", value) for field, value in values.items()},
        about=enterprise,
        for_whom=for_whom,
    )
    return contact


@transaction.atomic
def change_contact(
    contact: Contact, *, actor: User, main: bool | None = None, **values: str
) -> Contact:
    """Correct a person to call."""
    enterprise = contact.enterprise
    for_whom = allow(may_edit_contacts, actor, enterprise)
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    if contact.until_on is not None:
        raise Refused(message("这位联系人已停用，请另加一位"))
    now = {field: getattr(contact, field) for field in LONGEST}
    changes = changed(contact, **checked_contact(**{**now, **values}))
    if main and not contact.main:
        enterprise.contacts.filter(main=True, until_on=None).update(main=False)
        changes |= changed(contact, main=True)
    if changes:
        contact.save(update_fields=list(changes))
        write(
            actor=actor,
            action="enterprises.contact.change",
            thing=contact,
            changes=changes,
            about=enterprise,
            for_whom=for_whom,
        )
    return contact


@transaction.atomic
def end_contact(contact: Contact, *, on: date, actor: User) -> Contact:
    """Say that a person is no longer the one to call; kept for the record, no longer shown."""
    for_whom = allow(may_edit_contacts, actor, contact.enterprise)
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    if contact.until_on is None:
        changes = changed(contact, until_on=on, main=False)
        contact.save(update_fields=list(changes))
        write(
            actor=actor,
            action="enterprises.contact.end",
            thing=contact,
            changes=changes,
            about=contact.enterprise,
            for_whom=for_whom,
        )
    return contact


@transaction.atomic
def give_mandate(
    enterprise: Enterprise,
    *,
    person: User,
    kind: str,
    from_on: date,
    until_on: date | None = None,
    body: Body | None = None,
    actor: User,
) -> Mandate:
    """Open an enterprise to a person: its owner and coach by the bureau, the rest by its owner."""
    if kind not in MandateKind.values:
        raise Refused(message("“{kind}”不是可选的授权", kind=kind[:20]), field="kind")
    chosen = MandateKind(kind)
    for_whom = allow(lambda who, what: may_give_mandate(who, what, chosen), actor, enterprise)
    Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    if not person.is_active:
        raise Refused(message("{name}的账号已停用", name=person.name), field="person")
    outside = chosen != MandateKind.COACH
    if (person.duty == Duty.ENTERPRISE) != outside or person.duty not in (
        Duty.OFFICE,
        Duty.ENTERPRISE,
    ):
        raise Refused(
            message(
                "{name}不能作“{kind}”：账号类别不合", name=person.name, kind=message(chosen.label)
            ),
            field="person",
        )
    if until_on is not None and until_on < from_on:
        raise Refused(
            message(
                "截止日{until}早于起始日{begun}",
                until=until_on.isoformat(),
                begun=from_on.isoformat(),
            ),
            field="until_on",
        )
    if chosen in (MandateKind.AGENCY, MandateKind.BANK):
        wanted = BodyKind.AGENCY if chosen == MandateKind.AGENCY else BodyKind.BANK
        if body is None or body.kind != wanted:
            raise Refused(message("请选{kind}所在的机构", kind=message(chosen.label)), field="body")
        if until_on is None:
            raise Refused(message("授权给机构要有截止日"), field="until_on")
    held = enterprise.mandates.filter(person=person, kind=chosen, revoked_on=None)
    if any(m.until_on is None or m.until_on >= from_on for m in held):
        raise Refused(message("{name}已有这项授权", name=person.name), field="person")
    mandate = Mandate.objects.create(
        enterprise=enterprise,
        person=person,
        kind=chosen,
        body=body,
        from_on=from_on,
        until_on=until_on,
        given_by=actor,
    )
    if not person.appointments.in_force(from_on).filter(role=ROLE_OF[chosen]).exists():
        Appointment.objects.create(person=person, body=body, role=ROLE_OF[chosen], from_on=from_on)
    write(
        actor=actor,
        action="enterprises.mandate.give",
        thing=mandate,
        changes={
            "person": (None, person),
            "kind": (None, str(chosen)),
            "until_on": (None, until_on),
        },
        about=enterprise,
        for_whom=for_whom,
    )
    return mandate


@transaction.atomic
def revoke_mandate(mandate: Mandate, *, on: date, actor: User, reason: str = "") -> Mandate:
    """Close the enterprise to this person from now on."""
    for_whom = allow(may_revoke_mandate, actor, mandate)
    mandate = Mandate.objects.select_for_update().get(pk=mandate.pk)
    if mandate.revoked_on is not None:
        raise Refused(message("这项授权已于{day}撤销", day=mandate.revoked_on.isoformat()))
    changes = changed(mandate, revoked_on=on, revoked_by=actor)
    mandate.save(update_fields=list(changes))
    write(
        actor=actor,
        action="enterprises.mandate.revoke",
        thing=mandate,
        changes=changes,
        reason=reason,
        about=mandate.enterprise,
        for_whom=for_whom,
    )
    return mandate


def checked_contact(*, name: str, duty: str, phone: str, email: str) -> dict[str, str]:
    """A person to call, tidied; all that is the matter at once."""
    values = {"name": tidy(name), "duty": tidy(duty), "phone": tidy(phone), "email": tidy(email)}
    refusals = [
        too_long(values[field], most, field)
        for field, most in LONGEST.items()
        if len(values[field]) > most
    ]
    if not values["name"]:
        refusals.append(Refused(message("请填联系人姓名"), field="name"))
    if values["phone"] and not PHONE.fullmatch(values["phone"]):
        refusals.append(
            Refused(
                message(
                    "“{phone}”不像电话号码。只填一个号码，可带区号和分机",
                    phone=values["phone"][:40],
                ),
                field="phone",
            )
        )
    if values["email"]:
        try:
            validate_email(values["email"])
        except ValidationError:
            refusals.append(
                Refused(message("“{email}”不像邮箱地址", email=values["email"][:60]), field="email")
            )
    if refusals:
        raise SeveralRefused(tuple(refusals))
    return values
