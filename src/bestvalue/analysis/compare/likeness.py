"""How alike are two places? A distance over characteristics that allows for their scale, their weight and what they share.

Every characteristic is standardised and multiplied by the root of its weight; the distance is Mahalanobis' over their correlation, so that
five measures of poverty do not count five times. The correlation is shrunk towards none: with 43 places it is itself uncertain.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.compiled import compiled

Floats = NDArray[np.float64]
LEAST_SHRINKAGE = 0.02
"""Shares that add up to a whole make the correlation singular; this much of none keeps it from that."""

CHUNK = 500
"""Resamples worked on at once: 500 x 43 x 43 distances are 7 MB."""


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """Distances between places and how stable their nearest are.

    Args:
        distance: array (n, n), symmetric, 0 on the diagonal.
        shrinkage: how far the correlation was shrunk, 0 to 1.
        nearest: array (n, k): the nearest places of each, nearest first.
        stability: array (n, n): the share of resamples in which column j is among the k nearest of row i.
    """

    distance: Floats
    shrinkage: float
    nearest: NDArray[np.int64]
    stability: Floats


def likeness(values: Floats, *, weights: Floats, peers: int, resamples: int, weight_spread: float, chance: np.random.Generator) -> Likeness:
    """Distances, nearest places and their stability.

    Stability holds two doubts at once: which places happen to be in the set (they are resampled, which moves scales and correlation) and
    how much each characteristic should count (weights are drawn about those given).

    Args:
        values: array (n places, p characteristics), no gaps.
        weights: array (p), >= 0, not all 0.
        peers: k, how many are nearest.
        resamples: how many resamples.
        weight_spread: standard deviation of the logarithm of a drawn weight; 0 keeps them as they are.
        chance: the random numbers.

    Source: Mahalanobis (1936); shrinkage of the correlation: Schäfer and Strimmer (2005), Statistical Applications in Genetics 4, 32.
    """
    standard = standardise(values)
    shrinkage = max(shrinkage_of(standard), LEAST_SHRINKAGE)
    distance = distances(standard, weights=weights, shrinkage=shrinkage)
    n = len(values)
    counts = np.zeros((n, n), dtype=np.int64)
    for start in range(0, resamples, CHUNK):
        size = min(CHUNK, resamples - start)
        squared = _resampled(standard, weights, shrinkage, size, weight_spread, chance)
        _count_nearest(squared, peers, counts)
    order = np.argsort(distance + np.where(np.eye(n, dtype=bool), np.inf, 0.0), axis=1, kind="stable")
    return Likeness(
        distance=distance,
        shrinkage=shrinkage,
        nearest=order[:, :peers],
        stability=counts / resamples if resamples else counts.astype(float),
    )


def standardise(values: Floats) -> Floats:
    """Each column less its mean, over its standard deviation; a column that is the same everywhere becomes 0."""
    spread = values.std(axis=0)
    return np.asarray((values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0))


def shrinkage_of(standard: Floats) -> float:
    """How far to shrink the correlation towards none: the variance of its entries over their squares, 0 to 1."""
    n = len(standard)
    products = standard[:, :, None] * standard[:, None, :]
    correlation = products.mean(axis=0)
    variance = ((products - correlation) ** 2).sum(axis=0) * n / (n - 1) ** 3
    off = ~np.eye(standard.shape[1], dtype=bool)
    squares = float((correlation[off] ** 2).sum())
    return float(np.clip(variance[off].sum() / squares, 0.0, 1.0)) if squares > 0 else 1.0


def distances(standard: Floats, *, weights: Floats, shrinkage: float) -> Floats:
    """Distances between all places, array (n, n)."""
    correlation = _shrunk(np.corrcoef(standard, rowvar=False).reshape(standard.shape[1], -1), shrinkage)
    apart = (standard[:, None, :] - standard[None, :, :]) * np.sqrt(weights / weights.mean())
    squared = np.einsum("ijk,kl,ijl->ij", apart, np.linalg.inv(correlation), apart)
    return np.asarray(np.sqrt(np.maximum(squared, 0.0)))


def _shrunk(correlation: Floats, shrinkage: float) -> Floats:
    off = np.nan_to_num(correlation) * (1 - shrinkage)
    diagonal = np.eye(off.shape[-1], dtype=bool)
    # A column that is the same everywhere has no correlation, and must not make the matrix singular.
    return np.where(diagonal, 1.0, np.clip(off, -0.999, 0.999))


def _resampled(standard: Floats, weights: Floats, shrinkage: float, size: int, weight_spread: float, chance: np.random.Generator) -> Floats:
    """Squared distances of `size` resamples, array (size, n, n).

    The squared distance is linear in the weighted inverse of the correlation, so all resamples are one product of matrices.
    """
    n, p = standard.shape
    share = chance.multinomial(n, np.full(n, 1 / n), size=size) / n
    drawn = weights * np.exp(weight_spread * chance.standard_normal((size, p)))
    root = np.sqrt(drawn / drawn.mean(axis=1, keepdims=True))
    mean = share @ standard
    product = (share @ (standard[:, :, None] * standard[:, None, :]).reshape(n, p * p)).reshape(size, p, p)
    covariance = product - mean[:, :, None] * mean[:, None, :]
    scale = np.sqrt(np.maximum(np.einsum("bii->bi", covariance), 1e-12))
    correlation = _shrunk(covariance / (scale[:, :, None] * scale[:, None, :]), shrinkage)
    form = np.linalg.inv(correlation) * (root / scale)[:, :, None] * (root / scale)[:, None, :]
    apart = standard[:, None, :] - standard[None, :, :]
    pairs = (apart[:, :, :, None] * apart[:, :, None, :]).reshape(n * n, p * p)
    return np.asarray((form.reshape(size, p * p) @ pairs.T).reshape(size, n, n))


@compiled
def _count_nearest(squared: Floats, peers: int, counts: NDArray[np.int64]) -> None:
    """Add to counts[i, j] once for every resample in which j is among the nearest of i."""
    size, n, _ = squared.shape
    best = np.empty(peers, dtype=np.int64)
    for b in range(size):
        for i in range(n):
            found = 0
            for j in range(n):
                if j == i:
                    continue
                if found == peers and squared[b, i, j] >= squared[b, i, best[found - 1]]:
                    continue
                if found < peers:
                    found += 1
                at = found - 1
                while at > 0 and squared[b, i, best[at - 1]] > squared[b, i, j]:
                    best[at] = best[at - 1]
                    at -= 1
                best[at] = j
            for k in range(found):
                counts[i, best[k]] += 1
