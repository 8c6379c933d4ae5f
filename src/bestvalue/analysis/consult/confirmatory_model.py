"""What does a model of scales say about answers? Loadings, factors, own variances and means, free, fixed or equal over groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Step = Literal["configural", "metric", "scalar", "strict"]
STEPS: tuple[Step, ...] = ("configural", "metric", "scalar", "strict")

FIXED = -1


@dataclass(frozen=True, kw_only=True)
class Model:
    """For every group, which parameter each number is; `FIXED` where it is none (then it is 0, and a factor's variance 1).

    Args:
        loadings: array (g, k, m).
        factors: array (g, m, m), symmetric.
        uniquenesses: array (g, k).
        intercepts: array (g, k).
        factor_means: array (g, m).
        size: how many parameters.
        has_means: means are modelled.
    """

    loadings: Places
    factors: Places
    uniquenesses: Places
    intercepts: Places
    factor_means: Places
    size: int
    has_means: bool


@dataclass(frozen=True, kw_only=True)
class Part:
    """One group as the model makes it: loadings (k, m), factors (m, m), uniquenesses (k,), factor means (m,), covariance, means."""

    loadings: Floats
    factors: Floats
    uniquenesses: Floats
    factor_means: Floats
    covariance: Floats
    means: Floats


def make_model(belongs: Sequence[int], *, groups: int = 1, step: Step = "configural", has_means: bool = False) -> Model:
    """Each question loads on its own scale only; scales correlate.

    Args:
        belongs: scale of each question, from 0.
        groups: how many.
        step: what is equal over groups: nothing but the form; loadings; intercepts too; own variances too.
        has_means: model means; needed from the scalar step on.

    The scale of a factor is set by variance 1 in the first group (in every group, in the configural step), and its mean by 0 likewise.
    """
    k, m = len(belongs), max(belongs) + 1
    level = STEPS.index(step)
    counter = iter(range(10**6))
    loadings, factors = np.full((groups, k, m), FIXED), np.full((groups, m, m), FIXED)
    uniquenesses, intercepts, factor_means = np.full((groups, k), FIXED), np.full((groups, k), FIXED), np.full((groups, m), FIXED)
    for group in range(groups):
        same = group > 0
        for at, scale in enumerate(belongs):
            loadings[group, at, scale] = loadings[0, at, scale] if same and level >= 1 else next(counter)
            uniquenesses[group, at] = uniquenesses[0, at] if same and level >= 3 else next(counter)
            if has_means:
                intercepts[group, at] = intercepts[0, at] if same and level >= 2 else next(counter)
        for one in range(m):
            if same and level >= 1:
                factors[group, one, one] = next(counter)
            if has_means and same and level >= 2:
                factor_means[group, one] = next(counter)
            for other in range(one):
                factors[group, one, other] = factors[group, other, one] = next(counter)
    return Model(
        loadings=loadings,
        factors=factors,
        uniquenesses=uniquenesses,
        intercepts=intercepts,
        factor_means=factor_means,
        size=next(counter),
        has_means=has_means,
    )


def start_values(model: Model, covariances: Sequence[Floats], means: Sequence[Floats]) -> Floats:
    """Loadings at 0.7 of an answer's deviation in the direction of its scale, half the variance its own, factors apart."""
    values = np.zeros(model.size)
    for group in reversed(range(len(covariances))):
        deviation = np.sqrt(np.diagonal(covariances[group]))
        correlation = covariances[group] / deviation[:, None] / deviation[None, :]
        for scale in range(model.loadings.shape[2]):
            own = np.flatnonzero(model.loadings[group, :, scale] != FIXED)
            axis = np.linalg.eigh(correlation[np.ix_(own, own)])[1][:, -1]
            sign = np.sign(axis) * (np.sign(axis.sum()) or 1.0)
            values[model.loadings[group, own, scale]] = 0.7 * deviation[own] * sign
        values[model.uniquenesses[group]] = 0.5 * deviation**2
        free = model.factors[group][np.eye(model.factors.shape[1], dtype=bool)]
        values[free[free != FIXED]] = 1.0
        if model.has_means:
            values[model.intercepts[group]] = means[group]
    return values


def implied(model: Model, values: Floats) -> list[Part]:
    """What the model says of each group."""
    given = np.append(values, 0.0)  # FIXED = -1 picks this zero
    parts = []
    for group in range(len(model.loadings)):
        loadings, factors = given[model.loadings[group]], given[model.factors[group]]
        alone = np.diagonal(model.factors[group]) == FIXED
        factors[np.diag(alone)] = 1.0
        unique, factor_means = given[model.uniquenesses[group]], given[model.factor_means[group]]
        parts.append(
            Part(
                loadings=loadings,
                factors=factors,
                uniquenesses=unique,
                factor_means=factor_means,
                covariance=loadings @ factors @ loadings.T + np.diag(unique),
                means=given[model.intercepts[group]] + loadings @ factor_means,
            )
        )
    return parts


def slopes(model: Model, part: Part, group: int) -> tuple[Places, Floats, Floats]:
    """How one group's covariance and means move with each parameter in it: which, array (q,); (q, k, k); (q, k)."""
    k = len(part.loadings)
    at, scale = np.nonzero(model.loadings[group] != FIXED)
    one, other = np.nonzero(np.tril(model.factors[group] != FIXED))
    own = np.arange(k)
    parts = [_of_loadings(part, at, scale), _of_factors(part, one, other), _of_uniquenesses(k)]
    index = [model.loadings[group, at, scale], model.factors[group, one, other], model.uniquenesses[group]]
    if model.has_means:
        shifted = np.flatnonzero(model.factor_means[group] != FIXED)
        index += [model.intercepts[group, own], model.factor_means[group, shifted]]
        parts += [(np.zeros((k, k, k)), np.eye(k)), (np.zeros((len(shifted), k, k)), part.loadings[:, shifted].T)]
    return np.concatenate(index), np.concatenate([made for made, _ in parts]), np.concatenate([mean for _, mean in parts])


def _of_loadings(part: Part, at: Places, scale: Places) -> tuple[Floats, Floats]:
    k = len(part.loadings)
    made, mean, each = np.zeros((len(at), k, k)), np.zeros((len(at), k)), np.arange(len(at))
    made[each, at, :] = (part.loadings @ part.factors)[:, scale].T
    mean[each, at] = part.factor_means[scale]
    return made + np.swapaxes(made, 1, 2), mean


def _of_factors(part: Part, one: Places, other: Places) -> tuple[Floats, Floats]:
    made = part.loadings[:, one].T[:, :, None] * part.loadings[:, other].T[:, None, :]
    apart = (one != other)[:, None, None]
    return made + apart * np.swapaxes(made, 1, 2), np.zeros((len(one), len(part.loadings)))


def _of_uniquenesses(k: int) -> tuple[Floats, Floats]:
    made, own = np.zeros((k, k, k)), np.arange(k)
    made[own, own, own] = 1.0
    return made, np.zeros((k, k))
