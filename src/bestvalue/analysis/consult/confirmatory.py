"""Do the answers fit the scales as they were meant? Confirmatory factor analysis by maximum likelihood, of one group or several."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.consult.confirmatory_model import Model, implied, slopes, start_values
from bestvalue.errors import SpecError

Floats = NDArray[np.float64]

MOST_STEPS, HALVINGS, TOLERANCE = 200, 30, 1e-11


@dataclass(frozen=True, kw_only=True)
class Moments:
    """Of one group: covariance (k, k) with n as divisor, means (k,), and n."""

    covariance: Floats
    means: Floats
    people: int


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A fitted model.

    Args:
        model: what was fitted.
        values: array (q,), the parameters.
        errors: array (q,), standard errors from expected information.
        chi_square: N times the discrepancy; N, not N - 1, as lavaan.
        freedom: moments less parameters.
        converged: the last step changed the discrepancy by less than the tolerance.
        heywood: (group, place of the question) whose unique variance is not above zero: left as it is, as lavaan does.
    """

    model: Model
    moments: tuple[Moments, ...]
    values: Floats
    errors: Floats
    chi_square: float
    freedom: int
    converged: bool
    heywood: tuple[tuple[int, int], ...]

    @property
    def people(self) -> int:
        """Of all groups."""
        return sum(one.people for one in self.moments)

    def standardised(self, group: int = 0) -> Floats:
        """Loadings of one group with answers and factors scaled to variance one, array (k, m)."""
        part = implied(self.model, self.values)[group]
        loading = part.loadings * np.sqrt(np.diagonal(part.factors))[None, :]
        scaled: Floats = loading / np.sqrt(np.diagonal(part.covariance))[:, None]
        return scaled

    def factor_correlation(self, group: int = 0) -> Floats:
        """Of one group, array (m, m)."""
        factors = implied(self.model, self.values)[group].factors
        scale = np.sqrt(np.diagonal(factors))
        correlation: Floats = factors / scale[:, None] / scale[None, :]
        return correlation


def moments_of(scores: Floats) -> Moments:
    """Moments of complete answers, array (n, k)."""
    return Moments(covariance=np.cov(scores.T, bias=True), means=scores.mean(axis=0), people=len(scores))


def fit(model: Model, moments: Sequence[Moments]) -> Fitted:
    """Fit by Fisher scoring with halved steps.

    Raises:
        SpecError: a covariance matrix is not positive definite, or the model has more parameters than moments.
    Source: Joreskog (1969), Psychometrika 34; (1971), Psychometrika 36, for several groups.
    """
    _check_definite(moments)
    k = len(moments[0].means)
    freedom = len(moments) * (k * (k + 1) // 2 + (k if model.has_means else 0)) - model.size
    if freedom < 0:
        raise SpecError(
            f"The model has {-freedom} parameters more than moments", where="scales", next_step="A factor needs three questions."
        )
    values = start_values(model, [one.covariance for one in moments], [one.means for one in moments])
    values, worth, information, converged = _descend(model, values, moments)
    people = sum(one.people for one in moments)
    covariance = 2 / people * np.linalg.pinv(information, hermitian=True)
    heywood = tuple((group, int(at)) for group, part in enumerate(implied(model, values)) for at in np.flatnonzero(part.uniquenesses <= 0))
    return Fitted(
        model=model,
        moments=tuple(moments),
        values=values,
        errors=np.sqrt(np.maximum(np.diagonal(covariance), 0)),
        chi_square=people * max(worth, 0.0),
        freedom=freedom,
        converged=converged,
        heywood=heywood,
    )


def _check_definite(moments: Sequence[Moments]) -> None:
    for one in moments:
        if np.linalg.eigvalsh(one.covariance)[0] <= 1e-10 * np.trace(one.covariance):
            raise SpecError(
                "The covariances of the questions are not positive definite",
                where="survey_answers",
                next_step="Look for a question that is a copy or a sum of others, or for a group that too few people are in.",
            )


def _descend(model: Model, values: Floats, moments: Sequence[Moments]) -> tuple[Floats, float, Floats, bool]:
    """Values at the least discrepancy, that discrepancy, the expected second derivatives there, and whether it settled."""
    worth, gradient, information = _state(model, values, moments)
    for _ in range(MOST_STEPS):
        step = -np.linalg.lstsq(information, gradient, rcond=1e-12)[0]
        share = 1.0
        for _ in range(HALVINGS):
            tried = values + share * step
            there = _state(model, tried, moments, only_worth=True)[0]
            if there <= worth + 1e-15:
                break
            share /= 2
        else:
            return values, worth, information, bool(np.abs(gradient @ step) < 1e-8)
        settled = bool(worth - there < TOLERANCE and abs(gradient @ step) < 1e-9)
        values = tried
        worth, gradient, information = _state(model, values, moments)
        if settled:
            return values, worth, information, True
    return values, worth, information, False


def _state(model: Model, values: Floats, moments: Sequence[Moments], *, only_worth: bool = False) -> tuple[float, Floats, Floats]:
    """Discrepancy, its gradient and expected second derivatives; infinite where a covariance is not positive definite."""
    people = sum(one.people for one in moments)
    worth, gradient, information = 0.0, np.zeros(model.size), np.zeros((model.size, model.size))
    for group, (part, one) in enumerate(zip(implied(model, values), moments, strict=True)):
        share = one.people / people
        try:
            lower = np.linalg.cholesky(part.covariance)
        except np.linalg.LinAlgError:
            return float("inf"), gradient, information
        inverse = np.linalg.inv(part.covariance)
        gap = one.means - part.means if model.has_means else np.zeros_like(one.means)
        observed = one.covariance + np.outer(gap, gap)
        log_gap = 2 * float(np.log(np.diagonal(lower)).sum()) - float(np.linalg.slogdet(one.covariance)[1])
        worth += share * (log_gap + float((inverse * observed).sum()) - len(gap))
        if only_worth:
            continue
        index, of_covariance, of_means = slopes(model, part, group)
        bent = inverse - inverse @ observed @ inverse
        first = np.einsum("qij,ij->q", of_covariance, bent, optimize=True) - 2 * of_means @ (inverse @ gap)
        pulled = (inverse @ of_covariance).reshape(len(index), -1)
        turned = np.swapaxes(inverse @ of_covariance, 1, 2).reshape(len(index), -1)
        second = pulled @ turned.T + 2 * of_means @ inverse @ of_means.T
        np.add.at(gradient, index, share * first)
        np.add.at(information, (index[:, None], index[None, :]), share * second)
    return worth, gradient, information
