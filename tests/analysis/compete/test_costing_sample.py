from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from bestvalue.analysis.compete.costing_sample import Diary, day_part, draw_shares, read_diary, time_shares
from bestvalue.analysis.compete.costing_sample_size import Spread, people_needed, spread_of
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.synthetic import SyntheticForce
from bestvalue.errors import TableFaults

FIRST, AFTER = (datetime.combine(date(year, 4, 1), time.min) for year in (2025, 2026))
KINDS = 8
PLANTED = np.random.default_rng(11).dirichlet(np.full(KINDS, 3.0))


def sampled(
    people: int, chance: np.random.Generator, *, habit: float = 40.0, day_effect: float = 0.0
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Minutes, person and day of a fortnight's sample: 48 slots on each of nine days, which go on as they were 7 times in 10.

    A person's habit is drawn about the planted shares; with a day effect, each calendar day has shares of its own about them.
    """
    habits = chance.dirichlet(habit * PLANTED, size=people)
    of_day = chance.dirichlet(day_effect * PLANTED, size=14) if day_effect else np.tile(PLANTED, (14, 1))
    person = np.repeat(np.arange(people), 9)
    day = np.concatenate([chance.choice(14, 9, replace=False) for _ in range(people)])
    share = habits[person] + of_day[day] - PLANTED
    share = np.maximum(share, 0) / np.maximum(share, 0).sum(axis=1, keepdims=True)
    slots = (chance.random((len(share), 48, 1)) > np.cumsum(share, axis=1)[:, None, :-1]).sum(axis=2)
    fresh = chance.random(slots.shape) >= 0.7
    fresh[:, 0] = True
    kept = np.take_along_axis(slots, np.maximum.accumulate(np.where(fresh, np.arange(48), 0), axis=1), axis=1)
    return np.stack([10.0 * (kept == kind).sum(axis=1) for kind in range(KINDS)], axis=1), person, day


def covered(people: int, *, samples: int, day_effect: float = 0.0) -> int:
    """How often 95% intervals of the shares hold what was planted, of `samples` x `KINDS`."""
    chance, held = np.random.default_rng(people), 0
    for number in range(samples):
        minutes, person, day = sampled(people, chance, day_effect=day_effect)
        share = minutes.sum(axis=0) / minutes.sum()
        again = draw_shares(minutes, person=person, day=day, draws=300, chance=np.random.default_rng(number))
        widened = share + stats.t.ppf(0.975, people - 1) / stats.norm.ppf(0.975) * (again - share)
        low, high = np.quantile(widened, [0.025, 0.975], axis=0)
        held += int(((low <= PLANTED) & (high >= PLANTED)).sum())
    return held


@pytest.mark.parametrize(("people", "day_effect"), [(8, 0.0), (30, 0.0), (60, 60.0)])
def test_intervals_hold_what_was_planted_at_the_stated_rate(people: int, day_effect: float) -> None:
    """Of 100 samples of eight shares: between 91% and 98%. The shares of one sample add up to 1 and miss together, so that the 100
    samples count, not the 800 intervals: a binomial of 100 at 0.95 is below 0.91 or above 0.99 about once in twenty times.
    """
    samples = 100
    assert 0.91 <= covered(people, samples=samples, day_effect=day_effect) / (samples * KINDS) <= 0.985


def test_days_that_differ_are_seen_and_days_that_do_not_are_not() -> None:
    chance = np.random.default_rng(3)
    differ, alike = (
        np.mean([day_part(minutes, day) for minutes, _, day in (sampled(40, chance, day_effect=effect) for _ in range(20))])
        for effect in (20.0, 0.0)
    )
    assert differ > 0.5
    assert alike < 0.25


def test_drawing_slots_as_if_they_were_independent_would_be_far_too_sure() -> None:
    """The reason for drawing people: the error of a share is more than twice that of as many independent slots."""
    minutes, person, day = sampled(30, np.random.default_rng(2))
    share = minutes.sum(axis=0) / minutes.sum()
    again = draw_shares(minutes, person=person, day=day, draws=500, chance=np.random.default_rng(1))
    independent = np.sqrt(share * (1 - share) / (minutes.sum() / 10))
    assert (again.std(axis=0) / independent).mean() > 2


def diary(people: dict[str, tuple[str, str, str]], minutes: dict[str, list[float]]) -> Diary:
    """A diary of one day a person: {person: (cost centre, staff group, objective)} and minutes of two activities."""
    rows = [(person, *people[person], date(2025, 10, 6)) for person in minutes]
    schema = ["staff_id", "cost_centre_id", "staff_group", "objective", "day"]
    pairs = pl.DataFrame({"activity_id": ["A1", "A2"], "kind": ["", ""]})
    return Diary(days=pl.DataFrame(rows, schema=schema, orient="row"), pairs=pairs, minutes=np.array(list(minutes.values())))


def staff(count: int, centre: str, group: str, start: int = 0) -> dict[str, tuple[str, str, str]]:
    return {f"S{start + number}": (centre, group, "Local policing") for number in range(count)}


def test_ranks_with_people_enough_are_groups_of_their_own() -> None:
    people = staff(5, "C1", "constable") | staff(5, "C2", "sergeant", 5)
    shares = time_shares(diary(people, {one: [60.0, 20.0] if number < 5 else [20.0, 60.0] for number, one in enumerate(people)}), draws=20)
    constable, sergeant = (
        shares.pool(objective="Local policing", cost_centre="C9", staff_group=group) for group in ("constable", "sergeant")
    )
    assert shares.share[constable].tolist() == [0.75, 0.25]
    assert shares.share[sergeant].tolist() == [0.25, 0.75]
    assert shares.pool(objective="Local policing", cost_centre="C1", staff_group="inspector") == -1
    assert shares.pool(objective="Investigations", cost_centre="C1", staff_group="constable") == -1


def test_too_few_of_one_rank_make_all_ranks_stand_for_each_other() -> None:
    people = staff(5, "C1", "constable") | staff(2, "C2", "sergeant", 5)
    shares = time_shares(diary(people, {one: [60.0, 60.0] for one in people}), draws=20)
    assert shares.pools["people"].to_list() == [7]
    assert shares.pool(objective="Local policing", cost_centre="C1", staff_group="inspector") == 0


def test_a_cost_centre_with_people_enough_stands_for_itself_when_asked() -> None:
    people = staff(6, "C1", "constable") | staff(2, "C2", "constable", 6)
    shares = time_shares(
        diary(people, {one: [60.0, 0.0] if number < 6 else [0.0, 60.0] for number, one in enumerate(people)}),
        draws=20,
        like_staff="in each cost centre",
    )
    found = [shares.pool(objective="Local policing", cost_centre=centre, staff_group="constable") for centre in ("C1", "C2", "C3")]
    assert [shares.share[pool].tolist() for pool in found] == [[1, 0], [0, 1], [0, 1]]


def test_one_person_is_no_sample() -> None:
    shares = time_shares(diary(staff(1, "C1", "constable"), {"S0": [60.0, 20.0]}), draws=20)
    assert shares.pools.height == 0
    assert shares.draws.shape == (20, 0, 2)


def test_the_same_seed_draws_the_same() -> None:
    people = staff(6, "C1", "constable")
    given = diary(people, {one: [10.0 * number, 60.0] for number, one in enumerate(people)})
    assert np.array_equal(time_shares(given, draws=50, seed=4).draws, time_shares(given, draws=50, seed=4).draws)
    assert not np.array_equal(time_shares(given, draws=50, seed=4).draws, time_shares(given, draws=50, seed=5).draws)


def test_slots_that_overlap_are_refused_because_activities_would_sum_over_all_of_the_time(tables: Callable[..., Dataset]) -> None:
    at = datetime.combine(date(2025, 10, 6), time(7))
    slots = [
        {"staff_id": "S1", "slot_at": at, "slot_minutes": 15, "activity_id": "A1"},
        {"staff_id": "S1", "slot_at": at + timedelta(minutes=10), "slot_minutes": 10, "activity_id": "A2"},
        {"staff_id": "S2", "slot_at": at + timedelta(minutes=10), "slot_minutes": 10, "activity_id": "A2"},
    ]
    people = [{"staff_id": name, "cost_centre_id": "C1", "staff_group": "constable"} for name in ("S1", "S2")]
    centres = [{"cost_centre_id": "C1", "objective": "Local policing", "layer": "direct", "cost_centre_name": "C1"}]
    dataset = tables(activity_samples=slots, staff=people, cost_centres=centres)
    with pytest.raises(TableFaults, match="more than all of the time") as refused:
        read_diary(dataset, first=FIRST, after=AFTER)
    assert refused.value.total == 1
    assert refused.value.faults[0].what.startswith("S1 has a slot of 15 minutes at 2025-10-06 07:00:00 and the next at 2025-10-06 07:10:00")


def test_the_planted_shares_of_the_force_lie_inside_their_intervals(force: SyntheticForce, force_data: Dataset) -> None:
    """Twelve shares of crews of local policing: at 99.6% each (0.05 / 12), all of them hold 19 times in 20."""
    shares = time_shares(read_diary(force_data, first=FIRST, after=AFTER), draws=4_000, confidence=1 - 0.05 / 12)
    planted = pl.read_parquet(force.truth / "activity_shares.parquet").filter(pl.col("level") == "local")
    pool = shares.pool(objective="Local policing", cost_centre="", staff_group="constable")
    for activity, share in planted.select("activity_id", "share").iter_rows():
        mine = shares.draws[:, pool, (shares.pairs["activity_id"] == activity).to_numpy()].sum(axis=1)
        low, high = np.quantile(mine, [0.05 / 24, 1 - 0.05 / 24])
        assert low <= share <= high, activity


def test_people_and_days_are_told_apart() -> None:
    """Planted variances 0.0016 between people and 0.01 between days, found within a tenth over 20,000 people."""
    chance = np.random.default_rng(8)
    own = chance.normal(0.3, 0.04, 20_000)
    daily = np.repeat(own, 5) + chance.normal(0, 0.1, 100_000)
    found = spread_of(np.full(100_000, 480.0), 480.0 * daily, np.repeat(np.arange(20_000), 5))
    assert found.between == pytest.approx(0.0016, rel=0.1)
    assert found.within == pytest.approx(0.01, rel=0.1)


def test_the_sample_that_is_said_to_be_needed_gives_the_interval_that_was_wanted() -> None:
    """Planted spread; people drawn as many as needed for +-10%: the standard error is 0.1 / 1.96 of the share, within a tenth."""
    spread = Spread(share=0.3, between=0.0016, within=0.01, days=5)
    people = people_needed(spread, within_share=0.1, days=5, z=1.96)
    chance = np.random.default_rng(9)
    means = [(chance.normal(0.3, 0.04, (people, 1)) + chance.normal(0, 0.1, (people, 5))).mean() for _ in range(2_000)]
    assert float(np.std(means)) == pytest.approx(0.1 * 0.3 / 1.96, rel=0.1)
