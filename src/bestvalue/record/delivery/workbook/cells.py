"""How is a value a cell, and a cell a value? Everything is compared as text, so that what a spreadsheet does to a number is no change."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from bestvalue.record.delivery.workbook.layout import MOST_CHARACTERS, Holds

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
FIRST_YEAR = 1950
"""No date of a plan lies before; a number that was typed into a cell of dates does."""
MOST_DIGITS, MOST_DECIMALS = 16, 4
"""Of a value of a measure, as the register keeps it."""


def as_cell(text: str) -> str:
    r"""A text as a cell can hold it: without control characters, with plain line ends, at most as long as Excel takes.

    Example:
        >>> as_cell("one\r\ntwo\x07")
        'one\ntwo'
    """
    plain: str = ILLEGAL_CHARACTERS_RE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    # An underscore that has to be written as seven characters takes their room.
    return plain[: MOST_CHARACTERS - 6 * len(_ESCAPED.findall(plain))]


def date_words(day: date | None) -> str:
    """A date as text; nothing for none."""
    return day.isoformat() if day else ""


def number_words(number: Decimal | None) -> str:
    """A number in plain digits, without zeros at its end.

    Example:
        >>> number_words(Decimal("12.5000")), number_words(Decimal("100")), number_words(None)
        ('12.5', '100', '')
    """
    if number is None:
        return ""
    plain = format(number, "f") if number else "0"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def in_file(text: str, holds: Holds) -> str | float | date | None:
    """What is written into the file for a cell's text: a date and a number as such, where the file keeps them exactly."""
    if not text:
        return None
    if holds is Holds.DATE:
        return date.fromisoformat(text)
    if holds is Holds.NUMBER:
        number = float(text)
        # A spreadsheet keeps 15 digits: a longer number stays text, and is read as the same number.
        return number if len(text.strip("-").replace(".", "").lstrip("0")) <= 15 and Decimal(repr(number)) == Decimal(text) else text
    # "_x0041_" is an "A" to a spreadsheet; the underscore itself has to be written so.
    return _ESCAPED.sub(r"_x005F_x\1_", text)


class CellError(ValueError):
    """A cell that does not hold what its column does; its text says so, and what to do."""

    def __init__(self, what: str, *, next_step: str) -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step


def from_file(value: object, holds: Holds) -> str:
    """The text of a cell of a file.

    Raises:
        CellError: it holds something that the column does not.
    """
    if value is None or value == "":
        return ""
    if holds is Holds.DATE:
        return _date(value)
    if holds is Holds.NUMBER:
        return _number(value)
    if isinstance(value, datetime):
        return date_words(value.date())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value)) if isinstance(value, str) else str(value)
    return as_cell(text)


def _date(value: object) -> str:
    day = value.date() if isinstance(value, datetime) else value
    if isinstance(day, str):
        try:
            day = date.fromisoformat(day.strip())
        except ValueError:
            day = None
    # A number in a cell of dates is a day of the years after 1900 to a spreadsheet.
    if isinstance(day, date) and day.year >= FIRST_YEAR:
        return date_words(day)
    raise CellError(
        f"“{value}” is not a date", next_step="Enter a date of the calendar, such as 27/03/2026, in a cell that Excel shows as a date."
    )


def _number(value: object) -> str:
    try:
        number = Decimal(repr(value) if isinstance(value, float) else str(value).strip().replace(",", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite():
        raise CellError(f"“{value}” is not a number", next_step="Enter a number in digits.")
    if abs(number) >= 10 ** (MOST_DIGITS - MOST_DECIMALS) or number != round(number, MOST_DECIMALS):
        raise CellError(f"“{value}” is too long a number", next_step=f"Enter at most {MOST_DECIMALS} decimals, below a million million.")
    return number_words(number)
