"""Alpha, omega, split halves and items: against closed forms, exact distributions and slow twins."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from bestvalue.analysis.consult.one_factor import fit_one_factor
from bestvalue.analysis.consult.reliability_scale import (
    alphas,
    bootstrap_covariances,
    cronbach_alpha,
    item_fit,
    mcdonald_omega,
    split_half,
    turned_wrongly,
)
from bestvalue.errors import SpecError

LOADINGS = np.array([0.8, 0.72, 0.75, 0.6, 0.5])


def normal_scores(chance: np.random.Generator, people: int, loadings: np.ndarray = LOADINGS) -> np.ndarray:
    common = chance.standard_normal((people, 1))
    return common * loadings + chance.standard_normal((people, len(loadings))) * np.sqrt(1 - loadings**2)


def test_alpha_is_one_less_the_inverse_of_f_of_people_over_error() -> None:
    scores = normal_scores(np.random.default_rng(1), 40)
    n, k = scores.shape
    people = k * ((scores.mean(1) - scores.mean()) ** 2).sum() / (n - 1)
    error = ((scores - scores.mean(1, keepdims=True) - scores.mean(0) + scores.mean()) ** 2).sum() / ((n - 1) * (k - 1))
    assert cronbach_alpha(scores).alpha == pytest.approx(1 - error / people, rel=1e-12)


def test_feldts_interval_holds_the_true_alpha_as_often_as_it_says() -> None:
    chance = np.random.default_rng(2)
    loading = np.full(6, 0.6)  # equal loadings: alpha is the reliability, (6 * 0.6)^2 / ((6 * 0.6)^2 + 6 * 0.64)
    true = 12.96 / (12.96 + 3.84)
    found = [cronbach_alpha(normal_scores(chance, 30, loading), confidence=0.9) for _ in range(1000)]
    held = sum(one.low <= true <= one.high for one in found)
    assert stats.binomtest(held, 1000, 0.9).pvalue > 1e-3


def test_feldts_ends_are_quantiles_of_f() -> None:
    found = cronbach_alpha(normal_scores(np.random.default_rng(3), 25))
    assert found.low == pytest.approx(1 - (1 - found.alpha) * stats.f.ppf(0.975, 24, 96), rel=1e-9)
    assert found.high == pytest.approx(1 - (1 - found.alpha) * stats.f.ppf(0.025, 24, 96), rel=1e-9)


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        (np.ones((5, 1)), "no reliability"),
        (np.array([[1.0, 2.0]]), "no reliability"),
        (np.array([[1.0, np.nan], [2, 3]]), "missing"),
        (np.array([[1.0, 3.0], [2, 2], [3, 1]]), "same total"),
    ],
)
def test_what_has_no_alpha_is_refused(scores: np.ndarray, words: str) -> None:
    with pytest.raises(SpecError, match=words):
        cronbach_alpha(scores)


def test_one_factor_equals_a_general_minimiser() -> None:
    scores = normal_scores(np.random.default_rng(4), 300)
    s = np.cov(scores.T)

    def discrepancy(x: np.ndarray) -> float:
        sigma = np.outer(x[:5], x[:5]) + np.diag(x[5:])
        return float(np.linalg.slogdet(sigma)[1] + np.trace(np.linalg.solve(sigma, s)))

    twin = optimize.minimize(
        discrepancy,
        np.full(10, 0.6),
        bounds=[(None, None)] * 5 + [(0.01, None)] * 5,
        method="L-BFGS-B",
        options={"ftol": 1e-15, "gtol": 1e-10},
    )
    fit = fit_one_factor(s[None])
    assert fit.converged[0]
    assert np.concatenate([fit.loadings[0], fit.uniquenesses[0]]) == pytest.approx(twin.x, abs=2e-5)
    assert fit.discrepancy[0] == pytest.approx(twin.fun - np.linalg.slogdet(s)[1] - 5, abs=1e-9)


def test_a_heywood_case_is_held_at_its_bound_and_named() -> None:
    s = np.array([[1, 0.8, 0.8], [0.8, 1, 0.6], [0.8, 0.6, 1.0]])  # lambda_1^2 = 0.8 * 0.8 / 0.6 = 1.07: above the variance
    fit = fit_one_factor(s[None])
    assert fit.heywood[0].tolist() == [True, False, False]
    assert fit.uniquenesses[0, 0] == pytest.approx(0.005)
    assert fit.converged[0]


def test_omega_of_known_loadings_lies_in_its_interval_as_often_as_it_says() -> None:
    chance = np.random.default_rng(5)
    true = LOADINGS.sum() ** 2 / (LOADINGS.sum() ** 2 + (1 - LOADINGS**2).sum())
    held = 0
    for _ in range(80):
        found = mcdonald_omega(normal_scores(chance, 200), chance=chance, bootstraps=150, confidence=0.9)
        held += found.low <= true <= found.high
    assert stats.binomtest(held, 80, 0.9).pvalue > 1e-3


def test_omega_equals_alpha_where_all_questions_are_alike() -> None:
    matrix = np.full((4, 4), 0.5) + np.eye(4) * 0.5
    fit = fit_one_factor(matrix[None])
    assert fit.omega[0] == pytest.approx(alphas(matrix[None])[0], rel=1e-9)


def test_bootstrap_covariances_are_those_of_the_rows_drawn() -> None:
    scores = normal_scores(np.random.default_rng(6), 50)
    drawn = bootstrap_covariances(scores, chance=np.random.default_rng(7), size=3)
    again = np.random.default_rng(7)
    for one in drawn:
        assert one == pytest.approx(np.cov(scores[again.integers(0, 50, 50)].T), rel=1e-10)


def test_the_mean_of_all_split_halves_is_alpha() -> None:
    scores = normal_scores(np.random.default_rng(8), 60, np.array([0.8, 0.7, 0.6, 0.5]))
    halves = []
    for half in itertools.combinations(range(4), 2):
        one, other = scores[:, list(half)].sum(1), scores[:, [q for q in range(4) if q not in half]].sum(1)
        halves.append(4 * np.cov(one, other)[0, 1] / np.var(one + other, ddof=1))
    assert np.mean(halves) == pytest.approx(cronbach_alpha(scores).alpha, rel=1e-10)
    found = split_half(scores, chance=np.random.default_rng(1), splits=400)
    assert {round(x, 10) for x in found} == {round(x, 10) for x in halves}


def test_item_rest_and_alpha_if_deleted_equal_those_computed_one_by_one() -> None:
    scores = normal_scores(np.random.default_rng(9), 80)
    found = item_fit(scores)
    for item in range(5):
        others = np.delete(scores, item, axis=1)
        assert found.rest[item] == pytest.approx(np.corrcoef(scores[:, item], others.sum(1))[0, 1], rel=1e-10)
        assert found.alpha_without[item] == pytest.approx(cronbach_alpha(others).alpha, rel=1e-10)


@settings(max_examples=25, deadline=None)
@given(turned=st.sets(st.integers(0, 6), max_size=3), seed=st.integers(0, 1000))
def test_questions_keyed_the_other_way_round_are_found(turned: set[int], seed: int) -> None:
    loading = np.array([0.8, 0.7, 0.7, 0.6, 0.8, 0.65, 0.6])
    scores = normal_scores(np.random.default_rng(seed), 400, loading)
    scores[:, list(turned)] *= -1
    assert turned_wrongly(scores).tolist() == sorted(turned)
