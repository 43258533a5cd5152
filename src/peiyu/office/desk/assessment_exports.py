"""Taking the list of who stands where away as a file, as the one who takes it sees it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from peiyu.office.accounts.models import User
from peiyu.office.assessments.listing import asked_in, book_named, chosen_order, filtered
from peiyu.office.assessments.models import Readinesses
from peiyu.office.assessments.permissions import reads_assessments
from peiyu.office.assessments.queries import ready
from peiyu.office.assessments.shown.words import outcome_shown, points
from peiyu.office.desk import exports
from peiyu.office.desk.permissions import may_export
from peiyu.office.enterprises.listing import asked_of
from peiyu.policy.rulebook import Rulebook
from peiyu.words import joined, mark, message, translate

HEADS = (
    mark("企业"), mark("统一社会信用代码"), mark("责任单位"), mark("数据条件"), mark("全部条件"),
    mark("不符合的"), mark("资料不足的"), mark("评分"), mark("还要几分"), mark("判断日期"), mark("规则版本"),
    mark("页面"),
)  # fmt: skip
WIDE = frozenset({0, 5, 6})
"""The places of long texts."""


def may_export_assessments(person: User, thing: object = None) -> bool:
    """Takes the list away: whoever has it and takes lists away at all."""
    return reads_assessments(person) and may_export(person)


def found_by(query: str, person: User) -> tuple[Rulebook, Readinesses]:
    """The programme and the rows that the words of an address leave, as this person sees the list.

    Raises:
        Refused: a word that the list does not know.
    """
    given = asked_of(query)
    book = book_named(given.get("book", ""))
    rows = filtered(ready(person, book.name), asked_in(given))
    return book, rows.order_by(chosen_order(given.get("sort", "")), "pk")


def number_asked(query: str, person: User) -> int:
    """How many enterprises the list holds."""
    return found_by(query, person)[1].count()


def write_assessments(
    target: Path, *, query: str, form: str, person: User, on: date, address: str, lang: str
) -> int:
    """Write exactly the filtered list; how many enterprises.

    Each row ends with the address of its page; the foot says as of which day and for whom.
    """
    book, rows = found_by(query, person)
    count = rows.count()
    heads = [translate(head, lang) for head in HEADS]
    title = message("{title}测评", title=message(book.title))
    foot = message("{title}，{rest}", title=title, rest=exports.foot_said(on, count, person)).say(
        lang
    )
    exports.write_rows(
        target, form, heads, _lines(rows, book, address, lang), foot, lang, wide=WIDE
    )
    return count


def _lines(rows: Readinesses, book: Rulebook, address: str, lang: str) -> Iterator[list[object]]:
    titles = {one.id: translate(one.title, lang) for one in book.criteria}
    rows = rows.select_related("enterprise__body")
    for row in rows.iterator(exports.AT_ONCE):
        firm = row.enterprise
        yield [
            firm.name, firm.code, firm.body.short if firm.body else "", _outcome(row.hard, lang),
            _outcome(row.verdict, lang), _named(row.unmet_criteria, titles, lang),
            _named(row.unknown_criteria, titles, lang), points(row.score_span), row.points_needed, row.on,
            row.version, f"{address}/enterprises/{firm.pk}/assessment/{book.name}/",
        ]  # fmt: skip


def _outcome(value: int, lang: str) -> str:
    return translate(outcome_shown(value)[1], lang)


def _named(names: tuple[str, ...], titles: dict[str, str], lang: str) -> str:
    return joined("、", [titles[name] for name in names if name in titles], lang)
