"""Seven years of figures in the demo office; the tables to try the import on are read as they should."""

from collections import Counter
from random import Random
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import override_settings

from peiyu.demo.city import SEED
from peiyu.demo.office import figures, messy, registry
from peiyu.demo.office.days import live_on
from peiyu.demo.office.people import BEGUN_ON, bring_in, of_enterprise
from peiyu.office.accounts.models import Role, User
from peiyu.office.enterprises.actions import give_mandate
from peiyu.office.enterprises.identity import core_of
from peiyu.office.enterprises.models import Enterprise, EnterpriseName, MandateKind
from peiyu.office.foundation.days import forget_calendars, office_now
from peiyu.office.foundation.files import store
from peiyu.office.foundation.imports import read_import, take_in
from peiyu.office.foundation.jobs import Progress
from peiyu.office.foundation.models import Job, JobState
from peiyu.office.reports.actions.statements import newest, seal_of
from peiyu.office.reports.models import (
    Basis,
    FactRequest,
    ListedName,
    StaffMonth,
    Statement,
    YearReport,
    stored,
)
from peiyu.office.reports.queries import open_requests

pytestmark = pytest.mark.django_db


def entered(drawn, people):
    """The registry of the city, without its cases: two enterprises under another name today."""
    at = office_now()
    made = []
    for index, firm in enumerate(drawn.firms):
        values = registry.values_of(firm)
        town, zone = people.bodies[firm.town.code], firm.zone and people.bodies[firm.zone.code]
        if index % 29 == 0:
            values["name"] = values["name"].replace("有限公司", "集团有限公司")
        made.append(
            Enterprise(**values, town=town, zone=zone, body=zone or town, registered_at=at, changed_at=at)
        )  # fmt: skip
    found = Enterprise.objects.bulk_create(made)
    names = []
    for firm, one in zip(drawn.firms, found, strict=True):
        borne = {firm.name: drawn.on, one.name: None} if firm.name != one.name else {one.name: None}
        names += [
            EnterpriseName(enterprise=one, name=name, core=core_of(name), until_on=until)
            for name, until in borne.items()
        ]
    EnterpriseName.objects.bulk_create(names)
    for index, one in enumerate(found[: registry.OPEN_TO], start=1):
        owner, _ = of_enterprise(people, Random(SEED), index)
        give_mandate(
            one, person=owner, kind=MandateKind.OWNER, from_on=BEGUN_ON,
            actor=people.first(Role.BUREAU_OFFICER),
        )  # fmt: skip
    return found


@pytest.fixture(scope="module")
def office(drawn, django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo office with its figures, made once; nothing of it stays."""
    home = tmp_path_factory.mktemp("office")
    forget_calendars()
    with (
        django_db_blocker.unblock(),
        override_settings(DEMO=True, FILES_ROOT=home / "files"),
        transaction.atomic(),
    ):
        live_on(BEGUN_ON)
        people = bring_in(Random(SEED))
        found = entered(drawn, people)
        told = figures.fill(drawn, found, people)
        examples = messy.write(home / messy.FOLDER, told, SEED)
        yield SimpleNamespace(told=told, people=people, examples=examples)
        transaction.set_rollback(True)


def standing(basis):
    """What stands on a basis, by enterprise and year."""
    keys = Statement.objects.filter(basis=basis).values_list("enterprise", "year")
    rows = newest([(enterprise, year, basis) for enterprise, year in keys])
    return {(enterprise, year): row for (enterprise, year, _), row in rows.items()}


def test_there_is_enough_of_everything(office, drawn):
    count = Counter(Statement.objects.values_list("basis", flat=True))
    assert 1400 < count["declared"] < 2000 and 300 < count["audited"] < 800
    assert 500 < count["tax_return"] < 1100 and count["verified"] > 20 and count["checked"] > 15
    corrected = Statement.objects.filter(basis=Basis.DECLARED, version=2).exclude(reason="")
    assert corrected.count() == figures.CORRECTIONS
    states = set(YearReport.objects.filter(year=2018).values_list("state", flat=True))
    assert states == {"draft", "submitted", "returned", "checked", "verified"}
    for index in range(1, registry.OPEN_TO + 1):
        theirs = YearReport.objects.filter(enterprise__mandates__person__username=f"owner-{index}")
        assert theirs.filter(state__in=("draft", "returned")).exists()
    asked = FactRequest.objects.all()
    assert len(open_requests(asked, drawn.on)) == 12 == asked.count()
    assert asked.filter(due_on__lt=drawn.on).count() == 5
    assert 50 <= StaffMonth.objects.values("enterprise").distinct().count() <= 70
    assert (ListedName.objects.count(), ListedName.objects.filter(enterprise=None).count()) == (
        80,
        5,
    )


def test_about_one_in_six_figures_is_lacking(office):
    declared = standing(Basis.DECLARED)
    wanted = [
        (one.enterprise.pk, year, name)
        for one in office.told if one.enterprise.established_on
        for year in range(max(2012, one.enterprise.established_on.year), 2019)
        for name in ("sales_revenue", "net_assets", "rd_total")
    ]  # fmt: skip
    there = sum(
        (key, year) in declared and declared[key, year].figure(name) is not None
        for key, year, name in wanted
    )
    assert 0.10 < 1 - there / len(wanted) < 0.26


def test_every_seal_verifies_and_nothing_is_of_before_the_founding(office):
    rows = list(Statement.objects.select_related("enterprise"))
    assert [row for row in rows if seal_of(row) != row.seal] == []
    early = [
        row for row in rows
        if row.enterprise.established_on and row.year < row.enterprise.established_on.year
    ]  # fmt: skip
    assert early == []
    assert [
        row for row in rows if row.recorded_on.year <= row.year or row.recorded_on < BEGUN_ON
    ] == []
    assert len({row.recorded_on for row in rows}) > 15


def test_what_stands_is_what_the_workbook_says(office, drawn):
    declared = standing(Basis.DECLARED)
    compared, other = 0, []
    for one in office.told:
        for lag in (1, 2, 3):
            row = declared.get((one.enterprise.pk, drawn.on.year - lag))
            for name in ("sales_revenue", "net_assets", "rd_total", "rd_domestic"):
                said = one.firm.facts.get(f"{name}.{lag}")
                if row is not None and said is not None and row.figure(name) is not None:
                    compared += 1
                    if stored(row.figure(name)) != said:
                        other.append((one.firm.name, lag, name))
    assert compared > 2500 and other == []
    taxed = standing(Basis.TAX_RETURN)
    differ = {
        key for (key, year), row in taxed.items()
        if (key, year) in declared and None not in (row.sales_revenue, declared[key, year].sales_revenue)
        and row.sales_revenue != declared[key, year].sales_revenue
    }  # fmt: skip
    assert len(differ) == figures.CONTRADICTIONS


def test_the_example_files_are_read_as_they_should(office):
    town = office.people.of_place[office.examples.place]
    bureau = office.people.first(Role.BUREAU_OFFICER)
    with transaction.atomic():
        by_town = outcomes("reports.statements", office.examples.town_table, town, basis="declared")
        long = outcomes(
            "reports.statements", office.examples.long_table, bureau, basis="declared", unit="元"
        )
        published = outcomes(
            "reports.lists", office.examples.published, bureau, list_kind="tech_sme"
        )
        transaction.set_rollback(True)
    assert len({row.name for row in by_town if row.outcome == "doubtful"}) == 1
    about = [row for row in by_town if row.outcome == "refused" and row.raw]
    assert [list(row.raw.values()) for row in about] == [["约300"]]
    changed = [row for row in by_town if row.outcome == "changed"]
    assert any("sales_revenue" in row.changes for row in changed)
    assert {row.target for row in by_town if row.outcome in ("changed", "same", "new")} > {
        one.enterprise.pk for one in office.told
        if one.place == office.examples.place and one.firm.name != one.enterprise.name and one.years
    }  # fmt: skip
    assert Counter(row.outcome for row in long)["refused"] == 1
    assert len(long) == 2 * messy.LONG_OF, "the row that stands twice is taken once"
    assert len(published) == messy.LISTED
    doubtful = [row for row in published if row.outcome == "doubtful"]
    assert doubtful and all(row.candidates for row in doubtful)
    assert sum(row.outcome == "new" and row.target is None for row in published) == 5


def outcomes(kind, path, who, **options):
    """The rows of a file as the preview shows them."""
    who = User.objects.get(pk=who.pk)
    file = store(path.read_bytes(), path.name, by=who)
    batch = take_in(kind, file, whose="", options=options, actor=who)
    Job.objects.filter(pk=batch.job_id).update(state=JobState.RUNNING, attempts=1)
    read_import.function(Progress(Job.objects.get(pk=batch.job_id)), batch=batch.pk)
    batch.refresh_from_db()
    assert batch.state == "ready", batch.failure
    return list(batch.rows.order_by("number"))
