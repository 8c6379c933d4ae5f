"""A frontier with noise: how efficient is each unit when the frontier may be missed by chance in both directions?

An input distance function in logarithms, so that several outputs fit: -ln x1 = a + b ln(x_k / x1) - c ln y + v - u, with v normal
(noise) and u half-normal (inefficiency), by maximum likelihood.
Source: Aigner, Lovell and Schmidt (1977), Journal of Econometrics 6, 21-37; efficiencies: Battese and Coelli (1988), ibid. 38, 387-399;
distance function: Coelli and Perelman (1999), European Journal of Operational Research 117, 326-339.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class StochasticFrontier:
    """What was fitted.

    Args:
        coefficients: of the columns given, array (k).
        sigma_u, sigma_v: of inefficiency (before folding) and of noise.
        log_likelihood: at the maximum.
        efficiency: expected efficiency of each unit given its residual, array (n), 0 to 1.
        p_inefficiency: the chance of so much skewness if there were no inefficiency: a likelihood ratio, half its chi-square tail.
    """

    coefficients: Floats
    sigma_u: float
    sigma_v: float
    log_likelihood: float
    efficiency: Floats
    p_inefficiency: float

    @property
    def gamma(self) -> float:
        """Share of the composed variance that is sigma_u squared."""
        return self.sigma_u**2 / (self.sigma_u**2 + self.sigma_v**2)


def input_distance(inputs: Floats, outputs: Floats) -> tuple[Floats, Floats]:
    """The left side (n) and the columns (n, 1 + m - 1 + s) of the input distance function; inputs and outputs > 0."""
    x, y = np.log(inputs), np.log(outputs)
    ones = np.ones((len(x), 1))
    return -x[:, 0], np.hstack([ones, x[:, 1:] - x[:, :1], -y])


def fit(left: Floats, columns: Floats) -> StochasticFrontier:
    """Maximum likelihood of left = columns b + v - u.

    Args:
        left: array (n).
        columns: array (n, k), the first of ones.
    """
    n = len(left)
    ordinary, *_ = np.linalg.lstsq(columns, left, rcond=None)
    residual = left - columns @ ordinary
    best = None
    # The likelihood can have a second, lower top where inefficiency vanishes: begin from several shares of it.
    for share in (0.3, 0.6, 0.9):
        moment = float((residual**2).mean()) / (1 - 2 / np.pi * share)
        first = ordinary.copy()
        first[0] += np.sqrt(share * moment * 2 / np.pi)
        start = np.concatenate([first, [0.5 * np.log(moment), np.log(np.sqrt(share / (1 - share)))]])
        found = optimize.minimize(_negative, start, args=(left, columns), jac=True, method="BFGS", options={"gtol": 1e-8, "maxiter": 2000})
        if best is None or found.fun < best.fun:
            best = found
    if best is None:  # the loop above ran
        raise ValueError("no fit")
    sigma, ratio = np.exp(best.x[-2]), np.exp(best.x[-1])
    sigma_v = sigma / np.sqrt(1 + ratio**2)
    sigma_u = ratio * sigma_v
    noise_only = -0.5 * n * (np.log(2 * np.pi * (residual**2).mean()) + 1)
    statistic = max(0.0, 2 * (-float(best.fun) - noise_only))
    return StochasticFrontier(
        coefficients=best.x[:-2],
        sigma_u=float(sigma_u),
        sigma_v=float(sigma_v),
        log_likelihood=-float(best.fun),
        efficiency=_efficiency(left - columns @ best.x[:-2], float(sigma_u), float(sigma_v)),
        p_inefficiency=float(0.5 * special.chdtrc(1, statistic)) if statistic > 0 else 1.0,
    )


def _negative(p: Floats, left: Floats, columns: Floats) -> tuple[float, Floats]:
    """Negative log-likelihood and its gradient; parameters: coefficients, ln sigma, ln lambda."""
    sigma, ratio = np.exp(p[-2]), np.exp(p[-1])
    e = left - columns @ p[:-2]
    at = -e * ratio / sigma
    log_inside = special.log_ndtr(at)
    hazard = np.exp(-0.5 * at**2 - 0.5 * np.log(2 * np.pi) - log_inside)
    value = len(left) * (p[-2] - 0.5 * np.log(2 / np.pi)) + 0.5 * np.sum((e / sigma) ** 2) - log_inside.sum()
    by_e = e / sigma**2 + hazard * ratio / sigma
    gradient = np.concatenate([-(by_e @ columns), [len(left) - np.sum((e / sigma) ** 2) + np.sum(hazard * at), -np.sum(hazard * at)]])
    return float(value), gradient


def _efficiency(e: Floats, sigma_u: float, sigma_v: float) -> Floats:
    """E[exp(-u) | e] of Battese and Coelli."""
    total = sigma_u**2 + sigma_v**2
    middle, spread = -e * sigma_u**2 / total, sigma_u * sigma_v / np.sqrt(total)
    return np.asarray(np.exp(-middle + spread**2 / 2 + special.log_ndtr(middle / spread - spread) - special.log_ndtr(middle / spread)))
