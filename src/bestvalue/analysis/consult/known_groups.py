"""Do groups that are known to differ also differ on the scale, and the way they should? Known-groups validity."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

from bestvalue.analysis.consult.answers import Answers
from bestvalue.analysis.consult.weights import GROUPS, read_sample
from bestvalue.analysis.multiple_tests import holm
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

Floats = NDArray[np.float64]

FEWEST = 20
"""Smaller groups say nothing: the interval of their difference is wider than a half standard deviation either way."""

WRITTEN = re.compile(r"^\s*([^:]+?)\s*:\s*(\w+)\s*:\s*([^>]+?)\s*>\s*([^>]+?)\s*$")


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """What was expected before anybody looked: `higher` scores more on the scale than `lower`; both are groups of the column."""

    scale: str
    column: str
    higher: str
    lower: str


@dataclass(frozen=True, kw_only=True)
class KnownGroups:
    """What was found.

    Args:
        expected: what was expected.
        difference, low, high: of the mean scores, higher less lower, in steps of the answers, with Welch's interval.
        effect: Hedges' g, the difference in standard deviations.
        p: of no difference, corrected for all expectations that were tested (Holm).
        people_higher, people_lower: who answered at least half of the scale's questions.
        holds: the interval lies above zero: the groups differ the way that was expected.
    """

    expected: Expectation
    difference: float
    low: float
    high: float
    effect: float
    p: float
    people_higher: int
    people_lower: int
    holds: bool


def read_expectation(written: str) -> Expectation:
    """An expectation as somebody writes it.

    Raises:
        SpecError: it is not written so.

    Example:
        >>> read_expectation("worry: sex: female > male").higher
        'female'
    """
    found = WRITTEN.match(written)
    if found is None:
        raise SpecError(
            f"{written!r} is no expectation", where="known_groups", next_step="Write scale: column: higher group > lower group."
        )
    scale, column, higher, lower = found.groups()
    return Expectation(scale=scale, column=column, higher=higher, lower=lower)


def known_groups(dataset: Dataset, used: Answers, written: Sequence[str], *, confidence: float) -> tuple[KnownGroups, ...]:
    """Test every expectation on the mean score of each person.

    Args:
        dataset: with survey_sample, which has the groups.
        used: answers of the scales in use, turned.
        written: expectations, as `read_expectation` reads them.
        confidence: level of the intervals.

    Raises:
        SpecError: an expectation cannot be read, or names a scale, column or group that is not there, or too small a group.
    Source: Cronbach and Meehl (1955), Psychological Bulletin 52; Welch (1947), Biometrika 34; Hedges (1981), Journal of Educational
        Statistics 6.
    """
    expected = [read_expectation(one) for one in written]
    if not expected:
        return ()
    sample = _sample(dataset)
    pairs = [_scores(used, one, sample) for one in expected]
    tests = [welch(higher, lower, confidence=confidence) for higher, lower in pairs]
    corrected = holm(np.array([p for _, _, _, p in tests]))
    return tuple(
        KnownGroups(
            expected=one,
            difference=difference,
            low=low,
            high=high,
            effect=hedges_g(*pair),
            p=float(p),
            people_higher=len(pair[0]),
            people_lower=len(pair[1]),
            holds=low > 0,
        )
        for one, pair, (difference, low, high, _), p in zip(expected, pairs, tests, corrected, strict=True)
    )


def welch(first: Floats, second: Floats, *, confidence: float) -> tuple[float, float, float, float]:
    """Difference of means with its interval and p, for spreads that may differ.

    Example: equal spreads and sizes give the plain t test; 2 apart, with a standard error of 1 and 8 degrees of freedom.
        >>> one, two = np.array([3.0, 4, 5, 6, 7]), np.array([1.0, 2, 3, 4, 5])
        >>> [round(value, 4) for value in welch(one, two, confidence=0.95)]
        [2.0, -0.306, 4.306, 0.0805]
    """
    parts = np.array([group.var(ddof=1) / len(group) for group in (first, second)])
    error = float(np.sqrt(parts.sum()))
    difference = float(first.mean() - second.mean())
    freedom = float(parts.sum() ** 2 / (parts**2 / np.array([len(first) - 1, len(second) - 1])).sum())
    half = float(special.stdtrit(freedom, (1 + confidence) / 2)) * error
    p = 2 * float(special.stdtr(freedom, -abs(difference / error)))
    return difference, difference - half, difference + half, p


def hedges_g(first: Floats, second: Floats) -> float:
    """The difference in pooled standard deviations, without the bias of small groups.

    Example:
        >>> round(hedges_g(np.array([3.0, 4, 5, 6, 7]), np.array([1.0, 2, 3, 4, 5])), 4)  # 2 / sqrt(2.5) times 1 - 3 / 31
        1.1425
    """
    n, m = len(first), len(second)
    pooled = ((n - 1) * first.var(ddof=1) + (m - 1) * second.var(ddof=1)) / (n + m - 2)
    return float((first.mean() - second.mean()) / np.sqrt(pooled) * (1 - 3 / (4 * (n + m) - 9)))


def _sample(dataset: Dataset) -> pl.DataFrame:
    if "survey_sample" not in dataset.tables:
        raise SpecError("Who is in which group is not known", where="survey_sample", next_step="Put survey_sample into the data folder.")
    return read_sample(dataset)


def _scores(used: Answers, one: Expectation, sample: pl.DataFrame) -> tuple[Floats, Floats]:
    """Mean scores of the two groups, of everybody who answered at least half of the scale."""
    if one.column not in GROUPS:
        raise SpecError(f"People cannot be grouped by {one.column!r}", where="known_groups", next_step=f"Choose from {', '.join(GROUPS)}.")
    own = used.of_scale(one.scale)
    if not own.items:
        listed = ", ".join(sorted({item.scale for item in used.items if item.scale}))
        raise SpecError(f"There is no scale {one.scale!r} to look at", where="known_groups", next_step=f"Choose from {listed}.")
    answered = ~np.isnan(own.scores)
    enough = answered.sum(axis=1) * 2 >= len(own.items)
    means = np.nansum(own.scores, axis=1) / np.maximum(answered.sum(axis=1), 1)
    group_of = dict(sample.select("respondent_id", pl.col(one.column).cast(pl.String).fill_null("not said")).iter_rows())
    group = np.array([group_of.get(str(person), "not said") for person in own.people])
    found = []
    for name in (one.higher, one.lower):
        scores = means[enough & (group == name)]
        if len(scores) < FEWEST:
            listed = ", ".join(sorted(set(group.tolist())))
            raise SpecError(
                f"{len(scores)} people of {name!r} answered, and {FEWEST} are needed",
                where="known_groups",
                next_step=f"Groups by {one.column}: {listed}.",
            )
        found.append(scores)
    return found[0], found[1]
