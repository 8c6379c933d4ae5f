"""Is a roster enough, or is it short by more than chance? Shortfalls week by week, so that one bad hour drawn often counts once.

The weeks that happened are what is known. A week that is drawn several times tells nothing new each time, so errors are worked out
from one sum per week that happened (Liang & Zeger 1986, *Biometrika* 73: errors by clusters), not from jobs or draws.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bestvalue.analysis.challenge.roster_check import Shares, Tally
from bestvalue.analysis.challenge.roster_jobs import Floats, Integers

BARELY = 1e-9
FEWEST_IN_A_QUARTER = 100
"""Fewer jobs than this in all replications say nothing of a part of the day."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a roster is judged by.

    Args:
        targets: share in time of each grade, NaN without one, array (grades).
        give_share: where even without waiting fewer are in time, so many points below that.
        reachable: shares in time in the same weeks if nobody waited.
        at_all_times: a quarter of the day may not be short by more than chance; else only the week counts.
        confidence: 0.95 calls at most one in twenty rosters short in a quarter that are not, all quarters and grades together.
    """

    targets: Floats
    give_share: float
    reachable: Shares
    at_all_times: bool
    confidence: float

    @property
    def wanted(self) -> Floats:
        """Share asked for over the week: the target, or a little less than can be reached; array (grades)."""
        return np.minimum(self.targets, np.maximum(self.reachable.mean - self.give_share, 0.0))


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Are the targets met over the week, and in each quarter of the day as far as chance allows to tell?"""

    week: bool
    quarters: bool

    @property
    def enough(self) -> bool:
        """Both."""
        return self.week and self.quarters


def judge(shares: Shares, asked: Asked) -> Verdict:
    """Hold what a roster reaches against what is asked of it; by the same rule whoever drew it up."""
    known = np.isfinite(asked.wanted) & np.isfinite(shares.mean)
    week = bool((shares.mean[known] >= asked.wanted[known] - BARELY).all())
    return Verdict(week=week, quarters=not asked.at_all_times or not short_quarters(shares, asked).any())


def short_quarters(shares: Shares, asked: Asked) -> NDArray[np.bool_]:
    """Quarters of the day that are short by more than chance, array (grades, 4).

    For each drawn week, jobs that should be in time less jobs that are. A quarter is short where the mean is above zero by more than
    Student's t at the confidence asked for, one-sided, shared evenly over all quarters and grades that are judged (Bonferroni).
    """
    tally, reach = shares.tally, asked.reachable.tally
    jobs = tally.jobs.sum(axis=0)
    judged: NDArray[np.bool_] = (jobs >= FEWEST_IN_A_QUARTER) & np.isfinite(asked.targets)[:, None]
    if not judged.any():
        return judged
    with np.errstate(invalid="ignore", divide="ignore"):
        # Where the target is out of reach the roster is held, week by week, against what that very week allows.
        out_of_reach = reach.good.sum(axis=0) / jobs - asked.give_share < asked.targets[:, None]
        due = np.where(out_of_reach, reach.good - asked.give_share * tally.jobs, asked.targets[:, None] * tally.jobs)
    mean, error = mean_and_error(due - tally.good, tally.week)
    limit = stats.t.ppf(1 - (1 - asked.confidence) / judged.sum(), max(len(np.unique(tally.week)) - 1, 1))
    return np.asarray(judged & (mean > limit * error + BARELY))


def mean_and_error(values: Floats, week: Integers) -> tuple[Floats, Floats]:
    """Mean over drawn weeks and its standard error as an answer about all weeks.

    Args:
        values: one for each drawn week, array (draws, ...).
        week: which week that happened was drawn, array (draws).

    Example: four draws of two weeks tell as much as the two weeks; one week alone tells no error.
        >>> mean, error = mean_and_error(np.array([0.0, 2.0, 0.0, 2.0]), np.array([7, 8, 7, 8]))
        >>> float(mean), float(error)
        (1.0, 1.0)
    """
    mean = values.mean(axis=0)
    numbers, place = np.unique(week, return_inverse=True)
    sums = np.zeros((len(numbers), *values.shape[1:]))
    np.add.at(sums, place, values - mean)
    many = len(numbers)
    if many < 2:
        return mean, np.full_like(mean, np.inf)
    return mean, np.sqrt((sums**2).sum(axis=0) * many / (many - 1)) / len(week)


@dataclass(frozen=True, kw_only=True)
class Gain:
    """Share in time that one roster has above another on the same weeks: arrays (grades), NaN without judged jobs."""

    mean: Floats
    low: Floats
    high: Floats
    jobs: Floats

    @property
    def beyond_chance(self) -> NDArray[np.bool_]:
        """Grades in which the interval lies above zero."""
        return np.asarray(np.nan_to_num(self.low) > 0)


def gain(new: Tally, old: Tally, *, confidence: float) -> Gain:
    """How much more is in time with one roster than with another, paired week by week.

    Args:
        new: counts with the one roster.
        old: counts with the other, of the same draws.
        confidence: level of the interval.
    """
    mean, error = mean_and_error((new.good - old.good).sum(axis=2), new.week)
    jobs = new.jobs.sum(axis=(0, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        each = np.where(jobs > 0, len(new.week) / jobs, np.nan)
        half = stats.t.ppf((1 + confidence) / 2, max(len(np.unique(new.week)) - 1, 1)) * error
        return Gain(mean=mean * each, low=(mean - half) * each, high=(mean + half) * each, jobs=jobs)


def together(tallies: list[Tally]) -> Tally:
    """Counts of several pools that met the same weeks."""
    return Tally(
        week=tallies[0].week,
        jobs=np.sum([one.jobs for one in tallies], axis=0),
        good=np.sum([one.good for one in tallies], axis=0),
    )
