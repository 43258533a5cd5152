"""The tables of people and bodies."""

from peiyu.office.accounts.models.appointments import Appointment, Delegation, Role
from peiyu.office.accounts.models.bodies import Body, BodyKind, BodyName
from peiyu.office.accounts.models.people import ApiToken, Duty, PastPassword, User

__all__ = [
    "ApiToken",
    "Appointment",
    "Body",
    "BodyKind",
    "BodyName",
    "Delegation",
    "Duty",
    "PastPassword",
    "Role",
    "User",
]
