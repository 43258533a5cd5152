"""Sheets of invented panels: whole points within the bands that the rules give, to a chosen total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from peiyu.batch.cases import cases_of
from peiyu.demo.draft import Draft, Row
from peiyu.demo.unwritten import as_read
from peiyu.policy.explain import Assessment, program
from peiyu.policy.intervals import interval
from peiyu.policy.rulebooks.hnte import FINANCIAL_ITEMS, HNTE, IP_ITEMS, TECHNICAL_ITEMS

TECHNICAL, EXPERTS = 4, 5
"""Experts of a panel: so many technical ones, the last a financial one."""
ITEMS = (*IP_ITEMS, *TECHNICAL_ITEMS)
AT_EASE = range(4 * 74, 4 * 86)
"""Totals of panels that do not hesitate, in quarters of a point."""
Band = tuple[int, int]


def bands(draft: Draft) -> dict[str, Band]:
    """The least and the most points of each item, as the rules give them."""
    rows = {"enterprise": [draft.facts], **owned(draft)}
    case = cases_of(as_read(rows), draft.on).cases[0]
    judged = Assessment(program(HNTE, draft.on), case)
    return {item.id: band_of(judged.value(item.points)) for item in HNTE.items}


def owned(draft: Draft) -> dict[str, list[Row]]:
    """The rows of an enterprise with its code and name before them."""
    return {
        table: rows if table == "uses" else [with_owner(draft, row) for row in rows]
        for table, rows in draft.tables.items()
    }


def with_owner(draft: Draft, row: Row) -> Row:
    """A row and whose it is."""
    return {"code": draft.code, "name": draft.name, **row}


def band_of(points: object) -> Band:
    """A band in whole points."""
    low, high, scale, _ = interval(points)  # type: ignore[arg-type]
    assert low is not None and high is not None
    return low // scale, high // scale


def write_panel(draft: Draft, quarters: int | None = None) -> None:
    """Five sheets whose average is the total wanted, in quarters of a point, or a good one."""
    random = draft.random
    known = bands(draft)
    finance = {name: random.randint(*known[name]) for name in FINANCIAL_ITEMS}
    given = sum(finance.values())
    most = TECHNICAL * (given + sum(known[name][1] for name in ITEMS))
    wanted = random.choice(AT_EASE) if quarters is None else quarters
    sheets = [{name: known[name][1] for name in ITEMS} for _ in range(TECHNICAL)]
    lower(sheets, known, max(0, most - wanted), draft)
    draft.tables["sheets"] = [
        *(
            sheet_of(f"E{at:02d}", "technical", "panel", sheet)
            for at, sheet in enumerate(sheets, 1)
        ),
        sheet_of(f"E{EXPERTS:02d}", "financial", "panel", finance),
    ]


def sheet_of(expert: str, kind: str, author: str, points: Mapping[str, int]) -> Row:
    """One sheet: by whom, and the points."""
    return {"expert": expert, "kind": kind, "author": author, **points}


def lower(
    sheets: Sequence[dict[str, int]], known: Mapping[str, Band], by: int, draft: Draft
) -> None:
    """Take points away one by one, here and there, never below a band."""
    while by:
        room = [(sheet, name) for sheet in sheets for name in ITEMS if sheet[name] > known[name][0]]
        assert room, "the bands do not reach so low"
        draft.random.shuffle(room)
        for sheet, name in room[:by]:
            sheet[name] -= 1
        by -= min(by, len(room))


def write_estimates(draft: Draft) -> None:
    """What the enterprise itself and its coach expect; it changes no outcome."""
    known = bands(draft)
    draft.tables["sheets"] = [
        sheet_of(
            f"{author[0].upper()}{at}", kind, author,
            {name: draft.random.randint(*known[name]) for name in items},
        )
        for author in ("self", "coach")
        for at, (kind, items) in enumerate((("technical", ITEMS), ("financial", FINANCIAL_ITEMS)), 1)
    ]  # fmt: skip
