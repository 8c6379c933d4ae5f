import polars as pl
import pytest
from tests.spark import CLUSTER

from bestvalue.analysis.challenge.roster import ANALYSIS, Spec
from bestvalue.analysis.contract import Result
from bestvalue.analysis.store import digest_of
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.engines.choose import open_engine
from bestvalue.errors import SpecError

POOLS = ("response-E09000033", "response-E09000008")
QUICK = {"pools": POOLS, "replications": 4, "gap": 0.05, "lines": ("8x5", "10x4")}


@pytest.fixture(scope="module")
def result(force_dataset: Dataset) -> Result:
    return ANALYSIS.run(force_dataset, Spec(**QUICK))


def test_every_row_of_a_force_is_accounted_for(force_dataset: Dataset, result: Result) -> None:
    account = result.tables["rows_used"].rows
    for table in ("deployments", "incidents", "abstractions", "shifts", "units"):
        assert account.filter(pl.col("table") == table)["rows"].sum() == force_dataset.tables[table].rows, table


def test_the_simulation_of_today_gives_back_what_was_recorded(result: Result) -> None:
    first = result.statements[0]
    assert first.kind == "finding"
    shares = {figure.name: figure.value for figure in first.figures}
    simulated, recorded = (shares[name] for name in ("in time with today's roster, simulated: immediate", "in time, recorded: immediate"))
    assert simulated == pytest.approx(recorded, abs=0.03)


def test_the_pattern_covers_the_need_and_meets_what_is_asked(result: Result) -> None:
    hours, reached = result.tables["hours"].rows, result.tables["in_time"].rows
    assert hours.height == 2 * 168
    assert (hours["pattern"] >= hours["needed"] - 1e-9).all()
    assert (reached["pattern"] >= reached["wanted"] - 1e-9).all()


def test_hours_over_and_under_are_those_of_the_hours_table(result: Result) -> None:
    apart = (
        result.tables["hours"]
        .rows.group_by("pool")
        .agg(over_hours=(pl.col("today") - pl.col("needed")).clip(0).sum(), under_hours=(pl.col("needed") - pl.col("today")).clip(0).sum())
    )
    both = result.tables["pools"].rows.join(apart, on="pool", suffix="_again")
    for column in ("over_hours", "under_hours"):
        assert both[column].to_list() == pytest.approx(both[f"{column}_again"].to_list())


def test_pounds_are_hours_at_the_price_of_the_pool(force_dataset: Dataset, result: Result) -> None:
    prices = force_dataset.query("SELECT pool_id, unit_hour_pence FROM pools")
    both = result.tables["pools"].rows.join(prices, on="pool_id")
    expected = both["pattern_hours"] * both["unit_hour_pence"] * 365.25 / 7 / 100
    assert both["pattern_pounds"].to_list() == pytest.approx(expected.to_list())


def test_the_gap_is_stated_and_holds(result: Result) -> None:
    pools = result.tables["pools"].rows
    assert (pools["bound_hours"] <= pools["pattern_hours"]).all()
    assert (pools["bound_hours"] >= pools["needed_hours"] - 1e-6).all()  # no pattern has fewer hours than it must cover
    figures = {figure.name: figure for one in result.statements for figure in one.figures}
    whole = 1 - pools["bound_hours"].sum() / pools["pattern_hours"].sum()
    assert figures["what a better pattern could save at most"].value == pytest.approx(whole)


def test_lines_and_crews_add_up_to_the_pattern(result: Result) -> None:
    lines = result.tables["lines"].rows.group_by("pool").agg(hours=(pl.col("crews") * pl.col("weekly_hours")).sum())
    both = result.tables["pools"].rows.join(lines, on="pool")
    assert both["hours"].to_list() == pytest.approx(both["pattern_hours"].to_list())


def test_a_support_pool_can_be_asked_for(force_dataset: Dataset) -> None:
    result = ANALYSIS.run(force_dataset, Spec(**QUICK | {"pools": ("support-TSG",)}))
    assert result.tables["in_time"].rows["grade"].to_list() == ["asked for at the scene"]


def test_a_target_out_of_reach_is_said(force_dataset: Dataset) -> None:
    result = ANALYSIS.run(force_dataset, Spec(**QUICK | {"pools": ("support-TSG",)}))
    assert any(one.kind == "limit" and "no roster reaches the target for support" in one.text for one in result.statements)


@pytest.mark.slow
def test_support_pools_are_planned_unless_pools_are_named(force_dataset: Dataset) -> None:
    result = ANALYSIS.run(force_dataset, Spec(weeks=4, weeks_each=2, replications=2, gap=0.2, lines=("8x5",)))
    sent = force_dataset.query("SELECT DISTINCT p.level FROM pools p ORDER BY 1")["level"].to_list()
    planned = force_dataset.query("SELECT pool_id, level FROM pools").join(result.tables["pools"].rows, on="pool_id")
    assert sorted(set(planned["level"])) == sent == ["local", "support"]
    (support,) = (one for one in result.statements if one.text.startswith("What is asked for at the scene is planned for"))
    assert "90% within 30 minutes" in support.text


def without(dataset: Dataset, *names: str) -> Dataset:
    return Dataset({name: table for name, table in dataset.tables.items() if name not in names}, engine=dataset.engine)


def test_without_any_target_nothing_is_planned(force_dataset: Dataset) -> None:
    with pytest.raises(SpecError, match="No grade of these jobs has a target") as refused:
        ANALYSIS.run(without(force_dataset, "grades"), Spec(**QUICK))
    assert "immediate=15,0.9" in refused.value.next_step


def test_targets_can_be_set_in_place_of_the_table_s(force_dataset: Dataset) -> None:
    result = ANALYSIS.run(without(force_dataset, "grades"), Spec(**QUICK | {"pools": POOLS[:1], "targets": ("immediate=20,0.8",)}))
    asked = result.tables["in_time"].rows.select("grade", "wanted").rows()
    assert asked == [("immediate", pytest.approx(0.8))]


@pytest.mark.parametrize("line", ["immediate", "immediate=15", "immediate=15,90", "=15,0.9"])
def test_a_target_that_cannot_be_read_is_refused(force_dataset: Dataset, line: str) -> None:
    with pytest.raises(SpecError, match="is no target"):
        ANALYSIS.run(force_dataset, Spec(**QUICK | {"targets": (line,)}))


def test_a_pool_that_is_not_there_is_refused(force_dataset: Dataset) -> None:
    with pytest.raises(SpecError, match="There is no pool 'response-X'"):
        ANALYSIS.run(force_dataset, Spec(pools=("response-X",)))


def test_the_same_spec_gives_the_same_answer(force_dataset: Dataset, result: Result) -> None:
    again = ANALYSIS.run(force_dataset, Spec(**QUICK))
    assert [one.text for one in again.statements] == [one.text for one in result.statements]
    assert all(again.tables[name].rows.equals(table.rows) for name, table in result.tables.items())


def test_every_finding_has_a_base(result: Result) -> None:
    assert all(figure.base for one in result.statements for figure in one.figures)
    assert len(result.charts) == 3


@pytest.mark.slow
def test_a_spark_cluster_gives_the_same_answer(force_dataset: Dataset, result: Result) -> None:
    cluster = Dataset(force_dataset.tables, engine=open_engine(CLUSTER), synthetic=True)
    try:
        there = ANALYSIS.run(cluster, Spec(**QUICK))
    finally:
        cluster.engine.close()
    assert digest_of(there) == digest_of(result)
