"""Entering documents and clauses; choosing the reading of an open word."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from peiyu.office.accounts.models import Body, User
from peiyu.office.accounts.rights import allow
from peiyu.office.foundation.days import office_now
from peiyu.office.foundation.record import changed, write
from peiyu.office.foundation.refusals import Refused, SeveralRefused
from peiyu.office.policies.models import Basis, Clause, Document, Level, Setting
from peiyu.office.policies.permissions import may_enter_document, may_set
from peiyu.office.policies.programme import readings, value_of
from peiyu.words import message

LONGEST = {"number": 60, "title": 200, "issuer": 100, "address": 300, "addressees": 300}


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


def _checked(given: dict[str, object]) -> dict[str, object]:
    """The values of a document, tidied; all that is the matter at once."""
    refusals = []
    values: dict[str, object] = {}
    for name, most in LONGEST.items():
        text = str(given[name] or "").strip()
        values[name] = text
        if len(text) > most:
            refusals.append(
                Refused(
                    message("有{length}个字，最多{most}个", length=len(text), most=most), field=name
                )
            )
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
    if values["address"]:
        try:
            URLValidator(schemes=["http", "https"])(str(values["address"]))
        except ValidationError:
            refusals.append(Refused(message("网址应以http://或https://开头"), field="address"))
    if refusals:
        raise SeveralRefused(tuple(refusals))
    return values
