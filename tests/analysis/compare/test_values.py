from datetime import date

import polars as pl
import pytest
from tests.analysis.compare.conftest import Make, indicator, value

from bestvalue.analysis.compare.values import people_in, read_panel
from bestvalue.errors import SpecError

SOUND = [value("A", 10, 100), value("B", 20, 100), value("C", 30, 100)]


def why(dataset: object, **options: object) -> dict[str, str]:
    panel = read_panel(dataset, **options)  # type: ignore[arg-type]
    return dict(zip(panel.kept_out["force_id"], panel.kept_out["why"], strict=True))


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (value("D", None, 100, suppressed_as="<5"), "holds the figure back"),
        (value("D", 3, 100, suppressed_as="*"), "holds the figure back"),
        (value("D", None, 100), "numerator is missing"),
        (value("D", 5, None), "denominator is missing"),
        (value("D", 5, 0), "denominator is zero"),
    ],
)
def test_a_value_that_cannot_be_used_is_kept_out_and_listed_with_its_reason(make: Make, broken: dict, reason: str) -> None:
    dataset = make(indicator_values=[*SOUND, broken], indicators=[indicator()])
    panel = read_panel(dataset)
    assert panel.values["force_id"].to_list() == ["A", "B", "C"]
    assert reason in panel.kept_out["why"][0]
    assert panel.kept_out["found"][0]


def test_a_part_larger_than_the_whole_is_kept_out_of_a_proportion(make: Make) -> None:
    rows = [*SOUND, value("D", 84.0, 1.0)]
    assert "larger than the whole" in why(make(indicator_values=rows, indicators=[indicator(sort="proportion")]))["D"]


def test_percentages_of_0_to_1_among_those_of_0_to_100_are_kept_out(make: Make) -> None:
    rows = [value("A", 82.0, 100), value("B", 84.5, 100), value("C", 79.0, 100), value("D", 0.83, 100)]
    assert "0 to 1 and 0 to 100 are mixed" in why(make(indicator_values=rows, indicators=[indicator(sort="proportion")]))["D"]


def test_a_small_share_with_its_true_base_is_not_taken_for_a_wrong_scale(make: Make) -> None:
    rows = [value("A", 820.0, 1000), value("B", 845, 1000), value("C", 790, 1000), value("D", 8, 1000)]
    assert why(make(indicator_values=rows, indicators=[indicator(sort="proportion")])) == {}


def test_a_period_that_overlaps_an_earlier_one_counts_once(make: Make) -> None:
    calendar = value("A", 11, 100) | {"period_starts": date(2025, 1, 1), "period_ends": date(2025, 12, 31)}
    panel = read_panel(make(indicator_values=[*SOUND, calendar], indicators=[indicator()]))
    assert panel.values.filter(pl.col("force_id") == "A")["period_starts"].to_list() == [date(2024, 4, 1)]
    assert "count twice" in panel.kept_out["why"][0]


def test_a_merged_force_is_the_sum_of_its_parts_before_and_itself_after(make: Make) -> None:
    rows = [value("OLD", 10, 100, year=2023), value("NEW", 30, 100, year=2023), value("NEW", 50, 200, year=2024)]
    change = {"force_id": "OLD", "now_force_id": "NEW", "changed_on": date(2024, 4, 1), "change": "merged"}
    panel = read_panel(make(indicator_values=rows, indicators=[indicator()], force_changes=[change]))
    assert panel.values.select("force_id", "numerator", "denominator").rows() == [("NEW", 40.0, 200.0), ("NEW", 50.0, 200.0)]


def test_one_part_of_a_merged_force_is_not_taken_for_the_whole(make: Make) -> None:
    rows = [value("NEW", 30, 100, year=2023), value("OLD", 10, 100, year=2022), value("NEW", 50, 200, year=2024)]
    change = {"force_id": "OLD", "now_force_id": "NEW", "changed_on": date(2024, 4, 1), "change": "merged"}
    panel = read_panel(make(indicator_values=rows, indicators=[indicator()], force_changes=[change]))
    assert panel.values["period_starts"].to_list() == [date(2024, 4, 1)]
    assert panel.kept_out["why"].str.contains("part of it").all()


def test_a_force_that_has_merged_and_still_reports_is_kept_out(make: Make) -> None:
    rows = [value("OLD", 10, 100, year=2024), value("NEW", 50, 200, year=2024)]
    change = {"force_id": "OLD", "now_force_id": "NEW", "changed_on": date(2024, 4, 1), "change": "merged"}
    assert "is no more" in why(make(indicator_values=rows, indicators=[indicator()], force_changes=[change]))["OLD"]


def test_a_moved_boundary_marks_the_first_period_after_it(make: Make) -> None:
    rows = [value("A", n, 100, year=year) for n, year in ((1, 2022), (2, 2023), (3, 2024))]
    change = {"force_id": "A", "now_force_id": "A", "changed_on": date(2023, 4, 1), "change": "boundary"}
    panel = read_panel(make(indicator_values=rows, indicators=[indicator()], force_changes=[change]))
    assert panel.values["changed"].to_list() == [False, True, False]


def test_residents_of_the_nearest_year_stand_in_for_a_missing_denominator(make: Make) -> None:
    people = [
        {"force_id": force, "year": year, "counted": "resident", "people": n} for force, year, n in (("A", 2018, 500), ("A", 2023, 800))
    ]
    panel = read_panel(make(indicator_values=[value("A", 4, None)], force_populations=people))
    assert panel.values["denominator"].to_list() == [800.0]


def test_a_denominator_other_than_residents_is_never_filled_with_them(make: Make) -> None:
    people = [{"force_id": "D", "year": 2024, "counted": "resident", "people": 10}]
    dataset = make(indicator_values=[*SOUND, value("D", 5, None)], indicators=[indicator()], force_populations=people)
    assert "denominator is missing" in why(dataset)["D"]


def test_people_come_back_in_the_order_asked_for() -> None:
    people = pl.DataFrame({"force_id": ["A", "B"], "counted": ["resident"] * 2, "year": [2020, 2020], "people": [1, 2]})
    keys = pl.DataFrame({"force_id": ["B", "A", "C", "B"], "period_starts": [date(2021, 1, 1)] * 4})
    assert people_in(people, keys, counted="resident").to_list() == [2.0, 1.0, None, 2.0]


def test_an_undescribed_count_is_a_rate_and_undescribed_fractions_are_an_amount(make: Make) -> None:
    rows = [value("A", 4, 10, indicator="Incidents"), value("A", 4.5, 10, indicator="Officers")]
    assert {one.name: one.sort for one in read_panel(make(indicator_values=rows)).indicators.values()} == {
        "Incidents per 1,000 residents": "rate",
        "Officers per 1,000 residents": "ratio",
    }


def test_without_any_usable_value_the_error_says_what_to_supply(make: Make) -> None:
    with pytest.raises(SpecError, match="No indicator value is left") as caught:
        read_panel(make(indicator_values=[value("A", 4, None)]))
    assert "force_populations" in caught.value.next_step


def test_an_unknown_force_is_named_with_those_there_are(make: Make) -> None:
    with pytest.raises(SpecError, match="no force 'Z'") as caught:
        read_panel(make(indicator_values=SOUND, indicators=[indicator()]), own_force="Z")
    assert "A, B, C" in caught.value.next_step


def test_the_synthetic_forces_two_suppressed_values_are_the_only_ones_kept_out(comparison: object) -> None:
    panel = read_panel(comparison)  # type: ignore[arg-type]
    assert panel.kept_out.select("indicator_id", "found").rows() == [("I08", "*")] * 2


def test_an_indicator_per_square_kilometre_takes_the_area_that_boundaries_give(make: Make) -> None:
    data = make(
        indicator_values=[value("A", 50, None), value("B", 30, 6)],
        indicators=[indicator(denominator="square kilometres")],
        force_characteristics=[
            {"force_id": "A", "characteristic": "area (square kilometres)", "year": year, "value": km2}
            for year, km2 in ((2011, 1.0), (2016, 25.0))
        ],
    )
    assert read_panel(data).values["quotient"].to_list() == [2, 5]
