"""One's own account, people, bodies."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from peiyu.office.accounts import actions, queries
from peiyu.office.accounts.models import ApiToken, Appointment, Body, Delegation, User
from peiyu.office.accounts.permissions import (
    may_delegate,
    may_make_tokens,
    may_manage,
    may_manage_accounts,
    may_name_unit,
    may_read_directory,
    may_see_contact,
)
from peiyu.office.enterprises.actions.handover import hand_over_mandates
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.refusals import Refused
from peiyu.office.web.accounts import forms as fill
from peiyu.office.web.answers import tried
from peiyu.office.web.tables import Column, Link, Pager, Row, Status, Table
from peiyu.office.web.templatetags.say import language, said
from peiyu.words import Message, joined, mark, message, translate

PAGE = 50
PEOPLE = (
    Column("name", mark("姓名"), kind="link", phone="l1"),
    Column("roles", mark("任职")),
    Column("duty", mark("账号类别"), kind="label", less=True),
    Column("username", mark("用户名"), phone="hidden", less=True),
    Column("state", mark("状态"), kind="status"),
)
DIRECTORY = (PEOPLE[0], PEOPLE[1])
REGISTER = (
    Column("body", mark("单位"), kind="link", phone="l1"),
    Column("kind", mark("类别"), kind="label"),
    Column("unit", mark("专门机构"), named=True),
    Column("people", mark("人员"), phone="wide"),
    Column("state", mark("状态"), kind="status"),
)
Act = Callable[[], object]


# one's own account


@login_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: data, log-in, roles, delegations, keys."""
    return _account(request, fill.OwnData(initial=_own(_me(request))))


@login_required
@require_POST
def me_data(request: HttpRequest) -> HttpResponse:
    """Change telephone and mail."""
    me, form = _me(request), fill.OwnData(request.POST)
    act = partial(actions.change_person, me, actor=me)
    return _acted(request, form, act, message("资料已保存"), "account") or _account(request, form)


@login_required
@require_POST
def me_plain(request: HttpRequest) -> HttpResponse:
    """Switch the larger type on or off."""
    me = _me(request)
    actions.choose_plain(me, actor=me, plain=request.POST.get("plain") == "1")
    return redirect("account")


@sensitive_post_parameters()
@login_required
@never_cache
def me_password(request: HttpRequest) -> HttpResponse:
    """Choose a new password."""
    me, form = _me(request), fill.NewPassword(request.POST or None)
    if request.method == "POST" and form.is_valid():
        old, new = form.cleaned_data["old"], form.cleaned_data["new"]
        adapter: Any = get_adapter()
        # asked here too, so that wrong tries are counted as at the log-in
        if not adapter.reauthenticate(me, old):
            form.add_error("old", said(mark("原密码不对，请重新输入")))
        elif changed := tried(form, partial(actions.set_password, me, actor=me, old=old, new=new)):
            update_session_auth_hash(request, changed)
            return _done(request, message("密码已更改，别处的登录已退出"), "account")
    note = "" if not me.must_change_password else said(mark("请先换掉安全保密管理员给的一次性密码"))
    back = "" if me.must_change_password else reverse("account")
    return _form(request, form, mark("更改密码"), mark("更改密码"), back, note)


@login_required
@never_cache
def me_token_add(request: HttpRequest) -> HttpResponse:
    """Make a key for a program; its text is shown once."""
    me = _me(request)
    if not may_make_tokens(me):
        raise Http404
    form = fill.NewToken(request.POST or None, person=me)
    if request.method == "POST" and form.is_valid():
        made = tried(
            form,
            partial(actions.make_token, me, actor=me, on=office_day(), **form.cleaned_data),
        )
        if made:
            return _once(request, mark("密钥"), made[0].name, made[1], reverse("account"))
    return _form(request, form, mark("新密钥"), mark("设立密钥"), reverse("account"))


@login_required
@require_POST
def me_token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a key."""
    me = _me(request)
    token = get_object_or_404(ApiToken.objects.filter(person=me), pk=pk)
    act = partial(actions.revoke_token, token, actor=me)
    return _at_once(request, act, message("密钥已停用"), reverse("account"))


@login_required
def me_delegate(request: HttpRequest) -> HttpResponse:
    """Let a colleague act for oneself."""
    me, on = _me(request), office_day()
    if not may_delegate(me):
        raise Http404
    form = fill.NewDelegation(request.POST or None, giver=me, initial={"from_on": on})
    if request.method == "POST" and form.is_valid():
        given = tried(form, partial(actions.delegate, actor=me, on=on, **form.cleaned_data))
        if given:
            return _done(request, message("已委托给{name}", name=given.taker.name), "account")
    return _form(request, form, mark("委托他人代办"), mark("委托"), reverse("account"))


@login_required
@require_POST
def me_delegation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a delegation, given or taken."""
    me = _me(request)
    delegation = get_object_or_404(Delegation.objects.filter(Q(giver=me) | Q(taker=me)), pk=pk)
    act = partial(actions.revoke_delegation, delegation, actor=me)
    return _at_once(request, act, message("委托已撤回"), reverse("account"))


# people


@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Everyone for the security administrator and the auditor; colleagues for officials."""
    me, on = _me(request), office_day()
    _or_404(may_read_directory(me))
    form = fill.Find(request.GET)
    words = form.cleaned_data if form.is_valid() else {}
    found = queries.people_found(
        User.objects.visible_to(me),
        words=words.get("q", ""),
        duty=words.get("duty", ""),
        state=words.get("state", ""),
        body=str(words["body"].pk) if words.get("body") else "",
    )
    if not form.is_valid():
        found = found.none()
    page = Paginator(queries.people_with_roles(found, on), PAGE).get_page(request.GET.get("page"))
    table = Table(
        DIRECTORY if me.access.is_official else PEOPLE,
        [_person_row(person) for person in page.object_list],
        query=request.GET,
        label=mark("人员"),
    )
    context = {
        "form": form,
        "table": table,
        "pager": _pager(request, page),
        "number": page.paginator.count,
        "manages": may_manage_accounts(me),
        "official": me.access.is_official,
    }
    return render(request, "accounts/people.html", context)


@login_required
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: names, roles, and for the security administrator the account."""
    me, on = _me(request), office_day()
    _or_404(may_read_directory(me))
    found = get_object_or_404(User.objects.visible_to(me), pk=pk)
    everything = not me.access.is_official or me.pk == found.pk
    roles = queries.roles_of(found)
    if not everything:
        roles = roles & Appointment.objects.in_force(on)
    manages = may_manage(me, found)
    context = {
        "person": found,
        "roles": roles,
        "on": on,
        "everything": everything,
        "manages": manages,
        "contact": may_see_contact(me, found),
        "delegations": queries.delegations_of(found) if everything else (),
        "second_factor": is_mfa_enabled(found) if manages else None,
    }
    return render(request, "accounts/person.html", context)


@sensitive_post_parameters()
@login_required
@never_cache
def person_add(request: HttpRequest) -> HttpResponse:
    """A new account; its one-time password is shown once."""
    me = _me(request)
    _or_404(may_manage_accounts(me))
    form = fill.NewPerson(request.POST or None)
    if request.method == "POST" and form.is_valid():
        added = tried(
            form, partial(actions.add_person, actor=me, on=office_day(), **form.cleaned_data)
        )
        if added:
            new, password = added
            return _once(request, mark("一次性密码"), new.name, password, _of(new))
    return _form(request, form, mark("新人员"), mark("设立账号"), reverse("people"))


@login_required
def person_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change another's data."""
    me, found = _managed(request, pk)
    form = fill.PersonData(request.POST or None, initial={**_own(found), "name": found.name})
    act = partial(actions.change_person, found, actor=me)
    if answer := _acted(request, form, act, message("资料已保存"), _of(found)):
        return answer
    return _form(request, form, mark("更改资料"), mark("保存"), _of(found), name=found.name)


@login_required
def person_appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role."""
    me, found = _managed(request, pk)
    form = fill.NewRole(request.POST or None, on=office_day())
    act = partial(actions.appoint, found, actor=me)
    if answer := _acted(request, form, act, message("已任命"), _of(found)):
        return answer
    return _form(request, form, mark("任命"), mark("任命"), _of(found), name=found.name)


@login_required
def appointment_end(request: HttpRequest, pk: int, appointment: int) -> HttpResponse:
    """End a role."""
    me, found = _managed(request, pk)
    held = get_object_or_404(found.appointments.select_related("person"), pk=appointment)
    form = fill.Ending(request.POST or None, initial={"on": office_day()})
    if request.method == "POST" and form.is_valid():
        said_ = form.cleaned_data
        act = partial(
            actions.end_appointment,
            held,
            actor=me,
            until_on=said_["on"],
            reason=said_["reason"],
        )
        if tried(form, act):
            return _done(request, message("任职已结束"), _of(found))
    return _form(request, form, mark("结束任职"), mark("结束任职"), _of(found), name=_named(held))


def _named(held: Appointment) -> str:
    """Who holds what for whom, in the reader's language."""
    return f"{held.person.name} · {_role(held, language())}"


@login_required
@never_cache
def person_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a one-time password."""
    me, found = _managed(request, pk)
    form = fill.Because(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = partial(actions.reset_password, found, actor=me, **form.cleaned_data)
        if password := tried(form, act):
            return _once(request, mark("一次性密码"), found.name, password, _of(found))
    return _form(request, form, mark("重置密码"), mark("重置密码"), _of(found), name=found.name)


@login_required
def person_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away lost second factors."""
    me, found = _managed(request, pk)
    form = fill.Because(request.POST or None)
    act = partial(actions.remove_second_factors, found, actor=me)
    if answer := _acted(request, form, act, message("第二因素已移除"), _of(found)):
        return answer
    return _form(
        request, form, mark("移除第二因素"), mark("移除第二因素"), _of(found), name=found.name
    )


@login_required
def person_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """The person leaves."""
    me, found = _managed(request, pk)
    form = fill.Ending(request.POST or None, initial={"on": office_day()})
    act = partial(actions.leave, found, actor=me)
    if answer := _acted(request, form, act, message("账号已停用，任职和委托已结束"), _of(found)):
        return answer
    note = said(mark("任职、委托、密钥一并结束，马上退出登录。要交接的请先交接"))
    return _form(request, form, mark("离开"), mark("停用账号"), _of(found), note, name=found.name)


@login_required
@never_cache
def person_come_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The person comes back."""
    me, found = _managed(request, pk)
    form = fill.Because(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = partial(actions.come_back, found, actor=me, on=office_day(), **form.cleaned_data)
        if back := tried(form, act):
            return _once(request, mark("一次性密码"), found.name, back[1], _of(found))
    return _form(request, form, mark("重新启用"), mark("重新启用"), _of(found), name=found.name)


@login_required
def hand_over(request: HttpRequest) -> HttpResponse:
    """All roles of one person pass to another."""
    me, on = _me(request), office_day()
    _or_404(may_manage_accounts(me))
    start = {"on": on, "from_person": request.GET.get("from", "")}
    form = fill.HandOver(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        said_ = form.cleaned_data
        moved = tried(
            form, partial(actions.hand_over, actor=me, also=(hand_over_mandates,), **said_)
        )
        if moved:
            done = message("交接了{number}项", number=moved)
            return _done(request, done, _of(said_["to_person"]))
    return _form(request, form, mark("交接"), mark("交接"), reverse("people"))


# bodies


@login_required
def bodies(request: HttpRequest) -> HttpResponse:
    """The bodies as a tree."""
    me, on = _me(request), office_day()
    _or_404(may_read_directory(me))
    context = {
        "lines": queries.tree_of_bodies(on, Body.objects.visible_to(me)),
        "manages": may_manage_accounts(me),
    }
    return render(request, "accounts/bodies.html", context)


@login_required
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """One body: names, people, what hangs under it."""
    me, on = _me(request), office_day()
    found = _body(me, pk)
    context = {
        "body": found,
        "names": found.names.all(),
        "children": found.children.alive(on),
        "serving": queries.serving(found, on),
        "manages": may_manage_accounts(me) and found.closed_on is None,
        "names_unit": may_name_unit(me, found) and found.closed_on is None,
    }
    return render(request, "accounts/body.html", context)


@login_required
def responsible_bodies(request: HttpRequest) -> HttpResponse:
    """The register of responsible units and people; vacancies are shown (S4.3a)."""
    _or_404(may_read_directory(_me(request)))
    lines = queries.register_of_bodies(office_day())
    table = Table(REGISTER, [_register_row(line) for line in lines], label=mark("专门机构名录"))
    gaps = sum(not line.complete for line in lines)
    context = {"table": table, "number": len(lines), "gaps": gaps}
    return render(request, "accounts/responsible.html", context)


@login_required
def body_add(request: HttpRequest) -> HttpResponse:
    """A new body."""
    me = _me(request)
    _or_404(may_manage_accounts(me))
    form = fill.NewBody(request.POST or None, initial={"opened_on": office_day()})
    act = partial(actions.open_body, actor=me)
    if answer := _acted(request, form, act, message("机构已设立"), "bodies"):
        return answer
    return _form(request, form, mark("新机构"), mark("设立机构"), reverse("bodies"))


@login_required
def body_rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name."""
    start = {"on": office_day()}
    form = fill.NewName(request.POST or None, initial=start)
    return _change_body(request, pk, form, actions.rename_body, mark("更名"), message("已更名"))


@login_required
def body_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another body above."""
    form = fill.NewParent(request.POST or None)
    return _change_body(request, pk, form, actions.move_body, mark("划归"), message("已划归"))


@login_required
def body_close(request: HttpRequest, pk: int) -> HttpResponse:
    """The body ends, if no enterprise lies there."""
    form = fill.Closing(request.POST or None, initial={"on": office_day()})
    act = partial(actions.close_body, held_by=_enterprises_there)
    return _change_body(request, pk, form, act, mark("撤销"), message("机构已撤销"))


@login_required
def body_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the responsible unit."""
    me = _me(request)
    found = _body(me, pk)
    _or_404(may_name_unit(me, found))
    form = fill.NewUnit(request.POST or None, initial={"unit": found.unit})
    act = partial(actions.name_unit, found, actor=me)
    there = reverse("body", args=[found.pk])
    if answer := _acted(request, form, act, message("专门机构已登记"), there):
        return answer
    return _form(request, form, mark("专门机构"), mark("保存"), there, name=found.name)


@login_required
def body_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Say with which mark its papers are numbered."""
    me = _me(request)
    found = _body(me, pk)
    _or_404(may_name_unit(me, found))
    form = fill.NewMark(request.POST or None, initial={"mark": found.mark})
    act = partial(actions.name_mark, found, actor=me)
    there = reverse("body", args=[found.pk])
    if answer := _acted(request, form, act, message("机关代字已登记"), there):
        return answer
    return _form(request, form, mark("机关代字"), mark("保存"), there, name=found.name)


# what these have in common


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the log-in stands before every page here
    return request.user


def _or_404(right: bool) -> None:
    if not right:
        raise Http404


def _managed(request: HttpRequest, pk: int) -> tuple[User, User]:
    me = _me(request)
    found = get_object_or_404(User.objects.visible_to(me), pk=pk)
    _or_404(may_manage(me, found))
    return me, found


def _body(me: User, pk: int) -> Body:
    return get_object_or_404(Body.objects.visible_to(me).select_related("parent"), pk=pk)


def _of(person: User) -> str:
    return reverse("person", args=[person.pk])


def _own(person: User) -> dict[str, object]:
    return {"version": person.version, "phone": person.phone, "email": person.email}


def _account(request: HttpRequest, form: forms.Form) -> HttpResponse:
    me, on = _me(request), office_day()
    context = {
        "me": me,
        "form": form,
        "conflict": getattr(form, "conflict", None),
        "roles": queries.roles_of(me),
        "delegations": queries.delegations_of(me),
        "tokens": queries.tokens_of(me),
        "second_factor": is_mfa_enabled(me),
        "may_delegate": may_delegate(me),
        "may_make_tokens": may_make_tokens(me),
        "on": on,
    }
    return render(request, "accounts/account.html", context)


def _acted(
    request: HttpRequest, form: forms.Form, act: Callable[..., object], done: Message, to: str
) -> HttpResponse | None:
    if request.method != "POST" or not form.is_valid():
        return None
    if tried(form, partial(act, **form.cleaned_data)) is None:
        return None
    return _done(request, done, to)


def _change_body(
    request: HttpRequest,
    pk: int,
    form: forms.Form,
    action: Callable[..., object],
    heading: str,
    done: Message,
) -> HttpResponse:
    me = _me(request)
    found = _body(me, pk)
    _or_404(may_manage_accounts(me))
    there = reverse("body", args=[found.pk])
    act = partial(action, found, actor=me)
    if answer := _acted(request, form, act, done, there):
        return answer
    return _form(request, form, heading, heading, there, name=found.name)


def _enterprises_there(body: Body) -> Message | None:
    there = Q(town=body) | Q(zone=body) | Q(body=body)
    count = Enterprise.objects.living().filter(there).count()
    if not count:
        return None
    return message("“{body}”还有{number}家企业，请先划到别处", body=body.name, number=count)


def _done(request: HttpRequest, done: Message, to: str) -> HttpResponse:
    messages.success(request, done.say(language()))
    return redirect(to)


def _at_once(request: HttpRequest, act: Act, done: Message, to: str) -> HttpResponse:
    try:
        act()
    except Refused as refusal:
        messages.error(request, refusal.say(language()))
        return redirect(to)
    return _done(request, done, to)


def _form(
    request: HttpRequest,
    form: forms.Form,
    heading: str,
    send: str,
    back: str,
    note: str | Promise = "",
    name: str = "",
) -> HttpResponse:
    context = {
        "form": form,
        "title": said(heading),
        "name": name,
        "send": said(send),
        "back": back,
        "note": note,
        "conflict": getattr(form, "conflict", None),
    }
    return render(request, "accounts/form.html", context)


def _once(request: HttpRequest, what: str, whose: str, secret: str, back: str) -> HttpResponse:
    context = {"what": what, "whose": whose, "secret": secret, "back": back}
    return render(request, "accounts/once.html", context)


def _person_row(person: Any) -> Row:
    lang = language()
    roles = joined("；", (_role(held, lang) for held in person.held), lang)
    return Row(
        person.pk,
        {
            "name": Link(person.name, _of(person)),
            "roles": roles,
            "duty": person.get_duty_display(),
            "username": person.username,
            "state": Status("met", mark("在岗"))
            if person.is_active
            else Status("na", mark("已离开")),
        },
        name=person.name,
    )


def _role(held: Appointment, lang: str) -> str:
    role = translate(held.get_role_display(), lang)
    return f"{held.body.short} {held.title or role}" if held.body else role


def _register_row(line: queries.RegisterLine) -> Row:
    lang = language()
    people = joined("、", (held.person.name for held in line.appointments), lang)
    state = Status("met", mark("已明确"))
    if line.vacant:
        state = Status("bad", mark("空缺"))
    elif not line.complete:
        state = Status("unk", mark("未报专门机构"))
    return Row(
        line.body.pk,
        {
            "body": Link(line.body.name, reverse("body", args=[line.body.pk])),
            "kind": line.body.get_kind_display(),
            "unit": line.body.unit,
            "people": people,
            "state": state,
        },
        name=line.body.name,
    )


def _pager(request: HttpRequest, page: Any) -> Pager:
    def to(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return Pager(
        shown=len(page.object_list),
        number=page.paginator.count,
        first=to(1) if page.has_previous() else "",
        previous=to(page.previous_page_number()) if page.has_previous() else "",
        next=to(page.next_page_number()) if page.has_next() else "",
    )
