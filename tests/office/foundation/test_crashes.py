"""Killed in the middle, or two at once: processes of their own on a database of their own."""

import json
import os
import signal
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.db import connection

BEGIN = """
import sys, time, django
django.setup()
from datetime import datetime, UTC
from django.db import transaction
from peiyu.office.accounts.models import Body
from peiyu.office.foundation import sealing
from peiyu.office.foundation.models import RecordLine, RecordLink, RecordTail
from peiyu.office.foundation.record import write
from peiyu.office.foundation.sealing import seal
from peiyu.office.foundation.verification import verify
NOW = datetime(2019, 6, 17, 1, tzinfo=UTC)

def act(number=1):
    with transaction.atomic():
        code = f"{time.time_ns()}-{sys.argv[1]}"[-20:]
        body = Body.objects.create(kind="town", code=code, name="镇", short="镇", opened_on="2000-01-01")
        for _ in range(number):
            write(actor=None, action="tests.body.open", thing=body, changes={"name": ("", "镇")})
        stop_here()

def stop_here():
    pass

def here():
    print("here", flush=True)
    time.sleep(60)
"""
STATE = """
found = verify()
print(json.dumps({
    "bodies": Body.objects.count(), "lines": RecordLine.objects.count(),
    "links": RecordLink.objects.count(), "waiting": RecordTail.objects.count(),
    "whole": found.whole, "said": found.message.say(),
}))
"""


class Office:
    """An office of its own, with processes that can be killed."""

    def __init__(self, home):
        self.environment = {
            **os.environ,
            "PEIYU_HOME": str(home),
            "PEIYU_DEMO": "",
            "DJANGO_SETTINGS_MODULE": "peiyu.office.config.settings",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        if connection.vendor == "postgresql":
            name = f"own_{os.getpid()}"
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {name}")
                cursor.execute(f"CREATE DATABASE {name}")
            address = urlsplit(os.environ["PEIYU_DATABASE"])
            self.environment["PEIYU_DATABASE"] = address._replace(path=f"/{name}").geturl()
        self.ended(self.started("from django.core.management import call_command;"
                                "call_command('migrate', verbosity=0)"))  # fmt: skip

    def started(self, script, name=""):
        script = f"import json\n{BEGIN}\n{script}"
        return subprocess.Popen(
            [sys.executable, "-c", script, name],
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ended(self, process):
        out, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors[-2000:]
        return out

    def killed(self, script):
        """Run until it says that it is there, then kill it."""
        process = self.started(script)
        said = process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        errors = process.communicate(timeout=60)[1]
        assert said == "here\n", errors[-2000:]
        assert process.returncode == -signal.SIGKILL

    def state(self, script=""):
        return json.loads(self.ended(self.started(f"{script}\n{STATE}")))


@pytest.fixture
def office(tmp_path, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return Office(tmp_path)


def test_killed_at_any_moment_the_record_stays_whole(office):
    before = office.state("act(); act(2)")
    assert before | {"said": ""} == {
        "bodies": 2, "lines": 3, "links": 0, "waiting": 2, "whole": True, "said": "",
    }  # fmt: skip
    # in the middle of a transaction: neither change nor line nor tail
    office.killed("stop_here = here\nact(2)")
    assert office.state() == before
    # a sealer after its first link: the chain is as it was
    office.killed(
        "once = sealing.RecordLink.save\n"
        "sealing.RecordLink.save = lambda link, **more: (once(link, **more), here())\n"
        "seal(NOW)"
    )
    assert office.state() == before
    # a sealer within a link
    office.killed("sealing.Growing.digest = lambda growing: here()\nseal(NOW)")
    assert office.state() == before
    after = office.state("seal(NOW)")
    assert (after["links"], after["waiting"], after["whole"]) == (2, 0, True)


def test_several_write_and_several_seal_at_once(office):
    writers = [office.started("for _ in range(60): act(2)", f"w{n}") for n in range(2)]
    sealers = [
        office.started(
            "sealing.AT_ONCE = 3\ntotal = 0\n"
            "for _ in range(40):\n    total += seal(NOW)\n    time.sleep(0.02)\nprint(total)"
        )
        for _ in range(2)
    ]
    for writer in writers:
        office.ended(writer)
    sealed = sum(int(office.ended(sealer)) for sealer in sealers)
    found = office.state()
    assert found["whole"], found["said"]
    assert (found["lines"], found["links"] + found["waiting"]) == (240, 120)
    assert found["links"] == sealed > 0
    assert office.state("seal(NOW)")["links"] == 120
