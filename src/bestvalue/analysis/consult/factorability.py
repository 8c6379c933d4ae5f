"""Is there anything for factors to explain, and how many are there? KMO, Bartlett's test and parallel analysis."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

SIMULATIONS = 200
LEVEL = 0.95


@dataclass(frozen=True, kw_only=True)
class Sphericity:
    """Bartlett's test that questions have nothing in common: chi-square, degrees of freedom, p."""

    chi_square: float
    freedom: int
    p: float


@dataclass(frozen=True, kw_only=True)
class Parallel:
    """Eigenvalues of the correlations and those that chance gives at `LEVEL`, arrays (k,), and how many lead chance."""

    eigenvalues: Floats
    by_chance: Floats
    factors: int


def sampling_adequacy(correlation: Floats) -> tuple[float, Floats]:
    """Kaiser, Meyer and Olkin's measure, 0 to 1: of all questions, and of each.

    Source: Kaiser (1974), Psychometrika 39. Below 0.5 is unacceptable, 0.8 and more meritorious.
    Example: with equal correlations r of three questions the partial ones are r / (1 + r).
        >>> matrix = np.full((3, 3), 0.5) + np.eye(3) * 0.5
        >>> round(sampling_adequacy(matrix)[0], 6)  # 0.25 / (0.25 + 1 / 9)
        0.692308
    """
    inverse = np.linalg.inv(correlation)
    scale = np.sqrt(np.diagonal(inverse))
    partial = -inverse / scale[:, None] / scale[None, :]
    plain, left = correlation**2, partial**2
    np.fill_diagonal(plain, 0)
    np.fill_diagonal(left, 0)
    whole = float(plain.sum() / (plain.sum() + left.sum()))
    return whole, plain.sum(axis=0) / (plain.sum(axis=0) + left.sum(axis=0))


def sphericity(correlation: Floats, *, people: int) -> Sphericity:
    """Bartlett's test; people: how many answers the correlations come from.

    Source: Bartlett (1950), British Journal of Statistical Psychology 3.
    """
    k = len(correlation)
    freedom = k * (k - 1) // 2
    chi_square = -(people - 1 - (2 * k + 5) / 6) * float(np.linalg.slogdet(correlation)[1])
    return Sphericity(chi_square=chi_square, freedom=freedom, p=float(special.chdtrc(freedom, chi_square)))


def parallel_analysis(correlation: Floats, *, people: int, chance: np.random.Generator) -> Parallel:
    """How many eigenvalues are above those of as many answers without any structure?

    Source: Horn (1965), Psychometrika 30, with the 95th percentile of Glorfeld (1995) in place of the mean.
    """
    k = len(correlation)
    drawn = np.empty((SIMULATIONS, k))
    for one in range(SIMULATIONS):
        drawn[one] = np.linalg.eigvalsh(np.corrcoef(chance.standard_normal((k, people))))[::-1]
    by_chance: Floats = np.asarray(np.quantile(drawn, LEVEL, axis=0), dtype=np.float64)
    eigenvalues = np.linalg.eigvalsh(correlation)[::-1]
    above = eigenvalues > by_chance
    factors = k if above.all() else int(np.argmin(above))
    return Parallel(eigenvalues=np.asarray(eigenvalues, dtype=np.float64), by_chance=by_chance, factors=factors)
