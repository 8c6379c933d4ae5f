"""A world and its rules in the form that the compiled loop takes: flat records of units and pools, sorted calendars, words of bits."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.challenge import resources_kernel as kernel
from bestvalue.analysis.challenge.resources_checks import check_world
from bestvalue.analysis.challenge.resources_kernel_parts import FAR, UNIT_FIELDS
from bestvalue.analysis.challenge.resources_model import HOUR_US, WEEK_US, Bools, Ints, Longs, Masks, Rules, World

Array = NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A checked world with its rules, in the form that the compiled loop takes.

    Args:
        areas, pools, units, grades, skills, zones: how many.
        unit, pool, idle_x, idle_y, idle_unit, can_lend: units, pools, who is idle where and which areas can lend, at the start of the run;
            flat; the loop gets copies.
        arrays: the rest of the world and the rules, in the order of the loop's arguments.
        diverts_for, diverts_from: see `Rules`.
    """

    areas: int
    pools: int
    units: int
    grades: int
    skills: int
    zones: int
    unit: Longs
    pool: Longs
    idle_x: Ints
    idle_y: Ints
    idle_unit: Ints
    can_lend: Masks
    arrays: dict[str, Array]
    diverts_for: int
    diverts_from: int


def prepared(world: World, rules: Rules) -> Prepared:
    """Check a world and its rules, and make them ready for `run`.

    Raises:
        SpecError: shapes that do not fit, turns of duty that overlap, times that are not multiples of 4, ... with the place.
    """
    check_world(world, rules)
    lent = np.array(world.borrows_from, bool)
    np.fill_diagonal(lent, val=False)
    patience = np.where(rules.borrow_after_us > 0, (rules.borrow_after_us & ~np.int64(3)) | 2, rules.borrow_after_us)
    arrays: dict[str, tuple[Array, type[np.generic]]] = {
        **_skills(world),
        "borrow_words": (_words(lent), np.uint64),
        "lend_words": (_words(lent.T), np.uint64),
        **_week(world),
        **_absences(world),
        "pace": (world.pace_us_per_m, np.float64),
        "root_pace": (world.start_us_per_root_m if world.start_us_per_root_m.any() else np.zeros(0), np.float64),
        "zone_travel": (world.zone_travel_us.T, np.int64),
        "patience": (np.where(patience < 0, FAR >> 1, patience), np.int64),
        "target": (rules.target_us, np.int64),
        "support_target": (rules.support_target_us, np.int64),
    }
    unit = _units(world)
    idle = np.flatnonzero(unit[:, kernel.DOING] == kernel.IDLE)
    pool = _pools(world, idle)
    place = unit[idle, kernel.PLACE] = pool[world.unit_pool[idle], kernel.FIRST_UNIT] + _rank_in_pool(world.unit_pool[idle])
    idle_x, idle_y, idle_unit = (np.zeros(len(unit), np.int32) for _ in range(3))
    idle_x[place], idle_y[place], idle_unit[place] = world.unit_x_m[idle], world.unit_y_m[idle], idle
    lends = (pool[:, kernel.IDLE_COUNT] > pool[:, kernel.KEEPS])[: len(world.areas)]
    return Prepared(
        areas=len(world.areas),
        pools=len(world.pools),
        units=len(world.unit_pool),
        grades=len(rules.grades),
        skills=len(rules.skills),
        zones=len(world.zone_travel_us),
        unit=unit.ravel(),
        pool=pool.ravel(),
        idle_x=idle_x,
        idle_y=idle_y,
        idle_unit=idle_unit,
        can_lend=_words(lends[None])[0],
        # Fresh arrays, flat: compiled code is made once for each sort of array, and one that may not be written is another sort.
        arrays={name: np.array(values, dtype, order="C").ravel() for name, (values, dtype) in arrays.items()},
        diverts_for=rules.diverts_for,
        diverts_from=rules.diverts_from,
    )


def _units(world: World) -> Longs:
    """Records of units: where they start, and what they can do."""
    units = np.zeros((len(world.unit_pool), int(UNIT_FIELDS)), np.int64)
    units[:, kernel.POOL] = world.unit_pool
    units[:, kernel.X] = units[:, kernel.BASE_X] = world.unit_x_m
    units[:, kernel.Y] = units[:, kernel.BASE_Y] = world.unit_y_m
    if len(world.zone_travel_us):
        units[:, kernel.ZONE] = units[:, kernel.BASE_ZONE] = world.unit_zone
    units[:, kernel.RETURNS] = world.unit_returns
    units[:, kernel.SKILLS] = world.unit_skills.astype(np.uint64).view(np.int64)
    units[:, [int(kernel.JOB), int(kernel.JOB_UNTIL), int(kernel.JOB_REQUEST)]] = -1
    over = world.shift_to_us > WEEK_US
    began = world.shift_unit[over]
    units[began, kernel.ON_SHIFT] = units[began, kernel.PRESENT] = 1
    units[began, kernel.DOING] = kernel.IDLE
    units[began, kernel.SHIFT_UNTIL] = world.shift_to_us[over] - WEEK_US
    return units


def _pools(world: World, idle: Longs) -> Longs:
    """Records of pools, and one more that says where the last one ends; some units are on duty and idle at the start."""
    pools = np.zeros((len(world.pools) + 1, int(kernel.POOL_FIELDS)), np.int64)
    pools[:, kernel.FIRST_UNIT] = np.searchsorted(world.unit_pool, np.arange(len(pools)))
    pools[:-1, kernel.KEEPS] = world.pool_keeps_idle
    on_duty = np.bincount(world.unit_pool[idle], minlength=len(pools))
    pools[:, kernel.IDLE_COUNT] = pools[:, kernel.DUTY_COUNT] = on_duty
    pools[:, kernel.IDLE_PART] = pools[:, kernel.DUTY_PART] = on_duty * HOUR_US
    return pools


def _rank_in_pool(pool: Ints) -> Longs:
    """0, 1, 2, ... within each run of equal numbers of a sorted array."""
    return (np.arange(len(pool)) - np.searchsorted(pool, pool)).astype(np.int64)


def _skills(world: World) -> dict[str, tuple[Array, type[np.generic]]]:
    """Skills that every unit of a pool has, and that some unit has."""
    every, some = np.full(len(world.pools), ~np.uint64(0)), np.zeros(len(world.pools), np.uint64)
    np.bitwise_and.at(every, world.unit_pool, world.unit_skills.astype(np.uint64))
    np.bitwise_or.at(some, world.unit_pool, world.unit_skills.astype(np.uint64))
    return {"every_skill": (every, np.uint64), "some_skill": (some, np.uint64)}


def _words(allowed: Bools) -> Masks:
    """Rows of a bool array as words of 64 bits."""
    bits = np.zeros((len(allowed), (allowed.shape[1] + 63) // 64 * 64), bool)
    bits[:, : allowed.shape[1]] = allowed
    return np.packbits(bits, axis=1, bitorder="little").view("<u8").astype(np.uint64)


def _week(world: World) -> dict[str, tuple[Array, type[np.generic]]]:
    """The week's calendar by time, kind and unit: times, kinds, units, and lengths of turns and breaks."""
    rests = np.flatnonzero(world.shift_break_us > 0)
    length = world.shift_to_us - world.shift_from_us
    turns = len(world.shift_unit)
    time = np.concatenate(
        [world.shift_to_us % WEEK_US, world.shift_from_us, (world.shift_from_us + world.shift_break_after_us)[rests] % WEEK_US]
    )
    kind = np.repeat([kernel.SHIFT_ENDS, kernel.SHIFT_STARTS, kernel.BREAK_DUE], [turns, turns, len(rests)])
    unit = np.concatenate([world.shift_unit, world.shift_unit, world.shift_unit[rests]])
    lasts = np.concatenate([np.zeros(turns, np.int64), length, world.shift_break_us[rests]])
    order = np.lexsort((unit, kind, time))
    return {
        "week_time": (time[order], np.int64),
        "week_kind": (kind[order], np.int8),
        "week_unit": (unit[order], np.int32),
        "week_length": (lasts[order], np.int64),
    }


def _absences(world: World) -> dict[str, tuple[Array, type[np.generic]]]:
    """The calendar of absences by time, kind (starts first, so that two that touch are one) and unit."""
    time = np.concatenate([world.away_from_us, world.away_to_us])
    kind = np.repeat([kernel.AWAY_STARTS, kernel.AWAY_ENDS], len(world.away_unit))
    unit = np.concatenate([world.away_unit, world.away_unit])
    order = np.lexsort((unit, kind, time))
    return {"away_time": (time[order], np.int64), "away_kind": (kind[order], np.int8), "away_unit": (unit[order], np.int32)}
