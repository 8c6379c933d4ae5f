"""Small worlds to try the simulation on: for the examples in the documents, and for tests against formulas."""

from collections.abc import Sequence

import numpy as np

from bestvalue.analysis.challenge.resources_model import DAY_US, HOURS_OF_WEEK, MINUTE_US, NEVER, WEEK_US, Demand, Rules, World


def world_of(
    *,
    units_by_area: Sequence[int],
    support_units: int = 0,
    speed_kmh: float = 30.0,
    detour: float = 1.3,
    grades: int = 1,
) -> World:
    """Areas of 7 km in a row, their units on duty day and night, based in the middle of each; one support pool, skill 0, in a middle area.

    Example:
        >>> world = world_of(units_by_area=[2, 1], support_units=1)
        >>> world.pools, world.unit_pool.tolist(), world.unit_x_m.tolist()
        (('area 0', 'area 1', 'support'), [0, 0, 1, 2], [3500, 3500, 10500, 10500])
    """
    areas, local = len(units_by_area), sum(units_by_area)
    units = local + support_units
    home = np.repeat(np.arange(areas), units_by_area)
    names = tuple(f"area {number}" for number in range(areas))
    side_by_side = np.abs(np.subtract.outer(np.arange(areas), np.arange(areas))) == 1
    nothing = np.zeros(units, np.int64)
    return World(
        areas=names,
        pools=(*names, "support"),
        borrows_from=side_by_side,
        pool_keeps_idle=np.zeros(areas + 1, np.int32),
        pool_minimum_units=np.zeros(areas + 1, np.int32),
        unit_pool=np.concatenate([home, np.full(support_units, areas)]).astype(np.int32),
        unit_x_m=(np.concatenate([home, np.full(support_units, areas // 2)]) * 7000 + 3500).astype(np.int32),
        unit_y_m=np.full(units, 3500, np.int32),
        unit_skills=np.concatenate([np.zeros(local), np.ones(support_units)]).astype(np.uint64),
        unit_returns=np.arange(units) >= local,
        shift_unit=np.arange(units, dtype=np.int32),
        shift_from_us=nothing,
        shift_to_us=nothing + WEEK_US,
        shift_break_us=nothing,
        shift_break_after_us=nothing,
        pace_us_per_m=np.full((2, grades, HOURS_OF_WEEK), detour * 3.6e6 / speed_kmh),
        start_us_per_root_m=np.zeros((2, grades)),
    )


def one_grade() -> Rules:
    """One grade with a target of 15 minutes; a neighbour is asked after ten."""
    return Rules(
        grades=("response",),
        skills=("any",),
        borrow_after_us=np.array([10 * MINUTE_US]),
        target_us=np.array([15 * MINUTE_US]),
        support_target_us=np.array([NEVER]),
    )


def two_incidents() -> Demand:
    """Two incidents of ten minutes, a minute apart, where the first area's units stand."""
    return Demand(
        time_us=np.array([1, MINUTE_US + 1]),
        x_m=np.full(2, 3500, np.int32),
        y_m=np.full(2, 3500, np.int32),
        area=np.zeros(2, np.int16),
        grade=np.zeros(2, np.int8),
        scene_us=np.full(2, 10 * MINUTE_US),
        count_from_us=0,
        end_us=DAY_US,
        stop_us=DAY_US,
    )
