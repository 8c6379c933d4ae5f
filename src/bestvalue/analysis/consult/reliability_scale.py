"""Do the questions of a scale measure one thing, and which do not fit? Internal consistency by covariances."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from bestvalue.analysis.consult.one_factor import OneFactor, fit_one_factor
from bestvalue.errors import SpecError

Floats = NDArray[np.float64]

BOOTSTRAPS_AT_ONCE = 250
"""Resamples drawn together: their counts (250 x 5,000 people) fit into memory beside the rest."""


@dataclass(frozen=True, kw_only=True)
class Reliability:
    """Alpha with Feldt's interval: no unit, at most 1, can be negative."""

    alpha: float
    low: float
    high: float
    respondents: int
    items: int


@dataclass(frozen=True, kw_only=True)
class Omega:
    """Omega with a bootstrap interval (percentiles), and the one-factor fit that it comes from.

    `alpha_low` and `alpha_high` are the same resamples' alpha: an interval that asks for no normal scores. `failed` resamples did
    not converge and are left out.
    """

    omega: float
    low: float
    high: float
    alpha_low: float
    alpha_high: float
    fit: OneFactor
    failed: int


@dataclass(frozen=True, kw_only=True)
class ItemFit:
    """One question against the rest of its scale, arrays (k,).

    Args:
        mean, deviation: of the answers, turned where declared.
        rest: correlation with the sum of the other questions (corrected for overlap).
        alpha_without: alpha of the scale without the question; NaN for a scale of two.
    """

    mean: Floats
    deviation: Floats
    rest: Floats
    alpha_without: Floats


def cronbach_alpha(scores: Floats, *, confidence: float = 0.95) -> Reliability:
    """Do the questions of a scale measure one thing? Internal consistency, with Feldt's interval.

    Args:
        scores: array (n respondents, k items), n >= 2, k >= 2; reversed items already turned, no gaps.
        confidence: level of the interval, between 0 and 1.

    Returns:
        Reliability: `alpha` (no unit; at most 1, can be negative), `low`, `high`, `respondents`, `items`.

    Raises:
        SpecError: fewer than two items or respondents, a missing answer, or totals that are all the same.
    Source: Cronbach (1951), Psychometrika 16; interval: Feldt (1965), Psychometrika 30, for normal scores.
    Example: by hand, item variances 13/10, 1, 23/10 and total 23/2 give 3/2 (1 - 4.6 / 11.5) = 9/10.
        >>> round(cronbach_alpha(np.array([[4, 5, 4], [3, 3, 4], [5, 5, 5], [2, 3, 1], [4, 4, 3.0]])).alpha, 12)
        0.9
    """
    check_scores(scores)
    people, items = scores.shape
    alpha = float(alphas(np.cov(scores.T, ddof=1)[None])[0])
    tail = (1 - confidence) / 2
    freedom = (people - 1, (people - 1) * (items - 1))
    upper, lower = (float(special.fdtri(*freedom, quantile)) for quantile in (1 - tail, tail))
    return Reliability(alpha=alpha, low=1 - (1 - alpha) * upper, high=1 - (1 - alpha) * lower, respondents=people, items=items)


def check_scores(scores: Floats) -> None:
    """Refuse what has no reliability.

    Raises:
        SpecError: fewer than two items or respondents, a missing answer, or totals that are all the same.
    """
    people, items = scores.shape
    if items < 2 or people < 2:
        raise SpecError(
            f"A scale of {items} questions answered in full by {people} people has no reliability",
            where="scales",
            next_step="A scale needs two questions or more, and two people who answered all of them.",
        )
    if np.isnan(scores).any():
        raise SpecError("An answer is missing", where="scores", next_step="Leave out people who did not answer every question.")
    if np.ptp(scores.sum(axis=1)) == 0:
        raise SpecError("Everybody has the same total", where="scales", next_step="A scale that tells nobody apart has no reliability.")


def alphas(covariances: Floats) -> Floats:
    """Alpha of each covariance matrix, array (b,)."""
    k = covariances.shape[1]
    parts = np.trace(covariances, axis1=1, axis2=2)
    found: Floats = k / (k - 1) * (1 - parts / covariances.sum(axis=(1, 2)))
    return found


def mcdonald_omega(scores: Floats, *, chance: np.random.Generator, bootstraps: int = 1000, confidence: float = 0.95) -> Omega:
    """What share of the variance of the total is the one thing that the questions share? Omega of a one-factor model.

    Args:
        scores: array (n respondents, k items), k >= 3, turned, no gaps, no constant item.
        chance: for the resamples of respondents.
        bootstraps: how many resamples; 0 gives no interval (NaN).
        confidence: level of the interval.

    Raises:
        SpecError: the covariances are not positive definite (two questions are copies, or too few people answered).
    Source: McDonald (1999), Test Theory; the variance of the total is the model's, as in psych (semTools divides by the observed).
    """
    covariance = np.cov(scores.T, ddof=1)
    check_positive_definite(covariance)
    whole = fit_one_factor(covariance[None])
    if bootstraps == 0:
        nothing = float("nan")
        return Omega(omega=float(whole.omega[0]), low=nothing, high=nothing, alpha_low=nothing, alpha_high=nothing, fit=whole, failed=0)
    drawn_omega, drawn_alpha = [], []
    for begin in range(0, bootstraps, BOOTSTRAPS_AT_ONCE):
        drawn = bootstrap_covariances(scores, chance=chance, size=min(BOOTSTRAPS_AT_ONCE, bootstraps - begin))
        drawn_alpha.append(alphas(drawn))
        definite = np.linalg.eigvalsh(drawn)[:, 0] > 1e-10
        fits = fit_one_factor(drawn[definite], start=whole)
        drawn_omega.append(fits.omega[fits.converged])
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    omega_ends = np.quantile(np.concatenate(drawn_omega), tails)
    alpha_ends = np.quantile(np.concatenate(drawn_alpha), tails)
    return Omega(
        omega=float(whole.omega[0]),
        low=float(omega_ends[0]),
        high=float(omega_ends[1]),
        alpha_low=float(alpha_ends[0]),
        alpha_high=float(alpha_ends[1]),
        fit=whole,
        failed=bootstraps - sum(map(len, drawn_omega)),
    )


def check_positive_definite(covariance: Floats) -> None:
    """Refuse a matrix that no model of distinct questions gives.

    Raises:
        SpecError: an eigenvalue is not above zero.
    """
    least = float(np.linalg.eigvalsh(covariance)[0])
    if least <= 1e-10 * float(np.trace(covariance)):
        raise SpecError(
            f"The covariances of the questions are not positive definite (smallest eigenvalue {least:.2g})",
            where="survey_answers",
            next_step="Look for a question that is a copy or a sum of others, or for a scale that too few people answered in full.",
        )


def bootstrap_covariances(scores: Floats, *, chance: np.random.Generator, size: int) -> Floats:
    """Covariance matrices of resamples of the respondents, array (size, k, k).

    How often each person is drawn, times the products of the person's answers: one matrix product for all resamples, where a loop
    that copies rows is five to ten times slower.
    """
    people, k = scores.shape
    centred = scores - scores.mean(axis=0)
    upper = np.triu_indices(k)
    products = np.concatenate([centred, centred[:, upper[0]] * centred[:, upper[1]]], axis=1)
    counts = np.empty((size, people))
    for row in range(size):
        counts[row] = np.bincount(chance.integers(0, people, people), minlength=people)
    sums = counts @ products
    means = sums[:, :k] / people
    drawn = np.empty((size, k, k))
    half = (sums[:, k:] - people * means[:, upper[0]] * means[:, upper[1]]) / (people - 1)
    drawn[:, upper[0], upper[1]] = half
    drawn[:, upper[1], upper[0]] = half
    return drawn


def item_fit(scores: Floats) -> ItemFit:
    """How does each question go with the rest of its scale?

    Args:
        scores: array (n, k), turned, no gaps, k >= 2; no constant item.
    """
    k = scores.shape[1]
    covariance = np.cov(scores.T, ddof=1)
    variances = np.diagonal(covariance)
    with_total = covariance.sum(axis=1)
    rest_variance = covariance.sum() - 2 * with_total + variances
    rest = (with_total - variances) / np.sqrt(variances * rest_variance)
    without = np.full(k, np.nan)
    if k > 2:
        without = (k - 1) / (k - 2) * (1 - (variances.sum() - variances) / rest_variance)
    return ItemFit(mean=scores.mean(axis=0), deviation=np.sqrt(variances), rest=rest, alpha_without=without)


def split_half(scores: Floats, *, chance: np.random.Generator, splits: int = 1000) -> Floats:
    """Reliability from halves of the scale (Guttman's lambda 4 of random halves), array (splits,) in rising order.

    The mean over all halves of an even scale is alpha; the lowest and highest show how much depends on the halving.

    Source: Guttman (1945), Psychometrika 10; Cronbach (1951) for the mean.
    """
    covariance = np.cov(scores.T, ddof=1)
    k = len(covariance)
    order = np.argsort(chance.random((splits, k)), axis=1)
    side = np.where(order < k // 2, 1.0, -1.0)
    between = np.einsum("si,ij,sj->s", side, covariance, side, optimize=True)
    found: Floats = np.sort(1 - between / covariance.sum())
    return found


def turned_wrongly(scores: Floats) -> NDArray[np.int64]:
    """Places of the questions that seem to be keyed the wrong way round: they go against the rest of the scale.

    A question is found when its loading on the first principal axis of the correlations has the other sign than most. Found one by one
    from the axis and not from item-rest correlations, because two wrong ones in a scale spoil each other's rest.
    """
    correlation = np.corrcoef(scores.T)
    axis = np.linalg.eigh(correlation)[1][:, -1]
    most = np.sign(np.sign(axis).sum()) or np.sign(axis.sum()) or 1.0
    return np.flatnonzero(np.sign(axis) == -most)
