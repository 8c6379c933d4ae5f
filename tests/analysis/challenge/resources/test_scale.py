"""Pools grow and shrink in nested steps that keep each turn of duty in proportion."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestvalue.analysis.challenge.resources_checks import check_world
from bestvalue.analysis.challenge.resources_examples import one_grade, world_of
from bestvalue.analysis.challenge.resources_model import HOUR_US, World
from bestvalue.analysis.challenge.resources_scale import move_units, scale_pool, scale_pools
from bestvalue.errors import SpecError


def shift_world(counts: tuple[int, int, int] = (6, 4, 2)) -> World:
    """Area 0 has early, late and night units, each at a base of its own; area 1 has two units; and absences."""
    units = sum(counts)
    world = world_of(units_by_area=[units, 2], support_units=1)
    start = np.concatenate([np.repeat([7, 15, 23], counts), [0, 0, 0]]) * HOUR_US
    length = np.concatenate([np.full(units, 8), [168, 168, 168]]) * HOUR_US
    return replace(
        world,
        unit_x_m=np.arange(units + 3, dtype=np.int32),
        shift_from_us=start,
        shift_to_us=start + length,
        away_unit=np.array([0, 0, units], np.int32),
        away_from_us=np.array([0, 8, 16]) * HOUR_US,
        away_to_us=np.array([4, 12, 20]) * HOUR_US,
    )


def members(world: World) -> Counter[tuple[int, int]]:
    return Counter(zip(world.unit_pool.tolist(), world.unit_x_m.tolist(), strict=True))


def turns(world: World, pool: int) -> list[int]:
    chosen = world.unit_pool[world.shift_unit] == pool
    return [int((world.shift_from_us[chosen] == hour * HOUR_US).sum()) for hour in (7, 15, 23)]


@given(small=st.floats(0, 4), large=st.floats(0, 4))
def test_a_smaller_pool_is_part_of_a_larger_one(small: float, large: float) -> None:
    small, large = sorted((small, large))
    world = shift_world()
    assert members(scale_pool(world, "area 0", small)) <= members(scale_pool(world, "area 0", large))


@pytest.mark.parametrize(("factor", "expected"), [(0, [0, 0, 0]), (0.5, [3, 2, 1]), (1, [6, 4, 2]), (2, [12, 8, 4]), (2.5, [15, 10, 5])])
def test_each_turn_of_duty_keeps_its_proportion(factor: float, expected: list[int]) -> None:
    assert turns(scale_pool(shift_world(), "area 0", factor), 0) == expected


def test_units_that_each_work_turns_of_their_own_do_not_all_go_from_one_part_of_the_week() -> None:
    world = world_of(units_by_area=[14])
    start = np.arange(14) * 12 * HOUR_US
    world = replace(world, shift_from_us=start, shift_to_us=start + 12 * HOUR_US)
    kept = scale_pool(world, "area 0", 0.5).shift_from_us // (12 * HOUR_US)
    assert np.diff(np.sort(kept)).max() <= 4  # turns in a row without anybody


def test_one_times_is_the_same_world() -> None:
    world = shift_world()
    same = scale_pools(world, dict.fromkeys(world.pools, 1.0))
    for name, values in vars(world).items():
        assert np.array_equal(getattr(same, name), values), name


def test_copies_take_turns_and_absences_of_their_original_with_them() -> None:
    double = scale_pool(shift_world(), "area 0", 2)
    check_world(double, one_grade())
    assert Counter(double.unit_x_m[double.away_unit].tolist()) == Counter({0: 4, 12: 1})
    assert (double.unit_pool == 1).sum() == 2


def test_units_that_move_get_a_base_there_and_keep_their_turns() -> None:
    moved = move_units(shift_world(), from_pool="area 0", to_pool="area 1", units=3)
    check_world(moved, one_grade())
    assert np.bincount(moved.unit_pool).tolist() == [9, 5, 1]
    assert set(moved.unit_x_m[moved.unit_pool == 1].tolist()) == {12, 13}
    assert sum(turns(moved, 0)) == 9
    assert sum(turns(moved, 1)) == 3


@pytest.mark.parametrize(("pool", "factor", "says"), [("area 9", 1.0, "no pool area 9"), ("area 0", -1.0, "cannot be -1.0 times")])
def test_a_pool_that_is_not_there_or_a_negative_factor_is_refused(pool: str, factor: float, says: str) -> None:
    with pytest.raises(SpecError, match=says):
        scale_pool(shift_world(), pool, factor)


def test_more_units_than_there_are_cannot_move() -> None:
    with pytest.raises(SpecError, match="20 units cannot move"):
        move_units(shift_world(), from_pool="area 0", to_pool="area 1", units=20)
