"""What one fills in about the figures of a year, and in which groups the figures stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField

from peiyu.office.reports.models import FIGURES, Basis, Statement, Supplier
from peiyu.office.reports.reading import Typed, typed
from peiyu.office.web.accounts.forms import Day, labels
from peiyu.office.web.answers import REASON
from peiyu.office.web.enterprises.forms import LONG
from peiyu.office.web.templatetags.look import wan
from peiyu.office.web.templatetags.say import said
from peiyu.policy.facts import Unit
from peiyu.words import mark

LONGEST_TEXT, MOST_VERSIONS = 60, 2**31 - 1
UNITS = {"yuan": (mark("元"), 1), "wan": (mark("万元"), 10_000)}
PEOPLE = mark("人")
INCOME = frozenset(
    "sales_revenue main_business_revenue other_business_revenue total_income income_total "
    "nontaxable_income ht_income ht_product_income technical_transfer_income "
    "technical_service_income entrusted_rd_income".split()
)
RESEARCH = frozenset(name for name in FIGURES if name.startswith("rd_")) - {"rd_expense_apart"}
STAFF = frozenset(name for name in FIGURES if name.endswith("staff_average"))
BALANCE = frozenset({"net_assets", "total_assets", "total_liabilities"})
REST = FIGURES.keys() - INCOME - RESEARCH - STAFF - BALANCE
GROUPS = (
    (mark("收入"), INCOME),
    (mark("研发费用"), RESEARCH),
    (mark("人员"), STAFF),
    (mark("资产负债"), BALANCE),
    (mark("成本、利润与应税所得"), REST),
)
OF_LEDGERS = frozenset({Basis.LEDGER_HNTE, Basis.LEDGER_TAX})


def grouped(names: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Figures in their groups, each in the order of the dictionary; empty groups are left out."""
    wanted = set(names)
    parts = [(label, [n for n in FIGURES if n in group & wanted]) for label, group in GROUPS]
    return [(label, part) for label, part in parts if part]


def names_of(basis: Basis) -> frozenset[str]:
    """The figures of which a basis speaks: ledgers of R&D expenses alone, the others of all."""
    return RESEARCH if basis in OF_LEDGERS else frozenset(FIGURES)


def standing(row: Statement | None, name: str) -> Decimal | None:
    """A figure as a version states it; nothing where it was taken back."""
    return None if row is None or row.withdrawn else row.figure(name)


def is_money(name: str) -> bool:
    """In yuan; the others are people."""
    return FIGURES[name].unit is Unit.FEN


def as_typed(value: Decimal | None, name: str, unit: str) -> str:
    """A figure as it stands in the input."""
    if value is None:
        return ""
    return wan(value) if unit == "wan" and is_money(name) else f"{value:,.2f}"


class Looked(forms.Form):
    """As of which day the figures are looked at."""

    known = Day(label=mark("截至哪天已知"), required=False)


class FigureForm(forms.Form):
    """Figures of a year as typed. `seen`: the version that stood when the form was opened."""

    seen = forms.IntegerField(min_value=0, max_value=MOST_VERSIONS, widget=forms.HiddenInput)
    unit = forms.ChoiceField(choices=[(key, key) for key in UNITS], widget=forms.HiddenInput)

    def __init__(self, names: Iterable[str], data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.names = [name for _, part in grouped(names) for name in part]
        self.typed = Typed()
        for name in self.names:
            self.fields[name] = forms.CharField(
                label=FIGURES[name].chinese,
                required=False,
                max_length=LONGEST_TEXT,
                widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        """Read what was typed; what cannot be read is said at its field."""
        given = super().clean() or {}
        texts = {name: given[name] for name in self.names if name in given}
        _, factor = UNITS.get(str(given.get("unit")), UNITS["yuan"])
        self.typed = typed(texts, factor=factor)
        for name, problem in self.typed.problems.items():
            self.add_error(name, said(problem))
        return given

    def unit_word(self) -> str:
        """The unit of amounts in this form."""
        given = self.data.get("unit") if self.is_bound else self.initial.get("unit")
        return UNITS.get(str(given), UNITS["yuan"])[0]

    def others(self) -> list[BoundField]:
        """The fields that are no figures."""
        return [field for field in self.visible_fields() if field.name not in self.names]

    def empties(self, row: Statement | None) -> list[str]:
        """The figures that a version states and that were emptied."""
        return [name for name, value in self.changed_from(row).items() if value is None]

    def changed_from(self, row: Statement | None) -> dict[str, Decimal | None]:
        """The figures that differ from what a version states."""
        return {
            name: value
            for name, value in self.typed.figures.items()
            if value != standing(row, name)
        }


class Stated(FigureForm):
    """Figures with the document from which they come, and why if something known changes.

    `emptied` names what was known and would be unknown, once that was said on the page.
    """

    emptied = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)

    title = forms.CharField(
        label=mark("来源文件"),
        max_length=200,
        help_text=mark("这些数从哪份文件来，如“2018年度审计报告”"),
    )
    number = forms.CharField(label=mark("文号或报告号"), required=False, max_length=100)
    dated_on = Day(label=mark("文件日期"), required=False)
    reason = forms.CharField(
        label=REASON,
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=mark("改动已有的数时必填"),
    )


class LookedAt(FigureForm):
    """Figures as the town or the bureau finds them."""

    note = forms.CharField(
        label=mark("说明"), max_length=LONG, required=False, widget=forms.Textarea({"rows": 2})
    )


def grouped_choices(names: Iterable[str]) -> Callable[[], list[tuple[str, list[tuple[str, str]]]]]:
    """Figures to tick, in their groups, in the language of the reader."""
    parts = grouped(names)
    return lambda: [
        (said(label), [(name, said(FIGURES[name].chinese)) for name in part])
        for label, part in parts
    ]


class Asked(forms.Form):
    """Which figures are asked of whom, until when."""

    figures = forms.MultipleChoiceField(
        label=mark("要补哪些数"), widget=forms.CheckboxSelectMultiple
    )
    supplier = forms.ChoiceField(label=mark("由谁提供"), choices=labels(lambda: Supplier.choices))
    due_on = Day(label=mark("期限"))
    words = forms.CharField(
        label=mark("补充说明"),
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, names: Iterable[str], data: Any = None, *, due_on: date | None) -> None:
        super().__init__(data, initial={"due_on": due_on, "supplier": Supplier.ENTERPRISE})
        self.fields["figures"].choices = grouped_choices(names)  # type: ignore[attr-defined]


def initial_of(
    figures: Mapping[str, Decimal | None], *, seen: int, unit: str = "yuan"
) -> dict[str, Any]:
    """What a form begins with."""
    texts = {name: as_typed(value, name, unit) for name, value in figures.items()}
    return {**texts, "seen": seen, "unit": unit}
