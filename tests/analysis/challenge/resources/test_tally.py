"""What a sweep counts is what the rows of its runs say, the unserved among them; percentiles from histograms are those of the rows."""

from dataclasses import replace

import numpy as np
import pytest

from bestvalue.analysis.challenge.resources_calibrate import Calibration
from bestvalue.analysis.challenge.resources_calibrate_force import Force, draw, spread_copies, world_of
from bestvalue.analysis.challenge.resources_calibrate_weeks import Drawn
from bestvalue.analysis.challenge.resources_engine import simulate
from bestvalue.analysis.challenge.resources_examples import one_grade
from bestvalue.analysis.challenge.resources_examples import world_of as example_of
from bestvalue.analysis.challenge.resources_model import BINS, DAY_US, HOUR_US, MINUTE_US, Demand, Outcome, Rows, bin_edges_us, whole_times
from bestvalue.analysis.challenge.resources_percentiles import percentile_minutes, wait_percentile_minutes
from bestvalue.analysis.challenge.resources_tally import (
    AREA,
    HOUR,
    MEAN_WAIT,
    NINETIETH,
    QUANTILES,
    REACHED,
    REPORTED,
    SKILL,
    SUPPORT,
    WAITED,
    WITHIN,
    Key,
    Tally,
    keys_of,
    tally,
)


@pytest.fixture(scope="module", params=[1.0, 0.4], ids=["today", "overload"])
def run(request: pytest.FixtureRequest, calibrated: Calibration) -> tuple[Force, Drawn, Outcome]:
    force = calibrated.force
    drawn = draw(force, weeks=3, demand_factor=1.0, seed=2, replication=0)
    copies = spread_copies(force, np.full(len(force.unit_pool), request.param))
    world, rules = world_of(force, copies=copies, drawn=drawn, seed=2, replication=0)
    return force, drawn, simulate(world, drawn.demand, rules, keep_rows=True)


def test_shares_and_waits_are_those_of_the_rows(run: tuple[Force, Drawn, Outcome]) -> None:
    force, drawn, outcome = run
    found = dict(zip(keys_of(force), tally(force, drawn.demand, outcome).values, strict=True))
    demand, rows = drawn.demand, rows_of(outcome)
    counted = demand.time_us >= demand.count_from_us
    reached = rows.unit >= 0
    minutes = np.where(reached, (rows.scene_us - demand.reported_us) / MINUTE_US, np.inf)
    within = minutes <= force.target_minutes[demand.grade]
    wait = np.where(reached, (rows.sent_us - demand.time_us) / MINUTE_US, np.inf)
    hour = demand.reported_us // HOUR_US % 24
    for number, grade in enumerate(force.grades):
        mine = counted & (demand.grade == number)
        assert found[Key(WITHIN, grade)] == pytest.approx(within[mine].mean())
        assert found[Key(REACHED, grade)] == pytest.approx(reached[mine].mean())
        assert found[Key(WAITED, grade)] == pytest.approx((wait[mine] > 0).mean())
        assert found[Key(REPORTED, grade)] == pytest.approx(mine.sum() / 3)
        assert found[Key(MEAN_WAIT, grade)] == pytest.approx(wait[mine & reached].mean())
        for at in (0, 9, 23):
            assert found[Key(WITHIN, grade, HOUR, str(at))] == pytest.approx(within[mine & (hour == at)].mean())
        for area in (0, len(force.area_names) - 1):
            here = mine & (demand.area == area)
            assert found[Key(WITHIN, grade, AREA, force.area_names[area])] == pytest.approx(within[here].mean())


def test_percentiles_of_response_are_those_of_the_rows_within_a_bin(run: tuple[Force, Drawn, Outcome]) -> None:
    force, drawn, outcome = run
    found = dict(zip(keys_of(force), tally(force, drawn.demand, outcome).values, strict=True))
    demand, rows = drawn.demand, rows_of(outcome)
    counted = demand.time_us >= demand.count_from_us
    minutes = np.where(rows.unit >= 0, (rows.scene_us - demand.reported_us) / MINUTE_US, np.inf)
    for number, grade in enumerate(force.grades):
        mine = counted & (demand.grade == number)
        for name, share in QUANTILES.items():
            exact = np.quantile(minutes[mine], share, method="inverted_cdf")
            assert found[Key(name, grade)] == pytest.approx(exact, rel=0.035, abs=0.02), (grade, name)
        exact = np.quantile(minutes[mine & (demand.area == 1)], 0.9, method="inverted_cdf")
        assert found[Key(NINETIETH, grade, AREA, force.area_names[1])] == pytest.approx(exact, rel=0.05, abs=0.02)


def test_support_is_counted_from_the_first_arrival(run: tuple[Force, Drawn, Outcome]) -> None:
    force, drawn, outcome = run
    found = dict(zip(keys_of(force), tally(force, drawn.demand, outcome).values, strict=True))
    demand, rows = drawn.demand, rows_of(outcome)
    asked = (demand.time_us >= demand.count_from_us) & (rows.requested_us >= 0)
    minutes = np.where(rows.support_unit >= 0, (rows.support_scene_us - rows.requested_us + demand.support_before_us) / MINUTE_US, np.inf)
    within = minutes <= force.support_target_minutes
    assert found[Key(WITHIN, SUPPORT)] == pytest.approx(within[asked].mean())
    assert found[Key(REACHED, SUPPORT)] == pytest.approx((rows.support_unit[asked] >= 0).mean())
    for number, skill in enumerate(force.skills):
        mine = asked & (demand.need_skill == number)
        assert found[Key(WITHIN, SUPPORT, SKILL, skill)] == pytest.approx(within[mine].mean() if mine.any() else np.nan, nan_ok=True)


def test_a_tally_comes_back_from_its_row_of_numbers(run: tuple[Force, Drawn, Outcome]) -> None:
    force, drawn, outcome = run
    one = tally(force, drawn.demand, outcome)
    other = Tally.of_vector(one.as_vector(), keys=len(keys_of(force)), areas=len(force.area_names))
    assert np.array_equal(one.values, other.values, equal_nan=True)
    assert np.array_equal(one.sent, other.sent)
    assert other.incidents == len(drawn.demand.time_us)


def test_the_lengths_of_an_incident_do_not_change_with_demand(calibrated: Calibration) -> None:
    force = calibrated.force
    few, many = (draw(force, weeks=2, demand_factor=factor, seed=1, replication=0).demand for factor in (0.9, 1.2))
    more = set(zip(many.reported_us.tolist(), many.x_m.tolist(), many.scene_us.tolist(), many.support_us.tolist(), strict=True))
    less = list(zip(few.reported_us.tolist(), few.x_m.tolist(), few.scene_us.tolist(), few.support_us.tolist(), strict=True))
    assert all(row in more for row in less)
    assert len(many.time_us) / len(few.time_us) == pytest.approx(1.2 / 0.9, rel=0.03)


def test_a_censored_wait_is_kaplan_and_meiers() -> None:
    # By hand: two at once; waits in the bins of 10 and 40 minutes; one still waiting after 20, one after 60.
    edges = bin_edges_us()
    at = [int(np.searchsorted(edges, minutes * MINUTE_US, side="right")) - 1 for minutes in (10, 40, 20, 60)]
    ended, censored = np.zeros(BINS, np.int32), np.zeros(BINS, np.int32)
    ended[at[:2]], censored[at[2:]] = 1, 1
    # Share waiting longer: 4/6, then 4/6 * 3/4 = 1/2, then 1/2 * 1/2 = 1/4.
    found = [float(wait_percentile_minutes(np.array(2), ended, censored, level)) for level in (0.3, 0.45, 0.7, 0.9)]
    assert found == pytest.approx([0.0, edges[at[0] + 1] / MINUTE_US, edges[at[1] + 1] / MINUTE_US, np.inf])


def test_an_empty_cell_has_no_percentile() -> None:
    nothing = np.zeros(BINS, np.int32)
    assert np.isnan(percentile_minutes(nothing, np.array(0), 0.5))
    assert np.isnan(wait_percentile_minutes(np.array(0), nothing, nothing, 0.5))


def test_a_queue_grows_by_what_comes_less_what_is_served() -> None:
    rng = np.random.default_rng(1)
    hours, units, an_hour = 672, 5, 6.0
    n = rng.poisson(an_hour * hours)
    demand = Demand(
        time_us=whole_times(rng.integers(0, (hours - 1) * HOUR_US, n)),
        x_m=np.full(n, 3500, np.int32),
        y_m=np.full(n, 3500, np.int32),
        area=np.zeros(n, np.int16),
        grade=np.zeros(n, np.int8),
        scene_us=(rng.exponential(1.0, n) * HOUR_US).astype(np.int64),
        count_from_us=DAY_US,
        end_us=hours * HOUR_US,
        stop_us=hours * HOUR_US + DAY_US,
    )
    waiting = simulate(example_of(units_by_area=[units]), demand, replace(one_grade(), borrow_after_us=np.array([-1]))).waiting_by_day
    assert (waiting[-1, 0] - waiting[0, 0]) / 27 == pytest.approx(24 * (an_hour - units), rel=0.25)


def rows_of(outcome: Outcome) -> Rows:
    assert outcome.rows is not None
    return outcome.rows
