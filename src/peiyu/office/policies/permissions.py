"""Who may keep the library of policies and the settings."""

from __future__ import annotations

from peiyu.office.accounts.models import Role, User
from peiyu.office.policies.programme import Reading


def may_enter_document(person: User, thing: object = None) -> bool:
    """The bureau keeps the library."""
    return person.access.has(Role.BUREAU_OFFICER, Role.BUREAU_HEAD)


def may_set(person: User, reading: Reading) -> bool:
    """The head of the bureau chooses a reading; what is another department's, that department alone."""
    return person.access.has(reading.by)
