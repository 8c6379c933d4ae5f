"""From April to March: the financial years that ledgers are kept in, as they are written and as moments."""

import re
from datetime import date, datetime, time

from bestvalue.errors import TableError

_WRITTEN = re.compile(r"(\d{4})/(\d{2})")


def name_of(begins: int) -> str:
    """The financial year that begins in April of `begins`.

    Example:
        >>> name_of(2025), name_of(1999)
        ('2025/26', '1999/00')
    """
    return f"{begins}/{(begins + 1) % 100:02d}"


def begins_in(year: str) -> int:
    """The calendar year in which a financial year begins.

    Raises:
        TableError: it is not written as "2025/26".
    """
    written = _WRITTEN.fullmatch(year)
    if written is None or name_of(int(written[1])) != year:
        raise TableError(
            f"{year!r} is no financial year",
            where="ledger, column financial_year",
            next_step="Write it as 2025/26: April to March, the year in which it begins and the last two figures of the next.",
        )
    return int(written[1])


def year_of(day: date) -> int:
    """The calendar year in which the financial year of a day began."""
    return day.year if day >= date(day.year, 4, 1) else day.year - 1


def moments(year: str) -> tuple[datetime, datetime]:
    """The first moment of a financial year, and the first after it."""
    first = begins_in(year)
    return datetime.combine(date(first, 4, 1), time.min), datetime.combine(date(first + 1, 4, 1), time.min)


def last_day(year: str) -> date:
    """The last day of a financial year."""
    return date(begins_in(year) + 1, 3, 31)
