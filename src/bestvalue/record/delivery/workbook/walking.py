"""Can a workbook be gone through at all? Asked in a process of its own before the register's process reads what it says.

Whoever reads a workbook needs the register's key and its rows, and so the record. This needs neither, and meets the same cells.
"""

import io

from openpyxl import load_workbook

from bestvalue.record.delivery.workbook import layout


def walk(content: bytes) -> int:
    """Go through the cells of every sheet that will be read.

    Args:
        content: of the file.

    Returns:
        How many rows there are. What is wrong with them says whoever reads them.
    """
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        names = {layout.BASE_SHEET, *(sheet.name for sheet in layout.SHEETS.values())} & set(book.sheetnames)
        bounds = {"max_col": layout.MOST_COLUMNS, "max_row": layout.MOST_LINES}
        return sum(1 for name in names for _ in book[name].iter_rows(**bounds, values_only=True))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - openpyxl meets a sheet that no spreadsheet wrote with whatever error; the reader words each
        return 0
