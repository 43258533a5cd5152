"""Published lists made into certificates at the door; the list of certificates taken away."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from peiyu.office.accounts.models import BodyKind, Duty, Role
from peiyu.office.desk.models import ExportRequest
from peiyu.office.foundation.models import AccessKind, AccessLine, OfficeDay
from peiyu.office.policies.models import Setting
from peiyu.office.qualifications.models import Certificate, EventKind, TechSmeNumber
from peiyu.office.reports.models import ListedName, ListKind, PublishedList
from tests.office.factories import DAY, NOW, body, enterprise, person
from tests.office.qualifications.given import certificate, event, number, paper

pytestmark = [pytest.mark.django_db, pytest.mark.urls("peiyu.office.config.urls")]
LISTS, FILE = "/certificates/lists/", "/certificates/export/"


@pytest.fixture(autouse=True)
def _day(settings, tmp_path):
    settings.DEMO, settings.FILES_ROOT = True, tmp_path / "files"
    OfficeDay.objects.create(day=DAY)


@pytest.fixture
def town():
    return body(BodyKind.TOWN, "克井镇")


@pytest.fixture
def one(town):
    return enterprise("济源市荻鹬装备有限公司", town=town, code="91419001MAX1LX27Q9")


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


def entered(client, who):
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text(answer):
    return answer.content.decode()


def published(kind, *entries, on=date(2018, 12, 3)):
    made = PublishedList.objects.create(
        kind=kind,
        title="河南省2018年第一批高企名单",
        number="豫高企〔2018〕1号",
        published_on=on,
        source=paper(),
    )
    for place, (name, firm, entry) in enumerate(entries, start=1):
        ListedName.objects.create(
            published=made, place=place, name=name, enterprise=firm, entry=entry
        )
    return made


# lists


def test_what_is_chosen_of_a_list_is_entered_and_again_changes_nothing(client, one, town, bureau):
    other = enterprise("济源市乙电子有限公司", town=town)
    held = certificate(other, date(2018, 12, 3), by=bureau)
    third = enterprise("济源市丙化工有限公司", town=town)
    new, its = number(2018), number(2018)
    made = published(
        ListKind.HNTE, (one.name, one, new), (other.name, other, its), ("河南省丁公司", None, "GR1"),
        (third.name, third, ""),
    )  # fmt: skip
    entered(client, bureau)
    assert made.title in text(client.get(LISTS))
    page = client.get(f"{LISTS}{made.pk}/")
    outcomes = {
        line.listed.name: (outcome.label, may) for line, outcome, may in page.context["lines"]
    }
    assert outcomes == {
        one.name: ("新增", True), other.name: ("与已登记的不一致", False),
        third.name: ("名单没有编号", False),
    }  # fmt: skip
    assert held.number in text(page) and "河南省丁公司" not in text(page)
    assert "河南省丁公司" in text(client.get(f"{LISTS}{made.pk}/", {"show": "unmatched"}))
    sent = {"issued_on": "2018-12-03", "chosen": ["1", "2"]}
    answer = client.post(f"{LISTS}{made.pk}/", sent)
    assert answer.status_code == 303
    assert Certificate.objects.get(number=new).enterprise == one
    assert Certificate.objects.count() == 2
    again = client.post(f"{LISTS}{made.pk}/", sent)
    assert again.status_code == 422 and Certificate.objects.count() == 2
    assert "已登记" in text(client.get(f"{LISTS}{made.pk}/"))


def test_a_list_without_a_day_is_not_taken_until_one_is_given(client, one, bureau):
    made = published(ListKind.HNTE, (one.name, one, number(2018)), on=None)
    page = entered(client, bureau).get(f"{LISTS}{made.pk}/")
    assert page.status_code == 200 and "先填证书上的发证日期" in text(page)
    assert client.post(f"{LISTS}{made.pk}/", {"chosen": ["1"]}).status_code == 422
    for given in ("2018-13-01", "x" * 900, "\0", "<script>alert(1)</script>"):
        for answer in (
            client.get(f"{LISTS}{made.pk}/", {"issued_on": given, "page": given}),
            client.post(f"{LISTS}{made.pk}/", {"issued_on": given, "chosen": [given, "1"]}),
        ):
            assert answer.status_code == 422 and "<script>alert" not in text(answer)
    assert not Certificate.objects.exists()


def test_a_list_of_technology_smes_becomes_numbers(client, one, bureau):
    made = published(ListKind.TECH_SME, (one.name, one, "201941900108000123"), on=date(2019, 5, 6))
    entered(client, bureau)
    assert client.post(f"{LISTS}{made.pk}/", {"chosen": ["1"]}).status_code == 303
    assert TechSmeNumber.objects.get().issued_on == date(2019, 5, 6)


def test_a_list_that_was_undone_or_says_something_else_is_not_there(client, one, bureau):
    gone = published(ListKind.HNTE, (one.name, one, number(2018)))
    PublishedList.objects.filter(pk=gone.pk).update(withdrawn_at=NOW)
    kind = next(kind for kind in ListKind if kind not in (ListKind.HNTE, ListKind.TECH_SME))
    other = published(kind, (one.name, one, "1"))
    entered(client, bureau)
    for made in (gone, other):
        assert client.get(f"{LISTS}{made.pk}/").status_code == 404
        assert client.post(f"{LISTS}{made.pk}/", {"chosen": "1"}).status_code == 404
    assert "还没有这样的名单" in text(client.get(LISTS))


def test_a_long_list_comes_in_pages(client, town, bureau):
    firms = [enterprise(town=town) for _ in range(205)]
    made = published(ListKind.HNTE, *((firm.name, firm, number(2018)) for firm in firms))
    entered(client, bureau)
    assert len(client.get(f"{LISTS}{made.pk}/").context["lines"]) == 200
    assert len(client.get(f"{LISTS}{made.pk}/", {"page": "2"}).context["lines"]) == 5


# taking the list away


def sheet(answer):
    content = b"".join(answer.streaming_content)
    found = list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))
    return found[0], [row for row in found[1:] if row[1]]


def test_exactly_the_filtered_list_leaves(client, one, town, bureau):
    held = certificate(one, date(2016, 12, 1), by=bureau)
    event(held, EventKind.REVOKED, date(2018, 5, 4), by=bureau)
    certificate(enterprise("济源市乙电子有限公司", town=town), date(2017, 12, 1), by=bureau)
    entered(client, bureau)
    answer = client.get(FILE, {"state": "gone"})
    assert answer.status_code == 200
    heads, lines = sheet(answer)
    assert len(lines) == 1
    line = dict(zip(heads, lines[0], strict=False))
    assert (line["证书编号"], line["企业"], line["状态"]) == (held.number, one.name, "已取消或终止")
    assert (line["信用代码"], line["责任单位"]) == (one.code, town.short)
    assert lines[0][-1].endswith(f"/certificates/{held.pk}/")
    noted = AccessLine.objects.get(kind=AccessKind.EXPORT)
    assert noted.label == "qualifications.certificate" and "state=gone" in noted.detail
    _, before = sheet(client.get(FILE, {"on": "2018-05-03"}))
    assert {row[heads.index("状态")] for row in before} == {"有效"}


def test_a_town_takes_away_only_its_own(client, one, town, bureau):
    held = certificate(one, by=bureau)
    certificate(enterprise("济源市别家有限公司"), by=bureau)
    _, lines = sheet(entered(client, person(Role.TOWN_OFFICER, town)).get(FILE))
    assert [line[0] for line in lines] == [held.number]


def test_a_wrong_filter_leaves_nothing_and_says_so(client, one, bureau):
    certificate(one, by=bureau)
    entered(client, bureau)
    for asked in ({"left": "999"}, {"on": "2019-13-01"}, {"state": "x"}):
        assert client.get(FILE, asked).status_code == 303
    assert client.get(FILE, {"as": "exe"}).status_code == 404
    assert not AccessLine.objects.filter(kind=AccessKind.EXPORT).exists()
    assert client.get(FILE, {"as": "csv"}).status_code == 200


def test_a_large_list_has_to_be_asked_for(client, town, bureau):
    head = person(Role.BUREAU_HEAD)
    for _ in range(2):
        certificate(enterprise(town=town), by=bureau)
    Setting.objects.create(key="export_rows", value=50, from_on=date(2019, 1, 1), set_at=NOW)
    entered(client, bureau)
    assert client.get(FILE).status_code == 200
    for _ in range(49):
        certificate(enterprise(town=town), by=bureau)
    page = client.get(FILE)
    assert page.status_code == 200 and "申请导出" in text(page) and "51家" in text(page)
    answer = client.post(FILE, {"purpose": "报省厅"})
    assert answer.status_code == 303
    asked = ExportRequest.objects.get()
    assert (asked.page, asked.rows) == ("certificates", 51)
    entered(client, head)
    assert "证书" in text(client.get(answer["Location"]))


def test_who_has_no_list_takes_none(client, one, bureau):
    certificate(one, by=bureau)
    assert entered(client, person(duty=Duty.ENTERPRISE)).get(FILE).status_code == 404
