"""The life of a request for a large export."""

from __future__ import annotations

from peiyu.office.casework.workflow import Flows, Step, Workflow
from peiyu.office.desk.models import ExportState
from peiyu.office.desk.permissions import approves

EXPORT = Workflow(
    "export/1",
    #    name       from                  to                    who       button
    Step("approve", (ExportState.ASKED,), ExportState.APPROVED, approves, "批准"),
    Step("refuse",  (ExportState.ASKED,), ExportState.REFUSED,  approves, "不批准", needs_reason=True),
)  # fmt: skip
FLOWS = Flows(EXPORT)
