"""Which kinds of tables a person may bring."""

from __future__ import annotations

from peiyu.office.accounts.models import User
from peiyu.office.foundation.imports import ImportKind, kind_of
from peiyu.office.foundation.models import ImportBatch
from peiyu.policy.evidence import TABLES
from peiyu.words import Message, mark, message

GROUPS = (
    (mark("年度"), ("reports.statements", "reports.months")),
    (mark("证据"), (*(f"portfolio.{table.name}" for table in TABLES), "portfolio.uses")),
    (
        mark("证书与资格"),
        ("qualifications.certificates", "qualifications.tech_sme", "qualifications.titles"),
    ),
    (mark("名单"), ("reports.lists", "enterprises.enterprises")),
)
"""In the order in which they are offered."""


def kinds_open_to(person: User) -> dict[str, ImportKind]:
    """The kinds that this person may bring, by name."""
    names = [name for _, group in GROUPS for name in group]
    return {name: kind for name in names if (kind := kind_of(name)).may(person)}


def grouped(kinds: dict[str, ImportKind]) -> list[tuple[str, list[ImportKind]]]:
    """The kinds under the headings under which they are offered; empty ones are left out."""
    found = [(label, [kinds[name] for name in names if name in kinds]) for label, names in GROUPS]
    return [(label, own) for label, own in found if own]


def title_of(batch: ImportBatch, kind: ImportKind) -> str | Message:
    """The kind of an import with what was chosen for it: on which basis, which list."""
    chosen = [
        message(label)
        for name, choices in kind.choices.items()
        for key, label in choices
        if key == batch.options.get(name)
    ]
    if not chosen:
        return kind.title
    return message("{kind}：{chosen}", kind=message(kind.title), chosen=tuple(chosen))
