"""Do people get their rest? The checks of working time, and how hard the duties are on a life beside them, by pool."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from bestvalue.analysis.challenge.overtime_duties import Duties
from bestvalue.analysis.working_time import (
    Floats,
    Turns,
    WorkingTimeLimits,
    daily_rest_breaches,
    highest_night_average,
    highest_weekly_average,
    hours_by_day,
    joined,
    night_workers,
    runs_of_days,
    weekly_rest_breaches,
)
from bestvalue.dataset.dataset import Dataset

BREAKS = "SELECT unit_id, weekday, starts_minute, length_minutes, break_minutes FROM shifts"
LATE_MINUTES = 60
"""A tour that ends so much later than planned has cost the evening."""


@dataclass(frozen=True, kw_only=True)
class Rest:
    """What the checks found.

    Args:
        people: one row a person: `staff_id`, `pool_id`, `turns`, `daily_rest_breaches`, `weekly_rest_breaches`,
            `weekly_average_hours` (the highest of any 17 weeks), `night_worker`, `night_average_hours`, `longest_run_days`,
            `long_runs`, `rest_days_worked`, `late_ends`.
        pools: the same summed, one row a pool, with people over each limit.
        without_break: ordinary turns of more than six hours whose shift has no break of twenty minutes on record.
        turns_with_shift: ordinary turns whose shift is known.
        overlapping: turns that began before another of the same person had ended.
        short_period: the period is shorter than the 17 weeks of the average.
    """

    people: pl.DataFrame
    pools: pl.DataFrame
    without_break: int
    turns_with_shift: int
    overlapping: int
    short_period: bool


def rest(dataset: Dataset, duties: Duties, *, limits: WorkingTimeLimits, long_run_days: int) -> Rest:
    """Check every person's turns against the limits.

    Args:
        dataset: with shifts, for the breaks.
        duties: what was worked.
        limits: the limits.
        long_run_days: a run of so many days worked one after the other is long.
    """
    rows = duties.rows.with_columns(person=pl.col("staff_id").rank("dense").cast(pl.Int64) - 1)
    monday = datetime.combine(duties.first_day - timedelta(days=duties.first_day.weekday()), datetime.min.time())
    even, overlapping = joined(_turns(rows, monday, "began", "ended"))
    by_clock, _ = joined(_turns(rows, monday, "started_at", "ended_at"))
    days = (duties.last_day - monday.date()).days + 1
    by_day = hours_by_day(even, days=days)[:, duties.first_day.weekday() :]
    started = _days_started(rows, monday, days)
    runs = runs_of_days(started)
    nights = night_workers(by_clock, limits)
    whole_weeks = days // 7
    people = pl.DataFrame(
        {
            "person": np.arange(len(by_day)),
            "turns": np.bincount(even.person, minlength=len(by_day)),
            "daily_rest_breaches": np.bincount(even.person, weights=daily_rest_breaches(even, limits), minlength=len(by_day)).astype(int),
            "weekly_rest_breaches": weekly_rest_breaches(even, limits, weeks=whole_weeks).sum(axis=1),
            "weekly_average_hours": highest_weekly_average(by_day, limits),
            "night_worker": nights,
            "night_average_hours": pl.Series(np.where(nights, highest_night_average(by_day, limits), np.nan)).fill_nan(None),
            "longest_run_days": runs.max(axis=1, initial=0),
            "long_runs": (runs >= long_run_days).sum(axis=1),
        }
    ).join(_from_duties(rows), on="person")
    without_break, with_shift = _breaks(dataset, rows, limits)
    return Rest(
        people=people.drop("person").select("staff_id", "pool_id", pl.exclude("staff_id", "pool_id")).sort("pool_id", "staff_id"),
        pools=_by_pool(people, limits),
        without_break=without_break,
        turns_with_shift=with_shift,
        overlapping=overlapping,
        short_period=days < 7 * limits.weekly_weeks,
    )


def _turns(rows: pl.DataFrame, origin: datetime, start: str, end: str) -> Turns:
    order = rows.filter(pl.col(end) > pl.col(start)).sort("person", start, end)
    hours = [((order[column] - origin).dt.total_seconds() / 3600).to_numpy() for column in (start, end)]
    return Turns(person=order["person"].to_numpy(), start=hours[0], end=hours[1])


def _days_started(rows: pl.DataFrame, origin: datetime, days: int) -> Floats:
    """1 on each day on which a person began a turn by the local clock, array (people, days): a night is one day, not two."""
    day = ((rows["started_at"] - origin).dt.total_days()).to_numpy()
    began = np.zeros((int(rows["person"].max()) + 1, days))  # type: ignore[arg-type]  # a column of whole numbers
    inside = (day >= 0) & (day < days)
    began[rows["person"].to_numpy()[inside], day[inside]] = 1.0
    return began


def _from_duties(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.group_by("person").agg(
        staff_id=pl.col("staff_id").first(),
        pool_id=pl.col("pool_id").first(),
        rest_days_worked=(pl.col("duty_kind") == "rest day").sum().cast(pl.Int64),
        late_ends=(pl.col("late_minutes") >= LATE_MINUTES).sum().cast(pl.Int64),
    )


def _by_pool(people: pl.DataFrame, limits: WorkingTimeLimits) -> pl.DataFrame:
    return (
        people.group_by("pool_id")
        .agg(
            pl.len().cast(pl.Int64).alias("people"),
            pl.col("turns", "daily_rest_breaches", "weekly_rest_breaches").sum(),
            people_over_48_hours=(pl.col("weekly_average_hours") > limits.weekly_hours).sum().cast(pl.Int64),
            highest_average_hours=pl.col("weekly_average_hours").max(),
            night_workers=pl.col("night_worker").sum().cast(pl.Int64),
            night_workers_over=(pl.col("night_average_hours").fill_null(0.0) > limits.night_hours).sum().cast(pl.Int64),
            longest_run_days=pl.col("longest_run_days").max(),
            long_runs=pl.col("long_runs").sum(),
            people_with_long_runs=(pl.col("long_runs") > 0).sum().cast(pl.Int64),
            rest_days_worked=pl.col("rest_days_worked").sum(),
            late_ends=pl.col("late_ends").sum(),
        )
        .with_columns(daily_rest_breaches_per_100_turns=100 * pl.col("daily_rest_breaches") / pl.col("turns"))
        .sort("daily_rest_breaches_per_100_turns", "pool_id", descending=[True, False])
    )


def _breaks(dataset: Dataset, rows: pl.DataFrame, limits: WorkingTimeLimits) -> tuple[int, int]:
    """Ordinary turns without a break on record, and ordinary turns whose shift is known."""
    if "shifts" not in dataset.tables:
        return 0, 0
    shifts = dataset.query(BREAKS).cast({"weekday": pl.Int64, "starts_minute": pl.Int64})
    ordinary = rows.filter(pl.col("duty_kind") == "rostered").select(
        "unit_id",
        weekday=pl.col("planned_start_at").dt.weekday().cast(pl.Int64),
        starts_minute=pl.col("planned_start_at").dt.hour().cast(pl.Int64) * 60 + pl.col("planned_start_at").dt.minute().cast(pl.Int64),
    )
    known = ordinary.join(shifts, on=["unit_id", "weekday", "starts_minute"])
    long = pl.col("length_minutes") > 60 * limits.break_after_hours
    return known.filter(long & (pl.col("break_minutes").fill_null(0) < limits.break_minutes)).height, known.height
