"""Where facts come from."""

from datetime import date

import pytest

from peiyu.office.foundation.models import RecordLine, SourceKind
from peiyu.office.foundation.refusals import Refused
from peiyu.office.foundation.sources import of_document, of_import, of_ledger, of_person
from tests.office.factories import person

pytestmark = pytest.mark.django_db


def test_each_way_of_knowing_leaves_a_line():
    actor, other = person(), person()
    made = [
        of_document("高新技术企业证书", actor=actor, number="GR2021", dated_on=date(2021, 10, 28)),
        of_person(other, "企业自报", actor=actor),
        of_import("12", "2021 年名单", actor=actor),
        of_ledger("7", "研发费用归集", actor=actor),
    ]
    assert [source.kind for source in made] == list(SourceKind)
    assert made[1].person == other and made[1].recorded_by == actor
    lines = RecordLine.objects.filter(action="foundation.source.record")
    assert [line.key for line in lines.order_by("id")] == [str(source.pk) for source in made]


@pytest.mark.parametrize("title", ["", "  ", "长" * 201])
def test_a_source_has_a_name(title):
    with pytest.raises(Refused) as refused:
        of_document(title, actor=None)
    assert refused.value.field == "title"


def test_a_batch_has_a_number():
    with pytest.raises(Refused):
        of_import("", "名单", actor=None)
