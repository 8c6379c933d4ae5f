import numpy as np
import pytest
from scipy import stats

from bestvalue.analysis.rates import poisson_interval, quotient_interval, wilson_interval


def test_the_poisson_interval_leaves_2_5_per_cent_in_each_tail() -> None:
    interval = poisson_interval(np.array([7.0, 120.0]), exposure=np.array([1.0, 1.0]))
    assert stats.poisson.sf([6, 119], interval.low) == pytest.approx([0.025, 0.025], abs=1e-10)
    assert stats.poisson.cdf([7, 120], interval.high) == pytest.approx([0.025, 0.025], abs=1e-10)


def test_wilsons_interval_is_where_the_score_test_just_accepts() -> None:
    part, whole = np.array([0.0, 12.0, 30.0]), np.array([30.0, 30.0, 30.0])
    interval = wilson_interval(part, whole=whole)
    z = stats.norm.ppf(0.975)
    for share, end in ((0.4, interval.low[1]), (0.4, interval.high[1])):
        assert abs(share - end) / np.sqrt(end * (1 - end) / 30) == pytest.approx(z)
    assert interval.low[0] == 0
    assert interval.high[2] == pytest.approx(1, abs=1e-12)


def test_an_amount_has_no_interval_of_chance() -> None:
    assert quotient_interval(np.ones(1), np.ones(1), sort="ratio", confidence=0.95) is None
