"""Parallel opinions: who may take which step in which state, what silence means, the clock."""

from datetime import date, timedelta

import pytest

from peiyu.office.accounts.models import BodyKind, Role
from peiyu.office.casework.actions import (
    Ask,
    answer,
    ask_again,
    close_consultation,
    open_consultation,
    run_clock,
    stop_clock,
    substitute,
    withdraw_answer,
)
from peiyu.office.casework.models import OpinionState, Silence
from peiyu.office.casework.opinions import OPINION
from peiyu.office.casework.queries import outcome
from peiyu.office.foundation.models import RecordLine
from peiyu.office.foundation.refusals import NotAllowed, Refused
from tests.office.factories import DAY, again, body, person

pytestmark = pytest.mark.django_db
S = OpinionState
ITEMS = (("code", "代码一致"), ("name", "名称一致"))


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def tax():
    return person(Role.TAX)


@pytest.fixture
def finance():
    return person(Role.FINANCE)


def body_of(who):
    return who.appointments.get().body


def asked(bureau, *whom, silence=Silence.AGREES, limit=3):
    asks = [Ask(body_of(who), Role(who.appointments.get().role), ITEMS, limit) for who in whom]
    return open_consultation(subject="荻鹬", asks=asks, silence=silence, on=DAY, actor=bureau)


NOTHING: set[str] = set()
MAY = {
    "answerer": {
        S.ASKED: {"agree", "object", "return"}, S.AGREED: {"withdraw"}, S.OBJECTED: {"withdraw"},
        S.RETURNED: {"withdraw"}, S.SUBSTITUTED: NOTHING,
    },
    "bureau": {
        S.ASKED: {"substitute"}, S.AGREED: NOTHING, S.OBJECTED: NOTHING,
        S.RETURNED: {"ask_again"}, S.SUBSTITUTED: NOTHING,
    },
    "stranger": dict.fromkeys(S, NOTHING),
}  # fmt: skip


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("who", list(MAY))
def test_who_may_take_which_step_in_which_state(who, state, bureau, tax, finance):
    opinion = asked(bureau, tax).opinions.get()
    type(opinion).objects.filter(pk=opinion.pk).update(
        state=state, answered_on=DAY, answered_by=tax
    )
    opinion.refresh_from_db()
    actor = {"answerer": tax, "bureau": bureau, "stranger": finance}[who]
    assert {step.name for step in OPINION.open_to(actor, opinion)} == MAY[who][state]
    for name in OPINION.steps.keys() - MAY[who][state]:
        with pytest.raises(Refused):
            OPINION.take(name, opinion, actor=actor, reason="x")
    assert not RecordLine.objects.filter(action__startswith="casework.opinion").exists()


@pytest.mark.parametrize(
    ("silence", "decidable", "agreed"),
    [(Silence.AGREES, True, True), (Silence.SKIPPED, True, True), (Silence.BLOCKS, False, False)],
)
def test_what_silence_means_is_said_at_the_start(silence, decidable, agreed, bureau, tax):
    round_ = asked(bureau, tax, silence=silence)
    due = round_.opinions.get().due_on
    assert not outcome(round_, due).decidable
    after = outcome(round_, due + timedelta(days=1))
    assert (after.decidable, after.agreed, len(after.silent)) == (decidable, agreed, 1)


def test_one_objection_among_several_is_seen(bureau, tax, finance):
    round_ = asked(bureau, tax, finance)
    first, second = round_.opinions.order_by("id")
    answer(first, step="agree", on=DAY, actor=tax)
    assert not outcome(round_, DAY).decidable
    answer(second, step="object", text="名称不符", answers={"name": False}, on=DAY, actor=finance)
    result = outcome(round_, DAY)
    assert result.decidable and not result.agreed
    assert [s.opinion.body for s in result.objections] == [body_of(finance)]
    assert [item["answer"] for item in result.objections[0].opinion.items] == [None, False]


def test_a_returned_question_is_asked_anew_with_its_full_limit(bureau, tax):
    opinion = asked(bureau, tax).opinions.get()
    answer(opinion, step="return", text="缺执照", on=DAY, actor=tax)
    later = DAY + timedelta(days=10)
    ask_again(opinion, on=later, actor=bureau)
    assert (opinion.state, opinion.asked_on, opinion.due_on) == (S.ASKED, later, date(2019, 7, 2))


def test_another_body_answers_in_place_of_the_first(bureau, tax):
    round_ = asked(bureau, tax)
    first = round_.opinions.get()
    other = person(Role.TAX, body(BodyKind.DEPARTMENT))
    second = substitute(
        first, ask=Ask(body_of(other), Role.TAX, ITEMS, 2), reason="管户变更", on=DAY, actor=bureau
    )
    with pytest.raises(NotAllowed):
        answer(second, step="agree", on=DAY, actor=tax)
    with pytest.raises(Refused):
        answer(first, step="agree", on=DAY, actor=tax)
    answer(second, step="agree", on=DAY, actor=again(other))
    assert outcome(round_, DAY).agreed and len(outcome(round_, DAY).standings) == 1
    assert first.replaced_by == second


def test_the_same_body_is_not_asked_twice_in_a_round(bureau, tax, finance):
    round_ = asked(bureau, tax, finance)
    first = round_.opinions.order_by("id").first()
    with pytest.raises(Refused, match="已在这一轮"):
        substitute(
            first,
            ask=Ask(body_of(finance), Role.FINANCE, ITEMS, 2),
            reason="x",
            on=DAY,
            actor=bureau,
        )
    first.refresh_from_db()
    assert first.state == S.ASKED


def test_the_clock_stands_while_it_is_stopped_and_nobody_is_overdue(bureau, tax):
    round_ = asked(bureau, tax)
    opinion = round_.opinions.get()
    stop = stop_clock(
        opinion, reason="等补正", number="1号", on=DAY + timedelta(days=1), actor=bureau
    )
    much_later = DAY + timedelta(days=60)
    result = outcome(round_, much_later)
    assert result.standings[0].stopped == stop and not result.silent and not result.decidable
    with pytest.raises(Refused, match="已经在停止计时"):
        stop_clock(opinion, reason="再停", number="2号", on=DAY + timedelta(days=2), actor=bureau)
    before = opinion.due_on
    opinion = run_clock(stop, until=DAY + timedelta(days=1), actor=bureau)
    assert opinion.due_on == before + timedelta(days=1)
    assert outcome(round_, much_later).silent


def test_who_is_asked_does_not_stop_the_clock_himself(bureau, tax):
    opinion = asked(bureau, tax).opinions.get()
    with pytest.raises(NotAllowed):
        stop_clock(opinion, reason="忙", number="1号", on=DAY, actor=tax)


def test_nothing_changes_in_a_closed_round(bureau, tax):
    round_ = asked(bureau, tax)
    opinion = round_.opinions.get()
    answer(opinion, step="agree", on=DAY, actor=tax)
    close_consultation(round_, on=DAY, actor=bureau)
    lines = RecordLine.objects.count()
    for act in (
        lambda: withdraw_answer(opinion, reason="x", actor=tax),
        lambda: answer(opinion, step="object", text="x", on=DAY, actor=tax),
        lambda: stop_clock(opinion, reason="x", number="1", on=DAY, actor=bureau),
    ):
        with pytest.raises(Refused, match="已于"):
            act()
    assert RecordLine.objects.count() == lines


def test_an_unknown_item_is_refused(bureau, tax):
    opinion = asked(bureau, tax).opinions.get()
    with pytest.raises(Refused, match="没有“strange”"):
        answer(opinion, step="agree", answers={"strange": True}, on=DAY, actor=tax)


def test_a_round_over_a_year_without_calendar_is_refused_loudly(bureau, tax):
    with pytest.raises(Refused, match="2031"):
        open_consultation(
            subject="远",
            asks=[Ask(body_of(tax), Role.TAX, ITEMS, 3)],
            silence=Silence.AGREES,
            on=date(2031, 1, 6),
            actor=bureau,
        )
