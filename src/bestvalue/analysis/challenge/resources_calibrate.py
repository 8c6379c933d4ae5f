"""From a force's tables to a force that can be simulated: rows, units and times read, what the user knows better put in its place."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.random import Generator
from numpy.typing import NDArray

from bestvalue.analysis.challenge.resources_calibrate_force import Away, Force, Spells, draw, spells_of_weeks, with_roads, world_of
from bestvalue.analysis.challenge.resources_calibrate_overrides import Overrides
from bestvalue.analysis.challenge.resources_calibrate_roads import Road, fit_road, further_seconds, metres_driven
from bestvalue.analysis.challenge.resources_calibrate_rows import FURTHER, Rows, Window, read_rows
from bestvalue.analysis.challenge.resources_calibrate_times import Times, draw_by, fit_times, read_grades
from bestvalue.analysis.challenge.resources_calibrate_travel import read_travel_seconds, with_travel
from bestvalue.analysis.challenge.resources_calibrate_units import Establishment, read_establishment, read_places
from bestvalue.analysis.challenge.resources_calibrate_weeks import History, Lengths
from bestvalue.analysis.challenge.resources_engine import simulate
from bestvalue.analysis.challenge.resources_model import SECOND_US
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

LENT_SHARE = 0.001
"""Fewer than one first deployment in a thousand across a border is a stray, not a rule of lending."""

FURTHER_SHARE = 0.01
"""Further units are simulated when at least one incident in a hundred had one."""

FEWEST_PLACES = 10
"""Fewer recorded places than this do not show where a pool's units wait; they then wait at their bases."""

TUNING_WEEKS = 13
ROAD_RUNS, ROAD_WEEKS = 8, 2
"""Runs to see how far units drive. A unit waits at one place of its pool for a whole run, so one run of a few units tells of few places."""

UNREAL_REPLICATION = 2**32 - 1
"""The replication whose chance the tuning uses: none that an answer uses."""


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What was read and fitted, and the force that follows.

    Args:
        force: ready to be simulated.
        times, establishment, rows: what it is made of, with the user's own figures in place.
        window: the weeks that were read.
        lent_share: share of first deployments that crossed into an area of another pool.
        roads: how far a drive is against the crow's line from where the simulation has the units, first wave and support.
        overrides: what the user set.
    """

    force: Force
    times: Times
    establishment: Establishment
    rows: Rows
    window: Window
    lent_share: float
    roads: tuple[Road, Road]
    overrides: Overrides


def calibrate(
    dataset: Dataset,
    window: Window,
    *,
    overrides: Overrides,
    targets: Mapping[str, float],
    support_target_minutes: float,
    borrowing: str,
    seed: int,
    lender_keeps: int = 0,
    meal_breaks: bool = False,
    travel_by_area: bool = False,
) -> Calibration:
    """Read and fit everything from one stretch of weeks.

    Args:
        dataset: with pools, units, shifts, incidents and deployments.
        window: whole weeks.
        overrides: quantities that the user knows better.
        targets: minutes from report to arrival by grade, in place of the grades table's.
        support_target_minutes: minutes from the first arrival to that of support.
        borrowing: "as seen", "by grade" or "never".
        lender_keeps: a local pool lends only while more than so many of its units are idle.
        meal_breaks: units are taken away for the breaks of their turns.
        travel_by_area: drives take the force's travel times between areas, instead of the plane.
        seed: of chance.

    Raises:
        SpecError: a grade or a target that does not exist, or too few usable rows.
    """
    grade_table = read_grades(dataset)
    grades = tuple(grade_table["grade"])
    unknown = sorted(set(targets) - set(grades))
    if unknown:
        raise SpecError(f"There is no grade {unknown[0]!r}", where="targets", next_step=f"There are: {', '.join(grades)}.")
    places = read_places(dataset)
    rows = read_rows(dataset, window, areas=places, grades=grades)
    establishment = read_establishment(dataset, window, places)
    if rows.incidents.filter(pl.col("grade") == FURTHER).height >= FURTHER_SHARE * rows.incidents.height:
        grades = (*grades, FURTHER)
    else:
        rows = replace(
            rows,
            incidents=rows.incidents.filter(pl.col("grade") != FURTHER),
            first=rows.first.join(rows.incidents.filter(pl.col("grade") == FURTHER), on="incident_id", how="anti"),
        )
    fitted = fit_times(rows, grades=grades, skills=establishment.skills)
    times = overrides.of_times(fitted)
    lent = _lent_share(rows, establishment)
    force = _force(rows, establishment, times, window, overrides)
    wanted = {row["grade"]: row for row in grade_table.iter_rows(named=True)}
    force = replace(
        force,
        target_minutes=np.array([targets.get(grade, _number(wanted.get(grade, {}).get("target_minutes"))) for grade in grades]),
        support_target_minutes=support_target_minutes,
        takes_breaks=meal_breaks,
        lender_keeps=lender_keeps,
        borrow_after_minutes=_borrowing(borrowing, lent, [wanted.get(grade, {}).get("borrow_after_minutes") for grade in grades]),
    )
    roads, further = _road(force, rows, times, slower=float(times.support_pace.mean() / fitted.support_pace.mean()), seed=seed)
    if not travel_by_area:
        times = replace(times, support_further_seconds=further)
        driven = replace(with_roads(force, *roads), draw_lengths=_lengths_of(force.history, times))
    else:
        seconds = read_travel_seconds(dataset, establishment.areas)
        options = {"weeks": TUNING_WEEKS, "seed": seed, "replication": UNREAL_REPLICATION}
        driven = with_travel(force, seconds, times=times, rows=rows, **options)
    return Calibration(
        force=driven,
        times=times,
        establishment=establishment,
        rows=rows,
        window=window,
        lent_share=lent,
        roads=roads,
        overrides=overrides,
    )


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _lent_share(rows: Rows, establishment: Establishment) -> float:
    """Share of first deployments by a unit whose pool is another area's."""
    area_of_pool = {pool.pool_id: establishment.areas[pool.area] for pool in establishment.pools if pool.area is not None}
    sent, lies = rows.first.select("incident_id", "pool_id"), rows.incidents.select("incident_id", "area_id")
    both = sent.join(lies, on="incident_id").with_columns(
        theirs=pl.col("pool_id").replace_strict(area_of_pool, default=None, return_dtype=pl.String)
    )
    known = both.filter(pl.col("theirs").is_not_null())
    return known.filter(pl.col("theirs") != pl.col("area_id")).height / max(1, known.height)


def _borrowing(rule: str, lent_share: float, by_grade: list[float | None]) -> NDArray[np.float64]:
    """Minutes after which a neighbour's unit is sent, NaN for never: as the data show, as the grades say, or never."""
    lends = rule == "by grade" or (rule == "as seen" and lent_share >= LENT_SHARE)
    return np.array([_number(minutes) if lends else float("nan") for minutes in by_grade])


def _force(rows: Rows, establishment: Establishment, times: Times, window: Window, overrides: Overrides) -> Force:
    history = _history(rows, establishment, times, window)
    grades = len(times.grades)
    of_day = np.stack([times.pace.mean(axis=1), np.full(grades, times.support_pace.mean())])
    pace = np.repeat(of_day[:, :, None], 168, axis=2)  # the hour is in each incident's factor, which the root of the drive shares
    return Force(
        area_codes=establishment.areas,
        area_names=establishment.area_names,
        pools=establishment.pools,
        unit_pool=establishment.unit_pool,
        unit_east=establishment.unit_east,
        unit_north=establishment.unit_north,
        unit_skills=establishment.unit_skills,
        unit_base=establishment.unit_base,
        turns=establishment.turns,
        takes_breaks=False,
        lender_keeps=0,
        returns=False,
        borrows=establishment.neighbours,
        borrow_after_minutes=np.full(grades, np.nan),
        grades=times.grades,
        skills=establishment.skills,
        kinds=times.kinds,
        measured=np.array([grade != FURTHER for grade in times.grades]),
        target_minutes=np.full(grades, np.nan),
        support_target_minutes=30.0,
        places=_seen_places(rows, establishment),
        pace=pace,
        root_pace=np.zeros((2, grades)),
        history=history,
        growth=overrides.growth(history, areas=establishment, kinds=times.kinds, skills=establishment.skills),
        draw_lengths=_lengths_of(history, times),
        away=_away_of(establishment),
    )


def _seen_places(rows: Rows, establishment: Establishment) -> tuple[NDArray[np.float64], ...]:
    """Where the units of each pool were when they were sent; where that is not recorded, where the incidents of its area are."""
    at = ("pool_id", "from_easting_m", "from_northing_m")
    seen = pl.concat([rows.first.select(at), rows.second.select(at)]).drop_nulls(at[1:])
    places = []
    for pool in establishment.pools:
        here = seen.filter(pl.col("pool_id") == pool.pool_id).select("from_easting_m", "from_northing_m").to_numpy()
        if len(here) < FEWEST_PLACES and pool.area is not None:
            mine = rows.incidents.filter(pl.col("area_id") == establishment.areas[pool.area])
            here = mine.select("easting_m", "northing_m").to_numpy()
        places.append(here if len(here) >= FEWEST_PLACES else np.zeros((0, 2)))
    return tuple(places)


def unheld_requests(rows: Rows, establishment: Establishment) -> int:
    """Requests for a skill that no unit with a shift has: they are played without support, and the account says how many."""
    held = [skill for bit, skill in enumerate(establishment.skills) if _is_held(establishment, bit)]
    return rows.incidents.filter(pl.col("support_skill").is_not_null() & ~pl.col("support_skill").is_in(held)).height


def _is_held(establishment: Establishment, bit: int) -> bool:
    support = np.array([pool.area is None for pool in establishment.pools])[establishment.unit_pool]
    return bool(((establishment.unit_skills[support] >> np.uint64(bit)) & np.uint64(1)).any())


def _history(rows: Rows, establishment: Establishment, times: Times, window: Window) -> History:
    incidents = rows.incidents
    seconds = (incidents["opened_at"] - window.starts).dt.total_seconds().to_numpy()
    held = {skill for bit, skill in enumerate(establishment.skills) if _is_held(establishment, bit)}
    skill_number = {skill: number for number, skill in enumerate(establishment.skills) if skill in held}

    def numbered(column: str, names: tuple[str, ...]) -> NDArray[np.int32]:
        return incidents[column].replace_strict({name: n for n, name in enumerate(names)}, return_dtype=pl.Int32).to_numpy()

    return History(
        weeks=window.weeks,
        week=(seconds // (7 * 86_400)).astype(np.int32),
        second=(seconds % (7 * 86_400)).astype(np.int32),
        east=incidents["easting_m"].to_numpy(),
        north=incidents["northing_m"].to_numpy(),
        area=numbered("area_id", establishment.areas),
        grade=numbered("grade", times.grades),
        kind=numbered("kind", times.kinds),
        skill=incidents["support_skill"].replace_strict(skill_number, default=-1, return_dtype=pl.Int32).fill_null(-1).to_numpy(),
    )


def _lengths_of(history: History, times: Times) -> "_Draw":
    return _Draw(history=history, times=times)


@dataclass(frozen=True, kw_only=True)
class _Draw:
    """Draws lengths of time for incidents of this history from these times."""

    history: History
    times: Times

    def __call__(self, luck: Generator, chosen: NDArray[np.int64], seconds: NDArray[np.int64]) -> Lengths:
        times, size = self.times, len(chosen)
        grade, kind, skill = (of[chosen].astype(np.int64) for of in (self.history.grade, self.history.kind, self.history.skill))
        handling, turnout, scene, asked, support_turnout, support = luck.random((6, size))
        drawn_handling = draw_by(times.handling, grade, handling)
        hour = (seconds + drawn_handling.astype(np.int64)) // 3_600 % 24
        support_minutes = np.concatenate([times.support_minutes, [0.0]])[skill]  # -1, nobody asked for, takes the last
        return Lengths(
            handling=drawn_handling,
            turnout=draw_by(times.turnout, grade, turnout),
            drive_factor=(times.pace[0] / times.pace[0].mean())[hour],
            scene=60 * times.scene_minutes[kind, grade] * times.scene_spread.draw(scene),
            asked=times.support_asked.draw(asked),
            support_turnout=times.support_turnout.draw(support_turnout) + np.concatenate([times.support_further_seconds, [0.0]])[skill],
            support=60 * support_minutes * times.support_spread.draw(support),
        )


def _away_of(establishment: Establishment) -> Away:
    def away(number: NDArray[np.int64], _copy: NDArray[np.int64], order: NDArray[np.int64], _seed: int, _replication: int) -> Spells:
        return spells_of_weeks(establishment.away, number, order)

    return away


def _road(force: Force, rows: Rows, times: Times, *, slower: float, seed: int) -> tuple[tuple[Road, Road], NDArray[np.float64]]:
    """How far units really drive against how far they would along the crow's line from where their last job ended; both waves.

    Units patrol, are sent by people who know more than a straight line, and are not where the simulation has them. Quantile by
    quantile, the recorded distances are fitted by those of a simulation of the same weeks: a share of the distance and a share of
    its root. Read from the weeks of the calibration, never from those that are predicted.

    Boats, dogs and vans share the road of support; what their drives take more or less, by the skill asked for, comes with it in seconds.
    A user who says that support is so many times `slower` than recorded is not contradicted: recorded drives are held against drives as
    fast as recorded.
    """
    where = rows.incidents.select("incident_id", "easting_m", "northing_m", "support_skill")
    played = [_played_drives(force, seed=seed, replication=UNREAL_REPLICATION - number) for number in range(ROAD_RUNS)]
    roads, further = [], np.zeros(len(force.skills))
    for wave, recorded in enumerate((rows.first, rows.second)):
        drives = recorded.filter("clean").join(where, on="incident_id")
        metres, pace, skill = (np.concatenate([run[wave][part] for run in played]) for part in range(3))
        road = fit_road(metres_driven(drives), metres)
        roads.append(road)
        if wave == 1 and len(metres):
            seconds = pace / slower * (road.along * metres + road.root * np.sqrt(metres)) + times.support_turnout.mean
            further = further_seconds(drives, seconds, skill, force.skills)
    return (roads[0], roads[1]), further


def _played_drives(force: Force, *, seed: int, replication: int) -> list[tuple[NDArray[np.float64], ...]]:
    """Simulated drives of the first wave and of support: metres, seconds a metre, number of the skill that the incident asks for."""
    drawn = draw(force, weeks=ROAD_WEEKS, demand_factor=1.0, seed=seed, replication=replication)
    copies = np.ones(len(force.unit_pool), dtype=np.int64)
    world, rules = world_of(force, copies=copies, drawn=drawn, seed=seed, replication=replication)
    demand, played = drawn.demand, simulate(world, drawn.demand, rules, keep_rows=True).rows
    if played is None:
        raise RuntimeError("the engine was asked for rows and gave none")
    found: list[tuple[NDArray[np.float64], ...]] = []
    for wave, (sent, scene) in enumerate(((played.sent_us, played.scene_us), (played.support_sent_us, played.support_scene_us))):
        came = np.flatnonzero(scene >= 0)
        pace = force.pace[wave][demand.grade[came], 0] * demand.travel_factor[came]
        metres = np.maximum(scene[came] - sent[came] - demand.turnout_us[came], 0) / (pace * SECOND_US)
        skill = demand.need_skill[came] if len(demand.need_skill) else np.full(len(came), -1)
        found.append((metres, pace, skill.astype(np.float64)))
    return found
