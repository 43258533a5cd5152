"""How enterprises stand, in the list of enterprises: columns, filters, file; closed to who reads no figures."""

from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from peiyu.office.accounts.models import BodyKind, Role
from peiyu.office.assessments.actions import reassess
from peiyu.office.foundation import jobs
from peiyu.office.foundation.models import OfficeDay
from peiyu.office.policies.actions import choose_reading
from peiyu.office.reports.models import Basis
from tests.office.assessments.held import hold, ready
from tests.office.factories import DAY, body, enterprise, person
from tests.office.web.test_years import text

pytestmark = [pytest.mark.django_db, pytest.mark.urls("peiyu.office.config.urls")]


@pytest.fixture(autouse=True)
def _city(settings, tmp_path):
    settings.DEMO = True
    settings.FILES_ROOT = tmp_path / "files"
    OfficeDay.objects.create(pk=1, day=DAY)


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


def judged(bureau, *firms):
    for at, name in enumerate(("合格", "差一项", "不详")[: len(firms)]):
        type(firms[at]).objects.filter(pk=firms[at].pk).update(name=name)
    jobs.run.func(reassess(actor=bureau).pk)


@pytest.fixture
def city(bureau):
    """One that meets all, one that lacks staff alone, one of which nothing is known."""
    firms = (hold(ready(), DAY), hold(ready(**{"st_staff_average.1": 900}), DAY), enterprise())
    judged(bureau, *firms)
    return firms


def rows(client, query=""):
    page = BeautifulSoup(client.get(f"/enterprises/{query}").content, "html.parser")
    return {
        line.select_one("a").get_text(strip=True): line.get_text(" ", strip=True)
        for line in page.select("table.tb tbody tr")
    }


def test_the_list_says_how_each_stands_and_what_it_lacks(client, bureau, city):
    client.force_login(bureau)
    found = rows(client, "?columns=name,hard,unmet_count,unknown_count,score")
    assert found["合格"].startswith("合格 符合 0 0") and found["差一项"].startswith(
        "差一项 不符合 1 0"
    )
    assert found["不详"].startswith("不详 资料不足 0")
    assert "符合" in rows(client)["合格"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?stands=hard_met", {"合格"}), ("?stands=one_unmet", {"差一项"}), ("?stands=unmet", {"差一项"}),
        ("?stands=unknown", {"不详"}), ("?stands=out", set()), ("?only=st_staff", {"差一项"}),
        ("?only=rd_share", set()), ("?stands=", {"合格", "差一项", "不详"}),
    ],
)  # fmt: skip
def test_it_filters_by_how_they_stand(client, bureau, city, query, names):
    client.force_login(bureau)
    assert set(rows(client, query)) == names
    assert client.get("/enterprises/?stands=x&only=y").status_code == 422


def test_the_file_says_the_same(client, bureau, city):
    client.force_login(bureau)
    answer = client.get("/enterprises/export/?as=xlsx&columns=name,hard,score&only=st_staff")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert [cell.value for cell in sheet[1]][:3] == ["企业", "认定条件", "认定评分"]
    assert [cell.value for cell in sheet[2]][:2] == ["差一项", "不符合"]


def test_who_reads_no_figures_neither_sees_nor_filters(client, city):
    client.force_login(person(Role.LEADER))
    found = client.get("/enterprises/?stands=one_unmet&columns=name,hard,score")
    assert "认定条件" not in text(found) and len(rows(client, "?stands=one_unmet")) == 3


def test_a_closed_figure_shows_in_no_column_and_no_filter(client, bureau):
    town = body(BodyKind.TOWN, "克井镇")
    one = hold(ready(), DAY, (Basis.TAX_RETURN,))
    type(one).objects.filter(pk=one.pk).update(town=town, body=town)
    judged(bureau, one)
    client.force_login(bureau)
    assert rows(client, "?stands=hard_met&columns=name,hard") == {"合格": "合格 符合"}
    client.force_login(person(Role.TOWN_OFFICER, town))
    assert rows(client, "?stands=hard_met") == {}
    assert rows(client, "?columns=name,hard") == {"合格": "合格 资料不足"}
    choose_reading(
        key="tax_figures", value="tax", from_on=DAY, reason="不开放", actor=person(Role.TAX)
    )
    client.force_login(type(bureau).objects.get(pk=bureau.pk))
    assert rows(client, "?stands=hard_met") == {}


def test_the_list_asks_the_same_for_many(client, bureau, city):
    client.force_login(bureau)

    def asked():
        with CaptureQueriesContext(connection) as captured:
            client.get("/enterprises/?columns=name,hard,score&stands=unknown")
        return len(captured)

    asked()
    few = asked()
    for _ in range(9):
        enterprise()
    jobs.run.func(reassess(actor=bureau).pk)
    assert asked() == few
