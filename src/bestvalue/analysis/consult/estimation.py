"""How large is a mean, share, total or quantile of the population, how sure is that, and do two groups differ?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from bestvalue.analysis.consult.linearised import Design, quantile, ratio_influence, variance_of
from bestvalue.analysis.consult.replicates import Replicates
from bestvalue.analysis.consult.weights import effective_base

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Sort = Literal["mean", "share", "total", "ratio", "quantile"]


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """One number of the population.

    Args:
        value: the estimate.
        error: its standard error.
        low, high: the interval.
        base: people it was counted on.
        effective: the simple random sample whose weights say as much (Kish), people.
        design_effect: variance over that of a simple random sample of the same base, without replacement; NaN for a quantile or ratio.
        freedom: degrees of freedom of the interval.
    """

    value: float
    error: float
    low: float
    high: float
    base: int
    effective: float
    design_effect: float
    freedom: int


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Two estimates apart: first less second, with standard error, interval and p-value of no difference."""

    value: float
    error: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, kw_only=True)
class Errors:
    """How errors are worked out: linearised, or from replicates where given.

    Args:
        design: of the sample.
        replicates: sets of weights, already raked.
        confidence: level of the intervals.
    """

    design: Design
    replicates: Replicates | None = None
    confidence: float = 0.95

    def covariance(self, influence: Floats, estimates: "Sequence[_Ratio]") -> tuple[Floats, int]:
        """Covariance of ratios, and degrees of freedom."""
        linear = variance_of(influence, self.design)
        if self.replicates is None:
            return linear.covariance, linear.freedom
        return self.replicates.covariance(lambda weights: np.array([one.value(weights) for one in estimates])), linear.freedom


@dataclass(frozen=True, kw_only=True)
class _Ratio:
    above: Floats
    below: Floats

    def value(self, weights: Floats) -> float:
        whole = float(weights @ self.below)
        return float(weights @ self.above) / whole if whole > 0 else float("nan")

    def influence(self, weights: Floats) -> Floats:
        return ratio_influence(self.above, self.below, weights)


@dataclass(frozen=True, kw_only=True)
class _Total:
    values: Floats

    def value(self, weights: Floats) -> float:
        return float(weights @ self.values)


def estimate_mean(values: Floats, errors: Errors, *, inside: Mask | None = None, share: bool = False) -> Estimate:
    """A mean, or with values of 0 and 1 a share, of everybody or of the people `inside`.

    Args:
        values: array (n,); NaN where there is no answer: that person is outside.
        errors: how to work out the error.
        inside: the domain.
        share: the interval is made on the logit scale, so that it stays within 0 and 1 (as R's svyciprop does).
    """
    here = _inside(values, inside)
    ratio = _Ratio(above=np.where(here, np.nan_to_num(values), 0.0), below=here.astype(np.float64))
    weights = errors.design.weights
    value = ratio.value(weights)
    covariance, freedom = errors.covariance(ratio.influence(weights)[:, None], [ratio])
    error = float(np.sqrt(covariance[0, 0]))
    base = int(here.sum())
    low, high = _share_ends(value, error, freedom, errors.confidence) if share else _ends(value, error, freedom, errors.confidence)
    return Estimate(
        value=value,
        error=error,
        low=low,
        high=high,
        base=base,
        effective=effective_base(weights[here]),
        design_effect=_design_effect(error, np.nan_to_num(values), weights, here),
        freedom=freedom,
    )


def estimate_ratio(above: Floats, below: Floats, errors: Errors, *, inside: Mask | None = None) -> Estimate:
    """The ratio of two totals, such as incidents reported per incident suffered."""
    here = _inside(above + below, inside)
    ratio = _Ratio(above=np.where(here, np.nan_to_num(above), 0.0), below=np.where(here, np.nan_to_num(below), 0.0))
    weights = errors.design.weights
    covariance, freedom = errors.covariance(ratio.influence(weights)[:, None], [ratio])
    value, error = ratio.value(weights), float(np.sqrt(covariance[0, 0]))
    low, high = _ends(value, error, freedom, errors.confidence)
    return _without_effect(value, error, low, high, here, weights, freedom)


def estimate_total(values: Floats, errors: Errors, *, inside: Mask | None = None) -> Estimate:
    """The sum over the population, such as how many people agree."""
    here = _inside(values, inside)
    filled = np.where(here, np.nan_to_num(values), 0.0)
    weights = errors.design.weights
    linear = variance_of(filled[:, None], errors.design)
    covariance = linear.covariance
    if errors.replicates is not None:
        covariance = errors.replicates.covariance(lambda one: np.array([one @ filled]))
    value, error = float(weights @ filled), float(np.sqrt(covariance[0, 0]))
    low, high = _ends(value, error, linear.freedom, errors.confidence)
    return _without_effect(value, error, low, high, here, weights, linear.freedom)


def estimate_quantile(values: Floats, level: float, errors: Errors, *, inside: Mask | None = None) -> Estimate:
    """A quantile with Woodruff's interval: that of the share at or below it, carried back through the distribution.

    Source: Woodruff (1952), Journal of the American Statistical Association 47. Rules for quantiles differ between packages by one
        observation.
    """
    here = _inside(values, inside)
    weights = errors.design.weights
    point = quantile(values[here], weights[here], level)
    below = estimate_mean(np.where(here, (values <= point).astype(np.float64), np.nan), errors, share=True)
    half = float(special.stdtrit(below.freedom, (1 + errors.confidence) / 2)) * below.error
    low, high = (quantile(values[here], weights[here], min(max(level + sign * half, 0.0), 1.0)) for sign in (-1, 1))
    error = (high - low) / (2 * float(special.stdtrit(below.freedom, (1 + errors.confidence) / 2)))
    return _without_effect(point, error, low, high, here, weights, below.freedom)


def compare_means(values: Floats, errors: Errors, *, first: Mask, second: Mask) -> Difference:
    """The mean of the people `first` less that of the people `second`; both may lie in the same clusters.

    Raises nothing; NaN where a group has no answer.
    """
    weights = errors.design.weights
    parts = []
    for group in (first, second):
        here = _inside(values, group)
        parts.append(_Ratio(above=np.where(here, np.nan_to_num(values), 0.0), below=here.astype(np.float64)))
    one, other = (part.value(weights) for part in parts)
    if np.isnan(one) or np.isnan(other):
        nothing = float("nan")
        return Difference(value=nothing, error=nothing, low=nothing, high=nothing, p=nothing)
    covariance, freedom = errors.covariance(np.column_stack([part.influence(weights) for part in parts]), parts)
    value = one - other
    error = float(np.sqrt(max(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1], 0.0)))
    low, high = _ends(value, error, freedom, errors.confidence)
    p = 2 * float(special.stdtr(freedom, -abs(value) / error)) if error > 0 else float(value == 0)
    return Difference(value=value, error=error, low=low, high=high, p=p)


def _inside(values: Floats, inside: Mask | None) -> Mask:
    known: Mask = ~np.isnan(values)
    return known if inside is None else known & inside


def _ends(value: float, error: float, freedom: int, confidence: float) -> tuple[float, float]:
    half = float(special.stdtrit(freedom, (1 + confidence) / 2)) * error
    return value - half, value + half


def _share_ends(value: float, error: float, freedom: int, confidence: float) -> tuple[float, float]:
    if not 0 < value < 1:
        return value, value
    middle, half = float(special.logit(value)), float(special.stdtrit(freedom, (1 + confidence) / 2)) * error / (value * (1 - value))
    return float(special.expit(middle - half)), float(special.expit(middle + half))


def _design_effect(error: float, values: Floats, weights: Floats, here: Mask) -> float:
    base, people = int(here.sum()), float(weights[here].sum())
    if base < 2:
        return float("nan")
    mean = float(weights[here] @ values[here]) / people
    spread = float(weights[here] @ (values[here] - mean) ** 2) / people * base / (base - 1)
    simple = spread / base * max(1 - base / people, 0.0)
    return error**2 / simple if simple > 0 else float("nan")


def _without_effect(value: float, error: float, low: float, high: float, here: Mask, weights: Floats, freedom: int) -> Estimate:
    return Estimate(
        value=value,
        error=error,
        low=low,
        high=high,
        base=int(here.sum()),
        effective=effective_base(weights[here]),
        design_effect=float("nan"),
        freedom=freedom,
    )
