"""Taking evidence away: rows in the layout of their import, the chain as a list of its ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from peiyu.office.accounts.models import User
from peiyu.office.desk.exports import foot_of, set_up_print
from peiyu.office.desk.permissions import may_export
from peiyu.office.enterprises.listing import asked_of
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.refusals import Refused
from peiyu.office.policies.programme import value_of
from peiyu.office.portfolio import listing
from peiyu.office.portfolio.imports.entries import layout_of
from peiyu.office.portfolio.loading import held_of
from peiyu.office.portfolio.models import Entry
from peiyu.office.portfolio.permissions import reads_rights
from peiyu.office.portfolio.queries import rows_of
from peiyu.policy.chain import Held, graph
from peiyu.policy.evidence import IP, Evidence
from peiyu.tables.workbooks import MONEY_FORMAT, Book
from peiyu.tables.writing import ChoiceLists, write_table
from peiyu.words import mark, message, translate

MOST_ROWS = 100_000
AT_ONCE = 2000
LINK_COLUMNS = (
    mark("研发活动编号"), mark("研发活动名称"), mark("知识产权编号"), mark("知识产权名称"),
    mark("转化编号"), mark("科技成果"), mark("产品编号"), mark("产品（服务）名称"),
    mark("上年收入（元）"),
)  # fmt: skip


def may_export_rights(person: User, thing: object = None) -> bool:
    """Takes the list of rights away: whoever reads it and takes lists away at all."""
    return reads_rights(person) and may_export(person)


def may_export_evidence(person: User, thing: object = None) -> bool:
    """Takes tables of one enterprise away: whoever takes lists away at all."""
    return may_export(person)


def rights_asked(query: str, person: User) -> Any:
    """The rights that the filters of a URL leave, as this person sees the list, in its order.

    Raises:
        Refused: the filters are wrong.
    """
    asked, on = asked_of(query), person.access.on
    days = int(value_of("ip_fee_days", on))
    filters = listing.Filters(asked, listing.visible(person), on=on, days=days)
    if not filters.is_valid():
        raise Refused(message("条件有误，请先在列表里改正"), field="query")
    return filters.qs.order_by(listing.chosen_order(asked.get("sort", "")), "pk")


def enterprises_of_rights(query: str, person: User) -> int:
    """How many enterprises the filtered rights tell of.

    Raises:
        Refused: the filters are wrong, there is nothing, or more than a sheet is good for.
    """
    found = rights_asked(query, person)
    number = found.count()
    if not number:
        raise Refused(message("没有可导出的；请回列表改条件"))
    if number > MOST_ROWS:
        text = "有{number}件，一个文件最多{most}件；请回列表缩小范围"
        raise Refused(message(text, number=number, most=MOST_ROWS))
    return int(found.order_by().values("enterprise").distinct().count())


def write_rights(target: Path, *, query: str, person: User, on: date, lang: str) -> int:
    """The filtered rights of all enterprises; how many enterprises."""
    rows = rights_asked(query, person).select_related("enterprise")
    firms: set[int] = set()

    def lines() -> Iterator[dict[str, object]]:
        for row in rows.iterator(AT_ONCE):
            firms.add(row.enterprise_id)
            yield _line(row.enterprise, row)

    _written(target, IP, list(lines()), len(firms), person, on, lang)
    return len(firms)


def write_table_of(
    target: Path, *, enterprise: Enterprise, table: Evidence, known: date | None, person: User,
    on: date, lang: str,
) -> int:  # fmt: skip
    """The rows of one table of an enterprise, as they stand or stood; one enterprise."""
    rows = [_line(enterprise, row) for row in rows_of(enterprise, table, known)]
    _written(target, table, rows, 1, person, known or on, lang)
    return 1


def write_links(target: Path, *, enterprise: Enterprise, person: User, on: date, lang: str) -> int:
    """What leads to what: a line a way from R&D, or wherever it begins, to a product."""
    held = held_of([enterprise], on=on)[enterprise.pk]
    book = Book(target, lang, row_by_row=True)
    page = book.sheet(translate(mark("证据对应表"), lang))
    for at, head in enumerate(LINK_COLUMNS):
        book.put(page, 0, at, translate(head, lang), bold=True, bottom=1)
        page.set_column(at, at, 14 if at % 2 == 0 else 30)
    page.freeze_panes(1, 0)
    for number, line in enumerate(_ways(held), start=1):
        for at, value in enumerate(line):
            if value not in (None, ""):
                style = {"num_format": MONEY_FORMAT} if at == len(LINK_COLUMNS) - 1 else {}
                book.put(page, number, at, value, **style)
    set_up_print(page, foot_of(on, 1, person, lang))
    book.close()
    return 1


def _ways(held: Held) -> Iterator[list[Any]]:
    made = graph(held)
    titles = {node.place: node.title for nodes in made.layers.values() for node in nodes}
    layers = ("projects", "ip", "conversions", "products")
    for node in made.layers["products"]:
        for way in made.ways_to(node.place) or [(node.place,)]:
            by_layer = dict(way)
            line: list[Any] = []
            for layer in layers:
                no = by_layer.get(layer, "")
                line += [no, titles.get((layer, no), "")]
            income = held.income.get((node.no, held.last_year))
            yield [*line, None if income is None else Decimal(income).scaleb(-2)]


def _line(enterprise: Enterprise, row: Entry) -> dict[str, object]:
    values = row.values()
    known = {name: value for name, value in values.items() if value is not None}
    return {"code": enterprise.code or None, "name": enterprise.name, **known}


def _written(
    target: Path, table: Evidence, rows: Iterable[dict[str, object]], firms: int, person: User,
    on: date, lang: str,
) -> None:  # fmt: skip
    book, choices = Book(target, lang, row_by_row=True), ChoiceLists()
    write_table(book, layout_of(table, on)[0], (), choices, rows=list(rows))
    choices.write(book)
    page = book.book.worksheets()[0]
    set_up_print(page, foot_of(on, firms, person, lang))
    book.close()
