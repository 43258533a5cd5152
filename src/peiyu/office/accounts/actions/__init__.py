"""Everything that changes people, bodies and roles; each writes its line in the record."""

from peiyu.office.accounts.actions.appointments import (
    appoint,
    delegate,
    end_appointment,
    hand_over,
    revoke_delegation,
)
from peiyu.office.accounts.actions.bodies import (
    close_body,
    move_body,
    name_mark,
    name_unit,
    open_body,
    rename_body,
)
from peiyu.office.accounts.actions.passwords import (
    remove_second_factors,
    reset_password,
    set_password,
)
from peiyu.office.accounts.actions.people import (
    add_person,
    change_person,
    choose_language,
    choose_plain,
    come_back,
    leave,
)
from peiyu.office.accounts.actions.tokens import make_token, person_of_token, revoke_token

__all__ = [
    "add_person",
    "appoint",
    "change_person",
    "choose_language",
    "choose_plain",
    "close_body",
    "come_back",
    "delegate",
    "end_appointment",
    "hand_over",
    "leave",
    "make_token",
    "move_body",
    "name_mark",
    "name_unit",
    "open_body",
    "person_of_token",
    "remove_second_factors",
    "rename_body",
    "reset_password",
    "revoke_delegation",
    "revoke_token",
    "set_password",
]
