"""Papers as issued: the number, the words, the very bytes; nothing of it is ever changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from peiyu.office.accounts.models import Body, User
from peiyu.office.foundation.confidentiality import Classes
from peiyu.office.foundation.models import StoredFile
from peiyu.office.notices.paper_kinds import kinds
from peiyu.papers.dates import official_number
from peiyu.words import Message, message

USER = settings.AUTH_USER_MODEL


class State(models.TextChoices):
    """Whether a paper holds; derived from what followed it."""

    VALID = "valid", "有效"
    REPLACED = "replaced", "已换新版"
    WITHDRAWN = "withdrawn", "已撤回"


class IssuedPapers(models.QuerySet["IssuedPaper"]):
    """Questions about papers."""

    def visible_to(self, person: User) -> IssuedPapers:
        """Those of each kind that the person may read, as the kind's own room says."""
        if not person.access.roles:
            return self.none()
        found = Q(pk__in=())
        for name, kind in kinds().items():
            found |= Q(kind=name) & kind.open_to(person)
        return self.filter(found)

    def whole(self) -> IssuedPapers:
        """With what says whether they hold, and their files."""
        return self.select_related(
            "body", "issued_by", "end", "replaced_by__end", "replaces", "pdf", "word"
        )

    def newest(self) -> IssuedPapers:
        """Of each number the newest version."""
        return self.filter(replaced_by=None)


class IssuedPaper(models.Model):
    """One version of an official paper, as data and as bytes (decision 40).

    Addressee and occasion are named by label and key: they lie in rooms above this one.
    """

    classes = Classes(
        public="kind mark year number version issuer_name addressee_name issued_on code pdf_sha256"
        " word_sha256",
        office="addressee_label addressee_key about_label about_key issued_at salt seal",
        business="title content reason",
    )
    kind = models.CharField(max_length=60, help_text="room and name, see paper_kinds")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="papers")
    issuer_name = models.CharField(max_length=100, help_text="the body's name on that day")
    mark = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(help_text="running by body and year, without gaps")
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    reason = models.CharField(max_length=300, blank=True, help_text="why there is a new version")
    addressee_label = models.CharField(max_length=60)
    addressee_key = models.BigIntegerField()
    addressee_name = models.CharField(max_length=200, help_text="its name on that day")
    about_label = models.CharField(max_length=60, blank=True)
    about_key = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200)
    content = models.JSONField(help_text="what it says, see peiyu.papers.paper")
    code = models.CharField(max_length=12, unique=True)
    pdf = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    word = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    pdf_sha256 = models.CharField(max_length=64, db_index=True)
    word_sha256 = models.CharField(max_length=64, db_index=True)
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    salt = models.CharField(max_length=32)
    seal = models.CharField(max_length=64)

    objects = IssuedPapers.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["body", "year", "number", "version"], name="one_paper_a_number"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="paper_numbered_from_one"),
            models.CheckConstraint(
                condition=Q(version=1, replaces=None) | Q(version__gt=1, replaces__isnull=False),
                name="paper_version_replaces_one",
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(replaces=F("id")), name="paper_not_its_own_version"
            ),
        )
        indexes = (
            models.Index(fields=["addressee_label", "addressee_key", "-id"], name="paper_of"),
            models.Index(fields=["about_label", "about_key"], name="paper_about"),
        )
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.full_number

    @property
    def record_title(self) -> str:
        """What the record calls it."""
        return self.full_number

    @property
    def full_number(self) -> str:
        """发文字号."""
        return official_number(self.mark, self.year, self.number)

    @property
    def kind_said(self) -> Message:
        """What kind of paper it is."""
        kind = kinds().get(self.kind)
        return message(kind.title) if kind else Message(self.kind)

    @property
    def state(self) -> State:
        """Whether it holds; asks `end` and `replaced_by` (see `whole`)."""
        if getattr(self, "replaced_by", None) is not None:
            return State.REPLACED
        return State.WITHDRAWN if getattr(self, "end", None) is not None else State.VALID

    @property
    def addressee(self) -> tuple[str, str]:
        """To whom it was issued, as the record names it."""
        return self.addressee_label, str(self.addressee_key)


class PaperEnd(models.Model):
    """That a paper was withdrawn: it stays, and no longer holds."""

    classes = Classes(public="ended_on", office="ended_at salt seal", business="reason")
    paper = models.OneToOneField(IssuedPaper, on_delete=models.PROTECT, related_name="end")
    reason = models.CharField(max_length=300)
    ended_on = models.DateField()
    ended_at = models.DateTimeField()
    ended_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    salt = models.CharField(max_length=32)
    seal = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.paper)


class PaperScan(models.Model):
    """A paper signed and sealed by hand, scanned: bound to the version that was signed."""

    classes = Classes(public="sha256", office="added_on added_at salt seal")
    paper = models.ForeignKey(IssuedPaper, on_delete=models.PROTECT, related_name="scans")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, unique=True)
    added_on = models.DateField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    salt = models.CharField(max_length=32)
    seal = models.CharField(max_length=64)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return str(self.paper)
