"""What goes into one run of the simulated response, and what comes out of it?

A `World` is who can be sent: areas, pools, units, shifts, bases, roads. `Rules` say who is sent when. A `Demand` is one replication's
incidents, with everything about them that is left to chance already drawn, so that every scenario meets the same incidents. `simulate` in
`resources_engine` plays one demand against one world and gives an `Outcome` of counts. All times are whole microseconds and all places
whole metres: no two engines can differ by a rounding.

Clock: time 0 is midnight before a Monday, local time, and a week has 168 hours; a run may start at any later time. Kinds of event live in
different residues of the time modulo 4 (calendar 0, report of an incident 1, end of a job or arrival at the scene 2, end of patience with
the own area 3), so events of different kinds never coincide; `whole_times` makes times of incidents fit.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Bytes = NDArray[np.int8]
Shorts = NDArray[np.int16]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Masks = NDArray[np.uint64]
Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
WEEK_US = 7 * DAY_US
HOURS_OF_WEEK = 168
NEVER = -1
"""Where a time or a grade may be left out: this rule does not apply."""
BINS = 704
"""Bins of a histogram of times: 2**20 us (1.05 s) wide to 67 s, then 32 to a doubling (3% wide), to over two years."""
AT_A_TIME = 1 << 16
"""Incidents that are worked on at a time where a whole column more would be a lot of memory."""


@dataclass(frozen=True, kw_only=True)
class World:
    """Who can be sent, from where, when, and how fast. A areas, P pools, U units, V shifts, Z zones, K absences, G grades.

    Args:
        areas: names of the A areas.
        pools: names of the P >= A pools. Pool i < A is the local pool of area i (it may have no units); the others are support pools,
            which serve every area in the second wave.
        borrows_from: bool (A, A): row area may be lent units of column area. The diagonal is ignored.
        pool_keeps_idle: int32 (P,): a local pool lends only while more than this many of its units are idle; 0 lends its last.
        pool_minimum_units: int32 (P,): units that must be on duty at every hour; reported against, not enforced.
        unit_pool: int32 (U,), never falling: the pool of each unit.
        unit_x_m, unit_y_m: int32 (U,): base, metres.
        unit_zone: int32 (U,): zone of the base; used only with `zone_travel_us`.
        unit_skills: uint64 (U,): bit s is set where the unit has skill s; used for support pools only.
        unit_returns: bool (U,): True waits for its next incident at its base, False where its last job ended.
        shift_unit: int32 (V,): the unit that works this turn of duty, every week.
        shift_from_us, shift_to_us: int64 (V,), multiples of 4: start (0 to a week) and end (after start, at most a week later) on the clock
            of the week. Two turns of one unit may touch and must not overlap.
        shift_break_us: int64 (V,): length of its meal break; 0 for none.
        shift_break_after_us: int64 (V,), multiple of 4: the break is due so long after the start.
        away_unit: int32 (K,); away_from_us, away_to_us: int64 (K,), multiples of 4, on the clock of the run: a unit taken away from
            incidents (an event, training, sickness). It finishes the job that it is on first.
        pace_us_per_m: float64 (2, G, 168): microseconds a crow-fly metre, detour included: row 0 first wave, row 1 support; by grade and
            hour of the week. With `zone_travel_us` it is the factor by which that time is multiplied.
        start_us_per_root_m: float64 (2, G): for short trips, which are all acceleration: added is this times the root of the distance in
            metres (Kolesar, Walker & Hausner 1975). Zero for none.
        zone_travel_us: int64 (Z, Z): travel time from zone to zone instead of the plane; shape (0, 0) for the plane.
    """

    areas: tuple[str, ...]
    pools: tuple[str, ...]
    borrows_from: Bools
    pool_keeps_idle: Ints
    pool_minimum_units: Ints
    unit_pool: Ints
    unit_x_m: Ints
    unit_y_m: Ints
    unit_skills: Masks
    unit_returns: Bools
    shift_unit: Ints
    shift_from_us: Longs
    shift_to_us: Longs
    shift_break_us: Longs
    shift_break_after_us: Longs
    pace_us_per_m: Floats
    start_us_per_root_m: Floats
    away_unit: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    away_from_us: Longs = field(default_factory=lambda: np.zeros(0, np.int64))
    away_to_us: Longs = field(default_factory=lambda: np.zeros(0, np.int64))
    unit_zone: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    zone_travel_us: Longs = field(default_factory=lambda: np.zeros((0, 0), np.int64))


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Who is sent when. Grades are numbered from 0, most urgent first; at most 8.

    Args:
        grades: names of the G grades, most urgent first.
        skills: names of the S skills that a second wave may need; at most 64.
        borrow_after_us: int64 (G,): wait after which the nearest idle unit of the areas that this one borrows from is sent, too; 0: at
            once, on equal terms with the own units; `NEVER`: wait for the own pool.
        target_us: int64 (G,): from report to arrival; response within it is counted exactly. `NEVER` for no target (none is within).
        support_target_us: int64 (G,): from the request at the scene to the arrival of the support unit.
        diverts_for: incidents of this grade or a more urgent one (a smaller number) that find no idle unit of the own pool take the nearest
            one of it that is still under way to an incident of grade `diverts_from` or a less urgent one, which goes back to the
            queue. `NEVER`: nobody is diverted.
        diverts_from: see there; above `diverts_for`.
    """

    grades: tuple[str, ...]
    skills: tuple[str, ...]
    borrow_after_us: Longs
    target_us: Longs
    support_target_us: Longs
    diverts_for: int = NEVER
    diverts_from: int = NEVER


@dataclass(frozen=True, kw_only=True)
class Demand:
    """The n incidents of one replication, in order of time.

    Args:
        time_us: int64 (n,), strictly rising, 1 modulo 4: report, on the clock of the run; with `reported_us`, when a unit can be sent.
        x_m, y_m: int32 (n,): place, metres, on the plane of the bases.
        area: int16 (n,): 0 to A - 1.
        grade: int8 (n,): 0 to G - 1.
        scene_us: int64 (n,), >= 0: from arrival to free again, follow-up included.
        need_skill: int8 (n,): skill asked for on arrival at the scene; -1 none. Empty: nobody asks.
        support_us: int64 (n,): time of the support unit from its arrival to free again; empty with `need_skill`.
        turnout_us: int32 (n,): from being sent to moving, of the unit that is sent, whatever it did before; empty for 0.
        travel_factor: float32 (n,): multiplies the travel time of both waves: pace of the area, weather, luck; empty for 1.
        zone: int32 (n,): with `World.zone_travel_us`; empty otherwise.
        reported_us: int64 (n,), 0 to `time_us`: the caller's report, from which response and its hour count; empty for `time_us`.
        support_before_us: int64 (n,): added to what the run makes of the support unit's response, never below 0 in all: the time until
            support is asked for, and how that unit's turnout differs from the first one's; empty for 0.
        count_from_us: whole hour; incidents reported before are simulated (the world must fill up first) and not counted.
        end_us: whole hour after all reports; time on duty, idle and at breaks is counted from `count_from_us` to here.
        stop_us: the simulation stops, >= end_us; who has not been sent a unit by then counts as unserved.
    """

    time_us: Longs
    x_m: Ints
    y_m: Ints
    area: Shorts
    grade: Bytes
    scene_us: Longs
    count_from_us: int
    end_us: int
    stop_us: int
    need_skill: Bytes = field(default_factory=lambda: np.zeros(0, np.int8))
    support_us: Longs = field(default_factory=lambda: np.zeros(0, np.int64))
    turnout_us: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    travel_factor: Singles = field(default_factory=lambda: np.zeros(0, np.float32))
    zone: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    reported_us: Longs = field(default_factory=lambda: np.zeros(0, np.int64))
    support_before_us: Longs = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What happened to each incident; -1 where it did not. All int (n,).

    Args:
        unit, support_unit: the unit that came (the last one sent, if one was diverted), int32.
        sent_us, scene_us: when it was sent and when it reached the scene, clock of the run.
        requested_us, support_sent_us, support_scene_us: when support was asked for, sent and on scene.
    """

    unit: Ints
    sent_us: Longs
    scene_us: Longs
    support_unit: Ints
    requested_us: Longs
    support_sent_us: Longs
    support_scene_us: Longs


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Counts of one run: incidents reported from `Demand.count_from_us` on. Sums are exact; times in microseconds, all int64.

    An incident is attended once a unit has been sent to it; response is from report to arrival, wait from when one can be sent to sending.

    Args:
        reported: (A, G) incidents counted; = attended + unserved.
        attended, within: (A, G) attended, and those with response within the target.
        response_sum_us, wait_sum_us: (A, G) over the attended.
        waited: (A, G) attended after a wait above 0.
        response_bins, wait_bins: int32 (A, G, BINS) histograms of the attended; wait_bins holds waits above 0 only. Edges: `bin_edges_us`.
        hourly: (168, A, G, 3) by hour of the week of the report: attended, within, sum of response.
        unserved, unserved_sum_us: (A, G) still waiting at `stop_us`, and how long they had waited.
        unserved_bins: int32 (A, G, BINS) of that. unserved_hourly: int32 (168, A, G) by hour of the week of the report.
        sent: (A, P) first-wave units sent to row area by column pool; off the diagonal it is lending. sent_us: their time from sending to
            free again.
        overtime_us, overtime_jobs: (P,) time that jobs ran past the end of the unit's turn of duty, and how many did.
        duty_us, idle_us, break_us: (168, P) by hour of the week, from `count_from_us` to `end_us`: unit time on duty and not away, idle,
            on a meal break. Busy on duty = duty - idle - break.
        breaks, breaks_missed: (P,) meal breaks taken, and those that the end of the turn overtook; whole run.
        waiting_by_day: (D, G) first-wave incidents waiting at midnight after each day of the run, day 0 first; to see a queue that grows.
        requested: (S, G) requests for support; = supported + unsupported. supported, support_within: sent; within the target.
        support_response_sum_us, support_wait_sum_us, support_waited: (S, G) from the request on.
        support_response_bins: int32 (S, G, BINS).
        unsupported: (S, G) still waiting at `stop_us`.
        support_sent: (A, P), support_sent_us: support units sent to row area by column pool, and their time.
        diverted: (A, G) times that a unit under way to an incident of this area and grade was called off it.
        rows: what happened to each incident, if asked for; also those before `count_from_us`.
    """

    reported: Longs
    attended: Longs
    within: Longs
    response_sum_us: Longs
    wait_sum_us: Longs
    waited: Longs
    response_bins: Ints
    wait_bins: Ints
    hourly: Longs
    unserved: Longs
    unserved_sum_us: Longs
    unserved_bins: Ints
    unserved_hourly: Ints
    sent: Longs
    sent_us: Longs
    overtime_us: Longs
    overtime_jobs: Longs
    duty_us: Longs
    idle_us: Longs
    break_us: Longs
    breaks: Longs
    breaks_missed: Longs
    waiting_by_day: Longs
    requested: Longs
    supported: Longs
    support_within: Longs
    support_response_sum_us: Longs
    support_wait_sum_us: Longs
    support_waited: Longs
    support_response_bins: Ints
    unsupported: Longs
    support_sent: Longs
    support_sent_us: Longs
    diverted: Longs
    rows: Rows | None = None


def bin_edges_us() -> Longs:
    """Lower edges of the histograms' bins, int64 (BINS + 1,), in microseconds; the last is the end of the last bin.

    Example:
        >>> edges = bin_edges_us()
        >>> int(edges[0]), int(edges[1]), round(float(edges[100] / edges[99]), 3)
        (0, 1048576, 1.029)
    """
    bins = np.arange(BINS + 1, dtype=np.int64)
    doubling = np.maximum((bins >> 5) - 1, 0)
    edges: Longs = (bins - (doubling << 5)) << (doubling + 20)
    return edges


def whole_times(times_us: Longs) -> Longs:
    """Times of incidents as `Demand` wants them: sorted, 1 modulo 4, all different (by moving one that coincides 4 us on).

    Example:
        >>> whole_times(np.array([8, 8, 3, 20])).tolist()
        [1, 9, 13, 21]
    """
    times = np.sort((times_us & ~np.int64(3)) | 1, kind="stable")  # as a rule they are nearly in order
    set_apart(times)
    return times


def set_apart(times_us: Longs) -> None:
    """Move sorted times that coincide, or are moved onto the next, 4 us on; where they stand, and a part at a time to need no room.

    Example:
        >>> times = np.array([1, 1, 1, 9, 21])
        >>> set_apart(times)
        >>> times.tolist()
        [1, 5, 9, 13, 21]
    """
    latest = np.iinfo(np.int64).min
    for start in range(0, len(times_us), AT_A_TIME):
        part = times_us[start : start + AT_A_TIME]
        steps = np.arange(start, start + len(part), dtype=np.int64) * 4
        part -= steps  # a running maximum of (time - step) leaves room for each to follow the last
        part[0] = max(part[0], latest)
        np.maximum.accumulate(part, out=part)
        latest = part[-1]
        part += steps
