"""The public page of verifying: any input gets an answer in words, nothing is kept, tries are few."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peiyu.office.foundation.files import open_file
from peiyu.office.foundation.models import OfficeDay, StoredFile
from peiyu.office.notices.actions import withdraw_paper
from peiyu.office.portal.verifying import LARGEST, MOST_TRIES
from peiyu.papers.codes import spaced
from tests.office.factories import DAY
from tests.office.notices.given import city, issued, short

pytestmark = pytest.mark.django_db
PAGE = "/portal/verify/"


@pytest.fixture(autouse=True)
def _day(settings, tmp_path):
    settings.DEMO, settings.FILES_ROOT = True, tmp_path / "files"
    OfficeDay.objects.create(pk=1, day=DAY)


@pytest.fixture
def place():
    return city()


@pytest.fixture
def paper(place):
    return issued(place, content=short())


def said(answer):
    return answer.content.decode()


def test_the_qr_code_leads_to_the_answer(client, place, paper):
    assert reverse("portal_verify") == PAGE
    shown = said(client.get(PAGE, {"code": paper.code}))
    assert "现在有效" in shown and "克政〔2019〕1号" in shown and place.firm.name in shown
    assert place.town.name in shown and "2019-06-17" in shown
    for hidden in (place.clerk.name, place.owner.name, "请补报", str(place.firm.code or "无码")):
        assert hidden not in shown


def test_it_answers_in_english_too(paper):
    client = Client(headers={"accept-language": "en"})
    shown = said(client.get(PAGE, {"code": paper.code}))
    assert "This paper was issued here and is valid" in shown
    assert "Verify code" in shown and "核验码" not in shown


def test_the_code_is_typed(client, place, paper):
    shown = said(client.post(PAGE, {"code": spaced(paper.code).lower()}))
    assert "现在有效" in shown
    withdraw_paper(paper, reason="内部理由", actor=place.clerk)
    shown = said(client.post(PAGE, {"code": paper.code}))
    assert "已撤回" in shown and "2019-06-17" in shown and "内部理由" not in shown


def test_a_file_is_compared_and_not_kept(client, paper, settings, tmp_path):
    content = open_file(paper.pdf).read()
    files, before = sorted(Path(settings.FILES_ROOT).rglob("*")), StoredFile.objects.count()
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "arriving"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    shown = said(client.post(PAGE, {"file": SimpleUploadedFile("a.pdf", content)}))
    assert "现在有效" in shown and "PDF原件" in shown
    altered = content[:-1] + bytes([content[-1] ^ 1])
    shown = said(client.post(PAGE, {"file": SimpleUploadedFile("a.pdf", altered)}))
    assert "与它不符" in shown and "克政〔2019〕1号" in shown
    shown = said(client.post(PAGE, {"file": SimpleUploadedFile("b.pdf", b"x" * 3_000_000)}))
    assert "没有制发过" in shown
    assert StoredFile.objects.count() == before
    assert sorted(Path(settings.FILES_ROOT).rglob("*")) == files
    assert list(settings.FILE_UPLOAD_TEMP_DIR.iterdir()) == []


def test_a_file_too_large_and_an_empty_question_are_refused_in_words(client, monkeypatch):
    monkeypatch.setattr("peiyu.office.portal.verifying.LARGEST", 10)
    answer = client.post(PAGE, {"file": SimpleUploadedFile("a.pdf", b"x" * 11)})
    assert answer.status_code == 422 and "20MB" in said(answer)
    assert LARGEST == 20 << 20
    answer = client.post(PAGE, {})
    assert answer.status_code == 422 and "请输入核验码" in said(answer)


def test_after_too_many_tries_one_has_to_wait(client, paper):
    for _ in range(MOST_TRIES):
        assert client.post(PAGE, {"code": "2222-2222-2222"}).status_code == 200
    answer = client.post(PAGE, {"code": paper.code})
    assert answer.status_code == 429 and "分钟" in said(answer)
    assert client.get(PAGE, {"code": paper.code}).status_code == 429
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert "现在有效" in said(elsewhere.get(PAGE, {"code": paper.code}))


def test_who_finds_papers_is_not_slowed(client, paper):
    for _ in range(MOST_TRIES + 2):
        assert client.get(PAGE, {"code": paper.code}).status_code == 200


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=60), st.one_of(st.none(), st.binary(max_size=200)), st.text(max_size=20))
def test_no_input_breaks_it(code, content, name):
    client = Client(REMOTE_ADDR="10.0.1.1", raise_request_exception=False)
    data = {"code": code}
    if content is not None:
        data["file"] = SimpleUploadedFile(name.encode("utf-8", "ignore").decode() or "x", content)
    assert client.post(PAGE, data).status_code in (200, 400, 422, 429)
    assert client.get(PAGE, {"code": code}).status_code in (200, 400, 429)


@pytest.mark.parametrize(
    "query", ["code=%FF%FE", "code=%00", "code=" + "A" * 5000, "code[]=1", "%"]
)
def test_no_address_breaks_it(client, query):
    client.raise_request_exception = False
    assert client.get(f"{PAGE}?{query}").status_code in (200, 400)


def test_other_ways_of_asking_are_refused(client):
    assert client.put(PAGE).status_code == 405
