"""Published versions of a review's report."""

from pathlib import Path
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models

from bestvalue.record.bodies.models import Person, User, person_of
from bestvalue.record.reviews.models.need_to_know import NeedToKnowGroup, groups_of
from bestvalue.record.reviews.models.review import Marking, Review


class PublishedVersionQuerySet(models.QuerySet["PublishedVersion"]):
    """Questions about published versions."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The versions of the reviews that somebody sees; a sensitive one only if they are in every group whose things it quotes."""
        if person_of(user) is None:
            return self.none()
        hidden = NeedToKnowGroup.objects.exclude(pk__in=groups_of(person_of(user)))
        return self.filter(review__in=Review.objects.visible_to(user)).exclude(groups__in=hidden)


class PublishedVersion(models.Model):
    """A report of a review as it was published, with the ledger's newest entry at that moment."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    checkpoint_seq = models.PositiveBigIntegerField()
    checkpoint_hash = models.CharField(max_length=64)
    # The review's marking at that moment: evidence that is added or downgraded later does not change what was published.
    marking = models.CharField(max_length=20, choices=Marking.choices)
    # Whose sensitive things it quotes.
    groups = models.ManyToManyField(NeedToKnowGroup, through="VersionGroup", related_name="versions")

    objects = PublishedVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="version_number_once"),
            models.CheckConstraint(condition=models.Q(marking__in=Marking.values), name="version_marking_known"),
        ]

    def __str__(self) -> str:
        return f"{self.review}, version {self.number}"

    @property
    def is_sensitive(self) -> bool:
        """Whether it quotes what is sensitive."""
        return self.marking == Marking.SENSITIVE

    @property
    def checkpoint(self) -> str:
        """As `bestvalue audit verify --checkpoint` takes it."""
        return f"{self.checkpoint_seq}:{self.checkpoint_hash}"

    @property
    def paths(self) -> list[Path]:
        """Where its files are."""
        return [settings.WORKSPACE.reports_folder / file.name for file in self.files.all()]


class VersionGroup(models.Model):
    """A published version quotes what this group alone may read."""

    version = models.ForeignKey(PublishedVersion, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(NeedToKnowGroup, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "group"], name="version_group_once")]

    def __str__(self) -> str:
        return f"{self.version} for {self.group}"


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
