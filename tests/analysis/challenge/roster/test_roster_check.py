from dataclasses import replace

import numpy as np
import pytest
from tests.analysis.challenge.roster.conftest import poisson_jobs

from bestvalue.analysis.challenge.roster_check import (
    Tally,
    Turns,
    breaks_after,
    play,
    reachable_in,
    replays,
    turns_of_need,
    turns_of_pattern,
)
from bestvalue.analysis.challenge.roster_cover import least_cost
from bestvalue.analysis.challenge.roster_jobs import Floats, Work
from bestvalue.analysis.challenge.roster_lines import allowed_lines, cover
from bestvalue.analysis.challenge.roster_plan import Wishes, draw, plan
from bestvalue.analysis.queueing import erlang_c
from bestvalue.analysis.working_time import WorkingTimeLimits

GRADES = ("away", "urgent")


def always(units: int) -> Turns:
    """Units on duty round the clock, without breaks."""
    return Turns(
        unit=np.repeat(np.arange(units), 7),
        start=np.tile(np.arange(7) * 1_440, units),
        length=np.full(7 * units, 1_440),
        pause=np.zeros(7 * units, dtype=np.int64),
    )


def by_quarter(counts: Tally) -> Floats:
    """Share in time of the one grade that has a target, array (4)."""
    return np.asarray(counts.good[:, 1].sum(axis=0) / counts.jobs[:, 1].sum(axis=0))


@pytest.mark.parametrize(("units", "load"), [(2, 1.0), (5, 3.0), (10, 8.0)])
def test_shares_without_a_wait_are_those_of_erlang(units: int, load: float) -> None:
    jobs = poisson_jobs(rate_an_hour=load, mean_hours=1.0, weeks=400, allowed_hours=0.0, seed=units)
    drawn = replays(jobs, weeks=400, weeks_each=50, replications=8, seed=1)
    shares = play(always(units), drawn, grades=GRADES, confidence=0.999)
    assert shares.low[1] <= 1 - erlang_c(arrivals_per_hour=load, served_per_hour=1.0, units=units).p_wait <= shares.high[1]
    assert np.isnan(shares.mean[0])


def test_a_part_of_the_day_without_units_is_late_whatever_the_rest_is() -> None:
    jobs = poisson_jobs(rate_an_hour=2.0, mean_hours=0.1, weeks=20, allowed_hours=0.2, seed=1)
    drawn = replays(jobs, weeks=20, weeks_each=10, replications=4, seed=1)
    mornings_off = Turns(
        unit=np.repeat(np.arange(40), 7),
        start=np.tile(np.arange(7) * 1_440 + 720, 40),
        length=np.full(280, 1_080),
        pause=np.zeros(280, dtype=np.int64),
    )
    shares = play(mornings_off, drawn, grades=GRADES, confidence=0.95)
    assert by_quarter(shares.tally) == pytest.approx([1, 0, 1, 1], abs=0.05)
    assert not shares.tally.jobs[:, 0].any()


def test_every_roster_meets_the_same_weeks() -> None:
    jobs = poisson_jobs(rate_an_hour=2.0, mean_hours=1.0, weeks=20, allowed_hours=0.1, seed=1)
    one, other = (replays(jobs, weeks=20, weeks_each=4, replications=2, seed=9) for _ in range(2))
    assert all((a.demand.time_us == b.demand.time_us).all() for a, b in zip(one, other, strict=True))
    assert not np.array_equal(one[0].demand.scene_us, one[1].demand.scene_us)


def test_with_units_to_spare_only_what_cannot_be_reached_is_late() -> None:
    jobs = poisson_jobs(rate_an_hour=2.0, mean_hours=1.0, weeks=20, allowed_hours=0.1, seed=1)
    late = np.arange(len(jobs)) % 4 == 0
    jobs = replace(jobs, allowed_seconds=np.where(late, -1.0, jobs.allowed_seconds))
    drawn = replays(jobs, weeks=20, weeks_each=10, replications=4, seed=1)
    shares = play(always(40), drawn, grades=GRADES, confidence=0.95)
    assert shares.mean[1] == pytest.approx(reachable_in(drawn, grades=2).mean[1])
    assert shares.mean[1] == pytest.approx(0.75, abs=0.02)


def test_turns_of_a_need_are_on_duty_when_it_says() -> None:
    wanted = np.array([1 + (8 <= hour % 24 < 22) + (hour % 24 == 12) for hour in range(168)])
    turns = turns_of_need(wanted, pause_minutes=45)
    assert cover(turns.start, turns.length, np.ones(len(turns.start))) == pytest.approx(wanted)
    assert turns.length.max() <= 8 * 60
    assert set(turns.pause[turns.length <= 360].tolist()) == {0}


def test_turns_of_a_pattern_are_on_duty_when_it_says() -> None:
    lines = allowed_lines(("8x5", "10x4"), ("07:00", "15:00", "22:00", "23:00"), break_minutes=45, limits=WorkingTimeLimits())
    pattern = least_cost(np.ones(168, dtype=int), lines, gap=0.05)
    turns = turns_of_pattern(pattern)
    assert turns.units == pattern.crews.sum()
    assert cover(turns.start, turns.length, np.ones(len(turns.start))) == pytest.approx(pattern.on_duty)


def test_those_who_begin_together_do_not_eat_together() -> None:
    turns = turns_of_need(np.full(168, 3), pause_minutes=45)
    after = breaks_after(turns)
    for start in np.unique(turns.start):
        assert np.diff(np.sort(after[turns.start == start])).min() >= 45


def test_where_breaks_take_nobody_away_a_minimum_that_meets_the_target_is_the_need() -> None:
    jobs = poisson_jobs(rate_an_hour=0.3, mean_hours=1.0, weeks=52, allowed_hours=0.0, seed=5)
    lines = allowed_lines(("8x5", "10x4", "12x3"), ("06:00", "14:00", "18:00", "22:00"), break_minutes=45, limits=WorkingTimeLimits())
    wishes = Wishes(
        targets=np.array([np.nan, 0.955]), give_share=0.01, at_all_times=False, break_minutes=0, break_share=0.0, lines=lines, gap=0.05,
        weeks_each=13,
        replications=8, confidence=0.95, seed=1,
    )  # fmt: skip
    work = Work(pools={"P": jobs}, grades=GRADES, weeks=52, first=None, faults=None, found=0, used=0, waited=0)  # type: ignore[arg-type]
    drawn = draw(jobs, work, wishes)
    assert play(always(2), drawn, grades=GRADES, confidence=0.95).mean[1] > 0.955
    assert plan(jobs, work, always(2), least=2, wishes=wishes).units.tolist() == [2] * 168


def test_a_plan_meets_its_target_on_weeks_that_it_has_not_seen() -> None:
    jobs = poisson_jobs(rate_an_hour=3.0, mean_hours=1.0, weeks=52, allowed_hours=0.05, seed=3, grades=(0.02, 0.98))
    jobs = replace(jobs, allowed_seconds=np.where(jobs.grade == 0, np.nan, jobs.allowed_seconds))
    lines = allowed_lines(("8x5", "10x4"), ("07:00", "15:00", "22:00", "23:00"), break_minutes=45, limits=WorkingTimeLimits())
    wishes = Wishes(
        targets=np.array([np.nan, 0.9]), give_share=0.01, at_all_times=True, break_minutes=45, break_share=45 / 480, lines=lines, gap=0.03,
        weeks_each=13,
        replications=8, confidence=0.95, seed=1,
    )  # fmt: skip
    work = Work(pools={"P": jobs}, grades=GRADES, weeks=52, first=None, faults=None, found=0, used=0, waited=0)  # type: ignore[arg-type]
    found = plan(jobs, work, always(6), least=1, wishes=wishes)
    assert found.enough
    assert (found.pattern.on_duty >= found.units - 1e-9).all()
    assert found.over_hours - found.under_hours == pytest.approx(found.today_hours - found.units.sum())
    fresh = draw(jobs, work, replace(wishes, seed=99))
    again = play(turns_of_pattern(found.pattern), fresh, grades=GRADES, confidence=0.99)
    assert again.high[1] >= 0.9
    fewer = play(turns_of_need(np.maximum(found.units - 1, 1), pause_minutes=45), fresh, grades=GRADES, confidence=0.99)
    assert fewer.mean[1] < 0.9
