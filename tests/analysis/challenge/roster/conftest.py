from collections.abc import Iterator

import numpy as np
import pytest

from bestvalue.analysis.challenge.roster_jobs import Jobs
from bestvalue.dataset.dataset import CheckedTable, Dataset
from bestvalue.dataset.engines.local import LocalEngine
from bestvalue.dataset.synthetic import SyntheticForce, make_force


@pytest.fixture(scope="session")
def force(tmp_path_factory: pytest.TempPathFactory) -> SyntheticForce:
    """A small synthetic force; tests only read it."""
    return make_force(tmp_path_factory.mktemp("roster") / "data", scale=0.02, seed=2)


@pytest.fixture(scope="session")
def force_dataset(force: SyntheticForce) -> Iterator[Dataset]:
    engine = LocalEngine(threads=1)
    tables = {
        name: CheckedTable(name=name, parquet=path, digest=name, rows=force.rows[name], source="synthetic")
        for name, path in force.tables.items()
    }
    yield Dataset(tables, engine=engine, synthetic=True)
    engine.close()


def poisson_jobs(
    *, rate_an_hour: float, mean_hours: float, weeks: int, allowed_hours: float, seed: int, grades: tuple[float, ...] = (0.0, 1.0)
) -> Jobs:
    """Poisson arrivals of exponential jobs over whole weeks; `grades` are the shares of each grade (the first is absences)."""
    chance = np.random.default_rng(seed)
    size = chance.poisson(rate_an_hour * 168 * weeks)
    time = np.sort(chance.integers(0, weeks * 604_800, size))
    return Jobs(
        pool_id="P",
        week=time // 604_800,
        second=time % 604_800,
        busy_seconds=np.maximum(1.0, np.round(chance.exponential(3_600 * mean_hours, size))),
        grade=chance.choice(len(grades), size, p=grades),
        allowed_seconds=np.full(size, 3_600 * allowed_hours),
        in_time=np.ones(size),
    )
