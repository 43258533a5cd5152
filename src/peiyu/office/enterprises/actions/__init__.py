"""Everything that changes the registry, a verb per function."""

from peiyu.office.enterprises.actions.identity import (
    change_code,
    close,
    edit,
    enter,
    merge,
    move,
    rename,
    reopen,
    say_not_same,
    settle_residences,
    taken,
)
from peiyu.office.enterprises.actions.people import (
    add_contact,
    change_contact,
    end_contact,
    give_mandate,
    revoke_mandate,
)
from peiyu.office.enterprises.actions.registration import (
    confirm,
    draft,
    propose,
    redraft,
    refuse,
    return_for_more,
    withdraw,
)
from peiyu.office.enterprises.actions.remarks import attach, suggest, withdraw_note, write_note
from peiyu.office.enterprises.actions.unentering import stood_upon, unenter

__all__ = [
    "add_contact",
    "attach",
    "change_code",
    "change_contact",
    "close",
    "confirm",
    "draft",
    "edit",
    "end_contact",
    "enter",
    "give_mandate",
    "merge",
    "move",
    "propose",
    "redraft",
    "refuse",
    "rename",
    "reopen",
    "return_for_more",
    "revoke_mandate",
    "say_not_same",
    "settle_residences",
    "stood_upon",
    "suggest",
    "taken",
    "unenter",
    "withdraw",
    "withdraw_note",
    "write_note",
]
