"""Exploratory factors: exact structures taken apart, criteria at their best, and chance alone giving none."""

import itertools

import numpy as np
import pytest
from scipy import stats

from bestvalue.analysis.consult.exploratory import explore
from bestvalue.analysis.consult.factorability import parallel_analysis, sampling_adequacy, sphericity
from bestvalue.analysis.consult.rotation import rotate
from bestvalue.errors import SpecError

LOADINGS = np.array([[0.8, 0], [0.7, 0], [0.75, 0], [0.6, 0], [0, 0.7], [0, 0.65], [0, 0.8], [0, 0.55]])
FACTORS = np.array([[1, 0.4], [0.4, 1]])


def structured() -> np.ndarray:
    made = LOADINGS @ FACTORS @ LOADINGS.T
    np.fill_diagonal(made, 1)
    return made


@pytest.mark.parametrize("extraction", ["ml", "minres"])
def test_an_exact_oblique_structure_is_taken_apart(extraction: str) -> None:
    found = explore(structured(), factors=2, people=500, extraction=extraction, rotation="oblimin")  # type: ignore[arg-type]
    order = [0, 1] if abs(found.loadings[0, 0]) > 0.5 else [1, 0]
    assert found.loadings[:, order] == pytest.approx(LOADINGS, abs=2e-4)
    assert found.factor_correlation[0, 1] == pytest.approx(0.4, abs=2e-4)


def test_varimax_has_the_largest_variance_of_squared_loadings_of_all_turns() -> None:
    plain = explore(structured(), factors=2, people=500, rotation="none").loadings
    length = np.sqrt((plain**2).sum(1, keepdims=True))

    def criterion(loadings: np.ndarray) -> float:
        return float(((loadings / length) ** 2).var(axis=0).sum())

    turns = [np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) for a in np.linspace(0, np.pi, 3601)]
    assert criterion(rotate(plain, "varimax").loadings) >= max(criterion(plain @ turn) for turn in turns) - 1e-9


def test_promax_keeps_what_the_factors_explain() -> None:
    plain = explore(structured(), factors=2, people=500, rotation="none").loadings
    turned = rotate(plain, "promax")
    assert turned.loadings @ turned.factor_correlation @ turned.loadings.T == pytest.approx(plain @ plain.T, abs=1e-10)
    assert np.diagonal(turned.factor_correlation) == pytest.approx(1)
    assert 0.2 < turned.factor_correlation[0, 1] < 0.6


def test_the_test_of_fit_has_its_distribution() -> None:
    chance = np.random.default_rng(1)
    lower = np.linalg.cholesky(structured())
    p = []
    for _ in range(50):
        found = explore(np.corrcoef(lower @ chance.standard_normal((8, 400))), factors=2, people=400)
        p.append(stats.chi2.sf(found.chi_square, found.freedom))
    assert stats.kstest(p, "uniform").pvalue > 1e-3


def test_parallel_analysis_finds_the_factors_and_none_in_noise() -> None:
    chance = np.random.default_rng(2)
    data = np.linalg.cholesky(structured()) @ chance.standard_normal((8, 600))
    assert parallel_analysis(np.corrcoef(data), people=600, chance=chance).factors == 2
    noise = [parallel_analysis(np.corrcoef(chance.standard_normal((8, 300))), people=300, chance=chance).factors for _ in range(20)]
    assert sum(one > 0 for one in noise) <= 5  # each has 5% of finding one


def test_bartletts_test_has_its_distribution_under_no_structure() -> None:
    chance = np.random.default_rng(3)
    p = [sphericity(np.corrcoef(chance.standard_normal((6, 200))), people=200).p for _ in range(300)]
    assert stats.kstest(p, "uniform").pvalue > 1e-3


def test_kmo_by_partial_correlations_one_by_one() -> None:
    matrix = structured()
    top = bottom = 0.0
    for i, j in itertools.permutations(range(8), 2):
        rest = [q for q in range(8) if q not in (i, j)]
        inner = np.linalg.inv(matrix[np.ix_(rest, rest)])
        cov = matrix[np.ix_([i, j], [i, j])] - matrix[np.ix_([i, j], rest)] @ inner @ matrix[np.ix_(rest, [i, j])]
        top += matrix[i, j] ** 2
        bottom += cov[0, 1] ** 2 / (cov[0, 0] * cov[1, 1])
    assert sampling_adequacy(matrix)[0] == pytest.approx(top / (top + bottom), rel=1e-10)


def test_too_many_factors_are_refused() -> None:
    with pytest.raises(SpecError, match="8 questions cannot tell 5 factors apart"):
        explore(structured(), factors=5, people=100)
