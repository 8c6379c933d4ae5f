from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestvalue.analysis.compete.savings import ANALYSIS, Spec
from bestvalue.analysis.compete.savings_rule import in_year, planned_by, reaching_the_budget, read_promises
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.synthetic import SyntheticForce
from bestvalue.errors import SpecError


def saving(code: str, resource: str = "contract", pence: int = 1_000, **more: Any) -> dict[str, Any]:
    return {
        "saving_id": code,
        "saving_name": f"Saving {code}",
        "owner": "Head of finance",
        "cost_centre_id": "A",
        "subjective": "premises",
        "resource": resource,
        "claimed_cashable": True,
        "recurring": True,
        "starts_on": date(2025, 4, 1),
        "planned_pence": pence,
        **more,
    }


@pytest.fixture
def promised(tables: Callable[..., Dataset]) -> Callable[..., Dataset]:
    def promised(*savings: dict[str, Any], budget_pence: int | None = 10_000) -> Dataset:
        centres = [{"cost_centre_id": "A", "cost_centre_name": "Kennels", "layer": "direct", "objective": "Operational support"}]
        given: dict[str, Any] = {"savings": savings, "cost_centres": centres}
        if budget_pence is not None:
            line = {"ledger_line_id": "L1", "financial_year": "2025/26", "cost_centre_id": "A", "subjective": "premises"}
            given["ledger"] = [{**line, "budget_pence": budget_pence, "outturn_pence": 0}]
        return tables(**given)

    return promised


@pytest.mark.parametrize(("resource", "cashable"), [("post", True), ("overtime", True), ("contract", True), ("officer time", False)])
def test_a_saving_is_cashable_only_if_a_post_overtime_or_a_contract_falls(
    promised: Callable[..., Dataset], resource: str, cashable: bool
) -> None:
    assert read_promises(promised(saving("S1", resource))).rows["cashable"].to_list() == [cashable]


def test_the_same_hours_from_the_same_line_are_counted_once(promised: Callable[..., Dataset]) -> None:
    first = saving("S1", "overtime", 700, hours_a_year=90)
    promises = read_promises(
        promised(first, {**first, "saving_id": "S2", "planned_pence": 650}, {**first, "saving_id": "S3", "hours_a_year": 91})
    )
    assert promises.rows["counted_twice_with"].to_list() == [None, "S1", None]
    assert promises.cashable_pence == 700 + 700


def test_another_line_or_resource_is_another_saving(promised: Callable[..., Dataset]) -> None:
    first = saving("S1", "overtime", hours_a_year=90)
    promises = read_promises(
        promised(first, {**first, "saving_id": "S2", "subjective": "pay"}, {**first, "saving_id": "S3", "resource": "post"})
    )
    assert promises.rows["counted_twice_with"].to_list() == [None, None, None]


def test_more_than_a_budget_line_holds_is_said(promised: Callable[..., Dataset]) -> None:
    promises = read_promises(promised(saving("S1", pence=6_000), saving("S2", pence=5_000)))
    assert promises.rows["over_line"].to_list() == [True, True]
    assert read_promises(promised(saving("S1", pence=6_000), saving("S2", "officer time", 5_000))).rows["over_line"].to_list() == [
        False,
        False,
    ]


def test_a_line_that_the_ledger_does_not_have_is_said(promised: Callable[..., Dataset]) -> None:
    result = ANALYSIS.run(promised(saving("S1", subjective="horses")), Spec())
    assert result.statements[-1].text.startswith("The ledger of 2025/26 has no budget line for S1 (horses of Kennels)")


@given(planned=st.integers(0, 10**9), offset=st.integers(0, 1_460))
def test_a_yearly_saving_reaches_its_whole_plan_in_every_year_after_its_first(planned: int, offset: int) -> None:
    starts = date.fromordinal(date(2025, 4, 1).toordinal() + offset)
    years = [in_year(planned, starts, begins, recurring=True) for begins in range(2024, 2031)]
    first = starts.year if starts.month >= 4 else starts.year - 1
    assert [year for begins, year in zip(range(2024, 2031), years, strict=True) if begins < first] == [0] * max(0, first - 2024)
    assert all(year == planned for begins, year in zip(range(2024, 2031), years, strict=True) if begins > first)


def test_a_saving_that_comes_once_is_gone_the_year_after(promised: Callable[..., Dataset]) -> None:
    promises = read_promises(promised(saving("S1", recurring=False, starts_on=date(2026, 1, 1))))
    assert reaching_the_budget(promises, years=3).select("financial_year", "pence").rows() == [("2025/26", 1_000)]


def test_what_is_due_counts_whole_years_as_whole_years(promised: Callable[..., Dataset]) -> None:
    """A leap year (2027/28 has 29 February) is one year like the others."""
    promises = read_promises(promised(saving("S1", realised_pence=900)))
    for years, on in ((1, date(2026, 3, 31)), (3, date(2028, 3, 31))):
        assert planned_by(promises, on=on).select("due_pence", "realised_pence").rows() == [(1_000 * years, 900)]
    assert planned_by(promises, on=date(2025, 3, 31))["due_pence"].to_list() == [0]


def test_the_bridge_leads_from_the_promise_to_what_was_realised(promised: Callable[..., Dataset]) -> None:
    twin = saving("S2", "overtime", 300, hours_a_year=9, realised_pence=100)
    given = (saving("S1", "officer time", 500), twin, {**twin, "saving_id": "S3"})
    bridge = dict(ANALYSIS.run(promised(*given), Spec()).tables["bridge"].rows.select("step", "pounds").rows())
    assert bridge["Promised, a full year"] + bridge["Not cashable"] + bridge["Counted twice"] == bridge["Cashable, a full year"] == 3
    assert bridge["Due by now"] + bridge["Not realised"] == bridge["Realised by now"] == 1


def test_without_a_ledger_the_day_must_be_said(promised: Callable[..., Dataset]) -> None:
    dataset = promised(saving("S1"), budget_pence=None)
    with pytest.raises(SpecError, match="no ledger"):
        ANALYSIS.run(dataset, Spec())
    assert ANALYSIS.run(dataset, Spec(as_at=date(2026, 3, 31))).statements[0].kind == "finding"


def test_the_planted_savings_are_judged_as_they_were_planted(force: SyntheticForce, force_data: Dataset) -> None:
    planted = pl.read_parquet(force.truth / "savings.parquet").sort("saving_id")
    found = read_promises(force_data).rows
    assert found["cashable"].to_list() == planted["really_cashable"].to_list()
    assert found["counted_twice_with"].to_list() == planted["counted_twice_with"].to_list()
