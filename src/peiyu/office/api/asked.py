"""What may be asked, strictly: a date is a date, true is `true`, and nothing unknown is passed over."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.db.models import Model
from ninja import Path, Schema
from pydantic import BeforeValidator, Field, WithJsonSchema

from peiyu.office.api.problems import missing
from peiyu.office.assessments.basis import FIRST
from peiyu.office.assessments.listing import ORDERS as ASSESSMENT_ORDERS
from peiyu.office.assessments.models import STANDS
from peiyu.office.assessments.readiness import CACHED
from peiyu.office.assessments.shown.words import judging
from peiyu.office.enterprises.listing import LACKS, ORDERS, first_fields, sections
from peiyu.office.enterprises.models import LegalForm, Status
from peiyu.office.foundation.days import FIRST_DAY, LAST_DAY, office_day
from peiyu.office.foundation.keyset import is_mark
from peiyu.office.portfolio.listing import ORDERS as RIGHT_ORDERS
from peiyu.office.portfolio.listing import STATES
from peiyu.office.qualifications.listing import FIRST_YEAR as FIRST_ISSUED
from peiyu.office.qualifications.listing import MOST_MONTHS, ORDER_WORDS
from peiyu.office.qualifications.listing import ORDERS as CERTIFICATE_ORDERS
from peiyu.office.qualifications.listing import STATES as CERTIFICATE_STATES
from peiyu.office.reports.models import FIRST_YEAR, LAST_YEAR, Basis
from peiyu.policy.evidence import IP
from peiyu.words import message

DAY = re.compile(r"\d{4}-\d\d-\d\d")
WHOLE = re.compile(r"-?\d{1,20}")
LARGEST_KEY = 2**63 - 1
MOST, USUAL = 200, 50


def _day(text: object) -> object:
    if isinstance(text, str) and not (text.isascii() and DAY.fullmatch(text)):
        raise ValueError(text[:40])
    return text


def _whole(text: object) -> object:
    if isinstance(text, str) and not (text.isascii() and WHOLE.fullmatch(text)):
        raise ValueError(text[:40])
    return text


def _yes(text: object) -> object:
    if isinstance(text, str) and text not in ("true", "false"):
        raise ValueError(text[:40])
    return text


def _bare(schema: dict[str, Any]) -> None:
    """Left out means not asked for; null is no value that one could give in an address."""
    schema.pop("default", None)


if TYPE_CHECKING:
    Maybe = date | None
    MaybeYear = int | None
    MaybeIssued = int | None
    MaybeMonths = int | None
    Whole = int
    Yes = bool
    Id = int
    Key = int
    MaybeKey = int | None
    Programme = str
    KeptProgramme = str
    BasisFirst = str
    Stands = str
    AssessmentOrder = str
else:
    Maybe = Annotated[
        date | None, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})
    ]
    MaybeYear = Annotated[
        int | None,
        BeforeValidator(_whole),
        WithJsonSchema({"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}),
    ]
    MaybeIssued = Annotated[
        int | None,
        BeforeValidator(_whole),
        Field(ge=FIRST_ISSUED, le=LAST_YEAR),
        WithJsonSchema({"type": "integer", "minimum": FIRST_ISSUED, "maximum": LAST_YEAR}),
    ]
    MaybeMonths = Annotated[
        int | None,
        BeforeValidator(_whole),
        Field(ge=1, le=MOST_MONTHS),
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_MONTHS}),
    ]
    Whole = Annotated[int, BeforeValidator(_whole)]
    Yes = Annotated[bool, BeforeValidator(_yes)]
    Id = Annotated[int, BeforeValidator(_whole), Path(ge=1, le=LARGEST_KEY)]
    Key = Annotated[int, Field(ge=1, le=LARGEST_KEY), BeforeValidator(_whole)]
    MaybeKey = Annotated[
        int | None,
        BeforeValidator(_whole),
        Field(ge=1, le=LARGEST_KEY),
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": LARGEST_KEY}),
    ]
    Programme = Literal[tuple(book.name for book in judging())]
    KeptProgramme = Literal[CACHED]
    BasisFirst = Literal[("", *FIRST)]
    Stands = Literal[("", *(key for key, _ in STANDS))]
    AssessmentOrder = Literal[tuple(sign + key for key in ASSESSMENT_ORDERS for sign in ("", "-"))]

RIGHT_STATES = tuple(key for key, _ in STATES)
RIGHT_KINDS = tuple(code for code, _, _ in IP.fact("kind").choices)
HELD_STATES = tuple(str(key) for key, _ in CERTIFICATE_STATES)
RECOGNITIONS = tuple(str(key) for key, _ in ORDER_WORDS)
HELD_ORDERS = tuple(sign + key for key in CERTIFICATE_ORDERS for sign in ("", "-"))
AFTER = Field("", max_length=2000, description="`next` of the page before")
LIMIT = Field(USUAL, ge=1, le=MOST)


def known_day(description: str) -> Any:
    """A day that may be left out."""
    return Field(None, description=description, json_schema_extra=_bare)


def fiscal_year() -> Any:
    """A year that may be left out."""
    return Field(
        None, ge=FIRST_YEAR, le=LAST_YEAR, description="fiscal year; all if left out",
        json_schema_extra=_bare,
    )  # fmt: skip


def day_of(given: date | None, field: str = "on") -> date:
    """The day that was asked for, today if none; not one so far off that no terms can be counted."""
    if given is not None and not FIRST_DAY <= given <= LAST_DAY:
        text = "日期{day}不在{first}至{last}之间"
        first, last = FIRST_DAY.isoformat(), LAST_DAY.isoformat()
        said = message(text, day=given.isoformat(), first=first, last=last)
        raise missing(said, field=field, value=given.isoformat())
    return given or office_day()


def check_mark(mark: str, model: type[Model], order: str) -> None:
    """Refuse a mark that belongs to another order: it would begin again at the first page."""
    if mark and not is_mark(mark, model, order):
        text = "没有这一页：after要用同一次序里上一页的next"
        raise missing(message(text), field="after", value=mark)


class Nothing(Schema):
    """No parameters."""


class OnDay(Schema):
    """As of which day."""

    on: Maybe = known_day("as of this day; today if left out")


class Page(Schema):
    """Which part of a list."""

    after: str = AFTER
    limit: Whole = LIMIT


class Listed(Schema):
    """The filters of the list of enterprises, as on its page."""

    q: str = Field("", max_length=100, description="names, former names, pinyin, codes")
    town: list[Key] = Field([], description="ids of towns or streets", max_length=50)
    zone: list[Key] = Field([], description="ids of zones", max_length=50)
    status: list[Literal[tuple(Status.values)]] = Field([], max_length=10)  # type: ignore[valid-type]
    form: list[Literal[tuple(LegalForm.values)]] = Field([], max_length=10)  # type: ignore[valid-type]
    industry: Literal[("", *(code for code, _ in sections()))] = Field(  # type: ignore[valid-type]
        "", description="section of GB/T 4754-2017"
    )
    field: Literal[("", *(code for code, _ in first_fields()))] = Field(  # type: ignore[valid-type]
        "", description="technical field of the first or second level"
    )
    founded_from: Maybe = known_day("established on this day or later")
    founded_to: Maybe = known_day("established on this day or before")
    lacks: list[Literal[tuple(key for key, _ in LACKS)]] = Field([], max_length=10)  # type: ignore[valid-type]
    merged: Yes = Field(False, description="with those merged into others")
    order: Literal[tuple(sign + key for key in ORDERS for sign in ("", "-"))] = "name"  # type: ignore[valid-type]
    count: Yes = Field(False, description="count all that answer")
    after: str = AFTER
    limit: Whole = LIMIT


class Known(Schema):
    """Which figures of an enterprise."""

    known: Maybe = known_day("as known on this day; today if left out")
    year: MaybeYear = fiscal_year()


class Rights(Schema):
    """The filters of the list of rights, as on its page."""

    q: str = Field("", max_length=100, description="grant number, title, enterprise")
    state: Literal[("", *RIGHT_STATES)] = Field("", description="all if left out")  # type: ignore[valid-type]
    kind: list[Literal[RIGHT_KINDS]] = Field([], max_length=20)  # type: ignore[valid-type]
    ip_class: Literal["", "1", "2"] = Field("", description="class I or II on the day")
    field: Literal[("", *(code for code, _ in first_fields()))] = Field(  # type: ignore[valid-type]
        "", description="technical field of the first or second level"
    )
    order: Literal[tuple(sign + key for key in RIGHT_ORDERS for sign in ("", "-"))] = "-granted_on"  # type: ignore[valid-type]
    after: str = AFTER
    limit: Whole = LIMIT


class Certificates(Schema):
    """The filters of the list of certificates, as on its page."""

    on: Maybe = known_day("as of this day; today if left out")
    q: str = Field("", max_length=100, description="number of the certificate, enterprise")
    body: list[Key] = Field([], description="ids of towns, streets, zones", max_length=50)
    state: list[Literal[HELD_STATES]] = Field([], max_length=10)  # type: ignore[valid-type]
    recognition: list[Literal[RECOGNITIONS]] = Field([], max_length=10)  # type: ignore[valid-type]
    year: MaybeIssued = Field(None, description="issued in this year", json_schema_extra=_bare)
    left: MaybeMonths = Field(
        None, description="counts and ends within so many months", json_schema_extra=_bare
    )
    order: Literal[HELD_ORDERS] = "-issued_on"  # type: ignore[valid-type]
    count: Yes = Field(False, description="count all that answer")
    after: str = AFTER
    limit: Whole = LIMIT


class OnAndKnown(Schema):
    """As of which day, as known when."""

    on: Maybe = known_day("as of this day; today if left out")
    known: Maybe = known_day("as known on this day; as known now if left out")


class KnownOn(Schema):
    """As known when."""

    known: Maybe = known_day("as known on this day; today if left out")


class Judged(Schema):
    """From where an enterprise is looked at."""

    on: Maybe = known_day("judged as of this day, which may lie ahead; today if left out")
    known: Maybe = known_day("by what was recorded by this day; by `on`, or today, at the latest")
    basis: BasisFirst = Field("", description="whose word counts first; as set if left out")


class KeptLines(Schema):
    """The filters of the list of assessments, as on its page."""

    programme: KeptProgramme = Field(CACHED[0], description="those whose lines are kept")
    q: str = Field("", max_length=100, description="names, former names, pinyin, codes")
    body: MaybeKey = Field(None, description="id of a town, street, zone", json_schema_extra=_bare)
    stands: Stands = Field("", description="how it stands")
    only: str = Field("", max_length=40, description="this criterion alone is not met")
    fails: str = Field("", max_length=40, description="this criterion is not met")
    lacks: str = Field("", max_length=40, description="not enough is known for this criterion")
    order: AssessmentOrder = "unmet_count"
    count: Yes = Field(False, description="count all that answer")
    after: str = AFTER
    limit: Whole = LIMIT


class Changed(Schema):
    """Which figures of all enterprises."""

    year: MaybeYear = fiscal_year()
    basis: Literal[("", *Basis.values)] = Field("", description="all if left out")  # type: ignore[valid-type]
    changed_since: Maybe = known_day("recorded on this day or later")
    after: str = AFTER
    limit: Whole = LIMIT


class Words(Schema):
    """What is searched."""

    q: str = Field(min_length=1, max_length=100)
    limit: Whole = Field(20, ge=1, le=50)
