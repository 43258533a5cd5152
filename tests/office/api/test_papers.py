"""Issued papers through the door for programs."""

import pytest

from peiyu.office.accounts.models import Role
from peiyu.office.accounts.permissions import FIGURES, REGISTRY
from peiyu.office.foundation.models import OfficeDay
from peiyu.office.notices.actions import withdraw_paper
from tests.office.factories import DAY, again, person
from tests.office.notices.given import city, issued, short

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"


@pytest.fixture
def place(settings, tmp_path):
    settings.DEMO, settings.FILES_ROOT = True, tmp_path / "files"
    OfficeDay.objects.create(pk=1, day=DAY)
    return city()


def test_papers_of_an_enterprise_and_one_of_them(place, program):
    first = issued(place, content=short("一"))
    second = issued(place, content=short("二"), replaces=first, reason="更正")
    withdraw_paper(second, reason="发错了", actor=place.clerk)
    client = program(again(place.officer), FIGURES)
    listed = client.get(f"{ROOT}/enterprises/{place.firm.pk}/papers").json()
    assert [(one["version"], one["state"]) for one in listed["items"]] == [
        (2, "withdrawn"), (1, "replaced"),
    ]  # fmt: skip
    old = client.get(f"{ROOT}/papers/{first.pk}").json()
    assert (old["number"], old["replaced_by"]) == ("克政〔2019〕1号", second.pk)
    assert old["content"]["blocks"][0]["text"] == "一"
    new = client.get(f"{ROOT}/papers/{second.pk}").json()
    assert (new["withdrawn_on"], new["withdrawn_because"]) == ("2019-06-17", "发错了")
    assert new["pdf_sha256"] == second.pdf_sha256


def test_what_one_may_not_read_is_not_there(place, program):
    paper = issued(place, content=short())
    for who, scope in ((person(Role.LEADER), FIGURES), (place.officer, REGISTRY)):
        client = program(again(who), scope)
        assert client.get(f"{ROOT}/papers/{paper.pk}").status_code == 404
        assert client.get(f"{ROOT}/enterprises/{place.firm.pk}/papers").status_code == 404
