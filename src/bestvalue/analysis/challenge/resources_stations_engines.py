"""How many engines has a station, how often are they away, and how long does a job take? Inferred from who did not come.

None of the three is in published incident records. A station has a second engine if it sends the first and the second to one
scene. An engine is away where its station is nearest by far, has sent nothing for hours, and another still comes. And the
longer ago a station with one engine was called out, the more often it comes again: how that grows is how long jobs take.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import norm

from bestvalue.analysis.challenge.resources_stations_law import HOURS_IN_BAND, Attendance
from bestvalue.analysis.challenge.resources_stations_records import FirstArrivals

BOTH_FROM_ONE_STATION, FEWEST_PAIRS = 0.10, 3
"""Share (and number) of a station's two-engine attendances that it fills alone, from which on it has two engines itself."""

NEAREST_BY_SECONDS = 60.0
"""A station counts as nearest only where the next is a minute farther: within that, the placing of stations decides."""

QUIET_SECONDS = 2 * 3_600
"""A station that was last called out two hours ago or more is taken to be home."""

BANDS = 24 // HOURS_IN_BAND
TYPICAL_JOB_MINUTES, TYPICAL_JOB_SPREAD = 25.0, 0.7
"""Where the search for the length of a job starts; it holds too if the records are too few to tell."""

FEWEST_FOR_JOBS = 200


@dataclass(frozen=True, kw_only=True)
class Engines:
    """The engines, their absence and their work.

    Args:
        engines: array (stations), 1 or 2.
        away_share: array (2, 8): chance that an engine is away, of stations with one engine and with two, by band of three hours.
        away_base: the same shape: incidents that each is estimated from.
        job_minutes: median from the call until the engine can be sent again.
        job_spread: sigma of the logarithm of that.
        job_base: incidents that it is estimated from.
    """

    engines: NDArray[np.int64]
    away_share: NDArray[np.float64]
    away_base: NDArray[np.int64]
    job_minutes: float
    job_spread: float
    job_base: int


@dataclass(frozen=True, kw_only=True)
class _Calls:
    """For each incident: its nearest station, by how much, whether that came, and how long ago it had last been sent."""

    nearest: NDArray[np.int64]
    ahead_seconds: NDArray[np.float64]
    came: NDArray[np.bool_]
    since_seconds: NDArray[np.float64]


def infer_engines(arrivals: FirstArrivals, attendance: Attendance) -> Engines:
    """Number, absence and work of the engines."""
    engines = count_engines(arrivals)
    calls = _calls(arrivals, attendance)
    bands = arrivals.hour_of_day // HOURS_IN_BAND
    clear = calls.ahead_seconds >= NEAREST_BY_SECONDS
    quiet = clear & (calls.since_seconds >= QUIET_SECONDS)
    away, base = np.empty((2, BANDS)), np.empty((2, BANDS), dtype=np.int64)
    for size in (1, 2):
        of_size = quiet & (engines[calls.nearest] == size)
        base[size - 1] = np.bincount(bands[of_size], minlength=BANDS)
        missed = np.bincount(bands[of_size], ~calls.came[of_size], BANDS)
        # With half an incident of the force's mean, so that an empty band has the mean. Two engines are both away by chance.
        mean = missed.sum() / max(1, base[size - 1].sum())
        away[size - 1] = ((missed + 0.5 * mean) / (base[size - 1] + 0.5)) ** (1 / size)
    single = clear & (engines[calls.nearest] == 1) & np.isfinite(calls.since_seconds)
    median, spread = _job_length(calls.since_seconds[single], calls.came[single], 1 - away[0, bands[single]])
    return Engines(
        engines=engines, away_share=away, away_base=base, job_minutes=median, job_spread=spread, job_base=int(np.count_nonzero(single))
    )


def count_engines(arrivals: FirstArrivals) -> NDArray[np.int64]:
    """Engines of each station: two where it fills a two-engine attendance alone, often enough to be no slip of the pen."""
    stations = len(arrivals.stations)
    two = arrivals.second >= 0
    pairs = np.bincount(arrivals.station[two], minlength=stations)
    alone = np.bincount(arrivals.station[two & (arrivals.second == arrivals.station)], minlength=stations)
    return np.where((alone >= FEWEST_PAIRS) & (alone >= BOTH_FROM_ONE_STATION * pairs), 2, 1)


def _calls(arrivals: FirstArrivals, attendance: Attendance) -> _Calls:
    size = len(arrivals)
    nearest, ahead = np.empty(size, dtype=np.int64), np.empty(size)
    for low in range(0, size, 10_000):  # a block at a time: a year of incidents by a hundred stations would be a gigabyte
        rows = slice(low, low + 10_000)
        expected = attendance.from_every_station(arrivals.east[rows], arrivals.north[rows])
        first_two = np.partition(expected, 1, axis=1)[:, :2]
        nearest[rows], ahead[rows] = expected.argmin(axis=1), first_two[:, 1] - first_two[:, 0]
    last = np.full(len(arrivals.stations), -np.inf)
    since = np.empty(size)
    for number in range(size):
        now = float(arrivals.seconds[number])
        since[number] = now - last[nearest[number]]
        last[arrivals.station[number]] = now
        if arrivals.second[number] >= 0:
            last[arrivals.second[number]] = now
    return _Calls(nearest=nearest, ahead_seconds=ahead, came=nearest == arrivals.station, since_seconds=since)


def _job_length(since: NDArray[np.float64], came: NDArray[np.bool_], at_home: NDArray[np.float64]) -> tuple[float, float]:
    """Median minutes and spread of a job: the chance to come again is `at_home` times that the last job is over; by likelihood."""
    if len(since) < FEWEST_FOR_JOBS:
        return TYPICAL_JOB_MINUTES, TYPICAL_JOB_SPREAD
    minutes = np.maximum(since, 1.0) / 60

    def surprise(parameters: NDArray[np.float64]) -> float:
        middle, spread = parameters[0], np.exp(parameters[1])
        comes = np.clip(at_home * norm.cdf((np.log(minutes) - middle) / spread), 1e-6, 1 - 1e-6)
        return float(-np.sum(np.where(came, np.log(comes), np.log1p(-comes))))

    found = minimize(surprise, [np.log(TYPICAL_JOB_MINUTES), np.log(TYPICAL_JOB_SPREAD)], method="Nelder-Mead")
    return float(np.exp(found.x[0])), float(np.exp(found.x[1]))
