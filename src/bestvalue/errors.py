"""The one family of errors that bestvalue raises on purpose.

Each says what is wrong, where, and what to do next. `exit_code` is what the command line ends with: one number a class,
so that a script can tell a bad table from a broken rule. A bug is not one of these: it shows its traceback.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

SHOWN_FAULTS = 50
"""How many faults of one file are listed before the rest are counted: more would hide the pattern in them."""


LISTED_EACH = 10
"""So many rows that break one check are listed one by one; of more, those with the same value are one fault with their number."""


class BestValueError(Exception):
    """Something the user can put right.

    Args:
        what: the fault in one sentence, with the value that caused it.
        where: the place: file, row as a spreadsheet counts it, column; field of a form; key of a setting.
        next_step: what to do now, as an instruction.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, what: str, *, where: str = "", next_step: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.next_step = next_step

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.what}"

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments do not survive the default pickling, and errors cross process borders (workers, Spark).
        return (_rebuild, (type(self), self.__dict__.copy(), self.args))


def _rebuild(kind: type[BestValueError], state: dict[str, object], args: tuple[object, ...]) -> BestValueError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class TableError(BestValueError):
    """A table that a force supplied cannot be read or breaks its contract."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault of one file.

    `row` counts as a spreadsheet does: the header is row 1, the first record is row 2; None where no one row is to blame.
    `rows` is how many rows have the same fault with the same value; `row` is then the first of them.
    """

    what: str
    file: str
    row: int | None = None
    column: str = ""
    next_step: str = ""
    rows: int = 1

    @property
    def where(self) -> str:
        """The place as words: file, row, column, as far as they are known."""
        parts = [self.file]
        if self.row is not None:
            parts.append(f"row {self.row:,}")
        if self.column:
            parts.append(f"column {self.column}")
        return ", ".join(parts)

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def several(rows: int, first: int | None) -> str:
    """The words that end a fault which several rows have; nothing for a single row.

    Example:
        >>> several(12, 345)
        ': 12 rows, first at row 345'
    """
    if rows == 1:
        return ""
    return f": {rows:,} rows" + ("" if first is None else f", first at row {first:,}")


class TableFaults(TableError):
    """Every fault of a file or a set of files: at most `SHOWN_FAULTS` are listed and the rest counted.

    Args:
        faults: the faults listed, in order of file and row; more than `SHOWN_FAULTS` are cut.
        total: how many there are in all, listed or not.
        where: the table or file that they are in.
    """

    def __init__(self, faults: Sequence[Fault], *, total: int, where: str, next_step: str = "") -> None:
        self.faults = tuple(faults[:SHOWN_FAULTS])
        self.total = total
        noun = "fault" if total == 1 else "faults"
        super().__init__(f"{total:,} {noun} found", where=where, next_step=next_step)

    def __str__(self) -> str:
        lines = [super().__str__()]
        for fault in self.faults:
            step = f" {fault.next_step}" if fault.next_step else ""
            lines.append(f"  {fault}.{step}")
        unlisted = self.total - sum(fault.rows for fault in self.faults)
        if unlisted:
            lines.append(f"  and {unlisted:,} more like these")
        return "\n".join(lines)


class SpecError(BestValueError):
    """A parameter of an analysis is out of its bounds, or two of them contradict each other."""


class ReportError(BestValueError):
    """A published report cannot be read into structure."""


class WorkspaceError(BestValueError):
    """A workspace folder is missing, damaged or already there."""

    exit_code = 3


class EngineError(BestValueError):
    """The data engine (DuckDB or Spark) is missing, cannot be reached or refused a query."""

    exit_code = 4


class RuleError(BestValueError):
    """A rule of the record forbids the change: who may make it and what is missing stand in the message."""

    exit_code = 5


class LedgerError(BestValueError):
    """The audit ledger does not verify: the first bad record stands in the message."""

    exit_code = 6


class Cancelled(BestValueError):
    """The user stopped long work; what was finished is kept."""

    exit_code = 130
