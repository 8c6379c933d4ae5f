from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.challenge.roster.conftest import poisson_jobs

from bestvalue.analysis.challenge.roster_jobs import Jobs
from bestvalue.analysis.challenge.roster_need import first_need, in_time_shares, need, offered_load


def jobs_at(*spans: tuple[int, float, float]) -> Jobs:
    """Jobs of one grade: week, hour of the week, hours."""
    table = np.array(spans, dtype=float).reshape(-1, 3)
    size = len(table)
    return Jobs(
        pool_id="P",
        week=table[:, 0].astype(int),
        second=np.round(table[:, 1] * 3_600).astype(int),
        busy_seconds=table[:, 2] * 3_600,
        grade=np.ones(size, dtype=int),
        allowed_seconds=np.zeros(size),
        in_time=np.ones(size),
    )


def test_share_in_time_of_one_grade_is_exact() -> None:
    # M/M/c: P(W > t) = C exp(-(c mu - lambda) t). Three erlangs on five units, jobs of half an hour, a wait of a quarter.
    met = in_time_shares(np.array([3.0]), np.array([5]), shares=np.array([1.0]), mean_busy_hours=0.5, allowed_hours=[np.array([0.25])])
    assert met[0, 0] == pytest.approx(1 - 0.2361516035 * np.exp(-(5 - 3) / 0.5 * 0.25), rel=1e-9)


def test_mean_waits_of_grades_are_cobham_s() -> None:
    # M/M/3, mu 1, lambda .5 .7 .9: waits 0.1969378, 0.32822967, 0.91174907 (Cobham 1954). The mean is the integral of P(W > t).
    times = (np.arange(60_000) + 0.5) / 1_000
    met = in_time_shares(
        np.array([2.1]), np.array([3]), shares=np.array([0.5, 0.7, 0.9]) / 2.1, mean_busy_hours=1.0, allowed_hours=[times] * 3
    )
    assert 60 * (1 - met[:, 0]) == pytest.approx([0.1969378, 0.32822967, 0.91174907], rel=1e-5)


def test_a_job_loads_the_hours_that_it_lasts_into() -> None:
    load = offered_load(jobs_at((0, 22.5, 2.0)), weeks=1, grades=2)
    assert load.mean[22:25].tolist() == [0.5, 1.0, 0.5]
    assert load.mean.sum() == 2.0


def test_work_over_the_end_of_the_week_loads_its_start() -> None:
    load = offered_load(jobs_at((0, 167.0, 3.0), (1, 10.0, 1.0)), weeks=2, grades=2)
    assert load.mean[[167, 0, 1, 10]].tolist() == [0.5, 0.5, 0.5, 0.5]


@given(
    spans=st.lists(st.tuples(st.integers(0, 3), st.floats(0, 167.9), st.floats(0.01, 30)), min_size=1, max_size=30),
)
def test_the_load_of_a_week_is_its_work(spans: list[tuple[int, float, float]]) -> None:
    jobs = jobs_at(*spans)
    load = offered_load(jobs, weeks=4, grades=2)
    assert load.mean.sum() * 4 == pytest.approx(jobs.busy_seconds.sum() / 3_600)
    assert load.share.sum() == pytest.approx(1)


def test_the_first_need_meets_the_target_and_one_unit_fewer_does_not() -> None:
    jobs = poisson_jobs(rate_an_hour=6.0, mean_hours=0.5, weeks=8, allowed_hours=0.1, seed=4)
    load = offered_load(jobs, weeks=8, grades=2)
    wanted = np.array([np.nan, 0.9])
    units = first_need(load, jobs, wanted=wanted, least=1)
    allowed = [np.empty(0), np.array([0.1])]
    for counted, reaches in ((units, True), (units - 1, False)):
        met = in_time_shares(load.mean, counted, shares=load.share, mean_busy_hours=load.mean_busy_hours, allowed_hours=allowed)
        assert ((met[1] >= 0.9) == reaches).all()


def test_asking_for_more_than_can_be_reached_does_not_take_units_without_end() -> None:
    jobs = poisson_jobs(rate_an_hour=2.0, mean_hours=0.5, weeks=8, allowed_hours=0.1, seed=4)
    jobs = replace(jobs, allowed_seconds=np.where(np.arange(len(jobs)) % 4 == 0, -1.0, jobs.allowed_seconds))  # three in four at best
    load = offered_load(jobs, weeks=8, grades=2)
    units = first_need(load, jobs, wanted=np.array([np.nan, 0.76]), least=1)
    assert units.max() <= 10


def test_minimum_cover_holds_where_nothing_happens() -> None:
    jobs = jobs_at((0, 12.0, 0.5))
    load = offered_load(jobs, weeks=1, grades=2)
    units = first_need(load, jobs, wanted=np.array([np.nan, np.nan]), least=2)
    assert units.tolist() == [2] * 168
    assert need(load, units, safety=0.0, least=2).tolist() == [2] * 168


def test_more_safety_never_needs_fewer() -> None:
    jobs = poisson_jobs(rate_an_hour=4.0, mean_hours=1.0, weeks=4, allowed_hours=0.1, seed=5)
    load = offered_load(jobs, weeks=4, grades=2)
    units = first_need(load, jobs, wanted=np.array([np.nan, 0.9]), least=1)
    steps = [need(load, units, safety=safety, least=1) for safety in (0.0, 0.5, 1.0, 1.5)]
    assert all((more >= less).all() for less, more in pairwise(steps))
    assert (steps[2] == units).all()
