"""Saved views of a list: whose they are, and how many rows each has now."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from django.core.cache import cache
from django.db import transaction
from django.db.models import Max

from peiyu.office.accounts.models import User
from peiyu.office.accounts.rights import allow
from peiyu.office.assessments.queries import last_run
from peiyu.office.desk.enterprise_list import OF_STANDING, Filters
from peiyu.office.desk.models import SavedView
from peiyu.office.desk.permissions import may_change_view, may_share_view
from peiyu.office.enterprises.listing import asked_of, visible
from peiyu.office.foundation.models import RecordLine
from peiyu.office.foundation.record import changed, write
from peiyu.office.foundation.refusals import Refused, too_long
from peiyu.words import message

LONGEST_NAME, LONGEST_QUERY, MOST_VIEWS = 20, 1000, 30
NOT_KEPT = frozenset({"after", "before", "page", "csrfmiddlewaretoken"})
COUNTED_SECONDS = 600
Kept = TypeVar("Kept")


def views_of(person: User, page: str) -> list[SavedView]:
    """One's own views of a page and those shared with one; one query."""
    return list(SavedView.objects.visible_to(person).filter(page=page))


def counts_of(views: list[SavedView], person: User) -> dict[int, int]:
    """How many enterprises each view has for this person.

    A named cache: kept under the number of the newest line of the record, so any change makes it
    anew; a test holds it equal to the query.
    """
    newest = newest_line() if views else None
    run = last_run() if any(word in view.query for view in views for word in OF_STANDING) else None
    of_run = run.pk if run else ""  # kept lines change by runs, of which the record need not tell
    return {
        view.pk: kept(
            f"view:{of_run}:{view.query}", person, newest, partial(count_of, view.query, person)
        )
        for view in views
    }


def newest_line() -> int | None:
    """The number of the newest line of the record: whatever changes, changes it."""
    found: int | None = RecordLine.objects.aggregate(newest=Max("id"))["newest"]
    return found


def kept(what: str, person: User, newest: int | None, count: Callable[[], Kept]) -> Kept:
    """A number for this person, counted once for each state of the record."""
    asked = f"{what}|{person.pk}|{person.access.on}|{newest}"
    name = f"kept:{hashlib.sha256(asked.encode()).hexdigest()}"
    found: Kept | None = cache.get(name)
    if found is None:
        found = count()
        cache.set(name, found, COUNTED_SECONDS)
    return found


def count_of(query: str, person: User) -> int:
    """How many enterprises a query string finds for this person."""
    asked = asked_of(query)
    rows = visible(person, merged=bool(asked.get("merged")))
    found: int = Filters(asked, rows, person=person).qs.count()
    return found


def tidy_query(query: str) -> str:
    """Filters, columns and order of a URL, without what belongs to one visit, in one order."""
    pairs = [(key, value) for key, value in parse_qsl(query[:4000]) if key not in NOT_KEPT]
    return urlencode(sorted(pairs))


@transaction.atomic
def save_view(*, page: str, name: str, query: str, shared: bool, actor: User) -> SavedView:
    """Keep the present filters under a name; the same name is written over."""
    named, kept = name.strip(), tidy_query(query)
    if not named:
        raise Refused(message("请给视图起名"), field="name")
    if len(named) > LONGEST_NAME:
        raise too_long(named, LONGEST_NAME, "name")
    if len(kept) > LONGEST_QUERY:
        raise Refused(message("条件太多，存不下。请减少一些条件"), field="query")
    if shared:
        allow(may_share_view, actor, None)
    own = SavedView.objects.filter(owner=actor, page=page)
    if own.exclude(name=named).count() >= MOST_VIEWS:
        raise Refused(message("最多存{most}个视图，请先删去不用的", most=MOST_VIEWS))
    body = next(iter(sorted(actor.access.bodies)), None) if shared else None
    view, fresh = SavedView.objects.get_or_create(
        owner=actor,
        page=page,
        name=named,
        defaults={"query": kept, "shared": shared, "body_id": body},
    )
    changes = (
        {"query": (None, kept), "shared": (None, shared)}
        if fresh
        else changed(view, query=kept, shared=shared)
    )
    if not fresh and changes:
        view.body_id = body
        view.save()
    if changes:
        write(actor=actor, action="desk.view.save", thing=view, changes=changes)
    return view


@transaction.atomic
def forget_view(view: SavedView, *, actor: User) -> None:
    """Delete one's own view."""
    allow(may_change_view, actor, view)
    write(actor=actor, action="desk.view.forget", thing=view, changes={"query": (view.query, None)})
    view.delete()
