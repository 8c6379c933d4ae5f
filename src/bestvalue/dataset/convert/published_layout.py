"""Files in a published layout: what a reader cannot use is left out for a stated reason, and nothing is a fault.

The publisher's rows are not the force's to correct, so every row that is not used is counted by its reason instead.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import polars as pl

from bestvalue.dataset.checks.conditions import PLACE, Condition, conditions
from bestvalue.dataset.checks.keys import repeats
from bestvalue.dataset.contracts import Table
from bestvalue.dataset.convert.parquet_writer import ParquetWriter
from bestvalue.dataset.convert.places import Place, Places
from bestvalue.dataset.convert.stored import checking_connection, quoted
from bestvalue.dataset.convert.tally import Tally
from bestvalue.dataset.files.rows import OpenFile, TextRows, read_ahead
from bestvalue.dataset.readers.reader import SOURCE_ROW, Reader
from bestvalue.errors import Fault

_EXAMPLES = 3
_SOURCE_FILE = "source_file"
RAGGED_ROW = "the row has more or fewer fields than the header"


def write_published_layout(
    table: Table, reader: Reader, files: Sequence[OpenFile], target: Path, *, time_zone: str, tally: Tally
) -> Iterator[tuple[float, str]]:
    """Read files in a published layout, leave out what cannot be used, and write the table.

    Args:
        table: the contract that the reader fills.
        reader: knows the layout.
        files: the files, opened.
        target: the Parquet to write.
        time_zone: IANA name of the force's clock.
        tally: takes the rows left out, notes and counts.

    Yields:
        How far it is (0 to 1) and what is being done, before each part of the work.
    """
    places = Places()
    everything = target.with_suffix(".all")
    try:
        with ParquetWriter(everything, {**table.schema, SOURCE_ROW: pl.Int64(), _SOURCE_FILE: pl.Int64()}) as writer:
            for at, file in enumerate(files):
                for batch in read_ahead(file.batches()):
                    yield at / len(files), f"Reading {file.source.shown}: {tally.rows_read:,} rows"
                    rows = _read(reader, batch, places, time_zone=time_zone, tally=tally)
                    writer.write(rows.with_columns(pl.lit(at, dtype=pl.Int64()).alias(_SOURCE_FILE)))
        yield 0.9, f"Checking {table.name}"
        with checking_connection() as connection:
            _keep_sound_rows(connection, table, reader, everything, target, places, tally)
    finally:
        everything.unlink(missing_ok=True)


def _read(reader: Reader, batch: TextRows, places: Places, *, time_zone: str, tally: Tally) -> pl.DataFrame:
    file = batch.source.shown
    tally.rows_read += batch.frame.height + len(batch.ragged)
    tally.leave_out(RAGGED_ROW, (Place(file=file, row=row.row_number) for row in batch.ragged), rows=len(batch.ragged))
    reading = reader.read(batch, time_zone)
    for reason, rows in reading.left_out.drop_nulls().value_counts().iter_rows():
        first = (reading.left_out == reason).arg_true().head(_EXAMPLES)
        tally.leave_out(reason, (Place(file=file, row=int(batch.row_numbers[at])) for at in first), rows=rows)
    for says, count in reading.notes.items():
        tally.note(says, count)
    before = places.count
    places.add(file, batch.row_numbers)
    return reading.rows.with_columns(pl.col(SOURCE_ROW).cast(pl.Int64) + before)


def _keep_sound_rows(
    connection: duckdb.DuckDBPyConnection, table: Table, reader: Reader, everything: Path, target: Path, places: Places, tally: Tally
) -> None:
    """Write the rows that keep the contract, each key once; a row of a file is left out when none of its rows is kept."""
    rows = f"(SELECT *, file_row_number AS {PLACE} FROM read_parquet({quoted(everything)}, file_row_number = true))"
    connection.execute(f"CREATE TEMP TABLE refused (place BIGINT, {SOURCE_ROW} BIGINT, reason VARCHAR)").fetchall()
    for check in conditions(table):
        _refuse(connection, check, rows)
        tally.check(check.says, 0)
    if reader.one_file_for:
        _refuse_later_files(connection, reader, rows)
    sound = f"(SELECT * FROM {rows} WHERE {PLACE} NOT IN (SELECT place FROM refused))"
    connection.execute(
        f"INSERT INTO refused SELECT {PLACE}, {SOURCE_ROW}, ? FROM ({repeats(sound, table.key)}) WHERE {PLACE} > first_place",
        [reader.repeats],
    ).fetchall()
    tally.check(f"no two rows share {' and '.join(table.key)}", 0)
    _tally_refused(connection, rows, places, tally)
    if tally.rows_read and tally.rows_left_out == tally.rows_read:
        tally.fault([_nothing_used(reader, tally)], total=1)
    columns = ", ".join(table.schema)
    connection.execute(
        f"COPY (SELECT {columns} FROM {rows} WHERE {PLACE} NOT IN (SELECT place FROM refused) ORDER BY {PLACE}) "
        f"TO {quoted(target)} (FORMAT parquet, COMPRESSION zstd)"
    ).fetchall()


def _nothing_used(reader: Reader, tally: Tally) -> Fault:
    first = tally.left_out[0]
    return Fault(
        what=f"none of the {tally.rows_read:,} rows can be used; {first.rows:,} of them because {first.reason} ({first.examples[0]})",
        file=reader.title,
        next_step="Check that these are the publisher's files as published, or name another reader.",
    )


def _refuse(connection: duckdb.DuckDBPyConnection, check: Condition, rows: str) -> None:
    connection.execute(
        f"INSERT INTO refused SELECT {PLACE}, {SOURCE_ROW}, ? FROM {rows} "
        f"WHERE {check.breaks} AND {PLACE} NOT IN (SELECT place FROM refused)",
        [f"not so: {check.says}"],
    ).fetchall()


def _refuse_later_files(connection: duckdb.DuckDBPyConnection, reader: Reader, rows: str) -> None:
    columns = ", ".join(reader.one_file_for)
    later = f"SELECT * FROM {rows} QUALIFY {_SOURCE_FILE} > min({_SOURCE_FILE}) OVER (PARTITION BY {columns})"
    connection.execute(
        f"INSERT INTO refused SELECT {PLACE}, {SOURCE_ROW}, ? FROM ({later}) WHERE {PLACE} NOT IN (SELECT place FROM refused)",
        [f"an earlier file holds the same {' and '.join(reader.one_file_for)}"],
    ).fetchall()


def _tally_refused(connection: duckdb.DuckDBPyConnection, rows: str, places: Places, tally: Tally) -> None:
    kept = f"SELECT {SOURCE_ROW} FROM {rows} WHERE {PLACE} NOT IN (SELECT place FROM refused)"
    lost = f"SELECT {SOURCE_ROW}, min(reason) AS reason FROM refused WHERE {SOURCE_ROW} NOT IN ({kept}) GROUP BY {SOURCE_ROW}"
    found = connection.execute(
        f"SELECT reason, count(*), list({SOURCE_ROW} ORDER BY {SOURCE_ROW})[:{_EXAMPLES}] FROM ({lost}) GROUP BY reason ORDER BY reason"
    ).fetchall()
    for reason, count, first in found:
        tally.leave_out(reason, (places.find(row) for row in first), rows=count)
    parts = connection.execute(
        f"SELECT reason, count(*) FROM refused WHERE {SOURCE_ROW} IN ({kept}) GROUP BY reason ORDER BY reason"
    ).fetchall()
    for reason, count in parts:
        tally.note(f"one value of a row is not used: {reason}", count)
