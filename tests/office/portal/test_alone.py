"""The portal starts on its own, with its own cookies; of the office there is nothing."""

import os
import subprocess
import sys

import pytest

SCRIPT = """
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.urls import Resolver404, resolve, reverse
call_command("check")
call_command("collectstatic", verbosity=0, interactive=False)
call_command("migrate", verbosity=0)
for address in ("/", "/portal/", "/portal/public/", "/login/", "/logout/", "/me/", "/language/"):
    resolve(address)
for address in ("/enterprises/", "/people/", "/bodies/", "/api/v1/me", "/record/", "/registrations/"):
    try:
        resolve(address)
    except Resolver404:
        continue
    raise SystemExit(address + " is there")
from django.test import Client
assert Client().get("/enterprises/").status_code == 404
answer = Client().get("/portal/public/")
assert answer.status_code == 200, answer.status_code
answer = Client().get("/portal/verify/?code=2222-2222-2222")
assert answer.status_code == 200 and "没有查到" in answer.content.decode()
print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, reverse("portal"))
"""


@pytest.fixture
def alone(tmp_path):
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PEIYU_")},
        "DJANGO_SETTINGS_MODULE": "peiyu.office.config.portal_settings",
        "PEIYU_HOME": str(tmp_path),
        "PEIYU_HTTPS": "0",
        "PEIYU_HOSTS": "testserver",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }


def test_the_portal_stands_alone(alone):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=alone,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split()[-3:] == ["portal_session", "portal_csrf", "/portal/"]
