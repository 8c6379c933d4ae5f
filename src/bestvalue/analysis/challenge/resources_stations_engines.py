"""How many engines has a station, how often are they away, and how long does a job take? Inferred from who did not come.

None of the three is in published incident records. A station has a second engine if it sends the first and the second to one
scene. The longer ago a station with one engine was called out, the more often it comes again: how that grows is how long jobs
take. And an engine is away where its station is nearest by far and another still comes, oftener than its jobs explain.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import norm

from bestvalue.analysis.challenge.resources_stations_attendance import Attendance
from bestvalue.analysis.challenge.resources_stations_records import FirstArrivals

BOTH_FROM_ONE_STATION, FEWEST_PAIRS = 0.10, 3
"""Share (and number) of a station's two-engine attendances that it fills alone, from which on it has two engines itself."""

NEAREST_BY_SECONDS = 60.0
"""A station counts as nearest only where the next is a minute farther: within that, the placing of stations decides."""

RECENT_SECONDS = 2 * 3_600
"""The length of jobs is read from stations called out in the last two hours: longer ago, away and out look alike."""

MOST_AWAY = 0.9

HOURS_IN_BAND = 3
"""Hours of the day are taken three together: a station sees too few calls in one."""

BANDS = 24 // HOURS_IN_BAND
TYPICAL_JOB_MINUTES, TYPICAL_JOB_SPREAD = 25.0, 0.7
"""Where the search for the length of a job starts; it holds too if the records are too few to tell."""

KINDS_DIFFER = 0.5
"""How far medians of single kinds of job are taken to lie apart before the records speak: sigma of the logarithm."""

FEWEST_FOR_JOBS, FEWEST_IN_BAND = 200, 50


@dataclass(frozen=True, kw_only=True)
class Engines:
    """The engines, their absence and their work.

    Args:
        engines: array (stations), 1 or 2.
        away_share: array (2, 8): chance that an engine is away, of stations with one engine and with two, by band of three hours.
        away_base: the same shape: incidents that each is estimated from.
        job_minutes: array (kinds): median from the call until the engine can be sent again.
        job_spread: sigma of the logarithm of that.
        job_base: incidents that it is estimated from.
    """

    engines: NDArray[np.int64]
    away_share: NDArray[np.float64]
    away_base: NDArray[np.int64]
    job_minutes: NDArray[np.float64]
    job_spread: float
    job_base: int


@dataclass(frozen=True, kw_only=True)
class _Calls:
    """For each incident: its nearest station, by how much, whether that came, and when it last sent engines.

    Args:
        nearest, ahead_seconds, came: arrays (n).
        since: array (2, n): seconds since it sent the last engine but one, and the last.
        on: array (2, n): to what kind of job.
    """

    nearest: NDArray[np.int64]
    ahead_seconds: NDArray[np.float64]
    came: NDArray[np.bool_]
    since: NDArray[np.float64]
    on: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class _Jobs:
    """Lengths of jobs from the call on: lognormal, by median minutes of each kind and sigma."""

    median: NDArray[np.float64]
    spread: float

    def still_out(self, seconds: NDArray[np.float64], kind: NDArray[np.int64]) -> NDArray[np.float64]:
        """Chance that an engine called so long ago to a job of this kind is still on it."""
        return np.asarray(norm.sf((np.log(np.maximum(seconds, 1.0) / 60) - np.log(self.median[kind])) / self.spread))


def infer_engines(arrivals: FirstArrivals, attendance: Attendance) -> Engines:
    """Number, absence and work of the engines."""
    engines = count_engines(arrivals)
    calls = _calls(arrivals, attendance)
    bands = arrivals.hour_of_day // HOURS_IN_BAND
    clear = calls.ahead_seconds >= NEAREST_BY_SECONDS
    single = clear & (engines[calls.nearest] == 1)
    recent = single & (calls.since[1] <= RECENT_SECONDS)
    jobs = _job_lengths(calls.since[1, recent], calls.on[1, recent], calls.came[recent], len(arrivals.kinds))
    away, base = np.empty((2, BANDS)), np.empty((2, BANDS), dtype=np.int64)
    for size in (1, 2):
        of_size = clear & (engines[calls.nearest] == size)
        whole = _away(calls, of_size, jobs, size)
        for band in range(BANDS):
            chosen = of_size & (bands == band)
            base[size - 1, band] = np.count_nonzero(chosen)
            away[size - 1, band] = _away(calls, chosen, jobs, size) if base[size - 1, band] >= FEWEST_IN_BAND else whole
    return Engines(
        engines=engines,
        away_share=away,
        away_base=base,
        job_minutes=jobs.median,
        job_spread=jobs.spread,
        job_base=int(np.count_nonzero(recent)),
    )


def _away(calls: _Calls, chosen: NDArray[np.bool_], jobs: _Jobs, size: int) -> float:
    """Chance that an engine is away, from how often its station did not come and how often its jobs explain that.

    An engine that is away is not out on a job, so one engine is missing with u + b, where b is the chance that it is out; two are both
    missing with (u + b1) (u + b2). The mean over the calls is what was seen. (Looking only at stations that were quiet for long would
    count too many as away: being away is what makes a station quiet.)
    """
    if not chosen.any():
        return 0.0
    missed = float(np.mean(~calls.came[chosen]))
    second, first = (jobs.still_out(since, on) for since, on in zip(calls.since[:, chosen], calls.on[:, chosen], strict=True))
    if size == 1:
        return float(np.clip(missed - first.mean(), 0.0, MOST_AWAY))
    linear, constant = float(np.mean(first + second)), float(np.mean(first * second)) - missed
    return float(np.clip((np.sqrt(max(linear**2 - 4 * constant, 0.0)) - linear) / 2, 0.0, MOST_AWAY))


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
    since, on = _sent_before(arrivals, nearest)
    return _Calls(nearest=nearest, ahead_seconds=ahead, came=nearest == arrivals.station, since=since, on=on)


def _sent_before(arrivals: FirstArrivals, asked: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """How long ago the station asked at each incident sent its last engine but one and its last, and to what kind of job."""
    last, kind = np.full((2, len(arrivals.stations)), -np.inf), np.zeros((2, len(arrivals.stations)), dtype=np.int64)
    since, on = np.empty((2, len(asked))), np.empty((2, len(asked)), dtype=np.int64)
    for number, station in enumerate(asked):
        now = float(arrivals.seconds[number])
        since[:, number], on[:, number] = now - last[:, station], kind[:, station]
        for sent in (arrivals.station[number], arrivals.second[number]):
            if sent >= 0:
                last[:, sent] = last[1, sent], now
                kind[:, sent] = kind[1, sent], arrivals.kind[number]
    return since, on


def _job_lengths(since: NDArray[np.float64], on: NDArray[np.int64], came: NDArray[np.bool_], kinds: int) -> _Jobs:
    """Medians and spread of jobs: the chance to come again is a ceiling times the chance that the last job is over; by likelihood.

    Kinds of which little is known are drawn towards what is common to all.
    """
    if len(since) < FEWEST_FOR_JOBS:
        return _Jobs(median=np.full(kinds, TYPICAL_JOB_MINUTES), spread=TYPICAL_JOB_SPREAD)

    def jobs_of(parameters: NDArray[np.float64]) -> _Jobs:
        return _Jobs(median=np.exp(parameters[0] + parameters[3:]), spread=float(np.exp(parameters[1])))

    def surprise(parameters: NDArray[np.float64]) -> float:
        ceiling = 1 / (1 + np.exp(-parameters[2]))
        comes = np.clip(ceiling * (1 - jobs_of(parameters).still_out(since, on)), 1e-6, 1 - 1e-6)
        unlikely = 0.5 * np.sum((parameters[3:] / KINDS_DIFFER) ** 2)
        return float(unlikely - np.sum(np.where(came, np.log(comes), np.log1p(-comes))))

    start = np.array([np.log(TYPICAL_JOB_MINUTES), np.log(TYPICAL_JOB_SPREAD), 2.0, *np.zeros(kinds)])
    return jobs_of(minimize(surprise, start, method="L-BFGS-B").x)
