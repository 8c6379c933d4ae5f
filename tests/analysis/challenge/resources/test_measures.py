"""From counts to measures: percentiles, the unserved, use of units, a queue that grows."""

from dataclasses import replace

import numpy as np
import pytest

from bestvalue.analysis.challenge.resources_engine import simulate
from bestvalue.analysis.challenge.resources_examples import one_grade, world_of
from bestvalue.analysis.challenge.resources_measures import (
    attended_share,
    backlog_growth_a_week,
    borrowed,
    duty_hours,
    estimate,
    has_no_steady_state,
    hours_below_minimum,
    lent_share,
    mean_response_minutes,
    mean_wait_minutes,
    over_replications,
    overtime_hours,
    percentile_us,
    response_percentile_minutes,
    units_on_duty,
    use_share,
    use_share_by_hour,
    wait_percentile_minutes,
    within_share,
    within_share_by_hour,
)
from bestvalue.analysis.challenge.resources_model import DAY_US, HOUR_US, MINUTE_US, WEEK_US, Demand, Outcome, bin_edges_us
from bestvalue.analysis.challenge.resources_streams import whole_times


def played(units: int, *, an_hour: float = 6.0, hours: int = 672, seed: int = 1) -> tuple[Demand, Outcome]:
    """One area, jobs of an hour; six an hour on six units is just too much."""
    rng = np.random.default_rng(seed)
    n = rng.poisson(an_hour * hours)
    demand = Demand(
        time_us=whole_times(rng.integers(0, (hours - 1) * HOUR_US, n)),
        x_m=rng.integers(0, 7000, n).astype(np.int32),
        y_m=rng.integers(0, 7000, n).astype(np.int32),
        area=np.zeros(n, np.int16),
        grade=np.zeros(n, np.int8),
        scene_us=(rng.exponential(1.0, n) * HOUR_US).astype(np.int64),
        count_from_us=DAY_US,
        end_us=hours * HOUR_US,
        stop_us=hours * HOUR_US + DAY_US,
    )
    return demand, simulate(world_of(units_by_area=[units]), demand, one_grade(), keep_rows=True)


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9, 0.99])
def test_percentiles_of_the_histogram_are_those_of_the_rows_within_a_bin(level: float) -> None:
    demand, outcome = played(9)
    assert outcome.rows is not None
    response = (outcome.rows.scene_us - demand.time_us)[demand.time_us >= demand.count_from_us] / MINUTE_US
    exact = np.quantile(response, level, method="inverted_cdf")
    assert float(response_percentile_minutes(outcome, level)) == pytest.approx(exact, rel=0.035, abs=0.02)


def test_the_unserved_are_slower_than_everybody_and_miss_the_target() -> None:
    demand, outcome = played(3)
    counted = demand.time_us >= demand.count_from_us
    assert outcome.rows is not None
    response = np.where(outcome.rows.unit >= 0, outcome.rows.scene_us - demand.time_us, np.inf)[counted]
    assert float(attended_share(outcome)) == pytest.approx((response < np.inf).mean())
    assert 0.3 < float(attended_share(outcome)) < 0.7
    assert float(within_share(outcome)) == pytest.approx((response <= 15 * MINUTE_US).mean())
    assert response_percentile_minutes(outcome, 0.9) == np.inf
    assert np.isnan(mean_response_minutes(outcome))


def test_mean_wait_counts_the_unserved_with_what_they_had_waited() -> None:
    demand, outcome = played(3)
    assert outcome.rows is not None
    until = np.where(outcome.rows.unit >= 0, outcome.rows.sent_us, demand.stop_us)
    waited = (until - demand.time_us)[demand.time_us >= demand.count_from_us]
    assert float(mean_wait_minutes(outcome)) == pytest.approx(waited.mean() / MINUTE_US)


def test_censored_median_wait_is_kaplan_and_meiers() -> None:
    # by hand: two at once; waits in the bins of 10 and 40 minutes; one still waiting after 20, one after 60
    edges, none = bin_edges_us(), np.zeros((1, 1, 704), np.int32)
    at = [int(np.searchsorted(edges, minutes * MINUTE_US, side="right")) - 1 for minutes in (10, 40, 20, 60)]
    ended, censored = none.copy(), none.copy()
    ended[0, 0, at[:2]], censored[0, 0, at[2:]] = 1, 1
    cell = np.array([[1]])
    outcome = replace(
        played(9)[1],
        attended=cell * 4,
        waited=cell * 2,
        wait_bins=ended,
        unserved_bins=censored,
        reported=cell * 6,
        unserved=cell * 2,
    )
    # share waiting longer: 4/6, then 4/6 * 3/4 = 1/2, then 1/2 * 1/2 = 1/4
    found = [float(wait_percentile_minutes(outcome, level)) for level in (0.3, 0.45, 0.7, 0.9)]
    assert found[:3] == pytest.approx([0.0, edges[at[0] + 1] / MINUTE_US, edges[at[1] + 1] / MINUTE_US])
    assert np.isnan(found[3])


def test_an_empty_cell_has_no_percentile() -> None:
    assert np.isnan(percentile_us(np.zeros(704, np.int32), np.array(0), 0.5))


def test_overload_is_flagged_with_its_growth_and_a_steady_run_is_not() -> None:
    over, steady = ([played(units, seed=seed)[1] for seed in range(4)] for units in (5, 9))
    assert has_no_steady_state(over)
    assert not has_no_steady_state(steady)
    growth = float(estimate(over, backlog_growth_a_week).value[0])
    served = 5 / (1 + 2 * 0.05)  # a job is an hour on scene and some minutes of driving
    assert growth == pytest.approx((6 - served) * 168, rel=0.35)


def test_use_of_units_is_the_offered_load_over_the_units() -> None:
    demand, outcome = played(12)
    share = float(use_share(outcome)[0])
    busy = outcome.sent_us.sum() / (demand.end_us - demand.count_from_us) / 12
    assert share == pytest.approx(busy, rel=0.03)
    assert float(np.nanmean(use_share_by_hour(outcome)[:, 0])) == pytest.approx(share, rel=0.02)
    assert np.isnan(use_share(outcome)[1])  # a pool with nobody
    assert float(duty_hours(outcome)[0]) == 12 * (672 - 24)


def test_who_borrows_from_whom() -> None:
    rng = np.random.default_rng(1)
    demand, _ = played(1)
    n = len(demand.time_us)
    outcome = simulate(world_of(units_by_area=[2, 12]), replace(demand, area=(rng.random(n) < 0.5).astype(np.int16)), one_grade())
    matrix = borrowed(outcome)
    assert matrix[0, 1] > 100 > matrix[1, 0]
    assert float(lent_share(outcome)) == pytest.approx(matrix.sum() / outcome.attended.sum())
    assert overtime_hours(outcome).tolist() == [0, 0, 0] or overtime_hours(outcome)[0] > 0


def test_shares_by_hour_add_up_to_the_share() -> None:
    _, outcome = played(7)
    attended = outcome.hourly[..., 0].sum(axis=(1, 2))
    by_hour = within_share_by_hour(outcome)
    assert float((by_hour * attended).sum() / attended.sum()) == pytest.approx(float(within_share(outcome)))


def test_measures_by_grade_and_area_have_their_shapes_and_add_up() -> None:
    _, outcome = played(7)
    assert [within_share(outcome, by=by).shape for by in ("all", "grade", "area", "area and grade")] == [(), (1,), (1,), (1, 1)]
    assert float(within_share(outcome, by="grade")[0]) == pytest.approx(float(within_share(outcome)))


def test_students_interval_is_the_tables() -> None:
    found = over_replications(np.array([4.0, 6.0, 8.0, 10.0]))  # s = 2.582, t(3) = 3.182
    assert float(found.half_width) == pytest.approx(3.18245 * 2.58199 / 2, rel=1e-5)
    assert np.isnan(over_replications(np.array([4.0])).half_width)


def test_units_on_duty_by_hour_and_hours_below_the_minimum() -> None:
    world = world_of(units_by_area=[2])
    world = replace(
        world,
        shift_from_us=np.array([6 * HOUR_US + HOUR_US // 2, WEEK_US - 2 * HOUR_US]) // 4 * 4,
        shift_to_us=np.array([8 * HOUR_US, WEEK_US + HOUR_US]),
        pool_minimum_units=np.array([1, 0], np.int32),
    )
    on_duty = units_on_duty(world)[:, 0]
    assert {hour: share for hour, share in enumerate(on_duty.tolist()) if share} == {0: 1.0, 6: 0.5, 7: 1.0, 166: 1.0, 167: 1.0}
    assert hours_below_minimum(world).tolist() == [168 - 4, 0]
