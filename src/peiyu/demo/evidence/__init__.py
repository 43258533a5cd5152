"""What stands behind the figures of an enterprise of the demo city: rights, R&D, products, proofs.

It agrees with what the workbook and the years say of the enterprise, and with itself; where it does
not, that is a story of the city or was seeded (`spoiled`), and the tests know where.
"""

from __future__ import annotations

from random import Random

from peiyu.demo.bounds import Bounds
from peiyu.demo.city import City, Firm
from peiyu.demo.draft import Draft
from peiyu.demo.evidence import goods, rights, spoiled, work
from peiyu.demo.evidence.proof import Proof

__all__ = ["Proof", "proof_of", "proofs_of"]


def proofs_of(drawn: City) -> list[Proof]:
    """The evidence of every enterprise, in the order of the city, with its seeded contradictions."""
    bounds = Bounds.on(drawn.on)
    found = [proof_of(firm, drawn, bounds) for firm in drawn.firms]
    spoiled.seed(found)
    return found


def proof_of(firm: Firm, drawn: City, bounds: Bounds) -> Proof:
    """The evidence of one, without contradictions but those of its story."""
    own = Random(f"{drawn.seed} evidence {firm.name}")
    tables = {name: [dict(row) for row in rows] for name, rows in firm.tables.items()}
    draft = Draft(
        drawn.on, own, bounds, firm.code, firm.name, "", firm.town, firm.zone, firm.trade, "",
        dict(firm.facts), tables,
    )  # fmt: skip
    draft.facts.setdefault("established_on", rights.LONG_AGO)
    proof = Proof(firm, drawn.on, draft)
    for write in STEPS:
        write(proof)
    return proof


STEPS = (
    rights.write, work.write_projects, work.write_spending, goods.write_products,
    goods.write_conversions, goods.write_incomes, work.write_people, goods.write_other,
)  # fmt: skip
"""Each leans on those before it."""
