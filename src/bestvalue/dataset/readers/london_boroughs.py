"""Crime of London boroughs as indicator values: yearly recorded offences, and monthly counts by offence."""

import calendar
import re
from collections.abc import Iterator
from datetime import date

from bestvalue.dataset.files.rows import TextRows
from bestvalue.dataset.readers.columns import place_names, sentence_case, texts
from bestvalue.dataset.readers.counts import IS_SUM, Cell, counts_reading
from bestvalue.dataset.readers.force_names import is_sum
from bestvalue.dataset.readers.reader import Reader, Reading

_MONTH = re.compile(r"^((?:19|20)\d{2})(0[1-9]|1[0-2])$")
_WHOLE = "Met Police Area"
_RATES = "the file holds rates: without the counts behind them they can be neither added nor weighted"


def read_recorded_offences(batch: TextRows, _time_zone: str) -> Reading:
    """One row a borough and financial year that ends in the calendar year named; a file of rates is not used."""
    written = texts(batch, "Value")
    whole = written.cast(float, strict=False)
    if not ((whole.round() == whole) | whole.is_null()).all():
        return counts_reading(batch, (), dict.fromkeys(range(batch.frame.height), _RATES))
    sums = {at: IS_SUM for at, name in enumerate(texts(batch, "Borough")) if is_sum(name) or name == _WHOLE}
    return counts_reading(batch, _offences(batch), sums)


def _offences(batch: TextRows) -> Iterator[Cell]:
    columns = (texts(batch, name) for name in ("Borough", "Year", "Value"))
    for at, (borough, day, value) in enumerate(zip(*columns, strict=True)):
        if borough and borough != _WHOLE and not is_sum(borough) and day and re.match(r"^\d{4}-12-31$", day):
            begins = int(day[:4])
            yield Cell(
                row=at, indicator="Recorded offences", force=borough, starts=date(begins, 4, 1), ends=date(begins + 1, 3, 31), written=value
            )


def read_monthly_crime(batch: TextRows, _time_zone: str) -> Reading:
    """One row a borough, offence and month."""
    return counts_reading(batch, _monthly(batch), {})


def _monthly(batch: TextRows) -> Iterator[Cell]:
    months = [(name, int(found[1]), int(found[2])) for name in batch.frame.columns if (found := _MONTH.match(name))]
    boroughs = place_names(texts(batch, "BoroughName", "LookUp_BoroughName"))
    minor, major = sentence_case(texts(batch, "MinorText")), sentence_case(texts(batch, "MajorText"))
    for at, (borough, kind, group) in enumerate(zip(boroughs, minor, major, strict=True)):
        if borough and borough != "Unknown":
            for name, year, month in months:
                last = date(year, month, calendar.monthrange(year, month)[1])
                yield Cell(
                    row=at,
                    indicator=f"{kind} ({group})",
                    force=borough,
                    starts=date(year, month, 1),
                    ends=last,
                    written=batch.frame[name][at],
                )


LONDON_RECORDED_OFFENCES = Reader(
    name="london-recorded-offences",
    version=1,
    title="London boroughs: recorded offences by year",
    publisher="Metropolitan Police, London Datastore",
    needs=(("Code",), ("Borough",), ("Year",), ("Value",)),
    read=read_recorded_offences,
    repeats="its borough and year stand in an earlier row",
    table="indicator_values",
    rules=(
        "Each row is a borough and a financial year; the day given is the last of the calendar year in which it begins.",
        "Inner and Outer London, regions and countries are sums and left out.",
        "The companion file of rates has the same columns and is not used: rates without counts can be neither added nor weighted.",
    ),
)
MPS_BOROUGHS_BY_MONTH = Reader(
    name="mps-borough-crime-by-month",
    version=1,
    title="Metropolitan Police borough-level crime as indicators",
    publisher="Metropolitan Police Service, London Datastore",
    needs=(("MajorText",), ("MinorText",), ("BoroughName", "LookUp_BoroughName")),
    read=read_monthly_crime,
    repeats="its borough, offence and month stand in an earlier row",
    table="indicator_values",
    rules=(
        "Each cell is the count of one borough, minor offence and month; the offence names the indicator, with its major group.",
        "Put the newest edition first: a month that two editions hold is read from the first file.",
    ),
)
