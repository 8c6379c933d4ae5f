"""What does a tracker's file say? One table of text: its headings and rows, from CSV, Excel, OpenDocument or JSON."""

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fastexcel

from bestvalue.dataset.files.open_document import check_document
from bestvalue.dataset.files.package import check_package
from bestvalue.dataset.files.source import format_of
from bestvalue.errors import TableError

MOST_ROWS, MOST_COLUMNS, MOST_BYTES = 20_000, 100, 20 << 20
ENDINGS = (".csv", ".tsv", ".xlsx", ".ods", ".json")
LOOKED_THROUGH = 20
"""Rows at the top among which the headings are looked for: titles often stand above them."""
_FORMULA = ("'=", "'+", "'-", "'@", "'\t", "'\r", "'＝", "'＋", "'－", "'＠")


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table of text.

    Args:
        name: of the file.
        sheet: the sheet that it was read from; empty for a file without sheets.
        sheets: all of them.
        headings: of its columns, each once.
        rows: the number of each row as the spreadsheet counts, and its cells by heading.
    """

    name: str
    sheet: str
    sheets: Sequence[str]
    headings: Sequence[str]
    rows: Sequence[tuple[int, Mapping[str, str]]]

    def examples(self, heading: str, *, most: int = 3) -> list[str]:
        """The first different words of a column."""
        found = dict.fromkeys(cells[heading] for _, cells in self.rows if cells[heading])
        return list(found)[:most]

    def words(self, heading: str) -> list[str]:
        """Every different word of a column, the most frequent first."""
        counted: dict[str, int] = {}
        for _, cells in self.rows:
            if cells[heading]:
                counted[cells[heading]] = counted.get(cells[heading], 0) + 1
        return sorted(counted, key=lambda word: (-counted[word], word))


def read_grid(content: bytes, *, name: str, sheet: str = "") -> Grid:
    """Read a tracker's file.

    Args:
        content: of the file.
        name: under which it came; its ending says how it is written.
        sheet: which one to read of a workbook; the one with the most rows when left out.

    Raises:
        TableError: it cannot be read, has macros, is larger than is sane, or holds no table.
    """
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        if ending != ".json":
            format_of(Path(name))  # says what to do about .xlsm, .xls and whatever is no table
        raise TableError(f"{ending} is not a tracker that can be read", where=name, next_step=f"Save it as one of {', '.join(ENDINGS)}.")
    if len(content) > MOST_BYTES:
        raise TableError(f"The file has more than {MOST_BYTES >> 20} MB", where=name, next_step="Save the sheet of the tracker alone.")
    if ending in (".xlsx", ".ods"):
        return _book(content, name, ending, sheet)
    lines = _json(content, name) if ending == ".json" else _delimited(content, name)
    return _grid(lines, name=name, sheet="", sheets=())


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise TableError(
            f"The file is not UTF-8: byte {cause.start:,} is {content[cause.start]:#x}",
            where=name,
            next_step="In Excel: Save as, CSV UTF-8; or bring the workbook itself.",
        ) from cause


def _delimited(content: bytes, name: str) -> list[list[str]]:
    text = _text(content, name)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t|", key=first.count)
    try:
        # What our own lists put before a text that looks like a formula is taken off again.
        return [[_bare(cell) for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error as cause:
        raise TableError(f"The file cannot be read as CSV: {cause}", where=name, next_step="Save it again as CSV UTF-8.") from cause


def _bare(cell: str) -> str:
    return cell[1:] if cell.startswith(_FORMULA) else cell


def _json(content: bytes, name: str) -> list[list[str]]:
    try:
        found = json.loads(_text(content, name))
    except (json.JSONDecodeError, RecursionError) as cause:
        raise TableError(f"The file is not JSON: {cause}", where=name, next_step="Export it again.") from cause
    records = [dict(_flat(one)) for one in _records(found)]
    if not records:
        raise TableError("The file holds no list of recommendations", where=name, next_step="Export the list as JSON objects, one each.")
    headings = list(dict.fromkeys(key for one in records for key in one))
    return [headings, *([one.get(heading, "") for heading in headings] for one in records)]


def _records(found: Any) -> list[dict[str, Any]]:
    """The longest list of objects, at the top or one level below."""
    lists = [found] if isinstance(found, list) else list(found.values()) if isinstance(found, dict) else []
    objects = [[one for one in each if isinstance(one, dict)] for each in lists if isinstance(each, list)]
    return max(objects, key=len, default=[])


def _flat(one: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in one.items():
        name = f"{above}{key}"
        if isinstance(value, dict):
            yield from _flat(value, f"{name}.")
        elif isinstance(value, list) and all(not isinstance(part, dict | list) for part in value):
            yield name, "; ".join(_word(part) for part in value)
        else:
            yield name, _word(value)


def _word(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _book(content: bytes, name: str, ending: str, wanted: str) -> Grid:
    check: Callable[[Path], object] = check_package if ending == ".xlsx" else check_document
    with tempfile.TemporaryDirectory(prefix="bestvalue-") as folder:
        path = Path(folder) / f"tracker{ending}"
        path.write_bytes(content)
        try:
            check(path)
            book = fastexcel.read_excel(path)
            sheets = {one: _cells(book, one) for one in book.sheet_names if not wanted or one == wanted}
        except TableError as refused:
            raise TableError(refused.what, where=name, next_step=refused.next_step) from refused
        except fastexcel.FastExcelError as cause:
            said = str(cause).splitlines()[0]
            raise TableError(f"The workbook cannot be read: {said}", where=name, next_step="Save it again as .xlsx.") from cause
    if not sheets:
        raise TableError(f"The workbook has no sheet {wanted}", where=name, next_step="Select another sheet.")
    chosen = max(sheets, key=lambda one: len(sheets[one]))
    return _grid(sheets[chosen], name=name, sheet=chosen, sheets=tuple(book.sheet_names))


def _cells(book: fastexcel.ExcelReader, sheet: str) -> list[list[str]]:
    frame = book.load_sheet(sheet, header_row=None, skip_rows=0, n_rows=MOST_ROWS + LOOKED_THROUGH + 1, dtypes="string").to_polars()
    return [["" if cell is None else str(cell) for cell in row[:MOST_COLUMNS]] for row in frame.iter_rows()]


def _grid(lines: list[list[str]], *, name: str, sheet: str, sheets: Sequence[str]) -> Grid:
    place = _heading_row([[cell.strip() for cell in line] for line in lines[:LOOKED_THROUGH]])
    if place is None:
        raise TableError("The file holds no table with headings", where=name, next_step="Give each column its heading in one row.")
    headings = _once([" ".join(cell.split()) for cell in lines[place]])
    rows = []
    for number, line in enumerate(lines[place + 1 :], start=place + 2):
        cells = {heading: line[at].strip() if at < len(line) else "" for at, heading in enumerate(headings) if heading}
        if any(cells.values()):
            rows.append((number, cells))
    if len(rows) > MOST_ROWS:
        raise TableError(f"The tracker has more than {MOST_ROWS:,} rows", where=name, next_step="Bring it in parts.")
    return Grid(name=name, sheet=sheet, sheets=sheets, headings=[one for one in headings if one], rows=rows)


def _heading_row(lines: Sequence[Sequence[str]]) -> int | None:
    """The first row that has nearly as many different words as the fullest one."""
    filled = [len({cell for cell in line if cell}) for line in lines]
    most = max(filled, default=0)
    return next((place for place, count in enumerate(filled) if count >= max(2, round(0.6 * most))), None)


def _once(headings: Sequence[str]) -> list[str]:
    """Headings, each once: the second of a name is told from the first.

    Example:
        >>> _once(["Ref", "Status", "", "Status"])
        ['Ref', 'Status', '', 'Status (2)']
    """
    seen: dict[str, int] = {}
    told = []
    for heading in headings[:MOST_COLUMNS]:
        seen[heading] = seen.get(heading, 0) + 1
        told.append(heading if not heading or seen[heading] == 1 else f"{heading} ({seen[heading]})")
    return told
