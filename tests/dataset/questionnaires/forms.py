"""Small forms as workbooks, written by the tests that read them."""

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

HEADINGS = (
    "type",
    "name",
    "label::English (en)",
    "label::Cymraeg (cy)",
    "relevant",
    "constraint",
    "constraint_message",
    "required",
    "calculation",
    "repeat_count",
    "choice_filter",
)
Rows = Sequence[Sequence[object]]
AGREE: Rows = [("agree", 1, "Agree", "Cytuno"), ("agree", 2, "Disagree", "Anghytuno"), ("agree", 9, "Don't know", "Ddim yn gwybod")]


def write_form(file: Path, rows: Rows, *, choices: Rows = AGREE) -> Path:
    """A workbook with the sheets survey, choices and settings; a row may be short."""
    book = Workbook()
    survey = book.active
    survey.title = "survey"
    survey.append(HEADINGS)
    for row in rows:
        survey.append([*row, *[None] * (len(HEADINGS) - len(row))])
    listed = book.create_sheet("choices")
    listed.append(("list_name", "name", "label::English (en)", "label::Cymraeg (cy)", "area"))
    for choice in choices:
        listed.append(list(choice))
    settings = book.create_sheet("settings")
    settings.append(("form_title", "form_id", "default_language"))
    settings.append(("Your police", "police", "English (en)"))
    book.save(file)
    return file
