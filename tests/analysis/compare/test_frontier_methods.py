"""Malmquist, the second stage and the stochastic frontier: identities, likelihoods and known parameters."""

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.optimize import approx_fprime
from tests.analysis.compare.test_dea import make

from bestvalue.analysis.compare import stochastic_frontier
from bestvalue.analysis.compare.malmquist import malmquist
from bestvalue.analysis.compare.second_stage import environment, truncated_fit
from bestvalue.analysis.compare.stochastic_frontier import fit, input_distance


def test_a_tenth_less_input_for_all_is_a_shift_of_the_frontier_and_no_catching_up() -> None:
    inputs, outputs = make(1, 40, 2, 2)
    found = malmquist(before=(inputs, outputs), after=(0.9 * inputs, outputs), output_oriented=False)
    assert found.shift == pytest.approx(np.full(40, 1 / 0.9), abs=1e-9)
    assert found.catching_up == pytest.approx(np.ones(40), abs=1e-9)


def test_one_input_and_one_output_give_the_ratio_of_productivities() -> None:
    # by hand: at constant returns productivity is y / x, and its change needs no frontier
    before, after = (np.array([[2.0], [4.0]]), np.array([[2.0], [3.0]])), (np.array([[2.0], [3.0]]), np.array([[3.0], [3.0]]))
    found = malmquist(before=before, after=after, output_oriented=False)
    assert found.change == pytest.approx([1.5 / 1, 1 / 0.75], abs=1e-9)
    assert found.catching_up == pytest.approx([1, (2 / 3) / 0.75], abs=1e-9)


def test_both_orientations_give_the_same_change() -> None:
    then, now = make(2, 40, 2, 3), make(3, 40, 2, 3)
    by_input, by_output = (malmquist(before=then, after=now, output_oriented=side) for side in (False, True))
    assert by_input.change == pytest.approx(by_output.change, abs=1e-8)
    assert not by_input.undetermined.any()


def test_a_unit_without_outputs_is_undetermined() -> None:
    inputs, outputs = make(4, 12, 1, 1)
    silent = outputs.copy()
    silent[3] = 0.0
    assert malmquist(before=(inputs, outputs), after=(inputs, silent), output_oriented=True).undetermined[3]


def sample(n: int, sigma_u: float, sigma_v: float) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(8)
    columns = np.column_stack([np.ones(n), chance.normal(size=(n, 2))])
    noise = sigma_v * chance.normal(size=n) - np.abs(sigma_u * chance.normal(size=n))
    return columns @ [1.0, 0.5, -0.3] + noise, columns


def test_the_stochastic_frontier_recovers_what_made_the_data() -> None:
    found = fit(*sample(3000, 0.3, 0.1))
    assert found.coefficients == pytest.approx([1.0, 0.5, -0.3], abs=0.02)
    assert (found.sigma_u, found.sigma_v) == (pytest.approx(0.3, abs=0.03), pytest.approx(0.1, abs=0.015))
    assert found.p_inefficiency < 1e-6


def test_the_likelihood_is_that_of_the_convolution_worked_out_by_integration() -> None:
    left, columns = sample(6, 0.4, 0.2)
    sigma_u, sigma_v, b = 0.35, 0.15, np.array([0.9, 0.4, -0.2])
    logs = 0.0
    for e in left - columns @ b:

        def density(u: float, e: float = e) -> float:
            return float(stats.norm.pdf(e + u, 0, sigma_v) * stats.halfnorm.pdf(u, 0, sigma_u))

        logs += np.log(integrate.quad(density, 0, 5, points=[max(0.0, -e)], epsabs=1e-13)[0])
    parameters = np.append(b, [0.5 * np.log(sigma_u**2 + sigma_v**2), np.log(sigma_u / sigma_v)])
    value, gradient = stochastic_frontier._negative(parameters, left, columns)
    assert -value == pytest.approx(logs, abs=1e-8)
    assert gradient == pytest.approx(
        approx_fprime(parameters, lambda p: stochastic_frontier._negative(p, left, columns)[0], 1e-7), abs=1e-4
    )


def test_expected_efficiency_is_that_of_the_conditional_distribution() -> None:
    e, sigma_u, sigma_v = -0.2, 0.3, 0.1

    def joint(u: float) -> float:
        return float(stats.norm.pdf(e + u, 0, sigma_v) * stats.halfnorm.pdf(u, 0, sigma_u))

    whole = integrate.quad(joint, 0, 3)[0]
    expected = integrate.quad(lambda u: np.exp(-u) * joint(u), 0, 3)[0] / whole
    assert stochastic_frontier._efficiency(np.array([e]), sigma_u, sigma_v)[0] == pytest.approx(expected, rel=1e-7)


def test_data_without_inefficiency_show_none() -> None:
    chance = np.random.default_rng(2)
    columns = np.column_stack([np.ones(200), chance.normal(size=200)])
    assert fit(columns @ [1.0, 0.5] + 0.1 * chance.normal(size=200), columns).p_inefficiency > 0.05


def test_the_distance_function_is_homogeneous_in_inputs() -> None:
    inputs, outputs = make(6, 10, 3, 2)
    (left, columns), (scaled, same) = input_distance(inputs, outputs), input_distance(2 * inputs, outputs)
    assert np.allclose(columns, same)
    assert scaled == pytest.approx(left - np.log(2))


def test_the_truncated_regression_recovers_its_coefficients_where_least_squares_does_not() -> None:
    chance = np.random.default_rng(1)
    z = np.column_stack([np.ones(2000), chance.normal(size=2000)])
    mean = z @ [1.1, 0.3]
    y = stats.truncnorm.rvs((1 - mean) / 0.3, np.inf, loc=mean, scale=0.3, random_state=3)
    coefficient, sigma, ended = truncated_fit(y, z)
    assert ended
    assert coefficient == pytest.approx([1.1, 0.3], abs=0.04)
    assert sigma == pytest.approx(0.3, abs=0.02)
    assert np.linalg.lstsq(z, y, rcond=None)[0][1] < 0.25


def test_the_environment_tells_what_has_an_effect_from_what_has_none() -> None:
    chance = np.random.default_rng(5)
    variables = chance.normal(size=(300, 2))
    mean = 1.2 + 0.3 * variables[:, 0]
    y = stats.truncnorm.rvs((1 - mean) / 0.25, np.inf, loc=mean, scale=0.25, random_state=4)
    found = environment(efficiency=1 / y, variables=variables, replicates=100, confidence=0.95, chance=chance)
    assert found.coefficient[0] == pytest.approx(0.3 * variables[:, 0].std(), abs=0.06)
    assert 0 < found.low[0] < found.coefficient[0] < found.high[0]
    assert found.low[1] < 0 < found.high[1]
