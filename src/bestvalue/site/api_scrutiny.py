"""The part of the API that writes in a review: evidence, challenges and what follows them, options and what became of them."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from bestvalue.record.bodies.models import Body
from bestvalue.record.reviews import changes as reviews
from bestvalue.record.reviews.models import EvidenceKind, Finding, FourC, Review
from bestvalue.record.scrutiny import changes
from bestvalue.record.scrutiny.models import Challenge, ChallengerKind, Effect, Option, QuestionKind, ScopeQuestion, Step, Verdict
from bestvalue.site.api_access import REFUSALS, AddedOut, Key, person_or_403

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


class ChallengeIn(Schema):
    """A challenge to put on record; a strand by its number, a finding by its key."""

    kind: ChallengerKind
    challenger: Short
    text: str
    raised_on: date
    strand: int | None = None
    finding: Key | None = None


class StepIn(Schema):
    """What is said about a challenge; an answer says its effect, an escalation the body."""

    step: Step
    text: str
    on: date
    effect: Effect | None = None
    escalated_to: Key | None = None


class QuestionIn(Schema):
    """A question of scope, or a problem, that can be settled in more than one way."""

    kind: QuestionKind
    text: str
    strand: int | None = None


class OptionIn(Schema):
    """One way to settle a question, with its cost and effect in words."""

    text: str
    cost: str
    effect: str
    is_blue_sky: bool = False


class VerdictIn(Schema):
    """What a body decided about an option, and why."""

    verdict: Verdict
    body: Key
    on: date
    reason: str


@router.post("/reviews/{review_id}/evidence", response={201: AddedOut, **REFUSALS})
def add_evidence(request: HttpRequest, review_id: Key, evidence: EvidenceIn) -> Status[AddedOut]:
    """Add evidence to a review."""
    person, review = person_or_403(request), _review(request, review_id)
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


@router.post("/reviews/{review_id}/challenges", response={201: AddedOut, **REFUSALS})
def raise_challenge(request: HttpRequest, review_id: Key, challenge: ChallengeIn) -> Status[AddedOut]:
    """Put a challenge on record."""
    person, review = person_or_403(request), _review(request, review_id)
    strand = get_object_or_404(review.strands, number=challenge.strand) if challenge.strand is not None else None
    seen = Finding.objects.visible_to(request.user).filter(review=review)
    finding = get_object_or_404(seen.select_related("strand"), pk=challenge.finding) if challenge.finding is not None else None
    raised = changes.raise_challenge(
        review,
        kind=challenge.kind,
        challenger=challenge.challenger,
        text=challenge.text,
        raised_on=challenge.raised_on,
        strand=strand,
        finding=finding,
        by=person,
    )
    return Status(201, AddedOut(id=raised.pk, reference=raised.reference))


@router.post("/challenges/{challenge_id}/steps", response={201: AddedOut, **REFUSALS})
def take_step(request: HttpRequest, challenge_id: Key, said: StepIn) -> Status[AddedOut]:
    """Answer a challenge, accept the answer, reopen or escalate it."""
    person = person_or_403(request)
    challenge = get_object_or_404(Challenge.objects.visible_to(request.user).select_related("review"), pk=challenge_id)
    board = get_object_or_404(Body, pk=said.escalated_to) if said.escalated_to is not None else None
    taken = changes.take_step(challenge, step=said.step, text=said.text, on=said.on, effect=said.effect, escalated_to=board, by=person)
    return Status(201, AddedOut(id=taken.pk, reference=challenge.reference))


@router.post("/reviews/{review_id}/scope-questions", response={201: AddedOut, **REFUSALS})
def add_scope_question(request: HttpRequest, review_id: Key, question: QuestionIn) -> Status[AddedOut]:
    """Record a question that has options."""
    person, review = person_or_403(request), _review(request, review_id)
    strand = get_object_or_404(review.strands, number=question.strand) if question.strand is not None else None
    added = changes.add_scope_question(review, kind=question.kind, text=question.text, strand=strand, by=person)
    return Status(201, AddedOut(id=added.pk, reference=str(added.number)))


@router.post("/scope-questions/{question_id}/options", response={201: AddedOut, **REFUSALS})
def add_option(request: HttpRequest, question_id: Key, option: OptionIn) -> Status[AddedOut]:
    """Record one way to settle a question."""
    person = person_or_403(request)
    question = get_object_or_404(ScopeQuestion.objects.visible_to(request.user).select_related("review"), pk=question_id)
    added = changes.add_option(
        question, text=option.text, cost=option.cost, effect=option.effect, is_blue_sky=option.is_blue_sky, by=person
    )
    return Status(201, AddedOut(id=added.pk, reference=added.reference))


@router.post("/options/{option_id}/decisions", response={201: AddedOut, **REFUSALS})
def decide_option(request: HttpRequest, option_id: Key, decided: VerdictIn) -> Status[AddedOut]:
    """Record what a body decided about an option."""
    person = person_or_403(request)
    option = get_object_or_404(Option.objects.visible_to(request.user).select_related("question__review"), pk=option_id)
    body = get_object_or_404(Body, pk=decided.body)
    decision = changes.decide_option(option, verdict=decided.verdict, body=body, on=decided.on, reason=decided.reason, by=person)
    return Status(201, AddedOut(id=decision.pk, reference=option.reference))


def _review(request: HttpRequest, key: int) -> Review:
    return get_object_or_404(Review.objects.visible_to(request.user), pk=key)
