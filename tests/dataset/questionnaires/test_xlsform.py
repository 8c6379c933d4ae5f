"""Forms of the XLSForm project, good and broken: read, or refused with the place of the fault."""

from pathlib import Path

import pytest

from bestvalue.dataset.questionnaires.xlsform import read_form
from bestvalue.errors import TableError

BROKEN = {
    "duplicate_columns.xlsx": "Duplicate column header: label",
    "group_name_test.xls": "Question or group with no name",
    "gps.csv": "has no label or hint",
    "include_json.csv": "This section has not been included",
    "include_json.xls": "This section has not been included",
    "include_json.xlsx": "This section has not been included",
}


def test_every_published_form_is_read_or_refused_with_its_fault(shared: Path) -> None:
    files = [file for folder in ("example_xls", "bug_example_xls") for file in sorted((shared / "data" / "xlsforms" / folder).iterdir())]
    assert len(files) > 40
    for file in files:
        if file.name in BROKEN:
            with pytest.raises(TableError, match=BROKEN[file.name]) as raised:
                read_form(file)
            assert file.name in raised.value.where
        else:
            assert read_form(file).questions, file.name


def test_a_fault_names_its_row(shared: Path) -> None:
    with pytest.raises(TableError) as raised:
        read_form(shared / "data" / "xlsforms" / "bug_example_xls" / "group_name_test.xls")
    assert raised.value.where == "group_name_test.xls, sheet survey, row 3"


def test_questions_have_words_choices_and_languages(shared: Path) -> None:
    form = read_form(shared / "data" / "xlsforms" / "example_xls" / "yes_or_no_question.xlsx")
    question = form.questions[0]
    assert (question.name, question.kind, question.words) == ("good_day", "select one", {"english": "have you had a good day today?"})
    assert [choice.words["english"] for choice in question.choices] == ["yes", "no"]
    assert form.languages == ("english",)


def test_a_language_without_words_is_named(shared: Path) -> None:
    form = read_form(shared / "data" / "xlsforms" / "example_xls" / "xlsform_spec_test.xlsx")
    assert any(name for _, name in form.untranslated()) == (len(form.languages) > 1)


def test_what_is_no_form_is_refused(tmp_path: Path) -> None:
    (tmp_path / "form.xlsx").write_text("hello")
    with pytest.raises(TableError, match="not recognized as a supported type"):
        read_form(tmp_path / "form.xlsx")
