"""Killed in the middle (kill -9): of every kind of action nothing is left, or all of it."""

import signal


def test_of_an_action_killed_in_the_middle_nothing_is_left(scene):
    told = scene("kill")
    assert told["whole"], told["said"]
    assert len(told["told"]) > 50
    wrong = {
        name: found
        for name, found in told["told"].items()
        if "trouble" in found  # it could not be done at all: mend the scene
        or not found["changed"]
        or not found["left"]
        or any(ended != signal.SIGKILL or not same for _, ended, _, same in found["left"])
    }
    assert not wrong


def test_of_an_action_killed_after_its_end_all_is_there(scene):
    told = scene("after")
    assert told["whole"], told["said"]
    assert set(told["told"].values()) == {True}, told["told"]
