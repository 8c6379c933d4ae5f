"""Confirmatory models and invariance: against what lavaan's tutorial prints for Holzinger and Swineford's data."""

import numpy as np
import pytest
from scipy import optimize
from tests.analysis.consult.holzinger import BELONGS, SCHOOLS, together

from bestvalue.analysis.consult.confirmatory import Moments, fit
from bestvalue.analysis.consult.confirmatory_model import implied, make_model
from bestvalue.analysis.consult.convergence import convergence
from bestvalue.analysis.consult.fit_indices import fit_indices
from bestvalue.analysis.consult.invariance import measure_invariance
from bestvalue.errors import SpecError


def test_three_factors_of_nine_tests_fit_as_lavaan_prints() -> None:
    # lavaan tutorial (https://lavaan.ugent.be/tutorial/cfa.html), summary(fit, fit.measures = TRUE)
    indices = fit_indices(fit(make_model(BELONGS), [together()]))
    assert indices.freedom == 24
    assert indices.chi_square == pytest.approx(85.306, abs=0.0006)
    assert indices.cfi == pytest.approx(0.931, abs=0.0006)
    assert indices.tli == pytest.approx(0.896, abs=0.0006)
    assert (indices.rmsea, indices.rmsea_low, indices.rmsea_high) == pytest.approx((0.092, 0.071, 0.114), abs=0.0006)
    assert indices.srmr == pytest.approx(0.065, abs=0.0006)
    assert indices.aic == pytest.approx(7517.490, abs=0.001)
    assert indices.bic == pytest.approx(7595.339, abs=0.001)


def test_loadings_against_the_first_question_are_lavaans() -> None:
    fitted = fit(make_model(BELONGS), [together()])
    loading = implied(fitted.model, fitted.values)[0].loadings
    ratios = [loading[at, scale] / loading[3 * scale, scale] for at, scale in enumerate(BELONGS)]
    # same page, column Estimate of the latent variables
    assert ratios == pytest.approx([1, 0.554, 0.729, 1, 1.113, 0.926, 1, 1.180, 1.082], abs=0.0006)


def test_four_steps_of_invariance_between_schools_are_lavaans() -> None:
    # lavaan tutorial (https://lavaan.ugent.be/tutorial/groups.html), lavTestLRT: 115.85, 124.04, 164.10 with 48, 54, 60 df
    found = measure_invariance(SCHOOLS, BELONGS)
    assert [rung.indices.freedom for rung in found.rungs] == [48, 54, 60, 69]
    assert [rung.indices.chi_square for rung in found.rungs[:3]] == pytest.approx([115.851, 124.044, 164.103], abs=0.0006)
    assert found.rungs[1].p == pytest.approx(0.2244, abs=0.00006)
    assert found.rungs[2].p == pytest.approx(4.435e-07, rel=0.001)
    assert found.reached == "metric"
    assert not found.means_comparable


def test_scoring_reaches_the_minimum_of_a_general_minimiser() -> None:
    model, moments = make_model(BELONGS), together()

    def discrepancy(values: np.ndarray) -> float:
        sigma = implied(model, values)[0].covariance
        sign, log = np.linalg.slogdet(sigma)
        return float(log + np.trace(np.linalg.solve(sigma, moments.covariance))) if sign > 0 else 1e6

    fitted = fit(model, [moments])
    twin = optimize.minimize(discrepancy, fitted.values * 0.9 + 0.02, method="BFGS", options={"gtol": 1e-7})
    assert fitted.converged
    assert discrepancy(fitted.values) <= twin.fun + 1e-9


def test_errors_are_those_of_a_numerical_second_derivative_where_the_model_holds() -> None:
    model = make_model((0, 0, 0, 0))
    loading, unique = np.array([0.9, 0.8, 0.7, 0.6]), np.array([0.5, 0.6, 0.4, 0.7])
    made = Moments(covariance=np.outer(loading, loading) + np.diag(unique), means=np.zeros(4), people=500)
    fitted = fit(model, [made])

    def discrepancy(values: np.ndarray) -> float:
        sigma = implied(model, values)[0].covariance
        return float(np.linalg.slogdet(sigma)[1] + np.trace(np.linalg.solve(sigma, made.covariance)))

    size, step = model.size, 1e-4
    hessian = np.zeros((size, size))
    unit = np.eye(size) * step
    for i in range(size):
        for j in range(size):
            corners = [discrepancy(fitted.values + a * unit[i] + b * unit[j]) for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))]
            hessian[i, j] = (corners[0] - corners[1] - corners[2] + corners[3]) / (4 * step**2)
    assert fitted.errors == pytest.approx(np.sqrt(np.diagonal(np.linalg.inv(hessian)) * 2 / 500), rel=1e-3)


def test_a_heywood_case_is_named() -> None:
    made = Moments(covariance=np.array([[1, 0.8, 0.8], [0.8, 1, 0.6], [0.8, 0.6, 1.0]]), means=np.zeros(3), people=100)
    assert fit(make_model((0, 0, 0)), [made]).heywood == ((0, 0),)


def test_a_matrix_that_is_not_positive_definite_is_refused() -> None:
    copied = Moments(covariance=np.ones((3, 3)), means=np.zeros(3), people=100)
    with pytest.raises(SpecError, match="not positive definite"):
        fit(make_model((0, 0, 0)), [copied])


def test_two_questions_alone_are_too_few_for_a_factor() -> None:
    made = Moments(covariance=np.array([[1, 0.5], [0.5, 1]]), means=np.zeros(2), people=100)
    with pytest.raises(SpecError, match="1 parameters more than moments"):
        fit(make_model((0, 0)), [made])


def test_htmt_of_exact_factors_is_their_correlation() -> None:
    loading = np.array([[0.8, 0], [0.8, 0], [0.8, 0], [0, 0.6], [0, 0.6], [0, 0.6]])
    factors = np.array([[1, 0.4], [0.4, 1]])
    correlation = loading @ factors @ loading.T
    np.fill_diagonal(correlation, 1)
    found = convergence(loading, factors, correlation, (0, 0, 0, 1, 1, 1))
    assert found.ratios[0, 1] == pytest.approx(0.4)
    assert found.variance_extracted == pytest.approx([0.64, 0.36])
    assert found.composite == pytest.approx([5.76 / (5.76 + 1.08), 3.24 / (3.24 + 1.92)])
