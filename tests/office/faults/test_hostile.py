"""Every form, query and header gets what a hostile person sends: a clear answer, never a failure."""

import pytest
from django.db import transaction
from django.test import Client

from tests.office.faults.hostile import (
    ANEW,
    BATTERY,
    DANGEROUS,
    asked,
    forms,
    pages,
    queries,
    some,
    trouble,
    urlencoded,
)
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
    told(
        [
            f"{role} {address} {said}"
            for _, role, address, answer in seen
            if (said := trouble(answer))
        ]
    )
    assert len({pattern for pattern, *_ in seen}) > 60


def test_every_form_refuses_nonsense_in_words(world, seen):
    troubles = []
    found = forms(seen)
    assert len(found) > 50
    for number, form in enumerate(found):
        for what, value in some(number, BATTERY, 6):
            answer = form.sent([(name, value) for name in form.fields], world)
            if said := trouble(answer):
                troubles.append(f"{form.role} {form.action} all {what}: {said}")
    told(troubles)


def test_every_field_takes_nonsense_beside_sense(world, seen):
    troubles = []
    number = 0
    for form in forms(seen):
        for name in form.fields:
            number += 1
            for what, value in some(number, DANGEROUS, 2):
                given = form.fields | {name: value}
                answer = form.sent([*given.items()], world)
                if said := trouble(answer):
                    troubles.append(f"{form.role} {form.action} {name} {what}: {said}")
    told(troubles)


def test_fields_come_twice_or_not_at_all_or_unasked(world, seen):
    troubles = []
    for form in forms(seen):
        twice = [*form.fields.items(), *((name, b"1") for name in form.fields)]
        unasked = [
            *form.fields.items(),
            ("id", b"1"),
            ("is_superuser", b"1"),
            ("x[$gt]", b"1"),
            ("\0", b"\0"),
        ]
        for what, values in ("twice", twice), ("not at all", []), ("unasked", unasked):
            if said := trouble(form.sent(values, world)):
                troubles.append(f"{form.role} {form.action} {what}: {said}")
    told(troubles)


@pytest.mark.django_db
def test_every_query_is_answered(world, seen):
    troubles = []
    for number, ((role, address), names) in enumerate(queries(seen).items()):
        own = sorted(names - ANEW)
        tries = [
            (what, dict.fromkeys(sorted(names), value)) for what, value in some(number, BATTERY, 4)
        ]
        tries += [
            (f"{name} {what}", {name: value})
            for step, name in enumerate(own)
            for what, value in some(step, DANGEROUS, 1)
        ]
        for what, values in tries:
            query = urlencoded([(name, value[:300]) for name, value in values.items()]).decode()
            if said := trouble(asked(world, role, "get", f"{address}?{query}")):
                troubles.append(f"{role} {address} {what}: {said}")
    told(troubles)


@pytest.mark.django_db
def test_a_form_without_its_mark_is_refused_in_words():
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/login/", {"login": "a", "password": "b"})
    assert answer.status_code == 403
    assert "这一页放得太久" in answer.content.decode()
