"""Yearly figures through the door for programs: whose, on which bases, as known when."""

from datetime import timedelta
from decimal import Decimal

import pytest

from peiyu.office.accounts.models import BodyKind, Role
from peiyu.office.accounts.permissions import FIGURES, RECORD, REGISTRY
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation.models import OfficeDay
from peiyu.office.foundation.sources import of_document
from peiyu.office.reports.actions import state
from peiyu.office.reports.models import Basis
from tests.office.factories import DAY, again, body, enterprise, mandate, person

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"
LATER = DAY + timedelta(days=10)


@pytest.fixture(autouse=True)
def _day(settings):
    settings.DEMO = True
    to(DAY)


def to(day):
    """Let the office's day be this one."""
    OfficeDay.objects.update_or_create(pk=1, defaults={"day": day})


@pytest.fixture
def town():
    return body(BodyKind.TOWN, "克井镇")


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def one(town):
    return enterprise("济源市甲机械有限公司", town=town, code="91419001MAX1LX27Q9")


def stated(of, basis, actor, year=2018, title="报表", **figures):
    given = {name: None if value is None else Decimal(value) for name, value in figures.items()}
    return state(of, year=year, basis=basis, figures=given, actor=actor, reason="更正",
                 source=of_document(title, actor=actor))  # fmt: skip


def refused(answer, status, field):
    assert answer.status_code == status, answer.content
    told = answer.json()
    assert set(told) == {"code", "message", "field", "value"}
    assert told["field"] == field
    return told


def places(answer):
    assert answer.status_code == 200, answer.content
    return [(row["year"], row["basis"]) for row in answer.json()["items"]]


def test_figures_are_decimal_text_with_their_version_and_sources(one, bureau, program):
    stated(one, Basis.DECLARED, bureau, sales_revenue="1234567.8", net_assets="-3", title="年报")
    stated(one, Basis.DECLARED, bureau, net_assets="4.05", title="更正函")
    answer = program(bureau, FIGURES).get(f"{ROOT}/enterprises/{one.pk}/figures").json()
    assert answer == {
        "id": one.pk, "code": one.code, "name": one.name, "known": DAY.isoformat(),
        "items": [{
            "year": 2018, "basis": "declared", "version": 2, "recorded_on": DAY.isoformat(),
            "source": "更正函", "exceptions": {"sales_revenue": "年报"},
            "figures": {"sales_revenue": "1234567.80", "net_assets": "4.05"},
        }],
    }  # fmt: skip


def test_as_known_on_a_day_nothing_later_is_told(one, bureau, program):
    stated(one, Basis.DECLARED, bureau, 2017, sales_revenue="1")
    stated(one, Basis.DECLARED, bureau, 2018, sales_revenue="2")
    to(LATER)
    stated(one, Basis.DECLARED, bureau, 2018, sales_revenue=None)
    stated(one, Basis.AUDITED, bureau, 2018, sales_revenue="3")
    stated(one, Basis.DECLARED, bureau, 2017, sales_revenue="9")
    client, path = program(bureau, FIGURES), f"{ROOT}/enterprises/{one.pk}/figures"

    def told(**asked):
        items = client.get(path, asked).json()["items"]
        return {(i["year"], i["basis"]): i["figures"].get("sales_revenue") for i in items}

    then = {(2017, "declared"): "1.00", (2018, "declared"): "2.00"}
    assert told(known=DAY.isoformat()) == then
    assert told(known=DAY.isoformat(), year=2017) == {(2017, "declared"): "1.00"}
    assert told(known="2019-06-16") == {}
    assert told()[2017, "declared"] == "9.00" and told()[2018, "audited"] == "3.00"


def test_a_town_reads_its_own_without_the_tax_return(one, bureau, town, program):
    other = enterprise(town=body(), code="914190017156118860")
    in_zone = enterprise(town=town, zone=body(BodyKind.ZONE))
    tax = person(Role.TAX)
    for firm in (one, other, in_zone):
        stated(firm, Basis.DECLARED, bureau, sales_revenue="1")
        stated(firm, Basis.TAX_RETURN, tax, sales_revenue="2")
    client = program(person(Role.TOWN_OFFICER, town), FIGURES, REGISTRY)
    assert places(client.get(f"{ROOT}/enterprises/{one.pk}/figures")) == [(2018, "declared")]
    assert [i["enterprise"] for i in client.get(f"{ROOT}/figures").json()["items"]] == [one.pk]
    assert places(client.get(f"{ROOT}/figures?basis=tax_return")) == []
    assert client.get(f"{ROOT}/enterprises/{in_zone.pk}").status_code == 200, "seen, not read"
    for firm in (other.pk, in_zone.pk, 999_999, 2**63 - 1):
        refused(client.get(f"{ROOT}/enterprises/{firm}/figures"), 404, "enterprise_id")
    of_tax = program(tax, FIGURES)
    assert places(of_tax.get(f"{ROOT}/figures?basis=tax_return")) == [(2018, "tax_return")] * 3


@pytest.mark.parametrize("role", [Role.BANK, Role.LEADER, Role.IP_OFFICE])
def test_who_reads_no_figures_gets_none_with_any_key(one, bureau, role, program):
    stated(one, Basis.DECLARED, bureau, sales_revenue="1")
    who = person(role)
    if role == Role.BANK:
        mandate(one, who, MandateKind.BANK)
    client = program(again(who), FIGURES)
    refused(client.get(f"{ROOT}/enterprises/{one.pk}/figures"), 404, "enterprise_id")
    assert places(client.get(f"{ROOT}/figures")) == []


def test_a_key_without_the_scope_opens_no_figures(one, bureau, program):
    stated(one, Basis.DECLARED, bureau, sales_revenue="1")
    client = program(bureau, REGISTRY, RECORD)
    for path in (f"enterprises/{one.pk}/figures", "figures"):
        refused(client.get(f"{ROOT}/{path}"), 404, "Authorization")
    refused(program(bureau, FIGURES).get(f"{ROOT}/enterprises"), 404, "Authorization")


def test_pages_hold_each_newest_version_once_even_while_others_write(bureau, town, program):
    firms = [enterprise(town=town) for _ in range(5)]
    for firm in firms:
        stated(firm, Basis.DECLARED, bureau, 2017, sales_revenue="1")
        stated(firm, Basis.DECLARED, bureau, 2018, sales_revenue="1")
        stated(firm, Basis.DECLARED, bureau, 2018, sales_revenue="2")
    client, seen, after = program(bureau, FIGURES), [], ""
    while True:
        answer = client.get(f"{ROOT}/figures", {"limit": 3, "after": after}).json()
        seen += [(i["enterprise"], i["year"], i["version"]) for i in answer["items"]]
        if len(seen) == 3:
            stated(firms[0], Basis.DECLARED, bureau, 2017, sales_revenue="7")
        if answer["next"] is None:
            break
        after = answer["next"]
    assert len(seen) == len(set(seen)) == 11
    expected = {(f.pk, y, v) for f in firms for y, v in ((2017, 1), (2018, 2))}
    assert set(seen) == expected | {(firms[0].pk, 2017, 2)}


def test_what_changed_since_a_day_is_told_with_what_was_taken_back(one, bureau, program):
    stated(one, Basis.DECLARED, bureau, 2017, sales_revenue="1")
    stated(one, Basis.DECLARED, bureau, 2018, sales_revenue="1")
    to(LATER)
    stated(one, Basis.DECLARED, bureau, 2018, sales_revenue="5")
    client = program(bureau, FIGURES)
    answer = client.get(f"{ROOT}/figures", {"changed_since": LATER.isoformat()}).json()
    (item,) = answer["items"]
    assert (item["year"], item["version"], item["figures"]) == (2018, 2, {"sales_revenue": "5.00"})
    assert (item["code"], item["name"], item["withdrawn"]) == (one.code, one.name, False)
    assert answer["on"] == LATER.isoformat()
    assert places(client.get(f"{ROOT}/figures?year=2017")) == [(2017, "declared")]


@pytest.mark.parametrize(
    ("asked", "status", "field"),
    [
        ("year=1999", 422, "year"), ("year=2101", 422, "year"), ("year=x", 422, "year"),
        ("year=" + "9" * 40, 422, "year"), ("year=%D9%A3", 422, "year"), ("year=", 422, "year"),
        ("known=2019-13-45", 422, "known"), ("known=%00", 422, "known"), ("yaer=2018", 422, "yaer"),
    ],
)  # fmt: skip
def test_odd_questions_about_one_are_refused(asked, status, field, one, bureau, program):
    client = program(bureau, FIGURES)
    refused(client.get(f"{ROOT}/enterprises/{one.pk}/figures?{asked}"), status, field)


@pytest.mark.parametrize(
    ("asked", "status", "field"),
    [
        ("limit=0", 422, "limit"), ("limit=201", 422, "limit"), ("limit=" + "9" * 40, 422, "limit"),
        ("basis=rumour", 422, "basis"), ("year=3000", 422, "year"), ("after=x", 404, "after"),
        ("changed_since=yesterday", 422, "changed_since"), ("after=" + "x" * 2001, 422, "after"),
        ("after=WyJpZCIsICJ4IiwgMV0", 404, "after"), ("town=1", 422, "town"),
    ],
)  # fmt: skip
def test_odd_questions_about_all_are_refused(asked, status, field, bureau, program):
    refused(program(bureau, FIGURES).get(f"{ROOT}/figures?{asked}"), status, field)


@pytest.mark.parametrize("key", ["0", "-1", "9" * 20, "x", "%00"])
def test_a_key_that_is_none_is_no_fault_of_ours(key, bureau, program):
    answer = program(bureau, FIGURES).get(f"{ROOT}/enterprises/{key}/figures")
    assert answer.status_code in (404, 422)


def test_more_rows_need_no_more_queries(one, bureau, town, program, django_assert_max_num_queries):
    client = program(bureau, FIGURES)
    for year in range(2010, 2019):
        for firm in (one, enterprise(town=town)):
            stated(firm, Basis.DECLARED, bureau, year, sales_revenue="1")
            stated(firm, Basis.DECLARED, bureau, year, net_assets="1", title="另一份")
    client.get(f"{ROOT}/me")
    with django_assert_max_num_queries(10):
        client.get(f"{ROOT}/enterprises/{one.pk}/figures")
    with django_assert_max_num_queries(10):
        assert len(places(client.get(f"{ROOT}/figures?limit=200"))) == 18
