"""What does a sheet of a workbook say? Its rows as text, read only after the workbook has been shown to be harmless."""

import logging
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

import fastexcel
import numpy as np
import polars as pl

from bestvalue.dataset.files.package import SheetScan, check_package, scan_sheet
from bestvalue.dataset.files.rows import OpenFile, TextRows, tidy
from bestvalue.dataset.files.source import Source
from bestvalue.errors import Fault, TableError, TableFaults

# fastexcel logs a line for each column of mixed types; every column is read as text here, and checked by the contract.
logging.getLogger("fastexcel").setLevel(logging.ERROR)


def sheet_names(path: Path) -> list[str]:
    """The names of a workbook's sheets, in order.

    Raises:
        TableError: it is no workbook, holds macros, is protected by a password, or unpacks to more than is sane.
    """
    return list(check_package(path))


def open_workbook(source: Source, *, exact: Collection[str] = ()) -> OpenFile:
    """Read the header of the sheet that bears the table's name, or of the only sheet.

    Args:
        source: the workbook, with the sheet to read.
        exact: columns whose numbers matter to the last digit; a text reads 9 decimals.

    Raises:
        TableError: the workbook cannot be read, or has no such sheet.
        TableFaults: while reading: cells hold an error of Excel (#N/A) or a formula that was never worked out.
    """
    sheets = check_package(source.path)
    sheet = _choose(source, list(sheets))
    placed = replace(source, shown=f"{source.shown}, sheet {sheet}")
    header = _read(placed, sheet, exact=(), most_rows=0).columns

    def batches() -> Iterator[TextRows]:
        scanned = scan_sheet(source.path, sheets[sheet])
        _check_cells(placed, scanned)
        frame = _read(placed, sheet, exact=exact)
        first = scanned.first_row + 1
        yield TextRows(source=placed, frame=frame, row_numbers=np.arange(first, first + frame.height, dtype=np.int64))

    return OpenFile(source=placed, header=header, batches=batches)


def _choose(source: Source, sheets: list[str]) -> str:
    for name in sheets:
        if name.strip().lower() == source.sheet.lower():
            return name
    if len(sheets) == 1:
        return sheets[0]
    raise TableError(
        f"The workbook has no sheet {source.sheet}: it has {', '.join(sheets)}",
        where=source.shown,
        next_step=f"Give the sheet that holds the table the name {source.sheet}.",
    )


def _check_cells(source: Source, scanned: SheetScan) -> None:
    faults = [
        *(
            Fault(what=f"cell {column}{row} holds an error of Excel", file=source.shown, row=row, next_step="Correct the formula.")
            for column, row in scanned.error_cells
        ),
        *(
            Fault(
                what=f"cell {column}{row} holds a formula without a saved value",
                file=source.shown,
                row=row,
                next_step="Open the workbook in Excel and save it.",
            )
            for column, row in scanned.blank_formulas
        ),
    ]
    if faults:
        faults.sort(key=lambda fault: fault.row or 0)
        raise TableFaults(faults, total=len(faults), where=source.shown, next_step="Correct the sheet and save it.")


def _read(source: Source, sheet: str, *, exact: Collection[str], most_rows: int | None = None) -> pl.DataFrame:
    try:
        book = fastexcel.read_excel(source.path)
        frame = book.load_sheet(sheet, dtypes="string", n_rows=most_rows).to_polars()
        numeric = [name for name in frame.columns if name in exact]
        if numeric and frame.height:
            numbers = book.load_sheet(
                sheet, dtypes={**dict.fromkeys(frame.columns, "string"), **dict.fromkeys(numeric, "float")}
            ).to_polars()
            frame = frame.with_columns(numbers[name].cast(pl.String).fill_null(frame[name]).alias(name) for name in numeric)
    except fastexcel.FastExcelError as cause:
        raise TableError(
            f"The sheet {sheet} cannot be read: {str(cause).splitlines()[0]}",
            where=source.shown,
            next_step="Save the workbook again, or save the sheet as CSV (UTF-8).",
        ) from cause
    return tidy(frame.rename(str.strip))
