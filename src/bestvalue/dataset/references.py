"""Do the values that point to another table have something to point to?"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import duckdb

from bestvalue.dataset.contracts import Column
from bestvalue.dataset.convert.stored import checking_connection, quoted, stored_rows
from bestvalue.dataset.dataset import CheckedTable
from bestvalue.dataset.report import CheckDone, CheckReport, Loaded, TableReport
from bestvalue.dataset.row_checks import says_of_reference
from bestvalue.dataset.tables import TABLES
from bestvalue.errors import LISTED_EACH, SHOWN_FAULTS, Fault, several


@dataclass(frozen=True, kw_only=True)
class _Pointer:
    """A column that points to a column of another table."""

    column: Column
    table: str
    key: str


def check_references(report: CheckReport) -> CheckReport:
    """Check every reference between the tables of a report.

    Returns:
        The report with the faults found in the referring tables, and a warning for each table pointed to that is not there.
    """
    tables, warnings = dict(report.tables), list(report.warnings)
    with checking_connection() as connection:
        for name, table in {**report.checked, **{name: one.table for name, one in report.at_fault.items()}}.items():
            for pointer in _pointers(name):
                target = report.checked.get(pointer.table)
                if target is not None:
                    tables[name] = _check(connection, tables[name], table, pointer, target)
                elif table.rows and report.tables[name].report.filled.get(pointer.column.name):
                    warnings.append(f"{name}.{pointer.column.name} points to {pointer.table}, which {_why(report, pointer)}: not checked")
    return replace(report, tables=tables, warnings=tuple(warnings))


def _pointers(name: str) -> Iterator[_Pointer]:
    for column in TABLES[name].columns:
        if column.refers_to:
            table, key = column.refers_to.split(".")
            yield _Pointer(column=column, table=table, key=key)


def _why(report: CheckReport, pointer: _Pointer) -> str:
    return "has faults" if pointer.table in report.tables else "is not there"


def _check(connection: duckdb.DuckDBPyConnection, loaded: Loaded, table: CheckedTable, pointer: _Pointer, target: CheckedTable) -> Loaded:
    name = pointer.column.name
    lost = (
        f"FROM {stored_rows([table.parquet])} WHERE {name} IS NOT NULL AND {name} NOT IN "
        f"(SELECT {pointer.key} FROM read_parquet({quoted(target.parquet)}) WHERE {pointer.key} IS NOT NULL)"
    )
    broken = int(connection.execute(f"SELECT count(*) {lost}").fetchall()[0][0])
    each = "" if broken > LISTED_EACH else ", place"
    found = f"SELECT min(place) AS first, CAST({name} AS VARCHAR), count(*) {lost} GROUP BY 2{each} ORDER BY first LIMIT {SHOWN_FAULTS}"
    rows = connection.execute(found).fetchall() if broken else []
    faults = [_fault(loaded.report, pointer, place, value, count) for place, value, count in rows]
    done = CheckDone(says=says_of_reference(name, pointer.column.refers_to), broken=broken)
    before = loaded.report
    report = replace(
        before,
        checks=(*before.checks, done),
        faults=(*before.faults, *faults)[:SHOWN_FAULTS],
        faults_total=before.faults_total + broken,
    )
    return Loaded(report=report, table=loaded.table if report.passed else None, at_fault=None if report.passed else table)


def _fault(report: TableReport, pointer: _Pointer, place: int, value: str, rows: int) -> Fault:
    origin = report.origin(place)
    return Fault(
        what=f'{pointer.column.name} "{value}" is not in {pointer.column.refers_to}{several(rows, origin[1] if origin else None)}',
        file=origin[0] if origin else ", ".join(report.files),
        row=origin[1] if origin else None,
        column=pointer.column.name,
        next_step=f"Add it to {pointer.table}, or correct it here.",
        rows=rows,
    )
