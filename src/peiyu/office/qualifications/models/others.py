"""Numbers of technology SMEs, titles, annual reports and reports of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.confidentiality import Classes
from peiyu.office.qualifications.models.told import OFFICE, Told, ToldRows
from peiyu.office.qualifications.permissions import reports_open_to

if TYPE_CHECKING:
    from peiyu.office.accounts.models import User

FIRST_YEAR, LAST_YEAR = 2015, 2100
"""Years of which annual reports, and in which numbers, may be."""


class TechSmeNumbers(ToldRows["TechSmeNumber"]):
    """Questions about numbers of technology SMEs."""


class TechSmeNumber(Told):
    """The registration of an enterprise as a technology SME for one year (TS-11, TS-14).

    `revoked_on`: the number was struck off on that day, with `revoked_reason`.
    """

    classes = Classes(public="year number issued_on revoked_on revoked_reason", office=OFFICE)
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="tech_sme_numbers"
    )
    year = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=18)
    issued_on = models.DateField(null=True)
    revoked_on = models.DateField(null=True)
    revoked_reason = models.CharField(max_length=300, blank=True)

    objects = TechSmeNumbers.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["number"], condition=Q(withdrawn_on=None), name="one_tech_sme_a_number"
            ),
            models.UniqueConstraint(
                fields=["enterprise", "year"],
                condition=Q(withdrawn_on=None),
                name="one_tech_sme_number_a_year",
            ),
        )
        ordering = ("-year", "-id")

    def __str__(self) -> str:
        return self.number


class TitleKind(models.TextChoices):
    """Titles that an enterprise may bear beside the recognition."""

    LITTLE_GIANT = "little_giant", "科技小巨人企业"
    LITTLE_GIANT_CULTIVATED = "little_giant_cultivated", "科技小巨人（培育）企业"
    SPECIALISED = "specialised", "专精特新企业"
    TECHNOLOGY_CENTRE = "technology_centre", "企业技术中心"
    ENGINEERING_CENTRE = "engineering_centre", "工程技术研究中心"
    LABORATORY = "laboratory", "重点实验室"
    IP_ENTERPRISE = "ip_enterprise", "知识产权优势或示范企业"
    RESERVE = "reserve", "高新技术后备企业"
    OTHER = "other", "其他称号"


class TitleLevel(models.TextChoices):
    """Who gave it."""

    STATE = "state", "国家级"
    PROVINCE = "province", "省级"
    CITY = "city", "市级"


class Titles(ToldRows["Title"]):
    """Questions about titles."""


class Title(Told):
    """A title that an enterprise was given, until a day or without end."""

    classes = Classes(
        public="kind level name number awarded_on ends_on revoked_on revoked_reason", office=OFFICE
    )
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="titles")
    kind = models.CharField(max_length=24, choices=TitleKind)
    level = models.CharField(max_length=10, choices=TitleLevel)
    name = models.CharField(max_length=100, blank=True, help_text="as printed, where it has one")
    number = models.CharField(max_length=60, blank=True)
    awarded_on = models.DateField()
    ends_on = models.DateField(null=True)
    revoked_on = models.DateField(null=True)
    revoked_reason = models.CharField(max_length=300, blank=True)

    objects = Titles.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["enterprise", "kind", "level", "number", "awarded_on"],
                condition=Q(withdrawn_on=None),
                name="one_title_a_day",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("awarded_on")),
                name="title_ends_after_it_begins",
            ),
        )
        ordering = ("-awarded_on", "-id")

    def __str__(self) -> str:
        return self.name or self.kind


class AnnualReports(ToldRows["AnnualReport"]):
    """Questions about annual reports."""

    def visible_to(self, person: User) -> AnnualReports:
        """Those of enterprises that the person may see; a bank reads none."""
        return self.filter(enterprise__in=reports_open_to(person))


class AnnualReport(Told):
    """The annual report of a high-tech enterprise on one year (M13); `filed_on` empty: it was not filed.

    Where there is none at all nothing is known, which is not the same.
    """

    classes = Classes(office=f"year filed_on {OFFICE}")
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="annual_reports"
    )
    year = models.PositiveSmallIntegerField()
    filed_on = models.DateField(null=True)

    objects = AnnualReports.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["enterprise", "year"],
                condition=Q(withdrawn_on=None),
                name="one_annual_report_a_year",
            ),
        )
        indexes = (models.Index(fields=["year", "enterprise"], name="annual_report_year"),)
        ordering = ("-year", "-id")

    def __str__(self) -> str:
        return f"{self.year} {self.filed_on}"


class ChangeKind(models.TextChoices):
    """Changes to be reported (M17)."""

    RENAMED = "renamed", "更名"
    SPLIT = "split", "分立"
    MERGED = "merged", "合并"
    RESTRUCTURED = "restructured", "重组"
    BUSINESS = "business", "经营业务改变"
    OTHER = "other", "其他与条件有关的重大变化"


class ChangeReports(ToldRows["ChangeReport"]):
    """Questions about reports of changes."""

    def visible_to(self, person: User) -> ChangeReports:
        """Those of enterprises that the person may see; a bank reads none."""
        return self.filter(enterprise__in=reports_open_to(person))


class ChangeReport(Told):
    """That a change of name or a major change was reported to the recognition body (M17, G5.4)."""

    classes = Classes(office=f"kind words happened_on reported_on {OFFICE}")
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="change_reports"
    )
    kind = models.CharField(max_length=12, choices=ChangeKind)
    words = models.CharField(max_length=300, blank=True)
    happened_on = models.DateField()
    reported_on = models.DateField()

    objects = ChangeReports.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["enterprise", "kind", "happened_on"],
                condition=Q(withdrawn_on=None),
                name="one_report_a_change",
            ),
            models.CheckConstraint(
                condition=Q(reported_on__gte=F("happened_on")), name="reported_after_it_happened"
            ),
        )
        ordering = ("-happened_on", "-id")

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_on}"
