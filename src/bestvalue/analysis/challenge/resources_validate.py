"""Does the simulation predict weeks that it has not seen? Calibrate on the first part, predict the second, say how far off.

Each replication is as long as the second part, so that its spread is what chance and ordinary variation do to a period of that
length: nine in ten recorded figures should lie within the 90% interval.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from scipy import stats

from bestvalue.analysis.challenge.resources_calibrate_force import Force
from bestvalue.analysis.challenge.resources_recorded import Recorded
from bestvalue.analysis.challenge.resources_scenarios import today
from bestvalue.analysis.challenge.resources_sweep import Means, sweep
from bestvalue.analysis.challenge.resources_tally import (
    ALL,
    AREA,
    NINETIETH,
    REPORTED,
    SUPPORT,
    UTILISATION,
    WAITED,
    WITHIN,
    Key,
)
from bestvalue.analysis.contract import Progress

INTERVAL = 0.90
REPLICATIONS = 24
REPLICATIONS_AT_STATIONS = 240
"""Of a service at stations. One is played in a few hundredths of a second, and with 24 chance moved the 90th percentile of a borough
by 1% and the number of boroughs within 10% by 4."""

FEWEST_TO_JUDGE = 200
"""Incidents of a grade in the second part, below which its figures are shown but do not decide."""

FEWEST_IN_AREA = 20
POINTS_OFF = 0.05
"""A share within target that is off by more than this fails, whatever the tolerance on minutes."""

FAR_END = 1.5
"""The 90th percentile may be off by half as much again as the median: it hangs on the few who wait longest."""

LEAST_COVERAGE = 0.70


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
    force: Force,
    recorded: Recorded,
    *,
    weeks: int,
    demand_factor: float,
    tolerance: float,
    seed: int,
    progress: Progress,
    means: Means | None = None,
    replications: int = REPLICATIONS,
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
        means: with what it is played.
        replications: how often.
    """
    scenario = replace(today(force), demand_factor=demand_factor)
    played = sweep(
        force,
        [scenario],
        weeks=weeks,
        half_width=0.0,
        most_replications=replications,
        confidence=INTERVAL,
        seed=seed,
        progress=progress,
        means=means,
        first=replications,
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
                max(predicted - half, 0.0),
                min(predicted + half, 1.0) if _is_share(key) or key.measure == UTILISATION else predicted + half,
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
