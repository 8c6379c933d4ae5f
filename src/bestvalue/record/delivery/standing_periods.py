"""How did a recommendation stand, from which day until which? Its dated series, laid beside one another as periods without a gap."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Generic, TypeVar

from bestvalue.record.delivery.life_cycle import ENDED, State

Value = TypeVar("Value")
TOLERATED = timedelta(days=28)
"""A forecast that is later than the agreed date by more than this makes red; by less, amber."""
FOR_NOW = date.max
"""The end of a period that nothing has ended yet. A date, not nothing: so one comparison finds the period of any day."""
CLIMBED = ("", "lead", "sponsor", "board")
"""How far missed updates have climbed, lowest first."""


@dataclass(frozen=True, kw_only=True)
class Entry(Generic[Value]):
    """One entry of a series: from a day on, this holds. Of two entries of one day the one with the higher number counts."""

    on: date
    number: int
    value: Value


@dataclass(frozen=True, kw_only=True)
class ActionSeries:
    """One action: the date set at approval, and what was said of it later."""

    original: date
    states: Sequence[Entry[str]] = ()
    agreed: Sequence[Entry[date]] = ()
    forecasts: Sequence[Entry[date]] = ()


@dataclass(frozen=True, kw_only=True)
class Missed:
    """A missed update had climbed so far from a day on, until the update came; nothing where it has not come."""

    on: date
    answered: date | None
    level: str


@dataclass(frozen=True, kw_only=True)
class Owner:
    """The keys of the body that owns it and the person who leads it."""

    body: int
    lead: int


@dataclass(frozen=True, kw_only=True)
class Series:
    """All that is dated about one recommendation."""

    statuses: Sequence[Entry[str]]
    owners: Sequence[Entry[Owner]] = ()
    actions: Sequence[ActionSeries] = ()
    missed: Sequence[Missed] = field(default=())


@dataclass(frozen=True, kw_only=True)
class Stood:
    """How it stood through one period.

    Args:
        status: of the recommendation.
        status_since: the day of that status.
        owner: who owned and led it; None while nobody did.
        open_actions: how many of its actions had not ended.
        first_agreed: the earliest agreed date of these; None without one.
        due: the latest of them.
        slipped_days: how far the owning body had moved the furthest moved of these beyond its original date; 0 where none was moved.
        is_slipped: one was agreed later than first planned, or forecast later than agreed.
        is_far_beyond: one was forecast more than 28 days after its agreed date.
        missed: how far a missed update had climbed; empty where none was missed.
    """

    status: str
    status_since: date
    owner: Owner | None
    open_actions: int
    first_agreed: date | None
    due: date | None
    slipped_days: int
    is_slipped: bool
    is_far_beyond: bool
    missed: str


@dataclass(frozen=True, kw_only=True)
class Period:
    """From a day until the day before another."""

    starts: date
    until: date
    stood: Stood


def periods(series: Series) -> tuple[Period, ...]:
    """The periods of one recommendation, from the day that it was made on; together they leave no day out.

    Example: made in March, accepted in May.
        >>> made = Entry(on=date(2026, 3, 1), number=1, value="made")
        >>> accepted = Entry(on=date(2026, 5, 1), number=2, value="accepted")
        >>> [(one.starts.month, one.until.month, one.stood.status) for one in periods(Series(statuses=[made, accepted]))]
        [(3, 5, 'made'), (5, 12, 'accepted')]
    """
    if not series.statuses:
        return ()
    first = min(entry.on for entry in series.statuses)
    found: list[tuple[date, Stood]] = []
    for day in sorted({day for day in _days(series) if day > first} | {first}):
        stood = _stood(series, day)
        if not found or found[-1][1] != stood:
            found.append((day, stood))
    ends = [*(starts for starts, _ in found[1:]), FOR_NOW]
    return tuple(Period(starts=starts, until=until, stood=stood) for (starts, stood), until in zip(found, ends, strict=True))


def _days(series: Series) -> Iterable[date]:
    yield from (entry.on for entry in series.statuses)
    yield from (entry.on for entry in series.owners)
    for action in series.actions:
        yield from (entry.on for entry in action.states)
        yield from (entry.on for entry in (*action.agreed, *action.forecasts))
    for missed in series.missed:
        yield missed.on
        if missed.answered is not None:
            yield missed.answered


def _stood(series: Series, on: date) -> Stood:
    status, owner = _newest(series.statuses, on), _newest(series.owners, on)
    if status is None:
        raise ValueError("a period begins with a status")
    dates = [_dates(action, on) for action in series.actions if not _has_ended(action, on)]
    agreed = [one for _, one, _ in dates]
    ahead = [expected - one for _, one, expected in dates if expected is not None]
    granted = [(one - original).days for original, one, _ in dates]
    climbed = [missed.level for missed in series.missed if missed.on <= on and (missed.answered is None or missed.answered > on)]
    return Stood(
        status=status.value,
        status_since=status.on,
        owner=owner.value if owner else None,
        open_actions=len(dates),
        first_agreed=min(agreed, default=None),
        due=max(agreed, default=None),
        slipped_days=max(0, *granted) if granted else 0,
        is_slipped=any(days > 0 for days in granted) or any(beyond > timedelta(0) for beyond in ahead),
        is_far_beyond=any(beyond > TOLERATED for beyond in ahead),
        missed=max(climbed, key=CLIMBED.index, default=""),
    )


def _dates(action: ActionSeries, on: date) -> tuple[date, date, date | None]:
    agreed, forecast = _newest(action.agreed, on), _newest(action.forecasts, on)
    return action.original, agreed.value if agreed else action.original, forecast.value if forecast else None


def _has_ended(action: ActionSeries, on: date) -> bool:
    newest = _newest(action.states, on)
    return newest is not None and State(newest.value) in ENDED


def _newest(entries: Sequence[Entry[Value]], on: date) -> Entry[Value] | None:
    return max((entry for entry in entries if entry.on <= on), key=lambda entry: (entry.on, entry.number), default=None)
