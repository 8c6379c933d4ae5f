"""What goes with inefficiency? A truncated regression of the bias-corrected scores on the environment, with a parametric bootstrap.

Scores are bounded and depend on one another, so an ordinary or Tobit regression gives wrong intervals.
Source: Simar and Wilson (2007), Journal of Econometrics 136, 31-64, algorithm 2's second part on bias-corrected reciprocal scores.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Coefficients of the environment: change of 1 / efficiency for one standard deviation of a variable; positive is less efficient.

    Args:
        coefficient, low, high: arrays (k).
        sigma: of what is left.
        converged: how many of the bootstrap fits came to an end, of `replicates`.
    """

    coefficient: Floats
    low: Floats
    high: Floats
    sigma: float
    converged: int
    replicates: int


def truncated_fit(y: Floats, z: Floats, *, start: Floats | None = None) -> tuple[Floats, float, bool]:
    """Maximum likelihood of y = z b + e >= 1 with e normal and truncated; returns coefficients, sigma, and whether it came to an end.

    Args:
        y: array (n), each >= 1.
        z: array (n, k), its first column ones.
        start: coefficients and the logarithm of sigma to begin from; least squares when None.
    """
    if start is None:
        start_b, *_ = np.linalg.lstsq(z, y, rcond=None)
        start = np.append(start_b, np.log(max(float((y - z @ start_b).std()), 1e-3)))

    def negative(p: Floats) -> tuple[float, Floats]:
        sigma = np.exp(p[-1])
        mean = z @ p[:-1]
        u, c = (y - mean) / sigma, (mean - 1) / sigma
        log_inside = special.log_ndtr(c)
        hazard = np.exp(-0.5 * c**2 - 0.5 * np.log(2 * np.pi) - log_inside)
        value = float(np.sum(p[-1] + 0.5 * u**2 + log_inside))
        by_mean = (-u + hazard) / sigma
        return value, np.append(by_mean @ z, np.sum(1 - u**2 - hazard * c))

    found = optimize.minimize(negative, start, jac=True, method="BFGS", options={"gtol": 1e-6})
    good = bool(np.isfinite(found.fun)) and float(np.abs(found.jac).max()) < 1e-3 * max(1.0, len(y))
    return found.x[:-1], float(np.exp(found.x[-1])), good


def environment(*, efficiency: Floats, variables: Floats, replicates: int, confidence: float, chance: np.random.Generator) -> Environment:
    """Regress reciprocal, bias-corrected efficiency on the environment.

    Args:
        efficiency: bias-corrected, array (n), in (0, 1].
        variables: array (n, k), standardised here.
        replicates: of the parametric bootstrap.
        confidence: level of the intervals.
        chance: the random numbers.
    """
    y = np.maximum(1 / efficiency, 1.0 + 1e-9)
    spread = np.where(variables.std(axis=0) > 0, variables.std(axis=0), 1.0)
    z = np.column_stack([np.ones(len(y)), (variables - variables.mean(axis=0)) / spread])
    coefficient, sigma, _ = truncated_fit(y, z)
    mean = z @ coefficient
    begin = np.append(coefficient, np.log(sigma))
    kept = []
    for _ in range(replicates):
        # a draw of the normal truncated at 1, by its quantile
        low = special.ndtr((1 - mean) / sigma)
        drawn = mean + sigma * special.ndtri(low + (1 - low) * chance.random(len(y)))
        if np.isfinite(drawn).all():
            b, _, good = truncated_fit(np.maximum(drawn, 1.0 + 1e-12), z, start=begin)
            if good:
                kept.append(b)
    tail = (1 - confidence) / 2
    draws = np.array(kept) if kept else np.full((1, len(coefficient)), np.nan)
    from_below, from_above = np.quantile(draws - coefficient, [tail, 1 - tail], axis=0)
    return Environment(
        coefficient=coefficient[1:],
        low=(coefficient - from_above)[1:],
        high=(coefficient - from_below)[1:],
        sigma=sigma,
        converged=len(kept),
        replicates=replicates,
    )
