"""How do two questions with a few ordered answers go together? Polychoric correlations: those of normal feelings behind the answers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)
FARTHEST = 8.0
"""Stands for infinity on the normal scale: beyond it less than 1e-15 is left."""

MOST_CORRELATION, STEPS, TOLERANCE = 0.995, 40, 1e-10


@dataclass(frozen=True, kw_only=True)
class Polychoric:
    """Correlations of the hidden answers.

    Args:
        correlation: array (k, k), made positive definite where it was not.
        thresholds: for each question where the hidden answer turns into the next, finite ones only.
        smoothed: how far eigenvalues had to be raised; 0 where the matrix was positive definite.
    """

    correlation: Floats
    thresholds: tuple[Floats, ...]
    smoothed: float


def polychoric(scores: Floats) -> Polychoric:
    """Estimate in two steps: thresholds from each question's own shares, then each correlation by maximum likelihood.

    Args:
        scores: array (n, k) of whole numbers, no gaps, no constant question.

    Source: Olsson (1979), Psychometrika 44.
    """
    k = scores.shape[1]
    codes = [np.unique(scores[:, item], return_inverse=True)[1] for item in range(k)]
    cuts = [_cuts(code) for code in codes]
    correlation = np.eye(k)
    first, second = np.triu_indices(k, 1)
    widest = max(len(cut) for cut in cuts)
    tables = np.zeros((len(first), widest - 1, widest - 1))
    rows, columns = np.full((len(first), widest), FARTHEST), np.full((len(first), widest), FARTHEST)
    for pair, (one, other) in enumerate(zip(first, second, strict=True)):
        a, b = cuts[one], cuts[other]
        rows[pair, : len(a)], columns[pair, : len(b)] = a, b
        counted = np.bincount(codes[one] * (len(b) - 1) + codes[other], minlength=(len(a) - 1) * (len(b) - 1))
        tables[pair, : len(a) - 1, : len(b) - 1] = counted.reshape(len(a) - 1, len(b) - 1)
    correlation[first, second] = correlation[second, first] = correlate_tables(tables, rows, columns)
    correlation, raised = smooth(correlation)
    return Polychoric(correlation=correlation, thresholds=tuple(cut[1:-1] for cut in cuts), smoothed=raised)


def correlate_tables(tables: Floats, rows: Floats, columns: Floats) -> Floats:
    """The likeliest correlation of each table by Fisher scoring, array (pairs,).

    Args:
        tables: counts, array (pairs, r, c).
        rows: thresholds of the first question with both ends, array (pairs, r + 1).
        columns: those of the second, array (pairs, c + 1).
    """
    found = np.zeros(len(tables))
    for _ in range(STEPS):
        cell = np.maximum(_between(bivariate_normal(rows[:, :, None], columns[:, None, :], found[:, None, None])), 1e-12)
        change = _between(_density(rows[:, :, None], columns[:, None, :], found[:, None, None]))
        slope = (tables / cell * change).sum(axis=(1, 2))
        information = tables.sum(axis=(1, 2)) * (change**2 / cell).sum(axis=(1, 2))
        step = np.clip(slope / np.maximum(information, 1e-12), -0.3, 0.3)
        moved = np.clip(found + step, -MOST_CORRELATION, MOST_CORRELATION)
        settled = np.abs(moved - found).max(initial=0.0) < TOLERANCE
        found = moved
        if settled:
            break
    return found


def bivariate_normal(a: Floats, b: Floats, correlation: Floats) -> Floats:
    """P(X < a, Y < b) of two standard normals, by integrating the density over the correlation (Drezner and Wesolowsky 1990).

    Example: at zero thresholds it is 1/4 + asin(r) / 2 pi.
        >>> round(float(bivariate_normal(np.array(0.0), np.array(0.0), np.array(0.5))), 10)
        0.3333333333
    """
    angle = np.arcsin(correlation)[..., None]
    turned = angle * (NODES + 1) / 2
    sine, cosine = np.sin(turned), np.cos(turned) ** 2
    a_, b_ = a[..., None], b[..., None]
    inside = np.exp(-(a_**2 + b_**2 - 2 * a_ * b_ * sine) / (2 * cosine))
    found: Floats = special.ndtr(a) * special.ndtr(b) + (inside * WEIGHTS).sum(axis=-1) * angle[..., 0] / (4 * np.pi)
    return found


def smooth(correlation: Floats) -> tuple[Floats, float]:
    """The matrix with eigenvalues raised to at least 1e-6 and ones on the diagonal, and how far they were raised."""
    values, vectors = np.linalg.eigh(correlation)
    raised = float(np.maximum(1e-6 - values, 0).max())
    if raised == 0:
        return correlation, 0.0
    made = vectors * np.maximum(values, 1e-6) @ vectors.T
    scale = np.sqrt(np.diagonal(made))
    return made / scale[:, None] / scale[None, :], raised


def _cuts(code: NDArray[np.int64]) -> Floats:
    share = np.cumsum(np.bincount(code))[:-1] / len(code)
    return np.concatenate([[-FARTHEST], special.ndtri(share), [FARTHEST]])


def _between(corners: Floats) -> Floats:
    """Cell probabilities from those at the corners."""
    cells: Floats = np.diff(np.diff(corners, axis=1), axis=2)
    return cells


def _density(a: Floats, b: Floats, correlation: Floats) -> Floats:
    rest = 1 - correlation**2
    density: Floats = np.exp(-(a**2 + b**2 - 2 * correlation * a * b) / (2 * rest)) / (2 * np.pi * np.sqrt(rest))
    return density
