"""Looking at files."""

import io

import pypdfium2
import pytest
from PIL import Image

from peiyu.office.foundation import previews
from peiyu.office.foundation.files import store
from peiyu.office.foundation.previews import preview
from peiyu.office.foundation.refusals import Refused

pytestmark = pytest.mark.django_db

LOCKED = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]>>endobj
4 0 obj<</Filter/Standard/V 1/R 2/O(AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA)/U(BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB)/P -4>>endobj
xref
0 5
0000000000 65535 f 
trailer<</Root 1 0 R/Size 5/Encrypt 4 0 R/ID[(1)(1)]>>
startxref
0
%%EOF
"""  # noqa: W291


@pytest.fixture(autouse=True)
def _root(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"


def pdf(pages=2):
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(200, 300)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_page_of_a_pdf_is_painted_once():
    stored = store(pdf(), "a.pdf", by=None)
    shown = preview(stored, page=2, width=200)
    assert (shown.page, shown.pages) == (2, 2)
    with Image.open(shown.picture.path) as image:
        assert image.format == "PNG" and image.width == previews.SMALL
    painted = shown.picture.path.stat().st_mtime_ns
    assert preview(stored, page=2, width=200).picture.path.stat().st_mtime_ns == painted
    assert shown.picture.headers["Content-Disposition"].startswith("inline")


def test_a_picture_is_made_small():
    out = io.BytesIO()
    Image.new("RGB", (2000, 1000)).save(out, "JPEG")
    shown = preview(store(out.getvalue(), "a.jpg", by=None), width=240)
    with Image.open(shown.picture.path) as image:
        assert image.size == (240, 120)


@pytest.mark.parametrize("page", [0, 3, 201, -1])
def test_there_is_no_such_page(page):
    with pytest.raises(Refused, match="页"):
        preview(store(pdf(), "a.pdf", by=None), page=page)


@pytest.mark.parametrize(
    ("content", "words"), [(b"%PDF-1.4\nnonsense", "已损坏"), (LOCKED, "有密码")]
)
def test_what_cannot_be_shown_is_said(content, words):
    with pytest.raises(Refused, match=words):
        preview(store(content, "a.pdf", by=None))


def test_a_page_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(previews, "PATIENCE", 0.001)
    with pytest.raises(Refused, match="太复杂"):
        preview(store(pdf(), "a.pdf", by=None))


def test_a_table_has_no_preview():
    with pytest.raises(Refused, match="不能预览"):
        preview(store(b"a,b", "a.csv", by=None))
