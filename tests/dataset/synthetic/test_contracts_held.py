"""Every table of the synthetic force keeps its own contract, checked here by plain SQL and not by the product's checker."""

import duckdb
import polars as pl
import pytest

from bestvalue.dataset.contracts import Column, Table
from bestvalue.dataset.synthetic import SyntheticForce
from bestvalue.dataset.tables import TABLES

EVERY_TABLE = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


@EVERY_TABLE
def test_a_table_has_rows_and_exactly_the_columns_and_types_of_its_contract(force: SyntheticForce, table: Table) -> None:
    assert force.rows[table.name] > 0
    assert dict(pl.read_parquet_schema(force.tables[table.name])) == table.schema


@EVERY_TABLE
def test_the_rows_counted_are_the_rows_written(force: SyntheticForce, sql: duckdb.DuckDBPyConnection, table: Table) -> None:
    assert _count(sql, f"SELECT count(*) FROM {table.name}") == force.rows[table.name]


@EVERY_TABLE
def test_no_two_rows_share_a_key(sql: duckdb.DuckDBPyConnection, table: Table) -> None:
    key = ", ".join(table.key)
    assert _count(sql, f"SELECT count(*) FROM (SELECT {key} FROM {table.name} GROUP BY {key} HAVING count(*) > 1)") == 0


@EVERY_TABLE
def test_every_value_is_within_its_columns_contract(sql: duckdb.DuckDBPyConnection, table: Table) -> None:
    broken = {column.name: _outside(sql, table, column) for column in table.columns}
    assert {name: count for name, count in broken.items() if count} == {}


@EVERY_TABLE
def test_no_row_breaks_a_rule(sql: duckdb.DuckDBPyConnection, table: Table) -> None:
    broken = {rule.says: _count(sql, f"SELECT count(*) FROM {table.name} WHERE {rule.breaks}") for rule in table.rules}
    assert {says: count for says, count in broken.items() if count} == {}


@EVERY_TABLE
def test_every_reference_finds_its_row(sql: duckdb.DuckDBPyConnection, table: Table) -> None:
    dangling = {}
    for column in table.columns:
        if column.refers_to:
            other, key = column.refers_to.split(".")
            given = f"(SELECT {column.name} AS value FROM {table.name} WHERE {column.name} IS NOT NULL)"
            dangling[column.name] = _count(sql, f"SELECT count(*) FROM {given} ANTI JOIN {other} ON value = {other}.{key}")
    assert {name: count for name, count in dangling.items() if count} == {}


def _outside(sql: duckdb.DuckDBPyConnection, table: Table, column: Column) -> int:
    wrong = ["false"]
    if column.required:
        wrong.append(f"{column.name} IS NULL")
    if column.low is not None:
        wrong.append(f"{column.name} < {column.low}")
    if column.high is not None:
        wrong.append(f"{column.name} > {column.high}")
    if column.allowed is not None:
        listed = ", ".join(f"'{value}'" for value in column.allowed)
        wrong.append(f"{column.name} NOT IN ({listed})")
    return _count(sql, f"SELECT count(*) FROM {table.name} WHERE {' OR '.join(wrong)}")


def _count(sql: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(sql.execute(query).fetchall()[0][0])
