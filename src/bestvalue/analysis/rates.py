"""Rates and shares with the intervals of chance: Wilson for a share of cases, exact Poisson for a count over an exposure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Interval:
    """Lower and upper end, each an array like the counts."""

    low: Floats
    high: Floats


def poisson_interval(count: Floats, *, exposure: Floats, confidence: float = 0.95) -> Interval:
    """Exact interval of a rate: the count is Poisson.

    Args:
        count: what was counted, >= 0; full-time equivalents and other fractions are allowed.
        exposure: what it is divided by, > 0.
        confidence: level, 0 to 1.

    Source: Garwood (1936), Biometrika 28, through the gamma quantile.
    Example: with nothing counted the upper end is -ln(0.025), 3.689.
        >>> interval = poisson_interval(np.array([0.0]), exposure=np.array([1.0]))
        >>> round(float(interval.high[0]), 3), float(interval.low[0])
        (3.689, 0.0)
    """
    tail = (1 - confidence) / 2
    low = np.where(count > 0, special.gammaincinv(np.maximum(count, 1e-300), tail), 0.0)
    return Interval(low=low / exposure, high=special.gammaincinv(count + 1, 1 - tail) / exposure)


def wilson_interval(part: Floats, *, whole: Floats, confidence: float = 0.95) -> Interval:
    """Wilson's interval of a share: `part` of `whole` cases; it stays within 0 and 1.

    Source: Wilson (1927), Journal of the American Statistical Association 22.
    Example: 50 of 100 give 0.404 to 0.596.
        >>> interval = wilson_interval(np.array([50.0]), whole=np.array([100.0]))
        >>> round(float(interval.low[0]), 3), round(float(interval.high[0]), 3)
        (0.404, 0.596)
    """
    z = special.ndtri(0.5 + confidence / 2)
    share = part / whole
    middle = (share + z**2 / (2 * whole)) / (1 + z**2 / whole)
    half = z / (1 + z**2 / whole) * np.sqrt(share * (1 - share) / whole + z**2 / (4 * whole**2))
    return Interval(low=np.clip(middle - half, 0, 1), high=np.clip(middle + half, 0, 1))


def quotient_interval(numerator: Floats, denominator: Floats, *, sort: str, confidence: float) -> Interval | None:
    """The interval that fits how the numerator varies; None for an amount over an amount, whose chance is not known.

    Args:
        numerator: the part, >= 0.
        denominator: what it is divided by, > 0.
        sort: "proportion", "rate" or "ratio".
        confidence: level, 0 to 1.
    """
    if sort == "proportion":
        return wilson_interval(numerator, whole=denominator, confidence=confidence)
    if sort == "rate":
        return poisson_interval(numerator, exposure=denominator, confidence=confidence)
    return None


def chance_variance(numerator: Floats, denominator: Floats, *, sort: str) -> Floats | None:
    """Variance of the numerator by chance alone; None where it is not known."""
    if sort == "rate":
        return numerator
    if sort == "proportion":
        return numerator * (1 - numerator / denominator)
    return None
