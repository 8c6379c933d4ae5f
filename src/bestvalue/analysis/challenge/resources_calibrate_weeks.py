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

from bestvalue.analysis.challenge.resources_model import DAY_US, MINUTE_US, Demand
from bestvalue.analysis.challenge.resources_workspace import Workspace

WARM_UP_DAYS = 2
"""Days that are simulated before counting begins, so that units are out and queues are as they usually are."""

DRAIN_US = 12 * 60 * MINUTE_US
"""Time after the last report in which units still go to those who wait; who is not reached then counts as not reached."""

COPY_SPREAD_SECONDS = 1_800
"""Incidents that growth adds are copies of others, up to half an hour earlier or later."""

SECONDS_OF_WEEK = 7 * 86_400

Whole = NDArray[np.integer[Any]]
"""Whole numbers, as narrow as they fit: a year of a large force is 2.5 million incidents."""


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
    week: Whole
    second: Whole
    east: NDArray[np.float64]
    north: NDArray[np.float64]
    area: Whole
    grade: Whole
    kind: Whole
    skill: Whole
    in_order: bool = False

    def __len__(self) -> int:
        return len(self.week)

    @cached_property
    def by_week(self) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Numbers of the incidents in order of week, and where in them each week begins."""
        order = np.argsort(self.week, kind="stable").astype(np.int32)
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
class Drawn:
    """One replication, before any unit is sent.

    Args:
        demand: for the engine.
        weeks: the week of the history that stands at each week of the run.
    """

    demand: Demand
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
        moved: seconds that each copy after the first is moved on from the one before; empty where there is none.
        weeks: the week of the history at each week of the run.
    """

    number: NDArray[np.int32]
    second: NDArray[np.int32]
    copies: NDArray[np.int32]
    moved: NDArray[np.int16]
    weeks: NDArray[np.int64]

    def seconds_of(self, copy: int, part: slice) -> NDArray[np.int64]:
        """When a copy of some of them happens: within the week of the incident that it is a copy of."""
        second = self.second[part].astype(np.int64)
        if copy == 0:
            return second
        monday = second // SECONDS_OF_WEEK * SECONDS_OF_WEEK
        return np.asarray(np.clip(second + copy * self.moved[part].astype(np.int64), monday, monday + SECONDS_OF_WEEK - 1))


def choose(
    history: History,
    *,
    weeks: int,
    growth: NDArray[np.float64],
    demand_factor: float | NDArray[np.float64],
    seed: int,
    replication: int,
    workspace: Workspace,
) -> Chosen:
    """Which incidents happen in a run, and when.

    Args:
        history: where they come from.
        weeks: weeks counted; one more goes before, of which the last `WARM_UP_DAYS` are used.
        growth: array (incidents), how often each happens in the mean: 1 as it was.
        demand_factor: multiplies it; one number, or array (incidents).
        seed: of chance.
        replication: its number.
        workspace: holds what is chosen until a run is played in it.
    """
    drawn = chance(seed, replication, WEEKS).integers(0, history.weeks, weeks + 1)
    order = np.arange(weeks + 1) % history.weeks if history.in_order else drawn
    luck = chance(seed, replication, COPIES)
    by_week, first = history.by_week
    played = [by_week[first[week] : first[week + 1]] for week in order]
    late = history.second[played[0]] >= SECONDS_OF_WEEK - WARM_UP_DAYS * 86_400
    factor = np.broadcast_to(np.asarray(demand_factor, np.float64), growth.shape)
    size = sum(len(here) for here in played)
    # A run's memory, until it is on: three columns of whole numbers of half its width fit.
    number = workspace.array("behind", size, np.int32)
    second, copies = workspace.array("passing", size, np.int64).view(np.int32).reshape(2, -1)
    at = 0
    for place, here in enumerate(played):
        # The luck of an incident does not depend on growth, so that more demand is the same incidents and some besides.
        times = np.floor(growth[here] * factor[here] + luck.random(len(here)))
        of_run, times = (here, times) if place else (here[late], times[late])
        to = slice(at, at + len(of_run))
        number[to], second[to], copies[to] = of_run, history.second[of_run] + place * SECONDS_OF_WEEK, times
        at = to.stop
    moved = _moved(luck, played, late) if copies[:at].max(initial=0) > 1 else np.zeros(0, np.int16)
    return Chosen(number=number[:at], second=second[:at], copies=copies[:at], moved=moved, weeks=order)


def _moved(luck: Generator, played: Sequence[NDArray[np.int32]], late: NDArray[np.bool_]) -> NDArray[np.int16]:
    """Seconds that a copy is moved on, for the incidents of all weeks but those of the first that are not `late`."""
    weeks = [luck.integers(-COPY_SPREAD_SECONDS, COPY_SPREAD_SECONDS + 1, len(here)).astype(np.int16) for here in played]
    return np.concatenate([weeks[0][late], *weeks[1:]])


def run_days(demand: Demand) -> int:
    """Days that are counted."""
    return int((demand.end_us - demand.count_from_us) // DAY_US)
