"""Every contract is one that can be checked: its names, bounds and rules run, and its references point somewhere."""

from pathlib import Path

import polars as pl
import pytest

from bestvalue.dataset.contracts import Column, Kind
from bestvalue.dataset.convert.places import Places
from bestvalue.dataset.convert.row_faults import find_row_faults
from bestvalue.dataset.convert.stored import stored_rows
from bestvalue.dataset.convert.tally import Tally
from bestvalue.dataset.tables import TABLES


@pytest.mark.parametrize("name", TABLES)
def test_every_check_of_a_contract_runs(name: str, tmp_path: Path) -> None:
    table, tally = TABLES[name], Tally([])
    pl.DataFrame(schema=table.schema).write_parquet(tmp_path / "empty.parquet")
    find_row_faults(table, stored_rows([tmp_path / "empty.parquet"]), Places().find, tally=tally, required=True)
    assert tally.faults_total == 0
    assert len(tally.checks) >= len([column for column in table.columns if column.required]) + len(table.rules) + 1


@pytest.mark.parametrize("name", TABLES)
def test_the_key_and_the_rules_name_columns_of_the_table_and_the_key_is_required(name: str) -> None:
    table = TABLES[name]
    assert all(table.column(part).required for part in table.key)
    assert all(rule.column in table.schema for rule in table.rules)


POINTERS = [(table.name, column) for table in TABLES.values() for column in table.columns if column.refers_to]


@pytest.mark.parametrize(("name", "column"), POINTERS, ids=[f"{name}.{column.name}" for name, column in POINTERS])
def test_a_reference_points_to_a_column_of_the_same_kind_that_is_the_key_there(name: str, column: Column) -> None:
    table, key = column.refers_to.split(".")
    assert TABLES[table].column(key).kind is column.kind is Kind.TEXT
    assert key in TABLES[table].key
