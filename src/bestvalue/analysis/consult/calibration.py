"""How are weights made to meet known totals of numbers, not only of categories? Linear calibration, with bounds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestvalue.errors import SpecError

Floats = NDArray[np.float64]

MOST_ROUNDS = 100


@dataclass(frozen=True, kw_only=True)
class Calibrated:
    """Calibrated weights, array (n,), the ratio to the start, and whether every total is met within the bounds."""

    weights: Floats
    ratios: Floats
    met: bool


def calibrate_linear(
    weights: Floats, known: Floats, totals: Floats, *, bounds: tuple[float, float] = (-np.inf, np.inf), tolerance: float = 1e-10
) -> Calibrated:
    """The weights nearest to the start, in squared distance, that meet the totals: w = d (1 + x' lambda).

    Args:
        weights: array (n,), start, > 0.
        known: array (n, p), what is known of each person (a column of ones for the number of people).
        totals: array (p,), its totals in the population.
        bounds: lowest and highest ratio of new to old weight; those that would leave it are held there.
        tolerance: the largest gap, as a share of a total, at which to stop.

    Raises:
        SpecError: the columns are not independent in this sample.
    Source: Deville and Sarndal (1992), Journal of the American Statistical Association 87, cases 1 and 7.
    Example: two people, both known totals met exactly.
        >>> calibrate_linear(np.array([1.0, 1.0]), np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([4.0, 1.0])).weights.tolist()
        [3.0, 1.0]
    """
    low, high = bounds
    size = np.maximum(np.abs(totals), 1e-12)
    multiplier = np.zeros(known.shape[1])
    ratios = np.ones(len(weights))
    for _ in range(MOST_ROUNDS):
        gap = totals - known.T @ (weights * ratios)
        if np.abs(gap / size).max() <= tolerance:
            return Calibrated(weights=weights * ratios, ratios=ratios, met=True)
        inside = (ratios > low) & (ratios < high) | (ratios == 1)
        matrix = (known[inside] * weights[inside, None]).T @ known[inside]
        try:
            multiplier = multiplier + np.linalg.solve(matrix, gap)
        except np.linalg.LinAlgError as cause:
            if inside.all():
                raise SpecError(
                    "The known totals are not independent in this sample",
                    where="known",
                    next_step="Leave out a column that others add up to, or a category that nobody is in.",
                ) from cause
            break
        ratios = np.clip(1 + known @ multiplier, low, high)
    gap = totals - known.T @ (weights * ratios)
    return Calibrated(weights=weights * ratios, ratios=ratios, met=bool(np.abs(gap / size).max() <= tolerance * 10))


def trim(weights: Floats, *, highest: float) -> Floats:
    """Cut weights above `highest` times their median and spread what was cut over the others, so that the total stays.

    Args:
        weights: array (n,), > 0.
        highest: most a weight may be, as a multiple of the median at the start, > 1.

    Raises:
        SpecError: even equal weights would be above the limit.
    Source: Potter (1990), Proceedings of the Section on Survey Research Methods, ASA.
    """
    limit, total = highest * float(np.median(weights)), float(weights.sum())
    if total / len(weights) > limit:
        raise SpecError(
            f"No weights below {highest:g} times the median keep their total", where="highest", next_step="Give a higher limit."
        )
    made = weights.astype(float).copy()
    for _ in range(MOST_ROUNDS):
        over = made > limit
        if not over.any():
            break
        made[over] = limit
        free = made < limit
        if not free.any():
            break
        made[free] *= (total - limit * (~free).sum()) / made[free].sum()
    return made
