import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestvalue.analysis.pence import round_to_total, share_out

AMOUNT = st.integers(-(10**13), 10**13)
WEIGHTS = st.lists(st.floats(0, 1e9), min_size=1, max_size=60).filter(lambda weights: sum(weights) > 1e-6)


@given(total=AMOUNT, weights=WEIGHTS)
def test_parts_add_up_to_the_penny_and_none_is_a_penny_from_its_quota(total: int, weights: list[float]) -> None:
    parts = share_out(total, np.array(weights))
    quota = np.array(weights) * (total / sum(weights))
    assert int(parts.sum()) == total
    assert np.abs(parts - quota).max() < 1 + abs(total) * 1e-12


@given(total=AMOUNT, weights=WEIGHTS)
def test_what_has_no_weight_never_gets_a_penny(total: int, weights: list[float]) -> None:
    parts = share_out(total, np.array([*weights, 0.0]))
    assert parts[-1] == 0


def test_the_pennies_left_go_to_the_largest_remainders() -> None:
    """By hand: quotas 1.4, 2.35 and 6.25 leave one penny, and 0.4 is the largest remainder."""
    assert share_out(10, np.array([1.4, 2.35, 6.25])).tolist() == [2, 2, 6]


@pytest.mark.parametrize("weights", [[0.0, 0.0], [1.0, -0.1], [float("nan")], []])
def test_weights_that_divide_nothing_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="weights must be"):
        share_out(5, np.array(weights))


def test_amounts_that_are_not_the_total_are_refused() -> None:
    with pytest.raises(ValueError, match=r"add up to 12\.00, not to 20"):
        round_to_total(np.array([6.0, 6.0]), 20)
