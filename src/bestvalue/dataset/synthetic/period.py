"""The years that the synthetic force has lived through: four financial years, April 2022 to March 2026.

Four, because a four-year forecast needs them: season and trend cannot be told apart in fewer than three, and the
back-test must leave one out. Times are counted in whole seconds from `ORIGIN`, on a local clock that runs evenly; in the
hour that the clocks skip in March nothing is reported.
"""

from datetime import date, datetime, time, timedelta

import numpy as np

FIRST_DAY = date(2022, 4, 1)
DAY_AFTER = date(2026, 4, 1)
ORIGIN = datetime.combine(FIRST_DAY, time.min)
DAYS = (DAY_AFTER - FIRST_DAY).days
YEARS = DAY_AFTER.year - FIRST_DAY.year
LAST_YEAR_FIRST_DAY = date(DAY_AFTER.year - 1, 4, 1)
HOUR, DAY = 3_600, 86_400

LAST_YEAR_PUBLIC_HOLIDAYS = tuple(
    date.fromisoformat(day)
    for day in ("2025-04-18", "2025-04-21", "2025-05-05", "2025-05-26", "2025-08-25", "2025-12-25", "2025-12-26", "2026-01-01")
)
"""In England and Wales; duties are known of the last year only."""

DATES = np.arange(FIRST_DAY.isoformat(), DAY_AFTER.isoformat(), dtype="datetime64[D]")
WEEKDAYS = (DATES.astype(np.int64) + 3) % 7
"""Of each day: 0 Monday to 6 Sunday."""

MONTHS = np.arange(FIRST_DAY.strftime("%Y-%m"), DAY_AFTER.strftime("%Y-%m"), dtype="datetime64[M]")
MONTH_OF_DAY = (DATES.astype("datetime64[M]") - MONTHS[0]).astype(np.int64)
"""Of each day: the number of its month, from 0."""


def day_number(day: date) -> int:
    """Days from the first day of the period."""
    return (day - FIRST_DAY).days


def second_number(moment: datetime) -> int:
    """Seconds from the start of the period."""
    return int((moment - ORIGIN).total_seconds())


def skipped_hours() -> list[int]:
    """The hours of the period, counted from 0, that no clock showed: 01:00 on the last Sunday of each March."""
    last_days = [date(year, 3, 31) for year in range(FIRST_DAY.year, DAY_AFTER.year + 1)]
    sundays = [day - timedelta(days=(day.weekday() + 1) % 7) for day in last_days]
    return [day_number(sunday) * 24 + 1 for sunday in sundays if FIRST_DAY <= sunday < DAY_AFTER]
