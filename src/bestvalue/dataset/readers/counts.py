"""Published counts of areas as rows of `indicator_values`, with what a publisher holds back kept apart from the numbers."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from bestvalue.dataset.checks.values import HELD_BACK
from bestvalue.dataset.files.rows import TextRows
from bestvalue.dataset.readers.reader import SOURCE_ROW, Reading

_HELD_BACK = re.compile(HELD_BACK)
NO_TABLE_ROW = "the row is a title, a heading or a note"
IS_SUM = "the row is a sum of other rows"
NO_FORCE = "the row is no territorial force"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One published figure: text as it stands, and what it is about."""

    row: int
    indicator: str
    force: str
    starts: date
    ends: date
    written: str | None


def counts_reading(batch: TextRows, cells: Iterable[Cell], why: dict[int, str]) -> Reading:
    """Put cells together as rows of `indicator_values`.

    Args:
        batch: the rows read.
        cells: the figures found, each with its row of the batch.
        why: for rows without a figure, why they are not used; every other row is a title or a note.
    """
    notes: Counter[str] = Counter()
    rows, used = [], set()
    for cell in cells:
        number, mark = _number(cell.written, notes)
        if number is None and mark is None:
            continue
        used.add(cell.row)
        rows.append((cell.indicator, cell.force, cell.starts, cell.ends, number, mark, False, cell.row))
    table = pl.DataFrame(
        rows,
        schema={
            "indicator_id": pl.String,
            "force_id": pl.String,
            "period_starts": pl.Date,
            "period_ends": pl.Date,
            "numerator": pl.Float64,
            "suppressed_as": pl.String,
            "definition_changed": pl.Boolean,
            SOURCE_ROW: pl.Int64,
        },
        orient="row",
    )
    left_out = pl.Series([None if row in used else why.get(row, NO_TABLE_ROW) for row in range(batch.frame.height)], dtype=pl.String)
    return Reading(rows=table, left_out=left_out, notes=notes)


def _number(written: str | None, notes: Counter[str]) -> tuple[float | None, str | None]:
    """The number that a cell holds, or the mark in its place."""
    text = (written or "").strip()
    if not text:
        return None, None
    if _HELD_BACK.match(text):
        notes["a cell holds a mark in place of a figure: kept in suppressed_as"] += 1
        return None, text
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        notes["a cell holds no figure and no mark that is known: not used"] += 1
        return None, None
    if number < 0:
        notes["a cell holds a number below 0: not used"] += 1
        return None, None
    return number, None
