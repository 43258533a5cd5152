"""The life of a yearly report: the enterprise hands in, its town checks, the bureau verifies."""

from __future__ import annotations

from peiyu.office.casework.workflow import Flows, Step, Workflow
from peiyu.office.reports.models import ReportState as S
from peiyu.office.reports.permissions import checks, fills_in, returns, verifies

REPORT = Workflow(
    "report/1",
    #    name        from                                  to           who       button
    Step("submit",   (S.DRAFT, S.RETURNED),                S.SUBMITTED, fills_in, "提交"),
    Step("withdraw", (S.SUBMITTED,),                       S.DRAFT,     fills_in, "撤回修改"),
    Step("return",   (S.SUBMITTED, S.CHECKED),             S.RETURNED,  returns,  "退回", needs_reason=True),
    Step("check",    (S.SUBMITTED,),                       S.CHECKED,   checks,   "核对通过"),
    Step("verify",   (S.SUBMITTED, S.CHECKED),             S.VERIFIED,  verifies, "核定"),
    Step("reopen",   (S.VERIFIED, S.CHECKED, S.SUBMITTED), S.RETURNED,  verifies, "重新填报", needs_reason=True),
)  # fmt: skip
FLOWS = Flows(REPORT)
