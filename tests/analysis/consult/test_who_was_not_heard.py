"""Who was not heard: the planted chances to answer give the R-indicator; bounds by hand; faults named. And the technical note."""

import numpy as np
import polars as pl
import pytest
from tests.analysis.consult.conftest import MakeDataset, Survey
from tests.analysis.consult.test_weighting import small_survey

from bestvalue.analysis.consult.representativeness import headline_bounds
from bestvalue.analysis.consult.technical_note import ANALYSIS as NOTE
from bestvalue.analysis.consult.technical_note import Spec as NoteSpec
from bestvalue.analysis.consult.who_was_not_heard import ANALYSIS, Spec
from bestvalue.analysis.contract import Result
from bestvalue.dataset.synthetic.survey import AGE_BANDS
from bestvalue.errors import SpecError


@pytest.fixture(scope="module")
def answered(survey: Survey) -> Result:
    return ANALYSIS.run(survey.dataset, Spec())


def words(result: Result) -> str:
    return " ".join(statement.text for statement in result.statements)


def test_the_r_indicator_of_the_planted_chances_lies_in_its_interval(survey: Survey, answered: Result) -> None:
    rows = survey.dataset.query("SELECT s.age_band, s.sex, a.area_group FROM survey_sample s JOIN areas a ON a.area_id = s.area_id")
    planted = survey.truth["answering_logit"]
    bands = list(AGE_BANDS)
    logit = np.array(
        [
            planted["intercept"]
            + planted["each age band"] * bands.index(age)
            + planted["inner borough"] * (group == "Inner")
            + planted["man"] * (sex == "male")
            for age, sex, group in rows.iter_rows()
        ]
    )
    true = 1 - 2 * (1 / (1 + np.exp(-logit))).std()
    figure = {one.name: one for statement in answered.statements for one in statement.figures}["R-indicator"]
    assert (figure.low or 0) - 0.01 <= true <= (figure.high or 0) + 0.01


def test_the_young_and_inner_boroughs_are_named_as_least_heard(answered: Result) -> None:
    assert "By age band, least heard: 16-24" in words(answered)
    assert "By area group, least heard: Inner" in words(answered)


def test_groups_add_up_to_everybody_invited(survey: Survey, answered: Result) -> None:
    invited = survey.dataset.query("SELECT COUNT(*) AS n FROM survey_sample")["n"][0]
    by = answered.tables["groups"].rows.group_by("by").agg(pl.col("invited").sum())
    assert set(by["invited"]) == {invited}


def test_bounds_of_a_headline_by_hand() -> None:
    found = headline_bounds(0.9, response=0.8)
    assert (found.none, found.all_) == pytest.approx((0.72, 0.92))
    assert found.others_for_half is None  # even if none of the others agreed, more than a half would


def test_when_everybody_answered_nobody_was_not_heard(tables_of: MakeDataset) -> None:
    margins = [{"margin": "age_band", "category": name, "population": 100} for name in ("young", "old")]
    result = ANALYSIS.run(small_survey(tables_of, ages=["young", "old"] * 20, margins=margins), Spec())
    assert "Everybody who was invited answered" in words(result)


def test_an_unknown_headline_is_refused(survey: Survey) -> None:
    with pytest.raises(SpecError, match="no question 'TRUST99'"):
        ANALYSIS.run(survey.dataset, Spec(headline="TRUST99"))


def test_the_note_has_every_heading_of_a_technical_note(survey: Survey) -> None:
    result = NOTE.run(survey.dataset, NoteSpec(title="Safer streets"))
    assert result.tables["note"].rows["heading"].to_list() == [
        "Population",
        "Sample",
        "Mode and dates",
        "Response",
        "Weights",
        "Reliability",
        "Validity",
        "Limits",
    ]
    assert "2025-09-01" in words(result)


def test_the_note_says_what_could_not_be_worked_out(tables_of: MakeDataset) -> None:
    margins = [{"margin": "age_band", "category": name, "population": 100} for name in ("young", "old")]
    result = NOTE.run(small_survey(tables_of, ages=["young", "old"] * 20, margins=margins), NoteSpec())
    assert "Validity: Not worked out: Only 40 people answered all 3 questions" in words(result)
