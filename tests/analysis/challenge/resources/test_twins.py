"""The benchmark's other engines, each written anew, tell the same story as the compiled one."""

import importlib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from tests.analysis.challenge.resources.small_worlds import Shape, small_world

from bestvalue.analysis.challenge.resources_engine import run
from bestvalue.analysis.challenge.resources_prepare import prepared

BENCHMARKS = Path(__file__).resolve().parents[4] / "benchmarks" / "simulation"


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module


@pytest.mark.parametrize("scale", [0.5, 1.0])
def test_plain_heapq_sends_the_same_units_to_the_benchmarks_incidents(benchmark: object, scale: float) -> None:
    model, timing, peer = (_module(benchmark, name) for name in ("model", "run", "peer_heapq"))
    force = model.force(weeks=1)
    asked = model.drawn(force, weeks=1)
    world, rules = model.world(force, asked, scale)
    demand = timing.first(asked.demand, 12_000)
    found = peer.play(peer.Force(world, rules), peer.Columns(demand))
    rows = run(prepared(world, rules), demand, keep_rows=True).rows
    assert rows is not None
    assert rows.scene_us.tolist() == found.scene
    assert rows.support_scene_us.tolist() == found.support_scene
    assert (rows.support_unit >= 0).sum() > 400


@pytest.mark.slow
def test_the_cpp_twin_gives_the_same_counts_with_every_option_on(benchmark: object, tmp_path: Path) -> None:
    twin = _module(benchmark, "twin")
    other = twin.built(tmp_path)
    if other is None:
        pytest.skip("no C++ compiler")
    rng = np.random.default_rng(1)
    for number in range(200):
        shape = Shape(
            seed=number,
            areas=int(rng.integers(1, 6)),
            units_an_area=int(rng.integers(0, 4)),
            incidents=int(rng.integers(0, 120)),
            zones=int(rng.choice([0, 3])),
            divert=bool(rng.random() < 0.5),
        )
        world, demand, rules = small_world(shape)
        ready = prepared(world, rules)
        assert twin.same(run(ready, demand), other.run(ready, demand)), shape


def test_the_benchmarks_force_has_the_units_that_the_goals_are_set_for(benchmark: object) -> None:
    model = _module(benchmark, "model")
    force = model.force(weeks=4)
    local = force.unit_pool < model.AREAS
    assert (int(local.sum()), int((~local).sum()), len(force.area_names)) == (1371, 60, 32)
    assert len(force.history) * 13 == pytest.approx(2_500_000, rel=1e-4)


def _module(benchmark: object, name: str) -> ModuleType:
    return benchmark(name)  # type: ignore[operator]
