"""Tables of certificates, numbers and titles: new, corrected, the same; taken back; lists made into them."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peiyu.office.accounts.models import Role
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.files import store
from peiyu.office.foundation.imports import (
    apply_import,
    do_import,
    keep_only,
    kind_of,
    mend,
    read_import,
    take_back_import,
    take_in,
    undo_import,
)
from peiyu.office.foundation.jobs import Progress
from peiyu.office.foundation.models import ImportBatch, Job, JobState
from peiyu.office.foundation.refusals import NotAllowed, Refused
from peiyu.office.qualifications.actions import enter_tech_sme
from peiyu.office.qualifications.lists import Outcome, lines_of, take_list
from peiyu.office.qualifications.models import Certificate, EventKind, Holding, TechSmeNumber, Title
from peiyu.office.reports.models import ListedName, ListKind, PublishedList
from tests.office.factories import DAY, again, body, enterprise, person
from tests.office.qualifications.given import certificate, event, number, paper

pytestmark = pytest.mark.django_db
HEADS = {
    "certificates": "企业名称,统一社会信用代码,证书编号,发证日期,有效期至,发证时所在地",
    "tech_sme": "企业名称,统一社会信用代码,入库登记编号,公布日期",
    "titles": "企业名称,统一社会信用代码,称号种类,级别,授予日期,文号",
}


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def one():
    return enterprise("济源市荻鹬装备有限公司", town=body())


@pytest.fixture
def other():
    return enterprise("济源市槲獾化工有限公司", town=body())


def worked(batch, function):
    batch.refresh_from_db()
    Job.objects.filter(pk=batch.job_id).update(state=JobState.RUNNING, attempts=1)
    function(Progress(Job.objects.get(pk=batch.job_id)), batch=batch.pk)
    batch.refresh_from_db()
    return batch


def brought(who, kind, *lines):
    content = "\n".join((HEADS[kind], *lines)).encode()
    batch = take_in(
        f"qualifications.{kind}", store(content, "表.csv", by=who), whose="", options={}, actor=again(who)
    )  # fmt: skip
    worked(batch, read_import.function)
    return batch, list(batch.rows.order_by("number"))


def done(batch, who):
    apply_import(batch, actor=again(who))
    return worked(batch, do_import.function)


def undone(batch, who):
    undo_import(batch, actor=again(who))
    return worked(batch, take_back_import.function)


def said(row):
    return [(p["column"], p["rule"]["text"]) for p in row.problems]


def state():
    return (
        sorted(Certificate.objects.standing().values_list("number", "issued_on", "last_on")),
        sorted(Holding.objects.filter(gone_on=None).values_list("certificate", "to_on")),
        list(TechSmeNumber.objects.standing().values_list("number", flat=True)),
        list(Title.objects.standing().values_list("kind", "awarded_on")),
    )  # fmt: skip


def test_only_the_bureau_brings_them():
    for kind in HEADS:
        assert kind_of(f"qualifications.{kind}").may(person(Role.BUREAU_OFFICER))
        assert not kind_of(f"qualifications.{kind}").may(person(Role.TOWN_OFFICER))


def test_certificates_are_new_corrected_the_same_or_cannot_be(one, other, bureau):
    known, same, foreign, fresh = (number() for _ in range(4))
    certificate(one, date(2016, 12, 1), by=bureau, number=known)
    certificate(one, date(2013, 11, 1), by=bureau, number=same)
    certificate(other, date(2015, 12, 1), by=bureau, number=foreign)
    batch, rows = brought(
        bureau, "certificates",
        f"{one.name},,{known},2016-12-09,,",
        f"{one.name},,{same},2013-11-01,2016-11-01,本市",
        f"{one.name},,{foreign},2015-12-01,,",
        f"{other.name},,{fresh},2018-12-03,2021-12-02,外地",
        f"{other.name},,GR20191234567,2012-03-01,,",
        f"{other.name},,{number()},2019-06-18,,",
        f"{other.name},,{number()},2017-03-01,,",
        f"不认识的公司,,{number()},2017-03-01,,",
    )  # fmt: skip
    assert [row.outcome for row in rows] == [
        "changed", "changed", "refused", "new", "refused", "refused", "refused", "refused",
    ]  # fmt: skip
    assert rows[0].changes == {"issued_on": ["2016-12-01", "2016-12-09"]}
    assert rows[1].changes == {"printed_end_on": [None, "2016-11-01"]}
    assert rows[3].changes["issued_here"] == [None, False]
    columns = [said(row)[0][0] for row in rows if row.outcome == "refused"]
    assert columns == ["number", "number", "issued_on", "issued_on", ""]
    done(batch, bureau)
    assert Certificate.objects.get(number=known).issued_on == date(2016, 12, 9)
    made = Certificate.objects.get(number=fresh)
    assert (made.issued_here, made.last_on, made.holdings.count()) == (False, date(2021, 12, 2), 0)
    assert made.versions.get().source == batch.source


def test_the_same_file_twice_changes_nothing_and_undoing_restores(one, other, bureau):
    known, fresh = number(), number(2018)
    certificate(one, by=bureau, number=known)
    before = state()
    lines = (f"{one.name},,{known},2016-12-09,,", f"{other.name},,{fresh},2018-12-03,,")
    batch, _ = brought(bureau, "certificates", *lines)
    done(batch, bureau)
    after = state()
    assert after != before
    _, rows = brought(bureau, "certificates", *lines)
    assert [row.outcome for row in rows] == ["same", "same"] and state() == after
    undone(batch, bureau)
    assert state() == before
    _, rows = brought(bureau, "certificates", *lines)
    assert [row.outcome for row in rows] == ["changed", "new"]


def test_two_rows_that_exclude_each_other_are_not_both_taken(one, bureau):
    twice = number()
    _, rows = brought(
        bureau, "certificates",
        f"{one.name},,{number()},2016-12-01,,", f"{one.name},,{number()},2017-12-01,,",
        f"{one.name},,{twice},2019-12-02,,", f"{one.name},,{twice},2013-01-01,,",
    )  # fmt: skip
    assert [row.outcome for row in rows] == ["new", "refused", "refused", "refused"]
    assert "文件里这家企业还有一张" in said(rows[1])[0][1]
    assert "不止一行" in said(rows[2])[0][1] and "不止一行" in said(rows[3])[0][1]


def test_a_refused_cell_is_mended_in_its_place(one, bureau):
    batch, (row,) = brought(bureau, "certificates", f"{one.name},,GR2016410000,2016-12-01,,")
    assert row.outcome == "refused"
    right = number()
    assert mend(batch, row.number, {"number": right}, actor=again(bureau)).outcome == "new"
    done(batch, bureau)
    assert Certificate.objects.get().number == right


def test_nothing_is_taken_back_under_what_stands_on_it(one, bureau):
    batch, _ = brought(bureau, "certificates", f"{one.name},,{number()},2016-12-01,,")
    done(batch, bureau)
    happened = event(Certificate.objects.get(), EventKind.SPLIT, date(2018, 1, 1), by=bureau)
    with pytest.raises(Refused, match="之后登记了变动"):
        undo_import(batch, actor=again(bureau))
    assert happened.withdrawn_on is None and ImportBatch.objects.get(pk=batch.pk).state == "applied"


def test_numbers_of_technology_smes(one, other, bureau):
    lines = (
        f"{one.name},,201941900108000123,2019-05-07", f"{other.name},,201941900108000124,",
        f"{other.name},,201941900108000125,", f"{one.name},,2019419001,", f"{one.name},,209941900108000123,",
    )  # fmt: skip
    batch, rows = brought(bureau, "tech_sme", *lines)
    assert [row.outcome for row in rows] == ["new", "refused", "refused", "refused", "refused"]
    assert "不止一个编号" in said(rows[1])[0][1] and "不止一个编号" in said(rows[2])[0][1]
    assert keep_only(batch, rows[1].number, actor=again(bureau)).outcome == "new"
    done(batch, bureau)
    assert TechSmeNumber.objects.get(enterprise=one).issued_on == date(2019, 5, 7)
    _, rows = brought(bureau, "tech_sme", *lines[:2])
    assert [row.outcome for row in rows] == ["same", "same"]
    _, rows = brought(bureau, "tech_sme", lines[2])
    assert "已有编号" in said(rows[0])[0][1]
    undone(batch, bureau)
    assert not TechSmeNumber.objects.standing().exists()


def test_what_an_action_refuses_is_refused_in_the_preview(one, bureau):
    ahead = office_day() + timedelta(days=1)
    _, rows = brought(
        bureau, "tech_sme", f"{one.name},,{ahead.year}41900108000123,{ahead}",
        f"{one.name},,201841900108000123,2017-12-31", f"{one.name},,201741900108000123,",
    )  # fmt: skip
    assert [row.outcome for row in rows] == ["refused", "refused", "new"]
    assert "之后" in said(rows[0])[0][1] and "不合" in said(rows[1])[0][1]
    _, rows = brought(
        bureau, "titles", f"{one.name},,企业技术中心,市级,2018-12-01,{'豫' * 60}",
        f"{one.name},,企业技术中心,省级,2018-12-01,豫科  〔2018〕\u200e9号",
    )  # fmt: skip
    assert [row.outcome for row in rows] == ["new", "new"]
    assert rows[1].changes["number"] == [None, "豫科 〔2018〕9号"]


def test_a_number_of_two_enterprises_stays_with_the_one_that_a_person_keeps(
    one, other, bureau, monkeypatch
):
    monkeypatch.setattr("peiyu.office.foundation.imports.STEP", 1)
    no, twice = "201941900108000123", number()
    for kind, lines in (
        ("tech_sme", [f"{one.name},,{no},", f"{other.name},,{no},", f"{other.name},,20184190010800012A,"]),
        ("certificates", [f"{firm.name},,{twice},2016-12-01,," for firm in (one, other)]),
    ):  # fmt: skip
        batch, rows = brought(bureau, kind, *lines)
        assert [row.outcome for row in rows[:2]] == ["refused", "refused"]
        assert "不止一行" in said(rows[0])[0][1] and "不止一行" in said(rows[1])[0][1]
        assert keep_only(batch, rows[1].number, actor=again(bureau)).outcome == "new"
        done(batch, bureau)
        kept = batch.rows.filter(applied=True)
        assert set(kept.values_list("target", flat=True)) == {other.pk}


def test_two_numbers_of_a_year_in_different_pieces_are_both_refused(one, bureau, monkeypatch):
    monkeypatch.setattr("peiyu.office.foundation.imports.STEP", 1)
    lines = [f"{one.name},,{no},2019-05-07" for no in ("201941900108000123", "201941900108000124")]
    batch, rows = brought(bureau, "tech_sme", *lines, lines[0])
    assert [row.outcome for row in rows] == ["refused", "refused", "refused"]
    assert [one["repeats"] for one in rows[1].problems] == [[rows[0].number, rows[2].number]]
    keep_only(batch, rows[1].number, actor=again(bureau))
    done(batch, bureau)
    assert TechSmeNumber.objects.get().number == "201941900108000124"


def test_the_later_of_two_certificates_that_exclude_each_other_can_be_kept(
    one, bureau, monkeypatch
):
    monkeypatch.setattr("peiyu.office.foundation.imports.STEP", 1)
    first, second = number(2016), number(2017)
    batch, rows = brought(
        bureau, "certificates", f"{one.name},,{first},2016-12-01,,", f"{one.name},,{second},2017-12-01,,"
    )  # fmt: skip
    assert [row.outcome for row in rows] == ["new", "refused"]
    assert keep_only(batch, rows[1].number, actor=again(bureau)).outcome == "new"
    done(batch, bureau)
    assert Certificate.objects.get().number == second


def test_a_row_that_another_took_up_meanwhile_is_refused_and_the_rest_is_done(one, other, bureau):
    lines = (f"{one.name},,201941900108000123,", f"{other.name},,201941900108000124,")
    batch, rows = brought(bureau, "tech_sme", *lines)
    assert [row.outcome for row in rows] == ["new", "new"]
    enter_tech_sme(
        one, number="201941900108000125", issued_on=None, source=paper(), on=DAY, actor=bureau
    )
    done(batch, bureau)
    rows = list(batch.rows.order_by("number"))
    assert [(row.outcome, row.applied) for row in rows] == [("refused", False), ("new", True)]
    assert batch.state == "applied" and "已有编号" in said(rows[0])[0][1]


def test_a_row_that_the_action_refuses_stays_and_the_rest_is_done(one, other, bureau):
    known, late, fine = number(2014), number(2016), number(2018)
    certificate(one, date(2014, 11, 1), by=bureau, number=known, printed_end_on=date(2016, 12, 31))
    batch, rows = brought(
        bureau, "certificates", f"{one.name},,{known},2014-11-01,2017-10-31,",
        f"{one.name},,{late},2016-12-20,,", f"{other.name},,{fine},2018-11-01,,",
    )  # fmt: skip
    assert [row.outcome for row in rows] == ["changed", "new", "new"]
    done(batch, bureau)
    rows = list(batch.rows.order_by("number"))
    assert batch.state == "applied" and [row.applied for row in rows] == [True, False, True]
    assert rows[1].outcome == "refused" and "才到期" in said(rows[1])[0][1]
    assert rows[1].made is None and not Certificate.objects.filter(number=late).exists()
    assert Certificate.objects.get(number=known).last_on == date(2017, 10, 31)
    assert Certificate.objects.get(number=fine).enterprise == other


@pytest.mark.parametrize("kind", HEADS)
def test_judging_asks_as_much_for_many_as_for_few(kind, bureau):
    def line(firm, at):
        no = number() if kind == "certificates" else f"2019419001080{at:05d}"
        return {
            "certificates": f"{firm.name},,{no},2016-12-01,,",
            "tech_sme": f"{firm.name},,{no},2019-05-07",
            "titles": f"{firm.name},,企业技术中心,市级,2018-12-01,{at}",
        }[kind]

    def asked(number_of_rows):
        firms = [enterprise(town=body()) for _ in range(number_of_rows)]
        for firm in firms:
            certificate(firm, date(2013, 3, 1), by=bureau)
        batch, rows = brought(bureau, kind, *(line(firm, firm.pk) for firm in firms))
        assert {row.outcome for row in rows} == {"new"}
        with CaptureQueriesContext(connection) as captured:
            kind_of(f"qualifications.{kind}").judge(batch, rows, again(bureau))
        return len(captured)

    assert asked(2) == asked(9)


def test_titles(one, bureau):
    lines = (
        f"{one.name},,科技小巨人企业,省级,2018-09-01,豫科〔2018〕9号", f"{one.name},,企业技术中心,市级,2099-12-01,",
        f"{one.name},,科技小巨人企业,省级,2018-09-01,豫科〔2018〕9号", f"{one.name},,不知道,省级,2018-09-01,",
    )  # fmt: skip
    batch, rows = brought(bureau, "titles", *lines)
    assert [row.outcome for row in rows] == ["new", "refused", "same", "refused"]
    assert "只算一次" in said(rows[2])[0][1]
    done(batch, bureau)
    assert Title.objects.get().number == "豫科〔2018〕9号"
    _, rows = brought(bureau, "titles", lines[0])
    assert rows[0].outcome == "same"
    undone(batch, bureau)
    assert not Title.objects.standing().exists()


# -- published lists


def listed(kind, *entries, on=date(2019, 5, 7)):
    published = PublishedList.objects.create(
        kind=kind, title="名单", published_on=on, source=paper("名单")
    )
    for place, (firm, entry) in enumerate(entries, start=1):
        ListedName.objects.create(
            published=published, place=place, name=firm.name if firm else "无名", entry=entry, enterprise=firm
        )  # fmt: skip
    return published


def outcomes(published, issued_on=None):
    return [line.outcome for line in lines_of(published, issued_on, DAY)]


def test_a_list_of_recognised_becomes_certificates_and_contradictions_stay(one, other, bureau):
    third, fourth = enterprise(town=body()), enterprise(town=body())
    there = certificate(one, date(2018, 12, 3), by=bureau)
    certificate(other, date(2018, 12, 3), by=bureau)
    mine, issued = number(2018), date(2018, 12, 3)
    published = listed(
        ListKind.HNTE, (one, there.number), (other, number(2018)), (third, mine), (None, number()),
        (fourth, ""), (fourth, "GR2018"), (third, there.number),
    )  # fmt: skip
    expected = [
        Outcome.SAME, Outcome.CONTRADICTS, Outcome.NEW, Outcome.UNMATCHED, Outcome.NO_NUMBER,
        Outcome.CONTRADICTS, Outcome.CONTRADICTS,
    ]  # fmt: skip
    assert outcomes(published, issued) == expected
    for who, day, refusal in (
        (person(Role.TOWN_OFFICER), issued, NotAllowed),
        (bureau, None, Refused),
    ):
        with pytest.raises(refusal):
            take_list(published, chosen=range(99), issued_on=day, on=DAY, actor=who)
    assert take_list(published, chosen=range(99), issued_on=issued, on=DAY, actor=bureau) == 1
    made = Certificate.objects.get(number=mine)
    assert (made.enterprise, made.versions.get().source) == (third, published.source)
    assert outcomes(published, issued)[2] is Outcome.SAME
    with pytest.raises(Refused, match="没有可以新增的"):
        take_list(published, chosen=range(99), issued_on=issued, on=DAY, actor=bureau)


def test_a_list_of_technology_smes_becomes_numbers(one, other, bureau):
    published = listed(
        ListKind.TECH_SME, (one, "201941900108000123"), (other, "201941900108000124"),
        (other, "201941900108000125"), (one, "x"), (None, "201941900108000126"),
    )  # fmt: skip
    assert outcomes(published) == [
        Outcome.NEW, Outcome.NEW, Outcome.CONTRADICTS, Outcome.CONTRADICTS, Outcome.UNMATCHED,
    ]  # fmt: skip
    assert take_list(published, chosen={1}, issued_on=None, on=DAY, actor=bureau) == 1
    assert TechSmeNumber.objects.get().issued_on == date(2019, 5, 7)
    assert outcomes(published)[:2] == [Outcome.SAME, Outcome.NEW]


def test_a_list_promises_only_what_it_takes(one, other, bureau):
    twice = "201941900108000123"
    published = listed(
        ListKind.TECH_SME, (one, twice), (other, twice), (other, "201841900108000123")
    )
    assert outcomes(published) == [Outcome.NEW, Outcome.CONTRADICTS, Outcome.NEW]
    assert take_list(published, chosen=range(9), issued_on=None, on=DAY, actor=bureau) == 2
    early = listed(ListKind.TECH_SME, (other, "201941900108000129"), on=date(2018, 12, 28))
    (line,) = lines_of(early, None, DAY)
    assert line.outcome is Outcome.CONTRADICTS and "不合" in line.why.say()
    with pytest.raises(Refused, match="没有可以新增的"):
        take_list(early, chosen=range(9), issued_on=None, on=DAY, actor=bureau)


def test_without_a_day_no_certificate_is_new(one, other, bureau):
    there = certificate(other, date(2018, 12, 3), by=bureau)
    published = listed(ListKind.HNTE, (one, number(2018)), (one, "GR2018"), (one, there.number))
    assert outcomes(published) == [Outcome.NO_DAY, Outcome.CONTRADICTS, Outcome.CONTRADICTS]
    assert outcomes(published, date(2018, 12, 3))[0] is Outcome.NEW


def test_a_list_of_another_kind_becomes_nothing(one, bureau):
    published = listed(ListKind.HNTE_PUBLICITY, (one, number()))
    with pytest.raises(Refused, match="不能转成"):
        take_list(published, chosen={1}, issued_on=DAY, on=DAY, actor=bureau)


def test_looking_at_a_list_asks_as_much_for_many_as_for_few(one, bureau):
    def asked(published):
        with CaptureQueriesContext(connection) as captured:
            lines_of(published, date(2018, 12, 3), DAY)
        return len(captured)

    certificate(one, by=bureau)
    few = asked(listed(ListKind.HNTE, (one, number())))
    many = [(enterprise(town=body()), number()) for _ in range(12)]
    for firm, _ in many:
        certificate(firm, date(2018, 12, 3), by=bureau)
    assert asked(listed(ListKind.HNTE, *many)) == few
