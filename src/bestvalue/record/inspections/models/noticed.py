"""What reading a report noticed beside its content: references, headings that differ, other series, bodies named."""

from django.db import models

from bestvalue.record.inspections.models.report import Paragraph, PublishedReport


class CrossReference(models.Model):
    """A place of the report that points to another: `forward` if that stands later, `found` if it is there at all."""

    report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, related_name="cross_references")
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, related_name="points_to")
    text = models.TextField()
    target = models.CharField(max_length=100)
    forward = models.BooleanField()
    found = models.BooleanField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.paragraph.number} points to {self.target}"


class ContentsDifference(models.Model):
    """A heading that reads otherwise in the contents than in the body."""

    report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, related_name="contents_differences")
    in_contents = models.TextField(blank=True)
    in_body = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.in_contents} / {self.in_body}"


class OtherSeries(models.Model):
    """A recommendation of another series that the report mentions: the same number means another thing there."""

    report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, related_name="other_series")
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, related_name="other_series")
    number = models.CharField(max_length=50)
    series = models.TextField()
    text = models.TextField()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "other series"

    def __str__(self) -> str:
        return f"{self.series} {self.number}, mentioned at {self.paragraph.number}"


class MentionedBody(models.Model):
    """A body that the report names, and how often; only the issuer and whom it is about are bodies of the record for it."""

    report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, related_name="mentioned_bodies")
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, null=True, related_name="mentioned_bodies")
    name = models.TextField()
    abbreviation = models.CharField(max_length=50, blank=True)
    mentions = models.PositiveIntegerField()

    class Meta:
        ordering = ["-mentions", "name"]
        verbose_name_plural = "mentioned bodies"

    def __str__(self) -> str:
        return f"{self.name} ({self.abbreviation})" if self.abbreviation else self.name
