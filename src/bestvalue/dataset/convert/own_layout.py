"""Files in the contract's own layout: every value that is none and every row that breaks the contract is a fault."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from bestvalue.dataset.checks.conditions import required_condition
from bestvalue.dataset.checks.header import header_faults, header_warnings
from bestvalue.dataset.checks.values import HELD_BACK, HOW_TO_WRITE, NAMED, read_values
from bestvalue.dataset.contracts import Column, Kind, Table
from bestvalue.dataset.convert.parquet_writer import ParquetWriter
from bestvalue.dataset.convert.places import Place, Places
from bestvalue.dataset.convert.row_faults import find_row_faults
from bestvalue.dataset.convert.stored import stored_rows
from bestvalue.dataset.convert.tally import Tally
from bestvalue.dataset.files.rows import OpenFile, TextRows, read_ahead
from bestvalue.errors import LISTED_EACH, SHOWN_FAULTS, Fault, several

BLANK_ROW = "the row is blank"


def write_own_layout(table: Table, files: Sequence[OpenFile], target: Path, *, time_zone: str, tally: Tally) -> Iterator[tuple[float, str]]:
    """Read files in the contract's own layout, check them and write the table.

    Args:
        table: the contract.
        files: the files, opened.
        target: the Parquet to write; of no use when the tally has faults afterwards.
        time_zone: IANA name of the force's clock.
        tally: takes faults, notes and counts.

    Yields:
        How far it is (0 to 1) and what is being done, before each part of the work.
    """
    places = Places()
    with ParquetWriter(target, table.schema) as writer:
        for at, file in enumerate(files):
            _check_header(table, file, tally)
            for batch in read_ahead(file.batches()):
                yield at / len(files), f"Reading {file.source.shown}: {tally.rows_read:,} rows"
                rows = _marks_apart(table, _without_blank_rows(batch, tally), tally)
                _note_ragged(batch, tally)
                writer.write(_typed(table, rows, time_zone=time_zone, tally=tally))
                places.add(file.source.shown, rows.row_numbers)
    tally.runs = places.runs()
    if not places.count:
        tally.warnings.append("the table has no row")
    yield 0.9, f"Checking {table.name}"
    find_row_faults(table, stored_rows([target]), places.find, tally=tally, required=False)


def _check_header(table: Table, file: OpenFile, tally: Tally) -> None:
    faults = header_faults(file.header, table, file=file.source.shown)
    tally.fault(faults, total=len(faults))
    tally.warnings.extend(header_warnings(file.header, table, file=file.source.shown))


def _without_blank_rows(batch: TextRows, tally: Tally) -> TextRows:
    tally.rows_read += batch.frame.height + len(batch.ragged)
    if not all(batch.frame[name].null_count() for name in batch.frame.columns):
        return batch
    blank = batch.frame.select(pl.all_horizontal(pl.all().is_null())).to_series().to_numpy()
    numbers = batch.row_numbers[blank]
    tally.leave_out(BLANK_ROW, (Place(file=batch.source.shown, row=int(row)) for row in numbers), rows=len(numbers))
    return TextRows(source=batch.source, frame=batch.frame.filter(~blank), row_numbers=batch.row_numbers[~blank])


def _marks_apart(table: Table, rows: TextRows, tally: Tally) -> TextRows:
    """Move what stands in place of a figure ("<5", "*", "..") into the column for it, so that it is kept and not read as a number."""
    frame = rows.frame
    for column in table.columns:
        if not column.marks_into or frame.schema.get(column.name) != pl.String():
            continue
        marked = frame[column.name].str.contains(HELD_BACK).fill_null(value=False)
        if not marked.any():
            continue
        said = frame[column.marks_into] if column.marks_into in frame.columns else frame[column.name].clear(frame.height)
        frame = frame.with_columns(
            pl.when(marked & said.is_null()).then(pl.col(column.name)).otherwise(said).alias(column.marks_into),
            pl.when(~marked).then(pl.col(column.name)).alias(column.name),
        )
        tally.note(f"{column.name} is held back by its publisher: left empty, and kept in {column.marks_into}", int(marked.sum()))
    return TextRows(source=rows.source, frame=frame, row_numbers=rows.row_numbers, ragged=rows.ragged)


def _note_ragged(batch: TextRows, tally: Tally) -> None:
    faults = [
        Fault(
            what=row.says,
            file=batch.source.shown,
            row=row.row_number,
            next_step="Put quotation marks around a text with a delimiter in it.",
        )
        for row in batch.ragged[:SHOWN_FAULTS]
    ]
    tally.fault(faults, total=len(batch.ragged))
    tally.leave_out("the row cannot be read", (Place(file=f.file, row=f.row or 0) for f in faults), rows=len(batch.ragged))


def _typed(table: Table, rows: TextRows, *, time_zone: str, tally: Tally) -> pl.DataFrame:
    typed = {}
    for column in table.columns:
        if column.name not in rows.frame.columns:
            continue
        texts = rows.frame[column.name]
        read = read_values(texts, column.kind, time_zone=time_zone)
        typed[column.name] = read.values
        _check_values(column, texts, read.values, rows, tally)
        for says, count in read.notes.items():
            tally.note(f"{column.name} holds {says}", count)
    return pl.DataFrame(typed)


def _check_values(column: Column, texts: pl.Series, values: pl.Series, rows: TextRows, tally: Tally) -> None:
    if column.kind is Kind.TEXT:
        broken = texts.str.contains("\0", literal=True).fill_null(value=False)
        _fault_values(column, "holds a NUL character", "Remove it.", texts, broken, rows, tally)
    else:
        tally.check(f"{column.name} reads as {NAMED[column.kind]}", values.null_count() - texts.null_count())
        if values.null_count() > texts.null_count():
            broken = values.is_null() & texts.is_not_null()
            _fault_values(column, f"is not {NAMED[column.kind]}", HOW_TO_WRITE[column.kind], texts, broken, rows, tally)
    if column.required:
        tally.check(required_condition(column).says, texts.null_count())
        if texts.null_count():
            _fault_values(column, "", required_condition(column).next_step, texts, texts.is_null(), rows, tally)


def _fault_values(column: Column, wrong: str, step: str, texts: pl.Series, broken: pl.Series, rows: TextRows, tally: Tally) -> None:
    at = pl.DataFrame({"at": broken.arg_true()}).with_columns(text=texts.filter(broken))
    by = ["text"] if at.height > LISTED_EACH else ["text", "at"]
    groups = at.group_by(by, maintain_order=True).agg(first=pl.col("at").min(), rows=pl.len()).head(SHOWN_FAULTS)
    faults = []
    for text, first, count in groups.select("text", "first", "rows").iter_rows():
        row = int(rows.row_numbers[first])
        says = f'"{_short(text)}" {wrong}' if wrong else f"{column.name} is empty"
        more = several(count, row)
        faults.append(Fault(what=says + more, file=rows.source.shown, row=row, column=column.name, next_step=step, rows=count))
    tally.fault(faults, total=at.height)


def _short(text: str, *, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[:most]}..."
