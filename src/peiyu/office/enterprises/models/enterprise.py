"""Who an enterprise is, under which names and codes, and where it lay on each day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from peiyu.office.accounts.models import Body
from peiyu.office.foundation.confidentiality import Classes
from peiyu.office.foundation.models import Attached, Source

if TYPE_CHECKING:
    from peiyu.office.accounts.models import User


class LegalForm(models.TextChoices):
    """Legal form, as far as the rules ask."""

    LIMITED = "limited", "有限责任公司"
    STOCK = "stock", "股份有限公司"
    SOLE = "sole", "个人独资企业"
    PARTNERSHIP = "partnership", "合伙企业"
    BRANCH = "branch", "分支机构"
    OTHER = "other", "其他"


class Status(models.TextChoices):
    """Whether an enterprise is there."""

    ACTIVE = "active", "存续"
    CLOSED = "closed", "注销"
    REVOKED = "revoked", "吊销"
    GONE = "gone", "迁出"
    MERGED = "merged", "已并入"


class Enterprises(models.QuerySet["Enterprise"]):
    """Questions about enterprises."""

    def visible_to(self, person: User) -> Enterprises:
        """Those that this person may see today.

        City-wide roles see all; towns and zones those that lie there or are attributed to them;
        others those opened to them. Administrators see none.
        """
        from peiyu.office.enterprises.models.people import Mandate  # noqa: PLC0415  it points here

        access = person.access
        if access.city:
            return self
        if not access.roles:
            return self.none()
        seen = Q(pk__in=[])
        if access.places:
            seen |= (
                Q(town__in=access.places) | Q(zone__in=access.places) | Q(body__in=access.places)
            )
        mandates = Mandate.objects.open_to(access).filter(enterprise=OuterRef("pk"))
        return self.filter(seen | Exists(mandates))

    def living(self) -> Enterprises:
        """Those neither gone nor merged into another."""
        return self.exclude(status=Status.MERGED)


class Enterprise(models.Model):
    """One enterprise.

    Name, code, town, zone and body are those of today, kept equal to their histories by the
    actions (a test compares them). `version` counts saves: by it programs see that it changed.
    """

    classes = Classes(
        public="code name established_on legal_form industry field status town zone body",
        office="closed_on version registered_at changed_at",
    )
    code = models.CharField(max_length=18, blank=True, help_text="统一社会信用代码")
    name = models.CharField(max_length=120)
    established_on = models.DateField(null=True, blank=True)
    legal_form = models.CharField(max_length=12, choices=LegalForm, blank=True)
    industry = models.CharField(max_length=4, blank=True, help_text="GB/T 4754-2017")
    field = models.CharField(max_length=5, blank=True, help_text="国家重点支持的高新技术领域")
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    closed_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed"
    )
    town = models.ForeignKey(
        Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    zone = models.ForeignKey(
        Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    body = models.ForeignKey(
        Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="attribution body of today",
    )  # fmt: skip
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = Enterprises.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["code"],
                condition=~Q(code="") & ~Q(status="merged"),
                name="one_enterprise_a_code",
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into=None)),
                name="merged_into_another",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="not_merged_into_itself",
            ),
        )
        indexes = (
            models.Index(fields=["name", "id"], name="enterprise_name"),
            models.Index(fields=["body", "status", "name", "id"], name="enterprise_body"),
            models.Index(fields=["town", "status", "name", "id"], name="enterprise_town"),
            models.Index(fields=["zone", "status", "name", "id"], name="enterprise_zone"),
            models.Index(fields=["status", "name", "id"], name="enterprise_status"),
            models.Index(fields=["established_on", "id"], name="enterprise_established"),
            models.Index(fields=["changed_at", "id"], name="enterprise_changed"),
            models.Index(fields=["industry", "id"], name="enterprise_industry"),
            models.Index(fields=["status", "industry", "id"], name="enterprise_status_industry"),
            models.Index(fields=["code"], name="enterprise_code"),
            models.Index(fields=["field", "id"], name="enterprise_field"),
        )

    def __str__(self) -> str:
        return self.name


class EnterpriseName(models.Model):
    """A name and the days it was borne; the last day is included."""

    classes = Classes(public="name core from_on until_on")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=120)
    core = models.CharField(max_length=120, db_index=True, help_text="see identity.core_of")
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["enterprise"], condition=Q(until_on=None), name="one_present_name"
            ),
        )
        ordering = (F("from_on").desc(nulls_last=True), "-id")

    def __str__(self) -> str:
        return self.name


class EnterpriseCode(models.Model):
    """A code that an enterprise bore until a day."""

    classes = Classes(public="code until_on")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="old_codes")
    code = models.CharField(max_length=18, db_index=True)
    until_on = models.DateField()

    def __str__(self) -> str:
        return self.code


class Residences(models.QuerySet["Residence"]):
    """Questions about where enterprises lay."""

    def on(self, day: date) -> Residences:
        """Where each lay on a day."""
        return self.filter(
            Q(from_on=None) | Q(from_on__lte=day), Q(until_on=None) | Q(until_on__gte=day)
        )


class Residence(models.Model):
    """Where an enterprise lay, and to which body it was attributed, between two days (included).

    `from_on` empty: since before the office knew it. Days never overlap. `recorded_on`: when a move
    was told, which may be long after it; empty for where it first lay.
    """

    classes = Classes(public="town zone body from_on until_on", office="reason recorded_on")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="residences")
    town = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    zone = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    recorded_on = models.DateField(null=True)

    objects = Residences.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["enterprise"], condition=Q(until_on=None), name="one_present_residence"
            ),
            models.CheckConstraint(
                condition=Q(from_on=None) | Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="residence_ends_after_it_begins",
            ),
        )
        indexes = (
            models.Index(fields=["body", "from_on", "until_on"], name="residence_body"),
            models.Index(
                fields=["enterprise", "from_on", "until_on", "body"], name="residence_enterprise"
            ),
        )
        ordering = (F("from_on").desc(nulls_last=True), "-id")

    def __str__(self) -> str:
        return f"{self.enterprise} {self.from_on}"


class Note(models.Model):
    """A remark on an enterprise; read by whoever sees the enterprise and works in the office."""

    classes = Classes(business="text", office="author written_at withdrawn_at")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="notes")
    text = models.CharField(max_length=2000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.text[:20]


class EnterpriseFile(Attached):
    """A file of an enterprise: licence, proof of a rename, a paper that explains a note."""

    classes = Classes(business="title file version")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="files")

    def __str__(self) -> str:
        return self.title
