"""How sure is a place in a league table? Chances of every place by simulation, and the expected place worked out exactly.

Each force's true quotient is unknown; what was counted says how likely each value is. A count over an exposure gives a gamma
distribution, a part of a whole a beta distribution (Jeffreys' prior for both). The share of draws in which a force takes a place is
the chance of that place.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from bestvalue.analysis.compiled import compiled

Floats = NDArray[np.float64]
NODES = 40
"""Points of Gauss-Hermite quadrature for the chance that one beta variable is below another: right to 1e-9, which a test holds."""


@dataclass(frozen=True, kw_only=True)
class Ranks:
    """Places from the lowest (1) of n forces.

    Args:
        chances: array (n, n): the chance that force i takes place k + 1; rows and columns each add up to 1.
        low, high: interval of the place, array (n).
        expected: the exact expected place, array (n).
        confidence: level of the interval.
    """

    chances: Floats
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    expected: Floats
    confidence: float


def rank(numerator: Floats, denominator: Floats, *, sort: str, draws: int, confidence: float, chance: np.random.Generator) -> Ranks:
    """Chances of every place.

    Args:
        numerator: what was counted, array (n).
        denominator: what it is divided by, array (n), > 0.
        sort: "rate" or "proportion"; an amount over an amount has no distribution of chance.
        draws: how many times to draw all forces.
        confidence: level of the interval of a place.
        chance: the random numbers.

    Raises:
        ValueError: the sort has no distribution.
    Source: Goldstein and Spiegelhalter (1996), Journal of the Royal Statistical Society A 159, 385-443.
    """
    counts = count_places(draw(numerator, denominator, sort=sort, draws=draws, chance=chance))
    chances = counts / draws
    low, high = interval_of_places(chances, confidence=confidence)
    return Ranks(chances=chances, low=low, high=high, expected=expected_place(numerator, denominator, sort=sort), confidence=confidence)


def draw(numerator: Floats, denominator: Floats, *, sort: str, draws: int, chance: np.random.Generator) -> Floats:
    """True quotients that the counts allow, array (draws, n)."""
    shape = (draws, len(numerator))
    if sort == "rate":
        return np.asarray(chance.standard_gamma(numerator + 0.5, shape) / denominator)
    if sort == "proportion":
        return np.asarray(chance.beta(numerator + 0.5, denominator - numerator + 0.5, shape))
    raise ValueError(f"{sort}: only a rate or a proportion varies by a known chance")


def interval_of_places(chances: Floats, *, confidence: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places between which a force is with at least this confidence, equal tails."""
    tail = (1 - confidence) / 2
    reached = np.cumsum(chances, axis=1)
    low = 1 + np.argmax(reached > tail + 1e-12, axis=1)
    high = 1 + np.argmax(reached >= 1 - tail - 1e-12, axis=1)
    return low.astype(np.int64), high.astype(np.int64)


def expected_place(numerator: Floats, denominator: Floats, *, sort: str) -> Floats:
    """The expected place without any simulation: 1 + the sum over the others of the chance that they are lower."""
    below = _chance_below_rate(numerator, denominator) if sort == "rate" else _chance_below_share(numerator, denominator)
    np.fill_diagonal(below, 0.0)
    return np.asarray(1 + below.sum(axis=1))


def _chance_below_rate(count: Floats, exposure: Floats) -> Floats:
    """P(force j is below force i), array (i, j): for two gamma variables it is a regularised beta function."""
    mine, other = count[:, None] + 0.5, count[None, :] + 0.5
    return np.asarray(special.betainc(other, mine, exposure[None, :] / (exposure[:, None] + exposure[None, :])))


def _chance_below_share(part: Floats, whole: Floats) -> Floats:
    """P(force j is below force i), array (i, j), by quadrature over the quantiles of force i.

    On the scale of the normal distribution the integrand is smooth; over the probability itself its slope is endless at both ends.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    a, b = part + 0.5, whole - part + 0.5
    lower = special.betaincinv(a[:, None], b[:, None], special.ndtr(np.minimum(nodes, 0)))
    upper = 1 - special.betaincinv(b[:, None], a[:, None], special.ndtr(-np.maximum(nodes, 0)))
    quantiles = np.where(nodes <= 0, lower, upper)
    below = special.betainc(a[None, :, None], b[None, :, None], quantiles[:, None, :])
    return np.asarray(below @ (weights / weights.sum()))


@compiled
def count_places(draws: Floats) -> NDArray[np.int64]:
    """How often each force took each place, array (n, n), from draws of shape (draws, n)."""
    times, n = draws.shape
    counts = np.zeros((n, n), dtype=np.int64)
    order = np.arange(n)
    for t in range(times):
        # One draw is much like the next in its order: insertion into the last order moves few forces.
        for place in range(1, n):
            moving = order[place]
            value = draws[t, moving]
            at = place
            while at > 0 and draws[t, order[at - 1]] > value:
                order[at] = order[at - 1]
                at -= 1
            order[at] = moving
        for place in range(n):
            counts[order[place], place] += 1
    return counts
