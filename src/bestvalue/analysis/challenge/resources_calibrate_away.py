"""Did what takes units away change for good? Then the weeks before tell nothing of those to come.

Weeks are replayed with the units that were away in them. If units begin to be tasked, or stop going to court, in the middle of those
weeks, a replay mixes a force that no longer exists with the one that does. So each reason, local and support apart, is looked at for a
lasting step, and the weeks before it are played with the absences of the weeks since.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

FEWEST_WEEKS = 6
"""On either side of a step."""

SURELY = 6.0
"""Standard errors by which the weeks after differ from those before. The best of some forty places for a step reaches 4 by chance
about once in a thousand series; a reason that comes and goes with the season has a spread of its own, and does not reach this."""

LEAST_SHARE = 0.01
"""Steps of less than one in a hundred hours on duty are left as they are."""


@dataclass(frozen=True, kw_only=True)
class LastingChange:
    """A reason that takes units from `week` on for `after` unit-hours a week, and for `before` earlier."""

    level: str
    reason: str
    week: int
    before: float
    after: float

    def told(self, starts: datetime) -> str:
        """In words, with the Monday of the first week given."""
        since = starts + timedelta(weeks=self.week)
        return (
            f"{self.reason} of {self.level} units, from {self.before:,.0f} to {self.after:,.0f} unit-hours a week since {since:%-d %B %Y}"
        )


def find_step(hours: NDArray[np.float64]) -> int | None:
    """The week with which a lasting step begins; None where there is none beyond chance.

    Args:
        hours: array (weeks,), taken away in each.
    Source: the likelihood-ratio statistic for one change of mean, Hawkins (1977), JASA 72; its largest value over all places.

    Example:
        >>> find_step(np.array([0.0, 1, 0, 2, 1, 0, 1, 0, 60, 55, 63, 58, 61, 57, 60, 59]))
        8
    """
    best, where = 0.0, None
    for week in range(FEWEST_WEEKS, len(hours) - FEWEST_WEEKS + 1):
        early, late = hours[:week], hours[week:]
        apart = abs(float(late.mean() - early.mean()))
        within = np.sum((early - early.mean()) ** 2) + np.sum((late - late.mean()) ** 2)
        error = float(np.sqrt(within / (len(hours) - 2) * (1 / len(early) + 1 / len(late))))
        errors = apart / error if error > 0 else np.inf if apart > 0 else 0.0
        if errors > best:
            best, where = errors, week
    return where if best >= SURELY else None


def find_changes(spells: pl.DataFrame, *, weeks: int, duty_hours: dict[str, float]) -> tuple[LastingChange, ...]:
    """Lasting changes of all reasons.

    Args:
        spells: week, level, reason, seconds: one row a unit and week.
        weeks: looked at.
        duty_hours: unit-hours on duty a week, by level.
    """
    found = []
    for (level, reason), mine in sorted(spells.group_by("level", "reason"), key=lambda group: str(group[0])):
        hours = np.bincount(mine["week"].to_numpy(), mine["seconds"].to_numpy() / 3_600, weeks).astype(np.float64)
        week = find_step(hours)
        if week is None:
            continue
        before, after = float(hours[:week].mean()), float(hours[week:].mean())
        if abs(after - before) >= LEAST_SHARE * duty_hours[str(level)]:
            found.append(LastingChange(level=str(level), reason=str(reason), week=week, before=before, after=after))
    return tuple(found)


def since_changes(spells: pl.DataFrame, changes: tuple[LastingChange, ...], *, weeks: int) -> pl.DataFrame:
    """The spells with those before a lasting change replaced by those of the weeks since, week by week in turn.

    Args:
        spells: week, level, reason and more columns, which are kept.
        changes: at most one a level and reason.
        weeks: looked at.
    """
    for change in changes:
        mine = (pl.col("level") == change.level) & (pl.col("reason") == change.reason)
        since = spells.filter(mine & (pl.col("week") >= change.week))
        early = pl.DataFrame({"early": np.arange(change.week)}).with_columns(week=change.week + pl.col("early") % (weeks - change.week))
        moved = early.join(since, on="week").with_columns(week="early").select(spells.columns)
        spells = pl.concat([spells.filter(~mine | (pl.col("week") >= change.week)), moved])
    return spells
