"""The tally of a reading: faults listed and counted, rows left out by reason, notes, checks. It becomes the table's report."""

from collections import Counter
from collections.abc import Iterable, Sequence

from bestvalue.dataset.convert.places import Place
from bestvalue.dataset.report import CheckDone, LeftOut, RowRun
from bestvalue.errors import SHOWN_FAULTS, Fault

_EXAMPLES = 3


class Tally:
    """Counts everything and keeps the first of each, so that a file of millions of faults costs no more than one of fifty.

    Args:
        files: names of the files in the order of reading, which is the order that faults are listed in.
    """

    def __init__(self, files: Sequence[str]) -> None:
        self._order = {file: at for at, file in enumerate(files)}
        self._faults: list[Fault] = []
        self._left_out: Counter[str] = Counter()
        self._examples: dict[str, list[str]] = {}
        self._notes: Counter[str] = Counter()
        self._broken: dict[str, int] = {}
        self.faults_total = 0
        self.rows_read = 0
        self.warnings: list[str] = []
        self.runs: tuple[RowRun, ...] = ()

    def fault(self, faults: Iterable[Fault], *, total: int) -> None:
        """Add faults of one kind: the first ones, and how many there are."""
        self._faults.extend(faults)
        self.faults_total += total
        if len(self._faults) > 20 * SHOWN_FAULTS:
            self._faults = list(self.faults)

    def leave_out(self, reason: str, places: Iterable[Place], *, rows: int) -> None:
        """Count rows that are not used, with the places of the first of them."""
        if not rows:
            return
        self._left_out[reason] += rows
        kept = self._examples.setdefault(reason, [])
        kept.extend(str(place) for place, _ in zip(places, range(_EXAMPLES - len(kept)), strict=False))

    def note(self, says: str, rows: int) -> None:
        """Count rows that were used after a reading that a person should know of."""
        self._notes[says] += rows

    def check(self, says: str, broken: int) -> None:
        """Count the rows that break a check; several parts of a file add up."""
        self._broken[says] = self._broken.get(says, 0) + broken

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The first faults in the order of files and rows, at most `SHOWN_FAULTS`."""
        ordered = sorted(self._faults, key=lambda fault: (self._order.get(fault.file, 0), fault.row or 0))
        return tuple(ordered[:SHOWN_FAULTS])

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """The rows left out by reason, most first."""
        return tuple(
            LeftOut(reason=reason, rows=rows, examples=tuple(self._examples[reason])) for reason, rows in self._left_out.most_common()
        )

    @property
    def rows_left_out(self) -> int:
        """How many rows are left out so far."""
        return self._left_out.total()

    @property
    def checks(self) -> tuple[CheckDone, ...]:
        """Every check done, in order."""
        return tuple(CheckDone(says=says, broken=broken) for says, broken in self._broken.items())

    @property
    def all_warnings(self) -> tuple[str, ...]:
        """Warnings and notes as sentences."""
        noted = (f"{rows:,} {'row' if rows == 1 else 'rows'}: {says}" for says, rows in self._notes.items() if rows)
        return (*self.warnings, *noted)
