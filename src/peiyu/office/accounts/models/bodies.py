"""The bodies of the city as a tree, named and dated."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from peiyu.office.accounts.models.people import Duty, User
from peiyu.office.foundation.confidentiality import Classes


class BodyKind(models.TextChoices):
    """What a body is."""

    CITY = "city", "市"
    DEPARTMENT = "department", "部门"
    TOWN = "town", "镇"
    STREET = "street", "街道"
    ZONE = "zone", "产业集聚（开发）区"
    BANK = "bank", "银行"
    AGENCY = "agency", "服务机构"


PLACES = (BodyKind.TOWN, BodyKind.STREET, BodyKind.ZONE)
"""Bodies in which an enterprise may lie."""


class Bodies(models.QuerySet["Body"]):
    """Questions about bodies."""

    def alive(self, on: date) -> Bodies:
        """Those that exist on a day."""
        return self.filter(Q(opened_on__lte=on), Q(closed_on=None) | Q(closed_on__gt=on))

    def visible_to(self, person: User) -> Bodies:
        """All of them for officials, the security administrator and the auditor, else none."""
        watches = person.duty in (Duty.SECURITY, Duty.AUDIT) and person.is_active
        return self.all() if watches or person.access.is_official else self.none()

    def places(self) -> Bodies:
        """Towns, streets and zones."""
        return self.filter(kind__in=PLACES)


class Body(models.Model):
    """The city, a department, a town or street, a zone, a bank, a service agency."""

    classes = Classes(public="kind code name short parent unit mark opened_on closed_on")
    kind = models.CharField(max_length=12, choices=BodyKind)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100, help_text="as of today; see its names")
    short = models.CharField(max_length=30)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    unit = models.CharField(
        max_length=60, blank=True, help_text="the unit responsible for this work (专门机构)"
    )
    mark = models.CharField(
        max_length=20,
        blank=True,
        help_text="with which its papers are numbered (发文字号的机关代字)",
    )
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    objects = Bodies.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gt=F("opened_on")),
                name="body_closed_after_opened",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="body_not_its_own_parent"
            ),
            models.UniqueConstraint(fields=["mark"], condition=~Q(mark=""), name="one_body_a_mark"),
        )
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class BodyName(models.Model):
    """A name that a body bore until a day."""

    classes = Classes(public="body name until_on")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=100)
    until_on = models.DateField()

    class Meta:
        ordering = ("-until_on",)

    def __str__(self) -> str:
        return self.name
