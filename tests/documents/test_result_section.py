from dataclasses import replace

from bestvalue.analysis.contract import Statement
from bestvalue.analysis.store import StoredResult
from bestvalue.documents.model import Box, Bullets, Figure, Section, Table, words_of
from bestvalue.documents.result_section import ROWS_OF_A_LONGER_ONE, WHOLE_UP_TO_ROWS, result_section, table_of


def _part(section: Section, heading: str) -> Section:
    return next(part for part in section.sections if part.heading == heading)


def test_a_long_table_is_cut_and_says_how_many_rows_are_left_out(stored: StoredResult) -> None:
    cut = table_of(stored.result.tables["hours"], digest=stored.digest)
    assert len(cut.rows) == ROWS_OF_A_LONGER_ONE
    left_out = 168 - ROWS_OF_A_LONGER_ONE
    assert words_of(cut.notes[-1]).startswith(f"The first {ROWS_OF_A_LONGER_ONE} of 168 rows; {left_out} are left out here")
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


def test_a_chart_brings_its_table_which_then_is_not_printed_again(stored: StoredResult) -> None:
    section = result_section(stored, id="result")
    (figure,) = _part(section, "Charts").blocks
    assert isinstance(figure, Figure)
    assert (figure.alt, len(figure.table.rows)) == ("Bars: Ash 12, Birch 7.", 2)
    assert [table.caption for table in _part(section, "Tables").blocks if isinstance(table, Table)] == ["Calls by hour of the week"]


def test_every_figure_is_printed_with_its_interval_its_level_and_its_base(stored: StoredResult) -> None:
    (table,) = (block for block in _part(result_section(stored, id="result"), "Figures").blocks if isinstance(block, Table))
    assert table.rows == (("share by night", "50% (48 to 52)", "95%", "1,000 calls"),)


def test_limits_and_caveats_stand_together(stored: StoredResult) -> None:
    (limits,) = _part(result_section(stored, id="result"), "Limits").blocks
    assert isinstance(limits, Bullets)
    assert limits.items == ("Nothing is known of calls that nobody took.", "Recorded calls only.")


def test_an_analysis_that_failed_its_own_checks_says_so_first(stored: StoredResult) -> None:
    failed = Statement(text="The model does not fit.", kind="failed")
    result = replace(stored.result, statements=(failed, *stored.result.statements))
    first = _part(result_section(replace(stored, result=result), id="result"), "Figures").blocks[0]
    assert isinstance(first, Box)
    assert (first.kind, first.paragraphs) == ("notice", ("The model does not fit.",))
