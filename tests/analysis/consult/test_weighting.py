"""Weights and estimates of the synthetic survey: planted answering recovered, planted shares held, faults named."""

import numpy as np
import pytest
from scipy import stats
from tests.analysis.consult.conftest import MakeDataset, Survey, answer_rows, item_rows, likert

from bestvalue.analysis.consult.estimates import ANALYSIS as ESTIMATES
from bestvalue.analysis.consult.estimates import Spec as EstimatesSpec
from bestvalue.analysis.consult.weighting import ANALYSIS, Spec
from bestvalue.analysis.contract import Result
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.synthetic.boroughs import BOROUGHS
from bestvalue.dataset.synthetic.survey import AGE_BANDS
from bestvalue.errors import SpecError


@pytest.fixture(scope="module")
def weighted(survey: Survey) -> Result:
    return ANALYSIS.run(survey.dataset, Spec())


@pytest.fixture(scope="module")
def estimated(survey: Survey) -> Result:
    return ESTIMATES.run(survey.dataset, EstimatesSpec())


def words(result: Result) -> str:
    return " ".join(statement.text for statement in result.statements)


def test_the_planted_chances_to_answer_are_recovered(survey: Survey, weighted: Result) -> None:
    rows = {row["what"]: row for row in weighted.tables["answering"].rows.iter_rows(named=True)}
    planted = survey.truth["answering_logit"]
    expected = {f"age_band = {band}": planted["each age band"] * at for at, band in enumerate(AGE_BANDS) if at}
    expected |= {"sex = male": planted["man"], "area_group = Outer": -planted["inner borough"]}
    for what, value in expected.items():
        assert abs(rows[what]["coefficient"] - value) < 4 * rows[what]["error"], what


def test_every_margin_is_met(weighted: Result) -> None:
    rows = weighted.tables["margins"].rows
    assert rows["weighted"].to_numpy() == pytest.approx(rows["known"].to_numpy(), abs=1e-9)


def test_weights_stand_for_the_whole_population(survey: Survey, weighted: Result) -> None:
    people = survey.dataset.query("SELECT SUM(population) AS people FROM survey_frame")["people"][0]
    assert weighted.tables["weights"].rows["final"].sum() == pytest.approx(people, rel=1e-9)


def test_planted_shares_of_agreement_are_held(survey: Survey, estimated: Result) -> None:
    """Hidden answers are normal with unit variance around the plant's mean for age and borough: the share above 0.3 is known."""
    adults = np.array([borough.residents for borough in BOROUGHS], dtype=float)
    inner = float(adults[[borough.group == "Inner" for borough in BOROUGHS]].sum() / adults.sum())
    rows = {row["question"]: row for row in estimated.tables["questions"].rows.iter_rows(named=True)}
    scores = []
    for item, loading in survey.truth["loadings"].items():
        shifts = np.zeros(12)
        shares = np.array([age * part for age in AGE_BANDS.values() for part in (inner, 1 - inner)])
        for at in range(12):
            if item.startswith("SAFETY"):
                shifts[at] = survey.truth["effect_of_each_age_band_on_safety"] * (at // 2)
            if item.startswith("TRUST"):
                shifts[at] = survey.truth["effect_of_inner_borough_on_trust"] * (at % 2 == 0)
        turned = -1 if item in survey.truth["reversed"] else 1
        true = float(shares @ stats.norm.sf(survey.truth["thresholds"][2] - turned * loading * shifts))
        row = rows[item]
        error = (row["high"] - row["low"]) / (2 * 1.96)
        scores.append((row["share"] - true) / error)
    assert np.abs(scores).max() < 4
    # Questions of one scale move together, so 24 scores hold about as much as eight: a mean square far above one would be wrong errors.
    assert np.mean(np.square(scores)) < stats.chi2.ppf(0.9999, 8) / 8


def test_groups_that_are_planted_to_differ_are_found(estimated: Result) -> None:
    rows = estimated.tables["comparisons"].rows
    found = {(row["scale"], row["group"]): row for row in rows.iter_rows(named=True) if row["p"] < 0.05}
    assert found["trust", "Inner"]["difference"] < 0
    assert found["safety", "65 and over"]["difference"] < 0
    assert not [key for key in found if key[0] == "visibility"]


def test_every_percentage_has_its_effective_base(estimated: Result) -> None:
    for statement in estimated.statements:
        for figure in statement.figures:
            if figure.unit == "share":
                assert "effective base" in figure.base


def test_bootstrap_and_linearised_errors_agree(survey: Survey, estimated: Result) -> None:
    other = ESTIMATES.run(survey.dataset, EstimatesSpec(errors="bootstrap", replicates=200, questions=("TRUST1",), by=()))
    one, two = (result.tables["questions"].rows.filter(question="TRUST1")["mean_error"][0] for result in (estimated, other))
    assert two == pytest.approx(one, rel=4 / np.sqrt(400))


NAMES = ["T1", "T2", "T3"]


def small_survey(tables_of: MakeDataset, *, ages: list[str], margins: list[dict[str, object]], probability: float = 0.01) -> Dataset:
    chance = np.random.default_rng(1)
    sample = [
        {
            "respondent_id": f"R{person:04d}",
            "area_id": f"A{person % 2}",
            "age_band": age,
            "sex": "female" if person % 3 else "male",
            "selection_probability": probability,
            "responded": True,
        }
        for person, age in enumerate(ages)
    ]
    scores = likert(chance, people=len(ages), loadings=[0.7] * 3)
    return tables_of(
        survey_sample=sample, survey_margins=margins, survey_items=item_rows(*NAMES), survey_answers=answer_rows(scores, NAMES)
    )


def test_a_category_that_nobody_is_in_is_named_and_others_stand_for_it(tables_of: MakeDataset) -> None:
    margins = [
        {"margin": "age_band", "category": name, "population": people} for name, people in (("young", 100), ("old", 300), ("very old", 50))
    ]
    result = ANALYSIS.run(small_survey(tables_of, ages=["young", "old"] * 20, margins=margins), Spec())
    assert "Nobody who answered is in age_band = very old (50 people)" in words(result)
    assert result.tables["weights"].rows["final"].sum() == pytest.approx(450)


def test_margins_that_add_up_to_something_else_are_scaled_and_named(tables_of: MakeDataset) -> None:
    margins = [{"margin": "age_band", "category": name, "population": 100} for name in ("young", "old")]
    margins += [{"margin": "sex", "category": name, "population": 80} for name in ("female", "male")]
    result = ANALYSIS.run(small_survey(tables_of, ages=["young", "old"] * 20, margins=margins), Spec())
    assert "The margin sex adds up to 160 people and the first margin to 200: it was scaled to that" in words(result)


def test_a_category_that_the_margin_does_not_know_is_refused(tables_of: MakeDataset) -> None:
    margins = [{"margin": "age_band", "category": name, "population": 100} for name in ("young", "old")]
    with pytest.raises(SpecError, match="2 people of the sample are in age_band = oldest"):
        ANALYSIS.run(small_survey(tables_of, ages=["young", "old"] * 20 + ["oldest"] * 2, margins=margins), Spec())


def test_a_chance_of_nothing_is_refused(tables_of: MakeDataset) -> None:
    margins = [{"margin": "age_band", "category": name, "population": 100} for name in ("young", "old")]
    with pytest.raises(SpecError, match="zero, negative or missing"):
        ANALYSIS.run(small_survey(tables_of, ages=["young", "old"] * 20, margins=margins, probability=-0.1), Spec())
