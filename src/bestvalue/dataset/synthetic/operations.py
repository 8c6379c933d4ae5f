"""Which operations were planned, and which of them truly met? Places, routes, windows and targets of the last quarter."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.dataset.synthetic import period
from bestvalue.dataset.synthetic.boroughs import BOROUGHS
from bestvalue.dataset.synthetic.chance import stream
from bestvalue.dataset.synthetic.establishment import Establishment
from bestvalue.dataset.synthetic.parquet import TableWriter, clock, coded, write_table
from bestvalue.dataset.synthetic.truth import Truth
from bestvalue.dataset.tables import operations

ACTIVITIES = {
    # activity: share, radius in metres, median hours
    "warrant": (0.25, 150.0, 4.0),
    "arrest": (0.15, 150.0, 3.0),
    "surveillance": (0.18, 300.0, 30.0),
    "test purchase": (0.08, 200.0, 3.0),
    "search": (0.09, 250.0, 6.0),
    "patrol": (0.17, 400.0, 8.0),
    "checkpoint": (0.08, 200.0, 5.0),
}
OPERATIONS_AT_SCALE_1, FEWEST = 6_000, 1_000
DAYS_PLANNED = 91
HOT_PLACES, HOT_SHARE, HOT_SPREAD_METRES = 40, 0.7, 500.0
ROUTE_SHARE, ROUTE_POINTS, ROUTE_STEP_METRES = 0.06, 4, 500.0
TARGETED_SHARE, TARGETS = 0.45, 0.30
"""Share of operations with a target; number of different targets against operations."""

UNTOLD_SHARE = 0.4
TARGET_KINDS = ("person", "address", "vehicle", "phone")


@dataclass(frozen=True, kw_only=True)
class Operations:
    """Planned operations in order of start; `points` is array (operations, route points, 2): a place repeats its one point."""

    pool: NDArray[np.int64]
    activity: NDArray[np.int64]
    borough: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    points: NDArray[np.int64]
    route: NDArray[np.bool_]
    radius: NDArray[np.float64]
    target: NDArray[np.int64]


def plan_operations(establishment: Establishment, *, scale: float, seed: int) -> Operations:
    """Draw the operations of the last quarter; `target` is -1 for none."""
    chance = stream(seed, "operations")
    size = max(FEWEST, round(OPERATIONS_AT_SCALE_1 * scale))
    shares = np.array([share for share, _, _ in ACTIVITIES.values()])
    activity = chance.choice(len(ACTIVITIES), size=size, p=shares / shares.sum())
    hours = np.array([median for _, _, median in ACTIVITIES.values()])[activity] * np.exp(chance.normal(0, 0.5, size))
    first = (period.DAYS - DAYS_PLANNED) * period.DAY
    starts = np.sort(first + chance.integers(0, DAYS_PLANNED * 24 * 4, size) * 900)
    centres = np.array([(borough.easting_m, borough.northing_m) for borough in BOROUGHS], dtype=np.float64)
    hot = centres[chance.integers(0, len(BOROUGHS), HOT_PLACES)] + chance.normal(0, 1_500.0, (HOT_PLACES, 2))
    anywhere = centres[chance.integers(0, len(BOROUGHS), size)] + chance.normal(0, 2_500.0, (size, 2))
    place = np.where(
        chance.random((size, 1)) < HOT_SHARE,
        hot[chance.integers(0, HOT_PLACES, size)] + chance.normal(0, HOT_SPREAD_METRES, (size, 2)),
        anywhere,
    )
    route = chance.random(size) < ROUTE_SHARE
    steps = chance.normal(0, ROUTE_STEP_METRES, (size, ROUTE_POINTS, 2)) * route[:, None, None]
    steps[:, 0] = 0.0
    nearest = np.linalg.norm(place[:, None] - centres[None], axis=2).argmin(axis=1)
    target = np.where(chance.random(size) < TARGETED_SHARE, chance.integers(0, max(1, round(TARGETS * size)), size), -1)
    return Operations(
        pool=chance.integers(0, len(establishment.pools), size),
        activity=activity,
        borough=nearest,
        starts=starts,
        ends=starts + np.maximum(1_800, hours * period.HOUR).astype(np.int64),
        points=np.rint(place[:, None] + np.cumsum(steps, axis=1)).astype(np.int64),
        route=route,
        radius=np.array([radius for _, radius, _ in ACTIVITIES.values()])[activity],
        target=target,
    )


def write_operations(folder: Path, truth: Truth, planned: Operations, establishment: Establishment, *, seed: int) -> list[TableWriter]:
    """Write operations and operation_targets."""
    chance = stream(seed, "operations told")
    size = len(planned.starts)
    ids = [f"OP-{number:05d}" for number in range(1, size + 1)]
    notice = chance.integers(2, 120, size) * period.HOUR
    told = chance.random(size) >= UNTOLD_SHARE
    covert = np.isin(planned.activity, [list(ACTIVITIES).index(name) for name in ("surveillance", "test purchase")])
    with TableWriter(operations.OPERATIONS, folder) as writer:
        writer.write(
            {
                "operation_id": ids,
                "pool_id": coded(planned.pool, [pool.pool_id for pool in establishment.pools]),
                "activity_type": coded(planned.activity, list(ACTIVITIES)),
                "area_id": coded(planned.borough, [borough.code for borough in BOROUGHS]),
                "starts_at": clock(period.ORIGIN, planned.starts),
                "ends_at": clock(period.ORIGIN, planned.ends),
                "easting_m": planned.points[:, 0, 0],
                "northing_m": planned.points[:, 0, 1],
                "radius_m": planned.radius,
                "outline_wkt": [
                    _line(points) if is_route else None for points, is_route in zip(planned.points, planned.route, strict=True)
                ],
                "marking": coded(covert.astype(np.int64), ["OFFICIAL", "OFFICIAL-SENSITIVE"]),
                "registered_at": clock(period.ORIGIN, planned.starts - notice),
                "area_told_at": clock(period.ORIGIN, planned.starts - notice // 2, empty=~told),
            }
        )
    with_target = np.flatnonzero(planned.target >= 0)
    kinds = [TARGET_KINDS[number % len(TARGET_KINDS)] for number in planned.target[with_target]]
    targets = write_table(
        operations.OPERATION_TARGETS,
        folder,
        {
            "operation_id": [ids[number] for number in with_target],
            "target_kind": kinds,
            "target_reference": [f"{kind}-{number:05d}" for kind, number in zip(kinds, planned.target[with_target], strict=True)],
        },
    )
    met = true_conflicts(planned)
    every = np.array(ids)
    named = met.with_columns(one=pl.Series(every[met["one"].to_numpy()]), other=pl.Series(every[met["other"].to_numpy()]))
    means = "Pairs of operations whose windows overlap and that are within the sum of their radii of each other, or share a target."
    truth.table("operation_conflicts", named, means=means)
    return [writer, targets]


def true_conflicts(planned: Operations) -> pl.DataFrame:
    """Pairs of operations (numbers, the lower first) that meet in time, and in space or by a shared target."""
    together = (planned.starts[:, None] < planned.ends[None]) & (planned.starts[None] < planned.ends[:, None])
    one, other = np.nonzero(np.triu(together, k=1))
    reach = planned.radius[one] + planned.radius[other]
    near = polyline_distance(planned.points[one], planned.points[other]) <= reach
    shared = (planned.target[one] >= 0) & (planned.target[one] == planned.target[other])
    met = near | shared
    return pl.DataFrame({"one": one[met], "other": other[met], "near": near[met], "shared_target": shared[met]})


def polyline_distance(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float64]:
    """Shortest distance between two lines of points, pair by pair; arrays (pairs, points, 2) in metres, 0 where they cross."""
    shortest = np.full(len(one), np.inf)
    for first in range(one.shape[1] - 1):
        for second in range(other.shape[1] - 1):
            a, b = one[:, first].astype(np.float64), one[:, first + 1].astype(np.float64)
            c, d = other[:, second].astype(np.float64), other[:, second + 1].astype(np.float64)
            ends = [_point_to_segment(a, c, d), _point_to_segment(b, c, d), _point_to_segment(c, a, b), _point_to_segment(d, a, b)]
            apart = np.where(_cross(a, b, c, d), 0.0, np.minimum.reduce(ends))
            shortest = np.minimum(shortest, apart)
    return shortest


def _point_to_segment(point: NDArray[np.float64], start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    along = end - start
    length = np.maximum((along**2).sum(axis=1), 1e-12)
    share = np.clip(((point - start) * along).sum(axis=1) / length, 0.0, 1.0)
    return np.asarray(np.linalg.norm(point - start - share[:, None] * along, axis=1))


def _cross(a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64], d: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the segments a-b and c-d cross inside both."""

    def side(start: NDArray[np.float64], end: NDArray[np.float64], point: NDArray[np.float64]) -> NDArray[np.float64]:
        along, to = end - start, point - start
        return np.asarray(along[:, 0] * to[:, 1] - along[:, 1] * to[:, 0])

    return np.asarray((side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0))


def _line(points: NDArray[np.int64]) -> str:
    return "LINESTRING (" + ", ".join(f"{east} {north}" for east, north in points) + ")"
