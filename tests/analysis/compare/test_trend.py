import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.analysis.compare.conftest import Make, indicator, value

from bestvalue.analysis.compare import trend
from bestvalue.analysis.compare.series import make_series, rhythm
from bestvalue.analysis.compare.steps import carry_over, find_change, largest_f, p_value
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError


def test_a_planted_step_is_found_with_its_place_and_size_beside_a_trend() -> None:
    chance = np.random.default_rng(1)
    values = 0.02 * np.arange(20) + 0.3 * (np.arange(20) >= 12) + 0.02 * chance.normal(size=20)
    found = find_change(values, seed=1)
    assert [step.at for step in found.steps] == [12]
    assert found.steps[0].low < 0.3 < found.steps[0].high
    assert found.slope_low < 0.02 < found.slope_high


def test_a_known_break_is_no_step() -> None:
    values = 0.3 * (np.arange(20) >= 12) + 0.02 * np.random.default_rng(2).normal(size=20)
    assert find_change(values, known=[12], seed=1).steps == ()


def test_noise_without_a_step_seldom_shows_one() -> None:
    chance = np.random.default_rng(3)
    steps = [len(find_change(chance.normal(size=12), seed=1, significance=0.05).steps) > 0 for _ in range(400)]
    assert 0.02 < np.mean(steps) < 0.085  # 0.05, three standard errors either side


def test_noise_that_drifts_from_month_to_month_seldom_shows_a_step() -> None:
    chance = np.random.default_rng(6)
    steps = []
    for _ in range(150):
        noise = chance.normal(size=80)
        for t in range(1, 80):
            noise[t] += 0.6 * noise[t - 1]
        steps.append(len(find_change(noise[20:], seed=1, significance=0.05).steps) > 0)
    assert np.mean(steps) < 0.12  # taken for independent, it would be more than half


def test_the_carry_over_of_a_long_series_is_found_and_a_short_one_has_none() -> None:
    chance = np.random.default_rng(7)
    noise = chance.normal(size=400)
    for t in range(1, 400):
        noise[t] += 0.5 * noise[t - 1]
    assert carry_over(noise, ()) == pytest.approx(0.5, abs=0.1)
    assert carry_over(noise[:20], ()) == 0.0


def test_the_f_is_that_of_two_least_squares_fits() -> None:
    values = np.random.default_rng(4).normal(size=10)
    place, statistic = largest_f(values, ())
    time = np.arange(10.0)
    small = np.column_stack([np.ones(10), time])
    large = np.column_stack([small, time >= place])
    left = [float(((values - x @ np.linalg.lstsq(x, values, rcond=None)[0]) ** 2).sum()) for x in (small, large)]
    assert statistic == pytest.approx((left[0] - left[1]) / (left[1] / 7))


def test_a_p_value_far_out_is_smaller_than_simulation_could_show() -> None:
    assert p_value(1e4, 20, (), seed=1) < 1e-10
    assert p_value(0.5, 20, (), seed=1) > 0.5


@pytest.mark.parametrize(
    ("starts", "found"),
    [
        ([date(2020, month, 1) for month in range(1, 7)], (12, 0)),
        ([date(2020, 1, 1), date(2020, 2, 1), date(2020, 5, 1)], (12, 2)),
        ([date(year, 4, 1) for year in (2020, 2021, 2023)], (1, 1)),
        ([date(2020, 1, 1), date(2020, 6, 1), date(2021, 1, 1)], (0, 0)),
    ],
)
def test_periods_a_year_and_gaps_follow_from_the_starts(starts: list[date], found: tuple[int, int]) -> None:
    assert rhythm(tuple(starts)) == found


def test_monthly_series_lose_their_season_before_they_are_judged() -> None:
    months = [date(2020 + n // 12, n % 12 + 1, 1) for n in range(48)]
    season = np.array([0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.2, 1.1, 1, 0.9, 0.8])
    count = np.round(1000 * season[np.arange(48) % 12] + np.random.default_rng(1).normal(0, 10, 48))
    rows = pl.DataFrame(
        {
            "period_starts": months,
            "period_ends": months,
            "numerator": count,
            "denominator": np.full(48, 1e5),
            "quotient": count / 1e5,
            "changed": [False] * 48,
        }
    )
    series = make_series(rows, sort="rate", seed=1, significance=0.01, confidence=0.95)
    assert series is not None
    assert series.seasonal
    assert series.flags["outside the limits"].sum() <= 3
    assert series.values.std() < 0.2 * series.raw.std()


def test_the_synthetic_forces_planted_steps_are_found_and_no_others(comparison: Dataset, comparison_folder: Path) -> None:
    planted = json.loads((comparison_folder / "_truth" / "comparison.json").read_text())
    result = trend.ANALYSIS.run(comparison, trend.Spec())
    steps = result.tables["changes"].rows.filter(pl.col("what") == "step")
    names = dict(comparison.query("SELECT force_id, force_name FROM forces").iter_rows())
    found = {(row["force"], row["from"].year - 2016, round(np.log1p(row["size"]), 1)) for row in steps.iter_rows(named=True)}
    assert found == {(names[one["force_id"]], one["year_number"], round(one["shift_of_logarithm"], 1)) for one in planted["steps"]}


def test_the_planted_trend_is_inside_its_interval(comparison: Dataset) -> None:
    changes = trend.ANALYSIS.run(comparison, trend.Spec(other_forces=False)).tables["changes"].rows
    burglary = changes.filter(pl.col("indicator").str.starts_with("Burglary") & (pl.col("what") == "trend a year")).row(0, named=True)
    assert burglary["low"] < np.expm1(-0.05) < burglary["high"]


def test_fewer_than_five_periods_are_no_series(make: Make) -> None:
    dataset = make(indicator_values=[value("A", 10, 100, year=year) for year in (2022, 2023, 2024)], indicators=[indicator()])
    with pytest.raises(SpecError, match="5 periods"):
        trend.ANALYSIS.run(dataset, trend.Spec(own_force="A"))


def test_small_counts_are_held_against_exact_limits_and_said_so(make: Make) -> None:
    rows = [value("A", count, 1000, year=2010 + n) for n, count in enumerate([3, 5, 2, 4, 3, 6, 1, 3, 25, 2])]
    result = trend.ANALYSIS.run(make(indicator_values=rows, indicators=[indicator()]), trend.Spec(own_force="A", other_forces=False))
    assert any("exact Poisson" in statement.text for statement in result.statements)
    points = result.tables["points"].rows
    assert points.filter(pl.col("signal").str.contains("outside"))["period_starts"].to_list() == [date(2018, 4, 1)]
