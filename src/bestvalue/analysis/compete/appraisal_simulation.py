"""How sure is the order of the options? Their values when all estimates vary together, by a Gaussian copula.

An estimate has three points: one time in ten it is lower than the low one, one time in ten higher than the high one, and
half of the time below the central one. A normal score z is turned into money by two straight lines through these points.
The scores are alike within one stream (the years of one sort of money of one option), less so between options, and least
between sorts of money.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bestvalue.errors import SpecError

Money = NDArray[np.float64]

TENTH = float(stats.norm.ppf(0.9))
"""Normal score of the estimate that is exceeded one time in ten."""

BLOCK = 512
"""Draws made at once: the numbers of one block stay in the cache. Each block has a stream of its own, so that the answer does not
hang on the number of workers.
"""


@dataclass(frozen=True, kw_only=True)
class Correlations:
    """How alike the errors of estimates are, 0 to 1.

    Args:
        inputs: of different sorts of money.
        options: of one sort of money in different options.
        years: of the years of one sort of money of one option.
    """

    inputs: float = 0.2
    options: float = 0.5
    years: float = 0.8

    def __post_init__(self) -> None:
        if not 0 <= self.inputs <= self.options <= self.years <= 1:
            raise SpecError(
                f"The correlations {self.inputs:g}, {self.options:g} and {self.years:g} are not in order",
                where="correlation_inputs, correlation_options, correlation_years",
                next_step="Years of one input are at least as alike as options, and options as inputs: each 0 to 1.",
            )


def simulate(
    central: Money, low: Money, high: Money, factors: Money, *, correlations: Correlations, draws: int, seed: int, workers: int = 2
) -> Money:
    """Net present cost of the options, drawn.

    Args:
        central: array (options, categories, years), costs positive.
        low: the same, exceeded nine times in ten.
        high: the same, exceeded one time in ten.
        factors: array (years,), discount factors.
        correlations: of the errors.
        draws: how many.
        seed: starts the chance.
        workers: how many blocks are drawn at a time; the draws are the same for any number.

    Returns:
        array (draws, options).
    """
    streams = np.argwhere(np.any((high != low), axis=2))
    certain = (central @ factors).sum(axis=1)
    if len(streams) == 0:
        return np.tile(certain, (draws, 1))
    option, category = streams.T
    down = (central - low)[option, category] * factors / TENTH
    up = (high - central)[option, category] * factors / TENTH
    parts = _Streams(option=option, category=category, down=down, rise=up - down, options=len(central), correlations=correlations)
    sizes = [min(BLOCK, draws - start) for start in range(0, draws, BLOCK)]
    with ThreadPoolExecutor(max_workers=workers) as pool:
        blocks = list(pool.map(lambda numbered: _draw(parts, seed=seed, block=numbered[0], size=numbered[1]), enumerate(sizes)))
    return np.asarray(np.concatenate(blocks) + certain)


@dataclass(frozen=True, kw_only=True)
class _Streams:
    """Streams of money, a row each: discounted slopes below the central estimate, and by how much they are steeper above it."""

    option: NDArray[np.int64]
    category: NDArray[np.int64]
    down: Money
    rise: Money
    options: int
    correlations: Correlations


def _draw(parts: _Streams, *, seed: int, block: int, size: int) -> Money:
    """How far the net present cost of each option is from its central value, array (size, options)."""
    # Tens of millions of normal numbers are most of the work, and this generator makes them three times as fast as Philox.
    chance = np.random.Generator(np.random.SFC64([seed, block]))
    given = parts.correlations
    streams, years = parts.down.shape
    categories = int(parts.category.max()) + 1
    common = np.sqrt(given.inputs) * chance.standard_normal((size, 1))
    common = common + np.sqrt(given.options - given.inputs) * chance.standard_normal((size, categories))[:, parts.category]
    common += np.sqrt(given.years - given.options) * chance.standard_normal((size, streams))
    scores = chance.standard_normal((size, streams, years))
    scores *= np.sqrt(1 - given.years)
    scores += common[:, :, None]
    away = np.einsum("dsy,sy->ds", scores, parts.down)
    np.maximum(scores, 0, out=scores)
    away += np.einsum("dsy,sy->ds", scores, parts.rise)
    summed = np.zeros((size, parts.options))
    for stream, option in enumerate(parts.option):
        summed[:, option] += away[:, stream]
    return summed


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the draws say about the options; the first is the baseline.

    Args:
        mean: array (options,), mean value against the baseline, in pence.
        low, high: array (options,), the ends of the middle of the draws.
        better_share: array (options,), share of draws in which the option is worth more than the baseline.
        best_share: array (options,), share of draws in which it is worth most of all.
    """

    mean: Money
    low: Money
    high: Money
    better_share: Money
    best_share: Money


def outcome(net_cost: Money, *, confidence: float) -> Outcome:
    """Sum up draws of net present cost, array (draws, options)."""
    npsv = net_cost[:, :1] - net_cost
    low, high = np.quantile(npsv, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    best = np.bincount(npsv.argmax(axis=1), minlength=npsv.shape[1]) / len(npsv)
    return Outcome(mean=npsv.mean(axis=0), low=low, high=high, better_share=(npsv > 0).mean(axis=0), best_share=best)
