"""The whole answer: planted factors, loadings and correlations recovered; faults named; groups that read a question differently found."""

import numpy as np
import polars as pl
import pytest
from tests.analysis.consult.conftest import MakeDataset, Survey, answer_rows, item_rows, likert

from bestvalue.analysis.consult.validity import ANALYSIS, Spec
from bestvalue.analysis.contract import Result
from bestvalue.errors import SpecError

NAMES = ["T1", "T2", "T3", "T4", "T5"]
LOADINGS = [0.8, 0.7, 0.75, 0.6, 0.8]


@pytest.fixture(scope="module")
def answered(survey: Survey) -> Result:
    return ANALYSIS.run(survey.dataset, Spec())


def words(result: Result) -> str:
    return " ".join(statement.text for statement in result.statements)


def test_three_planted_factors_are_seen_and_no_question_strays(answered: Result) -> None:
    assert "show 3 factors (as many as the questionnaire has scales)" in words(answered)
    assert "Every question goes with its own scale" in words(answered)


def test_planted_loadings_are_recovered(survey: Survey, answered: Result) -> None:
    rows = answered.tables["questions"].rows
    planted = np.array([survey.truth["loadings"][item] for item in rows["question"]])
    # Cutting into five answers costs up to a tenth; the standard error of a loading is about 0.02 on two thousand people.
    assert rows["meant"].to_numpy() == pytest.approx(0.96 * planted, abs=0.04 + 0.04)


def test_planted_correlations_of_factors_are_recovered(survey: Survey, answered: Result) -> None:
    names = survey.truth["factors"]
    people = int(answered.statements[1].figures[0].base_count or 0)
    for row in answered.tables["pairs"].rows.iter_rows(named=True):
        planted = survey.truth["factor_correlation"][names.index(row["scale"])][names.index(row["other"])]
        assert row["correlation"] == pytest.approx(planted, abs=4 / np.sqrt(people) + 0.03)  # ages and boroughs move it a little


def test_the_same_questions_mean_the_same_to_groups_that_answer_by_one_plant(answered: Result) -> None:
    rows = answered.tables["groups"].rows
    assert rows.filter(step="scalar")["holds"].to_list() == [True, True]


def test_each_scale_says_for_whom_it_measures_well(answered: Result) -> None:
    rows = answered.tables["information"].rows
    middle, edge = (rows.filter(pl.col("feeling").abs().is_between(*span))["reliability"].mean() for span in ((0.0, 0.1), (2.9, 3.0)))
    assert middle > 0.8  # eight questions with loadings of 0.7 and an omega of 0.88
    assert edge < middle
    assert "beyond, its answers run out" in words(answered)


def survey_of(tables_of: MakeDataset, scores: np.ndarray, sexes: list[str]) -> Result:
    sample = [
        {"respondent_id": f"R{at:04d}", "area_id": "A", "age_band": "x", "sex": sex, "selection_probability": 0.1, "responded": True}
        for at, sex in enumerate(sexes)
    ]
    data = tables_of(survey_items=item_rows(*NAMES), survey_answers=answer_rows(scores, NAMES), survey_sample=sample)
    return ANALYSIS.run(data, Spec(between=("sex",), graded=False))


def test_a_question_that_one_group_reads_differently_stops_the_comparison(tables_of: MakeDataset) -> None:
    scores = likert(np.random.default_rng(1), people=1200, loadings=LOADINGS)
    women = np.arange(1200) % 2 == 0
    scores[women, 1] = np.minimum(scores[women, 1] + 2, 5)
    result = survey_of(tables_of, scores, ["female" if woman else "male" for woman in women])
    assert "Means of groups by sex should not be compared" in words(result)


def test_small_groups_are_named_and_not_compared(tables_of: MakeDataset) -> None:
    scores = likert(np.random.default_rng(2), people=300, loadings=LOADINGS)
    result = survey_of(tables_of, scores, ["female"] * 280 + ["male"] * 20)
    assert "male (sex, 20)" in words(result)
    assert "groups" not in result.tables


def test_a_question_that_goes_against_its_scale_makes_it_red(tables_of: MakeDataset) -> None:
    scores = likert(np.random.default_rng(3), people=400, loadings=LOADINGS)
    scores[:, 0] = 6 - scores[:, 0]
    result = survey_of(tables_of, scores, ["female"] * 400)
    assert result.tables["scales"].rows["light"][0] == "red"
    assert "T1 goes against the others" in words(result)


def test_a_constant_question_is_left_out_and_named(tables_of: MakeDataset) -> None:
    scores = likert(np.random.default_rng(4), people=400, loadings=LOADINGS)
    scores[:, 0] = 3
    assert "Everybody gave the same answer to T1: left out" in words(survey_of(tables_of, scores, ["female"] * 400))


def test_too_few_people_are_refused(tables_of: MakeDataset) -> None:
    with pytest.raises(SpecError, match="Only 50 people answered all 5 questions"):
        survey_of(tables_of, likert(np.random.default_rng(5), people=50, loadings=LOADINGS), ["female"] * 50)
