"""Imports of many rows killed and taken up again, and done at the same moment; see the tests."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from peiyu.office.accounts.models import Role, User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation import imports, jobs
from peiyu.office.foundation.kept import message_of
from peiyu.office.foundation.models import ImportBatch, Job, RecordLine
from peiyu.office.foundation.sources import of_document
from peiyu.office.foundation.verification import verify
from peiyu.office.reports.actions import state
from peiyu.office.reports.actions.statements import newest, seal_of
from peiyu.office.reports.models import Basis, Statement
from tests.office.factories import again, body, enterprise, person
from tests.office.faults.scenes import Counting, at_once, forked
from tests.office.faults.scenes_figures import brought, table, worked

ROWS, STEP = 300, 30
TENTHS = 10
YEARS = (2015, 2016, 2017, 2018)
PLACES = tuple((at % (ROWS // len(YEARS)), YEARS[at * len(YEARS) // ROWS]) for at in range(ROWS))
"""Which enterprise and year each row of the file is of."""
FIGURES = ("sales_revenue", "rd_total")
AGAIN = timedelta(minutes=20)
"""So much later the leases of whoever died are over."""


def prepared() -> dict[str, Any]:
    """A town with its enterprises, two officers; every third row has a figure already."""
    town = body()
    firms = [enterprise(town=town) for _ in range(ROWS // len(YEARS))]
    officers = [person(Role.TOWN_OFFICER, town) for _ in range(2)]
    file = table(
        [(firms[at].name, year, at + 1, at + 2) for at, year in PLACES[::3]], by=officers[0]
    )
    batch = worked(brought(file, officers[0]))
    imports.apply_import(batch, actor=officers[0])
    worked(batch)
    return {"firms": [one.pk for one in firms], "officers": [one.pk for one in officers]}


class Town:
    """What was prepared, loaded anew."""

    def __init__(self, keys: dict[str, Any]) -> None:
        firms = Enterprise.objects.in_bulk(keys["firms"])
        self.firms = [firms[key] for key in keys["firms"]]
        self.officers = [again(User(pk=key)) for key in keys["officers"]]

    def standing(self) -> dict[str, Any]:
        """What stands at each place; a place where nothing stands any more is none."""
        found = newest((one.pk, year, Basis.DECLARED) for one in self.firms for year in YEARS)
        return {
            f"{key} {year}": {name: str(value) for name, value in row.stated().items()}
            for (key, year, _), row in found.items()
            if not row.withdrawn
        }


# -- killed in the middle


def _work(batch: ImportBatch, number: int) -> Any:
    """What one worker does, to its end or until it is killed at one of its statements."""
    counting = Counting(number)

    def act() -> int:
        imports.STEP = STEP
        with connection.execute_wrapper(counting):
            jobs.run.func(batch.job_id)
        return counting.number

    return forked(act)


def _phase(batch: ImportBatch, tenth: int, last: int) -> dict[str, Any]:
    """A worker that is killed, and the next one; without `tenth`, one that is not."""
    batch.refresh_from_db()
    number = max(1, last * tenth // TENTHS)
    ended, said = _work(batch, number if tenth else 0)
    if tenth:
        jobs.revive(timezone.now() + AGAIN)
        _work(batch, 0)
    batch.refresh_from_db()
    job = Job.objects.get(pk=batch.job_id)
    return {"ended": ended, "said": said, "job": job.state, "state": batch.state}


def _rows(batch: ImportBatch) -> list[Any]:
    fields = ("number", "place", "name", "values", "changes", "outcome", "applied", "problems")
    return list(batch.rows.order_by("number").values_list(*fields))


def _made(town: Town, batch: ImportBatch) -> dict[str, Any]:
    """What an import has made so far: versions a place, lines of the record, what stands."""
    made = Statement.objects.filter(batch=batch)
    a_place = made.values("enterprise", "year").annotate(number=Count("pk")).order_by()
    keys = [str(key) for key in made.values_list("pk", flat=True)]
    lines = RecordLine.objects.filter(label="reports.statement")
    return {
        "versions": sorted(set(a_place.values_list("number", flat=True))),
        "places": a_place.count(),
        "lines": sum(line.key in set(keys) for line in lines.only("key")) - len(keys),
        "broken": sum(one.seal != seal_of(one) for one in made),
        "gaps": _gaps(),
        "standing": town.standing(),
    }


def _gaps() -> int:
    """Places whose versions are not 1, 2, 3 …"""
    versions: dict[tuple[object, ...], list[int]] = {}
    rows = Statement.objects.order_by("version").values_list(
        "enterprise", "year", "basis", "version"
    )
    for *place, version in rows:
        versions.setdefault(tuple(place), []).append(version)
    return sum(found != list(range(1, len(found) + 1)) for found in versions.values())


def killed(town: Town) -> dict[str, Any]:
    """Read, apply and undo the same file, each killed at every tenth of its statements."""
    officer = town.officers[0]
    file = table([(town.firms[at].name, year, at + 1, 7) for at, year in PLACES], by=officer)
    before, last = town.standing(), {"read": 0, "apply": 0, "undo": 0}
    told: list[dict[str, Any]] = []
    for tenth in range(TENTHS + 1):
        batch = brought(file, officer)
        found: dict[str, Any] = {"read": _phase(batch, tenth, last["read"]), "rows": _rows(batch)}
        imports.apply_import(batch, actor=officer)
        found |= {"apply": _phase(batch, tenth, last["apply"]), "applied": _rows(batch)}
        found["made"] = _made(town, batch)
        imports.undo_import(batch, actor=officer)
        found |= {"undo": _phase(batch, tenth, last["undo"]), "undone": _rows(batch)}
        found["taken back"] = _made(town, batch)
        found["restored"] = town.standing() == before
        if not tenth:
            last = {name: found[name]["said"] for name in last}
        told.append(found)
    return {"told": _against_the_first(told), "statements": last, "first": _summary(told[0])}


def _summary(found: dict[str, Any]) -> dict[str, Any]:
    outcomes = [row[5] for row in found["applied"]]
    return {
        "rows": len(outcomes), "new": outcomes.count("new"), "changed": outcomes.count("changed"),
        "applied": sum(row[6] for row in found["applied"]),
        "undone": sum(not row[6] for row in found["undone"]),
        "made": {k: v for k, v in found["made"].items() if k != "standing"},
        "taken back": {k: v for k, v in found["taken back"].items() if k != "standing"},
        "states": [found[name]["state"] for name in ("read", "apply", "undo")],
        "restored": found["restored"],
    }  # fmt: skip


def _against_the_first(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of each killed one: how its workers ended, and what is otherwise than without a kill."""
    first = told[0]
    same = ("rows", "applied", "made", "undone", "taken back", "restored")
    return [
        {
            "ended": [one[name]["ended"] for name in ("read", "apply", "undo")],
            "jobs": [one[name]["job"] for name in ("read", "apply", "undo")],
            "states": [one[name]["state"] for name in ("read", "apply", "undo")],
            "otherwise": [name for name in same if one[name] != first[name]],
        }
        for one in told[1:]
    ]


# -- at the same moment


def _drained(batch: ImportBatch) -> None:
    """What the workers do: a job that broke off is queued and taken up anew."""
    for _ in range(jobs.MOST_ATTEMPTS + 1):
        jobs.run.func(batch.job_id)


def two_imports(town: Town) -> dict[str, Any]:
    """Two officers, two files on the same years; the second in another order.

    Half of the places get different figures of the same name, half figures of different names.
    """
    imports.STEP = STEP
    both = []
    for at, officer in enumerate(town.officers):
        rows = []
        for place, (firm, year) in enumerate(PLACES):
            values = [f"9{place}{at + 1}", ""] if place % 2 else ["", ""]
            if not place % 2:
                values[at] = f"9{place}{at + 1}"
            rows.append((town.firms[firm].name, year, *values))
        if at:
            random.Random(3).shuffle(rows)
        both.append(worked(brought(table(rows, by=officer), officer)))
    before = town.standing()
    previewed = [{row.pk: row.changes for row in batch.rows.all()} for batch in both]
    both = [
        imports.apply_import(batch, actor=officer)
        for batch, officer in zip(both, town.officers, strict=True)
    ]
    came = at_once(*[lambda batch=batch: _drained(batch) for batch in both])
    after = town.standing()
    wrong, refused, applied = [], 0, 0
    wanted: dict[str, dict[str, set[str]]] = {}
    for batch, seen in zip(both, previewed, strict=True):
        batch.refresh_from_db()
        for row in batch.rows.all():
            place = f"{row.target} {row.values['year']}"
            if row.applied:
                applied += 1
                if row.changes != seen[row.pk]:
                    wrong.append(["not as previewed", place])
                for name, (_, new) in row.changes.items():
                    text = str(Decimal(new).scaleb(-2))
                    wanted.setdefault(place, {}).setdefault(name, set()).add(text)
            else:
                refused += 1
                said = message_of(row.problems[0]["rule"]).say() if row.problems else ""
                if not said.startswith("预览之后"):
                    wrong.append([row.outcome, place, said])
    for place, stands in after.items():
        for name in FIGURES:
            old = before.get(place, {}).get(name)
            new = wanted.get(place, {}).get(name, {old} - {None})
            if {stands.get(name)} - {None} != new:
                wrong.append(["lost", place, name, old, stands.get(name), sorted(new)])
    attempts = [Job.objects.get(pk=batch.job_id) for batch in both]
    return {
        "came": came, "states": [batch.state for batch in both], "wrong": wrong[:10],
        "refused": refused, "applied": applied, "gaps": _gaps(), "rows": 2 * ROWS,
        "jobs": [job.state for job in attempts], "attempts": [job.attempts for job in attempts],
    }  # fmt: skip


def two_people(town: Town) -> list[dict[str, Any]]:
    """Two state the same cell at once, having seen the same; ten times, on ever newer versions."""
    source = of_document("来电", actor=town.officers[0])
    told = []
    for turn in range(10):
        firm = town.firms[turn % 3]
        place = (firm.pk, YEARS[0], Basis.AUDITED)
        stands = newest([place]).get(place)
        seen = stands.version if stands else 0

        def act(at: int, officer: User, *, turn: int = turn, firm: Any = firm, seen: int = seen) -> None:  # fmt: skip
            state(
                firm, year=YEARS[0], basis=Basis.AUDITED, source=source, actor=officer, seen=seen,
                figures={"sales_revenue": Decimal(100 * turn + at)}, reason="更正",
            )  # fmt: skip

        came = at_once(
            *[lambda at=at, who=who: act(at, who) for at, who in enumerate(town.officers)]
        )
        now = newest([place])[place]
        told.append(
            {
                "came": came,
                "more": now.version - seen,
                "stands": int(now.figure("sales_revenue") or 0) - 100 * turn,
            }
        )
    return told


def import_and_person(town: Town) -> dict[str, Any]:
    """An import of every place while somebody states them one by one; none of the two breaks off."""
    imports.STEP = STEP
    officer, other = town.officers
    rows = [(town.firms[at].name, year, place + 1, "") for place, (at, year) in enumerate(PLACES)]
    batch = worked(brought(table(rows, by=officer), officer))
    batch = imports.apply_import(batch, actor=officer)
    source = of_document("来电", actor=other)

    def by_hand() -> None:
        for at, year in PLACES[::7]:
            state(
                town.firms[at], year=year, basis=Basis.DECLARED, source=source, actor=other,
                figures={"sales_revenue": Decimal(999_999)}, reason="更正",
            )  # fmt: skip

    came = at_once(lambda: _drained(batch), by_hand)
    batch.refresh_from_db()
    job = Job.objects.get(pk=batch.job_id)
    standing = town.standing()
    lost = [
        place
        for at, year in PLACES[::7]
        if standing[place := f"{town.firms[at].pk} {year}"].get("sales_revenue") != "999999.00"
        and not Statement.objects.filter(
            enterprise=town.firms[at], year=year, basis=Basis.DECLARED, sales_revenue=999_999
        ).exists()
    ]
    return {"came": came, "job": job.state, "attempts": job.attempts, "lost": lost, "gaps": _gaps()}


def main(what: str) -> None:
    """`prepare`, or what the function of that name does."""
    keys = settings.HOME / "town.json"
    if what == "prepare":
        keys.write_text(json.dumps(prepared()))
        return
    acts = {
        "killed": killed, "two_imports": two_imports, "two_people": two_people,
        "import_and_person": import_and_person,
    }  # fmt: skip
    told = acts[what](Town(json.loads(keys.read_text())))
    whole = verify()
    print(json.dumps({"told": told, "whole": whole.whole, "said": whole.message.say()}))
