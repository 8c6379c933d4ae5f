"""Do the same people answer the same when they are asked again? Test and retest of each scale's mean score."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from bestvalue.analysis.consult.answers import Answers
from bestvalue.analysis.consult.intraclass import Intraclass, intraclass_correlations

Floats = NDArray[np.float64]

FEWEST_RETESTED = 10
"""Below this no interval is worth printing."""


@dataclass(frozen=True, kw_only=True)
class Retest:
    """Two askings of one scale.

    Args:
        people: who answered the whole scale both times.
        forms: the six intraclass correlations of the mean scores.
        correlation, low, high: Pearson's r with Fisher's interval.
        change, change_low, change_high: mean second score less mean first, in points of the scale.
        standard_error: of measurement, in points: the deviation of one person's score around what it would be on average.
        smallest_change: the smallest difference of one person's two scores that is more than noise (95%), in points.
    """

    people: int
    forms: tuple[Intraclass, ...]
    correlation: float
    low: float
    high: float
    change: float
    change_low: float
    change_high: float
    standard_error: float
    smallest_change: float


def retest(first: Answers, second: Answers, *, confidence: float = 0.95) -> Retest | None:
    """Compare the mean scores of two rounds of one scale; None where fewer than `FEWEST_RETESTED` people answered it in full twice."""
    _, here, there = np.intersect1d(first.people, second.people, return_indices=True)
    both = first.complete[here] & second.complete[there]
    people = int(both.sum())
    if people < FEWEST_RETESTED:
        return None
    pairs = np.column_stack([first.scores[here[both]].mean(axis=1), second.scores[there[both]].mean(axis=1)])
    if np.ptp(pairs[:, 0]) == 0 or np.ptp(pairs[:, 1]) == 0:
        return None
    forms = intraclass_correlations(pairs, confidence=confidence)
    z = float(special.ndtri((1 + confidence) / 2))
    correlation = float(np.corrcoef(pairs.T)[0, 1])
    fisher, error = np.arctanh(min(correlation, 1 - 1e-12)), 1 / np.sqrt(people - 3)
    change = pairs[:, 1] - pairs[:, 0]
    half = float(special.stdtrit(people - 1, (1 + confidence) / 2) * change.std(ddof=1) / np.sqrt(people))
    noise = float(change.std(ddof=1) / np.sqrt(2))
    return Retest(
        people=people,
        forms=forms,
        correlation=correlation,
        low=float(np.tanh(fisher - z * error)),
        high=float(np.tanh(fisher + z * error)),
        change=float(change.mean()),
        change_low=float(change.mean()) - half,
        change_high=float(change.mean()) + half,
        standard_error=noise,
        smallest_change=float(special.ndtri(0.975)) * np.sqrt(2) * noise,
    )
