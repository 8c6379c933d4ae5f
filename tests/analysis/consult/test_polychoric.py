"""Polychoric correlations: the normal integral against scipy, known correlations recovered, ordinal alpha."""

import numpy as np
import pytest
from scipy import optimize, stats
from tests.analysis.consult.conftest import likert

from bestvalue.analysis.consult.polychoric import bivariate_normal, polychoric, smooth


@pytest.mark.parametrize("correlation", [-0.9, -0.3, 0.0, 0.5, 0.95])
def test_the_bivariate_normal_equals_scipys(correlation: float) -> None:
    points = [(-1.2, 0.4), (0.0, 0.0), (2.1, -0.3), (0.8, 0.9)]
    for a, b in points:
        expected = stats.multivariate_normal.cdf([a, b], cov=[[1, correlation], [correlation, 1]])
        assert float(bivariate_normal(np.array(a), np.array(b), np.array(correlation))) == pytest.approx(expected, abs=1e-6)


def test_planted_correlations_are_recovered() -> None:
    loadings = [0.8, 0.7, 0.6]
    found = polychoric(likert(np.random.default_rng(1), people=20_000, loadings=loadings)).correlation
    expected = np.outer(loadings, loadings)
    np.fill_diagonal(expected, 1)
    assert found == pytest.approx(expected, abs=0.025)  # four standard errors of about 0.006


def test_the_likelihood_is_highest_there() -> None:
    scores = likert(np.random.default_rng(2), people=400, loadings=[0.8, 0.6])
    found = polychoric(scores)
    low, high = (np.concatenate([[-8], cut, [8]]) for cut in found.thresholds)
    table = np.histogram2d(scores[:, 0], scores[:, 1], bins=[np.arange(0.5, 6), np.arange(0.5, 6)])[0]

    def against(r: float) -> float:
        corners = bivariate_normal(low[:, None], high[None, :], np.full((1, 1), r))
        return -float((table * np.log(np.maximum(np.diff(np.diff(corners, axis=0), axis=1), 1e-300))).sum())

    best = optimize.minimize_scalar(against, bounds=(-0.99, 0.99), method="bounded", options={"xatol": 1e-9})
    assert found.correlation[0, 1] == pytest.approx(best.x, abs=1e-6)


def test_a_matrix_that_is_not_positive_definite_is_mended_and_said_so() -> None:
    broken = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1.0]])
    mended, raised = smooth(broken)
    assert raised > 0
    assert np.linalg.eigvalsh(mended)[0] > 0
    assert np.diagonal(mended) == pytest.approx(1)
