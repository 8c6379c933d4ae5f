"""From how demand usually falls, what incidents might one replication meet?

A `DemandPattern` is what the calibration fits: expected incidents by hour, where and of what kind they are, how long they take. Every part
of it is a table. `draw_demand` draws one replication from it; see `resources_streams` for why two scenarios then share their incidents.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import special, stats

from bestvalue.analysis.challenge.resources_model import DAY_US, HOUR_US, Bytes, Demand, Floats, Ints, Longs
from bestvalue.analysis.challenge.resources_streams import COUNT, DAY, MOST_HOURS, MOST_IN_AN_HOUR, draw_keys, fill, guides, uniforms
from bestvalue.analysis.challenge.resources_workspace import Workspace
from bestvalue.errors import SpecError


@dataclass(frozen=True, kw_only=True)
class DemandPattern:
    """How demand falls. H hours, R rows of shares, A areas, C categories (a kind of incident with its grade), S skills, Q levels.

    Distributions are given as quantiles at Q equal steps of probability from 0 (the least) to 1 (the most), straight between them; 257
    steps follow any shape. Q may differ from table to table.

    Args:
        expected: float64 (H,): incidents expected in each hour of the run, from time 0 (a Monday midnight); season and events are in it.
        hour_row: int32 (H,): row of `shares` that each hour follows, e.g. its hour of the week.
        shares: float64 (R, A, C): how the incidents of an hour divide; each row sums to 1.
        category_grade: int8 (C,): grade of each category.
        scene_quantiles_us: float64 (C, Q): from arrival to free again.
        place_first: int64 (A + 1,): places of area k are place_first[k] to place_first[k + 1] - 1; every area with a share has one.
        place_x_m, place_y_m: int32: places where incidents happened, each as likely.
        place_zone: int32: their zones; empty without zones.
        jitter_m: a place is moved by up to so many metres either way, east and north.
        skill_share: float64 (C, S): share of a category's incidents that ask for each skill; (C, 0) for no second wave.
        support_quantiles_us: float64 (S, Q): time of a support unit from arrival to free again.
        turnout_quantiles_us: float64 (G, Q) by grade; (0, 0) for no turnout time.
        travel_quantiles: float64 (A, Q) by area: factor on the travel time, pace of the area and luck together; (0, 0) for 1.
        day_spread: coefficient of variation of how busy days are beyond what is expected and beyond chance (a gamma factor on all hours of
            a day); 0 for none.
        count_from_us, drain_us: see `Demand`: `end_us` is the end of the last hour, `stop_us` is `drain_us` later.
    """

    expected: Floats
    hour_row: Ints
    shares: Floats
    category_grade: Bytes
    scene_quantiles_us: Floats
    place_first: Longs
    place_x_m: Ints
    place_y_m: Ints
    jitter_m: int = 0
    place_zone: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    skill_share: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    support_quantiles_us: Floats = field(default_factory=lambda: np.zeros((0, 2)))
    turnout_quantiles_us: Floats = field(default_factory=lambda: np.zeros((0, 2)))
    travel_quantiles: Floats = field(default_factory=lambda: np.zeros((0, 2)))
    day_spread: float = 0.0
    count_from_us: int = 0
    drain_us: int = DAY_US


def draw_demand(pattern: DemandPattern, *, seed: int, replication: int, workspace: Workspace | None = None) -> Demand:
    """Draw the incidents of one replication.

    Counts by hour are Poisson by inversion of one number an hour, so that a higher expectation never takes an incident away; times are even
    within the hour.

    Args:
        pattern: what to draw from.
        seed: 0 to 2**63 - 1.
        replication: 0 to 2**32 - 1; each is independent of the others.
        workspace: memory to draw into; the demand is then good until the next is drawn into it.

    Raises:
        SpecError: shares that do not sum to 1, an area with a share and no place, an hour with more than 65,535 incidents, ...
    """
    check_pattern(pattern)
    counts = hourly_counts(pattern, seed=seed, replication=replication)
    held = workspace or Workspace()
    n, asks = int(counts.sum()), bool(pattern.skill_share.size)
    keys = held.array("passing", n, np.int64)
    draw_keys(keys, counts, replication, seed)
    sizes: dict[str, tuple[int, type[np.generic]]] = {
        "time_us": (n, np.int64),
        "x_m": (n, np.int32),
        "y_m": (n, np.int32),
        "area": (n, np.int16),
        "grade": (n, np.int8),
        "scene_us": (n, np.int64),
        "need_skill": (n if asks else 0, np.int8),
        "support_us": (n if asks else 0, np.int64),
        "turnout_us": (n if len(pattern.turnout_quantiles_us) else 0, np.int32),
        "travel_factor": (n if len(pattern.travel_quantiles) else 0, np.float32),
        "zone": (n if len(pattern.place_zone) else 0, np.int32),
    }
    columns = {name: held.array(name, size, dtype) for name, (size, dtype) in sizes.items()}
    fill(keys, replication, seed, *_tables(pattern), *columns.values())
    end = len(pattern.expected) * HOUR_US
    late = int(columns["time_us"][-1]) if n else 0  # reports that coincide are moved on by 4 us, so the last may pass the hour
    end += HOUR_US if late >= end else 0
    return Demand(**columns, count_from_us=pattern.count_from_us, end_us=end, stop_us=end + pattern.drain_us)


def _tables(pattern: DemandPattern) -> tuple[Any, ...]:
    """The pattern's tables, flat, in the order of `fill`'s arguments."""
    cumulative = np.cumsum(pattern.shares.reshape(len(pattern.shares), -1), axis=1)
    cumulative /= cumulative[:, -1:]
    _, areas, categories = pattern.shares.shape
    area, category = np.divmod(np.arange(areas * categories), categories)
    quantiles = (pattern.scene_quantiles_us, pattern.support_quantiles_us, pattern.turnout_quantiles_us, pattern.travel_quantiles)
    flat = [np.array(table, np.float64).ravel() for table in quantiles]
    ints = (np.array(values, np.int32) for values in (pattern.place_x_m, pattern.place_y_m, pattern.place_zone))
    return (
        np.array(pattern.hour_row, np.int32),
        cumulative.ravel(),
        guides(cumulative).ravel(),
        area.astype(np.int32),
        category.astype(np.int32),
        np.array(pattern.category_grade, np.int8),
        np.array(pattern.place_first, np.int64),
        *ints,
        pattern.jitter_m,
        pattern.skill_share.shape[1],
        flat[0],
        np.cumsum(pattern.skill_share, axis=1).ravel(),
        *flat[1:],
        np.array([table.shape[1] for table in quantiles]),
    )


def hourly_counts(pattern: DemandPattern, *, seed: int, replication: int) -> Longs:
    """Incidents in each hour of one replication, int64 (H,)."""
    expected = np.asarray(pattern.expected, np.float64)
    if pattern.day_spread > 0:
        shape = pattern.day_spread**-2
        day = special.gammaincinv(shape, uniforms((len(expected) + 23) // 24, replication, DAY, seed)) / shape
        expected = expected * np.repeat(day, 24)[: len(expected)]
    level = uniforms(len(expected), replication, COUNT, seed)
    counts = np.where(expected > 0, stats.poisson.ppf(level, np.maximum(expected, 1e-12)), 0).astype(np.int64)
    if counts.max(initial=0) >= MOST_IN_AN_HOUR:
        raise SpecError(
            f"{counts.max():,} incidents in one hour", where="pattern.expected", next_step=f"Expect fewer than {MOST_IN_AN_HOUR:,} an hour."
        )
    return counts


def check_pattern(pattern: DemandPattern) -> None:
    """Refuse a pattern that cannot be drawn from.

    Raises:
        SpecError: with the table and what to do.
    """
    rows, areas, categories = pattern.shares.shape
    skills = pattern.skill_share.shape[1]
    places, grades = len(pattern.place_x_m), int(pattern.category_grade.max(initial=0)) + 1
    have = np.diff(pattern.place_first)
    used = pattern.shares.sum(axis=(0, 2)) > 0
    steps = [pattern.scene_quantiles_us, pattern.support_quantiles_us, pattern.turnout_quantiles_us, pattern.travel_quantiles]
    for holds, table, fault in (
        (np.isfinite(pattern.expected).all() and (pattern.expected >= 0).all(), "expected", "has an hour that is negative or not known"),
        (len(pattern.expected) < MOST_HOURS, "expected", f"has {len(pattern.expected):,} hours, more than {MOST_HOURS:,}"),
        (pattern.hour_row.shape == pattern.expected.shape, "hour_row", "has not one entry an hour"),
        (((pattern.hour_row >= 0) & (pattern.hour_row < rows)).all(), "hour_row", "names a row that shares does not have"),
        ((pattern.shares >= 0).all() and np.allclose(pattern.shares.sum(axis=(1, 2)), 1), "shares", "has a row that does not sum to 1"),
        (len(pattern.category_grade) == categories, "category_grade", "has not one entry a category"),
        (len(pattern.scene_quantiles_us) == categories, "scene_quantiles_us", "has not one row a category"),
        (len(pattern.place_first) == areas + 1 and (have >= 0).all(), "place_first", "does not divide the places by area"),
        (pattern.place_first[-1] == places == len(pattern.place_y_m), "place_first", "does not end at the number of places"),
        (not (used & (have == 0)).any(), "place_first", "leaves an area with incidents and no place"),
        (len(pattern.place_zone) in (0, places), "place_zone", "has not one entry a place"),
        (not skills or len(pattern.skill_share) == categories, "skill_share", "has not one row a category"),
        (not skills or len(pattern.support_quantiles_us) == skills, "support_quantiles_us", "has not one row a skill"),
        ((pattern.skill_share >= 0).all() and (pattern.skill_share.sum(axis=1) <= 1 + 1e-9).all(), "skill_share", "sums to more than 1"),
        (len(pattern.turnout_quantiles_us) in (0, *range(grades, 128)), "turnout_quantiles_us", "has not one row a grade"),
        (len(pattern.travel_quantiles) in (0, areas), "travel_quantiles", "has not one row an area"),
        (all(np.isfinite(table).all() and (table >= 0).all() for table in steps), "quantiles", "hold a value below 0 or not known"),
        (all(table.shape[1] >= 2 and (np.diff(table, axis=1) >= 0).all() for table in steps if len(table)), "quantiles", "fall somewhere"),
        (0 <= pattern.jitter_m < 1 << 15, "jitter_m", "is not from 0 to 32,767"),
        (pattern.day_spread >= 0, "day_spread", "is negative"),
    ):
        if not holds:
            raise SpecError(f"{table} {fault}", where=f"pattern.{table}", next_step="Correct the table that the pattern was made from.")
