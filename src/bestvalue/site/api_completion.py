"""The part of the API about completion: evidence of delivery, verification, the lead's request, the owning body's decision, closing."""

from datetime import date
from enum import StrEnum
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from bestvalue.record.delivery import changes
from bestvalue.record.delivery.models import (
    Action,
    CompletionRequest,
    Delivered,
    DeliveryEvidence,
    Outcome,
    Recommendation,
    Seen,
    Verification,
)
from bestvalue.site.api_access import REFUSALS, AddedOut, Key, Line, person_or_403
from bestvalue.site.pages.things import note_reading

router = Router(tags=["delivery"])


class What(StrEnum):
    """What is delivered: a whole recommendation, or one action about it."""

    RECOMMENDATIONS = "recommendations"
    ACTIONS = "actions"


class EvidenceOut(Schema):
    """What shows that it was delivered."""

    id: int
    title: str
    kind: Seen
    tells_of: date
    text: str
    result_digest: str
    by: str = Field(alias="by.name")


class VerificationOut(Schema):
    """What somebody other than the lead saw."""

    id: int
    kind: Seen
    on: date
    where: str
    met: str
    seen: str
    result_digest: str
    holds: bool
    by: str = Field(alias="by.name")


class RequestOut(Schema):
    """A request for completion; without an outcome it waits for the owning body."""

    id: int
    on: date
    text: str
    by: str
    outcome: Outcome | None = None
    decided_on: date | None = None
    minute: str = ""
    reason: str = ""


class CompletionOut(Schema):
    """All that has been shown, seen, asked and decided on the way to completion."""

    evidence: list[EvidenceOut]
    verifications: list[VerificationOut]
    requests: list[RequestOut]


class EvidenceIn(Schema):
    """Evidence of delivery to bring; data name a stored result."""

    title: str = Field("", max_length=300)
    kind: Seen
    tells_of: date
    text: str
    result_digest: str = Field("", max_length=64)


class VerificationIn(Schema):
    """What somebody saw; a visit says where and whom they met, data name a stored result."""

    kind: Seen
    on: date
    seen: str
    holds: bool
    where: str = Field("", max_length=300)
    met: str = Field("", max_length=300)
    result_digest: str = Field("", max_length=64)


class RequestIn(Schema):
    """What was done, said by the lead."""

    text: str
    on: date


class DecisionIn(Schema):
    """What the owning body decided; a refusal says why."""

    outcome: Outcome
    decided_on: date
    minute: Line
    reason: str = ""


class ClosureIn(Schema):
    """Why the owning body closes it without implementing it."""

    on: date
    minute: Line
    reason: str


@router.get("/{what}/{thing_id}/completion", response=CompletionOut)
def completion(request: HttpRequest, what: What, thing_id: Key) -> dict[str, Any]:
    """What has been shown, seen, asked and decided about a recommendation or an action."""
    person = person_or_403(request)
    found = _seen(request, what, thing_id)
    note_reading(found, by=person)
    about = {"action": found} if isinstance(found, Action) else {"recommendation": found, "action": None}
    asked = CompletionRequest.objects.filter(**about).select_related("by", "decision")
    return {
        "evidence": list(DeliveryEvidence.objects.filter(**about).select_related("by")),
        "verifications": list(Verification.objects.filter(**about).select_related("by")),
        "requests": [_asked(row) for row in asked],
    }


@router.post("/{what}/{thing_id}/delivery-evidence", response={201: AddedOut, **REFUSALS})
def add_evidence(request: HttpRequest, what: What, thing_id: Key, brought: EvidenceIn) -> Status[AddedOut]:
    """Bring evidence that it was delivered; its lead does."""
    person, found = person_or_403(request), _seen(request, what, thing_id)
    added = changes.add_delivery_evidence(found, by=person, **brought.dict())
    return Status(201, AddedOut(id=added.pk, reference=found.reference))


@router.post("/{what}/{thing_id}/verifications", response={201: AddedOut, **REFUSALS})
def verify(request: HttpRequest, what: What, thing_id: Key, looked: VerificationIn) -> Status[AddedOut]:
    """Record that you looked whether it was done; its lead may not."""
    person, found = person_or_403(request), _seen(request, what, thing_id)
    return Status(201, AddedOut(id=changes.verify_delivery(found, by=person, **looked.dict()).pk, reference=found.reference))


@router.post("/{what}/{thing_id}/completion-requests", response={201: AddedOut, **REFUSALS})
def request_completion(request: HttpRequest, what: What, thing_id: Key, asked: RequestIn) -> Status[AddedOut]:
    """Ask the owning body to accept it as complete; its lead does."""
    person, found = person_or_403(request), _seen(request, what, thing_id)
    made = changes.request_completion(found, text=asked.text, on=asked.on, by=person)
    return Status(201, AddedOut(id=made.pk, reference=found.reference))


@router.post("/completion-requests/{request_id}/decision", response={201: AddedOut, **REFUSALS})
def decide(request: HttpRequest, request_id: Key, decided: DecisionIn) -> Status[AddedOut]:
    """Record what the owning body decided; neither the lead nor whoever requested it may."""
    person = person_or_403(request)
    seen = Recommendation.objects.visible_to(request.user)
    asked = get_object_or_404(CompletionRequest.objects.filter(recommendation__in=seen), pk=request_id)
    decision = changes.decide_completion(asked, by=person, **decided.dict())
    return Status(201, AddedOut(id=decision.pk, reference=str(asked)))


@router.post("/{what}/{thing_id}/closure", response={200: AddedOut, **REFUSALS})
def close(request: HttpRequest, what: What, thing_id: Key, closed: ClosureIn) -> AddedOut:
    """Record that the owning body closed it without implementing it, and why."""
    person, found = person_or_403(request), _seen(request, what, thing_id)
    changes.close_not_implemented(found, by=person, **closed.dict())
    return AddedOut(id=found.pk, reference=found.reference)


def _seen(request: HttpRequest, what: What, key: int) -> Delivered:
    if what is What.ACTIONS:
        return get_object_or_404(Action.objects.visible_to(request.user).select_related("recommendation", "lead"), pk=key)
    return get_object_or_404(Recommendation.objects.visible_to(request.user), pk=key)


def _asked(request: CompletionRequest) -> RequestOut:
    told = RequestOut(id=request.pk, on=request.on, text=request.text, by=request.by.name)
    decision = getattr(request, "decision", None)
    if decision is None:
        return told
    return told.model_copy(update={name: getattr(decision, name) for name in ("outcome", "decided_on", "minute", "reason")})
