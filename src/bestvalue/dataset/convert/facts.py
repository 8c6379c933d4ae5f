"""What does a finished table hold? Its rows, what is filled in, and its period."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bestvalue.dataset.contracts import Kind, Table
from bestvalue.dataset.convert.stored import checking_connection, quoted


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Facts of a table for its report; see `TableReport`."""

    rows: int
    filled: dict[str, int]
    first_day: date | None
    last_day: date | None


def facts_of(table: Table, parquet: Path) -> Facts:
    """Count the rows of a table, the values of each column, and the period of its first column of dates or times."""
    names = list(table.schema)
    dated = next((column.name for column in table.columns if column.kind in (Kind.DATE, Kind.TIME)), None)
    # Only days that Python can hold: a table with faults may have others.
    day = f"CAST({dated} AS DATE)" if dated else "NULL::DATE"
    sane = f"FILTER (WHERE year({dated}) BETWEEN 1 AND 9999)" if dated else ""
    counts = ", ".join(f"count({name})" for name in names)
    with checking_connection() as connection:
        row = connection.execute(
            f"SELECT count(*), min({day}) {sane}, max({day}) {sane}, {counts} FROM read_parquet({quoted(parquet)})"
        ).fetchall()[0]
    # A file whose own statistics are spoilt answers with a day of the year 47936, as text, past the filter.
    first, last = (found if isinstance(found, date) else None for found in row[1:3])
    return Facts(rows=row[0], first_day=first, last_day=last, filled=dict(zip(names, row[3:], strict=True)))
