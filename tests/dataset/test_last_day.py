from datetime import date
from pathlib import Path

import pytest

from bestvalue.dataset.last_day import last_day_of_calls, last_day_of_data
from bestvalue.dataset.load import check_folder
from bestvalue.dataset.report import CheckReport

TABLES = {
    "areas.csv": "area_id,area_name\nE1,Hackney\n",
    "incidents.csv": "incident_id,opened_at,area_id\nA1,2026-03-30 10:00:00,E1\nA2,2026-03-31 23:50:00,E1\n",
    "planned_events.csv": "event_id,event_name,kind,starts_at,ends_at\nV1,Carnival,carnival,2026-05-04 09:00:00,2026-05-04 23:00:00\n",
    "indicator_values.csv": "indicator_id,force_id,period_starts,period_ends,definition_changed\nI1,F1,2024-10-01,2025-09-30,false\n",
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / name).write_text(text)
    return folder


def check(data: Path) -> CheckReport:
    return check_folder(data, cache=data.parent / "cache")


def digests(report: CheckReport, *names: str) -> dict[str, str]:
    tables = {name: loaded.table or loaded.at_fault for name, loaded in report.tables.items()}
    found = {name: table.digest for name in names if (table := tables[name])}
    assert set(found) == set(names)
    return found


def test_the_last_day_is_the_latest_of_the_tables_and_what_is_later_than_the_last_call_does_not_count(data: Path) -> None:
    report = check(data)
    assert last_day_of_data(report, digests(report, "areas", "incidents", "planned_events")) == date(2026, 3, 31)
    assert last_day_of_calls(report) == date(2026, 3, 31)


def test_a_count_of_a_period_tells_of_the_periods_last_day(data: Path) -> None:
    report = check(data)
    assert last_day_of_data(report, digests(report, "indicator_values")) == date(2025, 9, 30)


def test_no_day_is_told_of_tables_without_days_or_of_tables_that_have_changed_since(data: Path) -> None:
    before = digests(check(data), "incidents")
    assert last_day_of_data(check(data), digests(check(data), "areas")) is None
    (data / "incidents.csv").write_text(TABLES["incidents.csv"] + "A3,2026-04-20 10:00:00,E1\n")
    assert last_day_of_data(check(data), before) is None
