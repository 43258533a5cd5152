"""The rules as one SQL statement, for engines that hold more than a machine can."""

from peiyu.policy.sql.reading import (
    ENTERPRISES,
    Relation,
    no_rows,
    read_as,
    row_columns,
    rows_of,
    with_states,
)
from peiyu.policy.sql.statement import DIALECTS, statement

__all__ = [
    "DIALECTS",
    "ENTERPRISES",
    "Relation",
    "no_rows",
    "read_as",
    "row_columns",
    "rows_of",
    "statement",
    "with_states",
]
