"""When in the week and where does demand fall?"""

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl
from scipy import stats

from bestvalue.analysis.challenge.demand_cube import Cube

HOURS = 24
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEK = pl.DataFrame({"hour_of_week": range(7 * HOURS)}).with_columns(
    pl.col("hour_of_week").floordiv(HOURS).replace_strict(dict(enumerate(WEEKDAYS)), return_dtype=pl.String).alias("weekday"),
    (pl.col("hour_of_week") % HOURS).alias("hour"),
)


def hours_of_week(cube: Cube, *, confidence: float) -> pl.DataFrame:
    """Incidents an hour in each hour of the week, with the interval that the variation between weeks gives.

    An hour without incidents counts as none: the mean is over every such hour from the first day to the last.

    Returns:
        hour_of_week, weekday, hour, weeks (how often that hour came), incidents, an_hour (mean), variance (between weeks), low,
        high. An interval is missing where the hour came once.
    """
    counted = cube.by_day_and_hour.filter(pl.col("fineness") == "hour").group_by("day", "hour").agg(pl.col("incidents").sum())
    grid = np.zeros((0, HOURS))
    first = date.min
    if counted.height:
        first, last = counted.select(pl.min("day"), pl.max("day").alias("last")).row(0)
        grid = np.zeros(((last - first).days + 1, HOURS))
        grid[(counted["day"] - first).dt.total_days().to_numpy(), counted["hour"].to_numpy()] = counted["incidents"].to_numpy()
    weekday = (first.weekday() + np.arange(len(grid))) % 7
    rows = [_mean(grid[weekday == day, hour], confidence) for day in range(7) for hour in range(HOURS)]
    return WEEK.hstack(pl.DataFrame(rows, schema=_means("an_hour"), orient="row"))


GRADE_SAID = pl.col("grade").replace("", "not said")


def area_named(names: Mapping[str, str]) -> pl.Expr:
    """The area's name, its code where it has none, or "place not known"."""
    return pl.col("area_id").replace_strict(names, default=pl.col("area_id"), return_dtype=pl.String).replace("", "place not known")


def _means(mean: str) -> dict[str, pl.DataType]:
    """The columns that `_mean` gives, the mean under its own name."""
    numbers = dict.fromkeys((mean, "variance", "low", "high"), pl.Float64())
    return {"weeks": pl.Int64(), "incidents": pl.Int64(), **numbers}


def _mean(counts: np.ndarray[tuple[int], np.dtype[np.float64]], confidence: float) -> tuple[object, ...]:
    weeks = len(counts)
    if weeks == 0:
        return (0, 0, None, None, None, None)
    mean = float(counts.mean())
    if weeks == 1:
        return (1, int(counts.sum()), mean, None, None, None)
    variance = float(counts.var(ddof=1))
    half = float(stats.t.ppf((1 + confidence) / 2, weeks - 1)) * float(np.sqrt(variance / weeks))
    return (weeks, int(counts.sum()), mean, variance, max(0.0, mean - half), mean + half)


def days_of_week(cube: Cube, *, confidence: float) -> pl.DataFrame:
    """Incidents a day on each weekday, with the interval that the variation between weeks gives; of rows that know their day.

    Returns:
        weekday, weeks (how often that day came), incidents, a_day (mean), variance (between weeks), low, high.
    """
    counted = cube.by_day_and_hour.group_by("day").agg(pl.col("incidents").sum())
    first, last = counted.select(pl.min("day"), pl.max("day").alias("last")).row(0)
    days = np.zeros((last - first).days + 1)
    days[(counted["day"] - first).dt.total_days().to_numpy()] = counted["incidents"].to_numpy()
    weekday = (first.weekday() + np.arange(len(days))) % 7
    rows = [_mean(days[weekday == day], confidence) for day in range(7)]
    return pl.DataFrame({"weekday": WEEKDAYS}).hstack(pl.DataFrame(rows, schema=_means("a_day"), orient="row"))


def half_of_demand(hours: pl.DataFrame) -> int:
    """In how few hours of the week does half of the demand fall? At most 168; 84 if it were spread evenly."""
    busiest_first = np.sort(hours["incidents"].to_numpy())[::-1].cumsum()
    return int(np.searchsorted(busiest_first, busiest_first[-1] / 2) + 1)


def days_in_months(months: pl.Series, *, first_day: date, last_day: date) -> pl.Series:
    """Days of each month that lie between the first and the last day, inclusive."""
    frame = pl.DataFrame({"start": months}).with_columns(end=pl.col("start").dt.month_end())
    frame = frame.with_columns(start=pl.max_horizontal("start", pl.lit(first_day)), end=pl.min_horizontal("end", pl.lit(last_day)))
    return frame.select(days=(pl.col("end") - pl.col("start")).dt.total_days() + 1)["days"]


def by_area(
    cube: Cube, *, names: Mapping[str, str], residents: Mapping[str, int], days: tuple[date, date], confidence: float
) -> pl.DataFrame:
    """Incidents a day in each area, busiest first, with the interval that the variation between months gives.

    Returns:
        area_id, area, incidents, share (of all), a_day, low, high, and a_year_per_1000_residents where residents are known. Rows
        that do not say their area are one line, "place not known".
    """
    total_days = (days[1] - days[0]).days + 1
    months = cube.by_month.select("month").unique().sort("month")
    months = months.with_columns(days=days_in_months(months["month"], first_day=days[0], last_day=days[1]))
    monthly = (
        cube.by_month.select("area_id")
        .unique()
        .join(months, how="cross")
        .join(cube.by_month.group_by("area_id", "month").agg(pl.col("incidents").sum()), on=["area_id", "month"], how="left")
        .with_columns(rate=pl.col("incidents").fill_null(0) / pl.col("days"))
    )
    spread = float(stats.t.ppf((1 + confidence) / 2, months.height - 1)) if months.height > 1 else None
    return (
        monthly.group_by("area_id")
        .agg(pl.col("incidents").sum(), error=pl.col("rate").std() / pl.len().sqrt())
        .with_columns(
            area=area_named(names),
            share=pl.col("incidents") / cube.incidents,
            a_day=pl.col("incidents") / total_days,
            residents=pl.col("area_id").replace_strict(residents, default=None, return_dtype=pl.Int64),
        )
        .with_columns(
            low=pl.max_horizontal(pl.col("a_day") - spread * pl.col("error"), pl.lit(0.0)) if spread else pl.lit(None, pl.Float64),
            high=pl.col("a_day") + spread * pl.col("error") if spread else pl.lit(None, pl.Float64),
            a_year_per_1000_residents=pl.col("a_day") * 365.25 / pl.col("residents") * 1000,
        )
        .select("area_id", "area", "incidents", "share", "a_day", "low", "high", "a_year_per_1000_residents")
        .sort(["incidents", "area_id"], descending=[True, False])
    )


def by_grade(cube: Cube) -> pl.DataFrame:
    """Incidents and share of each grade, most first."""
    return (
        cube.by_month.group_by("grade")
        .agg(pl.col("incidents").sum())
        .with_columns(grade=GRADE_SAID, share=pl.col("incidents") / cube.incidents)
        .sort(["incidents", "grade"], descending=[True, False])
    )


def by_area_and_grade(cube: Cube, *, names: Mapping[str, str]) -> pl.DataFrame:
    """Incidents of each area and grade, and the grade's share of the area."""
    return (
        cube.by_month.group_by("area_id", "grade")
        .agg(pl.col("incidents").sum())
        .with_columns(share_of_area=pl.col("incidents") / pl.col("incidents").sum().over("area_id"))
        .sort("area_id", "grade")
        .select(
            area=area_named(names),
            grade=GRADE_SAID,
            incidents="incidents",
            share_of_area="share_of_area",
        )
    )


def by_hour_area_and_grade(cube: Cube, hours: pl.DataFrame, *, names: Mapping[str, str]) -> pl.DataFrame:
    """Incidents an hour in each hour of the week, area and grade: the whole cube, for planning a roster."""
    return (
        cube.by_hour_of_week.join(hours.select("hour_of_week", "weekday", "hour", "weeks"), on="hour_of_week")
        .sort("area_id", "grade", "hour_of_week")
        .select(
            area=area_named(names),
            grade=GRADE_SAID,
            weekday="weekday",
            hour="hour",
            incidents="incidents",
            an_hour=pl.col("incidents") / pl.col("weeks"),
        )
    )


def busiest_area_hours(cube: Cube, hours: pl.DataFrame, *, names: Mapping[str, str], confidence: float, most: int = 20) -> pl.DataFrame:
    """The hours of the week and areas with most incidents an hour.

    The interval takes the spread between weeks of the whole force (variance over mean); an area alone spreads less, so it is
    on the wide side.
    """
    z = stats.norm.ppf((1 + confidence) / 2)
    dispersion = _dispersion(hours)
    return (
        cube.by_hour_of_week.group_by("area_id", "hour_of_week")
        .agg(pl.col("incidents").sum())
        .join(hours.select("hour_of_week", "weekday", "hour", "weeks"), on="hour_of_week")
        .with_columns(an_hour=pl.col("incidents") / pl.col("weeks"))
        .with_columns(half=z * (dispersion * pl.col("an_hour") / pl.col("weeks")).sqrt())
        .sort(["an_hour", "area_id", "hour_of_week"], descending=[True, False, False])
        .head(most)
        .select(
            area=area_named(names),
            weekday="weekday",
            hour="hour",
            incidents="incidents",
            an_hour="an_hour",
            low=pl.max_horizontal(pl.col("an_hour") - pl.col("half"), pl.lit(0.0)),
            high=pl.col("an_hour") + pl.col("half"),
        )
    )


def _dispersion(hours: pl.DataFrame) -> float:
    """Variance over mean between weeks, over all hours of the week; 1 is what pure chance would give, and the least that is used."""
    known = hours.filter(pl.col("variance").is_not_null() & (pl.col("an_hour") > 0))
    if known.height == 0:
        return 1.0
    variance, mean = known.select(pl.sum("variance"), pl.sum("an_hour")).row(0)
    return max(1.0, float(variance / mean))
