"""Every part of the look on one page, for those who build pages; demo and debug only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import ClassVar

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from peiyu.office.foundation.refusals import Conflict, Difference
from peiyu.office.web.tables import Column, Due, Link, Pager, Person, Row, Status, Table
from peiyu.words import mark, message


@dataclass(frozen=True, slots=True)
class Sample:
    """Something a part shows: its fields are those that the part's header names."""

    label: str = ""
    note: str = ""
    state: str = ""
    href: str = "#"
    number: int | None = None
    current: bool = False
    at: date | datetime | None = None
    text: str = ""
    by: str = ""


COLUMNS = (
    Column("name", "企业", kind="link", sort="name", phone="l1"),
    Column("town", "镇、街道", kind="text"),
    Column("stage", "阶段", kind="tag", phone="hidden"),
    Column("verdict", "判断", kind="status"),
    Column("person", "责任人", kind="person", named=True),
    Column("due", "下个期限", kind="due", sort="due"),
    Column("income", "营收", kind="wan", unit=mark("万元"), sort="income", phone="hidden"),
)
ROWS = (
    ("砺新智能装备", "克井镇", Status("bad", "不符合"), Due(date(2018, 8, 10), -3), "43862000"),
    ("铸远精密锻造", "克井镇", Status("met", "符合"), Due(date(2018, 8, 15), 0), "72156600"),
    ("丰穗种业", "坡头镇", Status("unk", "资料不足"), Due(date(2018, 8, 16), 1), "19623000"),
    ("沁储新能源", "承留镇", Status("exp", "专家判断"), Due(date(2018, 8, 27), 12), "218745012.34"),
)


class SampleForm(forms.Form):
    """A form with each kind of field."""

    units: ClassVar = {"income": "万元"}
    uses: ClassVar = {"income": "用于：第六项条件"}
    income = forms.DecimalField(
        label=mark("高新技术产品（服务）收入"),
        help_text=mark("产品（服务）收入＋技术性收入，按专项审计报告填。"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    town = forms.ChoiceField(label=mark("所在镇"), choices=[("", "—"), ("1", "克井镇")])
    note = forms.CharField(
        label=mark("说明"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    kind = forms.ChoiceField(
        label=mark("怎样去"),
        choices=[("a", mark("上门")), ("b", mark("电话"))],
        widget=forms.RadioSelect,
    )
    sure = forms.BooleanField(label=mark("已当面核对"), required=False)
    paper = forms.FileField(label=mark("专项审计报告"), required=False)


def _table(request: HttpRequest) -> Table:
    rows = [
        Row(
            key=number,
            name=name,
            values={
                "name": Link(name, "#"),
                "town": town,
                "stage": mark("重点培育"),
                "verdict": verdict,
                "person": Person("赵丽娟", town),
                "due": due,
                "income": Decimal(income),
            },
        )
        for number, (name, town, verdict, due, income) in enumerate(ROWS)
    ]
    return Table(
        COLUMNS, rows, order="due", query=request.GET, label=mark("企业列表"), choose=True,
        chosen=frozenset({2}),
    )  # fmt: skip


def components(request: HttpRequest) -> HttpResponse:
    """The page; nothing on it is true."""
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    form = SampleForm(
        request.POST or {"income": "4685.00", "town": "1", "kind": "a"}, request.FILES or None
    )
    if "income" not in form.errors:
        form.add_error("income", "填的4,685.00大于总收入4,431.85。请核对。")
    conflict = Conflict(
        message("{who}刚存过，和您的不同", who="韩文博"),
        (Difference(mark("联系电话"), "0391-6633000", "0391-6633001"),),
    )
    steps = [
        Sample(mark("科技型中小企业"), "2018-04-26", "done"),
        Sample(mark("后备企业"), "2017-03-20", "done"),
        Sample(mark("重点培育"), "2018-03-15", "now"),
        Sample(mark("申报"), "2018-09-14"),
        Sample(mark("高新技术企业")),
    ]
    entries = [
        Sample(at=datetime(2018, 8, 15, tzinfo=UTC), text="第3次测评", by="系统"),
        Sample(at=date(2018, 8, 6), text="会审补正通知2项", by="李晓梅，JYHS-2018-031"),
    ]
    return render(
        request,
        "components.html",
        {
            "form": form,
            "table": _table(request),
            "pager": Pager(4, 46, next="?after=4"),
            "conflict": conflict,
            "steps": steps,
            "entries": entries,
            "views": [
                Sample(mark("全部"), number=318),
                Sample(mark("我负责"), number=16, current=True),
            ],
            "chips": [Sample("阶段：后备企业、重点培育"), Sample("下个期限：30天内")],
            "days": [
                (date(2018, 8, 10), -3), (date(2018, 8, 16), 1), (date(2018, 8, 27), 12),
            ],
            "outcomes": [
                ("met", mark("符合")), ("bad", mark("不符合")), ("unk", mark("资料不足")),
                ("exp", mark("专家判断")), ("na", mark("不适用")), ("go", mark("办理中")),
                ("late", mark("逾期")),
            ],
            "amount": Decimal("43862000"),
        },
    )  # fmt: skip
