"""Real published files: every row that the publisher's files hold is used or left out by a reason."""

import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from bestvalue.dataset.report import Loaded

Load = Callable[..., Loaded]

PUBLISHED = [
    ("police_uk_city_of_london_street", "police-uk-street", "-street.csv", "Europe/London"),
    ("police_uk_surrey_street", "police-uk-street", "-street.csv.gz", "Europe/London"),
    ("police_uk_stop_and_search", "police-uk-stop-and-search", "stop-and-search.csv", "Europe/London"),
    ("lfb", "london-fire-bigquery", "lfb_incidents_2017-01_to_2017-03-15.csv.gz", "Europe/London"),
    ("lfb", "london-fire-bigquery", "lfb_incidents_sample_first_500.csv", "Europe/London"),
    ("lfb", "london-fire-datastore", "format_samples/LFB Incident data.csv", "Europe/London"),
    ("seattle_police_call_data", "seattle-police-calls", "db_call_data_2018-2023.csv", "America/Los_Angeles"),
    ("mps_borough_level_crime", "mps-borough-crime", ".csv", "Europe/London"),
    ("berlin_fire", "berlin-fire-missions", "Mission_Data/mission_data_set_open_data_2025.csv.gz", "Europe/Berlin"),
    ("berlin_fire", "berlin-fire-missions", "Mission_Data/mission_data_set_open_data_2025_first_500_lines.csv", "Europe/Berlin"),
    ("berlin_fire", "berlin-fire-daily-missions", "Daily_Data/BFw_mission_data_daily.csv.gz", "Europe/Berlin"),
    ("berlin_fire", "berlin-fire-daily-calls", "Daily_Data/BFw_call_data_daily.csv", "Europe/Berlin"),
]


def files_and_rows(folder: Path, part: str) -> dict[Path, int]:
    """The files of a publication and their data rows, from the table in its README."""
    listed = re.findall(r"^\| ([^|]+) \| \d+ \| (\d+) \|$", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    return {folder / name: int(rows) for name, rows in listed if part in name}


@pytest.mark.parametrize(("folder", "reader", "part", "zone"), PUBLISHED, ids=[f"{folder}-{reader}" for folder, reader, _, _ in PUBLISHED])
def test_every_row_of_a_published_file_is_accounted_for(shared: Path, load: Load, folder: str, reader: str, part: str, zone: str) -> None:
    files = files_and_rows(shared / "data" / folder, part)
    assert files
    loaded = load(list(files), time_zone=zone)
    report = loaded.report
    assert report.reader == reader
    assert report.rows_read == sum(files.values())
    assert report.rows_used + sum(reason.rows for reason in report.left_out) == report.rows_read
    rows = pl.read_parquet(loaded.checked().parquet)
    assert rows.height == report.rows
    assert rows["incident_id"].is_unique().all()
    assert rows["opened_at"].null_count() == 0


def test_the_city_of_londons_repeated_crimes_are_those_of_a_plain_count(shared: Path, load: Load) -> None:
    files = files_and_rows(shared / "data" / "police_uk_city_of_london_street", "-street.csv")
    numbers = [line.split(",")[0] for file in files for line in file.read_text(encoding="utf-8").splitlines()[1:]]
    numbered = [number for number in numbers if number]
    report = load(list(files)).report
    assert report.rows_left_out == len(numbered) - len(set(numbered))
    assert report.rows_used == len(set(numbered)) + numbers.count("")


def test_the_boroughs_crimes_add_up_to_the_cells_of_the_file(shared: Path, load: Load) -> None:
    (path,) = files_and_rows(shared / "data" / "mps_borough_level_crime", "Historical")
    wide = pl.read_csv(path)
    total = wide.select(pl.sum_horizontal(pl.exclude("MajorText", "MinorText", "BoroughName"))).to_series().sum()
    assert pl.read_parquet(load(path).checked().parquet)["incident_count"].sum() == total


def test_a_month_folder_as_published_is_read_whole(shared: Path, load: Load) -> None:
    assert load(shared / "data" / "police_uk_surrey_street").report.rows_read == 102_508  # the sum of the README's table
