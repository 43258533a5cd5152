"""What the record calls things, fields and values on a page."""

from __future__ import annotations

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from peiyu.office.portfolio.models import KINDS
from peiyu.office.reports.models import FIGURES
from peiyu.policy.evidence import BY_NAME
from peiyu.words import mark

REQUEST = "reports.factrequest"
EVIDENCE = (
    mark("知识产权"), mark("研发项目"), mark("研发活动费用"), mark("高新技术产品（服务）"),
    mark("产品（服务）收入"), mark("科技成果转化"), mark("标准制定"), mark("产学研合作"),
    mark("研发机构与平台"), mark("研发管理制度"), mark("科技奖励"), mark("研发人员"), mark("研发工时"),
    mark("事故与违法"),
)  # fmt: skip
"""The titles of the tables of evidence, which stand in the policy without the catalogue."""
THINGS = {
    "accounts.user": mark("人员"),
    "accounts.body": mark("机构"),
    "accounts.appointment": mark("任职"),
    "accounts.delegation": mark("委托"),
    "accounts.apitoken": mark("密钥"),
    "casework.consultation": mark("征求意见"),
    "casework.opinion": mark("部门意见"),
    "casework.clockstop": mark("停止计时"),
    "desk.savedview": mark("视图"),
    "desk.exportrequest": mark("导出申请"),
    "enterprises.enterprise": mark("企业"),
    "enterprises.contact": mark("联系人"),
    "enterprises.mandate": mark("授权"),
    "enterprises.note": mark("备注"),
    "enterprises.enterprisefile": mark("文件"),
    "enterprises.registration": mark("登记"),
    "foundation.calendaryear": mark("日历"),
    "foundation.importbatch": mark("导入"),
    "assessments.estimate": mark("自评、预评"),
    "assessments.frozenassessment": mark("冻结的核对结果"),
    "assessments.statedfact": mark("企业情况"),
    "foundation.source": mark("来源文件"),
    "foundation.job": mark("任务"),
    "foundation.officeday": mark("演示日期"),
    "foundation.recordkey": mark("保密内容的密钥"),
    "goals.sharefigure": mark("增加值占比"),
    "notices.issuedpaper": mark("文书"),
    "notices.message": mark("消息"),
    "notices.paperend": mark("文书的撤回"),
    "notices.paperscan": mark("签章扫描件"),
    "policies.articletext": mark("法规原文"),
    "policies.clause": mark("条款"),
    "policies.document": mark("政策文件"),
    "policies.setting": mark("口径"),
    "portfolio.fullness": mark("填全说明"),
    "portfolio.ipcontact": mark("知识产权联系人"),
    "portfolio.ipuse": mark("知识产权的使用"),
    "portfolio.paper": mark("证明材料"),
    "portfolio.remark": mark("证据链提示"),
    **{kind._meta.label_lower: kind.table.title for kind in KINDS},
    "qualifications.annualreport": mark("年报填报日"),
    "qualifications.certificate": mark("高企证书"),
    "qualifications.certificateevent": mark("证书变动"),
    "qualifications.changereport": mark("变化报告"),
    "qualifications.techsmenumber": mark("科技型中小企业编号"),
    "qualifications.title": mark("称号"),
    "reports.factrequest": mark("补数要求"),
    "reports.publishedlist": mark("公布的名单"),
    "reports.staffmonth": mark("人员月度"),
    "reports.statement": mark("年度数据"),
    "reports.yearreport": mark("年度填报"),
}
FIELDS = {
    "digest": mark("内容的校验码"),
    "high": mark("最高分"),
    "item": mark("评分项"),
    "low": mark("最低分"),
    "on": mark("核对日期"),
    "purpose": mark("用途"),
    "rulebook": mark("项目"),
    "address": mark("网址"),
    "addressees": mark("发往"),
    "answered_by": mark("答复人"),
    "answered_on": mark("答复日期"),
    "approved_on": mark("批复日期"),
    "asked_on": mark("征求日期"),
    "attempts": mark("次数"),
    "awarded_on": mark("授予日期"),
    "begun_from": mark("填报所据版本"),
    "body": mark("责任单位"),
    "closed_on": mark("结束日期"),
    "code": mark("代码"),
    "confirmed_by": mark("确认人"),
    "confirmed_on": mark("确认日期"),
    "consultation": mark("征求意见"),
    "contact_name": mark("联系人"),
    "contact_phone": mark("联系电话"),
    "dated_on": mark("文件日期"),
    "days_off": mark("放假日"),
    "days_on": mark("上班日"),
    "decided_by": mark("决定人"),
    "decided_on": mark("决定日期"),
    "destroyed_at": mark("销毁时间"),
    "due_on": mark("期限"),
    "duty": mark("职务"),
    "effective_on": mark("施行日期"),
    "email": mark("电子邮箱"),
    "ends": mark("资格终止"),
    "ends_on": mark("有效期至"),
    "enterprise": mark("企业"),
    "established_on": mark("成立日期"),
    "expires_on": mark("有效期至"),
    "failure": mark("原因"),
    "field": mark("技术领域"),
    "figures": mark("指标"),
    "file": mark("文件"),
    "filed_on": mark("填报日期"),
    "finished_at": mark("完成时间"),
    "flag": mark("提示"),
    "from_on": mark("自"),
    "gist": mark("摘要"),
    "giver": mark("委托人"),
    "happened_on": mark("发生日期"),
    "industry": mark("所属行业"),
    "is_active": mark("在用"),
    "issued_here": mark("发证时在本市"),
    "issued_on": mark("发布日期"),
    "issuer": mark("发布机关"),
    "items": mark("征求事项"),
    "job": mark("任务"),
    "joined_on": mark("入职日期"),
    "key": mark("编号"),
    "kind": mark("类别"),
    "language": mark("语言"),
    "left_on": mark("离职日期"),
    "legal_form": mark("组织形式"),
    "level": mark("级别"),
    "main": mark("主要联系人"),
    "merged_into": mark("并入"),
    "month": mark("截至月份"),
    "must_change_password": mark("须改密码"),
    "name": mark("名称"),
    "not_same": mark("不是同一家"),
    "number": mark("文号"),
    "opened_on": mark("开始日期"),
    "page": mark("页面"),
    "parent": mark("上级"),
    "part": mark("规上高新技术产业增加值"),
    "password": mark("密码"),
    "person": mark("人员"),
    "mark": mark("机关代字"),
    "phone": mark("电话"),
    "printed_end_on": mark("证书所印截止日期"),
    "proposed_by": mark("报送人"),
    "proposed_on": mark("报送日期"),
    "publicity_on": mark("公示日期"),
    "query": mark("条件"),
    "reason": mark("理由"),
    "remark": mark("说明"),
    "removed_on": mark("移去日期"),
    "repealed_on": mark("废止日期"),
    "reported_on": mark("报告日期"),
    "revoked_at": mark("撤销时间"),
    "revoked_by": mark("撤销人"),
    "revoked_on": mark("撤销日期"),
    "role": mark("角色"),
    "rows": mark("行数"),
    "scopes": mark("范围"),
    "pdf_sha256": mark("PDF的哈希值"),
    "seal": mark("校验码"),
    "sha256": mark("哈希值"),
    "shared": mark("共享"),
    "short": mark("简称"),
    "side": mark("哪一方"),
    "silence": mark("逾期不答"),
    "source": mark("依据"),
    "started_at": mark("开始时间"),
    "state": mark("状态"),
    "statement": mark("申报数"),
    "status": mark("状态"),
    "submitted_by": mark("提交人"),
    "submitted_on": mark("提交日期"),
    "successful": mark("当次获得认定"),
    "successor": mark("接手人"),
    "supplier": mark("由谁提供"),
    "table": mark("哪张表"),
    "taker": mark("受托人"),
    "text": mark("内容"),
    "title": mark("标题"),
    "town": mark("镇、街道"),
    "unit": mark("专门机构"),
    "until_on": mark("至"),
    "used_by": mark("使用企业"),
    "used_on": mark("使用日期"),
    "username": mark("用户名"),
    "valid_to": mark("有效期至"),
    "value": mark("取值"),
    "version": mark("版本"),
    "whole": mark("规上工业增加值"),
    "withdrawn": mark("已不作数"),
    "withdrawn_at": mark("撤下时间"),
    "withdrawn_on": mark("撤回日期"),
    "words": mark("说明"),
    "year": mark("年度"),
    "zone": mark("园区"),
}
OF_THINGS = {
    "policies.articletext": {"page": mark("书刊、文件和页码")},
    "qualifications.certificate": {
        "name": mark("证书上的名称"), "number": mark("证书编号"), "issued_on": mark("发证日期"),
        "issuer": mark("认定机构"),
    },
    "qualifications.certificateevent": {
        "from_on": mark("取消起始日"), "kind": mark("变动"), "name": mark("新名称"),
    },
    "qualifications.changereport": {"kind": mark("什么变化")},
    "qualifications.techsmenumber": {"number": mark("入库登记编号"), "issued_on": mark("公布日期")},
    "qualifications.title": {
        "kind": mark("称号"), "name": mark("称号全称"), "number": mark("证书号"),
    },
}  # fmt: skip
"""How fields are called where these things have their own word for them."""


def thing_said(label: str) -> str:
    """What kind of thing a line is on."""
    return THINGS.get(label, label)


def field_said(name: str, label: str = "") -> str:
    """How a field is called, with the thing's own word first; its name where it has no word yet."""
    return OF_THINGS.get(label, {}).get(name) or FIELDS.get(name, name)


def value_said(label: str, field: str, value: object) -> str:
    """A value of a line: a choice by its word, yes or no, else as it stands; Chinese, said later."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return mark("是") if value else mark("否")
    if field == "table" and value in BY_NAME:
        return BY_NAME[str(value)].title
    if isinstance(value, list) and label == REQUEST and field == "figures":
        return "、".join(FIGURES[name].chinese for name in value if name in FIGURES)
    if isinstance(value, list):
        return " ".join(str(part) for part in value)
    try:
        column = apps.get_model(label)._meta.get_field(field)
    except (LookupError, FieldDoesNotExist):
        return str(value)
    choices = dict(getattr(column, "flatchoices", ()))
    return str(choices.get(value, value))
