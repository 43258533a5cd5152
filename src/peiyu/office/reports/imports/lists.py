"""Lists that others published: of tech SMEs, of those recognised; matched to the registry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, cast

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.matching import matched
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.enterprises.owners import settle
from peiyu.office.enterprises.permissions import is_bureau
from peiyu.office.foundation.days import office_now
from peiyu.office.foundation.imports import ImportKind, Options, problem
from peiyu.office.foundation.models import ImportBatch, ImportRow, RowOutcome
from peiyu.office.foundation.record import write
from peiyu.office.reports.models import ListedName, ListKind, PublishedList
from peiyu.tables.layout import Column, Kind, Layout, Sheet
from peiyu.words import Message, mark, message

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

COLUMNS = (
    Column("name", ("企业名称", "单位名称", "名称", "公司名称", "Enterprise"), Kind.TEXT, maximum=200, required=True),
    Column("code", ("统一社会信用代码", "社会信用代码", "信用代码", "Credit code"), Kind.CODE, maximum=30),
    Column("entry", ("入库登记编号", "登记编号", "证书编号", "编号", "Number"), Kind.CODE, maximum=60),
    Column("territory", ("所属地区", "注册地", "区域", "地市", "所在地", "Place"), Kind.TEXT, maximum=100),
)  # fmt: skip


def layout(options: Options, headings: Mapping[str, Sequence[str]], on: date) -> Layout:
    """One row an enterprise."""
    columns = tuple(
        Column(
            c.name,
            (*c.headings, *headings.get(c.name, ())),
            c.kind,
            maximum=c.maximum,
            required=c.required,
        )
        for c in COLUMNS
    )
    return (
        Sheet(
            name="list",
            titles=("名单", "附件", "Sheet1", "List"),
            columns=columns,
            key=("name", "code"),
        ),
    )


def judge(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """Whom each entry means; one that nobody of the registry is, is kept all the same."""
    chosen = [row.values.get("target") for row in rows]
    found = matched([(row.values.get("code", ""), row.values.get("name", "")) for row in rows])
    there = {
        (name, code, entry): target or 0
        for name, code, entry, target in ListedName.objects.filter(
            published__kind=_kind(batch),
            published__title=_title(batch),
            published__withdrawn_at=None,
            name__in=[row.values.get("name", "") for row in rows],
        ).values_list("name", "code", "entry", "enterprise")
    }
    by_hands = {int(key) for key in chosen if key}
    living = set(Enterprise.objects.living().filter(pk__in=by_hands).values_list("pk", flat=True))
    for row, one, by_hand in zip(rows, found, chosen, strict=True):
        row.problems = [p for p in row.problems if p["column"] or p["address"]]
        row.target, row.candidates = one.enterprise, list(one.candidates)
        if by_hand is not None:
            row.target, row.candidates = (int(by_hand) or None), []
        if by_hand and row.target not in living:
            row.target = None
            row.problems.append(
                problem(message("选定的企业不在企业库里"), message("请重新选定，或再传一次文件"))
            )
        if row.problems:
            row.outcome = RowOutcome.REFUSED
            continue
        if row.candidates and by_hand is None:
            row.outcome = RowOutcome.DOUBTFUL
            row.problems.append(
                problem(one.why or message(""), message("请选定是哪一家，或选“都不是”"))
            )
            continue
        entry = (
            row.values.get("name", ""),
            row.values.get("code", ""),
            row.values.get("entry", ""),
        )
        if entry in there and there[entry] == (row.target or 0):
            settle(row, {}, new=False)
        else:
            settle(
                row,
                {name: (None, row.values[name]) for name in row.values if name != "target"},
                new=True,
            )


def apply(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """Keep the entries; the list itself with the first of them."""
    assert batch.source is not None
    published, fresh = PublishedList.objects.get_or_create(
        batch=batch,
        defaults={
            "kind": _kind(batch), "title": _title(batch), "number": batch.options.get("number", "")[:100],
            "published_on": _day(batch), "source": batch.source, "entered_by": cast(User, actor),
        },
    )  # fmt: skip
    if fresh:
        write(
            actor=actor,
            action="reports.publishedlist.enter",
            thing=published,
            changes={"title": (None, published.title), "kind": (None, published.kind)},
        )
    made = ListedName.objects.bulk_create(
        [
            ListedName(
                published=published, place=row.number, name=row.values.get("name", "")[:200],
                code=row.values.get("code", "")[:18], entry=row.values.get("entry", "")[:60],
                territory=row.values.get("territory", "")[:100], enterprise_id=row.target,
            )
            for row in rows
        ],
        batch_size=200,
    )  # fmt: skip
    for row, one in zip(rows, made, strict=True):
        row.made = one.pk


def undo(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """The entries no longer stand; with the first of them the list itself is withdrawn."""
    ListedName.objects.filter(pk__in=[row.made for row in rows]).update(withdrawn=True)
    published = PublishedList.objects.filter(batch=batch, withdrawn_at=None).first()
    if published is not None:
        published.withdrawn_at = office_now()
        published.save(update_fields=["withdrawn_at"])
        write(
            actor=actor,
            action="reports.publishedlist.withdraw",
            thing=published,
            changes={"withdrawn_at": (None, published.withdrawn_at)},
        )


def builds_on(
    batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser
) -> dict[int, Message]:
    """Nothing stands on an entry of a list yet."""
    return {}


def _kind(batch: ImportBatch) -> str:
    given = batch.options.get("list_kind", "")
    return str(given) if given in ListKind.values else str(ListKind.OTHER)


def _title(batch: ImportBatch) -> str:
    return str(batch.options.get("title") or batch.title)[:200]


def _day(batch: ImportBatch) -> date | None:
    try:
        return date.fromisoformat(str(batch.options.get("published_on") or ""))
    except ValueError:
        return None


LISTS = ImportKind(
    name="reports.lists",
    title=mark("公布的名单"),
    layout=layout, judge=judge, apply=apply, undo=undo, builds_on=builds_on,
    may=lambda person: is_bureau(cast(User, person)),
    asks=("list_kind", "title", "number", "published_on"),
    choices={"list_kind": tuple((str(one), one.label) for one in ListKind)},
)  # fmt: skip
