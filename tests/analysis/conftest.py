from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bestvalue.dataset.dataset import CheckedTable, Dataset
from bestvalue.dataset.engines.local import LocalEngine
from bestvalue.dataset.tables import TABLES


def incidents_table(rows: Sequence[dict[str, Any]] | dict[str, Any]) -> pl.DataFrame:
    """An incidents table with every column of its contract; those not given are empty, numbers are given in order."""
    given = pl.DataFrame(rows)
    schema = TABLES["incidents"].schema
    if "incident_id" not in given.columns:
        given = given.with_columns(incident_id=pl.int_range(given.height).cast(pl.String))
    return given.select(
        pl.col(name).cast(kind) if name in given.columns else pl.lit(None, kind).alias(name) for name, kind in schema.items()
    )


@pytest.fixture
def dataset(tmp_path: Path) -> Iterator[Callable[..., Dataset]]:
    """Make a dataset of tables in memory, on the local engine."""
    opened: list[LocalEngine] = []

    def dataset(incidents: pl.DataFrame, *, threads: int | None = None, **others: pl.DataFrame) -> Dataset:
        engine = LocalEngine(threads=threads)
        opened.append(engine)
        tables = {}
        for name, rows in {"incidents": incidents, **others}.items():
            path = tmp_path / f"{name}-{len(opened)}.parquet"
            rows.write_parquet(path)
            digest = str(rows.hash_rows(seed=1).sum())
            tables[name] = CheckedTable(name=name, parquet=path, digest=digest, rows=rows.height, source="a test")
        return Dataset(tables, engine=engine)

    yield dataset
    for engine in opened:
        engine.close()


@pytest.fixture
def three_incidents(dataset: Callable[..., Dataset]) -> Dataset:
    """The least that can be asked about: three incidents in one week."""
    times = [datetime(2025, 3, day, 12) for day in (3, 4, 5)]  # noqa: DTZ001 - the force's clock
    return dataset(incidents_table({"opened_at": times, "area_id": ["A", "A", "B"]}))
