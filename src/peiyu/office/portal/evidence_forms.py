"""Rows of evidence as an enterprise fills them in, and what it says of a flag."""

from __future__ import annotations

from typing import Any

from django import forms

from peiyu.office.enterprises.models import Enterprise, EnterpriseFile
from peiyu.office.portal.visits import language
from peiyu.office.portfolio.models import Entry
from peiyu.office.portfolio.reading import Asked, Typed, asked, text_of, typed
from peiyu.policy.case import Scalar
from peiyu.policy.evidence import Evidence
from peiyu.words import mark, message, translate

LONGEST, LATEST_VERSION = 300, 2**31 - 1


class RowData(forms.Form):
    """A row as typed; what cannot be read is said at its field. `seen`: the version that stood."""

    seen = forms.IntegerField(min_value=0, max_value=LATEST_VERSION, widget=forms.HiddenInput)

    def __init__(self, table: Evidence, data: Any = None, *, before: Entry | None) -> None:
        stands = before.values() if before else {}
        first: dict[str, object] = {
            name: text_of(stands.get(name), table.fact(name)) for name in table.names
        }
        super().__init__(data, initial={**first, "seen": before.version if before else 0})
        self.table, self.stands, self.read = table, stands, Typed()
        self.units = {}
        for one in asked(table, new=before is None):
            self.fields[one.fact.name] = _input(one, table)
            if one.unit:
                self.units[one.fact.name] = one.unit

    def clean(self) -> dict[str, Any]:
        """Read what was typed as the tables are read."""
        given: dict[str, Any] = super().clean() or {}
        self.read = typed(
            self.table,
            {name: given.get(name) or "" for name in self.table.names if name in self.fields},
        )
        for name, problem in self.read.problems.items():
            self.add_error(name, problem.say(language()))
        return given

    def wanted(self) -> dict[str, Scalar]:
        """What differs from what stood."""
        return {
            name: value
            for name, value in self.read.values.items()
            if value != self.stands.get(name)
        }


def _input(one: Asked, table: Evidence) -> forms.Field:
    numbered = one.fact.name == "no" and bool(table.prefix)
    own: dict[str, Any] = {
        "label": one.fact.chinese,
        "required": one.fact.required and not numbered,
        "help_text": mark("不填就给下一个编号") if numbered else one.fact.note,
    }
    if one.choices:
        lang = language()
        words = [(code, translate(word, lang)) for code, word in one.choices]
        return forms.ChoiceField(choices=[("", translate(mark("不知道"), lang)), *words], **own)
    widget: forms.Widget = forms.TextInput({"autocomplete": "off"})
    if one.way == "day":
        widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    elif one.way == "long":
        widget = forms.Textarea({"rows": 4})
    elif one.way == "number":
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(max_length=one.most, widget=widget, **own)


class Explanation(forms.Form):
    """How it really is, to a flag."""

    flag = forms.CharField(max_length=500, widget=forms.HiddenInput)
    digest = forms.CharField(max_length=32, widget=forms.HiddenInput)
    words = forms.CharField(
        label=mark("实际情况"), max_length=LONGEST, widget=forms.Textarea({"rows": 4}),
        help_text=mark("写明经过和依据；能改正的请直接改正那一行，提示会自己消失"),
    )  # fmt: skip


class Why(forms.Form):
    """Why a row should not be there."""

    reason = forms.CharField(
        label=mark("理由"), max_length=LONGEST, widget=forms.Textarea({"rows": 2})
    )


class Proof(forms.Form):
    """A file of the enterprise as proof: one that is there, or a new one."""

    held = forms.ModelChoiceField(
        EnterpriseFile.objects.none(), label=mark("已传过的文件"), required=False, empty_label="—",
        help_text=mark("同一份文件可以证明多项，不必再传"),
    )  # fmt: skip
    file = forms.FileField(
        label=mark("或传新文件"), required=False, max_length=1000,
        help_text=mark("PDF、图片或表格，至多20 MB"),
    )  # fmt: skip
    title = forms.CharField(label=mark("新文件的名称"), max_length=200, required=False)

    def __init__(self, *args: Any, enterprise: Enterprise) -> None:
        super().__init__(*args)
        held: Any = self.fields["held"]
        held.queryset = enterprise.files.filter(replaced_by=None).order_by("title", "id")

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        given: dict[str, Any] = super().clean() or {}
        if bool(given.get("held")) == bool(given.get("file")) and not self.errors:
            said = message("请选一份已传过的文件，或传一份新的，只选其一")
            self.add_error(None, said.say(language()))
        return given
