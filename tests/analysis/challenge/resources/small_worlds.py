"""Random small worlds with everything in them, for comparison with the obvious simulator."""

from dataclasses import dataclass

import numpy as np

from bestvalue.analysis.challenge.resources_model import (
    HOUR_US,
    HOURS_OF_WEEK,
    MINUTE_US,
    NEVER,
    WEEK_US,
    Demand,
    Rules,
    World,
    whole_times,
)


@dataclass(frozen=True, kw_only=True)
class Shape:
    seed: int
    areas: int = 3
    units_an_area: int = 2
    support: int = 2
    incidents: int = 40
    hours: int = 30
    grades: int = 3
    skills: int = 2
    zones: int = 0
    divert: bool = False
    short_turns: bool = True
    extras: bool = True


def small_world(shape: Shape) -> tuple[World, Demand, Rules]:
    rng = np.random.default_rng(shape.seed)
    local = rng.integers(0, shape.units_an_area + 1, shape.areas)
    pools = 2
    support_pool = np.sort(rng.integers(0, pools, shape.support))
    unit_pool = np.concatenate([np.repeat(np.arange(shape.areas), local), shape.areas + support_pool]).astype(np.int32)
    units = len(unit_pool)
    turns = _turns(rng, units, short=shape.short_turns)
    rest = np.where(rng.random(len(turns)) < 0.6, turns[:, 2] // 5 // 4 * 4, 0)
    absent = int(rng.integers(0, 4)) if units and shape.extras else 0
    away_from = rng.integers(0, shape.hours * 60, absent) * MINUTE_US
    world = World(
        areas=tuple(f"a{k}" for k in range(shape.areas)),
        pools=tuple(f"p{k}" for k in range(shape.areas + pools)),
        borrows_from=rng.random((shape.areas, shape.areas)) < 0.6,
        pool_keeps_idle=rng.integers(0, 2, shape.areas + pools).astype(np.int32),
        pool_minimum_units=np.zeros(shape.areas + pools, np.int32),
        unit_pool=unit_pool,
        unit_x_m=rng.integers(0, 9000, units).astype(np.int32),
        unit_y_m=rng.integers(0, 9000, units).astype(np.int32),
        unit_skills=rng.integers(0, 1 << shape.skills, units).astype(np.uint64),
        unit_returns=rng.random(units) < 0.5,
        shift_unit=turns[:, 0].astype(np.int32),
        shift_from_us=turns[:, 1],
        shift_to_us=turns[:, 1] + turns[:, 2],
        shift_break_us=rest,
        shift_break_after_us=turns[:, 2] // 3 // 4 * 4,
        away_unit=rng.integers(0, max(units, 1), absent).astype(np.int32),
        away_from_us=away_from,
        away_to_us=away_from + rng.integers(1, 300, absent) * MINUTE_US,
        pace_us_per_m=rng.uniform(0.5, 1.5, (2, shape.grades, HOURS_OF_WEEK)) * (1.0 if shape.zones else 1e5),
        start_us_per_root_m=rng.uniform(0, 2e6, (2, shape.grades)) * (rng.random() < 0.5),
        unit_zone=rng.integers(0, max(shape.zones, 1), units).astype(np.int32),
        zone_travel_us=rng.integers(0, 20, (shape.zones, shape.zones)) * MINUTE_US,
    )
    rules = Rules(
        grades=tuple(f"g{g}" for g in range(shape.grades)),
        skills=tuple(f"s{s}" for s in range(shape.skills)),
        borrow_after_us=rng.choice([NEVER, 0, 2, 5, 30], shape.grades) * MINUTE_US,
        target_us=rng.integers(1, 60, shape.grades) * MINUTE_US,
        support_target_us=rng.integers(1, 60, shape.grades) * MINUTE_US,
        diverts_for=0 if shape.divert else NEVER,
        diverts_from=1 if shape.divert else NEVER,
    )
    return world, _incidents(rng, shape), _never(rules)


def _never(rules: Rules) -> Rules:
    rules.borrow_after_us[rules.borrow_after_us < 0] = NEVER
    return rules


def _turns(rng: np.random.Generator, units: int, *, short: bool) -> np.ndarray:
    """Turns of duty (unit, start, length) of each unit: some touch, some run over the end of the week."""
    rows = []
    for unit in range(units):
        at = int(rng.integers(0, 12 * 60)) * MINUTE_US
        first = at
        while at < WEEK_US:
            length = int(rng.integers(1, 9 if short else 40)) * HOUR_US
            if at + length > WEEK_US + first:
                break
            rows.append((unit, at, length))
            at += length + int(rng.choice([0, 30, 240])) * MINUTE_US
    return np.array(rows, np.int64).reshape(-1, 3)


def _incidents(rng: np.random.Generator, shape: Shape) -> Demand:
    n = shape.incidents
    time = whole_times(rng.integers(0, shape.hours * HOUR_US - 1000, n))
    asks = shape.skills > 0 and shape.extras
    return Demand(
        time_us=time,
        x_m=rng.integers(0, 9000, n).astype(np.int32),
        y_m=rng.integers(0, 9000, n).astype(np.int32),
        area=rng.integers(0, shape.areas, n).astype(np.int16),
        grade=rng.integers(0, shape.grades, n).astype(np.int8),
        scene_us=rng.integers(0, 90, n) * MINUTE_US,
        need_skill=np.where(rng.random(n) < 0.4, rng.integers(0, max(shape.skills, 1), n), -1).astype(np.int8)[: n * asks],
        support_us=(rng.integers(0, 60, n) * MINUTE_US)[: n * asks],
        turnout_us=rng.integers(0, 90_000_000, n).astype(np.int32) if shape.extras else np.zeros(0, np.int32),
        travel_factor=rng.uniform(0.5, 2.0, n).astype(np.float32) if shape.extras else np.zeros(0, np.float32),
        zone=rng.integers(0, shape.zones, n).astype(np.int32) if shape.zones else np.zeros(0, np.int32),
        reported_us=np.maximum(time - rng.integers(0, 400_000_000, n), 0) if shape.extras else np.zeros(0, np.int64),
        support_before_us=(rng.integers(-900, 900, n) * 1_000_000)[: n * asks],
        count_from_us=int(rng.integers(0, 3)) * HOUR_US,
        end_us=shape.hours * HOUR_US,
        stop_us=shape.hours * HOUR_US + int(rng.integers(0, 6)) * HOUR_US,
    )
