"""What is assessed in the demo city: opinions of the authorities, facts, estimates, frozen findings, a run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from peiyu.demo.city import City
from peiyu.demo.office.days import live_on
from peiyu.demo.office.people import People
from peiyu.office.accounts.models import Role
from peiyu.office.assessments.actions import estimate, freeze, state_fact
from peiyu.office.assessments.jobs import REASSESS, TITLE
from peiyu.office.assessments.models import Estimator, Scope
from peiyu.office.enterprises.models import Enterprise, Mandate, MandateKind, Status
from peiyu.office.foundation import jobs
from peiyu.office.foundation.sources import of_document
from peiyu.office.portfolio.actions import say_all_full
from peiyu.office.qualifications.queries import in_force
from peiyu.office.reports.actions import state
from peiyu.office.reports.models import Basis, figure_of
from peiyu.office.reports.queries import deciding_figures
from peiyu.policy.rulebooks.benefits import HNTE_BENEFITS
from peiyu.policy.rulebooks.hnte import HNTE
from peiyu.words import message

OPINION_ON, ASKED_ON, FROZEN_ON = date(2019, 6, 4), date(2019, 6, 6), date(2019, 5, 10)
WITHOUT_OPINION = 5
"""One in so many was not yet asked about."""
CHECKED, LISTED = 16, 7
"""Enterprises looked up in the public registers; every so many stands on a list."""
CLEAN = {
    "prohibited_class": False, "sme_incidents": 0, "research_misconduct": False, "abnormal_list": False,
    "violation_list": False,
}  # fmt: skip
ESTIMATED = ("advancement", "support", "management_system", "institution", "incentives", "talent")
SHARES = ((3, 4), (2, 3), (1, 2))
"""What estimators give of the points of an item, by turns."""
ESTIMATING, FROZEN, FROZEN_NOW = 4, 2, 2
SLIPPING, FEW_STAFF = 2, 8
"""Holders whose S&T personnel were verified too low, in percent of all people."""


def fill(drawn: City, found: Sequence[Enterprise], people: People) -> None:
    """Say what authorities and registers said, let some be estimated and frozen, judge everybody."""
    firms = list(Enterprise.objects.filter(pk__in=[one.pk for one in found], status=Status.ACTIVE))
    _hear_authorities(firms, people)
    _let_slip(drawn.on, people)
    _look_up(firms[:CHECKED], people)
    held = Mandate.objects.filter(kind=MandateKind.OWNER, revoked_on=None).select_related("person")
    owners = {one.enterprise_id: one.person for one in held}
    known = [one for one in firms if one.pk in owners][:ESTIMATING]
    officer = people.first(Role.BUREAU_OFFICER)
    live_on(ASKED_ON)
    most = {item.id: item.most for item in HNTE.items}
    for at, one in enumerate(known):
        for place, item in enumerate(ESTIMATED):
            part, whole = SHARES[(at + place) % len(SHARES)]
            estimate(
                one, rulebook=HNTE.name, item=item, who=Estimator.OWN, low=most[item] * part // whole,
                remark="对照评分表自评", actor=owners[one.pk],
            )  # fmt: skip
            if place % 2 == 0:
                estimate(
                    one, rulebook=HNTE.name, item=item, who=Estimator.COACH, low=most[item] // 3,
                    high=most[item] // 2, remark="材料还不齐", actor=officer,
                )  # fmt: skip
    live_on(FROZEN_ON)
    for one in firms[:FROZEN]:
        freeze(one, HNTE.name, on=FROZEN_ON, purpose="辅导前的底数", actor=officer)
    live_on(drawn.on)
    for one in firms[: FROZEN_NOW + 1][1:]:
        freeze(one, HNTE.name, on=drawn.on, purpose="推荐前核对", actor=officer)
    for one in firms[:FROZEN_NOW]:
        freeze(one, HNTE_BENEFITS.name, on=drawn.on, purpose="动员申报", actor=officer)
    jobs.run.func(jobs.start(REASSESS, message(TITLE), {"scope": Scope.ALL.value}, officer).pk)


def _hear_authorities(firms: Sequence[Enterprise], people: People) -> None:
    """The three authorities named all accidents and offences: of most enterprises there is none."""
    live_on(OPINION_ON)
    officer = people.first(Role.BUREAU_OFFICER)
    asked = [one for at, one in enumerate(firms) if at % WITHOUT_OPINION]
    say_all_full([(one, "incidents") for one in asked], actor=officer)


def _look_up(firms: Sequence[Enterprise], people: People) -> None:
    """What public registers say of some; a few stand on the list of abnormal operation."""
    live_on(ASKED_ON)
    officer = people.first(Role.BUREAU_OFFICER)
    title = "国家企业信用信息公示系统查询结果汇总"
    source = of_document(title, dated_on=ASKED_ON, actor=officer)
    for at, one in enumerate(firms):
        for name, value in CLEAN.items():
            told = True if name == "abnormal_list" and at % LISTED == LISTED - 1 else value
            state_fact(one, name=name, value=told, year=ASKED_ON.year, source=source, actor=officer)


def _let_slip(on: date, people: People) -> None:
    """A check of holders found fewer S&T personnel than was stated: they would fail today."""
    live_on(OPINION_ON)
    officer = people.first(Role.BUREAU_OFFICER)
    year = on.year - 1
    holders = list(in_force(on).select_related("enterprise").order_by("last_on", "pk"))
    known = deciding_figures([one.enterprise_id for one in holders], [year], OPINION_ON)
    source = of_document("高新技术企业资格专项核查记录", dated_on=OPINION_ON, actor=officer)
    slipping = [
        one for one in holders if known.get((one.enterprise_id, year), {}).get("staff_average")
    ]
    for certificate in slipping[:SLIPPING]:
        staff = known[certificate.enterprise_id, year]["staff_average"]
        told = {
            "staff_average": figure_of(staff),
            "st_staff_average": figure_of(staff * FEW_STAFF // 100),
        }
        state(
            certificate.enterprise, year=year, basis=Basis.VERIFIED, figures=told, source=source,
            actor=officer, reason="按社保和考勤记录核定",
        )  # fmt: skip
