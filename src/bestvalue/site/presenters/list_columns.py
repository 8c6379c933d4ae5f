"""What a list is: its columns, the filters that it takes, and its rows as cells. Files and the API are made from it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

Cell = str | int | float | bool | date | None


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column.

    Args:
        heading: in words.
        value: of a row.
        holds: the type of its values, for the schema of the API.
    """

    heading: str
    value: Callable[[Any], Cell]
    holds: type = str

    @property
    def key(self) -> str:
        """What it is called in the API: its heading in small letters.

        Example:
            >>> Column(heading="Made by", value=str).key
            'made_by'
        """
        return self.heading.lower().replace(" ", "_").replace("-", "_")


def column(heading: str, path: str, *, holds: type = str) -> Column:
    """A column whose value lies at a path of names from the row; nothing where one of these is nothing.

    Example:
        >>> column("Year", "year", holds=int).value(date(2026, 1, 5))
        2026
    """
    names = path.split(".")

    def value(row: Any) -> Cell:
        for name in names:
            row = getattr(row, name, None)
            if callable(row):
                row = row()
            if row is None:
                return None if holds is not str else ""
        return str(row) if holds is str else row

    return Column(heading=heading, value=value, holds=holds)


def days(heading: str, path: str) -> Column:
    """A column of days."""
    return column(heading, path, holds=date)


def moments(heading: str, path: str) -> Column:
    """A column of moments."""
    return column(heading, path, holds=datetime)


def numbers(heading: str, path: str) -> Column:
    """A column of whole numbers."""
    return column(heading, path, holds=int)


@dataclass(frozen=True, kw_only=True)
class ListOf:
    """One list of the record.

    Args:
        name: in addresses: "evidence".
        title: in words.
        columns: what a row shows; its marking is added.
        rows: those that a request asks for and its reader may see. Rows of the register take its whole filter.
        filters: which keys may narrow it: the name in the address, and the path from the row.
        marked: of a row, what carries its marking: itself, where nothing else is said.
        pages: pages whose lists it is, for the words "download".
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[Any], Iterable[Any]]
    filters: Mapping[str, str] = field(default_factory=dict)
    marked: Callable[[Any], Any] = field(default=lambda row: row)

    @property
    def header(self) -> tuple[str, ...]:
        """The headings, that of the marking last."""
        return (*(column.heading for column in self.columns), "Marking")

    def marking_of(self, row: Any) -> str:
        """The marking of a row; what has none of its own is OFFICIAL, as everything here is."""
        return str(getattr(self.marked(row), "marking", "OFFICIAL"))

    def cells(self, row: Any) -> tuple[Cell, ...]:
        """A row as cells, in the order of the header."""
        return (*(column.value(row) for column in self.columns), self.marking_of(row))
