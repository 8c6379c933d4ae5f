"""How is the register written as a workbook? Each sheet with its two hidden columns, drop-downs, and all but the editable cells protected.

What was taken out is kept in a hidden sheet of its own, signed with the key of the register: so a workbook that comes back says what it
said when it left, and nobody can make it say otherwise.
"""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from copy import copy

from django.conf import settings
from django.utils.crypto import salted_hmac
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bestvalue.record.delivery.workbook import layout
from bestvalue.record.delivery.workbook.cells import in_file
from bestvalue.record.delivery.workbook.layout import Column, Holds, Sheet
from bestvalue.record.delivery.workbook.rows import Book, Row

NEW_ROWS = 200
"""Rows below the last one that are open for what is new."""
_FREE, _FILL = Protection(locked=False), PatternFill("solid", fgColor="FFF7E0")
_TOP = Alignment(wrap_text=True, vertical="top")
_DAY = "DD/MM/YYYY"
_PIECE = 30_000  # of the signed text: a cell holds 32,767 characters


def write_book(book: Book, *, title: str) -> bytes:
    """The workbook as a file.

    Args:
        book: the rows.
        title: what was taken out, for the first sheet.
    """
    workbook = Workbook()
    lists = book.names.lists()
    _write_words(workbook.active or workbook.create_sheet(), title, book.marking)
    for name, rows in book.sheets.items():
        _write_sheet(workbook.create_sheet(name), layout.SHEETS[name], rows, lists)
    _write_lists(workbook, lists)
    _write_base(workbook.create_sheet(layout.BASE_SHEET), book)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def signature_of(content: str) -> str:
    """What shows that a text left this register: its code under the register's own key."""
    return salted_hmac("bestvalue.workbook", content, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()


def register_code() -> str:
    """A name for this register that says nothing of its key: it tells another register's workbook from one that was changed."""
    return signature_of("this register")[:16]


def _write_words(sheet: Worksheet, title: str, marking: str) -> None:
    sheet.title = "Read me"
    lines = [
        title,
        marking,
        "Yellow cells can be changed; all others are protected. Bring the file back to the page it came from.",
        "You see every change before anything is written, and whatever somebody else changed meanwhile.",
        "Rows that you delete stay in the register: nothing is taken away. Formulas are not read: enter values.",
        *(f"{one.name}. {one.says}" for one in layout.SHEETS.values()),
    ]
    for place, line in enumerate(lines, start=1):
        cell = sheet.cell(row=place, column=1)
        _set(cell, line)
        cell.alignment = _TOP
    sheet.cell(row=1, column=1).font = Font(bold=True)
    sheet.column_dimensions["A"].width = 110


def _write_sheet(sheet: Worksheet, described: Sheet, rows: Mapping[str, Row], lists: Mapping[str, Sequence[str]]) -> None:
    headings = [layout.ID, layout.VERSION, *(column.heading for column in described.columns)]
    for place, heading in enumerate(headings, start=1):
        cell = sheet.cell(row=1, column=place)
        _set(cell, heading)
        cell.font, cell.alignment = Font(bold=True), _TOP
    styles = _styles(sheet)
    for number, (key, row) in enumerate(rows.items(), start=2):
        _set(sheet.cell(row=number, column=1), key)
        sheet.cell(row=number, column=2).value = row.version
        for place, column in enumerate(described.columns, start=3):
            style = styles[column.holds is Holds.DATE, column.changes]
            _write_cell(sheet, number, place, column, row.cells[column.key], style=style)
    last = len(rows) + 1
    if described.adds:
        for number in range(last + 1, last + NEW_ROWS + 1):
            for place, column in enumerate(described.columns, start=3):
                if column.fills:
                    _write_cell(sheet, number, place, column, "", style=styles[column.holds is Holds.DATE, True])
        last += NEW_ROWS
    for place, column in enumerate(described.columns, start=3):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = column.width
        _offer(sheet, column, f"{letter}2:{letter}{max(last, 2)}", lists)
    for letter in "AB":
        sheet.column_dimensions[letter].hidden = True
    sheet.freeze_panes = "D2"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.autoFilter = sheet.protection.sort = False


def _write_cell(sheet: Worksheet, number: int, place: int, column: Column, text: str, *, style: StyleArray) -> None:
    cell = sheet.cell(row=number, column=place)
    value = in_file(text, column.holds)
    if isinstance(value, str):
        _set(cell, value)
    elif value is not None:
        cell.value = value
    # One style for all cells of a kind: setting its parts cell by cell takes half of the time of a workbook.
    cell._style = copy(style)


def _styles(sheet: Worksheet) -> Mapping[tuple[bool, bool], StyleArray]:
    """The style of a cell, by whether it holds a date and whether it can be changed."""
    found = {}
    for is_date in (False, True):
        for free in (False, True):
            cell = Cell(sheet, row=1, column=1)
            cell.alignment = _TOP
            if is_date:
                cell.number_format = _DAY
            if free:
                cell.protection, cell.fill = _FREE, _FILL
            found[is_date, free] = cell._style
    return found


def _offer(sheet: Worksheet, column: Column, cells: str, lists: Mapping[str, Sequence[str]]) -> None:
    """The drop-down of a column of choices, and the check of a column of dates."""
    if column.holds is Holds.CHOICE and lists.get(column.choices):
        offered = DataValidation(type="list", formula1=f"={column.choices}", allow_blank=True)
        offered.error, offered.errorTitle, offered.showErrorMessage = "Select one of the list.", column.heading, True
    elif column.holds is Holds.DATE:
        offered = DataValidation(type="date", operator="greaterThan", formula1="36526", allow_blank=True)  # 1 January 2000
        offered.error, offered.errorTitle, offered.showErrorMessage = "Enter a date, such as 27/03/2026.", column.heading, True
        offered.errorStyle = "warning"
    else:
        return
    offered.add(cells)
    sheet.add_data_validation(offered)


def _write_lists(workbook: Workbook, lists: Mapping[str, Sequence[str]]) -> None:
    sheet = workbook.create_sheet(layout.LISTS_SHEET)
    for place, (name, words) in enumerate(lists.items(), start=1):
        _set(sheet.cell(row=1, column=place), name)
        for number, one in enumerate(words, start=2):
            _set(sheet.cell(row=number, column=place), str(in_file(one, Holds.TEXT) or ""))
        letter = get_column_letter(place)
        place_of = f"{quote_sheetname(layout.LISTS_SHEET)}!${letter}$2:${letter}${max(len(words) + 1, 2)}"
        workbook.defined_names[name] = DefinedName(name, attr_text=place_of)
    sheet.sheet_state = "veryHidden"
    sheet.protection.sheet = True


def _write_base(sheet: Worksheet, book: Book) -> None:
    content = base_text(book.sheets)
    _set(sheet.cell(row=1, column=1), register_code())
    _set(sheet.cell(row=1, column=2), signature_of(content))
    for number, piece in enumerate(_pieces(content), start=2):
        _set(sheet.cell(row=number, column=1), piece)
    sheet.sheet_state = "veryHidden"
    sheet.protection.sheet = True


def base_text(sheets: Mapping[str, Mapping[str, Row]]) -> str:
    """The rows as one text of plain characters, which a spreadsheet gives back as it is; equal rows make equal texts."""
    plain = {name: {key: [row.version, dict(row.cells)] for key, row in rows.items()} for name, rows in sheets.items()}
    # "_x0041_" would be read as an "A" by a spreadsheet; JSON has another way to write an x.
    return json.dumps(plain, ensure_ascii=True, separators=(",", ":")).replace("_x", "_\\u0078")


def _pieces(content: str) -> Iterable[str]:
    for start in range(0, len(content), _PIECE):
        yield content[start : start + _PIECE]


def _set(cell: object, text: str) -> None:
    """Text as text: one that begins with an equals sign is no formula, whoever opens the file."""
    cell.value = text  # type: ignore[attr-defined]  # a cell, or the top left one of merged cells, of which there are none
    cell.data_type = "s"  # type: ignore[attr-defined]  # as above
