"""Imports killed in the middle and taken up again; imports and people at the same figures at once."""

import json
import signal

import pytest

from tests.office.foundation.own_office import drop, migrated

SCRIPT = "from tests.office.faults.scenes_imports import main; main({!r})"


@pytest.fixture
def town(tmp_path, django_db_setup):
    office = migrated(tmp_path / "home")
    office.run(SCRIPT.format("prepare"))

    def told(what):
        found = json.loads(office.run(SCRIPT.format(what)))
        assert found["whole"], found["said"]
        return found["told"]

    yield told
    drop(office)


def test_an_import_killed_anywhere_ends_as_if_it_had_not_been(town):
    told = town("killed")
    once, twice = (
        {"versions": [n], "places": 300, "lines": 0, "broken": 0, "gaps": 0} for n in (1, 2)
    )
    assert told["first"] == {
        "rows": 300, "new": 200, "changed": 100, "applied": 300, "undone": 300, "restored": True,
        "made": once, "taken back": twice, "states": ["ready", "applied", "undone"],
    }  # fmt: skip
    assert min(told["statements"].values()) > 50, "each is done in many steps"
    assert len(told["told"]) == 10
    end = {"jobs": ["done"] * 3, "states": ["ready", "applied", "undone"], "otherwise": []}
    for found in told["told"]:
        assert found == {"ended": [signal.SIGKILL] * 3, **end}


def test_two_imports_of_the_same_years_at_once_lose_nothing(town):
    told = town("two_imports")
    assert told["came"] == [None, None]
    assert not told["wrong"]
    assert told["states"] == ["applied"] * 2 and told["jobs"] == ["done"] * 2
    assert told["gaps"] == 0
    # of the same figure only one was as it was seen before
    assert told["refused"] == 150 and told["applied"] == 450
    assert max(told["attempts"]) == 1, "they wait for each other and need not begin anew"


def test_of_two_who_state_the_same_cell_at_once_one_sees_both_values(town):
    for found in town("two_people"):
        said = [one for one in found["came"] if one is not None]
        assert len(said) == 1 and "别人也改了" in said[0], found
        assert found["more"] == 1
        assert found["stands"] == found["came"].index(None)


def test_an_import_and_a_person_at_the_same_years_do_not_break_each_other(town):
    told = town("import_and_person")
    assert told["came"] == [None, None]
    assert (told["job"], told["attempts"]) == ("done", 1)
    assert not told["lost"] and told["gaps"] == 0
