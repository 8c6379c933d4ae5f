from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from bestvalue.analysis.compete.costing import ANALYSIS, Spec
from bestvalue.analysis.compete.costing_capacity import capacity_cost
from bestvalue.analysis.compete.costing_change import cost_per_result
from bestvalue.analysis.contract import Result
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError, TableError, TableFaults

DRAWS = 300


@pytest.fixture(scope="module")
def result(force_data: Dataset) -> Result:
    """The costing of the synthetic force."""
    return ANALYSIS.run(force_data, Spec(draws=DRAWS))


def total(result: Result, table: str) -> int:
    return round(float(result.tables[table].rows["total_pounds"].sum()) * 100)


@pytest.mark.parametrize("table", ["activities", "services", "areas", "cost_centres", "layers"])
def test_every_view_adds_up_to_the_same_cost_to_the_penny(result: Result, table: str) -> None:
    """Nothing of the synthetic force is left unallocated, so each view holds all that was spent."""
    assert total(result, table) == int(result.tables["cells"].rows["pence"].sum())


def test_the_statement_reconciles_to_the_ledger_and_to_the_net_budget_requirement(result: Result, force_data: Dataset) -> None:
    lines = dict(result.tables["reconciliation"].rows.select("line", "pence").rows())
    spent = force_data.query("SELECT SUM(outturn_pence) AS pence FROM ledger WHERE financial_year = '2025/26'")["pence"][0]
    assert lines["Ledger, outturn of 2025/26, net of income"] == lines["Control total: net budget requirement"] == spent
    assert lines["Difference"] == 0
    assert lines["Accounted for"] == int(result.tables["cells"].rows["pence"].sum())


def test_both_stages_of_the_flow_carry_the_whole_cost(result: Result) -> None:
    stages = result.tables["flows"].rows.group_by("stage").agg(pl.col("pounds").sum())
    assert stages["pounds"].to_list() == pytest.approx([total(result, "activities") / 100] * 2)


def test_intervals_hold_the_cost_and_what_nobody_sampled_has_none(result: Result) -> None:
    rows = result.tables["activities"].rows
    sampled = rows.filter(pl.col("activity_id") != "not sampled")
    assert (sampled["low_pounds"] < sampled["total_pounds"]).all()
    assert (sampled["total_pounds"] < sampled["high_pounds"]).all()
    assert rows.filter(pl.col("activity_id") == "not sampled")["low_pounds"].to_list() == [None]


def test_unit_costs_by_area_add_up_again_to_the_whole(result: Result) -> None:
    rows = result.tables["unit_costs"].rows.filter((pl.col("driver") == "incidents attended") & (pl.col("of") == "activity"))
    whole = rows.filter((pl.col("area") == "") & (pl.col("kind") == "")).row(0, named=True)
    areas, kinds = rows.filter(pl.col("area") != ""), rows.filter(pl.col("kind") != "")
    assert areas["cost_pounds"].sum() == pytest.approx(whole["cost_pounds"])
    assert kinds["cost_pounds"].sum() == pytest.approx(whole["cost_pounds"])
    assert (areas["each_pounds"] * areas["volume"]).sum() == pytest.approx(whole["cost_pounds"])


def test_unit_costs_answer_for_incidents_warrants_murder_teams_and_territorial_support(result: Result) -> None:
    asked = result.tables["unit_costs"].rows.filter((pl.col("area") == "") & (pl.col("kind") == ""))
    assert {(row["what"], row["driver"]) for row in asked.iter_rows(named=True)} >= {
        ("attending incidents", "incidents attended"),
        ("response", "incidents attended"),
        ("searches and warrants", "warrants"),
        ("Homicide", "team weeks"),
        ("Territorial support", "deployments"),
    }
    assert asked["each_pounds"].null_count() == 0


def test_real_growth_is_what_was_planted(result: Result) -> None:
    """Spending grows by 3% a year with a noise of 1% a line, prices by 2%: 1.03 / 1.02 - 1 = 0.98% in real terms."""
    last = result.tables["before_and_after"].rows.filter(pl.col("objective") == "all").row(0, named=True)
    assert last["change"] == pytest.approx(1.03 / 1.02 - 1, abs=0.004)


def test_half_the_people_save_half_of_what_moves_with_them(result: Result) -> None:
    rows = result.tables["scaled"].rows.filter(pl.col("factor") == 0.5)
    assert rows["change_pounds"].to_list() == pytest.approx((rows["varying_pounds"] / -2).to_list(), abs=0.01)


def test_the_same_seed_gives_the_same_answer_and_another_only_other_intervals(force_data: Dataset, result: Result) -> None:
    again, other = (ANALYSIS.run(force_data, Spec(draws=DRAWS, seed=seed)).tables["activities"].rows for seed in (1, 2))
    first = result.tables["activities"].rows
    assert again.equals(first)
    assert other["total_pounds"].equals(first["total_pounds"])
    assert not other["low_pounds"].equals(first["low_pounds"])


@pytest.mark.parametrize("method", ["step-down", "direct"])
def test_every_method_of_support_reconciles(force_data: Dataset, result: Result, method: Any) -> None:
    other = ANALYSIS.run(force_data, Spec(draws=DRAWS, method=method))
    assert total(other, "layers") == total(result, "layers")
    assert not other.tables["layers"].rows["support_pounds"].equals(result.tables["layers"].rows["support_pounds"])


def test_a_result_that_was_asked_for_is_costed_with_both_uncertainties(force_data: Dataset) -> None:
    spec = Spec(draws=DRAWS, result_name="files", result=200, result_low=180, result_high=220, result_service="criminal justice")
    statement = ANALYSIS.run(force_data, spec).statements[-1]
    figure = statement.figures[0]
    service = (
        ANALYSIS.run(force_data, Spec(draws=DRAWS))
        .tables["services"]
        .rows.filter(pl.col("service") == "criminal justice")
        .row(0, named=True)
    )
    assert figure.value == pytest.approx(service["total_pounds"] / 200)
    assert figure.low is not None
    assert figure.high is not None
    both, sample = figure.high / figure.low, service["high_pounds"] / service["low_pounds"]
    assert both > sample, "the interval is wider than the sample alone would make it"


def test_half_the_people_have_a_price_for_each_point_that_the_service_loses(force_data: Dataset, result: Result) -> None:
    """Planted: from 82% to 54% (53% to 55%) is 28 points (27 to 29); the saving over 28, and over 29 and 27 at the ends of 95%."""
    effect = {"effect_name": "arrivals within target", "effect_now": 0.82, "effect_then": 0.54, "effect_low": 0.53, "effect_high": 0.55}
    said = ANALYSIS.run(force_data, Spec(draws=DRAWS, effect_digest="abc", **effect))
    statement = next(statement for statement in said.statements if "percentage point" in statement.text)
    rows = result.tables["scaled"].rows.filter((pl.col("objective") == "Operational support") & (pl.col("factor") == 0.5))
    saved, figure = -rows["change_pounds"][0], statement.figures[0]
    assert figure.value == pytest.approx(saved / 28)
    assert (figure.low, figure.high) == pytest.approx((saved / 29, saved / 27), rel=0.005)
    assert "result abc" in figure.base


def test_a_service_that_is_not_there_is_refused(force_data: Dataset) -> None:
    with pytest.raises(SpecError, match="no service or activity 'juggling'"):
        ANALYSIS.run(force_data, Spec(draws=DRAWS, result_name="x", result=1, result_low=0.5, result_high=2, result_service="juggling"))


def test_the_time_driven_example_of_kaplan_and_anderson() -> None:
    """Kaplan and Anderson (2004), HBR: $560,000, 700,000 minutes; orders, inquiries and credit checks cost $462,880, $97,120 is unused."""
    uses = [("orders", 49_000.0, 8.0), ("inquiries", 1_400.0, 44.0), ("credit checks", 2_500.0, 50.0)]
    used = pl.DataFrame(
        [(use, volume, each, volume * each) for use, volume, each in uses],
        schema=["use", "volume", "standard_minutes", "minutes"],
        orient="row",
    )
    found = capacity_cost(cost_pence=56_000_000, minutes=700_000, used=used)
    assert found.rate_pence == pytest.approx(80)
    assert found.uses["minutes"].to_list() == pytest.approx([392_000, 61_600, 125_000, 121_400])
    assert found.uses["cost_pence"][:3].sum() == pytest.approx(46_288_000)
    assert found.unused_pence == pytest.approx(9_712_000)


def test_capacity_is_used_up_exactly_by_its_uses(result: Result) -> None:
    rows = result.tables["capacity"].rows
    assert rows["share"].sum() == pytest.approx(1)
    assert rows["use"][-1] == "unused capacity"


def test_the_interval_of_unused_capacity_is_that_of_the_sample(result: Result) -> None:
    statement = next(statement for statement in result.statements if "practical capacity" in statement.text)
    share = next(figure for figure in statement.figures if figure.unit == "share")
    assert share.value == pytest.approx(result.tables["capacity"].rows["share"][-1])
    assert share.low is not None
    assert share.high is not None
    assert share.low < share.value < share.high


def test_a_quotient_of_two_estimates_covers_the_true_quotient_at_the_stated_rate() -> None:
    """Cost drawn about 1,000 +- 100 and a result about 50 +- 5 (standard errors): the interval holds 20 about 19 times in 20."""
    chance, held = np.random.default_rng(5), 0
    for seed in range(300):
        cost, result = chance.normal(1_000, 100), chance.normal(50, 5)
        draws = chance.normal(cost, 100, 400)
        found = cost_per_result(draws, result=result, low=result - 9.8, high=result + 9.8, confidence=0.95, seed=seed)
        held += found.low <= 20 <= found.high
    assert 0.92 <= held / 300 <= 0.98, "binomially within 0.025 of 0.95 nineteen times in twenty"


@pytest.mark.parametrize(("value", "low", "high"), [(5, -1, 8), (5, 6, 8), (0, 0, 0)])
def test_a_result_that_may_be_nothing_cannot_be_divided_by(value: float, low: float, high: float) -> None:
    with pytest.raises(SpecError, match="cannot be divided by"):
        cost_per_result(1.0, result=value, low=low, high=high, confidence=0.95, seed=1)


def small_force() -> dict[str, list[dict[str, Any]]]:
    """One direct centre with six constables who were sampled on one day, and a driver."""
    at = datetime.combine(date(2025, 10, 6), time(8))
    people = [f"S{number}" for number in range(6)]
    return {
        "cost_centres": [{"cost_centre_id": "A", "cost_centre_name": "Team", "layer": "direct", "objective": "Local policing"}],
        "ledger": [
            {
                "ledger_line_id": "L1",
                "financial_year": "2025/26",
                "cost_centre_id": "A",
                "subjective": "pay",
                "budget_pence": 0,
                "outturn_pence": 60_001,
            }
        ],
        "staff": [
            {"staff_id": one, "cost_centre_id": "A", "staff_group": "constable", "hour_pence": 100, "weekly_hours": 40} for one in people
        ],
        "activities": [
            {"activity_id": "A1", "activity_name": "calls", "service": "response", "standard_minutes": 30},
            {"activity_id": "A2", "activity_name": "training", "service": "support"},
        ],
        "activity_samples": [
            {"staff_id": one, "slot_at": at + timedelta(minutes=10 * slot), "slot_minutes": 10, "activity_id": "A1" if slot < 3 else "A2"}
            for one in people
            for slot in range(4)
        ],
        "cost_drivers": [
            {"cost_driver_id": "D1", "activity_id": "A1", "financial_year": "2025/26", "driver": "calls taken", "volume": 500}
        ],
    }


def test_the_smallest_force_by_hand(tables: Callable[..., Dataset]) -> None:
    """Three quarters of £600.01 on calls: £450.01 by largest remainder, 500 calls at 90 pence; no links, control totals or areas."""
    result = ANALYSIS.run(tables(**small_force()), Spec(draws=DRAWS))
    rows = dict(result.tables["activities"].rows.select("activity_name", "total_pounds").rows())
    assert rows == {"calls": 450.01, "training": 150.00}
    each = result.tables["unit_costs"].rows["each_pounds"].to_list()
    assert each == pytest.approx([450.01 / 500])
    loaded = result.tables["loaded"].rows["each_pounds"].to_list()
    assert loaded == pytest.approx([600.01 / 500]), "an hour on calls carries its third of an hour of training"
    assert [statement.kind for statement in result.statements].count("limit") == 1, "there is no control total"


def test_a_negative_volume_is_named_by_row(tables: Callable[..., Dataset]) -> None:
    given = small_force()
    given["cost_drivers"][0]["volume"] = -3.0
    with pytest.raises(TableFaults, match=r"cost_drivers, D1, column volume: -3\.0 is no volume of calls taken"):
        ANALYSIS.run(tables(**given), Spec(draws=DRAWS))


def test_without_a_sample_of_the_year_everything_stays_visible_as_not_sampled(tables: Callable[..., Dataset]) -> None:
    given = small_force()
    for slot in given["activity_samples"]:
        slot["slot_at"] -= timedelta(days=800)
    result = ANALYSIS.run(tables(**given), Spec(draws=DRAWS))
    assert result.tables["activities"].rows.select("activity_id", "total_pounds").rows() == [("not sampled", 600.01)]
    assert any("What activities cost cannot be said" in statement.text for statement in result.statements)


@pytest.mark.parametrize("year", ["FY25", "2025/27", "2025-26"])
def test_a_year_that_is_written_otherwise_is_refused(tables: Callable[..., Dataset], year: str) -> None:
    given = small_force()
    given["ledger"][0]["financial_year"] = year
    with pytest.raises(TableError, match="is no financial year"):
        ANALYSIS.run(tables(**given), Spec(draws=DRAWS))
