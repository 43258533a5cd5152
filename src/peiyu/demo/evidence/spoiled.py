"""Contradictions that are seeded, one of each check in some enterprises that have none otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from peiyu.demo.amounts import WAN
from peiyu.demo.draft import Row
from peiyu.demo.evidence.proof import Proof, day, names
from peiyu.policy.patents import PATENTS

STRANGER = "焦作椴鹞智能装备有限公司"
"""An invented enterprise outside the city that shares a right."""
EACH = 2
"""In so many enterprises each."""
CALM = frozenset(
    {"ready", "reviewed", "ordinary", "past_an_incident", "short_of_a_person", "short_of_rd"}
)
"""Stories whose figures and rows agree with each other."""
YEAR = timedelta(days=365)
TO_TRY = {0: ("not_approved",), 2: ("not_approved", "above_full", "counted_twice")}
"""What is seeded where people of the enterprise log in, by its place in the city."""
Spoil = Callable[[Proof], bool]
"""Seeds the contradiction if the evidence has the rows for it; says whether it did."""


def seed(proofs: Sequence[Proof]) -> None:
    """Seed each contradiction in the first enterprises that have the rows for it and no other.

    The enterprises whose people one may try in the demo come first, with several.
    """
    for place, checks in TO_TRY.items():
        for check in checks:
            if SPOILS[check](proofs[place]):
                proofs[place].spoilt.add(check)
    for check, spoil in SPOILS.items():
        left = EACH
        for proof in proofs:
            calm = proof.firm.story.name in CALM and not proof.spoilt
            if left and calm and spoil(proof):
                proof.spoilt.add(check)
                left -= 1


def _carriers(proof: Proof, *kinds: str) -> list[tuple[Row, Row]]:
    """Rights of some kinds that carry a product beside another, with that product."""
    return [
        (proof.row("ip", no), product)
        for product in proof.rows("products") if len(names(product, "ip_nos")) > 1
        for no in names(product, "ip_nos")
        if not kinds or proof.row("ip", no)["kind"] in kinds
    ]  # fmt: skip


def unsupported(proof: Proof) -> bool:
    """A lesser product without rights."""
    for product in proof.rows("products"):
        if not product["is_main"]:
            product["ip_nos"] = []
            return True
    return False


def not_owner(proof: Proof) -> bool:
    """The owner in person holds the right."""
    for right, _ in _carriers(proof):
        right |= {"owner_self": False, "owners": "法定代表人个人"}
        return True
    return False


def ended(proof: Proof) -> bool:
    """The annual fee of a right that carries nothing was left unpaid."""
    carried = {no for row in proof.rows("products") for no in names(row, "ip_nos")}
    for right in proof.rows("ip"):
        paid = day(right, "fees_paid_to")
        if right["no"] not in carried and paid is not None:
            right["fees_paid_to"] = paid - 2 * YEAR
            return True
    return False


def used_up(proof: Proof) -> bool:
    """It was used in an earlier recognition."""
    for right, _ in _carriers(proof, "utility_model", "design", "software"):
        proof.uses.append(_use(right, proof.firm.code or proof.firm.name, date(2016, 9, 1)))
        return True
    return False


def elsewhere(proof: Proof) -> bool:
    """The other owner uses it in a recognition that is still valid."""
    for right, _ in _carriers(proof, "invention"):
        right |= {"co_owned": True, "owners": f"{proof.firm.name}、{STRANGER}"}
        proof.uses.append(_use(right, STRANGER, date(2018, 9, 1)))
        return True
    return False


def _use(right: Row, who: str, used_on: date) -> Row:
    return {
        "grant_number": right["grant_number"], "used_by": who, "used_on": used_on,
        "successful": True, "valid_to": used_on.replace(year=used_on.year + 3) - timedelta(days=1),
    }  # fmt: skip


def lately_obtained(proof: Proof) -> bool:
    """Bought in spring."""
    for right in proof.rows("ip"):
        if right["obtained"] == "transfer":
            right["obtained_on"] = date(proof.on.year, 3, 12)
            return True
    return False


def odd_number(proof: Proof) -> bool:
    """A check digit that does not fit."""
    for right in proof.rows("ip"):
        number = str(right["grant_number"])
        if right["kind"] in PATENTS:
            right["grant_number"] = f"{number[:-1]}{'1' if number[-1] != '1' else '2'}"
            return True
    return False


def other_field(proof: Proof) -> bool:
    """A product of another field than its rights."""
    for product in proof.rows("products"):
        if names(product, "ip_nos"):
            product["field"] = "3.1.1" if not str(product["field"]).startswith("3") else "8.1.1"
            return True
    return False


def main_products(proof: Proof) -> bool:
    """The main product is not marked as one."""
    main = [row for row in proof.rows("products") if row["is_main"]]
    if not main:
        return False
    for product in main:
        product["is_main"] = False
    return True


def high_tech_income(proof: Proof) -> bool:
    """A product brought more than the year says."""
    for row in proof.rows("incomes"):
        main = proof.row("products", row["no"])["is_main"]
        if row["year"] == proof.last_year and main:
            row["income"] = int(str(row["income"])) + 3 * WAN
            return True
    return False


def spending(proof: Proof) -> bool:
    """An activity cost more than the year says."""
    for row in proof.rows("rd"):
        if row["year"] == proof.last_year:
            row["rd_labour"] = int(str(row["rd_labour"])) + 5 * WAN
            return True
    return False


def not_there(proof: Proof) -> bool:
    """Hours of somebody who joined only later."""
    if not proof.rows("hours"):
        return False
    proof.row("people", proof.rows("hours")[0]["person"])["joined_on"] = date(proof.last_year, 4, 1)
    return True


def above_full(proof: Proof) -> bool:
    """More hours than the month has."""
    for row in proof.rows("hours"):
        row["hours"] = 232
        return True
    return False


def worked_outside(proof: Proof) -> bool:
    """Hours on an activity that had ended."""
    over = [
        row for row in proof.rows("projects")
        if (last := day(row, "ended_on")) and last.year < proof.last_year
    ]  # fmt: skip
    if not over or not proof.rows("hours"):
        return False
    proof.rows("hours").append(
        {**proof.rows("hours")[0], "no": over[0]["no"], "month": 5, "hours": 8}
    )
    return True


def no_weight(proof: Proof) -> bool:
    """An agreement that nobody paid for."""
    for row in proof.rows("cooperations"):
        row |= {"paid": 0, "output": False, "output_words": ""}
        return True
    return False


def not_approved(proof: Proof) -> bool:
    """No paper of approval."""
    if not proof.rows("projects"):
        return False
    proof.rows("projects")[0] |= {"approval": False, "approval_paper": "", "approved_on": None}
    return True


def _of_a_right(proof: Proof) -> tuple[Row, Row] | None:
    """An activity that only its rights name, and one of these."""
    named = {row["no"] for table in ("rd", "hours") for row in proof.rows(table)}
    named |= {no for row in proof.rows("conversions") for no in names(row, "source_nos")}
    for project in proof.rows("projects"):
        if project["no"] not in named and names(project, "ip_nos"):
            return project, proof.row("ip", names(project, "ip_nos")[0])
    return None


def ip_before_rd(proof: Proof) -> bool:
    """The activity began only after the application."""
    found = _of_a_right(proof)
    if found is None or (applied := day(found[1], "applied_on")) is None:
        return False
    last = day(found[0], "ended_on")
    assert last is not None
    begun = applied + timedelta(days=40)
    found[0].update(
        {"started_on": begun, "approved_on": begun, "ended_on": max(last, begun + YEAR)}
    )
    return True


def ip_after_rd(proof: Proof) -> bool:
    """The activity had ended before the application."""
    found = _of_a_right(proof)
    if found is None or (applied := day(found[1], "applied_on")) is None:
        return False
    found[0].update(
        {
            "ended_on": applied - timedelta(days=20),
            "accepted_on": applied - timedelta(days=10),
        }
    )
    first = day(found[0], "started_on")
    return first is not None and first < applied - timedelta(days=20)


def converted_early(proof: Proof) -> bool:
    """Converted before the right was applied for."""
    for row in proof.rows("conversions"):
        for no in names(row, "source_nos"):
            if no.startswith("IP") and (applied := day(proof.row("ip", no), "applied_on")):
                row["converted_on"] = applied - timedelta(days=45)
                return True
    return False


def sold_early(proof: Proof) -> bool:
    """Sold before any result in it was converted."""
    for product in proof.rows("products"):
        days = [
            found for row in proof.rows("conversions")
            if product["no"] in names(row, "product_nos") and (found := day(row, "converted_on"))
        ]  # fmt: skip
        if days:
            product["first_sold_on"] = min(days) - YEAR
            return True
    return False


def counted_twice(proof: Proof) -> bool:
    """Two results from one right."""
    rows = [
        row
        for row in proof.rows("conversions")
        if any(no.startswith("IP") for no in names(row, "source_nos"))
    ]
    for one in rows:
        for other in rows:
            if one["result"] != other["result"]:
                later = max(str(one["converted_on"]), str(other["converted_on"]))
                first, then = (one, other) if str(other["converted_on"]) == later else (other, one)
                then["source_nos"] = list(names(first, "source_nos"))
                return True
    return False


def missing(proof: Proof) -> bool:
    """A number that is nowhere."""
    if not proof.rows("projects") or not proof.rows("ip"):
        return False
    proof.rows("projects")[-1]["ip_nos"] = [*names(proof.rows("projects")[-1], "ip_nos"), "IP99"]
    return True


def spent_outside(proof: Proof) -> bool:
    """Expense in a year before the activity began."""
    for row in proof.rows("rd"):
        first = day(proof.row("projects", row["no"]), "started_on")
        if (
            row["year"] == proof.last_year - 1
            and first is not None
            and first.year < proof.last_year
        ):
            begun = date(proof.last_year, 2, 1)
            project = proof.row("projects", row["no"])
            if names(project, "ip_nos") or any(
                one["no"] == row["no"] for one in proof.rows("hours")
            ):
                continue
            if any(row["no"] in names(one, "source_nos") for one in proof.rows("conversions")):
                continue
            project |= {
                "started_on": begun,
                "approved_on": begun,
                "ended_on": date(proof.on.year, 12, 31),
            }
            return True
    return False


SPOILS: dict[str, Spoil] = {
    spoil.__name__: spoil
    for spoil in (
        elsewhere, worked_outside, above_full, not_there, spent_outside, no_weight, unsupported,
        ended, used_up, not_owner, main_products, high_tech_income, lately_obtained, sold_early,
        counted_twice, converted_early, other_field, ip_before_rd, ip_after_rd, spending,
        odd_number, not_approved, missing,
    )
}  # fmt: skip
"""By the check that finds it; the rarest rows first, so that each finds enterprises."""
