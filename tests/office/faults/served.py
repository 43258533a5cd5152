"""An office that really runs: its own home and database, its own web server."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parents[3]
PEOPLE = """
import django; django.setup()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from tests.office.factories import body, enterprise, mandate, person
town = body("town")
one = enterprise(town=town)
for who in (person("bureau_officer"), person("owner")):
    if who.duty != "office":
        mandate(one, who)
    session = SessionStore()
    session[SESSION_KEY] = str(who.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = who.get_session_auth_hash()
    session.save()
    print(session.session_key)
print(one.pk)
"""
BACKUP = "import django; django.setup()\n"


@dataclass
class Served:
    """Where it answers, and the sessions of an official and of an owner."""

    environment: dict[str, str]
    port: int
    process: subprocess.Popen[bytes]
    sessions: dict[str, str] = field(default_factory=dict)
    enterprise: int = 0

    def ask(
        self, address: str, who: str = "", *, method: str = "GET", body: Any = None, **headers: str
    ) -> tuple[int, dict[str, str], str]:
        """Ask once, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if who:
            given["Cookie"] = f"sessionid={self.sessions[who]}; csrftoken={'a' * 32}"
        try:
            connection.request(method, address, body, given)
            answer = connection.getresponse()
            return (
                answer.status,
                dict(answer.getheaders()),
                answer.read().decode("utf-8", "replace"),
            )
        finally:
            connection.close()

    def raw(self, sent: bytes, patience: float = 5) -> bytes:
        """Send these bytes; what comes back before the server hangs up or falls silent."""
        back = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=patience) as line:
            line.sendall(sent)
            try:
                line.shutdown(socket.SHUT_WR)
                while piece := line.recv(65536):
                    back += piece
            except OSError:
                pass  # the server hung up first, as it may
        return back

    @property
    def memory(self) -> int:
        """Bytes that the server's processes hold."""
        parent = psutil.Process(self.process.pid)
        return sum(one.memory_info().rss for one in [parent, *parent.children(recursive=True)])


def environment_of(home: Path, database: str = "") -> dict[str, str]:
    """What the processes of an office of a test are told."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PEIYU_")},
        "PEIYU_HOME": str(home),
        "PEIYU_DATABASE": database,
        "PEIYU_SECRET_KEY": "of an office of a test " * 3,
        "PEIYU_HTTPS": "0",
        "PEIYU_WORKERS": "1",
        "DJANGO_SETTINGS_MODULE": "peiyu.office.config.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }


def run(environment: dict[str, str], *words: str) -> str:
    """A process of the office to its end."""
    done = subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@contextmanager
def serving(home: Path, database: str = "") -> Iterator[Served]:
    """A web server on an office with two people and one enterprise."""
    environment = environment_of(home, database)
    run(environment, "-m", "peiyu.cli", "prepare", "--quiet")
    official, owner, enterprise = run(environment, "-c", PEOPLE).split()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "peiyu.cli.web", "127.0.0.1", str(port)],
            env=environment, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    served = Served(
        environment, port, process, {"official": official, "owner": owner}, int(enterprise)
    )
    try:
        _up(served, home)
        yield served
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _up(served: Served, home: Path) -> None:
    until = time.monotonic() + 40
    while time.monotonic() < until and served.process.poll() is None:
        try:
            served.ask("/login/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError((home / "log").read_text()[-3000:])
