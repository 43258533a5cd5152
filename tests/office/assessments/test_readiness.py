"""The kept lines equal the query, the job goes on where it stopped, and warnings come from them."""

import threading
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peiyu.office.accounts.models import Role
from peiyu.office.assessments import actions, queries
from peiyu.office.assessments.assessing import assess
from peiyu.office.assessments.jobs import REASSESS, changed_since_last
from peiyu.office.assessments.models import Audience, Found, Readiness, Run, Scope
from peiyu.office.assessments.readiness import CACHED, COLUMNS, Lines, columns_of
from peiyu.office.assessments.sweeping import Sweep
from peiyu.office.enterprises.models import MandateKind, Status
from peiyu.office.foundation import jobs
from peiyu.office.foundation.models import Job, JobState, OfficeDay, RecordLine
from peiyu.office.foundation.refusals import NotAllowed, Refused
from peiyu.office.policies.actions import choose_reading
from peiyu.office.reports.models import Basis
from peiyu.office.reports.permissions import OF_TAX_OFFICE
from peiyu.policy.renewal import Mended, Window, mended_by, too_late
from peiyu.policy.rulebooks import HNTE, RULEBOOKS
from peiyu.policy.tree import Outcome
from tests.office.assessments.held import WAN, full, hold, paper, ready, state
from tests.office.factories import DAY, body, enterprise, mandate, person
from tests.office.qualifications.given import certificate
from tests.policy.test_other_properties import NAMES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city(settings):
    settings.DEMO = True
    OfficeDay.objects.create(pk=1, day=DAY)


@pytest.fixture
def officer():
    return person(Role.BUREAU_OFFICER)


def at_work(**arguments) -> Run:
    """A run of the job as a worker does it."""
    job = jobs.start(REASSESS, "核对", arguments, None)
    jobs.run.func(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.failure
    found = Run.objects.order_by("-pk").first()
    assert found is not None and found.ended_at is not None
    return found


def some_enterprises():
    town = body()
    cases = {
        "ready": ready(),
        "few_staff": ready(**{"st_staff_average.1": 900}),
        "little_rd": ready(**{f"rd_{n}.{lag}": 10 * WAN for n in ("total", "domestic") for lag in (1, 2, 3)}),
        "no_staff": ready(**{"st_staff_average.1": None}),
        "poor": ready(**{"st_staff_average.1": 1, "net_assets.1": 1, "sales_revenue.3": 9_000 * WAN}),
    }  # fmt: skip
    bare = ready()
    bare.tables |= {"ip": [], "conversions": []}
    cases["no_rights"] = bare
    found = {name: hold(case, DAY) for name, case in cases.items()}
    found["nothing"] = enterprise(town=town)
    return found


# -- equal to the query


@pytest.mark.parametrize("basis", ["verified", "tax_return"])
def test_what_is_kept_is_what_one_would_be_told_today(basis):
    for key in ("hnte.basis", "tech_sme.basis", "programmes.basis"):
        choose_reading(
            key=key, value=basis, from_on=DAY, reason="试", actor=person(Role.BUREAU_HEAD)
        )
    firms = some_enterprises()
    firms["taxed"] = hold(ready(), DAY, (Basis.TAX_RETURN,))
    firms["partly"] = hold(ready(), DAY, (Basis.TAX_RETURN, Basis.AUDITED))
    firms["beside"] = hold(ready(**{"st_staff_average.1": 900}), DAY)
    state(firms["beside"], 2018, {"st_staff_average": 9_000}, paper(), Basis.TAX_RETURN)
    run = at_work()
    assert (run.enterprises, run.changed, run.scope) == (len(firms), len(firms), Scope.ALL)
    assert Readiness.objects.count() == (len(firms) + 3) * len(CACHED)
    taxed = {firms[name].pk for name in ("taxed", "partly", "beside")}
    for row in Readiness.objects.all():
        assert (row.audience == Audience.BOTH) is (row.enterprise_id not in taxed)
        closed = OF_TAX_OFFICE if row.audience == Audience.WITHOUT_TAX else frozenset()
        found = assess(row.enterprise_id, RULEBOOKS[row.rulebook], on=DAY, without=closed)
        lines = Lines(found.outcomes, found.hard, found.verdict, found.score)
        told = columns_of(lines, found.assessment.program)
        assert {name: getattr(row, name) for name in COLUMNS} == told, row
        assert (row.on, row.basis, row.version) == (DAY, found.seen.basis, found.rulebook.version())


def test_the_database_finds_what_people_ask_for(officer):
    firms = some_enterprises()
    at_work()
    rows = queries.ready(officer, "hnte")

    def found(some):
        keys = set(some.values_list("enterprise", flat=True))
        return {name for name, one in firms.items() if one.pk in keys}

    assert found(rows.filter(hard=Found.MET)) == {"ready"}
    assert found(rows.only_unmet("rd_share")) == {"little_rd"}
    assert found(rows.only_unmet("st_staff")) == {"few_staff"}
    assert found(rows.unmet_among_others("st_staff")) == {"few_staff", "poor"}
    assert found(rows.unmet_among_others("ip")) == {"no_rights"}
    assert "no_staff" in found(rows.waiting_for("st_staff"))
    assert (
        "no_rights" in found(rows.standing("out"))
        or rows.get(enterprise=firms["no_rights"]).reachable
    )
    needed = rows.get(enterprise=firms["ready"]).points_needed
    assert "ready" in found(rows.filter(points_needed__lte=needed))
    assert "ready" not in found(rows.filter(points_needed__lt=needed))
    with CaptureQueriesContext(connection) as asked:
        summed = queries.overview(rows)
    assert len(asked) == 1
    assert (summed.total, summed.hard[Found.MET]) == (len(firms), 1)
    unmet = queries.criteria_unmet(rows)
    assert unmet["st_staff"] == (2, 2)  # of two not enough is known


def test_who_may_not_read_figures_sees_no_lines(officer):
    firms = some_enterprises()
    at_work()
    town = firms["nothing"].body
    of_town = person(Role.TOWN_OFFICER, town)
    coach = person(Role.COACH)
    mandate(firms["ready"], coach, MandateKind.COACH)
    assert queries.ready(officer, "hnte").count() == len(firms)
    assert queries.ready(of_town, "hnte").get().enterprise == firms["nothing"]
    assert queries.ready(coach, "hnte").get().enterprise == firms["ready"]
    assert not queries.ready(person(Role.LEADER), "hnte").exists()


def tax_office_closes_its_figures():
    choose_reading(
        key="tax_figures", value="tax", from_on=DAY, reason="不开放", actor=person(Role.TAX)
    )


def test_a_closed_figure_shows_in_no_list_and_no_count(officer):
    town = body()
    one = hold(ready(), DAY, (Basis.TAX_RETURN,))
    type(one).objects.filter(pk=one.pk).update(body=town)
    one.refresh_from_db()
    certificate(one, date(2016, 12, 1))
    of_town, of_tax = person(Role.TOWN_OFFICER, town), person(Role.TAX)
    owner, coach = person(Role.OWNER), person(Role.COACH)
    mandate(one, owner), mandate(one, coach, MandateKind.COACH)
    at_work()

    def told(who):
        (row,) = queries.ready(who, "hnte")
        on_the_page = queries.assess_for(who, one, HNTE, on=DAY)
        assert row.hard == on_the_page.hard.value
        assert row.unknown_criteria == on_the_page.with_outcome(Outcome.UNKNOWN)
        assert row.score_span == (
            Fraction(on_the_page.score.low, on_the_page.score.scale),
            Fraction(on_the_page.score.high, on_the_page.score.scale),
        )
        counted = queries.overview(queries.ready(who, "hnte"))
        assert (counted.total, counted.hard[row.hard]) == (1, 1)
        waits = on_the_page.with_outcome(Outcome.UNKNOWN)
        due = [warned.criteria for warned in queries.facts_due(who, DAY)]
        assert due == ([waits] if waits else [])
        return row.hard

    assert told(officer) == told(of_tax) == told(owner) == Found.MET
    assert told(of_town) == told(coach) == Found.UNKNOWN
    tax_office_closes_its_figures()
    for who in (officer, of_town, coach):
        assert told(type(who).objects.get(pk=who.pk)) == Found.UNKNOWN
    assert told(of_tax) == told(owner) == Found.MET


def test_a_line_for_readers_to_whom_nothing_else_shows_any_more_is_gone():
    one, source = hold(ready(), DAY), paper()
    state(one, 2018, {"sales_revenue": 1}, source, Basis.TAX_RETURN)
    assert at_work().changed == 1
    rows = Readiness.objects.of("hnte")
    assert {row.audience for row in rows} == {Audience.WITH_TAX, Audience.WITHOUT_TAX}
    assert at_work().changed == 0
    state(one, 2018, {}, source, Basis.TAX_RETURN, version=2, withdrawn=True)
    assert at_work().changed == 1
    assert [row.audience for row in rows.all()] == [Audience.BOTH]


# -- the job


def test_only_what_changed_is_judged_again_and_a_setting_changes_everybody(officer):
    firms = some_enterprises()
    at_work()
    assert (again_ := at_work(scope=Scope.CHANGED.value)).changed == 0
    assert again_.scope == Scope.CHANGED
    source = paper()
    actions.state_fact(
        firms["ready"], name="incidents", value=2, year=2019, source=source, actor=officer, reason="通报"
    )  # fmt: skip
    run = at_work(scope=Scope.CHANGED.value)
    assert (run.scope, run.changed) == (Scope.CHANGED, 1)
    assert run.enterprises < len(firms) + 1
    row = Readiness.objects.of("hnte").get(enterprise=firms["ready"])
    assert (row.hard, row.unmet_criteria) == (Found.UNMET, ("incidents",))
    head = person(Role.BUREAU_HEAD)
    choose_reading(key="hnte.basis", value="declared", from_on=DAY, reason="试", actor=head)
    run = at_work(scope=Scope.CHANGED.value)
    assert run.scope == Scope.ALL
    assert {row.basis for row in Readiness.objects.of("hnte")} == {"declared"}


def test_what_concerns_everybody_and_was_committed_late_is_not_missed(officer):
    some_enterprises()
    run = at_work()
    head = person(Role.BUREAU_HEAD)
    choose_reading(key="hnte.basis", value="declared", from_on=DAY, reason="试", actor=head)
    line = RecordLine.objects.latest("pk")
    Run.objects.filter(pk=run.pk).update(upto=line.pk + 5)  # others were written and seen meanwhile
    new = Run(
        pk=0, scope=Scope.CHANGED, on=DAY, known=DAY, rulebooks=list(CACHED), upto=line.pk + 9
    )
    assert changed_since_last(new) is None
    Run.objects.filter(pk=run.pk).update(started_at=line.at + timedelta(minutes=2))
    assert changed_since_last(new) == set()  # by then it was seen: not whole again and again


@pytest.mark.django_db(transaction=True)
def test_of_runs_that_begin_at_once_one_works():
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time by nature; in-memory database of one thread")
    together, made = threading.Barrier(4), []

    def begin():
        together.wait()
        made.append(actions.start_run(Scope.ALL))
        connection.close()

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one for one in made if one is not None] == list(Job.objects.filter(kind=REASSESS))
    assert len(made) == 4 and Job.objects.filter(kind=REASSESS).count() == 1


def test_whom_the_record_names_is_judged_and_nobody_else(officer):
    firms = some_enterprises()
    at_work()
    run = Run.objects.create(scope=Scope.CHANGED, on=DAY, known=DAY, rulebooks=list(CACHED),
                             upto=10**9, started_at=Run.objects.get().started_at)  # fmt: skip
    assert changed_since_last(run) == set()
    actions.estimate(
        firms["ready"], rulebook="hnte", item="talent", who="coach", low=3, actor=officer
    )
    new = enterprise()
    assert changed_since_last(run) == {firms["ready"].pk, new.pk}


def test_a_killed_worker_goes_on_where_it_stopped(monkeypatch):
    firms = some_enterprises()
    monkeypatch.setattr("peiyu.office.assessments.jobs.STEP", 3)
    whole = Sweep.write
    seen = []

    def dies(self, keys, made):
        seen.append(list(keys))
        if len(seen) == 2:
            raise KeyboardInterrupt
        return whole(self, keys, made)

    monkeypatch.setattr(Sweep, "write", dies)
    job = jobs.start(REASSESS, "核对", {}, None)
    with pytest.raises(KeyboardInterrupt):
        jobs.run.func(job.pk)
    assert Readiness.objects.values("enterprise").distinct().count() == 3
    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING)
    jobs.run.func(job.pk)
    assert seen[0] not in seen[1:]
    assert Readiness.objects.values("enterprise").distinct().count() == len(firms)
    run = Run.objects.get()
    assert (run.enterprises, run.changed) == (len(firms), len(firms))


def test_whoever_is_merged_away_has_no_lines():
    firms = some_enterprises()
    at_work()
    gone = firms["poor"]
    type(gone).objects.filter(pk=gone.pk).update(status=Status.MERGED, merged_into=firms["ready"])
    at_work()
    assert not Readiness.objects.filter(enterprise=gone).exists()


def test_the_bureau_has_a_list_judged_and_nobody_else(officer):
    firms = some_enterprises()
    with pytest.raises(NotAllowed):
        actions.reassess(actor=person(Role.TOWN_OFFICER))
    with pytest.raises(Refused, match="没有选定"):
        actions.reassess(keys=[], actor=officer)
    job = actions.reassess(keys=[firms["ready"].pk], actor=officer)
    with pytest.raises(Refused, match="正在核对"):
        actions.reassess(actor=officer)
    assert actions.start_run(Scope.ALL) is None
    jobs.run.func(job.pk)
    assert {row.enterprise for row in Readiness.objects.all()} == {firms["ready"]}
    assert Run.objects.get().started_by == officer
    assert queries.last_run() is None  # a list says nothing of all


def test_as_many_queries_for_a_piece_of_many():
    firms = some_enterprises()
    sweep = Sweep(DAY, DAY)
    with CaptureQueriesContext(connection) as one:
        sweep.lines([firms["ready"].pk])
    with CaptureQueriesContext(connection) as all_of_them:
        sweep.lines([firm.pk for firm in firms.values()])
    assert len(one) == len(all_of_them) <= 20


def test_a_programme_that_is_not_in_force_leaves_no_row():
    one = hold(ready(), DAY)
    rows = Sweep(date(2016, 6, 1), DAY).lines([one.pk])
    assert {row.rulebook for row in rows} == {"hnte"}
    assert set(NAMES) >= {row.rulebook for row in Sweep(DAY, DAY).lines([one.pk])} - {"hnte"}


# -- warnings


def test_holders_who_would_fail_today_are_told_with_what(officer):
    firms = some_enterprises()
    for name in ("ready", "few_staff", "no_staff"):
        certificate(firms[name], date(2016, 12, 1))
    at_work()
    failing = queries.failing_holders(officer, DAY)
    assert [(w.certificate.enterprise, w.criteria) for w in failing] == [
        (firms["few_staff"], ("st_staff",))
    ]
    (late,) = queries.not_in_time(officer, DAY)
    assert (late.certificate.enterprise, late.criteria) == (firms["few_staff"], ("st_staff",))
    assert late.apply_by == date(2019, 8, 31)
    due = {w.certificate.enterprise: w.criteria for w in queries.facts_due(officer, DAY)}
    assert "st_staff" in due[firms["no_staff"]]
    assert firms["few_staff"] not in due or "st_staff" not in due[firms["few_staff"]]


def test_of_several_certificates_that_in_force_is_told_with_the_line_worked_out_once(officer):
    one = some_enterprises()["few_staff"]
    certificate(one, date(2013, 12, 1))
    now = certificate(one, date(2016, 12, 1))
    at_work()
    (warned,) = queries.failing_holders(officer, DAY)
    assert (warned.certificate, warned.readiness.enterprise_id) == (now, one.pk)
    with CaptureQueriesContext(connection) as asked:
        queries.failing_holders(officer, DAY)
    assert sum("assessments_readiness" in query["sql"] for query in asked) == 1


def test_a_certificate_that_ends_next_year_can_still_be_mended_by_the_year_that_runs(officer):
    firms = some_enterprises()
    certificate(firms["few_staff"], date(2017, 12, 1))
    at_work()
    assert queries.not_in_time(officer, DAY) == []
    assert len(queries.failing_holders(officer, DAY)) == 1


def test_what_can_still_be_mended_is_read_off_the_rules():
    assert {name: mended_by(HNTE, name) for name in ("st_staff", "ip", "registered", "resident")} == {
        "st_staff": Mended.NEXT_YEAR, "ip": Mended.RIGHT, "registered": Mended.TIME,
        "resident": Mended.NEVER,
    }  # fmt: skip
    window = Window(last_month=8, right_months=6)
    assert window.apply_by(date(2019, 11, 30)) == date(2019, 8, 31)
    assert window.apply_by(date(2019, 3, 15)) == date(2019, 3, 15)

    def late(on, name="ip"):
        return too_late(HNTE, [name], on, date(2019, 8, 31), window)

    assert late(date(2019, 2, 28)) == () and late(date(2019, 3, 1)) == ("ip",)
    assert late(date(2018, 12, 31), "st_staff") == () and late(date(2019, 1, 1), "st_staff") != ()
    assert late(DAY, "registered") == () and late(DAY, "resident") == ("resident",)


def test_other_bases_and_fullness_move_the_kept_lines():
    one = hold(ready(incidents=None), DAY)
    at_work()
    row = Readiness.objects.of("hnte").get(enterprise=one)
    assert (row.hard, row.unknown_criteria[0]) == (Found.UNKNOWN, "incidents")
    full(one, "incidents", since=DAY)
    state(one, 2018, {"sales_revenue": 1}, paper(), Basis.DECLARED)
    at_work()
    row.refresh_from_db()
    assert row.hard == Found.MET
