"""Tables of figures, months of staff and published lists, as they are taken in."""

from peiyu.office.foundation.imports import ImportKind
from peiyu.office.reports.imports.lists import LISTS
from peiyu.office.reports.imports.months import MONTHS
from peiyu.office.reports.imports.statements import STATEMENTS

IMPORTS: dict[str, ImportKind] = {
    "statements": STATEMENTS,
    "months": MONTHS,
    "lists": LISTS,
}
