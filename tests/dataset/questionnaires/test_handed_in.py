"""Answers that were handed in become the tables that analyses read; nothing that stands for no answer enters a scale."""

import pytest
from tests.dataset.questionnaires.forms import AGREE, write_form

from bestvalue.dataset.questionnaires.asked import AskedForm
from bestvalue.dataset.questionnaires.asked_reading import read_asked
from bestvalue.dataset.questionnaires.handed_in import HandedIn, survey_tables, wide_table

WORDED = (
    ("fair", "low", "Low", "Isel"),
    ("fair", "mid", "Middle", "Canol"),
    ("fair", "high", "High", "Uchel"),
    ("fair", "dk", "Not sure", "?"),
)
ROWS = (
    ("begin group", "trust", "Trust", "Ymddiriedaeth"),
    ("select_one fair", "t1", "One", "Un"),
    ("select_one fair", "t2_reversed", "Two", "Dau"),
    ("select_one fair", "t3", "Three", "Tri"),
    ("end group",),
    ("select_one agree", "safe", "Safe?", "Diogel?"),
    ("select_one fair", "alone", "Alone?", "?"),
    ("text", "why", "Why?", "Pam?"),
    ("acknowledge", "may_be_quoted", "May we quote you?", "?"),
    ("begin repeat", "visit", "Visit", "Ymweliad"),
    ("text", "who", "Who?", "Pwy?"),
    ("end repeat",),
)
PEOPLE = (
    HandedIn(
        respondent="R-00001",
        answers={"t1": "high", "t2_reversed": "low", "t3": "dk", "safe": "2", "why": "Dark.", "may_be_quoted": "OK", "visit/1/who": "A"},
    ),
    HandedIn(respondent="R-00002", answers={"t1": "mid", "safe": "9", "why": "Light.", "visit/2/who": "C", "visit/1/who": "B"}),
)


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> AskedForm:
    return read_asked(write_form(tmp_path_factory.mktemp("form") / "form.xlsx", ROWS, choices=(*AGREE, *WORDED)))


def test_questions_on_a_scale_are_items_and_a_group_that_offers_the_same_is_one_scale(form: AskedForm) -> None:
    items = {row["item_id"]: row for row in survey_tables(form, PEOPLE)["survey_items"]}
    assert set(items) == {"t1", "t2_reversed", "t3", "safe"}
    assert items["t1"] == {"item_id": "t1", "wording": "One", "scale_name": "trust", "lowest": 1, "highest": 3, "reversed": False}
    assert items["t2_reversed"]["reversed"]
    assert (items["safe"]["scale_name"], items["safe"]["lowest"], items["safe"]["highest"]) == (None, 1, 2)


def test_no_opinion_and_no_answer_count_as_none(form: AskedForm) -> None:
    answers = {(row["respondent_id"], row["item_id"]): row["answer"] for row in survey_tables(form, PEOPLE)["survey_answers"]}
    assert len(answers) == 8
    assert answers["R-00001", "t1"] == 3
    assert answers["R-00001", "t2_reversed"] == 1
    assert answers["R-00001", "t3"] is None
    assert answers["R-00002", "safe"] is None
    assert answers["R-00002", "t3"] is None


def test_words_go_with_whether_they_may_be_quoted(form: AskedForm) -> None:
    words = survey_tables(form, PEOPLE)["open_answers"]
    assert [(row["words"], row["may_be_quoted"]) for row in words] == [("Dark.", True), ("Light.", False)]


def test_the_wide_table_has_every_answer_in_the_order_of_the_form(form: AskedForm) -> None:
    wide = wide_table(form, PEOPLE)
    assert wide.columns == [
        "respondent_id",
        "t1",
        "t2_reversed",
        "t3",
        "safe",
        "alone",
        "why",
        "may_be_quoted",
        "visit/1/who",
        "visit/2/who",
    ]
    assert wide["visit/1/who"].to_list() == ["A", "B"]
    assert wide["visit/2/who"].to_list() == [None, "C"]
    assert wide_table(form, []).height == 0


def test_the_rows_keep_the_contracts_of_their_tables(form: AskedForm) -> None:
    from bestvalue.dataset.tables import TABLES

    for name, rows in survey_tables(form, PEOPLE).items():
        columns = {column.name: column for column in TABLES[name].columns}
        for row in rows:
            assert set(row) <= set(columns)
            assert all(row[key] not in (None, "") for key, column in columns.items() if column.required)
