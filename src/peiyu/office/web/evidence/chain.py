"""The chain of an enterprise: drawn, as a table, with what does not agree and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from peiyu.office.accounts.models import User
from peiyu.office.desk.evidence_exports import may_export_evidence
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.portfolio.flags import Flag, flags_of, remarks_of
from peiyu.office.portfolio.loading import held_of
from peiyu.office.portfolio.models import Remark
from peiyu.office.portfolio.permissions import (
    EVERY,
    RIGHTS,
    may_rule,
    may_take_back,
    tables_open_to,
)
from peiyu.office.web.answers import REFUSED, or_404
from peiyu.office.web.enterprises.detail import found, tab_page
from peiyu.office.web.enterprises.years_forms import Looked
from peiyu.office.web.evidence.drawing import drawn
from peiyu.office.web.evidence.words import (
    SEVERITIES,
    SEVERITY_SHAPES,
    STANDING_SHAPES,
    in_wan,
    shown,
)
from peiyu.office.web.templatetags.say import language
from peiyu.policy.chain import CHECKS, Checked, Graph, Held, Node, Place, checked, graph
from peiyu.policy.evidence import BY_NAME, TABLES, Row, day_of, text_of
from peiyu.policy.wording import money
from peiyu.words import Message, mark, message

TAB = "enterprise_evidence"
WAYS_SHOWN = 6
PRODUCTS_AS_TABS = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """A flag as the page has it: its number, where it leads, what may be done with it."""

    number: int
    flag: Flag
    severity: str
    severity_shape: str
    standing_shape: str
    rows: tuple[tuple[str, str], ...]
    """Number and address of each row."""
    remarks: tuple[tuple[Remark, bool], ...]
    query: str
    amount: Message | None


@dataclass(frozen=True, slots=True)
class OfProduct:
    """A line of the table: a product with the ways that lead to it."""

    no: str
    title: str
    href: str
    income: str
    is_main: str
    ways: tuple[str, ...]
    more: int
    numbers: str


@dataclass(frozen=True, slots=True)
class CheckShown:
    """A check and what came of it."""

    title: str
    shape: str
    colour: str
    words: Message | str


@login_required
@never_cache
@require_safe
def enterprise_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """`?at=ip/IP03` (one thing and its way), `?only=flags`, `?known=` (a past day)."""
    person, one = found(request, pk)
    tables = tables_open_to(person, one)
    or_404(bool(tables))
    if tables == (RIGHTS,):
        return redirect(reverse("evidence_table", args=[one.pk, RIGHTS]))
    on = person.access.on
    looked = Looked(request.GET)
    valid = looked.is_valid()
    known = min((looked.cleaned_data.get("known") or on) if valid else on, on)
    past = known < on
    held = held_of([one], on=known, known=known if past else None)[one.pk]
    said = remarks_of([one.pk], known if past else None)[one.pk]
    seen = checked(held)
    flags = flags_of(held, said, known, seen)
    made = graph(held)
    only_flags = request.GET.get("only") == "flags"
    kept = {"only": "flags"} if only_flags else {}
    if past:
        kept["known"] = known.isoformat()
    shown_flags = _flags(one, person, flags)
    numbers = _numbers(shown_flags)
    at = _place(request.GET.get("at", ""), made)
    chosen = made.of([at]) if at else set()
    odd = made.of(numbers) if only_flags else None
    checks = _checks(seen, {flag.check.id for flag in flags if flag.is_open})
    chosen_query = {"at": "/".join(at)} if at else {}
    more: dict[str, Any] = {
        "looked": looked,
        "past": past,
        "known": known,
        "now": reverse(TAB, args=[one.pk]),
        "at": at,
        "only_flags": only_flags,
        "all_href": "?"
        + urlencode({**chosen_query, **{k: v for k, v in kept.items() if k != "only"}}),
        "odd_href": "?" + urlencode({**chosen_query, **kept, "only": "flags"}),
        "at_href": place_url(one, at) if at else "",
        "flags": [flag for flag in shown_flags if flag.flag.is_open],
        "cleared": [flag for flag in shown_flags if not flag.flag.is_open],
        "checks": checks,
        "fine": sum(check.shape == "met" for check in checks),
        "drawing": drawn(
            made, chosen=chosen, numbers=numbers, below=partial(_below, held), only=odd, query=kept
        ),
        "heads": _heads(held, made),
        "products": _products(held, made, numbers, kept),
        "year": held.last_year,
        "unit": mark("元") if language() == "en" else mark("万元"),
        "may_export": may_export_evidence(person),
        "choices": _choices(made, at, kept),
        "empty": not any(made.layers.values()),
        "may_rule": not past and may_rule(person, one),
        "tables": table_views(one, person, ""),
    }
    status = 200 if valid else REFUSED
    return tab_page(request, person, one, TAB, "evidence/chain.html", status=status, **more)


def table_views(one: Enterprise, person: User, current: str) -> list[dict[str, Any]]:
    """The chain and its tables as tabs, of those that the person may read."""
    opened = tables_open_to(person, one)
    views = []
    if opened == EVERY:
        href = reverse(TAB, args=[one.pk])
        views.append(
            {"label": mark("证据链"), "href": href, "number": None, "current": not current}
        )
    views += [
        {
            "label": table.title,
            "href": reverse("evidence_table", args=[one.pk, table.name]),
            "number": None,
            "current": table.name == current,
        }
        for table in TABLES
        if table.name in opened
    ]
    return views


def row_url(one: Enterprise, table: str, key: str) -> str:
    """The page of a row; its key may hold slashes."""
    return row_url_of(one.pk, table, key)


def row_url_of(enterprise: int, table: str, key: str) -> str:
    """The page of a row of the enterprise of that key."""
    return reverse("evidence_row", args=[enterprise, table, key.replace("/", "~")])


def place_url(one: Enterprise, place: Place) -> str:
    """The page of a row, or of its table where a number names several rows."""
    table, no = place
    if has_page(table):
        return row_url(one, table, no)
    return reverse("evidence_table", args=[one.pk, table])


def flags_shown(one: Enterprise, person: User, held: Held, on: date) -> list[Shown]:
    """The flags of an enterprise as they stand today."""
    return _flags(one, person, flags_of(held, remarks_of([one.pk])[one.pk], on))


def _flags(one: Enterprise, person: User, flags: list[Flag]) -> list[Shown]:
    ordered = sorted(flags, key=lambda flag: not flag.is_open)  # those left to do keep low numbers
    places = {place for flag in ordered for place in flag.finding.places}
    urls = {place: place_url(one, place) for place in places}
    return [
        Shown(
            number,
            flag,
            SEVERITIES[flag.check.severity],
            SEVERITY_SHAPES[flag.check.severity],
            STANDING_SHAPES[flag.standing],
            tuple((place[1], urls[place]) for place in flag.finding.places),
            tuple((remark, may_take_back(person, remark)) for remark in flag.remarks),
            urlencode({"flag": flag.finding.key, "digest": flag.finding.digest}),
            money(flag.finding.amount) if flag.finding.amount else None,
        )
        for number, flag in enumerate(ordered, 1)
    ]


def has_page(table: str) -> bool:
    """Rows named by one number have a page by it."""
    return len(BY_NAME[table].key) == 1


def _numbers(flags: list[Shown]) -> dict[Place, str]:
    """The number of the first open flag of each thing."""
    found: dict[Place, str] = {}
    for flag in flags:
        if flag.flag.is_open:
            for place in flag.flag.finding.places:
                found.setdefault(place, str(flag.number))
    return found


def _place(text: str, made: Graph) -> Place | None:
    table, _, no = text.partition("/")
    there = {node.place for nodes in made.layers.values() for node in nodes}
    return (table, no) if (table, no) in there else None


def _below(held: Held, node: Node) -> str:
    """What stands below the title of a box."""
    match node.place[0]:
        case "projects":
            row = held.projects[node.no]
            spent = held.spent.get(node.no)
            return f"{_months(row)}  {in_wan(spent)}" if spent else _months(row)
        case "ip":
            row = held.ip[node.no]
            kind = shown(text_of(row, "kind") or None, BY_NAME["ip"].fact("kind"))
            applied = day_of(row, "applied_on")
            return f"{kind}  {applied:%Y-%m}" if applied else kind
        case "conversions":
            line = next(r for r in held.rows("conversions") if r.get("no") == node.no)
            day = day_of(line, "converted_on")
            form = shown(text_of(line, "form") or None, BY_NAME["conversions"].fact("form"))
            return f"{day:%Y-%m}  {form}" if day else form
        case _:
            income = held.income.get((node.no, held.last_year))
            return in_wan(income) if income is not None else "—"


def _months(row: Row) -> str:
    start, end = day_of(row, "started_on"), day_of(row, "ended_on")
    return f"{start:%Y-%m}～{end:%Y-%m}" if start and end else f"{start:%Y-%m}起" if start else "—"


def _heads(held: Held, made: Graph) -> list[tuple[int, Message]]:
    """The words over each column."""
    counts = {name: len(nodes) for name, nodes in made.layers.items()}
    usable = sum(answer is True for answer in held.usable.values())
    income = sum(held.income.get((no, held.last_year), 0) for no in held.products)
    return [
        (0, message("研发活动{number}项", number=counts["projects"])),
        (272, message("知识产权{number}件，可用{usable}件", number=counts["ip"], usable=usable)),
        (544, message("成果转化{number}项", number=counts["conversions"])),
        (816, message("产品（服务）{number}项，{income}", number=counts["products"], income=money(income))),
    ]  # fmt: skip


def _products(
    held: Held, made: Graph, numbers: dict[Place, str], kept: dict[str, str]
) -> list[OfProduct]:
    found = []
    main = BY_NAME["products"].fact("is_main")
    for node in made.layers["products"]:
        row = held.products[node.no]
        ways = [" → ".join(no for _, no in way[:-1]) for way in made.ways_to(node.place)]
        flagged = sorted(
            {int(numbers[place]) for place in made.of([node.place]) if place in numbers}
        )
        found.append(
            OfProduct(
                node.no,
                node.title,
                "?" + urlencode({"at": f"products/{node.no}", **kept}),
                in_wan(held.income.get((node.no, held.last_year))),
                shown(row.get("is_main"), main),
                tuple(ways[:WAYS_SHOWN]),
                max(0, len(ways) - WAYS_SHOWN),
                "、".join(map(str, flagged)),
            )
        )
    return found


def _choices(made: Graph, at: Place | None, kept: dict[str, str]) -> list[dict[str, Any]]:
    """All, and each product, as tabs; where there are many products, only what is chosen."""
    products = [node.place for node in made.layers["products"]]
    offered = products if len(products) <= PRODUCTS_AS_TABS else []
    if at is not None and at not in offered:
        offered = [*offered, at]
    every = {
        "label": mark("全部"),
        "href": f"?{urlencode(kept)}",
        "number": None,
        "current": not at,
    }
    return [every, *(
        {
            "label": place[1],
            "href": "?" + urlencode({"at": "/".join(place), **kept}),
            "number": None,
            "current": place == at,
        }
        for place in offered
    )]  # fmt: skip


def _checks(seen: list[Checked], left: set[str]) -> list[CheckShown]:
    """Each check in its order; `left` are those with flags that nobody has cleared."""
    found = []
    for one in sorted(seen, key=lambda one: CHECKS.index(one.check)):
        if one.findings and one.check.id not in left:
            words: Message | str = message("已核{number}处", number=len(one.findings))
            shape, colour = "met", "met"
        elif one.findings:
            words = message("提示{number}处", number=len(one.findings))
            shape, colour = "late", "unk"
        elif one.open:
            words, shape, colour = message("{number}处资料不足", number=one.open), "unk", "na"
        elif one.fine:
            words, shape, colour = mark("通过"), "met", "met"
        else:
            words, shape, colour = mark("没有可核对的"), "na", "na"
        found.append(CheckShown(one.check.title, shape, colour, words))
    return found
