"""What value does a text stand for? Texts of a column turned into the contract's type, and those that are none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

import polars as pl

from bestvalue.dataset.contracts import STORED_AS, Kind

HELD_BACK = r"(?i)^(<\s*=?\s*\d+|\*+|-+|\u2013|\.{1,3}|:|~|#|n/?a|\[[a-z]\]|[cxzu])$"
"""What publishers write in place of a figure: small numbers ("<5", "*", "[c]"), nothing to count ("-") or not known ("..", ":")."""

_YES = ("true", "yes", "y", "1", "t")
_NO = ("false", "no", "n", "0", "f")

_TIME_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
)
_DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y")
_OFFSET = r"(Z|[+-]\d{2}:?\d{2})$"
_LARGEST_EXACT = 2**53
_MIDNIGHT = time(0)

ONLY_A_DATE = "only a date, without a time of day: read as midnight"
MOVED_TO_CLOCK = "a time with an offset from UTC: turned into the local clock"
CLOCK_REPEATS = "a time in the hour that the clock runs through twice when it goes back: taken as it stands"
CLOCK_SKIPS = "a time in the hour that the clock leaves out when it goes forward: taken as it stands"

HOW_TO_WRITE: Mapping[Kind, str] = {
    Kind.TEXT: "Write a text.",
    Kind.WHOLE_NUMBER: "Write a whole number with digits only, such as 1250.",
    Kind.NUMBER: "Write a number with a full stop for the decimals and no thousands mark, such as 1250.5.",
    Kind.YES_NO: "Write yes or no.",
    Kind.DATE: "Write a day that exists as year-month-day, such as 2025-04-01, or dd/mm/yyyy.",
    Kind.TIME: "Write a time that exists as year-month-day hour:minute:second, such as 2025-04-01 18:05:00, or dd/mm/yyyy hh:mm.",
    Kind.PENCE: "Write whole pence with digits only: 1234 for 12.34 pounds.",
}

NAMED: Mapping[Kind, str] = {
    Kind.TEXT: "a text",
    Kind.WHOLE_NUMBER: "a whole number",
    Kind.NUMBER: "a number",
    Kind.YES_NO: "yes or no",
    Kind.DATE: "a date",
    Kind.TIME: "a date and time",
    Kind.PENCE: "a whole number of pence",
}


@dataclass(frozen=True, kw_only=True)
class Values:
    """A column as values.

    Args:
        values: of the contract's type; null where the text is empty or stands for no such value.
        notes: how many values needed a reading that a person should know of, by what it was.
    """

    values: pl.Series
    notes: Mapping[str, int] = field(default_factory=dict)


def read_values(texts: pl.Series, kind: Kind, *, time_zone: str) -> Values:
    """Turn texts into values.

    Args:
        texts: String, stripped, empty ones null; a column that is of the kind's type already is returned as it is.
        kind: what they must stand for.
        time_zone: IANA name of the local clock; times with an offset are turned into it.

    Returns:
        Values: a text that stands for no value of the kind is null in it and not null in `texts`.
    """
    if kind is Kind.TEXT:
        return Values(values=texts)
    if texts.null_count() == len(texts):
        return Values(values=texts.cast(STORED_AS[kind]))
    match kind:
        case Kind.WHOLE_NUMBER | Kind.PENCE:
            return Values(values=_whole(texts))
        case Kind.NUMBER:
            return Values(values=_number(texts))
        case Kind.YES_NO:
            return Values(values=_yes_no(texts))
        case Kind.DATE:
            return Values(values=_date(texts))
        case Kind.TIME:
            return _time(texts, time_zone)


def _number(texts: pl.Series) -> pl.Series:
    values = texts.cast(pl.Float64, strict=False)
    return _only(values, values.is_finite())


def _whole(texts: pl.Series) -> pl.Series:
    values = texts.cast(pl.Int64, strict=False)
    if values.null_count() == texts.null_count():
        return values
    # Spreadsheets and databases write 319 as 319.0.
    decimal = _number(texts)
    exact = (decimal == decimal.round()) & (decimal.abs() <= _LARGEST_EXACT)
    return values.fill_null(_only(decimal, exact).cast(pl.Int64))


def _yes_no(texts: pl.Series) -> pl.Series:
    words = texts.str.to_lowercase()
    yes = words.is_in(_YES)
    return _only(yes, yes | words.is_in(_NO))


def _date(texts: pl.Series) -> pl.Series:
    days = _first_that_reads(texts, _DAY_FORMATS).dt.date()
    if days.null_count() == texts.null_count():
        return days
    # A spreadsheet's date is a time at midnight.
    times = _first_that_reads(_only(texts, days.is_null()), _TIME_FORMATS)
    return days.fill_null(_only(times, times.dt.time() == _MIDNIGHT).dt.date())


def _time(texts: pl.Series, time_zone: str) -> Values:
    notes: dict[str, int] = {}
    values = _first_that_reads(texts, _TIME_FORMATS)
    if values.null_count() > texts.null_count():
        days = _first_that_reads(_only(texts, values.is_null()), _DAY_FORMATS)
        moved = _with_offset(_only(texts, values.is_null()), time_zone)
        notes = {ONLY_A_DATE: len(days) - days.null_count(), MOVED_TO_CLOCK: len(moved) - moved.null_count()}
        values = values.fill_null(days).fill_null(moved)
    return Values(values=values, notes={**notes, **clock_changes(values, time_zone)})


def clock_changes(times: pl.Series, time_zone: str) -> dict[str, int]:
    """How many times fall into the hours that a clock runs through twice or not at all when it changes.

    Args:
        times: Datetime without zone.
        time_zone: IANA name of the clock.
    """
    exist = times.dt.replace_time_zone(time_zone, ambiguous="earliest", non_existent="null")
    certain = times.dt.replace_time_zone(time_zone, ambiguous="null", non_existent="null")
    return {CLOCK_SKIPS: exist.null_count() - times.null_count(), CLOCK_REPEATS: certain.null_count() - exist.null_count()}


def _first_that_reads(texts: pl.Series, formats: tuple[str, ...]) -> pl.Series:
    """Each text by the first format that reads it; the others are tried only on what is left, for most files have one."""
    values = pl.Series(texts.name, [None], dtype=pl.Datetime("us")).new_from_index(0, len(texts))
    for form in formats:
        left = _only(texts, values.is_null())
        if left.null_count() == len(left):
            break
        values = values.fill_null(left.str.to_datetime(form, strict=False, time_unit="us"))
    # Beyond these years neither Python nor a person can read the time.
    return _only(values, values.dt.year().is_between(1, 9999))


def _with_offset(texts: pl.Series, time_zone: str) -> pl.Series:
    """Times with an offset ("2025-07-01T17:05:00Z") by the local clock."""
    plain = _only(texts, texts.str.contains(_OFFSET)).str.replace("T", " ", literal=True).str.replace(r"Z$", "+00:00")
    moments = plain.str.to_datetime("%Y-%m-%d %H:%M:%S%.f%:z", strict=False, time_unit="us")
    return _only(moments.dt.convert_time_zone(time_zone).dt.replace_time_zone(None), moments.dt.year().is_between(1, 9999))


def _only(values: pl.Series, keep: pl.Series) -> pl.Series:
    """The values where `keep` is true, and null elsewhere."""
    return pl.select(pl.when(keep).then(values)).to_series().rename(values.name)
