"""How long do people wait where chance brings them to a number of units? The formulas, for steady state.

They are what the simulation is held against, and quick answers where their assumptions hold: Poisson arrivals, independent jobs, any unit
serves anyone, nobody travels. A real response service breaks each of them; then simulate.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from bestvalue.errors import SpecError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class QueueWait:
    """Waiting in steady state.

    Args:
        p_wait: share of incidents that wait at all, 0 to 1.
        mean_wait_hours: over all incidents, those that do not wait included.
    """

    p_wait: float
    mean_wait_hours: float


@dataclass(frozen=True, kw_only=True)
class QueueWithLeaving:
    """Waiting where people give up.

    Args:
        p_wait: share of incidents that find all units busy.
        p_leave: share that give up.
        mean_queue: incidents waiting, over time.
        mean_wait_hours: until served or given up, over all incidents.
    """

    p_wait: float
    p_leave: float
    mean_queue: float
    mean_wait_hours: float


def erlang_b(*, load_erlangs: float, units: int) -> float:
    """Share of incidents lost where nobody waits: M/G/c/c. Any law of service time with the same mean gives the same.

    Args:
        load_erlangs: arrivals times mean service, in the same unit of time, >= 0.
        units: c, >= 0.

    Source: Erlang (1917); by the recursion B(c) = a B(c - 1) / (c + a B(c - 1)), because c! overflows a float at c = 171.
    Example: traffic tables give 84.06 erlangs for 100 units at 1% loss.
        >>> round(erlang_b(load_erlangs=84.064, units=100), 6), erlang_b(load_erlangs=1.0, units=2)
        (0.01, 0.2)
    """
    if load_erlangs < 0 or units < 0:
        raise SpecError(f"load {load_erlangs} on {units} units", where="load_erlangs", next_step="Give a load and units of 0 or more.")
    lost = 1.0
    for lost_with_so_many in _losses(np.array([load_erlangs]), units):
        lost = float(lost_with_so_many[0])
    return lost


def _losses(load_erlangs: Floats, units: int) -> Iterator[Floats]:
    """Erlang B of these loads on 1, 2, ... units."""
    lost = np.ones(len(load_erlangs))
    for unit in range(1, units + 1):
        lost = load_erlangs * lost / (unit + load_erlangs * lost)
        yield lost


def chances_of_waiting(*, load_erlangs: Floats, units: Integers) -> Floats:
    """Erlang C for many hours at once: chance that an incident finds all units busy; 1 where the load is not below the units.

    Args:
        load_erlangs: array (n), >= 0.
        units: array (n), at least 1.

    Source: see `erlang_c`; one recursion goes past every number of units.
    Example: one erlang on two units makes one in three wait.
        >>> chances_of_waiting(load_erlangs=np.array([1.0, 3.0]), units=np.array([2, 5])).round(10).tolist()
        [0.3333333333, 0.2361516035]
    """
    waits = np.ones(len(load_erlangs))
    for number, lost in enumerate(_losses(load_erlangs, int(units.max(initial=0))), start=1):
        here = (units == number) & (load_erlangs < units)
        waits[here] = lost[here] / (1 - load_erlangs[here] / number * (1 - lost[here]))
    return waits


def erlang_c(*, arrivals_per_hour: float, served_per_hour: float, units: int) -> QueueWait:
    """Waiting in an M/M/c queue: Poisson arrivals, exponential service, first come first served.

    Args:
        arrivals_per_hour: arrival rate, lambda (1/hour), >= 0.
        served_per_hour: service rate of one unit, mu (1/hour), > 0: one over the mean job length.
        units: units on duty, c, >= 1.

    Raises:
        SpecError: the load lambda / mu (erlangs) is not below `units`, so the queue grows for ever.
    Source: Erlang (1917); Gross et al., Fundamentals of Queueing Theory, 4th ed., ch. 2.
    Example: nine an hour, 20 minutes each, four units: 27/53 wait, 9/53 hours on average.
        >>> found = erlang_c(arrivals_per_hour=9, served_per_hour=3, units=4)
        >>> round(found.p_wait * 53, 9), round(found.mean_wait_hours * 53, 9)
        (27.0, 9.0)
    """
    load = _steady(arrivals_per_hour / served_per_hour, units)
    p_wait = float(chances_of_waiting(load_erlangs=np.array([load]), units=np.array([units]))[0])
    return QueueWait(p_wait=p_wait, mean_wait_hours=p_wait / (units * served_per_hour - arrivals_per_hour))


def erlang_a(*, arrivals_per_hour: float, served_per_hour: float, left_per_hour: float, units: int) -> QueueWithLeaving:
    """Waiting in an M/M/c queue where each that waits gives up after an exponential time: M/M/c+M. It is steady under any load.

    Args:
        arrivals_per_hour: lambda, > 0.
        served_per_hour: mu, > 0, of one unit.
        left_per_hour: theta, > 0: one over the mean patience.
        units: c, >= 1.

    Source: Palm (1946); the birth and death chain, cut where it no longer matters.

    Example: as many leave as are served, at a load of 20 on 20.
        >>> found = erlang_a(arrivals_per_hour=20, served_per_hour=1, left_per_hour=1, units=20)
        >>> round(found.p_wait, 8), round(found.p_leave, 8), round(found.mean_queue, 8)
        (0.52974273, 0.08883532, 1.77670635)
    """
    if min(arrivals_per_hour, served_per_hour, left_per_hour) <= 0 or units < 1:
        raise SpecError("a rate or the number of units is not above 0", where="left_per_hour", next_step="Give rates above 0 and a unit.")
    states = 1000 + 4 * units + int(4 * arrivals_per_hour / left_per_hour)
    busy = np.arange(1, states)
    leaves = np.minimum(busy, units) * served_per_hour + np.maximum(busy - units, 0) * left_per_hour
    weight = np.concatenate([[0.0], np.cumsum(np.log(arrivals_per_hour) - np.log(leaves))])
    share = np.exp(weight - weight.max())
    share /= share.sum()
    queue = float(np.maximum(np.arange(states) - units, 0) @ share)
    return QueueWithLeaving(
        p_wait=float(share[units:].sum()),
        p_leave=left_per_hour * queue / arrivals_per_hour,
        mean_queue=queue,
        mean_wait_hours=queue / arrivals_per_hour,
    )


def priority_waits(*, arrivals_per_hour: Sequence[float], served_per_hour: float, units: int) -> tuple[float, ...]:
    """Mean wait of each grade, hours: M/M/c where the most urgent that waits goes next and nobody is interrupted.

    Args:
        arrivals_per_hour: by grade, most urgent first.
        served_per_hour: of one unit; the same for all grades.
        units: c.

    Raises:
        SpecError: the load is not below `units`.
    Source: Cobham (1954), Operations Research 2; Larson & Odoni (1981), Urban Operations Research, sec. 4.9.3.
    Example: one unit, three grades of 0.3.
        >>> [round(wait, 8) for wait in priority_waits(arrivals_per_hour=[0.3, 0.3, 0.3], served_per_hour=1, units=1)]
        [1.28571429, 3.21428571, 22.5]
    """
    waits = erlang_c(arrivals_per_hour=sum(arrivals_per_hour), served_per_hour=served_per_hour, units=units).p_wait
    load = np.array(arrivals_per_hour)[:, None] / served_per_hour
    of_the_waiting = waits_of_the_waiting(load_erlangs=load, units=np.array([units]), mean_job_hours=1 / served_per_hour)
    return tuple(waits * float(wait) for wait in of_the_waiting[:, 0])


def waits_of_the_waiting(*, load_erlangs: Floats, units: Integers, mean_job_hours: float) -> Floats:
    """Mean wait of those who wait, by grade and for many hours at once, hours; infinite for a grade that the units cannot keep up with.

    Args:
        load_erlangs: array (grades, n), most urgent first.
        units: array (n), at least 1.
        mean_job_hours: of every grade.

    Returns:
        Array (grades, n).

    Source: Cobham (1954), as in `priority_waits`: times the chance of waiting it is the mean over all.
    Example: one unit, three grades of 0.3; nine in ten wait.
        >>> waits_of_the_waiting(load_erlangs=np.full((3, 1), 0.3), units=np.array([1]), mean_job_hours=1.0)[:, 0].round(8).tolist()
        [1.42857143, 3.57142857, 25.0]
    """
    after = np.cumsum(load_erlangs / units, axis=0)
    before = after - load_erlangs / units
    with np.errstate(divide="ignore"):
        waits = mean_job_hours / units / ((1 - before) * (1 - after))
    return np.where(after < 1, waits, np.inf)


def priority_waits_one_unit(
    *, arrivals_per_hour: Sequence[float], mean_job_hours: Sequence[float], mean_square_job_hours2: Sequence[float]
) -> tuple[float, ...]:
    """The same for one unit and jobs of any law, which may differ by grade: M/G/1.

    Args:
        arrivals_per_hour: by grade, most urgent first.
        mean_job_hours: by grade.
        mean_square_job_hours2: mean of the square of the job's length, hours squared: variance plus mean squared.

    Raises:
        SpecError: the load is not below one unit.
    Source: Cobham (1954). With one grade it is the formula of Pollaczek and Khinchine.
    Example: jobs of exactly 1, 2 and half an hour.
        >>> rates, hours = [0.2, 0.15, 0.4], [1.0, 2.0, 0.5]
        >>> waits = priority_waits_one_unit(arrivals_per_hour=rates, mean_job_hours=hours, mean_square_job_hours2=[1.0, 4.0, 0.25])
        >>> [round(wait, 9) for wait in waits]
        [0.5625, 1.125, 3.0]
    """
    loads = [rate * hours for rate, hours in zip(arrivals_per_hour, mean_job_hours, strict=True)]
    _steady(sum(loads), 1)
    left = sum(rate * square for rate, square in zip(arrivals_per_hour, mean_square_job_hours2, strict=True)) / 2
    use = [0.0, *accumulate(loads)]
    return tuple(left / ((1 - before) * (1 - after)) for before, after in pairwise(use))


def mean_distance_to_nearest_m(*, units: int, area_m2: float) -> float:
    """Mean distance from the middle of a disc to the nearest of so many units, each anywhere in it, metres.

    Nearly 0.5 sqrt(area / units), the square-root law; units left where their last job ended are not spread evenly, and are nearer.

    Args:
        units: n, >= 1.
        area_m2: of the disc.

    Source: Kolesar & Blum (1973), Management Science 19; exact for the disc: 0.5 sqrt(A) G(n + 1) / G(n + 3/2).
    Example: 40 units in 49 square kilometres.
        >>> round(mean_distance_to_nearest_m(units=40, area_m2=7000.0**2), 2)
        548.28
    """
    return 0.5 * math.sqrt(area_m2) * math.exp(math.lgamma(units + 1) - math.lgamma(units + 1.5))


def _steady(load_erlangs: float, units: int) -> float:
    if not 0 <= load_erlangs < units:
        raise SpecError(
            f"{load_erlangs:.3g} erlangs on {units} units: the queue grows for ever",
            where="arrivals_per_hour, served_per_hour, units",
            next_step="Give more units than erlangs, or ask for the growth instead of a mean.",
        )
    return load_erlangs
