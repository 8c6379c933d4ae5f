"""How uncertain are estimates from a sample that was not drawn at random, one by one? Variances by Taylor linearisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.consult.raking import Margin

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Design:
    """How the people were drawn and weighted.

    Args:
        weights: array (n,), final weights.
        strata: array (n,), codes from 0.
        clusters: array (n,), codes of what was drawn together; unique over strata or not.
        fraction: array (h,), share of each stratum's clusters that was drawn (for the finite population correction); None for none.
        margins: what the weights were raked or post-stratified to: that part of an estimate has no chance in it.
        before: array (n,), weights before they were fitted to the margins; the final weights where None.
        residual: how residuals on several margins are weighed. "even" counts people alike, as R's survey package does after rake, and is a
            little on the safe side; "before" weighs by `before`, as the theory of calibration has it. One margin alone (post-strata) is
            weighed by `before` in both, as there.
    """

    weights: Floats
    strata: Codes
    clusters: Codes
    fraction: Floats | None = None
    margins: Sequence[Margin] = ()
    before: Floats | None = None
    residual: Literal["even", "before"] = "even"

    @cached_property
    def projection(self) -> tuple[Floats, Floats]:
        """Categories of the margins as columns (n, q), and what gives their coefficients from an influence, (q, n)."""
        weights = self.weights if self.before is None else self.before
        if len(self.margins) > 1 and self.residual == "even":
            weights = np.ones_like(weights)
        columns = [np.ones(len(weights))]
        for margin in self.margins:
            columns += [(margin.codes == at).astype(np.float64) for at in np.unique(margin.codes)[1:]]
        known = np.column_stack(columns)
        cross = (known * weights[:, None]).T
        return known, np.linalg.pinv(cross @ known, rcond=1e-12, hermitian=True) @ cross


@dataclass(frozen=True, kw_only=True)
class Variance:
    """Covariance of the estimates (p, p), degrees of freedom, and strata with one cluster only (centred on the mean of all)."""

    covariance: Floats
    freedom: int
    lonely: int


def variance_of(influence: Floats, design: Design) -> Variance:
    """The covariance of estimates whose linearised values are given.

    Args:
        influence: array (n, p): how much one unit of weight on the person moves each estimate.
        design: of the sample; with margins, the influence is first replaced by its residual on them.

    Source: Sarndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, ch. 5; residuals after raking: Deville and Sarndal
        (1992): raked weights have the variance of linear calibration, so the naive variance is wrong in both directions.
    """
    residual = residuals(influence, design) if len(design.margins) else influence
    scores = residual * design.weights[:, None]
    pairs, cluster = np.unique(design.strata * (int(design.clusters.max()) + 1) + design.clusters, return_inverse=True)
    stratum = pairs // (int(design.clusters.max()) + 1)
    totals = np.zeros((len(pairs), scores.shape[1]))
    np.add.at(totals, cluster, scores)
    size = int(design.strata.max()) + 1
    drawn = np.bincount(stratum, minlength=size)
    means = np.zeros((size, scores.shape[1]))
    np.add.at(means, stratum, totals)
    means /= np.maximum(drawn, 1)[:, None]
    lonely = drawn == 1
    means[lonely] = totals.mean(axis=0)
    factor = np.where(lonely, 1.0, drawn / np.maximum(drawn - 1, 1))
    if design.fraction is not None:
        factor = factor * (1 - design.fraction)
    apart = (totals - means[stratum]) * np.sqrt(factor[stratum])[:, None]
    return Variance(covariance=apart.T @ apart, freedom=max(int(len(pairs) - (drawn > 0).sum()), 1), lonely=int(lonely.sum()))


def residuals(influence: Floats, design: Design) -> Floats:
    """What the margins do not explain of the influence: the weighted least squares residual on their categories."""
    known, solver = design.projection
    left: Floats = influence - known @ (solver @ influence)
    return left


def total_influence(values: Floats, inside: NDArray[np.bool_] | None = None) -> Floats:
    """Influence of a total: the value itself, nothing outside the domain. Array (n,)."""
    return values if inside is None else np.where(inside, values, 0.0)


def ratio_influence(above: Floats, below: Floats, weights: Floats) -> Floats:
    """Influence of a ratio of two totals; a mean of a domain is the ratio of the domain's total to its people. Array (n,)."""
    whole = float(weights @ below)
    return (above - float(weights @ above) / whole * below) / whole


def quantile(values: Floats, weights: Floats, level: float) -> float:
    """The smallest value at or below which `level` of the weight lies.

    Example:
        >>> quantile(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 2.0]), 0.5)
        2.0
    """
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][np.searchsorted(share, level - 1e-12)])
