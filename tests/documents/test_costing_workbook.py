import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from bestvalue.analysis.contract import Figure, Provenance, Result, ResultTable, Statement
from bestvalue.documents.costing_workbook import write_workbook

Write = Callable[..., Workbook]


def result(tables: dict[str, ResultTable], *, analysis: str = "compete.costing") -> Result:
    figure = Figure(name="cost", value=6.0, unit="pounds", base="three lines")
    return Result(
        question="What?",
        title="Costing",
        statements=(Statement(text="=HYPERLINK(1)", figures=(figure,)),),
        tables=tables,
        charts={},
        caveats=("A cost is no saving.",),
        provenance=Provenance(
            analysis=analysis,
            analysis_version=1,
            dataset="d1",
            tables={},
            rows={},
            sources={},
            spec={"seed": 1},
            synthetic=True,
            engine="local",
            versions={},
            started_at=datetime(2026, 1, 1, tzinfo=UTC),
            duration_seconds=0.0,
        ),
    )


TABLES = {
    "reconciliation": ResultTable(
        title="Reconciliation",
        rows=pl.DataFrame(
            {
                "step": ["ledger", "ledger", "to activities", "not sampled", "not allocated", "check"],
                "line": [
                    "Ledger",
                    "Cost to be allocated",
                    "To activities: direct",
                    "Nobody sampled: direct",
                    "Not allocated: X",
                    "Difference",
                ],
                "pence": [700, 700, 400, 200, 100, 0],
            }
        ),
        units={"pence": "pence"},
    ),
    "activities": ResultTable(
        title="Activities",
        rows=pl.DataFrame(
            {"activity_name": ["=1+1", "patrol"], "total_pounds": [4.0, 2.0], "low_pounds": [3.5, None], "share": [2 / 3, 1 / 3]}
        ),
        units={"total_pounds": "pounds", "low_pounds": "pounds", "share": "share"},
        note="All of it.",
    ),
    "cells": ResultTable(
        title="Cells", rows=pl.DataFrame({"activity_id": ["A", "A", "B"], "pence": [100, 300, 200]}), units={"pence": "pence"}
    ),
}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(tables: dict[str, ResultTable] = TABLES, **more: Any) -> Workbook:
        return load_workbook(write_workbook(result(tables, **more), tmp_path / "costing.xlsx"))

    return write


def worth(book: Workbook, formula: str) -> float:
    """What a formula of links, sums, plus, minus, division and rounding comes to."""
    text = formula.removeprefix("=")
    summed = re.fullmatch(r"SUM\(([A-Z]+)(\d+):\1(\d+)\)", text)
    assert summed is None, "sums are worked out where they stand"
    text = re.sub(r"'?(\w+)'?!([A-Z]+\d+)", lambda link: repr(cell(book, link[1], link[2])), text)
    text = re.sub(r"\b([A-D]\d+)\b", lambda link: repr(cell(book, "Checks", link[1])), text)
    return float(eval(text.replace("ROUND", "round"), {"__builtins__": {}}, {"round": round}))  # noqa: S307 - formulas that we wrote


def cell(book: Workbook, sheet: str, place: str) -> float:
    value = book[sheet][place].value
    if not isinstance(value, str):
        return float(value)
    summed = re.fullmatch(r"=SUM\(([A-Z]+)(\d+):\1(\d+)\)", value)
    if summed is None:
        return worth(book, value)
    rows = range(int(summed[2]), int(summed[3]) + 1)
    return sum(float(book[sheet][f"{summed[1]}{row}"].value or 0) for row in rows)


def test_rows_are_values_and_totals_are_formulas_over_them(write: Write) -> None:
    sheet = write()["activities"]
    assert [row[1].value for row in sheet.iter_rows(min_row=2, max_row=4)] == [4.0, 2.0, "=SUM(B2:B3)"]
    assert sheet["B4"].data_type == "f"
    assert sheet["C4"].value is None, "the lower ends of intervals do not add up"
    assert sheet["D4"].value is None, "nor do shares of different wholes"
    assert sheet["B2"].number_format.startswith("£")


def test_the_checks_link_every_total_to_the_reconciliation_and_find_no_difference(write: Write) -> None:
    book = write()
    found = {row[0].value: [worth(book, str(one.value)) for one in row[1:]] for row in book["Checks"].iter_rows(min_row=2)}
    assert found == {
        "Total of the sheet activities": [6.0, 6.0, 0.0],
        "Total of the sheet cells": [6.0, 6.0, 0.0],
        "Ledger, less everything accounted for": [7.0, 7.0, 0.0],
    }


def test_a_penny_that_is_changed_shows_in_the_checks(write: Write) -> None:
    book = write()
    book["cells"]["B2"].value = 101
    assert worth(book, str(book["Checks"]["D3"].value)) == 0.01


def test_a_name_that_looks_like_a_formula_stays_a_name(write: Write) -> None:
    book = write()
    assert (book["activities"]["A2"].value, book["activities"]["A2"].data_type) == ("=1+1", "s")
    assert (book["Statements"]["B2"].value, book["Statements"]["B2"].data_type) == ("=HYPERLINK(1)", "s")


def test_another_analysis_has_its_tables_and_no_checks(write: Write) -> None:
    book = write({"options": TABLES["activities"]}, analysis="compete.appraisal")
    assert book.sheetnames == ["Statements", "options"]
    assert book["options"]["B4"].value is None, "options are alternatives: their costs are not added up"


def test_where_the_figures_are_from_is_in_the_file(write: Write) -> None:
    texts = [row[1].value for row in write()["Statements"].iter_rows(min_row=2)]
    assert any("data d1" in text for text in texts)
    assert texts[-1] == "Synthetic data: invented, and true of no force."
