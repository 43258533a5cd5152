"""Several workers at once, and one that is killed: each number once, none lost, nothing half done."""

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.office.foundation.test_crashes import Office

FILL = """
import django
django.setup()
from tests.office.notices.given import asked, city, short
from peiyu.office.foundation import jobs
from peiyu.office.foundation.models import Job
from peiyu.office.notices import issuing
from peiyu.office.notices.models import IssuedPaper
"""
STATE = """
from peiyu.office.foundation.verification import verify
print(json.dumps({
    "numbers": sorted(IssuedPaper.objects.values_list("number", flat=True)),
    "codes": len(set(IssuedPaper.objects.values_list("code", flat=True))),
    "states": sorted(Job.objects.values_list("state", flat=True)),
    "whole": verify().whole,
}))
"""


@pytest.fixture
def office(tmp_path, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return Office(tmp_path)


def started(office, script):
    return subprocess.Popen(
        [sys.executable, "-c", f"import json, os, time\n{FILL}\n{script}"],
        env={**office.environment, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def ended(process):
    out, errors = process.communicate(timeout=240)
    assert process.returncode == 0, errors[-3000:]
    return out


def test_workers_at_once_give_each_number_once(office):
    nine = "for n in range(9): print(asked(place, content=short(str(n))).pk)"
    made = ended(started(office, f"place = city()\n{nine}"))
    keys = [int(line) for line in made.split()]
    workers = [started(office, f"for key in {keys[at::3]}: jobs.run.func(key)") for at in range(3)]
    for worker in workers:
        ended(worker)
    state = json.loads(ended(started(office, STATE)))
    assert state == {
        "numbers": [*range(1, 10)], "codes": 9, "states": ["done"] * 9, "whole": True,
    }  # fmt: skip


def test_a_worker_killed_at_the_last_moment_loses_no_number(office):
    key = int(ended(started(office, "print(asked(city(), content=short()).pk)")))
    killed = started(
        office,
        "issuing.tell = lambda *a, **k: (print('here', flush=True), time.sleep(120))\n"
        f"jobs.run.func({key})",
    )
    assert killed.stdout.readline() == "here\n", killed.stderr.read()[-3000:]
    killed.send_signal(signal.SIGKILL)
    killed.communicate(timeout=60)
    before = json.loads(ended(started(office, STATE)))
    assert before == {"numbers": [], "codes": 0, "states": ["running"], "whole": True}
    ended(started(office, f"""
from datetime import timedelta
from django.utils import timezone
assert jobs.revive(timezone.now() + timedelta(hours=1)) == 1
jobs.run.func({key})"""))  # fmt: skip
    after = json.loads(ended(started(office, STATE)))
    assert after == {"numbers": [1], "codes": 1, "states": ["done"], "whole": True}
