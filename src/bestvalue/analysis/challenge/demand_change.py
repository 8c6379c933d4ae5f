"""How does demand change: trend, season, steps, and what grows or shrinks?"""

from dataclasses import dataclass, replace
from datetime import date
from math import exp, log

import numpy as np
import polars as pl
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy import signal, stats

from bestvalue.analysis.challenge.demand_cube import Cube
from bestvalue.analysis.multiple_tests import holm

Floats = NDArray[np.float64]

SEASON = 12
MONTHS_FOR_TREND = 24
CHANCE_OF_SILENCE = 0.01
"""A month is taken for cut off at the edge when so long a silence there would come by chance less often than this."""
NEAREST_STEP = 6
BOOTSTRAP_SERIES = 999
FEWEST_PAIRS = 3
FEWEST_INCIDENTS = 30
"""Below so few in either year a change is not worth a name: it is left out of the table, not of the totals."""


def monthly(cube: Cube) -> tuple[pl.DataFrame, tuple[date, ...]]:
    """Incidents of each whole month, and the first and last month where they are cut off.

    Returns:
        (month, incidents, days), in order, months without incidents included; the months left out.
    """
    counted = cube.by_month.group_by("month").agg(pl.col("incidents").sum())
    first, last = counted.select(pl.min("month"), pl.max("month").alias("last")).row(0)
    months = pl.DataFrame({"month": pl.date_range(first, last, "1mo", eager=True)})
    series = months.join(counted, on="month", how="left").with_columns(
        pl.col("incidents").fill_null(0), days=pl.col("month").dt.days_in_month().cast(pl.Int64)
    )
    cut = _cut_off(cube)
    return series.filter(~pl.col("month").is_in(cut)).sort("month"), cut


def _cut_off(cube: Cube) -> tuple[date, ...]:
    if cube.of_fineness("month"):
        return ()
    first, last = cube.days
    a_day = cube.incidents / ((last - first).days + 1)
    month_end = pl.Series([last]).dt.month_end().item()
    silences = {first.replace(day=1): first.day - 1, last.replace(day=1): (month_end - last).days}
    return tuple(sorted(month for month, silent in silences.items() if exp(-a_day * silent) < CHANCE_OF_SILENCE))


def weekly(cube: Cube) -> pl.DataFrame:
    """Incidents of each whole week, Monday to Sunday: (week, incidents), for sources too short for months."""
    days = cube.by_day_and_hour.group_by("day").agg(pl.col("incidents").sum())
    if days.height == 0:
        return pl.DataFrame(schema={"week": pl.Date, "incidents": pl.Int64})
    first, last = cube.days
    every = pl.DataFrame({"day": pl.date_range(first, last, "1d", eager=True)}).join(days, on="day", how="left")
    return (
        every.group_by(week=pl.col("day").dt.truncate("1w"))
        .agg(pl.col("incidents").fill_null(0).sum(), days=pl.len())
        .filter(pl.col("days") == 7)
        .select("week", "incidents")
        .sort("week")
    )


@dataclass(frozen=True, kw_only=True)
class Trend:
    """Change a year as a share, with its interval; season taken out."""

    a_year: float
    low: float
    high: float
    months: int


@dataclass(frozen=True, kw_only=True)
class Step:
    """A lasting change of level from `month` on: its size as a share, the interval, and how often chance makes one as large."""

    month: date
    size: float
    low: float
    high: float
    p: float


def steps(series: pl.DataFrame, *, seed: int, confidence: float, most: int = 3) -> tuple[Step, ...]:
    """Lasting changes of level, one at a time, as long as chance alone would seldom make one as large.

    The largest step that a regression on time, calendar month and the steps found so far leaves unexplained is compared with the
    largest of 999 series without a step that drift from month to month as this one does (a bootstrap of its autoregressive errors).
    Steps nearer than six months to either end or to each other cannot be told from chance and are not sought.

    Args:
        series: month, incidents, days; at least 24 months.
        seed: starts the bootstrap.
        confidence: level of the sizes' intervals; one minus it is the chance that stops the search.
        most: stop after so many.
    """
    counts, days, time, calendar = _columns(series)
    logs = np.log((counts + 0.5) / days)
    chance = np.random.default_rng([seed, 1])
    found: list[int] = []
    chances: list[float] = []
    while len(found) < most:
        open_months = [
            month for month in range(NEAREST_STEP, len(logs) - NEAREST_STEP) if all(abs(month - at) >= NEAREST_STEP for at in found)
        ]
        if not open_months:
            break
        at, p = _largest_step(logs, _design(time, calendar, found), open_months, chance)
        if p > 1 - confidence:
            break
        found.append(at)
        chances.append(p)
    if not found:
        return ()
    fitted = sm.OLS(logs, _design(time, calendar, found)).fit(cov_type="HAC", cov_kwds={"maxlags": min(SEASON, len(logs) // 4)})
    z = stats.norm.ppf((1 + confidence) / 2)
    sizes = [
        (at, p, float(fitted.params[place]), float(fitted.bse[place]))
        for place, (at, p) in enumerate(zip(found, chances, strict=True), start=2 + SEASON - 1)
    ]
    return tuple(
        Step(month=series["month"][at], size=exp(size) - 1, low=exp(size - z * error) - 1, high=exp(size + z * error) - 1, p=p)
        for at, p, size, error in sorted(sizes)
    )


def _largest_step(logs: Floats, design: Floats, months: list[int], chance: np.random.Generator) -> tuple[int, float]:
    """The month where a step explains most, and how often a series without one shows as much."""
    basis, _ = np.linalg.qr(design)
    rises = (np.arange(len(logs))[:, None] >= np.array(months)[None, :]).astype(float)
    rises -= basis @ (basis.T @ rises)
    rises /= np.sqrt((rises**2).sum(axis=0))

    def largest(errors: Floats) -> tuple[Floats, NDArray[np.int64]]:
        gains = (rises.T @ errors) ** 2 / (errors**2).sum(axis=0)
        return gains.max(axis=0), gains.argmax(axis=0)

    errors = logs - basis @ (basis.T @ logs)
    seen, place = largest(errors[:, None])
    follow = float(np.clip(errors[1:] @ errors[:-1] / max(float(errors[:-1] @ errors[:-1]), np.finfo(float).tiny), 0.0, 0.9))
    shocks = chance.standard_normal((len(logs), BOOTSTRAP_SERIES))
    shocks[0] /= np.sqrt(1 - follow**2)  # the series starts as spread out as it goes on
    made = signal.lfilter([1.0], [1.0, -follow], shocks, axis=0)
    by_chance, _ = largest(made - basis @ (basis.T @ made))
    return months[int(place[0])], float((1 + (by_chance >= seen[0]).sum()) / (1 + BOOTSTRAP_SERIES))


def trend_and_season(series: pl.DataFrame, *, found: tuple[Step, ...], confidence: float) -> tuple[Trend, pl.DataFrame]:
    """Trend a year between the steps, and each calendar month against the average month.

    A Poisson regression of the counts on time, calendar month and the steps, days as exposure; errors allow for spread beyond
    chance and for months that follow their neighbours (Newey & West 1987, lags up to a year).

    Args:
        series: month, incidents, days; at least 24 months.
        found: steps, so that they are not taken for trend.
        confidence: level of the intervals.

    Returns:
        Trend; (calendar_month, index, low, high), index 1 is the average month.
    """
    counts, days, time, calendar = _columns(series)
    at = [series["month"].to_list().index(step.month) for step in found]
    fitted = sm.GLM(counts, _design(time, calendar, at), family=sm.families.Poisson(), offset=np.log(days)).fit(
        cov_type="HAC", cov_kwds={"maxlags": min(SEASON, len(counts) // 4)}
    )
    z = stats.norm.ppf((1 + confidence) / 2)
    slope, error = float(fitted.params[1]), float(fitted.bse[1])
    seasonal = slice(2, 2 + SEASON - 1)
    against_mean = (np.eye(SEASON) - 1 / SEASON)[:, 1:]  # January is the regression's reference: its effect is 0
    effects = against_mean @ fitted.params[seasonal]
    errors = np.sqrt(np.maximum(np.diag(against_mean @ fitted.cov_params()[seasonal, seasonal] @ against_mean.T), 0.0))
    season = pl.DataFrame(
        {
            "calendar_month": range(1, SEASON + 1),
            "index": np.exp(effects),
            "low": np.exp(effects - z * errors),
            "high": np.exp(effects + z * errors),
        }
    )
    return Trend(a_year=exp(slope) - 1, low=exp(slope - z * error) - 1, high=exp(slope + z * error) - 1, months=len(counts)), season


def _columns(series: pl.DataFrame) -> tuple[Floats, Floats, Floats, NDArray[np.int64]]:
    """Counts, days, years since the first month, calendar months."""
    counts = series["incidents"].to_numpy().astype(float)
    return (
        counts,
        series["days"].to_numpy().astype(float),
        np.arange(len(counts)) / SEASON,
        series["month"].dt.month().to_numpy().astype(np.int64),
    )


def _design(time: Floats, calendar: NDArray[np.int64], at: list[int]) -> Floats:
    """Columns: one, years, eleven calendar months, a step from each of `at` on."""
    months = (calendar[:, None] == np.arange(2, SEASON + 1)[None, :]).astype(float)
    rises = (np.arange(len(time))[:, None] >= np.array(at, dtype=int)[None, :]).astype(float)
    return np.column_stack([np.ones(len(time)), time, months, rises])


def growth(cube: Cube, series: pl.DataFrame, *, dimension: str, confidence: float) -> pl.DataFrame:
    """How much has each area, grade or kind grown? Its last twelve months, each against the same month a year before.

    Comparing like months takes the season out. The interval and the p value come from the spread of the monthly changes; p is after Holm's
    correction over everything that `dimension` names.

    Args:
        cube: counts by month.
        series: the whole months.
        dimension: "area_id", "grade" or "kind".
        confidence: level of the interval.

    Returns:
        (name, before, after, share_before, share_after, change, low, high, p), most before first; empty with fewer than three pairs
        of months.
    """
    months = series["month"].to_list()
    pairs = [(month, earlier) for month in months[-SEASON:] if (earlier := month.replace(year=month.year - 1)) in months]
    schema = {"name": pl.String, "before": pl.Int64, "after": pl.Int64, "share_before": pl.Float64, "share_after": pl.Float64}
    schema |= {"change": pl.Float64, "low": pl.Float64, "high": pl.Float64, "p": pl.Float64}
    if len(pairs) < FEWEST_PAIRS:
        return pl.DataFrame(schema=schema)
    counted = cube.by_month.group_by(dimension, "month").agg(pl.col("incidents").sum())
    by_name = {
        name: dict(zip(group["month"], group["incidents"], strict=True))
        for (name,), group in counted.partition_by(dimension, as_dict=True).items()
    }
    days = dict(zip(series["month"], series["days"], strict=True))
    totals = tuple(sum(counts.get(month, 0) for counts in by_name.values() for month in column) for column in zip(*pairs, strict=True))
    rows = []
    for name, counts in by_name.items():
        after, before = (sum(counts.get(month, 0) for month in column) for column in zip(*pairs, strict=True))
        if min(after, before) < FEWEST_INCIDENTS:
            continue
        changes = np.array(
            [
                log((counts.get(month, 0) + 0.5) / days[month]) - log((counts.get(earlier, 0) + 0.5) / days[earlier])
                for month, earlier in pairs
            ]
        )
        rows.append((name, before, after, before / totals[1], after / totals[0], *_mean_change(changes, confidence)))
    table = pl.DataFrame(rows, schema=schema, orient="row").sort(["before", "name"], descending=[True, False])
    return table.with_columns(p=pl.Series(holm(table["p"].to_numpy()), dtype=pl.Float64))


def steps_by(cube: Cube, series: pl.DataFrame, *, dimension: str, seed: int, confidence: float) -> list[tuple[str, Step]]:
    """The steps of each area, grade or kind that has enough incidents; p is after Holm's correction over all that were looked at."""
    found: list[tuple[str, Step]] = []
    chances: list[float] = []
    for name, counts in sorted(_monthly_by(cube, dimension).items()):
        own = series.with_columns(incidents=pl.Series([counts.get(month, 0) for month in series["month"]], dtype=pl.Int64))
        if sum(own["incidents"]) < FEWEST_INCIDENTS * own.height:
            continue
        seen = steps(own, seed=seed, confidence=confidence, most=1)
        found += [(name, step) for step in seen]
        chances.append(seen[0].p if seen else 1.0)
    corrected = dict(zip((p for p in sorted(chances)), sorted(holm(np.array(chances))), strict=True))
    return [(name, replace(step, p=corrected[step.p])) for name, step in found if corrected[step.p] <= 1 - confidence]


def _monthly_by(cube: Cube, dimension: str) -> dict[str, dict[date, int]]:
    counted = cube.by_month.group_by(dimension, "month").agg(pl.col("incidents").sum()).sort(dimension, "month")
    return {
        name: dict(zip(group["month"], group["incidents"], strict=True))
        for (name,), group in counted.partition_by(dimension, as_dict=True).items()
    }


def _mean_change(changes: Floats, confidence: float) -> tuple[float, float, float, float]:
    mean, error = float(changes.mean()), float(changes.std(ddof=1) / np.sqrt(len(changes)))
    if error == 0:
        return exp(mean) - 1, exp(mean) - 1, exp(mean) - 1, 1.0 if mean == 0 else 0.0
    half = float(stats.t.ppf((1 + confidence) / 2, len(changes) - 1)) * error
    p = float(2 * stats.t.sf(abs(mean) / error, len(changes) - 1))
    return exp(mean) - 1, exp(mean - half) - 1, exp(mean + half) - 1, p
