"""What one fills in about certificates and the rest. Forms read types and lengths; the actions hold the rules."""

from __future__ import annotations

from typing import Any

from django import forms

from peiyu.office.foundation.refusals import Refused
from peiyu.office.qualifications.models import (
    ChangeKind,
    EventKind,
    TitleKind,
    TitleLevel,
)
from peiyu.office.web.accounts.forms import Day, labels
from peiyu.office.web.documents import LARGEST, Documented
from peiyu.office.web.enterprises.forms import LONG, reason
from peiyu.words import mark, message


class PaperForm(Documented):
    """What a certificate says."""

    number = forms.CharField(
        label=mark("证书编号"), max_length=60, help_text=mark("GR开头，共14位，照证书填")
    )
    issued_on = Day(label=mark("发证日期"), help_text=mark("证书上印的日期，不是公告日期"))
    printed_end_on = Day(
        label=mark("证书印的截止日"), required=False,
        help_text=mark("证书没有印就不填，按办法的有效期算"),
    )  # fmt: skip
    publicity_on = Day(label=mark("公示日期"), required=False)
    approved_on = Day(label=mark("批复日期"), required=False)
    issued_here = forms.ChoiceField(
        label=mark("发证时企业在"),
        choices=labels(lambda: (("yes", mark("本市")), ("no", mark("外地")))),
        help_text=mark("外地发的证书，整体迁入以后才计入本市"),
    )
    name = forms.CharField(
        label=mark("证书上的企业名称"), max_length=200, required=False,
        help_text=mark("不填就用发证那天的名称"),
    )  # fmt: skip
    issuer = forms.CharField(label=mark("认定机构"), max_length=200, required=False)
    field_order = (
        "enterprise", "number", "issued_on", "printed_end_on", "issued_here", "publicity_on",
        "approved_on", "name", "issuer", "reason", "title", "document", "dated_on", "seen",
    )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """As the action takes them."""
        found = self.rest("enterprise", "reason", "seen")
        found["issued_here"] = found["issued_here"] == "yes"
        return found


class NewPaper(PaperForm):
    """A certificate of an enterprise that is named."""

    enterprise = forms.CharField(
        label=mark("企业：信用代码或全称"), max_length=200,
        help_text=mark("须与企业库里的一致；也可以从企业页面的“证书与资格”登记"),
    )  # fmt: skip


class CorrectedPaper(PaperForm):
    """A correction, with the version that was seen."""

    reason = reason()
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=LARGEST)


class EventForm(Documented):
    """What happened to a certificate; the fields that its kind asks."""

    happened_on = Day(label=mark("发生日期"))
    words = forms.CharField(
        label=mark("说明"), max_length=LONG, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    field_order = (
        "happened_on", "from_on", "name", "ends", "words", "title", "document", "dated_on",
    )  # fmt: skip

    def __init__(self, *args: Any, kind: EventKind, **more: Any) -> None:
        super().__init__(*args, **more)
        if kind == EventKind.REVOKED:
            self.fields["happened_on"].label = mark("取消决定的日期")
            self.fields["from_on"] = Day(
                label=mark("自哪天起取消"), required=False,
                help_text=mark("一般自行为发生的年度起，如2018-01-01；不填即决定当日"),
            )  # fmt: skip
            self.fields["words"].label = mark("取消的情形")
        if kind == EventKind.RENAMED:
            self.fields["name"] = forms.CharField(label=mark("新名称"), max_length=200)
        if kind in (EventKind.SPLIT, EventKind.MERGED):
            self.fields["ends"] = forms.BooleanField(
                label=mark("资格随之终止"), required=False,
                help_text=mark("不再符合条件、企业不再存在的才选；资格仍在的不选"),
            )  # fmt: skip
        self.order_fields(self.field_order)


class TechSmeForm(Documented):
    """A number of a technology SME."""

    number = forms.CharField(
        label=mark("入库登记编号"), max_length=60, help_text=mark("18位，年份在编号里")
    )
    issued_on = Day(label=mark("公布日期"), required=False)
    field_order = ("number", "issued_on", "title", "document", "dated_on")


class TitleForm(Documented):
    """A title."""

    kind = forms.ChoiceField(label=mark("称号"), choices=labels(lambda: TitleKind.choices))
    level = forms.ChoiceField(label=mark("级别"), choices=labels(lambda: TitleLevel.choices))
    awarded_on = Day(label=mark("授予日期"))
    ends_on = Day(label=mark("有效期至"), required=False)
    name = forms.CharField(label=mark("称号全称"), max_length=200, required=False)
    number = forms.CharField(label=mark("证书号"), max_length=100, required=False)
    field_order = (
        "kind", "level", "awarded_on", "ends_on", "name", "number", "title", "document", "dated_on",
    )  # fmt: skip


class ReportForm(forms.Form):
    """When the annual report was filed."""

    filed_on = Day(label=mark("在认定工作网填报的日期"), required=False)
    not_filed = forms.BooleanField(label=mark("查实没有填报"), required=False)
    reason = reason(required=False)

    def __init__(self, *args: Any, may_say_not: bool, corrects: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not may_say_not:
            del self.fields["not_filed"]
        if corrects:
            self.fields["reason"].help_text = mark("改动已登记的要写明理由")
        else:
            del self.fields["reason"]

    def filed(self) -> Any:
        """The day, or None where it was not filed.

        Raises:
            Refused: neither was said, or both.
        """
        day, not_filed = self.cleaned_data["filed_on"], self.cleaned_data.get("not_filed", False)
        if bool(day) == bool(not_filed):
            said = message("请填填报日期，或选“查实没有填报”，两者选一")
            raise Refused(
                said if "not_filed" in self.fields else message("请填填报日期"), field="filed_on"
            )
        return day


class ChangeForm(Documented):
    """That a change was reported."""

    kind = forms.ChoiceField(label=mark("什么变化"), choices=labels(lambda: ChangeKind.choices))
    happened_on = Day(label=mark("发生日期"))
    reported_on = Day(label=mark("向认定机构报告的日期"))
    words = forms.CharField(label=mark("说明"), max_length=LONG, required=False)
    field_order = (
        "kind", "happened_on", "reported_on", "words", "title", "document", "dated_on",
    )  # fmt: skip


class Struck(forms.Form):
    """From when something no longer holds."""

    revoked_on = Day(label=mark("撤销日期"))
    reason = reason()


class ListDay(forms.Form):
    """The day on the certificates of a list."""

    issued_on = Day(label=mark("证书上的发证日期"), required=False)
