from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bestvalue.dataset.dataset import CheckedTable, Dataset
from bestvalue.dataset.engines.local import LocalEngine
from bestvalue.dataset.synthetic.comparison import write_comparison
from bestvalue.dataset.synthetic.truth import Truth
from bestvalue.dataset.tables import TABLES

Rows = Sequence[Mapping[str, Any]]
Make = Callable[..., Dataset]


def in_contract(name: str, rows: Rows) -> pl.DataFrame:
    """Rows of a table with every column of its contract; those not given are empty."""
    given = pl.DataFrame(rows, infer_schema_length=None)
    return given.select(
        pl.col(column).cast(kind) if column in given.columns else pl.lit(None, kind).alias(column)
        for column, kind in TABLES[name].schema.items()
    )


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Make a dataset of rows given by table."""
    engines = []

    def make(**tables: Rows | pl.DataFrame) -> Dataset:
        engine = LocalEngine()
        engines.append(engine)
        checked = {}
        for name, rows in tables.items():
            path = tmp_path / f"{name}-{len(engines)}.parquet"
            table = rows if isinstance(rows, pl.DataFrame) else in_contract(name, rows)
            table.write_parquet(path)
            checked[name] = CheckedTable(name=name, parquet=path, digest=f"{name}-{len(engines)}", rows=table.height, source="a test")
        return Dataset(checked, engine=engine)

    yield make
    for engine in engines:
        engine.close()


def value(
    force: str, numerator: float | None, denominator: float | None, *, indicator: str = "I1", year: int = 2024, **more: Any
) -> dict[str, Any]:
    """One indicator value of a financial year."""
    return {
        "indicator_id": indicator,
        "force_id": force,
        "period_starts": date(year, 4, 1),
        "period_ends": date(year + 1, 3, 31),
        "numerator": numerator,
        "denominator": denominator,
        "definition_changed": False,
        **more,
    }


def indicator(code: str = "I1", **more: Any) -> dict[str, Any]:
    """One indicator: burglaries per 1,000 homes, fewer are better."""
    return {
        "indicator_id": code,
        "indicator_name": f"Burglaries {code}",
        "numerator": "burglaries",
        "denominator": "homes",
        "sort": "rate",
        "multiplier": 1000.0,
        "better": "lower",
        "definition": "All burglaries.",
        "source": "a test",
        **more,
    }


@pytest.fixture(scope="session")
def comparison_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The comparison tables of the synthetic force, with what was planted in `_truth`."""
    folder = tmp_path_factory.mktemp("comparison")
    truth = Truth(folder)
    write_comparison(folder, truth, seed=1)
    truth.close()
    return folder


@pytest.fixture(scope="session")
def comparison(comparison_folder: Path) -> Iterator[Dataset]:
    """The comparison tables of the synthetic force as a dataset."""
    engine = LocalEngine()
    tables = {
        path.stem: CheckedTable(name=path.stem, parquet=path, digest=path.stem, rows=0, source="synthetic")
        for path in sorted(comparison_folder.glob("*.parquet"))
    }
    yield Dataset(tables, engine=engine, synthetic=True)
    engine.close()
