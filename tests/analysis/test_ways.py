"""Where one sort of data or another will do, the question can be asked with either, and says both where neither is there."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from bestvalue.analysis.challenge.resources import ANALYSIS
from bestvalue.analysis.contract import Analysis, AnalysisSpec
from bestvalue.analysis.ways import Way
from bestvalue.dataset.dataset import CheckedTable, Dataset
from bestvalue.dataset.engines.choose import open_engine
from bestvalue.errors import TableError


def table(folder: Path, name: str, **columns: list[object]) -> CheckedTable:
    file = folder / f"{name}.parquet"
    pl.DataFrame(columns).write_parquet(file)
    return CheckedTable(name=name, parquet=file, digest="ab" * 32, rows=1, source=file.name)


WITH_STATIONS = {"first_station": [None, "Soho"], "first_attendance_seconds": [None, 300], "easting_m": [1, 2], "northing_m": [1, 2]}
WITHOUT = {"first_station": [None, None], "first_attendance_seconds": [None, 300], "easting_m": [1, 2], "northing_m": [1, 2]}
FORCE = ("pools", "units", "shifts", "deployments")


def missing(folder: Path, incidents: dict[str, list[object]], others: tuple[str, ...] = ()) -> tuple[str, ...]:
    found = {"incidents": table(folder, "incidents", **incidents)}
    return ANALYSIS.missing(found | {name: table(folder, name, key=["a"]) for name in others})


def test_incidents_alone_are_not_enough_to_simulate_response(tmp_path: Path) -> None:
    (said,) = missing(tmp_path, {"incident_id": ["1"]})
    assert said.startswith("either the tables pools, units, shifts and deployments or incidents with first_station, ")
    assert said.endswith("easting_m and northing_m filled in")


def test_units_with_deployments_are_enough_and_three_of_the_four_tables_are_not(tmp_path: Path) -> None:
    assert missing(tmp_path, WITHOUT, FORCE) == ()
    assert missing(tmp_path, WITHOUT, FORCE[:3]) != ()


def test_incidents_that_name_their_station_are_enough(tmp_path: Path) -> None:
    assert missing(tmp_path, WITH_STATIONS) == ()


def test_columns_that_are_filled_only_in_different_rows_are_not_enough(tmp_path: Path) -> None:
    apart = {**WITH_STATIONS, "first_station": ["Soho", None]}
    assert missing(tmp_path, apart) != ()


def test_a_missing_table_is_named_before_the_ways(tmp_path: Path) -> None:
    assert ANALYSIS.missing({})[0] == "incidents"
    assert len(ANALYSIS.missing({})) == 2


def test_running_without_either_says_both_and_what_to_do(tmp_path: Path) -> None:
    engine = open_engine("local", threads=1, memory_gb=None, spill=tmp_path)
    dataset = Dataset({"incidents": table(tmp_path, "incidents", incident_id=["1"])}, engine=engine)
    with pytest.raises(TableError, match=r"challenge\.resources needs either the tables pools, units") as refused:
        ANALYSIS.require_data(dataset)
    assert "bestvalue check" in refused.value.next_step
    engine.close()


def test_one_way_alone_is_said_without_either(tmp_path: Path) -> None:
    one: Analysis[AnalysisSpec] = replace(ANALYSIS, one_of=(Way(tables=("units",)),))  # type: ignore[assignment] # the spec does not matter
    assert one.needs_in_words == ("incidents", "the table units")
