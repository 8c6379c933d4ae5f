"""How long do things take? Handling, turnout, drive and work at the scene, each a typical length and a spread, read from deployments."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.analysis.challenge.resources_calibrate_roads import LONGEST_DRIVE_METRES
from bestvalue.analysis.challenge.resources_calibrate_rows import Rows
from bestvalue.analysis.compiled import compiled
from bestvalue.dataset.dataset import Dataset

FREE_BEFORE_SECONDS = 60
"""A unit that had been free for a minute when it was sent shows that the incident had not been waiting for one."""

STEPS = 200
QUANTILES = np.concatenate([np.linspace(0.0, 1.0, STEPS + 1)[:-1], np.linspace(1 - 1 / STEPS, 1.0, STEPS + 1)])
"""A spread is kept as so many quantiles, from which chance draws; no shape is assumed.

The last of the equal steps is parted into as many once more. It reaches to the longest time of all, which is the longer the more
were recorded: drawn straight to there, one visit in four hundred came two days late in a force that records half a million a year.
"""

LEAST_SPEED_M_S, MOST_SPEED_M_S = 1.0, 40.0
FEWEST_IN_HOUR = 30
UNKNOWN_SUPPORT_MINUTES = 60.0
"""At the scene, where no deployment tells; nobody is then sent either, unless the user changes that."""

SHRINK_TO = 20.0
"""A kind and grade with so many deployments counts half, and the mean of its kind half."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A distribution: sorted values at `QUANTILES`, and how many it was read from."""

    values: NDArray[np.float64]
    base: int

    @property
    def median(self) -> float:
        """The middle value."""
        return float(self.values[STEPS // 2])

    @property
    def ninetieth(self) -> float:
        """Nine in ten are no longer."""
        return float(np.interp(0.9, QUANTILES, self.values))

    @property
    def mean(self) -> float:
        """The mean of what is drawn."""
        return float(np.trapezoid(self.values, QUANTILES))

    def draw(self, uniforms: NDArray[np.floating]) -> NDArray[np.float64]:
        """Values for numbers from 0 to 1, by interpolation.

        Example:
            >>> float(spread_of(np.array([1.0, 2.0, 3.0])).draw(np.array([0.5]))[0])
            2.0
        """
        return along(self.values[None], np.zeros(0, np.int64), np.asarray(uniforms, np.float64))

    def scaled(self, factor: float) -> "Spread":
        """The same shape, `factor` times as long."""
        return Spread(values=self.values * factor, base=self.base)


def draw_by(spreads: Sequence[Spread], which: NDArray[np.int64], uniforms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values of the spread that `which` names, by numbers from 0 to 1."""
    return along(np.stack([spread.values for spread in spreads]), which, uniforms)


@compiled
def along(values: NDArray[np.float64], row: NDArray[np.int64], uniforms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values at `QUANTILES`, read at `uniforms`, straight between steps; `row` says of which row, the first where it is empty.

    numpy's own interpolation searches its steps: a year's incidents took as long to draw as half a run.
    """
    found = np.empty(len(uniforms))
    for i in range(len(uniforms)):
        at = uniforms[i] * STEPS
        if at >= STEPS - 1:  # the last step has steps of its own
            at = STEPS - 1 + (at - (STEPS - 1)) * STEPS
        low = min(int(at), 2 * STEPS - 2)
        of = row[i] if len(row) else 0
        found[i] = values[of, low] + (values[of, low + 1] - values[of, low]) * (at - low)
    return found


@dataclass(frozen=True, kw_only=True)
class Times:
    """All lengths of time of one force. G grades, K kinds, S skills.

    Args:
        grades, kinds, skills: names, in the order of the arrays.
        handling: seconds from report until a unit can be sent, by grade.
        turnout: seconds from sending to moving and whatever the drive does not explain, by grade.
        pace: array (G, 24): seconds for a crow-fly metre, detour included, by hour of the day.
        pace_base: array (G, 24): drives that it is read from.
        scene_minutes: array (K, G): typical (geometric mean) minutes from arrival to free again.
        scene_base: array (K, G).
        scene_spread: times the typical length.
        support_asked: seconds from the first arrival until the request is ready to send.
        support_turnout: seconds, as above.
        support_pace: array (24,).
        support_minutes: array (S,): typical minutes of a support unit at the scene; support_base: array (S,).
        support_spread: times the typical length.
        support_further_seconds: array (S,): by how much the drives of the units sent for a skill differ from what `support_turnout` and
            the simulated way make of them.
    """

    grades: tuple[str, ...]
    kinds: tuple[str, ...]
    skills: tuple[str, ...]
    handling: tuple[Spread, ...]
    turnout: tuple[Spread, ...]
    pace: NDArray[np.float64]
    pace_base: NDArray[np.int64]
    scene_minutes: NDArray[np.float64]
    scene_base: NDArray[np.int64]
    scene_spread: Spread
    support_asked: Spread
    support_turnout: Spread
    support_pace: NDArray[np.float64]
    support_minutes: NDArray[np.float64]
    support_base: NDArray[np.int64]
    support_spread: Spread
    support_further_seconds: NDArray[np.float64]


def read_grades(dataset: Dataset) -> pl.DataFrame:
    """Grades that units are sent to, most urgent first: grade, target_minutes, borrow_after_minutes.

    From the grades table where there is one: those with a target. Otherwise every grade with a deployment, those with the
    shortest median response first.
    """
    if "grades" in dataset.tables:
        rows = dataset.query("SELECT grade, priority, target_minutes, borrow_after_minutes FROM grades ORDER BY priority, grade")
        return rows.filter(pl.col("target_minutes").is_not_null()).select("grade", "target_minutes", "borrow_after_minutes")
    seen = dataset.query(
        "SELECT i.grade AS grade, AVG(seconds_between(i.opened_at, d.arrived_at)) AS seconds FROM deployments d "
        "JOIN incidents i ON i.incident_id = d.incident_id WHERE d.wave = 1 AND i.grade IS NOT NULL GROUP BY 1 ORDER BY 2, 1"
    )
    return seen.select("grade", target_minutes=pl.lit(None, pl.Float64), borrow_after_minutes=pl.lit(None, pl.Float64))


def spread_of(values: NDArray[np.float64]) -> Spread:
    """The quantiles of some values; a single zero where there is none."""
    return Spread(values=np.quantile(values, QUANTILES) if len(values) else np.zeros(len(QUANTILES)), base=len(values))


def fit_times(rows: Rows, *, grades: tuple[str, ...], skills: tuple[str, ...]) -> Times:
    """Read every length of time from the deployments whose times can be compared."""
    about = rows.incidents.select("incident_id", "grade", "kind", "support_skill", "easting_m", "northing_m")
    first = _measured(rows.first.drop("deployment_id", "unit_id", "pool_id", "wave").join(about, on="incident_id")).sort("incident_id")
    kinds = tuple(sorted(rows.incidents["kind"].unique().to_list()))
    pace, pace_base = _pace(first, grades)
    clean = first.filter("clean")
    scene, scene_base, scene_spread = _scene(clean, kinds, grades)
    second = _measured(
        rows.second.join(about, on="incident_id").join(rows.first.select("incident_id", scene_at="arrived_at"), on="incident_id")
    ).filter("clean")
    second = second.sort("deployment_id")
    support_pace = _support_pace(second, pace)
    support_minutes, support_base, support_spread = _support_scene(second, skills)
    free = pl.col("free_before_seconds").fill_null(FREE_BEFORE_SECONDS) >= FREE_BEFORE_SECONDS
    return Times(
        grades=grades,
        kinds=kinds,
        skills=skills,
        handling=tuple(
            spread_of(_seconds(clean.filter(free & (pl.col("grade") == grade)), pl.col("assigned_at") - pl.col("opened_at")))
            for grade in grades
        ),
        turnout=tuple(_turnout(clean.filter(pl.col("grade") == grade), pace[number]) for number, grade in enumerate(grades)),
        pace=pace,
        pace_base=pace_base,
        scene_minutes=scene,
        scene_base=scene_base,
        scene_spread=scene_spread,
        support_asked=spread_of(np.maximum(_seconds(second.filter(free), pl.col("assigned_at") - pl.col("scene_at")), 0.0)),
        support_turnout=_turnout(second, support_pace),
        support_pace=support_pace,
        support_minutes=support_minutes,
        support_base=support_base,
        support_spread=support_spread,
        support_further_seconds=np.zeros(len(skills)),
    )


def _measured(deployments: pl.DataFrame) -> pl.DataFrame:
    """With seconds driven, seconds at the scene, metres by the crow, and the hour of sending."""
    return deployments.with_columns(
        drive=(pl.col("arrived_at") - pl.col("assigned_at")).dt.total_seconds().cast(pl.Float64),
        work=(pl.col("cleared_at") - pl.col("arrived_at")).dt.total_seconds().cast(pl.Float64),
        metres=((pl.col("easting_m") - pl.col("from_easting_m")) ** 2 + (pl.col("northing_m") - pl.col("from_northing_m")) ** 2).sqrt(),
        hour=pl.col("assigned_at").dt.hour().cast(pl.Int64),
    ).with_columns(metres=pl.when(pl.col("metres") <= LONGEST_DRIVE_METRES).then(pl.col("metres")))


def _seconds(rows: pl.DataFrame, length: pl.Expr) -> NDArray[np.float64]:
    return rows.select(seconds=length.dt.total_seconds().cast(pl.Float64))["seconds"].to_numpy()


def _pace(first: pl.DataFrame, grades: tuple[str, ...]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Slope of drive on distance by grade, times a factor of the hour that all grades share."""
    known = first.filter(pl.col("clean") & pl.col("metres").is_not_null())
    slopes, base = np.full((len(grades), 24), np.nan), np.zeros((len(grades), 24), dtype=np.int64)
    for number, grade in enumerate(grades):
        of_grade = known.filter(pl.col("grade") == grade)
        for hour in range(24):
            rows = of_grade.filter(pl.col("hour") == hour)
            base[number, hour] = rows.height
            if rows.height >= FEWEST_IN_HOUR:
                slopes[number, hour] = _slope(rows)
    overall = np.array([_slope(known.filter(pl.col("grade") == grade)) for grade in grades])
    fallback = np.nanmean(overall) if np.isfinite(overall).any() else 1 / 8.0
    overall = np.where(np.isfinite(overall), overall, fallback)
    relative = np.where(np.isfinite(slopes), slopes / overall[:, None], 0.0)
    weight = np.where(np.isfinite(slopes), base, 0)
    of_hour = np.where(weight.sum(axis=0) > 0, (relative * weight).sum(axis=0) / np.maximum(weight.sum(axis=0), 1), 1.0)
    return np.asarray(np.clip(overall[:, None] * of_hour, 1 / MOST_SPEED_M_S, 1 / LEAST_SPEED_M_S)), base


def _slope(rows: pl.DataFrame) -> float:
    """Seconds a metre: least squares with an intercept; once more without the hundredth that took longest for their distance."""
    if rows.height < FEWEST_IN_HOUR:
        return float("nan")
    metres, drive = rows["metres"].to_numpy(), rows["drive"].to_numpy()
    slope = _least_squares(metres, drive)
    beyond = drive - slope * metres
    usual = beyond <= np.quantile(beyond, 0.99)
    return _least_squares(metres[usual], drive[usual])


def _least_squares(metres: NDArray[np.float64], drive: NDArray[np.float64]) -> float:
    away = metres - metres.mean()
    spread = float(np.sum(away * away))
    return float(np.sum(away * drive)) / spread if spread > 0 else float("nan")


def _turnout(rows: pl.DataFrame, pace: NDArray[np.float64]) -> Spread:
    """What the drive does not explain: turnout above all, and luck; never below zero."""
    known = rows.filter(pl.col("metres").is_not_null())
    if known.height == 0:
        return spread_of(rows["drive"].to_numpy())
    return spread_of(np.maximum(known["drive"].to_numpy() - known["metres"].to_numpy() * pace[known["hour"].to_numpy()], 0.0))


def _support_pace(second: pl.DataFrame, pace: NDArray[np.float64]) -> NDArray[np.float64]:
    """One pace of all support units, with the hours of the first wave: they are too few to have hours of their own."""
    of_hour = pace[0] / pace[0].mean()
    slope = _slope(second.filter(pl.col("metres").is_not_null()))
    typical = slope if np.isfinite(slope) else pace.mean()
    return np.asarray(np.clip(typical * of_hour, 1 / MOST_SPEED_M_S, 1 / LEAST_SPEED_M_S))


def _scene(clean: pl.DataFrame, kinds: tuple[str, ...], grades: tuple[str, ...]) -> tuple[NDArray[np.float64], NDArray[np.int64], Spread]:
    worked = clean.filter(pl.col("work") > 0)
    minutes = worked["work"].to_numpy() / 60
    length = np.log(minutes)
    kind, grade = _numbers(worked["kind"], kinds), _numbers(worked["grade"], grades)
    cell = kind * len(grades) + grade
    whole = float(np.mean(length))
    of_kind, count_of_kind = _sums(length, kind, len(kinds))
    middle = (of_kind + whole * SHRINK_TO) / (count_of_kind + SHRINK_TO)
    own, count = _sums(length, cell, len(kinds) * len(grades))
    shape = (len(kinds), len(grades))
    typical = np.exp((own.reshape(shape) + (middle * SHRINK_TO)[:, None]) / (count.reshape(shape) + SHRINK_TO))
    return typical, count.reshape(shape), spread_of(minutes / typical[kind, grade])


def _support_scene(second: pl.DataFrame, skills: tuple[str, ...]) -> tuple[NDArray[np.float64], NDArray[np.int64], Spread]:
    worked = second.filter((pl.col("work") > 0) & pl.col("support_skill").is_in(list(skills)))
    minutes = worked["work"].to_numpy() / 60
    if len(minutes) == 0:
        return np.full(len(skills), UNKNOWN_SUPPORT_MINUTES), np.zeros(len(skills), dtype=np.int64), spread_of(np.ones(1))
    length, skill = np.log(minutes), _numbers(worked["support_skill"], skills)
    own, count = _sums(length, skill, len(skills))
    least = SHRINK_TO / 4  # support kinds differ more than grades of one kind do
    typical = np.exp((own + np.mean(length) * least) / (count + least))
    return typical, count, spread_of(minutes / typical[skill])


def _numbers(names: pl.Series, order: tuple[str, ...]) -> NDArray[np.int64]:
    places = {name: number for number, name in enumerate(order)}
    return names.replace_strict(places, return_dtype=pl.Int64).to_numpy()


def _sums(values: NDArray[np.float64], group: NDArray[np.int64], groups: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Sum and count of each group, added up in order of the rows: the same to the last bit, however many threads there are."""
    return np.bincount(group, values, groups).astype(np.float64), np.bincount(group, minlength=groups).astype(np.int64)
