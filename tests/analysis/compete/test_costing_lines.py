"""The lines of a costing add up to the ledger, and to every other view of the same costing."""

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestvalue.analysis.compete.costing import ANALYSIS, Spec
from bestvalue.analysis.compete.costing_lines import INCOME, NOT_ALLOCATED
from bestvalue.analysis.contract import Result
from bestvalue.analysis.pence import share_out_both_ways
from bestvalue.dataset.dataset import Dataset

MARGIN = st.lists(st.integers(0, 10**12), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def result(force_data: Dataset) -> Result:
    return ANALYSIS.run(force_data, Spec(draws=200))


def test_all_lines_are_the_ledger_to_the_penny(result: Result, force_data: Dataset) -> None:
    spent = force_data.query("SELECT SUM(outturn_pence) AS pence FROM ledger WHERE financial_year = '2025/26'")["pence"][0]
    assert int(result.tables["lines"].rows["pence"].sum()) == spent


def test_direct_lines_are_each_cost_centres_own_spending_by_subjective(result: Result, force_data: Dataset) -> None:
    ledger = force_data.query(
        "SELECT c.cost_centre_name, l.cost_centre_id, l.subjective, SUM(l.outturn_pence) AS pence FROM ledger l JOIN cost_centres c "
        "ON l.cost_centre_id = c.cost_centre_id WHERE l.financial_year = '2025/26' AND c.layer = 'direct' AND l.outturn_pence > 0 "
        "GROUP BY 1, 2, 3"
    )
    spent = {(f"{name} ({code})", subjective): pence for name, code, subjective, pence in ledger.iter_rows()}
    lines = result.tables["lines"].rows.filter(pl.col("layer") == "direct").group_by("cost_centre", "line").agg(pl.col("pence").sum())
    assert {(centre, line): pence for centre, line, pence in lines.iter_rows()} == spent


def test_lines_of_an_activity_are_what_the_costing_gives_it(result: Result) -> None:
    activities = dict(result.tables["activities"].rows.select("activity_name", "total_pounds").iter_rows())
    lines = result.tables["lines"].rows.filter(pl.col("service") != INCOME).group_by("activity").agg(pl.col("pence").sum())
    assert {name: pence / 100 for name, pence in lines.iter_rows()} == pytest.approx(activities, abs=0.004)


def test_what_cannot_be_allocated_and_income_have_lines_of_their_own(tables: Callable[..., Dataset]) -> None:
    """By hand: one centre that serves, one support centre without links, £10 of income."""
    line = {"financial_year": "2025/26", "budget_pence": 0}
    data = tables(
        ledger=[
            {"ledger_line_id": "1", "cost_centre_id": "A", "subjective": "officer pay", "outturn_pence": 60_001, **line},
            {"ledger_line_id": "2", "cost_centre_id": "A", "subjective": "income", "outturn_pence": -1_000, **line},
            {"ledger_line_id": "3", "cost_centre_id": "S", "subjective": "staff pay", "outturn_pence": 5_000, **line},
        ],
        cost_centres=[
            {"cost_centre_id": "A", "cost_centre_name": "Response", "layer": "direct", "objective": "Local policing"},
            {"cost_centre_id": "S", "cost_centre_name": "Finance", "layer": "business support", "objective": "Support functions"},
        ],
        activities=[{"activity_id": "1", "activity_name": "patrol", "service": "patrol"}],
        staff=[{"staff_id": "P", "cost_centre_id": "A", "staff_group": "constable", "hour_pence": 1, "weekly_hours": 40.0}],
        activity_samples=[],
    )
    rows = ANALYSIS.run(data, Spec()).tables["lines"].rows
    assert dict(rows.group_by("service").agg(pl.col("pence").sum()).iter_rows()) == {
        "not sampled": 60_001,
        NOT_ALLOCATED: 5_000,
        INCOME: -1_000,
    }


@given(rows=MARGIN, columns=MARGIN)
def test_a_table_keeps_both_its_margins_and_no_cell_falls_below_zero(rows: list[int], columns: list[int]) -> None:
    rows[0] += max(0, sum(columns) - sum(rows)) + 1
    columns[0] += sum(rows) - sum(columns)
    cells = share_out_both_ways(np.array(rows), np.array(columns))
    assert cells.sum(axis=1).tolist() == rows
    assert cells.sum(axis=0).tolist() == columns
    assert cells.min() >= 0


@given(rows=MARGIN, columns=st.lists(st.integers(-(10**10), 10**10), min_size=1, max_size=12))
def test_a_table_keeps_both_its_margins_when_income_is_netted(rows: list[int], columns: list[int]) -> None:
    rows[0] += 1
    columns[0] += sum(rows) - sum(columns)
    cells = share_out_both_ways(np.array(rows), np.array(columns))
    assert cells.sum(axis=1).tolist() == rows
    assert cells.sum(axis=0).tolist() == columns


def test_margins_that_are_not_the_same_money_are_refused() -> None:
    with pytest.raises(ValueError, match="rows add up to 3, columns to 4"):
        share_out_both_ways(np.array([3]), np.array([4]))
    with pytest.raises(ValueError, match="add up to nothing"):
        share_out_both_ways(np.array([0]), np.array([1, -1]))
