# ruff: noqa: DTZ001 - times of a force's clock have no zone
"""Whatever a sound table holds, it reads back equal from every format; whatever bytes a file holds, only our errors come of it."""

import csv
import gzip
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from polars.testing import assert_frame_equal

from bestvalue.dataset.contracts import Column, Kind, Table
from bestvalue.dataset.load import load_table
from bestvalue.dataset.tables import TABLES
from bestvalue.errors import BestValueError

SAMPLE = Table(
    name="sample",
    means="One row of anything.",
    key=("row_id",),
    columns=(
        Column(name="row_id", kind=Kind.TEXT, means="Its name.", required=True),
        Column(name="note", kind=Kind.TEXT, means="A text."),
        Column(name="people", kind=Kind.WHOLE_NUMBER, means="A count.", low=0),
        Column(name="share", kind=Kind.NUMBER, means="A number."),
        Column(name="cost_pence", kind=Kind.PENCE, means="Money."),
        Column(name="armed", kind=Kind.YES_NO, means="Yes or no."),
        Column(name="day", kind=Kind.DATE, means="A day."),
        Column(name="seen_at", kind=Kind.TIME, means="A time."),
    ),
)

# What XML and a spreadsheet can hold: no control characters, and no text that a spreadsheet would take for a formula.
TEXTS = (
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\ufeff\ufffe\uffff_"), max_size=20)
    .map(str.strip)
    .filter(lambda text: text and not text.startswith(("=", "#")))
)
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def optional(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values)


@st.composite
def tables(draw: st.DrawFn) -> pl.DataFrame:
    names = draw(st.lists(TEXTS, min_size=1, max_size=8, unique=True))
    columns: dict[str, st.SearchStrategy[Any]] = {
        "note": optional(TEXTS),
        "people": optional(st.integers(0, 2**53)),
        "share": optional(st.floats(-1e12, 1e12).map(lambda number: float(f"{number:.15g}"))),  # a spreadsheet keeps 15 digits
        "cost_pence": optional(st.integers(-(2**53), 2**53)),
        "armed": optional(st.booleans()),
        "day": optional(st.dates(date(1901, 1, 1), date(2099, 12, 31))),
        "seen_at": optional(st.datetimes(datetime(1901, 1, 1), datetime(2099, 12, 31)).map(lambda time: time.replace(microsecond=0))),
    }
    rows = {name: draw(st.lists(values, min_size=len(names), max_size=len(names))) for name, values in columns.items()}
    return pl.DataFrame({"row_id": names, **rows}, schema=SAMPLE.schema)


@pytest.fixture(scope="module", autouse=True)
def sample_contract() -> Iterator[None]:
    with patch.dict(TABLES, {SAMPLE.name: SAMPLE}):  # type: ignore[arg-type]
        yield


def read_back(path: Path) -> pl.DataFrame:
    return pl.read_parquet(load_table("sample", [path], cache=path.parent / "cache").checked().parquet)


def refusal(path: Path) -> BestValueError | None:
    """Why a file is refused, if it is; any other error is a bug and passes through."""
    try:
        load_table("sample", [path], cache=path.parent / "cache")
    except BestValueError as refused:
        return refused
    return None


def write_csv(table: pl.DataFrame, path: Path, *, delimiter: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, delimiter=delimiter)
        lines.writerow(table.columns)
        lines.writerows(["" if value is None else str(value) for value in row] for row in table.iter_rows())


@QUICK
@given(table=tables(), delimiter=st.sampled_from(",;\t|"), packed=st.booleans())
def test_a_table_written_as_csv_reads_back_equal(table: pl.DataFrame, delimiter: str, packed: bool) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sample.csv"
        write_csv(table, path, delimiter=delimiter)
        if packed:
            content = gzip.compress(path.read_bytes())
            path = path.with_suffix(".csv.gz")
            path.write_bytes(content)
        assert_frame_equal(read_back(path), table)


@QUICK
@given(table=tables())
def test_a_table_written_as_parquet_reads_back_equal(table: pl.DataFrame) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sample.parquet"
        table.write_parquet(path)
        assert_frame_equal(read_back(path), table)


@QUICK
@given(table=tables())
def test_a_table_written_as_a_workbook_reads_back_equal(table: pl.DataFrame) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sample.xlsx"
        _write_workbook(table, path)
        assert_frame_equal(read_back(path), table)


@QUICK
@given(data=st.data(), table=tables())
def test_rows_read_are_rows_used_and_rows_left_out_whatever_is_spoilt(data: st.DataObject, table: pl.DataFrame) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sample.csv"
        write_csv(table, path, delimiter=",")
        lines = path.read_text(encoding="utf-8").split("\n")
        spoilt = data.draw(st.lists(st.sampled_from(["", ",,,,,,,", "x", "a,b,c,d,e,f,g,h,i", "a,b,-1,c,d,e,f,g"]), max_size=5))
        path.write_text("\n".join([*lines[:-1], *spoilt]) + "\n", encoding="utf-8")
        report = load_table("sample", [path], cache=path.parent / "cache").report
        assert report.rows_read == report.rows_used + report.rows_left_out == table.height + len(spoilt)
        assert report.passed == all(set(line) <= {","} for line in spoilt)


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=400), name=st.sampled_from(["t.csv", "t.csv.gz", "t.parquet", "t.xlsx"]), sound=st.booleans())
def test_no_bytes_give_anything_but_our_own_errors(content: bytes, name: str, sound: bool) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        body = b"row_id,note\n" + content if sound else content
        path.write_bytes(gzip.compress(body) if sound and name.endswith(".gz") else body)
        refused = refusal(path)
        assert refused is None or (refused.where and refused.next_step)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), table=tables(), ending=st.sampled_from([".parquet", ".xlsx", ".csv.gz"]))
def test_a_file_with_spoilt_bytes_gives_nothing_but_our_own_errors(data: st.DataObject, table: pl.DataFrame, ending: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"sample{ending}"
        if ending == ".parquet":
            table.write_parquet(path)
        elif ending == ".xlsx":
            _write_workbook(table, path)
        else:
            path.write_bytes(gzip.compress(table.write_csv().encode()))
        content = bytearray(path.read_bytes())
        for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
            content[at] ^= data.draw(st.integers(1, 255))
        path.write_bytes(content)
        refused = refusal(path)
        assert refused is None or (refused.where and refused.next_step)


def _write_workbook(table: pl.DataFrame, path: Path) -> None:
    book = Workbook()
    book.active.append(table.columns)
    for row in table.iter_rows():
        book.active.append(row)
    book.save(path)
