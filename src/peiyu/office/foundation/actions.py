"""What the foundation itself changes: calendars, the demo's day, the end of a key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from peiyu.office.foundation.days import SATURDAY, built_in_years, forget_calendars
from peiyu.office.foundation.models import CalendarYear, OfficeDay, RecordKey
from peiyu.office.foundation.record import Subject, changed, named, write
from peiyu.office.foundation.refusals import Refused
from peiyu.words import message

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

LAST_YEAR = 2100
ALWAYS_OFF = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
"""Days that are off in every year (全国年节及纪念日放假办法); the others follow the moon."""


@transaction.atomic
def publish_calendar_year(
    year: int,
    source: str,
    days_off: Iterable[date | str],
    days_on: Iterable[date | str],
    *,
    actor: AbstractBaseUser,
) -> CalendarYear:
    """Enter, or correct, the holidays of a year as the State Council's office published them.

    `days_off` are the days of holiday, `days_on` the weekends on which offices work instead.
    """
    if not built_in_years().start <= year <= LAST_YEAR:
        text = "年份 {year} 不在 {first}–{last} 之间"
        first = built_in_years().start
        raise Refused(message(text, year=year, first=first, last=LAST_YEAR), field="year")
    if not source.strip():
        raise Refused(message("请写明依据：通知的名称和文号"), field="source")
    off, on = _days(days_off, year, "days_off"), _days(days_on, year, "days_on")
    for month, number in ALWAYS_OFF:
        day = date(year, month, number)
        if day not in off:
            text = "放假日中缺少 {day}：这一天是法定节假日，请核对"
            raise Refused(message(text, day=day.isoformat()), field="days_off")
    for day in on:
        if day in off:
            text = "{day} 既在放假日又在上班日，只能是其中一种"
            raise Refused(message(text, day=day.isoformat()), field="days_on")
        if day.weekday() < SATURDAY:
            text = "{day} 不是周末，本来就要上班，不必列为上班日，请核对"
            raise Refused(message(text, day=day.isoformat()), field="days_on")
    found = CalendarYear.objects.select_for_update().filter(year=year).first()
    calendar = found or CalendarYear(year=year, source="", days_off=[], days_on=[])
    changes = changed(
        calendar,
        source=source.strip(),
        days_off=[day.isoformat() for day in off],
        days_on=[day.isoformat() for day in on],
    )
    calendar.save()
    write(actor=actor, action="foundation.calendar.publish", thing=calendar, changes=changes)
    forget_calendars()
    transaction.on_commit(forget_calendars)
    return calendar


@transaction.atomic
def set_office_day(day: date, *, actor: AbstractBaseUser) -> OfficeDay:
    """Move the demo city to another day."""
    if not settings.DEMO:
        raise Refused(message("只有演示环境可以改变日期"))
    found = OfficeDay.objects.select_for_update().filter(pk=1).first()
    today = found or OfficeDay(pk=1)
    changes = {"day": (found.day if found else None, day)}
    today.day = day
    today.save()
    write(actor=actor, action="foundation.day.set", thing=today, changes=changes, day=day)
    return today


@transaction.atomic
def destroy_key(thing: Subject, *, actor: AbstractBaseUser, reason: str) -> RecordKey:
    """Destroy the key of a thing's hidden values: nobody can read them any more.

    The chain still verifies. Backups keep the key until they are themselves destroyed.
    """
    if not reason.strip():
        raise Refused(message("请写明销毁的理由"), field="reason")
    label, subject = named(thing)
    keys = RecordKey.objects.select_for_update().filter(label=label, subject=subject)
    key = keys.filter(destroyed_at=None).first()
    if key is None:
        if keys.exists():
            raise Refused(message("密钥已经销毁过了"))
        raise Refused(message("记录中没有这个对象的保密内容，没有密钥可以销毁"))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")  # else the bytes stay in the file
    before = key.destroyed_at
    key.key, key.destroyed_at = None, timezone.now()
    key.save(update_fields=["key", "destroyed_at"])
    write(
        actor=actor,
        action="foundation.key.destroy",
        thing=key,
        changes={"destroyed_at": (before, key.destroyed_at)},
        reason=reason,
        about=(label, subject),
    )
    return key


def _days(given: Iterable[date | str], year: int, field: str) -> list[date]:
    found: set[date] = set()
    for value in given:
        try:
            day = date.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            text = "“{value}”不是日期，请按 2027-01-01 的样子写"
            raise Refused(message(text, value=value), field=field) from None
        if day.year != year:
            text = "{day} 不在 {year} 年，请核对"
            raise Refused(message(text, day=day.isoformat(), year=year), field=field)
        if day in found:
            raise Refused(message("{day} 写了两次", day=day.isoformat()), field=field)
        found.add(day)
    return sorted(found)
