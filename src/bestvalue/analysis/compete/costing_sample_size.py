"""How large must the next activity sample be? People and days for an interval as narrow as is wanted."""

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Variance of one share of time: between people, and between the days of one person.

    Args:
        share: the share itself, 0 to 1.
        between: variance between people of their own long-run shares.
        within: variance between days of one person.
        days: mean number of days of a person.
    """

    share: float
    between: float
    within: float
    days: float


def spread_of(minutes: NDArray[np.float64], mine: NDArray[np.float64], person: NDArray[np.object_]) -> Spread:
    """Split the variance of a share of time into people and days.

    One-way analysis of variance on the daily shares, as many days a person as they have: the between part is
    (mean square between - mean square within) / n0, never below 0.

    Args:
        minutes: array (person-days,), all time.
        mine: array (person-days,), the time in question.
        person: array (person-days,), who it was.
    Source: Searle, Casella and McCulloch, Variance Components (1992), ch. 3.
    """
    _, whose = np.unique(person, return_inverse=True)
    daily = mine / minutes
    days = np.bincount(whose)
    means = np.bincount(whose, weights=daily) / days
    people, size = len(days), len(daily)
    within = float(((daily - means[whose]) ** 2).sum()) / max(1, size - people)
    between = float((days * (means - daily.mean()) ** 2).sum()) / max(1, people - 1)
    typical = (size - float((days**2).sum()) / size) / max(1, people - 1)
    part = max(0.0, (between - within) / typical) if typical > 0 else 0.0
    return Spread(share=float(mine.sum() / minutes.sum()), between=part, within=within, days=size / people)


def people_needed(spread: Spread, *, within_share: float, days: float, z: float) -> int:
    """How many people give an interval of +- `within_share` of the share itself, each sampled on `days` days.

    Args:
        spread: of the share.
        within_share: half width of the interval wanted, as a share of the figure: 0.05 for +-5%.
        days: days of each person.
        z: standard errors of the interval's level: 1.96 for 95%.

    Example: by hand, share 0.2, between 0.0016, within 0.01, ten days: 1.96^2 x (0.0016 + 0.001) / 0.01^2 = 99.9.
        >>> people_needed(Spread(share=0.2, between=0.0016, within=0.01, days=10), within_share=0.05, days=10, z=1.96)
        100
    """
    variance = spread.between + spread.within / days
    return max(2, math.ceil(z**2 * variance / (within_share * spread.share) ** 2))


def sizes(table: pl.DataFrame, *, people: int, target: float) -> pl.DataFrame:
    """How many times the sample, and so how many people over the same days, each activity needs.

    The half width of an interval falls with the square root of the number of people, whatever their number of days.

    Args:
        table: activity_id, activity_name, total_pence, low_pence, high_pence.
        people: how many were sampled.
        target: half width that is wanted, as a share of the cost.

    Returns:
        activity_id, activity_name, half_width_share (now), people_needed.
    """
    half = (pl.col("high_pence") - pl.col("low_pence")) / 2 / pl.col("total_pence")
    return (
        table.filter(pl.col("low_pence").is_not_null() & (pl.col("total_pence") > 0))
        .select("activity_id", "activity_name", half_width_share=half)
        .with_columns(people_needed=(people * (pl.col("half_width_share") / target) ** 2).ceil().cast(pl.Int64))
    )
