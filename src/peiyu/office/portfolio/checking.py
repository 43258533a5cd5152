"""What a row of evidence may not say, in words: for forms, tables and programs alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from peiyu.office.enterprises.classifications import field_code, fields
from peiyu.office.foundation.refusals import Refused, SeveralRefused
from peiyu.office.portfolio.models import LONGEST_KEY, longest
from peiyu.policy.case import Scalar
from peiyu.policy.evidence import Evidence
from peiyu.policy.facts import Fact, Unit
from peiyu.words import Message, message

Values = Mapping[str, Scalar]
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
MOST_NAMES, LONGEST_NAME = 200, 60
FIELD = "field"
"""The fact that is a code of the technical fields."""
ORDER = {
    "ip": (("applied_on", "granted_on"), ("granted_on", "ends_on"), ("applied_on", "ends_on")),
    "projects": (("started_on", "ended_on"), ("approved_on", "accepted_on"), ("started_on", "accepted_on")),
    "cooperations": (("signed_on", "until_on"),),
    "people": (("joined_on", "left_on"),),
}  # fmt: skip
"""What comes first and what after, by table."""
PAST = frozenset({
    "applied_on", "granted_on", "approved_on", "accepted_on", "first_sold_on", "converted_on",
    "published_on", "signed_on", "recognised_on", "issued_on", "awarded_on", "happened_on",
    "obtained_on",
})  # fmt: skip
"""Days that cannot lie ahead: they say what happened."""


def settled(values: Values) -> dict[str, Scalar]:
    """Values as they are kept: a technical field as the classification writes it, 8.4.1 as 80401."""
    found = dict(values)
    if isinstance(code := found.get(FIELD), str):
        found[FIELD] = field_code(code)
    return found


def key_of(table: Evidence, values: Values) -> str:
    """What names the row: IP01, RD02/2018."""
    return "/".join(str(values.get(name) or "") for name in table.key)[:LONGEST_KEY]


def check(table: Evidence, values: Values, on: date) -> None:
    """Refuse all that cannot be, each at its field.

    Raises:
        SeveralRefused: with the value, the rule and what to do.
    """
    found = [Refused(text, field=name) for name, text in troubles(table, values, on)]
    if found:
        raise SeveralRefused(tuple(found))


def troubles(table: Evidence, values: Values, on: date) -> Iterator[tuple[str, Message]]:
    """What is the matter, by fact."""
    for fact in table.facts:
        value = values.get(fact.name)
        if value is None:
            if fact.required or fact.name in table.key:
                yield fact.name, message("“{term}”必须填写", term=message(fact.chinese))
        elif said := _trouble(fact, value, on):
            yield fact.name, said
    for first, then in ORDER.get(table.name, ()):
        before, after = values.get(first), values.get(then)
        if isinstance(before, date) and isinstance(after, date) and after < before:
            text = "{then}{after}早于{first}{before}，请核对"
            yield then, message(
                text, then=message(table.fact(then).chinese), after=after.isoformat(),
                first=message(table.fact(first).chinese), before=before.isoformat(),
            )  # fmt: skip


def _trouble(fact: Fact, value: Scalar, on: date) -> Message | None:
    term = message(fact.chinese)
    if isinstance(value, date):
        if not EARLIEST <= value <= LATEST:
            return message("{term}{day}不像日期，请核对年份", term=term, day=value.isoformat())
        if value > on and fact.name in PAST:
            return message("{term}{day}还没有到，请核对", term=term, day=value.isoformat())
        return None
    if isinstance(value, tuple):
        return _names_trouble(term, value)
    if isinstance(value, str):
        if fact.unit is Unit.CHOICE and value not in {code for code, _, _ in fact.choices}:
            return message(
                "{term}没有“{value}”这一项，请从列出的选项里选", term=term, value=value[:40]
            )
        if len(value) > longest(fact):
            return message(
                "{term}有{length}个字，最多{most}个",
                term=term,
                length=len(value),
                most=longest(fact),
            )
        if fact.name in ("no", "person", "number") and any(sign in value for sign in "/~"):
            return message("{term}里不能有斜线“/”和“~”", term=term)
        if fact.name == FIELD and value not in fields():
            text = "{term}“{value}”不在《国家重点支持的高新技术领域》里，请写目录代码，例如 8.4.1 或 80401"
            return message(text, term=term, value=value[:40])
        return None
    if isinstance(value, bool) or value is None:
        return None
    low, high = fact.minimum, fact.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        if fact.unit is Unit.FEN:
            return message(
                "{term}应在{low}元到{high}元之间", term=term, low=_yuan(low), high=_yuan(high)
            )
        return message(
            "{term}是{value}，应在{low}到{high}之间", term=term, value=value, low=low, high=high
        )
    return None


def _names_trouble(term: Message, names: tuple[str, ...]) -> Message | None:
    if len(names) > MOST_NAMES:
        return message(
            "{term}写了{count}个编号，最多{most}个", term=term, count=len(names), most=MOST_NAMES
        )
    if strange := next((name for name in names if len(name) > LONGEST_NAME or "/" in name), None):
        return message("{term}里的“{name}”不像编号", term=term, name=strange[:40])
    return None


def _yuan(fen: int | None) -> str:
    return "—" if fen is None else f"{fen // 100:,}"
