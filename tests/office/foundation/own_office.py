"""An office of a test's own, with its own home and database, whose processes can be killed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

PREAMBLE = "import django; django.setup()\n"
ROOT = Path(__file__).parents[3]
numbers = count(1)


@dataclass(frozen=True)
class OwnOffice:
    """Where it lies; `database` is empty on SQLite."""

    home: Path
    database: str

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PEIYU_HOME": str(self.home),
            "PEIYU_DATABASE": self.database,
            "PEIYU_SECRET_KEY": "of an office of a test " * 3,
            "PEIYU_HOSTS": "",
            "DJANGO_SETTINGS_MODULE": "peiyu.office.config.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        }

    def begin(self, code: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", PREAMBLE + code],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str) -> str:
        process = self.begin(code)
        out, err = process.communicate(timeout=240)
        assert process.returncode == 0, err[-3000:]
        return out.strip()

    def command(self, *words: object) -> subprocess.CompletedProcess[str]:
        code = "import sys; from peiyu.cli import office_keep as k; getattr(k, sys.argv[1]).main(sys.argv[2:])"
        return subprocess.run(
            [sys.executable, "-c", code, *map(str, words)],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )


def migrated(folder: Path) -> OwnOffice:
    """A new, empty office."""
    office = OwnOffice(folder, _database())
    folder.mkdir()
    office.run(
        "from django.core.management import call_command; call_command('migrate', verbosity=0)"
    )
    return office


def copy_of(office: OwnOffice, folder: Path) -> OwnOffice:
    """Another office, like this one."""
    shutil.copytree(office.home, folder)
    return OwnOffice(folder, _database(office.database))


def without_tables(folder: Path) -> OwnOffice:
    """A place where an office may come to be."""
    folder.mkdir()
    return OwnOffice(folder, _database())


def drop(office: OwnOffice) -> None:
    if office.database:
        with psycopg.connect(os.environ["PEIYU_DATABASE"], autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {_name(office.database)} WITH (FORCE)")


def _database(like: str = "") -> str:
    server = os.environ.get("PEIYU_DATABASE", "")
    if not server:
        return ""
    name = f"own_{os.getpid()}_{next(numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        template = f" TEMPLATE {_name(like)}" if like else ""
        connection.execute(f"CREATE DATABASE {name}{template}")
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def _name(uri: str) -> str:
    return urlsplit(uri).path.lstrip("/")
