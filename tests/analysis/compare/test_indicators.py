from datetime import date

import numpy as np
import polars as pl
import pytest
from tests.analysis.compare.conftest import Make, indicator, value

from bestvalue.analysis.compare import funnel, indicators, profile, rank
from bestvalue.analysis.compare.against import gap_of, stands_out
from bestvalue.analysis.compare.asked import period_words, read_group, slices
from bestvalue.analysis.compare.values import read_panel
from bestvalue.analysis.contract import Analysis, Result
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

OWN = [{"force_id": force, "force_name": f"Force {force}", "own_force": force == "A", "resident_population": 1000} for force in "ABC"]
THREE = [value("A", 30, 100), value("B", 10, 100), value("C", 40, 300)]


def texts(result: Result) -> str:
    return "\n".join(statement.text for statement in result.statements)


def test_a_groups_average_is_the_sum_over_the_sum_with_and_without_the_own_force(make: Make) -> None:
    panel = read_panel(make(indicator_values=THREE, indicators=[indicator()]), own_force="A")
    gap = gap_of(slices(panel, period=None)["I1"], "A", ["B", "C"], include_own=False, outlier_share=0.1, confidence=0.95)
    assert gap is not None
    assert gap.without_own == pytest.approx(50 / 400)  # the mean of the rates would be 0.1167
    assert gap.with_own == pytest.approx(80 / 500)
    assert gap.cases == pytest.approx(30 - 100 * 50 / 400)


def test_the_difference_from_an_average_with_the_own_force_in_it_is_smaller(make: Make) -> None:
    panel = read_panel(make(indicator_values=THREE, indicators=[indicator()]), own_force="A")
    one = slices(panel, period=None)["I1"]
    without, within = (gap_of(one, "A", ["B", "C"], include_own=include, outlier_share=0.1, confidence=0.95) for include in (False, True))
    assert without is not None
    assert within is not None
    assert within.cases == pytest.approx((30 / 100 - 80 / 500) * 100)
    # both say how sure the same two counts are of a difference: its size in standard errors is one number
    sureness = [gap.cases / (gap.cases_high - gap.cases_low) for gap in (without, within)]  # type: ignore[operator]
    assert sureness[0] == pytest.approx(sureness[1])


def test_differences_of_all_forces_from_an_average_of_them_all_add_up_to_nothing(comparison: Dataset) -> None:
    panel = read_panel(comparison)
    for one in slices(panel, period=None).values():
        ids = one.rows["force_id"].to_list()
        gaps = [gap_of(one, force, ids, include_own=True, outlier_share=0.1, confidence=0.95) for force in ids]
        assert sum(gap.cases for gap in gaps if gap) == pytest.approx(0, abs=1e-6 * one.rows["numerator"].sum())


def test_the_outlier_rule_wants_both_the_end_of_the_table_and_the_least_gap() -> None:
    quotients = np.array([*np.linspace(10, 19, 19), 30.0])
    assert stands_out(quotients, 30.0, 15.0, least_gap=1.0, share=0.1)
    assert not stands_out(quotients, 30.0, 29.5, least_gap=1.0, share=0.1)
    assert not stands_out(quotients, float(quotients[10]), 0.0, least_gap=1.0, share=0.1)
    assert not stands_out(quotients[:5], 10.0, 15.0, least_gap=1.0, share=0.1)


def test_the_planted_shift_in_attendance_is_in_the_difference(comparison: Dataset) -> None:
    rows = indicators.ANALYSIS.run(comparison, indicators.Spec()).tables["indicators"].rows
    attended = rows.filter(pl.col("indicator") == "Immediate calls reached in time").row(0, named=True)
    assert attended["stands_out"]
    # planted: the logarithm is 0.08 lower since the seventh year; forces differ by a sigma of 0.015 besides
    assert np.log(attended["own"] / attended["without_own"]) == pytest.approx(-0.08, abs=0.04)


def test_every_denominator_stands_side_by_side(comparison: Dataset) -> None:
    rows = indicators.ANALYSIS.run(comparison, indicators.Spec(indicators=("I01",))).tables["denominators"].rows
    assert rows["counted"].to_list() == ["resident", "daytime", "night"]
    residents, daytime = rows["own"][0], rows["own"][1]
    people = comparison.query("SELECT resident_population, daytime_population FROM forces WHERE own_force").row(0)
    assert daytime / residents == pytest.approx(people[0] / people[1])


def test_only_residents_known_is_said_as_a_limit(make: Make) -> None:
    rows = [value(force, 10, None) for force in "ABC"]
    people = [{"force_id": force, "year": 2024, "counted": "resident", "people": 1000} for force in "ABC"]
    result = indicators.ANALYSIS.run(make(indicator_values=rows, force_populations=people), indicators.Spec(own_force="A"))
    assert "Only residents are known" in texts(result)


def test_money_abroad_is_compared_at_purchasing_power(make: Make) -> None:
    money = indicator(numerator="spending (pounds)", sort="ratio", multiplier=1.0)
    abroad = {
        "indicator_id": "I1",
        "comparator": "Elsewhere",
        "country": "Elsewhere",
        "period_starts": date(2024, 4, 1),
        "numerator": 6000.0,
        "denominator": 10.0,
        "currency_per_pound": 2.0,
        "definition_differs": "Pensions are left out.",
        "source": "a test",
    }
    dataset = make(indicator_values=THREE, indicators=[money], comparators=[abroad])
    result = indicators.ANALYSIS.run(dataset, indicators.Spec(own_force="A"))
    assert result.tables["elsewhere"].rows["converted"].to_list() == [300.0]
    assert "Pensions are left out" in texts(result)


def test_a_group_by_list_takes_the_newest_edition_and_names_its_source(make: Make) -> None:
    listed = [
        {"list_name": "similar", "force_id": "A", "peer_force_id": peer, "listed_on": date(year, 1, 1), "source": "the office"}
        for peer, year in (("B", 2020), ("C", 2024))
    ]
    dataset = make(indicator_values=THREE, indicators=[indicator()], peer_lists=listed)
    group = read_group(dataset, read_panel(dataset, own_force="A"), "similar")
    assert group.members == ("C",)
    assert group.source == "the office, 1 January 2024"


def test_an_unknown_group_is_refused_with_what_could_be_written(make: Make) -> None:
    dataset = make(indicator_values=THREE, indicators=[indicator()])
    with pytest.raises(SpecError, match="no list and no force 'Nowhere'"):
        indicators.ANALYSIS.run(dataset, indicators.Spec(own_force="A", group="Nowhere"))


def test_without_an_own_force_the_analysis_asks_for_it(make: Make) -> None:
    with pytest.raises(SpecError, match="under review"):
        indicators.ANALYSIS.run(make(indicator_values=THREE, indicators=[indicator()]), indicators.Spec())


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        (date(2024, 4, 1), date(2025, 3, 31), "year to 31 March 2025"),
        (date(2018, 9, 30), date(2018, 9, 30), "30 September 2018"),
        (date(2024, 2, 1), date(2024, 2, 29), "February 2024"),
        (date(2024, 4, 1), date(2024, 6, 30), "1 April 2024 to 30 June 2024"),
    ],
)
def test_periods_are_written_as_people_say_them(starts: date, ends: date, words: str) -> None:
    assert period_words(starts, ends) == words


def test_the_planted_outliers_lie_outside_the_outer_limits(comparison: Dataset, comparison_folder: object) -> None:
    rows = funnel.ANALYSIS.run(comparison, funnel.Spec()).tables["funnel"].rows
    names = dict(comparison.query("SELECT force_id, force_name FROM forces").iter_rows())
    of_indicator = dict(comparison.query("SELECT indicator_id, indicator_name FROM indicators").iter_rows())
    for force, code, side in (("F06", "I01", "above"), ("F12", "I05", "below"), ("F24", "I07", "below"), ("F38", "I08", "above")):
        row = rows.filter((pl.col("force") == names[force]) & (pl.col("indicator") == of_indicator[code])).row(0, named=True)
        assert row["by_allowed"] == f"{side} outer"


def test_the_multiplicative_model_is_chosen_by_its_name_and_none_leaves_chance_alone(comparison: Dataset) -> None:
    spec = funnel.Spec(indicators=("I08",), overdispersion="none")
    rows = funnel.ANALYSIS.run(comparison, spec).tables["funnel"].rows
    assert rows["allowed_outer_high"].to_list() == rows["chance_outer_high"].to_list()
    wider = funnel.ANALYSIS.run(comparison, spec.model_copy(update={"overdispersion": "multiplicative"})).tables["funnel"].rows
    assert (wider["allowed_outer_high"] > rows["chance_outer_high"]).all()


def test_the_profile_and_the_ranking_give_the_same_interval_of_a_place(comparison: Dataset) -> None:
    of_profile = profile.ANALYSIS.run(comparison, profile.Spec(draws=2000)).tables["profile"].rows
    ranks = rank.ANALYSIS.run(comparison, rank.Spec(draws=2000)).tables["ranks"].rows
    own = comparison.query("SELECT force_name FROM forces WHERE own_force").item()
    both = of_profile.join(ranks.filter(pl.col("force") == own), on="indicator")
    assert both["place_low"].to_list() == both["low"].to_list()
    assert both["place_high"].to_list() == both["high"].to_list()


def test_a_profile_says_what_stands_out_and_what_it_lacks(comparison: Dataset) -> None:
    said = texts(profile.ANALYSIS.run(comparison, profile.Spec(draws=1000)))
    assert "For the worse: Immediate calls reached in time" in said
    assert "Lasting steps of Capital (synthetic): Immediate calls reached in time" in said
    assert "No indicator says anything about spending" in texts(
        profile.ANALYSIS.run(comparison, profile.Spec(draws=1000, indicators=("I01", "I05")))
    )


@pytest.mark.parametrize("module", [indicators, rank, funnel, profile])
def test_the_same_seed_gives_the_same_answer(comparison: Dataset, module: object) -> None:
    analysis: Analysis = module.ANALYSIS  # type: ignore[attr-defined]
    first, second = (analysis.run(comparison, module.Spec(indicators=("I05", "I08"))) for _ in range(2))  # type: ignore[attr-defined]
    assert texts(first) == texts(second)
    for name, table in first.tables.items():
        assert table.rows.equals(second.tables[name].rows)


def test_every_year_of_a_profile_has_its_place_and_the_last_that_of_the_table(comparison: Dataset) -> None:
    result = profile.ANALYSIS.run(comparison, profile.Spec(indicators=("I04",), draws=10_000))
    line, history = result.tables["profile"].rows.row(0, named=True), result.tables["history"].rows.sort("period_starts")
    last = history.row(-1, named=True)
    assert (last["place"], last["of"]) == (line["place"], line["of"])
    # A tenth of the draws: an end of the interval may be a place away.
    assert [last["place_low"], last["place_high"]] == pytest.approx([line["place_low"], line["place_high"]], abs=1)
    assert history["place_low"].null_count() == 0
    assert (history["place_low"] <= history["place"]).all()
    assert (history["place"] <= history["place_high"]).all()


def test_places_of_amounts_have_no_interval_in_any_year(comparison: Dataset) -> None:
    amounts = profile.ANALYSIS.run(comparison, profile.Spec(indicators=("Spending per head (pounds)",))).tables["history"].rows
    assert amounts["place"].null_count() == 0
    assert amounts["place_low"].null_count() == amounts.height
