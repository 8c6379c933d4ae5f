from collections.abc import Callable

import polars as pl
import pytest
from tests.analysis.challenge.overtime.conftest import duty, person
from tests.spark import CLUSTER

from bestvalue.analysis.challenge.overtime import ANALYSIS, Spec
from bestvalue.analysis.contract import Result
from bestvalue.analysis.store import digest_of
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.engines.choose import open_engine
from bestvalue.dataset.synthetic import SyntheticForce
from bestvalue.errors import SpecError


@pytest.fixture(scope="module")
def result(force_dataset: Dataset) -> Result:
    return ANALYSIS.run(force_dataset, Spec())


@pytest.fixture(scope="module")
def truth(force: SyntheticForce) -> pl.DataFrame:
    return pl.read_parquet(force.truth / "overtime.parquet")


def test_the_planted_structural_hours_are_inside_the_stated_interval(result: Result, truth: pl.DataFrame) -> None:
    planted = truth.filter(pl.col("reason") == "incident ran on")["overtime_minutes"].sum() / 60
    said = next(figure for one in result.statements for figure in one.figures if figure.name == "hours that demand makes inevitable")
    assert said.low is not None
    assert said.high is not None
    assert said.low <= planted <= said.high
    assert (said.high - said.low) / said.value < 0.25  # an interval that holds everything would say nothing


def test_the_planted_structural_hours_of_the_pools_are_inside_their_intervals(
    force_dataset: Dataset, result: Result, truth: pl.DataFrame
) -> None:
    names = force_dataset.query("SELECT pool_id, pool_name AS pool FROM pools")
    planted = (
        truth.filter(pl.col("reason") == "incident ran on")
        .select("pool_id", planted=pl.col("overtime_minutes") / 60)
        .join(names, on="pool_id")
    )
    both = result.tables["structural"].rows.join(planted, on="pool", how="left").with_columns(pl.col("planted").fill_null(0.0))
    inside = both.filter(pl.col("planted").is_between("low", "high")).height
    assert both.height == 40
    assert inside >= 36  # 95% of 40 is 38; fewer than 36 has probability 0.03 at that rate


def test_planted_hours_by_pool_and_reason_come_back_but_for_nights_when_the_clocks_change(result: Result, truth: pl.DataFrame) -> None:
    planted = truth.filter(pl.col("reason") != "none").group_by("pool_id", "reason").agg(pl.col("overtime_minutes", "paid_minutes").sum())
    found = result.tables["reasons"].rows.group_by("pool_id", "reason").agg(pl.col("overtime_hours", "paid_hours").sum())
    both = planted.join(found, on=["pool_id", "reason"], how="full", coalesce=True)
    assert (both["paid_minutes"] - 60 * both["paid_hours"]).abs().max() < 1e-6
    # The synthetic clock runs evenly, ours is the one on the wall: two nights a year differ by an hour for whoever worked them.
    differ = both.filter((pl.col("overtime_minutes") - 60 * pl.col("overtime_hours")).abs() > 1e-6)
    assert (both["overtime_minutes"] - 60 * both["overtime_hours"]).abs().sum() <= 60 * 40
    assert differ.height < both.height / 4


def test_the_planted_errors_of_pay_are_found_and_no_others(force: SyntheticForce, result: Result) -> None:
    planted = set(pl.read_parquet(force.truth / "overtime_errors.parquet")["duty_id"])
    wrong = result.tables["wrong_payments"].rows
    assert planted <= set(wrong["duty_id"])
    others = pl.read_parquet(force.tables["duties"]).filter(pl.col("duty_id").is_in(sorted(set(wrong["duty_id"]) - planted)))
    changed = {"2025-10-25", "2025-10-26", "2026-03-28", "2026-03-29"}  # an hour more or less than the clock shows
    assert {f"{moment:%Y-%m-%d}" for moment in others["started_at"]} <= changed


def test_the_recorded_minutes_come_to_the_outturn_of_the_ledger(result: Result) -> None:
    budget = result.tables["budget"].rows
    assert budget["recorded_pounds"].to_list() == pytest.approx(budget["outturn_pounds"].to_list(), rel=1e-3)  # the ledger drops pence
    support = budget.filter(pl.col("pool_id").str.starts_with("support"))
    assert support["outturn_of_budget"].to_list() == pytest.approx([1 / 0.6] * support.height, rel=1e-3)


def test_hours_by_unit_by_pool_and_by_cause_are_the_same_hours(result: Result) -> None:
    hours = {name: result.tables[name].rows["overtime_hours"].sum() for name in ("pools", "causes", "reasons", "units")}
    assert list(hours.values()) == pytest.approx([hours["pools"]] * 4)


def test_every_finding_has_figures_with_a_base_and_the_estimate_its_interval(result: Result) -> None:
    findings = [one for one in result.statements if one.kind == "finding"]
    assert len(findings) >= 12
    assert all(figure.base for one in findings for figure in one.figures)
    assert "failed" not in {one.kind for one in result.statements}


def test_one_pool_alone_can_be_asked_about(force_dataset: Dataset) -> None:
    result = ANALYSIS.run(force_dataset, Spec(pools=("support-TSG",)))
    assert result.tables["pools"].rows["pool_id"].to_list() == ["support-TSG"]
    assert result.tables["budget"].rows["pool_id"].to_list() == ["support-TSG"]


def test_a_pool_that_is_not_there_is_refused(force_dataset: Dataset) -> None:
    with pytest.raises(SpecError, match="No duty is left to count") as refused:
        ANALYSIS.run(force_dataset, Spec(pools=("no such pool",)))
    assert "codes of the pools" in refused.value.next_step


def test_duties_and_staff_alone_are_enough_and_what_is_missing_is_said(small: Callable[..., Dataset]) -> None:
    result = ANALYSIS.run(small([duty("2025-06-02 07:00", "2025-06-02 15:00", ended_at="2025-06-02 16:00")]), Spec())
    limits = [one.text for one in result.statements if one.kind == "limit"]
    assert any("no deployments table" in text for text in limits)
    assert any("held against its budget" in text for text in limits)
    assert any("Breaks cannot be checked" in text for text in limits)
    assert result.tables["pools"].rows["overtime_hours"].to_list() == [1.0]


def test_a_year_without_any_overtime_is_an_answer(small: Callable[..., Dataset]) -> None:
    result = ANALYSIS.run(small([duty(f"2025-06-{day:02d} 07:00", f"2025-06-{day:02d} 15:00") for day in range(2, 9)]), Spec())
    assert result.tables["pools"].rows["overtime_hours"].to_list() == [0.0]


def test_overtime_that_no_job_explains_fails_first(small: Callable[..., Dataset]) -> None:
    duties, jobs = [], []
    for number in range(70):
        day = (pl.date(2025, 6, 2) + pl.duration(days=number)).pipe(lambda when: pl.select(when).item())
        duties.append(duty(f"{day} 07:00", f"{day} 15:00", ended_at=f"{day} 18:00"))
        jobs.append(
            {
                "deployment_id": f"J{number}",
                "incident_id": "I",
                "unit_id": "U",
                "wave": 1,
                "assigned_at": f"{day} 08:00",
                "cleared_at": f"{day} 09:00",
            }
        )
    result = ANALYSIS.run(small(duties, [person()], deployments=jobs), Spec())
    assert result.statements[0].kind == "failed"
    assert "is more than jobs running past the end of tours explain" in result.statements[0].text


def test_the_same_spec_gives_the_same_answer(force_dataset: Dataset, result: Result) -> None:
    again = ANALYSIS.run(force_dataset, Spec())
    assert [one.text for one in again.statements] == [one.text for one in result.statements]
    assert all(again.tables[name].rows.equals(table.rows) for name, table in result.tables.items())


@pytest.mark.slow
def test_a_spark_cluster_gives_the_same_answer(force_dataset: Dataset, result: Result) -> None:
    cluster = Dataset(force_dataset.tables, engine=open_engine(CLUSTER), synthetic=True)
    try:
        there = ANALYSIS.run(cluster, Spec())
    finally:
        cluster.engine.close()
    assert digest_of(there) == digest_of(result)
