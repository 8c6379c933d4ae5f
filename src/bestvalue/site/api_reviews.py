"""The part of the API about a review itself: its stage and what may be decided now, who takes part, strands, grades, recommendations."""

from datetime import date, datetime
from typing import Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from bestvalue.record.bodies.models import Body
from bestvalue.record.delivery.changes import draft_recommendation
from bestvalue.record.review_history import PARTS, Asked, events_in
from bestvalue.record.reviews import changes
from bestvalue.record.reviews.life_cycle import TABLE, Gate, Need, Part, Stage, why_not
from bestvalue.record.reviews.models import DECIDERS, Credibility, Evidence, Finding, Reliability, Review, Strand
from bestvalue.record.reviews.readiness import met_of
from bestvalue.site.api_access import REFUSALS, AddedOut, Key, Short, person_or_403
from bestvalue.site.api_costing import CostingIn
from bestvalue.site.confirming import check_confirmed_by_api
from bestvalue.site.pages.review_history import EVENTS_A_PAGE, lines_of

router = Router(tags=["reviews"])


class GateOut(Schema):
    """One gate of a review: who decides it, what is missing, and what you may do about it yourself."""

    gate: Gate
    words: str
    to: Stage | None
    decided_by: Part
    body: str | None
    is_open: bool
    decision: int | None
    due: date | None
    missing: list[str]
    may_ask: bool
    may_decide: bool


class GatesOut(Schema):
    """Where a review is, and what may be decided."""

    stage: Stage
    gates: list[GateOut]


class HistoryAsked(Schema):
    """Of which kind of thing, by whom (by their key), from which day to which."""

    kind: Literal[tuple(PARTS)] | None = None  # type: ignore[valid-type]  # the kinds are those of the one table
    by: Key | None = None
    since: date | None = None
    until: date | None = None
    page: int = Field(1, ge=1, le=1_000_000)


class ThingOut(Schema):
    """What an entry is about; what is sensitive by its number alone."""

    kind: str
    id: int
    name: str
    is_sensitive: bool


class ChangeOut(Schema):
    """A field before and after; of a set what was taken away and what was added."""

    label: str
    before: str
    after: str
    is_set: bool


class LineOut(Schema):
    """One entry of the history of a review."""

    at: datetime
    who: str
    what: str
    thing: ThingOut
    said: dict[str, str]
    changes: list[ChangeOut]


class HistoryPage(Schema):
    """A page of the history, and how many entries there are in all among those that you see."""

    count: int
    page: int
    items: list[LineOut]


class PartOut(Schema):
    """A body that takes part."""

    id: int
    part: Part
    body: str = Field(alias="body.name")


class PartIn(Schema):
    """A body to take part, by its key; its members see the review from now on."""

    part: Part
    body: Key


class StrandOut(Schema):
    """A line of inquiry."""

    id: int
    version: int = Field(alias="row_version")
    number: int
    name: str
    question: str
    withdrawn_on: date | None
    withdrawn_because: str


class WithdrawalIn(Schema):
    """Why something is withdrawn."""

    reason: str


class StrandIn(Schema):
    """A line of inquiry to add."""

    name: Short
    question: str


class GradeIn(Schema):
    """How good evidence is, on the house scale, and why."""

    reliability: Reliability
    credibility: Credibility
    reason: str


class RecommendationIn(CostingIn):
    """A recommendation to draft; the findings that it rests on, and who is to act, by their keys."""

    text: str
    findings: list[Key]
    on: date | None = None
    addressed_body: Key | None = None


@router.get("/reviews/{review_id}/gates", response=GatesOut)
def gates(request: HttpRequest, review_id: Key) -> GatesOut:
    """What may be decided about a review, by whom, and everything that is missing before they can agree."""
    person, review = person_or_403(request), _review(request, review_id)
    parts = {row.part: row.body for row in review.parts.select_related("body")}
    asked = {decision.gate: decision for decision in review.decisions.open()}
    met = met_of(review, tuple(Need))
    decides = set(person.memberships.current().filter(role__in=DECIDERS).values_list("body", flat=True))
    told, stage = [], review.stage
    for edge in TABLE:
        body, decision = parts.get(edge.decided_by), asked.get(edge.gate)
        missing = why_not(edge, stage=stage, met=met, takes_part=body is not None)
        is_open = stage in edge.starts
        may_decide = decision is not None and decision.body_id in decides and decision.asked_by_id != person.pk
        told.append(
            GateOut(
                gate=edge.gate,
                words=edge.gate.label,
                to=edge.to,
                decided_by=edge.decided_by,
                body=body.name if body else None,
                is_open=is_open,
                decision=decision.pk if decision else None,
                due=decision.due if decision else None,
                missing=list(missing),
                may_ask=is_open and body is not None and decision is None and review.is_run_by(person),
                may_decide=may_decide,
            )
        )
    return GatesOut(stage=stage, gates=told)


@router.get("/reviews/{review_id}/history", response=HistoryPage)
def history(request: HttpRequest, review_id: Key, wanted: Query[HistoryAsked]) -> HistoryPage:
    """Everything that happened in a review, the newest first, as far as you see it; what is sensitive goes by its number alone."""
    person_or_403(request)
    review = _review(request, review_id)
    asked = Asked(word=wanted.kind or "", person=wanted.by, since=wanted.since, until=wanted.until)
    found = events_in(review, user=request.user, asked=asked)
    first = (wanted.page - 1) * EVENTS_A_PAGE
    lines = lines_of(review, found[first : first + EVENTS_A_PAGE], user=request.user)
    items = [
        LineOut(
            at=line.at,
            who=line.who,
            what=line.what,
            thing=ThingOut(kind=line.thing.word, id=line.thing.pk, name=line.thing.name, is_sensitive=line.thing.is_sensitive),
            said=dict(line.said),
            changes=[ChangeOut(label=one.label, before=one.was, after=one.now, is_set=one.is_set) for one in line.changes],
        )
        for line in lines
    ]
    return HistoryPage(count=found.count(), page=wanted.page, items=items)


@router.get("/reviews/{review_id}/parts", response=list[PartOut])
def parts(request: HttpRequest, review_id: Key) -> object:
    """The bodies that take part in a review, and as what."""
    person_or_403(request)
    return _review(request, review_id).parts.select_related("body")


@router.post("/reviews/{review_id}/parts", response={201: PartOut, **REFUSALS})
def add_part(request: HttpRequest, review_id: Key, said: PartIn) -> Status[object]:
    """Say that a body takes part in a review that you manage."""
    person, review = person_or_403(request), _review(request, review_id)
    check_confirmed_by_api(request)
    return Status(201, changes.add_part(review, part=said.part, body=get_object_or_404(Body, pk=said.body), by=person))


@router.get("/reviews/{review_id}/strands", response=list[StrandOut])
def strands(request: HttpRequest, review_id: Key) -> object:
    """The lines of inquiry of a review, the withdrawn ones too."""
    person_or_403(request)
    return _review(request, review_id).strands.all()


@router.post("/reviews/{review_id}/strands", response={201: StrandOut, **REFUSALS})
def add_strand(request: HttpRequest, review_id: Key, said: StrandIn) -> Status[Strand]:
    """Add a line of inquiry; it gets the next number."""
    person, review = person_or_403(request), _review(request, review_id)
    return Status(201, changes.add_strand(review, name=said.name, question=said.question, by=person))


@router.post("/strands/{strand_id}/withdrawal", response={200: StrandOut, **REFUSALS})
def withdraw_strand(request: HttpRequest, strand_id: Key, why: WithdrawalIn) -> Strand:
    """Withdraw a line of inquiry along which nothing was found; it stays with its reason, and bars no gate."""
    person = person_or_403(request)
    found = get_object_or_404(
        Strand.objects.filter(review__in=Review.objects.visible_to(request.user)).select_related("review"), pk=strand_id
    )
    return changes.withdraw_strand(found, reason=why.reason, by=person)


@router.post("/evidence/{evidence_id}/grades", response={201: AddedOut, **REFUSALS})
def grade(request: HttpRequest, evidence_id: Key, given: GradeIn) -> Status[AddedOut]:
    """Grade evidence; an earlier grade stays in view."""
    person = person_or_403(request)
    found = get_object_or_404(Evidence.objects.visible_to(request.user).select_related("review"), pk=evidence_id)
    made = changes.grade_evidence(found, reliability=given.reliability, credibility=given.credibility, reason=given.reason, by=person)
    return Status(201, AddedOut(id=made.pk, reference=found.reference))


@router.post("/reviews/{review_id}/recommendations", response={201: AddedOut, **REFUSALS})
def recommend(request: HttpRequest, review_id: Key, said: RecommendationIn) -> Status[AddedOut]:
    """Draft a recommendation of the review from its findings."""
    person, review = person_or_403(request), _review(request, review_id)
    seen = Finding.objects.visible_to(request.user).filter(review=review)
    made = draft_recommendation(
        review,
        text=said.text,
        findings=[get_object_or_404(seen, pk=key) for key in dict.fromkeys(said.findings)],
        on=said.on or timezone.localdate(),
        addressed_body=get_object_or_404(Body, pk=said.addressed_body) if said.addressed_body is not None else None,
        costing=said.costing(),
        by=person,
    )
    return Status(201, AddedOut(id=made.pk, reference=made.reference))


def _review(request: HttpRequest, key: int) -> Review:
    return get_object_or_404(Review.objects.visible_to(request.user), pk=key)
