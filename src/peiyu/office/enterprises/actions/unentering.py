"""Taking back that an enterprise was entered: only while nothing stands on it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import router, transaction
from django.db.models import ProtectedError
from django.db.models.deletion import Collector

from peiyu.office.accounts.models import User
from peiyu.office.accounts.rights import allow
from peiyu.office.enterprises.models import Enterprise, EnterpriseName, Residence
from peiyu.office.enterprises.permissions import is_bureau
from peiyu.office.enterprises.values import IDENTITY
from peiyu.office.foundation.record import write
from peiyu.office.foundation.refusals import Refused
from peiyu.office.foundation.search import remove
from peiyu.words import message

OWN = (EnterpriseName, Residence)
"""What `enter` makes with it and `unenter` takes away with it."""


@transaction.atomic
def unenter(enterprise: Enterprise, *, actor: User) -> None:
    """Take an enterprise out of the registry again, as if it had not been entered.

    Raises:
        Refused: it was changed since, or something was added to it.
    """
    for_whom = allow(is_bureau, actor, enterprise)
    locked = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    if locked.version != 1:
        raise Refused(message("“{name}”入库之后又改过，不能撤销入库", name=locked.name))
    write(
        actor=actor,
        action="enterprises.enterprise.unenter",
        thing=locked,
        changes={
            **{field: (getattr(locked, field), None) for field in IDENTITY if getattr(locked, field)},
            "body": (locked.body, None),
        },
        for_whom=for_whom,
    )  # fmt: skip
    remove(Enterprise._meta.label_lower, [locked.pk])
    for model in OWN:
        model._default_manager.filter(enterprise=locked).delete()
    try:
        locked.delete()
    except ProtectedError:
        raise Refused(
            message("“{name}”入库之后又登记了别的内容，不能撤销入库", name=locked.name)
        ) from None


def stood_upon(enterprises: Iterable[Enterprise]) -> set[int]:
    """The keys of those to which something points that did not come with their entry."""
    rows = list(enterprises)
    if not rows:
        return set()
    try:
        Collector(using=router.db_for_write(Enterprise)).collect(rows)
    except ProtectedError as error:
        return {
            getattr(found, key.attname)
            for found in error.protected_objects
            if not isinstance(found, OWN)
            for key in found._meta.concrete_fields
            if key.related_model is Enterprise
        } & {row.pk for row in rows}
    return set()
