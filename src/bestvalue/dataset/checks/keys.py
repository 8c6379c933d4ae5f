"""Does every row have a name of its own? Rows that share the key of an earlier row."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from bestvalue.dataset.checks.conditions import PLACE


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """A row whose key an earlier row has."""

    place: int
    first_place: int
    key: tuple[str, ...]


def count_repeats(connection: duckdb.DuckDBPyConnection, relation: str, key: Sequence[str]) -> int:
    """How many rows have the key of an earlier row; a key with an empty part names nothing and is not counted."""
    listed = ", ".join(key)
    filled = " AND ".join(f"{name} IS NOT NULL" for name in key)
    counted = f"SELECT count(*) AS rows FROM {relation} WHERE {filled} GROUP BY {listed} HAVING count(*) > 1"
    return int(connection.execute(f"SELECT coalesce(sum(rows - 1), 0) FROM ({counted})").fetchall()[0][0])


def find_repeats(connection: duckdb.DuckDBPyConnection, relation: str, key: Sequence[str], *, most: int) -> list[Repeat]:
    """The first rows that have the key of an earlier row, each with that row, in the order of the files."""
    texts = ", ".join(f"CAST({name} AS VARCHAR)" for name in key)
    rows = connection.execute(
        f"SELECT {PLACE}, first_place, {texts} FROM ({repeats(relation, key)}) WHERE {PLACE} > first_place ORDER BY {PLACE} LIMIT {most}"
    ).fetchall()
    return [Repeat(place=row[0], first_place=row[1], key=tuple(row[2:])) for row in rows]


def repeats(relation: str, key: Sequence[str]) -> str:
    """SQL for the rows of a relation that share their key with others, each with the place of the first of them."""
    listed = ", ".join(key)
    filled = " AND ".join(f"{name} IS NOT NULL" for name in key)
    return (
        f"SELECT *, min({PLACE}) OVER (PARTITION BY {listed}) AS first_place FROM {relation} WHERE {filled} "
        f"QUALIFY count(*) OVER (PARTITION BY {listed}) > 1"
    )
