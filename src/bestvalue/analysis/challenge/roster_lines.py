"""Which weeks of work are allowed? Lines: so many turns of one length in a row, then days off, held against the working-time limits."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.challenge.roster_jobs import Floats
from bestvalue.analysis.challenge.roster_need import HOURS
from bestvalue.analysis.working_time import (
    Turns,
    WorkingTimeLimits,
    daily_rest_breaches,
    highest_night_average,
    highest_weekly_average,
    hours_by_day,
    lacks_break,
    night_workers,
    weekly_rest_breaches,
)
from bestvalue.errors import SpecError

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_KIND = re.compile(r"^\s*(\d{1,2}(?:\.5)?)\s*x\s*([1-7])\s*$", re.IGNORECASE)
_START = re.compile(r"^\s*([01]?\d|2[0-3]):([0-5]\d)\s*$")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One crew's week: `days` turns in a row from `first_day` (0 Monday), each from `start_minute` for `hours`, every week the same.

    Crews take turns on the lines and change over on their days off.
    """

    hours: float
    days: int
    first_day: int
    start_minute: int
    break_minutes: int

    @property
    def weekly_hours(self) -> float:
        """Hours on duty in a week."""
        return self.hours * self.days

    @property
    def starts(self) -> tuple[int, ...]:
        """Minute of the week at which each turn begins."""
        return tuple((self.first_day + day) % 7 * 1_440 + self.start_minute for day in range(self.days))

    @property
    def words(self) -> str:
        """As a roster prints it."""
        hour, minute = divmod(self.start_minute, 60)
        return f"{self.days} turns of {self.hours:g} hours from {hour:02d}:{minute:02d}, beginning on {WEEKDAYS[self.first_day]}"


def allowed_lines(kinds: tuple[str, ...], starts: tuple[str, ...], *, break_minutes: int, limits: WorkingTimeLimits) -> tuple[Line, ...]:
    """Every line of these kinds and starts that keeps the working-time limits when it is worked week after week.

    Args:
        kinds: "8x5" is five turns of eight hours.
        starts: clock times, "07:00"; every full hour where empty.
        break_minutes: meal break in a turn of more than six hours.
        limits: the limits.

    Raises:
        SpecError: a kind or start that cannot be read, or no line keeps the limits.

    Example:
        >>> lines = allowed_lines(("8x5", "12x7"), ("07:00",), break_minutes=45, limits=WorkingTimeLimits())
        >>> len(lines), lines[0].words
        (7, '5 turns of 8 hours from 07:00, beginning on Monday')
    """
    minutes = [_start(start) for start in starts] or [60 * hour for hour in range(24)]
    shapes = [_kind(kind) for kind in kinds]
    lines = [
        Line(hours=hours, days=days, first_day=first, start_minute=minute, break_minutes=break_minutes if hours > 6 else 0)
        for hours, days in shapes
        for minute in sorted(set(minutes))
        for first in range(7)
    ]
    kept = tuple(line for line in lines if keeps_limits(line, limits))
    if not kept:
        raise SpecError(
            f"None of {len(lines)} lines keeps the limits of working time",
            where="lines",
            next_step="Allow shorter turns, fewer in a row, or longer breaks; 8x5 keeps them.",
        )
    return kept


def _kind(text: str) -> tuple[float, int]:
    found = _KIND.match(text)
    if not found or not 0 < float(found[1]) <= 24:
        raise SpecError(f"{text!r} is no kind of line", where="lines", next_step="Write hours x turns, for example 8x5 or 10x4.")
    return float(found[1]), int(found[2])


def _start(text: str) -> int:
    found = _START.match(text)
    if not found:
        raise SpecError(f"{text!r} is no time of day", where="starts", next_step="Write hours and minutes, for example 07:00.")
    return 60 * int(found[1]) + int(found[2])


def keeps_limits(line: Line, limits: WorkingTimeLimits) -> bool:
    """Does a person who works this line every week get the rest that the law asks for?

    Example: seven days of ten hours leave no day off.
        >>> line = Line(hours=10, days=7, first_day=0, start_minute=420, break_minutes=45)
        >>> keeps_limits(line, WorkingTimeLimits())
        False
    """
    weeks = 2 * limits.weekly_weeks
    start = np.sort(np.add.outer(np.arange(weeks) * HOURS, np.array(line.starts) / 60).ravel())
    end = start + line.hours
    if (start[1:] < end[:-1]).any():
        return False
    turns = Turns(person=np.zeros(len(start), dtype=np.int64), start=start, end=end)
    by_day = hours_by_day(turns, days=7 * weeks)
    nights = bool(night_workers(turns, limits)[0])
    return not (
        daily_rest_breaches(turns, limits).any()
        or weekly_rest_breaches(turns, limits, weeks=weeks).any()
        or highest_weekly_average(by_day, limits)[0] > limits.weekly_hours + 1e-9
        or (nights and highest_night_average(by_day, limits)[0] > limits.night_hours + 1e-9)
        or lacks_break(turn_hours=line.hours, break_minutes=line.break_minutes, limits=limits)
    )


def cover(starts_minute: NDArray[np.int64], lengths_minute: NDArray[np.int64], count: Floats) -> Floats:
    """Units on duty in each hour of the week, mean over the hour, array (168); turns run on over the end of the week into its start.

    Args:
        starts_minute: minute of the week, array (turns).
        lengths_minute: of each turn.
        count: how many units work it.

    Example: a turn from 23:30 on Sunday for an hour.
        >>> on_duty = cover(np.array([7 * 1440 - 30]), np.array([60]), np.array([2.0]))
        >>> float(on_duty[167]), float(on_duty[0])
        (1.0, 1.0)
    """
    on_duty = np.zeros(HOURS)
    start, end = starts_minute / 60, (starts_minute + lengths_minute) / 60
    first = np.floor(start).astype(np.int64)
    for offset in range(int(np.ceil((end - first).max(initial=0.0)))):
        hour = first + offset
        inside = np.clip(np.minimum(end, hour + 1) - np.maximum(start, hour), 0.0, None)
        np.add.at(on_duty, hour % HOURS, inside * count)
    return on_duty


def line_cover(line: Line) -> Floats:
    """Hours of the week that one crew on this line covers, array (168)."""
    starts = np.array(line.starts, dtype=np.int64)
    return cover(starts, np.full(len(starts), round(60 * line.hours)), np.ones(len(starts)))
