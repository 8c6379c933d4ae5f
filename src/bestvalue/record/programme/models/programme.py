"""A year's programme of reviews."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from simple_history.models import HistoricalRecords

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Membership, Person, Role, User, person_of
from bestvalue.record.programme.scoring import EQUAL, Criterion
from bestvalue.record.row_versions import Versioned

if TYPE_CHECKING:
    from bestvalue.record.programme.models.weights import Weighting


def check_starts_programmes(by: Person | None, *, title: str) -> None:
    """Refuse whoever may not start a programme; None is the operator at the command line.

    Raises:
        RuleError: the person is no programme manager.
    """
    if by is not None and not by.holds(Role.PROGRAMME_MANAGER):
        raise RuleError(f"{by} may not start a programme", where=title, next_step="Ask a programme manager.")


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    """Questions about programmes."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Every programme, for a user who holds a place today: a programme is published. Nothing for others."""
        return self if person_of(user) is not None else self.none()


class Programme(Versioned):
    """What one authority reviews in one year."""

    title = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()
    authority = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="programmes")
    # How many reviews the authority means to select: a warning when there are more, no bar.
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

    @property
    def weights(self) -> Mapping[Criterion, int]:
        """How much each criterion counts: the newest weighting, or equal weights while there is none."""
        return self.weights_of(self.weightings.first())

    @staticmethod
    def weights_of(newest: "Weighting | None") -> Mapping[Criterion, int]:
        """How much each criterion counts by a weighting; equal weights without one."""
        if newest is None:
            return EQUAL
        return {
            Criterion.RISK: newest.risk,
            Criterion.COST: newest.cost,
            Criterion.CONCERN: newest.public_concern,
            Criterion.PERFORMANCE: newest.performance,
        }

    def is_kept_by(self, person: Person | None) -> bool:
        """Whether a person adds, scores and weighs candidates: a programme manager, or a member of its authority or of a part of that."""
        if person is None:
            return False
        held = Membership.objects.current().filter(person=person)
        of_the_authority = models.Q(body=self.authority_id) | models.Q(body__parent=self.authority_id)
        return held.filter(models.Q(role=Role.PROGRAMME_MANAGER) | models.Q(role=Role.AUTHORITY_MEMBER) & of_the_authority).exists()
