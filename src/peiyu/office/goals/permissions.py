"""Who reads the goals and who states the series."""

from __future__ import annotations

from peiyu.office.accounts.models import Role, User
from peiyu.office.enterprises.permissions import is_bureau


def reads_goals(person: User, thing: object = None) -> bool:
    """The city's offices and departments, towns and zones; the latter with their own numbers."""
    return person.access.city or bool(person.access.places)


def states_share(person: User, thing: object = None) -> bool:
    """States the value added of high-tech industry: the statistics department and the bureau."""
    return is_bureau(person) or person.access.has(Role.STATISTICS)
