"""Evidence of the enterprises of the demo city, as the office came to hold it: listed, brought, corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from random import Random

from peiyu.demo.city import City
from peiyu.demo.draft import Row
from peiyu.demo.evidence import Proof, proofs_of
from peiyu.demo.office.days import live_on
from peiyu.demo.office.papers import certificate
from peiyu.demo.office.people import People
from peiyu.office.accounts.models import Role, User
from peiyu.office.enterprises.actions import attach
from peiyu.office.enterprises.models import Enterprise, Mandate, MandateKind, Status
from peiyu.office.foundation.files import store
from peiyu.office.foundation.models import Source
from peiyu.office.foundation.sources import of_document
from peiyu.office.portfolio.actions import (
    add_paper,
    ask_about,
    clear_flag,
    explain_flag,
    name_contact,
    record_entry,
    record_use,
    say_all_full,
    withdraw_entry,
)
from peiyu.office.portfolio.actions.entries import Wanted, record_all
from peiyu.office.portfolio.checking import key_of, settled
from peiyu.office.portfolio.flags import Flag, flags_of, recount
from peiyu.office.portfolio.loading import held_of
from peiyu.office.portfolio.models import OF_TABLE, ContactSide
from peiyu.policy.case import Scalar
from peiyu.policy.evidence import BY_NAME, TABLES, Evidence

AT_ONCE = 500
LISTED_ON, RENEWED_ON = date(2018, 11, 20), date(2019, 5, 22)
"""When the IP office handed over its list, and when it did so again."""
BROUGHT_ON, CORRECTED_ON, CHECKED_ON = date(2019, 4, 24), date(2019, 6, 3), date(2019, 6, 5)
CORRECTED, WITHDRAWN, PROVED, VACANT = 20, 4, 6, 6
"""Rows corrected and withdrawn; enterprises with papers; one in so many lacks a contact."""
ASKED, CLEARED = 9, 6
ALIKE = ("counted_twice", "sold_early", "other_field")
"""Checks whose flags are looked at and cleared."""
REASONS = ("证书上的名称如此，原登记少字", "按证书更正", "按立项决议更正")
IN_ORDER = "已看合同、发票和生产记录，没有问题"
EXPLANATION = "该专利申请材料由研发团队提前准备，研发记录见附件，请核对"


def fill(drawn: City, found: Sequence[Enterprise], people: People) -> None:
    """Record all evidence, then let it be corrected, proved, asked about and explained."""
    firms = Enterprise.objects.in_bulk([one.pk for one in found])
    held = [(firms[one.pk], proof) for one, proof in zip(found, proofs_of(drawn), strict=True)]
    random = Random(f"{drawn.seed} evidence")
    _record(held, people)
    _say_full(held, people)
    _use(held, people)
    _correct([one for one, _ in held], people, random)
    _prove([one for one, _ in held][:PROVED], people)
    _name_contacts([one for one, proof in held if proof.rows("ip")], people)
    living = [one for one, _ in held if one.status != Status.MERGED]
    live_on(CHECKED_ON)
    _talk(living, people)
    live_on(drawn.on)
    for at in range(0, len(living), AT_ONCE):
        recount(living[at : at + AT_ONCE], drawn.on)


def _record(held: Sequence[tuple[Enterprise, Proof]], people: People) -> None:
    """Table by table, each with its source; rights as the IP office listed them, in two lists."""
    officer, ip_office = people.first(Role.BUREAU_OFFICER), people.first(Role.IP_OFFICE)
    for on, title in ((LISTED_ON, "2018年知识产权清单"), (RENEWED_ON, "2019年新增知识产权清单")):
        live_on(on)
        source = of_document(title, dated_on=on, actor=ip_office)
        rows = [
            (one, row)
            for one, proof in held
            for row in proof.rows("ip")
            if (_granted(row) <= LISTED_ON) == (on == LISTED_ON)
        ]
        _put(BY_NAME["ip"], rows, source, ip_office)
        if on == LISTED_ON:
            live_on(BROUGHT_ON)
            brought = of_document("2019年认定准备材料汇总", dated_on=BROUGHT_ON, actor=officer)
            for table in TABLES:
                if table.name != "ip":
                    rows = [(one, row) for one, proof in held for row in proof.rows(table.name)]
                    _put(table, rows, brought, officer)


def _granted(row: Row) -> date:
    found = row.get("granted_on")
    return found if isinstance(found, date) else LISTED_ON


def _put(
    table: Evidence, rows: Sequence[tuple[Enterprise, Row]], source: Source, actor: User
) -> None:
    wanted = []
    for one, row in rows:
        values = settled(
            {name: _read(row[name]) for name in table.names if row.get(name) is not None}
        )
        wanted.append(Wanted(one, key_of(table, values), values))
    for at in range(0, len(wanted), AT_ONCE):
        record_all(table, wanted[at : at + AT_ONCE], source=source, actor=actor, known={})


def _read(value: object) -> Scalar:
    if isinstance(value, list):
        return tuple(str(one) for one in value)
    assert isinstance(value, bool | int | str | date)
    return value


def _say_full(held: Iterable[tuple[Enterprise, Proof]], people: People) -> None:
    live_on(BROUGHT_ON)
    officer = people.first(Role.BUREAU_OFFICER)
    said = [(one, table) for one, proof in held for table in sorted(proof.full)]
    say_all_full(said, actor=officer)


def _use(held: Iterable[tuple[Enterprise, Proof]], people: People) -> None:
    live_on(RENEWED_ON)
    officer = people.first(Role.BUREAU_OFFICER)
    source = of_document("历年认定使用知识产权登记簿", dated_on=RENEWED_ON, actor=officer)
    for one, proof in held:
        for use in proof.uses:
            own = use["used_by"] == proof.firm.code
            used_on, valid_to = use["used_on"], use["valid_to"]
            assert isinstance(used_on, date) and isinstance(valid_to, date)
            record_use(
                str(use["grant_number"]), used_by=str(use["used_by"]), used_on=used_on,
                successful=bool(use["successful"]), valid_to=valid_to,
                enterprise=one if own else None, source=source, actor=officer, on=RENEWED_ON,
            )  # fmt: skip


def _correct(firms: Sequence[Enterprise], people: People, random: Random) -> None:
    """Titles that were copied wrongly are put right; a few rows should not have been there."""
    live_on(CORRECTED_ON)
    officer = people.first(Role.BUREAU_OFFICER)
    source = of_document("证据核对记录", dated_on=CORRECTED_ON, actor=officer)
    kind, keep = OF_TABLE["ip"], {one.pk for one in firms if one.status == Status.ACTIVE}
    rows = list(kind.objects.standing().filter(enterprise__in=keep).order_by("enterprise", "key"))
    for at, row in enumerate(random.sample(rows, CORRECTED)):
        values = {"title": f"{row.values()['title']}（改进型）"}
        record_entry(
            row.enterprise, row.table, values, source=source, actor=officer, key=row.key,
            reason=REASONS[at % len(REASONS)],
        )  # fmt: skip
    systems = list(OF_TABLE["management"].objects.standing().order_by("enterprise", "key"))
    for row in random.sample(systems, WITHDRAWN):
        withdraw_entry(row, reason="与另一份制度重复", source=source, actor=officer)


def _prove(firms: Sequence[Enterprise], people: People) -> None:
    """A scanned certificate for rights of the first enterprises; one sheet proves several."""
    live_on(RENEWED_ON)
    officer = people.first(Role.BUREAU_OFFICER)
    for one in firms:
        rights = list(OF_TABLE["ip"].objects.standing().filter(enterprise=one)[:3])
        if not rights:
            continue
        content = BytesIO(certificate([str(row.values()["grant_number"]) for row in rights]))
        stored = store(content, "知识产权证书.png", by=officer)
        file = attach(one, file=stored, title="知识产权证书（扫描件）", actor=officer)
        for row in rights:
            add_paper(one, table="ip", key=row.key, file=file, actor=officer)


def _name_contacts(firms: Iterable[Enterprise], people: People) -> None:
    """On both sides; some places are vacant."""
    live_on(CORRECTED_ON)
    ip_office = people.first(Role.IP_OFFICE)
    for at, one in enumerate(firms):
        if one.status != Status.ACTIVE:
            continue
        if at % VACANT:
            name_contact(
                one,
                side=ContactSide.OFFICE,
                from_on=CORRECTED_ON,
                actor=ip_office,
                person=ip_office,
            )
        contact = one.contacts.filter(until_on=None).order_by("id").first()
        if contact is not None and at % (VACANT + 1):
            name_contact(
                one, side=ContactSide.ENTERPRISE, from_on=CORRECTED_ON, actor=ip_office,
                contact=contact,
            )  # fmt: skip


def _talk(firms: Sequence[Enterprise], people: People) -> None:
    """Some flags are asked about, a few explained, others cleared."""
    officer = people.first(Role.BUREAU_OFFICER)
    at = datetime(CHECKED_ON.year, CHECKED_ON.month, CHECKED_ON.day, 2, tzinfo=UTC)
    flags = list(_first_flags(firms))
    alike = [pair for pair in flags if pair[1].check.id in ALIKE][:CLEARED]
    for one, flag in alike:
        key, digest = flag.finding.key, flag.finding.digest
        clear_flag(one, flag=key, digest=digest, reason=IN_ORDER, actor=officer)
    others = [pair for pair in flags if pair not in alike]
    for number, (one, flag) in enumerate(others[:ASKED]):
        due = CHECKED_ON + timedelta(days=5 if number % 3 == 2 else 21)
        key, digest = flag.finding.key, flag.finding.digest
        ask_about(one, flag=key, digest=digest, words="", due_on=due, at=at, actor=officer)
        speaker = one.mandates.filter(kind=MandateKind.OWNER, revoked_on=None).first()
        if speaker is not None and number % 3 == 1:
            explain_flag(one, flag=key, digest=digest, words=EXPLANATION, actor=speaker.person)


def _first_flags(firms: Sequence[Enterprise]) -> Iterator[tuple[Enterprise, Flag]]:
    """Of each enterprise with flags the first; those first to which people of it log in."""
    by_key = {one.pk: one for one in firms}
    open_to = set(
        Mandate.objects.filter(kind=MandateKind.OWNER).values_list("enterprise", flat=True)
    )
    order = sorted(by_key, key=lambda key: (key not in open_to, key))
    held = held_of(firms, on=CHECKED_ON)
    for key in order:
        flags = flags_of(held[key], (), CHECKED_ON)
        if flags:
            yield by_key[key], flags[0]
