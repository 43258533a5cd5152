"""Files: what is taken, what is refused and in which words, how they leave."""

import io
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from openpyxl import Workbook
from PIL import Image

from peiyu.office.enterprises.models import EnterpriseFile
from peiyu.office.foundation import files
from peiyu.office.foundation.files import (
    download,
    open_file,
    remove_expired,
    replace,
    store,
    sweep,
    tidied,
)
from peiyu.office.foundation.kinds import Limits
from peiyu.office.foundation.models import RecordLine, StoredFile
from peiyu.office.foundation.refusals import Refused
from tests.office.factories import enterprise, person

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%%EOF\n"
EXE = b"MZ\x90\x00" + b"\x00" * 100


@pytest.fixture(autouse=True)
def _root(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"


def on_disk():
    return [path for path in files._root().rglob("*") if path.is_file()]


def xlsx():
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def packed(parts, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(**more):
    return packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>", **more})


def picture(form, size=(60, 40), **more):
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, form, **more)
    return out.getvalue()


def refusal(content, name, **more):
    with pytest.raises(Refused) as refused:
        store(content, name, by=None, **more)
    assert on_disk() == [] and not StoredFile.objects.exists()
    assert refused.value.field == "file" and refused.value.say("en")
    return refused.value.say()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PDF, "a.pdf", "application/pdf"),
        (picture("PNG"), "a.png", "image/png"),
        (picture("JPEG"), "a.JPG", "image/jpeg"),
        (xlsx(), "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (
            docx(),
            "a.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("名称,代码\n砺新,1\n".encode(), "a.csv", "text/csv"),
        ("名称,代码\n砺新,1\n".encode("gb18030"), "a.csv", "text/csv"),
        ("\ufeff说明".encode(), "a.txt", "text/plain"),
    ],
)
def test_the_content_says_what_a_file_is(content, name, kind):
    stored = store(io.BytesIO(content), name, by=None)
    assert (stored.kind, stored.name) == (kind, name)
    with open_file(stored) as kept:
        assert kept.read() == content or kind.startswith("image/")
    assert len(on_disk()) == 1 and on_disk()[0].stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (EXE, "a.exe", "可以运行的程序"),
        (EXE, "发票.pdf", "可以运行的程序"),
        (b"\x7fELF" + b"\x00" * 60, "a", "可以运行的程序"),
        (b"#!/bin/sh\nrm -rf /\n", "a.txt", "可以运行的程序"),
        (b"GIF89a" + b"\x00" * 20, "a.gif", "GIF 图片"),
        (b"<!DOCTYPE html><script>", "a.txt", "网页"),
        (b" \n<!-- x --><html>", "a.csv", "网页"),
        (b"<script>alert(1)</script>", "a.csv", "网页"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>', "a.svg", "网页"),
        (b'<?xml version="1.0"?><a/>', "a.xml", "网页"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.xls", "旧格式"),
        (packed({"a.txt": "a"}), "a.zip", "压缩包"),
        (packed({"a.txt": "a"}), "a.xlsx", "压缩包"),
        (b"Rar!\x1a\x07\x00", "a.rar", "压缩包"),
        (docx(**{"word/vbaProject.bin": b"x"}), "a.docx", "带有宏"),
        (packed({"[Content_Types].xml": "sheet.macroEnabled.main", "xl/workbook.xml": ""}), "a.xlsm", "带有宏"),
        (docx(**{"word/x.xml": '<!DOCTYPE a [<!ENTITY b "c">]>'}), "a.docx", "损坏"),
        (docx()[:-30], "a.docx", "损坏"),
        (PDF, "a.png", ".png"),
        (xlsx(), "a.docx", "Excel 工作簿"),
        (b"", "a.pdf", "是空的"),
        (b"a\x00b" * 10, "a.txt", "不是可以接收的文件"),
        (bytes(range(256)), "a.csv", "不是可以接收的文件"),
        (picture("PNG")[:60], "a.png", "图片已经损坏"),
    ],
)  # fmt: skip
def test_what_could_run_or_deceive_is_refused_in_words(content, name, words):
    assert words in refusal(content, name)


def test_a_bomb_is_not_opened():
    bomb = packed({"[Content_Types].xml": "", "xl/workbook.xml": b"\x00" * (60 << 20)})
    assert "解压后有 60 MB" in refusal(bomb, "a.xlsx")
    many = packed({str(i): "" for i in range(200)})
    assert "200 个部分" in refusal(many, "a.xlsx", limits=Limits(entries=100))


def test_a_bomb_that_lies_about_its_size_is_broken():
    honest = packed({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": b"x" * 100_000})
    assert "损坏" in refusal(
        honest.replace((100_000).to_bytes(4, "little"), b"\x01\x00\x00\x00"), "a.xlsx"
    )


def test_a_picture_of_too_many_pixels_is_refused():
    assert "3000 万像素" in refusal(picture("PNG", (6000, 5001)), "a.png")


def test_a_file_that_is_too_large_is_refused_with_size_and_limit():
    class Endless:
        def read(self, size):
            return b"a" * size

    words = refusal(Endless(), "a.txt")
    assert "超过 50 MB" in words and "50.06" in words


def test_a_picture_loses_place_and_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera of somebody"
    exif.get_ifd(0x8825)[2] = (35.0, 1.0, 2.0)
    stored = store(picture("JPEG", exif=exif, comment=b"home"), "a.jpg", by=None)
    with open_file(stored) as content:
        kept = content.read()
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (40, 60) and not image.getexif()
    assert b"Camera" not in kept and b"home" not in kept


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\temp\\报告.txt", "报告.txt"),
        ("a\u202etxt.exe.txt", "atxt.exe.txt"),
        ("a\x00\r\nb.txt", "ab.txt"),
        ('a"b<c>|?*.txt', "a_b_c____.txt"),
        (" .. ", "文件"),
        ("", "文件"),
        ("\ud800a.txt", "a.txt"),
        ("长" * 300 + ".txt", "长" * 196 + ".txt"),
    ],
)
def test_names_are_tidied(given, name):
    assert tidied(given) == name


def test_a_file_without_ending_gets_the_right_one():
    assert store(PDF, "报告", by=None).name == "报告.pdf"


def test_equal_content_lies_once_and_goes_with_its_last_file():
    soon = timezone.now() + timedelta(days=1)
    short = store(PDF, "a.pdf", by=None, expires_at=soon)
    store(PDF, "b.pdf", by=None)
    assert len(on_disk()) == 1
    later = timezone.now() + timedelta(days=2)
    assert remove_expired(later) == 1 and len(on_disk()) == 1
    StoredFile.objects.filter(name="b.pdf").update(expires_at=soon)
    assert remove_expired(later) == 1 and on_disk() == []
    short.refresh_from_db()
    with pytest.raises(Refused, match="内容已删除"):
        open_file(short)


def test_content_that_was_just_stored_is_not_removed():
    store(PDF, "a.pdf", by=None, expires_at=timezone.now())
    assert remove_expired(timezone.now() + timedelta(minutes=5)) == 0 and len(on_disk()) == 1


def test_what_no_file_has_is_swept_away():
    kept, lost = store(PDF, "a.pdf", by=None), store(b"abc", "b.txt", by=None)
    lost.delete()
    (files._root() / "incoming" / "x").write_text("left by a crash")
    assert sweep(timezone.now()) == 0
    assert sweep(timezone.now() + timedelta(hours=2)) == 2
    assert on_disk() == [files.path_of(kept)]


def test_a_file_leaves_so_that_no_browser_runs_it():
    answer = download(store(PDF, "报告\"; x='1.pdf", by=None))
    said = answer.headers["Content-Disposition"]
    assert said.startswith('attachment; filename="') and said.isascii() and said.count('"') == 2
    assert "filename*=UTF-8''%E6%8A%A5%E5%91%8A" in said
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_new_version_leaves_the_old_one():
    actor, of = person(), enterprise()
    names = {field.name for field in EnterpriseFile._meta.concrete_fields}
    more = {"added_at": timezone.now()} if "added_at" in names else {}
    old = EnterpriseFile.objects.create(
        enterprise=of, file=store(PDF, "a.pdf", by=actor), title="证书", **more
    )
    new = replace(old, store(PDF + b"\n", "b.pdf", by=actor), actor=actor, about=of)
    old.refresh_from_db()
    assert (old.replaced_by, new.version, new.title, new.enterprise) == (new, 2, "证书", of)
    assert RecordLine.objects.get(action="enterprises.enterprisefile.replace").actor == actor
    with pytest.raises(Refused, match="更新的版本"):
        replace(old, new.file, actor=actor)


FULL_DISK = """
import resource, sys
from pathlib import Path
import django
from django.conf import settings
apps = ["django.contrib.contenttypes", "django.contrib.auth", "peiyu.office.foundation"]
settings.configure(FILES_ROOT=sys.argv[1], INSTALLED_APPS=apps, USE_TZ=True)
django.setup()
from peiyu.office.foundation import files
from peiyu.office.foundation.refusals import Refused
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    files.store(b"a" * 1_000_000, "a.txt", by=None)
except Refused as refused:
    print(refused.say())
print([path for path in Path(sys.argv[1]).rglob("*") if path.is_file()])
"""


def test_a_full_disk_is_said_and_leaves_nothing_behind(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "full")],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    words, left = done.stdout.splitlines()
    assert "磁盘空间不足" in words and left == "[]"


def test_an_old_workbook_is_taken_only_where_it_is_read_and_never_with_macros():
    old = (Path(__file__).parents[2] / "tables/data/old_format.xls").read_bytes()
    tables = Limits(kinds=("xlsx", "xls"))
    assert "旧格式" in refusal(old, "a.xls")
    assert "Excel 97–2003" in refusal(old, "a.xlsx", limits=tables)
    assert "带有宏" in refusal(old + "_VBA_PROJECT".encode("utf-16-le"), "a.xls", limits=tables)
    word = old.replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le"))
    assert "旧格式" in refusal(word, "a.xls", limits=tables)
    assert store(old, "a.xls", by=None, limits=tables).kind == "application/vnd.ms-excel"
    assert store(old, "a.et", by=None, limits=tables).name == "a.et"
