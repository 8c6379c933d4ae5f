"""The part of the API about scrutiny: challenges with what followed, and questions with every option that was considered."""

from datetime import date

from django.db.models import Prefetch
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from bestvalue.record.bodies.models import Body
from bestvalue.record.reviews.models import Finding, Review, Strand
from bestvalue.record.scrutiny import changes
from bestvalue.record.scrutiny.models import (
    Challenge,
    ChallengeQuerySet,
    ChallengerKind,
    Effect,
    Option,
    QuestionKind,
    ScopeQuestion,
    ScopeQuestionQuerySet,
    Step,
    Verdict,
)
from bestvalue.site.api_access import FaultOut, Key, note_taken, person_or_403

router = Router()


class StepOut(Schema):
    """What followed a challenge."""

    step: str
    on: date
    text: str
    effect: str
    by: str = Field(alias="by.name")


class ChallengeOut(Schema):
    """A challenge, and everything that followed."""

    id: int
    reference: str
    kind: str
    challenger: str
    text: str
    raised_on: date
    strand: int | None = Field(alias="strand_id")
    finding: int | None = Field(alias="finding_id")
    is_answered: bool
    waiting_since: date | None
    steps: list[StepOut]


class ChallengeIn(Schema):
    """A challenge to put on record; strand and finding by the numbers of their rows."""

    kind: ChallengerKind
    challenger: str = Field(max_length=200)
    text: str
    raised_on: date
    strand: Key | None = None
    finding: Key | None = None


class StepIn(Schema):
    """What follows a challenge."""

    step: Step
    text: str = ""
    on: date
    effect: Effect | None = None
    escalated_to: Key | None = None


class VerdictOut(Schema):
    """What a body decided about an option."""

    verdict: str
    body: str = Field(alias="body.name")
    on: date
    reason: str


class OptionOut(Schema):
    """An option, with what became of it."""

    id: int
    reference: str
    text: str
    cost: str
    effect: str
    is_blue_sky: bool
    verdict: str | None
    decisions: list[VerdictOut]


class QuestionOut(Schema):
    """A question of scope, or a problem, with all its options."""

    id: int
    number: int
    kind: str
    text: str
    strand: int | None = Field(alias="strand_id")
    options: list[OptionOut]


class QuestionIn(Schema):
    """A question to record."""

    kind: QuestionKind
    text: str
    strand: Key | None = None


class OptionIn(Schema):
    """An option to record."""

    text: str
    cost: str
    effect: str
    is_blue_sky: bool = False


class VerdictIn(Schema):
    """What a body, by the number of its row, decided about an option."""

    verdict: Verdict
    body: Key
    on: date
    reason: str


@router.get("/reviews/{review_id}/challenges", response=list[ChallengeOut])
def challenges(request: HttpRequest, review_id: Key) -> ChallengeQuerySet:
    """The challenge log of a review, the newest first."""
    review = _review(request, review_id)
    found = _challenges(request).filter(review=review)
    note_taken(request, found, what="Challenges")
    return found


@router.post("/reviews/{review_id}/challenges", response={201: ChallengeOut, 409: FaultOut})
def raise_challenge(request: HttpRequest, review_id: Key, raised: ChallengeIn) -> Status[Challenge]:
    """Put a challenge on record."""
    person = person_or_403(request)
    review = _review(request, review_id)
    made = changes.raise_challenge(
        review,
        kind=raised.kind,
        challenger=raised.challenger,
        text=raised.text,
        raised_on=raised.raised_on,
        strand=_strand(review, raised.strand),
        finding=get_object_or_404(Finding.objects.visible_to(request.user).select_related("strand"), pk=raised.finding)
        if raised.finding is not None
        else None,
        by=person,
    )
    return Status(201, _challenges(request).get(pk=made.pk))


@router.post("/challenges/{challenge_id}/steps", response={201: ChallengeOut, 409: FaultOut})
def take_step(request: HttpRequest, challenge_id: Key, taken: StepIn) -> Status[Challenge]:
    """Answer a challenge, accept the answer, reopen or escalate it."""
    person = person_or_403(request)
    challenge = get_object_or_404(Challenge.objects.visible_to(request.user).select_related("review"), pk=challenge_id)
    board = get_object_or_404(Body, pk=taken.escalated_to) if taken.escalated_to is not None else None
    changes.take_step(challenge, step=taken.step, text=taken.text, on=taken.on, effect=taken.effect, escalated_to=board, by=person)
    return Status(201, _challenges(request).get(pk=challenge_id))


@router.get("/reviews/{review_id}/questions", response=list[QuestionOut])
def questions(request: HttpRequest, review_id: Key) -> ScopeQuestionQuerySet:
    """The questions of scope and the problems of a review, with every option, the rejected ones too."""
    review = _review(request, review_id)
    seen = ScopeQuestion.objects.visible_to(request.user).filter(review=review)
    options = Prefetch("options", Option.objects.visible_to(request.user).select_related("question").prefetch_related("decisions__body"))
    found = seen.prefetch_related(options)
    note_taken(request, [option for question in found for option in question.options.all()], what="Options")
    return found


@router.post("/reviews/{review_id}/questions", response={201: QuestionOut, 409: FaultOut})
def add_question(request: HttpRequest, review_id: Key, question: QuestionIn) -> Status[ScopeQuestion]:
    """Record a question that has options."""
    person = person_or_403(request)
    review = _review(request, review_id)
    strand = _strand(review, question.strand)
    return Status(201, changes.add_scope_question(review, kind=question.kind, text=question.text, strand=strand, by=person))


@router.post("/questions/{question_id}/options", response={201: OptionOut, 409: FaultOut})
def add_option(request: HttpRequest, question_id: Key, option: OptionIn) -> Status[Option]:
    """Record one way to settle a question."""
    person = person_or_403(request)
    question = get_object_or_404(ScopeQuestion.objects.visible_to(request.user).select_related("review"), pk=question_id)
    return Status(201, changes.add_option(question, by=person, **option.dict()))


@router.post("/options/{option_id}/decisions", response={201: OptionOut, 409: FaultOut})
def decide_option(request: HttpRequest, option_id: Key, decided: VerdictIn) -> Status[Option]:
    """Record that a body chose an option, or wrote it off."""
    person = person_or_403(request)
    seen = Option.objects.visible_to(request.user).select_related("question__review").prefetch_related("decisions__body")
    option = get_object_or_404(seen, pk=option_id)
    body = get_object_or_404(Body, pk=decided.body)
    changes.decide_option(option, verdict=decided.verdict, body=body, on=decided.on, reason=decided.reason, by=person)
    return Status(201, seen.get(pk=option_id))


def _review(request: HttpRequest, pk: int) -> Review:
    return get_object_or_404(Review.objects.visible_to(request.user), pk=pk)


def _strand(review: Review, pk: int | None) -> Strand | None:
    return get_object_or_404(review.strands, pk=pk) if pk is not None else None


def _challenges(request: HttpRequest) -> ChallengeQuerySet:
    return Challenge.objects.visible_to(request.user).prefetch_related("steps__by")
