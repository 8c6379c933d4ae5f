from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bestvalue.dataset.dataset import CheckedTable, Dataset
from bestvalue.dataset.engines.local import LocalEngine
from bestvalue.dataset.synthetic import SyntheticForce, make_force
from bestvalue.dataset.tables import TABLES

Rows = Sequence[Mapping[str, Any]]


@pytest.fixture(scope="session")
def force(tmp_path_factory: pytest.TempPathFactory) -> SyntheticForce:
    """The smallest force, made once: scale 0.01, seed 1."""
    return make_force(tmp_path_factory.mktemp("synthetic") / "data", scale=0.01, seed=1)


@pytest.fixture(scope="session")
def force_data(force: SyntheticForce) -> Iterator[Dataset]:
    """Its tables, ready to be asked."""
    engine = LocalEngine()
    yield Dataset({name: _checked(name, path, rows=force.rows[name]) for name, path in force.tables.items()}, engine=engine, synthetic=True)
    engine.close()


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[Callable[..., Dataset]]:
    """Make a dataset of rows by table; columns that are not named are empty."""
    opened: list[LocalEngine] = []

    def tables(**given: Rows) -> Dataset:
        engine = LocalEngine()
        opened.append(engine)
        checked = {}
        for name, rows in given.items():
            schema = TABLES[name].schema
            filled = [{column: row.get(column) for column in schema} for row in rows]
            path = tmp_path / f"{name}-{len(opened)}.parquet"
            pl.DataFrame(filled, schema=schema, orient="row").write_parquet(path)
            checked[name] = _checked(name, path, rows=len(rows))
        return Dataset(checked, engine=engine)

    yield tables
    for engine in opened:
        engine.close()


def _checked(name: str, path: Path, *, rows: int) -> CheckedTable:
    return CheckedTable(name=name, parquet=path, digest=f"{path}", rows=rows, source="a test")
