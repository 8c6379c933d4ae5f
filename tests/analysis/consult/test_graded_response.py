"""The graded response model: planted slopes and thresholds recovered, information by its definition, gaps no harm."""

import numpy as np
import pytest
from scipy import special
from tests.analysis.consult.conftest import likert

from bestvalue.analysis.consult.graded_response import NODES, fit_graded
from bestvalue.errors import SpecError

SLOPES = np.array([1.2, 1.8, 2.4, 1.5, 2.0])
THRESHOLDS = np.array([-1.5, -0.5, 0.4, 1.3])


def graded_answers(chance: np.random.Generator, people: int) -> np.ndarray:
    feeling = chance.standard_normal(people)
    above = special.expit(SLOPES[None, :, None] * (feeling[:, None, None] - THRESHOLDS[None, None, :]))
    return 1.0 + (chance.random((people, len(SLOPES), 1)) < above).sum(axis=2)


def test_planted_slopes_and_thresholds_are_recovered() -> None:
    found = fit_graded(graded_answers(np.random.default_rng(1), 2500))
    assert found.converged
    assert found.slopes == pytest.approx(SLOPES, rel=0.2)  # standard errors of about 5% of a slope
    for cuts in found.thresholds:
        assert cuts == pytest.approx(THRESHOLDS, abs=0.15)


def test_gaps_at_random_leave_the_estimates_where_they_are() -> None:
    scores = graded_answers(np.random.default_rng(2), 1500)
    gaps = np.where(np.random.default_rng(3).random(scores.shape) < 0.15, np.nan, scores)
    assert fit_graded(gaps).slopes == pytest.approx(fit_graded(scores).slopes, rel=0.2)


def test_normal_answers_have_slopes_of_1_7_times_loading_over_its_rest() -> None:
    loadings = np.array([0.8, 0.7, 0.6, 0.75])
    found = fit_graded(likert(np.random.default_rng(4), people=3000, loadings=loadings.tolist()))
    assert found.slopes == pytest.approx(1.702 * loadings / np.sqrt(1 - loadings**2), rel=0.15)


def test_information_is_the_variance_of_the_score_function() -> None:
    found = fit_graded(graded_answers(np.random.default_rng(5), 1000))
    at = 18
    a, cuts, theta = found.slopes[0], found.thresholds[0], NODES[at]

    def chances(point: float) -> np.ndarray:
        ends = np.concatenate([[1.0], special.expit(a * (point - cuts)), [0.0]])
        return ends[:-1] - ends[1:]

    score = (np.log(chances(theta + 1e-5)) - np.log(chances(theta - 1e-5))) / 2e-5
    assert found.information[0, at] == pytest.approx(float((chances(theta) * score**2).sum()), rel=1e-5)


def test_two_questions_are_too_few() -> None:
    with pytest.raises(SpecError, match="2 questions"):
        fit_graded(np.ones((10, 2)))
