"""By when must the comments on an inspection report be published?"""

from dataclasses import dataclass
from datetime import date, timedelta

PERIOD_DAYS = 56
"""Section 55(5A) of the Police Act 1996: 56 days "beginning with the day on which the report is published"."""
PERIOD_SINCE = date(2017, 1, 31)
"""Royal Assent of the Policing and Crime Act 2017, whose section 37 added the period: no earlier report has it."""


def last_day_to_comment(published: date) -> date:
    """The last day on which the local policing body may publish its comments and those of the chief officer.

    The day of publication is day 1, so 55 days are added and not 56.

    Args:
        published: day on which the report was published.

    Source: Police Act 1996 s.55(5A), as amended by the Policing and Crime Act 2017 s.37.
    Example: a report of 1 March 2024.
        >>> last_day_to_comment(date(2024, 3, 1)).isoformat()
        '2024-04-25'
    """
    return published + timedelta(days=PERIOD_DAYS - 1)


@dataclass(frozen=True, kw_only=True)
class Clock:
    """Where the period stands on a day. `days_left` counts the day itself: 1 on the last day, 0 or less after it."""

    published: date
    last_day: date
    days_left: int

    @property
    def has_passed(self) -> bool:
        """Whether the last day is over."""
        return self.days_left < 1


def clock(*, published: date | None, exact: bool, on: date) -> Clock | None:
    """Where the period stands; None where there is none, or where the report does not give its day.

    Args:
        published: when the report was published; its first possible day where it gives only the month or year.
        exact: the report gives the day.
        on: the day that is asked about.

    Example:
        >>> clock(published=date(2024, 3, 1), exact=True, on=date(2024, 4, 25)).days_left
        1
        >>> clock(published=date(2004, 12, 1), exact=True, on=date(2024, 4, 25)) is None
        True
    """
    if published is None or not exact or published < PERIOD_SINCE:
        return None
    last = last_day_to_comment(published)
    return Clock(published=published, last_day=last, days_left=(last - on).days + 1)
