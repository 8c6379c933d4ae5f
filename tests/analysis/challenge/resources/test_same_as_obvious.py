"""The compiled engine tells the same story as the obvious one, incident by incident, in random small worlds with every option."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.analysis.challenge.resources.obvious import Obvious, Story
from tests.analysis.challenge.resources.small_worlds import Shape, small_world

from bestvalue.analysis.challenge.resources_engine import simulate
from bestvalue.analysis.challenge.resources_model import HOUR_US, Demand, Outcome, Rules, World, bin_edges_us

shapes = st.builds(
    Shape,
    seed=st.integers(0, 2**32 - 1),
    areas=st.integers(1, 5),
    units_an_area=st.integers(0, 3),
    support=st.integers(0, 4),
    incidents=st.integers(0, 60),
    hours=st.sampled_from([6, 30, 200]),
    grades=st.integers(2, 4),
    skills=st.integers(1, 3),
    zones=st.sampled_from([0, 0, 3]),
    divert=st.booleans(),
    short_turns=st.booleans(),
    extras=st.booleans(),
)


def column(found: dict[int, int], n: int) -> list[int]:
    return [found.get(i, -1) for i in range(n)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(shape=shapes)
def test_every_incident_has_the_same_units_and_times_as_in_the_obvious_simulator(shape: Shape) -> None:
    world, demand, rules = small_world(shape)
    story = Obvious(world, demand, rules).play()
    outcome = simulate(world, demand, rules, keep_rows=True)
    n, rows = len(demand.time_us), outcome.rows
    assert rows is not None
    assert rows.unit.tolist() == column(story.unit, n)
    assert rows.sent_us.tolist() == column(story.sent, n)
    assert rows.scene_us.tolist() == column(story.scene, n)
    assert rows.requested_us.tolist() == column(story.requested, n)
    assert rows.support_unit.tolist() == column(story.support_unit, n)
    assert rows.support_sent_us.tolist() == column(story.support_sent, n)
    assert rows.support_scene_us.tolist() == column(story.support_scene, n)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(shape=shapes)
def test_counts_are_those_added_up_from_the_obvious_story(shape: Shape) -> None:
    world, demand, rules = small_world(shape)
    story = Obvious(world, demand, rules).play()
    outcome = simulate(world, demand, rules)
    check_counts(world, demand, rules, story, outcome)
    check_unit_time(world, story, outcome)


def check_counts(world: World, demand: Demand, rules: Rules, story: Story, outcome: Outcome) -> None:
    counted = [i for i, time in enumerate(demand.time_us.tolist()) if time >= demand.count_from_us]
    attended = [i for i in counted if i in story.unit]

    def cells(chosen: list[int], value: Callable[[int], int] = lambda _: 1) -> np.ndarray:
        return _by_cell(world, demand, rules, chosen, value)

    called = demand.reported_us if len(demand.reported_us) else demand.time_us
    response = {i: story.scene[i] - int(called[i]) for i in attended}
    wait = {i: story.sent[i] - int(demand.time_us[i]) for i in attended}
    unserved = [i for i in counted if i not in story.unit]
    target = rules.target_us[demand.grade] if len(demand.grade) else []
    for name, expected in {
        "reported": cells(counted),
        "attended": cells(attended),
        "within": cells([i for i in attended if response[i] <= target[i]]),
        "response_sum_us": cells(attended, lambda i: response[i]),
        "wait_sum_us": cells(attended, lambda i: wait[i]),
        "waited": cells([i for i in attended if wait[i] > 0]),
        "unserved": cells(unserved),
        "unserved_sum_us": cells(unserved, lambda i: demand.stop_us - int(demand.time_us[i])),
        "diverted": cells([i for i in story.diverted if i in set(counted)]),
    }.items():
        assert getattr(outcome, name).tolist() == expected.tolist(), name
    edges = bin_edges_us()
    bins = np.bincount(np.searchsorted(edges, list(response.values()), side="right") - 1, minlength=704) if response else np.zeros(704)
    assert outcome.response_bins.sum(axis=(0, 1)).tolist() == bins.tolist()
    assert outcome.hourly[..., 0].sum(axis=0).tolist() == outcome.attended.tolist()
    assert outcome.hourly[..., 1].sum(axis=0).tolist() == outcome.within.tolist()
    assert outcome.hourly[..., 2].sum(axis=0).tolist() == outcome.response_sum_us.tolist()
    hours = np.bincount(called[attended] // HOUR_US % 168, minlength=168)
    assert outcome.hourly[..., 0].sum(axis=(1, 2)).tolist() == hours.tolist()
    hours = np.bincount(called[unserved] // HOUR_US % 168, minlength=168)
    assert outcome.unserved_hourly.sum(axis=(1, 2)).tolist() == hours.tolist()
    requested = [i for i in counted if i in story.requested]
    before = demand.support_before_us.tolist() or [0] * len(demand.time_us)
    support = {i: max(story.support_scene[i] - story.requested[i] + before[i], 0) for i in requested if i in story.support_unit}
    assert int(outcome.support_response_sum_us.sum()) == sum(support.values())
    assert int(outcome.support_within.sum()) == sum(time <= rules.support_target_us[demand.grade[i]] for i, time in support.items())
    assert int(outcome.requested.sum()) == len(requested)
    assert int(outcome.supported.sum()) == sum(i in story.support_unit for i in requested)
    assert int(outcome.unsupported.sum()) == sum(i not in story.support_unit for i in requested)
    assert int(outcome.overtime_us.sum()) == sum(story.overtime[i] for i in attended) + sum(
        story.support_overtime[i] for i in counted if i in story.support_unit
    )
    lent = np.zeros_like(outcome.sent)
    for i in attended:
        lent[demand.area[i], world.unit_pool[story.unit[i]]] += 1
    assert outcome.sent.tolist() == lent.tolist()


def _by_cell(world: World, demand: Demand, rules: Rules, chosen: list[int], value: Callable[[int], int]) -> np.ndarray:
    cells = np.zeros((len(world.areas), len(rules.grades)), np.int64)
    for i in chosen:
        cells[demand.area[i], demand.grade[i]] += value(i)
    return cells


def check_unit_time(world: World, story: Story, outcome: Outcome) -> None:
    for found, kept in ((outcome.duty_us, story.duty_us), (outcome.idle_us, story.idle_us), (outcome.break_us, story.break_us)):
        expected = np.zeros_like(found)
        for (hour, pool), time in kept.items():
            expected[hour, pool] = time
        assert found.tolist() == expected.tolist()
    assert int(outcome.breaks.sum()) == story.breaks
    assert int(outcome.breaks_missed.sum()) == story.breaks_missed


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_seventy_areas_take_two_words_of_neighbours_and_agree(seed: int) -> None:
    world, demand, rules = small_world(Shape(seed=seed, areas=70, units_an_area=1, incidents=300, hours=12, divert=True))
    story = Obvious(world, demand, rules).play()
    rows = simulate(world, demand, rules, keep_rows=True).rows
    assert rows is not None
    assert rows.unit.tolist() == column(story.unit, 300)
    assert rows.scene_us.tolist() == column(story.scene, 300)


def test_littles_law_holds_to_the_microsecond() -> None:
    world, demand, rules = small_world(Shape(seed=11, incidents=200, hours=30))
    story = Obvious(world, demand, rules).play()
    rows = simulate(world, demand, rules, keep_rows=True).rows
    assert rows is not None
    until = np.where(rows.unit >= 0, rows.sent_us, demand.stop_us)
    assert int((until - demand.time_us).sum()) == story.queue_time_us  # of the queue over time: kept event by event in the twin
