"""What may a table hold? The words in which a table's contract is written.

The contracts themselves are in `bestvalue.dataset.tables`: that one place feeds the checks, the blank templates and the
reference page of the documentation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import polars as pl


class Kind(StrEnum):
    """Type of a column, named as people say it."""

    TEXT = "text"
    WHOLE_NUMBER = "whole number"
    NUMBER = "number"
    YES_NO = "yes or no"
    DATE = "date"
    TIME = "date and time"  # local clock time of the force, without offset: demand is asked for by hour of the day
    PENCE = "pence"  # money is whole pence, so that totals agree to the penny


STORED_AS: Mapping[Kind, pl.DataType] = {
    Kind.TEXT: pl.String(),
    Kind.WHOLE_NUMBER: pl.Int64(),
    Kind.NUMBER: pl.Float64(),
    Kind.YES_NO: pl.Boolean(),
    Kind.DATE: pl.Date(),
    Kind.TIME: pl.Datetime("us"),
    Kind.PENCE: pl.Int64(),
}
"""The polars type of each kind, in memory and in Parquet."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column.

    Args:
        name: snake case, with the unit in it where there is one (`travel_seconds`).
        kind: its type.
        means: one sentence.
        required: every row must have a value.
        unit: "seconds", "metres", "pence", ... where the name does not say it plainly.
        allowed: the only values it may take, each with its meaning; empty for any.
        low, high: bounds of a number, inclusive.
        refers_to: "table.column" that holds the value.
        marks_into: column that takes what stands in place of a figure that its publisher holds back: "<5", "*", "-", "..".
        example: a value for the blank template.
    """

    name: str
    kind: Kind
    means: str
    required: bool = False
    unit: str = ""
    allowed: Mapping[str, str] | None = None
    low: float | None = None
    high: float | None = None
    refers_to: str = ""
    marks_into: str = ""
    example: str = ""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule between the columns of one row: `breaks` is true, in plain SQL, for a row that breaks it.

    Example: Rule(breaks="closed_at < opened_at", says="closed_at is before opened_at", column="closed_at", next_step="...")
    """

    breaks: str
    says: str
    column: str
    next_step: str


@dataclass(frozen=True, kw_only=True)
class Table:
    """The contract of one table.

    Args:
        name: file name without ending; sheet name in a workbook.
        means: what one row is.
        columns: in the order of the template.
        key: the columns that name a row; no two rows share them.
        rules: between columns of one row.
        used_for: which questions it serves, for the documentation.
    """

    name: str
    means: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rules: tuple[Rule, ...] = ()
    used_for: str = ""

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """The polars schema that a checked table has."""
        return {column.name: STORED_AS[column.kind] for column in self.columns}
