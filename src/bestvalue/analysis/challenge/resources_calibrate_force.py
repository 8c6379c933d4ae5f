"""The force as the simulation plays it: who can be sent, what happens, and how a scaled or changed force is made of it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bestvalue.analysis.challenge.resources_calibrate_demand import Asked
from bestvalue.analysis.challenge.resources_calibrate_roads import Road
from bestvalue.analysis.challenge.resources_calibrate_units import MINUTES_OF_WEEK, Pool
from bestvalue.analysis.challenge.resources_calibrate_weeks import (
    COPY_LENGTHS,
    LENGTHS,
    PATROL,
    Drawn,
    History,
    Lengths,
    chance,
    choose,
)
from bestvalue.analysis.challenge.resources_model import MINUTE_US, NEVER, SECOND_US, WEEK_US, Rules, World
from bestvalue.analysis.challenge.resources_workspace import Workspace

AT_A_TIME = 1 << 18
"""Incidents whose lengths are in memory at a time: those of a year would take half a gigabyte a thread."""

GOLDEN = (np.sqrt(5.0) - 1) / 2


@dataclass(frozen=True, kw_only=True)
class Spells:
    """Times for which units are away: number of the unit, first and last microsecond of the run."""

    unit: NDArray[np.int64]
    from_us: NDArray[np.int64]
    to_us: NDArray[np.int64]


Away = Callable[[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], int, int], Spells]
"""Spells for units (number in the force, number of the copy) in a run whose weeks are those of the history; seed and replication."""

DrawLengths = Callable[[Generator, NDArray[np.int64], NDArray[np.int64]], Lengths]
"""Lengths of time for incidents (number in the history) at seconds of the run."""


@dataclass(frozen=True, kw_only=True)
class Force:
    """All that the simulation needs. A areas, P pools, U units, G grades, S skills.

    Args:
        area_codes, area_names: of the A areas.
        pools: P, the local pool of each area first.
        unit_pool, unit_east, unit_north, unit_skills: arrays (U,), in order of pool.
        unit_base: U names of bases or stations; "" where not given.
        turns: array (turns, 4): unit, first minute of the week, length and break in minutes.
        takes_breaks: meal breaks take units away from incidents, each at its own time in the middle half of its turn.
        lender_keeps: a local pool lends only while more than so many of its units are idle.
        returns: units go back to their base after each job (a fire station), or stay where it ended (a patrol).
        borrows: bool (A, A): row may borrow from column.
        borrow_after_minutes: array (G,): NaN for never, 0 for at once.
        grades, skills, kinds: names.
        measured: bool (G,): response is measured and has a target; False for further units.
        target_minutes: array (G,), from report to arrival.
        support_target_minutes: from the first arrival to that of support.
        places: one array (n, 2) a pool, metres: where its units were seen when they were sent. Each unit waits at one of them, drawn anew
            in every replication; at its base where the array is empty.
        pace: float (2, G, 168), seconds a crow-fly metre; root_pace: float (2, G), seconds a root of a metre.
        history: incidents of the weeks that are replayed.
        growth: array (incidents of the history): how often each happens; 1 but where the user has set a rate.
        draw_lengths, away: see there.
        unit_word: what a unit is called, one and many.
        zone_seconds: array (A, A), seconds from row area to column area, which pace then multiplies; (0, 0) to drive on the plane.
    """

    area_codes: tuple[str, ...]
    area_names: tuple[str, ...]
    pools: tuple[Pool, ...]
    unit_pool: NDArray[np.int32]
    unit_east: NDArray[np.float64]
    unit_north: NDArray[np.float64]
    unit_skills: NDArray[np.uint64]
    unit_base: tuple[str, ...]
    turns: NDArray[np.int64]
    takes_breaks: bool
    lender_keeps: int
    returns: bool
    borrows: NDArray[np.bool_]
    borrow_after_minutes: NDArray[np.float64]
    grades: tuple[str, ...]
    skills: tuple[str, ...]
    kinds: tuple[str, ...]
    measured: NDArray[np.bool_]
    target_minutes: NDArray[np.float64]
    support_target_minutes: float
    places: tuple[NDArray[np.float64], ...]
    pace: NDArray[np.float64]
    root_pace: NDArray[np.float64]
    history: History
    growth: NDArray[np.float64]
    draw_lengths: DrawLengths
    away: Away
    unit_word: tuple[str, str] = ("unit", "units")
    zone_seconds: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 0)))

    @property
    def is_support(self) -> NDArray[np.bool_]:
        """Which pools serve the whole force, bool (P,)."""
        return np.array([pool.area is None for pool in self.pools])

    def weekly_hours(self) -> NDArray[np.float64]:
        """Hours on duty in a week, by unit."""
        return np.bincount(self.turns[:, 0], self.turns[:, 2] / 60, len(self.unit_pool)).astype(np.float64)


def draw(
    force: Force,
    *,
    weeks: int,
    demand_factor: float | NDArray[np.float64],
    seed: int,
    replication: int,
    workspace: Workspace | None = None,
) -> Drawn:
    """What is asked of the force in one replication; the same for every scenario, and what more demand adds comes on top.

    Args:
        force: whose incidents.
        weeks: that are counted.
        demand_factor: incidents against today, in all or for each incident of the history.
        seed: of chance.
        replication: its number.
        workspace: memory of a thread that draws many: what it drew before is overwritten.
    """
    workspace = workspace or Workspace()
    chosen = choose(
        force.history,
        weeks=weeks,
        growth=force.growth,
        demand_factor=demand_factor,
        seed=seed,
        replication=replication,
        workspace=workspace,
    )
    asked = Asked(int(chosen.copies.sum()), workspace)
    for copy in range(max(int(chosen.copies.max(initial=0)), 1)):
        luck = chance(seed, replication, COPY_LENGTHS + copy if copy else LENGTHS)
        for start in range(0, max(len(chosen.number), 1), AT_A_TIME):
            part = slice(start, start + AT_A_TIME)
            number, seconds, kept = chosen.number[part].astype(np.int64), chosen.seconds_of(copy, part), chosen.copies[part] > copy
            lengths = force.draw_lengths(luck, number, seconds).of(kept)
            asked.add(force.history, number[kept], seconds[kept], lengths)
    demand = asked.in_order(weeks + 1)
    if len(force.zone_seconds):
        demand = replace(demand, zone=demand.area.astype(np.int32))
    return Drawn(demand=demand, weeks=chosen.weeks)


def spread_copies(force: Force, factor: NDArray[np.float64]) -> NDArray[np.int64]:
    """How often each unit is there when units are scaled: array (U,), whole numbers that add up to the factor.

    Units are taken evenly along the roster, so that each shift and base gives its share; what a small pool rounds off, the next
    one of the same level makes up for, so that half of the force is half of it.

    Args:
        force: whose units.
        factor: array (U,), at least 0.
    """
    copies = np.zeros(len(force.unit_pool), dtype=np.int64)
    for level in (False, True):
        mine = np.flatnonzero(force.is_support[force.unit_pool] == level)
        # Half a unit to begin with rounds the total; floor of the running sum gives out whole units as they fall due.
        due = np.floor(np.concatenate([[0.0], np.cumsum(factor[mine])]) + 0.5 + 1e-9)
        copies[mine] = np.diff(due).astype(np.int64)
    return copies


def world_of(
    force: Force,
    *,
    copies: NDArray[np.int64],
    drawn: Drawn,
    seed: int,
    replication: int,
    pool_of_unit: NDArray[np.int32] | None = None,
) -> tuple[World, Rules]:
    """The force with each unit there so many times.

    Args:
        force: as it is.
        copies: array (U,): 0 takes a unit away, 2 puts another like it beside it.
        drawn: the replication that it will meet: tells which weeks are replayed, and so who is away when.
        seed: of chance.
        replication: its number.
        pool_of_unit: array (U,): where units are moved to other pools.
    """
    new_pool = force.unit_pool if pool_of_unit is None else pool_of_unit
    number = np.repeat(np.arange(len(copies)), copies)
    copy = np.arange(len(number)) - np.repeat(np.cumsum(copies) - copies, copies)
    order = np.argsort(new_pool[number], kind="stable")
    number, copy = number[order], copy[order]
    turns = _turns(force, number)
    spells = force.away(number, copy, drawn.weeks, seed, replication)
    moved = new_pool[number] != force.unit_pool[number]
    luck = chance(seed, replication, PATROL).random((int(copies.max(initial=0)), len(copies)))[copy, number]
    east, north = _waiting_places(force, number, new_pool[number], luck)
    grades = len(force.grades)
    world = World(
        areas=force.area_names,
        pools=tuple(pool.name for pool in force.pools),
        borrows_from=force.borrows,
        pool_keeps_idle=np.full(len(force.pools), force.lender_keeps, dtype=np.int32),
        pool_minimum_units=np.array([pool.minimum_units for pool in force.pools], dtype=np.int32),
        unit_pool=new_pool[number].astype(np.int32),
        unit_x_m=np.rint(east).astype(np.int32),
        unit_y_m=np.rint(north).astype(np.int32),
        unit_skills=_skills(force, number, new_pool[number], moved),
        unit_returns=np.full(len(number), force.returns),
        shift_unit=turns[:, 0].astype(np.int32),
        shift_from_us=turns[:, 1] * MINUTE_US,
        shift_to_us=(turns[:, 1] + turns[:, 2]) * MINUTE_US,
        shift_break_us=turns[:, 3] * MINUTE_US * force.takes_breaks,
        shift_break_after_us=(turns[:, 2] * (0.25 + 0.5 * _apart(number, copy)[turns[:, 0]])).astype(np.int64) * MINUTE_US,
        away_unit=spells.unit.astype(np.int32),
        away_from_us=spells.from_us,
        away_to_us=spells.to_us,
        pace_us_per_m=force.pace * SECOND_US,
        start_us_per_root_m=force.root_pace * SECOND_US,
        unit_zone=_zones(force, new_pool[number], east, north),
        zone_travel_us=np.rint(force.zone_seconds * SECOND_US).astype(np.int64),
    )
    return world, Rules(
        grades=force.grades,
        skills=force.skills,
        borrow_after_us=_microseconds(force.borrow_after_minutes),
        target_us=_microseconds(force.target_minutes),
        support_target_us=np.full(grades, int(force.support_target_minutes * MINUTE_US), dtype=np.int64),
    )


def with_roads(force: Force, first: Road, support: Road) -> Force:
    """The same force with drives along these roads instead of the crow's line."""
    along = np.array([first.along, support.along])
    root = np.array([first.root, support.root])
    return replace(force, pace=force.pace * along[:, None, None], root_pace=force.pace[:, :, 0] * root[:, None])


def _microseconds(minutes: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.where(np.isnan(minutes), NEVER, np.nan_to_num(minutes) * MINUTE_US).astype(np.int64)


def _apart(number: NDArray[np.int64], copy: NDArray[np.int64]) -> NDArray[np.float64]:
    """A number from 0 to 1 for each unit, as different as can be for units that follow each other: not all eat at once."""
    return np.asarray((number * GOLDEN + copy * GOLDEN**2) % 1.0)


def _turns(force: Force, number: NDArray[np.int64]) -> NDArray[np.int64]:
    """Turns of duty of the units that are there, under their new numbers."""
    by_unit = force.turns[np.argsort(force.turns[:, 0], kind="stable")]
    many = np.bincount(by_unit[:, 0], minlength=len(force.unit_pool))
    first = np.cumsum(many) - many
    count = many[number]
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    rows = by_unit[np.repeat(first[number], count) + within]
    return np.column_stack([np.repeat(np.arange(len(number)), count), rows[:, 1:]])


def _waiting_places(
    force: Force, number: NDArray[np.int64], pool: NDArray[np.int32], luck: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where each unit waits at the start of its turn: on patrol where its pool's units are seen, or at its base."""
    east, north = force.unit_east[number].copy(), force.unit_north[number].copy()
    for which, places in enumerate(force.places):
        mine = pool == which
        if len(places):
            drawn = places[(luck[mine] * len(places)).astype(np.int64)]
            east[mine], north[mine] = drawn[:, 0], drawn[:, 1]
        else:
            own = force.unit_pool == which
            strangers = mine & (force.unit_pool[number] != which)
            if own.any():  # moved here from another pool: starts from where this pool's own units do
                east[strangers], north[strangers] = force.unit_east[own].mean(), force.unit_north[own].mean()
    return east, north


def _zones(force: Force, pool: NDArray[np.int32], east: NDArray[np.float64], north: NDArray[np.float64]) -> NDArray[np.int32]:
    """The area in which each unit waits: its pool's own; for support the one whose incidents are nearest in the middle."""
    if not len(force.zone_seconds):
        return np.zeros(0, dtype=np.int32)
    history, areas = force.history, len(force.area_names)
    count = np.bincount(history.area, minlength=areas)
    middle = [np.bincount(history.area, at, areas) / np.where(count > 0, count, np.nan) for at in (history.east, history.north)]
    far = (east[:, None] - middle[0]) ** 2 + (north[:, None] - middle[1]) ** 2
    nearest = np.nan_to_num(far, nan=np.inf).argmin(axis=1)
    return np.where(pool < areas, pool, nearest).astype(np.int32)


def _skills(force: Force, number: NDArray[np.int64], pool: NDArray[np.int32], moved: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Skills; a unit moved to support learns what that pool's units can do."""
    skills = force.unit_skills[number].copy()
    for here in np.flatnonzero(moved):
        skills[here] = np.bitwise_or.reduce(force.unit_skills[force.unit_pool == pool[here]], initial=np.uint64(0))
    return skills


def spells_of_weeks(away: NDArray[np.int64], number: NDArray[np.int64], order: NDArray[np.int64]) -> Spells:
    """Spells as they were in the weeks that are replayed.

    Args:
        away: array (spells, 4): week, unit, first and last second of the week.
        number: unit in the force of each unit that is there.
        order: week of the history at each week of the run.
    """
    units, low, high = [], [], []
    sorted_units = np.argsort(number, kind="stable")
    for position, week in enumerate(order):
        spells = away[away[:, 0] == week]
        first = np.searchsorted(number[sorted_units], spells[:, 1], side="left")
        last = np.searchsorted(number[sorted_units], spells[:, 1], side="right")
        many = last - first
        within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        units.append(sorted_units[np.repeat(first, many) + within])
        low.append(np.repeat(spells[:, 2], many) * SECOND_US + position * WEEK_US)
        high.append(np.repeat(spells[:, 3], many) * SECOND_US + position * WEEK_US)
    return Spells(unit=np.concatenate(units), from_us=np.concatenate(low), to_us=np.concatenate(high))


def always_on(units: int) -> NDArray[np.int64]:
    """Turns of units that are on duty round the clock: seven days, each a turn."""
    day = np.tile(np.arange(7), units)
    return np.column_stack(
        [np.repeat(np.arange(units), 7), day * 1_440, np.full(7 * units, MINUTES_OF_WEEK // 7), np.zeros(7 * units, dtype=np.int64)]
    ).astype(np.int64)
