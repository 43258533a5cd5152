"""Parallel opinions: several bodies asked at once, each for its own items within its limit."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from peiyu.office.accounts.models import Body, Role
from peiyu.office.casework.workflow import Flowing
from peiyu.office.foundation.confidentiality import Classes
from peiyu.office.foundation.models import StoredFile


class Silence(models.TextChoices):
    """What it means when a body says nothing within its limit; always stated, never guessed."""

    AGREES = "agrees", "逾期视为无意见"
    BLOCKS = "blocks", "逾期未复不能办结"
    SKIPPED = "skipped", "逾期按缺席办理"


class Consultation(models.Model):
    """One round of opinions. The owning room's table points to it."""

    classes = Classes(office="subject opened_on closed_on silence")
    subject = models.CharField(max_length=200)
    silence = models.CharField(max_length=8, choices=Silence)
    opened_on = models.DateField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    closed_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.subject


class OpinionState(models.TextChoices):
    """Where one body's opinion stands."""

    ASKED = "asked", "待答复"
    AGREED = "agreed", "同意"
    OBJECTED = "objected", "不同意"
    RETURNED = "returned", "退回补充"
    SUBSTITUTED = "substituted", "改由他人答复"


class Opinion(Flowing):
    """What one body is asked: its items, its limit in working days, its answer."""

    classes = Classes(
        office="state flow body role limit asked_on due_on answered_on", business="items text"
    )
    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="opinions"
    )
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, choices=Role, help_text="who of the body answers")
    items = models.JSONField(default=list, help_text="[{key, question, answer: true|false|null}]")
    limit = models.PositiveSmallIntegerField(help_text="working days")
    asked_on = models.DateField()
    due_on = models.DateField(
        help_text="last working day of the limit, stops of the clock included"
    )
    state = models.CharField(
        max_length=20, choices=OpinionState, default=OpinionState.ASKED, editable=False
    )
    text = models.CharField(max_length=1000, blank=True)
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    replaced_by = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaces"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["consultation", "body", "role"],
                condition=~Q(state=OpinionState.SUBSTITUTED),
                name="one_opinion_a_body",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[OpinionState.ASKED, OpinionState.SUBSTITUTED])
                | Q(answered_on__isnull=False, answered_by__isnull=False),
                name="opinion_answered_by_someone",
            ),
        )

    def __str__(self) -> str:
        return f"{self.body} {self.get_state_display()}"


class ClockStop(models.Model):
    """A pause of one body's limit, with its reason and proof; the last day is included."""

    classes = Classes(office="from_on until_on", business="reason proof number")
    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="stops")
    reason = models.CharField(max_length=300)
    proof = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=100, blank=True, help_text="number of a paper as proof")
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="clock_runs_on_after_it_stopped",
            ),
            models.CheckConstraint(
                condition=Q(proof__isnull=False) | ~Q(number=""), name="clock_stops_with_proof"
            ),
            models.UniqueConstraint(
                fields=["opinion"], condition=Q(until_on=None), name="one_open_stop"
            ),
        )

    def __str__(self) -> str:
        return self.reason
