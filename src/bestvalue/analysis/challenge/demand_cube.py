"""The three counts that every answer about demand is worked out from: by month, by day and hour, and by hour of the week."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import polars as pl

from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.engines.engine import Value

NOT_KNOWN = ""
"""Stands for an area, grade or kind that the row does not say; shown as "not known"."""

# One CASE for all: a month is what a source publishes at worst, and hours are only asked of rows that know theirs.
_FINENESS = "CASE time_precision WHEN 'month' THEN 'month' WHEN 'day' THEN 'day' ELSE 'hour' END"
_COUNT = "CAST(SUM(COALESCE(incident_count, 1)) AS BIGINT)"

BY_MONTH = f"""
    SELECT month_of(opened_at) AS month, COALESCE(area_id, '') AS area_id, COALESCE(grade, '') AS grade, COALESCE(kind, '') AS kind,
           {_FINENESS} AS fineness, {_COUNT} AS incidents, COUNT(*) AS row_count, MAX(area_name) AS area_name,
           MIN(day_of(opened_at)) AS first_day, MAX(day_of(opened_at)) AS last_day
    FROM incidents {{where}}
    GROUP BY 1, 2, 3, 4, 5
"""

BY_DAY_AND_HOUR = f"""
    SELECT day_of(opened_at) AS day, EXTRACT(HOUR FROM opened_at) AS hour, {_FINENESS} AS fineness, {_COUNT} AS incidents
    FROM incidents {{where}} AND COALESCE(time_precision, 'second') <> 'month'
    GROUP BY 1, 2, 3
"""

BY_HOUR_OF_WEEK = f"""
    SELECT hour_of_week(opened_at) AS hour_of_week, COALESCE(area_id, '') AS area_id, COALESCE(grade, '') AS grade, {_COUNT} AS incidents
    FROM incidents {{where}} AND COALESCE(time_precision, 'second') NOT IN ('month', 'day')
    GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Which incidents to count: everything where a tuple is empty; days inclusive."""

    areas: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Cube:
    """Counts of incidents, small enough for memory.

    Args:
        by_month: month, area_id, grade, kind, fineness ("month", "day", "hour"), incidents, row_count, area_name, first_day, last_day.
        by_day_and_hour: day, hour, fineness, incidents: of rows that know their day.
        by_hour_of_week: hour_of_week (0 Monday 00:00 to 167), area_id, grade, incidents: of rows that know their hour.
    """

    by_month: pl.DataFrame
    by_day_and_hour: pl.DataFrame
    by_hour_of_week: pl.DataFrame

    @property
    def incidents(self) -> int:
        """All incidents counted."""
        return int(self.by_month["incidents"].sum())

    @property
    def rows(self) -> int:
        """All rows counted; fewer than incidents where the source publishes counts."""
        return int(self.by_month["row_count"].sum())

    def of_fineness(self, *wanted: str) -> int:
        """Incidents whose time is known to one of these finenesses."""
        return int(self.by_month.filter(pl.col("fineness").is_in(wanted))["incidents"].sum())

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day with an incident."""
        first, last = self.by_month.select(pl.min("first_day"), pl.max("last_day")).row(0)
        return first, last

    @property
    def span(self) -> tuple[date, date]:
        """The days that the counts cover: those with incidents, but whole months where the source gives months."""
        first, last = self.days
        if self.of_fineness("month"):
            return first.replace(day=1), pl.Series([last]).dt.month_end().item()
        return first, last


def count(dataset: Dataset, wanted: Slice) -> Cube:
    """Count the incidents of a slice."""
    where, values = _where(wanted)
    by_month, by_day_and_hour, by_hour_of_week = (
        dataset.query(query.format(where=where), **values) for query in (BY_MONTH, BY_DAY_AND_HOUR, BY_HOUR_OF_WEEK)
    )
    return Cube(
        by_month=by_month.sort("month", "area_id", "grade", "kind", "fineness"),
        by_day_and_hour=by_day_and_hour.with_columns(pl.col("hour").cast(pl.Int64)).sort("day", "hour", "fineness"),
        by_hour_of_week=by_hour_of_week.with_columns(pl.col("hour_of_week").cast(pl.Int64)).sort("hour_of_week", "area_id", "grade"),
    )


def _where(wanted: Slice) -> tuple[str, dict[str, Value]]:
    """The condition and its values; a part that chooses everything is left out, so that nothing is compared for nothing."""
    parts, values = ["TRUE"], dict[str, Value]()
    for column, chosen in (("area_id", wanted.areas), ("grade", wanted.grades), ("kind", wanted.kinds)):
        if chosen:
            names = {f"{column}_{number}": value for number, value in enumerate(chosen)}
            parts.append(f"COALESCE({column}, '') IN ({', '.join(f':{name}' for name in names)})")
            values |= names
    if wanted.first_day is not None:
        parts.append("opened_at >= :first_moment")
        values["first_moment"] = datetime.combine(wanted.first_day, time.min)
    if wanted.last_day is not None:
        parts.append("opened_at < :end_moment")
        values["end_moment"] = datetime.combine(wanted.last_day + timedelta(days=1), time.min)
    return f"WHERE {' AND '.join(parts)}", values
