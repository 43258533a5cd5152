"""What one finds on coming in: things to do by their day, two weeks, and what an officer watches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from peiyu.office.accounts.models import Body, Delegation, User
from peiyu.office.accounts.queries import register_of_bodies
from peiyu.office.desk.todo import Todo
from peiyu.office.desk.views import kept, newest_line
from peiyu.office.enterprises.listing import LACKS, visible
from peiyu.office.enterprises.models import Contact, Enterprise
from peiyu.office.foundation.days import is_working_day
from peiyu.office.foundation.models import (
    AccessKind,
    AccessLine,
    DayHead,
    Job,
    JobState,
    RecordLine,
    RecordTail,
)
from peiyu.office.goals.permissions import reads_goals
from peiyu.office.goals.queries import Progress, progress
from peiyu.office.notices.models import Message
from peiyu.policy.parameters import NotInForce
from peiyu.words import mark

A_WEEK = timedelta(days=7)
NEWEST, LATEST, ENDING_DAYS = 6, 5, 14


@dataclass(frozen=True, slots=True)
class Group:
    """Things to do that fall due together; `key` is over, today, week, later or open."""

    key: str
    label: str
    todos: tuple[Todo, ...]


GROUPS = (
    ("over", mark("逾期")),
    ("today", mark("今天")),
    ("week", mark("七天内")),
    ("later", mark("以后")),
    ("open", mark("不限期")),
)


def grouped(todos: Iterable[Todo], on: date) -> list[Group]:
    """Things to do by when they fall due; groups without any are left out."""
    parts: dict[str, list[Todo]] = {key: [] for key, _ in GROUPS}
    for todo in todos:
        parts[_group(todo, on)].append(todo)
    return [Group(key, label, tuple(parts[key])) for key, label in GROUPS if parts[key]]


def _group(todo: Todo, on: date) -> str:
    if todo.due_on is None:
        return "open"
    if todo.due_on < on:
        return "over"
    if todo.due_on == on:
        return "today"
    return "week" if todo.due_on <= on + A_WEEK else "later"


def days_ahead(todo: Todo, on: date) -> int | None:
    """For the date chip: days until then; overdue, working days below zero."""
    if todo.due_on is None:
        return None
    return todo.left if todo.due_on < on else (todo.due_on - on).days


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar: whether the office works, how many things fall due."""

    day: date
    works: bool
    due: int
    today: bool


def two_weeks(todos: Iterable[Todo], on: date) -> list[Day]:
    """This week and the next from Monday on.

    Raises:
        NoCalendar: the holidays of one of the years are not known.
    """
    due = Counter(todo.due_on for todo in todos)
    first = on - timedelta(days=on.weekday())
    days = (first + timedelta(days=n) for n in range(14))
    return [Day(day, is_working_day(day), due[day], day == on) for day in days]


def newest(person: User) -> QuerySet[Enterprise]:
    """Enterprises last taken into the registry, of those that the person may see."""
    return visible(person).select_related("body").order_by("-pk")[:NEWEST]


@dataclass(frozen=True, slots=True)
class Lack:
    """How many entries lack something; `key` is the word in the filter of the list."""

    key: str
    label: str
    number: int


def lacks(person: User) -> list[Lack]:
    """What the entries lack that the person may see; the same numbers as in the list.

    Counted once for each state of the record (`views.kept`), in two queries.
    """
    numbers = kept("lacks", person, newest_line(), lambda: _lacks(person))
    return [Lack(key, label, numbers[key]) for key, label in LACKS if numbers[key]]


def _lacks(person: User) -> dict[str, int]:
    rows = visible(person)
    empty = {
        key: Count(
            "pk", filter=Q(established_on=None) if key == "established_on" else Q(**{key: ""})
        )
        for key, _ in LACKS
        if key != "contact"
    }
    numbers: dict[str, int] = rows.aggregate(**empty)
    contacts = Contact.objects.filter(enterprise=OuterRef("pk"), until_on=None)
    numbers["contact"] = rows.filter(~Exists(contacts)).count()
    return numbers


def goals_of(person: User, on: date) -> Progress | None:
    """How far the goals of the plan are, as far as the person sees them; None where there is no plan.

    Counted once for each state of the record (`views.kept`).
    """
    if not reads_goals(person):
        return None
    try:
        return kept("goals", person, newest_line(), lambda: progress(on, person))
    except NotInForce:
        return None


def latest_messages(person: User) -> QuerySet[Message]:
    """The messages to show first: those not read, then the newest."""
    own = Message.objects.filter(recipient=person)
    return own.order_by(F("read_at").desc(nulls_first=True), "-id")[:LATEST]


@dataclass(frozen=True, slots=True)
class Accounts:
    """What the security administrator has to look after."""

    vacant: tuple[Body, ...]
    ending: tuple[Delegation, ...]
    one_factor: int


def accounts_to_watch(on: date) -> Accounts:
    """Bodies without anyone, delegations that end, people with a password only. Four queries."""
    vacant = tuple(line.body for line in register_of_bodies(on) if line.vacant)
    ending = Delegation.objects.filter(
        revoked_at=None,
        from_on__lte=on,
        until_on__gte=on,
        until_on__lte=on + timedelta(days=ENDING_DAYS),
    ).select_related("giver", "taker")
    second = Authenticator.objects.filter(user=OuterRef("pk"))
    one_factor = User.objects.filter(~Exists(second), is_active=True).count()
    return Accounts(vacant, tuple(ending.order_by("until_on", "id")), one_factor)


@dataclass(frozen=True, slots=True)
class Watch:
    """What the auditor looks at first: the tail, yesterday's head, log-ins that failed."""

    waiting: int
    oldest: datetime | None
    yesterday: date
    head: DayHead | None
    failed: int


def record_to_watch(now: datetime) -> Watch:
    """The state of the chain at a moment. Four queries."""
    first = RecordTail.objects.order_by("first").values_list("first", flat=True).first()
    oldest = RecordLine.objects.filter(pk=first or 0).values_list("at", flat=True).first()
    yesterday = timezone.localdate(now) - timedelta(days=1)
    since = timezone.make_aware(datetime.combine(yesterday, time.min))
    return Watch(
        RecordTail.objects.count(),
        oldest,
        yesterday,
        DayHead.objects.filter(day=yesterday).first(),
        AccessLine.objects.filter(kind=AccessKind.FAILED, at__gte=since).count(),
    )


def jobs_by_state() -> list[tuple[str, str, int]]:
    """How many jobs stand how: state, its word, number. One query."""
    numbers = dict(
        Job.objects.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n")
    )
    return [(state.value, state.label, numbers[state]) for state in JobState if state in numbers]
