"""What would this day, week or year have been like with these units and these rules? One run of the simulated response.

`prepared` makes the world and the rules ready once; `simulate` plays one demand against them. The same inputs give the same counts to
the last bit, on any machine and in any thread.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.challenge.resources_checks import check_demand, check_world
from bestvalue.analysis.challenge.resources_kernel import (
    ATTENDED,
    AWAY_ENDS,
    AWAY_STARTS,
    BREAK_DUE,
    BREAKS,
    BREAKS_MISSED,
    DIVERTED,
    OVERTIME,
    OVERTIME_JOBS,
    REPORTED,
    REQUESTED,
    RESPONSE_SUM,
    SHIFT_ENDS,
    SHIFT_STARTS,
    SUPPORT_RESPONSE_SUM,
    SUPPORT_WAIT_SUM,
    SUPPORT_WAITED,
    SUPPORT_WITHIN,
    SUPPORTED,
    UNSERVED_SUM,
    UNSUPPORTED,
    WAIT_SUM,
    WAITED,
    WITHIN,
    play,
)
from bestvalue.analysis.challenge.resources_kernel_parts import FAR
from bestvalue.analysis.challenge.resources_model import (
    BINS,
    DAY_US,
    HOURS_OF_WEEK,
    WEEK_US,
    Bools,
    Demand,
    Longs,
    Masks,
    Outcome,
    Rows,
    Rules,
    World,
)

Array = NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A checked world with its rules, in the form that the compiled loop takes."""

    areas: int
    pools: int
    units: int
    grades: int
    skills: int
    arguments: tuple[Any, ...]
    zoned: bool


def prepared(world: World, rules: Rules) -> Prepared:
    """Check a world and its rules, and make them ready for `simulate`.

    Raises:
        SpecError: shapes that do not fit, turns of duty that overlap, times that are not multiples of 4, ... with the place.
    """
    check_world(world, rules)
    areas, pools, units = len(world.areas), len(world.pools), len(world.unit_pool)
    lent = np.array(world.borrows_from, bool)
    np.fill_diagonal(lent, val=False)
    zone = world.unit_zone if world.zone_travel_us.shape[0] else np.zeros(units)
    pool_start = np.searchsorted(world.unit_pool, np.arange(pools + 1))
    patience = np.where(rules.borrow_after_us > 0, (rules.borrow_after_us & ~np.int64(3)) | 2, rules.borrow_after_us)
    arguments: tuple[tuple[object, type[np.generic]], ...] = (
        (world.unit_pool, np.int32),
        (world.unit_x_m, np.int32),
        (world.unit_y_m, np.int32),
        (zone, np.int32),
        (world.unit_returns, np.int8),
        (world.unit_skills, np.uint64),
        (pool_start, np.int64),
        (world.pool_keeps_idle, np.int64),
        (_words(lent), np.uint64),
        (_words(lent.T), np.uint64),
        *_at_start(world),
        *_week(world),
        *_absences(world),
        (world.pace_us_per_m, np.float64),
        (world.start_us_per_root_m, np.float64),
        (world.zone_travel_us.T, np.int64),
        (np.where(patience < 0, FAR >> 1, patience), np.int64),
        (rules.target_us, np.int64),
        (rules.support_target_us, np.int64),
    )
    return Prepared(
        areas=areas,
        pools=pools,
        units=units,
        grades=len(rules.grades),
        skills=len(rules.skills),
        arguments=(*(_own(values, dtype) for values, dtype in arguments), rules.diverts_for, rules.diverts_from),
        zoned=world.zone_travel_us.shape[0] > 0,
    )


def simulate(world: World, demand: Demand, rules: Rules, *, keep_rows: bool = False) -> Outcome:
    """Play one replication's incidents against a world.

    Args:
        world: who can be sent, from where, when and how fast.
        demand: the incidents, sorted, with all that is left to chance already drawn.
        rules: who is sent when.
        keep_rows: also tell what happened to each incident (48 bytes an incident).

    Returns:
        Outcome: counts and sums, exact.

    Raises:
        SpecError: the world, the rules or the demand break what `World`, `Rules` and `Demand` ask for, with the place.

    Example: one unit stands where two incidents of ten minutes each are reported a minute apart; the second waits nine minutes.
        >>> from bestvalue.analysis.challenge.resources_examples import one_grade, two_incidents, world_of
        >>> from bestvalue.analysis.challenge.resources_model import MINUTE_US
        >>> outcome = simulate(world_of(units_by_area=[1]), two_incidents(), one_grade())
        >>> int(outcome.attended.sum()), round(int(outcome.wait_sum_us.sum()) / MINUTE_US, 3)
        (2, 9.0)
    """
    return run(prepared(world, rules), demand, keep_rows=keep_rows)


def run(ready: Prepared, demand: Demand, *, keep_rows: bool = False) -> Outcome:
    """Play one replication against a world that `prepared` has made ready: `simulate` without its checks of the world."""
    check_demand(demand, areas=ready.areas, grades=ready.grades, skills=ready.skills, zoned=ready.zoned)
    counts = _zeros(ready, demand, keep_rows=keep_rows)
    id_bits = int(2 * ready.units).bit_length()
    play(*ready.arguments, *_incidents(demand), demand.count_from_us, demand.end_us, demand.stop_us, id_bits, *counts.values())
    return _outcome(counts, keep_rows=keep_rows)


def _own(values: object, dtype: type[np.generic]) -> Array:
    """A fresh array: compiled code is made once for each sort of array, and one that may not be written is another sort."""
    return np.array(values, dtype, order="C")


def _words(allowed: Bools) -> Masks:
    """Rows of a square bool array as words of 64 bits."""
    areas = len(allowed)
    words = np.zeros((areas, max((areas + 63) // 64, 1)), np.uint64)
    for row, column in np.argwhere(allowed):
        words[row, column >> 6] |= np.uint64(1) << np.uint64(column & 63)
    return words


def _at_start(world: World) -> tuple[tuple[Longs, type[np.generic]], ...]:
    """Units whose turn of duty runs over midnight before Monday, and until when."""
    over = np.flatnonzero(world.shift_to_us > WEEK_US)
    over = over[np.argsort(world.shift_unit[over], kind="stable")]
    return (world.shift_unit[over], np.int32), (world.shift_to_us[over] - WEEK_US, np.int64)


def _week(world: World) -> tuple[tuple[Longs, type[np.generic]], ...]:
    """The week's calendar by time, kind and unit: times, kinds, units, and lengths of turns and breaks."""
    rests = np.flatnonzero(world.shift_break_us > 0)
    length = world.shift_to_us - world.shift_from_us
    turns = len(world.shift_unit)
    time = np.concatenate(
        [world.shift_to_us % WEEK_US, world.shift_from_us, (world.shift_from_us + world.shift_break_after_us)[rests] % WEEK_US]
    )
    kind = np.repeat([SHIFT_ENDS, SHIFT_STARTS, BREAK_DUE], [turns, turns, len(rests)])
    unit = np.concatenate([world.shift_unit, world.shift_unit, world.shift_unit[rests]])
    lasts = np.concatenate([np.zeros(turns, np.int64), length, world.shift_break_us[rests]])
    order = np.lexsort((unit, kind, time))
    return (time[order], np.int64), (kind[order], np.int8), (unit[order], np.int32), (lasts[order], np.int64)


def _absences(world: World) -> tuple[tuple[Longs, type[np.generic]], ...]:
    """The calendar of absences by time, kind (starts first, so that two that touch are one) and unit."""
    time = np.concatenate([world.away_from_us, world.away_to_us])
    kind = np.repeat([AWAY_STARTS, AWAY_ENDS], len(world.away_unit))
    unit = np.concatenate([world.away_unit, world.away_unit])
    order = np.lexsort((unit, kind, time))
    return (time[order], np.int64), (kind[order], np.int8), (unit[order], np.int32)


def _incidents(demand: Demand) -> tuple[Array, ...]:
    columns: tuple[tuple[Array, type[np.generic]], ...] = (
        (demand.time_us, np.int64),
        (demand.x_m, np.int32),
        (demand.y_m, np.int32),
        (demand.area, np.int16),
        (demand.grade, np.int8),
        (demand.scene_us, np.int64),
        (demand.need_skill, np.int8),
        (demand.support_us, np.int64),
        (demand.turnout_us, np.int32),
        (demand.travel_factor, np.float32),
        (demand.zone, np.int32),
    )
    return tuple(np.require(values, dtype, ["C", "W"]) for values, dtype in columns)


def _zeros(ready: Prepared, demand: Demand, *, keep_rows: bool) -> dict[str, Array]:
    """The arrays that the loop counts in, in the order of its arguments."""
    cells, rows = (ready.areas, ready.grades), len(demand.time_us) if keep_rows else 0
    asked = (ready.skills, ready.grades)
    return {
        "tally": np.zeros((*cells, 8), np.int64),
        "response_bins": np.zeros((*cells, BINS), np.int32),
        "wait_bins": np.zeros((*cells, BINS), np.int32),
        "unserved_bins": np.zeros((*cells, BINS), np.int32),
        "hourly": np.zeros((HOURS_OF_WEEK, *cells, 3), np.int64),
        "sent": np.zeros((ready.areas, ready.pools), np.int64),
        "sent_us": np.zeros((ready.areas, ready.pools), np.int64),
        "unit_hours": np.zeros((HOURS_OF_WEEK, ready.pools, 3), np.int64),
        "waiting_by_day": np.zeros((demand.end_us // DAY_US, ready.grades), np.int64),
        "support_tally": np.zeros((*asked, 7), np.int64),
        "support_bins": np.zeros((*asked, BINS), np.int32),
        "support_sent": np.zeros((ready.areas, ready.pools), np.int64),
        "support_sent_us": np.zeros((ready.areas, ready.pools), np.int64),
        "pool_tally": np.zeros((ready.pools, 4), np.int64),
        "row_unit": np.full((2, rows), -1, np.int32),
        "row_time": np.full((5, rows), -1, np.int64),
    }


def _outcome(counts: dict[str, Array], *, keep_rows: bool) -> Outcome:
    """The loop's arrays under the names that `Outcome` gives them."""
    tally, asked, pool = (np.moveaxis(counts[name], -1, 0).copy() for name in ("tally", "support_tally", "pool_tally"))
    duty, idle, rest = np.moveaxis(counts["unit_hours"], -1, 0).copy()
    unit, time = counts["row_unit"], counts["row_time"]
    rows = Rows(
        unit=unit[0],
        sent_us=time[0],
        scene_us=time[1],
        support_unit=unit[1],
        requested_us=time[2],
        support_sent_us=time[3],
        support_scene_us=time[4],
    )
    return Outcome(
        reported=tally[REPORTED],
        attended=tally[ATTENDED],
        within=tally[WITHIN],
        response_sum_us=tally[RESPONSE_SUM],
        wait_sum_us=tally[WAIT_SUM],
        waited=tally[WAITED],
        response_bins=counts["response_bins"],
        wait_bins=counts["wait_bins"],
        hourly=counts["hourly"],
        unserved=tally[REPORTED] - tally[ATTENDED],
        unserved_sum_us=tally[UNSERVED_SUM],
        unserved_bins=counts["unserved_bins"],
        sent=counts["sent"],
        sent_us=counts["sent_us"],
        overtime_us=pool[OVERTIME],
        overtime_jobs=pool[OVERTIME_JOBS],
        duty_us=duty,
        idle_us=idle,
        break_us=rest,
        breaks=pool[BREAKS],
        breaks_missed=pool[BREAKS_MISSED],
        waiting_by_day=counts["waiting_by_day"],
        requested=asked[REQUESTED],
        supported=asked[SUPPORTED],
        support_within=asked[SUPPORT_WITHIN],
        support_response_sum_us=asked[SUPPORT_RESPONSE_SUM],
        support_wait_sum_us=asked[SUPPORT_WAIT_SUM],
        support_waited=asked[SUPPORT_WAITED],
        support_response_bins=counts["support_bins"],
        unsupported=asked[UNSUPPORTED],
        support_sent=counts["support_sent"],
        support_sent_us=counts["support_sent_us"],
        diverted=tally[DIVERTED],
        rows=rows if keep_rows else None,
    )
