"""The whole answer about demand: against what is planted in the synthetic force, on real publications, and on both engines."""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.analysis.conftest import incidents_table
from tests.spark import CLUSTER

from bestvalue.analysis.challenge.demand import ANALYSIS, Spec
from bestvalue.analysis.challenge.demand_cube import Slice, count
from bestvalue.analysis.contract import Figure, Result
from bestvalue.analysis.store import digest_of
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.engines.choose import open_engine
from bestvalue.dataset.load import check_folder
from bestvalue.dataset.synthetic import SyntheticForce, make_force
from bestvalue.errors import SpecError


def figures(result: Result) -> dict[str, Figure]:
    return {figure.name: figure for statement in result.statements for figure in statement.figures}


def dataset_of(folder: Path, cache: Path, *, engine: str = "local", threads: int | None = None) -> Dataset:
    report = check_folder(folder, cache=cache, time_zone="Europe/London", chosen={})
    return Dataset(report.checked, engine=open_engine(engine, threads=threads), synthetic=True)


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> SyntheticForce:
    return make_force(tmp_path_factory.mktemp("demand") / "data", scale=0.02, seed=3)


@pytest.fixture(scope="module")
def dataset_of_force(force: SyntheticForce, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataset]:
    made = dataset_of(force.folder, tmp_path_factory.mktemp("cache"))
    yield made
    made.engine.close()


@pytest.fixture(scope="module")
def answered(dataset_of_force: Dataset) -> Result:
    return ANALYSIS.run(dataset_of_force, Spec())


def test_every_incident_is_counted_once(force: SyntheticForce, answered: Result) -> None:
    incidents = force.rows["incidents"]
    assert figures(answered)["incidents"].value == incidents
    assert answered.tables["areas"].rows["incidents"].sum() == incidents
    assert answered.tables["grades"].rows["incidents"].sum() == incidents
    assert answered.tables["hours_areas_grades"].rows["incidents"].sum() == incidents


def test_the_hours_of_the_week_hold_the_planted_rates_as_often_as_they_say(force: SyntheticForce, answered: Result) -> None:
    planted = pl.read_parquet(force.truth / "demand_by_hour_of_week.parquet").group_by("hour_of_week").agg(pl.sum("expected"))
    expected = planted.sort("hour_of_week")["expected"].to_numpy()
    hours = answered.tables["hours"].rows.sort("hour_of_week")
    rate = expected / hours["weeks"].to_numpy()
    inside = (hours["low"].to_numpy() <= rate) & (rate <= hours["high"].to_numpy())
    # 168 intervals at 95%: a count of misses beyond the 99.99% point of the binomial is no chance.
    assert inside.sum() >= 147


def test_the_planted_step_in_welfare_is_found_beside_its_month_with_its_size(force: SyntheticForce, answered: Result) -> None:
    change = json.loads((force.truth / "demand.json").read_text())["changes"][0]
    month = date.fromisoformat(change["on"]).replace(day=1)
    found = answered.tables["steps"].rows.filter(pl.col("scope") == change["kind"])
    # 20 incidents a day of this kind: the month that fits best may be the one before or after.
    assert found.height == 1
    assert abs((found["month"][0] - month).days) <= 31
    assert found["low"][0] <= change["factor"] - 1 <= found["high"][0]


def test_the_forecast_looks_four_years_ahead_and_says_how_often_it_was_right(answered: Result) -> None:
    months = answered.tables["forecast"].rows
    assert (months.height, months["month"][0]) == (48, date(2026, 4, 1))
    assert (months["low_95"] < months["low_80"]).all()
    assert (months["high_80"] < months["high_95"]).all()
    accuracy = next(statement for statement in answered.statements if "Made on the past" in statement.text)
    assert {"share", "months"} & {figure.unit for figure in accuracy.figures}
    assert "earlier starts" in accuracy.text


def test_every_finding_carries_figures_with_a_base(answered: Result) -> None:
    findings = [statement for statement in answered.statements if statement.kind == "finding"]
    assert findings
    assert all(figure.base for statement in findings for figure in statement.figures)


def test_the_same_data_give_the_same_result_whatever_the_number_of_threads(force: SyntheticForce, answered: Result, tmp_path: Path) -> None:
    single = dataset_of(force.folder, tmp_path, threads=1)
    try:
        assert digest_of(ANALYSIS.run(single, Spec())) == digest_of(answered)
    finally:
        single.engine.close()


@pytest.mark.slow
def test_the_counts_are_the_same_on_a_spark_cluster(force: SyntheticForce, dataset_of_force: Dataset, tmp_path: Path) -> None:
    cluster = dataset_of(force.folder, tmp_path, engine=CLUSTER)
    wanted = Slice(grades=("immediate", "significant"), first_day=date(2023, 1, 1), last_day=date(2024, 12, 31))
    try:
        there, here = count(cluster, wanted), count(dataset_of_force, wanted)
    finally:
        cluster.engine.close()
    for part in ("by_month", "by_day_and_hour", "by_hour_of_week"):
        assert_frame_equal(getattr(there, part), getattr(here, part))
    assert here.incidents > 0


def test_a_slice_counts_what_it_names_and_nothing_else(dataset_of_force: Dataset) -> None:
    area = dataset_of_force.query("SELECT area_id FROM incidents ORDER BY incident_id LIMIT 1")["area_id"][0]
    spec = Spec(
        areas=(area,), grades=("immediate",), kinds=("violence",), first_day=date(2023, 4, 1), last_day=date(2023, 9, 30), forecast=False
    )
    expected = dataset_of_force.query(
        "SELECT COUNT(*) AS n FROM incidents WHERE area_id = :area AND grade = 'immediate' AND kind = 'violence' "
        "AND opened_at >= :first AND opened_at < :after",
        area=area,
        first=datetime(2023, 4, 1),  # noqa: DTZ001 - the force's clock
        after=datetime(2023, 10, 1),  # noqa: DTZ001
    )["n"][0]
    assert figures(ANALYSIS.run(dataset_of_force, spec))["incidents"].value == expected


def test_a_filter_that_leaves_nothing_is_refused_with_the_fields_to_look_at(dataset_of_force: Dataset) -> None:
    with pytest.raises(SpecError, match="No incident is left") as refused:
        ANALYSIS.run(dataset_of_force, Spec(kinds=("volcano",)))
    assert "kinds" in refused.value.where


def test_a_last_day_before_the_first_is_refused(three_incidents: Dataset) -> None:
    with pytest.raises(SpecError, match="is before the first"):
        ANALYSIS.run(three_incidents, Spec(first_day=date(2025, 3, 5), last_day=date(2025, 3, 4)))


def test_too_short_a_history_says_what_it_cannot_tell(three_incidents: Dataset) -> None:
    answered = ANALYSIS.run(three_incidents, Spec())
    limits = [statement.text for statement in answered.statements if statement.kind == "limit"]
    assert any("Trend, season" in text for text in limits)
    assert "forecast" not in answered.tables


def test_a_source_that_knows_only_months_is_asked_nothing_about_hours(dataset: Callable[..., Dataset]) -> None:
    months = [datetime(2024 + at // 12, at % 12 + 1, 1) for at in range(14)]  # noqa: DTZ001 - the force's clock
    rows = incidents_table({"opened_at": months * 20, "area_id": ["A"] * 280, "time_precision": ["month"] * 280})
    answered = ANALYSIS.run(dataset(rows), Spec(forecast=False))
    assert "hours" not in answered.tables
    assert any(statement.kind == "limit" and "only the month" in statement.text for statement in answered.statements)


@pytest.mark.parametrize(
    ("files", "has_hours"),
    [
        ("lfb/lfb_incidents_2017-01_to_2017-03-15.csv.gz", True),
        ("police_uk_city_of_london_street", False),
        ("seattle_police_call_data", True),
    ],
)
def test_published_incidents_are_answered_as_they_are(shared: Path, tmp_path: Path, files: str, *, has_hours: bool) -> None:
    source = shared / "data" / files
    named = [path for path in sorted(source.rglob("*")) if path.suffix in (".csv", ".gz")] if source.is_dir() else [source]
    report = check_folder(tmp_path / "none", cache=tmp_path / "cache", time_zone="Europe/London", chosen={"incidents": (named, None)})
    made = Dataset(report.checked, engine=open_engine("local"))
    try:
        answered = ANALYSIS.run(made, Spec(forecast=False))
    finally:
        made.engine.close()
    incidents = figures(answered)["incidents"].value
    assert incidents > 0
    assert answered.tables["areas"].rows["incidents"].sum() == incidents
    assert ("hours" in answered.tables) is has_hours
    assert not answered.provenance.synthetic


def test_an_even_demand_takes_half_the_hours_to_reach_half(dataset: Callable[..., Dataset]) -> None:
    start = datetime(2025, 1, 6)  # noqa: DTZ001 - a Monday of the force's clock
    times = [start + timedelta(hours=hour) for hour in range(168 * 4)]
    answered = ANALYSIS.run(dataset(incidents_table({"opened_at": times, "area_id": ["A"] * len(times)})), Spec(forecast=False))
    assert figures(answered)["hours that hold half of the demand"].value == 84
    assert np.allclose(answered.tables["hours"].rows["an_hour"].to_numpy(), 1.0)
