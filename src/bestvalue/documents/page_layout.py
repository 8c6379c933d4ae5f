"""How is a table or a box laid out on a page? Columns by what their cells hold, and what is small kept in one piece.

The same rules serve PDF and Word; on a web page the browser knows better.
"""

import math
from collections.abc import Sequence

from bestvalue.documents.model import Box, Table, Text, texts, words_of

LINE, LINE_OF_A_WIDE_TABLE = 105, 126
"""Characters of a table's text in the width of a page; a wide table is set in smaller letters."""
WIDE_FROM_COLUMNS = 8
LONGEST_WORD = 20
"""A longer word may be broken: a digest, a web address."""
WIDEST = 45
"""No column asks for more, however much it holds: longer lines are hard to follow."""
BOLD, GAP = 1.15, 2
"""Headings are bold and so wider; the gap between two columns is as wide as two characters."""

MOST_LINES_TOGETHER = 18
"""Of what is kept on one page: about a third of it, so that little is left empty when it moves to the next."""


def column_weights(table: Table) -> list[float]:
    """The share of the width for each column, in characters of text.

    Each column first gets room for its longest word. What is left goes to those that hold more on average.
    """
    texts = [[column.heading, *(words_of(row[place]) for row in table.rows)] for place, column in enumerate(table.columns)]
    least = [_longest_word(column) * BOLD + GAP for column in texts]
    wanted = [max(0.0, min(WIDEST, _average(column[1:])) + GAP - floor) for column, floor in zip(texts, least, strict=True)]
    line = LINE if len(texts) < WIDE_FROM_COLUMNS else LINE_OF_A_WIDE_TABLE
    spare = max(0.0, line - sum(least))
    share = min(1.0, spare / sum(wanted)) if any(wanted) else 0.0
    return [floor + share * more for floor, more in zip(least, wanted, strict=True)]


def stays_together(block: Table | Box) -> bool:
    """Whether a table or a box is so small that it should not be broken over two pages."""
    if isinstance(block, Table):
        weights = column_weights(block)
        return sum(_lines(row, weights) for row in block.rows) <= MOST_LINES_TOGETHER
    return sum(_lines((text,), (LINE,)) for text in texts(block)) <= MOST_LINES_TOGETHER


def row_stays_together(row: Sequence[Text], weights: Sequence[float]) -> bool:
    """Whether a row of a table fits on what is left of most pages; a longer one has to break."""
    return _lines(row, weights) <= MOST_LINES_TOGETHER


def _lines(row: Sequence[Text], widths: Sequence[float]) -> int:
    return max(math.ceil(len(words_of(cell)) / max(1.0, width - GAP)) for cell, width in zip(row, widths, strict=True))


def _longest_word(texts: Sequence[str]) -> int:
    return min(LONGEST_WORD, max((len(word) for text in texts for word in text.split()), default=1))


def _average(texts: Sequence[str]) -> float:
    return sum(map(len, texts)) / len(texts) if texts else 0.0
