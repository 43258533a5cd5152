"""Rows of evidence: versions that never change, keys, reasons, who may, what was known when."""

# ruff: noqa: E501  tables of who may what

from datetime import date, timedelta
from itertools import count

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peiyu.office.accounts.models import Role
from peiyu.office.enterprises.models import EnterpriseFile, MandateKind
from peiyu.office.foundation.files import store
from peiyu.office.foundation.models import OfficeDay, RecordLine
from peiyu.office.foundation.refusals import Conflict, NotAllowed, Refused, SeveralRefused
from peiyu.office.foundation.sources import of_document
from peiyu.office.foundation.verification import What, verify
from peiyu.office.portfolio.actions import (
    add_paper,
    carry_over,
    end_contact,
    name_contact,
    record_entry,
    record_use,
    remove_paper,
    say_all_full,
    say_full,
    withdraw_entry,
    withdraw_use,
)
from peiyu.office.portfolio.loading import held_of
from peiyu.office.portfolio.models import (
    KINDS,
    ContactSide,
    Fullness,
    IpRight,
    IpUse,
    Paper,
    Project,
)
from peiyu.policy import evidence
from tests.office.factories import DAY, again, body, enterprise, mandate, person
from tests.office.foundation.record_tests import raw, tampered

pytestmark = pytest.mark.django_db
RIGHT = {
    "title": "一种夹爪", "kind": "utility_model", "grant_number": "ZL201621128023.1",
    "applied_on": date(2016, 10, 13), "granted_on": date(2017, 5, 3), "owner_self": True,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _city(settings, tmp_path):
    settings.DEMO, settings.FILES_ROOT = True, tmp_path / "files"
    OfficeDay.objects.create(pk=1, day=DAY)


def on_day(day):
    OfficeDay.objects.filter(pk=1).update(day=day)


@pytest.fixture
def place():
    town = body()
    one = enterprise(town=town, code="91419001MAX1LX27Q9")
    return one, person(Role.TOWN_OFFICER, town), person(Role.BUREAU_OFFICER)


def recorded(one, by, values=None, table=evidence.IP, **more):
    source = of_document("证书", actor=by)
    return record_entry(one, table, values or RIGHT, source=source, actor=by, **more)


def test_a_new_row_gets_the_next_number_and_its_line(place):
    one, town, _ = place
    first = recorded(one, town)
    second = recorded(one, town, {**RIGHT, "no": "IP07"})
    third = recorded(one, town)
    assert [row.key for row in (first, second, third)] == ["IP01", "IP07", "IP08"]
    assert first.values()["grant_number"] == "ZL201621128023.1" and first.version == 1
    line = RecordLine.objects.get(label="portfolio.ipright", key=str(first.pk))
    assert (line.action, line.about_key) == ("portfolio.ipright.record", str(one.pk))
    assert "夹爪" not in str(line.values)  # the record proves the row, it does not tell it
    with pytest.raises(Refused, match="已有“IP07”"):
        recorded(one, town, {**RIGHT, "no": "IP07"})


def test_a_correction_is_a_new_version_and_the_old_stays(place):
    one, town, _ = place
    first = recorded(one, town)
    with pytest.raises(Refused, match="理由"):
        recorded(one, town, {"title": "一种快换夹爪"}, key="IP01")
    second = recorded(one, town, {"title": "一种快换夹爪"}, key="IP01", reason="按证书更正")
    assert recorded(one, town, {"title": "一种快换夹爪"}, key="IP01") == second  # nothing to change
    recorded(one, town, {"fees_paid_to": date(2019, 10, 12)}, key="IP01")  # what was not known
    rows = list(IpRight.objects.order_by("version"))
    assert [(row.title, row.version, row.superseded_on is None) for row in rows] == [
        ("一种夹爪", 1, False), ("一种快换夹爪", 2, False), ("一种快换夹爪", 3, True),
    ]  # fmt: skip
    assert rows[0] == first and verify().whole


def test_the_enterprise_corrects_its_own_without_a_reason(place):
    one, town, _ = place
    owner = person(Role.OWNER)
    mandate(one, owner)
    recorded(one, town)
    assert recorded(one, owner, {"title": "改"}, key="IP01").version == 2


def test_what_another_changed_meanwhile_is_shown_and_not_lost(place):
    one, town, bureau = place
    recorded(one, town)
    recorded(one, bureau, {"title": "局里改的"}, key="IP01", reason="核对")
    with pytest.raises(Conflict) as conflict:
        recorded(one, town, {"title": "镇里改的"}, key="IP01", reason="核对", seen=1)
    (difference,) = conflict.value.differences
    assert (difference.field, difference.wanted, difference.stands) == (
        "title",
        "镇里改的",
        "局里改的",
    )
    recorded(one, town, {"fees_paid_to": date(2020, 1, 1)}, key="IP01", seen=1)  # another fact
    assert IpRight.objects.standing().get().title == "局里改的"


def test_a_row_withdrawn_is_gone_and_can_come_back(place):
    one, town, _ = place
    row = recorded(one, town)
    source = of_document("更正", actor=town)
    with pytest.raises(Refused, match="为什么"):
        withdraw_entry(row, reason=" ", source=source, actor=town)
    withdraw_entry(row, reason="登错了企业", source=source, actor=town)
    assert not IpRight.objects.standing().exists()
    with pytest.raises(Refused, match="已撤下"):
        withdraw_entry(row, reason="再撤", source=source, actor=town)
    with pytest.raises(Refused, match="没有“IP01”"):
        recorded(one, town, {"title": "x"}, key="IP01", reason="改")
    back = recorded(one, town, {**RIGHT, "no": "IP01"})
    assert (back.version, IpRight.objects.standing().get()) == (3, back) and verify().whole


ODD = {
    "a choice that is none": ({"kind": "patent"}, "kind", "没有“patent”这一项"),
    "a day that has not come": ({"granted_on": DAY + timedelta(1)}, "granted_on", "还没有到"),
    "granted before applied for": ({"granted_on": date(2016, 10, 12)}, "granted_on", "早于申请日期"),
    "a year out of mind": ({"ends_on": date(2999, 1, 1)}, "ends_on", "不像日期"),
    "a text too long": ({"title": "长" * 201}, "title", "最多200个"),
    "a number with a slash": ({"no": "IP/1"}, "no", "斜线"),
    "inventors without end": ({"inventors": tuple(f"P{n}" for n in range(201))}, "inventors", "最多200个"),
}  # fmt: skip


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_what_cannot_be_is_refused_at_its_field(place, odd):
    values, field, words = odd
    one, town, _ = place
    with pytest.raises(SeveralRefused) as refused:
        recorded(one, town, {**RIGHT, **values})
    (refusal,) = refused.value.refusals
    assert refusal.field == field and words in refusal.say() and "{" not in refusal.say("en")
    assert not IpRight.objects.exists()
    assert not RecordLine.objects.filter(label="portfolio.ipright").exists()


def test_amounts_hours_and_required_facts_have_their_bounds(place):
    one, town, _ = place
    hours = {"no": "RD01", "person": "P001", "year": 2018, "month": 13, "hours": 745}
    with pytest.raises(SeveralRefused) as refused:
        recorded(one, town, hours, evidence.HOURS)
    assert [refusal.field for refusal in refused.value.refusals] == ["month", "hours"]
    with pytest.raises(SeveralRefused) as refused:
        recorded(one, town, {"budget": -1}, evidence.PROJECTS)
    assert [refusal.field for refusal in refused.value.refusals] == ["title", "budget"]
    row = recorded(one, town, {**hours, "month": 12, "hours": 0}, evidence.HOURS)
    assert row.key == "RD01/P001/2018/12"


def test_the_database_itself_refuses_to_change_or_remove_a_version(place):
    one, town, _ = place
    row = recorded(one, town)
    for act in (
        lambda: IpRight.objects.filter(pk=row.pk).update(title="x"),
        lambda: IpRight.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    recorded(one, town, {"title": "改"}, key="IP01", reason="改")
    with pytest.raises(DatabaseError), transaction.atomic():
        IpRight.objects.filter(pk=row.pk).update(superseded_on=DAY + timedelta(5))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.table.name)
def test_every_table_is_guarded(kind):
    table = kind._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass", [table])
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
            )
        assert {f"{table}_update", f"{table}_delete"} <= {name for (name,) in cursor.fetchall()}


def test_a_version_changed_beside_the_program_is_named(place):
    one, town, _ = place
    row = recorded(one, town)
    with tampered():
        raw("UPDATE portfolio_ipright SET title = 'x' WHERE id = %s", row.pk)
        found = verify()
        assert found.altered.what is What.ROW_CHANGED and "知识产权" in found.altered.message.say()
    with tampered():
        raw("DELETE FROM portfolio_ipright WHERE id = %s", row.pk)
        assert verify().altered.what is What.ROW_MISSING
    row.pk, row.key = None, "IP99"
    IpRight.objects.bulk_create([row])
    assert verify().altered.what is What.ROW_ADDED


WHO = ("bureau", "town", "other town", "owner", "coach", "bank", "ip office", "tax", "leader")


def test_who_keeps_which_table(place):
    one, town, bureau = place
    owner, coach, bank = person(Role.OWNER), person(Role.COACH), person(Role.BANK)
    (
        mandate(one, owner),
        mandate(one, coach, MandateKind.COACH),
        mandate(one, bank, MandateKind.BANK),
    )
    people = (bureau, town, person(Role.TOWN_OFFICER), owner, coach, bank, person(Role.IP_OFFICE), person(Role.TAX), person(Role.LEADER))  # fmt: skip
    may = {
        "ip": {"bureau", "town", "owner", "coach", "ip office"},
        "projects": {"bureau", "town", "owner", "coach"},
        "incidents": {"bureau"},
    }
    rows = {"ip": RIGHT, "projects": {"title": "项目"}, "incidents": {"happened_on": DAY}}
    for table, allowed in may.items():
        for number, (name, who) in enumerate(zip(WHO, people, strict=True)):
            values = {**rows[table], "no": f"X{number}"}
            if name in allowed:
                recorded(one, again(who), values, evidence.BY_NAME[table])
            else:
                with pytest.raises(NotAllowed):
                    recorded(one, again(who), values, evidence.BY_NAME[table])


def test_who_reads_which_table(place):
    one, town, bureau = place
    recorded(one, town), recorded(one, town, {"title": "项目"}, evidence.PROJECTS)
    other = person(Role.TOWN_OFFICER)
    sees = {kind: {n for n, who in enumerate((town, bureau, other, person(Role.IP_OFFICE), person(Role.LEADER), person(Role.BANK)))
                   if kind.objects.visible_to(who).exists()} for kind in (IpRight, Project)}  # fmt: skip
    assert sees == {IpRight: {0, 1, 3}, Project: {0, 1}}


def test_a_merged_entry_takes_no_more_and_the_kept_one_has_its_rows(place):
    one, town, bureau = place
    kept = enterprise(town=one.town)
    recorded(one, town), recorded(one, town, {**RIGHT, "no": "IP02", "title": "乙"})
    recorded(kept, town, {**RIGHT, "no": "IP02", "title": "丙"})
    record_use("ZL2016.2", used_by="", used_on=DAY, successful=True, valid_to=None, enterprise=one,
               source=of_document("公告", actor=bureau), actor=bureau, on=DAY)  # fmt: skip
    carry_over(one, kept, actor=bureau)
    rows = {row.key: row for row in IpRight.objects.standing().filter(enterprise=kept)}
    assert {key: row.title for key, row in rows.items()} == {"IP01": "一种夹爪", "IP02": "丙"}
    assert one.name in rows["IP01"].reason
    assert IpUse.objects.get().enterprise == kept
    assert IpRight.objects.standing().filter(enterprise=one).count() == 2  # still to be read there


def test_a_table_is_said_to_be_full_and_that_is_taken_back(place):
    one, town, _ = place
    say_full(one, table="ip", full=True, actor=town)
    say_full(one, table="ip", full=True, actor=town)
    assert held_of([one], on=DAY)[one.pk].complete == {"ip"}
    on_day(DAY + timedelta(3))
    say_full(one, table="ip", full=False, actor=town)
    assert held_of([one], on=DAY)[one.pk].complete == frozenset()
    assert held_of([one], on=DAY, known=DAY + timedelta(2))[one.pk].complete == {"ip"}
    assert Fullness.objects.count() == 1
    with pytest.raises(Refused, match="没有这张表"):
        say_full(one, table="x", full=True, actor=town)


def test_many_tables_are_said_to_be_full_at_once_by_who_keeps_all_of_them(place):
    one, town, bureau = place
    other = enterprise()
    say_full(one, table="ip", full=True, actor=town)
    made = say_all_full([(one, "ip"), (one, "rd"), (other, "incidents")], actor=bureau)
    assert {(row.enterprise, row.table) for row in made} == {(one, "rd"), (other, "incidents")}
    assert held_of([one], on=DAY)[one.pk].complete == {"ip", "rd"}
    assert RecordLine.objects.filter(action="portfolio.fullness.say").count() == 3
    for said, actor in (
        ([(one, "products"), (other, "products")], town), ([(one, "incidents")], town),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            say_all_full(said, actor=actor)
    with pytest.raises(Refused, match="没有这张表"):
        say_all_full([(one, "x")], actor=bureau)
    assert Fullness.objects.count() == 3


def test_uses_are_found_however_the_number_is_written(place):
    one, town, bureau = place
    recorded(one, town)
    source = of_document("公告", actor=bureau)
    use = {"used_by": "另一家", "used_on": date(2018, 1, 1), "successful": True, "valid_to": date(2021, 1, 1),
           "enterprise": None, "source": source, "actor": bureau, "on": DAY}  # fmt: skip
    made = record_use("2016 2112 8023.1", **use)
    assert record_use("ZL2016211280231", **use) == made
    (held,) = held_of([one], on=DAY)[one.pk].uses
    assert held["grant_number"] == "ZL201621128023.1" and held["used_by"] == "另一家"
    with pytest.raises(Refused, match="内容不同"):
        record_use("2016211280231", **{**use, "successful": False})
    with pytest.raises(NotAllowed):
        record_use("2016211280231", **{**use, "actor": town})
    withdraw_use(made, reason="公告更正", actor=bureau)
    assert held_of([one], on=DAY)[one.pk].uses == []


def test_one_file_proves_many_rows(place):
    one, town, _ = place
    recorded(one, town), recorded(one, town)
    stored = store(b"%PDF-1.4", "a.pdf", by=town)
    file = EnterpriseFile.objects.create(enterprise=one, file=stored, title="证书")
    papers = [
        add_paper(one, table="ip", key=key, file=file, actor=town)
        for key in ("IP01", "IP02", "IP01")
    ]
    assert papers[0] == papers[2] and Paper.objects.count() == 2
    remove_paper(papers[0], actor=town)
    assert list(Paper.objects.filter(removed_on=None)) == [papers[1]]
    with pytest.raises(Refused, match="没有“IP09”"):
        add_paper(one, table="ip", key="IP09", file=file, actor=town)
    other = EnterpriseFile.objects.create(enterprise=enterprise(), file=stored, title="别家的")
    with pytest.raises(Refused, match="不是这家企业的"):
        add_paper(one, table="ip", key="IP01", file=other, actor=town)


def test_contacts_are_named_handed_over_and_ended(place):
    one, town, bureau = place
    ip = person(Role.IP_OFFICE)
    first = name_contact(one, side=ContactSide.OFFICE, person=ip, from_on=DAY, actor=town)
    assert name_contact(one, side=ContactSide.OFFICE, person=ip, from_on=DAY, actor=town) == first
    second = name_contact(one, side=ContactSide.OFFICE, person=bureau, from_on=DAY, actor=bureau)
    first.refresh_from_db()
    assert first.until_on == DAY
    end_contact(second, on=DAY, actor=bureau)
    assert not one.ip_contacts.filter(until_on=None).exists()
    for wrong in ({"person": None}, {"contact": None, "side": ContactSide.ENTERPRISE}):
        with pytest.raises(Refused):
            name_contact(
                one, **{"side": ContactSide.OFFICE, "from_on": DAY, "actor": town, **wrong}
            )
    with pytest.raises(NotAllowed):
        name_contact(
            one, side=ContactSide.OFFICE, person=ip, from_on=DAY, actor=person(Role.TOWN_OFFICER)
        )


# ---------------------------------------------------------------- what was known never changes

STEPS = st.lists(
    st.tuples(st.sampled_from(["record", "withdraw", "next day"]), st.sampled_from(["IP01", "IP02"]), st.integers(0, 4)),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(STEPS)
def test_what_was_known_on_a_day_never_changes_afterwards(place, steps):
    one, town, _ = place
    with transaction.atomic():
        source, day = of_document("来", actor=town), DAY
        told = {}
        for what, key, number in steps:
            standing = {row.key: row for row in IpRight.objects.standing().filter(enterprise=one)}
            if what == "next day":
                told[day] = known(one, day)
                day += timedelta(1)
                on_day(day)
            elif what == "withdraw" and key in standing:
                withdraw_entry(standing[key], reason="撤", source=source, actor=town)
            elif what == "record":
                values = {**RIGHT, "no": key, "title": f"名{number}"}
                record_entry(one, evidence.IP, values if key not in standing else {"title": values["title"]},
                             key=key if key in standing else "", source=source, actor=town, reason="改")  # fmt: skip
            for past, said in told.items():
                assert known(one, past) == said
        assert {
            row.key: row.title for row in IpRight.objects.standing().filter(enterprise=one)
        } == {row["no"]: row["title"] for row in held_of([one], on=day)[one.pk].rows("ip")}
        assert known(one, day) == held_of([one], on=day)[one.pk].rows("ip")
        transaction.set_rollback(True)
    on_day(DAY)


def known(one, day):
    return held_of([one], on=day, known=day)[one.pk].rows("ip")


def test_loading_takes_as_many_queries_for_many_as_for_one(place):
    one, town, _ = place
    others = [enterprise(town=one.town) for _ in range(3)]
    numbers = count(1)
    for firm in (one, *others):
        for _ in range(3):
            recorded(firm, town, {**RIGHT, "no": f"IP{next(numbers)}"})
            recorded(firm, town, {"title": "项目"}, evidence.PROJECTS)
    counts = []
    for firms in ([one], [one, *others]):
        with CaptureQueriesContext(connection) as queries:
            held_of(firms, on=DAY)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14
