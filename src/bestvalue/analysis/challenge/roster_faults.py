"""Which deployments can be counted? What cannot be right is named, counted and left out; what looks odd is named and kept."""

import polars as pl

from bestvalue.analysis.clock_changes import even_time, from_utc
from bestvalue.dataset.dataset import Dataset

FAULTS = {"fault": pl.String, "rows": pl.Int64, "done": pl.String, "first": pl.String}
"""Columns of the list of faults."""


def usable(rows: pl.DataFrame, zone: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Deployments with lengths in elapsed time; what cannot be right is left out and named."""
    rows = rows.with_columns(
        busy_seconds=(even_time("cleared_at", zone) - even_time("assigned_at", zone)).dt.total_seconds(),
        travel_seconds=(even_time("arrived_at", zone) - even_time("assigned_at", zone)).dt.total_seconds(),
        before_seconds=(even_time("assigned_at", zone) - even_time("opened_at", zone)).dt.total_seconds(),
    )
    rules = (
        ("The unit is not in the units table", pl.col("pool_id").is_null()),
        ("The incident is not in the incidents table", pl.col("opened_at").is_null()),
        ("The incident has no grade", pl.col("grade").is_null()),
        ("The unit is free again no later than it was sent", pl.col("busy_seconds") <= 0),
        ("The unit was sent before the incident was reported", pl.col("before_seconds") < 0),
        ("The same unit, incident and time as another row", pl.struct("unit_id", "incident_id", "assigned_at").is_first_distinct().not_()),
    )
    broken = pl.lit(None, pl.Int64)
    for number, (_, wrong) in reversed(tuple(enumerate(rules))):
        broken = pl.when(wrong.fill_null(value=False)).then(number).otherwise(broken)
    rows = rows.with_columns(broken=broken)
    faults = []
    for number, (fault, _) in enumerate(rules):
        bad = rows.filter(pl.col("broken") == number)["deployment_id"]
        faults.append((fault, len(bad), "left out", ", ".join(bad.head(3))))
    rows = rows.filter(pl.col("broken").is_null()).drop("broken")
    before = pl.col("cleared_at").shift(1).over("unit_id", order_by="assigned_at")
    kept = (
        ("The unit was sent before it was free from another job", pl.col("assigned_at") < before, "counted as two jobs"),
        ("The clocks changed during the job", from_utc("assigned_at", zone) != from_utc("cleared_at", zone), "counted in elapsed time"),
    )
    for fault, odd, done in kept:
        named = rows.filter(odd)
        faults.append((fault, named.height, done, ", ".join(named["deployment_id"].head(3))))
    table = pl.DataFrame(faults, schema=FAULTS, orient="row")
    return rows, table.filter(pl.col("rows") > 0)


def units_without_shifts(dataset: Dataset) -> pl.DataFrame:
    """Units that are never on duty by the shifts table, as a row of the faults; none where every unit has a shift."""
    idle = dataset.query(
        "SELECT u.unit_id FROM units u LEFT JOIN shifts s ON s.unit_id = u.unit_id WHERE s.unit_id IS NULL GROUP BY 1 ORDER BY 1"
    )
    row = (
        "A unit has no shift in the shifts table",
        idle.height,
        "not on duty in today's roster; its jobs count",
        ", ".join(idle["unit_id"].head(3)),
    )
    return pl.DataFrame([row] if idle.height else [], schema=FAULTS, orient="row")
