"""One row of evidence through time: versions that never change, each with its source.

A row is named by its key within its enterprise and table. Its newest version stands until the day on
which a later one follows (`superseded_on`): what was known on a day is a range, not a search.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.confidentiality import Classes
from peiyu.office.foundation.models import ImportBatch, Source
from peiyu.office.portfolio.models.columns import classes_of, column, read
from peiyu.policy import evidence
from peiyu.policy.case import Scalar
from peiyu.policy.evidence import Evidence

if TYPE_CHECKING:
    from peiyu.office.accounts.models import User

LONGEST_KEY = 140


class Entries(models.QuerySet["Entry"]):
    """Questions about rows of evidence."""

    def visible_to(self, person: User) -> Self:
        """Those of enterprises whose evidence the person may read."""
        from peiyu.office.portfolio import permissions  # noqa: PLC0415  it points here

        table = self.model.table.name
        if permissions.reads_every(person, table):
            return self
        return self.filter(enterprise__in=permissions.evidence_open_to(person, table))

    def standing(self) -> Self:
        """What stands now."""
        return self.filter(superseded_on=None, withdrawn=False)

    def known_on(self, day: date) -> Self:
        """What stood at the end of a day."""
        later = Q(superseded_on=None) | Q(superseded_on__gt=day)
        return self.filter(later, recorded_on__lte=day, withdrawn=False)


class Entry(models.Model):
    """One version of one row of a table of evidence.

    `withdrawn`: nothing is stated any more. `seal` is the hash of all that the version says, with
    `salt`; it stands in the record, the values do not.
    """

    table: ClassVar[Evidence]
    classes: ClassVar[Classes]

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=LONGEST_KEY, help_text="IP01; RD02/2018")
    version = models.PositiveIntegerField()
    withdrawn = models.BooleanField(default=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_on = models.DateField(help_text="the office's day")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    superseded_on = models.DateField(null=True, help_text="the office's day of the next version")
    batch = models.ForeignKey(ImportBatch, null=True, on_delete=models.PROTECT, related_name="+")
    salt = models.CharField(max_length=32)
    seal = models.CharField(max_length=64)

    objects: ClassVar[models.Manager[Entry]] = Entries.as_manager()

    class Meta:
        abstract = True
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key

    def values(self) -> dict[str, Scalar]:
        """What the version says, as the rules read it."""
        return {fact.name: read(getattr(self, fact.name), fact) for fact in self.table.facts}

    @property
    def record_title(self) -> str:
        """What the record calls it."""
        return self.key


def _constraints(name: str) -> tuple[models.UniqueConstraint, ...]:
    return (
        models.UniqueConstraint(
            fields=["enterprise", "key", "version"], name=f"one_{name}_a_version"
        ),
        models.UniqueConstraint(
            fields=["enterprise", "key"], condition=Q(superseded_on=None), name=f"one_{name}_stands"
        ),
    )


class IpRight(Entry):
    """A right: patent, software copyright, new variety (G3.2.3)."""

    table = evidence.IP
    classes = classes_of(evidence.IP)

    class Meta(Entry.Meta):
        constraints = _constraints("ip")
        indexes = (
            models.Index(
                fields=["fees_paid_to"], condition=Q(superseded_on=None), name="ip_fees_paid_to"
            ),
            models.Index(fields=["field", "id"], condition=Q(superseded_on=None), name="ip_field"),
            models.Index(
                fields=["kind", "-granted_on", "id"],
                condition=Q(superseded_on=None),
                name="ip_kind",
            ),
            models.Index(fields=["grant_number"], name="ip_grant_number"),
            models.Index(
                fields=["-granted_on", "id"], condition=Q(superseded_on=None), name="ip_granted_on"
            ),
            models.Index(
                fields=["applied_on", "id"], condition=Q(superseded_on=None), name="ip_applied_on"
            ),
            models.Index(
                fields=["ends_on", "id"], condition=Q(superseded_on=None), name="ip_ends_on"
            ),
        )


class Project(Entry):
    """An R&D activity (A2-四)."""

    table = evidence.PROJECTS
    classes = classes_of(evidence.PROJECTS)

    class Meta(Entry.Meta):
        constraints = _constraints("project")


class Spending(Entry):
    """What an R&D activity cost in a fiscal year, by category (A2-五)."""

    table = evidence.SPENDING
    classes = classes_of(evidence.SPENDING)

    class Meta(Entry.Meta):
        constraints = _constraints("spending")


class Product(Entry):
    """A high-tech product or service (A2-六)."""

    table = evidence.PRODUCTS
    classes = classes_of(evidence.PRODUCTS)

    class Meta(Entry.Meta):
        constraints = _constraints("product")


class Income(Entry):
    """What a product brought in a fiscal year."""

    table = evidence.INCOMES
    classes = classes_of(evidence.INCOMES)

    class Meta(Entry.Meta):
        constraints = _constraints("income")


class Conversion(Entry):
    """A result put to use (G3.7.2)."""

    table = evidence.CONVERSIONS
    classes = classes_of(evidence.CONVERSIONS)

    class Meta(Entry.Meta):
        constraints = _constraints("conversion")


class Standard(Entry):
    """A standard in whose making the enterprise took part (G3.7.1(5))."""

    table = evidence.STANDARDS
    classes = classes_of(evidence.STANDARDS)

    class Meta(Entry.Meta):
        constraints = _constraints("standard")


class Cooperation(Entry):
    """An agreement with a university, an institute, another enterprise (G3.7.3(2))."""

    table = evidence.COOPERATIONS
    classes = classes_of(evidence.COOPERATIONS)

    class Meta(Entry.Meta):
        constraints = _constraints("cooperation")


class Institution(Entry):
    """An R&D institution or platform of the enterprise."""

    table = evidence.INSTITUTIONS
    classes = classes_of(evidence.INSTITUTIONS)

    class Meta(Entry.Meta):
        constraints = _constraints("institution")


class ManagementSystem(Entry):
    """A system of R&D management, one of the four scored items (G3.7.3)."""

    table = evidence.MANAGEMENT
    classes = classes_of(evidence.MANAGEMENT)

    class Meta(Entry.Meta):
        constraints = _constraints("management")


class Award(Entry):
    """A science award."""

    table = evidence.AWARDS
    classes = classes_of(evidence.AWARDS)

    class Meta(Entry.Meta):
        constraints = _constraints("award")


class RdPerson(Entry):
    """Somebody who works in R&D, by a number of the enterprise; no name stands here."""

    table = evidence.PEOPLE
    classes = classes_of(evidence.PEOPLE)

    class Meta(Entry.Meta):
        constraints = _constraints("person")


class Hours(Entry):
    """Hours of a person on an R&D activity in a month."""

    table = evidence.HOURS
    classes = classes_of(evidence.HOURS)

    class Meta(Entry.Meta):
        constraints = _constraints("hours")


class Incident(Entry):
    """A major accident or violation, by the opinion of the competent authority (G5.6.2)."""

    table = evidence.INCIDENTS
    classes = classes_of(evidence.INCIDENTS)

    class Meta(Entry.Meta):
        constraints = _constraints("incident")


KINDS: tuple[type[Entry], ...] = (
    IpRight, Project, Spending, Product, Income, Conversion, Standard, Cooperation, Institution,
    ManagementSystem, Award, RdPerson, Hours, Incident,
)  # fmt: skip
"""In the order in which they are shown."""
OF_TABLE: dict[str, type[Entry]] = {kind.table.name: kind for kind in KINDS}

for _kind in KINDS:
    for _fact in _kind.table.facts:
        _kind.add_to_class(_fact.name, column(_fact))
