from datetime import date

import numpy as np
import polars as pl
import pytest
from tests.analysis.compare.conftest import Make, indicator, value

from bestvalue.analysis.compare import frontier
from bestvalue.analysis.contract import Result
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError


@pytest.fixture(scope="module")
def result(comparison: Dataset) -> Result:
    return frontier.ANALYSIS.run(comparison, frontier.Spec(replicates=100))


def texts(result: Result) -> str:
    return "\n".join(statement.text for statement in result.statements)


def test_the_planted_effect_of_poverty_on_spending_is_found_as_environment(result: Result) -> None:
    rows = result.tables["environment"].rows
    poverty = rows.filter(pl.col("characteristic") == "hard-pressed households (%)").row(0, named=True)
    assert poverty["low"] > 0
    assert "Inefficiency goes with the place: more with hard-pressed households" in texts(result)


def test_scores_are_ordered_as_theory_says(result: Result) -> None:
    rows = result.tables["scores"].rows
    assert (rows["constant_returns"] <= rows["variable_returns"] + 1e-9).all()
    assert (rows["corrected"] < rows["efficiency"]).all()
    assert (rows["low"] <= rows["high"]).all()
    known = rows.filter(pl.col("super_efficiency").is_not_null())
    assert (known["super_efficiency"] >= known["efficiency"] - 1e-9).all()


def test_targets_are_reached_with_less_or_the_same_input(result: Result) -> None:
    rows = result.tables["targets"].rows
    assert (rows.filter(pl.col("kind") == "input").select(pl.col("target") <= pl.col("now") * (1 + 1e-6))).to_series().all()
    assert (rows.filter(pl.col("kind") == "output").select(pl.col("target") >= pl.col("now") * (1 - 1e-6))).to_series().all()


def test_productivity_is_catching_up_times_shift(result: Result) -> None:
    rows = result.tables["years"].rows.drop_nulls()
    assert (rows["catching_up"] * rows["shift"]).to_numpy() == pytest.approx(rows["productivity"].to_numpy())


def test_an_outlier_in_spending_nobody_can_match_is_named(result: Result) -> None:
    # the capital is larger than any combination of the others: at variable returns nobody can stand in for it
    assert "No super-efficiency for Capital (synthetic)" in texts(result)


def test_the_same_seed_gives_the_same_scores(comparison: Dataset, result: Result) -> None:
    again = frontier.ANALYSIS.run(comparison, frontier.Spec(replicates=100))
    assert again.tables["scores"].rows.equals(result.tables["scores"].rows)


def test_more_for_the_same_is_said_in_output_orientation(comparison: Dataset) -> None:
    spec = frontier.Spec(replicates=0, orientation="output", returns="constant", own_force="F10")
    found = frontier.ANALYSIS.run(comparison, spec)
    own = found.tables["scores"].rows.filter(pl.col("efficiency") < 1)
    assert own.height
    assert "more with as much" in texts(found)


def test_limits_on_weights_that_cannot_all_hold_are_refused(comparison: Dataset) -> None:
    with pytest.raises(SpecError, match="4 outputs cannot each have a share"):
        frontier.ANALYSIS.run(comparison, frontier.Spec(replicates=0, lowest_weight=0.3))


def test_limits_on_weights_lower_the_scores(comparison: Dataset) -> None:
    rows = frontier.ANALYSIS.run(comparison, frontier.Spec(replicates=0, lowest_weight=0.1)).tables["scores"].rows
    known = rows.drop_nulls("with_weight_limits")
    assert (known["with_weight_limits"] <= known["efficiency"] + 1e-7).all()


def two(make: Make, spent: list[float], solved: list[float]) -> Dataset:
    values = [
        one
        for n, (pounds, crimes) in enumerate(zip(spent, solved, strict=True))
        for one in (value(f"F{n:02d}", pounds, 100, indicator="IN"), value(f"F{n:02d}", crimes, 100, indicator="OUT"))
    ]
    described = [indicator("IN", numerator="spending (pounds)"), indicator("OUT", numerator="crimes solved")]
    return make(indicator_values=values, indicators=described)


def test_a_force_with_a_zero_input_is_left_out_and_named(make: Make) -> None:
    dataset = two(make, [0.0, *np.linspace(10, 20, 9)], [5.0] * 10)
    found = frontier.ANALYSIS.run(dataset, frontier.Spec(own_force="F01", inputs=("IN",), outputs=("OUT",), replicates=0))
    assert "F00 (an input is zero, or every output is)" in texts(found)


def test_one_input_and_one_output_give_the_ratio_to_the_best(make: Make) -> None:
    spent, solved = [10.0, 20, 30, 40, 50, 60], [5.0, 8, 15, 12, 20, 30]
    spec = frontier.Spec(own_force="F00", inputs=("IN",), outputs=("OUT",), replicates=0, returns="constant")
    rows = frontier.ANALYSIS.run(two(make, spent, solved), spec).tables["scores"].rows.sort("force")
    ratio = np.array(solved) / np.array(spent)
    assert rows["efficiency"].to_numpy() == pytest.approx(ratio / ratio.max())


def test_staff_counted_on_a_day_meet_crimes_counted_over_its_year(make: Make) -> None:
    values = [
        one
        for n in range(9)
        for one in (
            value(f"F{n}", 10.0 + n, 100, indicator="IN") | {"period_starts": date(2024, 9, 30), "period_ends": date(2024, 9, 30)},
            value(f"F{n}", 50.0, 100, indicator="OUT"),
        )
    ]
    dataset = make(indicator_values=values, indicators=[indicator("IN", numerator="officers"), indicator("OUT", numerator="crimes solved")])
    spec = frontier.Spec(own_force="F1", inputs=("IN",), outputs=("OUT",), replicates=0, returns="constant")
    rows = frontier.ANALYSIS.run(dataset, spec).tables["scores"].rows.sort("force")
    assert rows["efficiency"].to_numpy() == pytest.approx(10 / (10 + np.arange(9)))


def test_too_few_forces_are_refused(make: Make) -> None:
    with pytest.raises(SpecError, match="too few for a frontier"):
        frontier.ANALYSIS.run(two(make, [1.0, 2.0], [1.0, 2.0]), frontier.Spec(inputs=("IN",), outputs=("OUT",)))


def test_an_indicator_cannot_be_input_and_output(make: Make) -> None:
    with pytest.raises(SpecError, match="both an input and an output"):
        frontier.ANALYSIS.run(two(make, [1.0] * 9, [2.0] * 9), frontier.Spec(inputs=("IN",), outputs=("IN",)))
