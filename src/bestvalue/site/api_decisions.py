"""The part of the API about decisions: the life cycle, what is due, and what was decided by whom."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from bestvalue.record.reviews import changes
from bestvalue.record.reviews.life_cycle import TABLE, Gate, Outcome, Part, Stage
from bestvalue.record.reviews.models import Decision, DecisionQuerySet, Review
from bestvalue.site.api_access import FaultOut, person_or_403

router = Router()


class GateOut(Schema):
    """One row of the life cycle."""

    gate: Gate
    words: str
    starts: list[Stage]
    to: Stage | None
    returns_to: Stage | None
    decided_by: Part
    needs: list[str]
    needs_reason: bool


class DecisionOut(Schema):
    """A decision, due or taken."""

    id: int
    review: int = Field(alias="review_id")
    body: str = Field(alias="body.name")
    gate: str
    asked_on: date
    due: date
    lapsed_on: date | None
    taken_on: date | None
    outcome: str
    minute: str
    reason: str
    attended: int
    places: int

    @staticmethod
    def resolve_attended(decision: Decision) -> int:
        """How many members were there."""
        return sum(place.attended for place in decision.attendances.all())

    @staticmethod
    def resolve_places(decision: Decision) -> int:
        """How many members the body had that day: the base of attendance."""
        return len(decision.attendances.all())


class AskIn(Schema):
    """A question to put to the body that decides it."""

    gate: Gate
    due: date


class TakeIn(Schema):
    """What a body decided; people by the numbers of their rows."""

    outcome: Outcome
    taken_on: date
    minute: str
    reason: str = ""
    attended: list[int]
    interests: dict[int, str] = {}
    deferred_to: date | None = None


@router.get("/life-cycle", response=list[GateOut])
def life_cycle(request: HttpRequest) -> list[dict[str, Any]]:
    """The life cycle of a review: which body decides what, what must exist first, where it leads."""
    person_or_403(request)
    return [
        {
            "gate": edge.gate,
            "words": edge.gate.label,
            "starts": list(edge.starts),
            "to": edge.to,
            "returns_to": edge.returns_to,
            "decided_by": edge.decided_by,
            "needs": [need.value for need in edge.needs],
            "needs_reason": edge.needs_reason,
        }
        for edge in TABLE
    ]


@router.get("/reviews/{review_id}/decisions", response=list[DecisionOut])
def decisions(request: HttpRequest, review_id: int) -> DecisionQuerySet:
    """The decisions about a review, the newest asked first."""
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=review_id)
    seen = Decision.objects.visible_to(request.user).filter(review=review)
    return seen.select_related("body").prefetch_related("attendances")


@router.post("/reviews/{review_id}/decisions", response={201: DecisionOut, 409: FaultOut})
def ask_for_decision(request: HttpRequest, review_id: int, question: AskIn) -> Status[Decision]:
    """Put a question to the body that the life cycle names."""
    person = person_or_403(request)
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=review_id)
    return Status(201, changes.ask_for_decision(review, gate=question.gate, due=question.due, by=person))


@router.post("/decisions/{decision_id}", response={200: DecisionOut, 409: FaultOut})
def take_decision(request: HttpRequest, decision_id: int, taken: TakeIn) -> Decision:
    """Record what a body decided; only a board or authority member of the body may."""
    person = person_or_403(request)
    decision = get_object_or_404(Decision.objects.visible_to(request.user).select_related("review", "body"), pk=decision_id)
    members = {member.pk: member for member in decision.members_on(taken.taken_on)}
    if unknown := {*taken.attended, *taken.interests} - members.keys():
        raise HttpError(404, f"No member of that day has these numbers: {', '.join(map(str, sorted(unknown)))}")
    return changes.take_decision(
        decision,
        outcome=taken.outcome,
        taken_on=taken.taken_on,
        minute=taken.minute,
        reason=taken.reason,
        attended=[members[pk] for pk in taken.attended],
        interests={members[pk]: interest for pk, interest in taken.interests.items()},
        deferred_to=taken.deferred_to,
        by=person,
    )
