"""Tables of evidence, and of uses of rights, as they are taken in."""

from peiyu.office.foundation.imports import ImportKind
from peiyu.office.portfolio.imports.entries import kind_for
from peiyu.office.portfolio.imports.uses import USES
from peiyu.policy.evidence import TABLES

IMPORTS: dict[str, ImportKind] = {**{table.name: kind_for(table) for table in TABLES}, "uses": USES}
