import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bestvalue.analysis.compare.funnel_limits import exact_limit, limits, overdispersion, winsorise, z_scores


@given(n=st.integers(1, 3000), target=st.floats(0.01, 0.99), probability=st.sampled_from([0.001, 0.025, 0.5, 0.975, 0.999]))
@settings(max_examples=80, deadline=None)
def test_binomial_limits_are_spiegelhalters_interpolation_of_scipys_quantile(n: int, target: float, probability: float) -> None:
    r = stats.binom.ppf(probability, n, target)
    at, before = stats.binom.cdf(r, n, target), stats.binom.cdf(r - 1, n, target)
    expected = np.clip((r - (at - probability) / (at - before)) / n, 0, 1)
    found = exact_limit(np.array([float(n)]), target=target, sort="proportion", probability=probability)[0]
    assert found == pytest.approx(expected, abs=2e-9)


@given(mean=st.floats(0.05, 5000), probability=st.sampled_from([0.001, 0.025, 0.975, 0.999]))
@settings(max_examples=80, deadline=None)
def test_poisson_limits_are_spiegelhalters_interpolation_of_scipys_quantile(mean: float, probability: float) -> None:
    r = stats.poisson.ppf(probability, mean)
    at, before = stats.poisson.cdf(r, mean), stats.poisson.cdf(r - 1, mean)
    expected = max(0.0, r - (at - probability) / (at - before)) / 100
    found = exact_limit(np.array([100.0]), target=mean / 100, sort="rate", probability=probability)[0]
    assert found == pytest.approx(expected, rel=1e-7, abs=1e-9)


def test_exact_limits_at_small_sizes_never_fall_below_zero() -> None:
    low = exact_limit(np.array([0.5, 1.0, 3.0, 10.0]), target=0.2, sort="rate", probability=0.025)
    assert (low >= 0).all()
    assert low[0] == 0


def test_chance_alone_leaves_about_the_stated_share_outside() -> None:
    chance = np.random.default_rng(1)
    size = chance.uniform(200, 20_000, 20_000)
    quotient = chance.poisson(size * 0.03) / size
    high, low = (exact_limit(size, target=0.03, sort="rate", probability=p) for p in (0.975, 0.025))
    assert ((quotient > high) | (quotient < low)).mean() == pytest.approx(0.05, abs=0.01)


def test_winsorising_pulls_in_whole_forces_at_each_end() -> None:
    scores, pulled = winsorise(np.array([-9.0, -2, -1, 0, 0, 1, 1, 2, 3, 20]), share=0.1)
    assert pulled == 1
    assert scores.tolist() == [-2, -2, -1, 0, 0, 1, 1, 2, 3, 3]


def test_phi_and_tau_are_those_worked_out_by_hand() -> None:
    # four forces of 100 cases, target one half: standard error 0.05, z = -2, 0, 0, 2; phi = 8 / 4
    quotient = np.array([0.4, 0.5, 0.5, 0.6])
    found = overdispersion(quotient, np.full(4, 100.0), target=0.5, sort="proportion", share=0.0)
    assert found.phi == pytest.approx(2.0)
    # tau^2 = (I phi - (I - 1)) / (sum w - sum w^2 / sum w), w = 400: (8 - 3) / (1600 - 400)
    assert found.tau**2 == pytest.approx(5 / 1200)
    assert z_scores(quotient, np.full(4, 100.0), target=0.5, sort="proportion") == pytest.approx([-2, 0, 0, 2])


def test_the_additive_model_recovers_how_forces_differ() -> None:
    chance = np.random.default_rng(2)
    size = chance.uniform(2e3, 2e5, 2000)
    truth = 0.03 * np.exp(chance.normal(0, 0.1, 2000))
    found = overdispersion(chance.poisson(size * truth) / size, size, target=0.03, sort="rate", share=0.0)
    assert found.tau / 0.03 == pytest.approx(0.1, rel=0.15)
    assert found.p_value < 1e-10


def test_without_overdispersion_both_models_give_the_exact_limits() -> None:
    quotient = np.full(10, 0.03)
    found = overdispersion(quotient, np.full(10, 1e4), target=0.03, sort="rate")
    exact = exact_limit(np.array([1e4]), target=0.03, sort="rate", probability=0.975)
    for model in ("none", "multiplicative", "additive"):
        assert limits(np.array([1e4]), target=0.03, sort="rate", probability=0.975, spread=found, model=model) == pytest.approx(exact)


def test_overdispersed_limits_are_wider_and_the_additive_ones_stay_wide_for_large_forces() -> None:
    quotient = np.array([0.01, 0.02, 0.03, 0.04, 0.05] * 4)
    spread = overdispersion(quotient, np.full(20, 1e4), target=0.03, sort="rate")
    at = {
        model: limits(np.array([1e4, 1e8]), target=0.03, sort="rate", probability=0.999, spread=spread, model=model)
        for model in ("none", "multiplicative", "additive")
    }
    assert (at["multiplicative"] > at["none"]).all()
    assert at["additive"][1] > 0.03 + 2 * spread.tau
    assert at["multiplicative"][1] < 0.031
