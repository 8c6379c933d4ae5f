"""The test of the simulation passes where it should, fails where it should, and says so first."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest
from tests.analysis.challenge.resources.conftest import MONDAY, Tables

from bestvalue.analysis.challenge.resources import ANALYSIS
from bestvalue.analysis.challenge.resources_calibrate_overrides import parse_overrides
from bestvalue.analysis.challenge.resources_sources import Settings, Source, prepare
from bestvalue.analysis.challenge.resources_spec import Spec
from bestvalue.analysis.challenge.resources_tally import MEDIAN, NINETIETH, WITHIN, Key
from bestvalue.analysis.contract import no_progress
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

QUICK = {"weeks": 1, "most_replications": 4, "marginal_pools": 0, "find_mix": False, "factors": (0.5, 1.0, 2.0)}


def settings(**changes: object) -> Settings:
    given: dict[str, object] = {
        "calibration_weeks": 52,
        "validation_weeks": 13,
        "split_day": None,
        "tolerance": 0.1,
        "targets": {},
        "support_target_minutes": 30.0,
        "borrowing": "as seen",
        "lender_keeps": 0,
        "meal_breaks": False,
        "travel": "plane",
        "overrides": parse_overrides([]),
        "seed": 1,
    }
    return Settings(**(given | changes))  # type: ignore[arg-type] # the defaults above are of the right kinds


@pytest.fixture(scope="module")
def source(synthetic_dataset: Dataset) -> Source:
    return prepare(synthetic_dataset, settings(), no_progress)


def slower(tables: Tables) -> None:
    """From the fifth week on, every drive takes ten minutes more."""
    late = timedelta(minutes=10)
    for row in tables["deployments"]:
        if row["assigned_at"] >= MONDAY + timedelta(weeks=4):
            row["arrived_at"] += late
            row["cleared_at"] += late


def test_the_synthetic_force_is_predicted_on_weeks_that_were_not_seen(source: Source) -> None:
    found = source.validation
    assert found.passed, found.faults
    assert found.weeks == 13
    for grade in ("immediate", "significant"):
        for key, allowed in ((Key(MEDIAN, grade), 0.05), (Key(NINETIETH, grade), 0.10), (Key(WITHIN, grade), 0.03)):
            row = found.row(key)
            assert row is not None
            assert abs(row["error"]) < allowed, key


def test_nine_in_ten_areas_lie_inside_their_interval(source: Source) -> None:
    # 192 intervals at 90%, areas and measures not independent: fewer than 80% would not be chance.
    assert source.validation.coverage > 0.80


def test_no_interval_of_a_share_reaches_beyond_all_and_none_of_a_time_below_nothing(source: Source) -> None:
    rows = source.validation.rows
    assert rows.filter(rows["measure"] == WITHIN)["high"].max() == 1.0
    assert rows["low"].min() >= 0.0


def test_bases_of_the_areas_add_up_to_the_base_of_the_grade(source: Source) -> None:
    rows = source.validation.rows
    of_grade = rows.filter((rows["grade"] == "immediate") & (rows["measure"] == WITHIN))
    bases = {part: of_grade.filter(of_grade["by"] == part)["base"].sum() for part in ("all", "area", "hour")}
    assert bases["area"] == bases["hour"] == bases["all"] > 1_000


def test_a_change_that_the_past_does_not_hold_fails_the_test_and_is_said_first(small: Callable[..., Dataset]) -> None:
    result = ANALYSIS.run(small(slower), Spec(**QUICK))
    first = result.statements[0]
    assert first.kind == "failed"
    assert "failed its test" in first.text
    assert "median minutes of now incidents" in first.text


def test_the_same_weeks_without_the_change_pass(small: Callable[..., Dataset]) -> None:
    first = ANALYSIS.run(small(), Spec(**QUICK)).statements[0]
    assert first.kind == "finding"
    assert "which it had not seen" in first.text


def test_the_split_can_be_set_to_a_day(small: Callable[..., Dataset]) -> None:
    day = (MONDAY + timedelta(weeks=3)).date()
    found = prepare(small(), settings(split_day=day), no_progress)
    assert found.split_day == day
    assert found.validation.weeks == 3
    with pytest.raises(SpecError, match="cannot be split"):
        prepare(small(), settings(split_day=MONDAY.date()), no_progress)


def test_two_whole_weeks_are_the_least(small: Callable[..., Dataset]) -> None:
    def one_week(tables: Tables) -> None:
        tables["incidents"] = [row for row in tables["incidents"] if row["opened_at"] < MONDAY + timedelta(weeks=1)]

    with pytest.raises(SpecError, match="it takes 2"):
        prepare(small(one_week), settings(), no_progress)


def test_without_units_and_without_stations_there_is_nothing_to_simulate(small: Callable[..., Dataset]) -> None:
    def only_incidents(tables: Tables) -> None:
        for name in ("pools", "units", "shifts", "deployments"):
            del tables[name]

    with pytest.raises(SpecError, match="nothing to simulate") as error:
        prepare(small(only_incidents), settings(), no_progress)
    assert "pools, units, shifts, deployments" in error.value.next_step


def test_the_season_is_what_the_same_weeks_were_a_year_before(source: Source) -> None:
    rows = source.tables["roads"].rows
    season = rows.filter(rows["quantity"].str.starts_with("incidents expected"))["value"][0]
    row = source.validation.row(Key("incidents a week", "immediate"))
    assert row is not None
    assert 0.85 < season < 1.15
    assert np.abs(row["error"]) < 0.1
