"""Who may do what with an enterprise; that it can be seen is asked before (`visible_to`)."""

from __future__ import annotations

from peiyu.office.accounts.models import Role, User
from peiyu.office.casework.models import Opinion
from peiyu.office.casework.permissions import may_answer, may_conduct
from peiyu.office.enterprises.models import Enterprise, Mandate, MandateKind, Note, Registration
from peiyu.office.enterprises.models.people import BY_ENTERPRISE

BUREAU = (Role.BUREAU_OFFICER, Role.BUREAU_HEAD)


def is_bureau(person: User, thing: object = None) -> bool:
    """Works in the science and technology bureau."""
    return person.access.has(*BUREAU)


def is_own_place(person: User, enterprise: Enterprise) -> bool:
    """Works in the body to which the enterprise is attributed today."""
    return enterprise.body_id is not None and enterprise.body_id in person.access.places


def has_mandate(person: User, enterprise: Enterprise, *kinds: MandateKind) -> bool:
    """Holds one of these mandates for the enterprise today."""
    mandates = Mandate.objects.open_to(person.access).filter(enterprise=enterprise)
    return mandates.filter(kind__in=kinds).exists()


def is_of_enterprise(person: User, enterprise: Enterprise) -> bool:
    """Owner or accountant."""
    return has_mandate(person, enterprise, MandateKind.OWNER, MandateKind.ACCOUNTANT)


def may_edit(person: User, enterprise: Enterprise) -> bool:
    """The bureau, and the body to which the enterprise is attributed."""
    return is_bureau(person) or is_own_place(person, enterprise)


def may_merge(person: User, enterprise: Enterprise) -> bool:
    """The bureau alone."""
    return is_bureau(person)


def may_edit_contacts(person: User, enterprise: Enterprise) -> bool:
    """Those who keep the enterprise's data, and the enterprise itself."""
    return may_edit(person, enterprise) or is_of_enterprise(person, enterprise)


def may_read_contacts(person: User, enterprise: Enterprise) -> bool:
    """Those who must reach the enterprise: the bureau, its body, its coach, itself."""
    return may_edit_contacts(person, enterprise) or has_mandate(
        person, enterprise, MandateKind.COACH, MandateKind.AGENCY
    )


def may_note(person: User, enterprise: Enterprise) -> bool:
    """Officials and coaches who see the enterprise."""
    return person.access.is_official and not person.access.has(Role.LEADER)


def may_read_notes(person: User, enterprise: Enterprise) -> bool:
    """Officials and coaches; never the enterprise, its agency or a bank."""
    return person.access.is_official


def may_withdraw_note(person: User, note: Note) -> bool:
    """Whoever wrote it."""
    return note.author_id == person.pk


def may_read_files(person: User, enterprise: Enterprise) -> bool:
    """Officials and coaches, the enterprise and its agency; a bank reads no files."""
    return person.access.is_official or has_mandate(
        person, enterprise, MandateKind.OWNER, MandateKind.ACCOUNTANT, MandateKind.AGENCY
    )


def may_attach(person: User, enterprise: Enterprise) -> bool:
    """Those who keep the enterprise's data, and the enterprise itself."""
    return may_edit_contacts(person, enterprise)


def may_suggest(person: User, enterprise: Enterprise) -> bool:
    """The enterprise itself tells the office what is wrong with its entry."""
    return is_of_enterprise(person, enterprise)


def may_read_papers(person: User, enterprise: Enterprise) -> bool:
    """Files and record, at the enterprise's own door: its people and its agency, never a bank."""
    return has_mandate(
        person, enterprise, MandateKind.OWNER, MandateKind.ACCOUNTANT, MandateKind.AGENCY
    )


def may_give_mandate(person: User, enterprise: Enterprise, kind: MandateKind) -> bool:
    """Owners open their enterprise to accountant, agency and bank; the rest is the bureau's."""
    if kind in BY_ENTERPRISE and has_mandate(person, enterprise, MandateKind.OWNER):
        return True
    return is_bureau(person) and kind not in (MandateKind.AGENCY, MandateKind.BANK)


def may_revoke_mandate(person: User, mandate: Mandate) -> bool:
    """Whoever could give it; and the holder, who may step back."""
    if mandate.person_id == person.pk:
        return True
    return may_give_mandate(person, mandate.enterprise, MandateKind(mandate.kind))


def is_proposer(person: User, registration: Registration) -> bool:
    """Works in the body that proposes."""
    return registration.body_id in person.access.places


def may_propose(person: User, thing: object = None) -> bool:
    """Towns, streets and zones propose."""
    return bool(person.access.places)


def confirms(person: User, registration: Registration) -> bool:
    """The bureau confirms, but nobody confirms what they handed in."""
    return is_bureau(person) and registration.proposed_by_id != person.pk


def may_read_registration_contact(person: User, registration: Registration) -> bool:
    """Those who must reach the enterprise: the body that proposes, and the bureau."""
    return is_proposer(person, registration) or is_bureau(person)


def may_read_opinion(person: User, registration: Registration, opinion: Opinion) -> bool:
    """Who answers, who conducts the round, and who proposed; others see only how it ended."""
    return (
        may_answer(person, opinion)
        or may_conduct(person, opinion)
        or is_proposer(person, registration)
    )
