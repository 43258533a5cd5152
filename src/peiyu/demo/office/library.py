"""The library of policies of the demo city: documents, what they rest on, the plan's clauses."""

from __future__ import annotations

from datetime import date

from peiyu.demo.office.people import People
from peiyu.office.accounts.models import Body, Role, User
from peiyu.office.accounts.models.bodies import PLACES as KINDS_OF_PLACES
from peiyu.office.policies.actions import (
    add_clause,
    choose_reading,
    confirm_text,
    enter_document,
    enter_text,
    withdraw_text,
)
from peiyu.office.policies.models import Document, Level

PLAN = "济政办〔2018〕4号"
DOCUMENTS = (
    ("国科发火〔2016〕32号", "高新技术企业认定管理办法", "科技部、财政部、国家税务总局", Level.STATE, date(2016, 1, 29), date(2016, 1, 1), ()),
    ("国科发火〔2016〕195号", "高新技术企业认定管理工作指引", "科技部、财政部、国家税务总局", Level.STATE, date(2016, 6, 22), date(2016, 1, 1), ("国科发火〔2016〕32号",)),
    ("国科发政〔2017〕115号", "科技型中小企业评价办法", "科技部、财政部、国家税务总局", Level.STATE, date(2017, 5, 3), None, ()),
    ("豫科〔2016〕158号", "河南省科技小巨人企业培育认定文件", "河南省科学技术厅", Level.PROVINCE, date(2016, 9, 1), None, ()),
    ("豫政办〔2017〕86号", "河南省人民政府办公厅关于印发加快培育高新技术企业行动计划的通知", "河南省人民政府办公厅", Level.PROVINCE, date(2017, 7, 20), None, ("国科发火〔2016〕32号",)),
    (PLAN, "济源市人民政府办公室关于印发加快培育高新技术企业行动计划的通知", "济源市人民政府办公室", Level.CITY, date(2018, 2, 2), None, ("豫政办〔2017〕86号",)),
)  # fmt: skip
TEXTS = (
    ("JY-7", "三（三）7", "全面落实高新技术企业税收优惠政策，简化税收优惠备案程序，降低高新技术企业办税成本，确保应享尽享。"),
    ("JY-8", "三（三）8", "深化科技计划管理改革，统筹项目、平台等各类创新资源优先支持高新技术企业，对高新技术企业申报的重大科技项目和创新平台优先予以支持。"),
    ("JY-10", "三（三）10", "引导金融机构加大对高新技术企业的信贷支持力度。全市科技金融资金项目优先支持高新技术企业和科技型中小企业。"),
)  # fmt: skip
"""Words of the plan, entered and confirmed."""
WAITING = (
    "JY-4",
    "三（一）4",
    "实施高新技术企业引进计划，加大高新技术企业、科研机构、创新人才团队和技术创新成果引进力度，促进新技术、新成果在我市转移转化。",
)
"""Words of the plan that wait for a second person."""
SAMPLE = ("M11(5)", "（演示文本，非法规原文）研发费用占比的条文由科技局对照文件录入。")
"""Not the words of the law, and says so: the demo has no copy of that paper at hand."""
PLACES, BUREAU = "places", "JY-KJ"
CLAUSES = (
    ("二", "目标任务", "2017—2021年新培育认定25家，高企总数突破35家，规上高新技术产业增加值占比达40%左右。", (BUREAU, "JY-TJ"), "S0.3 S0.4 S0.5"),
    ("三（一）1", "“小升高”培育", "对接科技型中小企业库，按条件增加后备库和科技小巨人（培育）入库，入库企业一对一辅导，按研发费用给补贴，最高100万元。", (BUREAU, "JY-CZ"), "S1.1"),
    ("三（一）2", "认定奖补", "镇和园区对新认定企业奖补；市级对首次认定配套30万元，重新认定补助10万元。", (PLACES, BUREAU, "JY-CZ"), "S1.2"),
    ("三（一）3", "培训与台账", "三年内培训指导200家以上，明确80家重点名单，建台账、挂钩帮扶，每家有时间表和责任人。", (PLACES, BUREAU, "JY-CZ", "JY-SW"), "S1.3"),
    ("三（一）4", "引进", "引进高新技术企业、机构、团队和成果，促进转化。", (BUREAU, PLACES), "S1.4"),
    ("三（二）5", "后备库与推荐", "镇和园区宣传动员、负责把关，及时推荐有意向的企业并协助准备材料。", (PLACES,), "S2.1"),
    ("三（二）6", "部门联动", "科技、财政、税务组成服务团队，简化审查、畅通渠道。", (BUREAU, "JY-CZ", "JY-SW"), "S2.2"),
    ("三（三）7", "税收优惠", "简化备案，应享尽享。", ("JY-SW",), "S3.1"),
    ("三（三）8", "项目与平台优先", "重大科技项目和创新平台优先支持高企。", (BUREAU,), "S3.2"),
    ("三（三）9", "知识产权绿色通道", "申请加快、维权、费用减免；每家有知识产权联系人。", ("JY-ZC",), "S3.3"),
    ("三（三）10", "信贷支持", "引导金融机构加大信贷，科技金融资金优先支持。", (BUREAU,), "S3.4"),
    ("四（一）", "组织领导", "镇和园区建立协调机制，主要领导亲自抓。", (PLACES,), "S4.1"),
    ("四（二）", "责任落实", "当年新增数和有效期内总量进入目标考核，任务分解落实。", ("JY-DC", BUREAU), "S4.2"),
    ("四（三）", "服务体系", "明确专门机构、专项经费，建服务队伍。", (PLACES, BUREAU, "JY-CZ", "JY-SW"), "S4.3"),
    ("四（四）", "发展环境", "针对突出问题出台政策，做好宣传总结。", (PLACES, BUREAU), "S4.4"),
)  # fmt: skip


def fill(people: People) -> None:
    """Enter the documents and the clauses of the plan; choose two readings."""
    officer, head = people.first(Role.BUREAU_OFFICER), people.first(Role.BUREAU_HEAD)
    by_number: dict[str, Document] = {}
    for number, title, issuer, level, issued, effective, basis in DOCUMENTS:
        by_number[number] = enter_document(
            number=number,
            title=title,
            issuer=issuer,
            level=level,
            issued_on=issued,
            effective_on=effective,
            addressees="各产业集聚（开发）区管委会，各镇人民政府，各街道办事处，市人民政府各部门"
            if number == PLAN
            else "",
            basis=[by_number[other] for other in basis],
            actor=officer,
        )
    plan = by_number[PLAN]
    for place, title, gist, who, ids in CLAUSES:
        add_clause(
            plan,
            place=place,
            title=title,
            gist=gist,
            bodies=_bodies(people, who),
            ids=ids,
            actor=officer,
        )
    choose_reading(
        key="first_recognition", value="ever_anywhere", from_on=date(2018, 2, 2),
        reason="局长办公会2018年第3次：按全国范围内首次认定掌握", document=plan, actor=head,
    )  # fmt: skip
    choose_reading(
        key="registration_days", value=3, from_on=date(2018, 2, 2),
        reason="与市税务局、市统计局商定", actor=head,
    )  # fmt: skip
    choose_reading(
        key="hnte.growth_five_percent", value="form", from_on=date(2019, 1, 1),
        reason="局长办公会2018年第3次：2019年起按财务专家评价表掌握",
        document=by_number["国科发火〔2016〕195号"], actor=head,
    )  # fmt: skip
    _texts(officer, head)


def _texts(officer: User, head: User) -> None:
    """The law's own words of a few articles: confirmed, waiting, taken back."""
    on = officer.access.on
    for cite, place, text in TEXTS:
        made = enter_text(cite, text=text, page=f"{PLAN} {place}", on=on, actor=officer)
        confirm_text(made, on=on, actor=head)
    cite, text = SAMPLE
    made = enter_text(cite, text=text, page="演示", on=on, actor=officer)
    confirm_text(made, on=on, actor=head)
    cite, place, text = WAITING
    wrong = enter_text(cite, text=text[:-5] + "。", page=f"{PLAN} {place}", on=on, actor=officer)
    withdraw_text(wrong, reason="漏录末尾几个字", on=on, actor=officer)
    enter_text(cite, text=text, page=f"{PLAN} {place}", on=on, actor=officer)


def _bodies(people: People, who: tuple[str, ...]) -> list[Body]:
    """Bodies by their codes; `PLACES` stands for all towns, streets and zones."""
    named = [people.bodies[code] for code in who if code != PLACES]
    if PLACES in who:
        named += [body for body in people.bodies.values() if body.kind in KINDS_OF_PLACES]
    return named
