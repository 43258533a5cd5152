"""Checks of rights: whether those that carry products can carry an application."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from peiyu.policy.chain.held import Check, Finding, Held, Seen, Severity, Verdict
from peiyu.policy.evidence import day_of, names_of, text_of
from peiyu.policy.patents import has_lapsed, lapses_on, number_trouble
from peiyu.policy.rulebooks.hnte import IN_FORCE, NOT_ELSEWHERE, NOT_USED_UP, OWN
from peiyu.policy.tree import Cell
from peiyu.words import Message, mark, message

FROM_OTHERS = ("transfer", "gift", "merger")


def _carrying(held: Held) -> Iterator[tuple[str, list[str]]]:
    """The rights on which products stand, and which."""
    for no in held.ip:
        if products := held.carried_by(no):
            yield no, products


def _ruled(held: Held, check: str, rule: Cell, text: str) -> Iterator[Seen]:
    for no, products in _carrying(held):
        answer = held.holds(no, rule)
        if answer is None:
            yield Verdict.OPEN
        elif answer:
            yield Verdict.FINE
        else:
            row = held.ip[no]
            said = message(text, ip=no, ps=tuple(products))
            facts = (row.get("grant_number"), row.get("ends_on"), *products)
            yield Finding(check, (("ip", no), *(("products", ps) for ps in products)), said, facts)


def used_up(held: Held) -> Iterator[Seen]:
    """A class II right that was used in a recognition carries a product."""
    return _ruled(
        held,
        "used_up",
        NOT_USED_UP,
        "{ip}是Ⅱ类，已在以往认定中用过，再次申请不能计，仍列为{ps}的支撑",
    )


def elsewhere(held: Held) -> Iterator[Seen]:
    """A right owned with others is in use by another valid high-tech enterprise."""
    return _ruled(
        held,
        "elsewhere",
        NOT_ELSEWHERE,
        "{ip}是共有的，正由另一家有效高新技术企业使用，列为{ps}的支撑",
    )


def not_owner(held: Held) -> Iterator[Seen]:
    """The enterprise does not own what carries its product."""
    return _ruled(held, "not_owner", OWN, "{ip}的权利人不是本企业，列为{ps}的支撑")


def ended(held: Held) -> Iterator[Seen]:
    """A right that has ended carries a product, or the annual fee of any right was left unpaid."""
    for no, row in held.ip.items():
        paid = day_of(row, "fees_paid_to")
        stated = day_of(row, "ends_on")
        if paid is not None and has_lapsed(paid, held.on) and (stated is None or stated > paid):
            said = message(
                "{ip}年费只缴到{paid}，补缴期{last}已过，权利自那时起终止",
                ip=no, paid=paid.isoformat(), last=lapses_on(paid).isoformat(),
            )  # fmt: skip
            yield Finding("ended", (("ip", no),), said, (paid, stated))
            continue
        products = held.carried_by(no)
        if not products:
            continue
        answer = held.holds(no, IN_FORCE)
        if answer is None:
            yield Verdict.OPEN
        elif answer:
            yield Verdict.FINE
        else:
            said = message("{ip}的权利已终止，仍列为{ps}的支撑", ip=no, ps=tuple(products))
            places = (("ip", no), *(("products", ps) for ps in products))
            yield Finding("ended", places, said, (stated, paid, *products))


def lately_obtained(held: Held) -> Iterator[Seen]:
    """A right taken over from another shortly before."""
    earliest = held.on - timedelta(days=held.bounds.transfer_days)
    for no, row in held.ip.items():
        if text_of(row, "obtained") not in FROM_OTHERS:
            continue
        day = day_of(row, "obtained_on")
        if day is None:
            yield Verdict.OPEN
        elif earliest <= day <= held.on:
            said = message(
                "{ip}是{day}才从他人取得的，不足{days}天",
                ip=no, day=day.isoformat(), days=held.bounds.transfer_days,
            )  # fmt: skip
            yield Finding("lately_obtained", (("ip", no),), said, (day,))
        else:
            yield Verdict.FINE


def odd_number(held: Held) -> Iterator[Seen]:
    """A number that does not fit its kind, its check digit or its day."""
    for no, row in held.ip.items():
        number, kind = text_of(row, "grant_number"), text_of(row, "kind")
        trouble = number_trouble(kind, number, day_of(row, "applied_on"))
        if not number or not kind:
            yield Verdict.OPEN
        elif trouble is not None:
            said = message("{ip}：{trouble}", ip=no, trouble=trouble)
            yield Finding("odd_number", (("ip", no),), said, (number, kind, row.get("applied_on")))
        else:
            yield Verdict.FINE


def unsupported(held: Held) -> Iterator[Seen]:
    """A product without any usable right."""
    for ps, row in held.products.items():
        if row.get("ip_nos") is None:
            yield Verdict.OPEN
            continue
        nos = names_of(row, "ip_nos")
        answers = [held.usable.get(no) for no in nos if no in held.ip]
        if any(answers):
            yield Verdict.FINE
        elif None in answers or len(answers) < len(nos):
            yield Verdict.OPEN
        else:
            income = held.income.get((ps, held.last_year))
            yield Finding(
                "unsupported", (("products", ps),), _unsupported(ps, nos), (nos, income), income
            )


def _unsupported(ps: str, nos: tuple[str, ...]) -> Message:
    if not nos:
        return message("{ps}没有知识产权支撑", ps=ps)
    return message("{ps}没有可用的知识产权：{nos}都不能用于申请", ps=ps, nos=nos)


def other_field(held: Held) -> Iterator[Seen]:
    """A product whose field is that of none of the rights on which it stands."""
    for ps, row in held.products.items():
        own = first_level(text_of(row, "field"))
        fields = {
            no: first_level(text_of(held.ip[no], "field"))
            for no in names_of(row, "ip_nos")
            if no in held.ip
        }
        known = {no: found for no, found in fields.items() if found}
        if not own or not known:
            yield Verdict.OPEN
        elif own in known.values():
            yield Verdict.FINE
        elif len(known) < len(fields):
            yield Verdict.OPEN
        else:
            said = message(
                "{ps}属第{own}大领域，支撑它的{nos}属第{others}大领域",
                ps=ps, own=own, nos=tuple(known), others=tuple(sorted(set(known.values()))),
            )  # fmt: skip
            places = (("products", ps), *(("ip", no) for no in known))
            yield Finding("other_field", places, said, (own, *known.items()))


def first_level(code: str) -> str:
    """The field of the first level of a code: 8 of 8.4.1 and of 80401."""
    return code.partition(".")[0] if "." in code else code[:1]


CHECKS = (
    Check("unsupported", mark("产品（服务）有可用的知识产权支撑"), "G3.3", Severity.HIGH,
          mark("补对应的知识产权；没有的，这个产品不能作为主要产品"), unsupported),
    Check("not_owner", mark("权利人是本企业"), "G3.2.1", Severity.HIGH,
          mark("办理权利转移登记，或换成本企业的知识产权"), not_owner),
    Check("ended", mark("权利在有效期内，年费缴足"), "PR98", Severity.HIGH,
          mark("核对年费收据；已终止的换成有效的知识产权"), ended),
    Check("used_up", mark("Ⅱ类知识产权没有用于以往认定"), "G3.2.4", Severity.HIGH,
          mark("换成没有用过的知识产权；没有的及早申请"), used_up),
    Check("elsewhere", mark("共有的知识产权没有被别家使用"), "G3.2.5", Severity.HIGH,
          mark("与其他权利人商定只由一家使用"), elsewhere),
    Check("lately_obtained", mark("知识产权不是申请前才买来的"), "G3.7.1(4)", Severity.LOW,
          mark("备好转让合同、登记和用于产品的说明；获得方式会影响得分"), lately_obtained),
    Check("odd_number", mark("专利号、登记号与类别相符"), "A2-二", Severity.MIDDLE,
          mark("按证书核对号码、类别和申请日"), odd_number),
    Check("other_field", mark("产品与知识产权同属一个技术领域"), "M11(3)", Severity.LOW,
          mark("核对两边的领域代码；确属不同领域的换对应关系"), other_field),
)  # fmt: skip
