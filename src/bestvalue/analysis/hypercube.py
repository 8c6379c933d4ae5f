"""Which unit answers how much, where each place has its own order of units? Larson's hypercube queueing model.

The state is which units are busy, so N units have 2**N states: exact up to a dozen units, and by Larson's approximation beyond. Places
send Poisson demand, jobs are exponential with one mean, and a call that finds all units busy waits (or is lost).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.queueing import erlang_c
from bestvalue.errors import SpecError

Floats = NDArray[np.float64]
MOST_UNITS = 12


@dataclass(frozen=True, kw_only=True)
class Hypercube:
    """Steady state.

    Args:
        state_share: (2**N,) share of time in each state without a queue; bit n of the index is set where unit n is busy.
        queue_share: share of time with somebody waiting; 0 where calls are lost.
        workload: (N,) share of time that each unit is busy.
        answers: (N, J) share of all answered calls that unit n answers for place j; sums to 1.
        lost_share: share of calls lost; 0 where they wait.
    """

    state_share: Floats
    queue_share: float
    workload: Floats
    answers: Floats
    lost_share: float


def hypercube(
    calls_per_hour: Sequence[float], order: Sequence[Sequence[int]], *, served_per_hour: float = 1.0, waits: bool = True
) -> Hypercube:
    """Exact answer, by the balance equations.

    Args:
        calls_per_hour: (J,) of each place.
        order: (J, N) units that each place asks, nearest first.
        served_per_hour: of one unit.
        waits: True: calls that find all units busy wait, first come first served; False: they are lost.

    Raises:
        SpecError: more than 12 units, an order that does not name each unit once, or a load that is not below the units.
    Source: Larson (1974), Computers & Operations Research 1; Larson & Odoni (1981), sec. 5.4.
    Example: the book's three units (workloads 0.5574, 0.4734, 0.4693).
        >>> found = hypercube([0.50, 0.25, 0.35, 0.40], [[0, 1, 2], [0, 2, 1], [1, 0, 2], [2, 0, 1]])
        >>> found.workload.round(4).tolist()
        [0.5574, 0.4734, 0.4693]
    """
    calls, units = np.asarray(calls_per_hour, float), _units(order)
    if units > MOST_UNITS:
        raise SpecError(f"{units} units have 2**{units} states", where="order", next_step="Use the approximation, or simulate.")
    load = calls.sum() / served_per_hour / units
    full = (1 << units) - 1
    share = _balance(calls, order, units, served_per_hour)
    queue = 0.0
    if waits:
        erlang_c(arrivals_per_hour=calls.sum(), served_per_hour=served_per_hour, units=units)  # refuses a load without a steady state
        tail = share[full] * load / (1 - load)
        share, queue = share / (1 + tail), tail / (1 + tail)
    busy = (np.arange(full + 1)[:, None] >> np.arange(units)) & 1
    answers = np.zeros((units, len(calls)))
    for state in range(full):
        for place, row in enumerate(order):
            answers[_first_idle(row, state), place] += share[state] * calls[place] / calls.sum()
    if waits:
        answers += (share[full] + queue) / units * calls / calls.sum()
    else:
        answers /= 1 - share[full]
    return Hypercube(
        state_share=share,
        queue_share=queue,
        workload=share @ busy + queue,
        answers=answers,
        lost_share=0.0 if waits else float(share[full]),
    )


def approximate_workloads(calls_per_hour: Sequence[float], order: Sequence[Sequence[int]], *, served_per_hour: float = 1.0) -> Floats:
    """Larson's approximation of the workloads where calls wait, for any number of units, (N,).

    Args:
        calls_per_hour: (J,) of each place.
        order: (J, N) units that each place asks, nearest first.
        served_per_hour: of one unit.

    Raises:
        SpecError: the load is not below the units, or no fixed point was found.
    Source: Larson (1975), Operations Research 23; Larson & Odoni (1981), sec. 5.5.
    Example: the book's three units (0.5627, 0.4716, 0.4657 after its few rounds).
        >>> approximate_workloads([0.50, 0.25, 0.35, 0.40], [[0, 1, 2], [0, 2, 1], [1, 0, 2], [2, 0, 1]]).round(4).tolist()
        [0.5626, 0.4717, 0.4657]
    """
    units = _units(order)
    load = sum(calls_per_hour) / served_per_hour / units
    p_wait = erlang_c(arrivals_per_hour=sum(calls_per_hour), served_per_hour=served_per_hour, units=units).p_wait
    factors = [correction(units, load, tries) for tries in range(units)]
    work = np.full(units, load)
    for _ in range(1000):
        offered = np.zeros(units)
        for calls, row in zip(calls_per_hour, order, strict=True):
            others_busy = 1.0
            for tries, unit in enumerate(row):
                offered[unit] += calls / served_per_hour * factors[tries] * others_busy
                others_busy *= work[unit]
        new = (offered + p_wait * load) / (1 + offered)
        new *= load * units / new.sum()
        if np.abs(new - work).max() < 1e-12:
            return new
        work = new
    raise SpecError("the workloads do not settle", where="calls_per_hour", next_step="Use the exact model, or simulate.")


def correction(units: int, load: float, tries: int) -> float:
    """Larson's Q(N, rho, j): how the chance that j units are busy and the next is not departs from independence.

    Example: the book's table for three units at a half.
        >>> [round(correction(3, 0.5, tries), 5) for tries in range(3)]
        [1.0, 0.73684, 0.63158]
    """
    offered = units * load
    idle = 1 / (sum(offered**k / math.factorial(k) for k in range(units)) + offered**units / math.factorial(units) / (1 - load))
    total = sum(
        math.factorial(units - tries - 1) * (units - k) / math.factorial(k - tries) * units**k / math.factorial(units) * load ** (k - tries)
        for k in range(tries, units)
    )
    return float(total * idle / (1 - load))


def _balance(calls: Floats, order: Sequence[Sequence[int]], units: int, served_per_hour: float) -> Floats:
    """Shares of the states of the loss system, from flow in = flow out of each."""
    states = 1 << units
    flow = np.zeros((states, states))
    for state in range(states):
        for place, row in enumerate(order):
            if state != states - 1:
                flow[state | 1 << _first_idle(row, state), state] += calls[place]
                flow[state, state] -= calls[place]
        for unit in range(units):
            if state >> unit & 1:
                flow[state & ~(1 << unit), state] += served_per_hour
                flow[state, state] -= served_per_hour
    flow[-1] = 1.0
    return np.linalg.solve(flow, np.eye(states)[-1])


def _first_idle(row: Sequence[int], state: int) -> int:
    return next(unit for unit in row if not state >> unit & 1)


def _units(order: Sequence[Sequence[int]]) -> int:
    units = len(order[0]) if order else 0
    if not units or any(sorted(row) != list(range(units)) for row in order):
        raise SpecError("an order does not name each unit once", where="order", next_step="Give each place all units, nearest first.")
    return units
