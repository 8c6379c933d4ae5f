"""How are tables of many millions of rows written? As Arrow columns made straight from numpy arrays, batch by batch.

A text column of few values is written from its codes, and a numbered one from its digits: no Python string is made for a
row, which is what would cost minutes and gigabytes at full scale.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from bestvalue.dataset.contracts import Kind, Table

STORED_BY_ARROW: Mapping[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.WHOLE_NUMBER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.YES_NO: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.TIME: pa.timestamp("us"),
    Kind.PENCE: pa.int64(),
}
"""The Arrow twin of `contracts.STORED_AS`."""

ROWS_A_GROUP = 250_000


def coded(codes: NDArray[np.integer], values: Sequence[str], *, empty: NDArray[np.bool_] | None = None) -> pa.Array:
    """A text column in which row i is `values[codes[i]]`, or nothing where `empty` is true."""
    # Arrow writes a dictionary as it is only if no value comes twice, and looks up the codes of empty rows too.
    distinct = list(dict.fromkeys(values))
    code_of = np.array([distinct.index(value) for value in values], dtype=np.int32)
    known = codes if empty is None else np.where(empty, 0, codes)
    return pa.DictionaryArray.from_arrays(pa.array(code_of[known], mask=empty), pa.array(distinct, pa.string()))


def numbered(prefix: str, serials: NDArray[np.integer], *, digits: int) -> pa.Array:
    """A text column of `prefix` followed by each serial number, filled with zeros to `digits`."""
    start = np.frombuffer(prefix.encode("ascii"), dtype=np.uint8)
    width = len(start) + digits
    letters = np.empty((len(serials), width), dtype=np.uint8)
    letters[:, : len(start)] = start
    rest = serials.astype(np.uint32)
    for place in range(width - 1, len(start) - 1, -1):
        rest, digit = np.divmod(rest, np.uint32(10))
        letters[:, place] = digit + ord("0")
    offsets = np.arange(0, (len(serials) + 1) * width, width, dtype=np.int32)
    return pa.StringArray.from_buffers(len(serials), pa.py_buffer(offsets), pa.py_buffer(letters))


def clock(origin: datetime, seconds: NDArray[np.integer], *, empty: NDArray[np.bool_] | None = None) -> pa.Array:
    """A time column: `seconds` after `origin` by the local clock, or nothing where `empty` is true."""
    micros = np.datetime64(origin, "us").astype(np.int64) + seconds.astype(np.int64) * 1_000_000
    return pa.array(micros, mask=empty).cast(pa.timestamp("us"))


def numbers(values: NDArray[Any], *, empty: NDArray[np.bool_] | None = None) -> pa.Array:
    """A column of numbers, or nothing where `empty` is true."""
    return pa.array(values, mask=empty)


class TableWriter:
    """Writes one table in batches; columns that a batch leaves out are empty.

    Args:
        contract: says the columns, their order and types.
        folder: where `<name>.parquet` goes.
    """

    def __init__(self, contract: Table, folder: Path) -> None:
        self.contract = contract
        self.path = folder / f"{contract.name}.parquet"
        self.rows = 0
        self._fields = {column.name: STORED_BY_ARROW[column.kind] for column in contract.columns}
        self._writer: pq.ParquetWriter | None = None

    def write(self, columns: Mapping[str, Any]) -> None:
        """Add one batch: a pyarrow array, numpy array or list for each column that has values.

        Raises:
            KeyError: a column that the contract does not have.
        """
        unknown = sorted(set(columns) - set(self._fields))
        if unknown:
            raise KeyError(f"{self.contract.name} has no column {', '.join(unknown)}")
        length = len(next(iter(columns.values())))
        batch = pa.table({name: _as_arrow(columns.get(name), kind, length) for name, kind in self._fields.items()})
        if self._writer is None:
            # Without Arrow's own schema in the file, coded columns read back as plain text in every reader.
            self._writer = pq.ParquetWriter(
                self.path,
                batch.schema,
                compression="zstd",
                compression_level=1,
                store_schema=False,
                use_dictionary=[name for name, kind in self._fields.items() if _repeats(batch.column(name).type, kind)],
            )
        self._writer.write_table(batch, row_group_size=ROWS_A_GROUP)
        self.rows += length

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._writer is not None:
            self._writer.close()


def write_table(contract: Table, folder: Path, columns: Mapping[str, Any]) -> TableWriter:
    """Write a table that is small enough for one batch."""
    with TableWriter(contract, folder) as writer:
        writer.write(columns)
    return writer


def _as_arrow(values: Any, kind: pa.DataType, length: int) -> pa.Array:
    if values is None:
        return pa.nulls(length, kind)
    array = values if isinstance(values, pa.Array) else pa.array(values)
    if pa.types.is_dictionary(array.type):
        return array
    return array.cast(kind)


def _repeats(found: pa.DataType, kind: pa.DataType) -> bool:
    # Numbered text never repeats: a dictionary of it would be built, found too large and thrown away for every group.
    return pa.types.is_dictionary(found) or kind in (pa.int64(), pa.bool_(), pa.date32())
