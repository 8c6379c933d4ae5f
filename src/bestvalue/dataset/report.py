"""What did reading and checking find? The reports of one table and of all tables of a force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bestvalue.dataset.dataset import CheckedTable, TableAtFault
from bestvalue.dataset.row_checks import AccountsFor, answered_for
from bestvalue.errors import SHOWN_FAULTS, Fault, TableFaults


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Rows that a published layout has and the table does not, for one stated reason.

    Args:
        reason: why, as the end of the sentence "left out because ...".
        rows: how many rows of the files.
        examples: the first of them, each "file, row 12: value".
    """

    reason: str
    rows: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CheckDone:
    """One check of the contract: what must hold, and how many rows break it (0 for passed)."""

    says: str
    broken: int


@dataclass(frozen=True, kw_only=True)
class RowRun:
    """Rows that stand one after the other in a file and in the table.

    Args:
        file: name of the file.
        first_row: the row of the first of them, as a spreadsheet counts.
        rows: how many.
    """

    file: str
    first_row: int
    rows: int


@dataclass(frozen=True, kw_only=True)
class TableReport:
    """What reading the files of one table found. Always `rows_read == rows_used + rows left out`.

    Args:
        table: the contract's name.
        files: names of the files read.
        reader: name of the layout that they were read by.
        rows_read: rows of the files, without their headers.
        rows_used: rows of the files that are in the table.
        rows: rows of the table; other than `rows_used` where one row of the file holds several (a column a month).
        left_out: the other rows, by reason.
        warnings: what a person should know and need not put right.
        checks: every check of the contract.
        faults: the faults listed, in order of file and row, at most `SHOWN_FAULTS`.
        faults_total: all of them, listed or not.
        filled: how many rows have a value, by column.
        first_day, last_day: the period of the table's first column of dates or times; None where it has none.
        runs: where the table's rows come from, in order; empty where a row of the table is not a row of a file.
    """

    table: str
    files: tuple[str, ...]
    reader: str
    rows_read: int = 0
    rows_used: int = 0
    rows: int = 0
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()
    checks: tuple[CheckDone, ...] = ()
    faults: tuple[Fault, ...] = ()
    faults_total: int = 0
    filled: Mapping[str, int] = field(default_factory=dict)
    first_day: date | None = None
    last_day: date | None = None
    runs: tuple[RowRun, ...] = ()

    def __post_init__(self) -> None:
        if self.rows_read != self.rows_used + self.rows_left_out:
            raise ValueError(f"{self.rows_read} rows read are not {self.rows_used} used and {self.rows_left_out} left out")

    def origin(self, place: int) -> tuple[str, int] | None:
        """File and row of the table's row `place`, counted from 0; None where that is not known."""
        for run in self.runs:
            if place < run.rows:
                return run.file, run.first_row + place
            place -= run.rows
        return None

    def said_origin(self, place: int) -> str:
        """The same as words, as far as it is known."""
        origin = self.origin(place)
        return ", ".join(self.files) if origin is None else f"{origin[0]}, row {origin[1]:,}"

    @property
    def broken(self) -> dict[str, int]:
        """How many rows break each check that any breaks."""
        return {check.says: check.broken for check in self.checks if check.broken}

    @property
    def rows_left_out(self) -> int:
        """Rows of the files that are not in the table, for whatever reason."""
        return sum(reason.rows for reason in self.left_out)

    @property
    def passed(self) -> bool:
        """The table keeps its contract."""
        return self.faults_total == 0


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A table that was read: its report, and the checked table unless the report has faults.

    `at_fault` is the table with the rows at fault still in it, where all its faults are of single rows.
    """

    report: TableReport
    table: CheckedTable | None
    at_fault: CheckedTable | None = None

    def checked(self) -> CheckedTable:
        """The checked table.

        Raises:
            TableFaults: the table has faults.
        """
        if self.table is None:
            raise TableFaults(
                self.report.faults,
                total=self.report.faults_total,
                where=", ".join(self.report.files),
                next_step="Correct the files, then type: bestvalue check",
            )
        return self.table


@dataclass(frozen=True, kw_only=True)
class CheckReport:
    """What checking a force's tables found.

    Args:
        tables: what was read, by table.
        warnings: what concerns no one table: files that are no table's, references to tables that are not there.
    """

    tables: Mapping[str, Loaded]
    warnings: tuple[str, ...] = ()

    @property
    def checked(self) -> dict[str, CheckedTable]:
        """The tables without faults."""
        return {name: loaded.table for name, loaded in self.tables.items() if loaded.table is not None}

    @property
    def at_fault(self) -> dict[str, TableAtFault]:
        """The tables of which single rows are at fault and nothing else."""
        return {
            name: TableAtFault(table=loaded.at_fault, broken=loaded.report.broken, place=loaded.report.said_origin)
            for name, loaded in self.tables.items()
            if loaded.at_fault is not None
        }

    def usable(self, accounts: Sequence[AccountsFor]) -> dict[str, CheckedTable]:
        """The tables without faults, and those of which every fault is accounted for, with the rows at fault still in them."""
        answered = {name: one for name, one in self.at_fault.items() if answered_for(name, one.broken, accounts) is not None}
        return {**self.checked, **{name: one.table for name, one in answered.items()}}

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults listed, over all tables."""
        return tuple(fault for loaded in self.tables.values() for fault in loaded.report.faults)

    @property
    def faults_total(self) -> int:
        """All faults, listed or not."""
        return sum(loaded.report.faults_total for loaded in self.tables.values())

    @property
    def passed(self) -> bool:
        """Every table that is there keeps its contract."""
        return self.faults_total == 0

    def require_passed(self) -> None:
        """Go on only without faults.

        Raises:
            TableFaults: there are some.
        """
        if not self.passed:
            names = ", ".join(name for name, loaded in self.tables.items() if not loaded.report.passed)
            raise TableFaults(
                self.faults[:SHOWN_FAULTS],
                total=self.faults_total,
                where=f"table {names}",
                next_step="Correct the files, then type: bestvalue check",
            )
