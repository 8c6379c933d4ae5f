from dataclasses import replace

import polars as pl

from bestvalue.analysis.contract import ResultTable
from bestvalue.analysis.store import StoredResult
from bestvalue.documents.model import words_of
from bestvalue.documents.result_table import MOST_COLUMNS, ROWS_OF_A_LONGER_ONE, WHOLE_UP_TO_ROWS, table_of


def test_a_long_table_is_cut_and_says_how_many_rows_are_left_out(stored: StoredResult) -> None:
    cut = table_of(stored.result.tables["hours"], digest=stored.digest)
    assert len(cut.rows) == ROWS_OF_A_LONGER_ONE
    left_out = 168 - ROWS_OF_A_LONGER_ONE
    assert words_of(cut.notes[-1]).startswith(f"The first {ROWS_OF_A_LONGER_ONE} of 168 rows; {left_out} are left out here.")
    assert stored.digest[:12] in words_of(cut.notes[-1])


def test_a_table_that_fits_is_whole_and_says_nothing_of_rows(stored: StoredResult) -> None:
    hours = stored.result.tables["hours"]
    whole = table_of(replace(hours, rows=hours.rows.head(WHOLE_UP_TO_ROWS)), digest=stored.digest)
    assert (len(whole.rows), whole.notes) == (WHOLE_UP_TO_ROWS, ())


def test_headings_have_units_and_numbers_stand_to_the_right(stored: StoredResult) -> None:
    shown = table_of(stored.result.tables["areas"], digest=stored.digest)
    assert [(column.heading, column.numeric) for column in shown.columns] == [("Area", False), ("Calls", True), ("Share", True)]
    assert shown.rows[0] == ("Ash", "12", "63.2%")
    waits = table_of(stored.result.tables["hours"], digest=stored.digest)
    assert [column.heading for column in waits.columns] == ["Hour of week", "Wait (minutes)"]


def test_columns_that_have_no_room_are_counted() -> None:
    wide = ResultTable(title="Wide", rows=pl.DataFrame({f"c{place}": [place] for place in range(MOST_COLUMNS + 5)}))
    cut = table_of(wide, digest="c0ffee" * 8)
    assert len(cut.columns) == len(cut.rows[0]) == MOST_COLUMNS
    assert words_of(cut.notes[-1]).startswith(f"The first {MOST_COLUMNS} of {MOST_COLUMNS + 5} columns; 5 are left out here.")


def test_a_table_without_rows_says_so() -> None:
    empty = table_of(ResultTable(title="Steps", rows=pl.DataFrame({"month": []})), digest="c0ffee" * 8)
    assert (empty.rows, empty.notes) == ((), ("The analysis found nothing to put into this table.",))
