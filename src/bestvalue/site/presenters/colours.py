"""A table of colours: one row a lead, body or age, one number a colour."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ColourCell:
    """A number and where exactly its rows are listed."""

    rows: int
    address: str


@dataclass(frozen=True, kw_only=True)
class ColourRow:
    """One row: its words, its numbers, and their sum."""

    words: str
    cells: tuple[ColourCell, ...]
    whole: ColourCell


@dataclass(frozen=True, kw_only=True)
class ColourTable:
    """All rows of one question."""

    title: str
    rows: tuple[ColourRow, ...]


def colour_table(
    title: str,
    counted: Mapping[tuple[str, object, str], int],
    *,
    colours: Sequence[str],
    address: Callable[[object, str], str],
) -> ColourTable:
    """A table from counts; the sum of a row is the sum of its numbers, so it reconciles by construction.

    Args:
        title: what the rows are.
        counted: how many there are, by the words of the row, its value in the filter, and the colour.
        colours: the columns.
        address: of the list of one value and colour; of all colours where the colour is empty.

    Example:
        >>> table = colour_table("Led by", {("Lead", 7, "red"): 2}, colours=["red", "green"], address=lambda value, colour: f"?{value}")
        >>> [(row.words, [cell.rows for cell in row.cells], row.whole.rows) for row in table.rows]
        [('Lead', [2, 0], 2)]
    """
    values = sorted({(words, value) for words, value, _ in counted}, key=lambda row: (row[1] is None, row[0]))
    rows = []
    for words, value in values:
        cells = tuple(ColourCell(rows=counted.get((words, value, colour), 0), address=address(value, colour)) for colour in colours)
        whole = ColourCell(rows=sum(cell.rows for cell in cells), address=address(value, ""))
        rows.append(ColourRow(words=words, cells=cells, whole=whole))
    return ColourTable(title=title, rows=tuple(rows))
