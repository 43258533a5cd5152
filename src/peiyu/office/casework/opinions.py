"""The life of one opinion, as a table."""

from __future__ import annotations

from peiyu.office.casework.models import OpinionState
from peiyu.office.casework.permissions import may_answer, may_conduct
from peiyu.office.casework.workflow import Flows, Step, Workflow

ASKED = (OpinionState.ASKED,)
ANSWERED = (OpinionState.AGREED, OpinionState.OBJECTED, OpinionState.RETURNED)

OPINION = Workflow(
    "opinion/1",
    #    name          from            to                        who          button
    Step("agree",      ASKED,          OpinionState.AGREED,      may_answer,  "同意"),
    Step("object",     ASKED,          OpinionState.OBJECTED,    may_answer,  "不同意", needs_reason=True),
    Step("return",     ASKED,          OpinionState.RETURNED,    may_answer,  "退回补充", needs_reason=True),
    Step("withdraw",   ANSWERED,       OpinionState.ASKED,       may_answer,  "撤回意见", needs_reason=True),
    Step("ask_again",  (OpinionState.RETURNED,), OpinionState.ASKED, may_conduct, "补充后重新征求"),
    Step("substitute", ASKED,          OpinionState.SUBSTITUTED, may_conduct, "改由他人答复", needs_reason=True),
)  # fmt: skip
FLOWS = Flows(OPINION)
