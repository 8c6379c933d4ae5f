"""Red, amber or green by rule, not by opinion: every colour comes with the facts that made it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import models

from bestvalue.record.delivery.life_cycle import OPEN, UNDER_WAY, Status
from bestvalue.record.delivery.models import Action, Level, MissedUpdate, RecommendationQuerySet

TOLERATED = timedelta(days=28)
"""A forecast that is later than the agreed date by more than this makes red; by less, amber."""


class Colour(models.TextChoices):
    """How delivery goes."""

    RED = "red", "Red"
    AMBER = "amber", "Amber"
    GREEN = "green", "Green"
    NO_DATE = "no date", "No date agreed"
    UNANSWERED = "unanswered", "Not answered"
    ENDED = "ended", "Ended"


@dataclass(frozen=True, kw_only=True)
class ActionDates:
    """One open action as it stood: its three dates."""

    name: str
    original: date
    agreed: date
    forecast: date | None


@dataclass(frozen=True, kw_only=True)
class Rating:
    """A colour and why."""

    colour: Colour
    reasons: tuple[str, ...] = field(default=())


def rate(*, status: Status, actions: Sequence[ActionDates], missed: Iterable[Level], on: date) -> Rating:
    """The colour of one recommendation on a day.

    Red: an agreed date has passed, the lead's forecast is more than 28 days beyond the agreed date, or a missed update has
    climbed to the owning body. Amber: a forecast is beyond its agreed date, an agreed date has moved from the original, or an
    update was missed. Green: none of these. Without an open action there is no date to hold it to, and so no colour.

    Args:
        status: of the recommendation.
        actions: its open ones.
        missed: how far its missed and still unanswered updates have climbed.
        on: the day.

    Example: a forecast ten days beyond the agreed date.
        >>> day = date(2026, 6, 30)
        >>> late = ActionDates(name="1.1", original=day, agreed=day, forecast=date(2026, 7, 10))
        >>> rating = rate(status=Status.IN_PROGRESS, actions=[late], missed=[], on=date(2026, 6, 1))
        >>> rating.colour.label, rating.reasons
        ('Amber', ('Action 1.1 is forecast 10 days after its agreed date',))
    """
    if status not in OPEN:
        return Rating(colour=Colour.UNANSWERED if status is Status.DRAFT else Colour.ENDED)
    if status not in UNDER_WAY:
        return Rating(colour=Colour.UNANSWERED)
    levels = set(missed)
    red = _red(actions, levels, on)
    amber = _amber(actions, levels)
    if red:
        return Rating(colour=Colour.RED, reasons=(*red, *amber))
    if amber:
        return Rating(colour=Colour.AMBER, reasons=amber)
    if not actions:
        return Rating(colour=Colour.NO_DATE, reasons=("No open action has an agreed date to hold it to",))
    return Rating(colour=Colour.GREEN, reasons=("Every open action is within its original date",))


def _red(actions: Sequence[ActionDates], missed: set[Level], on: date) -> tuple[str, ...]:
    late = [f"Action {one.name} is {(on - one.agreed).days} days past its agreed date" for one in actions if one.agreed < on]
    beyond = [
        f"Action {one.name} is forecast {(one.forecast - one.agreed).days} days after its agreed date"
        for one in actions
        if one.forecast is not None and one.forecast > one.agreed + TOLERATED
    ]
    return (*late, *beyond, *(["A missed update has climbed to the owning body"] if Level.BOARD in missed else []))


def _amber(actions: Sequence[ActionDates], missed: set[Level]) -> tuple[str, ...]:
    beyond = [
        f"Action {one.name} is forecast {(one.forecast - one.agreed).days} days after its agreed date"
        for one in actions
        if one.forecast is not None and one.agreed < one.forecast <= one.agreed + TOLERATED
    ]
    moved = [
        f"The agreed date of action {one.name} is {(one.agreed - one.original).days} days after the original"
        for one in actions
        if one.agreed > one.original
    ]
    return (*beyond, *moved, *(["An update was missed"] if missed and Level.BOARD not in missed else []))


def ratings(listed: RecommendationQuerySet, *, on: date) -> Mapping[int, Rating]:
    """The rating of each recommendation of a list, by its key, as it stood on a day. Three questions, however long the list."""
    statuses = listed.statuses_by_key(on=on)
    under_way = [pk for pk, status in statuses.items() if status in UNDER_WAY]
    actions, missed = _dates_of(under_way, on), _missed_of(under_way, on)
    return {
        pk: rate(status=Status(status), actions=actions.get(pk, ()), missed=missed.get(pk, ()), on=on) for pk, status in statuses.items()
    }


def _dates_of(recommendations: Sequence[int], on: date) -> Mapping[int, Sequence[ActionDates]]:
    found: dict[int, list[ActionDates]] = defaultdict(list)
    standing = Action.objects.filter(recommendation__in=recommendations).not_ended(on=on)
    for key, recommendation, number, original, agreed, forecast in standing.three_dates(on=on):
        found[key].append(ActionDates(name=f"{recommendation}.{number}", original=original, agreed=agreed, forecast=forecast))
    return found


def _missed_of(recommendations: Sequence[int], on: date) -> Mapping[int, set[Level]]:
    found: dict[int, set[Level]] = defaultdict(set)
    events = MissedUpdate.objects.filter(request__recommendation__in=recommendations, on__lte=on).exclude(request__update__on__lte=on)
    for key, level in events.order_by().values_list("request__recommendation", "level"):
        found[key].add(Level(level))
    return found
