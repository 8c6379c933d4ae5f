import numpy as np
import pytest

from bestvalue.analysis.seasonal import without_season


def test_a_planted_season_is_taken_out_and_its_factors_found() -> None:
    factors = np.array([0.8, 0.9, 1.0, 1.1, 1.2, 1.0, 0.95, 1.05, 1.0, 1.0, 0.9, 1.1])
    places = np.tile(np.arange(12), 6)
    chance = np.random.default_rng(1)
    level = 100 * 1.005 ** np.arange(72) * np.exp(0.01 * chance.normal(size=72))
    found = without_season(level * factors[places], places=places, period=12)
    assert found.factors == pytest.approx(factors / factors.mean(), abs=0.02)
    assert found.adjusted == pytest.approx(level * factors.mean(), rel=0.05)


def test_the_season_is_found_whatever_month_the_series_begins_in() -> None:
    factors = np.linspace(0.7, 1.3, 12)
    places = (np.arange(48) + 5) % 12
    found = without_season(50 * factors[places], places=places, period=12)
    assert found.adjusted == pytest.approx(np.full(48, 50.0))


def test_less_than_two_years_is_left_as_it_is() -> None:
    values = np.arange(1.0, 21)
    assert np.array_equal(without_season(values, places=np.arange(20) % 12, period=12).adjusted, values)
