"""Which numbers does a chart draw? They are in its specification, and stand below it where its table holds those of other charts too."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from bestvalue.analysis.contract import Chart, ResultTable


def drawn_numbers(chart: Chart, table: ResultTable) -> ResultTable:
    """The rows that a chart draws, with the headings and units of the table that they come from.

    A chart may have several sets of data: points, and the line of an average. The one taken has most columns of the table,
    then most rows. A chart without data of its own shows the whole table.

    Example:
        >>> table = ResultTable(title="Places", rows=pl.DataFrame({"indicator": ["a", "b"], "force": ["Ash", "Ash"], "place": [1, 7]}))
        >>> spec = {"datasets": {"line": [{"average": 4}], "points": [{"place": 7, "force": "Ash"}]}}
        >>> drawn_numbers(Chart(title="Ash is 7th", spec=spec, alt="One point.", table="places"), table).rows.rows()
        [('Ash', 7)]
    """
    known = table.rows.columns
    sets = sorted(_sets(chart.spec), key=lambda rows: (len(set(rows[0]).intersection(known)), len(rows)))
    if not sets:
        return table
    rows = pl.DataFrame(sets[-1], infer_schema_length=None)
    order = [*(name for name in known if name in rows.columns), *(name for name in rows.columns if name not in known)]
    return replace(table, title=chart.title, rows=rows.select(order), note="")


def _sets(part: Any) -> Iterator[Sequence[Mapping[str, Any]]]:
    """Every set of rows anywhere in a specification."""
    if isinstance(part, Mapping):
        named = part.get("datasets", {}).values() if isinstance(part.get("datasets"), Mapping) else ()
        for rows in (*named, part.get("values")):
            if isinstance(rows, list) and rows and all(isinstance(row, Mapping) for row in rows):
                yield rows
        for key, inner in part.items():
            if key not in {"datasets", "values"}:
                yield from _sets(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from _sets(inner)
