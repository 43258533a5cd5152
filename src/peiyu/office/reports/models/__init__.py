"""The tables of the room."""

from peiyu.office.reports.models.figures import (
    FIGURES,
    OF_TAX,
    Figures,
    figure_of,
    is_exact,
    stored,
)
from peiyu.office.reports.models.lists import ListedName, ListKind, PublishedList
from peiyu.office.reports.models.months import COUNTED, StaffMonth
from peiyu.office.reports.models.reports import FactRequest, ReportState, Supplier, YearReport
from peiyu.office.reports.models.statements import (
    DECIDING,
    FIRST_YEAR,
    LAST_YEAR,
    Basis,
    Statement,
)

__all__ = [
    "COUNTED",
    "DECIDING",
    "FIGURES",
    "FIRST_YEAR",
    "LAST_YEAR",
    "OF_TAX",
    "Basis",
    "FactRequest",
    "Figures",
    "ListKind",
    "ListedName",
    "PublishedList",
    "ReportState",
    "StaffMonth",
    "Statement",
    "Supplier",
    "YearReport",
    "figure_of",
    "is_exact",
    "stored",
]
