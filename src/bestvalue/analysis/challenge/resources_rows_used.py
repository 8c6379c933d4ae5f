"""The account of a force's rows, whole: what the calibration saw, what lies outside its weeks, and what broke its table's contract."""

from dataclasses import replace

import polars as pl

from bestvalue.analysis.challenge.records_at_fault import ACCOUNT, with_set_apart
from bestvalue.analysis.challenge.resources_calibrate_rows import Window
from bestvalue.analysis.contract import ResultTable
from bestvalue.dataset.dataset import Dataset

OUTSIDE = "outside the weeks that are replayed"

_OUTSIDE = {
    "incidents": "SELECT COUNT(*) AS rows FROM incidents WHERE opened_at < :starts OR opened_at >= :ends",
    "deployments": (
        "SELECT COUNT(*) AS rows FROM deployments d JOIN incidents i ON i.incident_id = d.incident_id "
        "WHERE i.opened_at < :starts OR i.opened_at >= :ends"
    ),
}


def whole_account(table: ResultTable, dataset: Dataset, window: Window) -> ResultTable:
    """The table of rows used, so that of each table its rows add up to those of the files.

    Args:
        table: of the rows that the calibration read.
        dataset: that it was read from.
        window: the weeks that it read.
    """
    outside = [
        (name, OUTSIDE, int(dataset.query(sql, starts=window.starts, ends=window.ends)["rows"][0]), "left out")
        for name, sql in _OUTSIDE.items()
    ]
    seen = pl.concat([table.rows.select(list(ACCOUNT)), pl.DataFrame(outside, schema=ACCOUNT, orient="row")])
    return replace(table, rows=with_set_apart(seen, dataset))


def whole_account_of_stations(table: ResultTable, dataset: Dataset) -> ResultTable:
    """The same for a brigade, whose account is of incidents alone: `what` and `rows`."""
    seen = table.rows.select(pl.lit("incidents").alias("table"), "what", "rows", pl.lit("").alias("rule"))
    return replace(table, rows=with_set_apart(seen, dataset).select("what", "rows"))
