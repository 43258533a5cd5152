"""Which enterprise a row of a foreign table means: by code, by names with their history.

Brackets, width and case make no difference. What is only like a name is shown as a candidate and
never taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from peiyu.office.enterprises.identity import core_of, tidy_code
from peiyu.office.enterprises.models import (
    Enterprise,
    EnterpriseCode,
    EnterpriseName,
    Status,
)
from peiyu.tables.spelling import name_key
from peiyu.words import Message, message


@dataclass(frozen=True, slots=True)
class Matched:
    """Whom a row means; or, where that is in doubt, who it may be; `why` says what is the matter."""

    enterprise: int | None = None
    candidates: tuple[int, ...] = ()
    why: Message | None = None


def matched(rows: Sequence[tuple[str, str]]) -> list[Matched]:
    """For each (code, name) whom of the whole registry it means; five queries at any number."""
    codes = {tidy_code(code) for code, _ in rows if code}
    cores = {core_of(name) for _, name in rows if name}
    by_code: dict[str, set[int]] = {}
    for key, code in _codes(codes):
        by_code.setdefault(code, set()).add(key)
    by_name: dict[str, set[int]] = {}
    by_core: dict[str, set[int]] = {}
    present: dict[str, set[int]] = {}
    for key, name, core, until in EnterpriseName.objects.filter(core__in=cores).values_list(
        "enterprise", "name", "core", "until_on"
    ):
        by_core.setdefault(core, set()).add(key)
        by_name.setdefault(name_key(name), set()).add(key)
        if until is None:
            present.setdefault(name_key(name), set()).add(key)
    kept = _kept({key for found in (*by_code.values(), *by_core.values()) for key in found})

    def living(found: Iterable[int]) -> set[int]:
        return {kept[key] for key in found if key in kept}

    return [
        _one(
            living(by_code.get(tidy_code(code), ())) if code else set(),
            living(present.get(name_key(name), ())) or living(by_name.get(name_key(name), ())) if name else set(),
            living(by_core.get(core_of(name), ())) if name else set(),
            bool(code),
            name,
        )
        for code, name in rows
    ]  # fmt: skip


def _one(coded: set[int], named: set[int], alike: set[int], has_code: bool, name: str) -> Matched:
    if len(coded) == 1:
        (key,) = coded
        if name and named and key not in named:
            why = message("代码是一家企业的，名称却是另一家的")
            return Matched(candidates=(key, *sorted(named)), why=why)
        if name and not named and key not in alike:
            why = message("代码对得上，名称“{name}”却不是这家企业的现名或曾用名", name=name)
            return Matched(candidates=(key,), why=why)
        return Matched(key)
    if len(named) == 1 and not has_code:
        return Matched(next(iter(named)))
    if named and has_code:
        why = message("名称对得上，代码却不是这家企业的")
        return Matched(candidates=tuple(sorted(named)), why=why)
    if len(named) > 1:
        why = message("有{number}家企业用这个名称", number=len(named))
        return Matched(candidates=tuple(sorted(named)), why=why)
    if alike:
        return Matched(candidates=tuple(sorted(alike))[:10], why=message("企业库里只有名称相近的"))
    return Matched(why=message("企业库里没有这家企业"))


def _codes(codes: set[str]) -> Iterable[tuple[int, str]]:
    yield from Enterprise.objects.filter(code__in=codes).values_list("pk", "code")
    yield from EnterpriseCode.objects.filter(code__in=codes).values_list("enterprise", "code")


def _kept(keys: set[int]) -> dict[int, int]:
    """For each key that of the entry which is kept: itself, or into which it was merged."""
    merged: dict[int, int] = {}
    wanted = set(keys)
    status: dict[int, tuple[str, int | None]] = {}
    while wanted:
        rows = Enterprise.objects.filter(pk__in=wanted).values_list("pk", "status", "merged_into")
        status.update({key: (state, into) for key, state, into in rows})
        wanted = {into for _, into in status.values() if into is not None and into not in status}
    for key in keys:
        end, passed = key, set()
        while end in status and status[end][0] == Status.MERGED and end not in passed:
            passed.add(end)
            into = status[end][1]
            end = into if into is not None else end
        if end in status:
            merged[key] = end
    return merged
