"""Who issues papers for which body, who takes them back."""

from __future__ import annotations

from peiyu.office.accounts.models import Body, Role, User
from peiyu.office.notices.models import IssuedPaper
from peiyu.office.notices.paper_kinds import Draft, kinds

NEVER = frozenset({Role.LEADER, Role.BANK, Role.AGENCY, Role.OWNER, Role.ACCOUNTANT, Role.COACH})
"""Roles with which one belongs to a body and yet does not write for it."""


def writes_for(person: User, body: Body) -> bool:
    """Works in the body: its officials issue its papers."""
    return any(
        held.body_id == body.pk and held.role not in NEVER for held in person.access.appointments
    )


def bodies_written_for(person: User) -> list[Body]:
    """The bodies for which a person issues papers, by name."""
    found = {
        held.body.pk: held.body
        for held in person.access.appointments
        if held.body is not None and held.role not in NEVER
    }
    return sorted(found.values(), key=lambda body: body.code)


def may_issue(person: User, draft: Draft) -> bool:
    """Writes for the body, and the kind's own room lets it."""
    kind = kinds().get(draft.kind)
    return kind is not None and writes_for(person, draft.body) and kind.may_issue(person, draft)


def may_change_paper(person: User, paper: IssuedPaper) -> bool:
    """Withdraws it, binds the signed scan to it: whoever could issue it today."""
    return may_issue(person, draft_of(paper))


def draft_of(paper: IssuedPaper) -> Draft:
    """What an issued paper was before."""
    return Draft(paper.kind, paper.body, (paper.addressee_label, paper.addressee_key))
