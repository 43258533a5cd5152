"""The tables of the registry."""

from peiyu.office.enterprises.models.enterprise import (
    Enterprise,
    EnterpriseCode,
    EnterpriseFile,
    EnterpriseName,
    LegalForm,
    Note,
    Residence,
    Status,
)
from peiyu.office.enterprises.models.people import Contact, Mandate, MandateKind
from peiyu.office.enterprises.models.registration import (
    NotSame,
    Registration,
    RegistrationState,
)

__all__ = [
    "Contact",
    "Enterprise",
    "EnterpriseCode",
    "EnterpriseFile",
    "EnterpriseName",
    "LegalForm",
    "Mandate",
    "MandateKind",
    "NotSame",
    "Note",
    "Registration",
    "RegistrationState",
    "Residence",
    "Status",
]
