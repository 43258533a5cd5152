"""Who may keep the library of policies and the settings."""

from __future__ import annotations

from peiyu.office.accounts.models import Role, User
from peiyu.office.policies.models import ArticleText
from peiyu.office.policies.programme import Reading

BUREAU = (Role.BUREAU_OFFICER, Role.BUREAU_HEAD)


def may_enter_document(person: User, thing: object = None) -> bool:
    """The bureau keeps the library."""
    return person.access.has(*BUREAU)


def may_set(person: User, reading: Reading) -> bool:
    """The head of the bureau chooses a reading; what is another department's, that department alone."""
    return person.access.has(reading.by)


def reads_articles(person: User, thing: object = None) -> bool:
    """Every official reads the articles with their confirmed text."""
    return person.access.is_official


def may_enter_text(person: User, thing: object = None) -> bool:
    """The bureau enters the law's own text, takes it back, and sees what waits."""
    return person.access.has(*BUREAU)


def may_confirm_text(person: User, text: ArticleText) -> bool:
    """Another of the bureau than who entered it; not by a right that comes from that one either."""
    access = person.access
    held = {one.person_id for one in access.appointments if Role(one.role) in BUREAU}
    return person.pk != text.entered_by_id and bool(held - {text.entered_by_id})
