"""Which questions go together, when nobody has said which should? Exploratory factors by maximum likelihood or least squares."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from bestvalue.analysis.consult.rotation import Rotation, rotate
from bestvalue.errors import SpecError

Floats = NDArray[np.float64]
Extraction = Literal["ml", "minres"]

LEAST = 0.005
"""Bound of unique variances, as in psych; at it the solution is a Heywood case."""


@dataclass(frozen=True, kw_only=True)
class Exploratory:
    """A solution.

    Args:
        loadings: array (k, m): pattern after rotation, factors by size.
        factor_correlation: array (m, m).
        uniquenesses: array (k,).
        heywood: array (k,): the unique variance stands at its bound.
        chi_square, freedom: of the ML fit; NaN for least squares.
    """

    loadings: Floats
    factor_correlation: Floats
    uniquenesses: Floats
    heywood: NDArray[np.bool_]
    chi_square: float
    freedom: int


def explore(
    correlation: Floats, *, factors: int, people: int, extraction: Extraction = "ml", rotation: Rotation = "oblimin"
) -> Exploratory:
    """Extract and rotate.

    Args:
        correlation: array (k, k), positive definite.
        factors: m, with (k - m)^2 >= k + m.
        people: how many answers the correlations come from, for the test.
        extraction: "ml" or "minres" (least squares of the residuals off the diagonal).
        rotation: "none", "varimax", "promax" or "oblimin".

    Raises:
        SpecError: more factors than k questions can tell apart.
    Source: Joreskog (1967), Psychometrika 32; Harman and Jones (1966), Psychometrika 31.
    """
    k = len(correlation)
    freedom = ((k - factors) ** 2 - (k + factors)) // 2
    if factors < 1 or freedom < 0:
        raise SpecError(f"{k} questions cannot tell {factors} factors apart", where="factors", next_step="Ask for fewer factors.")
    start = np.clip(1 / np.diagonal(np.linalg.inv(correlation)), 2 * LEAST, 0.995)
    aim = _likelihood if extraction == "ml" else _least_squares
    found = optimize.minimize(
        aim,
        start,
        args=(correlation, factors),
        jac=True,
        method="L-BFGS-B",
        bounds=[(LEAST, 1.0)] * k,
        options={"maxiter": 1000, "ftol": 1e-14, "gtol": 1e-9},
    )
    unique = found.x
    plain = _loadings(unique, correlation, factors, extraction)
    turned = rotate(plain, rotation)
    worth = float("nan")
    if extraction == "ml":
        worth = (people - 1 - (2 * k + 5) / 6 - 2 * factors / 3) * max(float(found.fun), 0.0)
    return Exploratory(
        loadings=turned.loadings,
        factor_correlation=turned.factor_correlation,
        uniquenesses=unique,
        heywood=unique <= LEAST * (1 + 1e-6),
        chi_square=worth,
        freedom=freedom,
    )


def _likelihood(unique: Floats, correlation: Floats, factors: int) -> tuple[float, Floats]:
    """F of Joreskog, concentrated on the unique variances, and its slope diag(Sigma - S) / psi^2."""
    root = np.sqrt(unique)
    values = np.linalg.eigvalsh(correlation / root[:, None] / root[None, :])
    small = values[: len(values) - factors]
    worth = float((small - np.log(small) - 1).sum())
    loadings = _loadings(unique, correlation, factors, "ml")
    slope = (np.diagonal(loadings @ loadings.T) + unique - np.diagonal(correlation)) / unique**2
    return worth, slope


def _least_squares(unique: Floats, correlation: Floats, factors: int) -> tuple[float, Floats]:
    """Half the squared residuals of S - Psi - L L', with L the best of its rank."""
    loadings = _loadings(unique, correlation, factors, "minres")
    left = correlation - np.diag(unique) - loadings @ loadings.T
    return float((left**2).sum() / 2), -np.diagonal(left).copy()


def _loadings(unique: Floats, correlation: Floats, factors: int, extraction: Extraction) -> Floats:
    if extraction == "ml":
        root = np.sqrt(unique)
        values, vectors = np.linalg.eigh(correlation / root[:, None] / root[None, :])
        top = np.sqrt(np.maximum(values[-factors:] - 1, 0))
        found: Floats = (root[:, None] * vectors[:, -factors:] * top)[:, ::-1]
    else:
        values, vectors = np.linalg.eigh(correlation - np.diag(unique))
        found = (vectors[:, -factors:] * np.sqrt(np.maximum(values[-factors:], 0)))[:, ::-1]
    sign = np.where(found.sum(axis=0) < 0, -1.0, 1.0)
    return found * sign
