"""What each rule does, on worlds small enough to work out by hand. One kilometre takes a minute."""

from dataclasses import replace

import numpy as np
import pytest

from bestvalue.analysis.challenge.resources_engine import simulate
from bestvalue.analysis.challenge.resources_examples import world_of
from bestvalue.analysis.challenge.resources_model import DAY_US, HOUR_US, HOURS_OF_WEEK, MINUTE_US, NEVER, Demand, Outcome, Rules, World

A_FEW_US = 10  # times move to their kind's residue


def world(units: list[int], *, support: int = 0, grades: int = 2) -> World:
    made = world_of(units_by_area=units, support_units=support, grades=grades)
    return replace(made, pace_us_per_m=np.full((2, grades, HOURS_OF_WEEK), MINUTE_US / 1000))


def rules(**changes: object) -> Rules:
    plain = Rules(
        grades=("urgent", "other"),
        skills=("any",),
        borrow_after_us=np.array([NEVER, NEVER]),
        target_us=np.array([15, 60]) * MINUTE_US,
        support_target_us=np.array([30, 60]) * MINUTE_US,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def incidents(*rows: tuple[float, int, int, float], x_m: list[int] | None = None, **changes: object) -> Demand:
    """Rows of minute of report, area, grade and minutes on scene, in the middle of their area."""
    minute, area, grade, scene = (np.array(column) for column in zip(*rows, strict=True))
    made = Demand(
        time_us=(minute * MINUTE_US).astype(np.int64) + 1,
        x_m=np.array(x_m or area * 7000 + 3500, np.int32),
        y_m=np.full(len(rows), 3500, np.int32),
        area=area.astype(np.int16),
        grade=grade.astype(np.int8),
        scene_us=(scene * MINUTE_US).astype(np.int64),
        count_from_us=0,
        end_us=DAY_US,
        stop_us=DAY_US,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def minutes(outcome: Outcome, what: str) -> list[float]:
    """A column of the rows, in minutes of the run; None where it did not happen."""
    return [round(time / MINUTE_US, 3) if time >= 0 else -1 for time in getattr(outcome.rows, what)]


def test_the_nearest_idle_unit_of_the_own_area_goes() -> None:
    made = replace(world([3]), unit_x_m=np.array([0, 3000, 7000], np.int32))
    outcome = simulate(made, incidents((0, 0, 0, 10)), rules(), keep_rows=True)
    assert outcome.rows is not None
    assert outcome.rows.unit.tolist() == [1]
    assert minutes(outcome, "scene_us") == [0.5]


def test_the_most_urgent_that_waits_goes_next_and_then_the_oldest() -> None:
    outcome = simulate(world([1]), incidents((0, 0, 1, 30), (1, 0, 1, 30), (2, 0, 1, 30), (3, 0, 0, 30)), rules(), keep_rows=True)
    assert minutes(outcome, "sent_us") == [0, 60, 90, 30]


def test_a_neighbour_is_asked_when_the_patience_of_the_grade_ends() -> None:
    asks = rules(borrow_after_us=np.array([2, 10]) * MINUTE_US)
    outcome = simulate(world([1, 1]), incidents((0, 0, 0, 60), (1, 0, 1, 60)), asks, keep_rows=True)
    assert minutes(outcome, "sent_us") == [0, 11]
    assert minutes(outcome, "scene_us") == [0, 18]  # seven kilometres
    assert outcome.sent[:, :2].tolist() == [[1, 1], [0, 0]]


def test_a_neighbour_that_is_freed_takes_what_is_overdue_and_keeps_its_own_first() -> None:
    asks = rules(borrow_after_us=np.array([2, 2]) * MINUTE_US)
    late = incidents((0, 0, 0, 100), (1, 1, 1, 30), (5, 0, 0, 60), (6, 1, 1, 10))
    outcome = simulate(world([1, 1]), late, asks, keep_rows=True)
    assert minutes(outcome, "sent_us") == [0, 1, 41, 31]  # area 1's unit: its own at 31, then the neighbour's
    assert outcome.rows is not None
    assert outcome.rows.unit.tolist() == [0, 1, 1, 1]


def test_nobody_is_lent_where_no_lender_is_named() -> None:
    asks = rules(borrow_after_us=np.array([2, 2]) * MINUTE_US)
    alone = replace(world([1, 1]), borrows_from=np.zeros((2, 2), bool))
    assert minutes(simulate(alone, incidents((0, 0, 0, 60), (1, 0, 0, 60)), asks, keep_rows=True), "sent_us") == [0, 60]


def test_a_pool_lends_only_what_it_need_not_keep() -> None:
    asks = rules(borrow_after_us=np.array([2, 2]) * MINUTE_US)
    held = replace(world([1, 2]), pool_keeps_idle=np.array([0, 1, 0], np.int32))
    outcome = simulate(held, incidents((0, 0, 0, 60), (1, 0, 0, 60), (2, 0, 0, 60)), asks, keep_rows=True)
    assert minutes(outcome, "sent_us") == [0, 3, 60]


def test_patience_of_zero_asks_neighbours_on_equal_terms() -> None:
    at_once = rules(borrow_after_us=np.array([0, 0]))
    outcome = simulate(world([1, 1]), incidents((0, 0, 0, 10), x_m=[8000]), at_once, keep_rows=True)
    assert outcome.rows is not None
    assert outcome.rows.unit.tolist() == [1]


def test_support_is_asked_for_at_the_scene_and_waits_for_its_skill() -> None:
    both = incidents((0, 0, 0, 10), (1, 0, 1, 10), need_skill=np.zeros(2, np.int8), support_us=np.full(2, 20 * MINUTE_US))
    outcome = simulate(world([2], support=1), both, rules(), keep_rows=True)
    assert minutes(outcome, "support_sent_us") == [0, 20]
    assert outcome.support_waited.tolist() == [[0, 1]]
    assert outcome.rows is not None
    assert outcome.rows.support_unit.tolist() == [2, 2]


def test_a_unit_under_way_is_called_off_for_the_urgent_and_comes_from_where_it_is() -> None:
    diverts = rules(diverts_for=0, diverts_from=1)
    outcome = simulate(world([1]), incidents((0, 0, 1, 30), (2, 0, 0, 10), x_m=[7500, 4500]), diverts, keep_rows=True)
    assert minutes(outcome, "scene_us") == [16, 3]  # called off after 2 of 4 km, 1 km back, 10 minutes, then 3 km
    assert outcome.diverted.tolist() == [[0, 1]]
    assert outcome.attended.tolist() == [[1, 1]]


def test_a_unit_on_scene_is_not_called_off() -> None:
    diverts = rules(diverts_for=0, diverts_from=1)
    outcome = simulate(world([1]), incidents((0, 0, 1, 30), (2, 0, 0, 10)), diverts, keep_rows=True)
    assert minutes(outcome, "sent_us") == [0, 30]


def one_turn(**changes: object) -> World:
    made = replace(world([1]), shift_from_us=np.array([0]), shift_to_us=np.array([HOUR_US]))
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_job_that_runs_past_the_end_of_the_turn_is_overtime_and_the_next_waits_for_a_turn() -> None:
    outcome = simulate(one_turn(), incidents((50, 0, 0, 30), (70, 0, 0, 30)), rules(), keep_rows=True)
    assert minutes(outcome, "sent_us") == [50, -1]
    assert int(outcome.overtime_us.sum()) / MINUTE_US == pytest.approx(20, abs=0.001)
    assert outcome.unserved.tolist() == [[1, 0]]


def test_a_meal_break_is_taken_when_due_or_when_next_idle_and_lost_where_it_no_longer_fits() -> None:
    rests = one_turn(shift_break_us=np.array([10 * MINUTE_US]), shift_break_after_us=np.array([20 * MINUTE_US]))
    idle = simulate(rests, incidents((25, 0, 0, 5)), rules(), keep_rows=True)
    later = simulate(rests, incidents((15, 0, 0, 20), (36, 0, 0, 5)), rules(), keep_rows=True)
    lost = simulate(rests, incidents((15, 0, 0, 40)), rules(), keep_rows=True)
    assert [minutes(outcome, "sent_us") for outcome in (idle, later, lost)] == [[30], [15, 45], [15]]
    assert [(int(o.breaks.sum()), int(o.breaks_missed.sum())) for o in (idle, later, lost)] == [(1, 0), (1, 0), (0, 1)]


def test_a_unit_that_is_away_for_a_whole_turn_takes_nobody_at_its_ends() -> None:
    turns = np.array([8, 9]) * HOUR_US  # eight hours each; the first unit is away for all of its own
    made = replace(
        world([2]),
        shift_unit=np.array([0, 1], np.int32),
        shift_from_us=turns,
        shift_to_us=turns + 8 * HOUR_US,
        shift_break_us=np.zeros(2, np.int64),
        shift_break_after_us=np.zeros(2, np.int64),
        away_unit=np.array([0], np.int32),
        away_from_us=turns[:1],
        away_to_us=turns[:1] + 8 * HOUR_US,
    )
    early, late = (7 * 60, 0, 0, 480), (15 * 60, 0, 0, 10)  # the second unit is out until a minute after five
    outcome = simulate(made, incidents(early, late), rules(), keep_rows=True)
    assert outcome.rows is not None
    assert outcome.rows.unit.tolist() == [1, -1]
    assert minutes(outcome, "sent_us") == [9 * 60, -1]


def test_a_unit_that_is_taken_away_finishes_its_job_first_and_comes_back_to_its_base() -> None:
    away = replace(world([1]), away_unit=np.array([0], np.int32), away_from_us=np.array([10 * MINUTE_US]), away_to_us=np.array([HOUR_US]))
    outcome = simulate(away, incidents((5, 0, 0, 15), (30, 0, 0, 5), x_m=[7500, 3500]), rules(), keep_rows=True)
    assert minutes(outcome, "sent_us") == [5, 60]
    assert minutes(outcome, "scene_us") == [9, 60]


def test_a_unit_waits_where_it_finished_unless_it_returns_to_its_base() -> None:
    both = incidents((0, 0, 0, 5), (30, 0, 0, 5), x_m=[6500, 3500])
    stays = simulate(world([1]), both, rules(), keep_rows=True)
    returns = simulate(replace(world([1]), unit_returns=np.ones(1, bool)), both, rules(), keep_rows=True)
    assert minutes(stays, "scene_us") == [3, 33]
    assert minutes(returns, "scene_us") == [3, 30]


def test_travel_is_turnout_then_distance_by_hour_with_the_incidents_own_luck() -> None:
    slow = world([1])
    slow.pace_us_per_m[0, 0, 1] *= 3  # the second hour of Monday
    late = incidents((60, 0, 0, 5), x_m=[5500], turnout_us=np.array([MINUTE_US], np.int32), travel_factor=np.array([0.5], np.float32))
    assert minutes(simulate(slow, late, rules(), keep_rows=True), "scene_us") == [64]  # 60 + 1 + 2 km * 3 * 0.5


def test_a_short_trip_is_longer_by_the_root_of_its_length() -> None:
    starts = replace(world([1]), start_us_per_root_m=np.full((2, 2), 1e6))
    found = simulate(starts, incidents((0, 0, 0, 5), x_m=[4400]), rules(), keep_rows=True)
    assert minutes(found, "scene_us") == [round(0.9 + 30 / 60, 3)]  # 900 m: and thirty seconds


def test_incidents_before_the_count_begins_are_simulated_and_not_counted() -> None:
    outcome = simulate(world([1]), incidents((0, 0, 0, 90), (61, 0, 0, 5), count_from_us=HOUR_US), rules())
    assert int(outcome.reported.sum()) == int(outcome.attended.sum()) == 1
    assert int(outcome.wait_sum_us.sum()) / MINUTE_US == pytest.approx(29, abs=0.001)


def test_who_waits_when_the_run_stops_is_unserved_with_the_time_it_has_waited() -> None:
    outcome = simulate(world([0]), incidents((60, 0, 0, 5)), rules())
    assert outcome.unserved.tolist() == [[1, 0]]
    assert int(outcome.unserved_sum_us.sum()) == DAY_US - HOUR_US - 1
    assert outcome.waiting_by_day.tolist() == [[1, 0]]


def test_a_drive_that_would_outlast_the_clock_ends_with_it_and_breaks_nothing() -> None:
    endless = replace(world([1]), pace_us_per_m=np.full((2, 2, HOURS_OF_WEEK), 9e6))
    late = incidents((0, 0, 0, 5), (1, 0, 0, 5), x_m=[4_000_000, 3500], travel_factor=np.full(2, 9999, np.float32))
    outcome = simulate(endless, late, rules(), keep_rows=True)
    assert minutes(outcome, "sent_us") == [0, -1]
    assert int(outcome.within.sum()) == 0
