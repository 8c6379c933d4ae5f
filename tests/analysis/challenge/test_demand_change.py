from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl
import pytest
from scipy import stats
from tests.analysis.conftest import incidents_table

from bestvalue.analysis.challenge.demand_change import growth, monthly, steps, trend_and_season
from bestvalue.analysis.challenge.demand_cube import Slice, count
from bestvalue.dataset.dataset import Dataset


def months_of(counts: np.ndarray, first: date = date(2021, 1, 1)) -> pl.DataFrame:
    month = pl.date_range(first, pl.Series([first]).dt.offset_by(f"{len(counts) - 1}mo").item(), "1mo", eager=True)
    return pl.DataFrame({"month": month, "incidents": counts.round().astype(np.int64)}).with_columns(
        days=pl.col("month").dt.days_in_month().cast(pl.Int64)
    )


def made(
    months: int = 60,
    *,
    trend: float = 0.0,
    season: float = 0.0,
    step_at: int | None = None,
    step: float = 0.0,
    noise: float = 0.02,
    seed: int = 1,
) -> pl.DataFrame:
    """Counts of about 30,000 a month with what is asked for planted in them."""
    time = np.arange(months)
    logs = np.log(30_000) + np.log1p(trend) * time / 12 + season * np.cos(2 * np.pi * (time % 12) / 12)
    if step_at is not None:
        logs[step_at:] += np.log1p(step)
    return months_of(np.exp(logs + np.random.default_rng(seed).normal(0, noise, months)))


def test_the_planted_trend_and_season_are_found_inside_their_intervals() -> None:
    series = made(trend=0.04, season=0.1)
    trend, season = trend_and_season(series, found=(), confidence=0.95)
    assert trend.low <= 0.04 <= trend.high
    # Months differ in length, so the planted wave in counts is a wave in daily rates plus the calendar: compare January with July.
    january, july = season["index"][0], season["index"][6]
    assert january / july == pytest.approx(np.exp(0.2), rel=0.03)
    assert np.log(season["index"].to_numpy()).mean() == pytest.approx(0, abs=1e-9)


def test_a_planted_step_is_found_in_its_month_with_its_size() -> None:
    found = steps(made(step_at=30, step=-0.15), seed=1, confidence=0.95)
    assert [step.month for step in found] == [date(2023, 7, 1)]
    assert found[0].low <= -0.15 <= found[0].high
    assert found[0].p <= 0.01


def test_a_steady_trend_is_not_taken_for_a_step() -> None:
    assert steps(made(trend=0.1, season=0.1), seed=1, confidence=0.95) == ()


def test_chance_alone_shows_a_step_about_as_seldom_as_promised() -> None:
    """Over 200 series without a step, one in twenty may show one; binomially at most 18 of 200 at 1 in 100."""
    shown = sum(bool(steps(made(48, noise=0.05, seed=seed), seed=seed, confidence=0.95, most=1)) for seed in range(200))
    assert shown <= stats.binom.ppf(0.99, 200, 0.05) + 4, "the bootstrap estimates how months follow each other, which costs a little"


def test_drift_from_month_to_month_is_not_taken_for_a_step() -> None:
    """Autoregressive errors wander; a test that took months for independent would call most of these steps."""
    shown = 0
    for seed in range(60):
        shocks = np.random.default_rng(seed).normal(0, 0.03, 60)
        wander = np.zeros(60)
        for month in range(1, 60):
            wander[month] = 0.6 * wander[month - 1] + shocks[month]
        shown += bool(steps(months_of(np.exp(np.log(30_000) + wander)), seed=1, confidence=0.95, most=1))
    assert shown <= 15


def test_the_same_seed_finds_the_same() -> None:
    assert steps(made(step_at=20, step=0.05), seed=3, confidence=0.95) == steps(made(step_at=20, step=0.05), seed=3, confidence=0.95)


def daily(first: date, last: date, *, a_day: int = 2, **columns: object) -> pl.DataFrame:
    days = pl.datetime_range(first, last, "1d", eager=True)
    return incidents_table({"opened_at": days.to_list() * a_day, **{name: [value] * len(days) * a_day for name, value in columns.items()}})


def test_a_month_that_the_data_cut_off_is_left_out_and_named(dataset: Callable[..., Dataset]) -> None:
    series, cut = monthly(count(dataset(daily(date(2024, 1, 10), date(2024, 4, 30))), Slice()))
    assert cut == (date(2024, 1, 1),)
    assert series["month"].to_list() == [date(2024, 2, 1), date(2024, 3, 1), date(2024, 4, 1)]
    assert series["incidents"].to_list() == [58, 62, 60]


def test_a_quiet_edge_that_chance_explains_is_no_cut(dataset: Callable[..., Dataset]) -> None:
    """Ten incidents a year: three silent weeks at the start are nothing unusual."""
    days = [date(2023, 1, 22), date(2023, 3, 1), date(2023, 5, 1), date(2023, 7, 1), date(2023, 9, 1), date(2023, 12, 20)]
    _, cut = monthly(count(dataset(incidents_table({"opened_at": days})), Slice()))
    assert cut == ()


def test_months_without_incidents_are_counted_as_none(dataset: Callable[..., Dataset]) -> None:
    days = [date(2024, 1, 1), date(2024, 1, 31), date(2024, 4, 30)]
    series, _ = monthly(count(dataset(incidents_table({"opened_at": days})), Slice()))
    assert series["incidents"].to_list() == [2, 0, 0, 1]


def test_growth_compares_each_month_with_the_same_a_year_before(dataset: Callable[..., Dataset]) -> None:
    """Kind "up" doubles every month, kind "same" stays: by hand +100% and 0%, from 2 x 366 against 4 x 365 days."""
    parts = [
        daily(date(2023, 1, 1), date(2023, 12, 31), a_day=2, kind="up"),
        daily(date(2024, 1, 1), date(2024, 12, 31), a_day=4, kind="up"),
        daily(date(2023, 1, 1), date(2024, 12, 31), a_day=3, kind="same"),
    ]
    rows = pl.concat(parts).with_columns(incident_id=pl.int_range(pl.len()).cast(pl.String))
    cube = count(dataset(rows), Slice())
    series, _ = monthly(cube)
    table = growth(cube, series, dimension="kind", confidence=0.95)
    up, same = (table.filter(pl.col("name") == name).row(0, named=True) for name in ("up", "same"))
    assert up["change"] == pytest.approx(1.0, abs=0.02), "half an incident a month is added before taking logarithms"
    assert (up["before"], up["after"]) == (2 * 365, 4 * 366)
    assert same["change"] == pytest.approx(0.0, abs=1e-3)
    assert up["p"] < 0.001
    assert table["share_after"].sum() == pytest.approx(1)


def test_holms_correction_keeps_false_finds_rare(dataset: Callable[..., Dataset]) -> None:
    """Thirty areas without any change: at most a few in a hundred such tables may show one."""
    chance = np.random.default_rng(5)
    false_finds = 0
    for _ in range(40):
        counts = chance.poisson(200, size=(24, 30))
        rows = [
            {"month": date(2023 + month // 12, month % 12 + 1, 1), "area_id": f"A{area}", "incidents": int(counts[month, area])}
            for month in range(24)
            for area in range(30)
        ]
        table = pl.DataFrame(rows)
        series = months_of(counts.sum(axis=1), date(2023, 1, 1))
        found = growth(_CubeOf(table), series, dimension="area_id", confidence=0.95)
        false_finds += bool((found["p"] <= 0.05).any())
    assert false_finds <= 7, "binomially 7 of 40 come less than once in 100 times at 1 in 20"


class _CubeOf:
    """The one part of a cube that growth reads."""

    def __init__(self, by_month: pl.DataFrame) -> None:
        self.by_month = by_month
