"""What will be asked of the force in a simulated month? Whole weeks that happened, in random order, with all else drawn anew.

A week is taken as it was: its incidents with time, place, grade and kind, and the units that were away in it. So busy weeks stay
busy, an event stays together with the units that it took, and no law of arrivals is assumed. What is drawn anew is how long
things take. Source: the block bootstrap, Künsch (1989), Annals of Statistics 17; the block is the week, the period of rosters.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import NDArray

from bestvalue.analysis.challenge.resources_model import DAY_US, MINUTE_US, SECOND_US, WEEK_US, Demand

WARM_UP_DAYS = 2
"""Days that are simulated before counting begins, so that units are out and queues are as they usually are."""

DRAIN_US = 12 * 60 * MINUTE_US
"""Time after the last report in which units still go to those who wait; who is not reached then counts as not reached."""

COPY_SPREAD_SECONDS = 1_800
"""Incidents that growth adds are copies of others, up to half an hour earlier or later."""

SECONDS_OF_WEEK = 7 * 86_400


@dataclass(frozen=True, kw_only=True)
class History:
    """Incidents of whole weeks, one array a column.

    Args:
        weeks: number of weeks.
        week, second: which week, and seconds from its Monday midnight.
        east, north: metres.
        area, grade, kind: numbers.
        skill: number of the skill asked for at the scene, -1 for none.
    """

    weeks: int
    week: NDArray[np.int64]
    second: NDArray[np.int64]
    east: NDArray[np.float64]
    north: NDArray[np.float64]
    area: NDArray[np.int64]
    grade: NDArray[np.int64]
    kind: NDArray[np.int64]
    skill: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.week)


@dataclass(frozen=True, kw_only=True)
class Lengths:
    """How long things take for some incidents, in seconds; one array a column.

    Args:
        handling: from report until a unit can be sent.
        turnout: from sending to moving; drive_factor: multiplies the drive.
        scene: from arrival to free again.
        asked: from the first arrival until support can be sent; support_turnout and support: of the support unit.
    """

    handling: NDArray[np.float64]
    turnout: NDArray[np.float64]
    drive_factor: NDArray[np.float64]
    scene: NDArray[np.float64]
    asked: NDArray[np.float64]
    support_turnout: NDArray[np.float64]
    support: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One replication, before any unit is sent.

    Args:
        demand: for the engine; an incident is reported to it when a unit can be sent.
        reported_us: when it was reported by the caller, clock of the run.
        support_before_us: what lies between the first arrival and the engine's arrival of support beyond what the engine plays: the
            time until support is asked for, and how the support unit's turnout differs from the first unit's.
        kind: of each incident.
        weeks: the week of the history that stands at each week of the run.
    """

    demand: Demand
    reported_us: NDArray[np.int64]
    support_before_us: NDArray[np.int64]
    kind: NDArray[np.int64]
    weeks: NDArray[np.int64]


def chance(seed: int, replication: int, purpose: int) -> Generator:
    """The random numbers of one purpose in one replication; the same whatever else is drawn, and in whatever order."""
    return Generator(Philox(key=np.array([seed, (replication << 8) | purpose], dtype=np.uint64)))


WEEKS, COPIES, LENGTHS, AWAY, PATROL = range(5)
"""Purposes of chance."""


def choose(
    history: History, *, weeks: int, growth: NDArray[np.float64], seed: int, replication: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Which incidents happen in a run, and when.

    Args:
        history: where they come from.
        weeks: weeks counted; one more goes before, of which the last `WARM_UP_DAYS` are used.
        growth: array (incidents), how often each happens in the mean: 1 as it was.
        seed: of chance.
        replication: its number.

    Returns:
        Number of the incident in the history, second of the run, and the week of the history at each week of the run.
    """
    order = chance(seed, replication, WEEKS).integers(0, history.weeks, weeks + 1)
    luck = chance(seed, replication, COPIES)
    numbers, seconds = [], []
    for position, week in enumerate(order):
        here = np.flatnonzero(history.week == week)
        # The luck of an incident does not depend on growth, so that more demand is the same incidents and some besides.
        copies = np.floor(growth[here] + luck.random(len(here))).astype(np.int64)
        moved = luck.integers(-COPY_SPREAD_SECONDS, COPY_SPREAD_SECONDS + 1, len(here))
        several = np.repeat(np.arange(len(here)), copies)
        which = np.arange(len(several)) - np.repeat(np.cumsum(copies) - copies, copies)
        numbers.append(here[several])
        seconds.append(position * SECONDS_OF_WEEK + np.clip(history.second[here[several]] + moved[several] * which, 0, SECONDS_OF_WEEK - 1))
    chosen, at = np.concatenate(numbers), np.concatenate(seconds)
    late_enough = at >= SECONDS_OF_WEEK - WARM_UP_DAYS * 86_400
    return chosen[late_enough], at[late_enough], order


def make_demand(
    history: History, chosen: NDArray[np.int64], seconds: NDArray[np.int64], order: NDArray[np.int64], lengths: Lengths
) -> Drawn:
    """Put the chosen incidents in order of when a unit can be sent to them, in whole microseconds.

    Args:
        history: where they come from.
        chosen: what `choose` gave first.
        seconds: what it gave second.
        order: what it gave last.
        lengths: one row for each chosen incident.
    """
    end_us = len(order) * WEEK_US
    ready = seconds * SECOND_US + (lengths.handling * SECOND_US).astype(np.int64)
    inside = np.flatnonzero(ready < end_us - MINUTE_US)
    place = inside[np.argsort(ready[inside], kind="stable")]
    time_us = distinct_times(ready[place])
    picked = chosen[place]
    asks = history.skill[picked] >= 0
    turnout = (lengths.turnout[place] * SECOND_US).astype(np.int64)
    before = np.where(asks, ((lengths.asked + lengths.support_turnout)[place] * SECOND_US).astype(np.int64) - turnout, 0)
    own_time = ((lengths.support_turnout + lengths.support)[place] * SECOND_US).astype(np.int64) - turnout
    demand = Demand(
        time_us=time_us,
        x_m=np.rint(history.east[picked]).astype(np.int32),
        y_m=np.rint(history.north[picked]).astype(np.int32),
        area=history.area[picked].astype(np.int16),
        grade=history.grade[picked].astype(np.int8),
        scene_us=(lengths.scene[place] * SECOND_US).astype(np.int64),
        need_skill=history.skill[picked].astype(np.int8),
        support_us=np.where(asks, np.maximum(own_time, 0), 0),
        turnout_us=turnout.astype(np.int32),
        travel_factor=lengths.drive_factor[place].astype(np.float32),
        count_from_us=WEEK_US,
        end_us=end_us,
        stop_us=end_us + DRAIN_US,
    )
    return Drawn(demand=demand, reported_us=seconds[place] * SECOND_US, support_before_us=before, kind=history.kind[picked], weeks=order)


def distinct_times(sorted_us: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same times, 1 modulo 4 and strictly rising, as the engine takes them; each moved by a few microseconds at most.

    Example:
        >>> distinct_times(np.array([8, 8, 9, 40])).tolist()
        [9, 13, 17, 41]
    """
    rising = 4 * np.arange(len(sorted_us))
    return np.asarray(np.maximum.accumulate((sorted_us & ~np.int64(3)) - rising) + rising + 1)


def run_days(demand: Demand) -> int:
    """Days that are counted."""
    return int((demand.end_us - demand.count_from_us) // DAY_US)
