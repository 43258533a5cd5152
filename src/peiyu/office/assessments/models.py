"""Facts that no other room keeps, estimates of expert items, what was found today, what was frozen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.confidentiality import Classes
from peiyu.office.foundation.models import Job, Source
from peiyu.policy.tree import Outcome
from peiyu.words import mark

if TYPE_CHECKING:
    from peiyu.office.accounts.models import User

USER = settings.AUTH_USER_MODEL
LONGEST_ITEM, LONGEST_BOOK = 40, 40


class Found(models.IntegerChoices):
    """Outcomes as they are kept; the numbers of `peiyu.policy.tree.Outcome`."""

    UNMET = Outcome.UNMET.value, "不符合"
    UNKNOWN = Outcome.UNKNOWN.value, "资料不足"
    EXPERT = Outcome.EXPERT.value, "待专家评定"
    MET = Outcome.MET.value, "符合"
    NOT_APPLICABLE = Outcome.NOT_APPLICABLE.value, "不适用"


# -- facts that no other room keeps


class StatedFacts(models.QuerySet["StatedFact"]):
    """Questions about facts stated of an enterprise itself."""

    def known_on(self, day: date) -> StatedFacts:
        """Every version that was recorded by the end of a day; the newest of a fact counts."""
        return self.filter(recorded_on__lte=day)

    def visible_to(self, person: User) -> StatedFacts:
        """Those of enterprises whose figures the person may read."""
        from peiyu.office.reports.permissions import figures_open_to  # noqa: PLC0415  it points here

        return self.filter(enterprise__in=figures_open_to(person))


class StatedFact(models.Model):
    """One fact of an enterprise that is no figure of a year and no row: a list it stands on, a finding.

    `name` is that of the dictionary; `value` a whole number, yes or no, a day as text; null takes it
    back. `year`: of the year in which one is judged; null where it speaks of no year. Nothing of it
    ever changes: what is stated anew is the next version.
    """

    classes = Classes(
        office="name year version recorded_at recorded_on", business="value reason"
    )  # fmt: skip
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="stated_facts"
    )
    name = models.CharField(max_length=LONGEST_ITEM)
    year = models.PositiveSmallIntegerField(null=True)
    version = models.PositiveIntegerField()
    value = models.JSONField(null=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_on = models.DateField(help_text="the office's day")
    recorded_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    objects = StatedFacts.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["enterprise", "name", "year", "version"],
                name="one_stated_fact_a_version",
            ),
            models.UniqueConstraint(
                fields=["enterprise", "name", "version"],
                condition=Q(year=None),
                name="one_standing_fact_a_version",
            ),
        )
        ordering = ("enterprise", "name", "-version")

    def __str__(self) -> str:
        return self.name

    @property
    def record_title(self) -> str:
        """What the record calls it."""
        return self.name


# -- estimates


class Estimator(models.TextChoices):
    """Whose estimate it is."""

    OWN = "own", "企业自评"
    COACH = "coach", "辅导员预评"


class Estimate(models.Model):
    """What the enterprise or its coach thinks that experts will give an item; it decides nothing.

    One number, or a band from `low` to `high`; both null takes the estimate back. The newest version
    of each item counts; nothing of it ever changes.
    """

    classes = Classes(
        office="rulebook item who version made_on recorded_at", business="low high remark"
    )
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="estimates")
    rulebook = models.CharField(max_length=LONGEST_BOOK)
    item = models.CharField(max_length=LONGEST_ITEM)
    who = models.CharField(max_length=6, choices=Estimator)
    version = models.PositiveIntegerField()
    low = models.PositiveSmallIntegerField(null=True)
    high = models.PositiveSmallIntegerField(null=True)
    remark = models.CharField(max_length=300, blank=True)
    made_on = models.DateField(help_text="the office's day")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["enterprise", "rulebook", "item", "who", "version"],
                name="one_estimate_a_version",
            ),
            models.CheckConstraint(
                condition=Q(low=None, high=None) | Q(high__gte=F("low")),
                name="estimate_of_points_in_order",
            ),
        )
        ordering = ("enterprise", "rulebook", "item", "who", "-version")

    def __str__(self) -> str:
        return f"{self.item} {self.who}"


# -- what was found today


class Audience(models.TextChoices):
    """To whom a kept line is what they would be told: a closed figure must not show in an outcome."""

    BOTH = "both", "所有能看的人"
    WITH_TAX = "with_tax", "能看纳税数的人"
    WITHOUT_TAX = "without_tax", "不能看纳税数的人"


STANDING = {
    "hard_met": (mark("数据条件全部符合"), Q(hard=Found.MET)),
    "one_unmet": (mark("只差一项"), Q(unmet_count=1)),
    "unmet": (mark("有不符合的"), Q(hard=Found.UNMET)),
    "unknown": (mark("资料不足"), Q(hard=Found.UNKNOWN)),
    "near": (mark("只等评分"), Q(hard=Found.MET, points_needed__gt=0)),
    "out": (mark("评分已达不到"), Q(reachable=False)),
}
"""How one may stand under a programme: in words, and which lines those are."""
STANDS = tuple((key, words) for key, (words, _) in STANDING.items())
"""The same, to choose by."""


class Readinesses(models.QuerySet["Readiness"]):
    """Questions about who is ready for a programme."""

    def visible_to(self, person: User) -> Readinesses:
        """Of enterprises whose figures the person may read, the line judged by what is open to them."""
        from peiyu.office.assessments.permissions import open_lines  # noqa: PLC0415  it points here

        return self.filter(open_lines(person))

    def of(self, rulebook: str) -> Readinesses:
        """Under one programme."""
        return self.filter(rulebook=rulebook)

    def only_unmet(self, *criteria: str) -> Readinesses:
        """Of whom these criteria are not met, in the order of the rulebook, and no other."""
        return self.filter(unmet=joined(criteria))

    def unmet_among_others(self, criterion: str) -> Readinesses:
        """Of whom this criterion is not met, whatever else is."""
        return self.filter(unmet__contains=f" {criterion} ")

    def waiting_for(self, criterion: str) -> Readinesses:
        """Of whom not enough is known to decide this criterion."""
        return self.filter(unknown__contains=f" {criterion} ")

    def standing(self, how: str) -> Readinesses:
        """Those who stand so, by a key of `STANDING`; all for none."""
        return self.filter(STANDING[how][1]) if how else self


def joined(names: Iterable[str]) -> str:
    """Names in one text, each between blanks, so that one is found in it; nothing for none."""
    text = " ".join(names)
    return f" {text} " if text else ""


def span_of(
    low: int | None, high: int | None, over: int | None
) -> tuple[Fraction, Fraction] | None:
    """Points that are kept over one denominator, from least to most; None where nothing is scored."""
    if low is None or high is None or not over:
        return None
    return Fraction(low, over), Fraction(high, over)


class Scored(models.Model):
    """What has points as a range, kept over one denominator; null where nothing is scored."""

    score_low = models.IntegerField(null=True)
    score_high = models.IntegerField(null=True)
    score_over = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    @property
    def score_span(self) -> tuple[Fraction, Fraction] | None:
        """The points from least to most."""
        return span_of(self.score_low, self.score_high, self.score_over)


class Readiness(Scored):
    """The three lines of an enterprise under a programme, as of the day of its last run: a named cache.

    Equal to `assess` of that day (a test compares them); written by the job alone. One row for all
    readers, or two: where the tax office has stated a figure of the years read, one with it and one
    without, and a person gets the one that fits (`visible_to`). `unmet` and
    `unknown` name the criteria, each between blanks, in the order of the rulebook. `points_needed`:
    how many of the open points it takes to pass; null where there is no score, or none suffices.
    `version` is that of the rules.
    """

    classes = Classes(
        office="rulebook audience version on known basis hard verdict score_low score_high score_over "
        "points_needed reachable unmet_count unknown_count unmet unknown computed_at"
    )
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="readiness")
    rulebook = models.CharField(max_length=LONGEST_BOOK)
    audience = models.CharField(max_length=12, choices=Audience)
    version = models.CharField(max_length=12)
    on = models.DateField()
    known = models.DateField()
    basis = models.CharField(max_length=12)
    hard = models.PositiveSmallIntegerField(choices=Found)
    verdict = models.PositiveSmallIntegerField(choices=Found)
    points_needed = models.PositiveSmallIntegerField(null=True)
    reachable = models.BooleanField(null=True)
    unmet_count = models.PositiveSmallIntegerField()
    unknown_count = models.PositiveSmallIntegerField()
    unmet = models.CharField(max_length=400, blank=True)
    unknown = models.CharField(max_length=400, blank=True)
    computed_at = models.DateTimeField()

    objects = Readinesses.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["rulebook", "enterprise", "audience"], name="one_readiness"
            ),
        )
        indexes = (
            models.Index(fields=["rulebook", "hard", "enterprise", "audience"], name="readiness_hard"),
            models.Index(fields=["rulebook", "verdict", "enterprise", "audience"], name="readiness_verdict"),
            models.Index(fields=["rulebook", "unmet", "enterprise", "audience"], name="readiness_unmet"),
            models.Index(fields=["rulebook", "points_needed", "enterprise", "audience"], name="readiness_points"),
            models.Index(fields=["rulebook", "-score_high", "enterprise", "audience"], name="readiness_score"),
        )  # fmt: skip
        ordering = ("rulebook", "enterprise", "audience")

    def __str__(self) -> str:
        return f"{self.rulebook} {self.enterprise_id}"

    @property
    def unmet_criteria(self) -> tuple[str, ...]:
        """The criteria that are not met, in order."""
        return tuple(self.unmet.split())

    @property
    def unknown_criteria(self) -> tuple[str, ...]:
        """The criteria of which not enough is known, in order."""
        return tuple(self.unknown.split())


class Scope(models.TextChoices):
    """Whom a run judged."""

    ALL = "all", "全部企业"
    CHANGED = "changed", "数据有变动的企业"
    LIST = "list", "选定的企业"


class Run(models.Model):
    """One run of the rules over many: when, as of which day, over how many, of how many it changed.

    `upto` is the last line of the record that it saw: what changed since is looked for after it.
    """

    classes = Classes(
        office="scope rulebooks on known enterprises changed upto started_at ended_at"
    )  # fmt: skip
    scope = models.CharField(max_length=8, choices=Scope)
    rulebooks = models.JSONField(default=list)
    on = models.DateField()
    known = models.DateField()
    enterprises = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0, help_text="whose lines are others than before")
    upto = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    started_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.scope} {self.on}"


# -- what was frozen


class FrozenAssessments(models.QuerySet["FrozenAssessment"]):
    """Questions about frozen assessments."""

    def visible_to(self, person: User) -> FrozenAssessments:
        """Those of enterprises whose figures the person may read, on bases that are open to them."""
        from peiyu.office.assessments.permissions import open_frozen  # noqa: PLC0415  it points here

        return self.filter(open_frozen(person))


class FrozenAssessment(Scored):
    """An assessment as it was, with all facts and the version of the rules; nothing of it ever changes.

    `content` is canonical JSON of facts and outcomes: from its facts the rules of that version give
    the same bytes again. `said` has the explanation in words as they then were. `digest` is the
    SHA-256 of `content`; `seal`, with `salt`, covers both texts and stands in the record. `bases`
    names the bases of figures among the facts, each between blanks.
    """

    classes = Classes(
        office="rulebook version on known basis hard verdict score_low score_high score_over bases purpose "
        "frozen_on frozen_at digest salt seal",
        business="content said",
    )
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="frozen_assessments"
    )
    rulebook = models.CharField(max_length=LONGEST_BOOK)
    version = models.CharField(max_length=12)
    on = models.DateField()
    known = models.DateField()
    basis = models.CharField(max_length=12)
    hard = models.PositiveSmallIntegerField(choices=Found)
    verdict = models.PositiveSmallIntegerField(choices=Found)
    bases = models.CharField(max_length=100, blank=True)
    purpose = models.CharField(max_length=200)
    content = models.TextField()
    said = models.TextField()
    digest = models.CharField(max_length=64)
    frozen_on = models.DateField(help_text="the office's day")
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    salt = models.CharField(max_length=32)
    seal = models.CharField(max_length=64)

    objects = FrozenAssessments.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["enterprise", "rulebook", "-id"], name="frozen_of"),
            models.Index(fields=["rulebook", "-frozen_on", "-id"], name="frozen_lately"),
        )
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.rulebook} {self.on}"
