"""Do the rows of a table keep its contract? Every check is one condition in SQL, and all are counted in one pass."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from bestvalue.dataset.checks.kinds import FaultKind
from bestvalue.dataset.contracts import Column, Kind, Table

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
"""Years outside these are slips of the pen: 0203 for 2003."""

PLACE = "place"
"""The column of a relation that numbers its rows from 0, in the order of the files."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One check of rows.

    Args:
        says: what must hold, for the list of checks.
        breaks: SQL that is true for a row that breaks it.
        fault: what to say of such a row; `{value}` stands for the column's value.
        column: where the fault is.
        next_step: what to do.
        kind: sort of fault.
    """

    says: str
    breaks: str
    fault: str
    column: str
    next_step: str
    kind: FaultKind = FaultKind.RANGE

    @property
    def names_value(self) -> bool:
        """The fault names the value, so that rows with the same value have the same fault."""
        return "{value}" in self.fault


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A row that breaks a condition, or the first of several that break it with the same value."""

    place: int
    value: str | None
    rows: int = 1


def conditions(table: Table, *, required: bool = True) -> list[Condition]:
    """Every condition on single rows of a table.

    Args:
        table: its contract.
        required: include that required columns have values; False where that was checked on the texts already.
    """
    found = [condition for column in table.columns for condition in _of_column(column, required=required)]
    found.extend(
        Condition(
            says=f"not: {rule.says}",
            breaks=rule.breaks,
            fault=rule.says,
            column=rule.column,
            next_step=rule.next_step,
            kind=FaultKind.RULE,
        )
        for rule in table.rules
    )
    return found


def _of_column(column: Column, *, required: bool) -> Iterable[Condition]:
    name = column.name
    if column.required and required:
        yield required_condition(column)
    if column.allowed is not None:
        values = ", ".join("'" + value.replace("'", "''") + "'" for value in column.allowed)
        yield Condition(
            says=f"{name} is one of the allowed values",
            breaks=f"{name} NOT IN ({values})",
            fault=f'{name} is "{{value}}", which is not allowed',
            column=name,
            next_step=f"Allowed are: {', '.join(column.allowed)}.",
        )
    for bound, sign, word in ((column.low, "<", "below"), (column.high, ">", "above")):
        if bound is not None:
            yield Condition(
                says=f"{name} is not {word} {bound:g}",
                breaks=f"{name} {sign} {bound!r}",
                fault=f"{name} is {{value}}, {word} {bound:g}{f' {column.unit}' if column.unit else ''}",
                column=name,
                next_step="Correct the value, or leave it empty if it is not known.",
            )
    if column.kind in (Kind.DATE, Kind.TIME):
        yield Condition(
            says=f"{name} lies in the years {EARLIEST_YEAR} to {LATEST_YEAR}",
            breaks=f"year({name}) NOT BETWEEN {EARLIEST_YEAR} AND {LATEST_YEAR}",
            fault=f"{name} is {{value}}, outside the years {EARLIEST_YEAR} to {LATEST_YEAR}",
            column=name,
            next_step="Correct the year.",
        )
    if column.kind is Kind.NUMBER:
        yield Condition(
            says=f"{name} is a finite number",
            breaks=f"NOT isfinite({name})",
            fault=f"{name} is {{value}}, which is no number",
            column=name,
            next_step="Correct the value, or leave it empty if it is not known.",
        )


def required_condition(column: Column) -> Condition:
    """That a required column has a value in every row."""
    return Condition(
        says=f"{column.name} has a value in every row",
        breaks=f"{column.name} IS NULL",
        fault=f"{column.name} is empty",
        column=column.name,
        next_step=f"Give it: {column.means}",
        kind=FaultKind.EMPTY,
    )


def count_broken(connection: duckdb.DuckDBPyConnection, relation: str, checks: Sequence[Condition]) -> list[int]:
    """How many rows of a relation break each condition, in one pass over it."""
    counted = ", ".join(f"count(*) FILTER (WHERE {check.breaks})" for check in checks)
    return list(connection.execute(f"SELECT {counted or '0'} FROM {relation}").fetchall()[0])[: len(checks)]


def find_broken(
    connection: duckdb.DuckDBPyConnection, relation: str, check: Condition, *, most: int, grouped: bool = False
) -> list[Broken]:
    """The first rows that break a condition, in the order of the files.

    Args:
        connection: that knows the relation.
        relation: SQL of rows, numbered by `place`.
        check: the condition.
        most: so many are found.
        grouped: rows of which the same is to be said are found once, as the first of them and how many they are.
    """
    value = f"CAST({check.column} AS VARCHAR)"
    by = (value if check.names_value else "true") if grouped else PLACE
    rows = connection.execute(
        f"SELECT min({PLACE}) AS first, arg_min({value}, {PLACE}), count(*) FROM {relation} WHERE {check.breaks} "
        f"GROUP BY {by} ORDER BY first LIMIT {most}"
    ).fetchall()
    return [Broken(place=place, value=value, rows=count) for place, value, count in rows]
