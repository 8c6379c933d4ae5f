"""What does a CSV file say? Its rows as text, with every row that does not fit the header named.

Arrow's reader is used because it names each row of the wrong length and goes on; DuckDB and polars stop at the first or
fill it up.
"""

import csv
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv as pc
from numpy.typing import NDArray

from bestvalue.dataset.files.encoding import TextStream, check_text, explain_undecodable, read_head
from bestvalue.dataset.files.rows import OpenFile, RaggedRow, TextRows, tidy
from bestvalue.dataset.files.source import Source
from bestvalue.errors import TableError

_BLOCK_BYTES = 16 << 20
_MOST_RAGGED_KEPT = 1_000
_DELIMITERS = ",;\t|"


def open_delimited(source: Source) -> OpenFile:
    """Read the header of a CSV file: comma, semicolon, tab or bar between the fields, UTF-8 with or without a mark.

    Raises:
        TableError: the file is empty, is no text, is not UTF-8, is cut short, or names a column twice.
    """
    head = read_head(source.path)
    check_text(source, head)
    # A wrong byte further on is named with its place when the rows are read; the header has to be right to begin with.
    first_lines = head.decode("utf-8-sig", errors="replace").splitlines(keepends=True)
    if "\N{REPLACEMENT CHARACTER}" in first_lines[0]:
        raise explain_undecodable(source)
    delimiter = _delimiter(first_lines[0])
    header = _header(source, first_lines, delimiter)
    return OpenFile(source=source, header=header, batches=lambda: _batches(source, header, delimiter))


def _delimiter(line: str) -> str:
    return max(_DELIMITERS, key=lambda mark: len(next(csv.reader([line], delimiter=mark), [])))


def _header(source: Source, lines: list[str], delimiter: str) -> list[str]:
    try:
        names = [name.strip() for name in next(csv.reader(lines, delimiter=delimiter))]
    except (csv.Error, StopIteration) as cause:
        raise TableError(f"The header cannot be read: {cause}", where=f"{source.shown}, row 1") from cause
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise TableError(
            f'The header names the column "{repeated[0]}" {names.count(repeated[0])} times',
            where=f"{source.shown}, row 1",
            next_step="Give each column its own name.",
        )
    return names


def _batches(source: Source, header: list[str], delimiter: str) -> Iterator[TextRows]:
    ragged: list[RaggedRow] = []
    next_row, frame = 2, _empty(header)
    try:
        stream = TextStream(pa.input_stream(str(source.path), compression="gzip" if source.path.suffix.lower() == ".gz" else None))
        for batch in _arrow_batches(stream, header, delimiter, ragged):
            numbers, next_row = _number_rows(next_row, batch.num_rows, ragged)
            passed = [row for row in ragged if row.row_number < next_row]
            del ragged[: len(passed)]
            rows = tidy(pl.DataFrame(pa.Table.from_batches([batch])))
            frame = rows if rows.height else frame
            yield TextRows(source=source, frame=rows, row_numbers=numbers, ragged=tuple(passed))
    except UnicodeDecodeError as cause:
        raise explain_undecodable(source) from cause
    except pa.ArrowInvalid as cause:
        raise _explain(source, cause) from cause
    except OSError as cause:
        raise TableError(
            f"The file cannot be unpacked: {cause}", where=source.shown, next_step="It is damaged or cut short: fetch or copy it again."
        ) from cause
    if stream.quotes % 2:
        _check_closed(source, frame)
    if ragged:
        yield TextRows(source=source, frame=_empty(header), row_numbers=np.empty(0, np.int64), ragged=tuple(ragged))


def _arrow_batches(stream: TextStream, header: list[str], delimiter: str, ragged: list[RaggedRow]) -> Iterator[Any]:
    def note(row: Any) -> str:
        # Counting needs the number of every such row; of their texts only a few are looked at.
        text = row.text if len(ragged) < _MOST_RAGGED_KEPT else ""
        ragged.append(
            RaggedRow(row_number=row.number, fields=row.actual_columns, expected=row.expected_columns, open_quote=text.count('"') % 2 == 1)
        )
        return "skip"

    with pa.PythonFile(stream, mode="r") as file:
        reader = pc.open_csv(
            file,
            read_options=pc.ReadOptions(block_size=_BLOCK_BYTES, use_threads=False, column_names=header, skip_rows_after_names=1),
            parse_options=pc.ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=note),
            convert_options=pc.ConvertOptions(
                column_types={name: pa.string() for name in header}, strings_can_be_null=True, null_values=[""]
            ),
        )
        yield from reader


def _empty(header: list[str]) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(header, pl.String()))


def _number_rows(first: int, count: int, ragged: list[RaggedRow]) -> tuple[NDArray[np.int64], int]:
    """Numbers of the next `count` good rows from row `first` on, and the row after them: ragged rows take numbers too."""
    skipped = np.array([row.row_number for row in ragged if row.row_number >= first], dtype=np.int64)
    candidates = np.arange(first, first + count + len(skipped), dtype=np.int64)
    numbers = candidates[~np.isin(candidates, skipped)][:count]
    return numbers, int(numbers[-1]) + 1 if count else first


def _check_closed(source: Source, last: pl.DataFrame) -> None:
    # A quotation mark that is never closed swallows the rest of the file into the last field, without an error.
    final = last.row(-1)[-1] if last.height else None
    if final is not None and "\n" in final:
        raise TableError(
            f"A quotation mark is opened and not closed; the text from there on begins: {final[:60]!r}",
            where=source.shown,
            next_step="Close it, or remove it.",
        )


def _explain(source: Source, cause: pa.ArrowInvalid) -> TableError:
    if "Empty CSV" in str(cause):
        return TableError("The file is empty", where=source.shown, next_step="Supply the table with its header.")
    return TableError(
        f"The file cannot be read as CSV: {str(cause).splitlines()[0]}",
        where=source.shown,
        next_step="Look for a quotation mark that is opened and not closed, and save the file as CSV (UTF-8) again.",
    )
