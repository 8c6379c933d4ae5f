from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook

from bestvalue.dataset.engines.local import LocalEngine
from bestvalue.dataset.load import check_folder, load_dataset
from bestvalue.dataset.report import CheckReport
from bestvalue.errors import TableError, TableFaults

AREAS = "area_id,area_name\nE1,Hackney\nE2,Camden\n"
NEIGHBOURS = "area_id,neighbour_id\nE1,E2\n"
INCIDENTS = "incident_id,opened_at,area_id\nA1,2025-04-01 10:00:00,E1\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def check(data: Path, **options: object) -> CheckReport:
    return check_folder(data, cache=data.parent / "cache", **options)  # type: ignore[arg-type]


def test_tables_are_found_as_files_folders_and_sheets(data: Path) -> None:
    (data / "areas.csv").write_text(AREAS)
    (data / "incidents").mkdir()
    (data / "incidents" / "april.csv").write_text(INCIDENTS)
    book = Workbook()
    book.active.title = "area_neighbours"
    for line in NEIGHBOURS.splitlines():
        book.active.append(line.split(","))
    book.create_sheet("notes")
    book.save(data / "our tables.xlsx")
    report = check(data)
    assert report.passed
    assert list(report.checked) == ["areas", "area_neighbours", "incidents"]
    assert report.warnings == ()


def test_files_that_are_no_tables_are_said_and_folders_set_apart_are_not(data: Path) -> None:
    (data / "areas.csv").write_text(AREAS)
    for name in ("incident.csv", "weather.csv", "notes.docx", ".hidden.csv", "_truth/areas.csv", "photos/cat.jpg", "shift/a.csv"):
        (data / name).parent.mkdir(exist_ok=True)
        (data / name).write_text(INCIDENTS)
    assert check(data).warnings == (
        'incident.csv is no table\'s name, so it is not read; did you mean "incidents"?',
        "notes.docx is no table and is not read",
        "photos/ holds no table and is not read",
        'shift/ is no table\'s name, so it is not read; did you mean "shifts"?',
        "weather.csv is no table's name, so it is not read",
    )


def test_a_published_file_under_its_own_name_is_told_where_to_go(data: Path) -> None:
    (data / "2024-01-surrey-street.csv").write_text("Crime ID,Month,Falls within,LSOA name,Crime type,Last outcome category\n")
    assert check(data).warnings == (
        "2024-01-surrey-street.csv looks like data.police.uk street-level crime: put it into a folder incidents/ to have it read",
    )


def test_a_value_that_points_to_nothing_is_a_fault_by_its_row(data: Path) -> None:
    (data / "areas.csv").write_text(AREAS)
    (data / "area_neighbours.csv").write_text(NEIGHBOURS + "\nE2,E9\nE2,E1\n")
    report = check(data)
    assert [str(fault) for fault in report.faults] == [
        'area_neighbours.csv, row 4, column neighbour_id: neighbour_id "E9" is not in areas.area_id'
    ]
    assert list(report.checked) == ["areas"]
    with pytest.raises(TableFaults, match="1 fault found"):
        report.require_passed()


def test_references_to_a_table_that_is_not_there_or_not_sound_are_said_to_be_unchecked(data: Path) -> None:
    (data / "area_neighbours.csv").write_text(NEIGHBOURS)
    absent = "area_neighbours.{} points to areas, which is not there: not checked"
    assert check(data).warnings == (absent.format("area_id"), absent.format("neighbour_id"))
    (data / "areas.csv").write_text("area_id,area_name\nE1,\n")
    assert check(data).warnings[0] == "area_neighbours.area_id points to areas, which has faults: not checked"


def test_a_table_that_cannot_be_read_does_not_stop_the_others(data: Path) -> None:
    (data / "areas.csv").write_text("<html>")
    (data / "incidents.csv").write_text(INCIDENTS)
    report = check(data)
    assert str(report.faults[0]).startswith("areas.csv: The file is a web page")
    assert list(report.checked) == ["incidents"]


def test_chosen_files_take_the_place_of_those_in_the_folder(data: Path, tmp_path: Path) -> None:
    (data / "areas.csv").write_text("broken")
    (tmp_path / "mine.csv").write_text(AREAS)
    report = check(data, chosen={"areas": ([tmp_path / "mine.csv"], None)})
    assert report.tables["areas"].report.files == ("mine.csv",)
    with pytest.raises(TableError, match='no table "area"'):
        check(data, chosen={"area": ([tmp_path / "mine.csv"], None)})


def test_an_empty_or_missing_folder_has_no_tables(data: Path) -> None:
    assert check(data).tables == {}
    assert check(data / "nowhere").tables == {}


def test_a_dataset_answers_from_the_checked_tables(data: Path) -> None:
    (data / "incidents.csv").write_text(INCIDENTS)
    engine = LocalEngine()
    try:
        dataset = load_dataset(data, cache=data.parent / "cache", engine=engine)
        assert dataset.query("SELECT area_id, count(*) AS n FROM incidents GROUP BY area_id").rows() == [("E1", 1)]
        assert pl.read_parquet(dataset.tables["incidents"].parquet).height == dataset.tables["incidents"].rows
    finally:
        engine.close()
