"""Pages of papers: what was issued to an enterprise, one paper, its files, its end, its scan."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from peiyu.office.foundation.jobs import run
from peiyu.office.foundation.models import AccessKind, AccessLine, OfficeDay
from peiyu.office.notices.models import IssuedPaper, PaperScan
from tests.office.factories import DAY, again
from tests.office.matrix import BACKEND
from tests.office.notices.given import asked_for_figures, city, issued, short

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day(settings, tmp_path):
    settings.DEMO, settings.FILES_ROOT = True, tmp_path / "files"
    OfficeDay.objects.create(pk=1, day=DAY)


@pytest.fixture
def place():
    return city()


def of(who):
    client = Client()
    client.force_login(again(who), backend=BACKEND)
    return client


def test_the_notice_is_issued_from_the_page_and_shown_when_ready(place):
    client, tab = of(place.clerk), reverse("enterprise_papers", args=[place.firm.pk])
    page = reverse("lacking_notice", args=[place.firm.pk])
    assert page in client.get(tab).content.decode()
    refused = client.post(page, {"body": place.town.pk})
    assert refused.status_code == 422 and "不用发告知书" in refused.content.decode()
    asked_for_figures(place)
    assert client.post(page, {"body": place.town.pk}).status_code == 303
    assert "正在制作" in client.get(tab).content.decode()
    for note in DBTaskResult.objects.ready():
        run.func(*note.args_kwargs["args"])
    shown = client.get(tab).content.decode()
    assert "克政〔2019〕1号" in shown and "正在制作" not in shown
    paper = IssuedPaper.objects.get()
    detail = client.get(reverse("paper", args=[paper.pk])).content.decode()
    assert "销售收入" in detail and "2019年6月27日" in detail and place.clerk.name in detail


def taken():
    return AccessLine.objects.filter(kind=AccessKind.DOWNLOAD).order_by("pk")


def test_its_files_come_as_downloads(place):
    paper = issued(place)
    client = of(place.clerk)
    for part, start in (("pdf", b"%PDF-"), ("word", b"PK")):
        answer = client.get(reverse("paper_file", args=[paper.pk, part]))
        assert answer["Content-Disposition"].startswith("attachment")
        assert b"".join(answer).startswith(start)
    for part in ("signed", "other"):
        assert client.get(reverse("paper_file", args=[paper.pk, part])).status_code == 404
    assert [(one.actor, one.key) for one in taken()] == [(place.clerk, str(paper.pk))] * 2


def test_what_somebody_typed_is_shown_as_typed(place):
    paper = issued(place, content=short("<script>alert(1)</script>"))
    shown = of(place.clerk).get(reverse("paper", args=[paper.pk])).content.decode()
    assert "<script>alert(1)" not in shown and "&lt;script&gt;" in shown


def test_a_paper_is_withdrawn_with_its_reason(place):
    paper = issued(place, content=short())
    client, page = of(place.clerk), reverse("paper_withdraw", args=[paper.pk])
    assert client.post(page, {"reason": ""}).status_code == 422
    assert client.post(page, {"reason": "发错了"}).status_code == 303
    shown = client.get(reverse("paper", args=[paper.pk])).content.decode()
    assert "发错了" in shown and "已撤回" in shown
    assert client.get(page).status_code == 404, "it is over"


def test_a_signed_scan_is_attached(place):
    paper = issued(place, content=short())
    client, page = of(place.clerk), reverse("paper_scan", args=[paper.pk])
    wrong = SimpleUploadedFile("a.txt", b"text")
    assert client.post(page, {"file": wrong}).status_code == 422
    scan = SimpleUploadedFile("签章.pdf", b"%PDF-1.4\nscan\n%%EOF")
    assert client.post(page, {"file": scan}).status_code == 303
    assert PaperScan.objects.get().paper == paper
    answer = client.get(reverse("paper_file", args=[paper.pk, "signed"]))
    assert b"".join(answer) == b"%PDF-1.4\nscan\n%%EOF"


def test_an_enterprise_finds_its_papers_at_its_own_door(place):
    paper = issued(place, content=short())
    client = of(place.owner)
    page = client.get(reverse("portal_papers", args=[place.firm.pk])).content.decode()
    assert "克政〔2019〕1号" in page and place.clerk.name not in page
    file = reverse("portal_paper_file", args=[place.firm.pk, paper.pk, "pdf"])
    assert b"".join(client.get(file)).startswith(b"%PDF-")
    assert client.get(file.replace("/pdf/", "/scan/")).status_code == 404
    (line,) = taken()
    assert (line.actor, line.key) == (place.owner, str(paper.pk)) and line.detail.endswith(".pdf")


def test_the_list_takes_the_same_number_of_queries_however_long(
    place, django_assert_max_num_queries
):
    client, tab = of(place.clerk), reverse("enterprise_papers", args=[place.firm.pk])
    issued(place, content=short("一"))
    client.get(tab)
    for text in "二三四":
        issued(place, content=short(text))
    with django_assert_max_num_queries(40) as taken:
        client.get(tab)
    few = len(taken)
    issued(place, content=short("五"))
    with django_assert_max_num_queries(few):
        client.get(tab)
