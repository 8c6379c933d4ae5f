"""How far do coders agree beyond chance? Krippendorff's alpha, Gwet's AC, kappa of Cohen and of Fleiss, each with its interval."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special
from statsmodels.stats import inter_rater

from bestvalue.analysis.consult.ratings import count_ratings
from bestvalue.errors import SpecError

Floats = NDArray[np.float64]
Weights = Literal["identity", "linear", "quadratic"]


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """A coefficient (1 full agreement, 0 that of chance) with its interval, and the share of pairs of codings that agree as such."""

    value: float
    low: float
    high: float
    observed: float
    units: int


def cohen_kappa(first: Floats, second: Floats, *, weights: Weights = "identity", confidence: float = 0.95) -> Agreement:
    """Two coders, no gaps; categories in rising order for weights.

    Source: Cohen (1960), Educational and Psychological Measurement 20; (1968) for weights; statsmodels' implementation.
    Example: twenty yes and fifteen no in common of fifty: (0.7 - 0.5) / (1 - 0.5).
        >>> one = np.repeat([1.0, 1, 0, 0], [20, 5, 10, 15])
        >>> two = np.repeat([1.0, 0, 1, 0], [20, 5, 10, 15])
        >>> round(cohen_kappa(one, two).value, 12)
        0.4
    """
    values, codes = np.unique(np.concatenate([first, second]), return_inverse=True)
    if len(values) < 2:
        raise SpecError("Both coders gave one code only", where="codes", next_step="Kappa needs two codes that are used.")
    one, two = codes[: len(first)], codes[len(first) :]
    table = np.bincount(one * len(values) + two, minlength=len(values) ** 2).reshape(len(values), -1)
    kind = {"identity": None, "linear": "linear", "quadratic": "quadratic"}[weights]
    with np.errstate(invalid="ignore", divide="ignore"):  # its test statistic, which is not used, where a coder gave one code only
        found = inter_rater.cohens_kappa(table, wt=kind, return_results=True)
    half = float(special.ndtri((1 + confidence) / 2)) * float(np.sqrt(found.var_kappa))
    value = float(found.kappa)
    return Agreement(value=value, low=value - half, high=min(value + half, 1.0), observed=float((one == two).mean()), units=len(first))


def fleiss_kappa(ratings: Floats) -> float:
    """Several coders, each unit coded by all, array (units, coders) without gaps.

    Source: Fleiss (1971), Psychological Bulletin 76; statsmodels' implementation.
    """
    table, _ = inter_rater.aggregate_raters(ratings)
    return float(inter_rater.fleiss_kappa(table, method="fleiss"))


def gwet(ratings: Floats, *, weights: Weights = "identity", confidence: float = 0.95) -> Agreement:
    """Gwet's AC1 (identity weights) or AC2, several coders, gaps allowed.

    It stays near the share agreed where one code is rare, which sends kappa and alpha down.

    Args:
        ratings: array (units, coders), NaN where a coder did not code the unit.
        weights: how much codes that are near each other agree.
        confidence: level of the interval (Student's t over units).

    Source: Gwet (2008), British Journal of Mathematical and Statistical Psychology 61; Handbook of Inter-Rater Reliability (2014), ch. 5.
    """
    counted = count_ratings(ratings)
    every = counted.all_counts
    size = every.sum(axis=1)
    k = len(counted.values)
    near = _nearness(counted.values, weights)
    several = size >= 2
    units, paired = len(every), int(several.sum())
    agreed = np.zeros(units)
    agreed[several] = (every[several] * (every[several] @ near - 1)).sum(axis=1) / (size[several] * (size[several] - 1))
    observed = float(agreed[several].mean())
    share = every / size[:, None]
    common = share.mean(axis=0)
    scale = near.sum() / (k * (k - 1))
    by_chance = float(scale * (common * (1 - common)).sum())
    value = (observed - by_chance) / (1 - by_chance)
    each = np.where(several, units / paired * (agreed - by_chance) / (1 - by_chance), 0.0)
    of_chance = scale * (share * (1 - common)).sum(axis=1)
    linear = each - 2 * (1 - value) * (of_chance - by_chance) / (1 - by_chance)
    error = float(np.sqrt(((linear - value) ** 2).sum() / (units * (units - 1))))
    half = float(special.stdtrit(units - 1, (1 + confidence) / 2)) * error
    return Agreement(value=float(value), low=float(value - half), high=float(min(value + half, 1.0)), observed=observed, units=paired)


def _nearness(values: Floats, weights: Weights) -> Floats:
    if weights == "identity":
        return np.eye(len(values))
    apart = np.abs(values[:, None] - values[None, :]) / (values.max() - values.min())
    near: Floats = 1 - (apart if weights == "linear" else apart**2)
    return near
