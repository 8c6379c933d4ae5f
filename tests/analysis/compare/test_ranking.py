import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from bestvalue.analysis.compare.ranking import count_places, draw, expected_place, interval_of_places, rank


@given(counts=st.lists(st.integers(0, 500), min_size=2, max_size=12), sort=st.sampled_from(["rate", "proportion"]))
@settings(max_examples=25, deadline=None)
def test_chances_of_places_add_up_to_one_for_every_force_and_every_place(counts: list[int], sort: str) -> None:
    ranks = rank(
        np.array(counts, float), np.full(len(counts), 1000.0), sort=sort, draws=200, confidence=0.9, chance=np.random.default_rng(0)
    )
    assert ranks.chances.sum(axis=0) == pytest.approx(np.ones(len(counts)))
    assert ranks.chances.sum(axis=1) == pytest.approx(np.ones(len(counts)))
    assert (ranks.low <= ranks.high).all()
    assert ranks.expected.sum() == pytest.approx(len(counts) * (len(counts) + 1) / 2, abs=1e-5)


def test_places_counted_are_those_of_sorting_each_draw() -> None:
    draws = np.random.default_rng(1).normal(size=(500, 9))
    places = draws.argsort(axis=1).argsort(axis=1)
    slow = np.array([[(places[:, i] == k).sum() for k in range(9)] for i in range(9)])
    assert np.array_equal(count_places(draws), slow)


@pytest.mark.parametrize("sort", ["rate", "proportion"])
def test_the_expected_place_is_the_mean_of_simulated_places(sort: str) -> None:
    count, base = np.array([30.0, 35, 42, 50, 51]), np.array([400.0, 400, 500, 450, 600])
    ranks = rank(count, base, sort=sort, draws=200_000, confidence=0.95, chance=np.random.default_rng(3))
    simulated = ranks.chances @ np.arange(1, 6)
    assert ranks.expected == pytest.approx(simulated, abs=0.01)


def test_the_chance_that_one_share_is_below_another_is_the_integral() -> None:
    one, other = stats.beta(12.5, 88.5), stats.beta(20.5, 80.5)
    below = integrate.quad(lambda x: other.pdf(x) * one.cdf(x), 0, 1, epsabs=1e-12)[0]
    expected = expected_place(np.array([12.0, 20.0]), np.array([100.0, 100.0]), sort="proportion")
    assert expected == pytest.approx([2 - below, 1 + below], abs=1e-9)


def test_the_chance_that_one_rate_is_below_another_is_the_integral() -> None:
    one, other = stats.gamma(12.5, scale=1 / 100), stats.gamma(20.5, scale=1 / 130)
    below = integrate.quad(lambda x: other.pdf(x) * one.cdf(x), 0, 2, epsabs=1e-12)[0]
    assert expected_place(np.array([12.0, 20.0]), np.array([100.0, 130.0]), sort="rate") == pytest.approx([2 - below, 1 + below], abs=1e-9)


def test_forces_far_apart_have_one_place_each_and_equal_forces_share_them_all() -> None:
    apart = rank(np.array([1e4, 4e4, 9e4]), np.full(3, 1e6), sort="rate", draws=1000, confidence=0.95, chance=np.random.default_rng(0))
    assert apart.low.tolist() == apart.high.tolist() == [1, 2, 3]
    alike = rank(np.full(10, 100.0), np.full(10, 1e4), sort="rate", draws=4000, confidence=0.95, chance=np.random.default_rng(0))
    assert (alike.low == 1).all()
    assert (alike.high == 10).all()
    assert alike.expected == pytest.approx(np.full(10, 5.5))


def test_an_interval_of_places_leaves_out_equal_tails() -> None:
    chances = np.array([[0.02, 0.04, 0.88, 0.04, 0.02]])  # 0.06 below the third place: more than a tail of 0.05, less than one of 0.1
    low, high = interval_of_places(chances, confidence=0.9)
    assert (low[0], high[0]) == (2, 4)
    low, high = interval_of_places(chances, confidence=0.8)
    assert (low[0], high[0]) == (3, 3)


def test_an_amount_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="only a rate or a proportion"):
        draw(np.ones(2), np.ones(2), sort="ratio", draws=10, chance=np.random.default_rng(0))
