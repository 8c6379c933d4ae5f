"""What the simulation refuses at its door, with the place and what to do."""

from dataclasses import replace

import numpy as np
import pytest

from bestvalue.analysis.challenge.resources_engine import simulate
from bestvalue.analysis.challenge.resources_examples import one_grade, two_incidents, world_of
from bestvalue.analysis.challenge.resources_model import HOUR_US, HOURS_OF_WEEK, WEEK_US
from bestvalue.errors import SpecError


def shaped(values: object, dtype: type = np.int64) -> np.ndarray:
    return np.array(values, dtype)


@pytest.mark.parametrize(
    ("change", "where", "says"),
    [
        ({"time_us": shaped([5, 5])}, "demand.time_us", "does not come after"),
        ({"time_us": shaped([1, 4])}, "demand.time_us", "is not 1 modulo 4"),
        ({"time_us": shaped([-3, 5])}, "demand.time_us", "does not come after"),
        ({"area": shaped([0, 7])}, "demand.area", "area of incident 1 = 7 is not from 0 to 1"),
        ({"grade": shaped([0, -1])}, "demand.grade", "grade of incident 1 = -1"),
        ({"scene_us": shaped([0, -1])}, "demand.scene_us", "is negative"),
        ({"x_m": shaped([0, 1 << 23])}, "demand.x_m", "is no place on the plane"),
        ({"x_m": shaped([0])}, "demand.x_m", "1 entries for 2 incidents"),
        ({"need_skill": shaped([0, 0])}, "demand", "not both given"),
        ({"need_skill": shaped([0, 1]), "support_us": shaped([1, 1])}, "demand.need_skill", "is not from -1 to 0"),
        ({"travel_factor": shaped([np.nan, 1], float)}, "demand.travel_factor", "is not from 0 to 10,000"),
        ({"end_us": HOUR_US + 1}, "demand.count_from_us", "the run counts from"),
        ({"time_us": shaped([1, 30 * HOUR_US + 1])}, "demand.end_us", "reported after the end"),
        ({"stop_us": 1 << 47}, "demand.stop_us", "more than two years"),
        ({"scene_us": shaped([0, 1 << 47])}, "demand.scene_us", "longer than two years"),
    ],
)
def test_incidents_that_cannot_be_played_are_refused(change: dict[str, object], where: str, says: str) -> None:
    with pytest.raises(SpecError, match=says) as refused:
        simulate(world_of(units_by_area=[1, 1]), replace(two_incidents(), **change), one_grade())  # type: ignore[arg-type]
    assert refused.value.where.startswith(where)
    assert refused.value.next_step


@pytest.mark.parametrize(
    ("change", "where", "says"),
    [
        ({"unit_pool": shaped([1, 0])}, "world.unit_pool", "not sorted"),
        ({"unit_x_m": shaped([1])}, "world.unit_x_m", r"has shape \(1,\), not \(2,\)"),
        ({"shift_to_us": shaped([HOUR_US, 2 * WEEK_US])}, "world.shift", "turn of duty 1 does not last"),
        ({"shift_from_us": shaped([2, 0])}, "world.shift", "turn of duty 0 has a time that is not a multiple of 4"),
        ({"shift_unit": shaped([0, 0])}, "world.shift_from_us", "two turns of duty of unit 0 overlap"),
        ({"shift_unit": shaped([0, 5])}, "world.shift", "of a unit that does not exist"),
        ({"shift_break_us": shaped([0, WEEK_US + 4])}, "world.shift", "a break that does not end within it"),
        ({"away_unit": shaped([0]), "away_from_us": shaped([8]), "away_to_us": shaped([4])}, "world.away", "absence 0"),
        ({"pace_us_per_m": np.full((2, 1, HOURS_OF_WEEK), np.nan)}, "world.pace_us_per_m", "no pace"),
        ({"zone_travel_us": np.zeros((2, 2), np.int64)}, "world.unit_zone", "has shape"),
        ({"borrows_from": np.ones((3, 3), bool)}, "world.borrows_from", "has shape"),
    ],
)
def test_a_world_that_cannot_be_played_is_refused(change: dict[str, object], where: str, says: str) -> None:
    with pytest.raises(SpecError, match=says) as refused:
        simulate(replace(world_of(units_by_area=[1, 1]), **change), two_incidents(), one_grade())  # type: ignore[arg-type]
    assert refused.value.where.startswith(where)
    assert refused.value.next_step


def test_turns_that_meet_over_the_end_of_the_week_overlap() -> None:
    world = world_of(units_by_area=[1])
    twice = replace(
        world,
        shift_unit=np.zeros(2, np.int32),
        shift_from_us=shaped([0, WEEK_US - HOUR_US]),
        shift_to_us=shaped([4 * HOUR_US, WEEK_US + HOUR_US]),
        shift_break_us=shaped([0, 0]),
        shift_break_after_us=shaped([0, 0]),
    )
    with pytest.raises(SpecError, match="overlap"):
        simulate(twice, two_incidents(), one_grade())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"diverts_for": 0, "diverts_from": 0}, "diverts_for = 0"),
        ({"borrow_after_us": shaped([-5])}, "borrow_after_us is negative"),
        ({"target_us": shaped([1, 2])}, "target_us has shape"),
    ],
)
def test_rules_that_cannot_be_followed_are_refused(change: dict[str, object], says: str) -> None:
    with pytest.raises(SpecError, match=says):
        simulate(world_of(units_by_area=[1]), two_incidents(), replace(one_grade(), **change))  # type: ignore[arg-type]
