"""The part of the API that adds evidence to a review, and withdraws evidence and findings."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from bestvalue.record.reviews import changes as reviews
from bestvalue.record.reviews.models import Evidence, EvidenceKind, Finding, FourC, Review
from bestvalue.site.api_access import REFUSALS, AddedOut, Key, person_or_403
from bestvalue.site.api_edits import ANSWERS, edit

router = Router(tags=["reviews"])
Short = Annotated[str, Field(max_length=200)]


class EvidenceIn(Schema):
    """Evidence that is not a file: notes, or the digest of a stored result. Files are added on the site. Strands by their numbers."""

    title: Short
    kind: EvidenceKind
    four_cs: list[FourC]
    strands: list[int] = []
    effective_date: date
    notes: str = ""
    result_digest: Annotated[str, Field(max_length=64)] = ""


@router.post("/reviews/{review_id}/evidence", response={201: AddedOut, **REFUSALS})
def add_evidence(request: HttpRequest, review_id: Key, evidence: EvidenceIn) -> Status[AddedOut]:
    """Add evidence to a review."""
    person, review = person_or_403(request), get_object_or_404(Review.objects.visible_to(request.user), pk=review_id)
    strands = [get_object_or_404(review.strands, number=number) for number in dict.fromkeys(evidence.strands)]
    added = reviews.add_evidence(
        review,
        title=evidence.title,
        kind=evidence.kind,
        four_cs=list(dict.fromkeys(evidence.four_cs)),
        strands=strands,
        effective_date=evidence.effective_date,
        notes=evidence.notes,
        result_digest=evidence.result_digest,
        by=person,
    )
    return Status(201, AddedOut(id=added.pk, reference=added.reference))


class WhyIn(Schema):
    """Why it is withdrawn."""

    reason: str


@router.post("/evidence/{evidence_id}/withdrawal", response=ANSWERS)
def withdraw_evidence(request: HttpRequest, response: HttpResponse, evidence_id: Key, why: WhyIn) -> Any:
    """Withdraw evidence on which no finding that stands rests. The header If-Match names the version that was read."""
    found = get_object_or_404(Evidence.objects.visible_to(request.user).select_related("review"), pk=evidence_id)
    return edit(request, response, found, {"reason": why.reason}, change=_with_reason(reviews.withdraw_evidence))


@router.post("/findings/{finding_id}/withdrawal", response=ANSWERS)
def withdraw_finding(request: HttpRequest, response: HttpResponse, finding_id: Key, why: WhyIn) -> Any:
    """Withdraw a finding on which no recommendation that stands rests. The header If-Match names the version that was read."""
    found = get_object_or_404(Finding.objects.visible_to(request.user).select_related("review"), pk=finding_id)
    return edit(request, response, found, {"reason": why.reason}, change=_with_reason(reviews.withdraw_finding))


def _with_reason(change: Callable[..., Any]) -> Callable[..., Any]:
    return lambda row, *, mine, **said: change(row, **mine, **said)
