from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from bestvalue.dataset.checks.kinds import FaultKind
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.engines.local import LocalEngine
from bestvalue.dataset.load import check_folder
from bestvalue.dataset.report import CheckReport
from bestvalue.dataset.row_checks import AccountsFor
from bestvalue.dataset.setting_apart import with_rows_set_apart

HEADER = "incident_id,opened_at,closed_at\n"
SOUND = "A1,2025-04-01 10:00:00,2025-04-01 11:00:00\nA2,2025-04-01 10:30:00,\n"
BACKWARDS = "B1,2025-04-01 10:00:00,2025-04-01 09:00:00\n"
ORDER = AccountsFor(table="incidents", kind=FaultKind.RULE, counted_as="closed too early")
TWICE = AccountsFor(table="incidents", kind=FaultKind.TWICE, counted_as="twice")


@pytest.fixture
def engine() -> Iterator[LocalEngine]:
    engine = LocalEngine(threads=1)
    yield engine
    engine.close()


def checked(folder: Path, rows: str) -> CheckReport:
    data = folder / "data"
    data.mkdir(exist_ok=True)
    (data / "incidents.csv").write_text(HEADER + rows, encoding="utf-8")
    return check_folder(data, cache=folder / "cache")


def asked(folder: Path, rows: str, engine: LocalEngine, *accounts: AccountsFor) -> Dataset:
    report = checked(folder, rows)
    dataset = Dataset(report.checked, engine=engine, at_fault=report.at_fault)
    return with_rows_set_apart(dataset, accounts, ["incidents"], folder=folder / "cache")


def ids(dataset: Dataset) -> list[str]:
    return dataset.query("SELECT incident_id FROM incidents")["incident_id"].to_list()


def test_rows_left_out_leave_the_table_as_if_they_had_never_been_in_it(tmp_path: Path, engine: LocalEngine) -> None:
    clean = pl.read_parquet(checked(tmp_path, SOUND).checked["incidents"].parquet)
    found = asked(tmp_path, BACKWARDS + SOUND, engine, ORDER)
    assert pl.read_parquet(found.tables["incidents"].parquet).equals(clean)
    assert [(one.counted_as, one.rows, one.of, one.first) for one in found.set_apart] == [
        ("closed too early", 1, 3, "incidents.csv, row 2")
    ]


def test_the_second_of_two_rows_with_one_number_is_kept_where_the_first_is_left_out_for_another_reason(
    tmp_path: Path, engine: LocalEngine
) -> None:
    found = asked(tmp_path, BACKWARDS + "B1,2025-04-01 10:00:00,\n" + SOUND + SOUND, engine, ORDER, TWICE)
    assert ids(found) == ["B1", "A1", "A2"]
    assert {one.counted_as: one.rows for one in found.set_apart} == {"closed too early": 1, "twice": 2}


def test_rows_that_the_question_uses_as_they_stand_are_counted_and_stay(tmp_path: Path, engine: LocalEngine) -> None:
    kept = AccountsFor(table="incidents", kind=FaultKind.RULE, counted_as="closing time is not read", left_out=False)
    found = asked(tmp_path, SOUND + BACKWARDS, engine, kept)
    assert ids(found) == ["A1", "A2", "B1"]
    assert [(one.rows, one.left_out) for one in found.set_apart] == [(1, False)]


@pytest.mark.parametrize("spoilt", [SOUND + SOUND, SOUND + "C1,soon,\n", SOUND + "C1,,\n"])
def test_a_table_with_a_fault_that_nobody_answers_for_is_not_there(tmp_path: Path, engine: LocalEngine, spoilt: str) -> None:
    assert "incidents" not in asked(tmp_path, spoilt + BACKWARDS, engine, ORDER).tables


def test_a_table_with_other_rows_left_out_is_another_table(tmp_path: Path, engine: LocalEngine) -> None:
    digests = {asked(tmp_path, rows, engine, ORDER).tables["incidents"].digest for rows in (SOUND, SOUND + BACKWARDS, BACKWARDS + SOUND)}
    assert len(digests) == 3


def test_rows_that_point_to_a_table_that_is_at_fault_itself_are_set_apart_too(tmp_path: Path, engine: LocalEngine) -> None:
    tables = {
        "pools": "pool_id,pool_name,level,minimum_units,crew\nP1,Boats,support,0,4\n",
        "units": "unit_id,pool_id\nU1,P1\nU2,P9\n",  # no such pool
        "shifts": "unit_id,weekday,starts_minute,length_minutes\nU1,1,420,480\nU2,1,420,480\nU9,1,420,480\n",
    }
    (tmp_path / "data").mkdir()
    for name, rows in tables.items():
        (tmp_path / "data" / f"{name}.csv").write_text(rows, encoding="utf-8")
    report = check_folder(tmp_path / "data", cache=tmp_path / "cache")
    assert set(report.at_fault) == {"units", "shifts"}
    no_unit = AccountsFor(table="shifts", kind=FaultKind.REFERENCE, columns=("unit_id",), counted_as="no unit")
    dataset = Dataset(report.checked, engine=engine, at_fault=report.at_fault)
    found = with_rows_set_apart(dataset, [no_unit], ["shifts", "units"], folder=tmp_path / "cache")
    assert found.query("SELECT unit_id FROM shifts")["unit_id"].to_list() == ["U1", "U2"]
    assert "units" not in found.tables
