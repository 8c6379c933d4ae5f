"""What would halving or doubling save or cost, for what it does to the service? The ledger beside a stored simulation of resources.

The money is that of the cost centres whose units the scenario scales: what moves with the people, by the ledger. What it does is what
the simulation found. Where a service is named, only the time given to it counts, and the sample's uncertainty goes into the quotient
together with the simulation's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.analysis.compete.costing_activities import ActivityCosts
from bestvalue.analysis.compete.costing_change import Ratio, cost_per_result
from bestvalue.analysis.compete.costing_ledger import DIRECT
from bestvalue.analysis.compete.costing_spec import Spec
from bestvalue.analysis.compete.costing_views import interval
from bestvalue.analysis.compete.costing_work import Costing
from bestvalue.analysis.contract import Result
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

SCALED = "scaled"
"""Kind of a scenario of `challenge.resources` that has more or fewer units of some pools."""

EVERY_POOL = "all"
PERCENT = 100

_POOLS = """
    SELECT c.cost_centre_id, p.pool_id, p.pool_name, p.level
    FROM cost_centres c JOIN pools p ON c.pool_id = p.pool_id
"""


@dataclass(frozen=True, kw_only=True)
class Priced:
    """One scenario and grade of the simulation with its price.

    Args:
        scenario, pools, factor, grade: as the simulation names them.
        change_pence: what moves with the people, by the ledger; below 0 is a saving.
        service_pence: the part of it that pays for the time that counts, with its interval by the sample; all of it where all counts.
        points, points_low, points_high: change of the share within target, in percentage points.
        each_point: money for each point; None where the change cannot be told from chance.
    """

    scenario: str
    pools: str
    factor: float
    grade: str
    change_pence: int
    service_pence: Ratio
    points: float
    points_low: float
    points_high: float
    each_point: Ratio | None


def priced(dataset: Dataset, done: Costing, spec: Spec, simulated: Result) -> tuple[Priced, ...]:
    """Every scaled scenario with its price; those whose pools no cost centre names are left out.

    Raises:
        SpecError: there is no such service or activity.
    """
    if "pools" not in dataset.tables:
        return ()
    centres = dataset.query(_POOLS).sort("cost_centre_id")
    counts = _counted(done, spec)
    found = []
    rows = simulated.tables["response"].rows.filter((pl.col("kind") == SCALED) & (pl.col("factor") != 1.0))
    for row in rows.iter_rows(named=True):
        ids = _centres_of(centres, row["pools"])
        if ids:
            found.append(_price(done, spec, ids, counts, row))
    return tuple(found)


def _counted(done: Costing, spec: Spec) -> NDArray[np.bool_] | None:
    """Which pairs of activity and kind count; None for all time."""
    if not spec.result_service:
        return None
    names = done.names.filter((pl.col("service") == spec.result_service) | (pl.col("activity_name") == spec.result_service))
    pairs = done.shares.pairs["activity_id"].is_in(names["activity_id"].to_list()).to_numpy()
    if not pairs.any():
        raise SpecError(
            f"There is no sampled service or activity {spec.result_service!r}",
            where="result_service",
            next_step=f"Choose one of: {', '.join(sorted({*done.names['service'], *done.names['activity_name']}))}.",
        )
    return np.asarray(pairs)


def _centres_of(centres: pl.DataFrame, pools: str) -> list[str]:
    named = pools.strip().casefold()
    matches = [pl.col(column).str.to_lowercase() == named for column in ("level", "pool_id", "pool_name")]
    wanted = centres if named == EVERY_POOL else centres.filter(pl.any_horizontal(matches))
    return wanted["cost_centre_id"].to_list()


def _price(done: Costing, spec: Spec, ids: Sequence[str], counts: NDArray[np.bool_] | None, row: dict[str, Any]) -> Priced:
    varying = _varying(done, spec, ids)
    step = row["factor"] - 1
    change = round(sum(varying.values()) * step)
    if counts is None:
        draws: NDArray[np.float64] | float = float(change)
        service = Ratio(value=change, low=change, high=change)
    else:
        weights = _weights(done, varying) * step
        draws = np.asarray(done.shares.draws[:, :, counts].sum(axis=2) @ weights)
        low, high = interval(draws, spec.confidence)
        service = Ratio(value=float(done.shares.share[:, counts].sum(axis=1) @ weights), low=low, high=high)
    points = [PERCENT * row[name] for name in ("change", "change_low", "change_high")]
    return Priced(
        scenario=row["scenario"],
        pools=row["pools"],
        factor=row["factor"],
        grade=row["grade"],
        change_pence=change,
        service_pence=service,
        points=points[0],
        points_low=points[1],
        points_high=points[2],
        each_point=_each_point(draws, service, points, spec),
    )


def _each_point(draws: NDArray[np.float64] | float, service: Ratio, points: Sequence[float], spec: Spec) -> Ratio | None:
    middle, low, high = points
    if low <= 0 <= high:
        return None
    sign = 1 if middle > 0 else -1
    ends = sorted((sign * low, sign * high))
    return cost_per_result(
        np.abs(draws),
        result=sign * middle,
        low=ends[0],
        high=ends[1],
        confidence=spec.confidence,
        seed=spec.seed,
        central_cost=abs(service.value),
    )


def _varying(done: Costing, spec: Spec, ids: Sequence[str]) -> dict[str, int]:
    """What moves with the people of each of these cost centres, by the ledger."""
    moves = ~pl.col("subjective").is_in(list(spec.fixed_subjectives))
    rows = done.books.costs().filter((pl.col("layer") == DIRECT) & moves & pl.col("cost_centre_id").is_in(list(ids)))
    return dict(rows.group_by("cost_centre_id").agg(pl.col("pence").sum()).sort("cost_centre_id").iter_rows())


def _weights(done: Costing, varying: dict[str, int]) -> NDArray[np.float64]:
    """That money by pool of the sample: array (pools,)."""
    costs: ActivityCosts = done.costs
    whole = dict(
        done.layers.direct.select(
            "cost_centre_id", pl.sum_horizontal("direct_pence", "support_pence", "overhead_pence").cast(pl.Float64)
        ).iter_rows()
    )
    weights = np.zeros(costs.by_pool.shape[1])
    for centre, pence in varying.items():
        if whole.get(centre):
            weights += costs.by_pool[costs.centres.index(centre)] * (pence / whole[centre])
    return weights
