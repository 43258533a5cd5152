"""Seven years of figures on two bases for everybody; then a table of figures brought, and undone."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

YEARS = range(2012, 2019)
BASES = ("declared", "audited")
FIGURES_BROUGHT = 18
"""With name and year a table of twenty columns."""


def state_everything() -> int:
    """A statement for each enterprise, year and basis, copied from one in the database itself."""
    from django.db import connection

    from peiyu.office.accounts.models import User
    from peiyu.office.enterprises.models import Enterprise
    from peiyu.office.foundation.models import Source
    from peiyu.office.foundation.sources import of_document
    from peiyu.office.reports.actions.statements import sealed
    from peiyu.office.reports.models import FIGURES, Statement

    officer = User.objects.get(username="bureau")
    source: Source = of_document("年报", actor=officer)
    first = Enterprise.objects.order_by("pk").first()
    at = datetime(2019, 1, 7, tzinfo=UTC)
    for year in YEARS:
        for number, basis in enumerate(BASES):
            row = Statement(
                enterprise=first, year=year, basis=basis, version=1, source=source, recorded_at=at,
                recorded_on=date(year + 1, 3 + number, 7), recorded_by=officer,
            )  # fmt: skip
            for at_, name in enumerate(FIGURES):
                setattr(row, name, Decimal(at_ + 1) + number)
            sealed(row).save()
    columns = [f.column for f in Statement._meta.concrete_fields if f.column != "id"]
    others = [name for name in columns if name != "enterprise_id"]
    listed = ", ".join(f's."{name}"' for name in others)
    names = ", ".join(f'"{name}"' for name in others)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO reports_statement ("enterprise_id", {names}) SELECT e.id, {listed} '
            "FROM enterprises_enterprise e CROSS JOIN reports_statement s WHERE e.id <> %s",
            [first.pk],
        )
        cursor.execute("ANALYZE")
    return Statement.objects.count()


def bring(rows: int) -> dict[str, float]:
    """Seconds to read, apply, read again and undo a table of so many rows × twenty columns."""
    import xlsxwriter
    from django_tasks_db.models import DBTaskResult

    from peiyu.office.accounts.models import User
    from peiyu.office.enterprises.models import Enterprise
    from peiyu.office.foundation import imports
    from peiyu.office.foundation.files import store
    from peiyu.office.foundation.jobs import run
    from peiyu.office.reports.models import FIGURES

    officer = User.objects.get(username="bureau")
    random = Random("brought")
    names = list(FIGURES)[:FIGURES_BROUGHT]
    found: dict[str, float] = {}

    def batch_of(path: Path) -> imports.ImportBatch:
        with path.open("rb") as content:
            file = store(content, path.name, by=officer)
        return imports.take_in(
            "reports.statements",
            file,
            whose="",
            options={"basis": "declared", "unit": "元"},
            actor=officer,
        )

    def timed(what: str) -> None:
        began = time.perf_counter()
        for note in list(DBTaskResult.objects.ready()):
            note.delete()
            run.func(*note.args_kwargs["args"])
        found[what] = time.perf_counter() - began

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.xlsx"
        with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
            page = book.add_worksheet("年度数据")
            page.write_row(
                0, 0, ["企业名称", "信用代码", "年度", *(FIGURES[n].chinese for n in names)]
            )
            firms = Enterprise.objects.order_by("pk").values_list("name", "code")[:rows]
            for at, (name, code) in enumerate(firms, 1):
                figures = [random.randrange(10**9) / 100 for _ in names]
                page.write_row(at, 0, [name, code, 2019, *figures])
        batch = batch_of(path)
        timed("preview")
        batch.refresh_from_db()
        assert batch.counts.get("new", 0) > rows * 0.98, batch.counts
        imports.apply_import(batch, actor=officer)
        timed("apply")
        again = batch_of(path)
        timed("the same again")
        again.refresh_from_db()
        assert not again.counts.get("new"), again.counts
        batch.refresh_from_db()
        imports.undo_import(batch, actor=officer)
        timed("undo")
    return found
