"""Where does a row of the table come from? The file and the row there, as a spreadsheet counts."""

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestvalue.dataset.report import RowRun


@dataclass(frozen=True, kw_only=True)
class Place:
    """A row of a file."""

    file: str
    row: int

    def __str__(self) -> str:
        return f"{self.file}, row {self.row:,}"


class Places:
    """The places of the rows read so far, numbered from 0 in the order of reading."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._files: list[str] = []
        self._rows: list[NDArray[np.int64]] = []
        self.count = 0

    def add(self, file: str, row_numbers: NDArray[np.int64]) -> None:
        """Note the rows of one more part of a file."""
        self._starts.append(self.count)
        self._files.append(file)
        self._rows.append(row_numbers)
        self.count += len(row_numbers)

    def find(self, place: int) -> Place:
        """Where the row with this number stands."""
        part = bisect_right(self._starts, place) - 1
        return Place(file=self._files[part], row=int(self._rows[part][place - self._starts[part]]))

    def runs(self) -> tuple[RowRun, ...]:
        """The places as runs of rows that follow each other."""
        found: list[RowRun] = []
        for file, rows in zip(self._files, self._rows, strict=True):
            for run in np.split(rows, np.flatnonzero(np.diff(rows) != 1) + 1):
                last = found[-1] if found else None
                if last is not None and last.file == file and len(run) and last.first_row + last.rows == run[0]:
                    found[-1] = RowRun(file=file, first_row=last.first_row, rows=last.rows + len(run))
                elif len(run):
                    found.append(RowRun(file=file, first_row=int(run[0]), rows=len(run)))
        return tuple(found)
