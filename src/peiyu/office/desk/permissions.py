"""Who may do what at the desk."""

from __future__ import annotations

from django.apps import apps

from peiyu.office.accounts.models import Duty, Role, User
from peiyu.office.accounts.permissions import may_see_contact
from peiyu.office.desk.models import ExportRequest, SavedView
from peiyu.office.enterprises.models import Contact, Enterprise, Registration
from peiyu.office.enterprises.permissions import is_bureau, is_proposer, may_read_contacts
from peiyu.office.foundation.confidentiality import Class, class_of
from peiyu.office.foundation.models import RecordLine


def may_share_view(person: User, thing: object = None) -> bool:
    """Officials share views with their body."""
    return person.access.is_official and bool(person.access.bodies)


def may_change_view(person: User, view: SavedView) -> bool:
    """Whoever made it."""
    return view.owner_id == person.pk


def may_export(person: User, thing: object = None) -> bool:
    """Officials take lists away; enterprises their own entries."""
    return bool(person.access.roles)


def approves(person: User, request: ExportRequest) -> bool:
    """The head of the bureau, never for a request of their own."""
    return person.access.has(Role.BUREAU_HEAD) and request.asked_by_id != person.pk


def may_audit(person: User, thing: object = None) -> bool:
    """Watches the chain of the record and the log of looking (安全审计员)."""
    return person.is_active and person.duty == Duty.AUDIT


def may_keep_system(person: User, thing: object = None) -> bool:
    """Keeps jobs, calendars and the machine (系统管理员)."""
    return person.is_active and person.duty == Duty.SYSTEM


def may_open_hidden(person: User, line: RecordLine) -> bool:
    """Looks at the personal values of a line: who may read them at the thing itself; never secrets.

    Contacts: who must reach the enterprise. Proposals: the bureau and who proposed. Accounts: the
    person and the security administrator.
    """
    try:
        model = apps.get_model(line.label)
    except LookupError:
        return False
    hidden = [name for name in line.fields if name not in line.values]
    if not hidden or any(class_of(model, name) != Class.PERSONAL for name in hidden):
        return False
    if line.label == Contact._meta.label_lower and line.about_label == Enterprise._meta.label_lower:
        enterprise = Enterprise.objects.visible_to(person).filter(pk=line.about_key).first()
        return enterprise is not None and may_read_contacts(person, enterprise)
    if line.label == Registration._meta.label_lower:
        case = Registration.objects.visible_to(person).filter(pk=line.key).first()
        return case is not None and (is_bureau(person) or is_proposer(person, case))
    if line.label == User._meta.label_lower:
        other = User.objects.visible_to(person).filter(pk=line.key).first()
        return other is not None and may_see_contact(person, other)
    return False
