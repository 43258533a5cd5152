"""What a password must be (密码策略), and when it has to be changed."""

from __future__ import annotations

import secrets
import string
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils.translation import get_language

from peiyu.office.accounts.models import Duty, User
from peiyu.words import Message, message

LONG = 12
"""Signs that suffice alone."""
MIXED = 10
"""Signs that suffice when they are of several kinds."""
KINDS = 3
"""Of how many kinds: small letters, capitals, figures, others."""
LONGEST = 128
REMEMBERED = 5
"""As many passwords, the present one among them, are not used again."""
AGE = timedelta(days=180)
"""After this long officials and administrators choose a new one."""
ONE_TIME = timedelta(days=3)
"""So long a password given by the administrator opens the door, once."""

_COMMON = CommonPasswordValidator()
_SIMILAR = UserAttributeSimilarityValidator(("username", "name", "phone", "email"), 0.7)


def objections(password: str, person: User | None = None) -> list[Message]:
    """What speaks against this password; it is good when nothing does. Never shows it."""
    found = []
    if len(password) > LONGEST:
        return [message("密码最长{longest}个字符，请改短", longest=LONGEST)]
    if len(password) < LONG and (len(password) < MIXED or kinds(password) < KINDS):
        found.append(
            message(
                "密码太短：至少{long}个字符；含大写、小写、数字、符号中三类的，至少{mixed}个字符",
                long=LONG,
                mixed=MIXED,
            )
        )
    if _refuses(_COMMON, password):
        found.append(message("这个密码太常见，容易被猜到，请另设一个"))
    if person is not None and _refuses(_SIMILAR, password, person):
        found.append(message("密码与您的用户名、姓名、电话或邮箱太像，请另设一个"))
    if person is not None and person.pk and was_used(password, person):
        found.append(message("最近{times}个密码不能再用，请另设一个", times=REMEMBERED))
    return found


def kinds(password: str) -> int:
    """Of how many kinds its signs are."""
    return sum((
        any(sign.islower() for sign in password),
        any(sign.isupper() for sign in password),
        any(sign.isdigit() for sign in password),
        any(not sign.isalnum() for sign in password),
    ))  # fmt: skip


def was_used(password: str, person: User) -> bool:
    """Is the present password of the person, or one of the last ones."""
    past = person.past_passwords.order_by("-until_at", "-id").values_list("hash", flat=True)
    return any(
        check_password(password, used)
        for used in (person.password, *past[: REMEMBERED - 1])
        if used
    )


def must_change(person: User, at: datetime) -> bool:
    """Has to choose a new password before anything else."""
    if person.must_change_password:
        return True
    if person.duty == Duty.ENTERPRISE or not person.has_usable_password():
        return False
    return person.password_set_at is not None and at - person.password_set_at > AGE


def one_time_password() -> str:
    """A password to be told once: sixteen signs that cannot be taken for one another."""
    signs = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lIo")))
    return "-".join("".join(secrets.choice(signs) for _ in range(4)) for _ in range(4))


class HousePolicy:
    """The same rules where Django itself asks for a password."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuse a password to which there are objections."""
        if found := objections(password, user):
            lang = "en" if (get_language() or "").startswith("en") else "zh"
            raise ValidationError([objection.say(lang) for objection in found])

    def get_help_text(self) -> str:
        """Nothing: the form says the rule."""
        return ""


def _refuses(validator: object, password: str, *person: User) -> bool:
    try:
        validator.validate(password, *person)  # type: ignore[attr-defined]
    except ValidationError:
        return True
    return False
