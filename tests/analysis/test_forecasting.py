import numpy as np
import pytest

from bestvalue.analysis.contract import no_progress
from bestvalue.analysis.forecasting import forecast_months
from bestvalue.errors import Cancelled, SpecError

MONTH = 30.0


def a_series(months: int, *, trend: float = 0.0, season: float = 0.0, noise: float = 0.0, seed: int = 1) -> np.ndarray:
    """Counts a month: exponential trend a year, a yearly wave, and noise, all on the log scale."""
    time = np.arange(months)
    logs = np.log(1000 * MONTH) + np.log1p(trend) * time / 12 + season * np.sin(2 * np.pi * time / 12)
    return np.exp(logs + np.random.default_rng(seed).normal(0, noise, months))


def forecast(counts: np.ndarray, ahead: int):
    return forecast_months(counts, np.full(len(counts), MONTH), days_ahead=np.full(ahead, MONTH), progress=no_progress)


def test_a_series_that_repeats_itself_is_continued_exactly() -> None:
    counts = a_series(72, season=0.2)
    seen = forecast(counts, 24)
    assert seen.mean == pytest.approx(np.concatenate([counts[-12:], counts[-12:]]), rel=1e-6)
    assert seen.high[0.95] - seen.low[0.95] == pytest.approx(0, abs=seen.mean.max() * 1e-4)


def test_a_planted_trend_and_season_are_inside_the_interval_four_years_on() -> None:
    truth = a_series(96 + 48, trend=0.03, season=0.15)
    history = a_series(96, trend=0.03, season=0.15, noise=0.03)
    seen = forecast(history, 48)
    inside = (seen.low[0.95] <= truth[96:]) & (truth[96:] <= seen.high[0.95])
    assert inside.mean() >= 0.9


def test_the_intervals_hold_about_as_often_as_they_say() -> None:
    """Over eight series made alike, each judged on twelve months that the forecast has not seen."""
    held = {0.80: [], 0.95: []}
    for seed in range(8):
        counts = a_series(72, trend=0.02, season=0.1, noise=0.05, seed=seed)
        seen = forecast(counts[:60], 12)
        for level, hits in held.items():
            hits.append((seen.low[level] <= counts[60:]) & (counts[60:] <= seen.high[level]))
    # 96 months; those of a series miss together, so the bounds allow for some 30 independent ones.
    assert 0.60 <= np.mean(held[0.80]) <= 0.97
    assert 0.82 <= np.mean(held[0.95]) <= 1.0


def test_intervals_never_narrow_further_ahead() -> None:
    seen = forecast(a_series(48, trend=0.02, season=0.1, noise=0.04), 48)
    width = np.log(seen.high[0.95] / seen.low[0.95])
    assert (np.diff(width) >= -1e-12).all()
    assert width[-1] > width[seen.tested_ahead - 1], "beyond what was tested the intervals widen"


def test_a_month_has_as_many_incidents_as_it_has_days() -> None:
    days = np.array([31.0, 28.0, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0])
    seen = forecast_months(1000 * days, days, days_ahead=np.array([28.0, 31.0]), progress=no_progress)
    assert seen.mean == pytest.approx([28_000, 31_000], rel=1e-6)


def test_the_best_of_the_back_test_is_chosen_and_all_are_shown() -> None:
    seen = forecast(a_series(60, season=0.3, noise=0.02), 12)
    assert seen.model == seen.scores[0].model
    assert [score.wape for score in seen.scores] == sorted(score.wape for score in seen.scores)
    assert {score.model for score in seen.scores} == {"last year again", "seasonal level", "seasonal damped trend", "theta"}
    assert len({score.months for score in seen.scores}) == 1, "every candidate is judged on the same months"


def test_the_error_against_repeating_is_that_of_the_simplest_candidate() -> None:
    seen = forecast(a_series(60, trend=0.1, season=0.1, noise=0.02), 12)
    by_name = {score.model: score for score in seen.scores}
    simplest = by_name["last year again"]
    assert simplest.against_repeating == pytest.approx(1)
    for score in seen.scores:
        assert score.against_repeating == pytest.approx(score.wape / simplest.wape)


def test_a_month_of_the_back_test_is_what_the_model_said_then() -> None:
    counts = a_series(48, season=0.1, noise=0.05)
    seen = forecast(counts, 12)
    for miss in seen.misses[:3]:
        assert miss.came == pytest.approx(counts[miss.origin + miss.ahead - 1])
    assert min(miss.origin for miss in seen.misses) >= 24, "a season is never estimated from less than two years"


def test_fewer_than_thirty_months_know_no_season() -> None:
    assert not forecast(a_series(29, season=0.3), 6).seasonal
    assert forecast(a_series(30, season=0.3), 6).seasonal


@pytest.mark.parametrize("counts", [a_series(11), np.array([5.0] * 11 + [0.0])], ids=["eleven months", "a month without any"])
def test_too_little_to_forecast_is_refused(counts: np.ndarray) -> None:
    with pytest.raises(SpecError, match="12 whole months"):
        forecast(counts, 12)


def test_a_cancel_takes_effect_in_the_middle() -> None:
    def stop(share: float, doing: str) -> None:
        if share > 0.3:
            raise Cancelled("Stopped")

    with pytest.raises(Cancelled):
        forecast_months(a_series(48), np.full(48, MONTH), days_ahead=np.full(12, MONTH), progress=stop)
