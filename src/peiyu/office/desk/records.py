"""Reading the record: which lines a person may see, and how much of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from peiyu.office.accounts.models import Duty, User
from peiyu.office.enterprises.models import Enterprise, Mandate, MandateKind, Registration
from peiyu.office.foundation.models import RecordLine
from peiyu.office.portfolio.models import KINDS
from peiyu.words import Message, mark, message

ENTERPRISE = Enterprise._meta.label_lower
REGISTRATION = Registration._meta.label_lower
OF_ACCOUNTS = "accounts."
OF_WORK = ("foundation.job", "foundation.calendaryear", "foundation.officeday")
FOR_ENTERPRISES = (
    "enterprises.enterprise",
    "enterprises.contact",
    "enterprises.mandate",
    "enterprises.enterprisefile",
    *(kind._meta.label_lower for kind in KINDS),
    "assessments.estimate",
    "assessments.frozenassessment",
    "assessments.statedfact",
    "notices.issuedpaper",
    "notices.paperend",
    "notices.paperscan",
    "portfolio.fullness",
    "portfolio.paper",
    "portfolio.remark",
    "portfolio.ipcontact",
    "qualifications.annualreport",
    "qualifications.certificate",
    "qualifications.certificateevent",
    "qualifications.changereport",
    "qualifications.techsmenumber",
    "qualifications.title",
    "reports.statement",
    "reports.yearreport",
    "reports.factrequest",
)

READS_RECORD = (MandateKind.OWNER, MandateKind.ACCOUNTANT, MandateKind.AGENCY)
"""Mandates with which one reads the record of an enterprise; a bank does not."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one asks of the record; empty means any."""

    person: int | None = None
    label: str = ""
    key: str = ""
    about_label: str = ""
    about_key: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line as this reader may see it; `closed`: that something was done, but not on what."""

    line: RecordLine
    closed: bool
    changes: tuple[tuple[str, object, object], ...]
    hidden: tuple[str, ...]


def visible_lines(person: User) -> QuerySet[RecordLine]:
    """Lines about what the person may see, and one's own.

    The auditor sees that every line is there; the security administrator lines on accounts, the
    system administrator lines on jobs. None of the three sees a line on business beyond that.
    """
    lines = RecordLine.objects.all()
    access = person.access
    if person.duty == Duty.AUDIT:
        return lines
    if person.duty == Duty.SECURITY:
        return lines.filter(Q(label__startswith=OF_ACCOUNTS) | Q(actor=person))
    if person.duty == Duty.SYSTEM:
        return lines.filter(Q(label__in=OF_WORK) | Q(actor=person))
    own = Q(actor=person) | Q(for_whom=person)
    if access.city:
        return lines.filter(own | ~Q(label__startswith=OF_ACCOUNTS) & ~Q(label__in=OF_WORK))
    enterprises = Enterprise.objects.visible_to(person)
    if not access.is_official:
        mandates = Mandate.objects.open_to(access).filter(kind__in=READS_RECORD)
        enterprises = enterprises.filter(pk__in=mandates.values("enterprise"))
    about = Q(about_label=ENTERPRISE, about_key__in=_keys(enterprises))
    if not access.is_official:
        return lines.filter(own | about & Q(label__in=FOR_ENTERPRISES))
    cases = Registration.objects.visible_to(person)
    return lines.filter(own | about | Q(about_label=REGISTRATION, about_key__in=_keys(cases)))


def lines(person: User, asked: Asked) -> QuerySet[RecordLine]:
    """Visible lines that answer what is asked, newest first."""
    found = visible_lines(person)
    for field in ("label", "key", "about_label", "about_key"):
        if value := getattr(asked, field):
            found = found.filter(**{field: value})
    if asked.person is not None:
        found = found.filter(Q(actor=asked.person) | Q(for_whom=asked.person))
    if asked.action:
        found = found.filter(action=asked.action)
    if asked.since:
        found = found.filter(day__gte=asked.since)
    if asked.until:
        found = found.filter(day__lte=asked.until)
    return found.select_related("actor", "for_whom").order_by("-id")


def as_seen(found: Iterable[RecordLine], person: User) -> list[Line]:
    """Lines with what this reader may see of them: never hidden fields, for auditors no business."""
    return [_seen(line, person) for line in found]


def about_enterprise(enterprise: Enterprise, person: User) -> QuerySet[RecordLine]:
    """The record of one enterprise, as far as the person may see it."""
    return lines(person, Asked(about_label=ENTERPRISE, about_key=str(enterprise.pk)))


def _seen(line: RecordLine, person: User) -> Line:
    business = not line.label.startswith((OF_ACCOUNTS, "foundation."))
    if person.access.is_administrator and business and line.actor_id != person.pk:
        return Line(line, closed=True, changes=(), hidden=())
    shown = tuple((field, *map(_without_key, values)) for field, values in line.values.items())
    hidden = tuple(field for field in line.fields if field not in line.values)
    return Line(line, closed=False, changes=shown, hidden=hidden)


def _without_key(value: object) -> object:
    """A thing's label without its key, which says nothing to a reader."""
    if isinstance(value, str) and " #" in value and value.rpartition(" #")[2].isdigit():
        return value.rpartition(" #")[0]
    return value


def _keys(rows: QuerySet[Enterprise] | QuerySet[Registration]) -> QuerySet[Any, str]:
    return rows.values_list(Cast("pk", CharField()), flat=True)


ACTIONS = {
    "enterprises.enterprise.enter": mark("入库"),
    "enterprises.enterprise.unenter": mark("撤销入库"),
    "enterprises.enterprise.edit": mark("更正登记事项"),
    "enterprises.enterprise.rename": mark("更名"),
    "enterprises.enterprise.change_code": mark("变更信用代码"),
    "enterprises.enterprise.move": mark("迁移"),
    "enterprises.enterprise.arrive": mark("迁移生效"),
    "enterprises.enterprise.close": mark("注销、吊销或迁出"),
    "enterprises.enterprise.reopen": mark("恢复"),
    "enterprises.enterprise.merge": mark("合并"),
    "enterprises.enterprise.not_same": mark("认定不是同一家"),
    "enterprises.enterprise.suggest": mark("提出更正"),
    "enterprises.contact.add": mark("加联系人"),
    "enterprises.contact.change": mark("改联系人"),
    "enterprises.contact.end": mark("停用联系人"),
    "enterprises.mandate.give": mark("授权"),
    "enterprises.mandate.hand_over": mark("移交授权"),
    "enterprises.mandate.revoke": mark("撤销授权"),
    "enterprises.note.write": mark("写备注"),
    "enterprises.note.withdraw": mark("撤回备注"),
    "enterprises.file.attach": mark("上传文件"),
    "enterprises.registration.draft": mark("起草报送"),
    "enterprises.registration.redraft": mark("修改报送"),
    "enterprises.registration.propose": mark("报送"),
    "enterprises.registration.return": mark("退回补充"),
    "enterprises.registration.confirm": mark("确认入库"),
    "enterprises.registration.refuse": mark("不予入库"),
    "enterprises.registration.withdraw": mark("撤回报送"),
    "accounts.appointment.give": mark("任职"),
    "accounts.appointment.end": mark("免职"),
    "accounts.appointment.withdraw": mark("撤销任职"),
    "accounts.body.open": mark("设立机构"),
    "accounts.body.rename": mark("机构改名"),
    "accounts.body.move": mark("机构改隶"),
    "accounts.body.unit": mark("定专门机构"),
    "accounts.body.mark": mark("定机关代字"),
    "accounts.body.close": mark("撤销机构"),
    "accounts.delegation.give": mark("委托他人"),
    "accounts.delegation.revoke": mark("收回委托"),
    "accounts.person.add": mark("加人员"),
    "accounts.person.begin": mark("设三员"),
    "accounts.person.change": mark("改人员资料"),
    "accounts.person.choose": mark("改个人设置"),
    "accounts.person.come_back": mark("复职"),
    "accounts.person.hand_over": mark("移交工作"),
    "accounts.person.leave": mark("离职"),
    "accounts.person.password": mark("改密码"),
    "accounts.person.remove_second_factors": mark("去掉第二因素"),
    "accounts.person.reset_password": mark("重置密码"),
    "accounts.token.make": mark("发密钥"),
    "accounts.token.revoke": mark("撤销密钥"),
    "casework.consultation.open": mark("征求意见"),
    "casework.consultation.close": mark("结束征求"),
    "casework.opinion.agree": mark("答复同意"),
    "casework.opinion.object": mark("答复不同意"),
    "casework.opinion.return": mark("退回补充"),
    "casework.opinion.withdraw": mark("撤回意见"),
    "casework.opinion.ask_again": mark("重新征求"),
    "casework.opinion.substitute": mark("改由他人答复"),
    "casework.clock.stop": mark("停止计时"),
    "casework.clock.run": mark("恢复计时"),
    "policies.document.enter": mark("录入文件"),
    "policies.document.change": mark("更正文件"),
    "policies.articletext.confirm": mark("确认法规原文"),
    "policies.articletext.enter": mark("录入法规原文"),
    "policies.articletext.withdraw": mark("撤回法规原文"),
    "policies.clause.add": mark("加条款"),
    "policies.setting.choose": mark("选定读法"),
    **{
        f"{kind._meta.label_lower}.{verb}": words
        for kind in KINDS
        for verb, words in (
            ("record", mark("登记证据")),
            ("withdraw", mark("撤下证据")),
            ("take_back", mark("撤销导入的证据")),
            ("carry_over", mark("转来并入企业的证据")),
        )
    },
    "notices.issuedpaper.issue": mark("制发文书"),
    "notices.issuedpaper.replace": mark("制发文书的新版"),
    "notices.paperend.withdraw": mark("撤回文书"),
    "notices.paperscan.add": mark("附签章扫描件"),
    "portfolio.fullness.say": mark("说明已填全"),
    "portfolio.fullness.take_back": mark("说明未填全"),
    "portfolio.ipcontact.name": mark("定知识产权联系人"),
    "portfolio.ipcontact.end": mark("结束知识产权联系人"),
    "portfolio.ipuse.record": mark("登记知识产权的使用"),
    "portfolio.ipuse.withdraw": mark("撤下知识产权的使用"),
    "portfolio.paper.add": mark("附证明材料"),
    "portfolio.paper.remove": mark("不作证明材料"),
    "portfolio.remark.asked": mark("请企业说明提示"),
    "portfolio.remark.explained": mark("说明提示"),
    "portfolio.remark.cleared": mark("核对提示"),
    "portfolio.remark.take_back": mark("收回对提示的处理"),
    "foundation.calendar.publish": mark("公布放假安排"),
    "foundation.day.set": mark("换演示日期"),
    "foundation.importbatch.apply": mark("导入"),
    "foundation.importbatch.drop": mark("放弃导入"),
    "foundation.importbatch.undo": mark("撤销导入"),
    "foundation.job.start": mark("开始任务"),
    "foundation.job.cancel": mark("取消任务"),
    "foundation.job.retry": mark("重试任务"),
    "foundation.key.destroy": mark("销毁密钥"),
    "foundation.source.record": mark("登记来源文件"),
    "reports.publishedlist.enter": mark("录入公布的名单"),
    "reports.publishedlist.withdraw": mark("撤下公布的名单"),
    "reports.staffmonth.state": mark("填报月度人数"),
    "reports.staffmonth.take_back": mark("撤销导入的月度人数"),
    "reports.staffmonth.carry_over": mark("转来并入企业的月度人数"),
    "reports.statement.carry_over": mark("转来并入企业的年度数据"),
    "goals.sharefigure.state": mark("登记增加值"),
    "goals.sharefigure.withdraw": mark("撤回增加值"),
    "assessments.statedfact.state": mark("登记企业情况"),
    "assessments.statedfact.carry_over": mark("转来并入企业的情况"),
    "assessments.estimate.make": mark("自评、预评"),
    "assessments.estimate.carry_over": mark("转来并入企业的自评、预评"),
    "assessments.frozenassessment.freeze": mark("冻结核对结果"),
    "qualifications.annualreport.file": mark("登记年报填报日"),
    "qualifications.certificate.enter": mark("登记证书"),
    "qualifications.certificate.correct": mark("更正证书"),
    "qualifications.certificateevent.add": mark("登记证书变动"),
    "qualifications.certificateevent.withdraw": mark("撤回证书变动"),
    "qualifications.changereport.report": mark("登记变化的报告"),
    "qualifications.techsmenumber.enter": mark("登记科技型中小企业编号"),
    "qualifications.techsmenumber.revoke": mark("撤销科技型中小企业编号"),
    "qualifications.title.enter": mark("登记称号"),
    "qualifications.title.revoke": mark("撤销称号"),
    **{
        f"qualifications.{thing}.{verb}": words
        for thing in ("annualreport", "certificate", "changereport", "techsmenumber", "title")
        for verb, words in (
            ("withdraw", mark("撤回登记")),
            ("carry_over", mark("转来并入企业的登记")),
        )
    },
    "reports.statement.state": mark("填报年度数据"),
    "reports.statement.take_back": mark("撤销导入的年度数据"),
    "reports.yearreport.open": mark("开始填报"),
    "reports.yearreport.submit": mark("提交年度填报"),
    "reports.yearreport.withdraw": mark("撤回年度填报"),
    "reports.yearreport.return": mark("退回年度填报"),
    "reports.yearreport.check": mark("核对年度数据"),
    "reports.yearreport.verify": mark("核定年度数据"),
    "reports.yearreport.reopen": mark("请企业重新填报"),
    "reports.factrequest.ask": mark("请补数"),
    "reports.factrequest.withdraw": mark("不再要求补数"),
    "desk.view.save": mark("存视图"),
    "desk.view.forget": mark("删视图"),
    "desk.exportrequest.ask": mark("申请导出"),
    "desk.exportrequest.approve": mark("批准导出"),
    "desk.exportrequest.refuse": mark("不批准导出"),
}


def said(action: str) -> Message:
    """An action in words; its own name where it has none yet."""
    return message(ACTIONS.get(action, action))
