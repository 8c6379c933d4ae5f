"""Groups that are known to differ: planted differences are found the right way round, and the test is scipy's."""

import numpy as np
import pytest
from scipy import stats
from tests.analysis.consult.conftest import MakeDataset, answer_rows, item_rows, likert

from bestvalue.analysis.consult.known_groups import read_expectation, welch
from bestvalue.analysis.consult.validity import ANALYSIS, Spec
from bestvalue.analysis.contract import Result
from bestvalue.errors import SpecError

NAMES = ["T1", "T2", "T3", "T4"]


def answered(tables_of: MakeDataset, *expected: str, shift: float = 1.0) -> Result:
    chance = np.random.default_rng(1)
    scores = likert(chance, people=400, loadings=[0.8, 0.7, 0.75, 0.8])
    women = np.arange(400) % 2 == 0
    scores[women] = np.clip(scores[women] + shift, 1, 5)
    sample = [
        {"respondent_id": f"R{at:04d}", "area_id": "A", "age_band": "x", "sex": sex, "selection_probability": 0.1, "responded": True}
        for at, sex in enumerate("female" if woman else "male" for woman in women)
    ]
    data = tables_of(survey_items=item_rows(*NAMES), survey_answers=answer_rows(scores, NAMES), survey_sample=sample)
    return ANALYSIS.run(data, Spec(known_groups=expected, graded=False, between=()))


def test_a_planted_difference_is_found_the_way_it_was_expected(tables_of: MakeDataset) -> None:
    scale = item_rows(*NAMES)[0]["scale_name"]
    row = answered(tables_of, f"{scale}: sex: female > male").tables["known_groups"].rows.row(0, named=True)
    assert row["holds"]
    assert row["low"] > 0
    assert 0.5 < row["difference"] <= 1  # one step was added, less what the end of the scale cuts off
    back = answered(tables_of, f"{scale}: sex: male > female")
    assert not back.tables["known_groups"].rows["holds"][0]
    assert "the other way round" in " ".join(statement.text for statement in back.statements)


def test_several_expectations_are_corrected_for_their_number(tables_of: MakeDataset) -> None:
    scale = item_rows(*NAMES)[0]["scale_name"]
    one = answered(tables_of, f"{scale}: sex: female > male", shift=0.0).tables["known_groups"].rows["p"][0]
    two = answered(tables_of, *[f"{scale}: sex: female > male"] * 2, shift=0.0).tables["known_groups"].rows["p"][0]
    assert two == pytest.approx(min(1.0, 2 * one))


def test_the_test_is_scipys_welch_test() -> None:
    chance = np.random.default_rng(2)
    first, second = chance.normal(1, 2, 31), chance.normal(0, 1, 57)
    found = welch(first, second, confidence=0.9)
    said = stats.ttest_ind(first, second, equal_var=False)
    ends = said.confidence_interval(0.9)
    assert found == pytest.approx((first.mean() - second.mean(), ends.low, ends.high, said.pvalue), rel=1e-10)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("trust sex female male", "is no expectation"),
        ("none: sex: female > male", "There is no scale 'none'"),
        ("{scale}: income: rich > poor", "People cannot be grouped by 'income'"),
        ("{scale}: sex: female > other", "0 people of 'other' answered"),
    ],
)
def test_what_cannot_be_tested_is_refused(tables_of: MakeDataset, written: str, says: str) -> None:
    scale = item_rows(*NAMES)[0]["scale_name"]
    with pytest.raises(SpecError) as refused:
        answered(tables_of, written.format(scale=scale))
    assert says in str(refused.value)


def test_an_expectation_reads_as_it_is_written() -> None:
    read = read_expectation("worry about crime : age_band : 65+ > 16-24")
    assert (read.scale, read.column, read.higher, read.lower) == ("worry about crime", "age_band", "65+", "16-24")
