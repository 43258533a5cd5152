"""By which words certificates and numbers are found: whole, without the letters, and by their serial."""

from __future__ import annotations

from peiyu.office.foundation.search import Term, put
from peiyu.office.qualifications.models import Certificate, TechSmeNumber

LETTERS, REGION = 2, 8
"""Where the digits of a certificate's number begin, and where its serial does."""
DIVISION = 10
"""Where what is the enterprise's own begins in the number of a technology SME."""


def terms_of(row: Certificate | TechSmeNumber) -> list[Term]:
    """Kind and text of everything by which it is found."""
    number = row.number
    if isinstance(row, Certificate):
        return [("certificate", part) for part in (number, number[LETTERS:], number[REGION:])]
    return [("tech_sme", part) for part in (number, number[DIVISION:])]


def index(row: Certificate | TechSmeNumber) -> None:
    """Bring the search index up to date; within the change itself."""
    put(row, terms_of(row))
