"""What one says beside a file: for whom it is, what its figures are."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from peiyu.office.accounts.models import Body, User
from peiyu.office.foundation.imports import UNITS, ImportKind
from peiyu.office.reports.models import FIRST_YEAR, LAST_YEAR
from peiyu.office.reports.permissions import bases_to_import
from peiyu.office.web.accounts.forms import Day, labels
from peiyu.office.web.enterprises.forms import PlaceField
from peiyu.office.web.templatetags.say import said
from peiyu.words import mark, message

UNIT_CHOICES = (
    ("", mark("表里写了单位")),
    *((unit, unit) for unit in UNITS),
)  # fmt: skip
LABELS = {
    "basis": mark("数据口径"),
    "year": mark("年度"),
    "unit": mark("金额单位"),
    "list_kind": mark("名单种类"),
    "title": mark("名单名称"),
    "number": mark("文号"),
    "published_on": mark("公布日期"),
}
HELP = {
    "year": mark("表里没有写年度的，按这一年读"),
    "unit": mark("表里没有写单位的金额，按这个单位读；都没有说的，读取时会问"),
    "title": mark("不填就用文件名"),
}
FILE_HELP = mark("xlsx、xls 或 csv，最大50MB；ods 请先另存为 xlsx")
LONGEST = 200


class Upload(forms.Form):
    """The file, for which body, and what its kind asks."""

    def __init__(self, data: Any, files: Any, *, kind: ImportKind, person: User) -> None:
        super().__init__(data, files)
        self.kind, self.person = kind, person
        self.fields["file"] = forms.FileField(
            label=mark("文件"),
            max_length=255,
            allow_empty_file=True,  # an empty one is refused in the words of the store
            help_text=FILE_HELP,
            widget=forms.ClearableFileInput({"accept": ".xlsx,.xls,.et,.csv,.txt"}),
        )
        bodies = Body.objects.filter(pk__in=person.access.bodies)
        if len(person.access.bodies) > 1:
            self.fields["whose"] = PlaceField(
                label=mark("代表单位"), queryset=bodies, empty_label=None
            )
        for name in kind.asks:
            self.fields[name] = self._asked(name)

    def _asked(self, name: str) -> forms.Field:
        common: dict[str, Any] = {"label": LABELS.get(name, name), "help_text": HELP.get(name, "")}
        if name == "year":
            return forms.IntegerField(
                min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False, **common
            )
        if name == "published_on":
            return Day(required=False, **common)
        if name == "unit":
            return forms.ChoiceField(choices=labels(lambda: UNIT_CHOICES), required=False, **common)
        if name in self.kind.choices:
            offered = self.kind.choices[name]
            if name == "basis":
                open_to = bases_to_import(self.person)
                offered = tuple(pair for pair in offered if pair[0] in open_to)
            return forms.ChoiceField(choices=labels(lambda: offered), **common)
        return forms.CharField(max_length=LONGEST, required=False, **common)

    def clean_year(self) -> int | None:
        """A year that has begun."""
        year: int | None = self.cleaned_data["year"]
        if year is not None and year > self.person.access.on.year:
            raise forms.ValidationError(said(message("{year}年度还没有到，没有数可填", year=year)))
        return year

    def whose(self) -> str:
        """The key of the body; empty for the person alone."""
        body = self.cleaned_data.get("whose")
        if body is not None:
            return f"body {body.pk}"
        return next((f"body {key}" for key in self.person.access.bodies), "")

    def options(self) -> dict[str, str]:
        """What was said, as the import keeps it."""
        said = {name: self.cleaned_data.get(name) for name in self.kind.asks}
        return {
            name: value.isoformat() if isinstance(value, date) else str(value)
            for name, value in said.items()
            if value not in (None, "")
        }
