"""Memory that is used again changes no number, and a replication needs little beside it."""

import pickle
import tracemalloc

import numpy as np
import pytest

from bestvalue.analysis.challenge import resources_calibrate_force
from bestvalue.analysis.challenge.resources_calibrate import Calibration
from bestvalue.analysis.challenge.resources_calibrate_force import Force, draw, world_of
from bestvalue.analysis.challenge.resources_engine import run
from bestvalue.analysis.challenge.resources_model import AT_A_TIME, Demand, whole_times
from bestvalue.analysis.challenge.resources_prepare import prepared
from bestvalue.analysis.challenge.resources_workspace import Workspace, Workspaces


def drawn(force: Force, *, replication: int, workspace: Workspace, demand_factor: float = 1.0, weeks: int = 4) -> Demand:
    return draw(force, weeks=weeks, demand_factor=demand_factor, seed=1, replication=replication, workspace=workspace).demand


def columns(demand: Demand) -> dict[str, list[float]]:
    return {name: values.tolist() for name, values in vars(demand).items() if isinstance(values, np.ndarray)}


@pytest.mark.parametrize("factor", [0.0, 0.5, 1.0, 2.5])
def test_a_replication_is_the_same_in_memory_that_was_used_before(calibrated: Calibration, factor: float) -> None:
    force, used = calibrated.force, Workspace()
    asked = draw(force, weeks=4, demand_factor=1.7, seed=1, replication=0, workspace=used)
    copies = np.ones(len(force.unit_pool), dtype=np.int64)
    run(prepared(*world_of(force, copies=copies, drawn=asked, seed=1, replication=0)), asked.demand, workspace=used)
    again = drawn(force, replication=1, workspace=used, demand_factor=factor)
    assert columns(again) == columns(drawn(force, replication=1, workspace=Workspace(), demand_factor=factor))


def test_a_run_leaves_the_incidents_for_the_next_scenario_as_they_were(calibrated: Calibration) -> None:
    force, used = calibrated.force, Workspace()
    asked = draw(force, weeks=4, demand_factor=1.0, seed=1, replication=0, workspace=used)
    before = columns(asked.demand)
    copies = np.ones(len(force.unit_pool), dtype=np.int64)
    run(prepared(*world_of(force, copies=copies, drawn=asked, seed=1, replication=0)), asked.demand, workspace=used)
    assert columns(asked.demand) == before


def test_a_replication_needs_less_memory_beside_its_workspace_than_it_has_incidents_in_it(
    calibrated: Calibration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources_calibrate_force, "AT_A_TIME", 1 << 9)  # so that the part under way is small beside the whole
    force, used = calibrated.force, Workspace()
    drawn(force, replication=0, workspace=used, weeks=104, demand_factor=1.1)
    tracemalloc.start()
    held = drawn(force, replication=1, workspace=used, weeks=104)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    width = sum(values.itemsize for values in vars(held).values() if isinstance(values, np.ndarray) and len(values))
    assert most < width * len(held.time_us) / 2


def test_times_that_coincide_are_parted_across_the_parts_they_are_worked_on_in() -> None:
    size = 2 * AT_A_TIME + 5
    assert np.array_equal(whole_times(np.zeros(size, np.int64)), 1 + 4 * np.arange(size))


def test_two_threads_never_have_the_same_memory_and_a_later_one_has_that_of_an_earlier() -> None:
    workspaces = Workspaces()
    with workspaces.one() as first, workspaces.one() as second:
        assert first is not second
    with workspaces.one() as third:
        assert third in (first, second)


def test_memory_is_not_sent_to_another_process() -> None:
    workspaces = Workspaces()
    with workspaces.one() as first:
        first.array("time_us", 100_000, np.int64)
    assert len(pickle.dumps(workspaces)) < 1_000
