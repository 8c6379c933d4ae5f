"""Replications are the same whoever plays them, and a cancel keeps those that are finished."""

from dataclasses import replace

import numpy as np
import pytest
from tests.analysis.challenge.resources.test_streams import pattern

from bestvalue.analysis.challenge.resources_examples import one_grade, world_of
from bestvalue.analysis.challenge.resources_measures import difference, estimate, mean_wait_minutes, within_share
from bestvalue.analysis.challenge.resources_model import Outcome
from bestvalue.analysis.challenge.resources_replicate import Scenario, Sweep, play_replication, sweep
from bestvalue.analysis.challenge.resources_scale import scale_pool
from bestvalue.errors import Cancelled, SpecError

FACTORS = (0.5, 1.0, 1.1, 2.0)


def scenarios(factors: tuple[float, ...] = FACTORS) -> list[Scenario]:
    world = world_of(units_by_area=[32, 16], support_units=12, grades=2)
    world = replace(world, unit_skills=world.unit_skills * np.uint64(3))
    base = replace(pattern(weeks=1), turnout_quantiles_us=np.zeros((0, 2)))
    rules = replace(
        one_grade(),
        grades=("urgent", "other"),
        skills=("a", "b"),
        borrow_after_us=np.repeat(one_grade().borrow_after_us, 2),
        target_us=np.repeat(one_grade().target_us, 2),
        support_target_us=np.repeat(one_grade().support_target_us, 2),
    )
    return [Scenario(name=f"x{factor}", world=scale_pool(world, "area 0", factor), rules=rules, pattern=base) for factor in factors]


def same(one: Outcome, other: Outcome) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in vars(one) if name != "rows")


def test_figures_do_not_depend_on_the_number_of_threads() -> None:
    one, four = (sweep(scenarios(), seed=3, replications=6, workers=workers) for workers in (1, 4))
    for name in one.outcomes:
        assert all(same(a, b) for a, b in zip(one.outcomes[name], four.outcomes[name], strict=True))


def test_a_scenario_is_the_same_alone_as_among_others() -> None:
    among, alone = sweep(scenarios(), seed=3, replications=2), sweep(scenarios((1.0,)), seed=3, replications=2)
    assert all(same(a, b) for a, b in zip(among.outcomes["x1.0"], alone.outcomes["x1.0"], strict=True))


def test_a_sweep_played_elsewhere_is_the_same() -> None:
    here = sweep(scenarios(), seed=3, replications=3)
    there = sweep(
        scenarios(),
        seed=3,
        replications=3,
        spread=lambda chosen, seed, numbers: {n: play_replication(chosen, seed=seed, replication=n) for n in numbers},
    )
    assert all(same(a, b) for name in here.outcomes for a, b in zip(here.outcomes[name], there.outcomes[name], strict=True))


def test_replications_stop_when_that_is_enough_whatever_the_workers() -> None:
    def narrow(so_far: Sweep) -> bool:
        return float(estimate(so_far.outcomes["x1.0"], within_share).half_width) < 0.01

    few = [sweep(scenarios(), seed=3, replications=60, workers=workers, enough=narrow, step=3) for workers in (1, 3)]
    assert few[0].replications == few[1].replications
    assert len(few[0].replications) % 3 == 0
    assert narrow(few[0])


def test_a_cancel_keeps_the_replications_that_are_finished() -> None:
    def stop_half_way(share: float, _doing: str) -> None:
        if share > 0.4:
            raise Cancelled("stop")

    whole, part = (
        sweep(scenarios(), seed=3, replications=10),
        sweep(scenarios(), seed=3, replications=10, progress=stop_half_way, step=1, enough=lambda _: False),
    )
    assert not part.complete
    assert 0 < len(part.replications) < 10
    assert all(same(a, whole.outcomes["x2.0"][number]) for number, a in zip(part.replications, part.outcomes["x2.0"], strict=True))


def test_a_cancel_before_anything_is_finished_is_passed_on() -> None:
    def stop(_share: float, _doing: str) -> None:
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        sweep(scenarios(), seed=3, replications=200, progress=stop)


def test_common_incidents_make_the_difference_of_near_scenarios_far_more_exact() -> None:
    found = sweep(scenarios(), seed=3, replications=12)
    paired = difference(found.outcomes["x1.1"], found.outcomes["x1.0"], mean_wait_minutes)
    apart = difference(found.outcomes["x1.1"], found.outcomes["x1.0"][1:] + found.outcomes["x1.0"][:1], mean_wait_minutes)
    assert paired.value == pytest.approx(apart.value)
    assert paired.half_width < apart.half_width / 1.4  # half the variance at least


def test_two_scenarios_of_one_name_are_refused() -> None:
    with pytest.raises(SpecError, match="different names"):
        sweep([*scenarios((1.0,)), *scenarios((1.0,))], seed=1, replications=1)
