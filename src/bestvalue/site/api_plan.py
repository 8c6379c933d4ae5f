"""The part of the API about a plan: who owns what, dates that moved, what waits for what, money, transfers, responses, close-outs."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from bestvalue.documents.writing import FORMATS
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery import changes
from bestvalue.record.delivery.close_out import close_out_of
from bestvalue.record.delivery.life_cycle import Cause
from bestvalue.record.delivery.models import Action, Basis, MoneyKind, Recommendation, Response, Transfer
from bestvalue.record.delivery.response_document import respond
from bestvalue.record.delivery.slip_series import slips_of
from bestvalue.site.api_access import REFUSALS, AddedOut, Key, Line, person_or_403

router = Router(tags=["delivery"])
QUARTER_DAYS = 91
"""Of a board cycle where nobody owns the recommendation."""


class OwnershipIn(Schema):
    """Who owns and leads it from a day on, and who stands behind; by their keys. A change says why."""

    body: Key
    lead: Key
    on: date
    sponsor: Key | None = None
    cycle_days: int = Field(QUARTER_DAYS, ge=1, le=3660)
    reason: str = ""


class AgreedDateIn(Schema):
    """The owning body's decision that an action is to be complete on another day."""

    to: date
    decided_on: date
    minute: Line
    cause: Cause
    reason: str


class SlipOut(Schema):
    """A day on which one of an action's dates moved: how far from the original date, in days and in the owner's cycles, and why."""

    on: date
    agreed: date
    forecast: date | None
    agreed_late_days: int
    forecast_late_days: int | None
    by_decision: bool
    why: str


class DependencyIn(Schema):
    """The action that this one waits for, by its key."""

    needs: Key


class MoneyIn(Schema):
    """What an action costs or saves in a financial year, by the calendar year in which it begins; in pence."""

    year: int = Field(ge=1999, le=2199)
    kind: MoneyKind
    basis: Basis
    pence: int = Field(ge=0, le=10**15)
    on: date


class TransferOut(Schema):
    """An offer to another body; without an answer it waits, and the sender owns it."""

    id: int
    from_body: str
    to_body: str
    offered_on: date
    reason: str
    accepted: bool | None
    answered_on: date | None
    minute: str
    declined_because: str


class OfferIn(Schema):
    """An offer to another body, by its key."""

    to_body: Key
    reason: str
    on: date


class AnswerIn(Schema):
    """What the receiving body decided; accepted, it names who leads, declined, it says why."""

    accepted: bool
    on: date
    minute: Line
    lead: Key | None = None
    reason: str = ""


class ResponseIn(Schema):
    """The formats to write the response in."""

    formats: list[str] = Field(list(FORMATS), min_length=1, max_length=len(FORMATS))


class ResponseOut(Schema):
    """An issued response, and its files with their SHA-256."""

    id: int
    number: int
    issued_on: date
    files: dict[str, str]


class CountOut(Schema):
    """How many recommendations stand how."""

    status: str
    recommendations: int


class ClosedOut(Schema):
    """One action as it ended, or stands; its slippage in days and in cycles of the owning body."""

    name: str
    what: str
    lead: str
    state: str
    original: date
    agreed: date
    ended: date | None
    late_days: int
    cycles: float
    moves: int
    seen: str


class MovedOut(Schema):
    """One cause for which agreed dates moved: how often, and by how many days in all."""

    cause: str
    moves: int
    days: int


class CloseOutOut(Schema):
    """What a plan leaves behind: what was promised, when it was done, how far it slipped and why."""

    title: str
    issuer: str
    on: date
    marking: str
    statuses: list[CountOut]
    actions: list[ClosedOut]
    causes: list[MovedOut]


@router.post("/recommendations/{recommendation_id}/ownerships", response={201: AddedOut, **REFUSALS})
def own(request: HttpRequest, recommendation_id: Key, owned: OwnershipIn) -> Status[AddedOut]:
    """Say which body owns a recommendation, who leads it and who stands behind."""
    person, found = person_or_403(request), _recommendation(request, recommendation_id)
    made = changes.own(
        found,
        body=get_object_or_404(Body, pk=owned.body),
        lead=_person(request, owned.lead),
        sponsor=_person(request, owned.sponsor) if owned.sponsor is not None else None,
        on=owned.on,
        cycle_days=owned.cycle_days,
        reason=owned.reason,
        by=person,
    )
    return Status(201, AddedOut(id=made.pk, reference=found.reference))


@router.get("/actions/{action_id}/slippage", response=list[SlipOut])
def slippage(request: HttpRequest, action_id: Key) -> list[SlipOut]:
    """Every day on which a date of an action moved, the oldest first."""
    person_or_403(request)
    found = _action(request, action_id)
    owner = found.recommendation.ownership
    slips = slips_of(found, on=timezone.localdate(), cycle_days=owner.cycle_days if owner else QUARTER_DAYS)
    return [
        SlipOut(
            on=slip.on,
            agreed=slip.agreed,
            forecast=slip.forecast,
            agreed_late_days=(slip.agreed - found.original_date).days,
            forecast_late_days=(slip.forecast - found.original_date).days if slip.forecast else None,
            by_decision=slip.by_decision,
            why=slip.why,
        )
        for slip in slips
    ]


@router.post("/actions/{action_id}/agreed-dates", response={201: AddedOut, **REFUSALS})
def move_agreed_date(request: HttpRequest, action_id: Key, moved: AgreedDateIn) -> Status[AddedOut]:
    """Record that the owning body moved the agreed date of an action, with its cause; the original date stays."""
    person, found = person_or_403(request), _action(request, action_id)
    return Status(201, AddedOut(id=changes.move_agreed_date(found, by=person, **moved.dict()).pk, reference=found.reference))


@router.post("/actions/{action_id}/dependencies", response={201: AddedOut, **REFUSALS})
def add_dependency(request: HttpRequest, action_id: Key, waits: DependencyIn) -> Status[AddedOut]:
    """Say that an action waits for another."""
    person, found = person_or_403(request), _action(request, action_id)
    made = changes.add_dependency(found, needs=_action(request, waits.needs), by=person)
    return Status(201, AddedOut(id=made.pk, reference=found.reference))


@router.delete("/actions/{action_id}/dependencies/{needed_id}", response={200: AddedOut, **REFUSALS})
def drop_dependency(request: HttpRequest, action_id: Key, needed_id: Key) -> AddedOut:
    """Say that an action waits for another no longer."""
    person, found = person_or_403(request), _action(request, action_id)
    changes.drop_dependency(found, needs=_action(request, needed_id), by=person)
    return AddedOut(id=found.pk, reference=found.reference)


@router.post("/actions/{action_id}/money", response={201: AddedOut, **REFUSALS})
def record_money(request: HttpRequest, action_id: Key, money: MoneyIn) -> Status[AddedOut]:
    """Record a cost or saving of an action; the newest entry of its year, kind and basis counts."""
    person, found = person_or_403(request), _action(request, action_id)
    return Status(201, AddedOut(id=changes.record_money(found, by=person, **money.dict()).pk, reference=found.reference))


@router.get("/recommendations/{recommendation_id}/transfers", response=list[TransferOut])
def transfers(request: HttpRequest, recommendation_id: Key) -> list[TransferOut]:
    """The offers of a recommendation to other bodies, the oldest first."""
    person_or_403(request)
    found = _recommendation(request, recommendation_id).transfers.select_related("from_body", "to_body", "answer")
    return [_told(transfer) for transfer in found]


@router.post("/recommendations/{recommendation_id}/transfers", response={201: TransferOut, **REFUSALS})
def offer_transfer(request: HttpRequest, recommendation_id: Key, offer: OfferIn) -> Status[TransferOut]:
    """Offer a recommendation to another body; the sender owns it until the other accepts."""
    person, found = person_or_403(request), _recommendation(request, recommendation_id)
    to_body = get_object_or_404(Body, pk=offer.to_body)
    return Status(201, _told(changes.offer_transfer(found, to_body=to_body, reason=offer.reason, on=offer.on, by=person)))


@router.post("/transfers/{transfer_id}/answer", response={201: TransferOut, **REFUSALS})
def answer_transfer(request: HttpRequest, transfer_id: Key, answer: AnswerIn) -> Status[TransferOut]:
    """Record that the receiving body accepts or declines."""
    person = person_or_403(request)
    seen = Transfer.objects.filter(recommendation__in=Recommendation.objects.visible_to(request.user))
    found = get_object_or_404(seen, pk=transfer_id)
    lead = _person(request, answer.lead) if answer.lead is not None else None
    changes.answer_transfer(found, accepted=answer.accepted, on=answer.on, minute=answer.minute, lead=lead, reason=answer.reason, by=person)
    # Not asked anew as its reader: whoever declined does not see it any more.
    return Status(201, _told(Transfer.objects.select_related("from_body", "to_body", "answer").get(pk=found.pk)))


@router.get("/plans/{issuer_id}/{slug}/responses", response=list[ResponseOut])
def responses(request: HttpRequest, issuer_id: Key, slug: str) -> list[ResponseOut]:
    """The issued responses to a report, the newest first."""
    person_or_403(request)
    issuer = _plan(request, issuer_id, slug)[0].issuer
    return [_issued(one) for one in Response.objects.filter(issuer=issuer, report_slug=slug).prefetch_related("files")]


@router.post("/plans/{issuer_id}/{slug}/responses", response={201: ResponseOut, **REFUSALS})
def issue_response(request: HttpRequest, issuer_id: Key, slug: str, wanted: ResponseIn) -> Status[ResponseOut]:
    """Issue the response to a report, once every recommendation of it is answered."""
    person = person_or_403(request)
    if unknown := set(wanted.formats) - set(FORMATS):
        raise HttpError(422, f"No format of ours: {', '.join(sorted(unknown))}")
    issuer = _plan(request, issuer_id, slug)[0].issuer
    return Status(201, _issued(respond(issuer, report_slug=slug, by=person, formats=tuple(dict.fromkeys(wanted.formats)))))


@router.get("/plans/{issuer_id}/{slug}/close-out", response=CloseOutOut)
def close_out(request: HttpRequest, issuer_id: Key, slug: str) -> CloseOutOut:
    """What a plan leaves behind today, as far as you see it."""
    person_or_403(request)
    plan = _plan(request, issuer_id, slug)
    first = plan[0]
    title = first.published_report.title if first.published_report else first.review.title if first.review else first.report_title
    found = close_out_of(plan, title=title, on=timezone.localdate())
    return CloseOutOut(
        title=found.title,
        issuer=found.issuer,
        on=found.on,
        marking=found.marking,
        statuses=[CountOut(status=status, recommendations=count) for status, count in found.statuses],
        actions=[ClosedOut.from_orm(action) for action in found.actions],
        causes=[MovedOut.from_orm(cause) for cause in found.causes],
    )


def _recommendation(request: HttpRequest, key: int) -> Recommendation:
    return get_object_or_404(Recommendation.objects.visible_to(request.user), pk=key)


def _action(request: HttpRequest, key: int) -> Action:
    return get_object_or_404(Action.objects.visible_to(request.user).select_related("recommendation", "lead"), pk=key)


def _person(request: HttpRequest, key: int) -> Person:
    return get_object_or_404(Person.objects.visible_to(request.user), pk=key)


def _plan(request: HttpRequest, issuer: int, slug: str) -> Sequence[Recommendation]:
    seen = (
        Recommendation.objects.visible_to(request.user).filter(issuer=issuer, report_slug=slug).in_register_order(on=timezone.localdate())
    )
    found = list(seen.prefetch_related("ownerships__body", "ownerships__lead"))
    if not found:
        raise HttpError(404, "There is no such plan")
    return found


def _told(transfer: Transfer) -> TransferOut:
    answer = getattr(transfer, "answer", None)
    return TransferOut(
        id=transfer.pk,
        from_body=transfer.from_body.name,
        to_body=transfer.to_body.name,
        offered_on=transfer.offered_on,
        reason=transfer.reason,
        accepted=answer.accepted if answer else None,
        answered_on=answer.on if answer else None,
        minute=answer.minute if answer else "",
        declined_because=answer.reason if answer else "",
    )


def _issued(response: Response) -> ResponseOut:
    files = {file.name: file.sha256 for file in response.files.all()}
    return ResponseOut(id=response.pk, number=response.number, issued_on=response.issued_on, files=files)
