"""Services that may be reviewed: proposed for a programme, and scored with reasons."""

from collections.abc import Mapping
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from simple_history.models import HistoricalRecords

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person, User, person_of
from bestvalue.record.programme.models.programme import Programme
from bestvalue.record.programme.scoring import HIGHEST, LARGEST_WEIGHT, LOWEST, Criterion, Scored
from bestvalue.record.row_versions import Versioned


class CandidateServiceQuerySet(models.QuerySet["CandidateService"]):
    """Questions about candidate services."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Every one, for a user who holds a place today: why a service is reviewed is as open as the programme."""
        return self if person_of(user) is not None else self.none()


class CandidateService(Versioned):
    """A service that may be reviewed in a programme, and the case for it."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="candidates")
    service = models.CharField(max_length=200)
    force = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    case = models.TextField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = CandidateServiceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["service"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "force", "service"], name="candidate_service_once"),
            models.CheckConstraint(condition=~models.Q(case=""), name="candidate_service_has_its_case"),
        ]

    def __str__(self) -> str:
        return self.service

    def scored(self) -> Scored:
        """Its newest score on each criterion."""
        # Of all of them in memory: the programme's page has read them for every candidate at once.
        newest = {Criterion(score.criterion): score.score for score in sorted(self.scores.all(), key=lambda score: (score.at, score.pk))}
        return Scored(pk=self.pk, name=self.service, scores=newest)


class CandidateScore(models.Model):
    """A score with its reason. Scores are added, never changed: the newest of a criterion counts."""

    candidate = models.ForeignKey(CandidateService, on_delete=models.PROTECT, related_name="scores")
    criterion = models.CharField(max_length=20, choices=Criterion.choices)
    score = models.PositiveSmallIntegerField()
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(criterion__in=Criterion.values), name="candidate_criterion_known"),
            models.CheckConstraint(condition=models.Q(score__range=(LOWEST, HIGHEST)), name="candidate_score_in_bounds"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="candidate_score_has_its_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_criterion_display()}: {self.score}"


def check_scores(programme: Programme, *, by: Person) -> None:
    """Refuse whoever may not add, score or weigh candidates.

    Raises:
        RuleError: the person is no programme manager, and no member of the programme's authority.
    """
    if not programme.is_kept_by(by):
        raise RuleError(
            f"{by} may not score services for this programme",
            where=programme.title,
            next_step="Ask the programme manager, or a member of the authority.",
        )


def check_candidate(programme: Programme, *, service: str, force: Body, case: str) -> None:
    """Refuse a candidate without a case, or one that is there already.

    Raises:
        RuleError: the message says which.
    """
    if not case.strip():
        raise RuleError("There is no case for a review", where="case", next_step="Say in a sentence why it may need one.")
    if programme.candidates.filter(service__iexact=service.strip(), force=force).exists():
        raise RuleError(f"“{service.strip()}” is a candidate already", where="service", next_step="Score that one.")


def check_score(*, score: int, reason: str) -> None:
    """Refuse a score out of bounds or without a reason.

    Raises:
        RuleError: the message says which.
    """
    if not LOWEST <= score <= HIGHEST:
        raise RuleError(f"A score is from {LOWEST} to {HIGHEST}", where="score", next_step=f"{HIGHEST} asks most for a review.")
    if not reason.strip():
        raise RuleError("A score needs its reason", where="reason", next_step="Say what the score rests on.")


def check_weights(weights: Mapping[Criterion, int], *, reason: str) -> None:
    """Refuse weights that are out of bounds, count nothing, or come without a reason.

    Raises:
        RuleError: the message says which.
    """
    for criterion in Criterion:
        if not 0 <= weights[criterion] <= LARGEST_WEIGHT:
            raise RuleError(
                f"A weight is from 0 to {LARGEST_WEIGHT}",
                where=criterion.name.lower(),
                next_step="0 leaves the criterion out; twice the weight counts twice.",
            )
    if not any(weights.values()):
        raise RuleError("No criterion counts", where=Criterion.RISK.name.lower(), next_step="Give at least one a weight above 0.")
    if not reason.strip():
        raise RuleError("Weights need their reason", where="reason", next_step="Say why the criteria count as they do.")
