"""What do the records of a stretch of weeks say, in the terms of a simulated run? Shares, quantiles and utilisation, with their bases."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.analysis.challenge.resources_calibrate import Calibration
from bestvalue.analysis.challenge.resources_calibrate_force import Force
from bestvalue.analysis.challenge.resources_calibrate_rows import Rows
from bestvalue.analysis.challenge.resources_calibrate_times import FREE_BEFORE_SECONDS
from bestvalue.analysis.challenge.resources_calibrate_units import Establishment
from bestvalue.analysis.challenge.resources_stations import FIRST
from bestvalue.analysis.challenge.resources_stations_records import FirstArrivals
from bestvalue.analysis.challenge.resources_tally import (
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


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What the second part's records say: value and base of each key."""

    values: Mapping[Key, float]
    bases: Mapping[Key, int]


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
