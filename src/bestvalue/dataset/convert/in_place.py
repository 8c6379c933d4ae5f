"""Parquet that is in the contract's layout already: checked where it lies, and used there."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from bestvalue.dataset.contracts import Table
from bestvalue.dataset.convert.places import Place
from bestvalue.dataset.convert.row_faults import find_row_faults
from bestvalue.dataset.convert.stored import stored_rows
from bestvalue.dataset.convert.tally import Tally
from bestvalue.dataset.files.parquet import column_types, row_count, unreadable
from bestvalue.dataset.files.source import Format, Source
from bestvalue.dataset.report import RowRun

_FIRST_ROW = 2  # as a spreadsheet counts, with the header above


def usable_in_place(table: Table, sources: Sequence[Source]) -> bool:
    """One Parquet file with every column of the contract in the contract's type."""
    if len(sources) != 1 or sources[0].format is not Format.PARQUET:
        return False
    found = column_types(sources[0])
    return all(found.get(name) == kind for name, kind in table.schema.items())


def check_in_place(table: Table, source: Source, *, tally: Tally) -> None:
    """Hold the contract against a Parquet file without writing it anew."""
    unknown = [name for name in column_types(source) if name not in table.schema]
    tally.warnings.extend(f'{source.shown}: the column "{name}" is not in the contract and is not read' for name in unknown)
    rows = row_count(source.path)
    tally.rows_read += rows
    tally.runs = (RowRun(file=source.shown, first_row=_FIRST_ROW, rows=rows),)
    find_row_faults(table, stored_rows([source.path]), _place_in(source), tally=tally, required=True)


@contextmanager
def naming_damage(source: Source) -> Iterator[None]:
    """Turn what DuckDB and Arrow say of a damaged Parquet file into an error that names the file.

    A footer may be whole and the pages damaged, so this shows only while the rows are read.
    """
    try:
        yield
    except (duckdb.Error, pa.ArrowException, OSError) as cause:
        raise unreadable(source, cause) from cause


def _place_in(source: Source) -> Callable[[int], Place]:
    return lambda place: Place(file=source.shown, row=place + _FIRST_ROW)
