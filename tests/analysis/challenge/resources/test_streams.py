"""Random numbers are those of the published generator, and demand drawn from them is what the pattern says."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bestvalue.analysis.challenge.resources_model import DAY_US, HOUR_US, MINUTE_US, WEEK_US
from bestvalue.analysis.challenge.resources_pattern import DemandPattern, draw_demand, hourly_counts
from bestvalue.analysis.challenge.resources_streams import philox, uniforms, whole_times
from bestvalue.analysis.challenge.resources_workspace import Workspace
from bestvalue.errors import SpecError


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [  # Random123, tests/kat_vectors, philox4x32 with 10 rounds
        ((0, 0, 0, 0), 0, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((0xFFFFFFFF,) * 4, -1, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            0x299F31D0A4093822,
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_gives_the_published_words(counter: tuple[int, int, int, int], key: int, words: tuple[int, ...]) -> None:
    assert tuple(int(word) for word in philox(*counter, key)) == words


def test_uniforms_are_uniform() -> None:
    assert stats.kstest(uniforms(20_000, 3, 0, 7), "uniform").pvalue > 0.001


@given(times=st.lists(st.integers(0, 500), max_size=60))
def test_whole_times_differ_keep_their_order_and_move_little(times: list[int]) -> None:
    made = whole_times(np.array(times, np.int64))
    assert (np.diff(made) > 0).all()
    assert (made & 3 == 1).all()
    assert (np.abs(made - np.sort(np.array(times, np.int64))) <= 4 * len(times) + 1).all()


def pattern(*, weeks: int = 4, rate: float = 40.0) -> DemandPattern:
    """Two areas and two categories; a third of all in area 1; busier by night."""
    levels = np.linspace(0, 1, 257).clip(None, 1 - 1e-4)
    hours = np.arange(168 * weeks)
    return DemandPattern(
        expected=rate * (1 + 0.5 * (hours % 24 < 8)),
        hour_row=(hours % 24 < 8).astype(np.int32),
        shares=np.array([[[0.5, 0.2], [0.2, 0.1]], [[0.1, 0.6], [0.1, 0.2]]]),
        category_grade=np.array([0, 1], np.int8),
        scene_quantiles_us=np.stack([stats.expon.ppf(levels) * 30 * MINUTE_US, stats.gamma.ppf(levels, 2) * 30 * MINUTE_US]),
        place_first=np.array([0, 2, 3]),
        place_x_m=np.array([1000, 2000, 9000], np.int32),
        place_y_m=np.array([1000, 1000, 5000], np.int32),
        jitter_m=100,
        skill_share=np.array([[0.1, 0.05], [0.0, 0.3]]),
        support_quantiles_us=np.stack([np.linspace(10, 30, 11), np.linspace(20, 20, 11)]) * MINUTE_US,
        turnout_quantiles_us=np.stack([np.linspace(1, 2, 11), np.linspace(2, 3, 11)]) * MINUTE_US,
        travel_quantiles=np.stack([np.linspace(0.5, 1.5, 11), np.linspace(1.5, 2.5, 11)]),
        count_from_us=DAY_US,
    )


def test_a_drawn_demand_has_the_patterns_shares_lengths_and_needs() -> None:
    demand = draw_demand(pattern(weeks=30), seed=5, replication=2)
    n = len(demand.time_us)
    night = demand.time_us // HOUR_US % 24 < 8
    cell = demand.area * 2 + demand.grade
    for chosen, shares in ((night, [0.1, 0.6, 0.1, 0.2]), (~night, [0.5, 0.2, 0.2, 0.1])):
        seen = np.bincount(cell[chosen], minlength=4)
        assert stats.chisquare(seen, seen.sum() * np.array(shares)).pvalue > 0.001
    assert demand.scene_us[demand.grade == 0].mean() / MINUTE_US == pytest.approx(30, rel=0.02)
    assert demand.scene_us[demand.grade == 1].mean() / MINUTE_US == pytest.approx(60, rel=0.02)
    assert (demand.need_skill[demand.grade == 1] == 1).mean() == pytest.approx(0.3, abs=0.01)
    assert not (demand.need_skill[demand.grade == 1] == 0).any()
    assert demand.support_us[demand.need_skill == 0].mean() / MINUTE_US == pytest.approx(20, rel=0.02)
    assert demand.turnout_us[demand.grade == 0].mean() / MINUTE_US == pytest.approx(1.5, rel=0.01)
    assert demand.travel_factor[demand.area == 1].mean() == pytest.approx(2.0, rel=0.01)
    east = demand.x_m[demand.area == 0]
    assert set(np.unique(np.rint(east / 1000)).tolist()) == {1.0, 2.0}
    assert np.abs(east - np.rint(east / 1000) * 1000).max() == 100
    assert n == pytest.approx(40 * (1 + 0.5 / 3) * 168 * 30, abs=4 * np.sqrt(n))


def test_times_within_the_hour_are_even_and_in_order() -> None:
    demand = draw_demand(pattern(weeks=30), seed=5, replication=2)
    assert (np.diff(demand.time_us) > 0).all()
    assert (demand.time_us & 3 == 1).all()
    assert stats.kstest(demand.time_us % HOUR_US / HOUR_US, "uniform").pvalue > 0.001


def test_counts_vary_as_chance_says_and_more_where_days_differ() -> None:
    steady = hourly_counts(pattern(weeks=50), seed=1, replication=0).reshape(-1, 24).sum(axis=1)
    uneven = hourly_counts(replace(pattern(weeks=50), day_spread=0.2), seed=1, replication=0).reshape(-1, 24).sum(axis=1)
    mean = 40 * 24 * (1 + 0.5 / 3)
    assert steady.var() / mean == pytest.approx(1, abs=0.25)
    assert uneven.std() / mean == pytest.approx(np.hypot(0.2, mean**-0.5), rel=0.12)


def test_a_little_more_demand_keeps_the_incidents_there_were() -> None:
    few, more = (draw_demand(pattern(rate=rate), seed=9, replication=0) for rate in (40.0, 44.0))
    seen = {*zip(more.time_us.tolist(), more.x_m.tolist(), more.scene_us.tolist(), strict=True)}
    kept = [row in seen for row in zip(few.time_us.tolist(), few.x_m.tolist(), few.scene_us.tolist(), strict=True)]
    assert all(kept)
    assert len(more.time_us) > len(few.time_us)


def test_replications_and_seeds_differ_and_the_same_ones_agree() -> None:
    first, again, other, seed = (
        draw_demand(pattern(), seed=s, replication=r, workspace=w)
        for s, r, w in ((1, 0, None), (1, 0, Workspace()), (1, 1, None), (2, 0, None))
    )
    assert np.array_equal(first.time_us, again.time_us)
    assert np.array_equal(first.scene_us, again.scene_us)
    assert not np.isin(first.time_us, other.time_us).mean() > 0.01
    assert not np.isin(first.time_us, seed.time_us).mean() > 0.01


def test_the_run_ends_with_its_last_hour_and_stops_a_day_later() -> None:
    demand = draw_demand(pattern(weeks=1), seed=1, replication=0)
    assert (demand.count_from_us, demand.end_us, demand.stop_us) == (DAY_US, WEEK_US, WEEK_US + DAY_US)


@pytest.mark.parametrize(
    ("change", "table"),
    [
        ({"expected": np.full(672, -1.0)}, "expected"),
        ({"hour_row": np.full(672, 2, np.int32)}, "hour_row"),
        ({"shares": np.ones((2, 2, 2))}, "shares"),
        ({"place_first": np.array([0, 3, 3])}, "place_first"),
        ({"scene_quantiles_us": np.array([[2.0, 1.0], [1.0, 2.0]])}, "quantiles"),
        ({"skill_share": np.full((2, 2), 0.6)}, "skill_share"),
        ({"jitter_m": -1}, "jitter_m"),
    ],
)
def test_a_pattern_that_cannot_be_drawn_from_is_refused_with_its_table(change: dict[str, object], table: str) -> None:
    with pytest.raises(SpecError) as refused:
        draw_demand(replace(pattern(), **change), seed=1, replication=0)  # type: ignore[arg-type]
    assert table in refused.value.where
