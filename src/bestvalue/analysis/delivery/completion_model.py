"""How much longer than planned do actions take? A factor for all, one for each plan, and the spread between actions.

The logarithm of (days taken / days planned) is taken as normal, with a mean that differs from plan to plan. An action that is
still open says that its factor is at least what has passed: leaving it out would learn from the quick ones alone.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from bestvalue.analysis.delivery.completion_plan import Days, Plans

FEWEST_COMPLETED = 10
"""Fewer completed actions than this say too little about how long the next will take."""
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
LOG_WEIGHTS = np.log(WEIGHTS / WEIGHTS.sum())
LEAST_SPREAD = 0.02
PRIOR_MEAN, PRIOR_SPREAD, PRIOR_PLAN_SPREAD = 1.0, 1.0, 0.5
"""Scales of the weak priors: of the mean about 0, and of the two spreads."""


@dataclass(frozen=True, kw_only=True)
class History:
    """What is known of how long actions took.

    Args:
        log_factor: (m,) logarithm of days taken, or passed so far, over days planned.
        seen: (m,) True where the action was completed; False where it is open, or was given up: at least so long.
        plan: (m,) number of its plan.
        plans: names of the plans.
    """

    log_factor: Days
    seen: NDArray[np.bool_]
    plan: NDArray[np.int64]
    plans: tuple[str, ...]

    @property
    def completed(self) -> int:
        """How many actions were completed."""
        return int(self.seen.sum())


@dataclass(frozen=True, kw_only=True)
class Delay:
    """The fitted model, with draws that carry how little is known of it.

    Args:
        factor, low, high: days taken over days planned, of a typical action of a typical plan, with its interval.
        confidence: level of the interval.
        mean: (draws, plans) mean of the logarithm, by plan; the last column is a plan not seen before.
        spread: (draws,) spread of the logarithm between actions.
    """

    factor: float
    low: float
    high: float
    confidence: float
    mean: Days
    spread: Days


def history_on(plans: Plans, day: float) -> History:
    """What these plans, as known on a day, say about how long actions take. Actions that could not yet be worked on say nothing."""
    begun = plans.begun()
    until = np.where(np.isnan(plans.ended), day, plans.ended)
    taken = until - begun
    usable = ~np.isnan(begun) & (taken > 0)
    names = tuple(dict.fromkeys(plans.plan))
    number = np.array([names.index(plan) for plan in plans.plan], dtype=np.int64)
    return History(
        log_factor=np.log(taken[usable] / plans.planned_days[usable]), seen=plans.complete[usable], plan=number[usable], plans=names
    )


def fit_delay(history: History, *, chance: np.random.Generator, draws: int = 200, confidence: float = 0.9) -> Delay:
    """Fit the factor by maximum posterior, and draw from its normal approximation.

    Args:
        history: at least one action.
        chance: for the draws.
        draws: how many.
        confidence: level of the interval of the typical factor.
    """
    found = optimize.minimize(_cost, np.array([0.1, np.log(0.4), np.log(0.15)]), args=(history,), method="L-BFGS-B")
    covariance = _inverse_curvature(found.x, history)
    drawn = chance.multivariate_normal(found.x, covariance, size=draws, method="eigh")
    half = special.ndtri((1 + confidence) / 2) * np.sqrt(covariance[0, 0])
    spread, between = np.exp(np.clip(drawn[:, 1], -4, 2)), np.exp(np.clip(drawn[:, 2], -6, 1))
    own = _plan_effects(drawn[:, 0], spread, between, history, chance)
    new = drawn[:, 0] + between * chance.standard_normal(draws)
    return Delay(
        factor=float(np.exp(found.x[0])),
        low=float(np.exp(found.x[0] - half)),
        high=float(np.exp(found.x[0] + half)),
        confidence=confidence,
        mean=np.column_stack([own, new]),
        spread=spread + LEAST_SPREAD,
    )


def _likelihood(mean: Days, spread: Days, history: History) -> Days:
    """Log likelihood of each action, for means and spreads that broadcast against actions in the last axis."""
    z = (history.log_factor - mean) / spread
    return np.where(history.seen, -0.5 * z**2 - np.log(spread), special.log_ndtr(-z))


def _by_plan(values: Days, history: History) -> Days:
    """Sums over the actions (last axis) of each plan."""
    belongs = (history.plan[:, None] == np.arange(len(history.plans))[None, :]).astype(np.float64)
    summed: Days = values @ belongs
    return summed


def _cost(parameters: Days, history: History) -> float:
    mean, spread, between = parameters[0], np.exp(parameters[1]) + LEAST_SPREAD, np.exp(parameters[2])
    at_nodes = _by_plan(_likelihood(mean + between * NODES[:, None], spread, history), history)
    marginal = special.logsumexp(at_nodes + LOG_WEIGHTS[:, None], axis=0).sum()
    prior = -0.5 * ((mean / PRIOR_MEAN) ** 2 + (spread / PRIOR_SPREAD) ** 2 + (between / PRIOR_PLAN_SPREAD) ** 2)
    # The two spreads are searched on the log scale: the term below keeps the prior one on the spreads themselves.
    return -float(marginal + prior + parameters[1] + parameters[2])


def _inverse_curvature(at: Days, history: History, step: float = 1e-3) -> Days:
    size = len(at)
    curvature = np.empty((size, size))
    for i in range(size):
        for j in range(size):
            ends = [
                sign_i * sign_j * _cost(at + step * (sign_i * np.eye(size)[i] + sign_j * np.eye(size)[j]), history)
                for sign_i in (1, -1)
                for sign_j in (1, -1)
            ]
            curvature[i, j] = sum(ends) / (4 * step**2)
    values, vectors = np.linalg.eigh((curvature + curvature.T) / 2)
    inverse: Days = (vectors / np.maximum(values, 0.25)) @ vectors.T  # a flat direction is held to a spread of 2
    return inverse


def _plan_effects(mean: Days, spread: Days, between: Days, history: History, chance: np.random.Generator) -> Days:
    """(draws, plans): for each draw of the parameters, one draw of every plan's own mean, given its actions."""
    centre = mean[:, None] + between[:, None] * NODES[None, :]
    weights = _by_plan(_likelihood(centre[:, :, None], spread[:, None, None] + LEAST_SPREAD, history), history)
    weights = weights + LOG_WEIGHTS[None, :, None]
    cumulated = np.exp(weights - special.logsumexp(weights, axis=1, keepdims=True)).cumsum(axis=1)
    node = (cumulated < chance.random((len(mean), 1, weights.shape[2]))).sum(axis=1).clip(0, len(NODES) - 1)
    return np.take_along_axis(centre, node, axis=1)
