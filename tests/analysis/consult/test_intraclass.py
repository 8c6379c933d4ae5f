"""The six forms against the published table, and a mixed case against its definition."""

import numpy as np
import pytest
from scipy import stats

from bestvalue.analysis.consult.intraclass import intraclass_correlations
from bestvalue.errors import SpecError

SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7.0]])


def test_the_table_of_shrout_and_fleiss() -> None:
    # Values: Shrout and Fleiss (1979), table 4. Intervals: as the documentation of psych::ICC prints for the same table.
    published = {
        "ICC(1,1)": (0.17, -0.133, 0.72),
        "ICC(2,1)": (0.29, 0.019, 0.76),
        "ICC(3,1)": (0.71, 0.342, 0.95),
        "ICC(1,k)": (0.44, -0.884, 0.91),
        "ICC(2,k)": (0.62, 0.071, 0.93),
        "ICC(3,k)": (0.91, 0.676, 0.99),
    }
    for one in intraclass_correlations(SHROUT_FLEISS):
        value, low, high = published[one.form]
        assert one.value == pytest.approx(value, abs=0.005)
        assert one.low == pytest.approx(low, abs=0.0006)
        assert one.high == pytest.approx(high, abs=0.006)


def test_consistency_holds_its_true_value_as_often_as_it_says() -> None:
    chance = np.random.default_rng(1)
    held = 0
    for _ in range(800):
        people = chance.standard_normal((20, 1))
        found = intraclass_correlations(people + chance.standard_normal((20, 3)) * 0.7, confidence=0.9)[2]
        held += found.low <= 1 / 1.49 <= found.high
    assert stats.binomtest(held, 800, 0.9).pvalue > 1e-3


def test_a_judge_who_is_always_higher_lowers_agreement_and_not_consistency() -> None:
    people = np.random.default_rng(2).standard_normal((30, 1))
    noise = np.random.default_rng(3).standard_normal((30, 2)) * 0.3
    even, shifted = (intraclass_correlations(people + noise + np.array([0, shift])) for shift in (0.0, 2.0))
    assert shifted[2].value == pytest.approx(even[2].value, rel=1e-10)
    assert shifted[1].value < even[1].value - 0.3


def test_measurements_without_variation_are_refused() -> None:
    with pytest.raises(SpecError, match="same"):
        intraclass_correlations(np.ones((4, 3)))
