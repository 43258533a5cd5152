"""One definition per programme: what the law tests, scores and grants."""

from collections.abc import Mapping

from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks.awards import HENAN_MATCH, HENAN_MOVED_IN, JIYUAN_AWARDS
from peiyu.policy.rulebooks.benefits import HNTE_BENEFITS
from peiyu.policy.rulebooks.hnte import HNTE
from peiyu.policy.rulebooks.ip_fees import IP_FEES
from peiyu.policy.rulebooks.little_giant import LITTLE_GIANT, LITTLE_GIANT_CULTIVATION
from peiyu.policy.rulebooks.reserve import RESERVE
from peiyu.policy.rulebooks.subsidies import HENAN_RD_SUBSIDY, JIYUAN_RD_SUBSIDY
from peiyu.policy.rulebooks.tech_sme import TECH_SME

RULEBOOKS: Mapping[str, Rulebook] = {
    book.name: book for book in (
        HNTE, TECH_SME, LITTLE_GIANT, LITTLE_GIANT_CULTIVATION, RESERVE,
        JIYUAN_AWARDS, JIYUAN_RD_SUBSIDY, HENAN_MATCH, HENAN_MOVED_IN, HENAN_RD_SUBSIDY, IP_FEES,
        HNTE_BENEFITS,
    )
}  # fmt: skip


def readers(table: str, fact: str) -> tuple[str, ...]:
    """The rulebooks that read a fact; none yet for a fact that waits for its programme."""
    name = f"{table}.{fact}"
    return tuple(book.name for book in RULEBOOKS.values() if name in book.facts())
