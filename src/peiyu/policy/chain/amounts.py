"""Checks of amounts and hours: whether rows add up to what the year states."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from peiyu.policy.case import State
from peiyu.policy.chain.held import (
    LAGS,
    PARTED,
    RD_TOTALS,
    Check,
    Finding,
    Held,
    Seen,
    Severity,
    Verdict,
)
from peiyu.policy.chain.order import begun
from peiyu.policy.evidence import day_of, text_of, whole_of
from peiyu.policy.facts import fact
from peiyu.policy.intervals import interval
from peiyu.policy.rulebooks import hnte
from peiyu.policy.tree import Number, Outcome
from peiyu.policy.wording import money
from peiyu.words import mark, message


def _known(held: Held, node: Number) -> int | None:
    low, high, _, _ = interval(held.assessment.value(node))
    return low if low == high else None


def main_products(held: Held) -> Iterator[Seen]:
    """Main products bring no more than half of high-tech income."""
    if not held.products:
        return
    match held.assessment.outcome("main_products"):
        case Outcome.MET:
            yield Verdict.FINE
        case Outcome.UNMET:
            main, all_of_it = _known(held, hnte.main_income), _known(held, hnte.ht_income)
            places = tuple(
                ("products", ps) for ps, row in held.products.items() if row.get("is_main")
            )
            said = message(
                "有知识产权支撑的主要产品收入{main}，没有超过高新技术产品（服务）收入{all}的一半",
                main=money(main), all=money(all_of_it),
            )  # fmt: skip
            yield Finding("main_products", places, said, (main, all_of_it), main)
        case _:
            yield Verdict.OPEN


def high_tech_income(held: Held) -> Iterator[Seen]:
    """Income of the products is not the high-tech income that is stated."""
    if not held.income:
        return
    match held.assessment.outcome("ht_income"):
        case Outcome.MET:
            yield Verdict.FINE
        case Outcome.UNMET:
            rows, stated = _known(held, hnte.product_income), _known(held, hnte.ht_stated)
            said = message(
                "{year}年各产品（服务）收入合计{rows}，年度数据是{stated}",
                year=held.last_year, rows=money(rows), stated=money(stated),
            )  # fmt: skip
            places = tuple(("products", ps) for ps in held.products)
            yield Finding("high_tech_income", places, said, (rows, stated), _apart(rows, stated))
        case _:
            yield Verdict.OPEN


def spending(held: Held) -> Iterator[Seen]:
    """R&D of the activities is not what the yearly table states, by category or in all."""
    if not held.rows("rd"):
        return
    full = held.case.state("rd") is State.COMPLETE
    for lag in LAGS:
        year = held.on.year - lag
        rows = [row for row in held.rows("rd") if row.get("year") == year]
        stated = held.yearly.get(year, {})
        if not rows or not stated:
            continue
        apart: list[tuple[str, int, int]] = []
        for name in PARTED:
            amounts = [whole_of(row, name) for row in rows]
            if name in stated and None not in amounts:
                total = sum(amount for amount in amounts if amount is not None)
                if total != stated[name] and (full or total > stated[name]):
                    apart.append((name, total, stated[name]))
        places = tuple(("projects", text_of(row, "no")) for row in rows)
        if apart:
            said = message(
                "{year}年各研发活动合计与年度数据不一致：{parts}",
                year=year,
                parts=tuple(
                    message(
                        "{name}{rows}，年度{stated}",
                        name=message(fact(name, "years").chinese), rows=money(total), stated=money(of_year),
                    )
                    for name, total, of_year in apart
                ),
            )  # fmt: skip
            most = sum(abs(total - of_year) for _, total, of_year in apart)
            yield Finding("spending", places, said, (year, *apart), most)
        elif held.assessment.outcome(f"rd_total.{lag}") is Outcome.UNMET:
            made, of_year = _known(held, RD_TOTALS[lag]), stated.get("rd_total")
            said = message(
                "{year}年按各研发活动归集的研发费用{rows}，年度数据是{stated}",
                year=year, rows=money(made), stated=money(of_year),
            )  # fmt: skip
            yield Finding("spending", places, said, (year, made, of_year), _apart(made, of_year))
        elif any(name in stated for name in (*PARTED, "rd_total")):
            yield Verdict.FINE


def _apart(one: int | None, two: int | None) -> int | None:
    return None if one is None or two is None else abs(one - two)


def not_there(held: Held) -> Iterator[Seen]:
    """Hours of a person in a month before joining or after leaving."""
    for who, row in held.people.items():
        joined, left = day_of(row, "joined_on"), day_of(row, "left_on")
        months = sorted(held.months.get(who, ()))
        if not months:
            continue
        if joined is None:
            yield Verdict.OPEN
            continue
        strange = [
            (year, month) for year, month in months
            if date(year, month, monthrange(year, month)[1]) < joined
            or (left is not None and date(year, month, 1) > left)
        ]  # fmt: skip
        if strange:
            said = message(
                "{who}在{months}有工时，而任职是{joined}至{left}",
                who=who, months=tuple(f"{y}-{m:02d}" for y, m in strange), joined=joined.isoformat(),
                left=left.isoformat() if left else "—",
            )  # fmt: skip
            yield Finding("not_there", (("people", who),), said, (joined, left, *strange))
        else:
            yield Verdict.FINE


def above_full(held: Held) -> Iterator[Seen]:
    """More hours of a person in a month than its working days have."""
    for who, months in held.months.items():
        over: list[tuple[int, int, int, int]] = []
        unknown = False
        for (year, month), hours in sorted(months.items()):
            full = held.full_hours(year, month)
            if full is None:
                unknown = True
            elif hours > full:
                over.append((year, month, hours, full))
        if over:
            said = message(
                "{who}的工时超过当月全部工作时间：{months}",
                who=who,
                months=tuple(
                    message("{month}共{hours}小时，全月{full}小时", month=f"{y}-{m:02d}", hours=h, full=f)
                    for y, m, h, f in over
                ),
            )  # fmt: skip
            yield Finding("above_full", (("people", who),), said, tuple(over))
        else:
            yield Verdict.OPEN if unknown else Verdict.FINE


def worked_outside(held: Held) -> Iterator[Seen]:
    """Hours on an activity in months in which it did not run."""
    worked: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for row in held.rows("hours"):
        year, month = whole_of(row, "year"), whole_of(row, "month")
        if year and month and whole_of(row, "hours"):
            worked[text_of(row, "no")].add((year, month))
    for no, months in worked.items():
        project = held.projects.get(no)
        if project is None:
            continue
        start, end = begun(project), day_of(project, "ended_on")
        if start is None and end is None:
            yield Verdict.OPEN
            continue
        strange = sorted(
            (year, month) for year, month in months
            if (start is not None and (year, month) < (start.year, start.month))
            or (end is not None and (year, month) > (end.year, end.month))
        )  # fmt: skip
        if strange:
            said = message(
                "{no}在{months}有工时，而它的起止是{start}至{end}",
                no=no, months=tuple(f"{y}-{m:02d}" for y, m in strange),
                start=start.isoformat() if start else "—", end=end.isoformat() if end else "—",
            )  # fmt: skip
            yield Finding("worked_outside", (("projects", no),), said, (start, end, *strange))
        else:
            yield Verdict.FINE


def no_weight(held: Held) -> Iterator[Seen]:
    """A cooperation that nobody paid for or that brought nothing."""
    for row in held.rows("cooperations"):
        no, paid, output = text_of(row, "no"), whole_of(row, "paid"), row.get("output")
        signs = [None if paid is None else paid > 0, None if output is None else bool(output)]
        enough = all if held.bounds.both else any
        if enough(sign is True for sign in signs):
            yield Verdict.FINE
        elif enough(sign is not False for sign in signs):
            yield Verdict.OPEN
        else:
            lack = message("没有付款") if signs[0] is False else message("没有形成成果")
            if signs == [False, False]:
                lack = message("既没有付款，也没有形成成果")
            said = message("{no}{lack}，不作为产学研合作计", no=no, lack=lack)
            yield Finding("no_weight", (("cooperations", no),), said, (paid, output))


CHECKS = (
    Check("main_products", mark("主要产品（服务）收入过半"), "G3.3", Severity.HIGH,
          mark("核对主要产品的标注、收入和知识产权支撑"), main_products),
    Check("high_tech_income", mark("产品（服务）收入合计与年度数据相符"), "G3.4.1", Severity.HIGH,
          mark("逐个产品核对收入；年度数据写错的更正年度数据"), high_tech_income),
    Check("spending", mark("研发活动费用合计与年度数据相符"), "A2-五", Severity.HIGH,
          mark("逐个研发活动、逐类核对；以专项审计报告为准"), spending),
    Check("not_there", mark("有工时的月份人员在岗"), "G3.6.2(1)", Severity.MIDDLE,
          mark("核对入离职日期和工时表；不在岗的月份不能计人工费"), not_there),
    Check("above_full", mark("工时不超过当月工作时间"), "G3.6.2(1)", Severity.MIDDLE,
          mark("核对各研发活动的工时分配；同一时间只能计一次"), above_full),
    Check("worked_outside", mark("工时发生在研发活动期间"), "G3.6.2(1)", Severity.MIDDLE,
          mark("核对研发活动起止日期和工时表"), worked_outside),
    Check("no_weight", mark("产学研合作有付款、有成果"), "G3.7.3(2)", Severity.LOW,
          mark("补付款凭证和成果证明；没有的不作为评分材料"), no_weight),
)  # fmt: skip
