"""What does a Parquet file hold? Its columns and types, and its rows as text where they are not of the contract's types."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from bestvalue.dataset.files.rows import OpenFile, TextRows, tidy
from bestvalue.dataset.files.source import Source
from bestvalue.errors import TableError

_ROWS_A_BATCH = 200_000


def open_parquet(source: Source) -> OpenFile:
    """Read the header of a Parquet file.

    Raises:
        TableError: it is no Parquet, or cut short.
    """
    return OpenFile(source=source, header=list(column_types(source)), batches=lambda: _batches(source))


def column_types(source: Source) -> Mapping[str, pl.DataType]:
    """The columns of a Parquet file and their polars types, in order.

    Raises:
        TableError: it is no Parquet, or cut short.
    """
    try:
        return dict(pl.read_parquet_schema(source.path))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as cause:
        # Some spoilt footers make the reader give up as if it had a fault itself.
        raise unreadable(source, cause) from cause


def row_count(path: Path) -> int:
    """How many rows a readable Parquet file has, from its footer."""
    return int(pq.read_metadata(path).num_rows)


def _batches(source: Source) -> Iterator[TextRows]:
    next_row = 2
    try:
        with pq.ParquetFile(source.path) as file:
            for batch in file.iter_batches(batch_size=_ROWS_A_BATCH):
                rows = pl.DataFrame(pa.Table.from_batches([batch]))
                numbers = np.arange(next_row, next_row + rows.height, dtype=np.int64)
                next_row += rows.height
                yield TextRows(source=source, frame=tidy(rows.select(_as_text(rows[name]) for name in rows.columns)), row_numbers=numbers)
    except (pa.ArrowException, OSError, pl.exceptions.PolarsError) as cause:
        raise unreadable(source, cause) from cause


def _as_text(values: pl.Series) -> pl.Series:
    if isinstance(values.dtype, pl.Datetime) and values.dtype.time_zone is not None:
        return values.dt.convert_time_zone("UTC").dt.strftime("%Y-%m-%dT%H:%M:%S%.f+00:00")
    if values.dtype.is_nested() or values.dtype == pl.Binary():
        raise pl.exceptions.InvalidOperationError(f"the column {values.name} holds {values.dtype}, not single values")
    return values.cast(pl.String)


def unreadable(source: Source, cause: Exception) -> TableError:
    """The error for a file that is no Parquet, or whose pages are damaged."""
    return TableError(
        f"The file cannot be read as Parquet: {str(cause).splitlines()[0]}",
        where=source.shown,
        next_step="It is damaged, cut short, or something else under the name .parquet: write or copy it again.",
    )
