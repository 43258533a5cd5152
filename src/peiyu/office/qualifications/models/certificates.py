"""Certificates of high-tech enterprises, what happened to them, and the days on which they count."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.confidentiality import Classes
from peiyu.office.foundation.models import ImportBatch, Source
from peiyu.office.qualifications.models.told import OFFICE, Told

if TYPE_CHECKING:
    from peiyu.office.accounts.models import User

PAPER = (
    "number", "name", "issued_on", "publicity_on", "approved_on", "printed_end_on", "issued_here",
    "issuer",
)  # fmt: skip
"""What a certificate says, and where the enterprise lay then."""


class Paper(models.Model):
    """What is stated of a certificate. `issued_here`: the enterprise lay in this city when it was issued."""

    number = models.CharField(max_length=14)
    name = models.CharField(max_length=120, help_text="of the enterprise, as printed")
    issued_on = models.DateField()
    publicity_on = models.DateField(null=True)
    approved_on = models.DateField(null=True)
    printed_end_on = models.DateField(null=True, help_text="where the paper prints an end")
    issued_here = models.BooleanField(default=True)
    issuer = models.CharField(max_length=100, blank=True, help_text="recognition body, province")

    class Meta:
        abstract = True


class Certificates(models.QuerySet["Certificate"]):
    """Questions about certificates."""

    def visible_to(self, person: User) -> Certificates:
        """Those of enterprises that the person may see."""
        if person.access.city:
            return self
        return self.filter(enterprise__in=Enterprise.objects.visible_to(person))

    def standing(self) -> Certificates:
        """Those not taken back as entered by mistake."""
        return self.filter(withdrawn_on=None)

    def valid_on(self, day: date) -> Certificates:
        """Those in force somewhere on a day: issued, not over, not revoked nor ended."""
        alive = Q(gone_from=None) | Q(gone_from__gt=day)
        return self.standing().filter(alive, issued_on__lte=day, last_on__gte=day)


class Certificate(Paper):
    """One certificate as it is known now; the present copy of its newest version.

    `last_on` (its own last day) and `gone_from` (revoked or ended by a split or merger from that day
    on) are named caches, worked out by `peiyu.policy.hnte_certificate` and kept by the actions; a test
    compares them with versions and events. First, again and expiry are derived, never kept.
    """

    classes = Classes(
        public=f"{' '.join(PAPER)} last_on gone_from",
        office="version recorded_on withdrawn_on",
    )
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="certificates"
    )
    last_on = models.DateField()
    gone_from = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)
    recorded_on = models.DateField(help_text="the office's day on which it was first entered")
    withdrawn_on = models.DateField(null=True)

    objects = Certificates.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["number"], condition=Q(withdrawn_on=None), name="one_certificate_a_number"
            ),
            models.CheckConstraint(
                condition=Q(printed_end_on=None) | Q(printed_end_on__gte=F("issued_on")),
                name="certificate_ends_after_its_issue",
            ),
        )
        indexes = (
            models.Index(fields=["withdrawn_on", "issued_on", "id"], name="certificate_issued"),
            models.Index(fields=["withdrawn_on", "last_on", "id"], name="certificate_last"),
            models.Index(fields=["withdrawn_on", "number", "id"], name="certificate_number"),
            models.Index(
                fields=["enterprise", "issued_on", "withdrawn_on", "last_on", "issued_here"],
                name="certificate_enterprise",
            ),
            models.Index(
                fields=["issued_on", "enterprise"],
                name="certificate_here",
                condition=Q(withdrawn_on=None, issued_here=True),
            ),
            models.Index(
                fields=["enterprise"], condition=Q(issued_here=False), name="certificate_elsewhere"
            ),
        )
        ordering = ("-issued_on", "-id")

    def __str__(self) -> str:
        return self.number


class CertificateVersion(Paper):
    """One version of what is stated of a certificate; nothing of it ever changes.

    A correction is a new version with a reason; `withdrawn` says that it was entered by mistake.
    """

    classes = Classes(
        public=" ".join(PAPER), office="version withdrawn reason recorded_on recorded_at"
    )
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="versions")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    withdrawn = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    recorded_on = models.DateField(help_text="the office's day")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    batch = models.ForeignKey(ImportBatch, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["certificate", "version"], name="one_certificate_a_version"
            ),
        )
        ordering = ("certificate", "-version")

    def __str__(self) -> str:
        return f"{self.number} {self.version}"


class EventKind(models.TextChoices):
    """What may happen to a certificate; the words of `peiyu.policy.hnte_certificate.What`."""

    RENAMED = "renamed", "更名换证"
    REVOKED = "revoked", "取消资格"
    MOVED_IN = "moved_in", "整体迁入"
    MOVED_OUT = "moved_out", "整体迁出"
    PART_MOVED_IN = "part_moved_in", "部分迁入"
    PART_MOVED_OUT = "part_moved_out", "部分迁出"
    SPLIT = "split", "企业分立"
    MERGED = "merged", "企业合并"


MAY_END = frozenset({EventKind.SPLIT, EventKind.MERGED})
"""Kinds that end the qualification, or leave it."""


class CertificateEvent(Told):
    """One thing that happened to a certificate; a mistake is taken back, never changed.

    `from_on` is the day from which a qualification is revoked, mostly the first of the year of the
    act (G5.6.1); `name` the new name after a change; `ends` whether a split or merger ends it.
    """

    classes = Classes(public="kind happened_on from_on name ends words", office=OFFICE)
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16, choices=EventKind)
    happened_on = models.DateField()
    from_on = models.DateField(null=True)
    name = models.CharField(max_length=120, blank=True)
    ends = models.BooleanField(default=False)
    words = models.CharField(max_length=300, blank=True, help_text="reason, other enterprises")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="revoked", from_on__isnull=False)
                | (~Q(kind="revoked") & Q(from_on=None)),
                name="revoked_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(kind="renamed") & ~Q(name="") | ~Q(kind="renamed") & Q(name=""),
                name="renamed_to_a_name",
            ),
            models.CheckConstraint(
                condition=Q(ends=False) | Q(kind__in=["split", "merged"]),
                name="only_split_or_merger_ends",
            ),
        )
        ordering = ("happened_on", "id")

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_on}"

    @property
    def counts_from(self) -> date:
        """The day from which it matters."""
        return self.from_on or self.happened_on


class Holdings(models.QuerySet["Holding"]):
    """Questions about the days on which certificates count."""

    def over(self, day: date, known: date | None = None) -> Holdings:
        """Those over a day, as known now or on another day."""
        rows = self.filter(from_on__lte=day, to_on__gte=day)
        if known is None:
            return rows.filter(gone_on=None)
        return rows.filter(Q(gone_on=None) | Q(gone_on__gt=known), known_on__lte=known)

    def visible_to(self, person: User | None) -> Holdings:
        """Those of enterprises that the person may see; of nobody all."""
        if person is None or person.access.city:
            return self
        return self.filter(enterprise__in=Enterprise.objects.visible_to(person))

    def adding(self, person: User | None = None) -> Holdings:
        """Those that now add an enterprise to the stock, from `adds_from` to their last day."""
        return self.filter(gone_on=None, adds_from__isnull=False).visible_to(person)


class Holding(models.Model):
    """Days, both included, on which a certificate counts for the city: a named cache.

    Equal to the periods worked out from versions and events (a test walks random histories); the
    actions bring it up to date in their own transaction. A period that is no longer believed stays
    with `gone_on`, the day from which it is not, so that past knowledge can be counted as quickly.

    `adds_from` is the day from which it adds its enterprise to the stock: its first, or the day after
    the last of those that began before it; none if they hold as long as it does. So the present stock
    is counted without looking for those that count twice.
    """

    classes = Classes(public="from_on to_on adds_from", office="known_on gone_on")
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="holdings")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="holdings")
    from_on = models.DateField()
    to_on = models.DateField()
    adds_from = models.DateField(null=True)
    known_on = models.DateField()
    gone_on = models.DateField(null=True)

    objects = Holdings.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(to_on__gte=F("from_on")), name="holding_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["certificate", "from_on"],
                condition=Q(gone_on=None),
                name="one_present_holding",
            ),
        )
        indexes = (
            models.Index(
                fields=["to_on", "adds_from", "enterprise"], condition=Q(gone_on=None),
                name="holding_present",
            ),
            models.Index(
                fields=["adds_from", "to_on", "enterprise"], condition=Q(gone_on=None),
                name="holding_adds",
            ),
            models.Index(fields=["to_on", "from_on", "known_on", "gone_on", "enterprise"], name="holding_known"),
        )  # fmt: skip
        ordering = ("from_on", "id")

    def __str__(self) -> str:
        return f"{self.from_on} {self.to_on}"
