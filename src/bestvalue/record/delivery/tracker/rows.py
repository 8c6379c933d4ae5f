"""What does each row of a tracker say, read by the answers? Every row in the register's words, and every fault with its row and column."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from bestvalue.errors import Fault
from bestvalue.record.delivery.kinds import Kind
from bestvalue.record.delivery.life_cycle import Status
from bestvalue.record.delivery.tracker.fields import FIELD, FIELDS, NEW, Answers, DayOrder
from bestvalue.record.delivery.tracker.grid import Grid

_NUMERIC = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$")
_NAMED = ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%d-%b-%Y", "%b %d %Y")


@dataclass(frozen=True, kw_only=True)
class TrackerRow:
    """One recommendation as a tracker tells it.

    Args:
        number: of the row, as the spreadsheet counts.
        key: its number in its report.
        issuer, asked_of, owner: bodies, each by its key; one that is new as "new:" and its name; empty for none.
        lead: a person, likewise.
        report: title of its report.
    """

    number: int
    key: str
    text: str
    issuer: str
    report: str
    made_on: date | None
    kind: Kind
    asked_of: str
    status: Status | None
    status_on: date | None
    owner: str
    lead: str
    action: str
    due: date | None
    comment: str


@dataclass(frozen=True, kw_only=True)
class TrackerRows:
    """A tracker read: its sound rows, and what is wrong with the others."""

    rows: Sequence[TrackerRow]
    faults: Sequence[Fault]


def tracker_rows(grid: Grid, answers: Answers) -> TrackerRows:
    """Read every row by the answers; a row with a fault is left out, and the fault told."""
    rows, faults = [], list[Fault]()
    seen: dict[tuple[str, str, str], int] = {}
    for number, cells in grid.rows:
        reader = _Reader(grid, answers, number, cells)
        row = reader.row()
        faults += reader.faults
        if reader.faults:
            continue
        key = (row.issuer, row.report.casefold(), row.key)
        if key in seen:
            step = "Keep one of the two, or tell them apart by report or number."
            faults.append(reader.fault("number", f"“{row.key}” stands in row {seen[key]} already", step))
            continue
        seen[key] = number
        rows.append(row)
    return TrackerRows(rows=rows, faults=faults)


class _Reader:
    """One row and what is wrong with it."""

    def __init__(self, grid: Grid, answers: Answers, number: int, cells: Mapping[str, str]) -> None:
        self._place = f"{grid.name}, sheet {grid.sheet}" if grid.sheet else grid.name
        self._answers, self._number, self._cells = answers, number, cells
        self.faults: list[Fault] = []

    def row(self) -> TrackerRow:
        said, answers = self._said, self._answers
        issuer = self._meant("issuer") or (str(answers.issuer) if answers.issuer else "")
        report = said("report") or answers.report
        for key in (field.key for field in FIELDS if field.needed):
            if not said(key):
                self.faults.append(self.fault(key, "the cell is empty", "Fill it in, or leave the row out."))
        if not issuer:
            self.faults.append(self.fault("issuer", "nothing says who made it", "Say who made all of them, or what the word means."))
        if not report:
            self.faults.append(self.fault("report", "nothing says which report it stands in", "Give the title of the report."))
        kind, status = self._meant("kind"), self._meant("status")
        return TrackerRow(
            number=self._number,
            key=said("number"),
            text=said("text"),
            issuer=issuer,
            report=report,
            made_on=self._day("made_on"),
            kind=Kind(kind) if kind else Kind.RECOMMENDATION,
            asked_of=self._meant("asked_of"),
            status=Status(status) if status else None,
            status_on=self._day("status_on"),
            owner=self._meant("owner") or (str(answers.owner) if answers.owner else ""),
            lead=self._meant("lead"),
            action=said("action"),
            due=self._day("due"),
            comment=said("comment"),
        )

    def fault(self, key: str, what: str, next_step: str) -> Fault:
        column = self._answers.columns.get(key, FIELD[key].label)
        return Fault(what=what, file=self._place, row=self._number, column=column, next_step=next_step)

    def _said(self, key: str) -> str:
        heading = self._answers.columns.get(key)
        return self._cells.get(heading, "") if heading else ""

    def _meant(self, key: str) -> str:
        """What the word of a cell means; a new body or person is told by its name."""
        word = self._said(key)
        meaning = self._answers.values.get(key, {}).get(word, "")
        return f"{NEW}:{word}" if meaning == NEW else meaning

    def _day(self, key: str) -> date | None:
        word = self._said(key)
        if not word:
            return None
        day = day_in(word, days=self._answers.days)
        if day is None:
            self.faults.append(self.fault(key, f"“{word}” is not a date", "Write it as 27/03/2026 or 2026-03-27, or clear the cell."))
        return day


def day_in(word: str, *, days: str) -> date | None:
    """The day that a word says; None where it says none.

    Args:
        word: of a cell.
        days: the order of day and month.

    Example:
        >>> day_in("03/04/2026", days="day first"), day_in("03/04/2026", days="month first")
        (datetime.date(2026, 4, 3), datetime.date(2026, 3, 4))
        >>> day_in("2026-04-03 00:00:00", days="day first"), day_in("3 April 2026", days="day first"), day_in("soon", days="day first")
        (datetime.date(2026, 4, 3), datetime.date(2026, 4, 3), None)
    """
    plain = word.strip().replace(",", "")
    return next(_readings(plain, days), None)


def _readings(plain: str, days: str) -> Iterator[date]:
    numeric = _NUMERIC.match(plain.partition(" ")[0])
    if numeric:
        first, second, year = (int(part) for part in numeric.groups())
        day, month = (second, first) if days == DayOrder.MONTH_FIRST else (first, second)
        try:
            yield date(year, month, day)
        except ValueError:
            return
    with suppress(ValueError):
        yield datetime.fromisoformat(plain).date()
    for written in _NAMED:
        with suppress(ValueError):
            yield datetime.strptime(plain, written).date()  # noqa: DTZ007 - a day has no zone
