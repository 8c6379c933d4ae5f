"""The same cost seen by activity, service, area, kind of incident and cost centre; every total is the sum of the same cells."""

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.analysis.compete.costing_activities import NOT_SAMPLED, ActivityCosts
from bestvalue.analysis.compete.costing_ledger import DIRECT, OVERHEAD, SUPPORT
from bestvalue.dataset.dataset import Dataset

LAYER_COLUMNS = {DIRECT: "direct_pence", SUPPORT: "support_pence", OVERHEAD: "overhead_pence"}
MONEY = (*LAYER_COLUMNS.values(), "total_pence")


def activity_names(dataset: Dataset) -> pl.DataFrame:
    """activity_id, activity_name, service, standard_minutes of every activity, and of the cost that nobody sampled."""
    rows = dataset.query("SELECT activity_id, activity_name, service, standard_minutes FROM activities").sort("activity_id")
    rest = pl.DataFrame(
        {"activity_id": [NOT_SAMPLED], "activity_name": [NOT_SAMPLED], "service": [NOT_SAMPLED], "standard_minutes": [None]},
        schema=rows.schema,
    )
    return pl.concat([rows, rest])


def layered(cells: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Sum the cells by some columns: `by`, direct_pence, support_pence, overhead_pence, total_pence; the largest first."""
    sums = [pl.col("pence").filter(pl.col("layer") == layer).sum().alias(column) for layer, column in LAYER_COLUMNS.items()]
    return cells.group_by(by).agg(*sums, total_pence=pl.col("pence").sum()).sort("total_pence", *by, descending=[True, *[False] * len(by)])


def interval(draws: NDArray[np.float64], confidence: float) -> tuple[float, float]:
    """The middle `confidence` of draws."""
    low, high = np.quantile(draws, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def by_activity(costs: ActivityCosts, names: pl.DataFrame, confidence: float) -> pl.DataFrame:
    """activity_id, activity_name, service, the layers, total_pence, low_pence, high_pence, share."""
    table = layered(costs.cells, ["activity_id"]).join(names.drop("standard_minutes"), on="activity_id", how="left")
    named = table.with_columns(pl.col("activity_name").fill_null(pl.col("activity_id")), pl.col("service").fill_null("service not said"))
    found = [_of_activity(costs, activity, confidence) for activity in named["activity_id"]]
    return _with_interval(named, found).select("activity_id", "activity_name", "service", *MONEY, "low_pence", "high_pence", share=_share())


def by_service(costs: ActivityCosts, names: pl.DataFrame, confidence: float) -> pl.DataFrame:
    """service, the layers, total_pence, low_pence, high_pence, share."""
    service_of = dict(zip(names["activity_id"], names["service"], strict=True))
    named = costs.cells.with_columns(
        service=pl.col("activity_id").replace_strict(service_of, default="service not said", return_dtype=pl.String)
    )
    table = layered(named, ["service"])
    pair_service = np.array([service_of.get(activity, "service not said") for activity in costs.shares.pairs["activity_id"]], dtype=object)
    found = [_sampled_interval(costs, pair_service == service, confidence) for service in table["service"]]
    return _with_interval(table, found).with_columns(share=_share())


def by_area(costs: ActivityCosts, names: Mapping[str, str]) -> pl.DataFrame:
    """area_id, area, the layers, total_pence, share; the whole force has no area_id."""
    table = layered(costs.cells, ["area_id"])
    words = [names.get(area, area) if area else "whole force, no one area" for area in table["area_id"]]
    return table.select("area_id", *MONEY, share=_share()).insert_column(1, pl.Series("area", words, dtype=pl.String))


def by_kind(costs: ActivityCosts, confidence: float) -> pl.DataFrame:
    """Cost by kind of incident: kind, the layers, total_pence, low_pence, high_pence, share; of time sampled for a kind."""
    table = layered(costs.cells.filter(pl.col("kind") != ""), ["kind"])
    found = [_sampled_interval(costs, costs.pairs_of(kind=kind), confidence) for kind in table["kind"]]
    return _with_interval(table, found).with_columns(share=_share())


def by_centre_and_activity(costs: ActivityCosts, names: pl.DataFrame, centres: pl.DataFrame, confidence: float) -> pl.DataFrame:
    """cost_centre_id, cost_centre_name, objective, activity_id, activity_name, the layers, total_pence, low_pence, high_pence."""
    table = layered(costs.cells, ["cost_centre_id", "activity_id"])
    activities = costs.shares.pairs["activity_id"].unique(maintain_order=True).to_list()
    drawn = np.array([costs.shares.draws[:, :, costs.pairs_of(activity_id=one)].sum(axis=2).T for one in activities])
    drawn = drawn.reshape(len(activities), costs.shares.pools.height, len(costs.shares.draws))
    bounds = np.stack([_bounds_of_centre(drawn, money, confidence) for money in costs.by_pool], axis=1)
    place = {(centre, activity): (c, a) for c, centre in enumerate(costs.centres) for a, activity in enumerate(activities)}
    found = [
        (float(bounds[0][place[key]]), float(bounds[1][place[key]])) if key in place else None
        for key in table.select("cost_centre_id", "activity_id").iter_rows()
    ]
    words = names.select("activity_id", "activity_name")
    joined = _with_interval(table, found).join(centres.select("cost_centre_id", "cost_centre_name", "objective"), on="cost_centre_id")
    return (
        joined.join(words, on="activity_id", how="left")
        .with_columns(pl.col("activity_name").fill_null(pl.col("activity_id")))
        .select("cost_centre_id", "cost_centre_name", "objective", "activity_id", "activity_name", *MONEY, "low_pence", "high_pence")
        .sort("cost_centre_id", "total_pence", "activity_id", descending=[False, True, False])
    )


def _bounds_of_centre(drawn: NDArray[np.float64], money: NDArray[np.float64], confidence: float) -> NDArray[np.float64]:
    """Both ends for each activity of one cost centre, array (2, activities): one centre at a time, so that its draws stay in the cache."""
    pools = np.flatnonzero(money)
    costs = np.zeros((len(drawn), drawn.shape[2]))
    for pool in pools:
        costs += money[pool] * drawn[:, pool]
    return np.stack(quantiles(costs, confidence))


def quantiles(draws: NDArray[np.float64], confidence: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both ends of the middle `confidence` of the last axis; a partition, for a full sort of a whole costing costs seconds."""
    size = draws.shape[-1]
    places = [(size - 1) * (1 - confidence) / 2, (size - 1) * (1 + confidence) / 2]
    kth = sorted({min(size - 1, int(place) + step) for place in places for step in (0, 1)})
    parted = np.partition(draws, kth, axis=-1)
    low, high = (
        parted[..., int(place)] + (place - int(place)) * (parted[..., min(size - 1, int(place) + 1)] - parted[..., int(place)])
        for place in places
    )
    return low, high


def _of_activity(costs: ActivityCosts, activity: str, confidence: float) -> tuple[float, float] | None:
    return _sampled_interval(costs, costs.pairs_of(activity_id=activity), confidence)


def _sampled_interval(costs: ActivityCosts, pairs: NDArray[np.bool_], confidence: float) -> tuple[float, float] | None:
    """None where no time was sampled: then the cost is no estimate from the sample."""
    return interval(costs.draws(pairs), confidence) if pairs.any() else None


def _with_interval(table: pl.DataFrame, found: list[tuple[float, float] | None]) -> pl.DataFrame:
    return table.with_columns(
        low_pence=pl.Series([None if one is None else one[0] for one in found], dtype=pl.Float64),
        high_pence=pl.Series([None if one is None else one[1] for one in found], dtype=pl.Float64),
    )


def _share() -> pl.Expr:
    return pl.col("total_pence") / pl.col("total_pence").sum()
