"""The first three people of an office: its administrators, who let in all others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from peiyu.office.accounts.models import Duty, User
from peiyu.office.accounts.models.people import ADMINISTRATORS
from peiyu.office.accounts.passwords import one_time_password
from peiyu.office.foundation.record import write
from peiyu.office.foundation.refusals import Refused
from peiyu.words import message


@transaction.atomic
def begin(*, names: Mapping[str, tuple[str, str]], on: date) -> dict[str, tuple[User, str]]:
    """Let in the three administrators (三员), where nobody is yet.

    `names` maps each duty to user name and name. Gives each with a one-time password, which must
    be changed at the first log-in.
    """
    if User.objects.exists():
        raise Refused(message("已有账号，不能再次初始化。请由安全保密管理员加人"))
    if set(names) != set(ADMINISTRATORS):
        raise Refused(message("三员各要一人：系统管理员、安全保密管理员、安全审计员"))
    found: dict[str, tuple[User, str]] = {}
    for duty, (username, name) in names.items():
        password = one_time_password()
        person = User(
            username=username,
            name=name,
            duty=duty,
            joined_on=on,
            must_change_password=True,
            password_set_at=timezone.now(),
        )
        person.set_password(password)
        person.save()
        write(
            actor=None,
            action="accounts.person.begin",
            thing=person,
            changes={"username": ("", username), "name": ("", name), "duty": ("", str(duty))},
            day=on,
        )
        found[Duty(duty)] = (person, password)
    return found
