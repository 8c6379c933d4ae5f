"""What a report judged: grades, strengths and weaknesses, conclusions, good practice."""

from django.db import models

from bestvalue.record.inspections.models.report import Paragraph, PublishedReport


class Judgement(models.Model):
    """A graded answer to one of the inspection's questions."""

    report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, related_name="judgements")
    order = models.PositiveSmallIntegerField()
    question = models.TextField()
    grade = models.CharField(max_length=100)
    scale = models.JSONField(default=list)
    text = models.TextField(blank=True)
    paragraphs = models.ManyToManyField(Paragraph, through="JudgementParagraph", related_name="judgements")

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["report", "order"], name="judgement_order_once")]

    def __str__(self) -> str:
        return f"{self.question} {self.grade}"


class JudgementParagraph(models.Model):
    """A paragraph that states a judgement."""

    judgement = models.ForeignKey(Judgement, on_delete=models.PROTECT, related_name="+")
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["judgement", "paragraph"], name="judgement_paragraph_once")]

    def __str__(self) -> str:
        return f"{self.judgement}, stated at {self.paragraph.number}"


class PointKind(models.TextChoices):
    """What a point of a judgement is."""

    STRENGTH = "strength", "Strength"
    DEVELOPMENT = "area for development", "Area for development"
    CONCERN = "cause of concern", "Cause of concern"


class Point(models.Model):
    """A strength, an area for development or a cause of concern that the report lists."""

    report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, related_name="points")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=PointKind.choices)
    text = models.TextField()
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, null=True, related_name="points")

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["report", "order"], name="point_order_once"),
            models.CheckConstraint(condition=models.Q(kind__in=PointKind.values), name="point_kind_known"),
        ]

    def __str__(self) -> str:
        return self.text


class GoodPractice(models.Model):
    """Practice that the report holds up for others to follow."""

    report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, related_name="good_practice")
    number = models.CharField(max_length=50)
    text = models.TextField()
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, null=True, related_name="good_practice")

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "good practice"
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="good_practice_number_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.text}"


class Conclusion(models.Model):
    """A conclusion that the report lists beside its recommendations."""

    report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, related_name="conclusions")
    order = models.PositiveSmallIntegerField()
    text = models.TextField()
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, null=True, related_name="conclusions")

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["report", "order"], name="conclusion_order_once")]

    def __str__(self) -> str:
        return self.text
