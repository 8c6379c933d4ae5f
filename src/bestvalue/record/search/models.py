"""What can be found: one entry for each row, with its words. The database's own index of words lies beside it."""

from django.db import models


class Kind(models.TextChoices):
    """What kind of row was found, in the order in which results are shown."""

    REVIEW = "review", "Reviews"
    FINDING = "finding", "Findings"
    RECOMMENDATION = "recommendation", "Recommendations"
    EVIDENCE = "evidence", "Evidence"
    CHALLENGE = "challenge", "Challenges"
    OPTION = "option", "Options considered"
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
