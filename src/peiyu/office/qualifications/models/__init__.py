"""The tables of the room."""

from peiyu.office.qualifications.models.certificates import (
    MAY_END,
    PAPER,
    Certificate,
    CertificateEvent,
    CertificateVersion,
    EventKind,
    Holding,
)
from peiyu.office.qualifications.models.others import (
    FIRST_YEAR,
    LAST_YEAR,
    AnnualReport,
    ChangeKind,
    ChangeReport,
    TechSmeNumber,
    Title,
    TitleKind,
    TitleLevel,
)

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "MAY_END",
    "PAPER",
    "AnnualReport",
    "Certificate",
    "CertificateEvent",
    "CertificateVersion",
    "ChangeKind",
    "ChangeReport",
    "EventKind",
    "Holding",
    "TechSmeNumber",
    "Title",
    "TitleKind",
    "TitleLevel",
]
