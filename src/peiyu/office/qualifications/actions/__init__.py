"""Everything that changes the room, a verb per function."""

from peiyu.office.qualifications.actions.certificates import (
    add_event,
    correct_certificate,
    enter_certificate,
    withdraw_certificate,
    withdraw_event,
)
from peiyu.office.qualifications.actions.merging import carry_over
from peiyu.office.qualifications.actions.others import (
    enter_tech_sme,
    enter_title,
    file_annual_report,
    report_change,
    revoke_tech_sme,
    revoke_title,
    take_back,
)

__all__ = [
    "add_event",
    "carry_over",
    "correct_certificate",
    "enter_certificate",
    "enter_tech_sme",
    "enter_title",
    "file_annual_report",
    "report_change",
    "revoke_tech_sme",
    "revoke_title",
    "take_back",
    "withdraw_certificate",
    "withdraw_event",
]
