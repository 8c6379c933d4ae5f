import csv
import io

import pytest

from bestvalue.site.presenters.spreadsheet import as_csv


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_text_that_a_spreadsheet_would_run_is_made_harmless(begins: str) -> None:
    cell = f"{begins}cmd|' /C calc'!A0"
    ((written,),) = list(csv.reader(io.StringIO(as_csv(["text"], [[cell]]), newline="")))[1:]
    assert written == f"'{cell}"


def test_numbers_stay_numbers() -> None:
    assert as_csv(["days"], [[-2]]).splitlines()[1] == "-2"


def test_excel_is_told_that_it_is_utf_8() -> None:
    assert as_csv(["£"], []).startswith("\ufeff£")
