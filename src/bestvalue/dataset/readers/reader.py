"""What is a reader? It knows one published layout, and turns its rows into rows of a contract."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from bestvalue.dataset.files.rows import TextRows

SOURCE_ROW = "source_row"
"""Column of a reading: which row of the batch, counted from 0, a row of the table was made from."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a reader made of some rows.

    Args:
        rows: columns of the contract, typed, and `SOURCE_ROW`.
        left_out: for every row of the batch the reason why it is not used; null for a row that is.
        notes: readings that a person should know of, as "why", with how many rows they concern.
    """

    rows: pl.DataFrame
    left_out: pl.Series
    notes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """One published layout.

    Args:
        name: how a person names it; "publisher-what".
        version: raised when the same file would be read into other rows.
        title: what the layout is.
        publisher: who publishes it.
        table: the contract that its rows are turned into.
        needs: the columns it is recognised by; each entry lists the names that the column goes by. A name that begins with ^ is a
            pattern: columns and sheets that bear the year in their name are of one layout.
        read: turns some rows into rows of the contract; second argument: IANA name of the force's clock.
        repeats: why a row with the key of an earlier row is left out.
        rules: how rows are read, left out and counted, as sentences for the documentation.
        one_file_for: columns whose every value is read from one file only, the first that has it: editions of a publication
            overlap, and name the same thing differently, so that keys alone would count it twice.
    """

    name: str
    version: int
    title: str
    publisher: str
    needs: tuple[tuple[str, ...], ...]
    read: Callable[[TextRows, str], Reading]
    repeats: str
    rules: tuple[str, ...]
    table: str = "incidents"
    one_file_for: tuple[str, ...] = ()

    def lacks(self, header: Sequence[str]) -> list[str]:
        """The needed columns that a header does not have."""
        return [" or ".join(map(called, names)) for names in self.needs if not any(_stands_in(name, header) for name in names)]

    def recognises(self, header: Sequence[str]) -> bool:
        """The header has every needed column."""
        return not self.lacks(header)


def called(name: str) -> str:
    """How a needed column or sheet title is named in messages and documentation."""
    return f"a name of the pattern {name}" if name.startswith("^") else name


def _stands_in(name: str, header: Sequence[str]) -> bool:
    if name.startswith("^"):
        return any(re.search(name, column) for column in header)
    return name in header


def make_reading(
    batch: TextRows, columns: Mapping[str, pl.Series], *, left_out: Mapping[str, pl.Series], notes: Mapping[str, int] | None = None
) -> Reading:
    """Put a reading together where one row of the file becomes one row of the table.

    Args:
        batch: the rows read.
        columns: columns of the contract, as long as the batch.
        left_out: the rows that are not used, true for such a row, by reason; the first reason counts.
        notes: readings that a person should know of.
    """
    reasons = pl.Series([None], dtype=pl.String()).new_from_index(0, batch.frame.height)
    for reason, rows in left_out.items():
        reasons = pl.select(pl.when(reasons.is_null() & rows).then(pl.lit(reason)).otherwise(reasons)).to_series()
    table = pl.DataFrame({**columns, SOURCE_ROW: pl.Series(range(batch.frame.height), dtype=pl.Int64())})
    return Reading(rows=table.filter(reasons.is_null()), left_out=reasons, notes=notes or {})
