"""Filling in the figures of a year: stating, correcting, checking, verifying."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.refusals import Conflict, Difference
from peiyu.office.foundation.sources import of_document
from peiyu.office.reports import actions
from peiyu.office.reports.models import FIGURES, Basis, Statement, YearReport
from peiyu.office.reports.permissions import may_state, may_verify_items, own_items
from peiyu.office.reports.queries import Grid
from peiyu.office.reports.workflow import FLOWS
from peiyu.office.web.answers import done, form_page, me, or_404, sent, tried
from peiyu.office.web.enterprises import years_forms as fill
from peiyu.office.web.enterprises.detail import found
from peiyu.office.web.enterprises.years import (
    basis_or_404,
    grid_or_404,
    hinted,
    report_or_404,
    year_or_404,
    years_url,
)
from peiyu.office.web.templatetags.look import money
from peiyu.office.web.templatetags.say import said
from peiyu.words import Message, mark, message

FORM = require_http_methods(["GET", "HEAD", "POST"])
Act = Callable[..., Statement]


@login_required
@FORM
@never_cache
def figures_state(request: HttpRequest, pk: int, year: int, basis: str) -> HttpResponse:
    """State or correct figures of a year on one basis."""
    person, one = found(request, pk)
    year, kind = year_or_404(year), basis_or_404(basis)
    or_404(may_state(person, one, kind))
    act = partial(actions.state, one, year=year, basis=kind, actor=person)
    title = message("填写或更正{year}年度数据：{basis}", year=year, basis=message(kind.label))
    return _stated(request, one, year, kind, fill.names_of(kind), act, title)


@login_required
@FORM
@never_cache
def items_verify(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """A department verifies the figures that are its own to verify."""
    person, one = found(request, pk)
    year = year_or_404(year)
    or_404(may_verify_items(person, one))
    act = partial(actions.verify_items, one, year=year, actor=person)
    title = message("核定{year}年度本部门的项目", year=year)
    return _stated(request, one, year, Basis.VERIFIED, own_items(person), act, title)


@login_required
@FORM
@never_cache
def report_check(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """The town corrects and confirms what was declared."""
    return _looked_at(request, pk, year, "check", Basis.CHECKED, actions.check)


@login_required
@FORM
@never_cache
def report_verify(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """The bureau corrects and confirms; what it finds decides."""
    return _looked_at(request, pk, year, "verify", Basis.VERIFIED, actions.verify)


def _stated(
    request: HttpRequest,
    one: Enterprise,
    year: int,
    basis: Basis,
    names: Iterable[str],
    act: Act,
    title: Message,
) -> HttpResponse:
    rows = Statement.objects.filter(enterprise=one, year=year, basis=basis)
    held = {row.version: row for row in rows}
    seen = max(held, default=0)
    now, names = held.get(seen), set(names)
    unit = request.GET.get("unit", "")
    stands = {name: fill.standing(now, name) for name in names}
    initial = fill.initial_of(stands, seen=seen, unit=unit if unit in fill.UNITS else "yuan")
    form = fill.Stated(names, sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        changed = form.changed_from(before := held.get(form.cleaned_data["seen"]))
        emptied = form.empties(before)
        if not changed:
            form.add_error(None, said(message("没有改动任何数")))
        elif emptied and form.cleaned_data["emptied"] != ",".join(emptied):
            form = _emptying(form, emptied, before)
        elif tried(form, partial(_with_source, act, changed, form.cleaned_data, me(request))):
            _remark(request, form)
            return done(request, message("数据已记下"), years_url(one, year))
        elif conflict := getattr(form, "conflict", None):
            form = _after(conflict, form, changed, stands, seen)
    units = [(key, word, form.unit_word() == word) for key, (word, _) in fill.UNITS.items()]
    return _form(request, form, one, year, title, mark("保存"), units=units)


@transaction.atomic
def _with_source(
    act: Act, figures: Mapping[str, Decimal | None], given: Mapping[str, Any], person: User
) -> Statement:
    source = of_document(
        given["title"], actor=person, number=given["number"], dated_on=given["dated_on"]
    )
    return act(figures=figures, source=source, reason=given["reason"], seen=given["seen"])


def _emptying(form: fill.Stated, emptied: list[str], before: Statement | None) -> fill.Stated:
    """The form anew: it says what would be unknown; sent once more it is meant."""
    anew = fill.Stated(form.names, {**dict(form.data.items()), "emptied": ",".join(emptied)})
    anew.is_valid()
    for name in emptied:
        value = money(fill.standing(before, name))
        anew.add_error(name, said(message("现在是{value}，清空就是改为未知", value=value)))
    text = message("有{number}个已有的数会改为未知；确实如此，再点一次“保存”", number=len(emptied))
    anew.add_error(None, said(text))
    return anew


def _after(
    conflict: Conflict,
    form: fill.Stated,
    changed: Mapping[str, Decimal | None],
    stands: Mapping[str, Decimal | None],
    seen: int,
) -> fill.Stated:
    """The form anew: what was typed stays, the rest is what stands now and counts as seen."""
    unit = form.cleaned_data["unit"]
    data = dict(form.data.items())
    for name, value in stands.items():
        if name not in changed:
            data[name] = fill.as_typed(value, name, unit)
    anew = fill.Stated(form.names, {**data, "seen": str(seen)})
    anew.is_valid()
    anew.add_error(None, said(conflict.message))
    anew.conflict = Conflict(  # type: ignore[attr-defined]
        conflict.message,
        tuple(
            Difference(
                FIGURES[one.field].chinese,
                money(changed[one.field]),
                money(stands.get(one.field)),
            )
            for one in conflict.differences
        ),
    )
    return anew


def _looked_at(
    request: HttpRequest,
    pk: int,
    year: int,
    step: str,
    basis: Basis,
    act: Callable[..., YearReport],
) -> HttpResponse:
    person, one = found(request, pk)
    report = report_or_404(person, one, year_or_404(year), step)
    grid = grid_or_404(one, person)
    declared = grid.statements.get((year, Basis.DECLARED))
    seen = declared.version if declared else 0
    begins = _found_before(grid, report, basis)
    form = fill.LookedAt(FIGURES, sent(request), initial=fill.initial_of(begins, seen=seen))
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["seen"] != seen:
            text = message("您打开之后企业申报的数变了，请按现在的申报数核对后再提交")
            form = fill.LookedAt(FIGURES, {**dict(form.data.items()), "seen": str(seen)})
            form.is_valid()
            form.add_error(None, said(text))
        elif tried(
            form,
            partial(
                act,
                report,
                figures=form.typed.figures,
                note=form.cleaned_data["note"],
                on=person.access.on,
                actor=person,
            ),
        ):
            _remark(request, form)
            return done(request, message("{year}年度的数已确认", year=year), years_url(one, year))
    label = message(FLOWS.of(report).steps[step].label)
    title = message("{step}：{year}年度数据", step=label, year=year)
    return _form(request, form, one, year, title, FLOWS.of(report).steps[step].label, grid=grid)


def _found_before(grid: Grid, report: YearReport, basis: Basis) -> dict[str, Decimal | None]:
    """With what one begins: what was found since it was handed in, the check, what was declared.

    What stands on the own basis from before is kept where nothing else is known.
    """
    own = grid.statements.get((report.year, basis))
    others = [
        grid.statements.get((report.year, other))
        for other in ((Basis.CHECKED, Basis.DECLARED) if basis == Basis.VERIFIED else (Basis.DECLARED,))
    ]  # fmt: skip
    handed_in = report.submitted_on
    fresh = own is not None and handed_in is not None and own.recorded_on >= handed_in
    rows = [own, *others] if fresh else [*others, own]
    return {
        name: next((v for row in rows if (v := fill.standing(row, name)) is not None), None)
        for name in FIGURES
    }


def _form(
    request: HttpRequest,
    form: fill.FigureForm,
    one: Enterprise,
    year: int,
    title: Message,
    send: str,
    *,
    units: Iterable[tuple[str, str, bool]] = (),
    grid: Grid | None = None,
) -> HttpResponse:
    """Figures in their groups, with what the bases state beside them where one looks at a report."""
    bases = grid.bases(year) if grid else ()
    groups = [
        (label, [(form[name], fill.is_money(name), _beside(grid, year, name)) for name in names])
        for label, names in fill.grouped(form.names)
    ]
    return form_page(
        request,
        form,
        title=said(title),
        send=send,
        back=years_url(one, year),
        name=one.name,
        template="enterprises/years_form.html",
        groups=groups,
        bases=[basis.label for basis in bases],
        units=list(units),
        hints=hinted(grid, year) if grid else [],
        wide=len(bases) + 2,
    )


def _beside(grid: Grid | None, year: int, name: str) -> list[tuple[str, str]]:
    if grid is None:
        return []
    cells = grid.compared(year, name).cells
    return [
        (basis.label, money(cells[basis].value) if basis in cells else "")
        for basis in grid.bases(year)
    ]


def _remark(request: HttpRequest, form: fill.FigureForm) -> None:
    """How something was read that could be read in several ways."""
    for name, remark in form.typed.remarks.items():
        text = message("{label}：{value}", label=message(FIGURES[name].chinese), value=remark)
        messages.warning(request, said(text))
