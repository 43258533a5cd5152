"""The record: written with the change."""

import pytest
from django.db import transaction

from peiyu.office.accounts.models import Body, BodyKind
from peiyu.office.foundation.models import RecordLine, RecordTail
from peiyu.office.foundation.record import write

pytestmark = pytest.mark.django_db


def test_a_line_is_written_with_the_change():
    body = Body.objects.create(
        kind=BodyKind.TOWN, code="1", name="某镇", short="某镇", opened_on="2000-01-01"
    )
    with transaction.atomic():
        write(actor=None, action="accounts.body.open", thing=body, changes={"name": ("", "某镇")})
    line = RecordLine.objects.get()
    assert line.values == {"name": ["", "某镇"]}
    assert RecordTail.objects.get().transaction == line.transaction
