"""The life of a proposal: a town or zone proposes, the bureau confirms."""

from __future__ import annotations

from peiyu.office.casework.workflow import Flows, Step, Workflow
from peiyu.office.enterprises.models import RegistrationState as S
from peiyu.office.enterprises.permissions import confirms, is_proposer

REGISTRATION = Workflow(
    "registration/1",
    #    name        from                      to           who          button
    Step("propose",  (S.DRAFT, S.RETURNED),    S.PROPOSED,  is_proposer, "报送"),
    Step("withdraw", (S.DRAFT, S.PROPOSED, S.RETURNED), S.WITHDRAWN, is_proposer, "撤回", needs_reason=True),
    Step("return",   (S.PROPOSED,),            S.RETURNED,  confirms,    "退回补充", needs_reason=True),
    Step("confirm",  (S.PROPOSED,),            S.CONFIRMED, confirms,    "确认入库"),
    Step("refuse",   (S.PROPOSED,),            S.REFUSED,   confirms,    "不予入库", needs_reason=True),
)  # fmt: skip
FLOWS = Flows(REGISTRATION)
