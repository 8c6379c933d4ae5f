"""Which checks of a contract can single rows break, and which of them does an analysis answer for itself?

A fault of a table's shape (a column that is missing, a text that stands for no number) leaves no table to ask. A fault of single rows
leaves all others as they are: an analysis that says which rule it applies to such rows, and how it counts them, can be asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bestvalue.dataset.checks.conditions import conditions
from bestvalue.dataset.checks.kinds import FaultKind
from bestvalue.dataset.contracts import Table
from bestvalue.dataset.tables import TABLES


@dataclass(frozen=True, kw_only=True)
class AccountsFor:
    """A fault of single rows that an analysis answers for.

    Args:
        table: whose rows.
        kind: sort of fault.
        counted_as: what the analysis calls such rows where it accounts for them.
        columns: columns in which the fault may be; any where empty.
        left_out: the rows are kept from the analysis; False where it does not read what is wrong in them, and uses them.
    """

    table: str
    kind: FaultKind
    counted_as: str
    columns: tuple[str, ...] = ()
    left_out: bool = True


@dataclass(frozen=True, kw_only=True)
class RowCheck:
    """A check that a single row can break.

    Args:
        says: as in the list of checks of the table's report.
        kind: sort of fault.
        column: where it is; the first of the key where two rows share it.
        breaks: SQL that is true for a row that breaks it; empty for keys and references, which take more than the row.
        refers_to: "table.column" of a reference.
    """

    says: str
    kind: FaultKind
    column: str
    breaks: str = ""
    refers_to: str = ""


def row_checks(table: Table) -> Iterator[RowCheck]:
    """Every check that a single row can break, keys last: which of two rows is the first shows once the others are judged."""
    for condition in conditions(table):
        yield RowCheck(says=condition.says, kind=condition.kind, column=condition.column, breaks=condition.breaks)
    for column in table.columns:
        if column.refers_to:
            says = says_of_reference(column.name, column.refers_to)
            yield RowCheck(says=says, kind=FaultKind.REFERENCE, column=column.name, refers_to=column.refers_to)
    yield RowCheck(says=says_of_key(table.key), kind=FaultKind.TWICE, column=table.key[0])


def says_of_key(key: Sequence[str]) -> str:
    """What the check of a key says."""
    return f"no two rows share {' and '.join(key)}"


def says_of_reference(column: str, refers_to: str) -> str:
    """What the check of a reference says."""
    return f"{column} is in {refers_to}"


def only_rows_at_fault(table: str, broken: Mapping[str, int], total: int) -> bool:
    """Whether all faults of a table are of single rows.

    Args:
        table: its name.
        broken: how many rows break each check, by what it says.
        total: all faults, whatever they are of.
    """
    known = {check.says for check in row_checks(TABLES[table])}
    return total > 0 and total == sum(rows for says, rows in broken.items() if says in known)


def answered_for(table: str, broken: Mapping[str, int], accounts: Sequence[AccountsFor]) -> dict[str, AccountsFor] | None:
    """Which account takes each check that rows of a table break; None where one is nobody's."""
    checks = {check.says: check for check in row_checks(TABLES[table])}
    found = {says: _account_of(table, checks[says], accounts) for says, rows in broken.items() if rows}
    taken = {says: account for says, account in found.items() if account is not None}
    return taken if len(taken) == len(found) else None


def _account_of(table: str, check: RowCheck, accounts: Sequence[AccountsFor]) -> AccountsFor | None:
    fits = (one for one in accounts if one.table == table and one.kind is check.kind and (not one.columns or check.column in one.columns))
    return next(fits, None)
