# ruff: noqa: DTZ001 - times of a force's clock have no zone
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from bestvalue.dataset import load as loading
from bestvalue.dataset.load import load_table
from bestvalue.dataset.report import LeftOut, Loaded
from bestvalue.dataset.tables.demand import INCIDENTS
from bestvalue.errors import SHOWN_FAULTS, TableError, TableFaults

KILLED_HALFWAY = """
import os, signal, sys
from pathlib import Path
from bestvalue.dataset.load import load_table

def kill(share, doing):
    if share > 0:
        os.kill(os.getpid(), signal.SIGKILL)

load_table("incidents", [Path(sys.argv[1])], cache=Path(sys.argv[2]), progress=kill)
"""

Load = Callable[..., Loaded]
Write = Callable[..., Path]


def faults(loaded: Loaded) -> list[str]:
    return [str(fault) for fault in loaded.report.faults]


def test_a_sound_table_becomes_parquet_of_the_contracts_types(load: Load, incidents: Write) -> None:
    loaded = load(incidents("A1,2025-04-01 18:05:00,,312", "A2,02/04/2025 07:00,2025-04-02 08:00:00,"))
    table = pl.read_parquet(loaded.checked().parquet)
    assert dict(table.schema) == INCIDENTS.schema
    assert table.select("incident_id", "opened_at", "closed_at", "first_attendance_seconds").rows() == [
        ("A1", datetime(2025, 4, 1, 18, 5), None, 312.0),
        ("A2", datetime(2025, 4, 2, 7), datetime(2025, 4, 2, 8), None),
    ]


def test_the_report_says_what_was_read_and_what_period_it_covers(load: Load, incidents: Write) -> None:
    report = load(incidents("A1,2025-04-01 18:05:00,,312", "A2,2025-06-02 07:00:00,,")).report
    assert (report.reader, report.files, report.rows_read, report.rows_used, report.rows) == ("contract", ("incidents.csv",), 2, 2, 2)
    assert (report.first_day, report.last_day) == (date(2025, 4, 1), date(2025, 6, 2))
    assert (report.filled["opened_at"], report.filled["first_attendance_seconds"], report.filled["grade"]) == (2, 1, 0)
    assert {check.says: check.broken for check in report.checks}["no two rows share incident_id"] == 0


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("A9,31/02/2025 10:00,,", 'row 3, column opened_at: "31/02/2025 10:00" is not a date and time'),
        ("A9,0203-04-01 10:00:00,,", "row 3, column opened_at: opened_at is 0203-04-01 10:00:00, outside the years 1900 to 2100"),
        ("A9,,,", "row 3, column opened_at: opened_at is empty"),
        (",2025-04-01 10:00:00,,", "row 3, column incident_id: incident_id is empty"),
        ("A9,2025-04-01 10:00:00,,-5", "row 3, column first_attendance_seconds: first_attendance_seconds is -5.0, below 0 seconds"),
        ("A9,2025-04-01 10:00:00,,five", 'row 3, column first_attendance_seconds: "five" is not a number'),
        ("A9,2025-04-01 10:00:00,2025-04-01 09:00:00,", "row 3, column closed_at: closed_at is before opened_at"),
        ("A1,2025-04-01 10:00:00,,", 'row 3, column incident_id: incident_id "A1" is in row 2 already'),
        ("A9,2025-04-01 10:00:00", "row 3: the row has 2 fields and the header 4"),
    ],
)
def test_a_fault_is_named_by_row_and_column_with_its_value(load: Load, incidents: Write, line: str, fault: str) -> None:
    loaded = load(incidents("A1,2025-04-01 09:00:00,,", line))
    assert faults(loaded) == [f"incidents.csv, {fault}"]
    assert loaded.report.faults[0].next_step
    with pytest.raises(TableFaults, match="1 fault found"):
        loaded.checked()


def test_a_nul_far_down_in_a_text_is_a_fault(load: Load, incidents: Write) -> None:
    lines = [f"A{at},2025-04-01 10:00:00,," for at in range(12_000)]
    report = load(incidents(*lines, "B\0,2025-04-01 10:00:00,,")).report
    assert [(fault.row, fault.column, fault.what) for fault in report.faults] == [(12_002, "incident_id", '"B\0" holds a NUL character')]


def test_a_value_that_is_not_allowed_is_named_with_those_that_are(load: Load, incidents: Write) -> None:
    loaded = load(incidents("A1,2025-04-01,week", header="incident_id,opened_at,time_precision"))
    assert faults(loaded) == ['incidents.csv, row 2, column time_precision: time_precision is "week", which is not allowed']
    assert loaded.report.faults[0].next_step == "Allowed are: second, hour, day, month."


def test_all_faults_are_counted_and_the_first_of_the_file_listed(load: Load, incidents: Write) -> None:
    lines = [f"A{at},{f'soon {at}' if at % 2 else '2025-04-01 10:00:00'},,{f'x{at}' if at % 3 == 0 else 1}" for at in range(300)]
    report = load(incidents(*lines)).report
    assert report.faults_total == 150 + 100
    assert len(report.faults) == SHOWN_FAULTS
    broken = [(at + 2, "opened_at") for at in range(300) if at % 2] + [(at + 2, "first_attendance_seconds") for at in range(0, 300, 3)]
    in_order = sorted(broken, key=lambda place: place[0])
    assert [(fault.row, fault.column) for fault in report.faults] == in_order[:SHOWN_FAULTS]


def test_many_rows_with_one_fault_and_one_value_are_one_line_with_their_number(load: Load, incidents: Write) -> None:
    lines = [f"A{at},{'soon' if at % 2 else '2025-04-01 10:00:00'},,{-1 if at % 3 == 0 else 1}" for at in range(300)]
    report = load(incidents(*lines)).report
    assert report.faults_total == 150 + 100
    assert [(fault.what, fault.row, fault.rows) for fault in report.faults] == [
        ("first_attendance_seconds is -1.0, below 0 seconds: 100 rows, first at row 2", 2, 100),
        ('"soon" is not a date and time: 150 rows, first at row 3', 3, 150),
    ]


def test_faults_of_several_files_name_each_file(load: Load, incidents: Write) -> None:
    first = incidents("A1,2025-04-01 10:00:00,,", name="incidents/2025-04.csv")
    incidents("A2,never,,", "A1,2025-05-01 10:00:00,,", name="incidents/2025-05.csv")
    assert faults(load(first.parent)) == [
        '2025-05.csv, row 2, column opened_at: "never" is not a date and time',
        '2025-05.csv, row 3, column incident_id: incident_id "A1" is in 2025-04.csv, row 2 already',
    ]


def test_a_file_that_is_there_twice_is_refused(load: Load, incidents: Write) -> None:
    first = incidents("A1,2025-04-01 10:00:00,,", name="incidents/april.csv")
    incidents("A1,2025-04-01 10:00:00,,", name="incidents/april (1).csv")
    with pytest.raises(TableError, match=r"the same as april \(1\)\.csv, byte for byte") as twice:
        load(first.parent)
    assert twice.value.where == "april.csv"


def test_blank_rows_are_left_out_and_counted_and_rows_after_them_keep_their_numbers(load: Load, incidents: Write) -> None:
    report = load(incidents("A1,2025-04-01 10:00:00,,", ",,,", "", "A1,2025-04-01 11:00:00,,")).report
    assert (report.rows_read, report.rows_used) == (4, 2)
    assert report.left_out == (LeftOut(reason="the row is blank", rows=2, examples=("incidents.csv, row 3", "incidents.csv, row 4")),)
    assert [fault.row for fault in report.faults] == [5]


def test_a_missing_column_is_one_fault_and_the_others_are_still_checked(load: Load, incidents: Write) -> None:
    loaded = load(incidents("A1,2025-04-01 10:00:00,-1", header="incident_id,opend_at,first_attendance_seconds"))
    assert faults(loaded) == [
        'incidents.csv, row 1, column opened_at: the column opened_at is missing; did you mean "opend_at"?',
        "incidents.csv, row 2, column first_attendance_seconds: first_attendance_seconds is -1.0, below 0 seconds",
    ]


def test_a_file_of_no_known_layout_is_told_which_are_known_and_what_its_header_lacks(load: Load, tmp_path: Path) -> None:
    path = tmp_path / "weather.csv"
    path.write_text("station,rain,Month\nA,1,2025-04\n")
    with pytest.raises(TableError, match="header begins station, rain, Month") as unknown:
        load(path)
    assert unknown.value.where == "weather.csv"
    assert "the contract's own layout (the header lacks incident_id, opened_at)" in unknown.value.next_step
    assert "data.police.uk street-level crime (lacks Crime ID, Falls within," in unknown.value.next_step


def test_a_table_that_no_contract_knows_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(TableError, match='no table "incident"; did you mean "incidents"'):
        load_table("incident", [], cache=tmp_path)


def test_parquet_in_the_contracts_layout_is_used_where_it_lies(load: Load, incidents: Write, tmp_path: Path) -> None:
    made = load(incidents("A1,2025-04-01 10:00:00,,5")).checked().parquet
    own = shutil.copy(made, tmp_path / "incidents.parquet")
    loaded = load(Path(own))
    assert loaded.checked().parquet == Path(own)
    assert loaded.report.rows == 1


def test_faults_of_parquet_in_place_are_named_as_a_spreadsheet_counts(load: Load, tmp_path: Path) -> None:
    frame = pl.DataFrame({"incident_id": ["A1", "A1", None], "opened_at": [datetime(2025, 4, 1)] * 2 + [None]})
    lacking = {name: pl.lit(None, dtype=kind).alias(name) for name, kind in INCIDENTS.schema.items() if name not in frame.columns}
    frame.with_columns(**lacking).select(list(INCIDENTS.schema)).cast(INCIDENTS.schema).write_parquet(tmp_path / "t.parquet")
    assert faults(load(tmp_path / "t.parquet")) == [
        't.parquet, row 3, column incident_id: incident_id "A1" is in row 2 already',
        "t.parquet, row 4, column incident_id: incident_id is empty",
        "t.parquet, row 4, column opened_at: opened_at is empty",
    ]


def test_parquet_of_other_types_is_converted(load: Load, tmp_path: Path) -> None:
    pl.DataFrame(
        {
            "incident_id": [1, 2],
            "opened_at": [datetime(2025, 7, 1, 10), None],
            "grade": pl.Series(["a", None], dtype=pl.Categorical()),
            "incident_count": pl.Series([3, None], dtype=pl.Int8()),
        }
    ).with_columns(pl.col("opened_at").dt.cast_time_unit("ns").dt.replace_time_zone("UTC").fill_null(strategy="forward")).write_parquet(
        tmp_path / "t.parquet"
    )
    table = pl.read_parquet(load(tmp_path / "t.parquet").checked().parquet)
    assert dict(table.schema) == INCIDENTS.schema
    assert table.select("incident_id", "opened_at", "grade", "incident_count").rows() == [
        ("1", datetime(2025, 7, 1, 11), "a", 3),
        ("2", datetime(2025, 7, 1, 11), None, None),
    ]


@pytest.mark.parametrize("part", [0, 4, 100, -1])
def test_parquet_cut_short_is_refused(load: Load, incidents: Write, tmp_path: Path, part: int) -> None:
    whole = load(incidents("A1,2025-04-01 10:00:00,,5")).checked().parquet.read_bytes()
    (tmp_path / "t.parquet").write_bytes(whole[:part])
    with pytest.raises(TableError, match="cannot be read as Parquet"):
        load(tmp_path / "t.parquet")


def test_a_second_call_reads_nothing_again(load: Load, incidents: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = incidents("A1,2025-04-01 10:00:00,,5")
    first = load(path)

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(loading, "_read", forbidden)
    monkeypatch.setattr("hashlib.file_digest", forbidden)
    assert load(path) == first


def test_a_report_with_faults_is_kept_too(load: Load, incidents: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = incidents("A1,never,,5")
    first = load(path)
    monkeypatch.setattr(loading, "_read", None)
    assert load(path) == first


def test_a_changed_file_is_read_again_and_has_another_digest(load: Load, incidents: Write) -> None:
    first = load(incidents("A1,2025-04-01 10:00:00,,5")).checked()
    path = incidents("A1,2025-04-01 10:00:00,,6")
    os.utime(path, ns=(1, 1))  # a copy may keep an old date
    second = load(path).checked()
    assert first.digest != second.digest
    assert pl.read_parquet(second.parquet)["first_attendance_seconds"].to_list() == [6.0]


def test_the_same_content_has_the_same_digest_in_another_folder(incidents: Write, tmp_path: Path) -> None:
    digests = {
        load_table("incidents", [incidents("A1,2025-04-01,,", name=f"{folder}/incidents.csv")], cache=tmp_path / folder / "c")
        .checked()
        .digest
        for folder in ("one", "two")
    }
    assert len(digests) == 1


def test_another_clock_makes_another_table(load: Load, incidents: Write) -> None:
    path = incidents("A1,2025-07-01T10:00:00Z,,")
    london, seattle = load(path).checked(), load(path, time_zone="America/Los_Angeles").checked()
    assert london.digest != seattle.digest
    assert [pl.read_parquet(table.parquet)["opened_at"][0].hour for table in (london, seattle)] == [11, 3]


def test_reading_that_is_stopped_leaves_nothing_behind(load: Load, incidents: Write, tmp_path: Path) -> None:
    def stop(share: float, _doing: str) -> None:
        if share > 0:
            raise KeyboardInterrupt

    path = incidents("A1,2025-04-01 10:00:00,,5")
    with pytest.raises(KeyboardInterrupt):
        load(path, progress=stop)
    assert [file.name for file in (tmp_path / "cache").iterdir()] == ["digests.json"]
    assert load(path).report.rows == 1


def test_a_process_killed_while_reading_leaves_no_table_and_the_next_one_reads_it(incidents: Write, tmp_path: Path) -> None:
    path, cache = incidents("A1,2025-04-01 10:00:00,,5"), tmp_path / "cache"
    killed = subprocess.run([sys.executable, "-c", KILLED_HALFWAY, str(path), str(cache)], capture_output=True, check=False)  # noqa: S603 - our own interpreter
    assert killed.returncode == -signal.SIGKILL
    finished = [file for file in cache.iterdir() if not file.name.startswith(".unfinished-")]
    assert [file.name for file in finished] == ["digests.json"]
    assert load_table("incidents", [path], cache=cache).report.rows == 1


def test_a_damaged_cache_is_made_anew(load: Load, incidents: Write, tmp_path: Path) -> None:
    path = incidents("A1,2025-04-01 10:00:00,,5")
    first = load(path)
    for file in (tmp_path / "cache").glob("*.json"):
        file.write_text(json.dumps({"table": 1}) if file.name != "digests.json" else "{")
    assert load(path) == first
    first.checked().parquet.unlink()
    assert load(path) == first


def test_progress_goes_forward_and_ends_at_one(load: Load, incidents: Write) -> None:
    shares: list[float] = []
    load(incidents("A1,2025-04-01 10:00:00,,5"), progress=lambda share, _doing: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
