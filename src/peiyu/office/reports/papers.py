"""The room's papers: the one-time notice of figures that an enterprise still has to supply."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.refusals import Refused
from peiyu.office.notices.paper_kinds import Draft, PaperKind
from peiyu.office.reports.models import FIGURES, FactRequest, Supplier
from peiyu.office.reports.permissions import figures_open_to, may_ask_facts
from peiyu.office.reports.queries import open_figures
from peiyu.papers.dates import official_date
from peiyu.papers.paper import Column, Content, Heading, Pairs, Paragraph, Table
from peiyu.words import mark, message

LACKING = "reports.lacking"


def lacking(enterprise: Enterprise, person: User, on: date) -> Content:
    """All that was asked of the enterprise and is not answered, in one paper; refused if nothing is."""
    rows = FactRequest.objects.visible_to(person).filter(
        enterprise=enterprise, supplier=Supplier.ENTERPRISE, withdrawn_on=None
    )
    asked = open_figures(rows.order_by("due_on", "year", "pk"), on)
    if not asked:
        raise Refused(message("没有向“{name}”要过还没补的数据，不用发告知书", name=enterprise.name))
    lines = [(one, FIGURES[name].chinese) for one, names in asked for name in names]
    overdue = sum(one.due_on < on for one, _ in lines)
    remarks = any(one.words for one, _ in asked)
    columns = [Column("年度", 3, "center"), Column("指标", 7), Column("期限", 5, "center")]
    return Content(
        title="补报数据一次性告知书",
        addressee=enterprise.name,
        blocks=(
            Paragraph(_summary(len(lines), overdue, on)),
            Heading("一、告知对象"),
            Pairs(
                (("企业名称", enterprise.name), ("统一社会信用代码", enterprise.code or "未登记"))
            ),
            Heading("二、需要补报的数据"),
            Table(
                (*columns, Column("说明", 6)) if remarks else tuple(columns),
                tuple(
                    (
                        f"{one.year}年度",
                        figure,
                        official_date(one.due_on) + ("\n（已逾期）" if one.due_on < on else ""),
                        *((one.words,) if remarks else ()),
                    )
                    for one, figure in lines
                ),
            ),
            Heading("三、补报办法"),
            Paragraph(
                "登录企业端，在“年度数据”中填写并提交，同时上传能够证明所填数据的材料。"
                "已经补报的，以系统登记为准，不必重复报送。"
            ),
        ),
    )


def _summary(number: int, overdue: int, on: date) -> str:
    """How much is lacking, how much of it is late, what to do."""
    late = f"，其中{overdue}项已逾期" if overdue else ""
    ask = ["请于所列期限内补报"] if overdue < number else []
    ask += ["已逾期的请立即补报"] if overdue else []
    return (
        f"经核对你单位年度数据，截至{official_date(on)}尚有{number}项需要补报{late}，现一次性告知。"
        f"{'；'.join(ask)}。"
    )


def _may_issue(person: User, draft: Draft) -> bool:
    """Whoever may ask for figures tells what is lacking."""
    if draft.addressee[0] != Enterprise._meta.label_lower:
        return False
    found = Enterprise.objects.filter(pk=draft.addressee[1]).first()
    return found is not None and may_ask_facts(person, found)


def _open_to(person: User) -> Q:
    """To whoever reads the figures of the addressee: none stand in it."""
    return Q(addressee_key__in=figures_open_to(person).values("pk"))


PAPERS = {"lacking": PaperKind(mark("补报数据一次性告知书"), _may_issue, _open_to)}
