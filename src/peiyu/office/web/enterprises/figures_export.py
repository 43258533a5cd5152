"""Taking the yearly figures of the filtered list away: which years, on which basis, then the file."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from peiyu.office.accounts.models import User
from peiyu.office.desk import exports, figure_exports
from peiyu.office.desk.permissions import may_export
from peiyu.office.desk.views import tidy_query
from peiyu.office.enterprises.listing import asked_of
from peiyu.office.foundation.refusals import Refused
from peiyu.office.reports.models import Basis, Statement
from peiyu.office.web.answers import REFUSED, me, or_404, tried
from peiyu.office.web.enterprises.listing import OF_VISIT
from peiyu.office.web.exports.asking import ask_page
from peiyu.office.web.exports.sending import sent_list
from peiyu.office.web.templatetags.say import language, said
from peiyu.words import mark, translate

OWN = ("years", "basis")
"""What the address says beside the filters of the list."""
USUAL_YEARS = 3
WORDS = {figure_exports.DECIDES: mark("采用数（核定、审计、纳税、申报，依次取）")} | {
    str(basis): basis.label for basis in Basis
}


class Figures(forms.Form):
    """Which years, and on whose word."""

    years = forms.CharField(
        label=mark("年度"), max_length=100, help_text=mark("一到七个，如 2017、2018 或 2012-2018")
    )
    basis = forms.ChoiceField(label=mark("数据口径"))

    def __init__(self, *args: Any, person: User, **more: Any) -> None:
        super().__init__(*args, **more)
        basis: Any = self.fields["basis"]
        basis.choices = [(key, said(WORDS[key])) for key in figure_exports.bases_to_export(person)]

    def clean_years(self) -> tuple[int, ...]:
        """The years that are meant."""
        try:
            return figure_exports.years_of(self.cleaned_data["years"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.say(language())) from None


@login_required
@require_safe
def figures_choose(request: HttpRequest) -> HttpResponse:
    """Ask for years and basis; the filters of the list stay in the address."""
    person = _person(request)
    on = person.access.on
    usual = f"{on.year - USUAL_YEARS}-{on.year - 1}"
    form = Figures(person=person, initial={"years": usual, "basis": figure_exports.DECIDES})
    return _page(request, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def figures_file(request: HttpRequest) -> HttpResponse | FileResponse:
    """The file; nothing of it stays on the disk. What is refused is said on the form, with 422.

    For many enterprises it has to be asked for, with its purpose.
    """
    person, query = _person(request), _query(request)
    form = Figures(
        {"years": "、".join(request.GET.getlist("years")), "basis": request.GET.get("basis", "")},
        person=person,
    )
    if not form.is_valid():
        return _page(request, form)
    years, basis = form.cleaned_data["years"], form.cleaned_data["basis"]
    number = tried(
        form, lambda: figure_exports.number_to_export(query, years, person, person.access.on)
    )
    if number is None:
        return _page(request, form)
    if exports.needs_approval(number, person.access.on):
        asked = figure_exports.joined_with(query, years, basis)
        back = f"{reverse('figures_choose')}{'?' if query else ''}{query}"
        return ask_page(
            request, person, page="figures", query=asked, form="xlsx", number=number, back=back
        )
    if request.method == "POST":
        return redirect(request.get_full_path())
    write = partial(
        figure_exports.write_figures, query=query, years=years, basis=basis, person=person,
        on=person.access.on, lang=language(),
    )  # fmt: skip
    return sent_list(
        request, person, "xlsx", write, label=Statement._meta.label_lower,
        name=figure_exports.called(years, basis).say(language()),
        detail=f"{basis} {','.join(map(str, years))} {query}",
    )  # fmt: skip


def _person(request: HttpRequest) -> User:
    """Who asks, if they may take figures away at all."""
    person = me(request)
    or_404(may_export(person) and not person.access.is_administrator)
    or_404(figure_exports.may_export_figures(person))
    return person


def _query(request: HttpRequest) -> str:
    """The filters of the list alone."""
    asked = request.GET.copy()
    for name in (*OF_VISIT, *OWN):
        asked.pop(name, None)
    return tidy_query(asked.urlencode())


def _page(request: HttpRequest, form: Figures) -> HttpResponse:
    """The form, with how many enterprises it is about; 422 if it was refused."""
    person, query = me(request), _query(request)
    try:
        number = figure_exports.enterprises_asked(query, person).count()
    except Refused:
        number = 0
    context = {
        "form": form,
        "filters": [(k, v) for k, found in asked_of(query).lists() for v in found],
        "number": number,
        "back": f"{reverse('enterprises')}{'?' if query else ''}{query}",
        "title": translate("导出年度数据", language()),
    }
    status = REFUSED if form.errors else 200
    return render(request, "enterprises/figures_export.html", context, status=status)
