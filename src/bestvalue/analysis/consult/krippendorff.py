"""Krippendorff's alpha for any number of coders and any scale of codes, with gaps, and an interval from resampled units."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.consult.ratings import count_ratings

Floats = NDArray[np.float64]
Metric = Literal["nominal", "ordinal", "interval", "ratio"]

RESAMPLES_AT_ONCE = 100
"""Counts of 100 resamples of 10,000 units take 8 MB: they stay near the processor."""


@dataclass(frozen=True, kw_only=True)
class KrippendorffAlpha:
    """`value` (at most 1; 0 is chance) with its interval, the units coded twice or more, and the codings in them.

    `low` and `high` are percentiles of resampled units. Krippendorff's own bootstrap draws pair disagreements instead and takes the
    units as fixed; its intervals are narrower. `failed` resamples in which only one code was left count as full agreement.
    """

    value: float
    low: float
    high: float
    units: int
    codings: int
    failed: int


def krippendorff_alpha(
    ratings: Floats,
    *,
    metric: Metric = "nominal",
    bootstraps: int = 1000,
    confidence: float = 0.95,
    chance: np.random.Generator | None = None,
) -> KrippendorffAlpha:
    """How far coders agree beyond chance.

    Args:
        ratings: array (units, coders), codes as numbers; NaN where a coder did not code the unit.
        metric: how far two codes are apart: alike or not, by rank, by difference, by ratio (codes >= 0).
        bootstraps: resamples of units; 0 gives no interval (NaN).
        confidence: level of the interval.
        chance: for the resamples; needed with bootstraps.

    Raises:
        SpecError: no unit was coded twice, or only one code was ever given.
    Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability.
    Example: three units, two coders, one disagreement: 1 - (6 - 1) * 2 / (2 * 3 * 3).
        >>> found = krippendorff_alpha(np.array([[1.0, 1], [2, 2], [1, 2]]), bootstraps=0)
        >>> round(found.value, 12)
        0.444444444444
    """
    counted = count_ratings(ratings)
    counts, values = counted.counts, counted.values
    pairs = _pairs(counts)
    value = float(_alpha(pairs.sum(axis=0)[None], values, metric)[0])
    units, codings = len(counts), int(counts.sum())
    if bootstraps == 0:
        return KrippendorffAlpha(value=value, low=float("nan"), high=float("nan"), units=units, codings=codings, failed=0)
    source = chance or np.random.default_rng(1)
    drawn = []
    for begin in range(0, bootstraps, RESAMPLES_AT_ONCE):
        size = min(RESAMPLES_AT_ONCE, bootstraps - begin)
        times = np.empty((size, units))
        for row in range(size):
            times[row] = np.bincount(source.integers(0, units, units, dtype=np.int32), minlength=units)
        drawn.append(_alpha(times @ pairs, values, metric))
    every = np.concatenate(drawn)
    failed = int(np.isnan(every).sum())
    low, high = np.quantile(np.nan_to_num(every, nan=1.0), [(1 - confidence) / 2, (1 + confidence) / 2])
    return KrippendorffAlpha(value=value, low=float(low), high=float(high), units=units, codings=codings, failed=failed)


def _pairs(counts: Floats) -> Floats:
    """Each unit's share of the coincidence matrix, upper triangle with the diagonal, array (u, v (v + 1) / 2)."""
    one, other = np.triu_indices(counts.shape[1])
    size = counts.sum(axis=1, keepdims=True)
    found: Floats = counts[:, one] * (counts[:, other] - (one == other)) / (size - 1)
    return found


def _alpha(pairs: Floats, values: Floats, metric: Metric) -> Floats:
    """Alpha of each coincidence matrix given by its upper triangle, array (b,); NaN where one code only is left."""
    size = len(values)
    one, other = np.triu_indices(size)
    matrix = np.zeros((len(pairs), size, size))
    matrix[:, one, other] = pairs
    matrix[:, other, one] = pairs
    margin = matrix.sum(axis=2)
    total = margin.sum(axis=1)
    apart = _distance(margin, values, metric)
    seen = (matrix * apart).sum(axis=(1, 2))
    expected = (margin[:, :, None] * margin[:, None, :] * apart).sum(axis=(1, 2))
    found: Floats = np.full(len(pairs), np.nan)
    some = expected > 0
    found[some] = 1 - (total[some] - 1) * seen[some] / expected[some]
    return found


def _distance(margin: Floats, values: Floats, metric: Metric) -> Floats:
    """Squared distance of every two codes, array (b or 1, v, v)."""
    if metric == "nominal":
        return (1 - np.eye(len(values)))[None]
    if metric == "interval":
        return ((values[:, None] - values[None, :]) ** 2)[None]
    if metric == "ratio":
        whole = values[:, None] + values[None, :]
        return ((np.abs(values[:, None] - values[None, :]) / np.where(whole == 0, 1, whole)) ** 2)[None]
    reached = np.cumsum(margin, axis=1)
    middle = reached - margin / 2
    apart: Floats = (middle[:, :, None] - middle[:, None, :]) ** 2
    return apart
