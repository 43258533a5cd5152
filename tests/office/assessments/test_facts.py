"""From what the office holds to what the rules read: nothing lost, nothing invented, both ways alike."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peiyu.office.assessments.basis import order_of
from peiyu.office.assessments.facts import Facts, told
from peiyu.office.assessments.frames import population
from peiyu.office.assessments.gathered import FROM, STATABLE, Uses, gather
from peiyu.office.enterprises.models import LegalForm
from peiyu.office.foundation.models import OfficeDay
from peiyu.office.qualifications.actions import enter_tech_sme
from peiyu.office.reports.models import COUNTED, DECIDING, FIGURES, Basis, StaffMonth
from peiyu.policy import evidence
from peiyu.policy.case import Case, State
from peiyu.policy.columns import judge
from peiyu.policy.hnte_certificate import valid_to
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks import HENAN_RD_SUBSIDY, HNTE, RULEBOOKS, TECH_SME
from tests.office.assessments import held
from tests.office.assessments.held import full, hold, keepable, of, paper, row, state, use
from tests.office.factories import DAY, enterprise, person
from tests.office.qualifications.given import certificate as given_certificate
from tests.office.qualifications.given import event
from tests.policy.interpreters import answer, explained
from tests.policy.strategies import ON, populations
from tests.policy.strategies import readings as hnte_readings
from tests.policy.test_other_properties import NAMES, enterprises, readings
from tests.policy.test_other_properties import ON as THEN

pytestmark = pytest.mark.django_db
VERIFIED = order_of("verified")
slowly = settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None)


@pytest.fixture(autouse=True)
def _city(settings):
    settings.DEMO = True
    OfficeDay.objects.create(pk=1, day=DAY)


def facts(
    one, book: Rulebook = HNTE, *, on: date = DAY, known: date | None = None, basis="verified"
) -> Facts:
    return told(gather([one.pk], [book], on=on, known=known or on), order_of(basis))[one.pk]


def both_ways(book: Rulebook, keys: Iterable[int], on: date, switches, order) -> None:
    """What `explain` says of the cases is what `columns` says of the frames."""
    found = gather(list(keys), [book], on=on, known=on)
    frame = judge(book, population(found, order), on, switches).collect()
    in_columns = {line["key"]: answer(book, line) for line in frame.iter_rows(named=True)}
    alone = {key: one.case for key, one in told(found, order).items()}
    assert in_columns.keys() == {str(key) for key in alone}
    for key, case in alone.items():
        assert explained(book, case, on, switches) == in_columns[str(key)]


def undone(work) -> None:
    """Do it, look, and leave no trace: the next example begins as empty."""
    with transaction.atomic():
        work()
        transaction.set_rollback(True)


def holds_all(case: Case, found: Case, *, tables: Iterable[str]) -> None:
    """Everything that the office could hold of a case is read again, as it was."""
    for name, value in case.facts.items():
        if name.partition(".")[0] in {*FIGURES, *STATABLE, "established_on"}:
            assert found.facts[name] == value, name
    for table in tables:
        rows = case.tables.get(table, []) if case.state(table) else []
        names = [n for n in evidence.BY_NAME[table].names if n not in ("no", "grant_number")]
        read = [{n: r.get(n) for n in names} for r in found.tables.get(table, [])]
        assert read == [{n: r.get(n) for n in names} for r in rows], table


@slowly
@given(data=st.data())
def test_recognition_is_judged_alike_by_both_interpreters_on_what_the_office_holds(data):
    cases = [keepable(case) for case in data.draw(populations(2, 4))]
    switches = data.draw(hnte_readings())
    bases = data.draw(st.permutations(DECIDING).map(tuple))
    uses = data.draw(st.lists(st.sampled_from(range(4)), unique=True, max_size=3))
    order = (*bases,)

    def work():
        kept = [(case, hold(case, ON, order)) for case in cases]
        for number in uses:
            by = kept[number % len(kept)][1] if number % 2 else None
            use(f"ZL{number}", ON - timedelta(400), paper(), enterprise=by, successful=True,
                valid_to=ON + timedelta(number - 1))  # fmt: skip
        both_ways(HNTE, [one.pk for _, one in kept], ON, switches, order)
        for case, one in kept:
            read = told(gather([one.pk], [HNTE], on=ON, known=ON), order)[one.pk].case
            holds_all(
                case, read, tables=[t for t in FROM if t not in ("ip", "institutions", "awards")]
            )

    undone(work)


@pytest.mark.parametrize("name", NAMES)
@slowly
@given(data=st.data())
def test_other_programmes_are_judged_alike(name, data):
    cases = [data.draw(enterprises(name, f"k{number}")) for number in range(3)]
    switches = data.draw(readings(name))

    def work():
        keys = [hold(case, THEN).pk for case in cases]
        both_ways(RULEBOOKS[name], keys, THEN, switches, VERIFIED)

    undone(work)


# -- what is not known is not there


def test_of_an_enterprise_of_which_nothing_was_told_nothing_is_known():
    found = facts(enterprise(established_on=None)).case
    assert not any("." in name for name in found.facts)
    assert "established_on" not in found.facts
    assert set(found.states.values()) == {State.ABSENT}
    assert all(not rows for rows in found.tables.values())


def test_a_table_is_absent_partial_or_complete():
    one, source = enterprise(), paper()
    assert facts(one).case.state("ip") is State.ABSENT
    row(one, "ip", {"no": "IP01", "kind": "software"}, source)
    assert facts(one).case.state("ip") is State.PARTIAL
    full(one, "ip")
    assert facts(one).case.state("ip") is State.COMPLETE
    full(one, "conversions")
    found = facts(one).case
    assert (found.state("conversions"), found.tables["conversions"]) == (State.COMPLETE, [])


def test_what_was_said_to_be_all_counts_from_the_day_it_was_said_until_it_was_taken_back():
    one, source = enterprise(), paper()
    row(one, "ip", {"no": "IP01", "kind": "software"}, source)
    full(one, "ip", since=DAY - timedelta(10), until_on=DAY - timedelta(2))
    states = [facts(one, known=DAY - timedelta(n)).case.state("ip") for n in (11, 10, 3, 2)]
    assert states == [State.PARTIAL, State.COMPLETE, State.COMPLETE, State.PARTIAL]


def test_legal_form_says_who_is_a_resident_enterprise_with_legal_personality():
    forms = (LegalForm.LIMITED, LegalForm.PARTNERSHIP, LegalForm.BRANCH, LegalForm.OTHER, "")
    found = [facts(enterprise(legal_form=form)).case.facts for form in forms]
    assert [one.get("legal_person") for one in found] == [True, False, False, None, None]
    assert [one.get("resident") for one in found] == [True, None, None, None, None]


# -- whose word counts


def test_a_figure_comes_from_the_first_basis_of_the_order_that_states_it():
    one, source, audit = enterprise(), paper(), paper()
    state(one, 2018, {"sales_revenue": 100, "rd_total": 5}, source, Basis.DECLARED)
    audited = state(
        one, 2018, {"sales_revenue": 200}, audit, Basis.AUDITED, exceptions={"rd_total": source.pk}
    )
    found = facts(one)
    assert (found.case.facts["sales_revenue.1"], found.case.facts["rd_total.1"]) == (200, 5)
    origin = found.origins["sales_revenue.1"]
    assert (origin.basis, origin.key, origin.source) == ("audited", audited.pk, audit.pk)
    assert found.origins["rd_total.1"].basis == "declared"
    assert facts(one, basis="declared").case.facts["sales_revenue.1"] == 100
    assert found.origins["rd_total.1"].source == source.pk


def test_a_figure_taken_from_elsewhere_names_its_own_source():
    one, source, other = enterprise(), paper(), paper()
    state(one, 2018, {"sales_revenue": 1, "rd_total": 1}, source, exceptions={"rd_total": other.pk})
    found = facts(one).origins
    assert (found["rd_total.1"].source, found["sales_revenue.1"].source) == (other.pk, source.pk)


def test_bases_that_decide_nothing_are_not_read():
    one = enterprise()
    state(one, 2018, {"sales_revenue": 1}, paper(), Basis.CHECKED)
    state(one, 2018, {"sales_revenue": 2}, paper(), Basis.LEDGER_HNTE)
    assert "sales_revenue.1" not in facts(one).case.facts


# -- what was known when


def test_what_was_recorded_later_was_not_known_and_what_was_taken_back_is_gone():
    one, source = enterprise(), paper()
    state(one, 2018, {"sales_revenue": 1}, source, on=date(2019, 4, 1))
    state(one, 2018, {"sales_revenue": 2}, source, version=2, on=date(2019, 5, 1))
    state(one, 2018, {}, source, version=3, on=date(2019, 6, 1), withdrawn=True)
    days = [date(2019, 3, 31), date(2019, 4, 1), date(2019, 5, 1), date(2019, 6, 1)]
    found = [facts(one, known=day).case.facts.get("sales_revenue.1") for day in days]
    assert found == [None, 1, 2, None]


def test_a_row_stood_until_the_day_of_the_next():
    one, source = enterprise(), paper()
    row(one, "ip", {"no": "IP01", "kind": "software"}, source, superseded_on=date(2019, 5, 1))
    row(one, "ip", {"no": "IP01", "kind": "design"}, source, version=2, on=date(2019, 5, 1))
    kinds = [
        [r["kind"] for r in facts(one, known=day).case.tables["ip"]]
        for day in (date(2019, 4, 30), date(2019, 5, 1))
    ]
    assert kinds == [["software"], ["design"]]
    assert facts(one).origins["ip/IP01"].version == 2


def test_fiscal_years_lie_before_the_day_judged():
    one, source = enterprise(), paper()
    for year in (2015, 2016, 2017, 2018, 2019):
        state(one, year, {"sales_revenue": year}, source)
    found = facts(one).case.facts
    assert [found[f"sales_revenue.{lag}"] for lag in (1, 2, 3)] == [2018, 2017, 2016]
    assert facts(one, on=date(2020, 1, 1)).case.facts["sales_revenue.1"] == 2019


# -- rights


def test_a_right_ends_by_its_term_or_where_its_fees_stopped():
    one, source = enterprise(), paper()
    model = {"kind": "utility_model", "applied_on": date(2009, 6, 16)}
    row(one, "ip", {"no": "IP01", **model}, source)
    row(one, "ip", {"no": "IP02", **model, "ends_on": date(2030, 1, 1)}, source)
    row(one, "ip", {"no": "IP03", "fees_paid_to": date(2018, 9, 1)}, source)
    row(one, "ip", {"no": "IP04", "fees_paid_to": date(2019, 6, 1)}, source)
    ends = [r["ends_on"] for r in facts(one).case.tables["ip"]]
    assert ends == [date(2019, 6, 15), date(2030, 1, 1), date(2018, 9, 1), None]


def test_uses_by_whomever_are_found_by_the_number_however_written():
    one, other, source = enterprise(code="91419001MAX1LX27Q9"), enterprise(), paper()
    row(one, "ip", {"no": "IP01", "grant_number": "ZL 2016 1 0000123.4"}, source)
    use("ZL201610000123.4", date(2016, 5, 1), source, enterprise=one)
    use("201610000123.4", date(2017, 5, 1), source, used_by=one.code)
    use("2016100001234", date(2018, 5, 1), source, enterprise=other, used_by="x")
    use("2016100001234", date(2018, 6, 1), source, on=DAY + timedelta(1))
    use("2016100009999", date(2018, 6, 1), source)
    found = facts(one).case
    assert [r["used_by"] for r in found.tables["uses"]] == [found.key, found.key, str(other.pk)]
    assert {r["grant_number"] for r in found.tables["uses"]} == {
        found.tables["ip"][0]["grant_number"]
    }
    assert (found.state("uses"), facts(other).case.state("uses")) == (State.COMPLETE, State.ABSENT)
    whole = Uses(DAY).read_all()
    for asked in (Uses(DAY), whole):
        again = told(gather([one.pk], [HNTE], on=DAY, known=DAY, uses=asked), VERIFIED)
        assert again[one.pk].case.tables["uses"] == found.tables["uses"]


def test_the_income_of_a_product_is_that_of_the_last_year_and_none_where_all_is_told():
    one, source = enterprise(), paper()
    for no in ("PS01", "PS02"):
        row(one, "products", {"no": no, "is_main": True}, source)
    row(one, "incomes", {"no": "PS01", "year": 2018, "income": 5}, source, key="PS01/2018")
    row(one, "incomes", {"no": "PS02", "year": 2017, "income": 9}, source, key="PS02/2017")
    assert [r["income"] for r in facts(one).case.tables["products"]] == [5, None]
    full(one, "incomes")
    assert [r["income"] for r in facts(one).case.tables["products"]] == [5, 0]


# -- people


def months(one, which, source):
    for month in which:
        counted = dict.fromkeys(COUNTED, month)
        StaffMonth.objects.create(
            enterprise=one, year=2018, month=month, version=1, **of(source), **counted
        )


def test_months_count_where_all_of_the_year_are_stated():
    source = paper()
    some, every = enterprise(established_on=date(2010, 1, 1)), enterprise()
    late = enterprise(established_on=date(2018, 10, 8))
    months(some, range(1, 12), source), months(every, range(1, 13), source)
    months(late, (10, 11, 12), source)
    states = [facts(one).case.state("months") for one in (some, every, late)]
    assert states == [State.ABSENT, State.COMPLETE, State.COMPLETE]
    assert [len(facts(one).case.tables.get("months", [])) for one in (some, every)] == [0, 12]


# -- certificates, titles, facts that are stated


def test_the_register_of_certificates_is_all_there_is():
    none, held_one, gone = enterprise(), enterprise(), enterprise()
    given_certificate(held_one, date(2017, 12, 1))
    revoked = given_certificate(gone, date(2017, 12, 1))
    event(revoked, "revoked", date(2019, 3, 1), from_on=date(2019, 1, 1))
    found = [facts(one, TECH_SME).case for one in (none, held_one, gone)]
    assert {case.state("certificates") for case in found} == {State.COMPLETE}
    assert found[0].tables["certificates"] == []
    ends = [r["valid_to"] for case in found for r in case.tables["certificates"]]
    assert ends == [valid_to(date(2017, 12, 1))] * 2
    last = found[2].tables["certificates"][0]
    assert (last["revoked"], last["revoked_on"]) == (True, date(2019, 1, 1))
    before = facts(gone, TECH_SME, known=DAY - timedelta(1)).case
    assert before.tables["certificates"] == []  # nothing of it was entered yet


@pytest.mark.parametrize(
    ("split_on", "last", "revoked_on"),
    [
        (date(2018, 6, 1), date(2018, 5, 31), date(2019, 1, 1)),
        (date(2019, 1, 2), date(2019, 1, 1), date(2019, 1, 1)),
    ],
)
def test_what_ended_by_a_split_and_was_revoked_is_both(split_on, last, revoked_on):
    one = enterprise()
    held_one = given_certificate(one, date(2017, 12, 1))
    event(held_one, "split", split_on, ends=True)
    event(held_one, "revoked", date(2019, 3, 1), from_on=revoked_on)
    (row,) = facts(one, TECH_SME).case.tables["certificates"]
    assert (row["valid_to"], row["revoked"], row["revoked_on"]) == (last, True, revoked_on)


def is_tech_sme(one, on) -> bool | None:
    found = told(gather([one.pk], [HENAN_RD_SUBSIDY], on=on, known=date(2021, 1, 1)), VERIFIED)
    return found[one.pk].case.facts.get("title_tech_sme")


def numbered(issued_on):
    one = enterprise()
    enter_tech_sme(
        one, number="201941900108000001", issued_on=issued_on, source=paper(),
        on=DAY, actor=person("bureau_officer"),
    )  # fmt: skip
    return one


def test_a_number_makes_a_tech_sme_until_the_end_of_march_and_none_does_not_say_no():
    one = numbered(date(2019, 5, 6))
    assert facts(one, HENAN_RD_SUBSIDY).case.facts["title_tech_sme"] is True
    assert "title_tech_sme" not in facts(enterprise(), HENAN_RD_SUBSIDY).case.facts
    days = {
        date(2019, 5, 5): None, date(2019, 5, 6): True, date(2019, 12, 31): True,
        date(2020, 1, 1): True, date(2020, 3, 31): True, date(2020, 4, 1): None,
    }  # fmt: skip
    assert {on: is_tech_sme(one, on) for on in days} == days


def test_a_number_that_nobody_dated_counts_from_the_day_it_was_entered():
    one = numbered(None)
    days = (DAY - timedelta(1), DAY, date(2020, 3, 31), date(2020, 4, 1))
    assert [is_tech_sme(one, on) for on in days] == [None, True, True, None]


def test_a_stated_fact_counts_for_its_year_and_the_newest_version_counts():
    one, source = enterprise(legal_form=LegalForm.LIMITED), paper()
    held.fact(one, "incidents", 0, source, year=2019)
    held.fact(one, "incidents", 3, source, year=2018)
    held.fact(one, "legal_person", False, source)
    found = facts(one)
    assert (found.case.facts["incidents"], found.case.facts["legal_person"]) == (0, False)
    assert found.origins["incidents"].label == "assessments.statedfact"
    held.fact(one, "incidents", 1, source, year=2019, version=2, on=DAY + timedelta(1))
    assert facts(one).case.facts["incidents"] == 0
    held.fact(one, "incidents", None, source, year=2019, version=3)
    assert "incidents" not in facts(one).case.facts


# -- how much it takes


def test_many_take_as_many_queries_as_one(django_assert_num_queries):
    cases = [Case(f"k{n}", facts={"established_on": date(2010, 1, 1)}) for n in range(6)]
    for case in cases:
        case.tables = {
            "ip": [{"no": "IP01", "grant_number": f"n{case.key}"}],
            "rd": [],
            "products": [],
        }
        case.states = dict.fromkeys(case.tables, State.COMPLETE)
    keys = [hold(case, DAY).pk for case in cases]
    numbers = []
    for some in (keys[:1], keys):
        with CaptureQueriesContext(connection) as asked:
            told(gather(some, [HNTE], on=DAY, known=DAY), VERIFIED)
        numbers.append(len(asked))
    assert numbers[0] == numbers[1] <= 13
