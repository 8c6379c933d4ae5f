# ruff: noqa: DTZ001 - times of a force's clock have no zone
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from bestvalue.dataset.files import package
from bestvalue.dataset.files.source import find_sources
from bestvalue.dataset.files.workbook import open_workbook, sheet_names
from bestvalue.errors import TableError, TableFaults


def workbook(path: Path, rows: list[list[Any]], *, sheet: str = "incidents", above: int = 0) -> Path:
    book = Workbook()
    page = book.active
    page.title = sheet
    for at, row in enumerate(rows, start=above + 1):
        for column, value in enumerate(row, start=1):
            page.cell(row=at, column=column, value=value)
    book.save(path)
    return path


def read(path: Path, *, sheet: str = "incidents", exact: tuple[str, ...] = ()) -> list[tuple[int, tuple[str | None, ...]]]:
    (source,) = find_sources([path], sheet=sheet)
    return [
        (int(number), row)
        for batch in open_workbook(source, exact=exact).batches()
        for number, row in zip(batch.row_numbers, batch.frame.iter_rows(), strict=True)
    ]


def test_cells_of_every_kind_are_read_as_text(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "t.xlsx",
        [["a", "b", "c", "d"], ["x ", 3, True, datetime(2025, 4, 1, 18, 5)], [7, 2.5, False, date(2025, 4, 1)], [None, " ", None, None]],
    )
    assert read(path) == [
        (2, ("x", "3", "true", "2025-04-01 18:05:00")),
        (3, ("7", "2.5", "false", "2025-04-01 00:00:00")),
        (4, (None, None, None, None)),
    ]


def test_numbers_of_exact_columns_keep_their_last_digit(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [["n", "id"], [1 / 3, 12], ["none", 13]])
    assert read(path, exact=("n",)) == [(2, (str(1 / 3), "12")), (3, ("none", "13"))]


def test_rows_count_from_the_top_of_the_sheet_though_the_header_is_further_down(tmp_path: Path) -> None:
    assert read(workbook(tmp_path / "t.xlsx", [["a"], ["x"]], above=3)) == [(5, ("x",))]


def test_the_sheet_of_the_tables_name_is_chosen_and_an_only_sheet_may_have_any(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["notes"])
    book.create_sheet("Incidents").append(["a"])
    book.save(tmp_path / "t.xlsx")
    assert sheet_names(tmp_path / "t.xlsx") == ["Sheet", "Incidents"]
    (source,) = find_sources([tmp_path / "t.xlsx"], sheet="incidents")
    assert list(open_workbook(source).header) == ["a"]
    only = workbook(tmp_path / "only.xlsx", [["a"], ["x"]], sheet="Sheet1")
    assert read(only) == [(2, ("x",))]


def test_a_workbook_without_the_sheet_names_those_that_it_has(tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("shifts")
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(TableError, match="no sheet incidents: it has Sheet, shifts"):
        read(tmp_path / "t.xlsx")


def test_cells_with_an_error_or_an_unsaved_formula_are_faults_by_their_place(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [["a", "b"], ["#N/A", 1], ["x", "=1+1"]])
    with pytest.raises(TableFaults) as faults:
        read(path)
    assert [str(fault) for fault in faults.value.faults] == [
        "t.xlsx, sheet incidents, row 2: cell A2 holds an error of Excel",
        "t.xlsx, sheet incidents, row 3: cell B3 holds a formula without a saved value",
    ]


def test_a_formula_with_a_saved_value_is_read_as_its_value(tmp_path: Path) -> None:
    path = rewritten(
        workbook(tmp_path / "t.xlsx", [["a"], ["=1+1"]]), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<v></v>", b"<v>2</v>")
    )
    assert read(path) == [(2, ("2",))]


def rewritten(path: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    members[member] = change(members.get(member, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in members.items():
            new.writestr(name, content)
    return path


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return workbook(tmp_path / "t.xlsx", [["a"], ["x"]])


def test_a_sheet_that_unpacks_to_a_thousand_times_its_size_is_refused(plain: Path) -> None:
    rewritten(plain, "xl/worksheets/sheet1.xml", lambda xml: xml + b"\0" * (64 << 20))
    with pytest.raises(TableError, match="unpack to") as refused:
        read(plain)
    assert "CSV" in refused.value.next_step


def test_a_package_that_lies_about_its_size_is_refused(plain: Path) -> None:
    rewritten(plain, "xl/bomb.bin", lambda _: b"\0" * (64 << 20))
    content = plain.read_bytes()
    true_size, lie = (64 << 20).to_bytes(4, "little"), (64).to_bytes(4, "little")
    plain.write_bytes(content.replace(true_size, lie))
    with pytest.raises(TableError):
        read(plain)


def test_more_than_two_gigabytes_are_refused_whatever_the_ratio(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_UNPACKED_BYTES", 1_000)
    with pytest.raises(TableError, match="no table needs"):
        read(plain)


def test_too_many_members_are_refused(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_MEMBERS", 3)
    with pytest.raises(TableError, match="it holds 9 files"):
        read(plain)


def test_macros_are_refused_under_any_name(plain: Path) -> None:
    rewritten(plain, "xl/vbaProject.bin", lambda _: b"macro")
    with pytest.raises(TableError, match="macros"):
        read(plain)


def test_an_entity_bomb_in_the_list_of_sheets_is_refused(plain: Path) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'
    rewritten(plain, "xl/workbook.xml", lambda _: bomb)
    with pytest.raises(TableError, match="cannot be read as an Excel workbook"):
        read(plain)


def test_a_workbook_cut_short_or_another_file_under_its_name_is_refused(plain: Path) -> None:
    whole = plain.read_bytes()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as other:
        other.writestr("letter.txt", "hello")
    for content in (whole[: len(whole) // 2], b"", b"a,b\n1,2\n", archive.getvalue()):
        plain.write_bytes(content)
        package._check_state.cache_clear()
        with pytest.raises(TableError) as refused:
            read(plain)
        assert "t.xlsx" in refused.value.where
