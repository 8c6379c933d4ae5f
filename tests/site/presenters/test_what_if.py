"""What the sliders ask of a kept result, and what the page says of it. The result is made by hand: tests/what_if_result.py."""

from dataclasses import replace
from urllib.parse import parse_qs

import polars as pl
import pytest
from tests.what_if_result import what_if_result

from bestvalue.documents.charts import chart_svg
from bestvalue.site.presenters.what_if import asked_for, chosen_scenario, near, presets, read_choice, scenarios_of, sliders
from bestvalue.site.presenters.what_if_answer import WhatIf, what_if_of, work_view
from bestvalue.site.presenters.what_if_charts import what_if_charts

RESULT = what_if_result()
PLAYED = scenarios_of(RESULT)
assert PLAYED is not None
"""The scenarios of that result."""


def answer(scenario: str) -> WhatIf:
    return what_if_of(RESULT, scenario=scenario, today="As today")


def said(scenario: str) -> str:
    return " ".join(sentence.text for sentence in answer(scenario).sentences)


def test_there_is_a_slider_for_each_level_and_none_for_both_at_once() -> None:
    assert dict(PLAYED.pools) == {"local": "Local units", "support": "Support units"}


@pytest.mark.parametrize(
    ("asked", "scenario"),
    [
        ({}, "As today"),
        ({"local": "1", "support": "1"}, "As today"),
        ({"local": "0.5"}, "Local units x0.5"),
        ({"local": "0.5", "support": "0.5"}, "All units x0.5"),
        ({"local": "0.5", "support": "2"}, "Local units x0.5 + Support units x2"),
        ({"instead": "2 moved from Dogs to Ash response", "local": "2"}, "2 moved from Dogs to Ash response"),
        ({"local": "2", "support": "0.5"}, None),
        ({"local": "0.6"}, None),
        ({"local": "much", "support": "-1"}, "As today"),
        ({"local": "nan", "support": "9"}, "As today"),
        ({"instead": "no such move"}, "As today"),
    ],
)
def test_the_sliders_find_the_scenario_that_was_played_and_no_other(asked: dict[str, str], scenario: str | None) -> None:
    assert chosen_scenario(read_choice(asked, PLAYED), PLAYED) == scenario


def test_a_slider_for_all_remains_where_the_levels_were_not_scaled_by_themselves() -> None:
    rows = RESULT.tables["response"].rows.filter(~pl.col("pools").is_in(["local", "support"]))
    only_all = replace(RESULT, tables={**RESULT.tables, "response": replace(RESULT.tables["response"], rows=rows)})
    found = scenarios_of(only_all)
    assert found is not None
    assert list(found.pools) == ["all"]
    assert chosen_scenario(read_choice({"all": "0.5"}, found), found) == "All units x0.5"


def test_a_result_of_another_question_and_one_without_today_have_no_page() -> None:
    assert scenarios_of(replace(RESULT, provenance=replace(RESULT.provenance, analysis="challenge.demand"))) is None
    without = RESULT.tables["response"].rows.filter(pl.col("kind") != "today")
    assert scenarios_of(replace(RESULT, tables={**RESULT.tables, "response": replace(RESULT.tables["response"], rows=without)})) is None
    assert scenarios_of(replace(RESULT, tables={name: RESULT.tables[name] for name in ("response", "areas")})) is None


def test_every_computed_factor_is_a_step_of_its_slider() -> None:
    (local, support) = sliders(read_choice({"local": "0.7"}, PLAYED), PLAYED)
    assert local.computed == (0.5, 1.0, 2.0)
    for slider in (local, support):
        for factor in (*slider.computed, slider.factor):
            steps = (factor - slider.low) / slider.step
            assert steps == pytest.approx(round(steps), abs=1e-9)
        assert slider.low <= slider.factor <= slider.high


def test_an_address_leads_back_to_the_same_choice() -> None:
    choice = read_choice({"local": "0.5", "support": "2"}, PLAYED)
    again = {name: values[0] for name, values in parse_qs(choice.query).items()}
    assert read_choice(again, PLAYED) == choice


def test_every_preset_was_played() -> None:
    for preset in presets(PLAYED):
        asked = {name: values[0] for name, values in parse_qs(preset.query).items()}
        assert chosen_scenario(read_choice(asked, PLAYED), PLAYED) is not None, preset
    assert next(preset.words for preset in presets(PLAYED)) == "Half of everything"


def test_what_is_asked_for_is_added_to_what_was_asked_before() -> None:
    choice = read_choice({"local": "2", "support": "0.5"}, PLAYED)
    assert asked_for(choice, RESULT.provenance.spec) == "local x0.5 + support x2, local x2 + support x0.5"


def test_the_nearest_scenarios_are_those_whose_factors_are_nearest_by_ratio() -> None:
    assert near(read_choice({"local": "0.45"}, PLAYED), PLAYED, at_most=1)[0].words == "Local units x0.5"


def test_the_first_sentence_is_the_most_urgent_grade_before_and_after_with_intervals() -> None:
    first = answer("Local units x0.5").sentences[0].text
    assert (
        first
        == "70% (69 to 71) of immediate calls are reached within target, against 90% (89 to 91) today: 20.0 points fewer (19.0 to 21.0)."
    )


def test_what_does_not_change_is_said_to_be_as_today() -> None:
    assert "40% (39 to 41) of requests for support are answered within target, as today." in said("Local units x0.5")


def test_units_and_cost_are_said_with_their_sign() -> None:
    assert "60 units instead of 100; £4 million a year less. Overtime rises by 4 unit-hours a week (3 to 5)." in said("Local units x0.5")
    assert "180 units instead of 100; £8 million a year more. Overtime falls by 8 unit-hours a week (7 to 9)." in said("Local units x2")
    assert "100 units, as today; at the same cost. Overtime does not change beyond chance." in said("2 moved from Dogs to Ash response")


def test_fewer_than_the_minimum_on_duty_is_a_warning() -> None:
    warned = [sentence.text for sentence in answer("Local units x0.5").sentences if sentence.warns]
    assert warned == ["In 24 hours of the week, all pools counted, fewer units would be on duty than the pool's minimum."]


def test_a_queue_without_end_is_a_warning_with_its_growth() -> None:
    endless = what_if_result(endless=("Local units x0.5",))
    found = what_if_of(endless, scenario="Local units x0.5", today="As today")
    assert any("no end" in sentence.text and "12.5 incidents a day" in sentence.text for sentence in found.sentences if sentence.warns)


def test_the_base_is_what_the_result_says_it_is() -> None:
    assert answer("Local units x0.5").base == "immediate: 1,000 simulated incidents in 4 replications of 4 weeks"


def test_who_gains_and_who_loses_is_counted_beyond_chance() -> None:
    found = answer("Local units x0.5 + Support units x2")
    assert found.fairness.startswith("Of 3 areas: 1 loses, 1 gains, 1 without a change beyond chance (95% intervals).")
    assert found.tables["areas"].rows["area"].to_list() == ["Ash", "Birch", "Cedar"]
    assert found.tables["areas"].rows["verdict"].to_list() == ["loses", "no change beyond chance", "gains"]


def test_a_result_that_does_not_say_it_by_area_is_still_an_answer() -> None:
    rows = RESULT.tables["areas"].rows.filter(pl.col("scenario") == "All units x2")
    partly = replace(RESULT, tables={**RESULT.tables, "areas": replace(RESULT.tables["areas"], rows=rows)})
    found = what_if_of(partly, scenario="Local units x0.5", today="As today")
    assert "areas" not in found.tables
    assert found.fairness == ""
    assert set(what_if_charts(found, is_today=False)) == {"response"}


def test_as_an_option_it_says_what_it_costs_and_what_it_changes() -> None:
    option = answer("Local units x0.5").as_option
    assert option["text"] == "Local units x0.5"
    assert "£4 million a year less" in option["cost"]
    assert "20.0 points fewer" in option["effect"]
    assert "loses" in option["effect"]
    assert "Base: immediate: 1,000" in option["effect"]


def test_each_line_of_cost_and_work_is_written_in_its_own_unit() -> None:
    view = work_view(answer("Local units x0.5").tables["work"], download="")
    written = {row[0].words: [cell.words for cell in row[1:]] for row in view.rows}
    assert written["Cost a year"] == ["£10 million", "£6 million", "−£4 million"]
    assert written["Time on jobs, local units"] == ["40%", "40%", "0%"]


def test_every_chart_is_drawn_and_is_a_picture_of_a_table_that_is_there() -> None:
    for scenario, is_today in (("As today", True), ("Local units x0.5 + Support units x2", False)):
        found = answer(scenario)
        for name, chart in what_if_charts(found, is_today=is_today).items():
            assert chart.table in found.tables
            assert chart_svg(chart.spec, where=name).startswith("<svg")
            assert chart.alt
