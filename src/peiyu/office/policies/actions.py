"""Entering documents and clauses; choosing the reading of an open word."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction

from peiyu.office.accounts.models import Body, User
from peiyu.office.accounts.rights import allow
from peiyu.office.foundation.days import office_now
from peiyu.office.foundation.record import changed, write
from peiyu.office.foundation.refusals import Refused, SeveralRefused, too_long
from peiyu.office.foundation.sealing import sealed
from peiyu.office.policies.models import ArticleText, Basis, Clause, Document, Level, Setting
from peiyu.office.policies.permissions import (
    may_confirm_text,
    may_enter_document,
    may_enter_text,
    may_set,
)
from peiyu.office.policies.programme import readings, value_of
from peiyu.office.policies.queries import confirmed_texts
from peiyu.office.policies.seals import seal_of
from peiyu.policy.articles import Article, UnknownCitationError, article
from peiyu.words import message

LONGEST = {"number": 60, "title": 200, "issuer": 100, "address": 300, "addressees": 300}
LONGEST_TEXT, LONGEST_PAGE, LONGEST_REASON = 10_000, 100, 300


@transaction.atomic
def enter_document(
    *,
    number: str,
    title: str,
    issuer: str,
    level: str,
    issued_on: date,
    effective_on: date | None = None,
    repealed_on: date | None = None,
    address: str = "",
    addressees: str = "",
    basis: Iterable[Document] = (),
    actor: User,
) -> Document:
    """Take a document into the library; its number is there once."""
    for_whom = allow(may_enter_document, actor, None)
    values = _checked(
        {
            "number": number,
            "title": title,
            "issuer": issuer,
            "level": level,
            "issued_on": issued_on,
            "effective_on": effective_on,
            "repealed_on": repealed_on,
            "address": address,
            "addressees": addressees,
        }
    )
    if Document.objects.filter(number=values["number"]).exists():
        raise Refused(message("文号“{number}”已在库中", number=values["number"]), field="number")
    document = Document.objects.create(**values)
    for other in basis:
        Basis.objects.create(document=document, rests_on=other)
    write(
        actor=actor,
        action="policies.document.enter",
        thing=document,
        changes={name: (None, value) for name, value in values.items()},
        for_whom=for_whom,
    )
    return document


@transaction.atomic
def change_document(document: Document, *, reason: str, actor: User, **values: object) -> Document:
    """Correct or repeal a document, with a reason."""
    for_whom = allow(may_enter_document, actor, document)
    if not reason.strip():
        raise Refused(message("请写明理由"), field="reason")
    document = Document.objects.select_for_update().get(pk=document.pk)
    now = {
        name: getattr(document, name)
        for name in (*LONGEST, "level", "issued_on", "effective_on", "repealed_on")
    }
    tidied = _checked({**now, **values})
    changes = changed(document, **{name: tidied[name] for name in values})
    if changes:
        document.save(update_fields=list(changes))
        write(
            actor=actor,
            action="policies.document.change",
            thing=document,
            changes=changes,
            reason=reason,
            for_whom=for_whom,
        )
    return document


@transaction.atomic
def add_clause(
    document: Document,
    *,
    place: str,
    title: str,
    gist: str,
    bodies: Iterable[Body] = (),
    ids: str = "",
    actor: User,
) -> Clause:
    """Add a clause in our own words, with those who carry it out."""
    for_whom = allow(may_enter_document, actor, document)
    if not place.strip() or not title.strip():
        raise Refused(message("条款要有位置（如“三（一）2”）和标题"), field="place")
    last = document.clauses.order_by("-order").values_list("order", flat=True).first() or 0
    clause = Clause.objects.create(
        document=document,
        place=place.strip()[:20],
        order=last + 1,
        title=title.strip()[:100],
        gist=gist.strip()[:500],
        ids=ids.strip()[:100],
    )
    clause.bodies.set(bodies)
    write(
        actor=actor,
        action="policies.clause.add",
        thing=clause,
        changes={"title": (None, clause.title), "gist": (None, clause.gist)},
        about=document,
        for_whom=for_whom,
    )
    return clause


@transaction.atomic
def choose_reading(
    *,
    key: str,
    value: str | int,
    from_on: date,
    reason: str,
    actor: User,
    document: Document | None = None,
) -> Setting:
    """Choose the reading of an open word from a day on; earlier days keep theirs."""
    reading = readings().get(key)
    if reading is None:
        raise Refused(message("没有“{key}”这项设置", key=key[:60]), field="key")
    text = message("这一项只由{role}选定", role=message(reading.by.label))
    for_whom = allow(may_set, actor, reading, text)
    if not reason.strip():
        raise Refused(message("请写明理由"), field="reason")
    if reading.choices:
        if str(value) not in dict(reading.choices):
            raise Refused(message("“{value}”不是可选的读法", value=str(value)[:60]), field="value")
        chosen: str | int = str(value)
    else:
        try:
            chosen = int(str(value))
        except ValueError:
            raise Refused(
                message("“{value}”不是整数", value=str(value)[:60]), field="value"
            ) from None
        if not reading.least <= chosen <= reading.most:
            raise Refused(
                message(
                    "{value}不在{least}到{most}之间",
                    value=chosen,
                    least=reading.least,
                    most=reading.most,
                ),
                field="value",
            )
    before = value_of(key, from_on)
    setting = Setting.objects.create(
        key=key,
        value=chosen,
        from_on=from_on,
        set_at=office_now(),
        set_by=actor,
        reason=reason.strip()[:300],
        document=document,
    )
    write(
        actor=actor,
        action="policies.setting.choose",
        thing=setting,
        changes={"value": (before, chosen), "from_on": (None, from_on)},
        reason=reason,
        for_whom=for_whom,
    )
    return setting


@transaction.atomic
def enter_text(
    cite: str,
    *,
    text: str,
    on: date,
    actor: User,
    address: str = "",
    page: str = "",
    reason: str = "",
) -> ArticleText:
    """Enter the law's own words of an article, read somewhere; they count when another confirms them.

    Raises:
        Refused: no such article, one of our own, nothing new, one waits already, no source, no reason.
    """
    for_whom = allow(may_enter_text, actor, None)
    found = _article(cite)
    text = _tidied(text)
    address, page, reason = address.strip(), page.strip(), reason.strip()
    stands = confirmed_texts([cite]).get(cite)
    _check_text(found, text, address, page, reason, stands)
    before = ArticleText.objects.select_for_update().filter(cite=cite).order_by("-version").first()
    if ArticleText.objects.waiting().filter(cite=cite).exists():
        raise Refused(
            message("{cite}已有一版原文待确认，先确认或撤回那一版", cite=cite), field="text"
        )
    row = ArticleText(
        cite=cite,
        version=before.version + 1 if before else 1,
        text=text,
        address=address,
        page=page,
        reason=reason,
        entered_on=on,
        entered_at=office_now(),
        entered_by=actor,
    )
    sealed(row, seal_of)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused(message("刚刚由别人登记了，请刷新后核对")) from None
    write(
        actor=actor,
        action="policies.articletext.enter",
        thing=row,
        changes={
            "version": (before.version if before else None, row.version),
            "address": (None, address),
            "page": (None, page),
            "seal": (None, row.seal),
        },
        reason=reason,
        for_whom=for_whom,
    )
    return row


@transaction.atomic
def confirm_text(text: ArticleText, *, on: date, actor: User) -> ArticleText:
    """Confirm, as a second person, that a text is the law's; from now on it is shown as such."""
    text = ArticleText.objects.select_for_update(of=("self",)).get(pk=text.pk)
    if text.entered_by_id == actor.pk:
        raise Refused(message("这一版是您录入的，请另一人对照原文确认"))
    for_whom = allow(may_confirm_text, actor, text)
    if text.withdrawn_on is not None:
        raise Refused(message("这一版已撤回，不能再确认"))
    if text.confirmed_on is not None:
        raise Refused(message("这一版已确认过"))
    text.confirmed_on, text.confirmed_by = on, actor
    text.save(update_fields=["confirmed_on", "confirmed_by"])
    write(
        actor=actor,
        action="policies.articletext.confirm",
        thing=text,
        changes={
            "confirmed_on": (None, on),
            "confirmed_by": (None, actor),
            "seal": (None, text.seal),
        },
        for_whom=for_whom,
    )
    return text


@transaction.atomic
def withdraw_text(text: ArticleText, *, reason: str, on: date, actor: User) -> ArticleText:
    """Take a text back, confirmed or not, with a reason; it stays in the history."""
    for_whom = allow(may_enter_text, actor, None)
    text = ArticleText.objects.select_for_update(of=("self",)).get(pk=text.pk)
    if text.withdrawn_on is not None:
        raise Refused(message("这一版已撤回过"))
    _needs_reason(reason)
    text.withdrawn_on, text.withdrawn_by = on, actor
    text.withdrawn_reason = reason.strip()
    text.save(update_fields=["withdrawn_on", "withdrawn_by", "withdrawn_reason"])
    write(
        actor=actor,
        action="policies.articletext.withdraw",
        thing=text,
        changes={"withdrawn_on": (None, on), "seal": (None, text.seal)},
        reason=text.withdrawn_reason,
        for_whom=for_whom,
    )
    return text


def _article(cite: str) -> Article:
    try:
        return article(cite)
    except UnknownCitationError:
        raise Refused(message("没有“{cite}”这一条", cite=cite[:40]), field="cite") from None


def _tidied(text: str) -> str:
    """The words with the line breaks of one kind, and nothing that no page can show."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def _check_text(
    found: Article, text: str, address: str, page: str, reason: str, stands: ArticleText | None
) -> None:
    """All that is the matter at once."""
    refusals = []
    if found.document.is_ours:
        refusals.append(Refused(message("这一条是本系统的建议标准，没有法规原文"), field="text"))
    elif not text:
        refusals.append(Refused(message("请填原文"), field="text"))
    elif len(text) > LONGEST_TEXT:
        refusals.append(too_long(text, LONGEST_TEXT, "text"))
    elif text in (found.gloss("zh"), found.gloss("en")):
        refusals.append(
            Refused(message("填的是本系统的释义，不是法规原文。请对照文件填写"), field="text")
        )
    elif stands is not None and stands.text == text:
        refusals.append(Refused(message("与已确认的原文相同，不用再录"), field="text"))
    if not address and not page:
        said = message("请写明原文出自哪里：网址，或书刊、文件名和页码")
        refusals.append(Refused(said, field="page"))
    if len(page) > LONGEST_PAGE:
        refusals.append(too_long(page, LONGEST_PAGE, "page"))
    refusals += _address(address)
    if stands is not None and not reason:
        said = message("已有确认的原文；再录一版要写明理由")
        refusals.append(Refused(said, field="reason"))
    if len(reason) > LONGEST_REASON:
        refusals.append(too_long(reason, LONGEST_REASON, "reason"))
    if refusals:
        raise SeveralRefused(tuple(refusals))


def _needs_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(message("请写明理由"), field="reason")
    if len(reason.strip()) > LONGEST_REASON:
        raise too_long(reason.strip(), LONGEST_REASON, "reason")


def _address(address: str) -> list[Refused]:
    """Why an address is none, if so."""
    if not address:
        return []
    if len(address) > LONGEST["address"]:
        return [too_long(address, LONGEST["address"], "address")]
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        return [Refused(message("网址应以http://或https://开头"), field="address")]
    return []


def _checked(given: dict[str, object]) -> dict[str, object]:
    """The values of a document, tidied; all that is the matter at once."""
    refusals = []
    values: dict[str, object] = {}
    for name, most in LONGEST.items():
        text = str(given[name] or "").strip()
        values[name] = text
        if len(text) > most:
            refusals.append(too_long(text, most, name))
        if not text and name in ("number", "title", "issuer"):
            refusals.append(Refused(message("不能空着"), field=name))
    for name in ("issued_on", "effective_on", "repealed_on"):
        values[name] = given[name]
    values["level"] = given["level"]
    if given["level"] not in Level.values:
        refusals.append(
            Refused(message("“{level}”不是文件级别", level=str(given["level"])[:20]), field="level")
        )
    if given["issued_on"] is None:
        refusals.append(Refused(message("请填发布日期"), field="issued_on"))
    repealed, issued = given["repealed_on"], given["issued_on"]
    if isinstance(repealed, date) and isinstance(issued, date) and repealed < issued:
        refusals.append(Refused(message("废止日期早于发布日期"), field="repealed_on"))
    if len(str(values["address"])) <= LONGEST["address"]:
        refusals += _address(str(values["address"]))
    if refusals:
        raise SeveralRefused(tuple(refusals))
    return values
