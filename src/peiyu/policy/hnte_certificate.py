"""The certificate of a high-tech enterprise: its number, its term, its reports, when it counts.

A number is `GR`, the year, the province of two digits and six more; certificates of the re-examination
that ended in 2016 begin with `GF`. Cities with separate planning share the code of their province, so
nothing but the province is read from it. Terms and duties: M9, M13, M17, M18, M19, G5.2 to G5.6.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from peiyu.policy.months import A_YEAR, moved
from peiyu.policy.parameters import Figures, NotInForce, parameters
from peiyu.words import Message, message

FORM = re.compile(r"G[RF]\d{12}", re.ASCII)
PREFIXES = ("GR", "GF")
LENGTH = 14
VALIDITY = "hnte_validity_years"
REPORT_DAY = "hnte_report_day"
MISSING_REPORTS = "hnte_missing_reports"
CHANGE_MONTHS = "hnte_change_months"
FIGURES = (VALIDITY, REPORT_DAY, MISSING_REPORTS, CHANGE_MONTHS)
"""The figures of the law that are read here."""
PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65".split()
)
"""Codes of GB/T 2260 of the provinces in which enterprises are recognised."""
ONE_DAY = timedelta(days=1)


class NoNumber(ValueError):
    """What was written is no number of a certificate; `what` is prefix, length or letters."""

    def __init__(self, what: str, text: Message) -> None:
        self.what = what
        self.text = text
        super().__init__(text.say())


@dataclass(frozen=True, slots=True)
class CertificateNumber:
    """A number taken apart."""

    written: str
    prefix: str
    year: int
    province: str

    def warnings(self, issued_on: date | None = None) -> tuple[Message, ...]:
        """What a person should look at; never a reason to refuse."""
        found = []
        if self.province not in PROVINCES:
            found.append(
                message("编号第7、8位“{code}”不是省级行政区划代码，请核对", code=self.province)
            )
        if issued_on is not None and issued_on.year != self.year:
            text = "编号是{year}年的，发证日期是{day}，请核对"
            found.append(message(text, year=self.year, day=issued_on.isoformat()))
        return tuple(found)


def parse(written: str) -> CertificateNumber:
    """The parts of a number; blanks, width and case do not matter.

    Raises:
        NoNumber: it has not the form of one; says what is the matter.
    """
    number = re.sub(r"\s", "", unicodedata.normalize("NFKC", written)).upper()
    if FORM.fullmatch(number):
        return CertificateNumber(number, number[:2], int(number[2:6]), number[6:8])
    shown = number[:40]
    if number[:2] not in PREFIXES:
        text = "证书编号“{no}”不对：应以GR开头（2016年以前复审的以GF开头）。请对照证书"
        raise NoNumber("prefix", message(text, no=shown))
    if strange := sorted(set(number[2:]) - set("0123456789")):
        text = "证书编号“{no}”不对：{prefix}之后只能是12位数字，里面有“{signs}”。请对照证书"
        signs = "".join(strange)[:20]
        raise NoNumber("letters", message(text, no=shown, prefix=number[:2], signs=signs))
    text = "证书编号“{no}”不对：应为14位（{prefix}和12位数字），现有{length}位。请对照证书"
    raise NoNumber("length", message(text, no=shown, prefix=number[:2], length=len(number)))


def first_day_of_law() -> date:
    """The first day of the law that knows such certificates: of the Measures of 2008."""
    return parameters()[VALIDITY].values[0].since


def valid_to(issued_on: date) -> date:
    """The last day by law: the same day three years later, of 29 February the 28th (M9).

    Raises:
        NotInForce: the certificate was issued before the law knew it.
    """
    return moved(issued_on, int(Figures(issued_on).number(VALIDITY)) * A_YEAR)


# -- what follows from it


@dataclass(frozen=True, slots=True)
class Due:
    """The report on a year, and the last day for it."""

    year: int
    due_on: date


def report_due_on(year: int) -> date:
    """The last day for the report on a year: 31 May of the next (M13, G5.2).

    Raises:
        NotInForce: no report was owed on that year.
    """
    first = date(year + 1, 1, 1)
    (written,) = Figures(first).words(REPORT_DAY)
    month, day = written.split("-")
    return first.replace(month=int(month), day=int(day))


@dataclass(frozen=True, slots=True)
class Duties:
    """What the law asks of who is recognised, in figures, to be said on a page."""

    report_month: int
    report_day: int
    missing: int
    """So many reports missed in one validity period lead to revocation (M19(3))."""
    change_months: int


def duties_on(day: date) -> Duties:
    """These figures as they stand on a day.

    Raises:
        NotInForce: one of them was not set yet.
    """
    figures = Figures(day)
    (written,) = figures.words(REPORT_DAY)
    month, last = map(int, written.split("-"))
    return Duties(
        month, last, int(figures.number(MISSING_REPORTS)), int(figures.number(CHANGE_MONTHS))
    )


def reports_due(issued_on: date, last_on: date) -> list[Due]:
    """The reports that a certificate brings: one for each last day that lies in its validity."""
    found = []
    for year in range(issued_on.year - 1, last_on.year):
        try:
            due_on = report_due_on(year)
        except NotInForce:
            continue
        if issued_on <= due_on <= last_on:
            found.append(Due(year, due_on))
    return found


class Filed(StrEnum):
    """How the report on a year stands."""

    IN_TIME = "in_time"
    LATE = "late"
    NOT_FILED = "not_filed"
    UNKNOWN = "unknown"
    """The day is over and nobody has said whether it was filed: not known, not missing."""
    TO_COME = "to_come"


def stands(due: Due, told: bool, filed_on: date | None, on: date) -> Filed:
    """How a report stands on a day; `told`: somebody said so, `filed_on` None then: it was not filed."""
    if told and filed_on is not None and filed_on <= on:
        return Filed.IN_TIME if filed_on <= due.due_on else Filed.LATE
    if on <= due.due_on:
        return Filed.TO_COME
    return Filed.NOT_FILED if told else Filed.UNKNOWN


@dataclass(frozen=True, slots=True)
class Missed:
    """Reports of one validity period that were missed: surely, and at the most."""

    at_least: int
    at_most: int
    limit: int

    @property
    def is_revoked(self) -> bool:
        """As many as lead to revocation (M19(3))."""
        return self.at_least >= self.limit

    @property
    def may_be_revoked(self) -> bool:
        """As many, if those of which nothing is known were missed too."""
        return self.at_most >= self.limit


def missed(standings: Iterable[Filed], on: date, *, late_counts: bool = True) -> Missed:
    """How many reports of one validity period were missed.

    A late one counts as missed by G5.2; by the wording of M19(3) alone it does not.
    """
    found = list(standings)
    surely = sum(
        one is Filed.NOT_FILED or (late_counts and one is Filed.LATE) for one in found
    )  # fmt: skip
    unknown = sum(one is Filed.UNKNOWN for one in found)
    return Missed(surely, surely + unknown, int(Figures(on).number(MISSING_REPORTS)))


def change_due_on(happened_on: date, within: str = CHANGE_MONTHS) -> date | None:
    """The last day for reporting a change of name or a major change (M17); None where none was set.

    `within`: the figure of the law that says how many months one has; tech SMEs have one too (TS-13).
    """
    try:
        months = int(Figures(happened_on).number(within))
    except NotInForce:
        return None
    return moved(happened_on, months)


def barred_until(revoked_on: date) -> date:
    """The last day on which an enterprise whose qualification was revoked may not apply (G5.6.3)."""
    return date(revoked_on.year, 12, 31)


# -- what happened to it, and when it counts


class What(StrEnum):
    """What may happen to a certificate."""

    RENAMED = "renamed"
    REVOKED = "revoked"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"
    PART_MOVED_IN = "part_moved_in"
    PART_MOVED_OUT = "part_moved_out"
    SPLIT = "split"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: on which day it counts, and whether a split or merger ends it all.

    The day of a revocation is that from which the qualification is gone (G5.6.1).
    """

    what: What
    on: date
    ends: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate as far as counting needs it; `printed_end_on`: what the paper itself says."""

    issued_on: date
    here: bool
    """The enterprise lay in the city when it was issued."""
    printed_end_on: date | None = None

    @property
    def last_on(self) -> date:
        """Its own last day: printed, else by law (M9)."""
        return self.printed_end_on or valid_to(self.issued_on)


@dataclass(frozen=True, slots=True)
class Period:
    """Days in which a certificate counts for the city, both included."""

    from_on: date
    to_on: date

    def holds(self, day: date) -> bool:
        """Does the day lie within."""
        return self.from_on <= day <= self.to_on


def gone_from(events: Iterable[Event]) -> date | None:
    """The day from which it is gone everywhere: revoked, or ended by a split or merger."""
    ending = (
        one.on
        for one in events
        if not one.withdrawn
        and (one.what is What.REVOKED or (one.ends and one.what in (What.SPLIT, What.MERGED)))
    )
    return min(ending, default=None)


def periods(certificate: Issued, events: Collection[Event]) -> tuple[Period, ...]:
    """When a certificate counts for the city, in order, apart from one another.

    From its issue, if the enterprise lay here, or from the day on which it moved in as a whole; until
    the day before it is revoked, moves out as a whole or ends by a split or merger, or its own last
    day. A partial move changes nothing (M18, G5.5). Order and repetition of events do not matter.
    """
    last = certificate.last_on
    if (gone := gone_from(events)) is not None:
        last = min(last, gone - ONE_DAY)
    since = certificate.issued_on if certificate.here else None
    found = []
    moves = sorted(
        {(max(one.on, certificate.issued_on), one.what is What.MOVED_OUT) for one in events
         if not one.withdrawn and one.what in (What.MOVED_IN, What.MOVED_OUT)}
    )  # fmt: skip
    for day, out in moves:
        if out and since is not None:
            found.append(Period(since, min(day - ONE_DAY, last)))
            since = None
        elif not out and since is None:
            since = day
    if since is not None:
        found.append(Period(since, last))
    return tuple(_joined(one for one in found if one.from_on <= one.to_on))


def _joined(found: Iterable[Period]) -> Iterator[Period]:
    """Periods of which one begins on the day after another are one."""
    held: Period | None = None
    for one in found:
        if held is not None and one.from_on <= held.to_on + ONE_DAY:
            held = replace(held, to_on=max(held.to_on, one.to_on))
            continue
        if held is not None:
            yield held
        held = one
    if held is not None:
        yield held


# -- two certificates of one enterprise


class Clash(StrEnum):
    """Why two certificates of an enterprise cannot stand beside each other."""

    SAME_DAY = "same_day"
    OTHER_LASTS = "other_lasts"
    """The other one lasts beyond the year in which this one was issued."""
    OWN_LASTS = "own_lasts"
    """This one lasts beyond the year in which the other was issued."""
    BARRED = "barred"
    """The qualification was revoked in that year (G5.6.3)."""


def excludes(issued_on: date, last_on: date, other_issued_on: date) -> bool:
    """Can no other certificate be issued on that day: not before the year in which this one ends.

    A new recognition is applied for when the old one ends, and is granted in that year at the
    earliest, for an old one lasts its three years (M9).
    """
    return issued_on <= other_issued_on and other_issued_on.year < last_on.year


def clash(
    issued_on: date, last_on: date, other_issued_on: date, other_last_on: date,
    revoked_on: date | None = None,
) -> Clash | None:  # fmt: skip
    """Why a certificate cannot stand beside another, which was revoked on a day; None if it can.

    The last days are those of force: earlier than the paper's, where one is gone before it.
    """
    if issued_on == other_issued_on:
        return Clash.SAME_DAY
    if excludes(other_issued_on, other_last_on, issued_on):
        return Clash.OTHER_LASTS
    if excludes(issued_on, last_on, other_issued_on):
        return Clash.OWN_LASTS
    if revoked_on is not None and revoked_on <= issued_on <= barred_until(revoked_on):
        return Clash.BARRED
    return None


# -- first, again, after a gap


class Order(StrEnum):
    """What a certificate is among those of its enterprise."""

    FIRST = "first"
    AGAIN = "again"
    AFTER_GAP = "after_gap"


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another certificate of the enterprise; `revoked_from`: since when it is revoked."""

    issued_on: date
    last_on: date
    here: bool
    revoked_from: date | None = None


def order_of(
    issued_on: date,
    others: Iterable[Earlier],
    *,
    first: str = "ever_anywhere",
    gap_begins: str = "next_year",
) -> Order:
    """First, again without a gap, or after one, as the readings of the programme have it.

    `first`: `ever_anywhere`, or `ever_here`, to which what was issued elsewhere is none. A gap begins
    with the year after the last day of the old certificate (`next_year`), for a new one is usually
    issued months later, or on the day after it (`next_day`). What is revoked by then keeps none.
    """
    before = [one for one in others if one.issued_on < issued_on]
    if not any(one.here for one in before) if first == "ever_here" else not before:
        return Order.FIRST
    for one in before:
        reaches = (
            one.last_on >= issued_on
            if gap_begins == "next_day"
            else one.last_on.year >= issued_on.year
        )
        if reaches and not (one.revoked_from is not None and one.revoked_from <= issued_on):
            return Order.AGAIN
    return Order.AFTER_GAP
