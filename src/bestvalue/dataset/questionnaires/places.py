"""Where in the workbook does a question stand? Sheet, row and column, so that a fault can be found in the spreadsheet."""

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyxform.errors import PyXFormError  # type: ignore[import-untyped]  # it ships no types; nothing leaves this module
from pyxform.xls2json_backends import get_xlsform  # type: ignore[import-untyped]  # likewise

from bestvalue.errors import Fault

COLUMNS: Mapping[str, str] = {
    "relevant": r"(bind::?)?relevant|relevance",
    "constraint": r"(bind::?)?constraint",
    "calculation": r"(bind::?)?calculat(e|ion)",
    "required": r"(bind::?)?required",
    "choice_filter": r"choice_filter",
    "repeat_count": r"repeat_count|count|jr:count",
    "default": r"default",
    "label": r"label(:.*)?",
    "type": r"type|command",
    "name": r"name",
}
"""How the heading of each column may be written, as XLSForm allows."""


@dataclass(frozen=True, kw_only=True)
class Places:
    """Rows of the questions and headings of the columns of one file.

    Args:
        file: its name.
        rows: row of each question on the sheet "survey", as a spreadsheet counts; empty for a CSV, which has no sheets to open.
        headings: of the sheet "survey", as written.
    """

    file: str
    rows: Mapping[str, int] = field(default_factory=dict)
    headings: Sequence[str] = ()

    def fault(self, name: str, column: str, what: str, *, next_step: str = "") -> Fault:
        """A fault at a question: the column is named as it is written in the sheet."""
        pattern = re.compile(COLUMNS[column], re.IGNORECASE)
        heading = next((one for one in self.headings if pattern.fullmatch(one.strip())), column)
        return Fault(what=what, file=f"{self.file}, sheet survey", row=self.rows.get(name), column=heading, next_step=next_step)


def places_in(file: Path) -> Places:
    """The places of a form; without rows where the workbook cannot be read as it stands."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the workbook reader warns of styles that it leaves out
            found = get_xlsform(xlsform=str(file))
    except (PyXFormError, OSError, ValueError, KeyError):
        return Places(file=file.name)
    headings = [str(heading) for one in found.survey_header for heading in one] if found.survey_header else []
    if file.suffix.lower() == ".csv":
        return Places(file=file.name, headings=headings)
    named = next((one for one in headings if one.strip().lower() == "name"), "name")
    rows = {str(row[named]): at for at, row in enumerate(found.survey, start=2) if row.get(named)}
    return Places(file=file.name, rows=rows, headings=headings)
