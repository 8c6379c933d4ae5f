"""What do crews spend their time on, where nobody kept a diary? The hours of their deployments, against the turns that they worked."""

from dataclasses import replace
from datetime import datetime

import numpy as np
import polars as pl

from bestvalue.analysis.compete.costing_sample import Diary
from bestvalue.dataset.dataset import Dataset

TRAVEL, SCENE, REST = "on the way to incidents", "at incidents", "not on an incident"
"""What dispatch records know, as names of activities; an activity of the force of the same name gives its service and driver."""

TABLES = ("deployments", "units", "incidents", "duties")

_SENT = """
    SELECT d.unit_id, c.cost_centre_id, c.objective, day_of(d.assigned_at) AS day, COALESCE(i.kind, '') AS kind,
           SUM(seconds_between(d.assigned_at, COALESCE(d.arrived_at, d.cleared_at))) / 60.0 AS travel_minutes,
           SUM(seconds_between(COALESCE(d.arrived_at, d.cleared_at), d.cleared_at)) / 60.0 AS scene_minutes
    FROM deployments d JOIN units u ON d.unit_id = u.unit_id JOIN cost_centres c ON u.pool_id = c.pool_id
    JOIN incidents i ON d.incident_id = i.incident_id
    WHERE d.assigned_at >= :first AND d.assigned_at < :after
    GROUP BY 1, 2, 3, 4, 5
"""

_WORKED = """
    SELECT t.unit_id, c.cost_centre_id, c.objective, t.day, SUM(t.minutes) AS minutes FROM (
        SELECT unit_id, day_of(planned_start_at) AS day, planned_start_at,
               seconds_between(MIN(started_at), MAX(ended_at)) / 60.0 AS minutes
        FROM duties WHERE unit_id IS NOT NULL AND planned_start_at >= :first AND planned_start_at < :after
        GROUP BY 1, 2, 3
    ) AS t JOIN units u ON t.unit_id = u.unit_id JOIN cost_centres c ON u.pool_id = c.pool_id
    GROUP BY 1, 2, 3, 4
"""


def dispatch_diary(dataset: Dataset, *, first: datetime, after: datetime) -> Diary:
    """A diary of every unit and day of a stretch of time, made of dispatch records.

    A unit's turn is from the first start to the last end of its crew. What its deployments do not fill is time "not on an
    incident", which dispatch records do not know more of. Units stand in the place of people; ranks are not told apart.

    Args:
        dataset: with `TABLES` and cost_centres.
        first: from this moment on.
        after: up to this one.
    """
    sent = dataset.query(_SENT, first=first, after=after)
    worked = dataset.query(_WORKED, first=first, after=after)
    days = worked.sort("unit_id", "day").with_row_index("row")
    kinds = sent["kind"].unique().sort().to_list()
    pairs = pl.DataFrame(
        {"activity_id": [REST, *[SCENE] * len(kinds), TRAVEL], "kind": ["", *kinds, ""]},
        schema={"activity_id": pl.String, "kind": pl.String},
    )
    minutes = np.zeros((days.height, pairs.height))
    placed = sent.join(days.select("unit_id", "day", "row"), on=["unit_id", "day"]).sort("row", "kind")
    row = placed["row"].to_numpy()
    scene = 1 + np.searchsorted(kinds, placed["kind"].to_list()) if kinds else np.zeros(0, dtype=np.int64)
    np.add.at(minutes, (row, scene), placed["scene_minutes"].to_numpy())
    np.add.at(minutes[:, -1], row, placed["travel_minutes"].to_numpy())
    minutes[:, 0] = np.maximum(0.0, days["minutes"].to_numpy() - minutes[:, 1:].sum(axis=1))
    return Diary(
        days=days.select("cost_centre_id", "objective", "day", staff_id="unit_id", staff_group=pl.lit("")).select(
            "staff_id", "cost_centre_id", "staff_group", "objective", "day"
        ),
        pairs=pairs,
        minutes=minutes,
        who="units",
        source="dispatch records and duties",
    )


def named_by_the_force(diary: Diary, names: pl.DataFrame) -> Diary:
    """The diary with the force's own codes for travel and scene, where its table of activities has one of that meaning.

    The activity whose name begins with "attending" is the one at incidents, that which begins with "travelling" the one on the way.
    """
    found = dict[str, str]()
    for words, start in ((SCENE, "attending"), (TRAVEL, "travelling")):
        mine = names.filter(pl.col("activity_name").str.to_lowercase().str.starts_with(start))
        if mine.height == 1:
            found[words] = str(mine["activity_id"][0])
    return replace(diary, pairs=diary.pairs.with_columns(pl.col("activity_id").replace(found)))
