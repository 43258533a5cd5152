"""Evidence at the enterprise's own door: it checks, corrects, explains and proves; nobody else does."""

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peiyu.office.accounts.models import Role
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation.models import OfficeDay
from peiyu.office.foundation.sources import of_document
from peiyu.office.portfolio.actions import ask_about, record_entry
from peiyu.office.portfolio.flags import flags_of, remarks_of
from peiyu.office.portfolio.loading import held_of
from peiyu.office.portfolio.models import Fullness, IpRight, Paper, Project, Remark, RemarkKind
from peiyu.policy.evidence import BY_NAME, IP
from tests.office.factories import DAY, NOW, body, enterprise, mandate, person
from tests.office.portfolio.filled import fill
from tests.office.web.test_years import HOSTILE

pytestmark = pytest.mark.django_db
PAGES = ("", "ip/", "ip/rows/IP01/", "ip/new/", "ip/rows/IP01/change/", "ip/rows/IP01/withdraw/",
         "incidents/", "hours/rows/RD01~P001~2016~5/")  # fmt: skip


@pytest.fixture(autouse=True)
def _city(settings):
    settings.DEMO = True
    OfficeDay.objects.create(pk=1, day=DAY)


@pytest.fixture
def officer():
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def one(officer):
    made = enterprise("济源市荻鹬装备有限公司", town=body(), code="91419001MAX1LX27Q9")
    return fill(made, officer, projects={"RD01": {"approval": False}})


@pytest.fixture
def owner(one, client):
    found = person(Role.OWNER)
    mandate(one, found)
    client.force_login(found)
    return found


def url(one, rest=""):
    return f"/portal/enterprises/{one.pk}/evidence/{rest}"


def soup(answer):
    return BeautifulSoup(answer.content, "html.parser")


def text(answer):
    return answer.content.decode()


def form_of(page):
    given = {}
    for field in page.select("main form [name]"):
        if field.name == "select":
            chosen = field.select_one("option[selected]")
            given[field["name"]] = chosen["value"] if chosen else ""
        elif field["name"] != "csrfmiddlewaretoken":
            given[field["name"]] = field.get("value", "") or field.get_text().strip()
    return given


def flag_of(one):
    (flag,) = flags_of(held_of([one], on=DAY)[one.pk], remarks_of([one.pk])[one.pk], DAY)
    return {"flag": flag.finding.key, "digest": flag.finding.digest}


@pytest.mark.parametrize("kind", [*MandateKind])
def test_only_those_who_speak_for_it_find_its_evidence(kind, one, client):
    who = person(kind.value)
    mandate(one, who, kind)
    client.force_login(who)
    opened = kind in (MandateKind.OWNER, MandateKind.ACCOUNTANT, MandateKind.AGENCY)
    for row in (one, enterprise()):
        found = {client.get(url(row, page)).status_code for page in PAGES}
        assert found == ({200} if opened and row is one else {404})
    if kind not in (MandateKind.COACH,):  # coaches work at the office's door
        home = text(client.get(f"/portal/enterprises/{one.pk}/"))
        assert (url(one) in home) is opened


def test_what_the_office_asks_about_comes_first_and_is_explained(one, owner, officer, client):
    assert "RD01没有立项文件" in text(client.get(url(one)))
    named = flag_of(one)
    ask_about(one, **named, words="请补立项决议", due_on=DAY, at=NOW, actor=officer)
    page = soup(client.get(url(one)))
    asked = page.select("section")[0].get_text(" ", strip=True)
    assert "请您说明" in asked and "请补立项决议" in asked and "2019-06-17前" in asked
    link = page.select_one("section a")["href"]
    form = soup(client.get(link))
    assert form.select_one("a[href$='projects/rows/RD01/']")
    empty = client.post(url(one, "explain/"), {**named, "words": ""})
    assert empty.status_code == 422
    assert client.post(url(one, "explain/"), {**named, "words": "决议在档案室"}).status_code == 303
    assert Remark.objects.get(kind=RemarkKind.EXPLAINED).said_by == owner
    assert "已说明，待核" in text(client.get(url(one)))
    gone = client.get(url(one, "explain/"), {"flag": "x", "digest": "y"})
    assert gone.headers["Location"] == url(one)


def test_correcting_the_row_makes_the_flag_go_without_a_reason(one, owner, client):
    page = soup(client.get(url(one, "projects/rows/RD01/change/")))
    given = {**form_of(page), "approval": "是", "approval_paper": "立项〔2016〕1号"}
    assert client.post(url(one, "projects/rows/RD01/change/"), given).status_code == 303
    row = Project.objects.get(enterprise=one, key="RD01", version=2)
    assert (row.recorded_by, row.values()["approval"]) == (owner, True)
    assert "没有别的对不上的地方" in text(client.get(url(one)))


def test_rows_are_entered_withdrawn_and_proved(one, owner, client):
    answer = client.post(url(one, "ip/new/"), {"seen": 0, "title": "新装置", "kind": "software"})
    assert answer.status_code == 303
    assert "IP04" in text(client.get(url(one, "ip/")))
    wrong = client.post(url(one, "ip/new/"), {"seen": 0, "title": "甲", "granted_on": "2020-01-01"})
    assert wrong.status_code == 422 and "还没有到" in text(wrong)
    sent = SimpleUploadedFile("证书.txt", "证书".encode(), "text/plain")
    address = url(one, "ip/rows/IP04/papers/new/")
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"file": sent, "title": "登记证书"}).status_code == 303
    assert "登记证书" in text(client.get(url(one, "ip/rows/IP04/")))
    assert client.post(url(one, f"papers/{Paper.objects.get().pk}/remove/")).status_code == 303
    assert client.post(url(one, "ip/rows/IP04/withdraw/"), {"reason": ""}).status_code == 422
    assert client.post(url(one, "ip/rows/IP04/withdraw/"), {"reason": "登重"}).status_code == 303
    assert "撤下" in text(client.get(url(one, "ip/rows/IP04/")))
    client.post(url(one, "standards/full/"), {"full": "1"})
    assert Fullness.objects.filter(enterprise=one, table="standards", until_on=None).exists()


def test_incidents_are_the_bureaus_to_enter(one, owner, client):
    assert client.get(url(one, "incidents/")).status_code == 200
    assert client.get(url(one, "incidents/new/")).status_code == 404
    assert client.post(url(one, "incidents/full/"), {"full": "1"}).status_code == 404


def test_what_another_saved_meanwhile_is_shown_and_nothing_typed_is_lost(
    one, owner, officer, client
):
    address = url(one, "ip/rows/IP01/change/")
    mine = form_of(soup(client.get(address)))
    source = of_document("证书", actor=officer)
    record_entry(
        one, IP, {"title": "科技局改的"}, key="IP01", reason="更正", source=source, actor=officer
    )
    answer = client.post(address, {**mine, "title": "我改的"})
    assert answer.status_code == 422
    assert "科技局改的" in text(answer) and "我改的" in text(answer)
    assert client.post(address, form_of(soup(answer))).status_code == 303
    assert IpRight.objects.get(enterprise=one, key="IP01", version=3).values()["title"] == "我改的"


@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_that_is_typed_breaks_a_page(one, owner, client, value):
    for table in ("ip", "rd", "hours", "conversions"):
        given = dict.fromkeys(BY_NAME[table].names, value) | {"seen": value}
        assert client.post(url(one, f"{table}/new/"), given).status_code == 422
    every = {"flag": value, "digest": value, "words": value, "reason": value}
    assert client.get(url(one, "explain/"), every).status_code == 302
    assert client.post(url(one, "explain/"), every).status_code in (302, 422)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_speaks_english_too(one, owner, client, page):
    owner.language = "en"
    owner.save()
    assert '<html lang="en">' in text(client.get(url(one, page)))


def test_pages_take_as_many_queries_for_many_rows_as_for_few(one, owner, officer, client):
    def number(page):
        client.get(url(one, page))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url(one, page)).status_code == 200
        return len(seen)

    few = [number(page) for page in PAGES]
    source = of_document("证书", actor=officer)
    for at in range(20):
        values = {"no": f"IP{at + 10}", "title": f"装置{at}"}
        record_entry(one, IP, values, source=source, actor=officer)
    assert [number(page) for page in PAGES] == few
