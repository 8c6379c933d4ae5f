"""Rows that break their table's contract are kept from an analysis that answers for them: each counted, by the analysis's own rule.

What is left is a table without faults, the same to the last row as if those rows had never been in the file. So no such row changes
a number, and the analysis says how many there were.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from bestvalue.dataset.checks.keys import repeats
from bestvalue.dataset.convert.parquet_writer import ParquetWriter, written_whole
from bestvalue.dataset.convert.stored import checking_connection, quoted, stored_rows
from bestvalue.dataset.dataset import CheckedTable, Dataset, SetApart, TableAtFault
from bestvalue.dataset.row_checks import AccountsFor, RowCheck, answered_for, row_checks
from bestvalue.dataset.tables import TABLES

_APART = "apart"
_ROWS_AT_A_TIME = 250_000


def with_rows_set_apart(dataset: Dataset, accounts: Sequence[AccountsFor], names: Iterable[str], *, folder: Path) -> Dataset:
    """The dataset as an analysis may ask it: tables at fault that it answers for are in it, without the rows that are left out.

    Args:
        dataset: of all tables.
        accounts: what the analysis answers for.
        names: tables that it reads.
        folder: where the tables without those rows are kept; may be deleted at any time.

    Returns:
        The same dataset where no table that it reads is at fault, or none so that it answers for all of its faults.
    """
    tables: dict[str, CheckedTable] = {}
    apart: list[SetApart] = []
    # A table that rows point to may be at fault itself: the check of the reference took it with the rows at fault in it.
    whole = {**{name: one.table for name, one in dataset.at_fault.items()}, **dataset.tables}
    for name in sorted(set(names) & set(dataset.at_fault)):
        taken = answered_for(name, dataset.at_fault[name].broken, accounts)
        if taken is not None:
            tables[name], of_table = _without(dataset.at_fault[name], taken, whole, folder)
            apart.extend(of_table)
    if not tables:
        return dataset
    return Dataset(
        {**dataset.tables, **tables},
        engine=dataset.engine,
        synthetic=dataset.synthetic,
        time_zone=dataset.time_zone,
        parts=dataset.parts,
        set_apart=tuple(apart),
    )


@dataclass(frozen=True, kw_only=True)
class _Found:
    """Rows that one account takes, by their places."""

    account: AccountsFor
    places: NDArray[np.int64]


def _without(
    at_fault: TableAtFault, taken: Mapping[str, AccountsFor], targets: Mapping[str, CheckedTable], folder: Path
) -> tuple[CheckedTable, list[SetApart]]:
    whole = at_fault.table
    found = _find(whole, taken, targets)
    lost = np.unique(np.concatenate([one.places for one in found if one.account.left_out] or [np.zeros(0, np.int64)]))
    digest = hashlib.sha256(f"{whole.digest} without ".encode() + lost.tobytes()).hexdigest()
    parquet = folder / f"{digest}.parquet"
    if not parquet.exists():
        _write_without(whole, lost, parquet)
    table = CheckedTable(
        name=whole.name, parquet=parquet, digest=digest, rows=whole.rows - len(lost), source=f"{whole.source}, {len(lost):,} rows left out"
    )
    return table, [
        SetApart(
            table=whole.name,
            counted_as=one.account.counted_as,
            rows=len(one.places),
            of=whole.rows,
            first=at_fault.place(int(one.places.min())),
            left_out=one.account.left_out,
        )
        for one in found
        if len(one.places)
    ]


def _find(whole: CheckedTable, taken: Mapping[str, AccountsFor], targets: Mapping[str, CheckedTable]) -> list[_Found]:
    """The rows of each account, each row under the first that takes it; those left out before those that are used."""
    checks = [check for check in row_checks(TABLES[whole.name]) if check.says in taken]
    checks.sort(key=lambda check: not taken[check.says].left_out)
    places: dict[AccountsFor, list[NDArray[np.int64]]] = {taken[check.says]: [] for check in checks}
    judged = np.zeros(0, np.int64)
    with checking_connection() as connection:
        for check in checks:
            connection.register(_APART, pa.table({"place": judged}))
            left = f"(SELECT * FROM {stored_rows([whole.parquet])} WHERE place NOT IN (SELECT place FROM {_APART}))"
            rows = connection.execute(_broken(check, whole.name, left, targets)).fetchnumpy()["place"].astype(np.int64)
            connection.unregister(_APART)
            places[taken[check.says]].append(rows)
            judged = np.concatenate([judged, rows])
    return [_Found(account=account, places=np.concatenate(parts)) for account, parts in places.items()]


def _broken(check: RowCheck, name: str, rows: str, targets: Mapping[str, CheckedTable]) -> str:
    """SQL for the places of rows that break a check."""
    if check.breaks:
        return f"SELECT place FROM {rows} WHERE {check.breaks}"
    if not check.refers_to:
        return f"SELECT place FROM ({repeats(rows, TABLES[name].key)}) WHERE place > first_place"
    table, key = check.refers_to.split(".")
    known = f"SELECT {key} FROM read_parquet({quoted(targets[table].parquet)}) WHERE {key} IS NOT NULL"
    return f"SELECT place FROM {rows} WHERE {check.column} IS NOT NULL AND {check.column} NOT IN ({known})"


def _write_without(whole: CheckedTable, lost: NDArray[np.int64], target: Path) -> None:
    """Write the other rows, in their order, a part at a time."""
    names = list(TABLES[whole.name].schema)
    with written_whole(target) as unfinished, ParquetWriter(unfinished, TABLES[whole.name].schema) as writer:
        before = 0
        for batch in pq.ParquetFile(whole.parquet).iter_batches(batch_size=_ROWS_AT_A_TIME, columns=names):
            kept = np.ones(batch.num_rows, dtype=np.bool_)
            kept[lost[(lost >= before) & (lost < before + batch.num_rows)] - before] = False
            frame = pl.from_arrow(batch)
            if isinstance(frame, pl.DataFrame):
                writer.write(frame.filter(kept))
            before += batch.num_rows
