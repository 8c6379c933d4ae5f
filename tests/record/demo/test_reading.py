from collections.abc import Callable

import pytest

from bestvalue.analysis.contract import Result
from bestvalue.record.demo.reading import read_result
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


def test_only_a_weakness_leads_to_a_recommendation(demand: Callable[..., Result]) -> None:
    found = list(read_result(demand(hours=59, error_ratio=0.8, change_low=-0.01), rules=RULES))
    assert [reading.tone for reading in found if reading.recommendation] == [Tone.NEGATIVE]
