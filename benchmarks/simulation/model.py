"""The force of the benchmark: 32 boroughs, 1,371 response units in three shifts, 60 support units, 2.5 million incidents a year.

`plain` is response, borrowing and second wave. `every_option` switches on the rest as well: turnout, luck of the road, meal breaks,
absences, diversion, reserves, speeds by hour and the acceleration term.
"""

from dataclasses import replace

import numpy as np
from scipy import stats

from bestvalue.analysis.challenge.resources_model import (
    DAY_US,
    HOUR_US,
    HOURS_OF_WEEK,
    MINUTE_US,
    WEEK_US,
    Rules,
    World,
)
from bestvalue.analysis.challenge.resources_pattern import DemandPattern
from bestvalue.analysis.challenge.resources_scale import scale_pools

COLUMNS, ROWS, CELL_M = 8, 4, 7000
AREAS = COLUMNS * ROWS
SHIFT_STARTS_H = (7, 15, 23)
SHIFT_H = 8
INCIDENTS_A_YEAR = 2_500_000
GRADES = ("immediate", "soon", "scheduled")
GRADE_SHARES = (0.2, 0.35, 0.45)
SPEEDS_KMH = (50.0, 40.0, 30.0)
DETOUR = 1.3
SKILLS = ("public order", "dogs", "traffic", "armed")
SUPPORT_UNITS = 60
SECOND_WAVE_SHARE = 0.05
UNITS = 1371
LEVELS = 257


def rng() -> np.random.Generator:
    """The numbers that lay out the force: always the same."""
    return np.random.Generator(np.random.Philox(20031))


def area_weights() -> np.ndarray:
    """Share of incidents of each area; the busiest has about three times those of the quietest."""
    weights = rng().uniform(0.5, 1.5, AREAS)
    return weights / weights.sum()


def hour_profile() -> np.ndarray:
    """How busy each hour of the day is, mean 1: three times as busy at five in the afternoon as at five in the morning."""
    return 1.0 + 0.5 * np.cos((np.arange(24) - 17.0) / 24 * 2 * np.pi)


def units_by_turn() -> np.ndarray:
    """Units of each area and shift, (AREAS, 3): what demand offers, at 80% use, one spare, 8 to 40; in all 1,371."""
    profile = hour_profile()
    hours = [[(start + hour) % 24 for hour in range(SHIFT_H)] for start in SHIFT_STARTS_H]
    per_hour = INCIDENTS_A_YEAR / 365 / 24 * np.outer(area_weights(), [profile[h].mean() for h in hours])
    offered = per_hour * 68 / 60  # erlangs: an hour on scene and the drive
    units = np.clip(np.ceil(offered / 0.8) + 1, 8, 40).astype(int)
    order = np.argsort(-offered.ravel() / units.ravel(), kind="stable")
    flat = units.ravel()
    short = UNITS - flat.sum()
    step = 1 if short > 0 else -1
    for place in range(abs(short)):
        flat[order[place % len(order)] if step > 0 else order[-1 - place % len(order)]] += step
    return flat.reshape(units.shape)


def world() -> World:
    """Areas on a grid, each lending to the eight around it; response units stay where their last job ended."""
    chance = rng()
    counts = units_by_turn()
    column, row = np.arange(AREAS) % COLUMNS, np.arange(AREAS) // COLUMNS
    near = (np.abs(np.subtract.outer(column, column)) <= 1) & (np.abs(np.subtract.outer(row, row)) <= 1)
    home = np.repeat(np.arange(AREAS), counts.sum(axis=1))
    turn = np.concatenate([np.repeat(np.arange(3), counts[k]) for k in range(AREAS)])
    local = len(home)
    units = local + SUPPORT_UNITS
    base_x = np.concatenate(
        [column[home] * CELL_M + chance.integers(0, CELL_M, local), chance.integers(0, COLUMNS * CELL_M, SUPPORT_UNITS)]
    )
    base_y = np.concatenate([row[home] * CELL_M + chance.integers(0, CELL_M, local), chance.integers(0, ROWS * CELL_M, SUPPORT_UNITS)])
    kind = np.sort(np.arange(SUPPORT_UNITS) % len(SKILLS))
    start_h = np.array([24 * day for day in range(7)])[None, :] + np.array(SHIFT_STARTS_H)[turn][:, None]
    shift_from = np.concatenate([start_h.ravel() * HOUR_US, np.zeros(SUPPORT_UNITS)]).astype(np.int64)
    length = np.concatenate([np.full(7 * local, SHIFT_H * HOUR_US), np.full(SUPPORT_UNITS, WEEK_US)])
    nothing = np.zeros(len(shift_from), np.int64)
    pace = DETOUR * 3.6e6 / np.array(SPEEDS_KMH)
    areas = tuple(f"borough {number + 1}" for number in range(AREAS))
    return World(
        areas=areas,
        pools=(*areas, *SKILLS),
        borrows_from=near,
        pool_keeps_idle=np.zeros(AREAS + len(SKILLS), np.int32),
        pool_minimum_units=np.zeros(AREAS + len(SKILLS), np.int32),
        unit_pool=np.concatenate([home, AREAS + kind]).astype(np.int32),
        unit_x_m=base_x.astype(np.int32),
        unit_y_m=base_y.astype(np.int32),
        unit_skills=np.concatenate([np.zeros(local), 2.0**kind]).astype(np.uint64),
        unit_returns=np.arange(units) >= local,
        shift_unit=np.concatenate([np.repeat(np.arange(local), 7), np.arange(local, units)]).astype(np.int32),
        shift_from_us=shift_from,
        shift_to_us=shift_from + length,
        shift_break_us=nothing,
        shift_break_after_us=nothing,
        pace_us_per_m=np.stack([np.repeat(pace[:, None], HOURS_OF_WEEK, axis=1), np.full((3, HOURS_OF_WEEK), pace[0])]),
        start_us_per_root_m=np.zeros((2, 3)),
    )


def rules() -> Rules:
    """Neighbours are asked after 2, 10 and 30 minutes."""
    return Rules(
        grades=GRADES,
        skills=SKILLS,
        borrow_after_us=np.array([2, 10, 30]) * MINUTE_US,
        target_us=np.array([15, 60, 240]) * MINUTE_US,
        support_target_us=np.array([30, 60, 60]) * MINUTE_US,
    )


def pattern(*, weeks: int = 52) -> DemandPattern:
    """Demand over so many weeks, the first a warm-up where there are several."""
    chance = rng()
    levels = (np.arange(LEVELS) / (LEVELS - 1)).clip(None, 1 - 1e-5)
    scene = stats.gamma.ppf(levels, 2.0, scale=30.0) * MINUTE_US + MINUTE_US
    a_day = INCIDENTS_A_YEAR / 364
    places = 400
    column, row = np.arange(AREAS) % COLUMNS, np.arange(AREAS) // COLUMNS
    return DemandPattern(
        expected=np.tile(a_day / 24 * hour_profile(), 7 * weeks),
        hour_row=np.zeros(168 * weeks, np.int32),
        shares=(area_weights()[:, None] * np.array(GRADE_SHARES))[None],
        category_grade=np.arange(3, dtype=np.int8),
        scene_quantiles_us=np.stack([scene] * 3),
        place_first=np.arange(AREAS + 1) * places,
        place_x_m=(np.repeat(column, places) * CELL_M + chance.integers(0, CELL_M, AREAS * places)).astype(np.int32),
        place_y_m=(np.repeat(row, places) * CELL_M + chance.integers(0, CELL_M, AREAS * places)).astype(np.int32),
        jitter_m=175,
        skill_share=np.full((3, len(SKILLS)), SECOND_WAVE_SHARE / len(SKILLS)),
        support_quantiles_us=np.stack([scene] * len(SKILLS)),
        count_from_us=WEEK_US if weeks > 1 else 0,
    )


def every_option() -> tuple[World, Rules, DemandPattern]:
    """The same force with every option of the model switched on."""
    plain, chance = world(), rng()
    local = plain.shift_to_us - plain.shift_from_us < WEEK_US
    hours = np.arange(HOURS_OF_WEEK) % 24
    slower = 1.0 + 0.3 * ((hours >= 7) & (hours < 19))
    absent = 20 * 52
    away_from = chance.integers(0, 52 * 7 * 24 * 4, absent) * (HOUR_US // 4)
    busy = replace(
        plain,
        pool_keeps_idle=np.concatenate([np.ones(AREAS), np.zeros(len(SKILLS))]).astype(np.int32),
        shift_break_us=np.where(local, 45 * MINUTE_US, 0),
        shift_break_after_us=np.where(local, 3 * HOUR_US, 0),
        pace_us_per_m=plain.pace_us_per_m * slower,
        start_us_per_root_m=np.full((2, 3), 1.2e6),
        away_unit=chance.integers(0, UNITS, absent).astype(np.int32),
        away_from_us=away_from,
        away_to_us=away_from + 8 * HOUR_US,
    )
    levels = np.linspace(0.0, 1.0, 65)
    demand = replace(
        pattern(),
        turnout_quantiles_us=np.stack([(60 + 60 * levels) * 1e6] * 3),
        travel_quantiles=np.stack([np.exp(0.3 * stats.norm.ppf(levels.clip(0.001, 0.999)))] * AREAS),
        day_spread=0.05,
        drain_us=DAY_US,
    )
    return busy, replace(rules(), diverts_for=0, diverts_from=2), demand


def scaled(base: World, factor: float) -> World:
    """Every pool at `factor` times its size."""
    return scale_pools(base, dict.fromkeys(base.pools, factor))
