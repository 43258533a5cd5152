"""New enterprises: the list of proposals, one proposal, the opinions on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peiyu.office.accounts.models import Role, User
from peiyu.office.casework import actions as rounds
from peiyu.office.casework.models import Opinion, OpinionState
from peiyu.office.casework.opinions import FLOWS as OPINIONS
from peiyu.office.casework.permissions import may_answer, may_conduct
from peiyu.office.casework.queries import Standing, outcome
from peiyu.office.casework.workflow import Step
from peiyu.office.desk import records
from peiyu.office.desk.fields import field_said
from peiyu.office.enterprises import actions
from peiyu.office.enterprises.identity import code_warning
from peiyu.office.enterprises.models import Enterprise, Registration, RegistrationState
from peiyu.office.enterprises.permissions import (
    is_bureau,
    is_proposer,
    may_propose,
    may_read_opinion,
    may_read_registration_contact,
)
from peiyu.office.enterprises.queries import alike
from peiyu.office.enterprises.values import IDENTITY
from peiyu.office.enterprises.workflow import FLOWS
from peiyu.office.foundation import access_log, files
from peiyu.office.foundation.keyset import page_of
from peiyu.office.foundation.models import AccessKind
from peiyu.office.foundation.refusals import Refused
from peiyu.office.web.accounts.adapters import address_of
from peiyu.office.web.answers import (
    REFUSED,
    Because,
    PerhapsBecause,
    done,
    file_answer,
    form_page,
    me,
    not_done,
    or_404,
    sent,
    tried,
)
from peiyu.office.web.enterprises.detail import LATEST, brief
from peiyu.office.web.enterprises.labels import worded
from peiyu.office.web.registrations import forms as fill
from peiyu.office.web.tables import Column, Link, Pager, Row, Status, Table
from peiyu.words import Message, mark, message

S = RegistrationState
SIZE = 50
FORM = require_http_methods(["GET", "HEAD", "POST"])
SHAPES = {S.DRAFT: "na", S.PROPOSED: "go", S.RETURNED: "unk", S.CONFIRMED: "met",
          S.REFUSED: "bad", S.WITHDRAWN: "na"}  # fmt: skip
OPINION_SHAPES = {
    "asked": "go",
    "agreed": "met",
    "objected": "bad",
    "returned": "unk",
    "substituted": "na",
}
COLUMNS = (
    Column("name", mark("企业"), kind="link", phone="l1"),
    Column("state", mark("进度"), kind="status"),
    Column("body", mark("报送单位")),
    Column("code", mark("统一社会信用代码"), phone="hidden"),
    Column("proposed_on", mark("报送日期"), kind="date", named=True),
    Column("decided_on", mark("办结日期"), kind="date", phone="hidden"),
)
VALUES = (*IDENTITY, "town", "zone", "remark")
DONE: dict[str, Callable[[], Message]] = {
    "propose": lambda: message("已报送，等科技局确认"),
    "withdraw": lambda: message("已撤回"),
    "return": lambda: message("已退回补充"),
    "confirm": lambda: message("已确认入库"),
    "refuse": lambda: message("已决定不予入库"),
}
ACTS: dict[str, Callable[..., object]] = {
    "propose": actions.propose,
    "withdraw": actions.withdraw,
    "return": actions.return_for_more,
    "confirm": actions.confirm,
    "refuse": actions.refuse,
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A state of the list, or all."""

    label: str
    href: str
    number: int
    current: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the bar: its word, its day, whether it is over."""

    label: str
    note: str | Message = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """One body's opinion as this reader may see it and act on it."""

    standing: Standing
    shape: str
    state: str
    cells: tuple[bool, ...]
    open: bool
    answered: int
    form: fill.AnswerForm | None
    answering: tuple[Step, ...]
    others: tuple[Step, ...]
    may_conduct: bool
    stops: tuple[Any, ...] = field(default_factory=tuple)


@login_required
@require_safe
def registrations(request: HttpRequest) -> HttpResponse:
    """Proposals by state."""
    person = me(request)
    visible = Registration.objects.visible_to(person)
    or_404(is_bureau(person) or may_propose(person) or person.access.city)
    counts = dict(visible.order_by().values_list("state").annotate(n=Count("pk")))
    state = request.GET.get("state", "")
    rows = visible.filter(state=state) if state in S.values else visible
    page = page_of(
        rows.select_related("body"),
        order="-id",
        size=SIZE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    at = f"state={state}&" if state in S.values else ""
    tabs = [
        Tab(mark("全部"), reverse("registrations"), sum(counts.values()), state not in S.values)
    ]
    tabs += [
        Tab(one.label, f"?state={one.value}", counts.get(one.value, 0), one.value == state)
        for one in S
        if counts.get(one.value) or one.value == state
    ]
    context = {
        "tabs": tabs,
        "table": Table(COLUMNS, [_row(case) for case in page.rows], label=mark("报送")),
        "pager": Pager(
            shown=len(page.rows),
            first=f"?{at}" if page.preceding else "",
            previous=f"?{at}before={page.preceding}" if page.preceding else "",
            next=f"?{at}after={page.following}" if page.following else "",
        ),
        "may_propose": may_propose(person),
    }
    return render(request, "registrations/list.html", context)


@login_required
@FORM
def registration_new(request: HttpRequest) -> HttpResponse:
    """Begin a proposal."""
    person = me(request)
    or_404(may_propose(person))
    form = fill.Proposal(sent(request), proposer=person)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        places = {key: given.pop(key) for key in ("body", "town", "zone")}
        act = partial(actions.draft, given, on=person.access.on, actor=person, **places)
        if made := tried(form, act):
            return done(request, message("草稿已存，核对后报送"), _of(made))
    return form_page(
        request,
        form,
        title=mark("报送新企业"),
        send=mark("存草稿"),
        back=reverse("registrations"),
        draft="registration",
    )


@login_required
@FORM
@never_cache
def registration_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a proposal that is not handed in."""
    person, case = _found(request, pk)
    or_404(is_proposer(person, case) and case.state in (S.DRAFT, S.RETURNED))
    initial = {
        name: getattr(case, name)
        for name in (*IDENTITY, "contact_name", "contact_phone", "remark", "version")
    }
    initial |= {"town": case.town_id, "zone": case.zone_id}
    form = fill.Redraft(sent(request), proposer=person, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        special = {key: given.pop(key) for key in ("town", "zone", "version")}
        act = partial(actions.redraft, case, given, on=person.access.on, actor=person, **special)
        if tried(form, act):
            return done(request, message("已保存"), _of(case))
        fresh = Registration.objects.get(pk=case.pk)
        if fresh.version != special["version"]:
            anew = request.POST.copy()
            anew["version"] = str(fresh.version)
            form.data = anew
    return form_page(
        request, form, title=mark("修改报送"), send=mark("保存"), back=_of(case), name=case.name
    )


@login_required
@never_cache
@require_safe
def registration(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: where it stands, what it says, what others say of it."""
    person, case = _found(request, pk)
    return _page(request, person, case)


@login_required
@FORM
def registration_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take one step of the workflow, with its reason where it wants one."""
    person, case = _found(request, pk)
    found = next((s for s in FLOWS.of(case).open_to(person, case) if s.name == step), None)
    if found is None:
        if step not in ACTS or request.method != "POST":
            raise Http404
        late = message(
            "现在不能办这一步：进度已是“{state}”", state=message(case.get_state_display())
        )
        return not_done(request, Refused(late), _of(case))
    form: forms.Form = (Because if found.needs_reason else PerhapsBecause)(sent(request))
    if request.method == "POST" and form.is_valid():
        act = partial(ACTS[step], case, on=person.access.on, actor=person)
        if step != "propose":
            act = partial(act, reason=form.cleaned_data["reason"])
        if tried(form, act):
            return done(request, DONE[step](), _of(case))
    if request.method == "POST" and step == "propose":
        return _page(request, person, case, refused=form)
    return form_page(
        request, form, title=found.label, send=found.label, back=_of(case), name=case.name
    )


@login_required
@require_POST
def opinion_answer(request: HttpRequest, pk: int, opinion: int) -> HttpResponse:
    """POST `step` (agree, object, return), `item_…`, `text`: what a body says."""
    person, case, held = _opinion(request, pk, opinion)
    or_404(may_answer(person, held))
    form = fill.AnswerForm(request.POST, opinion=held)
    if form.is_valid():
        act = partial(
            rounds.answer,
            held,
            step=request.POST.get("step", ""),
            answers=form.answers(),
            text=form.cleaned_data["text"],
            on=person.access.on,
            actor=person,
        )
        if tried(form, act):
            return done(request, message("意见已出具"), _of(case))
    return _page(request, person, case, answer=(held.pk, form))


@login_required
@FORM
def opinion_step(request: HttpRequest, pk: int, opinion: int, step: str) -> HttpResponse:
    """Withdraw an answer, ask again, let another body answer."""
    person, case, held = _opinion(request, pk, opinion)
    found = next((s for s in OPINIONS.of(held).open_to(person, held) if s.name == step), None)
    or_404(found is not None and step in ("withdraw", "ask_again", "substitute"))
    assert found is not None
    on, form = person.access.on, _step_form(request, person, held, step)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        acts: dict[str, Callable[[], object]] = {
            "withdraw": lambda: rounds.withdraw_answer(held, reason=given["reason"], actor=person),
            "ask_again": lambda: rounds.ask_again(held, on=on, actor=person, note=given["reason"]),
            "substitute": lambda: rounds.substitute(
                held,
                ask=rounds.Ask(
                    given["holder"].body,
                    Role(given["holder"].role),
                    tuple((item["key"], item["question"]) for item in held.items),
                    given["limit"],
                ),
                reason=given["reason"],
                on=on,
                actor=person,
            ),
        }
        if tried(form, acts[step]):
            return done(request, message("已办：{step}", step=message(found.label)), _of(case))
    return form_page(
        request,
        form,
        title=found.label,
        send=found.label,
        back=_of(case),
        name=f"{held.body.name} · {case.name}",
    )


@login_required
@FORM
def clock_stop(request: HttpRequest, pk: int, opinion: int) -> HttpResponse:
    """Stop a body's clock, with a proof."""
    person, case, held = _opinion(request, pk, opinion)
    or_404(may_conduct(person, held) and held.state == OpinionState.ASKED)
    form = fill.StopClock(sent(request), request.FILES or None, initial={"on": person.access.on})
    if request.method == "POST" and form.is_valid():
        act = partial(_stopped, held, form.cleaned_data, person)
        if tried(form, act):
            return done(request, message("计时已停"), _of(case))
    return form_page(
        request,
        form,
        title=mark("停止计时"),
        send=mark("停止计时"),
        back=_of(case),
        name=held.body.name,
    )


@login_required
@FORM
def clock_run(request: HttpRequest, pk: int, opinion: int) -> HttpResponse:
    """Let the clock run on; the limit moves by the working days that it stood."""
    person, case, held = _opinion(request, pk, opinion)
    or_404(may_conduct(person, held))
    stop = get_object_or_404(held.stops.filter(until_on=None))
    form = fill.RunClock(sent(request), initial={"until": person.access.on})
    if request.method == "POST" and form.is_valid():
        act = partial(rounds.run_clock, stop, actor=person, **form.cleaned_data)
        if tried(form, act):
            return done(request, message("计时已恢复，期限顺延"), _of(case))
    return form_page(
        request,
        form,
        title=mark("恢复计时"),
        send=mark("恢复计时"),
        back=_of(case),
        name=held.body.name,
    )


@login_required
@require_safe
def clock_proof(request: HttpRequest, pk: int, opinion: int, stop: int) -> HttpResponseBase:
    """The paper by which a clock was stopped."""
    person, case, held = _opinion(request, pk, opinion)
    or_404(may_read_opinion(person, case, held))
    found = get_object_or_404(
        held.stops.filter(proof__isnull=False).select_related("proof"), pk=stop
    )
    assert found.proof is not None
    try:
        answer = file_answer(files.download(found.proof))
    except Refused as refusal:
        return not_done(request, refusal, _of(case))
    access_log.log(
        AccessKind.DOWNLOAD,
        actor=person,
        address=address_of(request),
        label=found._meta.label_lower,
        key=str(found.pk),
        detail=found.proof.name,
    )
    return answer


def _page(
    request: HttpRequest,
    person: User,
    case: Registration,
    *,
    answer: tuple[int, fill.AnswerForm] | None = None,
    refused: forms.Form | None = None,
) -> HttpResponse:
    on = person.access.on
    result = outcome(case.consultation, on) if case.consultation else None
    lanes = [_lane(person, case, one, answer) for one in result.standings] if result else []
    before = case.state in (S.DRAFT, S.RETURNED, S.PROPOSED)
    similar = alike(case.name, case.code, person=person) if before else []
    own = is_proposer(person, case)
    asked = records.Asked(label=records.REGISTRATION, key=str(case.pk))
    steps = FLOWS.of(case).open_to(person, case)
    context = {
        "case": case,
        "shape": SHAPES[S(case.state)],
        "stages": _stages(case, lanes, on),
        "values": [
            (field_said(name), worded(name, getattr(case, name), records.REGISTRATION))
            for name in VALUES
        ],
        "warning": code_warning(case.code),
        "contact_open": may_read_registration_contact(person, case),
        "alike": similar,
        "outcome": result,
        "lanes": lanes,
        "steps": steps,
        "primary": _primary(steps, result is None or result.decidable),
        "may_edit": own and case.state in (S.DRAFT, S.RETURNED),
        "latest": brief(records.as_seen(records.lines(person, asked)[:LATEST], person)),
        "kept": Enterprise.objects.visible_to(person).filter(pk=case.enterprise_id).first()
        if case.enterprise_id
        else None,
        "form": refused,
    }
    bad = refused is not None or answer is not None
    return render(request, "registrations/detail.html", context, status=REFUSED if bad else 200)


def _primary(steps: list[Step], decidable: bool) -> str:
    names = [step.name for step in steps]
    if "propose" in names:
        return "propose"
    return "confirm" if "confirm" in names and decidable else ""


def _lane(
    person: User, case: Registration, now: Standing, given: tuple[int, fill.AnswerForm] | None
) -> Lane:
    opinion = now.opinion
    closed = opinion.consultation.closed_on is not None
    steps = [] if closed else OPINIONS.of(opinion).open_to(person, opinion)
    answering = tuple(s for s in steps if s.name in ("agree", "object", "return"))
    form = None
    if answering:
        form = given[1] if given and given[0] == opinion.pk else fill.AnswerForm(opinion=opinion)
    shape, state = OPINION_SHAPES[opinion.state], opinion.get_state_display()
    if now.silent:
        shape, state = "late", mark("逾期未答")
    elif now.stopped:
        shape, state = "na", mark("停止计时")
    elif now.left is not None and now.left <= 1:
        shape = "late"
    used = opinion.limit if now.left is None or now.left < 0 else max(opinion.limit - now.left, 0)
    return Lane(
        now,
        shape,
        state,
        tuple(at < used for at in range(min(opinion.limit, 30))) if now.left is not None else (),
        may_read_opinion(person, case, opinion),
        sum(item["answer"] is not None for item in opinion.items),
        form,
        answering,
        tuple(s for s in steps if s.name in ("withdraw", "ask_again", "substitute")),
        not closed and may_conduct(person, opinion),
        tuple(opinion.stops.all()),
    )


def _stages(case: Registration, lanes: list[Lane], on: date) -> list[Stage]:
    order = [S.DRAFT, S.PROPOSED, S.CONFIRMED]
    ended = {S.REFUSED: mark("不予入库"), S.WITHDRAWN: mark("撤回"), S.CONFIRMED: mark("入库")}
    place = {S.DRAFT: 0, S.RETURNED: 0, S.PROPOSED: 1}.get(S(case.state), len(order))
    waiting = [one.standing for one in lanes if one.standing.left is not None]
    asked: str | Message = ""
    if lanes:
        asked = message(
            "{done}/{number}家已答复", done=len(lanes) - len(waiting), number=len(lanes)
        )
    decided = case.decided_on.isoformat() if case.decided_on else ""
    proposed = case.proposed_on.isoformat() if case.proposed_on else ""
    begun = mark("已退回，补充后再报") if case.state == S.RETURNED else ""
    answered = place > 1 or (place == 1 and not waiting)
    notes: list[tuple[str, str | Message, bool, bool]] = [
        (mark("起草"), begun, place > 0, place == 0),
        (mark("报送"), proposed if place else "", place > 0, False),
        (
            mark("征求意见"),
            asked if place else "",
            place > 0 and answered,
            place == 1 and not answered,
        ),
        (mark("科技局确认"), "", place > 1, place == 1 and answered),
        (ended.get(S(case.state), mark("入库")), decided, place > 1, False),
    ]
    return [
        Stage(label, note, "done" if over else "now" if now else "")
        for label, note, over, now in notes
    ]


def _step_form(request: HttpRequest, person: User, held: Opinion, step: str) -> forms.Form:
    given = sent(request)
    if step == "substitute":
        return fill.AskOther(given, on=person.access.on, initial={"limit": held.limit})
    return Because(given) if step == "withdraw" else PerhapsBecause(given)


def _stopped(held: Opinion, given: dict[str, Any], person: User) -> object:
    upload = given["file"]
    proof = files.store(upload.file, upload.name or "", by=person) if upload else None
    return rounds.stop_clock(
        held,
        reason=given["reason"],
        on=given["on"],
        number=given["number"],
        proof=proof,
        actor=person,
    )


def _row(case: Registration) -> Row:
    state = S(case.state)
    return Row(
        case.pk,
        {
            "name": Link(case.name, _of(case)),
            "state": Status(SHAPES[state], state.label),
            "body": case.body.short,
            "code": case.code,
            "proposed_on": case.proposed_on,
            "decided_on": case.decided_on,
        },
        name=case.name,
    )


def _found(request: HttpRequest, pk: int) -> tuple[User, Registration]:
    person = me(request)
    rows = Registration.objects.visible_to(person).select_related(
        "body", "town", "zone", "consultation", "proposed_by"
    )
    return person, get_object_or_404(rows, pk=pk)


def _opinion(request: HttpRequest, pk: int, key: int) -> tuple[User, Registration, Opinion]:
    person, case = _found(request, pk)
    rows = Opinion.objects.filter(consultation=case.consultation_id)
    return person, case, get_object_or_404(rows.select_related("consultation", "body"), pk=key)


def _of(case: Registration) -> str:
    return reverse("registration", args=[case.pk])
