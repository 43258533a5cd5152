"""What people keep at their desk: saved views; and requests for large exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from peiyu.office.accounts.models import Body, Role
from peiyu.office.casework.workflow import Flowing
from peiyu.office.foundation.confidentiality import Classes
from peiyu.office.foundation.models import Job

if TYPE_CHECKING:
    from peiyu.office.accounts.models import User


class SavedViews(models.QuerySet["SavedView"]):
    """Questions about saved views."""

    def visible_to(self, person: User) -> SavedViews:
        """One's own, and those shared with one's bodies or roles."""
        access = person.access
        shared = Q(shared=True) & (Q(body__in=access.bodies) | Q(body=None, role__in=access.roles))
        return self.filter(Q(owner=person) | shared)


class SavedView(models.Model):
    """A list with its filters, columns and order under a name."""

    classes = Classes(office="name query page owner body role shared default order")
    page = models.CharField(max_length=40, help_text="which list")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000, help_text="filters, columns and order as in the URL")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="views"
    )
    body = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, choices=Role, blank=True)
    shared = models.BooleanField(default=False)
    default = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=100)

    objects = SavedViews.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["owner", "page", "name"], name="one_view_of_a_name"),
        )
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.name


class ExportState(models.TextChoices):
    """Where a request for a large export stands."""

    ASKED = "asked", "待批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"


class ExportRequests(models.QuerySet["ExportRequest"]):
    """Questions about requests."""

    def visible_to(self, person: User) -> ExportRequests:
        """One's own; the head of the bureau all."""
        if person.access.has(Role.BUREAU_HEAD):
            return self
        return self.filter(asked_by=person)


class ExportRequest(Flowing):
    """A list too large to be taken away without someone else's yes."""

    classes = Classes(office="state flow page query rows form asked_on", business="purpose")
    state = models.CharField(
        max_length=20, choices=ExportState, default=ExportState.ASKED, editable=False
    )
    page = models.CharField(max_length=40)
    query = models.CharField(max_length=1000)
    form = models.CharField(max_length=4, help_text="xlsx or csv")
    rows = models.PositiveIntegerField()
    purpose = models.CharField(max_length=300)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_on = models.DateField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    job = models.OneToOneField(Job, null=True, on_delete=models.PROTECT, related_name="+")

    objects = ExportRequests.as_manager()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.page} {self.rows}"
