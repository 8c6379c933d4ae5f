"""What does the time that nobody accounts for cost? Time-driven costing: standard times against practical capacity."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.analysis.compete.costing_activities import ActivityCosts
from bestvalue.analysis.compete.costing_views import interval

WEEKS_A_YEAR, MINUTES_AN_HOUR = 52, 60


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """Time-driven costing of the staff who were sampled.

    Args:
        cost_pence: full cost of the cost centres' staff who were sampled.
        minutes: practical capacity in a year.
        rate_pence: cost of one minute of it.
        uses: use, volume, standard_minutes, minutes, cost_pence, share (of capacity): first what has a standard time, then what
            only the sample knows ("by the sample"), last "unused capacity", below 0 where the standards come to more than there is.
        unused_low: lower end of the share that is unused, by the error of the sample; None where no sample is in it.
        unused_high: upper end of it.
    """

    cost_pence: float
    minutes: float
    rate_pence: float
    uses: pl.DataFrame
    unused_low: float | None = None
    unused_high: float | None = None

    @property
    def unused_pence(self) -> float:
        """Cost of the capacity that neither a standard nor the sample explains."""
        return float(self.uses["cost_pence"][-1])


def capacity_cost(*, cost_pence: float, minutes: float, used: pl.DataFrame) -> Capacity:
    """Cost the uses of a capacity by its rate, and what is left.

    Args:
        cost_pence: cost of supplying the capacity.
        minutes: practical capacity, > 0: what people can give, not what they are paid for.
        used: use, volume, standard_minutes, minutes.

    Source: Kaplan and Anderson (2004), Time-Driven Activity-Based Costing, Harvard Business Review 82(11).

    Example: their department costs $560,000 and has 700,000 minutes: 80 cents a minute; 121,400 minutes are left.
        >>> uses = [("orders", 49_000.0, 8.0), ("inquiries", 1_400.0, 44.0), ("credit checks", 2_500.0, 50.0)]
        >>> used = pl.DataFrame([(use, n, each, n * each) for use, n, each in uses], orient="row",
        ...                     schema=["use", "volume", "standard_minutes", "minutes"])
        >>> found = capacity_cost(cost_pence=56_000_000, minutes=700_000, used=used)
        >>> round(found.rate_pence, 9), found.uses["cost_pence"].round(2).to_list()
        (80.0, [31360000.0, 4928000.0, 10000000.0, 9712000.0])
    """
    rate = cost_pence / minutes
    left = minutes - float(used["minutes"].sum())
    rest = pl.DataFrame({"use": ["unused capacity"], "volume": [None], "standard_minutes": [None], "minutes": [left]}, schema=used.schema)
    uses = pl.concat([used, rest]).with_columns(cost_pence=pl.col("minutes") * rate, share=pl.col("minutes") / minutes)
    return Capacity(cost_pence=cost_pence, minutes=minutes, rate_pence=rate, uses=uses)


def sampled_capacity(
    costs: ActivityCosts, drivers: pl.DataFrame, names: pl.DataFrame, *, practical_share: float, confidence: float
) -> Capacity | None:
    """Time-driven costing of the staff who were sampled: standards where there are any, the sample where there are none.

    Args:
        costs: what the cost centres cost, and their staff groups.
        drivers: volumes of the year.
        names: with standard_minutes of the activities.
        practical_share: share of contracted hours that people can give; leave, sickness and training take the rest.
        confidence: level of the interval of what is unused.

    Returns:
        None where no activity has both a standard time and a volume, or no sampled group has contracted hours.
    """
    sampled = costs.groups.filter(pl.col("pool") >= 0)
    hours = float(sampled["weekly_hours"].sum())
    minutes = hours * WEEKS_A_YEAR * MINUTES_AN_HOUR * practical_share
    volumes = drivers.filter(pl.col("activity_id").is_not_null()).group_by("activity_id").agg(pl.col("volume").sum())
    timed = names.join(volumes, on="activity_id").filter(pl.col("standard_minutes").is_not_null())
    if minutes <= 0 or timed.height == 0:
        return None
    schema = {"use": pl.String, "volume": pl.Float64, "standard_minutes": pl.Float64, "minutes": pl.Float64}
    standard = [
        (row["activity_name"], row["volume"], row["standard_minutes"], row["volume"] * row["standard_minutes"])
        for row in timed.sort("activity_id").iter_rows(named=True)
    ]
    untimed = names.filter(~pl.col("activity_id").is_in(timed["activity_id"].to_list()))
    known = [row for row in untimed.iter_rows(named=True) if costs.pairs_of(activity_id=row["activity_id"]).any()]
    share, draws = _time(costs, costs.shares.share), _time(costs, costs.shares.draws)
    rest = [
        (f"{row['activity_name']}, by the sample", None, None, minutes * float(share[costs.pairs_of(activity_id=row["activity_id"])].sum()))
        for row in known
    ]
    used = pl.DataFrame([*standard, *rest], schema=schema, orient="row")
    found = capacity_cost(cost_pence=float(costs.by_pool.sum()), minutes=minutes, used=used)
    sampled_pairs = costs.shares.pairs["activity_id"].is_in([row["activity_id"] for row in known]).to_numpy()
    low, high = interval(1 - sum(row[3] for row in standard) / minutes - draws[:, sampled_pairs].sum(axis=1), confidence)
    return replace(found, unused_low=low, unused_high=high)


def _time(costs: ActivityCosts, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares of the time of all sampled groups, each with the weight of its contracted hours: array (..., pairs)."""
    sampled = costs.groups.filter(pl.col("pool") >= 0)
    weight = np.zeros(costs.shares.pools.height)
    np.add.at(weight, sampled["pool"].to_numpy(), sampled["weekly_hours"].to_numpy())
    return np.asarray(np.einsum("p,...pk->...k", weight / weight.sum(), shares))
