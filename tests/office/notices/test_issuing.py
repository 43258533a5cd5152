"""Issued papers: numbers without gaps, bytes for ever, versions, ends, scans; who may."""

import hashlib
import json
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from peiyu.office.accounts.models import Role
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation import jobs
from peiyu.office.foundation.files import open_file, store
from peiyu.office.foundation.models import Job, OfficeDay, RecordLine, StoredFile
from peiyu.office.foundation.refusals import NotAllowed, Refused
from peiyu.office.foundation.verification import What, verify
from peiyu.office.notices import issuing
from peiyu.office.notices.actions import attach_scan, withdraw_paper
from peiyu.office.notices.models import IssuedPaper, Message, PaperEnd, PaperScan, State
from peiyu.office.notices.queries import being_made, papers_about, papers_of
from peiyu.office.reports.models import Basis
from peiyu.office.reports.papers import lacking
from peiyu.papers.codes import tidied
from peiyu.papers.paper import Paragraph, Table, from_data
from tests.office.assessments.held import paper as source
from tests.office.assessments.held import state
from tests.office.factories import DAY, again, body, enterprise, mandate, person
from tests.office.foundation.record_tests import tampered
from tests.office.notices.given import asked, asked_for_figures, city, issued, short
from tests.papers import sample

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day(settings, tmp_path):
    settings.DEMO, settings.FILES_ROOT = True, tmp_path / "files"
    OfficeDay.objects.create(pk=1, day=DAY)


@pytest.fixture
def place():
    return city()


def pdf_file(by, content=b"%PDF-1.4\nscan\n%%EOF", name="scan.pdf"):
    return store(content, name, by=by)


def test_a_paper_is_issued_with_number_code_bytes_and_its_line(place):
    paper = issued(place)
    assert paper.full_number == "克政〔2019〕1号"
    assert (paper.version, paper.state, paper.issued_on) == (1, State.VALID, DAY)
    assert (paper.issuer_name, paper.addressee_name) == (place.town.name, place.firm.name)
    assert tidied(paper.code) == paper.code
    for file, sha256, start in (
        (paper.pdf, paper.pdf_sha256, b"%PDF-"),
        (paper.word, paper.word_sha256, b"PK"),
    ):
        content = open_file(file).read()
        assert content.startswith(start)
        assert hashlib.sha256(content).hexdigest() == sha256 == file.sha256
        assert file.expires_at is None
    assert paper.pdf.name == "克政〔2019〕1号 高新技术企业认定条件自评报告.pdf"
    assert from_data(paper.content) == sample.content()
    line = RecordLine.objects.get(label="notices.issuedpaper")
    assert line.action == "notices.issuedpaper.issue"
    assert line.values["seal"][1] == paper.seal
    assert (line.about_label, line.about_key) == ("enterprises.enterprise", str(place.firm.pk))
    assert "自评" not in str(line.values)
    told = Message.objects.get(recipient=place.clerk)
    assert "克政〔2019〕1号" in told.title and told.link == f"/papers/{paper.pk}/"
    assert verify().whole


def test_numbers_run_by_body_and_year_without_gaps(place):
    first, second = issued(place, content=short("一")), issued(place, content=short("二"))
    other = issued(place, by=place.officer, body=place.bureau, content=short())
    OfficeDay.objects.filter(pk=1).update(day=date(2020, 1, 2))
    later = issued(place, content=short("三"))
    assert [str(one) for one in (first, second, other, later)] == [
        "克政〔2019〕1号", "克政〔2019〕2号", "济科〔2019〕1号", "克政〔2020〕1号",
    ]  # fmt: skip


def test_a_job_that_is_done_again_issues_nothing_more(place):
    job = asked(place, content=short())
    jobs.run.func(job.pk)
    Job.objects.filter(pk=job.pk).update(state="waiting")
    jobs.run.func(job.pk)
    job.refresh_from_db()
    assert job.state == "done" and IssuedPaper.objects.count() == 1


def test_what_breaks_off_takes_no_number_and_leaves_nothing(place, monkeypatch):
    job = asked(place, content=short())

    def broken(*_, **__):
        raise OSError("the worker died")

    with monkeypatch.context() as patch:
        patch.setattr(issuing, "tell", broken)  # the last thing before the transaction ends
        jobs.run.func(job.pk)
    assert not IssuedPaper.objects.exists() and not StoredFile.objects.exists()
    assert not RecordLine.objects.filter(label="notices.issuedpaper").exists()
    job.refresh_from_db()
    assert job.state == "waiting"
    jobs.run.func(job.pk)
    assert str(IssuedPaper.objects.get()) == "克政〔2019〕1号"


def test_a_paper_that_came_between_has_the_number_and_this_one_is_made_anew(place, monkeypatch):
    job, other = asked(place, content=short("后")), asked(place, content=short("先"))
    made, times = issuing.made, []

    def interrupted(paper):
        found = made(paper)
        times.append(paper.stamp.number)
        if len(times) == 1:
            jobs.run.func(other.pk)
        return found

    monkeypatch.setattr(issuing, "made", interrupted)
    jobs.run.func(job.pk)
    assert times == ["克政〔2019〕1号", "克政〔2019〕1号", "克政〔2019〕2号"]
    papers = {str(one): one.content["blocks"][0]["text"] for one in IssuedPaper.objects.all()}
    assert papers == {"克政〔2019〕1号": "先", "克政〔2019〕2号": "后"}


def test_what_cannot_be_printed_fails_in_words_and_takes_no_number(place):
    job = asked(place, content=short("法定代表人𰻞某"))
    jobs.run.func(job.pk)
    job.refresh_from_db()
    assert job.state == "failed" and "𰻞" in job.failure
    assert [one.pk for one in being_made(place.clerk, place.firm)] == [job.pk]
    assert being_made(place.clerk, enterprise()) == being_made(place.officer, place.firm) == []
    assert issued(place, content=short()).number == 1


def test_the_same_paper_is_not_asked_for_twice_at_once(place):
    asked(place, content=short())
    with pytest.raises(Refused, match="正在制作"):
        asked(place, content=short())
    asked(place, content=short("另一份"))


def test_a_paper_needs_title_and_content_and_is_not_endless(place):
    with pytest.raises(Refused, match="标题"):
        asked(place, content=sample.content(title=" "))
    with pytest.raises(Refused, match="标题"):
        asked(place, content=sample.content(title="字" * 201))
    with pytest.raises(Refused, match="没有内容"):
        asked(place, content=sample.content(blocks=()))
    with pytest.raises(Refused, match="太长"):
        asked(place, content=sample.content(blocks=(Paragraph("字" * 600_000),)))


def test_a_body_without_mark_or_closed_issues_nothing(place):
    without = city(mark="")
    with pytest.raises(Refused, match="机关代字"):
        asked(without, content=short())
    job = asked(place, content=short())
    type(place.town).objects.filter(pk=place.town.pk).update(closed_on=DAY)
    jobs.run.func(job.pk)
    job.refresh_from_db()
    assert job.state == "failed" and "已撤销" in job.failure


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.TOWN_OFFICER, True), (Role.BUREAU_OFFICER, False), (Role.LEADER, False),
        (Role.OWNER, False), (Role.COACH, False), (Role.FINANCE, False), (None, False),
    ],
)  # fmt: skip
def test_one_issues_for_the_body_in_which_one_works(place, role, may):
    who = place.clerk if role == Role.TOWN_OFFICER else person(role)
    if may:
        assert asked(place, by=who, content=short())
    else:
        with pytest.raises(NotAllowed):
            asked(place, by=who, content=short())


def test_another_town_and_an_unknown_kind_are_refused(place):
    elsewhere = body(mark="轵政")
    clerk = person(Role.TOWN_OFFICER, elsewhere)
    with pytest.raises(NotAllowed):
        asked(place, by=clerk, body=elsewhere, content=short())
    with pytest.raises(NotAllowed):
        asked(place, kind="reports.nothing", content=short())


def test_a_right_that_ended_while_the_paper_waited_ends_it(place):
    job = asked(place, content=short())
    place.clerk.appointments.update(until_on=date(2019, 6, 1))
    jobs.run.func(job.pk)
    job.refresh_from_db()
    assert job.state == "failed" and not IssuedPaper.objects.exists()


def test_a_new_version_keeps_the_number_and_the_old_says_so(place):
    first = issued(place, content=short("一"))
    with pytest.raises(Refused, match="理由"):
        asked(place, content=short("二"), replaces=first)
    second = issued(place, content=short("二"), replaces=first, reason="数据更正")
    first = IssuedPaper.objects.whole().get(pk=first.pk)
    assert str(second) == str(first) == "克政〔2019〕1号"
    assert (second.version, second.reason, second.state) == (2, "数据更正", State.VALID)
    assert first.state == State.REPLACED and first.replaced_by == second
    assert first.code != second.code
    with pytest.raises(Refused, match="已换新版"):
        asked(place, content=short("三"), replaces=first, reason="x")
    with pytest.raises(Refused, match="已换新版"):
        withdraw_paper(first, reason="x", actor=place.clerk)
    third = issued(place, content=short("三"), replaces=second, reason="再更正")
    assert third.version == 3 and issued(place, content=short("四")).number == 2
    actions = RecordLine.objects.filter(label="notices.issuedpaper").values_list(
        "action", flat=True
    )
    assert (
        sorted(actions) == ["notices.issuedpaper.issue"] * 2 + ["notices.issuedpaper.replace"] * 2
    )
    assert verify().whole


def test_a_version_follows_a_paper_of_the_same_kind_body_and_addressee(place):
    first = issued(place, content=short())
    other = enterprise(town=place.town)
    with pytest.raises(Refused, match="同对象"):
        asked(place, content=short(), addressee=other, replaces=first, reason="x")


def test_two_who_replace_the_same_version_make_one_new_one(place):
    first = issued(place, content=short("一"))
    jobs_of = [asked(place, content=short(text), replaces=first, reason="x") for text in "二三"]
    for job in jobs_of:
        jobs.run.func(job.pk)
        job.refresh_from_db()
    assert [job.state for job in jobs_of] == ["done", "failed"]
    assert IssuedPaper.objects.count() == 2


def test_a_withdrawn_paper_stays_with_its_reason(place):
    paper = issued(place, content=short())
    with pytest.raises(Refused, match="理由"):
        withdraw_paper(paper, reason="  ", actor=place.clerk)
    with pytest.raises(Refused, match="301 字"):
        withdraw_paper(paper, reason="字" * 301, actor=place.clerk)
    with pytest.raises(NotAllowed):
        withdraw_paper(paper, reason="发错了", actor=place.officer)
    end = withdraw_paper(paper, reason="发错了", actor=place.clerk)
    assert (end.reason, end.ended_on) == ("发错了", DAY)
    assert IssuedPaper.objects.whole().get().state == State.WITHDRAWN
    with pytest.raises(Refused, match="已撤回"):
        withdraw_paper(paper, reason="又撤", actor=place.clerk)
    line = RecordLine.objects.get(label="notices.paperend")
    assert line.reason == "发错了" and line.about_key == str(place.firm.pk)
    assert issued(place, content=short("二")).number == 2, "the number is not given again"
    assert verify().whole


def test_a_signed_scan_is_bound_to_its_version(place):
    paper = issued(place, content=short())
    scan = attach_scan(paper, file=pdf_file(place.clerk), actor=place.clerk)
    assert scan.paper == paper and scan.sha256 == scan.file.sha256
    with pytest.raises(Refused, match="已经传过"):
        attach_scan(paper, file=pdf_file(place.clerk), actor=place.clerk)
    with pytest.raises(Refused, match="没有签章"):
        attach_scan(paper, file=paper.pdf, actor=place.clerk)
    with pytest.raises(Refused, match="不是PDF"):
        attach_scan(paper, file=store("文".encode(), "a.txt", by=None), actor=place.clerk)
    with pytest.raises(NotAllowed):
        attach_scan(paper, file=pdf_file(None, b"%PDF-1.4 other"), actor=place.owner)
    withdraw_paper(paper, reason="x", actor=place.clerk)
    with pytest.raises(Refused, match="已撤回"):
        attach_scan(paper, file=pdf_file(None, b"%PDF-1.4 third"), actor=place.clerk)
    assert verify().whole


def test_papers_are_seen_by_those_who_may_read_what_they_are_about(place):
    paper = issued(place, content=short())
    issued(place, content=short("另"), addressee=enterprise(town=place.town))
    bank = person(Role.BANK)
    mandate(place.firm, bank, MandateKind.BANK)
    sees = {
        place.clerk: 2, place.officer: 2, place.owner: 1, bank: 0,
        person(Role.LEADER): 0, person(Role.TOWN_OFFICER): 0, person(Role.IP_OFFICE): 0,
        person(Role.FINANCE): 2, person(): 0,
    }  # fmt: skip
    for who, number in sees.items():
        assert IssuedPaper.objects.visible_to(again(who)).count() == number, (
            who.appointments.first()
        )
    assert list(papers_of(again(place.owner), place.firm)) == [paper]
    assert list(papers_of(again(bank), place.firm)) == []


def test_papers_are_found_from_what_they_were_made_from(place):
    paper = issued(place, content=short(), about=place.firm)
    issued(place, content=short("另"))
    assert list(papers_about(place.clerk, place.firm)) == [paper]


@pytest.mark.parametrize("model", [IssuedPaper, PaperEnd, PaperScan])
@pytest.mark.parametrize("how", ["update", "delete"])
def test_the_database_itself_refuses_to_change_or_remove(place, model, how):
    paper = issued(place, content=short())
    attach_scan(paper, file=pdf_file(place.clerk), actor=place.clerk)
    withdraw_paper(paper, reason="x", actor=place.clerk)
    rows = model.objects.filter(pk=model.objects.get().pk)
    with pytest.raises(DatabaseError, match="neither changed nor removed"), transaction.atomic():
        rows.update(salt="0" * 32) if how == "update" else rows._raw_delete("default")


@pytest.mark.parametrize("column", ["content", "code", "number", "pdf_sha256", "issued_on", "mark"])
def test_who_tampers_with_a_paper_is_found_out(place, column):
    paper = issued(place, content=short())
    values = {
        "content": json.dumps({}), "code": "X" * 12, "number": 9, "pdf_sha256": "0" * 64,
        "issued_on": "2019-06-18", "mark": "济科",
    }  # fmt: skip
    with tampered():
        value = json.loads(values[column]) if column == "content" else values[column]
        IssuedPaper.objects.filter(pk=paper.pk).update(**{column: value})
        found = verify()
    assert not found.whole and found.altered.what == What.ROW_CHANGED


def test_the_notice_of_what_is_lacking_says_all_that_was_asked(place):
    with pytest.raises(Refused, match="不用发"):
        lacking(place.firm, place.clerk, DAY)
    asked_for_figures(place)
    said = lacking(place.firm, place.clerk, DAY)
    paper = issued(place, content=said)
    table = next(block for block in paper.content["blocks"] if block["kind"] == "table")
    assert [row[1] for row in table["rows"]] == ["销售收入", "资产总额"]
    assert {row[2] for row in table["rows"]} == {"2019年6月27日"}
    assert said.addressee == place.firm.name


def test_the_notice_leaves_out_what_was_supplied_meanwhile(place):
    asked_for_figures(place)
    state(place.firm, 2018, {"sales_revenue": 100}, source(), Basis.DECLARED, on=DAY)
    said = lacking(place.firm, place.clerk, DAY)
    table = next(block for block in said.blocks if isinstance(block, Table))
    assert [row[1] for row in table.rows] == ["资产总额"]
    assert "尚有1项需要补报" in str(said.blocks[0])


def test_the_notice_says_what_is_overdue(place):
    asked_for_figures(place)
    said = lacking(place.firm, place.clerk, date(2019, 6, 28))
    words = "".join(str(block) for block in said.blocks)
    assert "其中2项已逾期" in words and "请立即补报" in words and "请于所列期限" not in words
    early = lacking(place.firm, place.clerk, DAY)
    assert "逾期" not in "".join(str(block) for block in early.blocks)
