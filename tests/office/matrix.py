"""Who sees what: every address asked by every role for what is theirs, another's and nobody's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from http.cookies import SimpleCookie
from pathlib import Path

import yaml
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from peiyu.office.accounts.models import ApiToken, Body, BodyKind, Delegation, Duty, Role, User
from peiyu.office.accounts.models.appointments import CITYWIDE
from peiyu.office.accounts.models.people import ADMINISTRATORS
from peiyu.office.assessments.actions import freeze
from peiyu.office.casework.models import ClockStop
from peiyu.office.desk.models import ExportRequest, SavedView
from peiyu.office.enterprises.actions import add_contact, attach, draft, propose, write_note
from peiyu.office.enterprises.models import Enterprise, Registration
from peiyu.office.foundation.files import store
from peiyu.office.foundation.jobs import run
from peiyu.office.foundation.models import ImportBatch, Job, RecordLine
from peiyu.office.foundation.sources import of_document
from peiyu.office.goals.actions import state_share
from peiyu.office.notices.actions import ask_paper
from peiyu.office.notices.models import Message
from peiyu.office.policies.actions import enter_document, enter_text
from peiyu.office.portfolio.actions import add_paper, name_contact, record_entry, record_use
from peiyu.office.portfolio.models import ContactSide, Remark, RemarkKind
from peiyu.office.qualifications.actions import enter_tech_sme
from peiyu.office.qualifications.models import EventKind
from peiyu.office.reports.actions import ask_facts, open_report, state, submit
from peiyu.office.reports.models import Basis, ListKind, PublishedList, Supplier
from peiyu.papers.paper import Content, Paragraph
from peiyu.policy.evidence import IP
from tests.office.factories import DAY, NOW, administrator, again, body, enterprise, mandate, person
from tests.office.qualifications.given import certificate, event

TABLE = Path(__file__).with_name("matrix.yaml")
OWN, OTHER, FOREIGN = "own", "other", "foreign"
WHOSE = (OWN, OTHER, FOREIGN)
NOBODY = 10**9
ROLES = [
    *map(str, Role),
    *(f"{duty}" for duty in (Duty.SYSTEM, Duty.SECURITY, Duty.AUDIT)),
    "anonymous",
]
BY_MANDATE = {Role.OWNER, Role.ACCOUNTANT, Role.AGENCY, Role.BANK, Role.COACH}
PLACES = re.compile(r"<(?:\w+:)?(\w+)>")
HIDDEN = {401, 403, 404, 405}
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass
class Side:
    """What belongs to one side: a town with its zone, enterprise, case and all that hangs on them."""

    enterprise: Enterprise
    registration: Registration
    keys: dict[str, int] = field(default_factory=dict)


class World:
    """Two towns alike; every role has its person in the first."""

    def __init__(self) -> None:
        self.document = enter_document(
            number="济政办〔2018〕4号", title="行动计划", issuer="市政府办", level="city", issued_on=DAY,
            actor=person(Role.BUREAU_OFFICER),
        )  # fmt: skip
        enter_text("M1", text="第一条", page="第1页", on=DAY, actor=person(Role.BUREAU_OFFICER))
        self.use = record_use(
            "ZL201510000001.2", used_by="焦作某公司", used_on=DAY, successful=True, valid_to=None,
            enterprise=None, source=of_document("登记簿", actor=person(Role.BUREAU_OFFICER)),
            actor=person(Role.BUREAU_OFFICER), on=DAY,
        )  # fmt: skip
        self.town, self.zone = body(BodyKind.TOWN), body(BodyKind.ZONE)
        self.people: dict[str, User] = {}
        for role in Role:
            of = {Role.TOWN_OFFICER: self.town, Role.ZONE_OFFICER: self.zone}.get(role)
            self.people[role] = person(role, of)
        for duty in (Duty.SYSTEM, Duty.SECURITY, Duty.AUDIT):
            self.people[duty] = administrator(duty)
        self.stranger = person(Role.TOWN_OFFICER)
        mine = self.side(self.town, self.zone, self.people[Role.TOWN_OFFICER])
        other = self.side(self.stranger.appointments.get().body, None, self.stranger)
        for role in BY_MANDATE:
            mandate(mine.enterprise, self.people[role], role.value)
        self.sides = {OWN: mine, OTHER: other}
        bureau = self.people[Role.BUREAU_OFFICER]
        self.lists = {
            whose: PublishedList.objects.create(
                kind=ListKind.HNTE, title=whose, source=of_document(whose, actor=bureau)
            ).pk
            for whose in (OWN, OTHER)
        }
        state_share(
            year=2018, month=12, part=4, whole=10, source=of_document("x", actor=bureau), on=DAY,
            actor=bureau,
        )  # fmt: skip
        self.clients = {role: self.client_of(again(who)) for role, who in self.people.items()}
        self.clients["anonymous"] = Client()
        self.things = {role: self.things_of(who) for role, who in self.people.items()}
        self.things["anonymous"] = self.things_of(self.stranger)
        self.theirs = self.things_of(self.stranger)

    def side(self, town, zone, officer: User) -> Side:
        """One town's enterprise and case."""
        one = enterprise(town=town, zone=zone)
        bureau = person(Role.BUREAU_OFFICER)
        contact = add_contact(one, name="任海川", phone="19900001234", actor=bureau)
        note = write_note(one, text="备注", at=NOW, actor=bureau)
        file = attach(
            one, file=store(b"text of a file", "a.txt", by=bureau), title="a", actor=bureau
        )
        kept = mandate(one, person(Role.OWNER))
        case = draft(
            {"name": "济源市荻鹬装备有限公司"},
            body=town,
            town=town,
            zone=None,
            on=DAY,
            actor=again(officer),
        )
        propose(case, on=DAY, actor=again(officer))
        opinion = case.consultation.opinions.first()
        stop = ClockStop.objects.create(
            opinion=opinion,
            reason="补正",
            number="1号",
            proof=file.file,
            from_on=DAY,
            stopped_by=bureau,
        )
        source = of_document("年报", actor=bureau)
        stated = {"sales_revenue": Decimal(1)}
        state(one, year=2018, basis=Basis.DECLARED, figures=stated, source=source, actor=bureau)
        owner = again(kept.person)
        submit(open_report(one, year=2018, actor=owner), on=DAY, actor=owner)
        asked = ask_facts(
            one, year=2018, figures=["rd_total"], supplier=Supplier.ENTERPRISE, due_on=DAY, on=DAY,
            at=NOW, actor=bureau,
        )  # fmt: skip
        entry = record_entry(
            one, IP, {"no": "IP01", "title": "一种装置"}, source=source, actor=bureau
        )
        paper = add_paper(one, table="ip", key="IP01", file=file, actor=bureau)
        remark = Remark.objects.create(
            enterprise=one, flag="x", check_name="x", digest="x", kind=RemarkKind.ASKED, reason="x",
            said_on=DAY, said_by=officer,
        )  # fmt: skip
        ip_contact = name_contact(
            one, side=ContactSide.OFFICE, from_on=DAY, actor=bureau, person=bureau
        )
        held = certificate(one, by=bureau)
        happened = event(held, EventKind.RENAMED, DAY, by=bureau)
        number = enter_tech_sme(
            one,
            number=f"20194190010{one.pk:07d}",
            issued_on=DAY,
            source=source,
            on=DAY,
            actor=bureau,
        )
        issuer = again(self.people[Role.BUREAU_OFFICER])
        Body.objects.filter(pk__in=issuer.access.bodies).update(mark="济科")
        making = ask_paper(
            kind="reports.lacking", body=issuer.appointments.get().body, addressee=one,
            content=Content("告知书", (Paragraph("请补报。"),)), actor=issuer,
        )  # fmt: skip
        run.func(making.pk)
        making.refresh_from_db()
        frozen = freeze(one, "hnte", on=DAY, purpose="核对", actor=bureau)
        keys = {
            "frozen": frozen.pk,
            "issued": making.checkpoint,
            "entry": entry.pk,
            "paper": paper.pk,
            "remark": remark.pk,
            "ip_contact": ip_contact.pk,
            "asked": asked.pk,
            "certificate_id": held.pk,
            "event": happened.pk,
            "given": number.pk,
            "contact": contact.pk,
            "note": note.pk,
            "file": file.pk,
            "mandate": kept.pk,
            "opinion": opinion.pk,
            "stop": stop.pk,
        }
        return Side(one, case, keys)

    def things_of(self, who: User) -> dict[str, int]:
        """What a person alone has: token, delegation, message, view, job, request, line."""
        number = who.pk
        token = (
            ApiToken.objects.create(
                person=who,
                name="x",
                start="x",
                digest=f"{number:064d}",
                made_at=NOW,
                expires_on=DAY,
            )
            if not ApiToken.objects.filter(person=who).exists()
            else who.tokens.first()
        )
        gift = NOBODY
        if who.duty not in ADMINISTRATORS:
            gift = Delegation.objects.create(
                giver=who,
                taker=person(duty=who.duty),
                from_on=DAY,
                until_on=DAY + timedelta(days=1),
                reason="x",
            ).pk
        job = Job.objects.create(kind="desk.x", title="x", owner=who, created_at=NOW)
        request = ExportRequest.objects.create(
            flow="export/1",
            page="enterprises",
            query="",
            rows=1,
            form="csv",
            purpose="x",
            asked_by=who,
            asked_on=DAY,
        )
        kept = store(b"a,b\n1,2\n", "a.csv", by=who)
        batch = ImportBatch.objects.create(
            kind="reports.statements", title="a.csv", file=kept, owner=who, created_at=NOW,
            state="ready",
        )  # fmt: skip
        batch.rows.create(number=1, place=2, outcome="new")
        return {
            "import": batch.pk,
            "token": token.pk,
            "delegation": gift,
            "message": Message.objects.create(recipient=who, title="x", created_at=NOW).pk,
            "view": SavedView.objects.create(
                owner=who,
                page="enterprises",
                name=f"{number}-{SavedView.objects.count()}",
                query="",
            ).pk,
            "job": job.pk,
            "export": request.pk,
        }

    @staticmethod
    def client_of(who: User) -> Client:
        """A browser in which this person is logged in."""
        client = Client()
        client.force_login(who, backend=BACKEND)
        return client

    def arguments(
        self, pattern: str, names: tuple[str, ...], role: str, whose: str
    ) -> dict[str, object]:
        """Values for the places of an address."""
        return {name: self.argument(pattern, name, role, whose) for name in names}

    def argument(self, pattern: str, name: str, role: str, whose: str) -> object:
        """One value: of the person's own side or things, of another's, or of nobody."""
        fixed = {
            "step": "return",
            "key": "stock_goal",
            "name": "hnte",
            "programme": "hnte",
            "guide": "office",
            "token": "x",
            "code": "91419001MAX1LX27QC",
            "provider_id": "x",
            "path": "x",
            "year": 2018,
            "basis": "declared",
            "figure": "sales_revenue",
            "number": 1,
            "table": "ip",
            "side": "office",
            "kind": "renamed",
            "what": "tech-sme",
            "part": "pdf",
            "month": 12,
            "cite": "M1",
            "version": 1,
            "fact": "abnormal_list",
        }
        if name == "key" and "evidence" in pattern:
            return "IP01"
        if "assessment" in pattern and name in ("key", "kind"):
            return "st_staff" if name == "key" else "notice"
        if name == "name" and pattern.startswith("imports"):
            return "reports.statements"
        if name in fixed:
            return "approve" if name == "step" and pattern.startswith("exports") else fixed[name]
        if whose == FOREIGN:
            return NOBODY
        side = self.sides[whose]
        if pattern.startswith("evidence/uses"):
            return self.use.pk
        if pattern.startswith("evidence/contacts") and name == "contact":
            return side.keys["ip_contact"]
        things = self.things[role] if whose == OWN else self.theirs
        if pattern.startswith(("papers", "api/v1/papers")) or (
            name == "paper" and "evidence" not in pattern
        ):
            return side.keys["issued"]
        if name in side.keys:
            return side.keys[name]
        if name == "other":
            return self.sides[OTHER if whose == OWN else OWN].enterprise.pk
        if name == "appointment":
            return (
                self.about(role, whose).appointments.values_list("pk", flat=True).first() or NOBODY
            )
        for start, key in (
            ("me/tokens", "token"),
            ("me/delegations", "delegation"),
            ("messages", "message"),
            ("imports", "import"),
            ("jobs", "job"),
            ("exports", "export"),
            ("enterprises/views", "view"),
        ):
            if pattern.startswith(start):
                return things[key]
        if pattern.startswith("people"):
            return self.about(role, whose).pk
        if pattern.startswith("bodies"):
            return (self.town if whose == OWN else self.stranger.appointments.get().body).pk
        if pattern.startswith("assessments/frozen"):
            return side.keys["frozen"]
        if pattern.startswith("certificates/lists"):
            return self.lists[whose]
        if pattern.startswith("certificates"):
            return side.keys["certificate_id"]
        if pattern.startswith("policies"):
            return self.document.pk
        if pattern.startswith("registrations"):
            return side.registration.pk
        if pattern.startswith("record"):
            line = RecordLine.objects.filter(
                about_label="enterprises.enterprise", about_key=str(side.enterprise.pk)
            )
            return line.values_list("pk", flat=True).first()
        return side.enterprise.pk

    def about(self, role: str, whose: str) -> User:
        """Oneself, or another."""
        return self.people.get(role, self.stranger) if whose == OWN else self.stranger


def addresses(
    resolver: URLResolver | None = None, before: str = ""
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Pattern, name and places of every address of the office."""
    for found in (resolver or get_resolver()).url_patterns:
        pattern = before + str(found.pattern)
        if isinstance(found, URLResolver):
            yield from addresses(found, pattern)
        elif isinstance(found, URLPattern):
            yield pattern, found.name or pattern, tuple(dict.fromkeys(PLACES.findall(pattern)))


def ask(world: World, role: str, method: str, address: str) -> HttpResponse:
    """Ask once; whatever it changed is taken back, in the database and in the browser."""
    client = world.clients[role]
    kept = SimpleCookie(client.cookies.output(header="", sep=";"))
    with transaction.atomic():
        answer = getattr(client, method)(address, headers={"host": "testserver"})
        transaction.set_rollback(True)
    client.cookies = kept
    return answer


def seen(answer: HttpResponse) -> bool:
    """Whether something was there for the asker: neither hidden nor sent to the log-in."""
    if answer.status_code in (301, 302, 303):
        return not answer.headers["Location"].startswith((f"/{settings.LOGIN_URL}", "/login"))
    return answer.status_code not in HIDDEN


def fill(pattern: str, arguments: dict[str, object]) -> str:
    """The address with its places filled."""
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda place: str(arguments[place[1]]), pattern)
    return "/" + re.sub(
        r"\^?\(\?P<(\w+)>[^)]*\)", lambda place: str(arguments[place[1]]), path
    ).lstrip("^").rstrip("$")


def observed(world: World, pattern: str, names: tuple[str, ...]) -> dict[str, list[str]]:
    """For each method and side the roles that see something; nothing may fail."""
    found: dict[str, list[str]] = {}
    for method in ("get", "post"):
        for whose in WHOSE if names else (OWN,):
            sees = []
            for role in ROLES:
                address = fill(pattern, world.arguments(pattern, names, role, whose))
                answer = ask(world, role, method, address)
                assert answer.status_code < 500, (method, address, role, answer.status_code)
                if seen(answer):
                    sees.append(role)
            found[f"{method} {whose}"] = sees
    return found


GROUPS = {
    "all": ROLES,
    "people": ROLES[:-1],
    "business": [*map(str, Role)],
    "bureau": [Role.BUREAU_OFFICER, Role.BUREAU_HEAD],
    "city": [*map(str, sorted(CITYWIDE))],
    "places": [Role.TOWN_OFFICER, Role.ZONE_OFFICER],
    "enterprise": [Role.OWNER, Role.ACCOUNTANT],
    "outside": [Role.OWNER, Role.ACCOUNTANT, Role.AGENCY, Role.BANK],
    "administrators": [Duty.SYSTEM, Duty.SECURITY, Duty.AUDIT],
}  # fmt: skip
"""Words of the table for several roles."""


def expand(roles: str) -> set[str]:
    """The roles of a row of the table: names of roles and groups, `-name` without."""
    found: set[str] = set()
    for word in roles.split():
        named = set(map(str, GROUPS.get(word.removeprefix("-"), [word.removeprefix("-")])))
        found = found - named if word.startswith("-") else found | named
    return found


def condensed(roles: list[str]) -> str:
    """The shortest row that says these roles, as far as groups go."""
    rest, words = set(roles), []
    for name, group in GROUPS.items():
        named = set(map(str, group))
        if named <= rest:
            words.append(name)
            rest -= named
    return " ".join([*words, *(role for role in ROLES if role in rest)])


def table() -> dict[str, dict[str, str]]:
    """What was reviewed: address → method and side → roles, in words of `GROUPS`."""
    reviewed = yaml.safe_load(TABLE.read_text())
    return {pattern: dict(sides) for pattern, sides in reviewed.items()}
