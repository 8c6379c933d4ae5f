"""Rows of a file as text: what every format is turned into before a contract or a published layout makes sense of it."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.dataset.files.source import Source


@dataclass(frozen=True, kw_only=True)
class TextRows:
    """Some rows of a file.

    Args:
        source: the file.
        frame: every column as text, stripped of blanks at both ends; an empty field is null.
        row_numbers: the row of each, as a spreadsheet counts (the header is row 1).
        ragged: rows that have more or fewer fields than the header, and so are not in `frame`.
    """

    source: Source
    frame: pl.DataFrame
    row_numbers: NDArray[np.int64]
    ragged: tuple["RaggedRow", ...] = ()


@dataclass(frozen=True, kw_only=True)
class RaggedRow:
    """A row whose number of fields is not the header's."""

    row_number: int
    fields: int
    expected: int
    open_quote: bool

    @property
    def says(self) -> str:
        """What is wrong, as a sentence."""
        if self.open_quote:
            return f"the row has {self.fields} fields and the header {self.expected}: a quotation mark is opened and not closed"
        return f"the row has {self.fields} fields and the header {self.expected}"


@dataclass(frozen=True, kw_only=True)
class OpenFile:
    """A file whose header has been read.

    Args:
        source: the file.
        header: the names of its columns, in order, as they stand.
        batches: reads the rows, a batch at a time; may be called again.
    """

    source: Source
    header: Sequence[str]
    batches: Callable[[], Iterator[TextRows]]


def tidy(frame: pl.DataFrame) -> pl.DataFrame:
    """Blanks at both ends taken off every text, and empty texts made null."""
    return frame.with_columns(_tidy(frame[name]) for name in frame.columns)


def _tidy(texts: pl.Series) -> pl.Series:
    stripped = texts.str.strip_chars()
    empty = stripped == ""
    # Rebuilding a column of texts costs more than stripping it, and few have a text of blanks alone.
    return pl.select(pl.when(~empty).then(stripped)).to_series().rename(texts.name) if empty.any() else stripped


def read_ahead(batches: Iterator[TextRows]) -> Iterator[TextRows]:
    """The same batches, each read while the one before is being worked on: reading is a third of the time."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        waiting = reader.submit(next, batches, None)
        while (batch := waiting.result()) is not None:
            waiting = reader.submit(next, batches, None)
            yield batch
