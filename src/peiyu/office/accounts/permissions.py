"""Who may do what with people, bodies and roles."""

from __future__ import annotations

from peiyu.office.accounts.models import ApiToken, Body, Delegation, Duty, Role, User
from peiyu.words import mark

REGISTRY = "registry:read"
RECORD = "record:read"
FIGURES = "figures:read"
EVIDENCE = "evidence:read"
ASSESSMENTS = "assessments:read"
SCOPES = {
    REGISTRY: mark("读取企业库"),
    RECORD: mark("读取操作记录"),
    FIGURES: mark("读取年度数据"),
    EVIDENCE: mark("读取证据"),
    ASSESSMENTS: mark("读取测评"),
}
"""What a token may be cut to, and how that is called."""


def may_manage_accounts(person: User, thing: object = None) -> bool:
    """Keeps accounts, bodies and roles: the security administrator (安全保密管理员)."""
    return person.is_active and person.duty == Duty.SECURITY


def may_manage(person: User, other: User) -> bool:
    """Keeps this account; nobody keeps their own."""
    return may_manage_accounts(person) and person.pk != other.pk


def is_self(person: User, other: User) -> bool:
    """Changes their own data."""
    return person.is_active and person.pk == other.pk


def may_read_directory(person: User, thing: object = None) -> bool:
    """Looks up people and bodies."""
    return person.is_active and (
        person.duty in (Duty.SECURITY, Duty.AUDIT) or person.access.is_official
    )


def may_see_contact(person: User, other: User) -> bool:
    """Sees telephone and mail in full; whoever else may see the person sees them masked."""
    return is_self(person, other) or may_manage_accounts(person)


def may_delegate(person: User, thing: object = None) -> bool:
    """May let another act for them: whoever holds a role of their own (not by delegation)."""
    return person.is_active and any(
        held.person_id == person.pk for held in person.access.appointments
    )


def may_revoke(person: User, delegation: Delegation) -> bool:
    """Ends a delegation: who gave it, who took it, or the security administrator."""
    return may_manage_accounts(person) or (
        person.is_active and person.pk in (delegation.giver_id, delegation.taker_id)
    )


def may_use_scope(person: User, scope: str) -> bool:
    """Could read this themselves: business data never by administrators, the record by auditors."""
    if not person.is_active:
        return False
    if person.access.is_administrator:
        return scope == RECORD and person.duty == Duty.AUDIT
    return scope in SCOPES and bool(person.access.roles)


def may_make_tokens(person: User, thing: object = None) -> bool:
    """Could use a token for anything at all."""
    return any(may_use_scope(person, scope) for scope in SCOPES)


def may_revoke_token(person: User, token: ApiToken) -> bool:
    """Ends a token: its owner or the security administrator."""
    return may_manage_accounts(person) or (person.is_active and token.person_id == person.pk)


def may_name_unit(person: User, body: Body) -> bool:
    """Names unit and mark of a body: the bureau and the security administrator."""
    return may_manage_accounts(person) or (
        person.is_active and person.access.has(Role.BUREAU_HEAD, Role.BUREAU_OFFICER)
    )
