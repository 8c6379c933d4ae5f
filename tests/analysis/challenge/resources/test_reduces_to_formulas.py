"""With nothing in it but what a formula assumes, the simulation gives the formula's value within an interval over replications.

Each test also asks that the interval is narrow: a wide one would hold anything.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from bestvalue.analysis.challenge.resources_engine import run
from bestvalue.analysis.challenge.resources_examples import one_grade, world_of
from bestvalue.analysis.challenge.resources_model import (
    HOUR_US,
    HOURS_OF_WEEK,
    MINUTE_US,
    NEVER,
    WEEK_US,
    Demand,
    Outcome,
    Rules,
    World,
    whole_times,
)
from bestvalue.analysis.challenge.resources_prepare import prepared
from bestvalue.analysis.challenge.resources_sweep import estimate
from bestvalue.analysis.hypercube import hypercube
from bestvalue.analysis.queueing import erlang_c, mean_distance_to_nearest_m, priority_waits, priority_waits_one_unit

Rng = np.random.Generator
REPLICATIONS = 24


def standing_still(units: int, *, grades: int = 1, support: int = 0) -> World:
    """One area where nobody drives: travel takes no time."""
    world = world_of(units_by_area=[units], support_units=support, grades=grades)
    return replace(world, pace_us_per_m=np.zeros((2, grades, HOURS_OF_WEEK)))


def only_wait(grades: int) -> Rules:
    never = np.full(grades, NEVER)
    return Rules(grades=tuple("abc"[:grades]), skills=("any",), borrow_after_us=never, target_us=never, support_target_us=never)


def stream(rng: Rng, *, rates_an_hour: list[float], scene_hours: Callable[[Rng, np.ndarray], np.ndarray], hours: int) -> Demand:
    """Poisson arrivals of several grades, counted after a tenth of the run."""
    n = rng.poisson(sum(rates_an_hour) * hours)
    grade = rng.choice(len(rates_an_hour), n, p=np.array(rates_an_hour) / sum(rates_an_hour)).astype(np.int8)
    return Demand(
        time_us=whole_times(rng.integers(0, hours * HOUR_US - MINUTE_US, n)),
        x_m=np.full(n, 3500, np.int32),
        y_m=np.full(n, 3500, np.int32),
        area=np.zeros(n, np.int16),
        grade=grade,
        scene_us=(scene_hours(rng, grade) * HOUR_US).astype(np.int64),
        count_from_us=hours // 10 * HOUR_US,
        end_us=hours * HOUR_US,
        stop_us=hours * HOUR_US + WEEK_US,
    )


def outcomes(world: World, rules: Rules, draw: Callable[[Rng], Demand], *, replications: int = REPLICATIONS) -> list[Outcome]:
    ready = prepared(world, rules)
    return [run(ready, draw(np.random.Generator(np.random.Philox(key=number)))) for number in range(replications)]


def holds(values: np.ndarray, exact: float, *, within: float) -> None:
    """The exact value lies in the 99.9% interval of the replications, which is narrower than a share of it either side."""
    found = estimate(values, 0.999)
    assert found.low < exact < found.high
    assert found.half_width < within * exact


def test_one_area_without_travel_waits_as_cobham_says_for_twenty_units_and_three_grades() -> None:
    rates, served = [12.0, 18.0, 30.0], 60 / 18
    exact = priority_waits(arrivals_per_hour=rates, served_per_hour=served, units=20)

    def draw(rng: Rng) -> Demand:
        return stream(rng, rates_an_hour=rates, scene_hours=lambda r, g: r.exponential(1 / served, len(g)), hours=2000)

    found = outcomes(standing_still(20, grades=3), only_wait(3), draw)
    for grade, within in enumerate((0.03, 0.04, 0.1)):
        holds(np.array([o.wait_sum_us[0, grade] / o.attended[0, grade] / HOUR_US for o in found]), exact[grade], within=within)


def test_one_unit_with_fixed_jobs_waits_as_pollaczek_khinchine_and_cobham_say() -> None:
    hours = np.array([1.0, 2.0, 0.5])
    rates = [0.2, 0.15, 0.4]
    exact = priority_waits_one_unit(arrivals_per_hour=rates, mean_job_hours=hours.tolist(), mean_square_job_hours2=(hours**2).tolist())
    found = outcomes(
        standing_still(1, grades=3),
        only_wait(3),
        lambda rng: stream(rng, rates_an_hour=rates, scene_hours=lambda _, g: hours[g], hours=16_000),
        replications=100,
    )
    for grade, within in enumerate((0.02, 0.03, 0.06)):
        holds(np.array([o.wait_sum_us[0, grade] / o.attended[0, grade] / HOUR_US for o in found]), exact[grade], within=within)


def test_support_pool_is_an_erlang_c_queue_of_fifteen_units() -> None:
    exact = erlang_c(arrivals_per_hour=0.85 * 15, served_per_hour=1.0, units=15)

    def draw(rng: Rng) -> Demand:
        asked = stream(rng, rates_an_hour=[0.85 * 15], scene_hours=lambda _, g: np.zeros(len(g)), hours=16_000)
        n = len(asked.time_us)
        return replace(asked, need_skill=np.zeros(n, np.int8), support_us=(rng.exponential(1.0, n) * HOUR_US).astype(np.int64))

    found = outcomes(standing_still(40, support=15), only_wait(1), draw)
    holds(np.array([o.support_wait_sum_us.sum() / o.supported.sum() / HOUR_US for o in found]), exact.mean_wait_hours, within=0.06)
    holds(np.array([o.support_waited.sum() / o.supported.sum() for o in found]), exact.p_wait, within=0.03)


def test_three_units_with_orders_of_their_own_work_as_larsons_hypercube_says() -> None:
    calls = [0.50, 0.25, 0.35, 0.40]
    order = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [2, 0, 1]]
    exact = hypercube(calls, order).workload  # published: 0.5574, 0.4734, 0.4693
    travel = np.zeros((7, 7), np.int64)  # units wait in zones 4 to 6; how near they are gives each place's order
    for place, row in enumerate(order):
        travel[np.array(row) + 4, place] = [0, 1, 2]
    world = replace(standing_still(3), unit_returns=np.ones(3, bool), unit_zone=np.array([4, 5, 6], np.int32), zone_travel_us=travel)
    world = replace(world, unit_pool=np.array([0, 0, 0], np.int32))
    busy = np.zeros((REPLICATIONS, 3))
    for number in range(REPLICATIONS):
        rng = np.random.Generator(np.random.Philox(key=number))
        demand = stream(rng, rates_an_hour=[1.5], scene_hours=lambda r, g: r.exponential(1.0, len(g)), hours=8000)
        place = rng.choice(4, len(demand.time_us), p=np.array(calls) / 1.5).astype(np.int32)
        rows = run(prepared(world, only_wait(1)), replace(demand, zone=place), keep_rows=True).rows
        assert rows is not None
        busy[number] = np.bincount(rows.unit, weights=demand.scene_us / HOUR_US, minlength=3) / 8000
    for unit in range(3):
        holds(busy[:, unit], exact[unit], within=0.02)


def test_nearest_of_forty_units_spread_over_a_disc_is_as_far_as_the_square_root_law_says() -> None:
    areas, units, radius = 300, 40, 4000.0
    metres = []
    for number in range(REPLICATIONS):
        rng = np.random.default_rng(number)
        angle, away = rng.uniform(0, 2 * np.pi, areas * units), radius * np.sqrt(rng.uniform(0, 1, areas * units))
        world = world_of(units_by_area=[units] * areas)
        world = replace(
            world,
            unit_x_m=np.rint(away * np.cos(angle)).astype(np.int32),
            unit_y_m=np.rint(away * np.sin(angle)).astype(np.int32),
            pace_us_per_m=np.full((2, 1, HOURS_OF_WEEK), 1e6),
        )
        one_each = Demand(
            time_us=np.arange(areas) * 4 + 1,
            x_m=np.zeros(areas, np.int32),
            y_m=np.zeros(areas, np.int32),
            area=np.arange(areas, dtype=np.int16),
            grade=np.zeros(areas, np.int8),
            scene_us=np.full(areas, HOUR_US),
            count_from_us=0,
            end_us=HOUR_US,
            stop_us=HOUR_US,
        )
        metres.append(run(prepared(world, one_grade()), one_each).response_sum_us.sum() / areas / 1e6)
    holds(np.array(metres), mean_distance_to_nearest_m(units=units, area_m2=np.pi * radius**2), within=0.03)


@pytest.mark.parametrize("number", range(3))
def test_busy_time_is_the_time_of_the_jobs_and_every_incident_ends_once(number: int) -> None:
    rng = np.random.default_rng(number)
    world = world_of(units_by_area=[3, 2, 4], support_units=2)
    demand = stream(rng, rates_an_hour=[5.0], scene_hours=lambda r, g: r.exponential(1.0, len(g)), hours=500)
    n = len(demand.time_us)
    late = demand.time_us > 400 * HOUR_US  # leave time for all jobs to end before the count does
    demand = replace(
        demand,
        area=rng.integers(0, 3, n).astype(np.int16),
        need_skill=np.where(rng.random(n) < 0.1, 0, -1).astype(np.int8),
        support_us=np.full(n, 20 * MINUTE_US),
        count_from_us=0,
    )
    kept = {name: values[~late] for name, values in vars(demand).items() if isinstance(values, np.ndarray) and len(values) == n}
    outcome = run(prepared(world, one_grade()), replace(demand, **kept))
    assert int(outcome.attended.sum()) == int((~late).sum()) == int(outcome.response_bins.sum())
    assert int(outcome.unserved.sum()) == 0
    busy = int((outcome.duty_us - outcome.idle_us - outcome.break_us).sum())
    assert busy == int(outcome.sent_us.sum() + outcome.support_sent_us.sum())
