"""What becomes of certificates, numbers, titles and reports when two entries are united."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.days import office_day, office_now
from peiyu.office.foundation.record import Said, write_all
from peiyu.office.foundation.search import remove
from peiyu.office.qualifications.actions.certificates import version_of
from peiyu.office.qualifications.findable import index
from peiyu.office.qualifications.holding import settle
from peiyu.office.qualifications.models import (
    AnnualReport,
    Certificate,
    CertificateVersion,
    ChangeReport,
    TechSmeNumber,
    Title,
)
from peiyu.words import message

OTHERS: tuple[tuple[type[Any], tuple[str, ...]], ...] = (
    (TechSmeNumber, ("year",)),
    (Title, ("kind", "level", "number", "awarded_on")),
    (AnnualReport, ("year",)),
    (ChangeReport, ("kind", "happened_on")),
)
"""Of each kind, by what two of them are the same."""
KEPT = frozenset({
    "id", "enterprise", "source", "batch", "recorded_on", "recorded_at", "recorded_by",
    "withdrawn_on", "withdrawn_by", "withdrawn_reason",
})  # fmt: skip


@transaction.atomic
def carry_over(gone: Enterprise, kept: Enterprise, *, actor: User) -> None:
    """What the absorbed entry was given, the kept one holds from now on, from the same sources.

    Certificates get a version of their own; of numbers, titles and reports those that the kept one
    has not. Where both have something the kept one's stands; the other can still be read on the
    absorbed entry. Part of uniting: whether one may was asked there.
    """
    why = message("由并入的“{name}”转来", name=gone.name).say()
    _certificates(gone, kept, why, actor)
    for model, alike in OTHERS:
        _others(model, alike, gone, kept, why, actor)


def _certificates(gone: Enterprise, kept: Enterprise, why: str, actor: User) -> None:
    on = office_day()
    rows = list(Certificate.objects.select_for_update().standing().filter(enterprise=gone))
    newest = {
        row.certificate_id: row
        for row in CertificateVersion.objects.filter(certificate__in=rows).order_by("version")
    }
    versions = []
    for row in rows:
        row.enterprise = kept
        row.version = newest[row.pk].version + 1
        version = version_of(row, row.version, newest[row.pk].source, on, actor)
        version.reason = why
        versions.append(version)
    settle(rows, on)
    Certificate.objects.bulk_update(rows, ["enterprise", "version"])
    CertificateVersion.objects.bulk_create(versions)
    lines = (
        Said(row, {"enterprise": (gone, kept)}, about=kept, reason=why) for row in rows
    )  # fmt: skip
    write_all(lines, actor=actor, action="qualifications.certificate.carry_over")


def _others(
    model: type[Any], alike: tuple[str, ...], gone: Enterprise, kept: Enterprise, why: str, actor: User
) -> None:  # fmt: skip
    on, at = office_day(), office_now()
    rows = model.objects.standing()
    ours = set(rows.filter(enterprise=kept).values_list(*alike))
    theirs = [
        row
        for row in rows.select_for_update().filter(enterprise=gone)
        if tuple(getattr(row, name) for name in alike) not in ours
    ]
    fields = [one.attname for one in model._meta.concrete_fields if one.name not in KEPT]
    made = [
        model(
            enterprise=kept, source_id=row.source_id, recorded_on=on, recorded_at=at,
            recorded_by=actor, **{name: getattr(row, name) for name in fields},
        )
        for row in theirs
    ]  # fmt: skip
    model.objects.filter(pk__in=[row.pk for row in theirs]).update(
        withdrawn_on=on, withdrawn_by=actor,
        withdrawn_reason=message("转到保留的“{name}”", name=kept.name).say()[:300],
    )  # fmt: skip
    for row in made:
        row.save(force_insert=True)
    if model is TechSmeNumber:
        remove(model._meta.label_lower, [row.pk for row in theirs])
        for row in made:
            index(row)
    lines = (Said(row, {"enterprise": (gone, kept)}, about=kept, reason=why) for row in made)
    action = f"qualifications.{model._meta.model_name}.carry_over"
    write_all(lines, actor=actor, action=action)
