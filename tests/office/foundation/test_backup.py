"""The whole office in one archive, and back."""

import io
import json
import tarfile

import pytest

from tests.office.foundation.own_office import copy_of, drop, migrated, without_tables

FILL = """
from django.conf import settings
from django.db import transaction
from peiyu.office.accounts.models import User
from peiyu.office.foundation import files, search, sealing
from peiyu.office.foundation.sources import of_document
from django.utils import timezone
with transaction.atomic():
    person = User.objects.create(username="a", name="某人\\t\\\\N", duty="office")
    file = files.store(b"%PDF-1.4 the only copy", "a.pdf", by=person)
    of_document("证书", actor=person, file=file, number="1")
    search.put(person, [("name", "砺新")])
sealing.seal(timezone.now())
"""
SHOW = """
from peiyu.office.accounts.models import User
from peiyu.office.foundation.models import RecordLine, RecordLink, Source
from peiyu.office.foundation import files, search
from peiyu.office.foundation.verification import verify
source = Source.objects.select_related("file").get()
with files.open_file(source.file) as content:
    print(content.read().decode(), end="|")
print(User.objects.get().name, RecordLine.objects.count(), RecordLink.objects.count(), verify().whole,
      [one.text for one in search.find("lixin", "accounts.user")], sep="|")
"""
GUARDED = """
from django.db import DatabaseError
from peiyu.office.foundation.models import RecordLine
try:
    RecordLine.objects.update(reason="x")
except DatabaseError:
    print("refused")
from peiyu.office.accounts.models import User
new = User.objects.create(username="b", name="新")
assert User.objects.count() == 2
"""


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    office = migrated(tmp_path_factory.mktemp("full") / "office")
    office.run(FILL)
    yield office
    drop(office)


@pytest.fixture(scope="module")
def archive(full, tmp_path_factory):
    target = tmp_path_factory.mktemp("archive") / "office.tar.gz"
    done = full.command("backup", target)
    assert done.returncode == 0, done.stderr
    assert target.stat().st_mode & 0o077 == 0
    return target


@pytest.fixture
def empty(tmp_path):
    office = without_tables(tmp_path / "empty")
    yield office
    drop(office)


@pytest.fixture
def other(full, tmp_path):
    """An office with data of its own."""
    office = copy_of(full, tmp_path / "other")
    office.run("from peiyu.office.accounts.models import User; User.objects.update(name='旧')")
    yield office
    drop(office)


def name_in(office):
    return office.run(
        "from peiyu.office.accounts.models import User; print(User.objects.get().name)"
    )


def test_what_was_backed_up_comes_back_whole(full, archive, empty):
    before = full.run(SHOW)
    assert before.startswith("%PDF-1.4 the only copy|") and "True|['砺新']" in before
    done = empty.command("restore", archive)
    assert done.returncode == 0, done.stderr
    assert empty.run(SHOW) == before
    assert empty.run(GUARDED) == "refused"


def test_an_office_with_data_is_not_replaced_unless_forced(archive, other):
    done = other.command("restore", archive)
    assert done.returncode == 1 and "--force" in done.stderr
    assert name_in(other) == "旧"
    assert other.command("restore", archive, "--force").returncode == 0
    assert name_in(other) != "旧"


def test_an_archive_is_not_written_over(full, archive):
    done = full.command("backup", archive)
    assert done.returncode == 1 and "已存在" in done.stderr


def rewritten(archive, target, change):
    with tarfile.open(archive) as old, tarfile.open(target, "w:gz") as new:
        for entry in old:
            content = change(entry, old.extractfile(entry).read())
            if content is not None:
                entry.size = len(content)
                new.addfile(entry, io.BytesIO(content))
    return target


def cut(archive, target):
    target.write_bytes(archive.read_bytes()[:-2000])


def flipped(archive, target):
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 0xFF
    target.write_bytes(content)


def altered_file(archive, target):
    rewritten(
        archive, target, lambda e, c: c.replace(b"only", b"ONLY") if "files/" in e.name else c
    )


def missing_file(archive, target):
    rewritten(archive, target, lambda e, c: None if e.name.startswith("files/") else c)


def path_outside(archive, target):
    def change(entry, content):
        if entry.name.startswith("files/"):
            entry.name = "files/../../../outside"
        return content

    rewritten(archive, target, change)


def newer(archive, target):
    def change(entry, content):
        if entry.name != "manifest.json":
            return content
        said = json.loads(content)
        said["migrations"].append(["foundation", "9999_of_the_future"])
        return json.dumps(said).encode()

    rewritten(archive, target, change)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (cut, "已损坏"),
        (flipped, "已损坏"),
        (altered_file, "已损坏"),
        (missing_file, "已损坏"),
        (path_outside, "已损坏"),
        (newer, "较新的版本"),
        (lambda archive, target: target.write_text("not an archive"), "已损坏"),
        (lambda archive, target: None, "找不到"),
    ],
)
def test_a_damaged_archive_is_refused_and_the_office_stays(damage, words, archive, other, tmp_path):
    damage(archive, tmp_path / "damaged.tar.gz")
    done = other.command("restore", tmp_path / "damaged.tar.gz", "--force")
    assert done.returncode == 1 and words in done.stderr, done.stderr
    assert name_in(other) == "旧"
    assert not list(other.home.glob("restoring-*"))


STOP = """
import os, signal, sys
from pathlib import Path
from peiyu.office.foundation import backup
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(backup, {step!r}, die)
backup.restore(Path({archive!r}), force=True)
"""


@pytest.mark.parametrize("step", ["_check_fits", "_put_files"])
def test_a_restore_killed_in_the_middle_leaves_the_old_office(step, archive, other):
    process = other.begin(STOP.format(step=step, archive=str(archive)))
    process.communicate(timeout=120)
    assert process.returncode == -9
    assert name_in(other) == "旧"
    assert other.command("restore", archive, "--force").returncode == 0
    assert name_in(other) != "旧"


def test_an_archive_of_an_older_office_is_brought_up_to_date(full, tmp_path, empty):
    old = copy_of(full, tmp_path / "old")
    old.run(
        "from django.core.management import call_command;"
        "call_command('migrate', 'foundation', '0003', verbosity=0)"
    )
    assert old.command("backup", tmp_path / "old.tar.gz").returncode == 0
    drop(old)
    done = empty.command("restore", tmp_path / "old.tar.gz")
    assert done.returncode == 0, done.stderr
    empty.run("from peiyu.office.foundation.models import LastRun; LastRun.objects.count()")
    assert empty.run(SHOW) == full.run(SHOW)
