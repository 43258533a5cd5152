"""Evidence through the door for programs: tables as known on a day, flags, rights."""

from datetime import timedelta

import pytest

from peiyu.office.accounts.models import Role
from peiyu.office.accounts.permissions import EVIDENCE, FIGURES, REGISTRY
from peiyu.office.foundation.models import OfficeDay
from peiyu.office.foundation.sources import of_document
from peiyu.office.portfolio.actions import record_entry
from peiyu.policy.evidence import IP, TABLES
from tests.office.api.test_figures import refused, to
from tests.office.factories import DAY, body, enterprise, mandate, person
from tests.office.portfolio.filled import fill

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"


@pytest.fixture(autouse=True)
def _day(settings):
    settings.DEMO = True
    OfficeDay.objects.create(pk=1, day=DAY)


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def one(bureau):
    made = enterprise("济源市甲机械有限公司", town=body(), code="91419001MAX1LX27Q9")
    return fill(made, bureau, projects={"RD01": {"approval": False}})


def at(one, rest):
    return f"{ROOT}/enterprises/{one.pk}/{rest}"


def test_a_table_says_money_as_text_days_as_days_and_nothing_of_what_is_unknown(
    one, bureau, program
):
    told = program(bureau, EVIDENCE).get(at(one, "evidence/rd")).json()
    assert (told["table"], told["full"], told["known"]) == ("rd", True, DAY.isoformat())
    first = told["items"][0]
    assert (first["key"], first["version"], first["source"]) == ("RD01/2016", 1, "材料")
    assert first["values"]["rd_labour"] == "500000.00"
    rights = program(bureau, EVIDENCE).get(at(one, "evidence/ip")).json()["items"]
    assert rights[2]["values"]["inventors"] == ["P001"]
    assert rights[0]["values"]["applied_on"] == "2016-04-08"
    assert "disputed" not in rights[0]["values"]
    asked = program(bureau, EVIDENCE)
    for table in TABLES:
        assert asked.get(at(one, f"evidence/{table.name}")).status_code == 200


def test_a_past_day_says_what_was_known_then(one, bureau, program):
    to(DAY + timedelta(days=5))
    source = of_document("更正函", actor=bureau)
    record_entry(
        one, IP, {"title": "改了名"}, key="IP01", reason="更正", source=source, actor=bureau
    )
    asked = program(bureau, EVIDENCE)
    now = asked.get(at(one, "evidence/ip")).json()["items"][0]
    then = asked.get(at(one, "evidence/ip"), {"known": DAY.isoformat()}).json()["items"][0]
    assert (now["values"]["title"], then["values"]["title"]) == ("改了名", "一种装置IP01")
    before = asked.get(at(one, "evidence/ip"), {"known": "2019-06-16"}).json()
    assert before["items"] == []
    refused(asked.get(at(one, "evidence/ip"), {"known": "2019-02-30"}), 422, "known")


def test_flags_say_what_does_not_agree_how_it_stands_and_what_to_do(one, bureau, program):
    told = program(bureau, EVIDENCE).get(at(one, "flags")).json()
    (flag,) = told["items"]
    assert (flag["check"], flag["severity"], flag["standing"]) == ("not_approved", "middle", "open")
    assert flag["said"] == "RD01没有立项文件" and flag["places"] == [
        {"table": "projects", "no": "RD01"}
    ]
    english = program(bureau, EVIDENCE).get(at(one, "flags"), headers={"Accept-Language": "en"})
    assert english.json()["items"][0]["said"] == "RD01 has no paper of approval"


def test_rights_are_filtered_as_on_their_page_and_paged(one, bureau, program):
    asked = program(bureau, EVIDENCE)
    told = asked.get(f"{ROOT}/rights", {"limit": 2}).json()
    assert [row["no"] for row in told["items"]] == ["IP01", "IP03"]
    rest = asked.get(f"{ROOT}/rights", {"limit": 2, "after": told["next"]}).json()
    assert ([row["no"] for row in rest["items"]], rest["next"]) == (["IP02"], None)
    first = told["items"][0]
    assert (first["ip_class"], first["force"], first["fee_by"]) == ("I", "valid", "2020-03-02")
    assert [
        r["no"] for r in asked.get(f"{ROOT}/rights", {"q": "ZL2016 2112 8023.1"}).json()["items"]
    ] == ["IP02"]
    assert len(asked.get(f"{ROOT}/rights", {"kind": ["invention", "design"]}).json()["items"]) == 1
    refused(asked.get(f"{ROOT}/rights", {"state": "gone"}), 422, "state")
    refused(asked.get(f"{ROOT}/rights", {"after": "xx"}), 404, "after")
    refused(asked.get(f"{ROOT}/rights", {"colour": "red"}), 422, "colour")


def test_a_key_reads_what_its_owner_reads_and_only_with_the_scope(one, bureau, program):
    for scope in (REGISTRY, FIGURES):
        assert program(bureau, scope).get(at(one, "evidence/ip")).status_code == 404
    ip_office = person(Role.IP_OFFICE)
    asked = program(ip_office, EVIDENCE)
    assert asked.get(at(one, "evidence/ip")).status_code == 200
    refused(asked.get(at(one, "evidence/projects")), 404, "table")
    refused(asked.get(at(one, "flags")), 404, "enterprise_id")
    owner = person(Role.OWNER)
    mandate(one, owner)
    asked = program(owner, EVIDENCE)
    assert asked.get(at(one, "evidence/projects")).status_code == 200
    assert asked.get(f"{ROOT}/rights").json()["items"] == []  # a list of the office
    other = enterprise()
    refused(asked.get(at(other, "evidence/ip")), 404, "enterprise_id")
    refused(program(bureau, EVIDENCE).get(at(one, "evidence/nothing")), 404, "table")


def test_the_search_finds_rights_by_number_however_written(one, bureau, program):
    told = program(bureau, REGISTRY).get(f"{ROOT}/search", {"q": "zl 2016 2112 8023.1"}).json()
    assert [(row["no"], row["enterprise"]) for row in told["rights"]] == [("IP02", one.pk)]
