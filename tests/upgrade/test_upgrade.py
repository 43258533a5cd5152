"""The demo databases of earlier versions, kept beside this file, become those of today.

To keep the present one: `peiyu demo --home HOME --build-only`, then `gzip -9n` of
`HOME/office.sqlite3` as `demo-NNNN.sqlite3.gz`, NNNN the number of the piece of work.
"""

import gzip
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

KEPT = sorted(Path(__file__).parent.glob("demo-*.sqlite3.gz"))
CACHES = {"assessments_readiness"}
"""Worked out anew by the next run."""


@pytest.fixture(scope="module", params=KEPT, ids=lambda file: file.name)
def home(request, tmp_path_factory):
    """An office with an earlier database, brought up to date by the command."""
    home = tmp_path_factory.mktemp("home")
    with gzip.open(request.param) as packed, (home / "office.sqlite3").open("wb") as file:
        shutil.copyfileobj(packed, file)
    before = rows(home)
    done = peiyu(home, "prepare", "--quiet")
    assert done.returncode == 0, done.stderr
    return home, before


def peiyu(home, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "peiyu.cli", *arguments],
        env={**os.environ, "PEIYU_HOME": str(home), "PEIYU_DEMO": "1", "PEIYU_HOSTS": "",
             "DJANGO_SETTINGS_MODULE": "peiyu.office.config.settings"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def rows(home):
    """How many rows each table of ours has."""
    with closing(sqlite3.connect(home / "office.sqlite3")) as database:
        tables = [
            name
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name.startswith(
                (
                    "foundation_",
                    "accounts_",
                    "casework_",
                    "policies_",
                    "enterprises_",
                    "desk_",
                    "reports_",
                    "portfolio_",
                    "qualifications_",
                    "goals_",
                    "notices_",
                    "assessments_",
                )
            )
            and "_fts" not in name
            and name not in CACHES
        ]
        return {
            name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables
        }


def test_there_is_one_to_upgrade():
    assert KEPT


def test_nothing_is_lost(home):
    home, before = home
    now = rows(home)
    assert before["enterprises_enterprise"] >= 320
    assert {name: count for name, count in before.items() if now.get(name, -1) < count} == {}


def test_the_record_still_verifies_and_still_refuses(home):
    home, _ = home
    done = peiyu(home, "record", "verify")
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(home / "office.sqlite3")) as database:
        for table in ("foundation_recordline", "foundation_recordlink"):
            with pytest.raises(sqlite3.DatabaseError):
                database.execute(f"DELETE FROM {table}")


def run(home, script):
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{script}"],
        env={**os.environ, "PEIYU_HOME": str(home), "PEIYU_DEMO": "1", "PEIYU_HOSTS": "",
             "DJANGO_SETTINGS_MODULE": "peiyu.office.config.settings"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


FOUND = """
from peiyu.office.accounts.models import User
from peiyu.office.desk.search import search
from peiyu.office.enterprises.models import Enterprise
one = Enterprise.objects.filter(status='active').first()
hits = search(one.name, User.objects.get(username='bureau')).enterprises
assert one in [hit.enterprise for hit in hits], hits
"""
REPLAYED = """
from peiyu.office.assessments.freezing import replay
from peiyu.office.assessments.models import FrozenAssessment
rows = list(FrozenAssessment.objects.all())
assert len(rows) >= {least}, rows
assert all(replay(row).same for row in rows), [replay(row) for row in rows]
"""
COUNTED = """
from datetime import date
from peiyu.office.qualifications.models import Holding
from peiyu.office.qualifications.queries import stock_on, stock_series
days = [date(2017, 12, 31), date(2018, 12, 31), date(2019, 6, 17)]
found = stock_series(days)
for day in days:
    over = Holding.objects.over(day, None).values('enterprise').distinct().count()
    assert sum(stock_on(day).values()) == found[day] == over, day
assert found[days[-1]] >= {least}, found
"""


def test_an_enterprise_is_still_found(home):
    run(home[0], FOUND)


def test_what_was_frozen_comes_out_again_and_certificates_are_counted_alike(home):
    home, before = home
    run(home, REPLAYED.format(least=before.get("assessments_frozenassessment", 0)))
    run(home, COUNTED.format(least=1 if before.get("qualifications_certificate") else 0))
