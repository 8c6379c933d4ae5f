"""Taking the season out of a monthly or quarterly series, by ratios to its moving average."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Seasonal:
    """A series without its season.

    Args:
        adjusted: the series over the factor of its calendar period.
        factors: one for each calendar period of the year, their mean 1.
    """

    adjusted: Floats
    factors: Floats


def without_season(values: Floats, *, places: NDArray[np.int64], period: int) -> Seasonal:
    """Ratios to a centred moving average of one year, the median ratio of each calendar period, scaled to mean 1.

    The median, so that one odd year does not bend the season. A series below two years is returned as it is, with factors of 1.

    Args:
        values: the series in order, without gaps, > 0.
        places: the calendar period of each point, 0 to period - 1.
        period: 12 for months, 4 for quarters.

    Source: classical decomposition; Macaulay (1931), The Smoothing of Time Series; Census Method I.
    Example: two years of a saw tooth of period 2 become flat.
        >>> found = without_season(np.array([1.0, 3, 1, 3, 1, 3]), places=np.array([0, 1, 0, 1, 0, 1]), period=2)
        >>> [round(float(value), 9) for value in found.adjusted]
        [2.0, 2.0, 2.0, 2.0, 2.0, 2.0]
    """
    if len(values) < 2 * period or not (values > 0).all():
        return Seasonal(adjusted=values.copy(), factors=np.ones(period))
    half = period // 2
    weights = np.ones(period) if period % 2 else np.concatenate([[0.5], np.ones(period - 1), [0.5]])
    smooth = np.convolve(values, weights / weights.sum(), mode="valid")
    ratios, at = values[half : half + len(smooth)] / smooth, places[half : half + len(smooth)]
    factors = np.array([float(np.median(ratios[at == place])) if (at == place).any() else 1.0 for place in range(period)])
    factors /= factors.mean()
    return Seasonal(adjusted=values / factors[places], factors=factors)
