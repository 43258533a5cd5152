"""Keys for programs: made, revoked, and told whose they are."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from peiyu.office.accounts.models import ApiToken, User
from peiyu.office.accounts.permissions import SCOPES, may_revoke_token, may_use_scope
from peiyu.office.accounts.rights import allow
from peiyu.office.accounts.words import given
from peiyu.office.foundation.record import changed, write
from peiyu.office.foundation.refusals import NotAllowed, Refused
from peiyu.words import message

PREFIX = "py_"
LONGEST = timedelta(days=365)
MOST = 10
"""Live tokens of one person."""
NOTED = timedelta(minutes=1)
"""The last use is written down no more often than this."""


@transaction.atomic
def make_token(
    person: User,
    *,
    actor: User,
    name: str,
    scopes: Iterable[str],
    expires_on: date,
    on: date,
) -> tuple[ApiToken, str]:
    """A key with no more rights than its owner's, and its text, which is shown once only."""
    if actor.pk != person.pk:
        raise NotAllowed(message("密钥只能由本人设立"))
    User.objects.select_for_update().get(pk=person.pk)
    wanted = sorted(set(scopes))
    if not wanted:
        raise Refused(message("请至少选择一个范围"), field="scopes")
    for scope in wanted:
        if scope not in SCOPES:
            raise Refused(message("没有“{scope}”这个范围", scope=scope), field="scopes")
        if not may_use_scope(person, scope):
            raise NotAllowed(
                message("您自己没有“{scope}”的权限，不能给密钥", scope=message(SCOPES[scope])),
                field="scopes",
            )
    if not on < expires_on <= on + LONGEST:
        raise Refused(
            message(
                "到期日{expires}不行：须在明天到{last}之间", expires=expires_on, last=on + LONGEST
            ),
            field="expires_on",
        )
    if person.tokens.filter(revoked_at=None, expires_on__gte=on).count() >= MOST:
        raise Refused(message("已有{number}把有效密钥，请先停用不用的", number=MOST))
    raw = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        person=person,
        name=given(name, "name", 60),
        start=raw[:8],
        digest=digest_of(raw),
        scopes=wanted,
        made_at=timezone.now(),
        expires_on=expires_on,
    )
    token.save()
    write(
        actor=actor,
        action="accounts.token.make",
        thing=token,
        changes={
            "name": ("", token.name),
            "scopes": ([], wanted),
            "expires_on": (None, expires_on),
        },
        about=person,
    )
    return token, raw


@transaction.atomic
def revoke_token(token: ApiToken, *, actor: User, reason: str = "") -> ApiToken:
    """The key opens nothing from now on."""
    allow(may_revoke_token, actor, token)
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is not None:
        raise Refused(message("这把密钥已经停用"))
    changes = changed(token, revoked_at=timezone.now())
    token.save(update_fields=["revoked_at"])
    write(
        actor=actor,
        action="accounts.token.revoke",
        thing=token,
        changes=changes,
        reason=reason,
        about=token.person,
    )
    return token


def person_of_token(raw: str, on: date) -> tuple[User, frozenset[str]] | None:
    """Whose key this is and what it opens; None when it opens nothing.

    The scopes are cut to what the person could do themselves today.
    """
    digest = digest_of(raw)
    token = ApiToken.objects.select_related("person").filter(digest=digest).first()
    if token is None or not hmac.compare_digest(token.digest, digest):
        return None
    person = token.person
    if token.revoked_at is not None or token.expires_on < on:
        return None
    if not person.is_active or person.must_change_password:
        return None
    scopes = frozenset(scope for scope in token.scopes if may_use_scope(person, scope))
    if not scopes:
        return None
    now = timezone.now()
    if token.used_at is None or now - token.used_at > NOTED:
        ApiToken.objects.filter(pk=token.pk).update(used_at=now)
    return person, scopes


def digest_of(raw: str) -> str:
    """What is kept of a key: enough to know it again, too little to use it."""
    return hashlib.sha256(raw.encode(errors="replace")).hexdigest()
