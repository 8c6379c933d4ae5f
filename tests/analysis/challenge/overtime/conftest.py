from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bestvalue.dataset.dataset import CheckedTable, Dataset
from bestvalue.dataset.engines.local import LocalEngine
from bestvalue.dataset.synthetic import SyntheticForce, make_force
from bestvalue.dataset.tables import TABLES


@pytest.fixture(scope="session")
def force(tmp_path_factory: pytest.TempPathFactory) -> SyntheticForce:
    """A small synthetic force; tests only read it."""
    return make_force(tmp_path_factory.mktemp("overtime") / "data", scale=0.01, seed=3)


@pytest.fixture(scope="session")
def force_dataset(force: SyntheticForce) -> Iterator[Dataset]:
    engine = LocalEngine(threads=1)
    tables = {
        name: CheckedTable(name=name, parquet=path, digest=name, rows=force.rows[name], source="synthetic")
        for name, path in force.tables.items()
    }
    yield Dataset(tables, engine=engine, synthetic=True)
    engine.close()


def table(name: str, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """A table by its contract; columns that the rows do not give are empty."""
    schema = TABLES[name].schema
    given = [{column: row.get(column) for column in schema} for row in rows]
    return pl.DataFrame(
        given, schema={column: pl.String if kind == pl.Datetime("us") else kind for column, kind in schema.items()}
    ).with_columns(
        [pl.col(column).str.to_datetime("%Y-%m-%d %H:%M", time_unit="us") for column, kind in schema.items() if kind == pl.Datetime("us")]
    )


def person(staff_id: str = "A", **given: Any) -> dict[str, Any]:
    """One constable at £40 an hour."""
    return {
        "staff_id": staff_id,
        "pool_id": "P",
        "cost_centre_id": "C",
        "staff_group": "constable",
        "overtime_eligible": True,
        "hour_pence": 4_000,
        "weekly_hours": 40.0,
    } | given


def duty(start: str, end: str, **given: Any) -> dict[str, Any]:
    """One rostered duty that went as planned, unless said otherwise."""
    planned = {"planned_start_at": start, "planned_end_at": end, "started_at": start, "ended_at": end}
    return planned | {"staff_id": "A", "unit_id": "U", "duty_kind": "rostered", "overtime_paid_minutes": 0} | given


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Callable[..., Dataset]]:
    """Make a dataset of a few duties and people, and whatever other tables are given."""
    opened: list[LocalEngine] = []

    def small(
        duties: Sequence[Mapping[str, Any]], people: Sequence[Mapping[str, Any]] = (), **others: Sequence[Mapping[str, Any]]
    ) -> Dataset:
        engine = LocalEngine(threads=1)
        opened.append(engine)
        numbered = [{"duty_id": f"D{number}"} | dict(one) for number, one in enumerate(duties)]
        tables = {}
        for name, rows in {"duties": numbered, "staff": people or [person()], **others}.items():
            path = tmp_path / f"{name}-{len(opened)}.parquet"
            table(name, rows).write_parquet(path)
            tables[name] = CheckedTable(name=name, parquet=path, digest=name, rows=len(rows), source="a test")
        return Dataset(tables, engine=engine)

    yield small
    for engine in opened:
        engine.close()
