"""Everything that changes the room, a verb per function."""

from peiyu.office.portfolio.actions.beside import (
    add_paper,
    end_contact,
    name_contact,
    record_use,
    remove_paper,
    say_all_full,
    say_full,
    withdraw_use,
)
from peiyu.office.portfolio.actions.entries import record_entry, withdraw_entry
from peiyu.office.portfolio.actions.merging import carry_over
from peiyu.office.portfolio.actions.remarks import (
    ask_about,
    clear_flag,
    explain_flag,
    take_back_remark,
)

__all__ = [
    "add_paper",
    "ask_about",
    "carry_over",
    "clear_flag",
    "end_contact",
    "explain_flag",
    "name_contact",
    "record_entry",
    "record_use",
    "remove_paper",
    "say_all_full",
    "say_full",
    "take_back_remark",
    "withdraw_entry",
    "withdraw_use",
]
