"""The yearly report on its way, and asking for what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from peiyu.office.accounts.models import Role, User
from peiyu.office.accounts.rights import allow
from peiyu.office.enterprises.models import Enterprise, Status
from peiyu.office.foundation.days import office_day, office_now
from peiyu.office.foundation.models import StoredFile
from peiyu.office.foundation.record import write
from peiyu.office.foundation.refusals import Conflict, Difference, Refused
from peiyu.office.foundation.sources import of_document, of_person
from peiyu.office.notices.actions import tell
from peiyu.office.reports.actions.statements import (
    Wanted,
    check_figures,
    differing,
    need_reason,
    newest,
    state_all,
)
from peiyu.office.reports.models import (
    FIGURES,
    FIRST_YEAR,
    LAST_YEAR,
    Basis,
    FactRequest,
    ReportState,
    Statement,
    Supplier,
    YearReport,
)
from peiyu.office.reports.permissions import (
    bases_open_to,
    fills_in,
    may_ask_facts,
    may_withdraw_request,
    people_of,
    supplied_by,
    supplies,
)
from peiyu.office.reports.queries import contested, open_requests
from peiyu.office.reports.reading import Typed, typed
from peiyu.office.reports.workflow import FLOWS, REPORT
from peiyu.words import Message, message

LONGEST_TEXT = 60
MOST_ASKED = 20


@transaction.atomic
def open_report(enterprise: Enterprise, *, year: int, actor: User) -> YearReport:
    """The report on a year: the one there is, else a new one to fill in."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        text = "年度 {year} 不在 {first}–{last} 之间"
        raise Refused(message(text, year=year, first=FIRST_YEAR, last=LAST_YEAR), field="year")
    if year > office_day().year:
        raise Refused(message("{year}年度还没有到，没有数可填", year=year), field="year")
    found = YearReport.objects.filter(enterprise=enterprise, year=year).first()
    if found is not None:
        return found
    place = (enterprise.pk, year, Basis.DECLARED)
    stands = newest([place]).get(place)
    report = YearReport(
        enterprise=enterprise, year=year, flow=REPORT.name,
        begun_from=stands.version if stands else 0,
    )  # fmt: skip
    allow(fills_in, actor, report)
    report.save()
    write(
        actor=actor,
        action="reports.yearreport.open",
        thing=report,
        changes={"year": (None, year)},
        about=enterprise,
    )
    return report


@transaction.atomic
def save_draft(
    report: YearReport,
    *,
    texts: Mapping[str, str],
    saved: int,
    beside: Mapping[str, int] | None = None,
    actor: User,
) -> YearReport:
    """Keep what was typed, right or wrong; nothing of it is stated yet.

    `beside` names figures of which one's own text was chosen beside a declared version, and which.

    `saved` is the number of savings that the one who types has seen. What another saved in between
    for the same figures raises Conflict; for other figures both stay.
    """
    locked = _held(report)
    allow(fills_in, actor, locked)
    if locked.state not in (ReportState.DRAFT, ReportState.RETURNED):
        raise Refused(message("这一年的数已经提交，不能再填；要改请先撤回"))
    given = {name: text.strip()[:LONGEST_TEXT] for name, text in texts.items() if name in FIGURES}
    differences = tuple(
        Difference(name, text, locked.draft.get(name, ""))
        for name, text in given.items()
        if text != locked.draft.get(name, "") and _by_another(locked, name, saved, actor)
    )
    if differences:
        raise Conflict(
            message("您填写期间，{name}也在填。两边的值都列在下面", name=str(locked.saved_by)),
            differences,
        )
    locked.saved += 1
    typed_now = [name for name, text in given.items() if text != locked.draft.get(name, "")]
    own = {name: locked.marks.get(name, [0, actor.pk]) for name in beside or () if name in FIGURES}
    own |= {name: [locked.saved, actor.pk, *own.get(name, ())[2:]] for name in typed_now}
    for name, version in (beside or {}).items():
        if name in own:
            own[name] = [*own[name][:2], version]
    locked.marks = {**locked.marks, **own}
    locked.draft = {**locked.draft, **given}
    locked.saved_at, locked.saved_by = office_now(), actor
    locked.save(update_fields=["draft", "marks", "saved", "saved_at", "saved_by"])
    return locked


@transaction.atomic
def submit(report: YearReport, *, on: date, actor: User) -> YearReport:
    """Hand in what was typed: it becomes the declared statement of the year.

    Raises:
        Refused: something cannot be read, or nothing was typed.
        Conflict: somebody else declared something of it otherwise since the draft was begun.
    """
    locked = _held(report)
    allow(fills_in, actor, locked)
    found: Typed = typed(locked.draft)
    found.raise_problems()
    place = (locked.enterprise_id, locked.year, Basis.DECLARED)
    before = newest([place]).get(place)
    if before is None and all(value is None for value in found.figures.values()):
        raise Refused(message("还没有填任何数，不能提交"))
    if differences := contested(locked):
        assert before is not None
        who = str(before.recorded_by) if before.recorded_by else message("别人")
        text = message("您填写期间，{who}代填了企业申报数，与您填的不同；请逐项选定用哪个", who=who)
        raise Conflict(text, differences)
    statement = before
    if differing(before, found.figures):
        title = message("{year}年度企业申报", year=locked.year).say()
        source = of_person(actor, title, actor=actor, dated_on=on)
        wanted = Wanted(locked.enterprise, locked.year, Basis.DECLARED, found.figures)
        statement = state_all([wanted], source=source, actor=actor)[0] or before
    taken = FLOWS.of(locked).take(
        "submit", locked, actor=actor, about=locked.enterprise,
        statement=statement, submitted_on=on, submitted_by=actor,
    )  # fmt: skip
    if statement is not None:
        _begin_from(taken, statement)
    return _copied(report, taken)


@transaction.atomic
def withdraw_report(report: YearReport, *, actor: User) -> YearReport:
    """Take back what was handed in, to change it; the statement stays until the next."""
    taken = FLOWS.of(report).take("withdraw", report, actor=actor, about=report.enterprise)
    return _to_fill_in(taken)


@transaction.atomic
def return_report(report: YearReport, *, reason: str, at: datetime, actor: User) -> YearReport:
    """Give it back with what is the matter; the enterprise is told."""
    taken = FLOWS.of(report).take(
        "return", report, actor=actor, reason=reason, about=report.enterprise
    )
    _to_fill_in(taken)
    _tell(taken, message("{year}年度的数被退回：{reason}", year=report.year, reason=reason), at)
    return taken


@transaction.atomic
def reopen(report: YearReport, *, reason: str, at: datetime, actor: User) -> YearReport:
    """Let the enterprise fill in anew what was already checked or verified."""
    taken = FLOWS.of(report).take(
        "reopen", report, actor=actor, reason=reason, about=report.enterprise
    )
    _to_fill_in(taken)
    _tell(taken, message("{year}年度的数请重新填报：{reason}", year=report.year, reason=reason), at)
    return taken


@transaction.atomic
def check(
    report: YearReport,
    *,
    figures: Mapping[str, Decimal | None],
    note: str = "",
    on: date,
    actor: User,
    file: StoredFile | None = None,
) -> YearReport:
    """The town checks: what it found is stated on its own basis beside what was declared."""
    return _looked_at(report, "check", Basis.CHECKED, figures, note, on, actor, file)


@transaction.atomic
def verify(
    report: YearReport,
    *,
    figures: Mapping[str, Decimal | None],
    note: str = "",
    on: date,
    actor: User,
    file: StoredFile | None = None,
) -> YearReport:
    """The bureau verifies: what it found decides from now on."""
    return _looked_at(report, "verify", Basis.VERIFIED, figures, note, on, actor, file)


@transaction.atomic
def ask_facts(
    enterprise: Enterprise,
    *,
    year: int,
    figures: Iterable[str],
    supplier: Supplier,
    due_on: date,
    words: str = "",
    on: date,
    at: datetime,
    actor: User,
) -> FactRequest:
    """Ask the one who can supply missing figures for them, by a day; they are told.

    Raises:
        Refused: they cannot supply it, or are being asked for it already.
    """
    for_whom = allow(may_ask_facts, actor, enterprise)
    names = [name for name in FIGURES if name in set(figures)]
    if not names:
        raise Refused(message("请至少选一项要补的数"), field="figures")
    if len(names) > MOST_ASKED:
        text = "一次最多问 {most} 项，现在有 {number} 项"
        raise Refused(message(text, most=MOST_ASKED, number=len(names)), field="figures")
    foreign = tuple(FIGURES[n].chinese for n in names if n not in supplied_by(Supplier(supplier)))
    if foreign:
        text = "{supplier}提供不了“{figures}”；请改请企业或镇（园区）提供，或去掉这些项"
        words_of = message(Supplier(supplier).label)
        raise Refused(message(text, supplier=words_of, figures=foreign), field="figures")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        text = "年度 {year} 不在 {first}–{last} 之间"
        raise Refused(message(text, year=year, first=FIRST_YEAR, last=LAST_YEAR), field="year")
    if year > on.year:
        raise Refused(message("{year}年度还没有到，没有数可报", year=year), field="year")
    if due_on < on:
        raise Refused(message("期限{day}已过", day=due_on.isoformat()), field="due_on")
    _not_asked_yet(enterprise, year, names, Supplier(supplier), on)
    closed = sorted(frozenset(Basis) - bases_open_to(actor, enterprise))
    request = FactRequest.objects.create(
        enterprise=enterprise, year=year, figures=names, supplier=supplier, closed=closed,
        words=words.strip()[:300], due_on=due_on, asked_on=on, asked_by=actor,
    )  # fmt: skip
    write(
        actor=actor,
        action="reports.factrequest.ask",
        thing=request,
        changes={
            "figures": (None, names),
            "due_on": (None, due_on),
            "supplier": (None, str(supplier)),
        },
        about=enterprise,
        for_whom=for_whom,
    )
    title = message(
        "请补报{year}年度{number}项数，{day}前",
        year=year,
        number=len(names),
        day=due_on.isoformat(),
    )
    tell(
        _asked(request),
        title=title,
        text=message(words) if words else None,
        link=_link(request),
        at=at,
    )
    return request


@transaction.atomic
def withdraw_request(request: FactRequest, *, on: date, actor: User) -> FactRequest:
    """No longer ask."""
    allow(may_withdraw_request, actor, request)
    locked = FactRequest.objects.select_for_update().get(pk=request.pk)
    if locked.withdrawn_on is None:
        locked.withdrawn_on = on
        locked.save(update_fields=["withdrawn_on"])
        write(
            actor=actor,
            action="reports.factrequest.withdraw",
            thing=locked,
            changes={"withdrawn_on": (None, on)},
            about=locked.enterprise,
        )
    return locked


def _not_asked_yet(
    enterprise: Enterprise, year: int, names: list[str], supplier: Supplier, on: date
) -> None:
    """Refuse what the same one is being asked for already."""
    rows = FactRequest.objects.filter(
        enterprise=enterprise, year=year, supplier=supplier, withdrawn_on=None
    )
    for one in open_requests(rows.order_by("due_on"), on):
        again = tuple(FIGURES[name].chinese for name in names if name in one.figures)
        if again:
            text = "“{figures}”已问过{supplier}，期限{day}；不必再问"
            said = message(supplier.label)
            day = one.due_on.isoformat()
            raise Refused(message(text, figures=again, supplier=said, day=day), field="figures")


def _to_fill_in(report: YearReport) -> YearReport:
    """Open to be filled in again: what was typed stays, unless other figures were declared since."""
    place = (report.enterprise_id, report.year, Basis.DECLARED)
    stands = newest([place]).get(place)
    if stands is not None and stands.pk != report.statement_id:
        report.draft, report.marks = {}, {}
        report.save(update_fields=["draft", "marks"])
        _begin_from(report, stands)
    return report


def _begin_from(report: YearReport, stands: Statement) -> None:
    """What is typed from now on is typed beside this version."""
    report.begun_from = stands.version
    report.save(update_fields=["begun_from"])


def _held(report: YearReport) -> YearReport:
    """The report and its enterprise, locked and as they stand now."""
    locked = YearReport.objects.select_for_update().get(pk=report.pk)
    locked.enterprise = Enterprise.objects.select_for_update().get(pk=locked.enterprise_id)
    if locked.enterprise.status == Status.MERGED:
        raise Refused(message("这家企业已并入另一家，它的年度数据不再填报"))
    return locked


def _by_another(report: YearReport, name: str, saved: int, actor: User) -> bool:
    """Was a text typed by somebody else since the saving that was seen."""
    at, by = report.marks.get(name, (0, None))
    return bool(at > saved and by != actor.pk)


def _looked_at(
    report: YearReport,
    step: str,
    basis: Basis,
    figures: Mapping[str, Decimal | None],
    note: str,
    on: date,
    actor: User,
    file: StoredFile | None,
) -> YearReport:
    locked = _held(report)
    taken = FLOWS.of(locked).take(step, locked, actor=actor, reason=note, about=locked.enterprise)
    check_figures(locked.year, figures)
    place = (locked.enterprise_id, locked.year, basis)
    before = newest([place]).get(place)
    need_reason(before, figures, note)
    if differing(before, figures):
        title = message("{year}年度{basis}", year=report.year, basis=message(basis.label)).say()
        source = of_document(title, actor=actor, dated_on=on, file=file)
        state_all(
            [Wanted(locked.enterprise, locked.year, basis, figures, note.strip())],
            source=source,
            actor=actor,
        )
    return taken


def _copied(report: YearReport, taken: YearReport) -> YearReport:
    for field in ("state", "statement_id", "submitted_on", "submitted_by_id"):
        setattr(report, field, getattr(taken, field))
    return report


def _tell(report: YearReport, title: Message, at: datetime) -> None:
    link = f"/portal/enterprises/{report.enterprise_id}/years/{report.year}/"
    tell(_of_enterprise(report.enterprise), title=title, link=link, at=at)


def _of_enterprise(enterprise: Enterprise) -> list[User]:
    return people_of([enterprise.pk]).get(enterprise.pk, [])


def _asked(request: FactRequest) -> list[User]:
    """Who could supply it: the enterprise's people, or those who hold the role."""
    if request.supplier == Supplier.ENTERPRISE:
        return _of_enterprise(request.enterprise)
    roles = {
        Supplier.BODY: (Role.TOWN_OFFICER, Role.ZONE_OFFICER),
        Supplier.TAX: (Role.TAX,),
        Supplier.STATISTICS: (Role.STATISTICS,),
    }[Supplier(request.supplier)]
    people = User.objects.filter(is_active=True, appointments__role__in=roles).distinct()
    return [person for person in people if supplies(person, request)]


def _link(request: FactRequest) -> str:
    if request.supplier == Supplier.ENTERPRISE:
        return f"/portal/enterprises/{request.enterprise_id}/years/{request.year}/"
    return f"/enterprises/{request.enterprise_id}/years/?year={request.year}"
