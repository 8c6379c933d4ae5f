"""Blank tables to fill in: a CSV file for each contract, and one workbook with a sheet for each."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bestvalue.dataset.contracts import Column, Kind, Table
from bestvalue.dataset.tables import TABLES

WORKBOOK = "tables.xlsx"
_ALLOWED_SHEET = "allowed values"
_LAST_ROW = 1_048_576  # of a sheet in Excel
_YES_OR_NO = '"yes,no"'

_CELL_FORMATS: Mapping[Kind, str] = {
    Kind.TEXT: "@",  # or Excel would take the zeros off "0012" and turn "1-2" into a date
    Kind.DATE: "yyyy-mm-dd",
    Kind.TIME: "yyyy-mm-dd hh:mm:ss",
}


def write_templates(folder: Path) -> list[Path]:
    """Write a CSV file for every table and one workbook with a sheet for each, all with one example row to write over.

    Args:
        folder: made if it is missing; files of the same names are replaced.

    Returns:
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = [_write_csv(table, folder) for table in TABLES.values()]
    return [*files, write_workbook_template(TABLES.values(), folder / WORKBOOK)]


def _write_csv(table: Table, folder: Path) -> Path:
    path = folder / f"{table.name}.csv"
    # The mark at the start makes Excel read the file as UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(column.name for column in table.columns)
        lines.writerow(column.example for column in table.columns)
    return path


def write_workbook_template(tables: Iterable[Table], path: Path) -> Path:
    """Write a workbook with a sheet for each of these tables, with one example row to write over.

    Args:
        tables: the contracts.
        path: the file, ending in .xlsx; one that is there is replaced.

    Returns:
        The file.
    """
    book = Workbook()
    book.remove(book.active)
    listed = list(tables)
    places = _write_allowed(book.create_sheet(_ALLOWED_SHEET), listed)
    for at, table in enumerate(listed):
        _write_sheet(book.create_sheet(table.name, index=at), table, places)
    book.save(path)
    return path


def _write_allowed(sheet: Worksheet, tables: Iterable[Table]) -> dict[tuple[str, str], str]:
    """List every allowed value with its meaning; return the cells that hold those of each column."""
    _write_header(sheet, ["table", "column", "value", "meaning"])
    places: dict[tuple[str, str], str] = {}
    for table in tables:
        for column in table.columns:
            first = sheet.max_row + 1
            for value, means in (column.allowed or {}).items():
                sheet.append([table.name, column.name, value, means])
            if column.allowed:
                places[table.name, column.name] = f"'{_ALLOWED_SHEET}'!$C${first}:$C${sheet.max_row}"
    return places


def _write_sheet(sheet: Worksheet, table: Table, places: Mapping[tuple[str, str], str]) -> None:
    _write_header(sheet, [column.name for column in table.columns])
    for at, column in enumerate(table.columns, start=1):
        letter = get_column_letter(at)
        sheet[f"{letter}1"].comment = Comment(describe(column), "bestvalue", width=320, height=140)
        example = sheet[f"{letter}2"]
        example.value = _example(column)
        if column.kind in _CELL_FORMATS:
            sheet.column_dimensions[letter].number_format = example.number_format = _CELL_FORMATS[column.kind]
        chosen_from = places.get((table.name, column.name)) or (_YES_OR_NO if column.kind is Kind.YES_NO else None)
        if chosen_from:
            choice = DataValidation(type="list", formula1=chosen_from, allow_blank=not column.required, showErrorMessage=True)
            choice.add(f"{letter}2:{letter}{_LAST_ROW}")
            sheet.add_data_validation(choice)


def _write_header(sheet: Worksheet, names: list[str]) -> None:
    sheet.append(names)
    for at, name in enumerate(names, start=1):
        sheet.cell(row=1, column=at).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(at)].width = max(12, len(name) + 2)
    sheet.freeze_panes = "A2"


def _example(column: Column) -> str | float | date | datetime | None:
    if not column.example:
        return None
    match column.kind:
        case Kind.TIME:
            return datetime.fromisoformat(column.example)  # a spreadsheet's times have no zone, as ours have none
        case Kind.DATE:
            return date.fromisoformat(column.example)
        case Kind.WHOLE_NUMBER | Kind.NUMBER | Kind.PENCE:
            return float(column.example)
        case _:
            return column.example


def describe(column: Column) -> str:
    """What a person who fills in a column needs to know, in a few sentences."""
    parts = [column.means, f"{column.kind.value.capitalize()}{f', in {column.unit}' if column.unit else ''}."]
    parts.append("Every row needs it." if column.required else "May be empty.")
    if column.low is not None:
        parts.append(f"Not below {column.low:g}.")
    if column.high is not None:
        parts.append(f"Not above {column.high:g}.")
    if column.allowed:
        parts.append(f"One of: {', '.join(column.allowed)}.")
    if column.refers_to:
        parts.append(f"Must be in {column.refers_to}.")
    return " ".join(parts)
