"""Wording rules on sentences that have the fault and on their mended twins; the pilot's planted gaps."""

import numpy as np
import pytest
from tests.analysis.consult.conftest import MakeDataset, Survey, answer_rows, item_rows, likert

from bestvalue.analysis.consult.questionnaire import ANALYSIS, Spec
from bestvalue.analysis.consult.questionnaire_form import check_form
from bestvalue.analysis.consult.wording import check_choices, check_wording, reading_age, syllables
from bestvalue.analysis.contract import Result
from bestvalue.dataset.questionnaires.form import Choice, Form, Question
from bestvalue.dataset.synthetic.survey import HARD_NO_ANSWER_SHARE, HARD_QUESTION


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("Are officers polite and quick?", "two questions in one"),
        ("Don't you think that patrols help?", "leading"),
        ("How excellent is your local team?", "leading"),
        ("It is not true that nobody helps me.", "two negatives"),
        ("Officers always listen.", "always or never"),
        (" ".join(["word"] * 30), "long"),
        (
            "Notwithstanding considerable organisational reconfiguration, accessibility of neighbourhood teams remains satisfactory.",
            "hard to read",
        ),
    ],
)
def test_a_fault_of_wording_is_found(words: str, fault: str) -> None:
    assert fault in [remark.fault for remark in check_wording("Q", words)]


@pytest.mark.parametrize(
    "words", ["I feel safe at home at night.", "Officers here treat people fairly.", "Do you see things in black and white?"]
)
def test_plain_questions_have_no_remark(words: str) -> None:
    assert check_wording("Q", words) == []


def test_unbalanced_answers_are_found_and_balanced_ones_are_not() -> None:
    skewed = ["Excellent", "Good", "Fairly good", "Poor", "Don't know"]
    even = ["Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree", "Don't know"]
    assert [remark.fault for remark in check_choices("Q", skewed)] == ["unbalanced answers"]
    assert "no way to say don't know" in [remark.fault for remark in check_choices("Q", even[:5])]


def test_a_middle_answer_that_names_both_sides_tips_neither() -> None:
    agree = ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree", "Don't know"]
    assert check_choices("Q", agree) == []


def test_ranges_that_overlap_are_found() -> None:
    assert [one.fault for one in check_choices("Q", ["0-10", "10-20", "20-30", "Prefer not to say"])] == ["overlapping answers"]
    assert check_choices("Q", ["0-9", "10-19", "20-30", "Prefer not to say"]) == []


def test_longer_words_and_sentences_raise_the_reading_age() -> None:
    assert (
        reading_age("The cat sat on the mat.")
        < 8
        < 16
        < reading_age("Considerable organisational reconfiguration necessitates accessibility.")
    )
    assert [syllables(word) for word in ("night", "street", "community")] == [1, 1, 4]


def test_a_form_is_judged_as_a_whole() -> None:
    choices = tuple(Choice(name=str(at), words={"en": words}) for at, words in enumerate(("Good", "Fair", "Bad")))
    good = Question(name="A", kind="select one", words={"en": "How do you find the street lights?", "pl": "Jak?"}, choices=choices)
    bad = Question(name="B", kind="text", words={"en": "Don't you want more officers?"})
    found = check_form(Form(title="F", languages=("en", "pl"), questions=(good, bad)))
    assert found.light.colour == "red"
    assert found.untranslated == (("pl", "B"),)
    assert found.asked == 2
    assert 0.4 < found.minutes < 1.5


def words_of(result: Result) -> str:
    return " ".join(statement.text for statement in result.statements)


def test_the_planted_hard_question_is_the_one_left_out(survey: Survey) -> None:
    result = ANALYSIS.run(survey.dataset, Spec())
    top = result.tables["gaps"].rows.row(0, named=True)
    assert top["question"] == HARD_QUESTION
    assert top["low"] - 0.005 <= HARD_NO_ANSWER_SHARE <= top["high"] + 0.005
    assert f"{HARD_QUESTION} was left out by" in words_of(result)


def test_people_who_give_one_answer_throughout_are_counted(tables_of: MakeDataset) -> None:
    names = ["T1", "T2", "T3", "T4"]
    scores = likert(np.random.default_rng(1), people=100, loadings=[0.7] * 4)
    scores[:, 3] = 6 - scores[:, 3]
    scores = scores[np.ptp(scores, axis=1) > 0]
    scores[:7] = 3
    data = tables_of(survey_items=item_rows(*names, reverse=["T4"]), survey_answers=answer_rows(scores, names))
    assert f"7 of {len(scores)} people" in words_of(ANALYSIS.run(data, Spec()))


def test_scales_without_a_turned_question_are_named(tables_of: MakeDataset) -> None:
    names = ["T1", "T2"]
    data = tables_of(
        survey_items=item_rows(*names), survey_answers=answer_rows(likert(np.random.default_rng(2), people=50, loadings=[0.7] * 2), names)
    )
    assert "No question of trust is turned round" in words_of(ANALYSIS.run(data, Spec()))
