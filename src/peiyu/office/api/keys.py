"""Who calls: a program with a key, or an official's own browser. Read only, so a cookie is enough."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.security.apikey import APIKeyCookie
from ninja.throttling import BaseThrottle

from peiyu.office.accounts.actions.tokens import digest_of, person_of_token
from peiyu.office.accounts.models import ApiToken, User
from peiyu.office.accounts.permissions import SCOPES, may_use_scope
from peiyu.office.foundation import access_log
from peiyu.office.foundation.counting import counted
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.models import AccessKind

A_MINUTE = 600
"""Calls that one key, or one browser, may make in a minute, at each worker."""
HOUR, MINUTE = 3600, 60


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls and what the key opens."""

    person: User
    scopes: frozenset[str]
    name: str
    """By which calls are counted: the key's digest, or the person of the browser."""


def caller(request: HttpRequest) -> Caller:
    """Who calls this operation."""
    found: Caller = request.auth  # type: ignore[attr-defined]
    return found


def address_of(request: HttpRequest) -> str:
    """The caller's network address, behind as many proxies as the settings say."""
    adapter: Any = get_adapter()
    return str(adapter.get_client_ip(request)).strip()


class Key(HttpBearer):
    """`Authorization: Bearer py_…`."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """Whose key it is; its first use in an hour stands in the log."""
        found = person_of_token(token, office_day())
        if found is None:
            return None
        known = Caller(*found, digest_of(token))
        _note(request, known)
        return known


class Browser(APIKeyCookie):
    """The session of an official who has logged in."""

    param_name = "sessionid"

    def _get_key(self, request: HttpRequest) -> str | None:
        """Nothing is written here, so there is nothing that a foreign page could forge."""
        return None

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        """Officials only; enterprises and administrators make themselves a key."""
        person = getattr(request, "user", None)
        if not isinstance(person, User) or not person.access.is_official:
            return None
        scopes = frozenset(scope for scope in SCOPES if may_use_scope(person, scope))
        return Caller(person, scopes, f"person-{person.pk}")


class PerMinute(BaseThrottle):
    """So many calls in each minute of the clock."""

    def allow_request(self, request: HttpRequest) -> bool:
        """Count this one."""
        name = f"api.calls.{caller(request).name}.{int(time.time()) // MINUTE}"
        return counted(name, 2 * MINUTE) <= A_MINUTE

    def wait(self) -> float:
        """Seconds until the next minute."""
        return MINUTE - time.time() % MINUTE


def _note(request: HttpRequest, who: Caller) -> None:
    """One line for the first use of a key in an hour: the log can only grow."""
    if not cache.add(f"api.noted.{who.name}.{int(time.time()) // HOUR}", 1, HOUR):
        return
    key = ApiToken.objects.filter(digest=who.name).values_list("pk", flat=True).first()
    access_log.log(
        AccessKind.API,
        actor=who.person,
        address=address_of(request),
        label=ApiToken._meta.label_lower,
        key=str(key or ""),
        detail=f"{request.method} {request.path}",
    )
