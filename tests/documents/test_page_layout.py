from dataclasses import replace

import pytest
from tests.documents.samples import table

from bestvalue.documents.model import Box, Column
from bestvalue.documents.page_layout import LINE, column_weights, stays_together


def test_a_column_of_short_words_keeps_room_for_them_beside_long_sentences() -> None:
    sentence = "Boroughs have the right level of support at the right time and at the right cost. " * 3
    columns = tuple(Column(heading=heading) for heading in ("Number", "Why", "How"))
    weights = column_weights(table(columns=columns, rows=(("1", sentence, sentence),)))
    assert weights[0] > len("Number")
    assert weights[1] == weights[2] > weights[0]
    assert sum(weights) <= LINE + 1e-9


def test_columns_that_hold_the_same_are_equally_wide() -> None:
    columns = (Column(heading="Low"), Column(heading="Top"))
    first, second = column_weights(table(columns=columns, rows=(("123", "456"),)))
    assert first == second


def test_a_table_without_rows_has_widths() -> None:
    assert all(weight > 0 for weight in column_weights(table(rows=())))


@pytest.mark.parametrize(("rows", "together"), [(18, True), (19, False)])
def test_a_table_of_few_rows_stays_together(rows: int, together: bool) -> None:
    assert stays_together(table(rows=(("Ash", "1"),) * rows)) is together


def test_a_box_of_much_text_may_be_broken() -> None:
    short = Box(kind="notice", title="Notice", paragraphs=("Read.",))
    assert stays_together(short)
    assert not stays_together(replace(short, paragraphs=("long " * 400,)))


def test_few_rows_of_much_text_may_be_broken() -> None:
    assert not stays_together(table(rows=(("long " * 400, "1"),)))
