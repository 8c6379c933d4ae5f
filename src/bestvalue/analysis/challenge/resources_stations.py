"""A service that waits at stations, such as a fire brigade: from who came first to a force of stations and engines that can be played.

The records name the station of the first and the second arrival. Stations, their engines, the law of the drive and how often
engines are away are inferred from one stretch of weeks; any engine of the city may go anywhere, the nearest one goes, and it
returns to its station after the job. No area has a figure of its own: what is predicted for a borough follows from where its
incidents and the stations are.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bestvalue.analysis.challenge.resources_calibrate_force import Away, Force, Spells, always_on, draw, world_of
from bestvalue.analysis.challenge.resources_calibrate_units import Pool
from bestvalue.analysis.challenge.resources_calibrate_weeks import AWAY, SECONDS_OF_WEEK, History, Lengths, chance
from bestvalue.analysis.challenge.resources_engine import simulate
from bestvalue.analysis.challenge.resources_model import HOUR_US, SECOND_US
from bestvalue.analysis.challenge.resources_stations_attendance import Attendance, Expected, fit_attendance, hour_group
from bestvalue.analysis.challenge.resources_stations_engines import BANDS, HOURS_IN_BAND, Engines, infer_engines
from bestvalue.analysis.challenge.resources_stations_law import nearest_station
from bestvalue.analysis.challenge.resources_stations_records import MONDAY_1970_SECONDS, FirstArrivals
from bestvalue.errors import SpecError

FIRST, SECOND = "first engine", "second engine"
TARGET_MINUTES = {FIRST: 6.0, SECOND: 8.0}
"""From being sent to arrival, where the user gives no target: the averages that the London Fire Brigade set itself for 2015/16."""

SHORTEST_JOB_SECONDS = 60.0
TUNINGS, TUNING_WEEKS, SPREAD_BOUNDS = 3, 14, (0.5, 2.0)
UNREAL_REPLICATION = 2**32 - 1
"""The replication whose chance the tuning uses: none that an answer uses."""


@dataclass(frozen=True, kw_only=True)
class Brigade:
    """What was inferred, and the force that follows.

    Args:
        force: ready to be simulated; its pools are the areas' engines.
        lengths: draws turnout, drive and work of the force.
        level, spread: what brings the median and the 90th percentile of the simulated attendances to the recorded ones of the same
            weeks: the nearest by the crow is not always the one that controllers know to be quickest. From the calibration alone.
        attendance, engines: see there.
        area_of_station: array (stations).
        station_of_unit: array (U,).
        arrivals: what it was inferred from.
    """

    force: Force
    lengths: "_Draw"
    level: float
    spread: float
    attendance: Attendance
    engines: Engines
    area_of_station: NDArray[np.int64]
    station_of_unit: NDArray[np.int64]
    arrivals: FirstArrivals


def whole_weeks(starts: int, ends: int) -> tuple[int, int]:
    """First Monday midnight at or after `starts`, and how many whole weeks end by `ends`; seconds from 1970.

    Raises:
        SpecError: not one whole week.
    """
    monday = starts + (MONDAY_1970_SECONDS - starts) % SECONDS_OF_WEEK
    weeks = (ends - monday) // SECONDS_OF_WEEK
    if weeks < 1:
        raise SpecError(
            "There is not one whole week from Monday to Sunday", where="incidents: opened_at", next_step="Give more weeks of incidents."
        )
    return monday, weeks


def infer_brigade(arrivals: FirstArrivals, *, starts: int, ends: int, targets: dict[str, float]) -> Brigade:
    """Infer stations and engines from the arrivals of one stretch of time.

    Args:
        arrivals: of that stretch.
        starts: seconds from 1970.
        ends: the same; whole weeks in between are replayed, and everything is fitted on all of it.
        targets: minutes by grade, in place of `TARGET_MINUTES`.

    Raises:
        SpecError: a grade that does not exist, or less than one whole week.
    """
    unknown = sorted(set(targets) - set(TARGET_MINUTES))
    if unknown:
        raise SpecError(f"There is no grade {unknown[0]!r}", where="targets", next_step=f"There are: {', '.join(TARGET_MINUTES)}.")
    attendance = fit_attendance(arrivals)
    engines = infer_engines(arrivals, attendance)
    area_of_station = _area_of_station(arrivals)
    station = np.repeat(np.arange(len(arrivals.stations)), engines.engines)
    station = station[np.argsort(area_of_station[station], kind="stable")]
    number, history = _history(arrivals, *whole_weeks(starts, ends))
    areas, units = len(arrivals.area_names), len(station)
    lengths = _Draw(
        history=history,
        attendance=attendance,
        engines=engines,
        expected=attendance.expected(arrivals, fitted_to=True).of(number),
        usual_seconds=float(np.median(arrivals.attendance)),
    )
    force = Force(
        area_codes=arrivals.area_names,
        area_names=arrivals.area_names,
        pools=tuple(
            Pool(pool_id=area, name=f"{area} engines", area=number, minimum_units=0, unit_hour_pence=None)
            for number, area in enumerate(arrivals.area_names)
        ),
        unit_pool=area_of_station[station].astype(np.int32),
        unit_east=attendance.east[station],
        unit_north=attendance.north[station],
        unit_skills=np.zeros(units, dtype=np.uint64),
        unit_base=tuple(arrivals.stations[number] for number in station),
        turns=always_on(units),
        takes_breaks=False,
        lender_keeps=0,
        returns=True,
        borrows=~np.eye(areas, dtype=np.bool_),
        borrow_after_minutes=np.zeros(2),
        grades=(FIRST, SECOND),
        skills=(),
        kinds=arrivals.kinds,
        measured=np.array([True, True]),
        target_minutes=np.array([targets.get(grade, TARGET_MINUTES[grade]) for grade in (FIRST, SECOND)]),
        support_target_minutes=30.0,
        places=tuple(np.zeros((0, 2)) for _ in range(areas)),
        pace=np.full((2, 2, 168), attendance.law.cruise_seconds),
        root_pace=np.full((2, 2), attendance.law.root_seconds),
        history=history,
        growth=np.ones(len(history)),
        draw_lengths=lengths,
        away=_away_of(engines, station),
        unit_word=("engine", "engines"),
    )
    tuned = _tuned(force, lengths, arrivals)
    return Brigade(
        force=replace(force, draw_lengths=tuned),
        lengths=tuned,
        level=tuned.level,
        spread=tuned.spread,
        attendance=attendance,
        engines=engines,
        area_of_station=area_of_station,
        station_of_unit=station,
        arrivals=arrivals,
    )


def _area_of_station(arrivals: FirstArrivals) -> NDArray[np.int64]:
    """The area that most of a station's first arrivals are in; it only names the station's pool."""
    areas = len(arrivals.area_names)
    count = np.bincount(arrivals.station * areas + arrivals.area, minlength=len(arrivals.stations) * areas)
    return np.asarray(count.reshape(-1, areas).argmax(axis=1))


def as_they_came(brigade: Brigade, arrivals: FirstArrivals, *, starts: int, ends: int) -> tuple[Force, int]:
    """The force before the incidents of another stretch of time, each where and when it was, and how many weeks they take.

    What is asked is given, what comes of it is not: whether a nearer station is out, how long turnout and drive take, is left to
    the simulation. So a prediction is not blamed for calls that came from other streets than in the weeks before.

    Args:
        brigade: inferred from another stretch.
        arrivals: of this one and of the week before, from which the engines that are out at its start are known.
        starts: seconds from 1970, a midnight.
        ends: the same; the last week may be begun.
    """
    weeks = int(np.ceil((ends - starts) / SECONDS_OF_WEEK))
    number, history = _history(arrivals, starts - SECONDS_OF_WEEK, weeks + 1)
    expected = brigade.attendance.expected(arrivals, fitted_to=False).of(number)
    lengths = replace(brigade.lengths, history=history, expected=expected, begins_at=(starts - MONDAY_1970_SECONDS) % SECONDS_OF_WEEK)
    return replace(brigade.force, history=replace(history, in_order=True), growth=np.ones(len(history)), draw_lengths=lengths), weeks


def _history(arrivals: FirstArrivals, monday: int, weeks: int) -> tuple[NDArray[np.int64], History]:
    """Whole weeks, and which arrival each line is; an incident to which two engines came is two, the second a moment after the first."""
    at = arrivals.seconds - monday
    inside = np.flatnonzero((at >= 0) & (at < weeks * SECONDS_OF_WEEK))
    second = inside[arrivals.second[inside] >= 0]
    number = np.concatenate([inside, second])
    grade = np.concatenate([np.zeros(len(inside), dtype=np.int64), np.ones(len(second), dtype=np.int64)])
    order = np.lexsort((grade, number))
    number, grade = number[order], grade[order]
    return number, History(
        weeks=weeks,
        week=at[number] // SECONDS_OF_WEEK,
        second=at[number] % SECONDS_OF_WEEK,
        east=arrivals.east[number],
        north=arrivals.north[number],
        area=arrivals.area[number],
        grade=grade,
        kind=arrivals.kind[number],
        skill=np.full(len(number), -1, dtype=np.int64),
    )


@dataclass(frozen=True, kw_only=True)
class _Draw:
    """Draws turnout, drive and work of engines.

    Args:
        history: the incidents.
        attendance, engines: see there.
        expected: of each incident of the history.
        usual_seconds: of an attendance, in the middle.
        level, spread: see `Brigade`.
        begins_at: seconds from a Monday midnight at which the run begins.
    """

    history: History
    attendance: Attendance
    engines: Engines
    expected: Expected
    usual_seconds: float
    level: float = 1.0
    spread: float = 1.0
    begins_at: int = 0

    def __call__(self, luck: Generator, chosen: NDArray[np.int64], seconds: NDArray[np.int64]) -> Lengths:
        found, known, size = self.attendance, self.expected.of(chosen), len(chosen)
        uniforms, left_over = luck.random(size), np.empty(size)
        for number, seen in enumerate(found.chance):
            of_range = known.near == number
            left_over[of_range] = seen[(uniforms[of_range] * len(seen)).astype(np.int64)]
        hour = found.hour_factor[hour_group(seconds + self.begins_at)]
        factor = hour * known.factor * self.level * left_over ** (self.spread * known.power)
        job = 60 * self.engines.job_minutes[self.history.kind[chosen]] * np.exp(self.engines.job_spread * luck.standard_normal(size))
        none = np.zeros(size)
        return Lengths(
            handling=none,
            turnout=found.law.turnout_seconds * factor,
            drive_factor=factor,
            # The length of a job is known from the call on; what the way there takes of it is not work at the scene.
            scene=np.maximum(job - self.usual_seconds, SHORTEST_JOB_SECONDS),
            asked=none,
            support_turnout=none,
            support=none,
        )


def _away_of(engines: Engines, station_of_unit: NDArray[np.int64]) -> Away:
    """Engines are away for whole bands of three hours, each by its own chance: training, repair, cover elsewhere."""
    size = engines.engines[station_of_unit]

    def away(number: NDArray[np.int64], copy: NDArray[np.int64], order: NDArray[np.int64], seed: int, replication: int) -> Spells:
        bands = len(order) * 7 * BANDS
        luck = chance(seed, replication, AWAY).random((int(copy.max(initial=0)) + 1, len(station_of_unit), bands))[copy, number]
        unit, band = np.nonzero(luck < np.tile(engines.away_share, (1, len(order) * 7))[size[number] - 1])
        return Spells(unit=unit, from_us=band * HOURS_IN_BAND * HOUR_US, to_us=(band + 1) * HOURS_IN_BAND * HOUR_US)

    return away


def _tuned(force: Force, lengths: "_Draw", arrivals: FirstArrivals) -> "_Draw":
    """Bring median and 90th percentile to those recorded, by a factor on all attendances and a power on what is left to luck."""
    middle, ninetieth = np.log(np.quantile(arrivals.attendance, [0.5, 0.9]))
    for _ in range(TUNINGS):
        simulated = _attendances(replace(force, draw_lengths=lengths))
        found, far = np.log(np.quantile(simulated, [0.5, 0.9]))
        lengths = replace(
            lengths,
            level=lengths.level * float(np.exp(middle - found)),
            spread=float(np.clip(lengths.spread * (ninetieth - middle) / (far - found), *SPREAD_BOUNDS)),
        )
    return lengths


def _attendances(force: Force) -> NDArray[np.float64]:
    """Simulated seconds from sending to the first arrival."""
    drawn = draw(force, weeks=TUNING_WEEKS, demand_factor=1.0, seed=0, replication=UNREAL_REPLICATION)
    copies = np.ones(len(force.unit_pool), dtype=np.int64)
    world, rules = world_of(force, copies=copies, drawn=drawn, seed=0, replication=UNREAL_REPLICATION)
    rows = simulate(world, drawn.demand, rules, keep_rows=True).rows
    if rows is None:
        raise RuntimeError("the engine was asked for rows and gave none")
    first = (rows.unit >= 0) & (drawn.demand.grade == 0)
    return np.asarray((rows.scene_us - drawn.demand.time_us)[first] / SECOND_US)


def nearest_is_first(brigade: Brigade) -> float:
    """Share of the incidents to which the nearest station, as placed, came first."""
    arrivals, found = brigade.arrivals, brigade.attendance
    nearest, _ = nearest_station(found.east, found.north, arrivals.east, arrivals.north)
    return float(np.mean(nearest == arrivals.station))
