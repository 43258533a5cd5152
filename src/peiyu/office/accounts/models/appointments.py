"""Who holds which role for which body, from when until when, and who stands in."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from peiyu.office.accounts.models.bodies import Body
from peiyu.office.accounts.models.people import User
from peiyu.office.foundation.confidentiality import Classes


class Role(models.TextChoices):
    """What a person does for a body."""

    BUREAU_OFFICER = "bureau_officer", "科技局经办"
    BUREAU_HEAD = "bureau_head", "科技局负责人"
    TOWN_OFFICER = "town_officer", "镇（街道）科技专干"
    ZONE_OFFICER = "zone_officer", "集聚（开发）区经办"
    FINANCE = "finance", "财政部门"
    TAX = "tax", "税务部门"
    IP_OFFICE = "ip_office", "知识产权部门"
    STATISTICS = "statistics", "统计部门"
    LEADER = "leader", "市领导"
    COACH = "coach", "辅导员"
    BANK = "bank", "银行"
    OWNER = "owner", "企业负责人"
    ACCOUNTANT = "accountant", "企业经办（财务）"
    AGENCY = "agency", "受托服务机构"


CITYWIDE = frozenset({
    Role.BUREAU_OFFICER, Role.BUREAU_HEAD, Role.FINANCE, Role.TAX,
    Role.IP_OFFICE, Role.STATISTICS, Role.LEADER,
})  # fmt: skip
"""Roles that see every enterprise of the city."""
BY_PLACE = frozenset({Role.TOWN_OFFICER, Role.ZONE_OFFICER})
"""Roles that see the enterprises of their body."""
BY_MANDATE = frozenset({Role.COACH, Role.BANK, Role.OWNER, Role.ACCOUNTANT, Role.AGENCY})
"""Roles that see the enterprises that were opened to them."""


class Appointments(models.QuerySet["Appointment"]):
    """Questions about appointments."""

    def in_force(self, on: date) -> Appointments:
        """Those that hold on a day: begun, not ended."""
        return self.filter(Q(from_on__lte=on), Q(until_on=None) | Q(until_on__gte=on))


class Appointment(models.Model):
    """A person's role for a body; both days are included."""

    classes = Classes(office="person body role title from_on until_on")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    body = models.ForeignKey(
        Body, null=True, blank=True, on_delete=models.PROTECT, related_name="appointments"
    )
    role = models.CharField(max_length=16, choices=Role)
    title = models.CharField(max_length=60, blank=True, help_text="as printed: 科技专干")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    objects = Appointments.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="appointment_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["person", "body", "role"],
                condition=Q(until_on=None),
                name="one_open_appointment",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.get_role_display()}"


class Delegation(models.Model):
    """One person acts for another for a while (委托代理); what they do is recorded for both."""

    classes = Classes(office="giver taker from_on until_on revoked_at", business="reason")
    giver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="given")
    taker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="taken")
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.CharField(max_length=200)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="delegation_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(giver=F("taker")), name="nobody_delegates_to_themselves"
            ),
        )

    def __str__(self) -> str:
        return f"{self.giver} → {self.taker}"
