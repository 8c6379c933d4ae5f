from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from bestvalue.analysis.challenge.resources_calibrate import Calibration, calibrate
from bestvalue.analysis.challenge.resources_calibrate_overrides import parse_overrides
from bestvalue.analysis.challenge.resources_calibrate_rows import Window
from bestvalue.dataset.dataset import CheckedTable, Dataset
from bestvalue.dataset.engines.local import LocalEngine
from bestvalue.dataset.synthetic import SyntheticForce, make_force
from bestvalue.dataset.tables import TABLES

MONDAY = datetime(2025, 3, 3)  # noqa: DTZ001 - the force's clock
WEEKS = 6
AREAS = {"A": (0.0, 0.0), "B": (6_000.0, 0.0)}


@pytest.fixture(scope="session")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> SyntheticForce:
    """A small synthetic force; tests only read it."""
    return make_force(tmp_path_factory.mktemp("resources") / "data", scale=0.02, seed=5)


@pytest.fixture(scope="session")
def synthetic_dataset(synthetic: SyntheticForce) -> Iterator[Dataset]:
    engine = LocalEngine(threads=2)
    tables = {
        name: CheckedTable(name=name, parquet=path, digest=name, rows=synthetic.rows[name], source="synthetic")
        for name, path in synthetic.tables.items()
    }
    yield Dataset(tables, engine=engine, synthetic=True)
    engine.close()


@pytest.fixture(scope="session")
def calibrated(synthetic_dataset: Dataset) -> Calibration:
    return last_year(synthetic_dataset)


def last_year(dataset: Dataset, *, travel_by_area: bool = False) -> Calibration:
    """The last year of the synthetic force."""
    return calibrate(
        dataset,
        Window(starts=datetime(2025, 3, 31), ends=datetime(2026, 3, 30)),  # noqa: DTZ001 - the force's clock
        overrides=parse_overrides([]),
        targets={},
        support_target_minutes=30.0,
        borrowing="as seen",
        seed=1,
        travel_by_area=travel_by_area,
    )


Tables = dict[str, list[dict[str, Any]]]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Callable[..., Dataset]]:
    """Make a dataset of a small force of two areas, after `change` has spoilt its rows."""
    engines: list[LocalEngine] = []

    def small(change: Callable[[Tables], None] | None = None) -> Dataset:
        tables = small_force()
        if change is not None:
            change(tables)
        engine = LocalEngine(threads=1)
        engines.append(engine)
        checked = {}
        for name, rows in tables.items():
            path = tmp_path / f"{name}-{len(engines)}.parquet"
            frame = table(name, rows)
            frame.write_parquet(path)
            checked[name] = CheckedTable(
                name=name, parquet=path, digest=str(frame.hash_rows(seed=1).sum()), rows=frame.height, source="a test"
            )
        return Dataset(checked, engine=engine)

    yield small
    for engine in engines:
        engine.close()


def table(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """A table by its contract; columns that the rows do not give are empty."""
    schema: Mapping[str, Any] = TABLES[name].schema
    return pl.DataFrame([{column: row.get(column) for column in schema} for row in rows], schema=schema)


def small_force() -> Tables:
    """Two areas, three units each round the clock in three turns, 60 incidents a day for six weeks, each with one deployment."""
    luck = np.random.default_rng(7)
    areas = [
        {"area_id": area, "area_name": f"Area {area}", "centroid_easting_m": at[0], "centroid_northing_m": at[1]}
        for area, at in AREAS.items()
    ]
    pools = [
        {
            "pool_id": f"P{area}",
            "pool_name": f"Pool {area}",
            "level": "local",
            "area_id": area,
            "minimum_units": 1,
            "crew": 2,
            "unit_hour_pence": 9_000,
        }
        for area in AREAS
    ]
    units, shifts = [], []
    for area, at in AREAS.items():
        for turn in range(3):
            for rank in range(3):
                unit = f"{area}{turn}{rank}"
                units.append(
                    {"unit_id": unit, "pool_id": f"P{area}", "base_area_id": area, "base_easting_m": at[0], "base_northing_m": at[1]}
                )
                shifts += [
                    {"unit_id": unit, "weekday": day, "starts_minute": 480 * turn, "length_minutes": 480, "break_minutes": 30}
                    for day in range(1, 8)
                ]
    incidents, deployments = _incidents(luck)
    return {
        "areas": areas,
        "pools": pools,
        "units": units,
        "shifts": shifts,
        "incidents": incidents,
        "deployments": deployments,
        "grades": [{"grade": "now", "priority": 1, "target_minutes": 15.0, "target_share": 0.8, "borrow_after_minutes": 5.0}],
        "area_neighbours": [{"area_id": "A", "neighbour_id": "B"}, {"area_id": "B", "neighbour_id": "A"}],
    }


def _incidents(luck: np.random.Generator) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    size = 60 * 7 * WEEKS
    seconds = np.sort(luck.integers(0, WEEKS * 7 * 86_400 - 3 * 3_600, size))
    incidents, deployments = [], []
    free: dict[str, datetime] = {}
    for number, second in enumerate(seconds.tolist()):
        opened = MONDAY + timedelta(seconds=int(second))
        area = "AB"[int(luck.integers(2))]
        east, north = (AREAS[area][axis] + float(luck.normal(0, 800)) for axis in range(2))
        incident = f"I{number:05d}"
        incidents.append(
            {
                "incident_id": incident,
                "opened_at": opened,
                "area_id": area,
                "easting_m": east,
                "northing_m": north,
                "grade": "now",
                "kind": "theft",
            }
        )
        ready = opened + timedelta(seconds=int(luck.integers(60, 120)))
        own = [f"{area}{ready.hour // 8}{rank}" for rank in range(3)]
        unit = min(own, key=lambda name: free.get(name, MONDAY))
        sent = max(ready, free.get(unit, MONDAY))
        arrived = sent + timedelta(seconds=int(60 + np.hypot(east - AREAS[area][0], north - AREAS[area][1]) / 8))
        free[unit] = arrived + timedelta(seconds=int(luck.lognormal(np.log(1_500), 0.5)))
        deployments.append(
            {
                "deployment_id": f"D{number:05d}",
                "incident_id": incident,
                "unit_id": unit,
                "wave": 1,
                "assigned_at": sent,
                "arrived_at": arrived,
                "cleared_at": free[unit],
                "from_easting_m": AREAS[area][0],
                "from_northing_m": AREAS[area][1],
            }
        )
    return incidents, deployments
