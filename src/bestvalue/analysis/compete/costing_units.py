"""What does one of it cost? One incident, one warrant, one deployment, one week of a murder team: by area and by kind."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.analysis.compete.costing_activities import ActivityCosts
from bestvalue.analysis.compete.costing_views import interval
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import Fault, TableFaults

SUPPORT_SERVICE = "support"
"""Service, in the table of activities, of the time that is on nobody's behalf: training, briefing, breaks."""

_DRIVERS = """
    SELECT cost_driver_id, activity_id, cost_centre_id, driver, COALESCE(area_id, '') AS area_id, COALESCE(incident_kind, '') AS kind,
           volume
    FROM cost_drivers WHERE financial_year = :year
"""

SCHEMA = {
    "what": pl.String,
    "of": pl.String,
    "driver": pl.String,
    "area_id": pl.String,
    "kind": pl.String,
    "volume": pl.Float64,
    "cost_pence": pl.Int64,
    "each_pence": pl.Float64,
    "low_pence": pl.Float64,
    "high_pence": pl.Float64,
}
"""A unit cost: what is costed, whether that is an "activity", "service" or "cost centre", its driver, where and for what ("" for all)."""


@dataclass(frozen=True, kw_only=True)
class _Costed:
    """Something that has a driver: how to find its cost in the cells, and its draws."""

    what: str
    of: str
    cells: pl.DataFrame
    pairs: NDArray[np.bool_] | None


def read_drivers(dataset: Dataset, year: str) -> pl.DataFrame:
    """The volumes of one year: cost_driver_id, activity_id, cost_centre_id, driver, area_id, kind ("" for all), volume.

    Raises:
        TableFaults: a volume is negative or no number.
    """
    if "cost_drivers" not in dataset.tables:
        schema = {"cost_driver_id": pl.String, "activity_id": pl.String, "cost_centre_id": pl.String, "driver": pl.String}
        return pl.DataFrame(schema={**schema, "area_id": pl.String, "kind": pl.String, "volume": pl.Float64})
    drivers = dataset.query(_DRIVERS, year=year).sort("cost_driver_id")
    wrong = drivers.filter(~pl.col("volume").is_between(0, float("inf"), closed="left") | pl.col("volume").is_nan())
    if wrong.height:
        faults = [
            Fault(
                what=f"{row['volume']} is no volume of {row['driver']}",
                file=f"cost_drivers, {row['cost_driver_id']}",
                column="volume",
                next_step="Give a number of 0 or more.",
            )
            for row in wrong.iter_rows(named=True)
        ]
        raise TableFaults(faults, total=len(faults), where="cost_drivers")
    return drivers


def unit_costs(
    costs: ActivityCosts, drivers: pl.DataFrame, names: pl.DataFrame, centres: pl.DataFrame, *, confidence: float
) -> pl.DataFrame:
    """Full cost of one unit of each driver, in all, by area and by kind of incident.

    Where the activity is more than half of its service, the cost of the whole service is divided by the same driver too: to
    attend an incident somebody must travel to it. The volume is a count; the interval is that of the sample.

    Returns:
        `SCHEMA`, the whole first, then areas, then kinds; rows without volume have no unit cost.
    """
    tables = []
    for key, rows in drivers.group_by("activity_id", "cost_centre_id", "driver", maintain_order=True):
        activity, centre, driver = key
        costed = _costed(costs, names, centres, activity, centre)
        tables += [_each(costs, one, str(driver), rows, confidence) for one in costed]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *tables])


def _costed(costs: ActivityCosts, names: pl.DataFrame, centres: pl.DataFrame, activity: object, centre: object) -> list[_Costed]:
    if centre is not None:
        name = centres.filter(pl.col("cost_centre_id") == centre)["cost_centre_name"]
        cells = costs.cells.filter(pl.col("cost_centre_id") == centre)
        return [_Costed(what=str(name[0]) if len(name) else str(centre), of="cost centre", cells=cells, pairs=None)]
    known = names.filter(pl.col("activity_id") == activity)
    if known.height == 0 or not costs.pairs_of(activity_id=str(activity)).any():
        return []  # nobody sampled it: what it costs cannot be said, and it does not cost nothing
    service = str(known["service"][0])
    members = names.filter(pl.col("service") == service)["activity_id"].to_list()
    found = [
        _Costed(
            what=str(known["activity_name"][0]),
            of="activity",
            cells=costs.cells.filter(pl.col("activity_id") == activity),
            pairs=costs.pairs_of(activity_id=str(activity)),
        )
    ]
    whole = costs.cells.filter(pl.col("activity_id").is_in(members))
    if len(members) > 1 and 2 * int(found[0].cells["pence"].sum()) > int(whole["pence"].sum()):
        pairs = costs.shares.pairs["activity_id"].is_in(members).to_numpy()
        found.append(_Costed(what=service, of="service", cells=whole, pairs=pairs))
    return found


def _each(costs: ActivityCosts, costed: _Costed, driver: str, rows: pl.DataFrame, confidence: float) -> pl.DataFrame:
    places = [("", "")]
    places += [(area, "") for area in rows["area_id"].unique().sort().to_list() if area]
    if costed.of == "activity":  # the rest of a service is not sampled by kind
        places += [("", kind) for kind in rows["kind"].unique().sort().to_list() if kind]
    found = []
    for area, kind in places:
        wanted = (pl.lit(area == "") | (pl.col("area_id") == area)) & (pl.lit(kind == "") | (pl.col("kind") == kind))
        volume, pence = float(rows.filter(wanted)["volume"].sum()), int(costed.cells.filter(wanted)["pence"].sum())
        low, high = _bounds(costs, costed, area, kind, volume, confidence)
        each = pence / volume if volume > 0 else None
        found.append((costed.what, costed.of, driver, area, kind, volume, pence, each, low, high))
    return pl.DataFrame(found, schema=SCHEMA, orient="row")


def _bounds(
    costs: ActivityCosts, costed: _Costed, area: str, kind: str, volume: float, confidence: float
) -> tuple[float | None, float | None]:
    """Interval of the unit cost; none where the cost does not rest on the sample or nothing was done."""
    if costed.pairs is None or volume <= 0:
        return None, None
    pairs = costed.pairs & costs.pairs_of(kind=kind) if kind else costed.pairs
    if not pairs.any() or (area and area not in costs.areas):
        return None, None
    low, high = interval(costs.draws(pairs, area=area or None), confidence)
    return low / volume, high / volume


def with_time_on_nobody(costs: ActivityCosts, names: pl.DataFrame, activity_id: str, confidence: float) -> tuple[float, float, float]:
    """Cost in pence of an activity with its part of the time that is on nobody's behalf (training, briefing, breaks), and its interval.

    An hour of paid time buys less than an hour for the public: each group's time for the public carries its own time for nobody.
    """
    support = names.filter(pl.col("service") == SUPPORT_SERVICE)["activity_id"].to_list()
    nobody = costs.shares.pairs["activity_id"].is_in(support).to_numpy()
    money = costs.by_pool.sum(axis=0)

    def loaded(share: NDArray[np.float64]) -> NDArray[np.float64]:
        public = 1 - share[..., nobody].sum(axis=-1)
        mine = share[..., costs.pairs_of(activity_id=activity_id)].sum(axis=-1)
        return np.asarray(np.divide(mine, public, out=np.zeros_like(mine), where=public > 0) @ money)

    low, high = interval(loaded(costs.shares.draws), confidence)
    return float(loaded(costs.shares.share)), low, high
