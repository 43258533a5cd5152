"""How a new enterprise comes into the registry: proposed by its town, confirmed by the bureau."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from peiyu.office.accounts.models import Appointment, Body, Role, User
from peiyu.office.accounts.rights import allow
from peiyu.office.casework.actions import Ask, close_consultation, open_consultation
from peiyu.office.casework.models import Consultation, Silence
from peiyu.office.casework.queries import outcome
from peiyu.office.enterprises.actions.identity import enter
from peiyu.office.enterprises.actions.people import add_contact, checked_contact
from peiyu.office.enterprises.models import Enterprise, Registration, RegistrationState
from peiyu.office.enterprises.permissions import is_proposer, may_propose
from peiyu.office.enterprises.values import IDENTITY, checked, checked_place
from peiyu.office.enterprises.workflow import FLOWS, REGISTRATION
from peiyu.office.foundation.days import office_now
from peiyu.office.foundation.record import changed, write
from peiyu.office.foundation.refusals import Refused, SeveralRefused, too_long
from peiyu.office.notices.actions import tell
from peiyu.office.policies.programme import value_of
from peiyu.words import Message, mark, message

ASKED = (
    (Role.TAX, (("taxpayer", mark("税务登记的名称、代码与报送的一致")),)),
    (Role.STATISTICS, (("industry", mark("行业代码与统计登记的一致")),)),
)
"""Whom the bureau asks about a new enterprise, and what."""
MORE = ("contact_name", "contact_phone", "remark")


@transaction.atomic
def draft(
    values: Mapping[str, object],
    *,
    body: Body,
    town: Body | None,
    zone: Body | None,
    on: date,
    actor: User,
) -> Registration:
    """Begin a proposal for one's own town, street or zone."""
    for_whom = allow(may_propose, actor, None)
    if body.pk not in actor.access.places:
        raise Refused(message("只能替自己任职的镇（街道）或园区报送"), field="body")
    registration = Registration(flow=REGISTRATION.name, body=body, town=town, zone=zone)
    for field, value in _checked(values, town, zone, on).items():
        setattr(registration, field, value)
    registration.save()
    write(
        actor=actor,
        action="enterprises.registration.draft",
        thing=registration,
        changes={
            field: (None, getattr(registration, field))
            for field in (*IDENTITY, *MORE, "town", "zone")
        },
        for_whom=for_whom,
    )
    return registration


@transaction.atomic
def redraft(
    registration: Registration,
    values: Mapping[str, object],
    *,
    town: Body | None,
    zone: Body | None,
    version: int,
    on: date,
    actor: User,
) -> Registration:
    """Change a proposal that has not been handed in, or was returned."""
    for_whom = allow(is_proposer, actor, registration)
    locked = Registration.objects.select_for_update().get(pk=registration.pk)
    if locked.state not in (RegistrationState.DRAFT, RegistrationState.RETURNED):
        raise Refused(
            message("已经是“{state}”，不能再改", state=message(locked.get_state_display()))
        )
    if locked.version != version:
        raise Refused(message("在您打开之后，别人改了这份报送。您填的还在下面，请核对后再存"))
    changes = changed(locked, **_checked(values, town, zone, on), town=town, zone=zone)
    if changes:
        locked.version += 1
        locked.save()
        write(
            actor=actor,
            action="enterprises.registration.redraft",
            thing=locked,
            changes=changes,
            for_whom=for_whom,
        )
    return locked


@transaction.atomic
def propose(registration: Registration, *, on: date, actor: User) -> Registration:
    """Hand it in: the bureau is told, tax and statistics are asked for their own items."""
    _refuse_registered(registration)
    flow = FLOWS.of(registration)
    consultation = registration.consultation
    if consultation is None or consultation.closed_on is not None:
        consultation = _ask(registration, on, actor)
    flow.take(
        "propose",
        registration,
        actor=actor,
        proposed_on=on,
        proposed_by=actor,
        consultation=consultation,
    )
    tell(
        _holders(Role.BUREAU_OFFICER, on),
        title=message(
            "{body}报送了“{name}”，请确认入库", body=registration.body.name, name=registration.name
        ),
        link=f"/registrations/{registration.pk}/",
        at=office_now(),
    )
    return registration


@transaction.atomic
def withdraw(registration: Registration, *, on: date, reason: str, actor: User) -> Registration:
    """Take the proposal back before it is decided."""
    FLOWS.of(registration).take("withdraw", registration, actor=actor, reason=reason, decided_on=on)
    _end_round(registration, on, actor)
    return registration


@transaction.atomic
def return_for_more(
    registration: Registration, *, on: date, reason: str, actor: User
) -> Registration:
    """Send it back to the town with what is missing; asked anew when it comes again."""
    FLOWS.of(registration).take("return", registration, actor=actor, reason=reason)
    _end_round(registration, on, actor)
    _tell_proposer(
        registration, message("“{name}”退回补充：{reason}", name=registration.name, reason=reason)
    )
    return registration


@transaction.atomic
def refuse(registration: Registration, *, on: date, reason: str, actor: User) -> Registration:
    """Decide that it does not enter the registry."""
    FLOWS.of(registration).take("refuse", registration, actor=actor, reason=reason, decided_on=on)
    _end_round(registration, on, actor)
    _tell_proposer(
        registration, message("“{name}”不予入库：{reason}", name=registration.name, reason=reason)
    )
    return registration


@transaction.atomic
def confirm(registration: Registration, *, on: date, reason: str = "", actor: User) -> Enterprise:
    """Take it into the registry; not before those asked have answered or their limit is over.

    Where someone objects, the bureau may still confirm, with its reason.
    """
    _refuse_registered(registration)
    if registration.consultation is not None:
        result = outcome(registration.consultation, on)
        if waiting := result.waiting:
            raise Refused(
                message(
                    "还在等{body}的意见，期限到{due}",
                    body=waiting[0].opinion.body.name,
                    due=waiting[0].opinion.due_on.isoformat(),
                )
            )
        if result.objections and not reason.strip():
            raise Refused(
                message(
                    "{body}有不同意见：确认入库须写明理由",
                    body=result.objections[0].opinion.body.name,
                ),
                field="reason",
            )
    enterprise = enter(
        {field: getattr(registration, field) for field in IDENTITY},
        town=registration.town,
        zone=registration.zone,
        on=on,
        actor=actor,
        reason=reason,
    )
    FLOWS.of(registration).take(
        "confirm", registration, actor=actor, reason=reason, decided_on=on, enterprise=enterprise
    )
    if registration.contact_name:
        add_contact(
            enterprise,
            name=registration.contact_name,
            phone=registration.contact_phone,
            main=True,
            actor=actor,
        )
    _end_round(registration, on, actor)
    _tell_proposer(registration, message("“{name}”已入库", name=registration.name))
    return enterprise


def _checked(
    values: Mapping[str, object], town: Body | None, zone: Body | None, on: date
) -> dict[str, object]:
    """All values of a proposal; every refusal at once."""
    refusals: list[Refused] = []
    found: dict[str, object] = {}
    contact = {field: str(values.get(field) or "") for field in MORE}
    for check in (
        lambda: checked({field: values[field] for field in IDENTITY if field in values}, on=on),
        lambda: _contact(contact["contact_name"], contact["contact_phone"]),
        lambda: {"remark": _remark(contact["remark"])},
        lambda: _place(town, zone),
    ):
        try:
            found |= check()
        except SeveralRefused as several:
            refusals += several.refusals
        except Refused as refused:
            refusals.append(refused)
    if refusals:
        raise SeveralRefused(tuple(refusals))
    return found


def _contact(name: str, phone: str) -> dict[str, object]:
    if not name.strip() and not phone.strip():
        return {"contact_name": "", "contact_phone": ""}
    try:
        tidied = checked_contact(name=name, duty="", phone=phone, email="")
    except SeveralRefused as several:
        raise SeveralRefused(
            tuple(Refused(r.message, field=f"contact_{r.field}") for r in several.refusals)
        ) from None
    return {"contact_name": tidied["name"], "contact_phone": tidied["phone"]}


def _remark(text: str) -> str:
    if len(text.strip()) > 500:
        raise too_long(text.strip(), 500, "remark")
    return text.strip()


def _place(town: Body | None, zone: Body | None) -> dict[str, object]:
    checked_place(town, zone)
    return {}


def _refuse_registered(registration: Registration) -> None:
    if not registration.code:
        return
    found = Enterprise.objects.filter(code=registration.code).exclude(status="merged").first()
    if found is not None:
        raise Refused(
            message(
                "代码{code}已由“{name}”使用。是同一家请合并，否则请核对执照",
                code=registration.code,
                name=found.name,
            ),
            field="code",
        )


def _ask(registration: Registration, on: date, actor: User) -> Consultation | None:
    days = int(value_of("registration_days", on))
    asks = [
        Ask(appointment.body, Role(role), items, days)
        for role, items in ASKED
        if (appointment := _first_holder(role, on)) is not None and appointment.body is not None
    ]
    if not asks:
        return None
    return open_consultation(
        subject=registration.name,
        asks=asks,
        silence=Silence(str(value_of("registration_silence", on))),
        on=on,
        actor=actor,
    )


def _first_holder(role: Role, on: date) -> Appointment | None:
    return (
        Appointment.objects.in_force(on)
        .filter(role=role, body__isnull=False)
        .select_related("body")
        .order_by("id")
        .first()
    )


def _holders(role: Role, on: date) -> list[User]:
    held = Appointment.objects.in_force(on).filter(role=role).select_related("person")
    return [appointment.person for appointment in held]


def _tell_proposer(registration: Registration, title: Message) -> None:
    if registration.proposed_by is not None:
        tell(
            [registration.proposed_by],
            title=title,
            link=f"/registrations/{registration.pk}/",
            at=office_now(),
        )


def _end_round(registration: Registration, on: date, actor: User) -> None:
    if registration.consultation is not None:
        close_consultation(registration.consultation, on=on, actor=actor)
