"""Red, amber or green by rule, not by opinion: every colour comes with the facts that made it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from bestvalue.record.delivery.life_cycle import ENDED, UNANSWERED, UNDER_WAY, Status
from bestvalue.record.delivery.models import Action, Colour, Level, MissedUpdate, Recommendation, RecommendationQuerySet
from bestvalue.record.delivery.standing_periods import TOLERATED


class ActionDates(NamedTuple):
    """One open action as it stood: its three dates. A tuple, because a large register makes tens of thousands of them."""

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
    colour, levels = _colour(status, actions, frozenset(missed), on), set(missed)
    said: Mapping[Colour, tuple[str, ...]] = {
        Colour.RED: (*_red(actions, levels, on), *_amber(actions, levels)),
        Colour.AMBER: _amber(actions, levels),
        Colour.NO_DATE: ("No open action has an agreed date to hold it to",),
        Colour.GREEN: ("Every open action is within its original date",),
    }
    return Rating(colour=colour, reasons=said.get(colour, ()))


def _colour(status: Status, actions: Sequence[ActionDates], missed: frozenset[Level], on: date) -> Colour:
    if status not in UNDER_WAY:
        return Colour.UNANSWERED if status in UNANSWERED else Colour.ENDED
    if Level.BOARD in missed or any(one.agreed < on or _is_far_beyond(one) for one in actions):
        return Colour.RED
    if missed or any(one.agreed > one.original or _is_beyond(one) for one in actions):
        return Colour.AMBER
    return Colour.GREEN if actions else Colour.NO_DATE


def _is_beyond(one: ActionDates) -> bool:
    return one.forecast is not None and one.forecast > one.agreed


def _is_far_beyond(one: ActionDates) -> bool:
    return one.forecast is not None and one.forecast > one.agreed + TOLERATED


def _red(actions: Sequence[ActionDates], missed: set[Level], on: date) -> tuple[str, ...]:
    late = [f"Action {one.name} is {_days(one.agreed, on)} past its agreed date" for one in actions if one.agreed < on]
    beyond = [_forecast_words(one) for one in actions if _is_far_beyond(one)]
    return (*late, *beyond, *(["A missed update has climbed to the owning body"] if Level.BOARD in missed else []))


def _amber(actions: Sequence[ActionDates], missed: set[Level]) -> tuple[str, ...]:
    beyond = [_forecast_words(one) for one in actions if _is_beyond(one) and not _is_far_beyond(one)]
    moved = [
        f"The agreed date of action {one.name} is {_days(one.original, one.agreed)} after the original"
        for one in actions
        if one.agreed > one.original
    ]
    return (*beyond, *moved, *(["An update was missed"] if missed and Level.BOARD not in missed else []))


def _forecast_words(one: ActionDates) -> str:
    return f"Action {one.name} is forecast {_days(one.agreed, one.forecast or one.agreed)} after its agreed date"


def _days(first: date, last: date) -> str:
    days = (last - first).days
    return "1 day" if days == 1 else f"{days} days"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one recommendation stood on a day.

    Args:
        status: of the recommendation.
        actions: its open ones.
        missed: how far its missed and unanswered updates had climbed.
        colour: that the rules make of these.
        is_late: it was under way, with an action past its agreed date.
    """

    status: Status
    actions: Sequence[ActionDates]
    missed: frozenset[Level]
    colour: Colour
    is_late: bool

    def rating(self, *, on: date) -> Rating:
        """The colour with its reasons; these are worked out only for the rows that somebody reads."""
        return rate(status=self.status, actions=self.actions, missed=self.missed, on=on)


def standings(listed: RecommendationQuerySet, *, on: date) -> Mapping[int, Standing]:
    """How each recommendation of a list stood on a day, by its key, in the order of the list. Three questions, however long it is."""
    statuses = listed.statuses_by_key(on=on)
    keys = listed.order_by().values("pk")
    actions, missed = _dates_of(keys, on), _missed_of(keys, on)
    found = {}
    for pk, words in statuses.items():
        status = Status(words)
        dates, levels = actions.get(pk, ()), missed.get(pk, NONE)
        is_late = status in UNDER_WAY and any(one.agreed < on for one in dates)
        colour = _colour(status, dates, levels, on)
        found[pk] = Standing(status=status, actions=dates, missed=levels, colour=colour, is_late=is_late)
    return found


def ratings(statuses: Mapping[int, Status], *, on: date) -> Mapping[int, Rating]:
    """The colours with their reasons of the few recommendations that a page shows, by their keys; two questions.

    Args:
        statuses: how each stood on the day, by its key.
        on: the day.
    """
    actions, missed = _dates_of(list(statuses), on), _missed_of(list(statuses), on)
    return {pk: rate(status=status, actions=actions.get(pk, ()), missed=missed.get(pk, NONE), on=on) for pk, status in statuses.items()}


def rating_of(found: Recommendation, *, status: Status, actions: Iterable[Action], on: date) -> Rating:
    """The rating of one recommendation whose status and actions have been read already; one question more.

    Args:
        found: the recommendation.
        status: how it stood on the day.
        actions: its actions, as `standing` reads them.
        on: the day.
    """
    dates = [
        ActionDates(action.name, action.original_date, action.agreed_then, action.forecast_then)
        for action in actions
        if action.state_then not in ENDED
    ]
    events = MissedUpdate.objects.filter(request__recommendation=found, on__lte=on).exclude(request__update__on__lte=on)
    return rate(status=status, actions=dates, missed=[Level(event.level) for event in events], on=on)


NONE: frozenset[Level] = frozenset()


def _dates_of(keys: Any, on: date) -> Mapping[int, Sequence[ActionDates]]:
    found: dict[int, list[ActionDates]] = defaultdict(list)
    for key, number, place, original, agreed, forecast in (
        Action.objects.filter(recommendation__in=keys).not_ended(on=on).three_dates(on=on)
    ):
        found[key].append(ActionDates(f"{number}.{place}", original, agreed, forecast))
    return found


def _missed_of(keys: Any, on: date) -> Mapping[int, frozenset[Level]]:
    found: dict[int, set[Level]] = defaultdict(set)
    events = MissedUpdate.objects.filter(request__recommendation__in=keys, on__lte=on).exclude(request__update__on__lte=on)
    for key, level in events.order_by().values_list("request__recommendation", "level"):
        found[key].add(Level(level))
    return {key: frozenset(levels) for key, levels in found.items()}
