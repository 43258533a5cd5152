"""The command as it is typed: in this process for most tests."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from peiyu.cli import peiyu

Run = Callable[..., Result]


def run_command(*words: object) -> Result:
    """Run the command; an exception that is no exit is a fault, whatever was typed."""
    result = CliRunner().invoke(peiyu, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def run() -> Run:
    """The command."""
    return run_command


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which one stands."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
