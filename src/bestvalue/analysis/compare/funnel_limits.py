"""Funnel limits: how far from the target can chance alone carry a force of a given size, exactly, and with overdispersion?

Source: Spiegelhalter (2005), Funnel plots for comparing institutional performance, Statistics in Medicine 24, 1185-1202: exact limits
by interpolation (appendix A.1), winsorised overdispersion, multiplicative and additive (section 4).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]


def exact_limit(denominator: Floats, *, target: float, sort: str, probability: float) -> Floats:
    """The quotient below which a force of this size falls with this probability, if its true quotient is the target.

    The smallest count r with P(count <= r) >= probability, moved down by linear interpolation within the step, over the denominator;
    never below 0, nor above 1 for a proportion.

    Args:
        denominator: cases of a proportion (rounded to whole numbers) or exposure of a rate, > 0.
        target: the quotient held against, unmultiplied.
        sort: "proportion" (binomial) or "rate" (Poisson).
        probability: such as 0.001, 0.025, 0.975, 0.999.

    Example: of 100 cases with a target of one half, P(at most 39) = 0.0176 and P(at most 40) = 0.0284: 2.5% lie between.
        >>> round(float(exact_limit(np.array([100.0]), target=0.5, sort="proportion", probability=0.025)[0]), 4)
        0.3968
    """
    if sort == "proportion":
        cases = np.maximum(np.round(denominator), 1.0)
        count = _smallest(
            lambda r: special.bdtr(r, cases.astype(np.int64), target), special.bdtrik(probability, cases, target), probability
        )
        at = special.bdtr(count, cases.astype(np.int64), target)
        step = at - np.where(count > 0, special.bdtr(np.maximum(count - 1, 0), cases.astype(np.int64), target), 0.0)
        return np.asarray(np.clip((count - (at - probability) / step) / cases, 0.0, 1.0))
    mean = denominator * target
    count = _smallest(lambda r: special.pdtr(r, mean), special.pdtrik(probability, mean), probability)
    at = special.pdtr(count, mean)
    step = at - np.where(count > 0, special.pdtr(np.maximum(count - 1, 0), mean), 0.0)
    return np.asarray(np.clip((count - (at - probability) / step) / denominator, 0.0, None))


def _smallest(distribution, start: Floats, probability: float) -> Floats:  # type: ignore[no-untyped-def] # a function of counts
    """The smallest whole count whose distribution function reaches the probability, from the continuous inverse nearby."""
    count = np.maximum(np.ceil(np.nan_to_num(start, nan=0.0)), 0.0)
    for _ in range(4):  # the continuous inverse is off by one at most, but for rounding at the edge of a step
        lower = np.maximum(count - 1, 0.0)
        count = np.where((count > 0) & (distribution(lower) >= probability), lower, count)
        count = np.where(distribution(count) < probability, count + 1, count)
    return count


@dataclass(frozen=True, kw_only=True)
class Overdispersion:
    """How much more the forces differ than chance makes them.

    Args:
        phi: mean of the squared winsorised z-scores: 1 where chance explains everything.
        tau: standard deviation between forces on the quotient's scale (additive model), 0 where I phi <= I - 1.
        winsorised: how many z-scores were pulled in at each end.
        p_value: the chance of so much spread by chance alone, before winsorising (chi-square of I scores).
        forces: I.
    """

    phi: float
    tau: float
    winsorised: int
    p_value: float
    forces: int


def z_scores(quotient: Floats, denominator: Floats, *, target: float, sort: str) -> Floats:
    """Distance from the target in standard errors of chance at the target."""
    return np.asarray((quotient - target) / standard_error(denominator, target=target, sort=sort))


def standard_error(denominator: Floats, *, target: float, sort: str) -> Floats:
    """Standard error of a force's quotient if its true quotient is the target."""
    return np.sqrt(target * (1 - target) / denominator) if sort == "proportion" else np.sqrt(target / denominator)


def winsorise(scores: Floats, *, share: float) -> tuple[Floats, int]:
    """Pull in the most extreme scores at each end to the next one left: a count, the share of scores rounded down.

    Quantile rules differ between packages; this one pulls in whole forces, so that what is done can be said: "the 4 highest and the 4
    lowest of 43 are set to the 5th".
    """
    pulled = int(np.floor(len(scores) * share))
    ordered = np.sort(scores)
    return np.clip(scores, ordered[pulled], ordered[-1 - pulled]), pulled


def overdispersion(quotient: Floats, denominator: Floats, *, target: float, sort: str, share: float = 0.1) -> Overdispersion:
    """How much more forces differ than chance makes them.

    Args:
        quotient: array (I), unmultiplied.
        denominator: array (I), > 0.
        target: the quotient held against.
        sort: "proportion" or "rate".
        share: of scores winsorised at each end, 0 to below 0.5.
    """
    raw = z_scores(quotient, denominator, target=target, sort=sort)
    scores, pulled = winsorise(raw, share=share)
    forces = len(scores)
    phi = float(np.mean(scores**2))
    weights = 1 / standard_error(denominator, target=target, sort=sort) ** 2
    spread = forces * phi - (forces - 1)
    variance = spread / (weights.sum() - (weights**2).sum() / weights.sum()) if spread > 0 and forces > 1 else 0.0
    return Overdispersion(
        phi=phi,
        tau=float(np.sqrt(variance)),
        winsorised=pulled,
        p_value=float(special.chdtrc(forces, np.sum(raw**2))),
        forces=forces,
    )


def limits(
    denominator: Floats,
    *,
    target: float,
    sort: str,
    probability: float,
    spread: Overdispersion,
    model: Literal["none", "multiplicative", "additive"],
) -> Floats:
    """A limit with or without overdispersion; never below 0, nor above 1 for a proportion.

    Without, it is exact. Multiplicative: normal limits with the standard error times the root of phi, where phi > 1. Additive: normal
    limits with tau squared added to the variance: large forces are then judged by how forces differ, not by size.
    """
    if model == "none" or (model == "multiplicative" and spread.phi <= 1) or (model == "additive" and spread.tau == 0):
        return exact_limit(denominator, target=target, sort=sort, probability=probability)
    error = standard_error(denominator, target=target, sort=sort)
    wide = error * np.sqrt(spread.phi) if model == "multiplicative" else np.sqrt(error**2 + spread.tau**2)
    return np.asarray(np.clip(target + special.ndtri(probability) * wide, 0.0, 1.0 if sort == "proportion" else None))
