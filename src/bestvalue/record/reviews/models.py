"""A review: who takes part, its strands, the evidence gathered, the findings drawn and the versions published."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from simple_history.models import HistoricalRecords

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Membership, Person, Role, User, person_of
from bestvalue.record.programme.models import Programme
from bestvalue.record.reviews.life_cycle import NEXT, Stage

EDITORS = (Role.PROGRAMME_MANAGER, Role.PROJECT_MANAGER, Role.LEAD, Role.ANALYST, Role.FINANCIAL_ADVISER)
"""Who may add to a review. Boards, panels and members of the authority challenge and decide; they do not write the review."""

PUBLISHERS = (Role.PROGRAMME_MANAGER, Role.PROJECT_MANAGER)
"""Who may publish a review's report."""


class FourC(models.TextChoices):
    """The 4Cs of a best value review."""

    CHALLENGE = "challenge", "Challenge"
    COMPARE = "compare", "Compare"
    CONSULT = "consult", "Consult"
    COMPETE = "compete", "Compete"


class Marking(models.TextChoices):
    """Government security marking; SENSITIVE is a marking within OFFICIAL, and nothing above OFFICIAL may be kept here."""

    OFFICIAL = "OFFICIAL", "OFFICIAL"
    SENSITIVE = "OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE"


class ReviewQuerySet(models.QuerySet["Review"]):
    """Questions about reviews."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The reviews that somebody sees: those that their bodies take part in, are reviewed by, or commissioned."""
        person = person_of(user)
        if person is None:
            return self.none()
        bodies = Membership.objects.current().filter(person=person).values("body")
        takes_part = models.Q(pk__in=ReviewBody.objects.filter(body__in=bodies).values("review"))
        return self.filter(
            takes_part | models.Q(force__in=bodies) | models.Q(authority__in=bodies) | models.Q(programme__authority__in=bodies)
        )


class Review(models.Model):
    """The review of one service of one force for one authority."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="reviews")
    title = models.CharField(max_length=200)
    service = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    context = models.TextField(blank=True)
    method = models.TextField(blank=True)
    force = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="reviews_of_force")
    authority = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="reviews_for_authority")
    bodies = models.ManyToManyField(Body, through="ReviewBody", related_name="reviews")
    synthetic = models.BooleanField(default=False)

    objects = ReviewQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["title"]
        constraints = [models.UniqueConstraint(fields=["programme", "title"], name="review_title_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def stage(self) -> Stage:
        """Where the review is: its newest stage."""
        return Stage(self.stages.latest("on", "id").stage)

    @property
    def marking(self) -> Marking:
        """The highest marking of anything in the review."""
        return Marking.SENSITIVE if self.evidence.filter(marking=Marking.SENSITIVE).exists() else Marking.OFFICIAL

    def is_editable_by(self, person: Person | None) -> bool:
        """Whether a person may add to the review."""
        return self._has(person, EDITORS)

    def check_editable(self, *, by: Person) -> None:
        """Refuse whoever is not of the review's team.

        Raises:
            RuleError: they hold no writing role in a body of this review, or the review is closed.
        """
        if not self.is_editable_by(by):
            raise RuleError(
                f"{by} may not add to this review",
                where=self.title,
                next_step="Ask the project manager; the review's team and leads write in it.",
            )
        if self.stage == Stage.CLOSED:
            raise RuleError("The review is closed", where=self.title, next_step="Record new evidence in a new review.")

    def check_publishable(self, *, by: Person | None) -> None:
        """Refuse to publish a review that has nothing to say, or by somebody who may not; None is the operator at the command line.

        Raises:
            RuleError: no finding has been drawn, or the person is not its project or programme manager.
        """
        if by is not None and not self._has(by, PUBLISHERS):
            raise RuleError(f"{by} may not publish this review", where=self.title, next_step="Ask the project manager.")
        if not self.findings.exists():
            raise RuleError("The review has no findings yet", where=self.title, next_step="Add a finding that cites evidence.")

    def check_movable(self, *, to: Stage, on: date) -> None:
        """Refuse a stage that does not follow the present one, or that is dated before it.

        Raises:
            RuleError: the message names the stages that do follow, or the first day possible.
        """
        if to not in NEXT[self.stage]:
            follow = " or ".join(f"“{stage.label}”" for stage in NEXT[self.stage]) or "nothing"
            raise RuleError(f"“{to.label}” does not follow “{self.stage.label}”", where=self.title, next_step=f"What follows is {follow}.")
        present = self.stages.latest("on", "id")
        if on < present.on:
            raise RuleError(
                f"The present stage dates from {present.on:%d %B %Y}", where=self.title, next_step="Enter that day or a later one."
            )

    def _has(self, person: Person | None, roles: tuple[Role, ...]) -> bool:
        if person is None:
            return False
        held = Membership.objects.current().filter(person=person, role__in=roles)
        return held.filter(body__in=self.bodies.all()).exists()


def check_starts_reviews(programme: Programme, *, title: str, by: Person) -> None:
    """Refuse a review that the programme has no room for, or that somebody starts who may not.

    Raises:
        RuleError: the person is no programme or project manager, the year's reviews are all started, or the title is taken.
    """
    if not by.holds(*PUBLISHERS):
        raise RuleError(f"{by} may not start a review", where=title, next_step="Ask the programme manager.")
    if programme.reviews.filter(title__iexact=title).exists():
        raise RuleError(f"The programme has a review called {title!r} already", where=str(programme), next_step="Choose another title.")
    if programme.reviews.count() >= programme.reviews_a_year:
        raise RuleError(
            f"The programme has room for {programme.reviews_a_year} reviews, and they are all started",
            where=str(programme),
            next_step="Start it in another year's programme.",
        )


class Part(models.TextChoices):
    """How a body takes part in a review."""

    TEAM = "team", "Review team"
    PROJECT_BOARD = "project board", "Project board"
    PANEL = "panel", "Challenge panel"
    MANAGEMENT_BOARD = "management board", "Management board"
    COMMITTEE = "committee", "Committee of the authority"


class ReviewBody(models.Model):
    """A body that takes part in a review."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="parts")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="parts_in_reviews")
    part = models.CharField(max_length=20, choices=Part.choices)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["review", "body", "part"], name="review_body_once"),
            models.CheckConstraint(condition=models.Q(part__in=Part.values), name="review_body_part_known"),
        ]

    def __str__(self) -> str:
        return f"{self.body}, {self.get_part_display().lower()}"


class ReviewStage(models.Model):
    """A stage that a review reached, on a day. Stages are added, never changed."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="stages")
    stage = models.CharField(max_length=20, choices=Stage.choices)
    on = models.DateField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["on", "id"]
        constraints = [models.CheckConstraint(condition=models.Q(stage__in=Stage.values), name="review_stage_known")]

    def __str__(self) -> str:
        return f"{self.get_stage_display()}, {self.on:%d %B %Y}"


class Aim(models.Model):
    """What the review sets out to achieve."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="aims")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()

    history = HistoricalRecords()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="aim_number_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


class Strand(models.Model):
    """One line of inquiry of a review."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="strands")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    question = models.TextField()

    history = HistoricalRecords()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="strand_number_once"),
            models.UniqueConstraint(fields=["review", "name"], name="strand_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class EvidenceKind(models.TextChoices):
    """What the evidence is."""

    DOCUMENT = "document", "Document"
    DATA = "data", "Data"
    INTERVIEW = "interview", "Interview"
    SURVEY = "survey", "Survey"
    VISIT = "visit", "Visit"
    RESULT = "analysis result", "Analysis result"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Questions about evidence."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Evidence of the reviews that somebody sees; what is sensitive, only to members of the bodies that take part."""
        person = person_of(user)
        if person is None:
            return self.none()
        bodies = Membership.objects.current().filter(person=person).values("body")
        takes_part = models.Q(review__in=ReviewBody.objects.filter(body__in=bodies).values("review"))
        return self.filter(review__in=Review.objects.visible_to(user)).filter(takes_part | models.Q(marking=Marking.OFFICIAL))


class Evidence(models.Model):
    """Something that a finding can rest on: a file, a note of an interview or visit, or the stored result of an analysis."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="evidence")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=EvidenceKind.choices)
    four_cs = models.JSONField(default=list)
    strands = models.ManyToManyField(Strand, through="EvidenceStrand", related_name="evidence")
    effective_date = models.DateField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    marking = models.CharField(max_length=20, choices=Marking.choices, default=Marking.OFFICIAL)
    notes = models.TextField(blank=True)
    result_digest = models.CharField(max_length=64, blank=True, db_index=True)
    file_name = models.CharField(max_length=255, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_size = models.PositiveBigIntegerField(default=0)

    objects = EvidenceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="evidence_number_once"),
            models.CheckConstraint(condition=models.Q(kind__in=EvidenceKind.values), name="evidence_kind_known"),
            models.CheckConstraint(condition=models.Q(marking__in=Marking.values), name="evidence_marking_known"),
            models.CheckConstraint(
                condition=models.Q(kind=EvidenceKind.RESULT, file_name="") & ~models.Q(result_digest="")
                | ~models.Q(kind=EvidenceKind.RESULT) & models.Q(result_digest=""),
                name="evidence_result_has_digest",
            ),
            models.CheckConstraint(
                condition=models.Q(file_name="", file_sha256="") | ~models.Q(file_name="") & ~models.Q(file_sha256=""),
                name="evidence_file_has_digest",
            ),
            models.CheckConstraint(
                condition=~models.Q(notes="", file_name="", result_digest=""),
                name="evidence_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"E{self.number} {self.title}"

    @property
    def reference(self) -> str:
        """How the report cites it: "E3"."""
        return f"E{self.number}"


class EvidenceStrand(models.Model):
    """Evidence bears on this strand."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    strand = models.ForeignKey(Strand, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evidence", "strand"], name="evidence_strand_once")]

    def __str__(self) -> str:
        return f"{self.evidence.reference} bears on {self.strand}"


class Tone(models.TextChoices):
    """Whether a finding is a strength or asks for improvement; a review says both."""

    POSITIVE = "positive", "Positive"
    NEGATIVE = "negative", "Negative"


class FindingQuerySet(models.QuerySet["Finding"]):
    """Questions about findings."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The findings of the reviews that somebody sees."""
        return self.filter(review__in=Review.objects.visible_to(user))


class Finding(models.Model):
    """What the review learnt, from which evidence. Its number is given once, so that a reference to it stays good."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="findings")
    strand = models.ForeignKey(Strand, on_delete=models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    tone = models.CharField(max_length=10, choices=Tone.choices)
    evidence = models.ManyToManyField(Evidence, through="FindingEvidence", related_name="findings")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = FindingQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["strand__number", "number"]
        constraints = [
            models.UniqueConstraint(fields=["strand", "number"], name="finding_number_once"),
            models.CheckConstraint(condition=models.Q(tone__in=Tone.values), name="finding_tone_known"),
            models.CheckConstraint(condition=~models.Q(text=""), name="finding_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.text}"

    @property
    def reference(self) -> str:
        """Number of the strand, and of the finding in it: "2.1"."""
        return f"{self.strand.number}.{self.number}"


class FindingEvidence(models.Model):
    """A finding rests on this evidence."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="citations")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="citations")

    class Meta:
        ordering = ["evidence__number"]
        constraints = [models.UniqueConstraint(fields=["finding", "evidence"], name="finding_cites_once")]

    def __str__(self) -> str:
        return f"{self.finding.reference} cites {self.evidence.reference}"


class PublishedVersionQuerySet(models.QuerySet["PublishedVersion"]):
    """Questions about published versions."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The versions of the reviews that somebody sees."""
        return self.filter(review__in=Review.objects.visible_to(user))


class PublishedVersion(models.Model):
    """A report of a review as it was published, with the ledger's newest entry at that moment."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    checkpoint_seq = models.PositiveBigIntegerField()
    checkpoint_hash = models.CharField(max_length=64)

    objects = PublishedVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"{self.review}, version {self.number}"

    @property
    def checkpoint(self) -> str:
        """As `bestvalue audit verify --checkpoint` takes it."""
        return f"{self.checkpoint_seq}:{self.checkpoint_hash}"


class PublishedFile(models.Model):
    """One file of a published version, below the workspace's folder of reports."""

    version = models.ForeignKey(PublishedVersion, on_delete=models.PROTECT, related_name="files")
    format = models.CharField(max_length=10)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["format"]
        constraints = [models.UniqueConstraint(fields=["version", "format"], name="version_format_once")]

    def __str__(self) -> str:
        return self.name
