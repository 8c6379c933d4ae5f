"""How wide is each column of a table? By what its cells hold, so that no word is broken while another column stands empty."""

from collections.abc import Sequence

from bestvalue.documents.model import Table, words_of

NARROWEST, WIDEST = 5, 45
"""In characters: no column is set narrower, and none asks for more."""


def column_weights(table: Table) -> list[float]:
    """The share of the width that each column asks for, in characters.

    A column asks for its longest word, or for what its cells hold on average, whichever is more.
    """
    return [_weight([column.heading, *(words_of(row[place]) for row in table.rows)]) for place, column in enumerate(table.columns)]


def _weight(texts: Sequence[str]) -> float:
    cells = texts[1:]
    longest_word = max((len(word) for text in texts for word in text.split()), default=0)
    average = sum(map(len, cells)) / len(cells) if cells else 0
    return min(WIDEST, max(NARROWEST, longest_word, average))
