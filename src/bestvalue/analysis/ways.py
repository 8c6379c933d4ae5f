"""Which data will do, where more than one sort would? Ways to answer a question, of which one must be open.

`Analysis.needs` names tables that must be there in any case. Some questions can be answered from one set of tables or from another,
or from columns that a table may leave empty: response is simulated from units with deployments, or from incidents that name the
station that came first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from bestvalue.dataset.dataset import CheckedTable


@dataclass(frozen=True, kw_only=True)
class Way:
    """One sort of data that is enough.

    Args:
        tables: all of them must be there.
        columns: columns by table in which at least one row must hold something, all of them in the same row.
    """

    tables: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def is_open(self, tables: Mapping[str, CheckedTable]) -> bool:
        """Whether these tables have what it takes."""
        there = all(name in tables for name in (*self.tables, *self.columns))
        return there and all(_filled(tables[name], columns) for name, columns in self.columns.items())

    @property
    def words(self) -> str:
        """What it takes, for a sentence.

        Example:
            >>> Way(tables=("pools", "units")).words
            'the tables pools and units'
            >>> Way(columns={"incidents": ("first_station", "easting_m")}).words
            'incidents with first_station and easting_m filled in'
        """
        parts = [f"the table{'s' if len(self.tables) > 1 else ''} {_listed(self.tables)}"] if self.tables else []
        parts += [f"{name} with {_listed(columns)} filled in" for name, columns in self.columns.items()]
        return _listed(parts)


def words_of(ways: Sequence[Way]) -> str:
    """All ways, as what a question needs.

    Example:
        >>> words_of([Way(tables=("units",)), Way(columns={"incidents": ("first_station",)})])
        'either the table units or incidents with first_station filled in'
    """
    return f"either {' or '.join(way.words for way in ways)}" if len(ways) > 1 else "".join(way.words for way in ways)


def _filled(table: CheckedTable, columns: tuple[str, ...]) -> bool:
    rows = pl.scan_parquet(table.parquet)
    if not set(columns) <= set(rows.collect_schema().names()):
        return False
    return rows.filter(pl.all_horizontal(pl.col(columns).is_not_null())).head(1).collect().height == 1


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
