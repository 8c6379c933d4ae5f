"""Does a roster meet the targets? The pool's own jobs played against it, week by week, by the engine of challenge.resources.

Weeks that happened are drawn with replacement and put one after the other; every roster of a pool meets the same weeks, so
that two rosters differ by their turns and not by luck. Jobs take the time that they took; nobody is lent by other pools.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bestvalue.analysis.challenge.resources_engine import run
from bestvalue.analysis.challenge.resources_model import (
    HOUR_US,
    HOURS_OF_WEEK,
    MINUTE_US,
    NEVER,
    SECOND_US,
    WEEK_US,
    Demand,
    Rules,
    World,
    whole_times,
)
from bestvalue.analysis.challenge.resources_prepare import prepared
from bestvalue.analysis.challenge.roster_cover import Pattern
from bestvalue.analysis.challenge.roster_jobs import Floats, Integers, Jobs

GOLDEN = (np.sqrt(5.0) - 1) / 2
WARM_UP_WEEKS = 1
DRAIN_US = 24 * HOUR_US
QUARTERS = 4
"""Parts of the day, from midnight, in each of which a target is to hold: a quiet night must not pay for a late evening."""

QUARTER_US = 24 * HOUR_US // QUARTERS


@dataclass(frozen=True, kw_only=True)
class Turns:
    """Turns of duty of a pool's units, every week: arrays (turns); minutes of the week and minutes."""

    unit: Integers
    start: Integers
    length: Integers
    pause: Integers

    @property
    def units(self) -> int:
        """Units with a turn."""
        return len(np.unique(self.unit))


@dataclass(frozen=True, kw_only=True)
class Replay:
    """Weeks of jobs drawn for one replication: what the engine plays, and how long each job may wait (NaN without a target).

    `week`: which week that happened each counted week is, array (weeks).
    """

    demand: Demand
    allowed_us: Floats
    grade: Integers
    counted: Integers
    week: Integers

    def count(self, weights: Floats | None = None, *, grades: int) -> Floats:
        """Counted jobs, or the sum of their weights, by drawn week, grade and part of the day: array (weeks, grades, 4)."""
        time = self.demand.time_us[self.counted]
        drawn = time // WEEK_US - WARM_UP_WEEKS
        cell = (drawn * grades + self.grade[self.counted]) * QUARTERS + time // QUARTER_US % QUARTERS
        size = (len(self.week), grades, QUARTERS)
        return np.bincount(cell, weights=weights, minlength=int(np.prod(size))).reshape(size).astype(np.float64)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Jobs with a target, and those of them in time, by drawn week, grade and part of the day: arrays (draws, grades, 4).

    `week`: which week that happened was drawn, array (draws); a week drawn twice is there twice.
    """

    week: Integers
    jobs: Floats
    good: Floats


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Share of the jobs of each grade reached in time: arrays (grades), NaN without a target; interval over the replications."""

    mean: Floats
    low: Floats
    high: Floats
    jobs: int
    tally: Tally


def replays(jobs: Jobs, *, weeks: int, weeks_each: int, replications: int, seed: int) -> tuple[Replay, ...]:
    """Draw the weeks that every roster of a pool is played against.

    Args:
        jobs: of the pool.
        weeks: of the period.
        weeks_each: weeks counted in each replication, after one that fills the pool.
        replications: how many.
        seed: of chance.
    """
    first = np.searchsorted(jobs.week, np.arange(weeks + 1))
    return tuple(
        _replay(jobs, first, np.random.Generator(np.random.Philox(key=[seed, number])).integers(0, weeks, weeks_each + WARM_UP_WEEKS))
        for number in range(replications)
    )


def _replay(jobs: Jobs, first: Integers, chosen: Integers) -> Replay:
    many = first[chosen + 1] - first[chosen]
    number = np.repeat(first[chosen] - np.cumsum(many) + many, many) + np.arange(many.sum())
    place = np.repeat(np.arange(len(chosen)), many)
    time = place * WEEK_US + jobs.second[number].astype(np.int64) * SECOND_US
    order = np.argsort(time, kind="stable")
    number, time = number[order], whole_times(time[order])
    size, end = len(number), len(chosen) * WEEK_US
    zeros = np.zeros(size, dtype=np.int32)
    demand = Demand(
        time_us=time,
        x_m=zeros,
        y_m=zeros,
        area=zeros.astype(np.int16),
        grade=jobs.grade[number].astype(np.int8),
        scene_us=(jobs.busy_seconds[number] * SECOND_US).astype(np.int64),
        count_from_us=WARM_UP_WEEKS * WEEK_US,
        end_us=end,
        stop_us=end + DRAIN_US,
    )
    allowed = jobs.allowed_seconds[number] * SECOND_US
    counted = np.flatnonzero((time >= demand.count_from_us) & ~np.isnan(allowed))
    return Replay(demand=demand, allowed_us=allowed, grade=jobs.grade[number], counted=counted, week=chosen[WARM_UP_WEEKS:])


def play(turns: Turns, drawn: tuple[Replay, ...], *, grades: tuple[str, ...], confidence: float) -> Shares:
    """Share of each grade in time when these units work these turns.

    Args:
        turns: who is on duty when.
        drawn: what comes.
        grades: names, most urgent first.
        confidence: level of the interval.
    """
    ready = prepared(_world(turns, len(grades)), _rules(grades))
    met = []
    for replay in drawn:
        rows = run(ready, replay.demand, keep_rows=True).rows
        if rows is None:
            raise RuntimeError("the engine was asked for rows and gave none")
        sent = rows.sent_us[replay.counted]
        waited = sent - replay.demand.time_us[replay.counted]
        allowed = replay.allowed_us[replay.counted]
        met.append((sent >= 0) & (allowed >= 0) & (waited <= allowed))
    return _shares(drawn, met, grades=len(grades), confidence=confidence)


def reachable_in(drawn: tuple[Replay, ...], *, grades: int) -> Shares:
    """Share of each grade that would be in time in these weeks if nobody waited."""
    met = [replay.allowed_us[replay.counted] >= 0 for replay in drawn]
    return _shares(drawn, met, grades=grades, confidence=0.95)


def _shares(drawn: tuple[Replay, ...], met: list[NDArray[np.bool_]], *, grades: int, confidence: float) -> Shares:
    """Mean and Student's interval over the replications; a replication without a job of a grade says nothing of it."""
    by_week = [replay.count(grades=grades) for replay in drawn]
    good_by_week = [replay.count(np.asarray(met[number], dtype=np.float64), grades=grades) for number, replay in enumerate(drawn)]
    tally = Tally(week=np.concatenate([replay.week for replay in drawn]), jobs=np.concatenate(by_week), good=np.concatenate(good_by_week))
    jobs, good = (np.array([one.sum(axis=0) for one in each]) for each in (by_week, good_by_week))
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = good.sum(axis=2) / jobs.sum(axis=2)
        known = np.sum(~np.isnan(shares), axis=0)
        mean = np.where(known > 0, np.nan_to_num(shares).sum(axis=0) / known, np.nan)
        spread = np.where(known > 1, np.where(np.isnan(shares), 0, (shares - mean) ** 2).sum(axis=0) / (known - 1), np.nan)
        half = stats.t.ppf((1 + confidence) / 2, np.maximum(known - 1, 1)) * np.sqrt(spread / known)
    return Shares(
        mean=mean,
        low=np.clip(mean - half, 0, 1),
        high=np.clip(mean + half, 0, 1),
        jobs=int(jobs.sum()),
        tally=tally,
    )


def _world(turns: Turns, grades: int) -> World:
    """One pool on one spot: how far it was to each job is in the time that the job took."""
    numbers, unit = np.unique(turns.unit, return_inverse=True)
    units = len(numbers)
    zeros = np.zeros(units, dtype=np.int32)
    return World(
        areas=("here",),
        pools=("pool",),
        borrows_from=np.zeros((1, 1), dtype=np.bool_),
        pool_keeps_idle=np.zeros(1, dtype=np.int32),
        pool_minimum_units=np.zeros(1, dtype=np.int32),
        unit_pool=zeros,
        unit_x_m=zeros,
        unit_y_m=zeros,
        unit_skills=np.zeros(units, dtype=np.uint64),
        unit_returns=np.zeros(units, dtype=np.bool_),
        shift_unit=unit.astype(np.int32),
        shift_from_us=turns.start * MINUTE_US,
        shift_to_us=(turns.start + turns.length) * MINUTE_US,
        shift_break_us=turns.pause * MINUTE_US,
        shift_break_after_us=breaks_after(turns) * MINUTE_US,
        pace_us_per_m=np.zeros((2, grades, HOURS_OF_WEEK)),
        start_us_per_root_m=np.zeros((2, grades)),
    )


def breaks_after(turns: Turns) -> Integers:
    """Minutes into each turn at which its break falls: in its middle half, and apart for those who begin together.

    Example: two who begin together.
        >>> both = np.zeros(2, dtype=np.int64)
        >>> breaks_after(Turns(unit=np.arange(2), start=both, length=both + 480, pause=both + 45)).tolist()
        [120, 268]
    """
    order = np.argsort(turns.start, kind="stable")
    starts = turns.start[order]
    place = np.empty(len(order), dtype=np.int64)
    # By their place among those who begin together: numbers of units that lie a number of Fibonacci apart would fall together.
    place[order] = np.arange(len(order)) - np.searchsorted(starts, starts)
    return np.asarray(turns.length * (0.25 + 0.5 * (place * GOLDEN % 1.0)), dtype=np.int64)


def _rules(grades: tuple[str, ...]) -> Rules:
    never = np.full(len(grades), NEVER, dtype=np.int64)
    return Rules(grades=grades, skills=(), borrow_after_us=never, target_us=never, support_target_us=never)


def turns_of_pattern(pattern: Pattern, *, breaks_taken: bool = True) -> Turns:
    """Each crew of a pattern as a unit; without its breaks where they take no unit away from jobs."""
    rows: list[tuple[int, int, int, int]] = []
    unit = 0
    for line, crews in zip(pattern.lines, pattern.crews, strict=True):
        for _ in range(int(crews)):
            rows += [(unit, start, round(60 * line.hours), line.break_minutes * breaks_taken) for start in line.starts]
            unit += 1
    return _turns(rows)


def turns_of_need(need: Integers, *, pause_minutes: int, pause_after_minutes: int = 360) -> Turns:
    """Units that are on duty exactly as the need says: for each level, in each run of hours that reaches it.

    A run is parted into eight-hour turns, each of a unit of its own: who is out when a turn ends finishes the job while the next
    comes on, as in a roster. In short runs that gives a little too much, which is why the pattern is played as well.

    Args:
        need: units by hour of the week, array (168).
        pause_minutes: meal break of a turn longer than `pause_after_minutes`.
        pause_after_minutes: see there.

    Example: one unit at all hours, two in the first three of the week.
        >>> levels = np.ones(168, dtype=np.int64)
        >>> levels[:3] = 2
        >>> turns = turns_of_need(levels, pause_minutes=45)
        >>> len(turns.start), int(turns.length.sum()) // 60
        (22, 171)
    """
    rows: list[tuple[int, int, int, int]] = []
    for level in range(1, int(need.max(initial=0)) + 1):
        there = need >= level
        edges = np.flatnonzero(np.diff(there.astype(np.int8), prepend=0, append=0))
        for begin, end in zip(edges[::2], edges[1::2], strict=True):
            for hour in range(int(begin), int(end), 8):
                length = 60 * (min(hour + 8, int(end)) - hour)
                rows.append((len(rows), 60 * hour, length, pause_minutes if length > pause_after_minutes else 0))
    return _turns(rows)


def _turns(rows: list[tuple[int, int, int, int]]) -> Turns:
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return Turns(unit=table[:, 0], start=table[:, 1], length=table[:, 2], pause=table[:, 3])
