"""What the API answers: names and days as in the registry, codes instead of words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field


class Body(Schema):
    """A body of the city."""

    id: int
    kind: str = Field(description="city, department, town, street, zone, bank, agency")
    code: str
    name: str
    short: str


class OneBody(Body):
    """A body with its place in the tree."""

    parent: int | None
    unit: str = Field(description="the unit responsible for this work")
    opened_on: date
    closed_on: date | None


class Bodies(Schema):
    """Bodies that exist on a day."""

    on: date
    items: list[OneBody]


class Line(Schema):
    """An enterprise as the list shows it."""

    id: int
    name: str
    code: str = Field(description="unified social credit code; empty if it is not known")
    status: str
    town: Body | None
    zone: Body | None
    body: Body | None = Field(description="to which it is attributed today")
    industry: str = Field(description="GB/T 4754-2017; empty if it is not known")
    industry_name: str
    field: str
    field_name: str
    legal_form: str
    established_on: date | None
    contact: bool = Field(description="there is someone to call")
    changed_at: datetime
    closed_on: date | None


class Lines(Schema):
    """One page of the list."""

    on: date = Field(description="day of the data")
    items: list[Line]
    next: str | None = Field(description="give it as `after` for the next page; null at the end")
    total: int | None = Field(description="only with count=true")


class Name(Schema):
    """A name and the days it was borne."""

    name: str
    from_on: date | None
    until_on: date | None


class OldCode(Schema):
    """A code borne until a day."""

    code: str
    until_on: date


class Residence(Schema):
    """Where it lay, both days included; no first day: since before the office knew it."""

    town: Body | None
    zone: Body | None
    body: Body | None
    from_on: date | None
    until_on: date | None


class Attribution(Schema):
    """Where it lay on the day asked for; null everywhere if that is not known."""

    on: date
    town: Body | None
    zone: Body | None
    body: Body | None


class Enterprise(Line):
    """An enterprise with its history."""

    registered_at: datetime
    version: int = Field(description="counts changes")
    merged_into: int | None
    names: list[Name]
    old_codes: list[OldCode]
    residences: list[Residence]
    attribution: Attribution


class Contact(Schema):
    """A person to call."""

    id: int
    name: str
    duty: str
    phone: str
    email: str
    main: bool


class Contacts(Schema):
    """Whom to call."""

    items: list[Contact]


class Change(Schema):
    """One field of a line of the record."""

    field: str
    old: Any = None
    new: Any = None


class RecordLine(Schema):
    """Something that was done; closed: that it was done, but not on what."""

    id: int
    at: datetime
    day: date
    actor: str
    for_whom: str
    action: str
    said: str = Field(description="the action in words")
    title: str
    reason: str
    closed: bool
    changes: list[Change]
    hidden: list[str] = Field(description="fields that changed and whose values are not shown")


class Record(Schema):
    """One page of a record, newest first."""

    items: list[RecordLine]
    next: str | None


class Clause(Schema):
    """One clause; the gist is the office's own summary, not the text of the law."""

    place: str
    title: str
    gist: str


class Document(Schema):
    """A policy document."""

    number: str
    title: str
    issuer: str
    level: str = Field(description="state, province, city")
    issued_on: date
    effective_on: date | None
    repealed_on: date | None
    address: str
    basis: list[str] = Field(description="numbers of the documents that it carries out")
    clauses: list[Clause]


class Documents(Schema):
    """One page of the library, the latest first."""

    items: list[Document]
    next: str | None


class Setting(Schema):
    """How an open word of the programme is read on a day."""

    key: str
    title: str
    place: str
    value: int | str
    said: str
    default: bool = Field(description="nobody chose: the reading with which the program comes")


class Settings(Schema):
    """All readings on a day."""

    on: date
    items: list[Setting]


class Hit(Schema):
    """An enterprise and by what it was found."""

    id: int
    name: str
    code: str
    status: str
    body: str
    found: str
    kind: str = Field(description="name, former, code, old_code, certificate, tech_sme")


class FoundDocument(Schema):
    """A document that was found."""

    number: str
    title: str


class FoundRight(Schema):
    """A right that was found."""

    enterprise: int
    name: str
    no: str
    title: str
    grant_number: str


class Hits(Schema):
    """What was found."""

    enterprises: list[Hit]
    rights: list[FoundRight]
    documents: list[FoundDocument]
    more: bool = Field(description="there are more enterprises than are given")


class Post(Schema):
    """A role for a body."""

    role: str
    body: str


class Me(Schema):
    """Whose key this is and what it opens."""

    on: date
    name: str
    duty: str
    posts: list[Post]
    scopes: list[str]


class Stated(Schema):
    """What a basis states of a year; what is not named is unknown."""

    year: int
    basis: str
    version: int
    recorded_on: date
    source: str
    exceptions: dict[str, str] = Field(description="figures with another source, and its title")
    figures: dict[str, str] = Field(
        description="by name in the dictionary of facts; yuan or people, such as 123.45"
    )


class Years(Schema):
    """All years of an enterprise as known on a day."""

    id: int
    code: str
    name: str
    known: date
    items: list[Stated]


class StatedOf(Stated):
    """What a basis states of a year, and of whom."""

    enterprise: int
    code: str
    name: str
    withdrawn: bool = Field(description="nothing is stated any more")


class Entry(Schema):
    """A row of evidence as it stood; what is not named is unknown."""

    key: str = Field(description="names the row within its table: IP01, RD02/2018")
    version: int
    recorded_on: date
    source: str
    values: dict[str, Any] = Field(
        description="by name in the dictionary of evidence; money in yuan as text, days, numbers as lists"
    )


class Entries(Schema):
    """A table of evidence of an enterprise."""

    id: int
    code: str
    name: str
    known: date
    table: str
    full: bool = Field(description="somebody has said that this is all there is")
    items: list[Entry]


class Place(Schema):
    """A row that a flag names."""

    table: str
    no: str


class Flag(Schema):
    """Something in the chain that does not agree: to be looked at, no finding."""

    check: str
    title: str
    article: str
    severity: str = Field(description="high, middle, low")
    said: str
    remedy: str
    amount: str | None = Field(description="what is at stake, in yuan")
    places: list[Place]
    standing: str = Field(description="open, asked, late, explained, cleared")


class Flags(Schema):
    """The flags of an enterprise on a day, what most hangs on first."""

    id: int
    code: str
    name: str
    on: date
    items: list[Flag]


class Right(Schema):
    """A right of an enterprise."""

    enterprise: int
    name: str
    no: str
    title: str
    kind: str
    ip_class: str = Field(description="I, II, or empty where nothing says")
    grant_number: str
    applied_on: date | None
    granted_on: date | None
    ends_on: date | None = Field(description="as stated, else by the term of the law")
    fee_by: date | None = Field(description="day by which the next annual fee is to be paid")
    force: str = Field(description="valid, due, grace, lapsed, ended, pending")


class Rights(Schema):
    """One page of the list of rights."""

    on: date
    items: list[Right]
    next: str | None


class Changes(Schema):
    """One page of figures."""

    on: date
    items: list[StatedOf]
    next: str | None


class Certificate(Schema):
    """A certificate of a high-tech enterprise as it stands on a day."""

    id: int
    number: str
    enterprise: int
    name: str = Field(description="of the enterprise today")
    code: str
    body: str = Field(description="to which it was attributed on the day")
    state: str = Field(description="in_force, expiring, expired, gone, elsewhere")
    recognition: str = Field(description="first, again, after_gap")
    issued_on: date
    last_on: date
    months_left: int | None = Field(description="of what counts; null for the others")
    gone_from: date | None = Field(description="revoked, or ended by a split or merger")
    issued_here: bool = Field(description="the enterprise lay in the city when it was issued")


class Certificates(Schema):
    """One page of certificates."""

    on: date
    items: list[Certificate]
    next: str | None
    total: int | None = Field(description="only with count=true")


class Event(Schema):
    """Something that happened to a certificate."""

    kind: str
    happened_on: date
    from_on: date | None = Field(description="from when it was revoked")
    name: str
    ends: bool = Field(description="the qualification ended with it")
    recorded_on: date


class Period(Schema):
    """Days in which it counts for the city, both included."""

    from_on: date
    to_on: date


class OneCertificate(Certificate):
    """A certificate with all that is known of it."""

    printed_name: str = Field(description="name on it when it was issued")
    issuer: str
    printed_end_on: date | None
    publicity_on: date | None
    approved_on: date | None
    version: int = Field(description="counts corrections")
    events: list[Event]
    counts: list[Period]


class BodyStock(Schema):
    """How many enterprises of a body hold a certificate that counts."""

    body: Body | None = Field(description="null: it is not known where they lay")
    number: int


class Stock(Schema):
    """How many enterprises count on a day; the bodies add up to the whole."""

    on: date
    known: date
    number: int
    items: list[BodyStock]


class Goal(Schema):
    """A goal of the plan on a day."""

    key: str = Field(description="new, stock, share")
    value: str | None = Field(
        description="a number, or per cent with two decimals; null: none is known"
    )
    target: str = Field(description="as the plan says")
    least: str = Field(description="from which it counts as reached, by the chosen reading")
    reached: bool | None = Field(description="null where it cannot be said")
    said: str = Field(description="the distance in words")
    period: str = Field(description="the months of the share, as 2018-06; else empty")


class Goals(Schema):
    """The goals of the plan on a day; those of a town count what it sees."""

    on: date
    city: bool = Field(description="counted are all enterprises")
    first_year: int
    last_year: int
    items: list[Goal]
