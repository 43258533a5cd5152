"""The city drawn once, written once, read once, judged once."""

from pathlib import Path

import pytest

from peiyu.batch.cases import cases_of
from peiyu.batch.layouts import layout
from peiyu.demo.city import city
from peiyu.demo.workbook import write_city
from peiyu.policy.explain import Assessment, program
from peiyu.policy.rulebooks.hnte import HNTE
from peiyu.tables.reading import read_workbook

DATA = Path(__file__).parent / "data"


def judged(drawn):
    """Every enterprise of a city with its assessment, by way of the cases that reading makes."""
    rules = program(HNTE, drawn.on)
    found = cases_of(drawn.read(), drawn.on)
    assert found.refusals == [] and found.notes == []
    return [
        (firm, Assessment(rules, case))
        for firm, case in zip(drawn.firms, found.cases, strict=True)
    ]  # fmt: skip


@pytest.fixture(scope="session")
def drawn():
    return city()


@pytest.fixture(scope="session")
def assessed(drawn):
    return judged(drawn)


@pytest.fixture(scope="session")
def workbook(drawn, tmp_path_factory):
    return write_city(tmp_path_factory.mktemp("demo") / "city.xlsx", drawn)


@pytest.fixture(scope="session")
def read_back(drawn, workbook):
    return read_workbook(workbook, layout(HNTE, drawn.on))
