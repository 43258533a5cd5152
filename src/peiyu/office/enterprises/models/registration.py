"""The way of a new enterprise into the registry: a town proposes, the bureau confirms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from peiyu.office.accounts.models import Body
from peiyu.office.casework.models import Consultation
from peiyu.office.casework.workflow import Flowing
from peiyu.office.enterprises.models.enterprise import Enterprise, LegalForm
from peiyu.office.foundation.confidentiality import Classes

if TYPE_CHECKING:
    from peiyu.office.accounts.models import User


class RegistrationState(models.TextChoices):
    """Where a proposal stands."""

    DRAFT = "draft", "草稿"
    PROPOSED = "proposed", "待确认"
    RETURNED = "returned", "已退回"
    CONFIRMED = "confirmed", "已入库"
    REFUSED = "refused", "不予入库"
    WITHDRAWN = "withdrawn", "已撤回"


class Registrations(models.QuerySet["Registration"]):
    """Questions about proposals."""

    def visible_to(self, person: User) -> Registrations:
        """City-wide roles see those handed in; a town or zone its own."""
        access = person.access
        own = Q(body__in=access.places)
        if access.city:
            return self.filter(~Q(state__in=[RegistrationState.DRAFT]) | own)
        return self.filter(own)


class Registration(Flowing):
    """A proposed enterprise, as the town knows it; confirmed, it becomes an Enterprise."""

    classes = Classes(
        public="code name established_on legal_form industry field town zone",
        office="state flow body version proposed_on decided_on",
        business="remark",
        personal="contact_name contact_phone",
    )
    state = models.CharField(
        max_length=20, choices=RegistrationState, default=RegistrationState.DRAFT, editable=False
    )
    body = models.ForeignKey(
        Body, on_delete=models.PROTECT, related_name="+", help_text="who proposes"
    )
    code = models.CharField(max_length=18, blank=True)
    name = models.CharField(max_length=120)
    established_on = models.DateField(null=True, blank=True)
    legal_form = models.CharField(max_length=12, choices=LegalForm, blank=True)
    industry = models.CharField(max_length=4, blank=True)
    field = models.CharField(max_length=5, blank=True)
    town = models.ForeignKey(
        Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    zone = models.ForeignKey(
        Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    contact_name = models.CharField(max_length=60, blank=True)
    contact_phone = models.CharField(max_length=20, blank=True)
    remark = models.CharField(max_length=500, blank=True)
    consultation = models.OneToOneField(
        Consultation, null=True, on_delete=models.PROTECT, related_name="registration"
    )
    enterprise = models.OneToOneField(
        Enterprise, null=True, on_delete=models.PROTECT, related_name="registration"
    )
    proposed_on = models.DateField(null=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = Registrations.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state="confirmed", enterprise__isnull=False)
                | (~Q(state="confirmed") & Q(enterprise=None)),
                name="confirmed_is_registered",
            ),
        )
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name


class NotSame(models.Model):
    """Two enterprises that look alike and were found to be two; `first` has the lower key."""

    classes = Classes(office="first second reason said_by")
    first = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["first", "second"], name="one_not_same"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="not_same_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.first} ≠ {self.second}"
