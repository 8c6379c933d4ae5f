"""What will be asked of the force in a simulated month? Whole weeks that happened, in random order, with all else drawn anew.

A week is taken as it was: its incidents with time, place, grade and kind, and the units that were away in it. So busy weeks stay
busy, an event stays together with the units that it took, and no law of arrivals is assumed. What is drawn anew is how long
things take. Source: the block bootstrap, Künsch (1989), Annals of Statistics 17; the block is the week, the period of rosters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import NDArray

from bestvalue.analysis.challenge.resources_model import DAY_US, MINUTE_US, SECOND_US, WEEK_US, Demand, whole_times

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
        in_order: the weeks are played as they came, the first before those that are counted; else drawn with replacement.
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
    in_order: bool = False

    def __len__(self) -> int:
        return len(self.week)

    @cached_property
    def by_week(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Numbers of the incidents in order of week, and where in them each week begins."""
        order = np.argsort(self.week, kind="stable")
        return order, np.searchsorted(self.week[order], np.arange(self.weeks + 1))


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

    def of(self, kept: NDArray[np.bool_]) -> "Lengths":
        """Those of some of the incidents."""
        return self if kept.all() else Lengths(**{name: values[kept] for name, values in vars(self).items()})


@dataclass(frozen=True, kw_only=True)
class Timed:
    """Some incidents in whole microseconds, as the engine takes them; one array a column, in no order.

    Args:
        number: in the history.
        second: of the run, of the report.
        ready_us: when a unit can be sent.
        turnout_us, drive_factor, scene_us, support_before_us, support_us: as in `Demand`; 0 for support that nobody asks for.
    """

    number: NDArray[np.int32]
    second: NDArray[np.int32]
    ready_us: NDArray[np.int64]
    turnout_us: NDArray[np.int32]
    drive_factor: NDArray[np.float32]
    scene_us: NDArray[np.int64]
    support_before_us: NDArray[np.int64]
    support_us: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One replication, before any unit is sent.

    Args:
        demand: for the engine.
        number: of each incident in the history.
        weeks: the week of the history that stands at each week of the run.
    """

    demand: Demand
    number: NDArray[np.int32]
    weeks: NDArray[np.int64]


def chance(seed: int, replication: int, purpose: int) -> Generator:
    """The random numbers of one purpose in one replication; the same whatever else is drawn, and in whatever order."""
    return Generator(Philox(key=np.array([seed, (replication << 8) | purpose], dtype=np.uint64)))


WEEKS, COPIES, LENGTHS, AWAY, PATROL = range(5)
"""Purposes of chance. The lengths of an incident's copy have `COPY_LENGTHS` and its rank on top: they are its own in every scenario."""
COPY_LENGTHS = 16


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Incidents of the weeks of one run, each once, and how often each happens in it.

    Args:
        number: of the incident in the history.
        second: of the run.
        copies: 0 or more.
        moved: seconds that each copy after the first is moved on from the one before.
        weeks: the week of the history at each week of the run.
    """

    number: NDArray[np.int64]
    second: NDArray[np.int64]
    copies: NDArray[np.int64]
    moved: NDArray[np.int64]
    weeks: NDArray[np.int64]

    def seconds_of(self, copy: int) -> NDArray[np.int64]:
        """When a copy happens: within the week of the incident that it is a copy of."""
        if copy == 0:
            return self.second
        monday = self.second // SECONDS_OF_WEEK * SECONDS_OF_WEEK
        return np.asarray(np.clip(self.second + copy * self.moved, monday, monday + SECONDS_OF_WEEK - 1))


def choose(history: History, *, weeks: int, growth: NDArray[np.float64], seed: int, replication: int) -> Chosen:
    """Which incidents happen in a run, and when.

    Args:
        history: where they come from.
        weeks: weeks counted; one more goes before, of which the last `WARM_UP_DAYS` are used.
        growth: array (incidents), how often each happens in the mean: 1 as it was.
        seed: of chance.
        replication: its number.
    """
    drawn = chance(seed, replication, WEEKS).integers(0, history.weeks, weeks + 1)
    order = np.arange(weeks + 1) % history.weeks if history.in_order else drawn
    luck = chance(seed, replication, COPIES)
    by_week, first = history.by_week
    numbers = [by_week[first[week] : first[week + 1]] for week in order]
    number = np.concatenate(numbers)
    second = history.second[number] + np.repeat(np.arange(len(order)) * SECONDS_OF_WEEK, [len(here) for here in numbers])
    # The luck of an incident does not depend on growth, so that more demand is the same incidents and some besides.
    copies = np.floor(growth[number] + luck.random(len(number))).astype(np.int64)
    moved = luck.integers(-COPY_SPREAD_SECONDS, COPY_SPREAD_SECONDS + 1, len(number))
    late = second >= SECONDS_OF_WEEK - WARM_UP_DAYS * 86_400
    return Chosen(number=number[late], second=second[late], copies=copies[late], moved=moved[late], weeks=order)


def timed_of(history: History, number: NDArray[np.int64], seconds: NDArray[np.int64], lengths: Lengths) -> Timed:
    """Incidents of the history at seconds of the run, with one row of lengths each."""
    asks = history.skill[number] >= 0
    turnout = (lengths.turnout * SECOND_US).astype(np.int64)
    own_time = ((lengths.support_turnout + lengths.support) * SECOND_US).astype(np.int64) - turnout
    return Timed(
        number=number.astype(np.int32),
        second=seconds.astype(np.int32),
        ready_us=seconds * SECOND_US + (lengths.handling * SECOND_US).astype(np.int64),
        turnout_us=turnout.astype(np.int32),
        drive_factor=lengths.drive_factor.astype(np.float32),
        scene_us=(lengths.scene * SECOND_US).astype(np.int64),
        support_before_us=np.where(asks, ((lengths.asked + lengths.support_turnout) * SECOND_US).astype(np.int64) - turnout, 0),
        support_us=np.where(asks, np.maximum(own_time, 0), 0),
    )


def make_demand(history: History, timed: Sequence[Timed], weeks: NDArray[np.int64]) -> Drawn:
    """Put incidents in order of when a unit can be sent to them; what would be ready after the end is left out.

    Args:
        history: where they come from.
        timed: all of them.
        weeks: of the history, at each week of the run.
    """
    end_us = len(weeks) * WEEK_US
    ready = np.concatenate([part.ready_us for part in timed])
    inside = np.flatnonzero(ready < end_us - MINUTE_US)
    place = inside[np.argsort(ready[inside], kind="stable")]
    time_us = whole_times(ready[place])
    del ready, inside

    def column(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in timed])[place]

    number = column("number")
    anybody = bool((history.skill[number] >= 0).any())
    nothing = np.zeros(0, np.int64)
    demand = Demand(
        time_us=time_us,
        x_m=np.rint(history.east[number]).astype(np.int32),
        y_m=np.rint(history.north[number]).astype(np.int32),
        area=history.area[number].astype(np.int16),
        grade=history.grade[number].astype(np.int8),
        scene_us=column("scene_us"),
        need_skill=history.skill[number].astype(np.int8) if anybody else np.zeros(0, np.int8),
        support_us=column("support_us") if anybody else nothing,
        turnout_us=column("turnout_us"),
        travel_factor=column("drive_factor"),
        reported_us=column("second").astype(np.int64) * SECOND_US,
        support_before_us=column("support_before_us") if anybody else nothing,
        count_from_us=WEEK_US,
        end_us=end_us,
        stop_us=end_us + DRAIN_US,
    )
    return Drawn(demand=demand, number=number, weeks=weeks)


def run_days(demand: Demand) -> int:
    """Days that are counted."""
    return int((demand.end_us - demand.count_from_us) // DAY_US)
