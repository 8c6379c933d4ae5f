"""How far do those who answered look like those who were asked? The R-indicator, and what bias could come of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.consult.propensity import Propensity, fit_cells

Floats = NDArray[np.float64]

RESAMPLES = 500


@dataclass(frozen=True, kw_only=True)
class Representativeness:
    """The R-indicator and what follows from it.

    Args:
        indicator: 1 - 2 S(chance to answer): 1 where everybody is as likely to answer, 0 where it could not be worse.
        low, high: its interval, from resamples of the people invited.
        spread: S, the deviation of chances to answer, less what estimating them adds.
        response: mean chance to answer.
        largest_bias: of a percentage that varies as 50% does, in shares: S S(y) / response. Larger bias needs a reason to answer that the
            model does not know.
    """

    indicator: float
    low: float
    high: float
    spread: float
    response: float
    largest_bias: float


@dataclass(frozen=True, kw_only=True)
class Headline:
    """What those not heard could do to one percentage.

    Args:
        seen: the percentage of those who answered.
        none, all_: of everybody, if none or all of those who did not answer would agree.
        others_for_half: share of those who did not answer that would have to agree for everybody's to be a half; None where no share does.
    """

    seen: float
    none: float
    all_: float
    others_for_half: float | None


def representativeness(
    model: Propensity, answered: NDArray[np.bool_], *, chance: np.random.Generator, confidence: float = 0.95
) -> Representativeness:
    """Work out the R-indicator of a model of answering.

    Source: Schouten, Cobben and Bethlehem (2009), Survey Methodology 35; correction for estimation: Shlomo, Skinner and Schouten (2012),
        Journal of Statistical Planning and Inference 142.
    """
    spread = _spread(model)
    cells, cell = np.unique(model.design, axis=0, return_inverse=True)
    cell = cell.ravel()
    asked = np.bincount(cell, minlength=len(cells)).astype(np.float64)
    heard = np.bincount(cell[answered], minlength=len(cells)).astype(np.float64)
    people = len(answered)
    # Resampling people is drawing how many of each cell come, and how many of them answered.
    draws = chance.multinomial(people, np.concatenate([heard, asked - heard]) / people, size=RESAMPLES)
    plain = float(np.sqrt(np.average((model.chance - model.chance.mean()) ** 2)))
    drawn = np.empty(RESAMPLES)
    for row, counts in enumerate(draws.astype(np.float64)):
        came, come = counts[: len(cells)], counts[: len(cells)] + counts[len(cells) :]
        fitted = fit_cells(cells, answered=came, asked=come)
        mean = np.average(fitted, weights=come)
        drawn[row] = np.sqrt(np.average((fitted - mean) ** 2, weights=come))
    # A resample's spread is too large by as much again as the sample's own, so the interval is that of its differences (basic bootstrap).
    low, high = np.quantile(drawn - plain, [(1 - confidence) / 2, (1 + confidence) / 2])
    response = float(model.chance.mean())
    inflated = plain - spread
    indicator = 1 - 2 * spread
    return Representativeness(
        indicator=indicator,
        low=float(max(indicator - 2 * (high - inflated), 0.0)),
        high=float(min(indicator - 2 * (low - inflated), 1.0)),
        spread=spread,
        response=response,
        largest_bias=min(spread * 0.5 / response, 1.0),
    )


def _spread(model: Propensity) -> float:
    """Deviation of the chances to answer, less what their estimation adds on average."""
    chance = model.chance
    plain = float(((chance - chance.mean()) ** 2).mean())
    slope = (chance * (1 - chance))[:, None] * model.design
    apart = slope - slope.mean(axis=0)
    added = float(((apart @ model.covariance) * apart).sum(axis=1).mean())
    return float(np.sqrt(max(plain - added, 0.0)))


def headline_bounds(seen: float, *, response: float) -> Headline:
    """How far a percentage could be off, whatever those not heard think.

    Source: Manski (2003), Partial Identification of Probability Distributions, ch. 1.
    Example: 60% of the 40% who answered: between 24% and 84% of everybody.
        >>> found = headline_bounds(0.6, response=0.4)
        >>> round(found.none, 3), round(found.all_, 3), round(found.others_for_half or 0, 3)
        (0.24, 0.84, 0.433)
    """
    others = (0.5 - seen * response) / (1 - response) if response < 1 else None
    inside = others is not None and 0 <= others <= 1
    return Headline(seen=seen, none=seen * response, all_=seen * response + 1 - response, others_for_half=others if inside else None)
