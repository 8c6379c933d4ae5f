"""What does an OpenDocument workbook of a publisher say? All its sheets as one grid of text, each row with its sheet and title.

Statistical workbooks are not tables: titles stand above, notes below, one subject a sheet. So a workbook is read whole, and a
reader finds the tables in it. Its "header" is the titles of its sheets, by which a reader recognises it.
"""

import string
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import fastexcel
import numpy as np
import polars as pl

from bestvalue.dataset.files.rows import OpenFile, TextRows, tidy
from bestvalue.dataset.files.source import Source
from bestvalue.errors import TableError

SHEET, TITLE, SHEET_ROW = "sheet", "sheet title", "row of the sheet"
"""Columns of the grid beside its cells, which are named A, B, C, ... as a spreadsheet does."""

MOST_UNPACKED_BYTES = 1 << 30
MOST_COLUMNS, MOST_ROWS = 256, 100_000
"""No published table is larger; a sheet of repeated blank cells may claim to be."""

_KIND = b"application/vnd.oasis.opendocument.spreadsheet"


def open_document(source: Source) -> OpenFile:
    """Make a workbook ready to be read; its header is the titles of its sheets.

    Raises:
        TableError: it is no OpenDocument sheet, holds macros, is protected by a password, or is larger than is sane.
    """
    check_document(source.path)
    grid = _grid(source)
    header = grid[TITLE].unique(maintain_order=True).drop_nulls().to_list()

    def batches() -> Iterator[TextRows]:
        yield TextRows(source=replace(source), frame=grid, row_numbers=grid[SHEET_ROW].cast(pl.Int64).to_numpy())

    return OpenFile(source=source, header=header, batches=batches)


def check_document(path: Path) -> None:
    """Check that a file is an OpenDocument workbook and unpacks to a sane size; what an archive says of its own sizes may be a lie.

    Raises:
        TableError: it is not, or does not.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "content.xml" not in names or not archive.read("mimetype").startswith(_KIND):
                raise _refused(path, "The file is not an OpenDocument sheet")
            if any(name.startswith(("Basic/", "Scripts/")) for name in names):
                raise _refused(path, "The workbook holds macros")
            if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise _refused(path, "The workbook is protected by a password")
            _check_size(path, archive)
    except (zipfile.BadZipFile, KeyError, zlib.error, EOFError) as cause:
        raise _refused(path, "The file is damaged or no OpenDocument sheet") from cause


def _check_size(path: Path, archive: zipfile.ZipFile) -> None:
    unpacked = 0
    with archive.open("content.xml") as content:
        while chunk := content.read(4 << 20):
            unpacked += len(chunk)
            if unpacked > MOST_UNPACKED_BYTES:
                raise _refused(path, f"The workbook unpacks to more than {MOST_UNPACKED_BYTES >> 20} MB")


def _refused(path: Path, what: str) -> TableError:
    return TableError(
        what, where=path.name, next_step="Save it again as .ods without macros and password, or save the table as CSV (UTF-8)."
    )


def _grid(source: Source) -> pl.DataFrame:
    try:
        book = fastexcel.read_excel(source.path)
        sheets = [_sheet(source, book, name) for name in book.sheet_names]
    except fastexcel.FastExcelError as cause:
        raise _refused(source.path, f"The workbook cannot be read: {str(cause).splitlines()[0]}") from cause
    return tidy(pl.concat(sheets, how="diagonal"))


def _sheet(source: Source, book: fastexcel.ExcelReader, name: str) -> pl.DataFrame:
    cells = book.load_sheet(name, header_row=None, skip_rows=0, n_rows=MOST_ROWS + 1, dtypes="string").to_polars()
    if cells.height > MOST_ROWS or cells.width > MOST_COLUMNS:
        raise _refused(source.path, f"The sheet {name} has {cells.height:,} rows or more and {cells.width:,} columns")
    cells = cells.rename(dict(zip(cells.columns, map(_letters, range(cells.width)), strict=True)))
    title = next((text for text in cells["A"].head(12) if text and text.strip()), name) if cells.height else name
    return cells.select(
        pl.lit(name).alias(SHEET),
        pl.lit(" ".join(title.split())).alias(TITLE),
        pl.Series(SHEET_ROW, np.arange(1, cells.height + 1)).cast(pl.String),
        pl.all(),
    )


def _letters(place: int) -> str:
    """The name of a column as a spreadsheet gives it: A to Z, then AA."""
    first, last = divmod(place, len(string.ascii_uppercase))
    return (string.ascii_uppercase[first - 1] if first else "") + string.ascii_uppercase[last]
