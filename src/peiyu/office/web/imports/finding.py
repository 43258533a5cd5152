"""The import that somebody asks for, if they may see and bring such a one."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from peiyu.office.accounts.models import User
from peiyu.office.foundation.imports import ImportKind
from peiyu.office.foundation.models import ImportBatch
from peiyu.office.web.answers import me, or_404
from peiyu.office.web.imports.kinds import kinds_open_to


def found(request: HttpRequest, pk: int) -> tuple[User, ImportBatch, ImportKind]:
    """Who asks, the import and its kind; 404 for those of others."""
    person = me(request)
    kinds = kinds_open_to(person)
    or_404(bool(kinds))
    rows = ImportBatch.objects.visible_to(person).filter(kind__in=kinds)
    batch = get_object_or_404(rows.select_related("owner", "job"), pk=pk)
    return person, batch, kinds[batch.kind]
