"""What does each scenario change? Response, waits, work and cost against today, with paired intervals; who gains and who loses."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from bestvalue.analysis.challenge.resources_scenarios import Scenario, hours_below_minimum, pounds_a_year, price_of, units_in
from bestvalue.analysis.challenge.resources_sweep import LEAST_REACHED, Estimate, Sweep, estimate
from bestvalue.analysis.challenge.resources_tally import (
    AREA,
    BACKLOG,
    BORROWED,
    HOUR,
    LEVEL,
    MEAN_WAIT,
    MEDIAN,
    NINETIETH,
    NINETIETH_WAIT,
    OVERTIME,
    POOL,
    QUANTILES,
    REACHED,
    REPORTED,
    SKILL,
    SUPPORT,
    UTILISATION,
    WAITED,
    WITHIN,
    Key,
)

GROWTH_SHARE = 0.01
"""A queue that grows a day by this share of a day's incidents is not steady."""

EVERY = "every grade"


def measured_grades(sweep: Sweep) -> list[str]:
    """Grades with a target, most urgent first."""
    return [grade for grade, measured in zip(sweep.force.grades, sweep.force.measured, strict=True) if measured]


def has_support(sweep: Sweep) -> bool:
    """Was support asked for at all?"""
    return sweep.reports(Key(REPORTED, SUPPORT)) > 0


def response(sweep: Sweep) -> pl.DataFrame:
    """Each scenario and grade: share within target, change against today, quantiles, waits and share reached.

    Returns:
        scenario, kind, pools, factor, grade, within, low, high, change, change_low, change_high, median_minutes, ninetieth_minutes,
        waited, mean_wait_minutes (empty where the queue has no end), ninetieth_wait_minutes (empty where one in ten still waits),
        queue_growth (incidents a day), reached.
    """
    grades = [*measured_grades(sweep), *([SUPPORT] if has_support(sweep) else [])]
    rows = []
    for number, scenario in enumerate(sweep.scenarios):
        endless = overloaded(sweep, number)
        for grade in ["", *grades]:
            key = Key(WITHIN, grade)
            within, change = sweep.estimate(number, key), sweep.difference(number, key)
            own = _own_measures(sweep, number, grade)
            rows.append(
                {
                    "scenario": scenario.name,
                    "kind": scenario.kind,
                    "pools": scenario.pools,
                    "factor": float(scenario.factor),
                    "grade": grade or EVERY,
                    "within": within.value,
                    "low": within.low,
                    "high": within.high,
                    "change": change.value,
                    "change_low": change.low,
                    "change_high": change.high,
                    "median_minutes": own.get(MEDIAN),
                    "ninetieth_minutes": own.get(NINETIETH),
                    "waited": own.get(WAITED),
                    "mean_wait_minutes": None if endless else own.get(MEAN_WAIT),
                    "ninetieth_wait_minutes": own.get(NINETIETH_WAIT),
                    "queue_growth": own.get(BACKLOG),
                    "reached": own.get(REACHED),
                }
            )
    return pl.DataFrame(rows, infer_schema_length=None)


def _own_measures(sweep: Sweep, number: int, grade: str) -> dict[str, float | None]:
    found = {}
    for measure in (MEDIAN, NINETIETH, WAITED, MEAN_WAIT, NINETIETH_WAIT, BACKLOG, REACHED):
        key = Key(measure, grade)
        if key in sweep.keys:
            value = sweep.estimate(number, key).value
            found[measure] = value if np.isfinite(value) else None
    return found


def work(sweep: Sweep) -> pl.DataFrame:
    """Each scenario: units, cost, utilisation, overtime, lending and the queue.

    Returns:
        scenario, kind, pools, factor, units, hours_below_minimum (pool-hours of the week), pounds_a_year, change_pounds,
        local_utilisation, support_utilisation,
        local_overtime_hours, support_overtime_hours (a week), overtime_change, overtime_low, overtime_high, borrowed, queue_growth
        (incidents a day), steady.
    """
    today = pounds_a_year(sweep.force, sweep.scenarios[0])
    rows = []
    for number, scenario in enumerate(sweep.scenarios):
        pounds = pounds_a_year(sweep.force, scenario)
        values = {
            f"{level}_{word}": sweep.estimate(number, Key(measure, "", LEVEL, level)).value
            for measure, word in ((UTILISATION, "utilisation"), (OVERTIME, "overtime_hours"))
            for level in ("local", SUPPORT)
        }
        overtime = overtime_change(sweep, number)
        rows.append(
            {
                "scenario": scenario.name,
                "kind": scenario.kind,
                "pools": scenario.pools,
                "factor": float(scenario.factor),
                "units": int(units_in(sweep.force, scenario).sum()),
                "hours_below_minimum": hours_below_minimum(sweep.force, scenario),
                "pounds_a_year": pounds,
                "change_pounds": pounds - today,
                **values,
                "overtime_change": overtime.value,
                "overtime_low": overtime.low,
                "overtime_high": overtime.high,
                "borrowed": sweep.estimate(number, Key(BORROWED)).value,
                "queue_growth": sweep.estimate(number, Key(BACKLOG)).value,
                "steady": not overloaded(sweep, number),
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None).fill_nan(None)


def overtime_change(sweep: Sweep, number: int) -> Estimate:
    """Overtime hours a week of all pools against today, paired."""
    columns = [sweep.column(Key(OVERTIME, "", LEVEL, level)) for level in ("local", SUPPORT)]
    hours = np.nansum(sweep.values[:, :, columns], axis=2)
    return estimate(hours[number] - hours[0], sweep.confidence)


def overloaded(sweep: Sweep, number: int) -> bool:
    """Does the queue grow without end? Fewer are reached than asked, or it grows every day by more than chance."""
    reached = sweep.estimate(number, Key(REACHED)).value
    growth = sweep.estimate(number, Key(BACKLOG))
    a_day = sweep.estimate(number, Key(REPORTED)).value / 7
    return bool(reached < LEAST_REACHED or (growth.low > 0 and growth.value > GROWTH_SHARE * a_day))


def by_area(sweep: Sweep, numbers: list[int]) -> pl.DataFrame:
    """Each area, every grade and grade by grade: today and in these scenarios, with the paired change of the share within target.

    Returns:
        scenario, area, grade, today, then, change, low, high, and the 90th percentile in minutes today and then (one grade only; empty
        where one in ten is never reached).
    """
    rows = []
    for number in numbers:
        for grade in ["", *measured_grades(sweep)]:
            for area in sweep.force.area_names:
                key = Key(WITHIN, grade, AREA, area)
                change = sweep.difference(number, key)
                if not np.isfinite(change.value):
                    continue
                shares = (sweep.estimate(0, key).value, sweep.estimate(number, key).value, change.value, change.low, change.high)
                far = [sweep.estimate(which, Key(NINETIETH, grade, AREA, area)).value if grade else np.nan for which in (0, number)]
                rows.append((sweep.scenarios[number].name, area, grade or EVERY, *shares, *(x if np.isfinite(x) else None for x in far)))
    names = ("today", "then", "change", "low", "high", "ninetieth_today", "ninetieth_then")
    schema = {"scenario": pl.String, "area": pl.String, "grade": pl.String} | dict.fromkeys(names, pl.Float64)
    return pl.DataFrame(rows, schema=schema, orient="row")


def of_every_grade(areas: pl.DataFrame) -> pl.DataFrame:
    """The lines of that table for all grades together."""
    return areas.filter(pl.col("grade") == EVERY)


def distribution(sweep: Sweep, numbers: list[int]) -> pl.DataFrame:
    """How response is spread: scenario, grade, reached_first (share of incidents), minutes, low, high; empty where never reached."""
    rows = []
    for number in numbers:
        for grade in [*measured_grades(sweep), *([SUPPORT] if has_support(sweep) else [])]:
            for measure, share in QUANTILES.items():
                found = sweep.estimate(number, Key(measure, grade))
                values = (found.value, found.low, found.high)
                rows.append((sweep.scenarios[number].name, grade, share, *(x if np.isfinite(x) else None for x in values)))
    names = ("reached_first", "minutes", "low", "high")
    return pl.DataFrame(rows, schema={"scenario": pl.String, "grade": pl.String} | dict.fromkeys(names, pl.Float64), orient="row")


def by_hour(sweep: Sweep, numbers: list[int]) -> pl.DataFrame:
    """Share within target by hour of the day and grade: scenario, grade, hour, within, low, high."""
    rows = []
    for number in numbers:
        for grade in measured_grades(sweep):
            for hour in range(24):
                found = sweep.estimate(number, Key(WITHIN, grade, HOUR, str(hour)))
                rows.append((sweep.scenarios[number].name, grade, hour, found.value, found.low, found.high))
    names = ("within", "low", "high")
    schema = {"scenario": pl.String, "grade": pl.String, "hour": pl.Int64} | dict.fromkeys(names, pl.Float64)
    return pl.DataFrame(rows, schema=schema, orient="row").fill_nan(None)


def by_skill(sweep: Sweep, numbers: list[int]) -> pl.DataFrame:
    """Share of requests for each skill that support answers within its target: scenario, skill, within, low, high."""
    rows = []
    for number in numbers:
        for skill in sweep.force.skills:
            found = sweep.estimate(number, Key(WITHIN, SUPPORT, SKILL, skill))
            if np.isfinite(found.value):
                rows.append((sweep.scenarios[number].name, skill, found.value, found.low, found.high))
    names = ("within", "low", "high")
    return pl.DataFrame(rows, schema={"scenario": pl.String, "skill": pl.String} | dict.fromkeys(names, pl.Float64), orient="row")


def by_pool(sweep: Sweep) -> pl.DataFrame:
    """The pools today: pool, level, units, minimum_units, utilisation, low, high, overtime_hours a week, pounds_a_year of one unit."""
    force, units = sweep.force, units_in(sweep.force, sweep.scenarios[0])
    hours = np.bincount(force.unit_pool, force.weekly_hours(), len(force.pools))
    rows = []
    for number, pool in enumerate(force.pools):
        found = sweep.estimate(0, Key(UTILISATION, "", POOL, pool.name))
        price = price_of(pool, hours[number] / units[number]) if units[number] else None
        rows.append(
            {
                "pool": pool.name,
                "level": SUPPORT if pool.area is None else "local",
                "units": int(units[number]),
                "minimum_units": pool.minimum_units,
                "utilisation": found.value,
                "low": found.low,
                "high": found.high,
                "overtime_hours": sweep.estimate(0, Key(OVERTIME, "", POOL, pool.name)).value,
                "pounds_a_unit_year": price,
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None).fill_nan(None)


def lending(sweep: Sweep, number: int) -> pl.DataFrame:
    """Who sends first-wave units to whom: area, lender, units_a_week, share (of those sent to the area)."""
    sent = sweep.sent[number]
    force, weeks = sweep.force, sweep.weeks * sweep.replications
    total = np.maximum(sent.sum(axis=1), 1)
    area, lender = np.nonzero(sent[:, : len(force.area_names)])
    return pl.DataFrame(
        {
            "area": [force.area_names[place] for place in area],
            "lender": [force.area_names[place] for place in lender],
            "units_a_week": sent[area, lender] / weeks,
            "share": sent[area, lender] / total[area],
        },
        schema={"area": pl.String, "lender": pl.String, "units_a_week": pl.Float64, "share": pl.Float64},
    )


@dataclass(frozen=True, kw_only=True)
class Knee:
    """Where a curve bends: the factor, and points of share within target that a tenth more units buys below and above it."""

    pools: str
    grade: str
    factor: float
    below: float
    above: float


def knee(sweep: Sweep, pools: str, grade: str) -> Knee | None:
    """Where the curve of a pool bends most: the point farthest above the line between its ends, both axes scaled to 1.

    Source: Satopää, Albrecht, Irwin and Raghavan (2011), "Finding a 'kneedle' in a haystack".
    """
    points = curve_points(sweep, pools, grade)
    if len(points) < 4:
        return None
    x, y = np.array([point[0] for point in points]), np.array([point[1] for point in points])
    if not np.isfinite(y).all() or y[-1] - y[0] <= 0.005:
        return None
    above_line = (y - y[0]) / (y[-1] - y[0]) - (x - x[0]) / (x[-1] - x[0])
    bend = int(np.argmax(above_line))
    if bend in (0, len(x) - 1):
        return None
    return Knee(
        pools=pools,
        grade=grade,
        factor=float(x[bend]),
        below=float((y[bend] - y[bend - 1]) / (x[bend] - x[bend - 1]) / 10),
        above=float((y[bend + 1] - y[bend]) / (x[bend + 1] - x[bend]) / 10),
    )


def curve_points(sweep: Sweep, pools: str, grade: str) -> list[tuple[float, float]]:
    """Factor and share within target of a pool's curve, today among them, in order of factor."""
    key = Key(WITHIN, grade)
    points = [(1.0, sweep.estimate(0, key).value)]
    points += [(one.factor, sweep.estimate(number, key).value) for number, one in enumerate(sweep.scenarios) if _is_scaled(one, pools)]
    return sorted(points)


def scaled_place(sweep: Sweep, pools: str, factor: float) -> int | None:
    """Number of the scenario in which these pools are scaled by that factor."""
    for number, scenario in enumerate(sweep.scenarios):
        if _is_scaled(scenario, pools) and scenario.factor == factor:
            return number
    return None


def _is_scaled(scenario: Scenario, pools: str) -> bool:
    return scenario.kind == "scaled" and scenario.pools == pools


def marginal(sweep: Sweep) -> pl.DataFrame:
    """One unit more and one fewer in a pool: what it does to the pool's own area, or to support, and its price.

    Returns:
        pool, change (+1, -1), of (what the share is of), today, effect, low, high, pounds_a_year, points_per_100000_pounds.
    """
    force = sweep.force
    rows = []
    for number, scenario in enumerate(sweep.scenarios):
        if scenario.kind != "one unit":
            continue
        pool = next(one for one in force.pools if one.name == scenario.pools)
        key = Key(WITHIN, SUPPORT) if pool.area is None else Key(WITHIN, "", AREA, force.area_names[pool.area])
        effect = sweep.difference(number, key)
        pounds = pounds_a_year(force, scenario) - pounds_a_year(force, sweep.scenarios[0])
        rows.append(
            {
                "pool": pool.name,
                "change": int(scenario.factor),
                "of": "requests for support" if pool.area is None else f"incidents in {force.area_names[pool.area]}",
                "today": sweep.estimate(0, key).value,
                "effect": effect.value,
                "low": effect.low,
                "high": effect.high,
                "pounds_a_year": pounds,
                "points_per_100000_pounds": 100 * effect.value / (pounds / 100_000) if np.isfinite(pounds) and pounds else None,
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None, schema=None if rows else _MARGINAL).fill_nan(None)


_MARGINAL = {
    "pool": pl.String,
    "change": pl.Int64,
    "of": pl.String,
    "today": pl.Float64,
    "effect": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "pounds_a_year": pl.Float64,
    "points_per_100000_pounds": pl.Float64,
}
