from pathlib import Path

import duckdb
import pytest

from bestvalue.dataset.synthetic import SyntheticForce, make_force


@pytest.fixture(scope="session")
def force(tmp_path_factory: pytest.TempPathFactory) -> SyntheticForce:
    """The smallest force, made once: scale 0.01, seed 1."""
    return make_force(tmp_path_factory.mktemp("synthetic") / "data", scale=0.01, seed=1)


@pytest.fixture(scope="session")
def sql(force: SyntheticForce) -> duckdb.DuckDBPyConnection:
    """Its tables and truths in a database: tables by name, truths as truth_<name>."""
    connection = duckdb.connect(":memory:")
    for name, path in force.tables.items():
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{path}')").fetchall()
    for path in Path(force.truth).glob("*.parquet"):
        connection.execute(f"CREATE VIEW truth_{path.stem} AS SELECT * FROM read_parquet('{path}')").fetchall()
    return connection
