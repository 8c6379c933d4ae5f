"""A list as CSV that a spreadsheet opens without running anything in it."""

import csv
import io
from collections.abc import Iterable, Sequence

RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""A cell that begins with one of these is a formula to a spreadsheet; the last four are the full-width forms."""


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
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(RUNS_AS_FORMULA) else cell
