import numpy as np
import pytest
from scipy import stats

from bestvalue.analysis.spc import RULES, Limits, d2, d3, poisson_limits, signals, xmr_limits


def flat(values: list[float]) -> tuple[np.ndarray, Limits]:
    n = len(values)
    return np.array(values), Limits(centre=np.zeros(n), low=np.full(n, -3.0), high=np.full(n, 3.0), sigma=np.ones(n))


def test_the_constants_are_the_printed_ones() -> None:
    # ASTM STP 15D, table of factors: d2 and d3 for samples of 2 to 5
    assert [round(d2(n), 3) for n in (2, 3, 4, 5)] == [1.128, 1.693, 2.059, 2.326]
    assert [round(d3(n), 3) for n in (2, 3, 4, 5)] == [0.853, 0.888, 0.880, 0.864]
    assert round(3 / d2(2), 2) == 2.66
    assert round(1 + 3 * d3(2) / d2(2), 3) == 3.267


def test_limits_are_the_mean_and_2_66_mean_moving_ranges() -> None:
    limits = xmr_limits(np.array([10.0, 12, 11, 13]))  # moving ranges 2, 1, 2: mean 5/3
    assert limits.centre[0] == 11.5
    assert limits.high[0] == pytest.approx(11.5 + 2.6587 * 5 / 3, abs=1e-3)


def test_a_lower_limit_below_zero_is_zero() -> None:
    assert xmr_limits(np.array([0.0, 5, 0, 5])).low[0] == 0


@pytest.mark.parametrize(
    ("rule", "values", "flagged"),
    [
        ("outside the limits", [0.5, 3.1, -0.5], [1]),
        ("outside the limits", [0.5, 3.0, -3.0], []),
        ("eight in a row on one side", [1.0] * 8, list(range(8))),
        ("eight in a row on one side", [1.0] * 7 + [-1.0], []),
        ("six in a row rising or falling", [-1, -0.5, 0, 0.5, 1, 1.5, 0], list(range(6))),
        ("six in a row rising or falling", [-1, -0.5, 0, 0.5, 1, 0.9, 0], []),
        ("two of three near a limit", [2.1, 0.0, 2.1, 0], [0, 2]),
        ("two of three near a limit", [2.1, 0.0, -2.1, 0], []),
    ],
)
def test_each_rule_flags_its_points_and_no_others(rule: str, values: list[float], flagged: list[int]) -> None:
    assert np.flatnonzero(RULES[rule](*flat(values))).tolist() == flagged


def test_about_three_in_a_hundred_points_of_a_series_in_control_are_flagged() -> None:
    chance = np.random.default_rng(1)
    shares = []
    for _ in range(600):
        values = 100 + chance.normal(size=30)
        shares.append(np.any(list(signals(values, xmr_limits(values)).values()), axis=0).mean())
    assert 0.02 < np.mean(shares) < 0.045


def test_small_counts_are_flagged_no_more_often_than_three_sigma_allows() -> None:
    chance = np.random.default_rng(2)
    flagged = []
    for _ in range(400):
        count = chance.poisson(4.0, 30).astype(float)
        limits = poisson_limits(count, np.ones(30))
        flagged.append(((count > limits.high) | (count < limits.low)).mean())
    assert np.mean(flagged) < 2 * stats.norm.sf(3) + 0.001


@pytest.mark.parametrize("mean", [0.3, 1.0, 4.0, 6.5, 7.5, 12.0, 19.9])
def test_limits_of_small_counts_are_the_exact_quantiles(mean: float) -> None:
    limits = poisson_limits(np.array([mean, mean]), np.ones(2))  # fractions are allowed: the rate is then exactly the mean
    assert limits.low[0] == stats.poisson.ppf(stats.norm.sf(3), mean)
    assert limits.high[0] == stats.poisson.ppf(stats.norm.cdf(3), mean)


def test_limits_of_small_counts_follow_the_exposure() -> None:
    limits = poisson_limits(np.array([4.0, 8.0]), np.array([1.0, 2.0]))
    assert limits.centre == pytest.approx([4.0, 4.0])
    assert limits.high[1] < limits.high[0]
