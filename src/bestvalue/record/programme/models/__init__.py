"""A year's programme of reviews, and the services that may be reviewed in it."""

from bestvalue.record.programme.models.candidate import (
    CandidateScore,
    CandidateService,
    CandidateServiceQuerySet,
    check_candidate,
    check_score,
    check_scores,
    check_weights,
)
from bestvalue.record.programme.models.programme import Programme, ProgrammeQuerySet, check_starts_programmes
from bestvalue.record.programme.models.weights import Weighting

__all__ = [
    "CandidateScore",
    "CandidateService",
    "CandidateServiceQuerySet",
    "Programme",
    "ProgrammeQuerySet",
    "Weighting",
    "check_candidate",
    "check_score",
    "check_scores",
    "check_starts_programmes",
    "check_weights",
]
