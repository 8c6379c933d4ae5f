"""Do people get the rest that the law asks for? The limits of the Working Time Regulations 1998 as checks of arrays of turns.

The turns of all people come as one `Turns`: sorted by person and start, in hours from one origin that is a Monday 00:00, in
elapsed time (so that a night on which the clocks change has its true length). Turns of one person that overlap or touch are
joined first by `joined`.

Source: Working Time Regulations 1998 (SI 1998/1833), regs. 2, 4, 6, 10, 11 and 12; they hold for police officers by reg. 41.
What may stand in place of a limit (compensatory rest, reg. 24; an opt-out, reg. 5) is not in such data.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DAY, WEEK = 24.0, 168.0
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class WorkingTimeLimits:
    """The limits, in the regulations' words.

    Args:
        weekly_hours, weekly_weeks: average in seven days over any period of so many weeks (reg. 4).
        daily_rest_hours: consecutive hours in each 24-hour period in which a person works (reg. 10).
        weekly_rest_hours: uninterrupted in each seven days, or twice that in each fourteen (reg. 11).
        night_hours: average normal hours of a night worker in each 24 hours (reg. 6).
        night_starts, night_ends: hour of the clock; night time where no agreement says otherwise (reg. 2).
        night_turn_hours: of night time that make a turn a night turn (reg. 2).
        break_after_hours, break_minutes: a turn longer than this has a break at least so long (reg. 12).
    """

    source: str = "Working Time Regulations 1998 (SI 1998/1833)"
    weekly_hours: float = 48.0
    weekly_weeks: int = 17
    daily_rest_hours: float = 11.0
    weekly_rest_hours: float = 24.0
    night_hours: float = 8.0
    night_starts: float = 23.0
    night_ends: float = 6.0
    night_turn_hours: float = 3.0
    break_after_hours: float = 6.0
    break_minutes: int = 20


@dataclass(frozen=True, kw_only=True)
class Turns:
    """Turns of duty, sorted by person and start: arrays (turns); `start` and `end` in hours from a Monday 00:00."""

    person: Integers
    start: Floats
    end: Floats

    def __len__(self) -> int:
        return len(self.person)


def joined(turns: Turns) -> tuple[Turns, int]:
    """Turns of one person that overlap or touch as one turn, and how many overlapped.

    Example: 0-8 and 6-10 overlap, and are one turn of ten hours.
        >>> one, overlapping = joined(Turns(person=np.array([1, 1]), start=np.array([0.0, 6.0]), end=np.array([8.0, 10.0])))
        >>> one.start.tolist(), one.end.tolist(), overlapping
        ([0.0], [10.0], 1)
    """
    if len(turns) == 0:
        return turns, 0
    # Each person's times are moved to a stretch of their own, so that one running maximum serves all.
    stretch = float(turns.end.max() - turns.start.min()) + 1.0
    moved = np.unique(turns.person, return_inverse=True)[1] * stretch - turns.start.min()
    reached = np.maximum.accumulate(turns.end + moved)
    before = np.concatenate([[-np.inf], reached[:-1]])
    begins = turns.start + moved > before
    overlapping = int(np.sum(turns.start + moved < before))
    first = np.flatnonzero(begins)
    last = np.concatenate([first[1:], [len(turns)]]) - 1
    return Turns(person=turns.person[first], start=turns.start[first], end=reached[last] - moved[last]), overlapping


def daily_rest_hours(turns: Turns) -> Floats:
    """Longest rest within the 24 hours from the start of each turn, array (turns); 24 less its length where no other follows.

    Example: 15:00 to 23:00 and again at 07:00 leaves eight hours.
        >>> daily_rest_hours(Turns(person=np.array([1, 1]), start=np.array([15.0, 31.0]), end=np.array([23.0, 39.0]))).tolist()
        [8.0, 16.0]
    """
    longest = np.zeros(len(turns))
    until = turns.start + DAY
    ahead = 0
    looking = np.arange(len(turns))
    while len(looking):
        turn = looking + ahead
        following = np.minimum(turn + 1, len(turns) - 1)
        same = (turn + 1 < len(turns)) & (turns.person[following] == turns.person[looking])
        next_start = np.where(same, turns.start[following], np.inf)
        rest = np.minimum(next_start, until[looking]) - turns.end[turn]
        longest[looking] = np.maximum(longest[looking], rest)
        looking = looking[next_start < until[looking]]
        ahead += 1
    return longest


def daily_rest_breaches(turns: Turns, limits: WorkingTimeLimits) -> Flags:
    """Which turns begin a 24-hour period without the daily rest; periods of one person do not overlap, so none counts twice."""
    short = daily_rest_hours(turns) < limits.daily_rest_hours
    breach = np.zeros(len(turns), dtype=np.bool_)
    covered: dict[int, float] = {}
    for turn in np.flatnonzero(short):
        person = int(turns.person[turn])
        if turns.start[turn] >= covered.get(person, -np.inf):
            breach[turn] = True
            covered[person] = float(turns.start[turn]) + DAY
    return breach


def weekly_rest_breaches(turns: Turns, limits: WorkingTimeLimits, *, weeks: int) -> Flags:
    """Weeks (Monday to Sunday) without the weekly rest that their fortnight does not make good, array (people, weeks).

    People are in order of their number. A fortnight is two weeks counted from the origin: it makes good when it holds two
    rests as long as the weekly one, or one twice as long (reg. 11(2)).

    Args:
        turns: joined turns.
        limits: the limits.
        weeks: how many weeks from the origin to check; work outside is left out.
    """
    people, person = np.unique(turns.person, return_inverse=True)
    until, least = weeks * WEEK, limits.weekly_rest_hours
    by_week = _rests(turns, person, len(people), until=until, length=WEEK, least=least)
    by_fortnight = _rests(turns, person, len(people), until=until, length=2 * WEEK, least=least)
    good = np.repeat(by_fortnight >= 2, 2, axis=1)[:, :weeks]
    return (by_week < 1) & ~good


def _rests(turns: Turns, person: Integers, people: int, *, until: float, length: float, least: float) -> Integers:
    """How many rests of `least` hours lie within each period up to `until`, array (people, periods); one of twice as long is two."""
    periods = int(np.ceil(until / length))
    last = np.concatenate([person[1:] != person[:-1], [True]]) if len(person) else np.zeros(0, dtype=np.bool_)
    first = np.roll(last, 1)
    gap_from = np.concatenate([turns.end, np.zeros(int(first.sum()))])
    gap_to = np.concatenate([np.where(last, until, np.roll(turns.start, -1)), turns.start[first]])
    whose = np.concatenate([person, person[first]])
    gap_from, gap_to = np.clip(gap_from, 0.0, until), np.clip(gap_to, 0.0, until)
    counts = np.zeros((people, periods), dtype=np.int64)
    from_period = np.minimum(gap_from // length, periods - 1).astype(np.int64)
    longest = int((gap_to - gap_from).max(initial=0.0) // length) + 1
    for offset in range(longest + 1):
        period = from_period + offset
        inside = np.minimum(gap_to, (period + 1) * length) - np.maximum(gap_from, period * length)
        fits = (period < periods) & (inside >= least)
        np.add.at(counts, (whose[fits], period[fits]), (inside[fits] // least).astype(np.int64))
    return counts


def hours_by_day(turns: Turns, *, days: int) -> Floats:
    """Hours that each person worked on each day from the origin, array (people in order of number, days)."""
    people, person = np.unique(turns.person, return_inverse=True)
    hours = np.zeros((len(people), days))
    from_day = (turns.start // DAY).astype(np.int64)
    longest = int(((turns.end - from_day * DAY) // DAY).max(initial=0.0))
    for offset in range(longest + 1):
        day = from_day + offset
        inside = np.minimum(turns.end, (day + 1) * DAY) - np.maximum(turns.start, day * DAY)
        counts = (day >= 0) & (day < days) & (inside > 0)
        np.add.at(hours, (person[counts], day[counts]), inside[counts])
    return hours


def highest_weekly_average(by_day: Floats, limits: WorkingTimeLimits) -> Floats:
    """Highest average hours in seven days over any 17 weeks (over the whole where that is shorter), array (people).

    Args:
        by_day: hours, array (people, days), excluded days (leave, sickness) taken out by whoever knows them (reg. 4(6)):
            with none taken out the average is a lower bound.
        limits: the limits.

    Example: eleven hours every day of seventeen weeks.
        >>> highest_weekly_average(np.full((1, 119), 11.0), WorkingTimeLimits()).tolist()
        [77.0]
    """
    days = min(7 * limits.weekly_weeks, by_day.shape[1])
    if days == 0:
        return np.zeros(len(by_day))
    running = np.concatenate([np.zeros((len(by_day), 1)), np.cumsum(by_day, axis=1)], axis=1)
    return np.asarray((running[:, days:] - running[:, :-days]).max(axis=1) * 7 / days)


def night_hours(turns: Turns, limits: WorkingTimeLimits) -> Floats:
    """Hours of night time in each turn, array (turns).

    Example: 22:00 to 07:00 holds the whole night, 23:00 to 06:00.
        >>> night_hours(Turns(person=np.array([1]), start=np.array([22.0]), end=np.array([31.0])), WorkingTimeLimits()).tolist()
        [7.0]
    """
    hours = np.zeros(len(turns))
    length = (limits.night_ends - limits.night_starts) % DAY
    first = turns.start // DAY - 1
    for offset in range(int(((turns.end - first * DAY) // DAY).max(initial=0.0)) + 1):
        night = (first + offset) * DAY + limits.night_starts
        hours += np.maximum(0.0, np.minimum(turns.end, night + length) - np.maximum(turns.start, night))
    return hours


def night_workers(turns: Turns, limits: WorkingTimeLimits) -> Flags:
    """Who works at night as a normal course: on most of their turns, array (people in order of number)."""
    people, person = np.unique(turns.person, return_inverse=True)
    at_night = night_hours(turns, limits) >= limits.night_turn_hours
    return np.asarray(2 * np.bincount(person, weights=at_night, minlength=len(people)) > np.bincount(person, minlength=len(people)))


def highest_night_average(by_day: Floats, limits: WorkingTimeLimits) -> Floats:
    """Highest average hours in 24 over any 17 weeks, array (people): A / (B - C) of reg. 6(5).

    A are the hours worked, B the days, C the days of weekly rest that the person is due: one in seven. So 816 hours in
    seventeen weeks are eight in twenty-four.

    Example:
        >>> highest_night_average(np.full((1, 119), 816 / 119), WorkingTimeLimits()).round(9).tolist()
        [8.0]
    """
    return highest_weekly_average(by_day, limits) / 6


def longest_run_of_days(by_day: Floats) -> Integers:
    """Most days worked one after the other, array (people)."""
    return np.asarray(runs_of_days(by_day).max(axis=1, initial=0))


def runs_of_days(by_day: Floats) -> Integers:
    """Length of the run of worked days that ends on each day, 0 where it goes on or nothing is worked, array (people, days).

    Example: two days, a day off, one day.
        >>> runs_of_days(np.array([[8.0, 8.0, 0.0, 8.0]])).tolist()
        [[0, 2, 0, 1]]
    """
    worked = by_day > 0
    running = np.zeros(by_day.shape, dtype=np.int64)
    current = np.zeros(len(by_day), dtype=np.int64)
    for day in range(by_day.shape[1]):
        current = np.where(worked[:, day], current + 1, 0)
        running[:, day] = current
    ends = worked & ~np.concatenate([worked[:, 1:], np.zeros((len(by_day), 1), dtype=np.bool_)], axis=1)
    return np.where(ends, running, 0)


def lacks_break(*, turn_hours: float, break_minutes: float | None, limits: WorkingTimeLimits) -> bool:
    """Is a turn longer than six hours planned without a break of twenty minutes? A break that is not known is none.

    Example:
        >>> limits = WorkingTimeLimits()
        >>> [lacks_break(turn_hours=hours, break_minutes=minutes, limits=limits) for hours, minutes in ((6, 0), (8, 15), (8, 20))]
        [False, True, False]
    """
    return turn_hours > limits.break_after_hours and (break_minutes or 0) < limits.break_minutes
