"""The law's own words of an article: entered by one, confirmed by another, never changed."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from peiyu.office.accounts.models import Delegation, Duty, Role
from peiyu.office.desk.todo import todo_of
from peiyu.office.foundation.models import OfficeDay, RecordLine
from peiyu.office.foundation.refusals import NotAllowed, Refused, SeveralRefused
from peiyu.office.foundation.verification import What
from peiyu.office.policies.actions import (
    LONGEST_TEXT,
    confirm_text,
    enter_document,
    enter_text,
    withdraw_text,
)
from peiyu.office.policies.models import ArticleText
from peiyu.office.policies.permissions import may_confirm_text
from peiyu.office.policies.queries import (
    TextState,
    confirmed_texts,
    in_library,
    papers,
    texted,
    to_confirm,
    versions_of,
    waiting_texts,
)
from peiyu.office.policies.seals import faults
from peiyu.policy.articles import article, articles
from tests.office.factories import DAY, administrator, again, person

pytestmark = pytest.mark.django_db
WORDS = "一二三四五。"
LATER = DAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def _day(settings):
    settings.DEMO = True
    OfficeDay.objects.create(day=DAY)


@pytest.fixture
def officer():
    return person(Role.BUREAU_OFFICER, name="甲")


@pytest.fixture
def head():
    return person(Role.BUREAU_HEAD, name="乙")


def enter(officer, text=WORDS, cite="M1", **more):
    more = {"page": "汇编第1页", "on": DAY, **more}
    return enter_text(cite, text=text, actor=officer, **more)


def stands(cite="M1"):
    found = confirmed_texts([cite]).get(cite)
    return found.text if found else None


def test_a_text_counts_once_a_second_person_has_confirmed_it(officer, head):
    made = enter(officer)
    assert (made.version, stands()) == (1, None)
    confirm_text(made, on=LATER, actor=head)
    made.refresh_from_db()
    assert (made.entered_by, made.confirmed_by, made.confirmed_on) == (officer, head, LATER)
    assert stands() == WORDS
    assert confirmed_texts(["M2", "nothing"]) == {}


def test_nobody_confirms_their_own_text(officer):
    made = enter(officer)
    with pytest.raises(Refused, match="另一人"):
        confirm_text(made, on=DAY, actor=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        ArticleText.objects.filter(pk=made.pk).update(confirmed_on=DAY, confirmed_by=officer)
    assert stands() is None


def test_nobody_confirms_by_a_right_that_comes_from_who_entered(officer, head):
    made = enter(officer)
    stand_in = person()
    gift = {"taker": stand_in, "from_on": DAY, "until_on": LATER, "reason": "出差"}
    Delegation.objects.create(giver=officer, **gift)
    with pytest.raises(NotAllowed):
        confirm_text(made, on=DAY, actor=again(stand_in))
    Delegation.objects.create(giver=head, **gift)
    confirm_text(made, on=DAY, actor=again(stand_in))
    line = RecordLine.objects.get(action="policies.articletext.confirm")
    assert (line.actor_id, line.for_whom_id) == (stand_in.pk, head.pk)


@pytest.mark.parametrize("role", [one for one in Role if not one.startswith("bureau")])
def test_nobody_else_enters_confirms_or_takes_back(officer, role):
    made = enter(officer)
    other = person(role)
    for act in (
        lambda: enter(other, cite="M2"),
        lambda: confirm_text(made, on=DAY, actor=other),
        lambda: withdraw_text(made, reason="错", on=DAY, actor=other),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert list(waiting_texts(other)) == to_confirm(other) == list(versions_of("M1", other)) == []
    made.refresh_from_db()
    assert made.is_waiting


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"cite": "M999"}, "cite"), ({"cite": "x" * 5000}, "cite"), ({"text": " \r\n\0"}, "text"),
        ({"text": "a" * (LONGEST_TEXT + 1)}, "text"), ({"text": article("M1").gloss("zh")}, "text"),
        ({"text": article("M1").gloss("en")}, "text"), ({"page": " "}, "page"),
        ({"page": "a" * 101}, "page"), ({"address": "javascript:alert(1)"}, "address"),
        ({"address": "https://a.cn/" + "a" * 300}, "address"), ({"reason": "a" * 301}, "reason"),
        ({"cite": "RS-1"}, "text"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(officer, wrong, field):
    with pytest.raises(Refused) as refused:
        enter(officer, **wrong)
    found = refused.value
    several = found.refusals if isinstance(found, SeveralRefused) else (found,)
    assert [one.field for one in several] == [field]
    assert not ArticleText.objects.exists()


def test_the_longest_text_is_kept_word_for_word(officer):
    text = "甲 \r\n乙\r丙" + "丁" * (LONGEST_TEXT - 5)
    assert enter(officer, text=f"\n{text}\n").text == "甲\n乙\n丙" + "丁" * (LONGEST_TEXT - 5)


def test_one_text_waits_at_a_time(officer, head):
    made = enter(officer)
    with pytest.raises(Refused, match="待确认"):
        enter(head, text="六七")
    with pytest.raises(IntegrityError), transaction.atomic():
        ArticleText.objects.create(
            cite="M1", version=2, text="x", page="x", entered_on=DAY,
            entered_at=made.entered_at, entered_by=officer,
        )  # fmt: skip
    withdraw_text(made, reason="漏字", on=DAY, actor=officer)
    assert enter(head, text="六七").version == 2


def test_a_changed_text_is_a_new_version_that_needs_a_second_person_again(officer, head):
    confirm_text(enter(officer), on=DAY, actor=head)
    for wrong in ({"text": WORDS, "reason": "再录"}, {"text": "六七"}):
        with pytest.raises(Refused):
            enter(officer, **wrong)
    newer = enter(head, text="六七", reason="条文已修改")
    assert (newer.version, stands()) == (2, WORDS)
    with pytest.raises(Refused):
        confirm_text(newer, on=LATER, actor=head)
    confirm_text(newer, on=LATER, actor=officer)
    assert stands() == "六七"


def test_a_text_taken_back_is_gone_and_what_it_replaced_does_not_come_back(officer, head):
    confirm_text(enter(officer), on=DAY, actor=head)
    newer = enter(officer, text="六七", reason="修改")
    confirm_text(newer, on=DAY, actor=head)
    for reason in (" ", "a" * 301):
        with pytest.raises(Refused) as refused:
            withdraw_text(newer, reason=reason, on=LATER, actor=head)
        assert refused.value.field == "reason"
    withdraw_text(newer, reason="录错了文件", on=LATER, actor=head)
    assert stands() is None
    for act in (
        lambda: confirm_text(newer, on=LATER, actor=head),
        lambda: withdraw_text(newer, reason="再撤", on=LATER, actor=head),
    ):
        with pytest.raises(Refused, match="撤回"):
            act()
    newer.refresh_from_db()
    assert (newer.withdrawn_by, newer.withdrawn_reason) == (head, "录错了文件")
    assert enter(officer, text="八九").version == 3


def test_a_text_that_only_waited_leaves_what_stood(officer, head):
    confirm_text(enter(officer), on=DAY, actor=head)
    withdraw_text(enter(officer, text="六七", reason="修改"), reason="错", on=DAY, actor=officer)
    assert stands() == WORDS


@pytest.mark.parametrize(
    "change",
    [
        {"text": "改"}, {"cite": "M2"}, {"page": "x"}, {"entered_on": LATER}, {"seal": "x"},
        {"confirmed_on": LATER}, {"confirmed_on": None, "confirmed_by": None},
    ],
)  # fmt: skip
def test_the_database_refuses_to_change_or_delete_a_text(officer, head, change):
    made = enter(officer)
    confirm_text(made, on=DAY, actor=head)
    row = ArticleText.objects.filter(pk=made.pk)
    for act in (lambda: row.update(**change), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert stands() == WORDS


def test_the_database_refuses_to_confirm_or_restore_what_was_taken_back(officer, head):
    made = enter(officer)
    withdraw_text(made, reason="错", on=DAY, actor=officer)
    row = ArticleText.objects.filter(pk=made.pk)
    for change in (
        {"confirmed_on": DAY, "confirmed_by": head},
        {"withdrawn_on": None, "withdrawn_by": None, "withdrawn_reason": ""},
        {"withdrawn_reason": "别的"},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            row.update(**change)


def test_each_step_stands_in_the_record_with_the_seal_of_the_text(officer, head):
    made = enter(officer)
    confirm_text(made, on=DAY, actor=head)
    withdraw_text(made, reason="错", on=LATER, actor=head)
    lines = RecordLine.objects.filter(label="policies.articletext").order_by("pk")
    assert [(line.action.rpartition(".")[2], line.actor_id) for line in lines] == [
        ("enter", officer.pk), ("confirm", head.pk), ("withdraw", head.pk),
    ]  # fmt: skip
    assert {line.values["seal"][1] for line in lines} == {made.seal}
    assert list(faults()) == []


def test_a_text_put_in_or_confirmed_beside_the_record_is_found(officer, head):
    made = enter(officer)
    ArticleText.objects.filter(pk=made.pk).update(confirmed_on=DAY, confirmed_by=head)
    assert [one.what for one in faults()] == [What.ROW_CHANGED]
    ArticleText.objects.create(
        cite="M2", version=1, text="x", page="x", entered_on=DAY, entered_at=made.entered_at,
        entered_by=officer, salt="x", seal="x",
    )  # fmt: skip
    assert What.ROW_ADDED in [one.what for one in faults()]


def test_what_waits_is_known_to_the_bureau_alone(officer, head):
    enter(officer)
    confirm_text(enter(officer, cite="M2"), on=DAY, actor=head)
    town = person(Role.TOWN_OFFICER)

    def states(who):
        return {
            one.article.cite: {state for state in TextState if one.is_so(state)}
            for one in texted(again(who))
        }

    ours, theirs = states(head), states(town)
    assert len(ours) == len(articles())
    assert ours["M1"] == {TextState.WAITING, TextState.WITHOUT}
    assert theirs["M1"] == {TextState.WITHOUT}
    assert ours["M2"] == theirs["M2"] == {TextState.WITH}


def test_what_waits_for_me_is_on_my_desk(officer, head):
    enter(officer)

    def asked(who):
        return [one.link for one in todo_of(again(who), DAY) if "articles" in one.link]

    assert asked(head) == ["/policies/articles/M1/"]
    assert asked(officer) == asked(person(Role.LEADER)) == []
    assert asked(administrator(Duty.AUDIT)) == []
    for cite in ("A2-四", "M2", "M3"):
        enter(officer, cite=cite)
    assert asked(head) == ["/policies/articles/?state=waiting"]
    assert to_confirm(officer) == []
    assert all(may_confirm_text(head, text) for text in to_confirm(head))


def test_papers_find_their_documents_in_the_library(officer):
    made = enter_document(
        number="国科发火〔2016〕32号", title="办法", issuer="科技部", level="state",
        issued_on=DAY, actor=officer,
    )  # fmt: skip
    assert in_library(papers()) == {"M": made}
