"""People who log in."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from peiyu.office.foundation.confidentiality import Classes

if TYPE_CHECKING:
    from peiyu.office.accounts.rights import Access


class Duty(models.TextChoices):
    """What kind of person logs in.

    A person has one duty, so that the three administrators are three people (三员分立). The database
    refuses to change a duty to or from theirs, and to give them a role or a delegation.
    """

    OFFICE = "office", "工作人员"
    ENTERPRISE = "enterprise", "企业用户"
    SYSTEM = "system", "系统管理员"
    SECURITY = "security", "安全保密管理员"
    AUDIT = "audit", "安全审计员"


ADMINISTRATORS = (Duty.SYSTEM, Duty.SECURITY, Duty.AUDIT)


class People(BaseUserManager["User"]):
    """Where people come from."""

    def create_user(self, username: str, password: str | None = None, **more: object) -> User:
        """A person with a password, or with none that works."""
        person = self.model(username=self.model.normalize_username(username), **more)
        person.set_password(password)
        person.password_set_at = timezone.now()
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> User:
        """By the name with which one logs in, whatever its case."""
        return self.get(username__iexact=username)

    def visible_to(self, person: User) -> models.QuerySet[User]:
        """The people whom this person may look up.

        The security administrator and the auditor find everyone, officials their colleagues;
        everybody else only themselves.
        """
        if not person.is_active:
            return self.none()
        if person.duty in (Duty.SECURITY, Duty.AUDIT):
            return self.all()
        own = Q(pk=person.pk)
        if person.duty == Duty.OFFICE and person.access.is_official:
            return self.filter(own | Q(duty=Duty.OFFICE, is_active=True))
        return self.filter(own)


class User(AbstractBaseUser):
    """A person. What they may do follows from their duty and their appointments of today."""

    classes = Classes(
        office="username name duty version language plain is_active joined_on left_on"
        " password_set_at must_change_password",
        personal="phone email last_login",
        secret="password",
    )
    username = models.CharField(max_length=60, validators=[UnicodeUsernameValidator()])
    name = models.CharField(max_length=60)
    duty = models.CharField(max_length=10, choices=Duty, default=Duty.OFFICE)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    plain = models.BooleanField(default=False, help_text="larger type, fewer columns (适老模式)")
    is_active = models.BooleanField(default=True)
    password_set_at = models.DateTimeField(null=True)
    must_change_password = models.BooleanField(default=False)
    joined_on = models.DateField(null=True)
    left_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1, help_text="counts changes of own data")

    objects: ClassVar[People] = People()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = (
            models.UniqueConstraint(Lower("username"), name="one_user_of_that_name"),
            models.CheckConstraint(condition=Q(duty__in=Duty.values), name="user_duty_known"),
        )

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name as on a page."""
        return self.name

    @cached_property
    def access(self) -> Access:
        """What this person may see and do today."""
        from peiyu.office.accounts.rights import access_of  # noqa: PLC0415  rights read these tables

        return access_of(self)


class PastPassword(models.Model):
    """A password that must not be used again soon."""

    classes = Classes(office="until_at", secret="hash")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="past_passwords")
    hash = models.CharField(max_length=128)
    until_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.until_at)


class ApiToken(models.Model):
    """A key for a program: acts with no more than its owner's rights, cut to its scopes."""

    classes = Classes(
        office="name start scopes made_at expires_on revoked_at used_at", secret="digest"
    )
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    start = models.CharField(max_length=8, help_text="first signs, to tell tokens apart")
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
