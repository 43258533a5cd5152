"""Figures as stated: versions that never change, sources, what was known when."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peiyu.office.accounts.models import Role
from peiyu.office.desk.merging import merge_entries
from peiyu.office.desk.todo_figures import waiting_figures
from peiyu.office.enterprises.models import MandateKind, Status
from peiyu.office.foundation.models import RecordLine
from peiyu.office.foundation.refusals import Conflict, NotAllowed, Refused
from peiyu.office.foundation.sources import of_document
from peiyu.office.foundation.verification import What, verify
from peiyu.office.policies.actions import choose_reading
from peiyu.office.reports import actions
from peiyu.office.reports.actions import (
    ask_facts,
    open_report,
    save_draft,
    state,
    submit,
    verify_items,
)
from peiyu.office.reports.actions.statements import newest, seal_of
from peiyu.office.reports.models import FIGURES, Basis, Statement, Supplier
from peiyu.office.reports.permissions import supplied_by
from peiyu.office.reports.queries import grid_of, history_of, open_requests
from tests.office.factories import DAY, NOW, again, body, enterprise, mandate, person
from tests.office.foundation.record_tests import raw, tampered

pytestmark = pytest.mark.django_db
SALES, RD = "sales_revenue", "rd_total"
LATER = date(2199, 12, 31)
"""A day on which all that was ever recorded is known."""


@pytest.fixture
def place():
    town = body()
    one = enterprise(town=town)
    return one, person(Role.TOWN_OFFICER, town), person(Role.BUREAU_OFFICER)


def stated(one, by, basis=Basis.DECLARED, year=2018, reason="", source=None, **figures):
    source = source or of_document("年报", actor=by)
    values = {name: None if v is None else Decimal(v) for name, v in figures.items()}
    return state(
        one, year=year, basis=basis, figures=values, source=source, actor=by, reason=reason
    )


def test_a_correction_is_a_new_version_and_the_old_stays(place):
    one, town, _ = place
    first = stated(one, town, sales_revenue="100.10", rd_total="5")
    with pytest.raises(Refused, match="理由"):
        stated(one, town, sales_revenue="99")
    second = stated(one, town, sales_revenue="99", reason="看错了行")
    first.refresh_from_db()
    assert (first.figure(SALES), second.figure(SALES)) == (Decimal("100.10"), 99)
    assert (second.figure(RD), second.version) == (5, 2)
    assert second.exceptions == {RD: first.source_id}, "its source is another than the row's"
    assert stated(one, town, sales_revenue="99").pk == second.pk, "the same again is nothing new"


def test_nothing_that_was_stated_can_be_changed_or_removed(place):
    one, town, _ = place
    row = stated(one, town, sales_revenue="1")
    for change in (
        lambda: Statement.objects.filter(pk=row.pk).update(sales_revenue=2),
        lambda: Statement.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Statement.objects.get().figure(SALES) == 1


def test_the_record_keeps_the_seal_and_no_figure(place):
    one, town, _ = place
    row = stated(one, town, sales_revenue="123456.78")
    line = RecordLine.objects.get(action="reports.statement.state")
    assert line.values["seal"] == [None, row.seal] and line.about_key == str(one.pk)
    assert "123456" not in str(line.values)
    read = Statement.objects.get(pk=row.pk)
    assert seal_of(read) == row.seal
    read.sales_revenue = Decimal("123456.79")
    assert seal_of(read) != row.seal


def test_the_walk_through_the_record_finds_a_statement_that_does_not_fit(place):
    one, town, _ = place
    row = stated(one, town, sales_revenue="123456.78")
    assert verify().whole
    with tampered():
        raw("UPDATE reports_statement SET sales_revenue = 1 WHERE id = %s", row.pk)
        assert verify().altered.what == What.ROW_CHANGED
    with tampered():
        raw("DELETE FROM reports_statement WHERE id = %s", row.pk)
        assert verify().altered.what == What.ROW_MISSING
    row.pk, row.version = None, 2
    Statement.objects.bulk_create([row])
    assert verify().altered.what == What.ROW_ADDED


def test_who_states_on_which_basis(place):
    one, town, bureau = place
    tax, owner, stranger = person(Role.TAX), person(Role.OWNER), person(Role.TOWN_OFFICER)
    mandate(one, owner)
    may = {Basis.DECLARED: {town, bureau, owner}, Basis.CHECKED: {town}, Basis.VERIFIED: {bureau},
           Basis.TAX_RETURN: {tax}, Basis.AUDITED: {town, bureau}, Basis.LEDGER_TAX: {owner, bureau}}  # fmt: skip
    for basis, people in may.items():
        for number, who in enumerate((town, bureau, tax, owner, stranger)):
            year = 2000 + number
            if who in people:
                assert stated(one, again(who), basis, year, sales_revenue="1").basis == basis
            else:
                with pytest.raises(NotAllowed):
                    stated(one, again(who), basis, year, sales_revenue="1")


def test_tax_figures_are_open_as_the_tax_department_allows(place):
    one, town, bureau = place
    stated(one, person(Role.TAX), Basis.TAX_RETURN, sales_revenue="7")

    def sees(who):
        return (2018, Basis.TAX_RETURN) in grid_of(one, again(who), LATER).statements

    assert not sees(town) and sees(bureau) and sees(person(Role.TAX))
    given = {"key": "tax_figures", "value": "tax", "from_on": DAY, "reason": "税务来函"}
    with pytest.raises(NotAllowed, match="只由税务"):
        choose_reading(**given, actor=person(Role.BUREAU_HEAD))
    choose_reading(**given, actor=person(Role.TAX))
    assert not sees(bureau) and sees(person(Role.TAX))
    assert grid_of(one, person(Role.BANK), LATER) is None
    assert history_of(one, town, year=2018, basis=Basis.TAX_RETURN, name=SALES) == []


def test_who_owns_one_enterprise_reads_no_tax_return_of_another(place):
    one, town, _ = place
    own = enterprise("济源市自家科技有限公司")
    mandate(own, town)
    for firm in (one, own):
        stated(firm, person(Role.TAX), Basis.TAX_RETURN, sales_revenue="7")
    both = again(town)
    assert grid_of(own, both, LATER).statements and not grid_of(one, both, LATER).statements
    assert [row.enterprise_id for row in Statement.objects.visible_to(both)] == [own.pk]


def test_nothing_is_stated_of_one_that_was_merged_meanwhile(place):
    one, town, bureau = place
    type(one).objects.filter(pk=one.pk).update(status=Status.MERGED, merged_into=enterprise().pk)
    assert one.status != Status.MERGED, "as it was read before"
    with pytest.raises(NotAllowed):
        stated(one, town, sales_revenue="1")
    source = of_document("x", actor=bureau)
    with pytest.raises(NotAllowed):
        verify_items(one, year=2018, figures={RD: Decimal(1)}, source=source, actor=bureau)


def test_what_is_verified_is_overturned_with_a_reason_only(place):
    one, _, bureau = place
    owner = person(Role.OWNER)
    mandate(one, owner)
    stated(one, bureau, Basis.VERIFIED, rd_total="9")
    report = save_draft(
        open_report(one, year=2018, actor=owner), texts={RD: "8"}, saved=0, actor=owner
    )
    report = submit(report, on=DAY, actor=owner)
    figures = {RD: Decimal(8)}
    with pytest.raises(Refused, match="理由"):
        actions.verify(report, figures=figures, on=DAY, actor=bureau)
    with pytest.raises(Refused, match="小数"):
        actions.verify(report, figures={RD: Decimal("8.001")}, note="核实", on=DAY, actor=bureau)
    actions.verify(report, figures=figures, note="核实", on=DAY, actor=bureau)
    assert grid_of(one, bureau, LATER).deciding(2018, RD).value == 8


def test_what_an_enterprise_handed_in_nobody_declares_in_its_stead(place):
    one, town, bureau = place
    owner = person(Role.OWNER)
    mandate(one, owner, MandateKind.OWNER)
    stated(one, town, sales_revenue="1")
    assert not owner.messages.exists(), "nobody was filling in"
    report = open_report(one, year=2018, actor=owner)
    assert report.begun_from == 1
    report = save_draft(report, texts={SALES: "2"}, saved=0, actor=owner)
    stated(one, bureau, sales_revenue="3", reason="电话核对")
    assert owner.messages.count() == 1
    with pytest.raises(Conflict) as clash:
        submit(report, on=DAY, actor=owner)
    assert [(d.field, d.wanted, d.stands) for d in clash.value.differences] == [(SALES, 2, 3)]
    report = save_draft(report, texts={}, saved=1, beside={SALES: 2}, actor=owner)
    submit(report, on=DAY, actor=owner)
    report.refresh_from_db()
    assert report.begun_from == 3
    for official, words in ((town, "镇（园区）核对"), (bureau, "核定")):
        with pytest.raises(Refused, match=f"请按“{words}”填写"):
            stated(one, official, sales_revenue="4", reason="更正")
    stated(one, town, Basis.CHECKED, sales_revenue="4")
    stated(one, owner, sales_revenue="5", reason="更正")


def test_departments_verify_their_own_items_and_no_others(place):
    one, _, bureau = place
    statistics = person(Role.STATISTICS)
    source = of_document("统计台账", actor=statistics)
    figures = {"staff_average": Decimal("80.50")}
    row = verify_items(one, year=2018, figures=figures, source=source, actor=statistics)
    assert row.basis == Basis.VERIFIED
    with pytest.raises(Refused, match="不由您的部门核定"):
        verify_items(one, year=2018, figures={RD: Decimal(1)}, source=source, actor=statistics)
    stated(one, bureau, Basis.VERIFIED, rd_total="9")
    shown = grid_of(one, bureau, LATER).compared(2018, "staff_average")
    assert shown.cells[Basis.VERIFIED].source == source.pk, "the figure keeps its own source"


def test_two_who_state_at_once_see_each_other(place):
    one, town, bureau = place
    stated(one, town, sales_revenue="1", rd_total="1")
    stated(one, bureau, sales_revenue="2", reason="企业来电")
    source = of_document("年报", actor=town)
    with pytest.raises(Conflict) as conflict:
        state(one, year=2018, basis=Basis.DECLARED, figures={SALES: Decimal(3)}, source=source,
              actor=town, reason="核对", seen=1)  # fmt: skip
    assert [(d.field, d.wanted, d.stands) for d in conflict.value.differences] == [(SALES, 3, 2)]
    mended = state(one, year=2018, basis=Basis.DECLARED, figures={RD: Decimal(3)}, source=source,
                   actor=town, reason="核对", seen=1)  # fmt: skip
    assert (mended.figure(SALES), mended.figure(RD)) == (2, 3), "both are kept"


@pytest.mark.parametrize(
    ("figures", "year"),
    [({"x": "1"}, 2018), ({SALES: "-1"}, 2018), ({SALES: "10000000000000.01"}, 2018), ({SALES: "1"}, 1899),
     ({SALES: "0.001"}, 2018), ({SALES: "NaN"}, 2018), ({SALES: "Infinity"}, 2018), ({SALES: "1e40"}, 2018)],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_field(place, figures, year):
    one, town, _ = place
    with pytest.raises(Refused) as refused:
        stated(one, town, year=year, **figures)
    assert refused.value.field in (*figures, "year")
    assert not Statement.objects.exists()


FIGURE = st.integers(0, 10**15).map(lambda fen: Decimal(fen) / 100)
STEPS = st.lists(
    st.tuples(
        st.sampled_from([Basis.DECLARED, Basis.AUDITED]),
        st.dictionaries(st.sampled_from([SALES, RD, "net_assets"]), st.none() | FIGURE, min_size=1),
        st.integers(0, 3),
    ),
    max_size=8,
)


@settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None)
@given(steps=STEPS)
def test_what_was_known_on_a_day_never_changes_afterwards(place, monkeypatch, steps):
    one, _, bureau = place
    day = DAY
    views: dict[date, object] = {}
    with transaction.atomic():
        for basis, figures, later in steps:
            day += timedelta(days=later)
            monkeypatch.setattr(
                "peiyu.office.reports.actions.statements.office_day", lambda d=day: d
            )
            known = newest([(one.pk, 2018, basis)]).get((one.pk, 2018, basis))
            if known or any(v is not None for v in figures.values()):
                source = of_document("x", actor=bureau)
                state(
                    one,
                    year=2018,
                    basis=basis,
                    figures=figures,
                    source=source,
                    actor=bureau,
                    reason="r",
                )
            views[day] = shown(one, bureau, day)
        for past, view in views.items():
            if past < day:
                assert shown(one, bureau, past) == view
        transaction.set_rollback(True)


def shown(one, who, day):
    grid = grid_of(one, who, day)
    return {place: row.stated() for place, row in grid.statements.items()}


def test_the_grid_takes_as_many_queries_at_any_size(place):
    one, _, bureau = place
    numbers = []
    for year in range(2012, 2019):
        stated(one, bureau, year=year, sales_revenue=str(year))
        stated(one, bureau, Basis.AUDITED, year=year, sales_revenue="5")
        with CaptureQueriesContext(connection) as asked:
            grid = grid_of(one, again(bureau), LATER)
            grid.of_year(year)
        numbers.append(len(asked))
    assert len(set(numbers)) == 1 and len(grid.years) == 7
    assert len(FIGURES) == len(grid.of_year(2018))


def test_only_who_can_supply_is_asked_and_once(place):
    one, town, bureau = place
    tax = person(Role.TAX)
    given = {"year": 2018, "due_on": DAY, "on": DAY, "at": NOW}
    for supplier, name in ((Supplier.TAX, SALES), (Supplier.STATISTICS, RD)):
        if name in supplied_by(supplier):
            continue
        with pytest.raises(Refused, match="提供不了"):
            ask_facts(one, figures=[name], supplier=supplier, actor=town, **given)
    ours = sorted(supplied_by(Supplier.TAX))[:2]
    stated(one, tax, Basis.TAX_RETURN, **dict.fromkeys(ours, "7"))
    asked = ask_facts(one, figures=ours[:1], supplier=Supplier.TAX, actor=town, **given)
    assert open_requests([asked], DAY) == [asked], "the town does not see what tax stated"
    with pytest.raises(Refused, match=f"已问过税务部门，期限{DAY.isoformat()}"):
        ask_facts(one, figures=ours, supplier=Supplier.TAX, actor=bureau, **given)
    verify_items(one, year=2018, figures={ours[0]: Decimal(7)}, actor=again(tax),
                 source=of_document("税务核对", actor=tax))  # fmt: skip
    assert open_requests([asked], LATER) == []
    ask_facts(one, figures=[ours[1]], supplier=Supplier.TAX, actor=town, **given)


def test_a_request_is_answered_when_all_of_it_is_stated_and_asked_again_when_taken_back(place):
    one, town, bureau = place
    asked = ask_facts(
        one, year=2018, figures=[SALES, RD], supplier=Supplier.BODY, due_on=DAY, on=DAY, at=NOW,
        actor=bureau,
    )  # fmt: skip
    waits = [thing.thing for thing in waiting_figures(again(town), LATER)]
    assert waits == [one.name]
    stated(one, town, sales_revenue="1")
    asked.refresh_from_db()
    assert asked.answered_on is None
    stated(one, bureau, Basis.AUDITED, rd_total="1")
    asked.refresh_from_db()
    assert asked.answered_on and not list(waiting_figures(again(town), LATER))
    stated(one, town, sales_revenue=None, reason="看错了企业")
    asked.refresh_from_db()
    assert asked.answered_on is None and list(waiting_figures(again(town), LATER))


def test_what_only_the_absorbed_entry_states_the_kept_one_states_with_its_sources(place):
    one, town, bureau = place
    kept = enterprise(town=one.town)
    stated(one, town, sales_revenue="100", rd_total="5")
    first = stated(one, town, year=2017, sales_revenue="90")
    stated(one, town, year=2017, rd_total="4", reason="补")
    stated(kept, town, sales_revenue="7")
    owner = person(Role.OWNER)
    mandate(one, owner)
    report = open_report(one, year=2016, actor=owner)
    asked = ask_facts(
        one, year=2018, figures=["net_assets"], supplier=Supplier.BODY, due_on=DAY, on=DAY, at=NOW,
        actor=bureau,
    )  # fmt: skip
    merge_entries(one, into=kept, on=DAY, reason="同一家", actor=bureau)
    grid = grid_of(kept, again(bureau), LATER)
    assert grid.deciding(2018, SALES).value == 7 and grid.deciding(2018, RD) is None
    cell = grid.deciding(2017, SALES)
    assert (cell.value, cell.source, cell.statement.version) == (90, first.source_id, 1)
    assert one.name in cell.statement.reason
    report.refresh_from_db()
    asked.refresh_from_db()
    assert report.enterprise == asked.enterprise == kept
    assert grid_of(one, again(bureau), LATER).deciding(2018, SALES).value == 100
    assert verify().whole
