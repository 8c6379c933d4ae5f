"""Home Office, police officers by force: the figures of one table as CSV, forces down, March and September across."""

import calendar
import re
from collections.abc import Iterator
from datetime import date

from bestvalue.dataset.files.rows import TextRows
from bestvalue.dataset.readers.columns import texts
from bestvalue.dataset.readers.counts import IS_SUM, NO_FORCE, Cell, counts_reading
from bestvalue.dataset.readers.force_names import is_sum, without_regions
from bestvalue.dataset.readers.reader import Reader, Reading

_PLACE = "Force/Region"
_MONTH = r"^(?P<month>March|September) (?P<year>(?:19|20)\d{2})$"
INDICATOR = "Police officers (full-time equivalents)"
"""As the reader of the workbooks calls the same figures, so that they meet."""


def read_officers(batch: TextRows, _time_zone: str) -> Reading:
    """One row a force and day."""
    labels = texts(batch, _PLACE).to_list()
    why = {
        at: IS_SUM if is_sum(label) else NO_FORCE
        for at, (label, force) in enumerate(zip(labels, without_regions(labels), strict=True))
        if force is None
    }
    return counts_reading(batch, _cells(batch, labels), why)


def _cells(batch: TextRows, labels: list[str | None]) -> Iterator[Cell]:
    days = {name: _last_day(found) for name in batch.frame.columns if (found := re.match(_MONTH, name))}
    for at, force in enumerate(without_regions(labels)):
        if force is not None:
            for name, day in days.items():
                yield Cell(row=at, indicator=INDICATOR, force=force, starts=day, ends=day, written=batch.frame[name][at])


def _last_day(found: re.Match[str]) -> date:
    """The day of the count: the Home Office counts on the last day of March and of September."""
    year, month = int(found["year"]), {"March": 3, "September": 9}[found["month"]]
    return date(year, month, calendar.monthrange(year, month)[1])


HOME_OFFICE_OFFICERS = Reader(
    name="home-office-police-officers-csv",
    version=1,
    title="Home Office police officers by force, as CSV",
    publisher="Home Office",
    needs=((_PLACE,), (_MONTH,)),
    read=read_officers,
    repeats="its force and day stand in an earlier row or file",
    table="indicator_values",
    rules=(
        "Each figure of a force and day is one row: full-time equivalents on the last day of the month that the column names.",
        "Regions and totals are sums and left out; so are the British Transport Police and central secondments.",
        "The figures bear the name that the workbooks' reader gives them: where both hold a day, the file that is read first is used.",
    ),
)
