"""Passwords are chosen, reset and forgotten; lost second factors are taken away."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from peiyu.office.accounts.actions.people import close_sessions
from peiyu.office.accounts.models import PastPassword, User
from peiyu.office.accounts.passwords import REMEMBERED, objections, one_time_password
from peiyu.office.accounts.permissions import is_self, may_manage
from peiyu.office.accounts.rights import allow
from peiyu.office.accounts.words import given
from peiyu.office.foundation.record import changed, write
from peiyu.office.foundation.refusals import Refused, SeveralRefused
from peiyu.words import message

NOT_ONESELF = message("不能重置自己的密码或第二因素。请由另一位安全保密管理员办理")


@transaction.atomic
def set_password(person: User, *, actor: User, old: str, new: str) -> User:
    """Choose a new password, knowing the old one."""
    allow(is_self, actor, person)
    person = User.objects.select_for_update().get(pk=person.pk)
    if not person.check_password(old):
        raise Refused(message("原密码不对，请重新输入"), field="old")
    if found := objections(new, person):
        raise SeveralRefused(tuple(Refused(each, field="new") for each in found))
    _remember(person)
    person.set_password(new)
    person.password_set_at = timezone.now()
    changes = changed(person, must_change_password=False)
    person.save(update_fields=["password", "password_set_at", "must_change_password"])
    write(actor=actor, action="accounts.person.password", thing=person, changes=changes)
    return person


@transaction.atomic
def reset_password(person: User, *, actor: User, reason: str = "") -> str:
    """A password to tell the person once; everyone logged in with the old one is logged out."""
    allow(may_manage, actor, person, NOT_ONESELF)
    person = User.objects.select_for_update().get(pk=person.pk)
    if not person.is_active:
        raise Refused(message("“{person}”的账号已停用，请先启用", person=person.name))
    _remember(person)
    password = one_time_password()
    person.set_password(password)
    person.password_set_at = timezone.now()
    changes = changed(person, must_change_password=True)
    person.save(update_fields=["password", "password_set_at", "must_change_password"])
    close_sessions(person)
    write(
        actor=actor,
        action="accounts.person.reset_password",
        thing=person,
        changes=changes,
        reason=reason,
    )
    return password


@transaction.atomic
def remove_second_factors(person: User, *, actor: User, reason: str) -> int:
    """Take away lost authenticators and keys, so that the person can set up new ones."""
    allow(may_manage, actor, person, NOT_ONESELF)
    reason = given(reason, "reason", 200)
    count: int = Authenticator.objects.filter(user_id=person.pk).delete()[0]
    if not count:
        raise Refused(message("“{person}”没有设置第二因素", person=person.name))
    close_sessions(person)
    write(actor=actor, action="accounts.person.remove_second_factors", thing=person, reason=reason)
    return count


def _remember(person: User) -> None:
    if person.has_usable_password() and person.password:
        PastPassword.objects.create(person=person, hash=person.password, until_at=timezone.now())
    kept = person.past_passwords.order_by("-until_at", "-id").values_list("pk", flat=True)
    person.past_passwords.exclude(pk__in=list(kept[:REMEMBERED])).delete()
