"""What time was it really? Local clock times as times that run evenly, so that a night on which the clocks change has its true length."""

import polars as pl


def even_time(column: str, zone: str) -> pl.Expr:
    """A column of local clock times in UTC, without a zone; a time that the clock skipped in spring is moved an hour on.

    Of the two times that a clock shows twice in autumn the first is taken.

    Args:
        column: name of the column.
        zone: IANA name of the clock.
    """
    return zoned(column, zone, moved=True).dt.convert_time_zone("UTC").dt.replace_time_zone(None)


def zoned(column: str, zone: str, *, moved: bool = False) -> pl.Expr:
    """A column of local clock times with their zone; null where the clock skipped the time, unless `moved`."""
    time = pl.col(column).cast(pl.Datetime("us"))
    here = time.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    if not moved:
        return here
    return here.fill_null(time.dt.offset_by("1h").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null"))


def from_utc(column: str, zone: str) -> pl.Expr:
    """How far the clock is from UTC at the times of a column."""
    time = zoned(column, zone, moved=True)
    return time.dt.base_utc_offset() + time.dt.dst_offset()
