"""How far does one factor explain the covariances of a scale? Maximum likelihood for many covariance matrices at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAST_UNIQUENESS = 0.005
"""Unique variances are held above this share of an item's variance (as psych does): at it, the fit is a Heywood case."""

TOLERANCE, MOST_STEPS, HALVINGS = 1e-9, 60, 12


@dataclass(frozen=True, kw_only=True)
class OneFactor:
    """A one-factor fit of each matrix.

    Args:
        loadings: array (b, k), in the items' units; the sum of a row is not negative.
        uniquenesses: array (b, k), unique variances.
        converged: array (b,).
        heywood: array (b, k): the unique variance stands at its bound.
        discrepancy: array (b,), F = log|Sigma| + tr(S Sigma^-1) - log|S| - k at the end, >= 0.
    """

    loadings: Floats
    uniquenesses: Floats
    converged: NDArray[np.bool_]
    heywood: NDArray[np.bool_]
    discrepancy: Floats

    @property
    def omega(self) -> Floats:
        """McDonald's omega of each fit: (sum of loadings)^2 over the variance of the total that the model gives, array (b,)."""
        common = self.loadings.sum(axis=1) ** 2
        share: Floats = common / (common + self.uniquenesses.sum(axis=1))
        return share


def fit_one_factor(covariances: Floats, *, start: OneFactor | None = None) -> OneFactor:
    """Fit Sigma = lambda lambda' + Psi to each matrix by Fisher scoring with halved steps.

    Args:
        covariances: array (b, k, k), symmetric, positive definite, k >= 3.
        start: where to begin, one fit for all (the fit of the whole sample, for its bootstraps).

    Source: Joreskog (1967), Psychometrika 32; the information matrix of F is tr(Sigma^-1 dSigma_i Sigma^-1 dSigma_j).
    Example: a matrix that one factor makes exactly is taken apart again.
        >>> loading = np.array([0.8, 0.7, 0.6, 0.5])
        >>> made = np.outer(loading, loading) + np.diag(1 - loading**2)
        >>> fit_one_factor(made[None]).loadings[0].round(6).tolist()
        [0.8, 0.7, 0.6, 0.5]
    """
    size, k = covariances.shape[:2]
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    least = LEAST_UNIQUENESS * variances
    loadings, unique = _start(covariances, start)
    unique = np.maximum(unique, least)
    worth = _discrepancy(covariances, loadings, unique)
    going = np.ones(size, dtype=bool)
    for _ in range(MOST_STEPS):
        at = np.flatnonzero(going)
        if not len(at):
            break
        step, slope = _scoring_step(covariances[at], loadings[at], unique[at], least[at])
        state = (loadings[at], unique[at], worth[at])
        loadings[at], unique[at], worth[at], moved = _halve_until_better(covariances[at], state, step, least[at])
        going[at] = (np.abs(step * slope).sum(axis=1) > TOLERANCE**1.5) & moved
    sign = np.where(loadings.sum(axis=1) < 0, -1.0, 1.0)
    _, determinant = np.linalg.slogdet(covariances)
    return OneFactor(
        loadings=loadings * sign[:, None],
        uniquenesses=unique,
        converged=~going & np.isfinite(worth),
        heywood=unique <= least * (1 + 1e-9),
        discrepancy=np.maximum(worth - determinant - k, 0),
    )


def _halve_until_better(
    covariances: Floats, state: tuple[Floats, Floats, Floats], step: Floats, least: Floats
) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    """Take the step of each fit, halved until the discrepancy does not rise; the last array says which moved at all."""
    loadings, unique, worth = (part.copy() for part in state)
    k = loadings.shape[1]
    waiting, share = np.arange(len(loadings)), 1.0
    for _ in range(HALVINGS):
        if not len(waiting):
            break
        new = state[0][waiting] + share * step[waiting, :k]
        new_unique = np.maximum(state[1][waiting] + share * step[waiting, k:], least[waiting])
        tried = _discrepancy(covariances[waiting], new, new_unique)
        better = tried <= state[2][waiting] + 1e-14
        there = waiting[better]
        loadings[there], unique[there], worth[there] = new[better], new_unique[better], tried[better]
        waiting, share = waiting[~better], share / 2
    moved = np.ones(len(loadings), dtype=bool)
    moved[waiting] = False
    return loadings, unique, worth, moved


def _start(covariances: Floats, start: OneFactor | None) -> tuple[Floats, Floats]:
    size, k = covariances.shape[:2]
    if start is not None:
        return np.repeat(start.loadings[:1], size, axis=0), np.repeat(start.uniquenesses[:1], size, axis=0)
    unique = 1 / np.diagonal(np.linalg.inv(covariances), axis1=1, axis2=2)
    root = np.sqrt(unique)
    values, vectors = np.linalg.eigh(covariances / root[:, :, None] / root[:, None, :])
    loadings = root * vectors[:, :, -1] * np.sqrt(np.maximum(values[:, -1:] - 1, 0.1))
    return loadings.reshape(size, k), unique.copy()


def _discrepancy(covariances: Floats, loadings: Floats, unique: Floats) -> Floats:
    """log|Sigma| + tr(S Sigma^-1), through Sherman and Morrison: no matrix is inverted."""
    scaled = loadings / unique
    bend = 1 + (loadings * scaled).sum(axis=1)
    traced = (np.diagonal(covariances, axis1=1, axis2=2) / unique).sum(axis=1)
    traced = traced - np.einsum("bi,bij,bj->b", scaled, covariances, scaled, optimize=True) / bend
    worth: Floats = np.log(unique).sum(axis=1) + np.log(bend) + traced
    return worth


def _scoring_step(covariances: Floats, loadings: Floats, unique: Floats, least: Floats) -> tuple[Floats, Floats]:
    """The step -H^-1 g and the gradient g, both (b, 2k): loadings, then unique variances. Those held at the bound do not move."""
    size, k = loadings.shape
    scaled = loadings / unique
    bend = 1 + (loadings * scaled).sum(axis=1)
    inverse = -scaled[:, :, None] * scaled[:, None, :] / bend[:, None, None]
    places = np.arange(k)
    inverse[:, places, places] += 1 / unique
    gap = inverse - inverse @ covariances @ inverse
    pulled = (inverse @ loadings[:, :, None])[:, :, 0]
    slope = np.concatenate([2 * (gap @ loadings[:, :, None])[:, :, 0], np.diagonal(gap, axis1=1, axis2=2)], axis=1)
    information = np.empty((size, 2 * k, 2 * k))
    shared = (loadings * pulled).sum(axis=1)
    information[:, :k, :k] = 2 * (inverse * shared[:, None, None] + pulled[:, :, None] * pulled[:, None, :])
    information[:, :k, k:] = 2 * inverse * pulled[:, None, :]
    information[:, k:, :k] = np.swapaxes(information[:, :k, k:], 1, 2)
    information[:, k:, k:] = inverse**2
    held = np.concatenate([np.zeros((size, k), dtype=bool), (unique <= least * (1 + 1e-9)) & (slope[:, k:] > 0)], axis=1)
    slope = np.where(held, 0.0, slope)
    information = np.where(held[:, :, None] | held[:, None, :], 0.0, information)
    every = np.arange(2 * k)
    information[:, every, every] = np.where(held, 1.0, information[:, every, every] * (1 + 1e-12))
    step: Floats = -np.linalg.solve(information, slope[:, :, None])[:, :, 0]
    return step, slope
