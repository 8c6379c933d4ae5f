"""From which records, and over which weeks? A force or a brigade made ready for its question, tested on weeks it has not seen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

import numpy as np
import polars as pl

from bestvalue.analysis.challenge import resources_calibrate_tables as show
from bestvalue.analysis.challenge.resources_calibrate import calibrate
from bestvalue.analysis.challenge.resources_calibrate_force import Force
from bestvalue.analysis.challenge.resources_calibrate_overrides import Overrides
from bestvalue.analysis.challenge.resources_calibrate_rows import Window, read_rows, span_of_deployments
from bestvalue.analysis.challenge.resources_calibrate_times import read_grades
from bestvalue.analysis.challenge.resources_calibrate_units import read_establishment, read_places
from bestvalue.analysis.challenge.resources_kept import Kept
from bestvalue.analysis.challenge.resources_recorded import Recorded, recorded_of_arrivals, recorded_of_rows
from bestvalue.analysis.challenge.resources_rows_used import whole_account, whole_account_of_stations
from bestvalue.analysis.challenge.resources_stations import as_they_came, infer_brigade
from bestvalue.analysis.challenge.resources_stations_records import has_stations, moment, read_records
from bestvalue.analysis.challenge.resources_sweep import Means
from bestvalue.analysis.challenge.resources_validate import REPLICATIONS_AT_STATIONS, Validation, validate
from bestvalue.analysis.contract import Progress, ResultTable
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

NEEDS = ("incidents",)
USES = ("pools", "units", "unit_skills", "shifts", "abstractions", "deployments", "grades", "areas", "area_neighbours", "area_travel_times")
"""Tables that bear on the answer."""

FORCE_TABLES = ("pools", "units", "shifts", "deployments")
WEEK = timedelta(days=7)
FEWEST_WEEKS = 2
"""One week to calibrate on, one to predict."""

VALIDATION_SHARE = 3
"""At most one week in three is kept back for the test."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the user chose that bears on calibration and validation; see `resources.Spec`."""

    calibration_weeks: int
    validation_weeks: int
    split_day: date | None
    tolerance: float
    targets: Mapping[str, float]
    support_target_minutes: float
    borrowing: Literal["as seen", "by grade", "never"]
    lender_keeps: int
    meal_breaks: bool
    travel: Literal["plane", "areas"]
    overrides: Overrides
    seed: int


@dataclass(frozen=True, kw_only=True)
class Source:
    """A force ready to be played, with what is known of it.

    Args:
        force: calibrated on all the weeks.
        validation: on the last of them, by a force calibrated on those before.
        first_day, last_day: of the weeks that are replayed.
        split_day: first day that the validation predicted.
        tables: of the calibration.
        empty_pools: names of pools with nobody.
        borrow_by_grade: minutes that the grades table allows before a neighbour is asked, by grade.
        lent_share: share of first deployments that went to another area; NaN for a brigade.
        stations: the force is a brigade inferred from its incidents.
        target_shares: share of incidents that is promised within target, by grade; empty where nothing is promised.
        places: metres east and north of the middle of each area, by name, where known.
        means: with what the force is played, its finished runs among it.
    """

    force: Force
    validation: Validation
    first_day: date
    last_day: date
    split_day: date
    tables: Mapping[str, ResultTable]
    empty_pools: tuple[str, ...]
    borrow_by_grade: tuple[float | None, ...]
    lent_share: float
    stations: bool
    target_shares: Mapping[str, float]
    places: Mapping[str, tuple[float, float]]
    means: Means


def _means(dataset: Dataset, settings: Settings, which: str) -> Means:
    """What the runs of the force are played with that is calibrated on `which` weeks: past, or now."""
    tables = dataset.digest(name for name in (*NEEDS, *USES) if name in dataset.tables)
    kept = None if dataset.parts is None else dataset.parts / "resources"
    return Means(workers=dataset.engine.workers, kept=Kept(kept, f"{tables} {settings!r} {which}"))


def prepare(dataset: Dataset, settings: Settings, progress: Progress) -> Source:
    """Calibrate and validate on whatever the dataset has.

    Raises:
        SpecError: neither units with deployments, nor incidents that name stations; or too few weeks.
    """
    if all(name in dataset.tables for name in FORCE_TABLES):
        return _force(dataset, settings, progress)
    if has_stations(dataset):
        return _brigade(dataset, settings, progress)
    missing = ", ".join(name for name in FORCE_TABLES if name not in dataset.tables)
    raise SpecError(
        "There is nothing to simulate: no units with deployments, and no incidents that say which station came first",
        where="data",
        next_step=f"Give the tables that are missing ({missing}), or incidents with first_station and first_attendance_seconds.",
    )


def _force(dataset: Dataset, settings: Settings, progress: Progress) -> Source:
    progress(0.0, "Reading incidents and deployments")
    whole = _whole_weeks(*span_of_deployments(dataset))
    first, second = _split(whole, settings)
    options = {
        "overrides": settings.overrides,
        "targets": settings.targets,
        "support_target_minutes": settings.support_target_minutes,
        "borrowing": settings.borrowing,
        "lender_keeps": settings.lender_keeps,
        "meal_breaks": settings.meal_breaks,
        "travel_by_area": settings.travel == "areas",
        "seed": settings.seed,
    }
    season = _season(dataset, first, second)
    past, recorded = _past(dataset, first, second, options)
    progress(0.3, "Predicting weeks that were not used")
    validation = validate(
        past,
        recorded,
        weeks=second.weeks,
        demand_factor=season,
        tolerance=settings.tolerance,
        seed=settings.seed,
        progress=lambda share, doing: progress(0.3 + 0.4 * share, f"Validating: {doing}"),
        means=_means(dataset, settings, "past"),
    )
    del past  # a year of incidents, before another is read
    progress(0.7, "Calibrating on all weeks")
    last = Window(starts=max(whole.starts, whole.ends - settings.calibration_weeks * WEEK), ends=whole.ends)
    now = calibrate(dataset, last, **options)  # type: ignore[arg-type] # as above
    grades = read_grades(dataset)
    by_grade = {row["grade"]: row["borrow_after_minutes"] for row in grades.iter_rows(named=True)}
    shown = show.of_force(now, season, second)
    return Source(
        force=now.force,
        validation=validation,
        first_day=last.starts.date(),
        last_day=(last.ends - timedelta(days=1)).date(),
        split_day=second.starts.date(),
        tables=shown | {"rows_used": whole_account(shown["rows_used"], dataset, last)},
        empty_pools=now.establishment.empty_pools,
        borrow_by_grade=tuple(by_grade.get(grade) for grade in now.force.grades),
        lent_share=now.lent_share,
        stations=False,
        target_shares=_target_shares(dataset),
        places={name: at for name, at in zip(now.establishment.area_names, now.establishment.centres, strict=True) if at is not None},
        means=_means(dataset, settings, "now"),
    )


def _past(dataset: Dataset, first: Window, second: Window, options: Mapping[str, object]) -> tuple[Force, Recorded]:
    """The force calibrated on the first part, and what the records of the second say."""
    past = calibrate(dataset, first, **options)  # type: ignore[arg-type] # one mapping for both calibrations
    places = read_places(dataset)
    rows = read_rows(dataset, second, areas=places, grades=past.force.grades)
    return past.force, recorded_of_rows(past, rows, read_establishment(dataset, second, places), second.weeks)


def _brigade(dataset: Dataset, settings: Settings, progress: Progress) -> Source:
    progress(0.0, "Reading first arrivals")
    records = read_records(dataset)
    arrivals = records.arrivals
    if settings.overrides.values:
        raise SpecError(
            "Quantities can only be set for a force with units and deployments", where="overrides", next_step="Leave overrides empty."
        )
    starts = _midnight(int(arrivals.seconds[0]))
    ends = _midnight(int(arrivals.seconds[-1])) + 86_400
    monday = starts + (4 * 86_400 - starts) % (7 * 86_400)
    weeks = (ends - monday) // (7 * 86_400)
    if settings.split_day is None:
        kept_back = min(settings.validation_weeks, weeks // VALIDATION_SHARE)
        split = monday + (weeks - kept_back) * 7 * 86_400
    else:
        split = int(np.datetime64(settings.split_day, "s").astype(np.int64))
    if not starts + 7 * 86_400 <= split < ends:
        raise SpecError(
            f"The incidents run from {_said(moment(starts))} to {_said(moment(ends - 1))}; they cannot be split on {_said(moment(split))}",
            where="split_day",
            next_step="Give a day at least a week after the first.",
        )
    progress(0.1, "Finding stations and engines")
    targets = dict(settings.targets)
    past = infer_brigade(arrivals.part(arrivals.seconds < split), starts=starts, ends=split, targets=targets)
    later = arrivals.part(arrivals.seconds >= split)
    before_them, weeks_of_them = as_they_came(past, arrivals, starts=split, ends=ends)
    progress(0.3, "Predicting weeks that were not used")
    validation = validate(
        before_them,
        recorded_of_arrivals(past.force, later, weeks_of_them),
        weeks=weeks_of_them,
        demand_factor=1.0,
        tolerance=settings.tolerance,
        seed=settings.seed,
        progress=lambda share, doing: progress(0.3 + 0.4 * share, f"Validating: {doing}"),
        means=_means(dataset, settings, "past"),
        replications=REPLICATIONS_AT_STATIONS,
    )
    validation = replace(validation, weeks=max(1, round((ends - split) / (7 * 86_400))))
    progress(0.7, "Finding stations and engines on all weeks")
    first = max(starts, ends - settings.calibration_weeks * 7 * 86_400)
    now = infer_brigade(arrivals.part(arrivals.seconds >= first), starts=first, ends=ends, targets=targets)
    shown = show.of_brigade(now, records)
    return Source(
        force=now.force,
        validation=validation,
        first_day=moment(first).date(),
        last_day=moment(ends - 1).date(),
        split_day=moment(split).date(),
        tables=shown | {"rows_used": whole_account_of_stations(shown["rows_used"], dataset)},
        empty_pools=tuple(pool.name for number, pool in enumerate(now.force.pools) if number not in set(now.force.unit_pool.tolist())),
        borrow_by_grade=(None,) * len(now.force.grades),
        lent_share=float("nan"),
        stations=True,
        target_shares={},
        places={
            name: (float(arrivals.east[mine].mean()), float(arrivals.north[mine].mean()))
            for number, name in enumerate(now.force.area_names)
            for mine in [arrivals.area == number]
        },
        means=_means(dataset, settings, "now"),
    )


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _midnight(seconds: int) -> int:
    return seconds // 86_400 * 86_400


def _whole_weeks(first: datetime, last: datetime) -> Window:
    """From the first Monday to the last, around which the data are complete.

    Raises:
        SpecError: less than two whole weeks.
    """
    begins = datetime.combine(first.date() + timedelta(days=1 if first.time() > time(12) else 0), time.min)
    monday = begins + timedelta(days=(7 - begins.weekday()) % 7)
    day_after = datetime.combine(last.date() + timedelta(days=1), time.min)
    end = day_after - timedelta(days=day_after.weekday())
    weeks = (end - monday) // WEEK
    if weeks < FEWEST_WEEKS:
        raise SpecError(
            f"Incidents and deployments cover {max(weeks, 0)} whole weeks from Monday to Sunday; it takes {FEWEST_WEEKS}",
            where="incidents, deployments",
            next_step="Give more weeks: one part to calibrate on, one to test the prediction.",
        )
    return Window(starts=monday, ends=end)


def _split(whole: Window, settings: Settings) -> tuple[Window, Window]:
    """The weeks to calibrate on for the validation, and the weeks to predict."""
    if settings.split_day is None:
        kept_back = max(1, min(settings.validation_weeks, whole.weeks // VALIDATION_SHARE))
        split = whole.ends - kept_back * WEEK
    else:
        day = datetime.combine(settings.split_day, time.min)
        split = day - timedelta(days=day.weekday())
        if not whole.starts + WEEK <= split <= whole.ends - WEEK:
            raise SpecError(
                f"The data run from {_said(whole.starts)} to {_said(whole.ends)}; they cannot be split on {_said(settings.split_day)}",
                where="split_day",
                next_step="Give a day at least a week after the first and before the last.",
            )
    first = Window(starts=max(whole.starts, split - settings.calibration_weeks * WEEK), ends=split)
    return first, Window(starts=split, ends=min(whole.ends, split + settings.validation_weeks * WEEK))


def _season(dataset: Dataset, first: Window, second: Window) -> float:
    """Incidents to be expected in the second part against the first: as the same weeks of the year before stood against theirs.

    1 where there is no year before.
    """
    year = 52 * WEEK
    counts = dataset.query(
        "SELECT day_of(opened_at) AS day, COUNT(*) AS incidents FROM incidents WHERE opened_at < :ends GROUP BY 1", ends=first.ends
    ).with_columns(pl.col("day").cast(pl.Date))

    def a_week(starts: datetime, ends: datetime) -> float:
        inside = counts.filter((pl.col("day") >= starts.date()) & (pl.col("day") < ends.date()))
        return float(inside["incidents"].sum()) / ((ends - starts) / WEEK) if inside.height else float("nan")

    earliest = counts["day"].min()
    if not isinstance(earliest, date) or second.starts - year < datetime.combine(earliest, time.min) or first.weeks < 52:
        return 1.0
    same_season, whole_year = a_week(second.starts - year, second.ends - year), a_week(first.starts, first.ends)
    return same_season / whole_year if same_season > 0 and whole_year > 0 else 1.0


def _target_shares(dataset: Dataset) -> dict[str, float]:
    if "grades" not in dataset.tables:
        return {}
    rows = dataset.query("SELECT grade, target_share FROM grades WHERE target_share IS NOT NULL AND target_minutes IS NOT NULL")
    return {grade: float(share) for grade, share in rows.iter_rows()}
