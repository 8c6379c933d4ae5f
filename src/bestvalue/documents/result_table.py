"""How is a table of a result printed? With its units, and no more of it than a page can show; what is left out is counted."""

import polars as pl

from bestvalue.analysis.contract import ResultTable
from bestvalue.documents.model import Column, Table
from bestvalue.documents.numbers import UNITS_IN_THE_NUMBER, column_words, is_numeric

WHOLE_UP_TO_ROWS = 45
"""A table of so many rows is printed whole: the 43 forces of England and Wales stand in it, and it fits on a page."""
ROWS_OF_A_LONGER_ONE = 12
"""Of a longer table: enough to see what it holds. Nobody reads the rest in print, and it is in the result."""
MOST_COLUMNS = 12
"""More have no room for their words on a page."""


def table_of(table: ResultTable, *, digest: str) -> Table:
    """A table of a result as a table of a report, cut where it is too long or too wide.

    Args:
        table: as the analysis made it, with at least one column.
        digest: of the result that holds all of it.
    """
    height = table.rows.height if table.rows.height <= WHOLE_UP_TO_ROWS else ROWS_OF_A_LONGER_ONE
    shown = table.rows.head(height)[:, :MOST_COLUMNS]
    units = [table.units.get(name, "") for name in shown.columns]
    values = [shown[name].to_list() for name in shown.columns]
    cells = [column_words(column, unit=unit) for column, unit in zip(values, units, strict=True)]
    labels = [table.labels.get(name, name.replace("_", " ")) for name in shown.columns]
    headings = [_heading(label, unit) for label, unit in zip(labels, units, strict=True)]
    return Table(
        caption=table.title,
        columns=tuple(Column(heading=heading, numeric=is_numeric(column)) for heading, column in zip(headings, values, strict=True)),
        rows=tuple(zip(*cells, strict=True)),
        notes=tuple(note for note in (table.note, _left_out(table.rows, shown, digest)) if note),
    )


def _left_out(whole: pl.DataFrame, shown: pl.DataFrame, digest: str) -> str:
    if not whole.height:
        return "The analysis found nothing to put into this table."
    rows, columns = whole.height - shown.height, whole.width - shown.width
    said = [f"The first {shown.height} of {whole.height:,} rows; {rows:,} are left out here."] if rows else []
    said += [f"The first {shown.width} of {whole.width} columns; {columns} are left out here."] if columns else []
    return " ".join([*said, f"All are kept in result {digest[:12]}."]) if said else ""


def _heading(label: str, unit: str) -> str:
    plain = f"{label[:1].upper()}{label[1:]}"
    return plain if unit in UNITS_IN_THE_NUMBER or unit == label else f"{plain} ({unit})"
