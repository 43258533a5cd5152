"""People come, change their data, leave and come back."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from peiyu.office.accounts.actions.appointments import finish, revoke
from peiyu.office.accounts.models import Delegation, Duty, User
from peiyu.office.accounts.passwords import one_time_password
from peiyu.office.accounts.permissions import is_self, may_manage, may_manage_accounts
from peiyu.office.accounts.rights import allow
from peiyu.office.accounts.words import given
from peiyu.office.foundation.record import changed, write
from peiyu.office.foundation.refusals import Conflict, Difference, Refused, SeveralRefused
from peiyu.words import message

ONLY_SECURITY = message("账号只由安全保密管理员维护。请与安全保密管理员联系")
NOT_ONESELF = message("账号只由安全保密管理员维护，且不能维护自己的。请由另一位安全保密管理员办理")
USERNAME = re.compile(r"[\w.@+-]{2,60}")
PHONE = re.compile(r"[0-9+() -]{5,20}")


@transaction.atomic
def add_person(
    *,
    actor: User,
    username: str,
    name: str,
    duty: str = Duty.OFFICE,
    phone: str = "",
    email: str = "",
    on: date,
) -> tuple[User, str]:
    """A new account, and the password to tell the person once; they must change it at once."""
    allow(may_manage_accounts, actor, None, ONLY_SECURITY)
    if duty not in Duty.values:
        raise Refused(message("没有“{duty}”这种账号，请从列表中选择", duty=duty), field="duty")
    password = one_time_password()
    person = User(
        username=_username(username),
        duty=duty,
        joined_on=on,
        must_change_password=True,
        password_set_at=timezone.now(),
        **_own_data(name, phone, email),
    )
    person.set_password(password)
    person.save()
    write(
        actor=actor,
        action="accounts.person.add",
        thing=person,
        changes={
            "username": ("", person.username),
            "name": ("", person.name),
            "duty": ("", person.duty),
            "phone": ("", person.phone),
            "email": ("", person.email),
            "joined_on": (None, on),
        },
    )
    return person, password


@transaction.atomic
def change_person(
    person: User,
    *,
    actor: User,
    version: int,
    name: str | None = None,
    phone: str | None = None,
    email: str | None = None,
) -> User:
    """Change name, telephone and mail: one's own (the name not), or another's as administrator.

    `version` is the one that the form showed; when another save came between, both values are told.
    """
    if not is_self(actor, person):
        allow(may_manage, actor, person, ONLY_SECURITY)
    elif name is not None and name != person.name:
        raise Refused(message("姓名由安全保密管理员更改，请与其联系"), field="name")
    stands = _locked(person)
    wanted = _own_data(
        stands.name if name is None else name,
        stands.phone if phone is None else phone,
        stands.email if email is None else email,
    )
    if version != stands.version:
        raise Conflict(
            message("“{person}”的资料刚被别人改过。请核对两边的值后再存", person=stands.name),
            tuple(
                Difference(field, value, getattr(stands, field))
                for field, value in wanted.items()
                if value != getattr(stands, field)
            ),
        )
    changes = changed(stands, **wanted)
    if changes:
        stands.version += 1
        stands.save(update_fields=[*changes, "version"])
        write(actor=actor, action="accounts.person.change", thing=stands, changes=changes)
    return stands


@transaction.atomic
def leave(person: User, *, actor: User, on: date, reason: str = "") -> User:
    """The person leaves: roles and delegations end, the account closes, nobody stays logged in."""
    allow(may_manage, actor, person, NOT_ONESELF)
    person = _locked(person)
    if not person.is_active:
        raise Refused(message("“{person}”的账号已经停用", person=person.name))
    for held in person.appointments.select_for_update().filter(
        Q(until_on=None) | Q(until_on__gt=on)
    ):
        finish(held, actor=actor, until_on=max(on, held.from_on), reason=reason)
    now = timezone.now()
    for delegation in Delegation.objects.filter(
        Q(giver=person) | Q(taker=person), revoked_at=None, until_on__gte=on
    ):
        revoke(delegation, actor=actor, at=now, reason=reason)
    person.tokens.filter(revoked_at=None).update(revoked_at=now)
    person.set_unusable_password()  # also ends every session, whose mark it carries
    changes = changed(person, is_active=False, left_on=on)
    person.save(update_fields=["password", *changes])
    close_sessions(person)
    write(
        actor=actor,
        action="accounts.person.leave",
        thing=person,
        changes=changes,
        reason=reason,
    )
    return person


@transaction.atomic
def come_back(person: User, *, actor: User, on: date, reason: str = "") -> tuple[User, str]:
    """The account opens again with a password to be changed; roles have to be given anew."""
    allow(may_manage, actor, person, NOT_ONESELF)
    person = _locked(person)
    if person.is_active:
        raise Refused(message("“{person}”的账号没有停用", person=person.name))
    password = one_time_password()
    person.set_password(password)
    person.password_set_at = timezone.now()
    changes = changed(person, is_active=True, left_on=None, joined_on=on, must_change_password=True)
    person.save(update_fields=["password", "password_set_at", *changes])
    write(
        actor=actor,
        action="accounts.person.come_back",
        thing=person,
        changes=changes,
        reason=reason,
    )
    return person, password


@transaction.atomic
def choose_language(person: User, *, actor: User, language: str) -> User:
    """In which language the pages speak to this person."""
    allow(is_self, actor, person)
    if language not in dict(settings.LANGUAGES):
        raise Refused(
            message("没有“{language}”这种语言，请从列表中选择", language=language),
            field="language",
        )
    return _chosen(person, actor, language=language)


@transaction.atomic
def choose_plain(person: User, *, actor: User, plain: bool) -> User:
    """Larger type and fewer columns (适老模式), or not."""
    allow(is_self, actor, person)
    return _chosen(person, actor, plain=plain)


def close_sessions(person: User) -> None:
    """Log the person out everywhere."""
    for session in UserSession.objects.filter(user_id=person.pk):
        session.end()


def _chosen(person: User, actor: User, **choice: object) -> User:
    person = _locked(person)
    if changes := changed(person, **choice):
        person.save(update_fields=[*changes])
        write(actor=actor, action="accounts.person.choose", thing=person, changes=changes)
    return person


def _locked(person: User) -> User:
    return User.objects.select_for_update().get(pk=person.pk)


def _username(text: str) -> str:
    username = given(unicodedata.normalize("NFKC", text), "username", 60)
    if not USERNAME.fullmatch(username):
        raise Refused(
            message(
                "用户名“{username}”不行：只用字母、汉字、数字和@.+-_，至少两个字", username=username
            ),
            field="username",
        )
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(
            message("用户名“{username}”已经有人用，请换一个", username=username), field="username"
        )
    return username


def _own_data(name: str, phone: str, email: str) -> dict[str, str]:
    refusals = []
    said = {}
    for field, text, longest in (("name", name, 60), ("phone", phone, 20), ("email", email, 254)):
        try:
            said[field] = given(text, field, longest, empty=field != "name")
        except Refused as refusal:
            refusals.append(refusal)
    if said.get("phone") and not PHONE.fullmatch(said["phone"]):
        refusals.append(
            Refused(
                message("电话“{phone}”不像电话：只用数字、空格和+-()", phone=said["phone"]),
                field="phone",
            )
        )
    if said.get("email"):
        try:
            validate_email(said["email"])
        except ValidationError:
            refusals.append(
                Refused(
                    message("邮箱“{email}”不像邮箱，请核对", email=said["email"]), field="email"
                )
            )
    if refusals:
        raise SeveralRefused(tuple(refusals))
    return said
