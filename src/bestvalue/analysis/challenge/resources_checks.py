"""Do a world, its rules and a demand fit together? What is refused, and what to do then.

The simulation trusts its arrays: an area that does not exist would write into another's counts. So the door is strict. Leaving out what
cannot be used, and counting it, is the work of the calibration, before it gets here.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.challenge.resources_kernel_parts import LAST_TIME_US, UNIT_BITS
from bestvalue.analysis.challenge.resources_model import (
    HOUR_US,
    HOURS_OF_WEEK,
    NEVER,
    WEEK_US,
    Bools,
    Demand,
    Longs,
    Rules,
    World,
)
from bestvalue.errors import SpecError

MOST_AREAS = 32_767
MOST_GRADES = 8
SLOWEST_PACE = 1e7
"""Ten seconds a metre: slower than anybody goes, so the figure is in another unit."""
MOST_SKILLS = 64
MOST_UNITS = 1 << (UNIT_BITS - 1)
_COLUMNS = ("x_m", "y_m", "area", "grade", "scene_us")
_COLUMNS_THAT_MAY_BE_EMPTY = ("need_skill", "support_us", "turnout_us", "travel_factor", "reported_us", "support_before_us")
WIDEST_M = 1 << 22
"""Coordinates beyond 4,194 km would overflow a squared distance."""


def check_world(world: World, rules: Rules) -> None:
    """Refuse a world or rules that the simulation cannot play.

    Raises:
        SpecError: with the array, the entry and what to do.
    """
    _check_shapes(world, rules)
    _check_units(world)
    _check_shifts(world)
    _check_absences(world)
    _check_pace(world)
    _check_rules(rules)


def check_demand(demand: Demand, *, areas: int, grades: int, skills: int, zoned: bool) -> None:
    """Refuse incidents that the simulation cannot play in a world of so many areas, grades and skills.

    Raises:
        SpecError: with the column, the incident and what to do.
    """
    n = len(demand.time_us)
    for name in (*_COLUMNS, *_COLUMNS_THAT_MAY_BE_EMPTY):
        have = len(getattr(demand, name))
        if have != n and not (have == 0 and name in _COLUMNS_THAT_MAY_BE_EMPTY):
            raise SpecError(f"{name} has {have:,} entries for {n:,} incidents", where=f"demand.{name}", next_step="Give one an incident.")
    if len(demand.support_us) != len(demand.need_skill):
        raise SpecError("need_skill and support_us are not both given", where="demand", next_step="Give both or neither.")
    if zoned and len(demand.zone) != n:
        raise SpecError("the world has travel times by zone, the incidents no zone", where="demand.zone", next_step="Give each a zone.")
    _check_window(demand)
    _all(np.diff(demand.time_us, prepend=-1) > 0, demand.time_us, "time_us", "does not come after the one before", "Sort, and part them.")
    _all(demand.time_us & 3 == 1, demand.time_us, "time_us", "is not 1 modulo 4", "Pass the times through whole_times.")
    _all((demand.area >= 0) & (demand.area < areas), demand.area, "area", f"is not from 0 to {areas - 1}", "Leave the incident out.")
    _all((demand.grade >= 0) & (demand.grade < grades), demand.grade, "grade", f"is not from 0 to {grades - 1}", "Leave the incident out.")
    lasts = "is negative or longer than two years"
    _all(_within_clock(demand.scene_us), demand.scene_us, "scene_us", lasts, "Leave the incident out, or correct its times.")
    _all(_within_clock(demand.support_us), demand.support_us, "support_us", lasts, "Correct it.")
    if len(demand.reported_us):
        early = (demand.reported_us >= 0) & (demand.reported_us <= demand.time_us)
        _all(early, demand.reported_us, "reported_us", "is negative or after time_us", "Report it before a unit can be sent.")
    _all(np.abs(demand.support_before_us) < LAST_TIME_US, demand.support_before_us, "support_before_us", lasts, "Correct it.")
    _all(demand.turnout_us >= 0, demand.turnout_us, "turnout_us", "is negative", "Correct it.")
    _all(
        (demand.need_skill >= NEVER) & (demand.need_skill < skills),
        demand.need_skill,
        "need_skill",
        f"is not from -1 to {skills - 1}",
        "Number the skills as the rules name them.",
    )
    _all(
        (demand.travel_factor >= 0) & (demand.travel_factor < 1e4),
        demand.travel_factor,
        "travel_factor",
        "is not from 0 to 10,000",
        "Correct it.",
    )
    for name in ("x_m", "y_m"):
        metres = getattr(demand, name)
        _all((metres > -WIDEST_M) & (metres < WIDEST_M), metres, name, "is no place on the plane", "Leave the incident out.")


def _check_window(demand: Demand) -> None:
    first, end, stop = demand.count_from_us, demand.end_us, demand.stop_us
    if first % HOUR_US or end % HOUR_US or not 0 <= first < end <= stop:
        raise SpecError(
            f"the run counts from {first:,} to {end:,} us and stops at {stop:,}",
            where="demand.count_from_us, end_us, stop_us",
            next_step="Give whole hours, count_from_us before end_us and stop_us not before it.",
        )
    if len(demand.time_us) and demand.time_us[-1] >= end:
        raise SpecError("an incident is reported after the end", where="demand.end_us", next_step="Set end_us after the last report.")
    if stop > LAST_TIME_US:
        raise SpecError(
            f"stop_us = {stop:,} is more than two years after time 0", where="demand.stop_us", next_step="Play one year at a time."
        )


def _within_clock(times_us: Longs) -> Bools:
    return (times_us >= 0) & (times_us < LAST_TIME_US)


def _all(holds: Bools, values: NDArray[np.generic], name: str, fault: str, next_step: str) -> None:
    if not holds.all():
        bad = np.flatnonzero(~holds)
        raise SpecError(
            f"{name} of incident {bad[0]} = {values[bad[0]]} {fault}; {len(bad):,} of {len(values):,} do not",
            where=f"demand.{name}",
            next_step=next_step,
        )


def _check_shapes(world: World, rules: Rules) -> None:
    areas, pools, units, turns = len(world.areas), len(world.pools), len(world.unit_pool), len(world.shift_unit)
    grades, absences, zones = len(rules.grades), len(world.away_unit), len(world.zone_travel_us)
    _shape("borrows_from", world.borrows_from, (areas, areas))
    for name in ("pool_keeps_idle", "pool_minimum_units"):
        _shape(name, getattr(world, name), (pools,))
    for name in ("unit_x_m", "unit_y_m", "unit_skills", "unit_returns"):
        _shape(name, getattr(world, name), (units,))
    for name in ("shift_from_us", "shift_to_us", "shift_break_us", "shift_break_after_us"):
        _shape(name, getattr(world, name), (turns,))
    for name in ("away_from_us", "away_to_us"):
        _shape(name, getattr(world, name), (absences,))
    _shape("pace_us_per_m", world.pace_us_per_m, (2, grades, HOURS_OF_WEEK))
    _shape("start_us_per_root_m", world.start_us_per_root_m, (2, grades))
    _shape("zone_travel_us", world.zone_travel_us, (zones, zones))
    if zones:
        _shape("unit_zone", world.unit_zone, (units,))
    for name in ("borrow_after_us", "target_us", "support_target_us"):
        _shape(name, getattr(rules, name), (grades,), of="rules")
    if not 0 < areas <= min(pools, MOST_AREAS):
        raise SpecError(
            f"{areas} areas and {pools} pools", where="world.pools", next_step=f"Give each of at most {MOST_AREAS:,} areas its local pool."
        )


def _shape(name: str, values: NDArray[np.generic], shape: Sequence[int], *, of: str = "world") -> None:
    if values.shape != tuple(shape):
        raise SpecError(f"{name} has shape {values.shape}, not {tuple(shape)}", where=f"{of}.{name}", next_step="Give one entry each.")


def _check_units(world: World) -> None:
    pool = world.unit_pool
    if len(pool) >= MOST_UNITS:
        raise SpecError(f"{len(pool):,} units", where="world.unit_pool", next_step=f"Fewer than {MOST_UNITS:,} can be simulated.")
    if len(pool) and (pool.min() < 0 or pool.max() >= len(world.pools) or (np.diff(pool) < 0).any()):
        raise SpecError("unit_pool is not sorted, or names no pool", where="world.unit_pool", next_step="Sort the units by pool.")
    widest = max((int(np.abs(metres).max()) for metres in (world.unit_x_m, world.unit_y_m) if len(metres)), default=0)
    if widest >= WIDEST_M:
        raise SpecError(
            f"a base lies {widest:,} m from the origin", where="world.unit_x_m, unit_y_m", next_step="Give metres on the force's grid."
        )
    zones = len(world.zone_travel_us)
    if zones and len(pool) and (world.unit_zone.min() < 0 or world.unit_zone.max() >= zones):
        raise SpecError("a base is in no zone", where="world.unit_zone", next_step=f"Give a zone from 0 to {zones - 1}.")


def _check_shifts(world: World) -> None:
    start, stop = world.shift_from_us, world.shift_to_us
    length = stop - start
    _turns((world.shift_unit >= 0) & (world.shift_unit < len(world.unit_pool)), "is of a unit that does not exist")
    _turns((start >= 0) & (start < WEEK_US), "does not start within the week")
    _turns((length > 0) & (length <= WEEK_US), "does not last from above 0 to a week")
    _turns((start & 3 == 0) & (stop & 3 == 0) & (world.shift_break_after_us & 3 == 0), "has a time that is not a multiple of 4 us")
    rest = world.shift_break_us
    _turns((rest >= 0) & ((rest == 0) | (world.shift_break_after_us >= 0)), "has a break before its start")
    _turns((rest == 0) | (world.shift_break_after_us + rest <= length), "has a break that does not end within it")
    order = np.lexsort((start, world.shift_unit))
    unit, first, last = world.shift_unit[order], start[order], stop[order]
    clash = (unit[1:] == unit[:-1]) & (first[1:] < last[:-1])
    ends = np.flatnonzero(np.diff(unit, append=-1))  # the last turn of each unit may run into the first of its next week
    begins = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
    clash_over = last[ends] - WEEK_US > first[begins]
    if clash.any() or clash_over.any():
        who = unit[1:][clash][0] if clash.any() else unit[ends][clash_over][0]
        raise SpecError(
            f"two turns of duty of unit {who} overlap", where="world.shift_from_us", next_step="Join them, or end the first sooner."
        )


def _turns(holds: Bools, fault: str) -> None:
    if not holds.all():
        turn = int(np.flatnonzero(~holds)[0])
        raise SpecError(f"turn of duty {turn} {fault}", where="world.shift_*", next_step="Correct the turn of duty.")


def _check_absences(world: World) -> None:
    unit, start, stop = world.away_unit, world.away_from_us, world.away_to_us
    good = (unit >= 0) & (unit < len(world.unit_pool)) & (start >= 0) & (start < stop) & (start & 3 == 0) & (stop & 3 == 0)
    if not good.all():
        raise SpecError(
            f"absence {int(np.flatnonzero(~good)[0])} names no unit, or its times are not 0 <= from < to in multiples of 4 us",
            where="world.away_*",
            next_step="Correct the absence.",
        )


def _check_pace(world: World) -> None:
    for name in ("pace_us_per_m", "start_us_per_root_m"):
        pace = getattr(world, name)
        if not (np.isfinite(pace).all() and (pace >= 0).all() and pace.max(initial=0) < SLOWEST_PACE):
            raise SpecError(
                f"{name} has an entry that is no pace",
                where=f"world.{name}",
                next_step="Give microseconds from 0 to 10 seconds; 93,600 a metre is 50 km/h with a detour of 1.3.",
            )
    zones = world.zone_travel_us
    if zones.size and (zones.min() < 0 or zones.max() >= WEEK_US):
        raise SpecError("a travel time is negative or longer than a week", where="world.zone_travel_us", next_step="Correct it.")


def _check_rules(rules: Rules) -> None:
    if not 0 < len(rules.grades) <= MOST_GRADES or len(rules.skills) > MOST_SKILLS:
        raise SpecError(
            f"{len(rules.grades)} grades and {len(rules.skills)} skills",
            where="rules.grades, rules.skills",
            next_step=f"Give 1 to {MOST_GRADES} grades and at most {MOST_SKILLS} skills.",
        )
    if rules.diverts_for != NEVER and not 0 <= rules.diverts_for < rules.diverts_from < len(rules.grades):
        raise SpecError(
            f"diverts_for = {rules.diverts_for}, diverts_from = {rules.diverts_from}",
            where="rules.diverts_from",
            next_step="Units are called off a less urgent grade than the one they are diverted for.",
        )
    if (rules.borrow_after_us < NEVER).any() or (rules.borrow_after_us > WEEK_US).any():
        raise SpecError(
            "borrow_after_us is negative or above a week", where="rules.borrow_after_us", next_step="Give 0 to a week, or NEVER."
        )
