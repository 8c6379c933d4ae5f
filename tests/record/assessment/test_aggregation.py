import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestvalue.record.assessment.aggregation import propose
from bestvalue.record.assessment.framework import Rule

SCALE = ("excellent", "good", "fair", "poor")


@pytest.mark.parametrize(
    ("grades", "rule", "proposed"),
    [
        # Half of four reach good; the poor one allows fair at most.
        (["good", "good", "fair", "poor"], Rule(), "fair"),
        (["good", "good", "fair", "fair"], Rule(), "good"),
        (["excellent", "good", "fair", "fair"], Rule(reached_by_share=0.6), "fair"),
        (["excellent", "excellent", "fair"], Rule(above_lowest=0), "fair"),
        (["excellent", "excellent", "fair"], Rule(above_lowest=2), "excellent"),
        # 0.6 of five is three items, though 0.6 * 5 is a hair more in floating point.
        (["excellent", "good", "good", "fair", "fair"], Rule(reached_by_share=0.6), "good"),
        (["good", "good", ""], Rule(), "good"),
        (["good", "", ""], Rule(), ""),
        (["", ""], Rule(no_data_share=1), ""),
        (["good", None], Rule(), ""),
        ([], Rule(), ""),
    ],
)
def test_what_the_rule_proposes(grades: list[str | None], rule: Rule, proposed: str) -> None:
    assert propose(grades, scale=SCALE, rule=rule).grade == proposed


def test_a_cap_is_told() -> None:
    assert propose(["excellent", "excellent", "fair"], scale=SCALE, rule=Rule()).why == (
        "2 of 3 graded reach good; excellent is more than the rule allows above fair."
    )


@given(grades=st.lists(st.sampled_from(SCALE), min_size=1, max_size=9), share=st.floats(0.1, 1), data=st.data())
def test_a_better_grade_below_never_makes_a_worse_one_above(grades: list[str], share: float, data: st.DataObject) -> None:
    rule = Rule(reached_by_share=share)
    place = data.draw(st.integers(0, len(grades) - 1))
    better = [*grades]
    better[place] = SCALE[max(SCALE.index(grades[place]) - 1, 0)]
    before, after = (SCALE.index(propose(each, scale=SCALE, rule=rule).grade) for each in (grades, better))
    assert after <= before
