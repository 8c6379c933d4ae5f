"""What can be found: one entry for each row, with its words. The database's own index of words lies beside it."""

from django.db import models

from bestvalue.record.reviews.models import EvidenceFile


class Kind(models.TextChoices):
    """What kind of row was found, in the order in which results are shown."""

    REVIEW = "review", "Reviews"
    AIM = "aim", "Aims"
    FINDING = "finding", "Findings"
    RECOMMENDATION = "recommendation", "Recommendations"
    EVIDENCE = "evidence", "Evidence"
    CHALLENGE = "challenge", "Challenges"
    OPTION = "option", "Options considered"
    DECISION = "decision", "Decisions"
    MINUTE = "minute", "Agendas and minutes of meetings"
    ARISING = "arising", "Actions arising"
    ACTION = "action", "Actions of plans"
    UPDATE = "update", "Updates"
    COMMENT = "comment", "Comments"
    PARAGRAPH = "paragraph", "Paragraphs of reports"


class Entry(models.Model):
    """The words of one row. It is no part of the record: it can be made anew from the rows at any time."""

    kind = models.CharField(max_length=20, choices=Kind.choices)
    row = models.PositiveBigIntegerField()
    heading = models.CharField(max_length=300)
    words = models.TextField()

    class Meta:
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["kind", "row"], name="search_entry_once")]

    def __str__(self) -> str:
        return self.heading


class FileText(models.Model):
    """The words of one version of a file of evidence, each page of a PDF after a form feed. It can be read anew from the file."""

    file = models.OneToOneField(EvidenceFile, on_delete=models.PROTECT, related_name="file_text")
    words = models.TextField(blank=True)
    fault = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.file.name}, {len(self.words):,} characters"
