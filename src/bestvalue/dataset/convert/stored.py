"""Parquet files as a relation of DuckDB whose rows are numbered, for the checks."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from bestvalue.dataset.checks.conditions import PLACE
from bestvalue.dataset.files.parquet import row_count


def quoted(path: Path) -> str:
    """A path as a text of SQL."""
    return "'" + str(path).replace("'", "''") + "'"


def stored_rows(files: Sequence[Path]) -> str:
    """SQL for the rows of Parquet files, numbered from 0 in the order of the files."""
    parts, before = [], 0
    for file in files:
        parts.append(f"SELECT *, file_row_number + {before} AS {PLACE} FROM read_parquet({quoted(file)}, file_row_number = true)")
        before += row_count(file)
    return "(" + " UNION ALL BY NAME ".join(parts) + ")"


@contextmanager
def checking_connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB of its own for one round of checks."""
    connection = duckdb.connect(":memory:")
    try:
        yield connection
    finally:
        connection.close()
