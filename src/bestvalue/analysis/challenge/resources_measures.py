"""From counts to what a board asks: shares in time, percentiles, use of units, overtime, who borrows from whom, and whether a queue grows.

An incident that nobody came to counts as missing its target and as slower than any response: under overload the mean of the served falls
because the low grades are never served, and a study that reports it recommends the cut (see docs/explanation/response-simulation.md).
Intervals are over replications. Areas of one run share their incidents and units, so an interval over areas would be too narrow.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from bestvalue.analysis.challenge.resources_model import (
    DAY_US,
    HOUR_US,
    HOURS_OF_WEEK,
    MINUTE_US,
    WEEK_US,
    Floats,
    Ints,
    Longs,
    Outcome,
    World,
)
from bestvalue.analysis.challenge.resources_model import bin_edges_us as _edges

By = Literal["all", "grade", "area", "area and grade"]
"""Which incidents stay apart: shapes (), (G,), (A,), (A, G)."""
Measure = Callable[[Outcome], Floats]
GROWTH_SHARE_OF_DAY = 0.002
"""A queue that grows by less than so many of a day's incidents a day is called steady: a run's chance moves it by that much."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Mean over replications with Student's interval; arrays of one shape.

    Args:
        value, low, high: mean and interval; the interval is not a number with one replication.
        half_width: of the interval.
        confidence: its level, 0 to 1.
        replications: how many.
    """

    value: Floats
    low: Floats
    high: Floats
    half_width: Floats
    confidence: float
    replications: int


def estimate(outcomes: Sequence[Outcome], measure: Measure, *, confidence: float = 0.95) -> Estimate:
    """A measure over the replications of one scenario."""
    return over_replications(np.stack([measure(outcome) for outcome in outcomes]), confidence=confidence)


def difference(outcomes: Sequence[Outcome], base: Sequence[Outcome], measure: Measure, *, confidence: float = 0.95) -> Estimate:
    """A measure in one scenario less the same in another, replication by replication: what chance did to both falls out."""
    pairs = zip(outcomes, base, strict=True)
    return over_replications(np.stack([measure(one) - measure(other) for one, other in pairs]), confidence=confidence)


def over_replications(values: Floats, *, confidence: float = 0.95) -> Estimate:
    """Mean and Student's interval over the first axis.

    Example:
        >>> found = over_replications(np.array([1.0, 2.0, 3.0]))
        >>> float(found.value), round(float(found.half_width), 4)
        (2.0, 2.4841)
    """
    count = len(values)
    with np.errstate(invalid="ignore"):
        mean = values.mean(axis=0)
        spread = values.std(axis=0, ddof=1) if count > 1 else np.full_like(mean, np.nan)
        half = stats.t.ppf((1 + confidence) / 2, max(count - 1, 1)) * spread / np.sqrt(count)
        return Estimate(value=mean, low=mean - half, high=mean + half, half_width=half, confidence=confidence, replications=count)


def within_share(outcome: Outcome, *, by: By = "all") -> Floats:
    """Share of reported incidents reached within their target; the unserved missed it."""
    return _ratio(_sum(outcome.within, by), _sum(outcome.reported, by))


def attended_share(outcome: Outcome, *, by: By = "all") -> Floats:
    """Share of reported incidents that a unit was sent to before the run stopped."""
    return _ratio(_sum(outcome.attended, by), _sum(outcome.reported, by))


def mean_response_minutes(outcome: Outcome, *, by: By = "all") -> Floats:
    """Mean response of the attended, minutes; not a number where somebody was not attended, for then it would mislead."""
    mean = _ratio(_sum(outcome.response_sum_us, by), _sum(outcome.attended, by)) / MINUTE_US
    return np.where(_sum(outcome.unserved, by) > 0, np.nan, mean)


def mean_wait_minutes(outcome: Outcome, *, by: By = "all") -> Floats:
    """Mean wait until a unit was sent, minutes, the unserved with what they had waited when the run stopped: never too long."""
    waited = _sum(outcome.wait_sum_us, by) + _sum(outcome.unserved_sum_us, by)
    return _ratio(waited, _sum(outcome.reported, by)) / MINUTE_US


def response_percentile_minutes(outcome: Outcome, level: float, *, by: By = "all") -> Floats:
    """Time within which a share `level` of all reported incidents was reached, minutes; infinite where fewer were ever attended."""
    bins = _sum(outcome.response_bins, by)
    return percentile_us(bins, _sum(outcome.reported, by), level) / MINUTE_US


def wait_percentile_minutes(outcome: Outcome, level: float, *, by: By = "all") -> Floats:
    """Wait that a share `level` of all reported incidents did not exceed, minutes, with the unserved as censored.

    Kaplan and Meier's estimate (1958, J. Am. Stat. Assoc. 53), by bins: those still waiting at the end count up to the time that they had
    waited. Not a number where the curve ends above.
    """
    never, ended, censored = (
        _sum(outcome.attended - outcome.waited, by),
        _sum(outcome.wait_bins, by),
        _sum(outcome.unserved_bins, by),
    )
    at_risk = np.flip(np.cumsum(np.flip(ended + censored, -1), axis=-1), -1)
    with np.errstate(invalid="ignore", divide="ignore"):
        goes_on = np.where(at_risk > 0, 1 - ended / at_risk, 1.0)
        waits_at_all = _ratio(at_risk[..., 0], never + at_risk[..., 0])
    waiting = waits_at_all[..., None] * np.cumprod(goes_on, axis=-1)
    met = waiting <= 1 - level
    edges = _edges()[1:]
    found = np.where(met.any(axis=-1), edges[np.argmax(met, axis=-1)] / MINUTE_US, np.nan)
    return np.where(waits_at_all <= 1 - level, 0.0, found)


def percentile_us(bins: Ints | Longs, total: Longs, level: float) -> Floats:
    """Percentile of a histogram whose last axis is bins, of `total` entries of which those not in the bins are above all; microseconds.

    Straight within a bin, so the error is below its width, 3%.

    Example: of four, two in the second bin and two never: the median is the bin's end.
        >>> bins = np.zeros(704, np.int32); bins[1] = 2
        >>> float(percentile_us(bins, np.array(4), 0.5)) == 2 * 2**20, float(percentile_us(bins, np.array(4), 0.9))
        (True, inf)
    """
    edges = _edges().astype(float)
    reached = np.cumsum(bins, axis=-1)
    wanted = np.asarray(level * total)[..., None]
    place = np.argmax(reached >= wanted, axis=-1)[..., None]
    here = np.take_along_axis(bins, place, -1).astype(float)
    before = np.take_along_axis(reached, place, -1) - here
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.where(here > 0, (wanted - before) / here, 0.0)
    value = (edges[place] + part * (edges[place + 1] - edges[place]))[..., 0]
    return np.where(np.asarray(total) == 0, np.nan, np.where(reached[..., -1] >= wanted[..., 0], value, np.inf))


def within_share_by_hour(outcome: Outcome, *, by: Literal["all", "grade"] = "all") -> Floats:
    """Of the attended, the share within target by hour of the week of the report, (168,) or (168, G)."""
    hours = outcome.hourly.sum(axis=1) if by == "grade" else outcome.hourly.sum(axis=(1, 2))
    return _ratio(hours[..., 1], hours[..., 0])


def use_share(outcome: Outcome) -> Floats:
    """Share of time on duty that each pool spent on incidents, (P,); not a number for a pool with nobody."""
    duty = outcome.duty_us.sum(axis=0)
    return _ratio(duty - outcome.idle_us.sum(axis=0) - outcome.break_us.sum(axis=0), duty)


def use_share_by_hour(outcome: Outcome) -> Floats:
    """The same by hour of the week, (168, P)."""
    return _ratio(outcome.duty_us - outcome.idle_us - outcome.break_us, outcome.duty_us)


def overtime_hours(outcome: Outcome) -> Floats:
    """Unit hours of each pool past the end of a turn of duty, (P,), over the counted time."""
    return np.asarray(outcome.overtime_us / HOUR_US)


def duty_hours(outcome: Outcome) -> Floats:
    """Unit hours on duty of each pool, (P,), over the counted time."""
    return np.asarray(outcome.duty_us.sum(axis=0) / HOUR_US)


def lent_share(outcome: Outcome) -> Floats:
    """Share of first-wave attendances by a unit of another area."""
    own = np.trace(outcome.sent[:, : len(outcome.sent)])
    return _ratio(outcome.sent.sum() - own, outcome.sent.sum())


def borrowed(outcome: Outcome) -> Longs:
    """(A, A): first-wave attendances in row area by a unit of column area; the diagonal is zero."""
    matrix = outcome.sent[:, : len(outcome.sent)].copy()
    np.fill_diagonal(matrix, 0)
    return matrix


def support_within_share(outcome: Outcome) -> Floats:
    """Share of requests for each skill that were met within the target, (S,); the unmet missed it."""
    return _ratio(outcome.support_within.sum(axis=1), outcome.requested.sum(axis=1))


def support_wait_minutes(outcome: Outcome) -> Floats:
    """Mean wait from request to sending for each skill, (S,), of those met; not a number where some were not."""
    mean = _ratio(outcome.support_wait_sum_us.sum(axis=1), outcome.supported.sum(axis=1)) / MINUTE_US
    return np.where(outcome.unsupported.sum(axis=1) > 0, np.nan, mean)


def backlog_growth_a_week(outcome: Outcome) -> Floats:
    """By how many incidents a week the queue of each grade grew over the second half of the run, (G,): slope of the queue at midnight."""
    waiting = outcome.waiting_by_day[len(outcome.waiting_by_day) // 2 :].astype(float)
    if len(waiting) < 2:
        return np.full(outcome.waiting_by_day.shape[1], np.nan)
    day = np.arange(len(waiting)) - (len(waiting) - 1) / 2
    return np.asarray(day @ waiting / (day @ day) * (WEEK_US / DAY_US))


def has_no_steady_state(outcomes: Sequence[Outcome], *, confidence: float = 0.95) -> bool:
    """Does the queue of any grade grow without limit? Then no mean wait exists, and the growth is what there is to report.

    Yes where the interval of its growth over the replications lies above what chance does to a steady queue; with one replication, where
    the growth itself does.
    """
    growth = estimate(outcomes, backlog_growth_a_week, confidence=confidence)
    counted_days = np.mean([outcome.reported.sum() for outcome in outcomes]) / max(len(outcomes[0].waiting_by_day), 1)
    least = growth.value if len(outcomes) == 1 else growth.low
    return bool((least > GROWTH_SHARE_OF_DAY * counted_days * (WEEK_US / DAY_US)).any())


def units_on_duty(world: World) -> Floats:
    """Units of each pool on duty by hour of the week, (168, P), absences aside: mean over the hour."""
    hours = np.zeros((HOURS_OF_WEEK, len(world.pools)))
    pool = world.unit_pool[world.shift_unit]
    for week in (0, 1):  # a turn that runs over the end of the week covers the start of it
        start = (world.shift_from_us - week * WEEK_US)[:, None] - np.arange(HOURS_OF_WEEK) * HOUR_US
        stop = (world.shift_to_us - week * WEEK_US)[:, None] - np.arange(HOURS_OF_WEEK) * HOUR_US
        covered = (np.clip(stop, 0, HOUR_US) - np.clip(start, 0, HOUR_US)) / HOUR_US
        np.add.at(hours.T, pool, covered)
    return hours


def hours_below_minimum(world: World) -> Longs:
    """Hours of the week in which each pool has fewer units on duty than its minimum cover, (P,)."""
    return np.asarray((units_on_duty(world) < world.pool_minimum_units - 1e-9).sum(axis=0))


def _sum(values: Longs | Ints, by: By) -> Longs:
    """Sum counts by area, grade (and bins) over what does not stay apart."""
    axes = {"all": (0, 1), "grade": (0,), "area": (1,), "area and grade": ()}[by]
    return np.asarray(values.sum(axis=axes, dtype=np.int64)) if axes else values.astype(np.int64)


def _ratio(part: Longs | Floats, whole: Longs | Floats) -> Floats:
    """Part over whole; not a number where the whole is 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.asarray(whole) == 0, np.nan, np.asarray(part, float) / whole)
