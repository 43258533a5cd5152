"""With what an enterprise could apply once more, by class: used up, open, perhaps more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from peiyu.policy.chain import Held, Usable
from tests.policy.chain.clean import INVENTION, KEY, MODEL, ON, clean, spoilt, used


def both(held: Held) -> tuple[Usable | None, Usable | None]:
    return held.usable_of_class("I"), held.usable_of_class("II")


def test_what_is_not_used_counts_in_its_class():
    assert both(clean()) == (Usable(1), Usable(2))


def test_a_recognition_uses_up_class_two_and_never_class_one():
    assert both(used(MODEL, KEY)) == (Usable(1), Usable(1, used_up=1))
    assert both(used(INVENTION, KEY)) == (Usable(1), Usable(2))


def test_another_owners_recognition_uses_it_up_too_unless_the_reading_says_otherwise():
    held = used(MODEL, "91419001MAX1LX27Q8")
    assert both(held)[1] == Usable(1, used_up=1)
    assert both(replace(held, readings={"ip_use_follows": "owner"}))[1] == Usable(2)


@pytest.mark.parametrize(
    ("days", "expected"), [(-1, Usable(1, used_up=1)), (0, Usable(2)), (1, Usable(2))]
)
def test_a_use_counts_from_the_day_after_it(days, expected):
    held = used(MODEL, KEY, on=ON + timedelta(days))
    assert both(held)[1] == expected


def test_an_application_that_failed_uses_nothing_up_by_the_default_reading():
    held = used(MODEL, KEY)
    failed = replace(held, uses=[{**held.uses[0], "successful": False}])
    assert both(failed)[1] == Usable(2)
    assert both(replace(failed, readings={"ip_use_consumed_by": "application"}))[1] == Usable(
        1, used_up=1
    )
    unknown = replace(held, uses=[{**held.uses[0], "successful": None}])
    assert both(unknown)[1] == Usable(1, open=1)


def test_what_has_ended_or_is_anothers_does_not_count():
    ended = {"ends_on": ON - timedelta(1), "fees_paid_to": None}
    assert both(spoilt("ip", "IP01", **ended))[0] == Usable(0)
    assert both(spoilt("ip", "IP02", owner_self=False))[1] == Usable(1)
    assert both(spoilt("ip", "IP02", granted_on=date(2020, 1, 1)))[1] == Usable(1)


def test_what_is_not_known_stays_open():
    assert both(spoilt("ip", "IP02", owner_self=None))[1] == Usable(1, open=1)
    ruling = spoilt("ip", "IP02", kind="other", class_ruled=None)
    assert both(ruling) == (Usable(1, open=1), Usable(1, open=1))


def test_a_list_that_may_go_on_says_so_and_none_is_not_zero():
    assert both(replace(clean(), complete=frozenset())) == (
        Usable(1, whole=False), Usable(2, whole=False),
    )  # fmt: skip
    held = clean()
    empty = {**held.tables, "ip": []}
    assert both(replace(held, tables=empty, complete=frozenset())) == (None, None)
    assert both(replace(held, tables=empty)) == (Usable(0), Usable(0))
