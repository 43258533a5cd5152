"""The evidence of enterprises as their checks and the rules read it: few queries for any number."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.days import NoCalendar, working_days_between
from peiyu.office.policies.programme import values_on
from peiyu.office.portfolio.models import KINDS, Fullness, IpUse, read
from peiyu.office.reports.queries import deciding_figures
from peiyu.policy.case import Scalar
from peiyu.policy.chain import Bounds, Held
from peiyu.policy.chain.held import LAGS
from peiyu.policy.evidence import Row
from peiyu.policy.patents import bare
from peiyu.policy.rulebooks.hnte import HNTE

CHECKED = (
    "ip", "projects", "rd", "products", "incomes", "conversions", "cooperations", "people", "hours",
)  # fmt: skip
"""Tables that the checks of the chain read."""


def held_of(
    enterprises: Iterable[Enterprise],
    *,
    on: date,
    known: date | None = None,
    tables: Collection[str] = CHECKED,
) -> dict[int, Held]:
    """What is held of each on a day, as known by a day (what stands now if none is said)."""
    found = {one.pk: one for one in enterprises}
    rows: dict[int, dict[str, list[Any]]] = {key: {table: [] for table in tables} for key in found}
    for kind in KINDS:
        if kind.table.name in tables:
            for key, row in _rows(kind, found, known):
                rows[key][kind.table.name].append(row)
    full = _full(found, known)
    uses = _uses(found, rows, known)
    years = [on.year - lag for lag in LAGS]
    yearly = deciding_figures(found, years, known)
    settings = values_on(on)
    bounds, readings = bounds_of(settings), readings_of(settings)
    hours = full_hours(bounds.day_hours)
    return {
        key: Held(
            one.code or one.name, on, rows[key], frozenset(full[key]), uses[key],
            {year: yearly.get((key, year), {}) for year in years}, hours, bounds, readings,
            one.established_on,
        )
        for key, one in found.items()
    }  # fmt: skip


def _rows(
    kind: Any, found: Collection[int], known: date | None
) -> Iterable[tuple[int, dict[str, Scalar]]]:
    asked = kind.objects.standing() if known is None else kind.objects.known_on(known)
    facts = kind.table.facts
    names = [fact.name for fact in facts]
    lines = asked.filter(enterprise__in=found).order_by("key").values_list("enterprise", *names)
    for key, *values in lines.iterator(2000):
        yield key, {fact.name: read(value, fact) for fact, value in zip(facts, values, strict=True)}


def _full(found: Collection[int], known: date | None) -> dict[int, set[str]]:
    tables: dict[int, set[str]] = defaultdict(set)
    rows = Fullness.objects.filter(enterprise__in=found)
    for key, table, since, until in rows.values_list("enterprise", "table", "since", "until_on"):
        stands = (
            until is None if known is None else since <= known and (until is None or until > known)
        )
        if stands:
            tables[key].add(table)
    return tables


def _uses(
    found: dict[int, Enterprise], rows: dict[int, dict[str, list[Any]]], known: date | None
) -> dict[int, list[Row]]:
    """The uses of the rights of each, by whomever, under the number as the right's row has it."""
    whose: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for key, tables in rows.items():
        for row in tables.get("ip", ()):
            if number := row.get("grant_number"):
                whose[bare(str(number))].append((key, str(number)))
    made: dict[int, list[Row]] = defaultdict(list)
    numbers = list(whose)
    for at in range(0, len(numbers), 500):
        uses = IpUse.objects.filter(number__in=numbers[at : at + 500])
        uses = uses.filter(withdrawn_on=None) if known is None else uses.known_on(known)
        for use in uses:
            for key, number in whose[use.number]:
                one = found[key]
                own = use.enterprise_id == key
                made[key].append({
                    "grant_number": number,
                    "used_by": (one.code or one.name) if own else use.used_by,
                    "used_on": use.used_on,
                    "successful": use.successful,
                    "valid_to": use.valid_to,
                })  # fmt: skip
    return made


def bounds_of(settings: dict[str, str | int]) -> Bounds:
    """The office's measures of what is late or odd."""
    return Bounds(
        transfer_days=int(settings["chain_transfer_days"]),
        after_days=int(settings["chain_after_days"]),
        day_hours=int(settings["chain_day_hours"]),
        both=settings["cooperation_weight"] == "both",
    )


def readings_of(settings: dict[str, str | int]) -> dict[str, str]:
    """The chosen readings of the rules of recognition, where they are not the defaults."""
    found = {}
    for switch in HNTE.switches:
        value = str(settings.get(f"{HNTE.name}.{switch.name}", switch.default))
        if value != switch.default:
            found[switch.name] = value
    return found


def full_hours(day_hours: int) -> Callable[[int, int], int | None]:
    """The working hours of a month by the calendar; None where there is none."""

    @lru_cache(maxsize=600)
    def of(year: int, month: int) -> int | None:
        last = date(year, month, monthrange(year, month)[1])
        try:
            return working_days_between(date(year, month, 1), last) * day_hours
        except NoCalendar:
            return None

    return of
