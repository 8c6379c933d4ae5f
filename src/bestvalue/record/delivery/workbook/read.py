"""What does a workbook that comes back say? Its rows as text, what it said when it left, and every fault with its sheet, row and column."""

import io
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.crypto import constant_time_compare
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from bestvalue.dataset.files.package import check_package
from bestvalue.dataset.files.source import format_of
from bestvalue.errors import Fault, TableError
from bestvalue.record.delivery.workbook import layout
from bestvalue.record.delivery.workbook.cells import CellError, from_file
from bestvalue.record.delivery.workbook.layout import Sheet
from bestvalue.record.delivery.workbook.rows import Row
from bestvalue.record.delivery.workbook.write import register_code, signature_of

MOST_PACKED_BYTES, MOST_UNPACKED_BYTES = 20 << 20, 256 << 20
AGAIN = "Take the workbook out again, and bring that one back."


@dataclass(frozen=True, kw_only=True)
class ReadRow:
    """One row of a sheet that came back.

    Args:
        number: as the spreadsheet counts; the header is row 1.
        key: id of the row in the register; empty for a new one.
        version: of the row when it left, as it stands in the sheet.
        cells: by the key of the column; cells with a fault, and those of a column that is not there, are left out.
    """

    number: int
    key: str
    version: str
    cells: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ReadBook:
    """A workbook that came back.

    Args:
        name: of the file.
        rows: of each sheet.
        base: the rows as they were when it left.
        faults: everything that is wrong in it.
    """

    name: str
    rows: Mapping[str, Sequence[ReadRow]]
    base: Mapping[str, Mapping[str, Row]]
    faults: Sequence[Fault]


def read_book(content: bytes, *, name: str) -> ReadBook:
    """Read a workbook that was taken out of this register.

    Args:
        content: of the file.
        name: under which it came; its ending says what it claims to be.

    Raises:
        TableError: it is no workbook, holds macros, unpacks to more than is sane, left another register, or its hidden sheet was changed.
    """
    _check_file(content, name)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        base = _base(book, name)
        faults: list[Fault] = []
        rows = {sheet.name: list(_rows(book, sheet, name, faults)) for sheet in layout.SHEETS.values()}
        book.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, IndexError, AttributeError) as cause:
        # openpyxl meets a sheet that no spreadsheet wrote with whatever error that part of it leads to.
        raise TableError(f"The file cannot be read as a workbook: {cause}", where=name, next_step=AGAIN) from cause
    return ReadBook(name=name, rows=rows, base=base, faults=faults)


def _check_file(content: bytes, name: str) -> None:
    if len(content) > MOST_PACKED_BYTES:
        raise TableError(f"The file has more than {MOST_PACKED_BYTES >> 20} MB", where=name, next_step="Take out the plan of one report.")
    if Path(name).suffix.lower() != ".xlsx":
        format_of(Path(name))  # says of .xlsm and .xls what to do
        raise TableError("The register comes back as an Excel workbook (.xlsx)", where=name, next_step=AGAIN)
    with tempfile.TemporaryDirectory(prefix="bestvalue-") as folder:
        path = Path(folder) / "workbook.xlsx"
        path.write_bytes(content)
        try:
            with zipfile.ZipFile(path) as package:
                unpacked = sum(member.file_size for member in package.infolist())
            if unpacked > MOST_UNPACKED_BYTES:
                raise TableError(f"The workbook is refused: its {len(content):,} bytes unpack to {unpacked:,}", where=name, next_step=AGAIN)
            check_package(path)
        except zipfile.BadZipFile as cause:
            raise TableError("The file is not an Excel workbook", where=name, next_step=AGAIN) from cause
        except TableError as refused:
            raise TableError(refused.what, where=name, next_step=refused.next_step) from refused


def _base(book: Any, name: str) -> Mapping[str, Mapping[str, Row]]:
    if layout.BASE_SHEET not in book.sheetnames:
        raise TableError("This workbook was not taken out of a register", where=name, next_step=AGAIN)
    lines = list(book[layout.BASE_SHEET].iter_rows(max_col=2, max_row=layout.MOST_LINES, values_only=True))
    code, signature = lines[0] if lines else ("", "")
    if code != register_code():
        raise TableError("This workbook was taken out of another register", where=name, next_step="Bring it back to the register it left.")
    content = "".join(str(line[0] or "") for line in lines[1:])
    if not constant_time_compare(signature_of(content), str(signature)):
        raise TableError("The hidden sheet of this workbook was changed", where=name, next_step=AGAIN)
    return {
        sheet: {key: Row(version=version, cells=cells) for key, (version, cells) in rows.items()}
        for sheet, rows in json.loads(content).items()
    }


def _rows(book: Any, sheet: Sheet, name: str, faults: list[Fault]) -> Iterator[ReadRow]:
    place = f"{name}, sheet {sheet.name}"
    if sheet.name not in book.sheetnames:
        faults.append(Fault(what=f"the sheet {sheet.name} is missing", file=name, next_step=AGAIN))
        return
    lines = book[sheet.name].iter_rows(max_col=layout.MOST_COLUMNS, max_row=layout.MOST_ROWS + 1_000)
    headings = {str(cell.value).strip(): number for number, cell in enumerate(next(lines, ())) if cell.value is not None}
    wanted = [layout.ID, layout.VERSION, *(column.heading for column in sheet.columns)]
    missing = [heading for heading in wanted if heading not in headings]
    faults += [Fault(what="the column was deleted or renamed", file=place, row=1, column=one, next_step=AGAIN) for one in missing]
    if missing:
        return
    for number, line in enumerate(lines, start=2):
        if any(cell.value not in (None, "") for cell in line):
            yield _row(sheet, line, headings, number, place, faults)


def _row(sheet: Sheet, line: Sequence[Any], headings: Mapping[str, int], number: int, place: str, faults: list[Fault]) -> ReadRow:
    cells = {}
    for column in sheet.columns:
        cell = _cell(line, headings[column.heading])
        if cell is None:
            cells[column.key] = ""
        elif cell.data_type == "f":
            faults.append(_fault(place, number, column.heading, f"it holds the formula {cell.value}", "Enter the value instead."))
        elif cell.data_type == "e":
            faults.append(_fault(place, number, column.heading, f"it holds the error {cell.value}", "Enter the value instead."))
        else:
            try:
                cells[column.key] = from_file(cell.value, column.holds)
            except CellError as broken:
                faults.append(_fault(place, number, column.heading, broken.what, broken.next_step))
    key = _plain(_cell(line, headings[layout.ID]))
    version = _plain(_cell(line, headings[layout.VERSION]))
    if not key and version:
        faults.append(_fault(place, number, layout.ID, "the hidden id of the row is gone", AGAIN))
    return ReadRow(number=number, key=key, version=version, cells=cells)


def _cell(line: Sequence[Any], place: int) -> Any:
    return line[place] if place < len(line) and line[place].value is not None else None


def _plain(cell: Any) -> str:
    return "" if cell is None else str(cell.value).strip()


def _fault(place: str, number: int, column: str, what: str, next_step: str) -> Fault:
    return Fault(what=what, file=place, row=number, column=column, next_step=next_step)


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Faults as somebody goes through the file: by sheet, then by row."""
    return sorted(faults, key=lambda fault: (fault.file, fault.row or 0, fault.column))
