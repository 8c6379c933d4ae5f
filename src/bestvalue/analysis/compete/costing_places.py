"""For which area did a force-wide unit work? The hours of its deployments and of the bids that it was given to."""

from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.dataset.dataset import Dataset

WHOLE_FORCE = ""
"""Stands for no one area."""

_DEPLOYED = """
    SELECT c.cost_centre_id, i.area_id, SUM(seconds_between(d.assigned_at, d.cleared_at)) / 3600.0 AS hours
    FROM deployments d JOIN units u ON d.unit_id = u.unit_id JOIN cost_centres c ON u.pool_id = c.pool_id
    JOIN incidents i ON d.incident_id = i.incident_id
    WHERE c.area_id IS NULL AND i.area_id IS NOT NULL AND d.assigned_at >= :first AND d.assigned_at < :after
    GROUP BY 1, 2
"""

_GIVEN = """
    SELECT c.cost_centre_id, b.area_id, SUM(seconds_between(a.starts_at, a.ends_at)) / 3600.0 AS hours
    FROM allocations a JOIN units u ON a.unit_id = u.unit_id JOIN cost_centres c ON u.pool_id = c.pool_id
    JOIN bids b ON a.bid_id = b.bid_id
    WHERE c.area_id IS NULL AND a.starts_at >= :first AND a.starts_at < :after
    GROUP BY 1, 2
"""

_SOURCES = (
    (_DEPLOYED, ("deployments", "units", "incidents")),
    (_GIVEN, ("allocations", "units", "bids")),
)
"""Each query with the tables that it needs beside cost_centres."""


def hours_by_area(dataset: Dataset, *, first: datetime, after: datetime) -> pl.DataFrame:
    """Unit hours of the cost centres that serve the whole force, by the area that they were for.

    Returns:
        cost_centre_id, area_id, hours > 0, in order; empty where the dataset tells nothing.
    """
    found = [
        dataset.query(query, first=first, after=after) for query, tables in _SOURCES if all(table in dataset.tables for table in tables)
    ]
    schema = {"cost_centre_id": pl.String, "area_id": pl.String, "hours": pl.Float64}
    hours = pl.concat([pl.DataFrame(schema=schema), *(table.cast(schema) for table in found)])  # type: ignore[arg-type]  # polars takes classes of types
    return (
        hours.group_by("cost_centre_id", "area_id").agg(pl.col("hours").sum()).filter(pl.col("hours") > 0).sort("cost_centre_id", "area_id")
    )


def area_shares(direct: pl.DataFrame, hours: pl.DataFrame) -> tuple[list[str], NDArray[np.float64]]:
    """How the cost of each direct cost centre divides between areas.

    All of it is its own area's where it has one; that of a force-wide centre follows its hours; without hours it stays with
    the whole force.

    Args:
        direct: cost_centre_id and area_id, a row a cost centre.
        hours: as `hours_by_area` gives them.

    Returns:
        The areas, "" for the whole force last, and array (cost centres, areas), rows add up to 1.
    """
    own = [area for area in direct["area_id"].to_list() if area is not None]
    areas = [*sorted({*own, *hours["area_id"].to_list()}), WHOLE_FORCE]
    place = {area: number for number, area in enumerate(areas)}
    share = np.zeros((direct.height, len(areas)))
    worked = {str(centre[0]): rows for centre, rows in hours.group_by("cost_centre_id")}
    for number, (centre, area) in enumerate(direct.select("cost_centre_id", "area_id").iter_rows()):
        if area is not None:
            share[number, place[area]] = 1.0
        elif centre in worked:
            rows = worked[centre]
            share[number, [place[name] for name in rows["area_id"]]] = rows["hours"].to_numpy() / rows["hours"].sum()
        else:
            share[number, place[WHOLE_FORCE]] = 1.0
    return areas, share
