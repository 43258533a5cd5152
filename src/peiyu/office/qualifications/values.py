"""What is stated of certificates, numbers and titles, as given at any door, checked and tidied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from peiyu.office.enterprises.identity import checked_name, tidy
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.refusals import Refused, SeveralRefused
from peiyu.office.qualifications.models import FIRST_YEAR, LAST_YEAR, TitleKind, TitleLevel
from peiyu.policy import tech_sme_number
from peiyu.policy.hnte_certificate import NoNumber, first_day_of_law, parse, valid_to
from peiyu.policy.tech_sme_number import RegistrationNumber
from peiyu.words import message

LONGEST = {"issuer": 100, "words": 300, "reason": 300, "number": 60, "name": 100}
NEEDED = ("number", "issued_on")


def checked_paper(
    given: Mapping[str, object], enterprise: Enterprise, on: date
) -> dict[str, object]:
    """The values of a certificate; an empty name becomes the one that the enterprise bore then.

    Raises:
        SeveralRefused: with all that cannot be.
    """
    refusals: list[Refused] = []
    found: dict[str, object] = {
        "publicity_on": None, "approved_on": None, "printed_end_on": None, "issued_here": True,
        "issuer": "", **given,
    }  # fmt: skip

    def tried(name: str, check: Callable[[], object]) -> None:
        try:
            found[name] = check()
        except Refused as refused:
            refusals.append(refused)

    tried("number", lambda: checked_number(found.get("number")))
    tried("issued_on", lambda: checked_issue(found.get("issued_on"), enterprise, on))
    for name in ("publicity_on", "approved_on"):
        tried(name, lambda name=name: past(found[name], on, name))  # type: ignore[misc]
    issued_on = found.get("issued_on")
    if isinstance(issued_on, date) and not refusals:
        tried("printed_end_on", lambda: checked_end(found["printed_end_on"], issued_on))
    tried("issuer", lambda: text(found["issuer"], "issuer"))
    tried("name", lambda: _name(found.get("name"), enterprise, issued_on))
    if refusals:
        raise SeveralRefused(tuple(refusals))
    found["issued_here"] = bool(found["issued_here"])
    return found


def checked_number(given: object) -> str:
    """The number of a certificate as kept; refuses what cannot be one and says what is wrong with it."""
    try:
        return parse(tidy(given) if isinstance(given, str) else "").written
    except NoNumber as wrong:
        raise Refused(wrong.text, field="number") from None


def checked_issue(given: object, enterprise: Enterprise, on: date) -> date:
    """The day of issue: not ahead, not before the law nor before the enterprise was founded."""
    day = needed(given, "issued_on")
    if day > on:
        text_ = "发证日期{day}在今天{today}之后。请对照证书"
        raise Refused(message(text_, day=day.isoformat(), today=on.isoformat()), field="issued_on")
    if day < first_day_of_law():
        text_ = "发证日期{day}早于{first}：那时还没有现在的认定办法，这样的证书不登记"
        first = first_day_of_law().isoformat()
        raise Refused(message(text_, day=day.isoformat(), first=first), field="issued_on")
    founded = enterprise.established_on
    if founded is not None and day < founded:
        text_ = "发证日期{day}早于企业成立日期{founded}。请核对证书，或先更正成立日期"
        said = message(text_, day=day.isoformat(), founded=founded.isoformat())
        raise Refused(said, field="issued_on")
    return day


def checked_end(given: object, issued_on: date) -> date | None:
    """The end that the paper prints: after its issue, not beyond the term of the law."""
    day = perhaps(given, "printed_end_on")
    if day is None:
        return None
    if day <= issued_on:
        text_ = "有效期截止日{day}不晚于发证日期{issued}。请对照证书"
        said = message(text_, day=day.isoformat(), issued=issued_on.isoformat())
        raise Refused(said, field="printed_end_on")
    if day > (last := valid_to(issued_on)):
        text_ = (
            "有效期截止日{day}晚于按办法的有效期算出的{last}。请对照证书；证书没有印截止日的，留空"
        )
        said = message(text_, day=day.isoformat(), last=last.isoformat())
        raise Refused(said, field="printed_end_on")
    return day


def checked_number_of(
    number: object, issued_on: object, on: date
) -> tuple[RegistrationNumber, date | None]:
    """The number of a technology SME taken apart, and the day on which it was published.

    Raises:
        Refused: it has not the form of one, its year is to come, or the day does not fit its year.
    """
    try:
        found = tech_sme_number.parse(str(number or "")[: LONGEST["number"]])
    except tech_sme_number.NoNumber as wrong:
        raise Refused(wrong.text, field="number") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        text_ = "编号{no}的年份{year}不对，请核对"
        raise Refused(message(text_, no=found.written, year=found.year), field="number")
    day = past(issued_on, on, "issued_on")
    if found.year > on.year:
        text_ = "编号{no}是{year}年的，今年是{now}年，请核对"
        said = message(text_, no=found.written, year=found.year, now=on.year)
        raise Refused(said, field="number")
    if day is not None and not found.year <= day.year <= found.year + 1:
        text_ = "公布日期{day}与编号的年份{year}不合，请核对"
        raise Refused(message(text_, day=day.isoformat(), year=found.year), field="issued_on")
    return found, day


def checked_title(given: Mapping[str, object], on: date) -> dict[str, object]:
    """The values of a title: kind, level, name, number, awarded_on, ends_on."""
    kind, level = given.get("kind"), given.get("level")
    if kind not in TitleKind.values:
        raise Refused(message("请选称号的种类"), field="kind")
    if level not in TitleLevel.values:
        raise Refused(message("请选国家级、省级或市级"), field="level")
    awarded = needed_past(given.get("awarded_on"), on, "awarded_on")
    ends = perhaps(given.get("ends_on"), "ends_on")
    if ends is not None and ends < awarded:
        text_ = "截止日{ends}早于授予日{day}，请核对"
        said = message(text_, ends=ends.isoformat(), day=awarded.isoformat())
        raise Refused(said, field="ends_on")
    return {
        "kind": str(kind), "level": str(level), "name": text(given.get("name"), "name"),
        "number": text(given.get("number"), "number"), "awarded_on": awarded, "ends_on": ends,
    }  # fmt: skip


def needed(given: object, field: str) -> date:
    """A day that must be given."""
    day = perhaps(given, field)
    if day is None:
        raise Refused(message("请填日期"), field=field)
    return day


def perhaps(given: object, field: str) -> date | None:
    """A day, or none."""
    if given in (None, ""):
        return None
    if not isinstance(given, date):
        raise Refused(message("日期应写成2018-02-01的样子"), field=field)
    return given


def past(given: object, on: date, field: str) -> date | None:
    """A day that is not ahead, or none."""
    day = perhaps(given, field)
    if day is not None and day > on:
        text_ = "日期{day}在今天{today}之后，请核对"
        raise Refused(message(text_, day=day.isoformat(), today=on.isoformat()), field=field)
    return day


def needed_past(given: object, on: date, field: str) -> date:
    """A day that must be given and is not ahead."""
    day = past(given, on, field)
    return day if day is not None else needed(None, field)


def text(given: object, field: str) -> str:
    """Words, tidied and not too long."""
    found = tidy(given) if isinstance(given, str) else ""
    if len(found) > (most := LONGEST[field]):
        text_ = "有{length}个字，最多{most}个；请写短些"
        raise Refused(message(text_, length=len(found), most=most), field=field)
    return found


def reason_of(given: str) -> str:
    """A reason, which must be there."""
    found = text(given, "reason")
    if not found:
        raise Refused(message("请写明理由或依据"), field="reason")
    return found


def name_on(enterprise: Enterprise, day: date) -> str:
    """The name that an enterprise bore on a day, as far as the registry knows."""
    for one in enterprise.names.all():
        if (one.from_on is None or one.from_on <= day) and (
            one.until_on is None or day <= one.until_on
        ):
            return one.name
    return enterprise.name


def _name(given: object, enterprise: Enterprise, issued_on: object) -> str:
    written = tidy(given) if isinstance(given, str) else ""
    if written:
        return checked_name(written)
    return name_on(enterprise, issued_on) if isinstance(issued_on, date) else enterprise.name
