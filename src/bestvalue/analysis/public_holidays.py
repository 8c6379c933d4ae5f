"""Which days are public holidays in England and Wales? By rule, with the days that were moved or given once as dated data.

Source: Banking and Financial Dealings Act 1971, Schedule 1, and the proclamations made under it; Christmas Day and Good
Friday are holidays by common law. Easter: the Gregorian rule (Meeus, Astronomical Algorithms, ch. 8).
"""

from datetime import date, timedelta

MONDAY, SATURDAY, SUNDAY = 0, 5, 6

MOVED = {
    date(2002, 5, 27): date(2002, 6, 4),
    date(2012, 5, 28): date(2012, 6, 4),
    date(2020, 5, 4): date(2020, 5, 8),
    date(2022, 5, 30): date(2022, 6, 2),
}
"""Days that a proclamation moved: where the rule puts them, and where they were."""

GIVEN_ONCE = (
    date(1999, 12, 31),
    date(2002, 6, 3),
    date(2011, 4, 29),
    date(2012, 6, 5),
    date(2022, 6, 3),
    date(2022, 9, 19),
    date(2023, 5, 8),
)
"""Holidays of one year only: jubilees, weddings, a funeral, a coronation, the millennium."""


def public_holidays(year: int) -> tuple[date, ...]:
    """The public holidays of one year in England and Wales, in order, with the days given instead of a weekend.

    Args:
        year: 1978 (the first year of the May Day holiday) or later.

    Example:
        >>> [day.isoformat() for day in public_holidays(2025)][:3]
        ['2025-01-01', '2025-04-18', '2025-04-21']
    """
    easter = easter_sunday(year)
    christmas, boxing = date(year, 12, 25), date(year, 12, 26)
    by_rule = {
        _instead(date(year, 1, 1)),
        easter - timedelta(days=2),
        easter + timedelta(days=1),
        _first_monday(date(year, 5, 1)),
        _first_monday(date(year, 5, 25)),
        _first_monday(date(year, 8, 25)),
        christmas,
        boxing,
        *_christmas_instead(christmas),
    }
    moved = {MOVED.get(day, day) for day in by_rule}
    return tuple(sorted(moved | {day for day in GIVEN_ONCE if day.year == year}))


def easter_sunday(year: int) -> date:
    """Easter Sunday of the western churches.

    Example:
        >>> easter_sunday(2026)
        datetime.date(2026, 4, 5)
    """
    golden, century, of_century = year % 19, year // 100, year % 100
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _first_monday(on_or_after: date) -> date:
    return on_or_after + timedelta(days=(MONDAY - on_or_after.weekday()) % 7)


def _instead(day: date) -> date:
    """The day itself, or the Monday after it where it falls at a weekend."""
    return _first_monday(day) if day.weekday() in (SATURDAY, SUNDAY) else day


def _christmas_instead(christmas: date) -> tuple[date, ...]:
    """The working days given for a Christmas or Boxing Day at a weekend."""
    monday, tuesday = _first_monday(christmas), _first_monday(christmas) + timedelta(days=1)
    return {4: (monday,), SATURDAY: (monday, tuesday), SUNDAY: (tuesday,)}.get(christmas.weekday(), ())
