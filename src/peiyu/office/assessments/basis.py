"""On whose word a figure counts where several bases state it: a shown switch for each programme."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from peiyu.office.policies.programme import BASIS_ORDERS, basis_key
from peiyu.office.reports.models import DECIDING, Basis
from peiyu.policy.rulebook import Rulebook

Order = tuple[Basis, ...]

FIRST: Mapping[str, Basis] = {
    "verified": Basis.VERIFIED,
    "audited": Basis.AUDITED,
    "tax_return": Basis.TAX_RETURN,
    "declared": Basis.DECLARED,
}
"""The basis that goes before the others in each order."""
assert FIRST.keys() == dict(BASIS_ORDERS).keys()


def order_of(name: str, without: Collection[Basis] = ()) -> Order:
    """The bases in the order of that name: the one that it is called by, then the usual order.

    `without`: bases that must not be read.
    """
    first = FIRST[name]
    order = (first, *(basis for basis in DECIDING if basis is not first))
    return tuple(basis for basis in order if basis not in without)


def chosen(rulebook: Rulebook, values: Mapping[str, Any]) -> str:
    """The name of the order in force for a programme, by the settings of a day."""
    return str(values[basis_key(rulebook.name)])
