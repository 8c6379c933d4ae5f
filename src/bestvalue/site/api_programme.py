"""The part of the API about a programme: starting one, candidate services, their scores and weights, and the reviews proposed from them."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from bestvalue.record.bodies.models import Body
from bestvalue.record.programme import changes
from bestvalue.record.programme.models import CandidateService, Programme, ProgrammeQuerySet
from bestvalue.record.programme.scoring import Criterion, rank
from bestvalue.record.reviews.changes import start_review
from bestvalue.record.reviews.life_cycle import Part
from bestvalue.site.api_access import REFUSALS, AddedOut, Key, Short, person_or_403

router = Router(tags=["programme"])


class ProgrammeOut(Schema):
    """A programme, and how much each criterion counts in it now."""

    id: int
    title: str
    year: int
    authority: str = Field(alias="authority.name")
    reviews_a_year: int
    weights: dict[Criterion, int]


class ProgrammeIn(Schema):
    """A programme to start; its authority by its key."""

    title: Short
    year: int = Field(ge=1999, le=2199)
    authority: Key
    reviews_a_year: int = Field(2, ge=1, le=100)


class CandidateOut(Schema):
    """A candidate service in the ranking; without a rank while a score that counts is missing."""

    id: int
    service: str
    rank: int | None
    mean: float | None
    arithmetic: str
    scores: dict[str, int]
    missing: list[str]


class CandidateIn(Schema):
    """A service that may need a review; whose it is, by the key of the force."""

    service: Short
    force: Key
    case: str


class ScoreIn(Schema):
    """A score on a criterion, and why."""

    criterion: Criterion
    score: int = Field(ge=-100, le=100)
    reason: str


class ScoreOut(Schema):
    """A score; the newest of each criterion counts, the earlier ones stay."""

    criterion: Criterion
    score: int
    reason: str
    by: str = Field(alias="by.name")


class WeightsIn(Schema):
    """How much each criterion counts from now on, and why."""

    risk: int = Field(ge=-100, le=100)
    cost: int = Field(ge=-100, le=100)
    public_concern: int = Field(ge=-100, le=100)
    performance: int = Field(ge=-100, le=100)
    reason: str


class ProposalIn(Schema):
    """A review to propose of a candidate; the bodies that take part by their keys."""

    title: Short
    aims: list[str] = []
    bodies: dict[Part, Key] = {}
    on: date | None = None


@router.get("/programmes", response=list[ProgrammeOut])
def programmes(request: HttpRequest) -> ProgrammeQuerySet:
    """Every programme, the newest year first."""
    person_or_403(request)
    return Programme.objects.visible_to(request.user).select_related("authority").prefetch_related("weightings")


@router.post("/programmes", response={201: ProgrammeOut, **REFUSALS})
def start_programme(request: HttpRequest, started: ProgrammeIn) -> Status[Programme]:
    """Start an authority's programme of a year; a programme manager does."""
    person = person_or_403(request)
    authority = get_object_or_404(Body, pk=started.authority)
    made = changes.start_programme(
        title=started.title, year=started.year, authority=authority, reviews_a_year=started.reviews_a_year, by=person
    )
    return Status(201, made)


@router.get("/programmes/{programme_id}/candidates", response=list[CandidateOut])
def candidates(request: HttpRequest, programme_id: int) -> list[dict[str, Any]]:
    """The services that may be reviewed, in their ranking."""
    programme = get_object_or_404(Programme.objects.visible_to(request.user), pk=programme_id)
    ranked = rank([row.scored() for row in programme.candidates.prefetch_related("scores")], weights=programme.weights)
    return [
        {
            "id": row.pk,
            "service": row.name,
            "rank": row.rank,
            "mean": None if row.mean is None else float(row.mean),
            "arithmetic": row.arithmetic,
            "scores": {criterion.value: score for criterion, score in row.scores.items()},
            "missing": [criterion.value for criterion in row.missing],
        }
        for row in ranked
    ]


@router.post("/programmes/{programme_id}/candidates", response={201: AddedOut, **REFUSALS})
def add_candidate(request: HttpRequest, programme_id: Key, said: CandidateIn) -> Status[AddedOut]:
    """Add a service that may need a review."""
    person, programme = person_or_403(request), get_object_or_404(Programme.objects.visible_to(request.user), pk=programme_id)
    force = get_object_or_404(Body, pk=said.force)
    added = changes.add_candidate(programme, service=said.service, force=force, case=said.case, by=person)
    return Status(201, AddedOut(id=added.pk, reference=str(added)))


@router.post("/programmes/{programme_id}/weights", response={201: ProgrammeOut, **REFUSALS})
def set_weights(request: HttpRequest, programme_id: Key, said: WeightsIn) -> Status[Programme]:
    """Say how much each criterion counts from now on; earlier weights stay in the history."""
    person, programme = person_or_403(request), get_object_or_404(Programme.objects.visible_to(request.user), pk=programme_id)
    weights = {criterion: getattr(said, criterion.value.replace(" ", "_")) for criterion in Criterion}
    changes.set_weights(programme, weights=weights, reason=said.reason, by=person)
    return Status(201, Programme.objects.select_related("authority").get(pk=programme.pk))


@router.get("/candidates/{candidate_id}/scores", response=list[ScoreOut])
def scores(request: HttpRequest, candidate_id: Key) -> object:
    """Every score of a candidate, with its reason and who gave it."""
    person_or_403(request)
    return get_object_or_404(CandidateService.objects.visible_to(request.user), pk=candidate_id).scores.select_related("by")


@router.post("/candidates/{candidate_id}/scores", response={201: ScoreOut, **REFUSALS})
def score(request: HttpRequest, candidate_id: Key, given: ScoreIn) -> Status[object]:
    """Score a candidate on a criterion."""
    person, found = person_or_403(request), get_object_or_404(CandidateService.objects.visible_to(request.user), pk=candidate_id)
    return Status(201, changes.score_candidate(found, criterion=given.criterion, score=given.score, reason=given.reason, by=person))


@router.post("/candidates/{candidate_id}/reviews", response={201: AddedOut, **REFUSALS})
def propose_review(request: HttpRequest, candidate_id: Key, proposed: ProposalIn) -> Status[AddedOut]:
    """Propose the review of a candidate service; the committee decides whether to select it."""
    person = person_or_403(request)
    found = get_object_or_404(CandidateService.objects.visible_to(request.user).select_related("programme", "force"), pk=candidate_id)
    bodies = {part: get_object_or_404(Body, pk=key) for part, key in proposed.bodies.items()}
    made = start_review(
        programme=found.programme,
        title=proposed.title,
        service=found.service,
        force=found.force,
        bodies=bodies,
        on=proposed.on or timezone.localdate(),
        candidate=found,
        aims=[aim for aim in proposed.aims if aim.strip()],
        by=person,
    )
    return Status(201, AddedOut(id=made.pk, reference=made.title))
