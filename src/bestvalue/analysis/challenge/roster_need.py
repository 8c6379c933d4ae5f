"""How many units must be on duty in each hour of the week? Load with its carry-over, and a queueing formula as the first answer.

Load: the mean number of units that would be busy if every job got its unit at once, hour by hour. A job that begins at 22:50
and takes two hours loads the hours to come, so the load lags behind the calls (the modified offered load: Jennings, Mandelbaum,
Massey & Whitt 1996, Management Science 42). For each hour the least number of units is taken with which M/M/c with priorities
(Cobham 1954) meets every target. The simulation then says whether that was enough.
"""

from dataclasses import dataclass, replace

import numpy as np

from bestvalue.analysis.challenge.roster_jobs import Floats, Integers, Jobs
from bestvalue.analysis.queueing import chances_of_waiting, waits_of_the_waiting

HOURS = 168
HOUR_SECONDS = 3_600.0
QUANTILES = 101
"""Steps by which the spread of allowed waits is followed."""

MOST_UNITS = 2_000

FORMULA_GIVE = 0.005
"""How near to what can be reached at all the formula is driven: the last jobs in time would cost units without end."""


@dataclass(frozen=True, kw_only=True)
class Load:
    """Units that would be busy if nobody waited, by hour of the week.

    Args:
        mean: array (168).
        error: standard error of the mean from the spread of the weeks, array (168).
        share: of each grade in the load, array (grades).
        mean_busy_hours: of a job.
    """

    mean: Floats
    error: Floats
    share: Floats
    mean_busy_hours: float


def offered_load(jobs: Jobs, *, weeks: int, grades: int) -> Load:
    """Load of a pool in each hour of the week.

    Args:
        jobs: of the pool.
        weeks: of the period.
        grades: how many there are.
    """
    by_week = np.zeros((weeks, HOURS))
    start = jobs.second / HOUR_SECONDS
    end = start + jobs.busy_seconds / HOUR_SECONDS
    first = np.floor(start).astype(np.int64)
    for offset in range(int(np.ceil((end - first).max(initial=0.0)))):
        hour = first + offset
        inside = np.minimum(end, hour + 1) - np.maximum(start, hour)
        counts = inside > 0
        # What runs over the end of the last week loads the first hours of the first: the weeks are a ring.
        week = (jobs.week[counts] + hour[counts] // HOURS) % weeks
        np.add.at(by_week, (week, hour[counts] % HOURS), inside[counts])
    busy = np.bincount(jobs.grade, weights=jobs.busy_seconds, minlength=grades)
    return Load(
        mean=by_week.mean(axis=0),
        error=by_week.std(axis=0, ddof=1) / np.sqrt(weeks) if weeks > 1 else np.full(HOURS, np.nan),
        share=busy / max(float(busy.sum()), 1e-9),
        mean_busy_hours=float(jobs.busy_seconds.mean() / HOUR_SECONDS) if len(jobs) else 0.0,
    )


def in_time_shares(load: Floats, units: Integers, *, shares: Floats, mean_busy_hours: float, allowed_hours: list[Floats]) -> Floats:
    """Share of each grade that waits no longer than it may, array (grades, n); by M/M/c with priorities, first come first served in each.

    The wait of who waits is taken as exponential around Cobham's mean: exact for one grade, near enough for a first answer.

    Args:
        load: erlangs, array (n).
        units: array (n).
        shares: of each grade in the load, in order of priority.
        mean_busy_hours: mean of a job.
        allowed_hours: for each grade the allowed waits, below 0 where even no wait is too long; empty without target.
    """
    waiting = chances_of_waiting(load_erlangs=load, units=units)
    waits = waits_of_the_waiting(load_erlangs=shares[:, None] * load, units=units, mean_job_hours=mean_busy_hours)
    found = np.ones((len(shares), len(load)))
    for grade, allowed in enumerate(allowed_hours):
        if len(allowed):
            longer = waiting * np.exp(-np.maximum(allowed, 0.0)[:, None] / waits[grade])
            met = np.where(allowed[:, None] >= 0, 1 - longer, 0.0).mean(axis=0)
            found[grade] = np.where(np.isfinite(waits[grade]) & (load < units), met, 0.0)
    return found


def first_need(load: Load, jobs: Jobs, *, wanted: Floats, least: int) -> Integers:
    """Least units in each hour of the week with which the formula meets every target, array (168).

    Args:
        load: of the pool, with breaks (`with_breaks`).
        jobs: for how long they may wait.
        wanted: share in time of each grade, NaN without a target.
        least: units that must be there at any hour.
    """
    allowed = [_steps(jobs, grade) if np.isfinite(share) else np.empty(0) for grade, share in enumerate(wanted)]
    # No number of units reaches more than the jobs allow; what is asked may be a little above that where it was read from other weeks.
    reachable = np.array([(steps >= 0).mean() if len(steps) else 1.0 for steps in allowed])
    targets = np.minimum(np.nan_to_num(wanted, nan=0.0), np.maximum(reachable - FORMULA_GIVE, 0.0))[:, None]
    units = np.maximum(np.floor(load.mean).astype(np.int64) + 1, max(least, 1))
    units = np.where(load.mean > 0, units, least)
    short = load.mean > 0
    while short.any() and units.max() < MOST_UNITS:
        met = in_time_shares(load.mean[short], units[short], shares=load.share, mean_busy_hours=load.mean_busy_hours, allowed_hours=allowed)
        still = (met < targets - 1e-9).any(axis=0)
        where = np.flatnonzero(short)
        units[where[still]] += 1
        short[where[~still]] = False
    return units


def _steps(jobs: Jobs, grade: int) -> Floats:
    """The allowed waits of a grade in hours, by even steps of their spread."""
    allowed = jobs.allowed_seconds[jobs.grade == grade]
    allowed = allowed[~np.isnan(allowed)]
    if len(allowed) == 0:
        return np.empty(0)
    steps = (np.arange(QUANTILES) + 0.5) / QUANTILES
    return np.asarray(np.quantile(allowed, steps, method="inverted_cdf") / HOUR_SECONDS)


def with_breaks(load: Load, break_share: float) -> Load:
    """The load of a pool whose units spend a share of their turns at meal breaks: a break is work that cannot be put off for ever."""
    return replace(load, mean=load.mean / (1 - break_share), error=load.error / (1 - break_share))


def need(load: Load, first: Integers, *, safety: float, least: int) -> Integers:
    """Units to have on duty in each hour, array (168): the load and so many times the formula's margin above it.

    Args:
        load: of the pool, with breaks.
        first: what the formula says.
        safety: 1 takes the formula's margin; the simulation finds the least that is enough.
        least: units that must be on duty at any hour.
    """
    return np.maximum(np.ceil(load.mean + safety * (first - load.mean) - 1e-9).astype(np.int64), least)
