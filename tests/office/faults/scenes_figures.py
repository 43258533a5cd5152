"""Figures, yearly reports and imports for the scenes: what an office has of them, every action once."""

# ruff: noqa: E501  a table: an action a line

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation import imports, jobs
from peiyu.office.foundation.files import store
from peiyu.office.foundation.models import ImportBatch, Source, StoredFile
from peiyu.office.foundation.sources import of_document
from peiyu.office.reports import actions as reports
from peiyu.office.reports.models import Basis, FactRequest, Supplier, YearReport
from tests.office.factories import DAY, NOW, again

KINDS = {
    "report": YearReport, "handed": YearReport, "checked": YearReport, "request": FactRequest,
    "table": StoredFile, "word": Source, "reading": ImportBatch, "ready": ImportBatch, "applied": ImportBatch,
}  # fmt: skip
HEADS = ("企业名称", "年度", "销售收入（元）", "研究开发费用总额（元）")
YEAR = 2018


def table(
    rows: Iterable[Sequence[object]], *, by: User, heads: Sequence[str] = HEADS
) -> StoredFile:
    """A stored csv file."""
    text = "\n".join(",".join(map(str, row)) for row in (heads, *rows))
    return store(BytesIO(text.encode()), "a.csv", by=by)


def brought(file: StoredFile, who: User, **options: str) -> ImportBatch:
    """An import that waits to be read."""
    return imports.take_in("reports.statements", file, whose="", options=options, actor=who)


def worked(batch: ImportBatch) -> ImportBatch:
    """What the worker does for it."""
    batch.refresh_from_db()
    jobs.run.func(batch.job_id)
    batch.refresh_from_db()
    return batch


def things(one: Enterprise, other: Enterprise, people: dict[str, User]) -> dict[str, Any]:
    """Reports in each state, imports in each state; `other` holds the figures that were brought."""
    officer, owner = again(people["officer"]), again(people["owner"])
    word = of_document("来电", actor=officer)
    states = {}
    for name, year in (("report", YEAR), ("handed", YEAR - 1), ("checked", YEAR - 2)):
        states[name] = made = reports.open_report(one, year=year, actor=owner)
        reports.save_draft(made, texts={"sales_revenue": "100"}, saved=0, actor=owner)
        if name != "report":
            reports.submit(made, on=DAY, actor=owner)
    reports.check(states["checked"], figures={}, on=DAY, actor=officer)
    file = table([(other.name, YEAR, 5, 1), ("没有登记的公司", YEAR, "约三百", 1)], by=officer)
    older = table([(other.name, YEAR - 1, 5, 1)], by=officer)
    applied = worked(brought(older, officer))
    imports.apply_import(applied, actor=officer)
    ready = worked(brought(file, officer))
    request = reports.ask_facts(
        one, year=YEAR, figures=["rd_total"], supplier=Supplier.ENTERPRISE, due_on=DAY, on=DAY, at=NOW, actor=officer,
    )  # fmt: skip
    return {
        **states, "request": request, "table": file, "word": word,
        "reading": brought(file, officer), "ready": ready, "applied": worked(applied),
    }  # fmt: skip


def stated(scene: Any, value: int, *, seen: int | None = None) -> object:
    """One figure of the first enterprise."""
    return reports.state(
        scene.one, year=YEAR + 1, basis=Basis.AUDITED, figures={"sales_revenue": Decimal(value)},
        source=scene.word, actor=scene.bureau, reason="更正", seen=seen,
    )  # fmt: skip


ACTIONS: dict[str, Callable[[Any], object]] = {
    "reports.state": lambda s: stated(s, 7),
    "reports.verify_items": lambda s: reports.verify_items(s.one, year=YEAR, figures={"sales_revenue": Decimal(7)}, source=s.word, actor=s.bureau),
    "reports.open_report": lambda s: reports.open_report(s.one, year=YEAR - 5, actor=s.owner),
    "reports.save_draft": lambda s: reports.save_draft(s.report, texts={"rd_total": "3万元"}, saved=1, actor=s.owner),
    "reports.submit": lambda s: reports.submit(s.report, on=DAY, actor=s.owner),
    "reports.withdraw_report": lambda s: reports.withdraw_report(s.handed, actor=s.owner),
    "reports.return_report": lambda s: reports.return_report(s.handed, reason="请补", at=NOW, actor=s.officer),
    "reports.check": lambda s: reports.check(s.handed, figures={"sales_revenue": Decimal(7)}, note="已核", on=DAY, actor=s.officer),
    "reports.verify": lambda s: reports.verify(s.checked, figures={"sales_revenue": Decimal(7)}, note="已核", on=DAY, actor=s.bureau),
    "reports.reopen": lambda s: reports.reopen(s.checked, reason="重报", at=NOW, actor=s.bureau),
    "reports.ask_facts": lambda s: reports.ask_facts(s.one, year=YEAR, figures=["sales_revenue"], supplier=Supplier.TAX, due_on=DAY + timedelta(days=9), words="请补", on=DAY, at=NOW, actor=s.bureau),
    "reports.withdraw_request": lambda s: reports.withdraw_request(s.request, on=DAY, actor=s.bureau),
    "foundation.take_in": lambda s: brought(s.table, s.officer),
    "foundation.map_columns": lambda s: imports.map_columns(s.ready, {"研究开发费用总额（元）": ""}, actor=s.officer),
    "foundation.choose": lambda s: imports.choose(s.ready, chosen=[2], left=[1], actor=s.officer),
    "foundation.choose_all": lambda s: imports.choose_all(s.ready, "new", chosen=False, actor=s.officer),
    "foundation.mend": lambda s: imports.mend(s.ready, 2, {"sales_revenue": "300", "name": s.other.name, "year": "2016"}, actor=s.officer),
    "foundation.drop": lambda s: imports.drop(s.ready, actor=s.officer),
    "foundation.apply_import": lambda s: imports.apply_import(s.ready, actor=s.officer),
    "foundation.undo_import": lambda s: imports.undo_import(s.applied, actor=s.officer),
}  # fmt: skip
TWICE = (
    "reports.submit", "reports.verify", "foundation.apply_import", "foundation.undo_import",
)  # fmt: skip
"""What only one of two may do; before the enterprises are merged."""
