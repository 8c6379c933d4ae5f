"""How are factors turned so that each question belongs to few of them? Varimax, promax and oblimin."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rotation = Literal["none", "varimax", "promax", "oblimin"]

MOST_STEPS, TOLERANCE = 2000, 1e-8
PROMAX_POWER = 4


@dataclass(frozen=True, kw_only=True)
class Rotated:
    """Pattern loadings (k, m), factors by the variance they explain, each with most loadings positive; their correlations (m, m)."""

    loadings: Floats
    factor_correlation: Floats


def rotate(loadings: Floats, rotation: Rotation) -> Rotated:
    """Turn loadings; each row is first scaled to length one (Kaiser) for varimax and promax, not for oblimin (as GPArotation).

    Source: Kaiser (1958), Psychometrika 23; Hendrickson and White (1964); Jennrich (2002), Psychometrika 67, for oblimin with gamma 0.
    """
    factors = loadings.shape[1]
    if factors == 1 or rotation == "none":
        return Rotated(loadings=loadings, factor_correlation=np.eye(factors))
    if rotation == "oblimin":
        turned, correlation = _oblique(loadings)
    else:
        length = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
        turn = _varimax(loadings / np.maximum(length, 1e-12))
        turned, correlation = loadings @ turn, np.eye(factors)
        if rotation == "promax":
            turned, correlation = _promax(turned)
    return _ordered(turned, correlation)


def _varimax(scaled: Floats) -> Floats:
    """The turn that maximises the variance of squared loadings: each pair of factors in turn, by its best angle (Kaiser 1958).

    The common shortcut by singular values can stop at a turn that is not the best, where a general factor comes before turning.
    """
    k, factors = scaled.shape
    turn = np.eye(factors)
    for _ in range(MOST_STEPS):
        most = 0.0
        for one in range(factors):
            for other in range(one + 1, factors):
                x, y = (scaled @ turn[:, [one, other]]).T
                u, v = x**2 - y**2, 2 * x * y
                above = 2 * (u * v).sum() - 2 * u.sum() * v.sum() / k
                below = (u**2 - v**2).sum() - (u.sum() ** 2 - v.sum() ** 2) / k
                angle = float(np.arctan2(above, below)) / 4
                most = max(most, abs(angle))
                plane = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
                turn[:, [one, other]] = turn[:, [one, other]] @ plane
        if most < TOLERANCE:
            break
    return turn


def _promax(varimax: Floats) -> tuple[Floats, Floats]:
    target = varimax * np.abs(varimax) ** (PROMAX_POWER - 1)
    turn = np.linalg.lstsq(varimax, target, rcond=None)[0]
    turn = turn * np.sqrt(np.diagonal(np.linalg.inv(turn.T @ turn)))
    inverse = np.linalg.inv(turn)
    return varimax @ turn, inverse @ inverse.T


def _oblique(loadings: Floats) -> tuple[Floats, Floats]:
    """Gradient projection for the quartimin criterion, the sum of products of squared loadings of different factors."""
    factors = loadings.shape[1]
    other = 1 - np.eye(factors)

    def worth(made: Floats) -> tuple[float, Floats]:
        squares = made**2
        return float((squares * (squares @ other)).sum() / 4), made * (squares @ other)

    return _gradient_projection(loadings, worth)


def _gradient_projection(loadings: Floats, worth: Callable[[Floats], tuple[float, Floats]]) -> tuple[Floats, Floats]:
    turn = np.eye(loadings.shape[1])
    step = 1.0
    made = loadings @ np.linalg.inv(turn).T
    value, slope = worth(made)
    for _ in range(MOST_STEPS):
        gradient = -(made.T @ slope @ np.linalg.inv(turn)).T
        projected = gradient - turn * (turn * gradient).sum(axis=0)
        size = float(np.sqrt((projected**2).sum()))
        if size < TOLERANCE:
            break
        step *= 2
        for _ in range(20):
            moved = turn - step * projected
            moved = moved / np.sqrt((moved**2).sum(axis=0))
            tried = loadings @ np.linalg.inv(moved).T
            new_value, new_slope = worth(tried)
            if new_value < value - 0.5 * size**2 * step:
                break
            step /= 2
        turn, made, value, slope = moved, tried, new_value, new_slope
    return made, turn.T @ turn


def _ordered(loadings: Floats, correlation: Floats) -> Rotated:
    sign = np.where((loadings**3).sum(axis=0) < 0, -1.0, 1.0)
    loadings, correlation = loadings * sign, correlation * sign[:, None] * sign[None, :]
    order = np.argsort(-np.diagonal(correlation @ loadings.T @ loadings), kind="stable")
    return Rotated(loadings=loadings[:, order], factor_correlation=correlation[np.ix_(order, order)])
