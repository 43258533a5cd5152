"""Checks of order: what comes before what, and whether what is named is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from peiyu.policy.chain.held import Check, Finding, Held, Place, Seen, Severity, Verdict
from peiyu.policy.evidence import Row, day_of, names_of, text_of, whole_of
from peiyu.words import mark, message

REFERENCES = (
    ("projects", "ip_nos", ("ip",)),
    ("products", "ip_nos", ("ip",)),
    ("conversions", "source_nos", ("ip", "projects")),
    ("conversions", "product_nos", ("products",)),
    ("cooperations", "rd_nos", ("projects",)),
)
SINGLE = (("rd", "no", "projects"), ("incomes", "no", "products"))


def begun(project: Row) -> date | None:
    """When an R&D activity began: as stated, else when it was approved."""
    return day_of(project, "started_on") or day_of(project, "approved_on")


def ip_before_rd(held: Held) -> Iterator[Seen]:
    """Applied for before the R&D that is said to have brought it."""
    for rd, project in held.projects.items():
        for no in names_of(project, "ip_nos"):
            if no not in held.ip:
                continue
            applied, start = day_of(held.ip[no], "applied_on"), begun(project)
            if applied is None or start is None:
                yield Verdict.OPEN
            elif applied < start:
                said = message(
                    "{ip}申请于{applied}，早于{rd}开始的{start}",
                    ip=no, applied=applied.isoformat(), rd=rd, start=start.isoformat(),
                )  # fmt: skip
                yield Finding(
                    "ip_before_rd", (("ip", no), ("projects", rd)), said, (applied, start)
                )
            else:
                yield Verdict.FINE


def ip_after_rd(held: Held) -> Iterator[Seen]:
    """Applied for after the R&D had ended."""
    for rd, project in held.projects.items():
        for no in names_of(project, "ip_nos"):
            if no not in held.ip:
                continue
            applied, end = day_of(held.ip[no], "applied_on"), day_of(project, "ended_on")
            if applied is None or end is None:
                yield Verdict.OPEN
            elif applied > end + timedelta(days=held.bounds.after_days):
                said = message(
                    "{ip}申请于{applied}，晚于{rd}结束的{end}",
                    ip=no, applied=applied.isoformat(), rd=rd, end=end.isoformat(),
                )  # fmt: skip
                yield Finding("ip_after_rd", (("ip", no), ("projects", rd)), said, (applied, end))
            else:
                yield Verdict.FINE


def not_approved(held: Held) -> Iterator[Seen]:
    """An R&D activity without a paper of approval."""
    for rd, project in held.projects.items():
        if project.get("approval") is None:
            yield Verdict.OPEN
        elif not project["approval"]:
            yield Finding("not_approved", (("projects", rd),), message("{rd}没有立项文件", rd=rd))
        else:
            yield Verdict.FINE


def missing(held: Held) -> Iterator[Seen]:
    """A row names a number that is nowhere."""
    for table, column, targets in REFERENCES:
        there = {text_of(row, "no") for target in targets for row in held.rows(target)}
        for row in held.rows(table):
            no = text_of(row, "no")
            gone = [name for name in names_of(row, column) if name not in there]
            yield from _missing(table, no, gone, bool(there))
    for table, column, target in SINGLE:
        there = {text_of(row, "no") for row in held.rows(target)}
        strange = dict.fromkeys(text_of(row, column) for row in held.rows(table))
        for no in strange:
            yield from _missing(table, no, [] if no in there else [no], bool(there))
    spent = {(text_of(row, "no"), text_of(row, "person")) for row in held.rows("hours")}
    for no in sorted({rd for rd, _ in spent if rd not in held.projects}):
        yield from _missing("hours", no, [no], bool(held.projects))
    for no in sorted({who for _, who in spent if who not in held.people}):
        yield from _missing("hours", no, [no], bool(held.people))


def _missing(table: str, no: str, gone: list[str], known: bool) -> Iterator[Seen]:
    if not gone:
        yield Verdict.FINE
    elif not known:
        yield Verdict.OPEN  # the table that is named has not been filled in at all
    else:
        said = message("{no}写的编号{gone}在表里没有", no=no, gone=tuple(gone))
        yield Finding("missing", ((table, no),), said, tuple(gone))


def converted_early(held: Held) -> Iterator[Seen]:
    """Converted before the result was there: its right applied for, its R&D begun."""
    for row in held.rows("conversions"):
        no, day = text_of(row, "no"), day_of(row, "converted_on")
        for source in names_of(row, "source_nos"):
            if source in held.ip:
                made, place = day_of(held.ip[source], "applied_on"), ("ip", source)
                text = "{no}转化于{day}，早于成果{source}申请的{made}"
            elif source in held.projects:
                made, place = begun(held.projects[source]), ("projects", source)
                text = "{no}转化于{day}，早于{source}开始研发的{made}"
            else:
                continue
            if day is None or made is None:
                yield Verdict.OPEN
            elif day < made:
                said = message(
                    text, no=no, day=day.isoformat(), source=source, made=made.isoformat()
                )
                yield Finding("converted_early", (("conversions", no), place), said, (day, made))
            else:
                yield Verdict.FINE


def sold_early(held: Held) -> Iterator[Seen]:
    """A product sold before any of the results in it was converted."""
    first: dict[str, tuple[date, str]] = {}
    for row in held.rows("conversions"):
        day = day_of(row, "converted_on")
        for ps in names_of(row, "product_nos"):
            if day is not None and (ps not in first or day < first[ps][0]):
                first[ps] = day, text_of(row, "no")
    for ps, (day, no) in first.items():
        if ps not in held.products:
            continue
        sold = day_of(held.products[ps], "first_sold_on")
        if sold is None:
            yield Verdict.OPEN
        elif sold < day:
            said = message(
                "{ps}首次销售于{sold}，早于最早的转化{no}（{day}）",
                ps=ps, sold=sold.isoformat(), no=no, day=day.isoformat(),
            )  # fmt: skip
            yield Finding("sold_early", (("products", ps), ("conversions", no)), said, (sold, day))
        else:
            yield Verdict.FINE


def counted_twice(held: Held) -> Iterator[Seen]:
    """Two results that look like one: from the same right, or called nearly the same."""
    rows = [
        (text_of(row, "no"), result, frozenset(names_of(row, "source_nos")) & held.ip.keys(), _pairs(result))
        for row in held.rows("conversions")
        if (result := text_of(row, "result"))
    ]  # fmt: skip
    for at, (no, result, sources, pairs) in enumerate(rows):
        yield Verdict.FINE
        for other, its, theirs, others in rows[at + 1 :]:
            if result == its:
                continue  # the same words are counted once by the rule itself
            places: tuple[Place, ...] = (("conversions", no), ("conversions", other))
            if shared := sorted(sources & theirs):
                said = message(
                    "{one}和{two}出自同一成果{ip}，按一项计", one=no, two=other, ip=tuple(shared)
                )
                yield Finding("counted_twice", places, said, (result, its, *shared))
            elif _alike(pairs, others):
                said = message(
                    "{one}“{a}”和{two}“{b}”名称相近，像是同一成果",
                    one=no,
                    a=result,
                    two=other,
                    b=its,
                )
                yield Finding("counted_twice", places, said, (result, its))


ALIKE = (4, 5)
"""So many of so many pairs of signs in common make two names alike."""
FEWEST = 3


def alike(one: str, other: str) -> bool:
    """Do two names share most of their pairs of signs (Dice); those of under four signs never."""
    return _alike(_pairs(one), _pairs(other))


def _alike(a: frozenset[str], b: frozenset[str]) -> bool:
    if min(len(a), len(b)) < FEWEST:
        return False
    return 2 * len(a & b) * ALIKE[1] >= ALIKE[0] * (len(a) + len(b))


def _pairs(text: str) -> frozenset[str]:
    plain = "".join(sign for sign in text if sign.isalpha())  # V1.0 and V2.0 are of one name
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


def spent_outside(held: Held) -> Iterator[Seen]:
    """R&D expense in a year in which the activity did not run."""
    for row in held.rows("rd"):
        no, year = text_of(row, "no"), whole_of(row, "year")
        project = held.projects.get(no)
        if project is None or year is None:
            continue
        start, end = begun(project), day_of(project, "ended_on")
        if start is None and end is None:
            yield Verdict.OPEN
        elif (start is not None and year < start.year) or (end is not None and year > end.year):
            said = message(
                "{no}在{year}年有费用，而它的起止是{start}至{end}",
                no=no, year=year, start=_said(start), end=_said(end),
            )  # fmt: skip
            yield Finding("spent_outside", (("projects", no),), said, (year, start, end))
        else:
            yield Verdict.FINE


def _said(day: date | None) -> str:
    return day.isoformat() if day else "—"


CHECKS = (
    Check("not_approved", mark("研发活动有立项文件"), "G2.3", Severity.MIDDLE,
          mark("补立项决议或立项书；补不了的，这项研发活动及其费用可能不被认可"), not_approved),
    Check("ip_before_rd", mark("知识产权申请不早于对应的研发活动"), "A2-四", Severity.MIDDLE,
          mark("核对申请日和研发活动起始日；对应关系写错的改对应关系"), ip_before_rd),
    Check("ip_after_rd", mark("知识产权申请不晚于对应的研发活动结束"), "A2-四", Severity.LOW,
          mark("核对日期；结题后才申请的，说明成果出自该活动"), ip_after_rd),
    Check("converted_early", mark("转化不早于成果形成"), "G3.7.2", Severity.MIDDLE,
          mark("核对转化日期与成果来源；来源写错的改来源"), converted_early),
    Check("sold_early", mark("产品销售不早于成果转化"), "G3.7.2", Severity.LOW,
          mark("核对首次销售日期；老产品改进的，说明改进的部分"), sold_early),
    Check("counted_twice", mark("同一成果只计一次"), "G3.7.2", Severity.MIDDLE,
          mark("是同一成果的写同一名称；是两项的分别写清来源"), counted_twice),
    Check("missing", mark("写到的编号都在表里"), "A2-二", Severity.MIDDLE,
          mark("补这一行，或改正编号"), missing),
    Check("spent_outside", mark("费用发生在研发活动期间"), "A2-五", Severity.MIDDLE,
          mark("核对起止日期和费用所属年度"), spent_outside),
)  # fmt: skip
