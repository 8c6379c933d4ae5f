"""How many people are asked, and how are they shared over strata? Sizes, allocations and draws."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from bestvalue.errors import SpecError

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Method = Literal["proportional", "equal", "power", "neyman"]


def size_for_margin(
    *, margin: float, share: float = 0.5, confidence: float = 0.95, population: float = np.inf, design_effect: float = 1.0
) -> float:
    """Answers for a percentage to be within `margin` of the population's.

    Args:
        margin: half width of the interval, as a share (0.03 is three points).
        share: what the percentage is expected to be; 0.5 asks for most.
        confidence: level of the interval.
        population: people of the domain; a small one needs fewer.
        design_effect: of draw and weights.

    Source: Cochran (1977), Sampling Techniques, 3rd ed., section 4.4.
    Example: three points either way at 95% take 1,067 answers.
        >>> round(size_for_margin(margin=0.03))
        1067
    """
    plain = special.ndtri((1 + confidence) / 2) ** 2 * share * (1 - share) / margin**2 * design_effect
    return float(plain / (1 + (plain - 1) / population)) if np.isfinite(population) else float(plain)


def margin_of(
    answers: Floats, *, share: float = 0.5, confidence: float = 0.95, population: Floats | float = np.inf, design_effect: float = 1.0
) -> Floats:
    """The margin that so many answers give: `size_for_margin` turned round."""
    left = np.maximum(1 - answers / population, 0)
    found: Floats = special.ndtri((1 + confidence) / 2) * np.sqrt(share * (1 - share) * design_effect * left / np.maximum(answers, 1e-12))
    return found


def size_for_change(*, before: float, after: float, power: float = 0.8, confidence: float = 0.95, design_effect: float = 1.0) -> float:
    """Answers in each of two surveys for a change to be found.

    Args:
        before: share in the first survey.
        after: share in the second, another.
        power: chance to find the change if it is there.
        confidence: one less the chance to find one that is not.
        design_effect: of draw and weights.

    Source: Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, 3rd ed., formula 4.14, without continuity.
    Example: from 50% to 55%, four times in five.
        >>> round(size_for_change(before=0.5, after=0.55))
        1565
    """
    middle = (before + after) / 2
    two, one = special.ndtri((1 + confidence) / 2), special.ndtri(power)
    spread = two * np.sqrt(2 * middle * (1 - middle)) + one * np.sqrt(before * (1 - before) + after * (1 - after))
    return float((spread / (before - after)) ** 2 * design_effect)


def allocate(
    total: int,
    population: Floats,
    *,
    method: Method,
    deviation: Floats | None = None,
    cost: Floats | None = None,
    least: int | Floats = 0,
    power: float = 0.5,
) -> Counts:
    """Share `total` answers over strata.

    Args:
        total: answers in all.
        population: array (h,), people of each stratum.
        method: "proportional" (best for the whole), "equal" (best for comparing strata), "power" (between the two: population to
            `power`), "neyman" (best for the whole where strata differ in spread or cost).
        deviation: array (h,), spread of the answer in each stratum; alike where None.
        cost: array (h,), cost of one answer in each stratum; alike where None.
        least: answers that every stratum has at least (or all its people); one number or an array (h,).
        power: exponent of "power", 0 (equal) to 1 (proportional).

    Raises:
        SpecError: the least of all strata is more than the total.
    Source: Neyman (1934), JRSS 97; Bankier (1988), The American Statistician 42, for power allocation.
    Example: two strata of 100 and 300 people, and spread three to one.
        >>> allocate(60, np.array([100.0, 300.0]), method="neyman", deviation=np.array([3.0, 1.0])).tolist()
        [30, 30]
    """
    ones = np.ones_like(population)
    claim = {
        "proportional": population,
        "equal": ones,
        "power": population**power,
        "neyman": population * (ones if deviation is None else deviation) / np.sqrt(ones if cost is None else cost),
    }[method]
    floor = np.minimum(np.ceil(np.asarray(least, dtype=np.float64)), population)
    if floor.sum() > total:
        raise SpecError(
            f"The fewest answers in each of {len(population)} strata add up to {floor.sum():,.0f}, more than {total:,} in all",
            where="least",
            next_step="Ask for fewer in each, or more in all.",
        )
    if total > population.sum():
        raise SpecError(f"{total:,} answers are more than the {population.sum():,.0f} people", where="total", next_step="Ask for fewer.")
    return _whole(_bounded(total, claim, floor, population), total)


def _bounded(total: int, claim: Floats, floor: Floats, ceiling: Floats) -> Floats:
    """Shares in proportion to the claims, none below its floor or above its people."""
    low, high = 0.0, float((ceiling / np.maximum(claim, 1e-300)).max()) + 1.0
    for _ in range(200):
        middle = (low + high) / 2
        if np.clip(claim * middle, floor, ceiling).sum() < total:
            low = middle
        else:
            high = middle
    shares: Floats = np.clip(claim * high, floor, ceiling)
    return shares


def _whole(shares: Floats, total: int) -> Counts:
    """Whole numbers with the same total: the largest remainders are rounded up."""
    whole = np.floor(shares + 1e-9).astype(np.int64)
    left = total - int(whole.sum())
    whole[np.argsort(-(shares - whole), kind="stable")[:left]] += 1
    return whole
