"""Who may do what with an opinion."""

from __future__ import annotations

from peiyu.office.accounts.models import Role, User
from peiyu.office.casework.models import Opinion


def may_answer(person: User, opinion: Opinion) -> bool:
    """Whoever holds the asked role for the asked body."""
    return person.access.holds(Role(opinion.role), opinion.body_id)


def may_conduct(person: User, opinion: Opinion) -> bool:
    """The bureau: may substitute a body, ask again and stop a clock; never who wants the answer."""
    return person.access.has(Role.BUREAU_OFFICER, Role.BUREAU_HEAD)
