"""What belongs to evidence and is no row of it: how far a table goes, uses, files, remarks, contacts."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from peiyu.office.enterprises.models import Contact, Enterprise, EnterpriseFile
from peiyu.office.foundation.confidentiality import Classes
from peiyu.office.foundation.models import Source

USER = settings.AUTH_USER_MODEL


class Fullness(models.Model):
    """That a table of an enterprise is all there is, said by somebody from a day until another."""

    classes = Classes(office="table since until_on said_by")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    table = models.CharField(max_length=20)
    since = models.DateField(help_text="the office's day on which it was said")
    until_on = models.DateField(null=True, help_text="the office's day on which it was taken back")
    said_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["enterprise", "table"], condition=Q(until_on=None), name="said_to_be_full"
            ),
        )

    def __str__(self) -> str:
        return self.table


class IpUses(models.QuerySet["IpUse"]):
    """Questions about uses of rights."""

    def known_on(self, day: date) -> IpUses:
        """Uses that were known at the end of a day."""
        return self.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=day), recorded_on__lte=day)


class IpUse(models.Model):
    """That a right was used in a recognition, by whichever enterprise (G3.2.4, G3.2.5).

    `number` is the grant number without prefix and point, so that it is found however written.
    """

    classes = Classes(
        public="number used_by used_on successful valid_to", office="recorded_at recorded_on withdrawn_on",
        business="reason",
    )  # fmt: skip
    number = models.CharField(max_length=60, db_index=True)
    enterprise = models.ForeignKey(
        Enterprise, null=True, on_delete=models.PROTECT, related_name="+",
        help_text="who used it, if the registry knows them",
    )  # fmt: skip
    used_by = models.CharField(max_length=120, help_text="code or name")
    used_on = models.DateField()
    successful = models.BooleanField(null=True)
    valid_to = models.DateField(null=True, help_text="until when that qualification is valid")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_on = models.DateField()
    recorded_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_on = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    objects = IpUses.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["number", "used_by", "used_on"],
                condition=Q(withdrawn_on=None),
                name="one_use_a_day",
            ),
        )
        ordering = ("-used_on", "-id")

    def __str__(self) -> str:
        return self.number

    @property
    def record_title(self) -> str:
        """What the record calls it."""
        return self.number


class Paper(models.Model):
    """A file of an enterprise as proof of a row; one file may prove many rows."""

    classes = Classes(office="table key added_on removed_on", business="file")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    table = models.CharField(max_length=20)
    key = models.CharField(max_length=140)
    file = models.ForeignKey(EnterpriseFile, on_delete=models.PROTECT, related_name="papers")
    added_on = models.DateField()
    added_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    removed_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["enterprise", "table", "key", "file"],
                condition=Q(removed_on=None),
                name="one_paper_a_row",
            ),
        )
        ordering = ("id",)

    def __str__(self) -> str:
        return self.key


class RemarkKind(models.TextChoices):
    """What is said of a flag."""

    ASKED = "asked", "请企业说明"
    EXPLAINED = "explained", "企业已说明"
    CLEARED = "cleared", "已核，不再提示"


class Remark(models.Model):
    """What somebody said of a flag of the chain; it holds as long as the facts of the flag do.

    `flag` names the check and the rows, `digest` the facts on which it rested.
    """

    classes = Classes(
        office="flag check_name digest kind due_on said_on withdrawn_on", business="reason"
    )
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    flag = models.CharField(max_length=500)
    check_name = models.CharField(max_length=30)
    digest = models.CharField(max_length=32)
    kind = models.CharField(max_length=10, choices=RemarkKind)
    reason = models.CharField(max_length=300)
    due_on = models.DateField(null=True, help_text="of what was asked")
    said_on = models.DateField()
    said_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    withdrawn_on = models.DateField(null=True)

    class Meta:
        indexes = (models.Index(fields=["enterprise", "withdrawn_on"], name="remark_of"),)
        ordering = ("id",)

    def __str__(self) -> str:
        return self.flag

    @property
    def record_title(self) -> str:
        """What the record calls it."""
        return self.check_name


class FlagCount(models.Model):
    """How many flags of an enterprise are open: a cache of `flags_of`, kept by the actions and a job.

    A test holds it equal to the query. `on` is the day on which it was counted.
    """

    classes = Classes(office="open severe by_check on counted_at")
    enterprise = models.OneToOneField(
        Enterprise, primary_key=True, on_delete=models.PROTECT, related_name="flag_count"
    )
    open = models.PositiveIntegerField()
    severe = models.PositiveIntegerField()
    by_check = models.JSONField(default=dict, help_text="{check: number of open flags}")
    on = models.DateField()
    counted_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["-severe", "enterprise"], name="most_severe_flags"),
            models.Index(fields=["-open", "enterprise"], name="most_flags"),
        )

    def __str__(self) -> str:
        return str(self.open)


class ContactSide(models.TextChoices):
    """On whose side somebody is the contact."""

    OFFICE = "office", "主管部门"
    ENTERPRISE = "enterprise", "企业"


class IpContact(models.Model):
    """Who is to be asked about rights, on both sides, from a day to a day (S3.3e 明确专人)."""

    classes = Classes(office="side from_on until_on person contact")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="ip_contacts")
    side = models.CharField(max_length=10, choices=ContactSide)
    person = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["enterprise", "side"],
                condition=Q(until_on=None),
                name="one_ip_contact_a_side",
            ),
            models.CheckConstraint(
                condition=Q(side="office", person__isnull=False, contact=None)
                | Q(side="enterprise", person=None, contact__isnull=False),
                name="ip_contact_of_its_side",
            ),
        )
        ordering = ("-from_on", "-id")

    def __str__(self) -> str:
        return f"{self.enterprise} {self.side}"
