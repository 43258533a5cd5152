"""Rights: the workbook's with their days, fees and owners; or as many as the enterprise states."""

from __future__ import annotations

from datetime import date, timedelta

from peiyu.demo.draft import Row
from peiyu.demo.evidence.proof import Proof, day
from peiyu.demo.portfolio import BOUGHT, CLASS_TWO, SOFTWARE, numbered_rows, right, tell_apart
from peiyu.policy.patents import PATENTS, patent_number, term_ends_on

LONG_AGO = date(2009, 3, 1)
"""When an enterprise was founded of which nobody says it, as far as its evidence goes."""
LATELY = timedelta(days=400)
"""Longer ago than what counts as taken over shortly before."""
ONE_DAY = timedelta(days=1)


def write(proof: Proof) -> None:
    """The rights, each with what the workbook does not ask."""
    rows = proof.draft.tables.get("ip") or _drawn(proof)
    for row in rows:
        _completed(row, proof)
    proof.tables["ip"] = rows
    proof.uses = proof.draft.tables.get("uses", [])
    if rows and (proof.uses or proof.fact("ip_class2") is not None):
        proof.full.add("ip")


def _drawn(proof: Proof) -> list[Row]:
    """As many of each class and of its own making as it states; one or two where it says nothing."""
    random, draft = proof.random, proof.draft
    one, two = proof.fact("ip_class1"), proof.fact("ip_class2")
    if one is None and two is None:
        one, two = 0, random.randint(1, 2)
    kinds = SOFTWARE if draft.trade.key == "software" else CLASS_TWO
    rows = [right(draft, "invention") for _ in range(one or 0)]
    rows += [right(draft, random.choice(kinds)) for _ in range(two or 0)]
    own = proof.fact("ip_self_developed")
    for row in random.sample(rows, max(0, len(rows) - (len(rows) if own is None else own))):
        row["obtained"] = random.choice(BOUGHT)
    random.shuffle(rows)
    tell_apart(rows)
    return numbered_rows("IP", rows)


def _completed(row: Row, proof: Proof) -> None:
    kind, granted, ends = str(row["kind"]), day(row, "granted_on"), day(row, "ends_on")
    assert granted is not None
    applied: date | None = _applied(row, kind, granted)
    if applied is not None and applied < proof.draft.established_on:
        applied = None  # it was another's then, and nobody wrote down when
    row["applied_on"] = applied
    row["owners"] = proof.firm.name if row["owner_self"] else f"{proof.firm.name}原股东"
    row["field"] = proof.firm.facts.get("tech_field") or proof.firm.trade.fields[0]
    if kind in PATENTS and applied is not None and ends is not None and ends >= proof.on:
        row["ends_on"] = ends = term_ends_on(kind, applied)
        row["fees_paid_to"] = _paid_to(applied, proof.on)
    if row["obtained"] != "self":
        taken = granted + timedelta(days=proof.random.randint(60, 300))
        row["obtained_on"] = taken if taken < proof.on - LATELY else None
        row.pop("related", None)


def _applied(row: Row, kind: str, granted: date) -> date:
    if kind not in PATENTS:
        return granted - timedelta(days=60)
    number = patent_number(str(row["grant_number"]))
    assert number is not None
    return date(number.year, granted.month, min(28, granted.day)) + ONE_DAY


def _paid_to(applied: date, on: date) -> date:
    """The last day of the year of the patent in which the day lies."""
    day = min(applied.day, 28)
    anniversary = date(on.year, applied.month, day)
    if anniversary <= on:
        anniversary = date(on.year + 1, applied.month, day)
    return anniversary - ONE_DAY
