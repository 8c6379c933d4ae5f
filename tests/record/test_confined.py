"""Whatever a file does to its reader, the caller is told within the bounds, and nothing is left running."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests import hostile

from bestvalue.errors import BestValueError, TableError
from bestvalue.record.confined import Bounds, confined

BOUNDS = Bounds(seconds=20, memory_mb=1_024)


def test_a_child_answers_with_what_the_function_returns_whatever_its_libraries_print() -> None:
    assert confined(hostile.print_and_answer, BOUNDS, "board", times=2) == ["board", "board"]


@pytest.mark.parametrize("harm", [hostile.spin, hostile.wait])
def test_a_reader_that_does_not_end_is_ended(harm: Callable[[], None]) -> None:
    with pytest.raises(BestValueError, match=r"takes longer than 1\.5 seconds") as told:
        confined(harm, Bounds(seconds=1.5, memory_mb=512))
    assert told.value.where == "file"


def test_a_reader_that_takes_too_much_memory_is_ended() -> None:
    with pytest.raises(BestValueError, match="takes more than 1,024 MB of memory") as told:
        confined(hostile.eat, BOUNDS)
    assert told.value.next_step


def test_a_reader_that_crashes_takes_nobody_with_it() -> None:
    with pytest.raises(BestValueError, match="its reader ran out of memory or failed on it"):
        confined(hostile.crash, BOUNDS)


def test_what_a_reader_refuses_comes_back_with_its_place_and_its_next_step() -> None:
    with pytest.raises(TableError) as told:
        confined(hostile.refuse, BOUNDS, "The file holds macros")
    assert (told.value.what, told.value.where, told.value.next_step) == ("The file holds macros", "a.csv", "Bring another.")


def test_a_bug_of_a_reader_is_told_without_its_inside_and_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(BestValueError, match="The file cannot be read") as told:
        confined(hostile.fail, BOUNDS)
    assert "ZeroDivision" not in str(told.value)
    assert "ZeroDivisionError: in the middle of a file" in caplog.text


def test_a_child_is_given_none_of_the_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = ("BESTVALUE_SITE_KEY", "BESTVALUE_LEDGER_KEY", "DATABASE_URL")
    for name in secrets:
        monkeypatch.setenv(name, "secret")
    assert not set(secrets) & set(confined(hostile.surroundings, BOUNDS))


def test_a_table_can_be_checked_within_the_bounds_that_are_the_default(tmp_path: Path) -> None:
    from bestvalue.site.table_check import check_table
    from bestvalue.workspace import UploadSetting

    files = tmp_path / "files"
    files.mkdir()
    (files / "areas.csv").write_text("area_id,area_name,resident_population\nA,Ash,900\nB,Birch,1100\n")
    allowed = UploadSetting()
    report = confined(
        check_table,
        Bounds(seconds=allowed.table_seconds, memory_mb=allowed.table_memory_mb),
        "areas",
        files,
        named={},
        data_folder=tmp_path,
        cache=tmp_path / "cache",
        time_zone="Europe/London",
    )
    assert (report.passed, report.rows) == (True, 2)
