"""What would this day, week or year have been like with these units and these rules? One run of the simulated response.

`prepared` makes the world and the rules ready once; `simulate` plays one demand against them. The same inputs give the same counts to
the last bit, on any machine and in any thread.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.challenge import resources_kernel as kernel
from bestvalue.analysis.challenge.resources_checks import check_demand
from bestvalue.analysis.challenge.resources_kernel_parts import FAR
from bestvalue.analysis.challenge.resources_model import (
    AT_A_TIME,
    BINS,
    DAY_US,
    HOUR_US,
    HOURS_OF_WEEK,
    Demand,
    Outcome,
    Rows,
    Rules,
    World,
    bin_edges_us,
)
from bestvalue.analysis.challenge.resources_prepare import Prepared, prepared
from bestvalue.analysis.challenge.resources_workspace import Workspace

Array = NDArray[Any]
ROOM = 1 << 14
"""Incidents of one grade whose patience runs at the same time; where they are more the run is made again with twice the room."""


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
        queued = workspace.array("queued", len(demand.time_us), np.bool_)
        arguments: tuple[Any, ...] = (
            ready.unit.copy(),
            ready.pool.copy(),
            *ready.arrays.values(),
            *incidents(demand),
            *_room(ready, demand, queued, workspace, room=room),
            *(array.ravel() for name, array in counts.items() if not name.startswith("unserved")),
            *(ready.areas, ready.grades, ready.diverts_for, ready.diverts_from),
            *(demand.count_from_us, demand.end_us, demand.stop_us, int(2 * ready.units).bit_length(), ready.zones),
        )
        events = kernel.play(*arguments)
        room *= 2
    _count_unserved(counts, demand, queued)
    return outcome_of(counts, keep_rows=keep_rows)


def _room(ready: Prepared, demand: Demand, queued: Array, workspace: Workspace, *, room: int) -> tuple[Array, ...]:
    """What the loop works in, in the order of its arguments."""
    n, grades = len(demand.time_us), ready.grades
    queued[:] = False
    return (
        *(array.copy() for array in (ready.idle_x, ready.idle_y, ready.idle_unit, ready.can_lend)),
        np.zeros_like(ready.can_lend),  # has_queue
        np.full(2 * ready.units + 8 + room // 256, FAR),  # heap
        np.zeros(2 * grades * room, np.int64),  # ring
        np.zeros(2 * grades, np.int64),  # ring_ends
        np.full(2 * (ready.areas + ready.skills) * grades, -1, np.int32),  # queue
        workspace.array("behind", n, np.int32),
        queued,
        workspace.array("passing", len(demand.need_skill), np.int64),
        np.zeros(grades, np.int64),  # waiting
    )


def _count_unserved(counts: dict[str, Array], demand: Demand, queued: Array) -> None:
    """Who is still waiting when the run stops, and for how long."""
    called = demand.reported_us if len(demand.reported_us) else demand.time_us
    areas, grades, bins = counts["unserved_bins"].shape
    # Flat places, and a 1 of the counts' own width: what numpy has to cast first takes it thirty times as long.
    waited_sum, one = np.zeros(areas * grades, np.int64), np.int32(1)
    of_bin, of_hour = (counts[name].reshape(-1) for name in ("unserved_bins", "unserved_hourly"))
    edges = bin_edges_us()[1:-1]
    for start in range(0, len(queued), AT_A_TIME):
        left = start + np.flatnonzero(queued[start : start + AT_A_TIME])
        left = left[demand.time_us[left] >= demand.count_from_us]
        waited = demand.stop_us - demand.time_us[left]
        cell = demand.area[left].astype(np.int64) * grades + demand.grade[left]
        np.add.at(waited_sum, cell, waited)
        np.add.at(of_bin, cell * bins + np.searchsorted(edges, waited, side="right"), one)
        np.add.at(of_hour, called[left] // HOUR_US % HOURS_OF_WEEK * (areas * grades) + cell, one)
    counts["tally"][..., kernel.UNSERVED_SUM] += waited_sum.reshape(areas, grades)


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
        (demand.reported_us, np.int64),
        (demand.support_before_us, np.int64),
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
        "unserved_hourly": np.zeros((HOURS_OF_WEEK, *cells), np.int32),
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
    unserved_bins = counts["unserved_bins"]
    if not unserved_bins.any():  # as a rule; then it need take no memory
        unserved_bins = np.broadcast_to(np.int32(0), unserved_bins.shape)
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
        unserved_bins=unserved_bins,
        unserved_hourly=counts["unserved_hourly"],
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
        unsupported=asked[kernel.REQUESTED] - asked[kernel.SUPPORTED],
        support_sent=counts["support_sent"],
        support_sent_us=counts["support_sent_us"],
        diverted=tally[kernel.DIVERTED],
        rows=rows if keep_rows else None,
    )
