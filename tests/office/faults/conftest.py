"""An office with one of each, on a database of its own."""

import json

import pytest

from tests.office.foundation.own_office import drop, migrated

SCRIPT = "from tests.office.faults.scenes import main; main({!r})"


@pytest.fixture
def scene(tmp_path, django_db_setup):
    office = migrated(tmp_path / "home")
    office.run(SCRIPT.format("prepare"))
    yield lambda what: json.loads(office.run(SCRIPT.format(what)))
    drop(office)
