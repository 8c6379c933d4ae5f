"""What came of one run? Numbers for each measure, grade, area, hour and pool: one vector, so that runs can be averaged and paired.

An incident that nobody reached by the end counts as reported and as missing its target, and in the quantiles as later than any
that was reached: the mean of those who were served falls when the rest are given up, and is not used.
"""

from dataclasses import dataclass

import numpy as np

from bestvalue.analysis.challenge.resources_calibrate_force import Force
from bestvalue.analysis.challenge.resources_calibrate_weeks import run_days
from bestvalue.analysis.challenge.resources_model import DAY_US, HOUR_US, MINUTE_US, Demand, Floats, Longs, Outcome
from bestvalue.analysis.challenge.resources_percentiles import percentile_minutes, wait_percentile_minutes

WITHIN, MEDIAN, NINETIETH, REACHED, WAITED, UTILISATION, OVERTIME, BORROWED, BACKLOG, REPORTED, MEAN_WAIT, NINETIETH_WAIT = (
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
    "90th percentile wait minutes",
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
    """The numbers of one run, one for each key; NaN where there was nothing to count. `sent` is array (areas, pools).

    `incidents` are those played, of the warm-up too.
    """

    values: Floats
    sent: Longs
    incidents: int

    def as_vector(self) -> Floats:
        """All of it in one row of numbers, to be kept."""
        return np.concatenate([self.values, self.sent.ravel(), [self.incidents]])

    @staticmethod
    def of_vector(vector: Floats, *, keys: int, areas: int) -> "Tally":
        """What `as_vector` made a row of."""
        return Tally(values=vector[:keys], sent=vector[keys:-1].astype(np.int64).reshape(areas, -1), incidents=int(vector[-1]))


def keys_of(force: Force) -> tuple[Key, ...]:
    """The numbers that every run of this force gives, in order."""
    grades = [grade for grade, measured in zip(force.grades, force.measured, strict=True) if measured]
    keys = [
        Key(measure, grade)
        for grade in grades
        for measure in (WITHIN, *QUANTILES, REACHED, WAITED, REPORTED, MEAN_WAIT, NINETIETH_WAIT, BACKLOG)
    ]
    keys += [Key(WITHIN, grade, AREA, area) for grade in grades for area in force.area_names]
    keys += [Key(NINETIETH, grade, AREA, area) for grade in grades for area in force.area_names]
    keys += [Key(REPORTED, grade, AREA, area) for grade in grades for area in force.area_names]
    keys += [Key(WITHIN, grade, HOUR, str(hour)) for grade in grades for hour in range(24)]
    keys += [Key(WITHIN, "", AREA, area) for area in force.area_names]
    keys += [Key(WITHIN), Key(REACHED), Key(BORROWED), Key(BACKLOG), Key(REPORTED)]
    keys += [Key(measure, SUPPORT) for measure in (WITHIN, *QUANTILES, REACHED, REPORTED)]
    keys += [Key(measure, SUPPORT, SKILL, skill) for measure in (WITHIN, REPORTED) for skill in force.skills]
    keys += [Key(measure, "", LEVEL, level) for measure in (UTILISATION, OVERTIME) for level in ("local", SUPPORT)]
    keys += [Key(UTILISATION, "", POOL, pool.name) for pool in force.pools]
    keys += [Key(OVERTIME, "", POOL, pool.name) for pool in force.pools]
    return tuple(keys)


def tally(force: Force, demand: Demand, outcome: Outcome) -> Tally:
    """Count one run.

    Args:
        force: whose run.
        demand: what was asked of it.
        outcome: what the engine counted.
    """
    weeks, first_day = run_days(demand) / 7, demand.count_from_us // DAY_US
    measured = np.flatnonzero(force.measured)
    reported, within = outcome.reported[:, measured], outcome.within[:, measured]
    areas = len(force.area_names)
    far_end = percentile_minutes(outcome.response_bins[:, measured], reported, 0.9)
    # Hours of the week, by day and hour of the day, areas together.
    by_hour = outcome.hourly.reshape(7, 24, areas, -1, 3)[:, :, :, measured].sum(axis=(0, 2))
    unserved = outcome.unserved_hourly.reshape(7, 24, areas, -1)[:, :, :, measured].sum(axis=(0, 2))
    sent = outcome.sent
    lent = 1 - np.trace(sent[:, :areas]) / sent.sum() if sent.sum() else np.nan
    growth = _backlog_growth(outcome, first_day)
    values = [_of_grades(outcome, measured, growth, weeks)]
    values += [
        ratio(within, reported).T.ravel(),
        far_end.T.ravel(),
        reported.T.ravel() / weeks,
        ratio(by_hour[..., 1], by_hour[..., 0] + unserved).T.ravel(),
    ]
    values += [ratio(within.sum(axis=1), reported.sum(axis=1))]
    all_reached = ratio(outcome.attended.sum(), outcome.reported.sum())
    values.append(np.array([ratio(within.sum(), reported.sum()), all_reached, lent, growth.sum(), reported.sum() / weeks]))
    values += _support(outcome, weeks)
    values += _pools(force, outcome, weeks)
    return Tally(values=np.concatenate(values), sent=sent, incidents=len(demand.time_us))


def _of_grades(outcome: Outcome, measured: Longs, growth: Floats, weeks: float) -> Floats:
    """The measures of each grade, in the order of `keys_of`."""
    counts = {name: getattr(outcome, name).sum(axis=0)[measured] for name in ("reported", "attended", "within", "waited", "wait_sum_us")}
    bins, ended, censored = (
        getattr(outcome, name).sum(axis=0, dtype=np.int64)[measured] for name in ("response_bins", "wait_bins", "unserved_bins")
    )
    reported, attended, waited = counts["reported"], counts["attended"], counts["waited"]
    return np.column_stack(
        [
            ratio(counts["within"], reported),
            *(percentile_minutes(bins, reported, share) for share in QUANTILES.values()),
            ratio(attended, reported),
            ratio(waited + reported - attended, reported),
            reported / weeks,
            ratio(counts["wait_sum_us"], attended) / MINUTE_US,
            wait_percentile_minutes(attended - waited, ended, censored, 0.9),
            growth[measured],
        ]
    ).ravel()


def _support(outcome: Outcome, weeks: float) -> list[Floats]:
    asked, bins = outcome.requested.sum(), outcome.support_response_bins.sum(axis=(0, 1), dtype=np.int64)
    quantiles = [percentile_minutes(bins, asked, share) for share in QUANTILES.values()]
    shares = (ratio(outcome.support_within.sum(), asked), ratio(outcome.supported.sum(), asked))
    return [
        np.array([shares[0], *quantiles, shares[1], asked / weeks]),
        ratio(outcome.support_within.sum(axis=1), outcome.requested.sum(axis=1)),
        outcome.requested.sum(axis=1) / weeks,
    ]


def _pools(force: Force, outcome: Outcome, weeks: float) -> list[Floats]:
    duty, free = outcome.duty_us.sum(axis=0).astype(np.float64), (outcome.idle_us + outcome.break_us).sum(axis=0).astype(np.float64)
    support = force.is_support
    # Engines are crewed round the clock: the crew's change is no overtime.
    late_us = np.zeros(len(force.pools)) if force.returns else outcome.overtime_us.astype(np.float64)
    overtime = late_us / HOUR_US / weeks
    busy = duty - free + late_us  # hours on jobs, overtime included, for each hour on duty
    by_level = [ratio(busy[of].sum(), duty[of].sum()) for of in (~support, support)]
    return [np.array([*by_level, overtime[~support].sum(), overtime[support].sum()]), ratio(busy, duty), overtime]


def _backlog_growth(outcome: Outcome, first_day: int) -> Floats:
    """Incidents of each grade that the queue grows by in a day: slope of those waiting at midnight, over the days counted."""
    waiting = outcome.waiting_by_day[first_day:].astype(np.float64)
    days = np.arange(len(waiting)) - (len(waiting) - 1) / 2
    return np.asarray(days @ waiting / max(float(days @ days), 1.0))


def ratio(part: Longs | Floats, whole: Longs | Floats) -> Floats:
    """Part over whole; not a number where the whole is 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.asarray(whole) == 0, np.nan, np.asarray(part, float) / whole)
