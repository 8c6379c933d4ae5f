"""A year's programme of reviews."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from simple_history.models import HistoricalRecords

from bestvalue.record.bodies.models import Body, User, person_of


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    """Questions about programmes."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Every programme, for a user who holds a place today: a programme is published. Nothing for others."""
        return self if person_of(user) is not None else self.none()


class Programme(models.Model):
    """What one authority reviews in one year."""

    title = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()
    authority = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="programmes")
    reviews_a_year = models.PositiveSmallIntegerField(default=2)

    objects = ProgrammeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-year", "title"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "year"], name="programme_once_a_year"),
            models.CheckConstraint(condition=models.Q(year__range=(1999, 2199)), name="programme_year_sound"),
            models.CheckConstraint(condition=models.Q(reviews_a_year__gte=1), name="programme_has_room"),
        ]

    def __str__(self) -> str:
        return self.title
