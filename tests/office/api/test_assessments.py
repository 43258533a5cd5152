"""Assessments through the door for programs: whose, on which bases, as of when; lists, benefits, runs."""

import json
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peiyu.office.accounts.models import BodyKind, Role
from peiyu.office.accounts.permissions import ASSESSMENTS, EVIDENCE, FIGURES, REGISTRY
from peiyu.office.assessments.jobs import REASSESS
from peiyu.office.assessments.models import Readiness, Run
from peiyu.office.enterprises.findable import index
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation import jobs
from peiyu.office.foundation.models import OfficeDay
from peiyu.office.policies.actions import choose_reading
from peiyu.office.reports.models import Basis
from peiyu.policy.rulebooks.hnte import HNTE
from tests.office.assessments.held import WAN, hold, paper, ready, row, state
from tests.office.factories import DAY, again, body, enterprise, mandate, person

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"
LARGE = {
    "sales_revenue": 2_500 * WAN, "taxable_income": 400 * WAN, "total_assets": 6_000 * WAN,
    "staff_average": 120_00, "rd_super_deducted": 100 * WAN,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _day(settings):
    settings.DEMO = True
    OfficeDay.objects.create(pk=1, day=DAY)


@pytest.fixture
def town():
    return body(BodyKind.TOWN, "克井镇")


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


def of_town(one, town):
    type(one).objects.filter(pk=one.pk).update(town=town, body=town)
    one.refresh_from_db()
    return one


def at(one, programme="hnte"):
    return f"{ROOT}/enterprises/{one.pk}/assessments/{programme}"


def told(client, path, **asked):
    answer = client.get(path, asked)
    assert answer.status_code == 200, answer.content
    return answer.json()


def refused(answer, status, field):
    assert answer.status_code == status, answer.content
    found = answer.json()
    assert set(found) == {"code", "message", "field", "value"}
    assert found["field"] == field
    return found


def criteria(found):
    return {one["id"]: one for one in found["criteria"]}


# One enterprise


def test_every_criterion_stands_with_its_exact_values(bureau, program):
    one = hold(ready(**{"st_staff_average.1": 900}), DAY)
    found = told(program(bureau, ASSESSMENTS), at(one))
    assert (found["id"], found["name"], found["programme"]) == (one.pk, one.name, "hnte")
    assert (found["on"], found["known"], found["basis"]) == (*[DAY.isoformat()] * 2, "verified")
    assert (found["hard"], found["verdict"], found["version"]) == (
        "unmet", "unmet", HNTE.version(),
    )  # fmt: skip
    assert [entry["id"] for entry in found["criteria"]] == [entry.id for entry in HNTE.criteria]
    staff = criteria(found)["st_staff"]
    (test,) = staff["tests"]
    assert (staff["outcome"], staff["article"]) == ("unmet", "M11(4)")
    assert Fraction(*test["value"]["low"]) == Fraction(9, 100)
    assert Fraction(*test["limit"]["low"]) == Fraction(1, 10)
    assert staff["near"] and all(near["becomes"] == "met" for near in staff["near"])
    facts = {(fact["name"], fact["year"]): fact for fact in staff["facts"]}
    fact = facts["st_staff_average", DAY.year - 1]
    assert Fraction(fact["value"], fact["scale"]) == 9
    assert (fact["basis"], fact["recorded_on"]) == ("verified", "2015-01-05")
    score = found["score"]
    assert 0 <= score["low"] <= score["high"] <= 100 * score["over"] and score["points_needed"]
    assert sum(Fraction(i["high"], i["over"]) for i in found["items"]) == Fraction(
        score["high"], score["over"]
    )


def test_what_is_missing_says_who_has_it_and_what_waits(bureau, program):
    one = hold(ready(**{"staff_average.1": None}), DAY)
    found = told(program(bureau, ASSESSMENTS), at(one))
    assert criteria(found)["st_staff"]["outcome"] == "unknown"
    lacking = {(lack["name"], lack["year"]): lack for lack in found["missing"]}
    lack = lacking["staff_average", DAY.year - 1]
    assert "st_staff" in lack["criteria"] and lack["holder"] and lack["document"]


def test_any_day_and_basis_can_be_asked_for(bureau, program):
    one = hold(ready(), DAY)
    few = {"st_staff_average": 900, "staff_average": 10_000}
    state(one, DAY.year - 1, few, paper(), Basis.DECLARED)
    client = program(bureau, ASSESSMENTS)
    found = told(client, at(one))
    assert criteria(found)["st_staff"]["outcome"] == "met"
    (other,) = [entry for entry in found["other_bases"] if entry["basis"] == "declared"]
    assert other["changed"]["st_staff"] == "unmet"
    declared = told(client, at(one), basis="declared")
    assert criteria(declared)["st_staff"]["outcome"] == "unmet"
    before = told(client, at(one), known="2015-01-04")
    assert (before["known"], before["hard"]) == ("2015-01-04", "unknown")
    later = told(client, at(one), on="2020-06-17", known="2020-06-17")
    assert (later["on"], later["known"]) == ("2020-06-17", DAY.isoformat()), (
        "nothing later is known"
    )
    past = told(client, at(one), on="2018-06-17")
    assert past["known"] == "2018-06-17"


def test_closed_tax_figures_never_show(bureau, town, program):
    """What only the tax office stated, or stated otherwise, is not read for a town."""
    one = of_town(hold(ready(**{"st_staff_average.1": None}), DAY), town)
    few = {"st_staff_average": 900, "staff_average": 10_000}
    state(one, DAY.year - 1, few, paper(), Basis.TAX_RETURN)
    clerk = person(Role.TOWN_OFFICER, town)
    opened = told(program(bureau, ASSESSMENTS), at(one))
    assert criteria(opened)["st_staff"]["outcome"] == "unmet" and opened["left_out"] == []
    answer = program(clerk, ASSESSMENTS).get(at(one))
    closed = answer.json()
    assert criteria(closed)["st_staff"]["outcome"] == "unknown"
    assert closed["left_out"] == ["tax_return"]
    assert '"basis": "tax_return"' not in answer.content.decode()
    first = told(program(clerk, ASSESSMENTS), at(one), basis="tax_return")
    assert criteria(first)["st_staff"]["outcome"] == "unknown"


def test_to_each_their_own(bureau, town, program):
    one = of_town(hold(ready(), DAY), town)
    paths = [at(one), f"{ROOT}/enterprises/{one.pk}/benefits"]
    owner, coach = person(Role.OWNER), person(Role.COACH)
    mandate(one, owner)
    mandate(one, coach, MandateKind.COACH)
    for who in (bureau, person(Role.TOWN_OFFICER, town), again(owner), again(coach)):
        client = program(who, ASSESSMENTS)
        assert {client.get(path).status_code for path in paths} == {200}, who
    banker = person(Role.BANK)
    mandate(one, banker, MandateKind.BANK)
    elsewhere = person(Role.TOWN_OFFICER, body(BodyKind.TOWN, "坡头镇"))
    for who in (elsewhere, person(Role.LEADER), person(Role.IP_OFFICE), again(banker)):
        client = program(who, ASSESSMENTS)
        for path in paths:
            refused(client.get(path), 404, "enterprise_id")


def test_a_key_without_the_scope_opens_no_assessment(bureau, program):
    one = hold(ready(), DAY)
    paths = [
        at(one), f"{ROOT}/enterprises/{one.pk}/benefits", f"{ROOT}/assessments",
        f"{ROOT}/assessments/runs",
    ]  # fmt: skip
    client = program(bureau, REGISTRY, FIGURES, EVIDENCE)
    for path in paths:
        refused(client.get(path), 404, "Authorization")


def test_days_without_rules_are_told(bureau, program):
    one, client = hold(ready(), DAY), program(bureau, ASSESSMENTS)
    for on in ("2009-06-17", "1949-10-01"):
        assert "2016-01-01" in refused(client.get(at(one), {"on": on}), 404, "on")["message"]
    benefits = f"{ROOT}/enterprises/{one.pk}/benefits"
    refused(client.get(benefits, {"on": "2016-01-01"}), 404, "on")


@pytest.mark.parametrize(
    ("asked", "status", "field"),
    [
        ("on=x", 422, "on"), ("on=2019-02-30", 422, "on"), ("on=9999-12-31", 404, "on"),
        ("on=0001-01-01", 404, "on"), ("known=0001-01-01", 404, "known"), ("known=%00", 422, "known"),
        ("basis=mine", 422, "basis"), ("basis=verified&basis=mine", 422, "basis"), ("bases=x", 422, "bases"),
    ],
)  # fmt: skip
def test_odd_questions_about_one_are_refused(asked, status, field, bureau, program):
    one, client = hold(ready(), DAY), program(bureau, ASSESSMENTS)
    for path in (at(one), f"{ROOT}/enterprises/{one.pk}/benefits"):
        refused(client.get(f"{path}?{asked}"), status, field)


@pytest.mark.parametrize("edge", ["on=2199-12-31", "known=1949-10-01", "on=2016-01-01"])
def test_days_at_the_edges_are_answered(edge, bureau, program):
    assert program(bureau, ASSESSMENTS).get(f"{at(hold(ready(), DAY))}?{edge}").status_code == 200


def test_programmes_and_keys_that_are_none(bureau, program):
    one, client = hold(ready(), DAY), program(bureau, ASSESSMENTS)
    for programme in ("tech_sme", "reserve", "little_giant"):
        assert told(client, at(one, programme))["programme"] == programme
    for none in ("nothing", "jiyuan_awards", "hnte_benefits"):
        refused(client.get(at(one, none)), 422, "programme")
    for key in (999_999, 2**63 - 1):
        path = f"{ROOT}/enterprises/{key}"
        refused(client.get(f"{path}/assessments/hnte"), 404, "enterprise_id")
        refused(client.get(f"{path}/benefits"), 404, "enterprise_id")
    for key in ("0", "-1", "9" * 20, "x"):
        refused(client.get(f"{ROOT}/enterprises/{key}/assessments/hnte"), 422, "enterprise_id")


def test_more_evidence_needs_no_more_queries(bureau, program):
    little, much = hold(ready(), DAY), hold(ready(), DAY)
    for n in range(20):
        for table, no in (("ip", f"IP{n + 50}"), ("projects", f"RD{n + 50}")):
            row(much, table, {"no": no, "title": f"件{n}"}, paper(), key=no)
    client = program(bureau, ASSESSMENTS)
    client.get(f"{ROOT}/me")
    for path in ("assessments/hnte", "benefits"):
        counts = []
        for one in (little, much):
            client.get(f"{ROOT}/enterprises/{one.pk}/{path}")
            with CaptureQueriesContext(connection) as queries:
                told(client, f"{ROOT}/enterprises/{one.pk}/{path}")
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 28, (path, counts)


# Benefits


def test_each_benefit_is_an_amount_in_fen_with_formula_and_article(bureau, program):
    one = hold(ready(), DAY)
    state(one, DAY.year - 1, LARGE, paper(), Basis.VERIFIED, version=5)
    found = told(program(bureau, ASSESSMENTS), f"{ROOT}/enterprises/{one.pk}/benefits")
    assert (found["programme"], found["on"]) == ("hnte_benefits", DAY.isoformat())
    amounts = {
        one["title"]: (one["outcome"], one["amount_low"], one["amount_high"])
        for one in found["grants"]
    }
    assert amounts["市级首次认定奖补"] == ("met", 30 * WAN, 30 * WAN)
    assert amounts["企业所得税减按15%（发证当年）"] == ("met", 40 * WAN, 40 * WAN)
    again_recognised = amounts["市级重新认定奖补"]
    assert again_recognised[0] != "met" and again_recognised[1:] == (0, 0)
    for entry in found["grants"]:
        assert entry["amount_formula"] and entry["article"], entry["id"]
    assert any("2019-06-17" in entry for entry in found["assumptions"])
    assert "不是承诺" in found["caution"] and found["supports"]


def test_an_amount_that_is_not_known_is_no_zero(bureau, program):
    one = hold(ready(), DAY)
    found = told(program(bureau, ASSESSMENTS), f"{ROOT}/enterprises/{one.pk}/benefits")
    (tax,) = [e for e in found["grants"] if e["title"] == "企业所得税减按15%（发证当年）"]
    assert (tax["outcome"], tax["amount_high"]) == ("unknown", None)
    assert "taxable_income" in {lack["name"] for lack in found["missing"]}


def test_closed_tax_figures_make_no_amount(bureau, town, program):
    one = of_town(hold(ready(), DAY), town)
    state(one, DAY.year - 1, LARGE, paper(), Basis.VERIFIED, version=5)
    state(one, DAY.year - 1, {"taxable_income": 900 * WAN}, paper(), Basis.TAX_RETURN)
    choose_reading(
        key="programmes.basis", value="tax_return", from_on=DAY, reason="会议",
        actor=person(Role.BUREAU_HEAD),
    )  # fmt: skip

    def tax(who):
        found = told(program(who, ASSESSMENTS), f"{ROOT}/enterprises/{one.pk}/benefits")
        (one_of,) = [e for e in found["grants"] if e["title"] == "企业所得税减按15%（发证当年）"]
        return one_of["amount_low"], found["left_out"]

    assert tax(bureau) == (90 * WAN, [])
    assert tax(person(Role.TOWN_OFFICER, town)) == (40 * WAN, ["tax_return"])


# Across enterprises


@pytest.fixture
def judged(town):
    """Four enterprises of a town, judged by the job."""
    ones = [
        hold(ready(), DAY),
        hold(ready(**{"st_staff_average.1": 900}), DAY),
        hold(ready(**{"staff_average.1": None}), DAY),
        hold(ready(**{"st_staff_average.1": 900, "ht_income.1": WAN}), DAY),
    ]
    for one in ones:
        of_town(one, town)
    jobs.run.func(jobs.start(REASSESS, "核对", {}, None).pk)
    return ones


def listed(client, **asked):
    return [one["enterprise"] for one in told(client, f"{ROOT}/assessments", **asked)["items"]]


def test_the_list_filters_like_its_page(bureau, town, judged, program):
    fine, staff, unknown, both = (one.pk for one in judged)
    client = program(bureau, ASSESSMENTS)
    assert set(listed(client)) == {fine, staff, unknown, both}
    assert listed(client, stands="hard_met") == [fine]
    assert listed(client, only="st_staff") == listed(client, stands="one_unmet") == [staff]
    assert set(listed(client, fails="st_staff")) == {staff, both}
    assert listed(client, lacks="st_staff") == listed(client, stands="unknown") == [unknown]
    assert listed(client, order="-unmet_count")[0] == both
    assert set(listed(client, programme="tech_sme")) == {fine, staff, unknown, both}
    assert len(listed(client, body=town.pk)) == 4 and listed(client, body=body().pk) == []
    type(judged[1]).objects.filter(pk=staff).update(name="济源市鹮羽装备有限公司")
    index(type(judged[1]).objects.get(pk=staff))
    assert listed(client, q="鹮羽") == [staff] and listed(client, q="\0鹮\u200b羽") == [staff]


def test_a_line_says_the_outcome_the_score_and_the_criteria(bureau, judged, program):
    found = told(program(bureau, ASSESSMENTS), f"{ROOT}/assessments", only="st_staff", count="true")
    assert (found["programme"], found["total"], found["next"]) == ("hnte", 1, None)
    (line,) = found["items"]
    alone = told(program(bureau, ASSESSMENTS), at(judged[1]))
    assert (
        (line["hard"], line["verdict"]) == (alone["hard"], alone["verdict"]) == ("unmet", "unmet")
    )
    assert (line["unmet"], line["unknown"], line["on"]) == (["st_staff"], [], DAY.isoformat())
    for end in ("low", "high"):
        assert Fraction(line["score"][end], line["score"]["over"]) == Fraction(
            alone["score"][end], alone["score"]["over"]
        )
    assert line["body"]["name"] == "克井镇" and line["version"] == HNTE.version()


def test_the_list_shows_to_each_their_own(judged, town, program):
    assert len(listed(program(person(Role.TOWN_OFFICER, town), ASSESSMENTS))) == 4
    elsewhere = person(Role.TOWN_OFFICER, body(BodyKind.TOWN, "坡头镇"))
    assert listed(program(elsewhere, ASSESSMENTS)) == []
    coach = person(Role.COACH)
    mandate(judged[0], coach, MandateKind.COACH)
    assert listed(program(again(coach), ASSESSMENTS)) == [judged[0].pk]
    owner = person(Role.OWNER)
    mandate(judged[0], owner)
    for who in (person(Role.LEADER), person(Role.IP_OFFICE), again(owner)):
        for path in ("assessments", "assessments/runs"):
            assert program(who, ASSESSMENTS).get(f"{ROOT}/{path}").status_code == 404


def test_a_kept_line_is_the_one_that_fits_the_reader(bureau, town, program):
    one = of_town(hold(ready(**{"st_staff_average.1": None}), DAY), town)
    few = {"st_staff_average": 900, "staff_average": 10_000}
    state(one, DAY.year - 1, few, paper(), Basis.TAX_RETURN)
    jobs.run.func(jobs.start(REASSESS, "核对", {}, None).pk)

    def line(who):
        (found,) = told(program(who, ASSESSMENTS), f"{ROOT}/assessments")["items"]
        return found["hard"], found["unmet"], found["unknown"]

    assert line(bureau) == ("unmet", ["st_staff"], [])
    assert line(person(Role.TOWN_OFFICER, town)) == ("unknown", [], ["st_staff"])


@pytest.mark.parametrize("order", ["unmet_count", "-points_needed", "-score_high"])
def test_pages_hold_each_line_once(order, bureau, judged, program):
    client, seen, after = program(bureau, ASSESSMENTS), [], ""
    while True:
        found = told(client, f"{ROOT}/assessments", limit=1, after=after, order=order)
        seen += [one["enterprise"] for one in found["items"]]
        if (after := found["next"]) is None:
            break
    assert sorted(seen) == sorted(one.pk for one in judged)


@pytest.mark.parametrize(
    ("asked", "status", "field"),
    [
        ("limit=0", 422, "limit"), ("limit=201", 422, "limit"), ("stands=x", 422, "stands"),
        ("programme=jiyuan_awards", 422, "programme"), ("only=x", 404, "only"), ("fails=%00", 404, "fails"),
        ("lacks=" + "x" * 41, 422, "lacks"), ("only=st_staff&programme=tech_sme", 404, "only"),
        ("body=abc", 422, "body"), ("body=999999", 404, "body"), ("body=" + "9" * 20, 422, "body"),
        ("order=name", 422, "order"), ("after=x", 404, "after"), ("book=hnte", 422, "book"),
        ("after=WyJ1bm1ldF9jb3VudCIsICJ4IiwgMV0", 404, "after"), ("count=yes", 422, "count"),
    ],
)  # fmt: skip
def test_odd_questions_about_all_are_refused(asked, status, field, bureau, program):
    refused(program(bureau, ASSESSMENTS).get(f"{ROOT}/assessments?{asked}"), status, field)


def test_runs_are_told_page_by_page(bureau, judged, program):
    Run.objects.create(
        scope="list", rulebooks=["hnte"], on=DAY, known=DAY, started_at=Run.objects.get().started_at,
        started_by=bureau,
    )  # fmt: skip
    client = program(bureau, ASSESSMENTS)
    first = told(client, f"{ROOT}/assessments/runs", limit=1)
    (newest,) = first["items"]
    assert (newest["scope"], newest["ended_at"], newest["started_by"]) == (
        "list",
        None,
        bureau.name,
    )
    rest = told(client, f"{ROOT}/assessments/runs", after=first["next"])
    (oldest,) = rest["items"]
    assert (oldest["scope"], oldest["enterprises"], oldest["changed"]) == ("all", 4, 4)
    assert "hnte" in oldest["programmes"] and oldest["ended_at"] and oldest["started_by"] == ""
    assert rest["next"] is None
    refused(client.get(f"{ROOT}/assessments/runs?after=x"), 404, "after")


def test_more_lines_need_no_more_queries(bureau, town, judged, program):
    client = program(bureau, ASSESSMENTS)
    client.get(f"{ROOT}/assessments")
    with CaptureQueriesContext(connection) as few:
        client.get(f"{ROOT}/assessments")
    first = Readiness.objects.filter(rulebook="hnte").first()
    for n in range(20):
        first.pk, first.enterprise = None, enterprise(f"企业{n}", town=town)
        first.save(force_insert=True)
    with CaptureQueriesContext(connection) as many:
        assert len(listed(client)) == 24
    assert len(many) == len(few) <= 10


def test_in_english_no_sign_is_chinese(bureau, program):
    one = hold(ready(**{"st_staff_average.1": 900, "net_assets.1": None}), DAY)
    client = program(bureau, ASSESSMENTS, **{"Accept-Language": "en"})
    for path in ("assessments/hnte", "assessments/tech_sme", "benefits"):
        found = told(client, f"{ROOT}/enterprises/{one.pk}/{path}")
        said = json.dumps(found, ensure_ascii=False).replace(one.name, "")
        left = "".join(sign for sign in said if "\u4e00" <= sign <= "\u9fff")
        assert not left, (path, left[:200])
