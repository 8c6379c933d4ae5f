"""Statistical process control: is a series in control, and which of its points say otherwise?

The chart of individual values and moving ranges (XmR). Its constants follow from the range of two normal values and are worked out
here, not typed in: 3 / d2 = 2.66 and D4 = 3.27.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import integrate, special

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@lru_cache(maxsize=16)
def d2(size: int) -> float:
    """Expected range of `size` standard normal values.

    Example: 2 / sqrt(pi) for two values.
        >>> round(d2(2), 6), round(3 / d2(2), 2)
        (1.128379, 2.66)
    """
    found, _ = integrate.quad(lambda x: 1 - special.ndtr(x) ** size - special.ndtr(-x) ** size, -12, 12, epsabs=1e-13, epsrel=1e-13)
    return float(found)


@lru_cache(maxsize=16)
def d3(size: int) -> float:
    """Standard deviation of the range of `size` standard normal values.

    Example: sqrt(2 - 4 / pi) for two values.
        >>> round(d3(2), 6), round(1 + 3 * d3(2) / d2(2), 3)
        (0.852502, 3.267)
    """

    def joint(y: float, x: float) -> float:
        return float(1 - special.ndtr(y) ** size - special.ndtr(-x) ** size + (special.ndtr(y) - special.ndtr(x)) ** size)

    square, _ = integrate.dblquad(joint, -9, 9, lambda x: x, 9, epsabs=1e-10, epsrel=1e-10)
    return float(np.sqrt(2 * square - d2(size) ** 2))


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Natural process limits, each an array like the series: they may differ from stretch to stretch, or with the denominator.

    Args:
        centre, low, high: the middle line and the limits at three sigma.
        sigma: one sigma.
    """

    centre: Floats
    low: Floats
    high: Floats
    sigma: Floats


def xmr_limits(values: Floats, *, floor: float | None = 0.0) -> Limits:
    """Limits of individual values: the mean plus and minus 3 / d2 mean moving ranges.

    Args:
        values: the series in order, array (n), n >= 2.
        floor: no limit lies below it; None for a series that may be negative.

    Source: Shewhart (1931); Wheeler (1993), Understanding Variation.
    """
    centre = float(values.mean())
    sigma = float(np.abs(np.diff(values)).mean()) / d2(2)
    low = centre - 3 * sigma if floor is None else max(floor, centre - 3 * sigma)
    return Limits(
        centre=np.full(len(values), centre),
        low=np.full(len(values), low),
        high=np.full(len(values), centre + 3 * sigma),
        sigma=np.full(len(values), sigma),
    )


def poisson_limits(count: Floats, exposure: Floats) -> Limits:
    """Limits of small counts: exact Poisson at the tails of three sigma (0.135%), each point by its own exposure.

    Moving ranges of a few cases a period are too coarse, and normal limits fall below zero. The limits here are whole counts: the least
    counts that are reached with the probability of each tail.

    Args:
        count: cases of each period, array (n).
        exposure: what they are divided by, array (n), > 0.
    """
    tail = float(special.ndtr(-3.0))
    rate = float(count.sum() / exposure.sum())
    mean = rate * exposure
    low, high = (np.maximum(np.ceil(np.nan_to_num(special.pdtrik(p, np.maximum(mean, 1e-12)))), 0.0) for p in (tail, 1 - tail))
    return Limits(centre=np.full(len(count), rate), low=low / exposure, high=high / exposure, sigma=np.sqrt(mean) / exposure)


def _beyond(values: Floats, limits: Limits) -> Flags:
    return (values > limits.high) | (values < limits.low)


def _run(values: Floats, limits: Limits, *, length: int = 8) -> Flags:
    """The points of every run of at least `length` on one side of the middle line."""
    return _streaks(np.sign(values - limits.centre), length)


def _steady(values: Floats, limits: Limits, *, length: int = 6) -> Flags:
    """The points of every stretch of `length` that each rise, or each fall."""
    del limits
    direction = np.sign(np.diff(values))
    flags = np.zeros(len(values), dtype=bool)
    moving = _streaks(direction, length - 1)
    flags[1:] |= moving
    flags[:-1] |= moving
    return flags


def _near(values: Floats, limits: Limits) -> Flags:
    """Two of three in a row beyond two sigma on one side: the points that are beyond."""
    flags = np.zeros(len(values), dtype=bool)
    for side in (1.0, -1.0):
        far = side * (values - limits.centre) > 2 * limits.sigma
        for start in range(len(values) - 2):
            if far[start : start + 3].sum() >= 2:
                flags[start : start + 3] |= far[start : start + 3]
    return flags


def _streaks(signs: Floats, length: int) -> Flags:
    flags = np.zeros(len(signs), dtype=bool)
    start = 0
    for end in range(1, len(signs) + 1):
        if end == len(signs) or signs[end] != signs[start]:
            if signs[start] != 0 and end - start >= length:
                flags[start:end] = True
            start = end
    return flags


RULES: Mapping[str, Callable[[Floats, Limits], Flags]] = {
    "outside the limits": _beyond,
    "eight in a row on one side": _run,
    "six in a row rising or falling": _steady,
    "two of three near a limit": _near,
}
"""The rules, by what they say. Source: Western Electric (1956), Statistical Quality Control Handbook; Nelson (1984), Journal of Quality
Technology 16, 237-239. Together they flag about 3 in 100 points of a series in control: a test measures it."""


def signals(values: Floats, limits: Limits) -> dict[str, Flags]:
    """For each rule the points that it flags."""
    return {name: rule(values, limits) for name, rule in RULES.items()}
