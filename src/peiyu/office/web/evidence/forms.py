"""What one fills in about evidence: a row, a remark on a flag, a use, a contact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from peiyu.office.accounts.models import Role, User
from peiyu.office.enterprises.models import Contact, Enterprise, EnterpriseFile
from peiyu.office.portfolio.models import ContactSide, Entry
from peiyu.office.portfolio.reading import Asked, Typed, asked, text_of, typed
from peiyu.office.web.accounts.forms import Day, labels
from peiyu.office.web.answers import REASON
from peiyu.office.web.templatetags.say import said
from peiyu.policy.case import Scalar
from peiyu.policy.evidence import Evidence
from peiyu.words import mark

LONGEST, MOST_VERSIONS = 300, 2**31 - 1
UNKNOWN = mark("不知道")


class EntryForm(forms.Form):
    """A row of evidence as typed. `seen`: the version that stood when the form was opened."""

    seen = forms.IntegerField(min_value=0, max_value=MOST_VERSIONS, widget=forms.HiddenInput)

    def __init__(
        self, table: Evidence, data: Any = None, *, before: Entry | None, own: bool, **more: Any
    ) -> None:
        stands = before.values() if before else {}
        initial: dict[str, object] = {"seen": before.version if before else 0}
        initial |= {fact.name: text_of(stands.get(fact.name), fact) for fact in table.facts}
        super().__init__(data, initial=initial, **more)
        self.table, self.before, self.typed = table, before, Typed()
        self.asked = asked(table, new=before is None)
        for one in self.asked:
            self.fields[one.fact.name] = _field(one, table)
        self.fields["document"] = forms.CharField(
            label=mark("依据"), max_length=200, required=False,
            help_text=mark("证书、决议、合同等的名称和文号；不填记作本人填写"),
        )  # fmt: skip
        if before is not None and not own:
            self.fields["reason"] = forms.CharField(
                label=REASON, max_length=LONGEST, required=False, widget=forms.Textarea({"rows": 2}),
                help_text=mark("改动已有的内容要写理由，补空白不用"),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Read what was typed; what cannot be read is said at its field."""
        given = super().clean() or {}
        texts = {one.fact.name: given.get(one.fact.name) or "" for one in self.asked}
        self.typed = typed(self.table, texts)
        for name, problem in self.typed.problems.items():
            self.add_error(name, said(problem))
        return given

    def changed(self) -> dict[str, Scalar]:
        """The facts that differ from what stood when the form was opened."""
        stands: Mapping[str, Scalar] = self.before.values() if self.before else {}
        return {
            name: value
            for name, value in self.typed.values.items()
            if value != stands.get(name) and not (value is None and name not in stands)
        }


def _field(one: Asked, table: Evidence) -> forms.Field:
    common: dict[str, Any] = {"label": one.fact.chinese, "help_text": one.fact.note}
    common["required"] = one.fact.required and not (one.fact.name == "no" and bool(table.prefix))
    if one.fact.name == "no" and table.prefix:
        common["help_text"] = mark("不填就给下一个编号")
    if one.choices:
        return forms.ChoiceField(choices=labels(lambda: one.choices, UNKNOWN), **common)
    if one.way == "day":
        return forms.CharField(
            max_length=20, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **common
        )
    widget: forms.Widget = forms.TextInput({"autocomplete": "off"})
    if one.way == "long":
        widget = forms.Textarea({"rows": 4})
    elif one.way == "number":
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(max_length=one.most, widget=widget, **common)


class OfFlag(forms.Form):
    """Which flag is meant, and on which facts it rested when it was looked at."""

    flag = forms.CharField(max_length=500, widget=forms.HiddenInput)
    digest = forms.CharField(max_length=32, widget=forms.HiddenInput)


class Ask(OfFlag):
    """What the enterprise is to explain, until when."""

    words = forms.CharField(
        label=mark("请企业说明什么"), max_length=LONGEST, required=False,
        widget=forms.Textarea({"rows": 2}), help_text=mark("不填就用提示的处理办法"),
    )  # fmt: skip
    due_on = Day(label=mark("期限"))


class Clear(OfFlag):
    """Why a flag need not be shown any more."""

    reason = forms.CharField(
        label=mark("为什么可以不再提示"), max_length=LONGEST, widget=forms.Textarea({"rows": 2}),
        help_text=mark("写明看过什么、为什么没有问题；所依据的内容一变，提示会再出现"),
    )  # fmt: skip


class AddPaper(forms.Form):
    """A file of the enterprise, one that is there or a new one."""

    held = forms.ModelChoiceField(
        EnterpriseFile.objects.none(), label=mark("已有的文件"), required=False,
        empty_label="—", help_text=mark("同一份文件可以证明多项，不必再传"),
    )  # fmt: skip
    file = forms.FileField(
        label=mark("或传新文件"), required=False, max_length=255, allow_empty_file=True,
        widget=forms.ClearableFileInput({"accept": ".pdf,.png,.jpg,.jpeg,.docx,.xlsx"}),
    )  # fmt: skip
    title = forms.CharField(label=mark("新文件的名称"), max_length=200, required=False)

    def __init__(self, *args: Any, enterprise: Enterprise, **more: Any) -> None:
        super().__init__(*args, **more)
        held: Any = self.fields["held"]
        held.queryset = enterprise.files.filter(replaced_by=None).order_by("title", "id")

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        given = super().clean() or {}
        if bool(given.get("held")) == bool(given.get("file")) and not self.errors:
            self.add_error(None, said(mark("请选一份已有的文件，或传一份新的，只选其一")))
        return given


class Use(forms.Form):
    """That a right was used in a recognition."""

    number = forms.CharField(label=mark("授权号"), max_length=60)
    used_by = forms.CharField(
        label=mark("使用企业"), max_length=120, help_text=mark("信用代码或企业名称；外地企业也要登")
    )
    used_on = Day(label=mark("使用日期"))
    successful = forms.ChoiceField(
        label=mark("当次获得认定"), required=False,
        choices=labels(lambda: (("yes", mark("是")), ("no", mark("否"))), UNKNOWN),
    )  # fmt: skip
    valid_to = Day(label=mark("该企业资格有效期至"), required=False)
    document = forms.CharField(label=mark("依据"), max_length=200)


class Named(forms.Form):
    """Who is to be asked on one side, from when."""

    from_on = Day(label=mark("自"))

    def __init__(self, *args: Any, side: ContactSide, enterprise: Enterprise, **more: Any) -> None:
        super().__init__(*args, **more)
        if side == ContactSide.OFFICE:
            roles = (
                Role.IP_OFFICE,
                Role.BUREAU_OFFICER,
                Role.BUREAU_HEAD,
                Role.TOWN_OFFICER,
                Role.ZONE_OFFICER,
            )
            people = User.objects.filter(is_active=True, appointments__role__in=roles).distinct()
            field: Any = forms.ModelChoiceField(people.order_by("name"), label=mark("联系人"))
            field.label_from_instance = lambda person: person.name
            self.fields["person"] = field
        else:
            contacts = Contact.objects.filter(enterprise=enterprise, until_on=None)
            field = forms.ModelChoiceField(contacts, label=mark("联系人"))
            field.label_from_instance = initial_of
            self.fields["contact"] = field


def initial_of(contact: Contact) -> str:
    """A contact without the whole name: who must reach them reads it on the enterprise's page."""
    return f"{contact.name[:1]}＊＊ {contact.duty}".strip()


class Known(forms.Form):
    """As of which day."""

    known = Day(label=mark("截至哪天已知"), required=False)

    def day(self, on: date) -> date:
        """The day, never later than today."""
        found = self.cleaned_data.get("known") if self.is_valid() else None
        return min(found, on) if isinstance(found, date) else on
