"""R&D: activities with their days and papers, what they cost, who worked on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from peiyu.demo import spending
from peiyu.demo.amounts import WAN, share_out, up
from peiyu.demo.draft import PERSON, Row
from peiyu.demo.evidence.proof import Proof, day, within
from peiyu.demo.identity import numbered

PARTS = spending.CATEGORIES
BEFORE, AFTER = timedelta(days=150), timedelta(days=90)
"""How long before the first application of its rights an activity began, and after the last it ended."""
TRIED_OUT = frozenset({"declares_more", "more_at_home", "more_staff_in_rd", "before_its_birth"})
"""Stories of figures that contradict themselves: no rows can add up to them."""
POSTS = ("工艺研发", "结构设计", "电气研发", "试验", "软件开发", "检测")
TIMEKEEPERS = 12
"""One enterprise in so many keeps hours by month."""
A_DAY = 8


def write_projects(proof: Proof) -> None:
    """The activities of the years, and earlier ones of which rights came."""
    _spent(proof)
    years: dict[str, list[int]] = defaultdict(list)
    titles: dict[str, str] = {}
    for row in proof.tables.get("rd", ()):
        no = str(row["no"])
        years[no].append(int(str(row["year"])))
        titles[no] = str(row.pop("title"))
    rows = [_of_years(proof, no, titles[no], years[no]) for no in sorted(years)]
    rows += _of_rights(proof, rows)
    if not rows and not proof.rows("ip"):
        rows = [_begun(proof)]
    proof.tables["projects"] = rows
    if rows:
        proof.full.add("projects")


def _spent(proof: Proof) -> None:
    """Rows of spending: the workbook's, else such as add up to what the years state."""
    draft = proof.draft
    if not draft.tables.get("rd"):
        if "years" in draft.tables:
            draft.tables["rd"] = list(_of_categories(proof))
        elif proof.firm.story.name not in TRIED_OUT and _states_rd(proof):
            spending.write_activities(draft, proof.random.randrange(6))
    proof.tables["rd"] = draft.tables.get("rd", [])


def _states_rd(proof: Proof) -> bool:
    names = [f"{name}.{lag}" for lag in proof.draft.lags for name in ("rd_total", "rd_domestic")]
    return all(proof.fact(name) for name in names)


def _of_categories(proof: Proof) -> Iterator[Row]:
    """What the years say of each category, shared out among two activities."""
    random, trade = proof.random, proof.firm.trade
    titles = [
        f"{random.choice(trade.products)}{method}技术研究"
        for method in random.sample(trade.methods, 2)
    ]
    for row in proof.draft.tables["years"]:
        amounts = {name: row.get(name) for name in PARTS}
        if not all(isinstance(amount, int) for amount in amounts.values()):
            continue
        parts = {name: share_out(int(str(amount)), 2, random) for name, amount in amounts.items()}
        for at, (no, title) in enumerate(zip(islice(numbered("RD"), 2), titles, strict=True)):
            yield {"no": no, "title": title, "year": row["year"],
                   **{name: parts[name][at] for name in PARTS}}  # fmt: skip


def write_spending(proof: Proof) -> None:
    """Say that all of it is there."""
    if proof.tables.get("rd"):
        proof.full.add("rd")


def _of_years(proof: Proof, no: str, title: str, years: list[int]) -> Row:
    first = max(date(min(years), 1, 1 + proof.random.randrange(20)), proof.draft.established_on)
    last = date(max(years), 12, 31)
    goes_on = max(years) == proof.last_year and proof.random.randrange(2) == 0
    if goes_on:
        last = date(proof.on.year, 12, 31)
    cost = sum(
        int(str(row[name])) for row in proof.tables["rd"] if row["no"] == no for name in PARTS
    )
    return _activity(proof, no, title, first, last, done=not goes_on) | {"budget": up(cost, WAN)}


def _of_rights(proof: Proof, running: list[Row]) -> Iterator[Row]:
    """An activity for the rights of each year that no other explains; it names them."""
    without: dict[int, list[Row]] = defaultdict(list)
    for row in proof.rows("ip"):
        applied = day(row, "applied_on")
        if row["obtained"] != "self" or applied is None:
            continue
        fit = next((one for one in running if _spans(one, applied)), None)
        if fit is not None:
            _named(fit).append(str(row["no"]))
        else:
            without[applied.year].append(row)
    taken = {row["no"] for row in running}
    numbers = (no for no in numbered("RD") if no not in taken)
    trade = proof.firm.trade
    for year in sorted(without):
        days = [found for row in without[year] if (found := day(row, "applied_on"))]
        first = max(min(days) - BEFORE, proof.draft.established_on)
        title = f"{proof.random.choice(trade.products)}{proof.random.choice(trade.methods)}开发"
        made = _activity(proof, next(numbers), title, first, max(days) + AFTER, done=True)
        _named(made).extend(str(row["no"]) for row in without[year])
        yield made


def _begun(proof: Proof) -> Row:
    """All that is known of some: that something was begun."""
    trade = proof.firm.trade
    title = f"{proof.random.choice(trade.products)}{proof.random.choice(trade.methods)}开发"
    return {"no": "RD01", "title": title, "started_on": date(proof.last_year, 9, 1)}


def _activity(proof: Proof, no: str, title: str, first: date, last: date, *, done: bool) -> Row:
    named: list[str] = []
    return {
        "no": no, "title": title, "way": "own", "tech_source": "own",
        "field": proof.firm.facts.get("tech_field") or proof.firm.trade.fields[0],
        "started_on": first, "ended_on": last, "state": "done" if done else "running",
        "approved_on": first, "approval": True, "approval_paper": f"研发立项〔{first.year}〕{int(no[2:])}号",
        "acceptance": done, "accepted_on": min(last + timedelta(days=20), proof.on) if done else None,
        "acceptance_paper": f"验收报告{no}" if done else None, "ip_nos": named,
    }  # fmt: skip


def _spans(row: Row, applied: date) -> bool:
    first, last = day(row, "started_on"), day(row, "ended_on")
    return first is not None and last is not None and first <= applied <= last


def _named(row: Row) -> list[str]:
    found = row["ip_nos"]
    assert isinstance(found, list)
    return found


def write_people(proof: Proof) -> None:
    """People of R&D by number; of some also their hours in the last year."""
    heads = proof.fact("st_staff_average.1")
    if not heads or not proof.rows("projects"):
        return
    random = proof.random
    since = proof.draft.established_on
    latest = date(proof.last_year - 1, 12, 1)
    rows: list[Row] = [
        {
            "no": no, "employment": "payroll", "post": random.choice(POSTS), "st": True,
            "joined_on": within(min(since, latest), latest, random), "left_on": None,
        }
        for no in islice(_staff_numbers(), min(6, max(2, heads // PERSON)))
    ]  # fmt: skip
    proof.tables["people"] = rows
    for right in proof.rows("ip"):
        if right["obtained"] == "self":
            count = random.randint(1, min(3, len(rows)))
            right["inventors"] = [str(row["no"]) for row in random.sample(rows, count)]
    if random.randrange(TIMEKEEPERS) == 0 or proof.firm.tables.get("rd"):
        proof.tables["hours"] = list(_hours(proof, rows))


def _staff_numbers() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"P{number:03d}"


def _hours(proof: Proof, people: list[Row]) -> Iterator[Row]:
    """Hours of the first of them on what ran all year; never more than the working days have."""
    year = proof.last_year
    running = [
        row for row in proof.rows("projects")
        if _spans(row, date(year, 1, 31)) and _spans(row, date(year, 12, 1))
    ]  # fmt: skip
    if not running:
        return
    for at, person in enumerate(people[:3]):
        project = running[at % len(running)]
        for month in range(1, 13):
            yield {
                "no": project["no"], "person": person["no"], "year": year, "month": month,
                "hours": A_DAY * proof.random.randint(6, 14),
            }  # fmt: skip
