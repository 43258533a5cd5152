"""What every page knows: the office's day, the reader's menu, their unread messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from peiyu.office.accounts.models import Body, User
from peiyu.office.accounts.models.bodies import BodyKind
from peiyu.office.accounts.permissions import may_read_directory
from peiyu.office.foundation.days import office_day
from peiyu.office.notices.models import Message
from peiyu.office.web.navigation import ON_THE_PHONE, Item, address, keeps_people, menu_of, parted
from peiyu.office.web.templatetags.say import language
from peiyu.words import translate

CITY_KEPT = 300
"""Seconds for which a worker remembers the city's name."""


@dataclass
class Office:
    """Asked only as far as the page draws it: `{{ office.city }}`, `{{ office.menu }}` …"""

    request: HttpRequest

    @cached_property
    def person(self) -> User | None:
        """Who reads; nobody before the log-in."""
        found = getattr(self.request, "user", None)
        return found if isinstance(found, User) else None

    @cached_property
    def demo(self) -> bool:
        """This is the demo city: its day can be moved, its people are invented."""
        return bool(settings.DEMO)

    @cached_property
    def day(self) -> date:
        """The day on which the office works."""
        return self.person.access.on if self.person else office_day()

    @cached_property
    def data_until(self) -> datetime:
        """Until when the figures of the page reach."""
        return datetime.combine(self.day, timezone.localtime().time())

    @cached_property
    def city(self) -> str:
        """The name beside the brand."""
        return str(cache.get_or_set("office.city", _city, CITY_KEPT) or "")

    @cached_property
    def menu(self) -> list[Item]:
        """What the reader may choose from."""
        return menu_of(self.request, self.person.access) if self.person else []

    @property
    def bar(self) -> list[Item]:
        """What of it stands on the bar."""
        return parted(self.menu)[0]

    @property
    def rest(self) -> list[Item]:
        """What stands under one word more."""
        return parted(self.menu)[1]

    @property
    def in_the_rest(self) -> bool:
        """The page belongs to what stands there."""
        return any(item.current for item in self.rest)

    @cached_property
    def tabs(self) -> list[Item]:
        """The first of it, for the bottom of the phone."""
        return self.menu[:ON_THE_PHONE]

    @cached_property
    def directory(self) -> bool:
        """The reader may look people up, but does so too seldom for a word on the menu."""
        return (
            self.person is not None
            and may_read_directory(self.person)
            and not keeps_people(self.person.access)
        )

    @cached_property
    def post(self) -> str:
        """For which body the reader works, behind the name."""
        if self.person is None:
            return ""
        held = [a for a in self.person.access.appointments if a.person_id == self.person.pk]
        if not held:
            return translate(self.person.get_duty_display(), language())
        first = held[0]
        does = first.title or translate(first.get_role_display(), language())
        return f"{first.body.short} {does}" if first.body else does

    @cached_property
    def unread(self) -> int:
        """How many messages wait: the one query of the bell."""
        if self.person is None:
            return 0
        return Message.objects.filter(recipient=self.person, read_at=None).count()

    @cached_property
    def plain(self) -> bool:
        """The reader wants larger type and fewer columns (适老模式)."""
        return self.person is not None and self.person.plain

    @property
    def lang(self) -> str:
        """For the page's `lang`."""
        return "en" if language() == "en" else "zh-CN"

    @property
    def to(self) -> Addresses:
        """Addresses by the name of their page: `{{ office.to.search }}`."""
        return Addresses()


class Addresses:
    """Where a page lies; empty as long as it is not built."""

    def __getitem__(self, page: str) -> str:
        return address(page)


def _city() -> str:
    found = Body.objects.filter(kind=BodyKind.CITY).values_list("short", flat=True).first()
    return found or ""


def office(request: HttpRequest) -> dict[str, Office]:
    """Django's context processor."""
    return {"office": Office(request)}
