"""How much overtime does demand make inevitable at today's establishment and today's shift times?

A crew that is on a job when its tour ends finishes the job. How long it then stays follows from when its jobs began and how
long they last, so it is worked out from deployments alone, without the reason that somebody wrote on a form: each job's
start is spread evenly over the hour (counted back from the end of the tour) in which it began, and the mean time that it
would have run past the end is taken. Spreading takes out the luck of the minute, and leaves demand and establishment.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from bestvalue.dataset.dataset import Dataset

JOBS = """
    SELECT unit_id, assigned_at, cleared_at FROM deployments
    WHERE assigned_at >= :first AND assigned_at < :last AND cleared_at > assigned_at
"""
OTHERS = "SELECT COUNT(*) AS rows FROM deployments WHERE assigned_at < :first OR assigned_at >= :last OR cleared_at <= assigned_at"

FEWEST_WEEKS = 8
"""Below this the spread between weeks cannot be told."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Hours of one pool or of all: what follows from demand, its interval, and what was recorded as not told beforehand."""

    pool_id: str
    hours: float
    low: float
    high: float
    recorded_hours: float
    jobs: int


@dataclass(frozen=True, kw_only=True)
class Structural:
    """The structural part.

    Args:
        total: of all pools.
        pools: one a pool, in order of name.
        weekly: `week` (its Monday), `days` with a tour (fewer than 7 where the period cuts it), `worked_out_hours`, `recorded_hours`.
        longest_hours: most that a crew was kept on without being told; later it was relieved.
        weeks: weeks counted.
        unmatched_jobs: jobs that no rostered duty of their unit covers; they are left out.
        unused_jobs: jobs outside the time of the duties, or free again no later than they were sent; they are left out.
    """

    total: Estimate
    pools: tuple[Estimate, ...]
    weekly: pl.DataFrame
    longest_hours: float
    weeks: int
    unmatched_jobs: int
    unused_jobs: int


def mean_run_on_hours(
    job_hours: NDArray[np.float64], hours_to_end: NDArray[np.float64], *, longest_hours: float = np.inf
) -> NDArray[np.float64]:
    """Mean time that a job runs past the end of the tour when its start is spread over its hour, array like the two given.

    Args:
        job_hours: from sending to clear, hours.
        hours_to_end: from sending to the end of the tour, hours, > 0; the hour it lies in is counted back from the end.
        longest_hours: crews are relieved after so long.

    Example: a two-hour job that begins in the last hour runs on 1.5 hours in the mean, in the hour before that half an hour.
        >>> mean_run_on_hours(np.array([2.0, 2.0, 2.0]), np.array([0.2, 1.9, 2.5])).tolist()
        [1.5, 0.5, 0.0]
    """
    hour = np.floor(hours_to_end)
    return _area(job_hours - hour, longest_hours) - _area(job_hours - hour - 1.0, longest_hours)


def _area(over: NDArray[np.float64], longest: float) -> NDArray[np.float64]:
    """Integral of min(t, longest) from 0 to `over`; 0 below 0."""
    over = np.maximum(over, 0.0)
    within = np.minimum(over, longest)
    beyond = (over - within) * longest if np.isfinite(longest) else 0.0
    return np.asarray(within**2 / 2 + beyond)


def structural(dataset: Dataset, duties: pl.DataFrame, *, confidence: float) -> Structural | None:
    """The overtime that follows from demand; None where no job falls in a duty or there are too few weeks.

    Args:
        dataset: has deployments.
        duties: `Duties.rows`.
        confidence: level of the interval.
    """
    tours = _tours(duties)
    if tours.height == 0:
        return None
    first, last = tours.select(pl.min("planned_start_at"), pl.max("planned_end_at")).row(0)
    jobs = dataset.query(JOBS, first=first, last=last)
    placed = _placed(jobs, tours)
    recorded = _recorded(duties)
    longest = float(recorded["hours"].max() or 0.0) if recorded.height else 0.0  # type: ignore[arg-type]  # a column of floats
    weeks = _weeks(tours)
    if placed.height == 0 or len(weeks) < FEWEST_WEEKS:
        return None
    hours = (placed["cleared_at"] - placed["assigned_at"]).dt.total_seconds().to_numpy() / 3600
    to_end = (placed["planned_end_at"] - placed["assigned_at"]).dt.total_seconds().to_numpy() / 3600
    run_on = mean_run_on_hours(hours, to_end, longest_hours=longest or np.inf) * placed["people"].to_numpy()
    placed = placed.with_columns(run_on=pl.Series(run_on))
    return Structural(
        total=_estimate("", placed, recorded, weeks, confidence),
        pools=tuple(
            _estimate(pool, placed.filter(pl.col("pool_id") == pool), recorded.filter(pl.col("pool_id") == pool), weeks, confidence)
            for pool in sorted(set(placed["pool_id"]))
        ),
        weekly=_weekly(placed, recorded, weeks),
        longest_hours=longest,
        weeks=len(weeks),
        unmatched_jobs=jobs.height - placed.height,
        unused_jobs=int(dataset.query(OTHERS, first=first, last=last)["rows"][0]),
    )


def _tours(duties: pl.DataFrame) -> pl.DataFrame:
    """Each tour of each unit, with how many of its people were not told beforehand that they would stay."""
    crews = duties.filter((pl.col("duty_kind") == "rostered") & pl.col("unit_id").is_not_null())
    return (
        crews.group_by("unit_id", "planned_start_at", "planned_end_at")
        .agg(pool_id=pl.col("pool_id").first(), people=(~pl.col("told")).sum())
        .sort("planned_start_at", "unit_id")
    )


def _placed(jobs: pl.DataFrame, tours: pl.DataFrame) -> pl.DataFrame:
    """Jobs that began in a tour of their unit."""
    matched = jobs.sort("assigned_at", "unit_id", "cleared_at").join_asof(
        tours, left_on="assigned_at", right_on="planned_start_at", by="unit_id", strategy="backward", check_sortedness=False
    )
    return matched.filter(pl.col("assigned_at") < pl.col("planned_end_at"))


def _recorded(duties: pl.DataFrame) -> pl.DataFrame:
    """Overtime after tours that the person was not told of beforehand."""
    casual = duties.filter(
        (pl.col("duty_kind") == "rostered") & ~pl.col("told") & (pl.col("late_minutes") > 0) & pl.col("unit_id").is_not_null()
    )
    return casual.select("pool_id", "planned_start_at", hours=pl.col("late_minutes") / 60)


def _week(column: str) -> pl.Expr:
    return pl.col(column).dt.truncate("1w").dt.date()


def _weeks(tours: pl.DataFrame) -> pl.DataFrame:
    days = tours.select(week=_week("planned_start_at"), day=pl.col("planned_start_at").dt.date())
    return days.group_by("week").agg(days=pl.col("day").n_unique().cast(pl.Int64)).sort("week")


def _weekly(placed: pl.DataFrame, recorded: pl.DataFrame, weeks: pl.DataFrame) -> pl.DataFrame:
    """Hours of each week; added up in one order, so that the last digit is the same every time."""
    worked_out = _sum_by_week(placed, "run_on", weeks)
    return weeks.with_columns(worked_out_hours=worked_out, recorded_hours=_sum_by_week(recorded, "hours", weeks))


def _sum_by_week(rows: pl.DataFrame, hours: str, weeks: pl.DataFrame) -> pl.Series:
    number = weeks["week"].search_sorted(rows.select(week=_week("planned_start_at"))["week"]).to_numpy()
    return pl.Series(np.bincount(number, weights=rows[hours].to_numpy(), minlength=weeks.height))


def _estimate(pool: str, placed: pl.DataFrame, recorded: pl.DataFrame, weeks: pl.DataFrame, confidence: float) -> Estimate:
    """The sum over the weeks; the interval from the spread of weeks: of demand, and of what was recorded around it."""
    weekly = _weekly(placed, recorded, weeks)
    worked_out, seen = weekly["worked_out_hours"].to_numpy(), weekly["recorded_hours"].to_numpy()
    spread = np.sqrt(len(weekly) * (np.var(worked_out, ddof=1) + np.var(seen - worked_out, ddof=1)))
    half = float(stats.t.ppf(0.5 + confidence / 2, len(weekly) - 1) * spread)
    hours = float(worked_out.sum())
    return Estimate(
        pool_id=pool, hours=hours, low=max(0.0, hours - half), high=hours + half, recorded_hours=float(seen.sum()), jobs=placed.height
    )
