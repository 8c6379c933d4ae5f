"""Formulas of waiting against values of textbooks and of theory, and against each other."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestvalue.analysis.hypercube import approximate_workloads, correction, hypercube
from bestvalue.analysis.queueing import (
    chances_of_waiting,
    erlang_a,
    erlang_b,
    erlang_c,
    mean_distance_to_nearest_m,
    priority_waits,
    priority_waits_one_unit,
    waits_of_the_waiting,
)
from bestvalue.errors import SpecError

# Larson & Odoni 1981, sec. 5.4.3: areas .75/.35/.40; area 1 divides .50/.25 between second choices 2 and 3
CALLS = [0.50, 0.25, 0.35, 0.40]
ORDER = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [2, 0, 1]]


@pytest.mark.parametrize(
    ("units", "load", "lost"),
    [(1, 0.5, 1 / 3), (2, 1.0, 0.2), (5, 3.0, 0.1100543478), (10, 5.0, 0.0183845703), (20, 18.0, 0.1092128459), (100, 84.064, 0.01)],
)
def test_erlang_b_gives_the_traffic_tables_losses(units: int, load: float, lost: float) -> None:
    assert erlang_b(load_erlangs=load, units=units) == pytest.approx(lost, abs=2e-6 if units == 100 else 5e-11)


@pytest.mark.parametrize(
    ("units", "load", "wait"),
    [(1, 0.5, 0.5), (2, 1.0, 1 / 3), (3, 1.5, 0.2368421053), (5, 3.0, 0.2361516035), (10, 5.0, 0.0361053592), (20, 18.0, 0.5507690048)],
)
def test_erlang_c_makes_the_published_share_wait(units: int, load: float, wait: float) -> None:
    assert erlang_c(arrivals_per_hour=load, served_per_hour=1, units=units).p_wait == pytest.approx(wait, abs=5e-11)


def test_many_hours_at_once_wait_as_each_by_itself_and_all_where_the_load_is_not_below_the_units() -> None:
    loads, units = np.array([0.5, 1.5, 5.0, 18.0, 2.0, 3.0]), np.array([1, 3, 10, 20, 2, 2])
    published = [0.5, 0.2368421053, 0.0361053592, 0.5507690048, 1.0, 1.0]
    assert chances_of_waiting(load_erlangs=loads, units=units) == pytest.approx(published, abs=5e-11)


def test_a_grade_that_the_units_cannot_keep_up_with_waits_without_end_and_those_before_it_do_not() -> None:
    # One unit, grades of 0.6 and 0.6: the first is M/M/1 with priority, of whom those who wait at a full unit wait 1 / (1 - 0.6).
    waits = waits_of_the_waiting(load_erlangs=np.array([[0.6], [0.6]]), units=np.array([1]), mean_job_hours=1.0)
    assert waits[:, 0].tolist() == [pytest.approx(2.5), math.inf]


@pytest.mark.parametrize(
    ("arrivals", "leaving", "expected"),
    [
        (18, 0.5, (0.39779515, 0.03783598, 1.36209526)),
        (20, 1, (0.52974273, 0.08883532, 1.77670635)),
        (24, 0.5, (0.90870573, 0.17777753, 8.53332133)),
    ],
)
def test_erlang_a_on_twenty_units_gives_the_chains_shares(arrivals: float, leaving: float, expected: tuple[float, float, float]) -> None:
    found = erlang_a(arrivals_per_hour=arrivals, served_per_hour=1, left_per_hour=leaving, units=20)
    assert (found.p_wait, found.p_leave, found.mean_queue) == pytest.approx(expected, abs=5e-9)


@pytest.mark.parametrize(
    ("arrivals", "served", "units", "waits"),
    [
        ([0.2, 0.3, 0.5], 1 / 18, 20, (0.60450257, 1.09909558, 9.01258372)),
        ([0.3, 0.3, 0.3], 1.0, 1, (1.28571429, 3.21428571, 22.5)),
        ([0.5, 0.7, 0.9], 1.0, 3, (0.1969378, 0.32822967, 0.91174907)),
    ],
)
def test_cobhams_waits_by_grade(arrivals: list[float], served: float, units: int, waits: tuple[float, ...]) -> None:
    assert priority_waits(arrivals_per_hour=arrivals, served_per_hour=served, units=units) == pytest.approx(waits, abs=6e-9)


@given(arrivals=st.lists(st.floats(0.01, 2.0), min_size=1, max_size=5), spare=st.integers(1, 20))
def test_priorities_only_share_out_the_wait_of_first_come_first_served(arrivals: list[float], spare: int) -> None:
    units = math.floor(sum(arrivals)) + spare  # Kleinrock's conservation law
    waits = priority_waits(arrivals_per_hour=arrivals, served_per_hour=1.0, units=units)
    mean = sum(rate * wait for rate, wait in zip(arrivals, waits, strict=True)) / sum(arrivals)
    assert mean == pytest.approx(erlang_c(arrivals_per_hour=sum(arrivals), served_per_hour=1.0, units=units).mean_wait_hours, rel=1e-9)


def test_one_unit_with_one_grade_is_pollaczek_and_khinchine() -> None:
    found = priority_waits_one_unit(arrivals_per_hour=[0.5], mean_job_hours=[1.0], mean_square_job_hours2=[3.0])
    assert found == pytest.approx((0.5 * 3.0 / (2 * 0.5),))


@given(load=st.floats(0, 200), spare=st.integers(1, 50))
def test_one_more_unit_never_lengthens_the_wait(load: float, spare: int) -> None:
    units = math.floor(load) + spare
    now, then = (erlang_c(arrivals_per_hour=load, served_per_hour=1, units=c) for c in (units, units + 1))
    assert then.p_wait <= now.p_wait <= 1 + 1e-12


def test_a_load_without_steady_state_is_refused_with_what_to_do() -> None:
    with pytest.raises(SpecError, match="grows for ever") as refused:
        erlang_c(arrivals_per_hour=4, served_per_hour=1, units=4)
    assert "more units" in refused.value.next_step


def test_forty_units_in_forty_nine_square_kilometres_are_548_metres_off() -> None:
    assert mean_distance_to_nearest_m(units=40, area_m2=7000.0**2) == pytest.approx(548.28, abs=0.005)


def test_hypercube_gives_the_books_workloads_and_states() -> None:
    found = hypercube(CALLS, ORDER)
    assert found.workload == pytest.approx([0.5574, 0.4734, 0.4693], abs=5e-5)  # published
    assert found.state_share[[0, 7]] == pytest.approx([0.21053, 0.11842], abs=5e-6)
    assert found.queue_share == pytest.approx(0.11842, abs=5e-6)
    assert found.answers.sum() == pytest.approx(1.0)


def test_hypercube_without_a_queue_loses_as_erlang_b() -> None:
    found = hypercube(CALLS, ORDER, waits=False)
    assert found.lost_share == pytest.approx(erlang_b(load_erlangs=1.5, units=3), rel=1e-12)
    assert found.workload == pytest.approx([0.49791, 0.40263, 0.39797], abs=5e-6)


def test_larsons_approximation_gives_the_books_factors_and_workloads() -> None:
    assert [correction(3, 0.5, tries) for tries in range(3)] == pytest.approx([1, 0.73684, 0.63158], abs=5e-6)
    assert approximate_workloads(CALLS, ORDER) == pytest.approx([0.5627, 0.4716, 0.4657], abs=1.5e-4)  # published after few rounds


def test_an_order_that_leaves_a_unit_out_is_refused() -> None:
    with pytest.raises(SpecError, match="each unit once"):
        hypercube([1.0], [[0, 0]])


@given(seed=st.integers(0, 10_000))
def test_workloads_add_up_to_the_load(seed: int) -> None:
    rng = np.random.default_rng(seed)
    units = int(rng.integers(1, 6))
    calls = rng.dirichlet(np.ones(4)) * units * 0.7
    found = hypercube(calls.tolist(), [rng.permutation(units).tolist() for _ in range(4)])
    assert found.workload.sum() == pytest.approx(calls.sum(), rel=1e-9)
