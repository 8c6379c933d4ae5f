"""How does an accountant take a result apart? As a workbook: values in the rows, formulas for the totals, checks between sheets.

The rows hold values, so that every program reads them; every total is a formula over them, so that whoever changes a row sees
what follows; and the sheet of checks holds each total against the ledger by links between the sheets.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from bestvalue.analysis.contract import Result, ResultTable

FORMATS: Mapping[str, str] = {"pounds": "£#,##0.00;-£#,##0.00", "pence": "#,##0", "share": "0.0%"}
"""How cells of a unit are shown; the value in the cell stays unrounded."""

ADDS_UP = (
    "total_pounds",
    "direct_pounds",
    "support_pounds",
    "overhead_pounds",
    "cost_pounds",
    "planned_pounds",
    "counted_pounds",
    "pounds",
    "pence",
)
"""Columns whose total means something, in tables that divide one whole."""

DIVIDES_ONE_WHOLE: Mapping[str, Sequence[str]] = {
    "compete.costing": ("activities", "services", "areas", "cost_centres", "layers", "cells", "objectives", "support"),
    "compete.savings": ("savings", "budget"),
}
"""Tables whose rows are parts of one whole, each counted once; of the others (shares, ratios, several wholes) no total is made."""

HELD_AGAINST_THE_LEDGER = ("activities", "services", "areas", "cost_centres", "layers", "cells")
"""Tables of a costing that hold everything that was allocated."""

_LONGEST_NAME = 31  # of a sheet in Excel


def write_workbook(result: Result, path: Path) -> Path:
    """Write a result as a workbook: statements, checks, and a sheet for each table.

    Args:
        result: of any analysis; the sheet of checks is there for a costing.
        path: the file, ending in .xlsx; one that is there is replaced.

    Returns:
        The file.
    """
    book = Workbook()
    book.remove(book.active)
    _write_statements(book.create_sheet("Statements"), result)
    checks = book.create_sheet("Checks") if result.provenance.analysis == "compete.costing" else None
    totals = {
        name: _write_table(
            book.create_sheet(name[:_LONGEST_NAME]), table, adds_up=name in DIVIDES_ONE_WHOLE.get(result.provenance.analysis, ())
        )
        for name, table in result.tables.items()
    }
    if checks is not None:
        _write_checks(checks, result, totals)
    book.save(path)
    return path


def _write_statements(sheet: Worksheet, result: Result) -> None:
    made = result.provenance
    _header(sheet, ["kind", "statement"], widths=(12, 120))
    for statement in result.statements:
        _text_row(sheet, (statement.kind, statement.text))
    for caveat in result.caveats:
        _text_row(sheet, ("caveat", caveat))
    settings = ", ".join(f"{name} {value}" for name, value in made.spec.items())
    _text_row(sheet, ("from", f"{made.analysis}, version {made.analysis_version}; data {made.dataset}; {settings}"))
    if made.synthetic:
        _text_row(sheet, ("note", "Synthetic data: invented, and true of no force."))
    for row in sheet.iter_rows(min_row=2, min_col=2, max_col=2):
        row[0].alignment = Alignment(wrap_text=True, vertical="top")


def _write_table(sheet: Worksheet, table: ResultTable, *, adds_up: bool) -> dict[str, str]:
    """Write one table; returns the cell of the total of each column that has one, as a link for other sheets."""
    columns = table.rows.columns
    _header(sheet, [_heading(table, name) for name in columns], widths=[max(12, len(_heading(table, name)) + 2) for name in columns])
    units = [table.units.get(name, "") for name in columns]
    for number, row in enumerate(table.rows.iter_rows(), start=2):
        for place, (value, unit) in enumerate(zip(row, units, strict=True), start=1):
            _fill(sheet.cell(row=number, column=place), value, unit=unit)
    last, totals = table.rows.height + 1, dict[str, str]()
    if adds_up and table.rows.height:
        _text(sheet.cell(row=last + 1, column=1), "Total")
        sheet.cell(row=last + 1, column=1).font = Font(bold=True)
        for place, name in enumerate(columns, start=1):
            if _is_additive(table, name):
                letter = get_column_letter(place)
                cell = sheet.cell(row=last + 1, column=place, value=f"=SUM({letter}2:{letter}{last})")
                cell.number_format = FORMATS.get(table.units.get(name, ""), "General")
                cell.font = Font(bold=True)
                totals[name] = f"{quote_sheetname(sheet.title)}!{letter}{last + 1}"
    if table.note:
        _text(sheet.cell(row=sheet.max_row + 2, column=1), table.note)
    return totals


def _write_checks(sheet: Worksheet, result: Result, totals: Mapping[str, Mapping[str, str]]) -> None:
    """Each table's total against what was to be allocated, by links; every difference must be 0."""
    _header(
        sheet, ["check", "total of the table, pounds", "allocated by the reconciliation, pounds", "difference"], widths=(40, 28, 36, 16)
    )
    lines = result.tables["reconciliation"].rows
    name = quote_sheetname("reconciliation")
    allocated = [place for place, step in enumerate(lines["step"], start=2) if step in ("to activities", "not sampled")]
    place_of = get_column_letter(lines.columns.index("pence") + 1)
    whole = "+".join(f"{name}!{place_of}{row}" for row in allocated) or "0"
    for table in HELD_AGAINST_THE_LEDGER:
        found = totals.get(table, {})
        link, divisor = (found.get("total_pounds"), 1) if "total_pounds" in found else (found.get("pence"), 100)
        if link is None:
            continue
        row = sheet.max_row + 1
        _text(sheet.cell(row=row, column=1), f"Total of the sheet {table}")
        sheet.cell(row=row, column=2, value=f"={link}/{divisor}")
        sheet.cell(row=row, column=3, value=f"=({whole})/100")
        sheet.cell(row=row, column=4, value=f"=ROUND(B{row}-C{row},2)")
    start = {step: row for row, step in enumerate(lines["line"], start=2)}
    row = sheet.max_row + 1
    _text(sheet.cell(row=row, column=1), "Ledger, less everything accounted for")
    parts = [place for place, step in enumerate(lines["step"], start=2) if step in ("to activities", "not sampled", "not allocated")]
    sheet.cell(row=row, column=2, value=f"={name}!{place_of}{start['Cost to be allocated']}/100")
    sheet.cell(row=row, column=3, value=f"=({'+'.join(f'{name}!{place_of}{part}' for part in parts) or '0'})/100")
    sheet.cell(row=row, column=4, value=f"=ROUND(B{row}-C{row},2)")
    for cells in sheet.iter_rows(min_row=2, min_col=2, max_col=4):
        for cell in cells:
            cell.number_format = FORMATS["pounds"]


def _is_additive(table: ResultTable, name: str) -> bool:
    money = table.units.get(name) in ("pounds", "pence")
    return money and (name in ADDS_UP or not any(name.startswith(start) for start in ("low_", "high_", "each_", "line_", "loaded_")))


def _heading(table: ResultTable, name: str) -> str:
    label = table.labels.get(name, name.replace("_", " "))
    unit = table.units.get(name, "")
    return f"{label}, {unit}" if unit and unit not in label else label


def _header(sheet: Worksheet, names: Sequence[str], *, widths: Sequence[float]) -> None:
    for place, (name, width) in enumerate(zip(names, widths, strict=True), start=1):
        _text(sheet.cell(row=1, column=place), name)
        sheet.cell(row=1, column=place).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"


def _text_row(sheet: Worksheet, texts: Sequence[str]) -> None:
    row = sheet.max_row + 1
    for place, text in enumerate(texts, start=1):
        _text(sheet.cell(row=row, column=place), text)


def _fill(cell: Cell, value: object, *, unit: str) -> None:
    if value is None:
        return
    if _is_number(value):
        cell.value = value
        cell.number_format = FORMATS.get(unit, "General")
    else:
        _text(cell, str(value))


def _text(cell: Cell, text: str) -> None:
    """Text as text: a name that begins with an equals sign is a name, and must not run in whoever opens the file."""
    cell.value = text
    cell.data_type = "s"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
