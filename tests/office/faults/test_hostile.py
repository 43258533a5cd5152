"""Every form, query and header gets what a hostile person sends: a clear answer, never a failure."""

import pytest
from django.db import transaction
from django.test import Client

from tests.office.faults.hostile import BATTERY, DANGEROUS, asked, forms, pages, queries, trouble, urlencoded
from tests.office.matrix import World


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def seen(world):
    return pages(world)


def told(troubles):
    assert not troubles, f"{len(troubles)} of them\n" + "\n\n".join(troubles[:40])


def test_every_page_opens(seen):
    told([f"{role} {address} {said}" for _, role, address, answer in seen if (said := trouble(answer))])
    assert len({pattern for pattern, *_ in seen}) > 60


def test_every_form_refuses_nonsense_in_words(world, seen):
    troubles = []
    found = forms(seen)
    assert len(found) > 30
    for form in found:
        for what, value in BATTERY.items():
            answer = form.sent([(name, value) for name in form.fields], world)
            if said := trouble(answer):
                troubles.append(f"{form.role} {form.action} all {what}: {said}")
    told(troubles)


def test_every_field_takes_nonsense_beside_sense(world, seen):
    troubles = []
    for form in forms(seen):
        for name in form.fields:
            for what, value in DANGEROUS.items():
                given = form.fields | {name: value}
                answer = form.sent([*given.items()], world)
                if said := trouble(answer):
                    troubles.append(f"{form.role} {form.action} {name} {what}: {said}")
    told(troubles)


def test_every_query_is_answered(world, seen):
    troubles = []
    for (role, address), names in queries(seen).items():
        tries = [(what, [(name, value) for name in sorted(names)]) for what, value in BATTERY.items()]
        tries += [(f"{name} {what}", [(name, DANGEROUS[what])]) for name in sorted(names) for what in ("nul", "surrogate", "beyond 64 bits", "script")]
        for what, values in tries:
            query = urlencoded([(name, value[:300]) for name, value in values]).decode()
            if said := trouble(asked(world, role, "get", f"{address}?{query}")):
                troubles.append(f"{role} {address} {what}: {said}")
    told(troubles)


@pytest.mark.django_db
def test_a_form_without_its_mark_is_refused_in_words():
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/login/", {"login": "a", "password": "b"})
    assert answer.status_code == 403
    assert "这一页放得太久" in answer.content.decode()
