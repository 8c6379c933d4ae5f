"""Up to which day do the tables tell that an answer was read from? Not the day on which somebody asked them."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from bestvalue.dataset.report import CheckReport, Loaded

CALLS = "incidents"
"""The table that a force cuts off at the end of what it supplies; what began before that runs over it in the others."""
PERIOD_ENDS = "period_ends"
"""The column with the last day of what a row counts, in tables whose rows each count a period."""


def last_day_of_data(report: CheckReport, digests: Mapping[str, str]) -> date | None:
    """The last day that these tables tell of: the latest in any of them, at most the last day of the force's calls for service.

    Args:
        report: of the force's tables as they are now.
        digests: of the tables that were read then, by name; one that has changed since says nothing of that day.

    Returns:
        The day; None where no table that is still the same has one.
    """
    same = [loaded for name, digest in digests.items() if (loaded := report.tables.get(name)) and _digest_of(loaded) == digest]
    days = [day for loaded in same if (day := _last_day(loaded))]
    ends = last_day_of_calls(report)
    return min(max(days), ends or date.max) if days else None


def last_day_of_calls(report: CheckReport) -> date | None:
    """The last day of the force's calls for service; None while it supplies none."""
    calls = report.tables.get(CALLS)
    return calls.report.last_day if calls else None


def _digest_of(loaded: Loaded) -> str:
    table = loaded.table or loaded.at_fault
    return table.digest if table else ""


def _last_day(loaded: Loaded) -> date | None:
    table = loaded.table or loaded.at_fault
    if table is not None and PERIOD_ENDS in loaded.report.filled:
        last = pl.scan_parquet(table.parquet).select(pl.col(PERIOD_ENDS).max()).collect().item()
        return last if isinstance(last, date) else None
    return loaded.report.last_day
