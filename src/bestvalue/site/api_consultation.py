"""The part of the API about the consultation log: who was heard, what they said, and what changed because of it."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from bestvalue.record.consultation import changes
from bestvalue.record.consultation.models import Changed, Consultation, How, Survey
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.reviews.models import Finding, Review
from bestvalue.record.scrutiny.models import Challenge
from bestvalue.site.api_access import REFUSALS, AddedOut, Key, Short, person_or_403

router = Router(tags=["consultation"])


class OutcomeOut(Schema):
    """What changed because they were heard, or why nothing did."""

    changed: Changed
    text: str
    on: date


class HeardOut(Schema):
    """Somebody was heard; what they point to by keys, as far as you see it."""

    id: int
    reference: str
    who: str
    people: int | None
    on: date
    how: How
    said: str
    strand: int | None
    survey: int | None
    challenge: int | None
    finding: int | None
    recommendation: int | None
    outcomes: list[OutcomeOut]


class HeardIn(Schema):
    """Somebody who was heard; what they spoke to, of this review, by keys."""

    who: Short
    on: date
    how: How
    said: str
    people: int | None = Field(None, ge=0, le=100_000_000)
    strand: Key | None = None
    survey: Key | None = None
    challenge: Key | None = None
    finding: Key | None = None
    recommendation: Key | None = None


class OutcomeIn(Schema):
    """What changed because they were heard, or why nothing did."""

    changed: Changed
    text: str
    on: date
    finding: Key | None = None
    recommendation: Key | None = None


@router.get("/reviews/{review_id}/consultations", response=list[HeardOut])
def heard(request: HttpRequest, review_id: Key) -> list[dict[str, Any]]:
    """The consultation log of a review, the newest first."""
    person_or_403(request)
    review = _review(request, review_id)
    seen = {name: set(rows.values_list("pk", flat=True)) for name, rows in _linked(request, review).items()}
    rows = Consultation.objects.visible_to(request.user).filter(review=review).prefetch_related("outcomes")
    plain = ("reference", "who", "people", "on", "how", "said")
    return [
        {
            "id": row.pk,
            **{name: getattr(row, name) for name in plain},
            **{name: key if (key := getattr(row, f"{name}_id")) in keys else None for name, keys in seen.items()},
            "outcomes": list(row.outcomes.all()),
        }
        for row in rows
    ]


@router.post("/reviews/{review_id}/consultations", response={201: AddedOut, **REFUSALS})
def record(request: HttpRequest, review_id: Key, said: HeardIn) -> Status[AddedOut]:
    """Put on record who was heard, and what they said."""
    person, review = person_or_403(request), _review(request, review_id)
    linked = _chosen(request, review, said)
    words = {name: getattr(said, name) for name in ("who", "on", "how", "said", "people")}
    made = changes.record_consultation(review, by=person, **words, **linked)
    return Status(201, AddedOut(id=made.pk, reference=made.reference))


@router.post("/consultations/{consultation_id}/outcomes", response={201: AddedOut, **REFUSALS})
def record_outcome(request: HttpRequest, consultation_id: Key, came: OutcomeIn) -> Status[AddedOut]:
    """Put on record what changed because somebody was heard, or why nothing did."""
    person = person_or_403(request)
    found = get_object_or_404(Consultation.objects.visible_to(request.user).select_related("review"), pk=consultation_id)
    linked = _chosen(request, found.review, came)
    made = changes.record_outcome(found, changed=came.changed, text=came.text, on=came.on, by=person, **linked)
    return Status(201, AddedOut(id=made.pk, reference=found.reference))


def _review(request: HttpRequest, key: int) -> Review:
    return get_object_or_404(Review.objects.visible_to(request.user), pk=key)


def _linked(request: HttpRequest, review: Review) -> dict[str, Any]:
    """What of a review somebody can be heard about, as far as its reader sees it."""
    return {
        "strand": review.strands.all(),
        "survey": Survey.objects.visible_to(request.user).filter(review=review),
        "challenge": Challenge.objects.visible_to(request.user).filter(review=review),
        "finding": Finding.objects.visible_to(request.user).filter(review=review),
        "recommendation": Recommendation.objects.visible_to(request.user).filter(review=review),
    }


def _chosen(request: HttpRequest, review: Review, said: Schema) -> dict[str, Any]:
    rows = _linked(request, review)
    named = {name: getattr(said, name) for name in rows if hasattr(said, name)}
    return {name: get_object_or_404(rows[name], pk=key) for name, key in named.items() if key is not None}
