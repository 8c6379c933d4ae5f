"""How are weights made to meet known margins? Raking (iterative proportional fitting), compiled, with bounds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.compiled import compiled
from bestvalue.errors import SpecError

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

TOLERANCE = 1e-10
MOST_SWEEPS = 500


@dataclass(frozen=True, kw_only=True)
class Margin:
    """One set of categories and how many people of the population are in each.

    Args:
        name: of the margin, in the field's words.
        categories: names, in the order of the codes.
        codes: array (n,), the category of each person of the sample.
        targets: array (c,), people of the population; a category without a person of the sample has target 0 (see `fit_to_sample`).
    """

    name: str
    categories: tuple[str, ...]
    codes: Codes
    targets: Floats


@dataclass(frozen=True, kw_only=True)
class Raked:
    """Weights after raking.

    Args:
        weights: array (n,) or (r, n).
        sweeps: how often all margins were gone through (the most of all columns).
        gap: for each margin, the largest difference between weighted and known people as a share of the known; over all columns.
        met: every gap is below the tolerance.
        bounded: people whose weight stands at a bound.
    """

    weights: Floats
    sweeps: int
    gap: dict[str, float]
    met: bool
    bounded: int


def check_weights(weights: Floats) -> None:
    """Refuse weights that stand for nobody.

    Raises:
        SpecError: a weight is zero, negative or not a number; the message says how many and where the first is.
    """
    bad = np.flatnonzero(~(weights > 0) | ~np.isfinite(weights))
    if len(bad):
        raise SpecError(
            f"{len(bad):,} of {len(weights):,} weights are zero, negative or missing; the first is {weights[bad[0]]:g}",
            where=f"weights, person {bad[0] + 1:,} of the sample",
            next_step="Give every person who answered a weight above zero, or leave the person out.",
        )


def rake(
    weights: Floats,
    margins: Sequence[Margin],
    *,
    bounds: tuple[float, float] | None = None,
    tolerance: float = TOLERANCE,
    most_sweeps: int = MOST_SWEEPS,
) -> Raked:
    """Multiply weights, margin by margin, until each category has its known number of people.

    Args:
        weights: array (n,), or (r, n) for r sets of replicate weights, all > 0 (a replicate may have zeros: its dropped people).
        margins: known margins with one common total.
        bounds: lowest and highest a weight may become, as a multiple of its start once all starts are scaled to the total.
        tolerance: the largest gap, as a share of a category, at which to stop.
        most_sweeps: when to stop all the same; `met` is then False and `gap` names the margins.

    Raises:
        SpecError: the margins have different totals, or a category with people of the population has nobody of the sample.
    Source: Deming and Stephan (1940), Annals of Mathematical Statistics 11. With bounds: Izrael, Battaglia and Frankel (2009).
    Example: two by two, by hand.
        >>> men = Margin(name="sex", categories=("f", "m"), codes=np.array([0, 0, 1]), targets=np.array([60.0, 40.0]))
        >>> rake(np.ones(3), [men]).weights.tolist()
        [30.0, 30.0, 40.0]
    """
    total = check_margins(margins)
    sets = np.atleast_2d(np.asarray(weights, dtype=np.float64))
    codes = np.ascontiguousarray(np.stack([margin.codes for margin in margins]).astype(np.int32))
    sizes = np.array([len(margin.targets) for margin in margins])
    targets = np.zeros((len(margins), int(sizes.max())))
    for row, margin in enumerate(margins):
        targets[row, : len(margin.targets)] = margin.targets
    made, gaps = np.empty_like(sets), np.zeros(len(margins))
    low, high = bounds if bounds is not None else (0.0, np.inf)
    sweeps = bounded = 0
    for row, start in enumerate(sets):
        scaled = start * (total / start.sum())
        done, at_bound = _rake_one(scaled, codes, targets, low, high, tolerance, most_sweeps)
        made[row] = scaled
        sweeps, bounded = max(sweeps, done), bounded + at_bound
        gaps = np.maximum(gaps, _gaps(scaled, codes, targets))
    gap = {margin.name: float(worst) for margin, worst in zip(margins, gaps, strict=True)}
    return Raked(weights=made.reshape(np.shape(weights)), sweeps=sweeps, gap=gap, met=bool((gaps <= tolerance * 10).all()), bounded=bounded)


def check_margins(margins: Sequence[Margin]) -> float:
    """The common total of the margins.

    Raises:
        SpecError: totals differ, or a category cannot be met; every such category is named.
    """
    totals = [float(margin.targets.sum()) for margin in margins]
    if max(totals) - min(totals) > 1e-9 * max(totals):
        listed = ", ".join(f"{margin.name} {total:,.0f}" for margin, total in zip(margins, totals, strict=True))
        raise SpecError(
            f"The margins have different totals: {listed}", where="survey_margins", next_step="Give all margins of one population."
        )
    empty = [
        f"{margin.name} = {margin.categories[at]}"
        for margin in margins
        for at in np.flatnonzero((margin.targets > 0) & (np.bincount(margin.codes, minlength=len(margin.targets)) == 0))
    ]
    if empty:
        raise SpecError(
            f"Nobody of the sample is in {'; '.join(empty)}, so {'this margin' if len(empty) == 1 else 'these margins'} cannot be met",
            where="survey_margins",
            next_step="Join the category with one that is like it, or leave the margin out.",
        )
    return totals[0]


@compiled
def _rake_one(
    weights: Floats, codes: NDArray[np.int32], targets: Floats, low: float, high: float, tolerance: float, most_sweeps: int
) -> tuple[int, int]:
    """Rake in place; returns the sweeps and how many weights stand at a bound.

    Each pass multiplies by the factor of one margin and adds up the next: the weights go through the cache once a margin.
    """
    margins, people = codes.shape
    width = targets.shape[1]
    bounds_on = low > 0.0 or high < np.inf
    start = weights.copy() if bounds_on else weights
    sums = np.zeros(width)
    for person in range(people):
        sums[codes[0, person]] += weights[person]
    at_bound = 0
    for sweep in range(most_sweeps):
        worst = 0.0
        for margin in range(margins):
            factor = np.ones(width)
            for cell in range(width):
                if targets[margin, cell] > 0.0 and sums[cell] > 0.0:
                    factor[cell] = targets[margin, cell] / sums[cell]
                    gap = abs(1.0 / factor[cell] - 1.0)
                    worst = max(worst, gap)
                elif sums[cell] > 0.0:
                    factor[cell] = 0.0
            after = margin + 1 if margin + 1 < margins else 0
            sums = np.zeros(width)
            if bounds_on and after == 0:
                at_bound = 0
                for person in range(people):
                    moved = weights[person] * factor[codes[margin, person]]
                    if moved < low * start[person]:
                        moved = low * start[person]
                        at_bound += 1
                    elif moved > high * start[person]:
                        moved = high * start[person]
                        at_bound += 1
                    weights[person] = moved
                    sums[codes[after, person]] += moved
            else:
                for person in range(people):
                    moved = weights[person] * factor[codes[margin, person]]
                    weights[person] = moved
                    sums[codes[after, person]] += moved
        # `worst` is the gap that this sweep found; a sweep that finds none has closed every margin.
        if worst <= tolerance:
            return sweep + 1, at_bound
    return most_sweeps, at_bound


def _gaps(weights: Floats, codes: NDArray[np.int32], targets: Floats) -> Floats:
    found = np.zeros(len(codes))
    for row, margin in enumerate(codes):
        there = np.bincount(margin, weights=weights, minlength=targets.shape[1])
        wanted = targets[row] > 0
        found[row] = np.abs(there[wanted] / targets[row][wanted] - 1).max(initial=0.0)
    return found
