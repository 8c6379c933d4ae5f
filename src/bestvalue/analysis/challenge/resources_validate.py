"""Does the simulation predict weeks that it has not seen? Calibrate on the first part, predict the second, say how far off.

Each replication is as long as the second part, so that its spread is what chance and ordinary variation do to a period of that
length: nine in ten recorded figures should lie within the 90% interval.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from bestvalue.analysis.challenge.resources_calibrate import Calibration
from bestvalue.analysis.challenge.resources_calibrate_force import Force
from bestvalue.analysis.challenge.resources_calibrate_rows import Rows
from bestvalue.analysis.challenge.resources_calibrate_times import FREE_BEFORE_SECONDS
from bestvalue.analysis.challenge.resources_calibrate_units import Establishment
from bestvalue.analysis.challenge.resources_scenarios import today
from bestvalue.analysis.challenge.resources_stations import FIRST
from bestvalue.analysis.challenge.resources_stations_records import FirstArrivals
from bestvalue.analysis.challenge.resources_sweep import sweep
from bestvalue.analysis.challenge.resources_tally import (
    ALL,
    AREA,
    HOUR,
    LEVEL,
    MEDIAN,
    NINETIETH,
    REPORTED,
    SKILL,
    SUPPORT,
    UTILISATION,
    WAITED,
    WITHIN,
    Key,
)
from bestvalue.analysis.contract import Progress

INTERVAL = 0.90
REPLICATIONS = 24
FEWEST_TO_JUDGE = 200
"""Incidents of a grade in the second part, below which its figures are shown but do not decide."""

FEWEST_IN_AREA = 20
POINTS_OFF = 0.05
"""A share within target that is off by more than this fails, whatever the tolerance on minutes."""

FAR_END = 1.5
"""The 90th percentile may be off by half as much again as the median: it hangs on the few who wait longest."""

LEAST_COVERAGE = 0.70


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What the second part's records say: value and base of each key."""

    values: Mapping[Key, float]
    bases: Mapping[Key, int]


@dataclass(frozen=True, kw_only=True)
class Validation:
    """How the prediction did.

    Args:
        rows: measure, grade, by, name, base, predicted, low, high, recorded, error, inside. Errors of minutes and utilisation are
            shares of what was recorded, those of shares are differences.
        faults: what is off by more than is allowed, as words; empty when the validation passed.
        weeks: of the second part.
        coverage: share of the areas' figures inside their 90% interval; NaN without any.
        judged_areas: areas whose 90th percentile is compared in the most urgent grade.
        area_error: mean absolute error of their 90th percentiles.
        areas_within_tenth: how many are within 10%.
    """

    rows: pl.DataFrame
    faults: tuple[str, ...]
    weeks: int
    coverage: float
    judged_areas: int
    area_error: float
    areas_within_tenth: int

    @property
    def passed(self) -> bool:
        """Nothing is off by more than is allowed."""
        return not self.faults

    def row(self, key: Key) -> Mapping[str, float] | None:
        """The line of one key, if it could be compared."""
        found = self.rows.filter(
            (pl.col("measure") == key.measure) & (pl.col("grade") == key.grade) & (pl.col("by") == key.by) & (pl.col("name") == key.name)
        )
        return found.row(0, named=True) if found.height else None


def validate(
    force: Force, recorded: Recorded, *, weeks: int, demand_factor: float, tolerance: float, seed: int, progress: Progress
) -> Validation:
    """Predict the second part and compare.

    Args:
        force: calibrated on the first part.
        recorded: of the second part.
        weeks: whole weeks of the second part, at least 1.
        demand_factor: incidents to be expected in the second part against the first: the season.
        tolerance: error of median, 90th percentile and utilisation, as a share, that still passes.
        seed: of chance.
        progress: told how far it is.
    """
    scenario = replace(today(force), demand_factor=demand_factor)
    played = sweep(
        force,
        [scenario],
        weeks=weeks,
        half_width=0.0,
        most_replications=REPLICATIONS,
        confidence=INTERVAL,
        seed=seed,
        progress=progress,
        first=REPLICATIONS,
    )
    rows = []
    for key, value in recorded.values.items():
        seen = played.values[0, :, played.column(key)]
        seen = seen[np.isfinite(seen)]
        if len(seen) < 2 or not np.isfinite(value):
            continue
        # The interval is for one period, as the recorded one is, not for the mean of many; and the weeks that are replayed are
        # themselves but a sample, so many times as large as the period.
        widened = np.sqrt(1 + 1 / len(seen) + weeks / force.history.weeks)
        half = float(stats.t.ppf((1 + INTERVAL) / 2, len(seen) - 1) * seen.std(ddof=1) * widened)
        predicted = float(seen.mean())
        error = predicted - value if _is_share(key) else predicted / value - 1 if value else float("nan")
        inside = predicted - half - 1e-9 <= value <= predicted + half + 1e-9
        rows.append(
            (
                key.measure,
                key.grade,
                key.by,
                key.name,
                recorded.bases[key],
                predicted,
                predicted - half,
                predicted + half,
                value,
                error,
                inside,
            )
        )
    table = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    return _judge(table, force, weeks, tolerance)


_SCHEMA = {
    "measure": pl.String,
    "grade": pl.String,
    "by": pl.String,
    "name": pl.String,
    "base": pl.Int64,
    "predicted": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "recorded": pl.Float64,
    "error": pl.Float64,
    "inside": pl.Boolean,
}


def _is_share(key: Key) -> bool:
    return key.measure in (WITHIN, WAITED)


def _judge(table: pl.DataFrame, force: Force, weeks: int, tolerance: float) -> Validation:
    faults = []
    whole = table.filter((pl.col("by") == ALL) & (pl.col("base") >= FEWEST_TO_JUDGE))
    for row in whole.iter_rows(named=True):
        allowed = {WITHIN: POINTS_OFF, WAITED: POINTS_OFF, NINETIETH: FAR_END * tolerance}.get(row["measure"], tolerance)
        if row["measure"] != REPORTED and abs(row["error"]) > allowed:
            unit = "points" if row["measure"] in (WITHIN, WAITED) else "%"
            of = "arrivals of support units" if row["grade"] == SUPPORT else f"{row['grade']} incidents"
            faults.append(f"{row['measure']} of {of} is off by {100 * row['error']:+.1f} {unit}")
    far_off = table.filter((pl.col("measure") == UTILISATION) & (pl.col("base") >= FEWEST_TO_JUDGE) & (pl.col("error").abs() > tolerance))
    faults += [f"utilisation of {row['name']} units is off by {100 * row['error']:+.1f} %" for row in far_off.iter_rows(named=True)]
    by_area = table.filter((pl.col("by") == AREA) & (pl.col("base") >= FEWEST_IN_AREA))
    coverage = float(by_area["inside"].mean()) if by_area.height else float("nan")  # type: ignore[arg-type] # a mean of polars is any scalar
    if np.isfinite(coverage) and coverage < LEAST_COVERAGE:
        faults.append(f"only {coverage:.0%} of the areas' figures lie inside their 90% interval")
    first = force.grades[int(np.flatnonzero(force.measured)[0])]
    far = by_area.filter((pl.col("measure") == NINETIETH) & (pl.col("grade") == first))["error"].abs()
    return Validation(
        rows=table,
        faults=tuple(faults),
        weeks=weeks,
        coverage=coverage,
        judged_areas=len(far),
        area_error=float(far.mean()) if len(far) else float("nan"),  # type: ignore[arg-type] # as above
        areas_within_tenth=int((far <= 0.1).sum()),
    )


def recorded_of_rows(calibration: Calibration, rows: Rows, establishment: Establishment, weeks: int) -> Recorded:
    """What the deployments of the second part say.

    Args:
        calibration: of the first part: names, grades and targets.
        rows: of the second part.
        establishment: of the second part.
        weeks: whole weeks in it.
    """
    force = calibration.force
    about = rows.incidents.select("incident_id", "grade", "area_id", "support_skill")
    first = rows.first.join(about, on="incident_id").with_columns(
        minutes=(pl.col("arrived_at") - pl.col("opened_at")).dt.total_seconds() / 60,
        hour=pl.col("opened_at").dt.hour(),
        waited=pl.col("free_before_seconds").fill_null(FREE_BEFORE_SECONDS) < FREE_BEFORE_SECONDS,
    )
    found = _Found()
    for number in np.flatnonzero(force.measured):
        grade, target = force.grades[number], float(force.target_minutes[number])
        mine = first.filter(pl.col("grade") == grade)
        _add_grade(found, grade, mine["minutes"].to_numpy(), target, weeks)
        found.add(Key(WAITED, grade), float(mine["waited"].mean()) if mine.height else float("nan"), mine.height)  # type: ignore[arg-type] # as above
        for code, name in zip(force.area_codes, force.area_names, strict=True):
            _add_part(found, grade, (AREA, name), mine.filter(pl.col("area_id") == code)["minutes"].to_numpy(), target)
        for hour in range(24):
            _add_part(found, grade, (HOUR, str(hour)), mine.filter(pl.col("hour") == hour)["minutes"].to_numpy(), target)
    second = (
        rows.second.join(about, on="incident_id")
        .join(rows.first.select("incident_id", scene_at="arrived_at"), on="incident_id")
        .with_columns(minutes=(pl.col("arrived_at") - pl.col("scene_at")).dt.total_seconds() / 60)
        .filter(pl.col("support_skill").is_in(list(force.skills)))
    )
    _add_grade(found, SUPPORT, second["minutes"].to_numpy(), force.support_target_minutes, weeks)
    for skill in force.skills:
        minutes = second.filter(pl.col("support_skill") == skill)["minutes"].to_numpy()
        found.add(Key(WITHIN, SUPPORT, SKILL, skill), _share_within(minutes, force.support_target_minutes), len(minutes))
    _add_utilisation(found, rows, establishment, weeks)
    return found.recorded()


def recorded_of_arrivals(force: Force, arrivals: FirstArrivals, weeks: float) -> Recorded:
    """What the first arrivals of the second part say."""
    found = _Found()
    minutes, target = arrivals.attendance / 60, float(force.target_minutes[0])
    _add_grade(found, FIRST, minutes, target, weeks)
    for number, name in enumerate(force.area_names):
        _add_part(found, FIRST, (AREA, name), minutes[arrivals.area == number], target)
    for hour in range(24):
        _add_part(found, FIRST, (HOUR, str(hour)), minutes[arrivals.hour_of_day == hour], target)
    return found.recorded()


class _Found:
    """Values and bases as they are found."""

    def __init__(self) -> None:
        self.values: dict[Key, float] = {}
        self.bases: dict[Key, int] = {}

    def add(self, key: Key, value: float, base: int) -> None:
        """Keep one value."""
        self.values[key], self.bases[key] = value, base

    def recorded(self) -> Recorded:
        """All of them."""
        return Recorded(values=self.values, bases=self.bases)


def _add_grade(found: _Found, grade: str, minutes: NDArray[np.float64], target: float, weeks: float) -> None:
    if len(minutes) == 0:
        return
    found.add(Key(WITHIN, grade), _share_within(minutes, target), len(minutes))
    found.add(Key(MEDIAN, grade), float(np.median(minutes)), len(minutes))
    found.add(Key(NINETIETH, grade), _ninetieth(minutes), len(minutes))
    found.add(Key(REPORTED, grade), len(minutes) / weeks, len(minutes))


def _add_part(found: _Found, grade: str, part: tuple[str, str], minutes: NDArray[np.float64], target: float) -> None:
    if len(minutes) == 0:
        return
    found.add(Key(WITHIN, grade, *part), _share_within(minutes, target), len(minutes))
    if part[0] == AREA:
        found.add(Key(NINETIETH, grade, *part), _ninetieth(minutes), len(minutes))


def _share_within(minutes: NDArray[np.float64], target: float) -> float:
    return float(np.mean(minutes <= target)) if len(minutes) and np.isfinite(target) else float("nan")


def _ninetieth(minutes: NDArray[np.float64]) -> float:
    """The same rank as in the tally of a run."""
    return float(np.sort(minutes)[min(len(minutes) - 1, int(0.9 * len(minutes)))])


def _add_utilisation(found: _Found, rows: Rows, establishment: Establishment, weeks: int) -> None:
    """Hours on jobs against hours on duty, less hours away."""
    level_of_pool = {pool.pool_id: SUPPORT if pool.area is None else "local" for pool in establishment.pools}
    jobs = pl.concat([rows.first, rows.second]).with_columns(
        level=pl.col("pool_id").replace_strict(level_of_pool, default=None, return_dtype=pl.String),
        seconds=(pl.col("cleared_at") - pl.col("assigned_at")).dt.total_seconds(),
    )
    duty = establishment.duty_hours_a_week() * weeks
    away = np.zeros(len(establishment.pools))
    for pool, _, hours in establishment.away_reasons.iter_rows():
        away[pool] += hours
    for level in ("local", SUPPORT):
        of_level = np.array([(pool.area is None) == (level == SUPPORT) for pool in establishment.pools])
        mine = jobs.filter(pl.col("level") == level)
        free = float((duty - away)[of_level].sum())
        if mine.height and free > 0:
            found.add(Key(UTILISATION, "", LEVEL, level), int(mine["seconds"].sum()) / 3_600 / free, mine.height)
