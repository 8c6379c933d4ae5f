"""The report as it is written: sections, and paragraphs whose numbers stay, whatever becomes of their text."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.assessment.models.inspection import Inspection, Inspector
from bestvalue.record.assessment.steps import WRITING, Step
from bestvalue.record.bodies.models import Body, Person, User, person_of


class ParagraphKind(models.TextChoices):
    """What a paragraph is."""

    TEXT = "text", "Text"
    JUDGEMENT = "judgement", "Judgement"
    STRENGTH = "strength", "Strength"
    DEVELOPMENT = "area for development", "Area for development"
    RECOMMENDATION = "recommendation", "Recommendation"
    GOOD_PRACTICE = "good practice", "Good practice"


class DraftSection(models.Model):
    """A section of the report; those of the framework's questions know their question."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="sections")
    number = models.CharField(max_length=10)
    title = models.CharField(max_length=300)
    # A judgement or a question of the framework; empty for an introduction.
    key = models.CharField(max_length=50, blank=True)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "number"], name="draft_section_number_once"),
            models.UniqueConstraint(fields=["inspection", "order"], name="draft_section_order_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class DraftParagraphQuerySet(models.QuerySet["DraftParagraph"]):
    """Questions about paragraphs."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the inspections that somebody inspects; with the draft also those of their bodies' inspections."""
        person = person_of(user)
        if person is None:
            return self.none()
        inspects = Inspector.objects.filter(person=person).values("inspection")
        sent = Inspection.objects.visible_to(user).filter(drafts__isnull=False).values("pk")
        return self.filter(models.Q(section__inspection__in=inspects) | models.Q(section__inspection__in=sent))


class DraftParagraph(models.Model):
    """A numbered paragraph. Its number is given once and never again, also when its text is withdrawn."""

    section = models.ForeignKey(DraftSection, on_delete=models.PROTECT, related_name="paragraphs")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=25, choices=ParagraphKind.choices)
    # Of a recommendation: its number in the report, and who is to act.
    number_of_kind = models.PositiveSmallIntegerField(null=True, blank=True)
    addressed_to = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = DraftParagraphQuerySet.as_manager()

    class Meta:
        ordering = ["section__order", "place"]
        constraints = [
            models.UniqueConstraint(fields=["section", "place"], name="draft_paragraph_place_once"),
            models.CheckConstraint(condition=models.Q(kind__in=ParagraphKind.values), name="draft_paragraph_kind_known"),
            models.CheckConstraint(
                condition=models.Q(kind=ParagraphKind.RECOMMENDATION, number_of_kind__isnull=False, addressed_to__isnull=False)
                | ~models.Q(kind=ParagraphKind.RECOMMENDATION) & models.Q(number_of_kind=None, addressed_to=None),
                name="draft_recommendation_has_number_and_body",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Its number in the report: "3.2.6"."""
        return f"{self.section.number}.{self.place}"

    @property
    def newest(self) -> "ParagraphText":
        """Its text as it stands."""
        return max(self.texts.all(), key=lambda text: text.pk)

    @property
    def text(self) -> str:
        """What it says now; empty when it is withdrawn."""
        return self.newest.text


class ParagraphText(models.Model):
    """A wording of a paragraph; "" withdraws it. Wordings are added, never changed."""

    paragraph = models.ForeignKey(DraftParagraph, on_delete=models.PROTECT, related_name="texts")
    text = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text or "withdrawn"


def check_writes(inspection: Inspection, *, by: Person) -> None:
    """Refuse to write in a report by whoever does not inspect, before grades are shared, or after it is published.

    Raises:
        RuleError: the message says which.
    """
    inspection.check_inspects(by=by, order="write the report")
    inspection.check_stands_at(*WRITING, order="write the report")


def check_text(text: str, *, reason: str, inspection: Inspection, is_new: bool) -> None:
    """Refuse a new paragraph that says nothing, and a change without its reason once the bodies have the draft.

    Raises:
        RuleError: the message says which.
    """
    if is_new and not text.strip():
        raise RuleError("A paragraph says something", where="text", next_step="Enter its text.")
    if not is_new and inspection.has_reached(Step.ACCURACY) and not reason.strip():
        raise RuleError("The bodies have the draft, so a change has its reason", where="reason", next_step="Say why in a sentence.")
