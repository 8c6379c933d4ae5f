"""What would this day, week or year have been like with these units and these rules? One run of the simulated response.

`prepared` makes the world and the rules ready once; `simulate` plays one demand against them. The same inputs give the same counts to
the last bit, on any machine and in any thread.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.challenge import resources_kernel as kernel
from bestvalue.analysis.challenge.resources_checks import check_demand, check_world
from bestvalue.analysis.challenge.resources_kernel_parts import FAR, UNIT_FIELDS
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
from bestvalue.analysis.challenge.resources_workspace import Workspace

Array = NDArray[Any]
ROOM = 1 << 14
"""Incidents of one grade whose patience runs at the same time; where they are more the run is made again with twice the room."""


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A checked world with its rules, in the form that the compiled loop takes.

    Args:
        areas, pools, units, grades, skills, zones: how many.
        unit, pool: flat records of units and pools as they are at the start; the loop gets a copy.
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
        "first_on_duty": (_at_start(world), np.int32),
        **_week(world),
        **_absences(world),
        "pace": (world.pace_us_per_m, np.float64),
        "root_pace": (world.start_us_per_root_m if world.start_us_per_root_m.any() else np.zeros(0), np.float64),
        "zone_travel": (world.zone_travel_us.T, np.int64),
        "patience": (np.where(patience < 0, FAR >> 1, patience), np.int64),
        "target": (rules.target_us, np.int64),
        "support_target": (rules.support_target_us, np.int64),
    }
    return Prepared(
        areas=len(world.areas),
        pools=len(world.pools),
        units=len(world.unit_pool),
        grades=len(rules.grades),
        skills=len(rules.skills),
        zones=len(world.zone_travel_us),
        unit=_units(world),
        pool=_pools(world),
        # Fresh arrays, flat: compiled code is made once for each sort of array, and one that may not be written is another sort.
        arrays={name: np.array(values, dtype, order="C").ravel() for name, (values, dtype) in arrays.items()},
        diverts_for=rules.diverts_for,
        diverts_from=rules.diverts_from,
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


def run(ready: Prepared, demand: Demand, *, keep_rows: bool = False, checked: bool = False, workspace: Workspace | None = None) -> Outcome:
    """Play one replication against a world that `prepared` has made ready: `simulate` without its checks of the world.

    A thread that plays many gives its `workspace`, and says `checked` where the demand was played before in a world of the same sizes.
    """
    workspace = workspace or Workspace()
    if not checked:
        check_demand(demand, areas=ready.areas, grades=ready.grades, skills=ready.skills, zoned=ready.zones > 0)
    room, events = ROOM, -1
    while events < 0:
        counts = counters(ready, demand, keep_rows=keep_rows)
        arguments: tuple[Any, ...] = (
            ready.unit.copy(),
            ready.pool.copy(),
            *ready.arrays.values(),
            *incidents(demand),
            *_room(ready, demand, workspace, room=room),
            *(array.ravel() for array in counts.values()),
            *(ready.areas, ready.grades, ready.diverts_for, ready.diverts_from),
            *(demand.count_from_us, demand.end_us, demand.stop_us, int(2 * ready.units).bit_length(), ready.zones),
        )
        events = kernel.play(*arguments)
        room *= 2
    return outcome_of(counts, keep_rows=keep_rows)


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
    return units.ravel()


def _pools(world: World) -> Longs:
    """Records of pools, and one more that says where the last one ends."""
    pools = np.zeros((len(world.pools) + 1, int(kernel.POOL_FIELDS)), np.int64)
    pools[:, kernel.FIRST_UNIT] = np.searchsorted(world.unit_pool, np.arange(len(pools)))
    pools[:-1, kernel.KEEPS] = world.pool_keeps_idle
    return pools.ravel()


def _skills(world: World) -> dict[str, tuple[Array, type[np.generic]]]:
    """Skills that every unit of a pool has, and that some unit has."""
    every, some = np.full(len(world.pools), ~np.uint64(0)), np.zeros(len(world.pools), np.uint64)
    np.bitwise_and.at(every, world.unit_pool, world.unit_skills.astype(np.uint64))
    np.bitwise_or.at(some, world.unit_pool, world.unit_skills.astype(np.uint64))
    return {"every_skill": (every, np.uint64), "some_skill": (some, np.uint64)}


def _room(ready: Prepared, demand: Demand, workspace: Workspace, *, room: int) -> tuple[Array, ...]:
    """What the loop works in, in the order of its arguments."""
    n, grades = len(demand.time_us), ready.grades
    words = (ready.areas + 63) // 64
    queued = workspace.array("queued", n, np.bool_)
    queued[:] = False
    return (
        *(np.zeros(ready.units, np.int32) for _ in ("idle_x", "idle_y", "idle_unit")),
        *(np.zeros(words, np.uint64) for _ in ("can_lend", "has_queue")),
        np.full(2 * ready.units + 8 + room // 256, FAR),  # heap
        np.zeros(2 * grades * room, np.int64),  # ring
        np.zeros(2 * grades, np.int64),  # ring_ends
        np.full(2 * (ready.areas + ready.skills) * grades, -1, np.int32),  # queue
        workspace.array("behind", n, np.int32),
        queued,
        workspace.array("requested", len(demand.need_skill), np.int64),
        np.zeros(grades, np.int64),  # waiting
    )


def _words(allowed: Bools) -> Masks:
    """Rows of a square bool array as words of 64 bits."""
    areas = len(allowed)
    words = np.zeros((areas, max((areas + 63) // 64, 1)), np.uint64)
    for row, column in np.argwhere(allowed):
        words[row, column >> 6] |= np.uint64(1) << np.uint64(column & 63)
    return words


def _at_start(world: World) -> Longs:
    """Units whose turn of duty runs over midnight before Monday."""
    return np.sort(world.shift_unit[world.shift_to_us > WEEK_US]).astype(np.int64)


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


def incidents(demand: Demand) -> tuple[Array, ...]:
    """Columns of a demand as the loop takes them; columns that are so already are not copied."""
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


def counters(ready: Prepared, demand: Demand, *, keep_rows: bool) -> dict[str, Array]:
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
        "support_tally": np.zeros((*asked, 8), np.int64),
        "support_bins": np.zeros((*asked, BINS), np.int32),
        "support_sent": np.zeros((ready.areas, ready.pools), np.int64),
        "support_sent_us": np.zeros((ready.areas, ready.pools), np.int64),
        "pool_tally": np.zeros((ready.pools, 4), np.int64),
        "row_unit": np.full((2, rows), -1, np.int32),
        "row_time": np.full((5, rows), -1, np.int64),
    }


def outcome_of(counts: dict[str, Array], *, keep_rows: bool) -> Outcome:
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
        reported=tally[kernel.REPORTED],
        attended=tally[kernel.ATTENDED],
        within=tally[kernel.WITHIN],
        response_sum_us=tally[kernel.RESPONSE_SUM],
        wait_sum_us=tally[kernel.WAIT_SUM],
        waited=tally[kernel.WAITED],
        response_bins=counts["response_bins"],
        wait_bins=counts["wait_bins"],
        hourly=counts["hourly"],
        unserved=tally[kernel.REPORTED] - tally[kernel.ATTENDED],
        unserved_sum_us=tally[kernel.UNSERVED_SUM],
        unserved_bins=counts["unserved_bins"],
        sent=counts["sent"],
        sent_us=counts["sent_us"],
        overtime_us=pool[kernel.OVERTIME],
        overtime_jobs=pool[kernel.OVERTIME_JOBS],
        duty_us=duty,
        idle_us=idle,
        break_us=rest,
        breaks=pool[kernel.BREAKS],
        breaks_missed=pool[kernel.BREAKS_MISSED],
        waiting_by_day=counts["waiting_by_day"],
        requested=asked[kernel.REQUESTED],
        supported=asked[kernel.SUPPORTED],
        support_within=asked[kernel.SUPPORT_WITHIN],
        support_response_sum_us=asked[kernel.SUPPORT_RESPONSE_SUM],
        support_wait_sum_us=asked[kernel.SUPPORT_WAIT_SUM],
        support_waited=asked[kernel.SUPPORT_WAITED],
        support_response_bins=counts["support_bins"],
        unsupported=asked[kernel.UNSUPPORTED],
        support_sent=counts["support_sent"],
        support_sent_us=counts["support_sent_us"],
        diverted=tally[kernel.DIVERTED],
        rows=rows if keep_rows else None,
    )
