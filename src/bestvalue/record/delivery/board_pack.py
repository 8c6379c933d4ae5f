"""A board's pack, gathered from the record."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from bestvalue.documents import board_pack as content
from bestvalue.record.bodies.models import Body, User
from bestvalue.record.delivery.life_cycle import Cause, State, Status
from bestvalue.record.delivery.models import (
    Action,
    ActionState,
    AgreedDate,
    CompletionRequest,
    Recommendation,
    RecommendationStatus,
    Transfer,
)
from bestvalue.record.delivery.rating import standings
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.models import highest, readable


def pack_content(body: Body, *, on: date, since: date, reader: User | AnonymousUser | None = None) -> content.PackContent:
    """What a body's pack says.

    Args:
        body: whose.
        on: the day that it tells of.
        since: the day of the last meeting.
        reader: who takes it; what is sensitive is in it only if they may read it. None leaves out all that is.
    """
    read = readable(reader or AnonymousUser())
    owned, offered = _owned(body, on, read), _offered(body, on, read)
    keys = [one.pk for one in owned]
    return content.PackContent(
        body=body.name,
        on=on,
        since=since,
        marking=highest([*owned, *offered]).value,
        checkpoint=str(ledger.head()),
        synthetic=settings.WORKSPACE.settings.synthetic,
        decisions=tuple(_decisions(body, keys, on, offered)),
        moved=tuple(sorted(_moved(keys, since, on), key=lambda row: row.on)),
        slipped=tuple(sorted(_slipped(keys, since, on), key=lambda row: row.on)),
        transfers=tuple(_transfers(body, on, read)),
        rated=tuple(_rated(owned, on)),
    )


def told_in_pack(body: Body, *, on: date, reader: User) -> list[Recommendation]:
    """The recommendations that a body's pack tells of to whoever takes it."""
    read = readable(reader)
    return [*_owned(body, on, read), *_offered(body, on, read)]


def _owned(body: Body, on: date, read: Q) -> list[Recommendation]:
    return list(Recommendation.objects.owned_by(body, on=on).filter(read).in_register_order(on=on))


def _offered(body: Body, on: date, read: Q) -> list[Recommendation]:
    """What other bodies offer to this one, as far as the reader may read it."""
    waiting = Transfer.objects.waiting(on=on).filter(to_body=body).values("recommendation")
    return list(Recommendation.objects.filter(read, pk__in=waiting))


def _decisions(body: Body, keys: Sequence[int], on: date, offered: Sequence[Recommendation]) -> Iterator[content.PackRow]:
    requested = CompletionRequest.objects.filter(recommendation__in=keys, on__lte=on).exclude(decision__decided_on__lte=on)
    for request in requested.select_related("recommendation", "action__recommendation", "by"):
        about = request.action or request.recommendation
        yield content.PackRow(
            on=request.on, about=about.reference, words=f"{request.by} asks that it be accepted as complete: {request.text}"
        )
    waiting = Transfer.objects.waiting(on=on).filter(to_body=body, recommendation__in=offered)
    for transfer in waiting.select_related("recommendation", "from_body"):
        words = f"{transfer.from_body} offers it: {transfer.reason}"
        yield content.PackRow(on=transfer.offered_on, about=transfer.recommendation.reference, words=words)
    late = Action.objects.late(on=on).filter(recommendation__in=keys).select_related("recommendation", "lead")
    for action in late:
        days = (on - action.agreed_then).days
        words = (
            f"{days} day{'' if days == 1 else 's'} past its agreed date: move the date with its cause, or close it. Led by {action.lead}."
        )
        yield content.PackRow(on=action.agreed_then, about=action.reference, words=words)


def _moved(keys: Sequence[int], since: date, on: date) -> Iterator[content.PackRow]:
    for row in RecommendationStatus.objects.filter(recommendation__in=keys, on__gt=since, on__lte=on).select_related("recommendation"):
        words = f"{Status(row.status).label}. {row.note}".strip()
        yield content.PackRow(on=row.on, about=row.recommendation.reference, words=words)
    states = ActionState.objects.filter(action__recommendation__in=keys, on__gt=since, on__lte=on)
    for state in states.select_related("action__recommendation"):
        words = f"{State(state.state).label}. {state.note}".strip()
        yield content.PackRow(on=state.on, about=state.action.reference, words=words)


def _slipped(keys: Sequence[int], since: date, on: date) -> Iterator[content.PackRow]:
    moves = AgreedDate.objects.filter(action__recommendation__in=keys, decided_on__gt=since, decided_on__lte=on)
    for move in moves.select_related("action__recommendation"):
        days = (move.date - move.action.original_date).days
        words = f"Agreed for {move.date:%d %B %Y}, {days} days after the original. {Cause(move.cause).label}: {move.reason} ({move.minute})"
        yield content.PackRow(on=move.decided_on, about=move.action.reference, words=words)
    open_ones = Action.objects.not_ended(on=on).filter(recommendation__in=keys).select_related("recommendation")
    for action in open_ones:
        if action.forecast_then is not None and action.forecast_then > action.agreed_then:
            days = (action.forecast_then - action.agreed_then).days
            words = f"Forecast for {action.forecast_then:%d %B %Y}, {days} days after the agreed date"
            yield content.PackRow(on=action.forecast_then, about=action.reference, words=words)


def _transfers(body: Body, on: date, read: Q) -> Iterator[content.PackRow]:
    known_ones = Recommendation.objects.filter(read)
    sent = Transfer.objects.filter(from_body=body, offered_on__lte=on, recommendation__in=known_ones)
    for transfer in sent.select_related("recommendation", "to_body", "answer"):
        answer = getattr(transfer, "answer", None)
        known = answer is not None and answer.on <= on
        words = f"to {transfer.to_body}: " + (str(answer) if known else "no answer yet, so it is still owned here")
        yield content.PackRow(on=transfer.offered_on, about=transfer.recommendation.reference, words=words)


def _rated(owned: Sequence[Recommendation], on: date) -> Iterator[content.RatedRow]:
    standing = standings(Recommendation.objects.filter(pk__in=[one.pk for one in owned]).not_ended(on=on), on=on)
    for one in owned:
        if one.pk in standing:
            found = standing[one.pk]
            yield content.RatedRow(
                about=one.reference,
                text=one.text,
                status=found.status.label,
                colour=found.colour.label,
                reasons="; ".join(found.rating(on=on).reasons),
            )
