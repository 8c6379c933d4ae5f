"""A list as CSV or as an Excel workbook that a spreadsheet opens without running anything in it."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that begins with one of these is a formula to a spreadsheet; the last four are the full-width forms."""
WOULD_RUN = re.compile(f"'*[{re.escape(''.join(RUNS_AS_FORMULA))}]")
"""What gets an apostrophe: also text that has one there already, so that taking one away gives every text back as it was."""
MOST_CHARACTERS = 32_767
"""Of one cell of Excel."""
MOST_OF_A_NAME = 31
"""Characters of the name of a sheet."""


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV text, with a byte order mark so that Excel reads it as UTF-8.

    Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers stay numbers.

    Example:
        >>> as_csv(["text", "days"], [["=1+1", -2]]).splitlines()[1]
        "'=1+1,-2"
    """
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def harmless(cell: object) -> object:
    """A cell as CSV holds it: text that a spreadsheet would run gets an apostrophe, which makes it text."""
    return f"'{cell}" if isinstance(cell, str) and WOULD_RUN.match(cell) else cell


def as_it_was(cell: str) -> str:
    """A cell of a CSV file of ours as it was before it was made harmless: the undoing of `harmless`, exact for every text.

    Example:
        >>> as_it_was("'=1+1"), as_it_was("'tis said")
        ('=1+1', "'tis said")
    """
    return cell[1:] if cell.startswith("'") and WOULD_RUN.match(cell) else cell


def as_workbook(header: Sequence[str], rows: Iterable[Sequence[object]], *, title: str, marking: str) -> bytes:
    """An Excel workbook of one sheet, whose text cells are typed as text, so that none is a formula.

    Args:
        header: the first row.
        rows: the others; texts, numbers, dates and nothing.
        title: the name of the sheet, and of the document.
        marking: the highest marking of what it holds: at the head of every printed page and in the properties of the file.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:MOST_OF_A_NAME])
    sheet.freeze_panes = "A2"
    sheet.oddHeader.center.text = marking
    sheet.oddFooter.center.text = marking
    book.properties.title, book.properties.category, book.properties.keywords = title, marking, marking
    bold = Font(bold=True)
    names = [WriteOnlyCell(sheet, value=name) for name in header]
    for cell in names:
        cell.font = bold
    sheet.append(names)
    for row in rows:
        sheet.append([_typed(sheet, cell) for cell in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _typed(sheet: object, cell: object) -> object:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)  # a cell of Excel knows no time zone
    if not isinstance(cell, str):
        return cell if isinstance(cell, int | float | date) or cell is None else str(cell)
    typed = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", cell)[:MOST_CHARACTERS])
    typed.data_type = "s"
    return typed
