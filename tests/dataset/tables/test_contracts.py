"""The contracts agree with themselves and with each other."""

import re
from datetime import date, datetime

import duckdb
import polars as pl
import pytest

from bestvalue.dataset.contracts import STORED_AS, Column, Kind, Table
from bestvalue.dataset.tables import TABLES

EVERY_TABLE = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
EVERY_COLUMN = pytest.mark.parametrize(
    "column", [pytest.param(column, id=f"{table.name}.{column.name}") for table in TABLES.values() for column in table.columns]
)

READ_AS = {
    Kind.TEXT: str,
    Kind.WHOLE_NUMBER: int,
    Kind.NUMBER: float,
    Kind.YES_NO: {"true": True, "false": False}.__getitem__,
    Kind.DATE: date.fromisoformat,
    Kind.TIME: datetime.fromisoformat,
    Kind.PENCE: int,
}


def test_no_two_contracts_have_one_name() -> None:
    from bestvalue.dataset import tables

    modules = [module for module in vars(tables).values() if hasattr(module, "TABLES") and module is not tables]
    assert sum(len(module.TABLES) for module in modules) == len(TABLES)


@EVERY_TABLE
def test_a_key_is_made_of_required_columns_of_the_table(table: Table) -> None:
    assert table.key
    assert [name for name in table.key if not table.column(name).required] == []


@EVERY_TABLE
def test_column_names_are_snake_case_and_used_once(table: Table) -> None:
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)] == []


@EVERY_TABLE
def test_a_reference_names_the_whole_key_of_another_table(table: Table) -> None:
    for column in table.columns:
        if column.refers_to:
            other, key = column.refers_to.split(".")
            assert TABLES[other].key == (key,)
            assert TABLES[other].column(key).kind is column.kind


@EVERY_TABLE
def test_every_rule_is_sql_over_the_tables_own_columns_and_blames_one_of_them(table: Table) -> None:
    rows = pl.DataFrame(schema=table.schema).to_arrow()
    for rule in table.rules:
        assert rule.column in table.schema
        with duckdb.connect() as connection:
            connection.register("rows", rows)
            assert connection.execute(f"SELECT count(*) FROM rows WHERE {rule.breaks}").fetchall() == [(0,)]


@EVERY_TABLE
def test_every_table_says_which_question_it_serves(table: Table) -> None:
    named = r"(challenge|compare|consult|compete|crossborder|delivery)\.(\*|[a-z]+)|tasking|deconfliction"
    assert [name for name in table.used_for.split(", ") if not re.fullmatch(named, name)] == []


@EVERY_COLUMN
def test_the_example_of_a_column_keeps_the_columns_contract(column: Column) -> None:
    value = READ_AS[column.kind](column.example)
    assert column.allowed is None or value in column.allowed
    assert column.low is None or value >= column.low
    assert column.high is None or value <= column.high


@EVERY_COLUMN
def test_a_column_of_numbers_or_text_says_what_it_means_in_a_sentence(column: Column) -> None:
    assert column.means.endswith(".")
    assert column.allowed is None or all(meaning for meaning in column.allowed.values())


def test_every_kind_of_column_has_a_place_to_be_stored() -> None:
    assert set(STORED_AS) == set(Kind)
