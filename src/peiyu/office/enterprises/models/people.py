"""People of an enterprise: whom to call, and who may see and act for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from peiyu.office.accounts.models import Body, Role
from peiyu.office.enterprises.models.enterprise import Enterprise
from peiyu.office.foundation.confidentiality import Classes

if TYPE_CHECKING:
    from peiyu.office.accounts.rights import Access


class Contact(models.Model):
    """A person to call. As little as is needed: name, duty, one number, one address."""

    classes = Classes(personal="name phone email", office="duty main until_on")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=60)
    duty = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    main = models.BooleanField(default=False)
    until_on = models.DateField(null=True, help_text="no longer the contact since")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=Q(main=True, until_on=None),
                name="one_main_contact",
            ),
        )
        ordering = ("-main", "id")

    def __str__(self) -> str:
        return self.name


class MandateKind(models.TextChoices):
    """How an enterprise is open to a person who is not of the city's departments."""

    OWNER = "owner", "负责人"
    ACCOUNTANT = "accountant", "经办"
    AGENCY = "agency", "委托服务机构"
    BANK = "bank", "授权银行查看"
    COACH = "coach", "辅导员"


ROLE_OF = {
    MandateKind.OWNER: Role.OWNER,
    MandateKind.ACCOUNTANT: Role.ACCOUNTANT,
    MandateKind.AGENCY: Role.AGENCY,
    MandateKind.BANK: Role.BANK,
    MandateKind.COACH: Role.COACH,
}
BY_ENTERPRISE = frozenset({MandateKind.ACCOUNTANT, MandateKind.AGENCY, MandateKind.BANK})
"""Mandates that the enterprise itself gives and revokes; owner and coach come from the bureau."""


class Mandates(models.QuerySet["Mandate"]):
    """Questions about mandates."""

    def open_to(self, access: Access) -> Mandates:
        """Mandates in force today whose holder holds the role that goes with them."""
        kinds = [kind for kind, role in ROLE_OF.items() if role in access.roles]
        return self.filter(
            Q(until_on=None) | Q(until_on__gte=access.on),
            person__in=access.mandates_of,
            kind__in=kinds,
            from_on__lte=access.on,
            revoked_on=None,
        )


class Mandate(models.Model):
    """That a person may see an enterprise and, by kind, act for it; given and revoked with a day."""

    classes = Classes(office="person kind body from_on until_on revoked_on")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="mandates")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mandates"
    )
    kind = models.CharField(max_length=10, choices=MandateKind)
    body = models.ForeignKey(
        Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="the agency or bank",
    )  # fmt: skip
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    revoked_on = models.DateField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = Mandates.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["enterprise", "person", "kind"],
                condition=Q(revoked_on=None, until_on=None),
                name="one_open_mandate",
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="mandate_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.get_kind_display()}"
