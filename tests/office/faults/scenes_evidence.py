"""Evidence for the scenes: rows, papers, remarks, uses and contacts, every action once."""

# ruff: noqa: E501  a table: an action a line

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Contact, Enterprise, EnterpriseFile
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.models import Source
from peiyu.office.foundation.sources import of_document
from peiyu.office.portfolio import actions as portfolio
from peiyu.office.portfolio.flags import Flag, flags_of, remarks_of
from peiyu.office.portfolio.loading import held_of
from peiyu.office.portfolio.models import ContactSide, IpContact, IpRight, IpUse, Paper, Remark
from peiyu.policy.evidence import IP, PROJECTS
from tests.office.factories import DAY, NOW, again

KINDS = {
    "right": IpRight, "spare": IpRight, "use": IpUse, "proof": Paper, "remark": Remark, "ip_contact": IpContact, "certificate": Source,
}  # fmt: skip
NUMBER = "ZL201510000001.2"


def things(
    one: Enterprise, contact: Contact, paper: EnterpriseFile, people: dict[str, User]
) -> dict[str, Any]:
    """A right with its paper, use and contact; a project without approval about which one has asked."""
    bureau = again(people["bureau"])
    source = of_document("证书", actor=bureau)
    right = portfolio.record_entry(
        one,
        IP,
        {"no": "IP01", "title": "一种装置", "kind": "utility_model"},
        source=source,
        actor=bureau,
    )
    spare = portfolio.record_entry(
        one, IP, {"no": "IP02", "title": "一种方法"}, source=source, actor=bureau
    )
    for no in ("RD01", "RD02"):
        portfolio.record_entry(
            one,
            PROJECTS,
            {"no": no, "title": f"研究{no}", "approval": False},
            source=source,
            actor=bureau,
        )
    first = flag_of(one, "RD01")
    return {
        "certificate": source, "right": right, "spare": spare,
        "proof": portfolio.add_paper(one, table="ip", key="IP01", file=paper, actor=bureau),
        "use": portfolio.record_use(NUMBER, used_by="焦作某公司", used_on=DAY, successful=None, valid_to=None, enterprise=None, source=source, actor=bureau, on=DAY),
        "remark": portfolio.ask_about(one, flag=first.finding.key, digest=first.finding.digest, words="", due_on=office_day(), at=NOW, actor=bureau),
        "ip_contact": portfolio.name_contact(one, side=ContactSide.ENTERPRISE, from_on=DAY, actor=bureau, contact=contact),
    }  # fmt: skip


def flag_of(one: Enterprise, no: str) -> Flag:
    """The flag on a project."""
    held = held_of([one], on=DAY)[one.pk]
    return next(
        f for f in flags_of(held, remarks_of([one.pk])[one.pk], DAY) if f.finding.places[0][1] == no
    )


def _named(scene: Any, no: str) -> dict[str, str]:
    finding = flag_of(scene.one, no).finding
    return {"flag": finding.key, "digest": finding.digest}


ACTIONS: dict[str, Callable[[Any], object]] = {
    "portfolio.record_entry": lambda s: portfolio.record_entry(s.one, IP, {"title": "另一种装置"}, source=s.certificate, actor=s.bureau, key="IP01", reason="更正", seen=1),
    "portfolio.withdraw_entry": lambda s: portfolio.withdraw_entry(s.spare, reason="重复", source=s.certificate, actor=s.bureau),
    "portfolio.say_full": lambda s: portfolio.say_full(s.one, table="ip", full=True, actor=s.bureau),
    "portfolio.record_use": lambda s: portfolio.record_use(NUMBER, used_by="", used_on=DAY - timedelta(days=1), successful=True, valid_to=date(2022, 6, 16), enterprise=s.one, source=s.certificate, actor=s.bureau, on=DAY),
    "portfolio.withdraw_use": lambda s: portfolio.withdraw_use(s.use, reason="误记", actor=s.bureau),
    "portfolio.add_paper": lambda s: portfolio.add_paper(s.one, table="projects", key="RD01", file=s.paper, actor=s.bureau),
    "portfolio.remove_paper": lambda s: portfolio.remove_paper(s.proof, actor=s.bureau),
    "portfolio.name_contact": lambda s: portfolio.name_contact(s.one, side=ContactSide.OFFICE, from_on=DAY, actor=s.bureau, person=s.colleague),
    "portfolio.end_contact": lambda s: portfolio.end_contact(s.ip_contact, on=DAY, actor=s.bureau),
    "portfolio.ask_about": lambda s: portfolio.ask_about(s.one, **_named(s, "RD02"), words="请补立项文件", due_on=office_day(), at=NOW, actor=s.bureau),
    "portfolio.explain_flag": lambda s: portfolio.explain_flag(s.one, **_named(s, "RD01"), words="立项文件在档案室", actor=s.owner),
    "portfolio.clear_flag": lambda s: portfolio.clear_flag(s.one, **_named(s, "RD02"), reason="已看原件", actor=s.bureau),
    "portfolio.take_back_remark": lambda s: portfolio.take_back_remark(s.remark, actor=s.bureau),
}  # fmt: skip
TWICE = ("portfolio.withdraw_entry", "portfolio.withdraw_use")
"""What only one of two may do."""
