"""What does each activity cost? Staff groups of each cost centre take its cost to what they spend their time on, in whole pence."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.analysis.compete.costing_layers import Layers
from bestvalue.analysis.compete.costing_ledger import LAYERS
from bestvalue.analysis.compete.costing_places import area_shares
from bestvalue.analysis.compete.costing_sample import TimeShares
from bestvalue.analysis.pence import share_out
from bestvalue.dataset.dataset import Dataset

NOT_SAMPLED = "not sampled"
"""Activity of the cost whose people nobody sampled: it stays visible under this name."""

ALL_STAFF = "all staff"

_GROUPS = """
    SELECT cost_centre_id, staff_group, COUNT(*) AS people, CAST(SUM(hour_pence * weekly_hours) AS DOUBLE) AS weekly_pence,
           SUM(weekly_hours) AS weekly_hours
    FROM staff GROUP BY 1, 2
"""


@dataclass(frozen=True, kw_only=True)
class ActivityCosts:
    """The cost of the direct cost centres by activity.

    Args:
        cells: cost_centre_id, staff_group, activity_id, kind, area_id ("" for the whole force), layer, pence: whole pence that add
            up to the three layers.
        groups: cost_centre_id, staff_group, people, weekly_hours, pool (of the sample; -1 for none), share (of the centre's cost).
        centres: ids of the direct cost centres, in the order of the arrays.
        areas: areas in the order of the arrays, "" last.
        by_pool: array (centres, pools), unrounded pence that each pool of the sample decides about.
        by_area: array (centres, areas), shares.
        shares: the sample.
    """

    cells: pl.DataFrame
    groups: pl.DataFrame
    centres: tuple[str, ...]
    areas: tuple[str, ...]
    by_pool: NDArray[np.float64]
    by_area: NDArray[np.float64]
    shares: TimeShares

    def pairs_of(self, **wanted: str) -> NDArray[np.bool_]:
        """Which pairs of activity and kind have this activity_id or kind."""
        found = np.ones(self.shares.pairs.height, dtype=np.bool_)
        for column, value in wanted.items():
            found &= (self.shares.pairs[column] == value).to_numpy()
        return found

    def draws(self, pairs: NDArray[np.bool_], *, area: str | None = None, centre: str | None = None) -> NDArray[np.float64]:
        """The cost in pence of what `pairs` selects, once for each time the sample was drawn again: array (draws,).

        Args:
            pairs: array (pairs,): which kinds of time.
            area: only for this area; everywhere when None.
            centre: only of this cost centre; all when None.
        """
        money = self.by_pool if area is None else self.by_pool * self.by_area[:, [self.areas.index(area)]]
        weights = money[self.centres.index(centre)] if centre is not None else money.sum(axis=0)
        return np.asarray(self.shares.draws[:, :, pairs].sum(axis=2) @ weights)


def staff_groups(dataset: Dataset) -> pl.DataFrame:
    """cost_centre_id, staff_group, people, weekly_pence, weekly_hours; empty where there is no staff table."""
    if "staff" not in dataset.tables:
        return pl.DataFrame(
            schema={
                "cost_centre_id": pl.String,
                "staff_group": pl.String,
                "people": pl.Int64,
                "weekly_pence": pl.Float64,
                "weekly_hours": pl.Float64,
            }
        )
    return dataset.query(_GROUPS).sort("cost_centre_id", "staff_group")


def activity_costs(layers: Layers, *, staff: pl.DataFrame, shares: TimeShares, hours: pl.DataFrame) -> ActivityCosts:
    """Take the cost of each direct cost centre to activities.

    The cost of a centre divides between its staff groups by their pay (what it spends on premises, vehicles and so on follows
    the people), and each group's part divides by how people like them spend their time.

    Args:
        layers: full cost of the direct cost centres.
        staff: as `staff_groups` gives it.
        shares: how like staff divide their time.
        hours: as `hours_by_area` gives them.
    """
    groups = _groups(layers.direct, staff, shares)
    areas, by_area = area_shares(layers.direct, hours)
    groups = groups.with_columns(group=pl.col("staff_group").rank("dense").cast(pl.Int64) - 1)
    of_centre = {str(centre[0]): rows for centre, rows in groups.group_by("cost_centre_id", maintain_order=True)}
    by_pool = np.zeros((layers.direct.height, shares.pools.height))
    parts: list[tuple[NDArray[np.int64], ...]] = []
    for number, row in enumerate(layers.direct.iter_rows(named=True)):
        mine = of_centre[row["cost_centre_id"]]
        pool, part = mine["pool"].to_numpy(), mine["share"].to_numpy()
        whole = row["direct_pence"] + row["support_pence"] + row["overhead_pence"]
        np.add.at(by_pool[number], pool[pool >= 0], whole * part[pool >= 0])
        weights = part[:, None, None] * _time(shares, pool)[:, :, None] * by_area[number][None, None]
        for layer, column in enumerate(("direct_pence", "support_pence", "overhead_pence")):
            pence = share_out_to(row[column], weights)
            group, pair, area = np.nonzero(pence)
            same = np.full(len(group), number), mine["group"].to_numpy()[group], np.full(len(group), layer)
            parts.append((*same, pair, area, pence[group, pair, area]))
    return ActivityCosts(
        cells=_cells(parts, layers.direct, groups, shares, areas),
        groups=groups.drop("group"),
        centres=tuple(layers.direct["cost_centre_id"]),
        areas=tuple(areas),
        by_pool=by_pool,
        by_area=by_area,
        shares=shares,
    )


def share_out_to(pence: int, weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """`share_out` for an array of any shape; nothing is divided where there is nothing."""
    return share_out(pence, weights.ravel()).reshape(weights.shape) if pence else np.zeros(weights.shape, dtype=np.int64)


def _groups(direct: pl.DataFrame, staff: pl.DataFrame, shares: TimeShares) -> pl.DataFrame:
    joined = direct.select("cost_centre_id", "objective").join(staff, on="cost_centre_id", how="left")
    filled = joined.with_columns(
        pl.col("staff_group").fill_null(ALL_STAFF), pl.col("people").fill_null(0), pl.col("weekly_hours").fill_null(0.0)
    )
    pay = pl.col("weekly_pence").fill_null(0.0)
    whole = pay.sum().over("cost_centre_id")
    divided = filled.with_columns(share=pl.when(whole > 0).then(pay / whole).otherwise(1 / pl.len().over("cost_centre_id")))
    pools = [
        shares.pool(objective=row["objective"], cost_centre=row["cost_centre_id"], staff_group=row["staff_group"])
        for row in divided.iter_rows(named=True)
    ]
    return (
        divided.with_columns(pool=pl.Series(pools, dtype=pl.Int64))
        .select("cost_centre_id", "staff_group", "people", "weekly_hours", "pool", "share")
        .sort("cost_centre_id", "staff_group")
    )


def _time(shares: TimeShares, pool: NDArray[np.int64]) -> NDArray[np.float64]:
    """Array (groups, pairs + 1): how each group divides its time; the last column is the time that nobody sampled."""
    width = shares.pairs.height
    time = np.zeros((len(pool), width + 1))
    time[pool < 0, width] = 1.0
    time[pool >= 0, :width] = shares.share[pool[pool >= 0]]
    return time


def _cells(
    parts: list[tuple[NDArray[np.int64], ...]], direct: pl.DataFrame, groups: pl.DataFrame, shares: TimeShares, areas: list[str]
) -> pl.DataFrame:
    """The cells from their numbers: cost centre, staff group, layer, pair, area, pence; at once, for a table a centre costs seconds."""
    centre, group, layer, pair, area, pence = (
        np.concatenate([part[place] for part in parts]) if parts else np.zeros(0, dtype=np.int64) for place in range(6)
    )
    words = {
        "cost_centre_id": (direct["cost_centre_id"], centre),
        "staff_group": (groups["staff_group"].unique().sort(), group),
        "activity_id": (pl.Series([*shares.pairs["activity_id"], NOT_SAMPLED], dtype=pl.String), pair),
        "kind": (pl.Series([*shares.pairs["kind"], ""], dtype=pl.String), pair),
        "area_id": (pl.Series(areas, dtype=pl.String), area),
        "layer": (pl.Series(LAYERS, dtype=pl.String), layer),
    }
    columns = {name: names.gather(pl.Series(codes, dtype=pl.UInt32)) for name, (names, codes) in words.items()}
    return pl.DataFrame({**columns, "pence": pl.Series(pence, dtype=pl.Int64)})
