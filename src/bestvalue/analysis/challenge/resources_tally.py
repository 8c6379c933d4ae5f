"""What came of one run? Numbers for each measure, grade, area, hour and pool: one vector, so that runs can be averaged and paired.

An incident that nobody reached by the end counts as reported and as missing its target, and in the quantiles as later than any
that was reached: the mean of those who were served falls when the rest are given up, and is not used.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.challenge.resources_calibrate_force import Force
from bestvalue.analysis.challenge.resources_calibrate_weeks import Drawn, run_days
from bestvalue.analysis.challenge.resources_model import DAY_US, HOUR_US, MINUTE_US, Outcome

WITHIN, MEDIAN, NINETIETH, REACHED, WAITED, UTILISATION, OVERTIME, BORROWED, BACKLOG, REPORTED, MEAN_WAIT = (
    "share within target",
    "median minutes",
    "90th percentile minutes",
    "share reached",
    "share that waited for a unit",
    "utilisation",
    "overtime hours a week",
    "share by units of other areas",
    "growth of the queue a day",
    "incidents a week",
    "mean wait minutes",
)
"""Measures."""

QUANTILES = {
    "10th percentile minutes": 0.10,
    "25th percentile minutes": 0.25,
    MEDIAN: 0.50,
    "75th percentile minutes": 0.75,
    NINETIETH: 0.90,
    "95th percentile minutes": 0.95,
}
"""The distribution of response that every run gives, by grade."""

ALL, AREA, HOUR, POOL, LEVEL, SKILL = "all", "area", "hour", "pool", "level", "skill"
"""What a measure is broken down by."""

SUPPORT = "support"
"""Stands among the grades for the second wave."""


@dataclass(frozen=True)
class Key:
    """Which number: its measure, its grade ("" for all, "support" for the second wave), what it is of, and the name of that."""

    measure: str
    grade: str = ""
    by: str = ALL
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The numbers of one run, one for each key; NaN where there was nothing to count. `sent` is array (areas, pools)."""

    values: NDArray[np.float64]
    sent: NDArray[np.int64]


def keys_of(force: Force) -> tuple[Key, ...]:
    """The numbers that every run of this force gives, in order."""
    grades = [grade for grade, measured in zip(force.grades, force.measured, strict=True) if measured]
    keys = [Key(measure, grade) for grade in grades for measure in (WITHIN, *QUANTILES, REACHED, WAITED, REPORTED, MEAN_WAIT)]
    keys += [Key(WITHIN, grade, AREA, area) for grade in grades for area in force.area_names]
    keys += [Key(NINETIETH, grade, AREA, area) for grade in grades for area in force.area_names]
    keys += [Key(WITHIN, grade, HOUR, str(hour)) for grade in grades for hour in range(24)]
    keys += [Key(WITHIN, "", AREA, area) for area in force.area_names]
    keys += [Key(WITHIN), Key(REACHED), Key(BORROWED), Key(BACKLOG), Key(REPORTED)]
    keys += [Key(measure, SUPPORT) for measure in (WITHIN, *QUANTILES, REACHED, REPORTED)]
    keys += [Key(WITHIN, SUPPORT, SKILL, skill) for skill in force.skills]
    keys += [Key(measure, "", LEVEL, level) for measure in (UTILISATION, OVERTIME) for level in ("local", SUPPORT)]
    keys += [Key(UTILISATION, "", POOL, pool.name) for pool in force.pools]
    keys += [Key(OVERTIME, "", POOL, pool.name) for pool in force.pools]
    return tuple(keys)


def tally(force: Force, drawn: Drawn, outcome: Outcome) -> Tally:
    """Count one run.

    Args:
        force: whose run.
        drawn: what was asked of it.
        outcome: what the engine made of it, with rows.
    """
    rows, demand = outcome.rows, drawn.demand
    if rows is None:
        raise RuntimeError("the engine was asked for rows and gave none")
    counted = demand.time_us >= demand.count_from_us
    grade, area = demand.grade[counted].astype(np.int64), demand.area[counted].astype(np.int64)
    reached, reported = rows.unit[counted] >= 0, drawn.reported_us[counted]
    minutes = np.where(reached, (rows.scene_us[counted] - reported) / MINUTE_US, np.inf)
    wait = np.where(reached, (rows.sent_us[counted] - demand.time_us[counted]) / MINUTE_US, np.inf)
    within = minutes <= force.target_minutes[grade]
    weeks = run_days(demand) / 7
    measured = np.flatnonzero(force.measured)
    grades, areas = len(force.grades), len(force.area_names)
    place, hour = grade * areas + area, grade * 24 + reported // HOUR_US % 24
    by_area, within_area = (np.bincount(place[of], minlength=grades * areas).reshape(grades, areas) for of in (slice(None), within))
    by_hour, within_hour = (np.bincount(hour[of], minlength=grades * 24).reshape(grades, 24) for of in (slice(None), within))
    far_end = _ninetieth_by(minutes, place, grades * areas).reshape(grades, areas)
    values = [_of_grade(grade == number, minutes, wait, within, reached, weeks) for number in measured]
    values += [_ratio(within_area[measured], by_area[measured]).ravel(), far_end[measured].ravel()]
    values += [_ratio(within_hour[measured], by_hour[measured]).ravel()]
    values += [_ratio(within_area[measured].sum(axis=0), by_area[measured].sum(axis=0))]
    sent = outcome.sent
    lent = 1 - np.trace(sent[:, :areas]) / sent.sum() if sent.sum() else np.nan
    all_measured = int(by_area[measured].sum())
    share = within_area[measured].sum() / all_measured if all_measured else np.nan
    values.append(np.array([share, _share(reached), lent, _backlog_growth(outcome, demand.count_from_us), all_measured / weeks]))
    values += _support(force, drawn, outcome, weeks)
    values += _pools(force, outcome, weeks)
    return Tally(values=np.concatenate(values), sent=sent)


def _of_grade(
    mine: NDArray[np.bool_],
    minutes: NDArray[np.float64],
    wait: NDArray[np.float64],
    within: NDArray[np.bool_],
    reached: NDArray[np.bool_],
    weeks: float,
) -> NDArray[np.float64]:
    """The measures of one grade, in the order of `keys_of`."""
    waits = wait[mine]
    return np.array(
        [
            _share(within[mine]),
            *_quantiles(minutes[mine]),
            _share(reached[mine]),
            _share(waits > 0),
            len(waits) / weeks,
            _mean(waits[np.isfinite(waits)]),
        ]
    )


def _support(force: Force, drawn: Drawn, outcome: Outcome, weeks: float) -> list[NDArray[np.float64]]:
    rows, demand = outcome.rows, drawn.demand
    assert rows is not None  # noqa: S101 - `tally` has looked
    asked = (demand.time_us >= demand.count_from_us) & (demand.need_skill >= 0) & (rows.unit >= 0)
    came = rows.support_unit[asked] >= 0
    minutes = np.where(came, (rows.support_scene_us[asked] - rows.requested_us[asked] + drawn.support_before_us[asked]) / MINUTE_US, np.inf)
    within = minutes <= force.support_target_minutes
    skill = demand.need_skill[asked].astype(np.int64)
    return [
        np.array([_share(within), *_quantiles(minutes), _share(came), len(came) / weeks]),
        _ratio(np.bincount(skill[within], minlength=len(force.skills)), np.bincount(skill, minlength=len(force.skills))),
    ]


def _pools(force: Force, outcome: Outcome, weeks: float) -> list[NDArray[np.float64]]:
    duty, free = outcome.duty_us.sum(axis=0).astype(np.float64), (outcome.idle_us + outcome.break_us).sum(axis=0).astype(np.float64)
    support = force.is_support
    # Engines are crewed round the clock: the crew's change is no overtime.
    late_us = np.zeros(len(force.pools)) if force.returns else outcome.overtime_us.astype(np.float64)
    overtime = late_us / HOUR_US / weeks
    with np.errstate(invalid="ignore"):
        # Hours on jobs, overtime included, for each hour on duty.
        busy = duty - free + late_us
        by_level = [busy[of].sum() / duty[of].sum() if duty[of].sum() else np.nan for of in (~support, support)]
        by_pool = np.where(duty > 0, busy / duty, np.nan)
    return [np.array([*by_level, overtime[~support].sum(), overtime[support].sum()]), by_pool, overtime]


def _backlog_growth(outcome: Outcome, count_from_us: int) -> float:
    """Incidents that the queue grows by in a day: slope of those waiting at midnight, over the days counted."""
    waiting = outcome.waiting_by_day.sum(axis=1)[count_from_us // DAY_US :].astype(np.float64)
    if len(waiting) < 3:
        return 0.0
    days = np.arange(len(waiting)) - (len(waiting) - 1) / 2
    return float(days @ waiting / (days @ days))


def _share(true: NDArray[np.bool_]) -> float:
    return float(np.count_nonzero(true) / len(true)) if len(true) else float("nan")


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _quantiles(minutes: NDArray[np.float64]) -> list[float]:
    """The `QUANTILES`; infinite where that many were never reached."""
    if not len(minutes):
        return [float("nan")] * len(QUANTILES)
    ranks = [min(len(minutes) - 1, int(share * len(minutes))) for share in QUANTILES.values()]
    ordered = np.partition(minutes, ranks)
    return [float(ordered[rank]) for rank in ranks]


def _ratio(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore"):
        return np.asarray(part / np.where(whole > 0, whole, np.nan))


def _ninetieth_by(minutes: NDArray[np.float64], group: NDArray[np.int64], groups: int) -> NDArray[np.float64]:
    """90th percentile of each group; NaN for a group without any."""
    if not len(minutes):
        return np.full(groups, np.nan)
    ordered = minutes[np.lexsort((minutes, group))]
    count = np.bincount(group, minlength=groups)
    rank = np.cumsum(count) - count + np.minimum(count - 1, (0.9 * count).astype(np.int64))
    return np.where(count > 0, ordered[np.clip(rank, 0, len(ordered) - 1)], np.nan)
