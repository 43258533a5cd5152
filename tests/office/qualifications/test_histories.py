"""Random histories: what is counted equals a plain account of all that was done, on any day, as known on any.

The account below keeps what was done as a list and counts by walking through all of it; it knows nothing
of tables, caches and queries.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from peiyu.office.accounts.models import BodyKind, Role
from peiyu.office.desk.merging import merge_entries
from peiyu.office.enterprises.actions import move
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.models import OfficeDay
from peiyu.office.foundation.refusals import Refused
from peiyu.office.qualifications import actions
from peiyu.office.qualifications.holding import periods_of
from peiyu.office.qualifications.known import certificates_known
from peiyu.office.qualifications.models import (
    Certificate,
    CertificateEvent,
    EventKind,
    Holding,
)
from peiyu.office.qualifications.queries import (
    newly,
    recognised_in,
    stock_on,
    stock_series,
    tallies,
)
from tests.office.factories import LONG_AGO, body, enterprise, person
from tests.office.qualifications.given import certificate, event, paper

FIRST, LAST = date(2012, 1, 1), date(2024, 12, 31)
BEGUN = date(2018, 2, 2)
DAYS = st.builds(
    date, st.integers(2013, 2019), st.sampled_from([1, 3, 7, 12]), st.sampled_from([1, 2, 15])
)
ISSUED = st.builds(
    date, st.integers(2013, 2018), st.sampled_from([1, 7, 12]), st.sampled_from([1, 15])
)
"""Few days, so that things meet."""
NUMBER, YES = st.integers(0, 99), st.booleans()
FIRM, LATER = st.integers(0, 3), st.integers(-30, 60)
FOUR_DAYS = st.lists(DAYS, min_size=4, max_size=4)
THREE = st.lists(NUMBER, min_size=3, max_size=3)
READINGS = [
    {"counted_day": day, "first_recognition": first, "gap_begins": gap, "after_gap": after,
     "newly_recognised": moved}
    for day, first, gap, after, moved in [
        ("issued", "ever_anywhere", "next_year", "again", "first_only"),
        ("publicity", "ever_here", "next_day", "first", "with_moved_in"),
    ]
]  # fmt: skip


@dataclass
class Told:
    """A certificate as it was told on one day, and until when that stood."""

    on: date
    firm: int
    issued: date
    publicity: date | None
    end: date
    here: bool
    until: date = date.max


@dataclass
class Happened:
    """An event as told, and until when it stood."""

    kind: str
    on: date
    counts: date
    ends: bool
    told: date
    until: date = date.max


@dataclass
class Account:
    """All that was done, and the plain count over all of it."""

    papers: dict[int, list[Told]] = field(default_factory=dict)
    events: dict[int, dict[int, Happened]] = field(default_factory=dict)
    homes: dict[int, list[tuple[date, date, int]]] = field(default_factory=dict)
    """For each firm: since when it lies there, when that was told, where."""

    def stands(self, known):
        """The certificates as known on a day."""
        for key, versions in self.papers.items():
            for one in versions:
                if one.on <= known < one.until:
                    yield key, one

    def counts(self, key, one, day, known):
        """Does a certificate count on a day: walk through its days up to it."""
        if not one.issued <= day <= one.end:
            return False
        within = one.here
        happened = [h for h in self.events.get(key, {}).values() if h.told <= known < h.until]
        for step in sorted({one.issued, *(h.counts for h in happened)}):
            if step > day:
                break
            today = [h for h in happened if max(h.counts, one.issued) == max(step, one.issued)]
            if any(h.kind == "moved_in" for h in today):
                within = True
            if any(h.kind == "moved_out" for h in today):
                within = False
        dead = any(h.counts <= day and (h.kind == "revoked" or h.ends) for h in happened)
        return within and not dead

    def lay(self, firm, day, known):
        """Where a firm lay on a day, by the moves told."""
        found = [one for one in self.homes[firm] if one[0] <= day and one[1] <= known]
        return max(found)[2]

    def stock(self, day, known):
        """Distinct firms by body."""
        firms = {one.firm for key, one in self.stands(known) if self.counts(key, one, day, known)}
        return Counter(self.lay(firm, day, known) for firm in firms)

    def new(self, first, last, readings, known):
        """Kinds of all recognised between two days, and the firms that count as new."""
        kinds, news = Counter(), {}
        for key, one in self.stands(known):
            day = self.first_day(key, one, known)
            if day is None:
                continue
            if one.here:
                counted = one.publicity if readings["counted_day"] == "publicity" else None
                day = counted or one.issued
            if not first <= day <= last:
                continue
            kind = self.kind(key, one, readings, known) if one.here else "moved_in"
            kinds[kind] += 1
            counts = {
                "first": True, "again": False, "after_gap": readings["after_gap"] == "first",
                "moved_in": readings["newly_recognised"] == "with_moved_in",
            }  # fmt: skip
            if counts[kind]:
                news[one.firm] = min(news.get(one.firm, date.max), day)
        return kinds, Counter(self.lay(firm, day, known) for firm, day in news.items())

    def first_day(self, key, one, known):
        """The first day on which it counts: of its issue, or one on which something happened."""
        steps = {one.issued, *(h.counts for h in self.events.get(key, {}).values())}
        days = sorted(max(step, one.issued) for step in steps)
        return next((day for day in days if self.counts(key, one, day, known)), None)

    def kind(self, key, one, readings, known):
        """First, again or after a gap."""
        others = [
            (other, self.events.get(k, {}).values())
            for k, other in self.stands(known)
            if k != key and other.firm == one.firm and other.issued < one.issued
        ]
        ever = [o for o, _ in others if o.here or readings["first_recognition"] == "ever_anywhere"]
        if not ever:
            return "first"
        for other, happened in others:
            revoked = any(
                h.kind == "revoked" and h.told <= known < h.until and h.counts <= one.issued
                for h in happened
            )
            reaches = other.end >= one.issued
            if readings["gap_begins"] == "next_year":
                reaches = other.end.year >= one.issued.year
            if reaches and not revoked:
                return "again"
        return "after_gap"


class Histories(RuleBasedStateMachine):
    """An office to which things are told, day after day; its clock only goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.today = BEGUN
        OfficeDay.objects.update_or_create(pk=1, defaults={"day": BEGUN})
        self.bureau = person(Role.BUREAU_OFFICER)
        self.bodies = [body(BodyKind.TOWN) for _ in range(3)]
        self.firms = [enterprise(town=self.bodies[at % 3]).pk for at in range(4)]
        self.account = Account(
            homes={key: [(FIRST, LONG_AGO, self.bodies[at % 3].pk)] for at, key in enumerate(self.firms)}
        )  # fmt: skip
        self.days = [BEGUN]
        self.remembered: list[tuple[date, date, Counter, Counter]] = []
        for at, key in enumerate(self.firms):
            self.entered(key, date(2014 + at % 3, 7, 1), here=at != 3)

    def one_of(self, rows, draw):
        """One of some rows, or none."""
        rows = list(rows)
        return rows[draw % len(rows)] if rows else None

    def standing(self, draw):
        return self.one_of(Certificate.objects.standing().order_by("pk"), draw)

    def tried(self, act):
        """What an action gave, or None where it refused: then nothing may have changed."""
        before = Holding.objects.order_by("pk").values_list()
        held = list(before)
        try:
            return act()
        except Refused:
            assert list(before.all()) == held
            return None

    def entered(self, key, issued, *, here, publicity=None, end=None):
        """Enter a certificate, here and in the account."""
        made = self.tried(
            lambda: certificate(
                Enterprise.objects.get(pk=key), issued, by=self.bureau, on=self.today, issued_here=here,
                publicity_on=publicity, printed_end_on=end,
            )
        )  # fmt: skip
        if made is not None:
            told = Told(self.today, key, issued, publicity, made.last_on, here)
            self.account.papers[made.pk] = [told]

    def past(self, draw):
        """One of the days that there were."""
        return self.days[draw % len(self.days)]

    @rule(days=st.integers(1, 90), day=DAYS, draw=NUMBER)
    def time_passes(self, days, day, draw):
        """What was known on the day that is over is written down, to be compared for ever."""
        at = self.past(draw)
        stock = Counter(stock_on(day, known=at))
        found = newly(recognised_in(FIRST, LAST, readings=READINGS[0], known=at))
        self.remembered.append((day, at, stock, Counter(one.body for one in found)))
        self.today += timedelta(days=days)
        self.days.append(self.today)
        OfficeDay.objects.update(day=self.today)

    @rule(firm=FIRM, issued=ISSUED, here=YES, later=LATER, print_=YES)
    def enter(self, firm, issued, here, later, print_):
        if firm < len(self.firms):
            publicity = issued + timedelta(days=later) if later % 2 else None
            end = issued.replace(year=issued.year + 3) - timedelta(days=3) if print_ else None
            self.entered(self.firms[firm], issued, here=here, publicity=publicity, end=end)

    @rule(
        draw=NUMBER, kind=st.sampled_from(EventKind), day=DAYS, back=st.integers(0, 500), ends=YES
    )
    def happen(self, draw, kind, day, back, ends):
        one = self.standing(draw)
        if one is None:
            return
        more = {"from_on": day - timedelta(days=back)} if kind == EventKind.REVOKED else {}
        if kind in (EventKind.SPLIT, EventKind.MERGED):
            more["ends"] = ends
        made = self.tried(lambda: event(one, kind, day, by=self.bureau, on=self.today, **more))
        if made is not None:
            told = Happened(str(kind), day, made.counts_from, made.ends, self.today)
            self.account.events.setdefault(one.pk, {})[made.pk] = told

    @rule(draw=NUMBER)
    def take_back_event(self, draw):
        rows = CertificateEvent.objects.filter(withdrawn_on=None).order_by("pk")
        one = self.one_of(rows, draw)
        if one is None:
            return
        done = self.tried(
            lambda: actions.withdraw_event(one, reason="误记", on=self.today, actor=self.bureau)
        )
        if done is not None:
            self.account.events[one.certificate_id][one.pk].until = self.today

    @rule(draw=NUMBER, issued=ISSUED, here=YES)
    def correct(self, draw, issued, here):
        one = self.standing(draw)
        if one is None:
            return
        done = self.tried(
            lambda: actions.correct_certificate(
                one, {"issued_on": issued, "issued_here": here, "printed_end_on": None},
                seen=one.version, reason="看错", source=paper(), on=self.today, actor=self.bureau,
            )
        )  # fmt: skip
        if done is not None:
            versions = self.account.papers[one.pk]
            versions[-1].until = self.today
            new = replace(versions[-1], on=self.today, issued=issued, here=here, end=done.last_on,
                          until=date.max)  # fmt: skip
            versions.append(new)

    @rule(draw=NUMBER)
    def withdraw(self, draw):
        one = self.standing(draw)
        if one is not None and draw % 3 == 0:
            actions.withdraw_certificate(one, reason="登错", on=self.today, actor=self.bureau)
            self.account.papers[one.pk][-1].until = self.today

    @rule(firm=FIRM, town=st.integers(0, 2), day=DAYS)
    def move_to(self, firm, town, day):
        if firm >= len(self.firms):
            return
        key = self.firms[firm]
        done = self.tried(
            lambda: move(
                Enterprise.objects.get(pk=key), town=self.bodies[town], zone=None, from_on=day,
                reason="搬迁", on=self.today, actor=self.bureau,
            )
        )  # fmt: skip
        if done is not None:
            self.account.homes[key].append((day, self.today, self.bodies[town].pk))

    @precondition(lambda self: len(self.firms) > 2)
    @rule()
    def unite(self):
        gone, kept = self.firms.pop(), self.firms[0]
        firms = Enterprise.objects.in_bulk([gone, kept])
        merge_entries(
            firms[gone], into=firms[kept], on=self.today, reason="同一家", actor=self.bureau
        )
        for versions in self.account.papers.values():
            last = versions[-1]
            if last.firm == gone and last.until == date.max:
                last.until = self.today
                versions.append(replace(last, on=self.today, firm=kept, until=date.max))

    @invariant()
    def holdings_and_copies_are_what_follows_from_versions_and_events(self):
        for one in Certificate.objects.all():
            events = list(one.events.filter(withdrawn_on=None))
            held = one.holdings.filter(gone_on=None).values_list("enterprise", "from_on", "to_on")
            wanted = {(one.enterprise_id, p.from_on, p.to_on) for p in periods_of(one, events)}
            assert set(held) == wanted
            newest = one.versions.order_by("-version").first()
            assert (newest.enterprise_id, newest.issued_on, newest.version) == (
                one.enterprise_id, one.issued_on, one.version,
            )  # fmt: skip
            assert newest.withdrawn == (one.withdrawn_on is not None)

    @rule(days=FOUR_DAYS, draws=THREE)
    def all_is_counted_as_the_account_has_it(self, days, draws):
        for day in days:
            now = self.account.stock(day, self.today)
            assert Counter(stock_on(day)) == Counter(stock_on(day, known=self.today)) == now
            for known in map(self.past, draws):
                assert Counter(stock_on(day, known=known)) == self.account.stock(day, known)
        series = stock_series(days)
        assert [series[day] for day in days] == [sum(stock_on(day).values()) for day in days]
        for one in certificates_known(self.today):
            rows = Holding.objects.filter(certificate=one.key, gone_on=None)
            assert [(p.from_on, p.to_on) for p in one.periods] == list(
                rows.order_by("from_on").values_list("from_on", "to_on")
            )

    @rule(draw=NUMBER, which=st.sampled_from(READINGS))
    def the_new_are_those_of_the_account(self, draw, which):
        for year in range(2013, 2020):
            first, last = date(year, 1, 1), date(year, 12, 31)
            for known in (None, self.past(draw)):
                found = recognised_in(first, last, readings=which, known=known)
                kinds, bodies = self.account.new(first, last, which, known or self.today)
                assert Counter(one.order for one in found) == kinds
                assert Counter(one.body for one in newly(found)) == bodies
                counted = tallies(first, last, readings=which, known=known)
                numbers, news = Counter(), Counter()
                for one in counted:
                    assert one.year == year and one.number > 0
                    numbers[one.order, one.body] += one.number
                    news[one.body] += one.new
                assert numbers == Counter((one.order, one.body) for one in found)
                assert +news == bodies

    def teardown(self):
        """What was known on a past day is known of it still."""
        for day, known, stock, news in self.remembered:
            if known < self.today:
                assert Counter(stock_on(day, known=known)) == stock
                found = newly(recognised_in(FIRST, LAST, readings=READINGS[0], known=known))
                assert Counter(one.body for one in found) == news


@pytest.mark.django_db
@pytest.mark.usefixtures("_rolled_back")
def test_random_histories_are_counted_as_a_plain_account_counts_them(settings):
    settings.DEMO = True
    Histories.TestCase.settings = MANY
    Histories.TestCase("runTest").debug()


MANY = settings(
    max_examples=40, stateful_step_count=40, deadline=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture
def _rolled_back(monkeypatch):
    """Each history begins with an empty office."""
    begun, ended = Histories.__init__, Histories.teardown

    def begin(self) -> None:
        self.point = transaction.savepoint()
        begun(self)

    def end(self) -> None:
        try:
            ended(self)
        finally:
            transaction.savepoint_rollback(self.point)

    monkeypatch.setattr(Histories, "__init__", begin)
    monkeypatch.setattr(Histories, "teardown", end)
