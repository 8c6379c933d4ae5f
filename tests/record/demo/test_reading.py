from collections.abc import Callable
from dataclasses import replace

import pytest

from bestvalue.analysis.contract import Figure, Result, Statement
from bestvalue.record.demo.reading import COSTING_ANALYSIS, HOUR_OF_CAPACITY, HourPrice, Rule, hour_price_of, read_result
from bestvalue.record.demo.rules import RULES
from bestvalue.record.reviews.models import Tone


@pytest.mark.parametrize(
    ("figures", "weaknesses"),
    [
        ({"hours": 84, "error_ratio": 0.8, "change_low": -0.01}, []),
        ({"hours": 59, "error_ratio": 0.8, "change_low": -0.01}, ["Half of the demand falls in 59 hours."]),
        ({"hours": 84, "error_ratio": 1.0, "change_low": -0.01}, ["The error ratio is 1.0."]),
        ({"hours": 84, "error_ratio": 0.8, "change_low": 0.005}, ["The yearly change."]),
    ],
)
def test_what_is_a_weakness_follows_from_the_figure(
    demand: Callable[..., Result], figures: dict[str, float], weaknesses: list[str]
) -> None:
    found = list(read_result(demand(**figures), rules=RULES))
    assert len(found) == 4
    negative = [reading.text for reading in found if reading.tone == Tone.NEGATIVE]
    assert [any(text.endswith(said) for text in negative) for said in weaknesses] == [True] * len(negative)


def test_hours_are_priced_by_the_costing_and_the_measure_is_the_figure_of_the_result(demand: Callable[..., Result]) -> None:
    said = {"recommendation": "Visit them.", "weakness": "It is bunched.", "cost": "Two visits", "is_strength": lambda _: False}
    rule = Rule(analysis="challenge.demand", figure="hours that hold", hours=32, measure="hours with half of the demand", target=84, **said)
    result = demand(hours=59, error_ratio=0.8, change_low=-0.01)
    # By hand: 32 hours at £20.50 are £656.
    (reading,) = read_result(result, rules=[rule], hour=HourPrice(pounds=20.5, result="What it costs"))
    assert (reading.costing.one_off_cost_pence, reading.costing.baseline, reading.costing.target_value) == (65_600, 59, 84)
    assert "32 hours at £20.50" in reading.costing.cost_text
    assert "“What it costs”" in reading.costing.cost_text
    # By hand: 2 hours, taken 59 times, at £20.50 are £2,419.
    (each,) = read_result(result, rules=[replace(rule, hours=2, times="hours that hold")], hour=HourPrice(pounds=20.5, result="Costs"))
    assert each.costing.one_off_cost_pence == 241_900
    (unknown,) = read_result(result, rules=[replace(rule, times="people")], hour=HourPrice(pounds=20.5, result="Costs"))
    assert unknown.costing.one_off_cost_pence is None
    (unpriced,) = read_result(result, rules=[rule])
    assert (unpriced.costing.one_off_cost_pence, unpriced.costing.cost_text) == (None, "Two visits")


def test_the_price_of_an_hour_comes_from_the_costing_alone(demand: Callable[..., Result]) -> None:
    result = demand(hours=59, error_ratio=0.8, change_low=-0.01)
    assert hour_price_of([result]) is None
    figure = Figure(name=HOUR_OF_CAPACITY, value=31.25, unit="pounds", base="all staff")
    priced = replace(result, title="Costs", statements=(Statement(text="An hour costs £31.25.", figures=(figure,)),))
    assert hour_price_of([priced]) is None
    costing = replace(priced, provenance=replace(priced.provenance, analysis=COSTING_ANALYSIS))
    assert hour_price_of([result, costing]) == HourPrice(pounds=31.25, result="Costs")


def test_the_demo_types_in_no_money() -> None:
    assert not any("£" in rule.cost + rule.saving + rule.brings for rule in RULES)


def test_only_a_weakness_leads_to_a_recommendation(demand: Callable[..., Result]) -> None:
    found = list(read_result(demand(hours=59, error_ratio=0.8, change_low=-0.01), rules=RULES))
    assert [reading.tone for reading in found if reading.recommendation] == [Tone.NEGATIVE]
