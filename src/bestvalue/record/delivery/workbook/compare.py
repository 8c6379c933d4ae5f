"""What is other in the workbook than it was when it left, and what did somebody else change meanwhile? Nothing is written here.

Three are compared: what the row said when it left, what it says in the register now, and what the workbook says. Where only the
workbook moved, it is a change; where both moved to different words, it is a conflict, and whoever brings the workbook back chooses.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bestvalue.errors import Fault
from bestvalue.record.delivery.workbook import layout
from bestvalue.record.delivery.workbook.layout import MOST_CHARACTERS, Column, Holds, Sheet
from bestvalue.record.delivery.workbook.read import AGAIN, ReadBook, ReadRow, in_order
from bestvalue.record.delivery.workbook.rows import Book, Row

Cells = Mapping[str, str]
NEARLY_TOO_LONG = MOST_CHARACTERS - 1_000


@dataclass(frozen=True, kw_only=True)
class Change:
    """One statement of one row that the workbook makes anew.

    Args:
        sheet: name of the sheet.
        number: of the row in it.
        key: id of the row in the register; empty for a new row.
        about: the row in words.
        unit: which statement: a column, or columns that are changed together; empty for a whole new row.
        heading: the same in words.
        before: its cells in the register; none for a new row.
        after: its cells in the workbook.
        theirs: somebody else changed the same meanwhile, to what `before` says; what it said when the workbook left.
    """

    sheet: str
    number: int
    key: str
    about: str
    unit: str
    heading: str
    before: Cells
    after: Cells
    theirs: Cells | None = None

    @property
    def is_conflict(self) -> bool:
        """Whether somebody else changed the same meanwhile."""
        return self.theirs is not None

    @property
    def name(self) -> str:
        """Its name in a form."""
        return f"{self.sheet}-{self.key}-{self.unit}".replace(" ", "_")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """All that a workbook would change.

    Args:
        changes: in the order of the sheets and rows.
        faults: what keeps it from being taken in.
        missing: rows that the workbook no longer holds; they stay in the register.
        stale: rows that somebody else changed since, in other places than the workbook does.
        broken: rules that its changes would break; known only after a rehearsal.
    """

    changes: Sequence[Change]
    faults: Sequence[Fault]
    missing: int
    stale: int
    broken: Sequence[Fault] = ()

    @property
    def wrong(self) -> Sequence[Fault]:
        """Everything that keeps it out."""
        return [*self.faults, *self.broken]

    @property
    def conflicts(self) -> Sequence[Change]:
        """Changes of what somebody else changed too."""
        return [change for change in self.changes if change.is_conflict]

    @property
    def digest(self) -> str:
        """Equal for equal differences: what is confirmed is what was shown."""
        told = [[one.name, one.number, dict(one.before), dict(one.after), dict(one.theirs or {})] for one in self.changes]
        return hashlib.sha256(json.dumps([told, [str(fault) for fault in self.faults]]).encode()).hexdigest()


def compare(read: ReadBook, now: Book) -> Difference:
    """Compare a workbook that came back with the register of today.

    Args:
        read: the workbook.
        now: the register, as far as whoever brings it back may see it.
    """
    changes: list[Change] = []
    faults = list(read.faults)
    missing = stale = 0
    lists = {name: frozenset(words) for name, words in now.names.lists().items()}
    for sheet in layout.SHEETS.values():
        side = _Side(read, now, sheet, lists)
        for row in read.rows[sheet.name]:
            found = list(side.changes_of(row))
            changes += found
            stale += side.is_stale(row) and not any(change.is_conflict for change in found)
        faults += side.faults
        there = {row.key for row in read.rows[sheet.name]}
        missing += sum(key not in there for key in read.base.get(sheet.name, {})) if read.rows[sheet.name] else 0
    return Difference(changes=changes, faults=in_order(faults), missing=missing, stale=stale)


class _Side:
    """One sheet: what left, what is in the register, and what came back."""

    def __init__(self, read: ReadBook, now: Book, sheet: Sheet, lists: Mapping[str, frozenset[str]]) -> None:
        self._place = f"{read.name}, sheet {sheet.name}"
        self._sheet, self._lists = sheet, lists
        self._base, self._now = read.base.get(sheet.name, {}), now.sheets[sheet.name]
        self._broken = {(fault.file, fault.row) for fault in read.faults}
        self._seen: set[str] = set()
        self._known = {_without_author(row.cells) for row in self._now.values()}
        self.faults: list[Fault] = []

    def is_stale(self, row: ReadRow) -> bool:
        """Whether somebody else changed the row since it left."""
        base, now = self._base.get(row.key), self._now.get(row.key)
        return base is not None and now is not None and now != base

    def changes_of(self, row: ReadRow) -> Iterator[Change]:
        if (self._place, row.number) in self._broken:
            return
        if not row.key:
            yield from self._new(row)
            return
        base, now = self._base.get(row.key), self._now.get(row.key)
        if base is None or row.version != str(base.version):
            self._fault(row, layout.ID, "the hidden id or version of the row was changed", AGAIN)
        elif row.key in self._seen:
            self._fault(row, layout.ID, "the row is there twice", "Remove one of the two; a new row has an empty hidden id.")
        elif now is None:
            self._fault(row, layout.ID, "the row is not among those that you may see", AGAIN)
        elif self._locked_hold(row, base):
            yield from self._changed(row, base, now)
        self._seen.add(row.key)

    def _locked_hold(self, row: ReadRow, base: Row) -> bool:
        """Protected cells say what they said. A spreadsheet can be made to let them be changed; the register does not."""
        moved = [column for column in self._sheet.columns if not column.changes and row.cells[column.key] != base.cells[column.key]]
        for column in moved:
            self._fault(row, column.heading, f"the protected cell says “{_short(row.cells[column.key])}”", _instead(column))
        return not moved

    def _changed(self, row: ReadRow, base: Row, now: Row) -> Iterator[Change]:
        for unit, columns in self._sheet.units.items():
            left, here, mine = (_part(cells, columns) for cells in (base.cells, now.cells, row.cells))
            if mine in (left, here) or not self._is_sound(row, columns, left):
                continue
            yield Change(
                sheet=self._sheet.name,
                number=row.number,
                key=row.key,
                about=self._about(row.cells),
                unit=unit,
                heading=columns[0].heading,
                before=here,
                after=mine,
                theirs=None if here == left else left,
            )

    def _new(self, row: ReadRow) -> Iterator[Change]:
        if not self._sheet.adds:
            self._fault(row, self._sheet.columns[0].heading, "a new row", "Enter new recommendations on the site, or import them.")
            return
        columns = tuple(column for column in self._sheet.columns if column.fills)
        filled_too = [column for column in self._sheet.columns if not column.fills and row.cells[column.key]]
        for column in filled_too:
            self._fault(row, column.heading, "a new row leaves this cell empty", "Clear the cell.")
        # Brought back twice, a new row is there already: it is no second one.
        if filled_too or _without_author(row.cells) in self._known or not self._is_sound(row, columns, {}):
            return
        yield Change(
            sheet=self._sheet.name,
            number=row.number,
            key="",
            about=self._about(row.cells),
            unit="",
            heading="New row",
            before={},
            after=_part(row.cells, columns),
        )

    def _is_sound(self, row: ReadRow, columns: Sequence[Column], left: Cells) -> bool:
        before = len(self.faults)
        for column in columns:
            text = row.cells[column.key]
            if len(left.get(column.key, "")) > NEARLY_TOO_LONG and text != left[column.key]:
                self._fault(row, column.heading, "the text is longer than a cell of a workbook", "Change it on the site.")
            if column.holds is Holds.CHOICE and text and text not in self._lists[column.choices]:
                self._fault(row, column.heading, f"“{_short(text)}” is not one of the list", "Select one of the list.")
            if column.holds is Holds.LINKS:
                for one in filter(None, text.split("\n")):
                    if one not in self._lists[column.choices]:
                        self._fault(row, column.heading, f"“{_short(one)}” is no action here", "Copy it from the column Action.")
        if columns and columns[0].group and left and row.cells[columns[0].key] == left[columns[0].key]:
            self._check_group(row, columns, left)
        return len(self.faults) == before

    def _check_group(self, row: ReadRow, columns: Sequence[Column], left: Cells) -> None:
        """A day or a reason alone is no new statement: what was said of a day is never rewritten."""
        makes = [column for column in columns if column.holds is Holds.CHOICE]
        if makes and all(row.cells[column.key] == left[column.key] for column in makes):
            other = next(column for column in columns if row.cells[column.key] != left[column.key])
            words = " or ".join(column.heading.lower() for column in makes)
            self._fault(row, other.heading, "it is changed alone", f"What was said stays: change the {words} with it, or put it back.")

    def _about(self, cells: Cells) -> str:
        if self._sheet is layout.RECOMMENDATIONS:
            return cells["key"]
        return cells.get("name") or cells.get("action") or cells.get("recommendation", "")

    def _fault(self, row: ReadRow, column: str, what: str, next_step: str) -> None:
        self.faults.append(Fault(what=what, file=self._place, row=row.number, column=column, next_step=next_step))


def _part(cells: Cells, columns: Sequence[Column]) -> dict[str, str]:
    return {column.key: cells[column.key] for column in columns}


def _without_author(cells: Cells) -> tuple[tuple[str, str], ...]:
    """What a row says, for finding it again: without who entered it, and without what a new row leaves empty."""
    left_out = ("by", "name", "agreed_date", "forecast_date", "state", "state_on", "state_note", "waits_for")
    return tuple(sorted((key, text.strip()) for key, text in cells.items() if key not in left_out))


def _instead(column: Column) -> str:
    if column.key in ("original_date", "agreed_date", "forecast_date"):
        return "An agreed date moves by a decision with its cause: add a row to the sheet Dates. Put the cell back."
    return "Put it back as it was; what it says is changed on the site."


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def row_words(sheet: str, cells: Cells) -> str:
    """Cells as one line: heading and text of each that is not empty."""
    columns = layout.SHEETS[sheet]
    return "; ".join(f"{columns.column(key).heading}: {text}" for key, text in cells.items() if text)
