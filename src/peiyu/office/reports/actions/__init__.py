"""Everything that changes the room, a verb per function."""

from peiyu.office.reports.actions.merging import carry_over
from peiyu.office.reports.actions.reports import (
    ask_facts,
    check,
    open_report,
    reopen,
    return_report,
    save_draft,
    submit,
    verify,
    withdraw_report,
    withdraw_request,
)
from peiyu.office.reports.actions.statements import state, verify_items

__all__ = [
    "ask_facts",
    "carry_over",
    "check",
    "open_report",
    "reopen",
    "return_report",
    "save_draft",
    "state",
    "submit",
    "verify",
    "verify_items",
    "withdraw_report",
    "withdraw_request",
]
