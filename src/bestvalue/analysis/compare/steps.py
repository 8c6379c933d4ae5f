"""When did a series take a lasting step, beside its trend and known breaks, that is more than chance?

The largest F over all places of a step is held against its own distribution under no step, found by simulating normal noise: looking
at every place and keeping the largest is then allowed for. In long series the noise carries over from one period to the next as much as
what the step leaves does: months that follow their neighbours drift, and drift looks like steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import signal, special

Floats = NDArray[np.float64]
FEWEST_POINTS = 8
SIMULATIONS = 4999
MARGIN = 2
"""A step needs this many points on either side: one point alone is an outlier."""

MOST_STEPS = 3

FEWEST_FOR_CARRY = 24
"""Fewer points cannot tell how much one period carries over to the next; it is then taken to be nothing."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step.

    Args:
        at: first point after it, counted from 0.
        size, low, high: change of the (logarithmic) level, and its interval.
        p: the chance of as large an F anywhere, without a step.
    """

    at: int
    size: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, kw_only=True)
class Change:
    """Trend and steps of a series.

    Args:
        slope, slope_low, slope_high: the change a period with its interval, known breaks and steps set aside.
        steps: in order of place.
        fitted: level, trend, breaks and steps together, array (n).
        carry: correlation of what is left with the period before, 0 to 0.9; the p-values and intervals allow for it.
    """

    slope: float
    slope_low: float
    slope_high: float
    steps: tuple[Step, ...]
    fitted: Floats
    carry: float

    @property
    def trending(self) -> bool:
        """The trend can be told from chance."""
        return not self.slope_low <= 0 <= self.slope_high


def find_change(values: Floats, *, known: Sequence[int] = (), seed: int, significance: float = 0.01, confidence: float = 0.95) -> Change:
    """Trend and steps of a series.

    Args:
        values: the series, array (n), n >= 8: logarithms, so that sizes are shares.
        known: first points after known breaks (a definition, a boundary): their sizes are fitted and not reported.
        seed: starts the simulation of the null distribution.
        significance: the largest p that counts as a step; each step is looked for in what the others leave.
        confidence: level of the intervals.

    Source: Andrews (1993), Econometrica 61, 821-856 (the supremum of F over unknown break points), by simulation.
    """
    breaks = sorted({place for place in known if 0 < place < len(values)})
    found: list[tuple[int, float]] = []
    while len(found) < MOST_STEPS:
        taken = tuple(sorted([*breaks, *(place for place, _ in found)]))
        place, statistic = largest_f(values, taken)
        if place < 0:
            break
        # Beside the step the carry-over looks too small, since the step was put where it takes most away; without it, too large.
        carry = round((carry_over(values, taken) + carry_over(values, (*taken, place))) / 2, 1)
        # Steps found already are no part of the null distribution: a little on the safe side, and one simulation serves every series.
        p = p_value(statistic, len(values), tuple(breaks), seed=seed, carry=carry)
        if p > significance:
            break
        found.append((place, p))
    return _fit(values, breaks, found, confidence=confidence)


def largest_f(values: Floats, breaks: tuple[int, ...]) -> tuple[int, float]:
    """The place of the largest F, and that F; place -1 where no place is left."""
    places, directions, freedom = _geometry(len(values), breaks)
    if not len(places) or freedom < 1:
        return -1, 0.0
    explained, residual = _squares(values[:, None], directions, len(values), breaks)
    statistics = explained[:, 0] * freedom / np.maximum(residual - explained[:, 0], 1e-300)
    best = int(np.argmax(statistics))
    return int(places[best]), float(statistics[best])


def carry_over(values: Floats, breaks: Sequence[int]) -> float:
    """How much of one period's noise carries over to the next, beside level, trend and breaks: 0 to 0.9 in steps of 0.05."""
    if len(values) < FEWEST_FOR_CARRY:
        return 0.0
    basis = _basis(len(values), tuple(sorted(breaks)))
    left = values - basis @ (basis.T @ values)
    square = float(left @ left)
    raw = float(left[1:] @ left[:-1]) / square if square > 0 else 0.0
    # fitting takes some of the carry-over away: about one part in n for each column and a little more (Marriott and Pope 1954)
    raised = raw + (basis.shape[1] + 3 * max(raw, 0.0)) / len(values)
    return float(np.clip(np.round(raised * 20) / 20, 0.0, 0.9))


def p_value(statistic: float, n: int, breaks: tuple[int, ...], *, seed: int, carry: float = 0.0) -> float:
    """The chance that noise without a step gives as large an F: simulated, or, where that is smaller, at most the places times F's tail.

    With noise that carries over, F is first divided by how much that raises the largest F of nineteen series in twenty.
    """
    null = _null(n, breaks, seed, carry)
    places, _, freedom = _geometry(n, breaks)
    simulated = (1 + np.sum(null >= statistic)) / (1 + len(null))
    raised = float(np.quantile(null, 0.95) / np.quantile(_null(n, breaks, seed, 0.0), 0.95)) if carry else 1.0
    return float(min(simulated, len(places) * special.fdtrc(1, freedom, statistic / raised)))


@lru_cache(maxsize=128)
def _null(n: int, breaks: tuple[int, ...], seed: int, carry: float) -> Floats:
    _, directions, freedom = _geometry(n, breaks)
    noise = np.random.Generator(np.random.Philox(key=[seed, n])).standard_normal((n, SIMULATIONS))
    if carry:
        noise[0] /= np.sqrt(1 - carry**2)
        noise = signal.lfilter([1.0], [1.0, -carry], noise, axis=0)
    explained, residual = _squares(noise, directions, n, breaks)
    largest = explained.max(axis=0)
    return np.asarray(largest * freedom / np.maximum(residual - largest, 1e-300))


@lru_cache(maxsize=64)
def _geometry(n: int, breaks: tuple[int, ...]) -> tuple[NDArray[np.int64], Floats, int]:
    """Places a step may have, the unit directions that it adds to the model, and the degrees of freedom left."""
    basis = _basis(n, breaks)
    edges = [0, *breaks, n]
    places = [k for k in range(MARGIN, n - MARGIN + 1) if all(abs(k - edge) >= MARGIN for edge in edges)]
    steps = np.array([(np.arange(n) >= k).astype(float) for k in places]).reshape(len(places), n).T
    left = steps - basis @ (basis.T @ steps)
    lengths = np.linalg.norm(left, axis=0)
    kept = lengths > 1e-9
    return np.array(places, dtype=np.int64)[kept], left[:, kept] / lengths[kept], n - basis.shape[1] - 1


@lru_cache(maxsize=64)
def _basis(n: int, breaks: tuple[int, ...]) -> Floats:
    """Orthonormal columns of level, trend and steps at the breaks."""
    return np.asarray(np.linalg.qr(_design(n, breaks))[0])


def _design(n: int, breaks: Sequence[int]) -> Floats:
    time = np.arange(n)
    return np.column_stack([np.ones(n), time - time.mean(), *((time >= place).astype(float) for place in breaks)])


def _squares(series: Floats, directions: Floats, n: int, breaks: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Sum of squares that each direction explains, (places, series), and what the model without it leaves, (series)."""
    basis = _basis(n, breaks)
    left = series - basis @ (basis.T @ series)
    return (directions.T @ left) ** 2, (left**2).sum(axis=0)


def _fit(values: Floats, breaks: list[int], found: list[tuple[int, float]], *, confidence: float) -> Change:
    places = [*breaks, *(place for place, _ in found)]
    design = _design(len(values), places)
    coefficients = np.linalg.lstsq(design, values, rcond=None)[0]
    freedom = max(len(values) - design.shape[1], 1)
    variance = float(((values - design @ coefficients) ** 2).sum()) / freedom
    errors = np.sqrt(np.diag(np.linalg.pinv(design.T @ design)) * variance)
    carry = carry_over(values, places)
    # noise that carries over makes n periods worth fewer: the usual factor of first-order dependence
    half = special.stdtrit(freedom, 0.5 + confidence / 2) * errors * np.sqrt((1 + carry) / (1 - carry))
    first = 2 + len(breaks)
    steps = tuple(
        Step(at=place, size=float(coefficients[first + i]), low=float(coefficients[first + i] - half[first + i]),
             high=float(coefficients[first + i] + half[first + i]), p=p)
        for i, (place, p) in enumerate(found)
    )  # fmt: skip
    slope = float(coefficients[1])
    return Change(
        fitted=design @ coefficients,
        carry=carry,
        slope=slope,
        slope_low=slope - float(half[1]),
        slope_high=slope + float(half[1]),
        steps=tuple(sorted(steps, key=lambda step: step.at)),
    )
