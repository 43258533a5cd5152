"""The log of what changes nothing: log-ins, exports, downloads, reads of hidden values."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from peiyu.office.foundation.models import AccessKind, AccessLine

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

KEPT_DAYS = 183
"""Six months: the least that the network security law (网络安全法 21) lets a log be kept."""


def log(
    kind: AccessKind,
    *,
    actor: AbstractBaseUser | None = None,
    name: str = "",
    address: str | None = None,
    label: str = "",
    key: str = "",
    detail: str = "",
    at: datetime | None = None,
) -> AccessLine:
    """Write one line; `name` is what was typed where nobody is known, else the actor's own."""
    return AccessLine.objects.create(
        at=at or timezone.now(),
        kind=kind,
        actor_id=actor.pk if actor else None,
        name=_printable(name or (actor.get_username() if actor else ""))[:150],
        address=_address(address),
        label=label[:60],
        key=key[:40],
        detail=_printable(detail)[:500],
    )


def access_lines(
    *,
    since: date | None = None,
    until: date | None = None,
    kind: str = "",
    person: AbstractBaseUser | None = None,
    label: str = "",
    key: str = "",
    text: str = "",
) -> QuerySet[AccessLine]:
    """The log for the auditor, newest first; both days are included."""
    found = AccessLine.objects.select_related("actor").order_by("-at", "-id")
    if since:
        found = found.filter(at__date__gte=since)
    if until:
        found = found.filter(at__date__lte=until)
    given = {"kind": kind, "actor": person, "label": label, "key": key}
    found = found.filter(**{name: value for name, value in given.items() if value})
    if text:
        found = found.filter(
            Q(name__icontains=text) | Q(address__icontains=text) | Q(detail__icontains=text)
        )
    return found


def forget_old(now: datetime, *, kept_days: int = KEPT_DAYS) -> int:
    """Delete what is older than the kept period; says how many lines. For the nightly job.

    The database itself refuses to delete what is younger than six months by its own clock.
    """
    if kept_days < KEPT_DAYS:
        raise ValueError(f"the log is kept {KEPT_DAYS} days at least, not {kept_days}")
    gone, _ = AccessLine.objects.filter(at__lt=now - timedelta(days=kept_days)).delete()
    return gone


def _address(text: str | None) -> str | None:
    """An address that both databases take; a zone (`%eth0`) is left out, nonsense is none."""
    try:
        return str(ip_address((text or "").strip().partition("%")[0]))
    except ValueError:
        return None


def _printable(text: str) -> str:
    """Text from outside, without what a database cannot keep."""
    return text.replace("\0", "").encode(errors="replace").decode()
