"""Is a workbook safe to open, and do its cells hold values? Asked of the package itself, before any reader of Excel sees it.

An .xlsx is a zip archive of XML. What it unpacks to is counted while unpacking: the sizes that an archive states about
itself may be lies.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from bestvalue.errors import TableError

MOST_MEMBERS = 10_000
MOST_UNPACKED_BYTES = 2 << 30
"""2 GiB: a sheet of a million rows and twenty columns unpacks to about 1.2 GB."""

MOST_TIMES_LARGER = 400
"""A sheet of one repeated word packs about 150 to 1; a bomb of zeros 1,000 to 1."""

_SMALL_BYTES = 32 << 20  # below this a high ratio does no harm: tiny sheets of one value pack very well
_CHUNK_BYTES = 4 << 20
_ERROR_CELL = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)(\d+)"')
_FORMULA_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_PLACE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_FILLED_CELL = re.compile(rb'<(?:\w+:)?c\b[^>/]*\br="[A-Z]+(\d+)"[^>/]*>')
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"


@dataclass(frozen=True, kw_only=True)
class SheetScan:
    """What a sheet's cells look like from outside.

    Args:
        first_row: the row of the first cell with a value, as the spreadsheet counts.
        error_cells: places ("B418") that hold an error of Excel, such as #N/A.
        blank_formulas: places of formulas whose value was never worked out and saved.
    """

    first_row: int
    error_cells: tuple[tuple[str, int], ...]
    blank_formulas: tuple[tuple[str, int], ...]


def check_package(path: Path) -> Mapping[str, str]:
    """Check a workbook and name its sheets.

    Returns:
        The package member of each sheet, by the sheet's name, in order.

    Raises:
        TableError: it is no workbook, holds macros, is protected by a password, is damaged, or unpacks to more than is sane.
    """
    state = path.stat()
    return _check_state(path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=8)  # a workbook of many tables is asked for once a table
def _check_state(path: Path, _size: int, _changed_ns: int) -> Mapping[str, str]:
    try:
        with zipfile.ZipFile(path) as package:
            _check_members(path, package.infolist())
            _check_unpacked(path, package)
            return _sheets(path, package)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as cause:
        raise _unreadable(path, cause) from cause


def _check_members(path: Path, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise _bomb(path, f"it holds {len(members):,} files")
    if any(member.filename.lower().endswith("vbaproject.bin") for member in members):
        raise TableError(
            "The workbook holds macros", where=path.name, next_step="In Excel: Save as, Excel Workbook (.xlsx), which leaves them out."
        )
    stated = sum(member.file_size for member in members)
    _check_size(path, unpacked=stated, packed=path.stat().st_size)


def _check_unpacked(path: Path, package: zipfile.ZipFile) -> None:
    unpacked = 0
    for member in package.infolist():
        with package.open(member) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                unpacked += len(chunk)
                _check_size(path, unpacked=unpacked, packed=path.stat().st_size)


def _check_size(path: Path, *, unpacked: int, packed: int) -> None:
    if unpacked > MOST_UNPACKED_BYTES or (unpacked > _SMALL_BYTES and unpacked > MOST_TIMES_LARGER * packed):
        raise _bomb(path, f"its {packed:,} bytes unpack to {unpacked:,} or more")


def _bomb(path: Path, why: str) -> TableError:
    return TableError(
        f"The workbook is refused: {why}, which no table needs",
        where=path.name,
        next_step="Supply the table as CSV (UTF-8) or Parquet.",
    )


def _sheets(path: Path, package: zipfile.ZipFile) -> dict[str, str]:
    names = set(package.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        raise TableError("The file is not an Excel workbook", where=path.name, next_step="In Excel: Save as, Excel Workbook (.xlsx).")
    try:
        relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"), forbid_dtd=True)
        book = ElementTree.fromstring(package.read("xl/workbook.xml"), forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException) as cause:
        raise _unreadable(path, cause) from cause
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    sheets = {}
    for sheet in (*book.iter(f"{_MAIN}sheet"), *book.iter(f"{_STRICT}sheet")):
        identity = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        target = targets.get(identity, "")
        member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if member in names:
            sheets[sheet.get("name", "")] = member
    if not sheets:
        raise TableError("The workbook has no sheet", where=path.name, next_step="Supply the table with its header.")
    return sheets


def scan_sheet(path: Path, member: str) -> SheetScan:
    """Look through a sheet's cells for what a reader of Excel would quietly read as empty.

    Args:
        path: a workbook that passed `check_package`.
        member: the sheet's member of the package.
    """
    first_row = 0
    errors: list[tuple[str, int]] = []
    blanks: list[tuple[str, int]] = []
    for text in _whole_cells(path, member):
        if not first_row and (filled := _FILLED_CELL.search(text)):
            first_row = int(filled[1])
        errors.extend((place[1].decode(), int(place[2])) for place in _ERROR_CELL.finditer(text))
        # A formula whose answer is the empty text is saved as a text without a value: that is no fault.
        blank = (formula[1] for formula in _FORMULA_CELL.finditer(text) if b't="str"' not in formula[1])
        blanks.extend((place[1].decode(), int(place[2])) for cell in blank if (place := _PLACE.search(cell)))
    return SheetScan(first_row=first_row or 1, error_cells=tuple(errors), blank_formulas=tuple(blanks))


def _whole_cells(path: Path, member: str) -> Iterator[bytes]:
    """The sheet's XML in parts that never cut a cell in two."""
    with zipfile.ZipFile(path) as package, package.open(member) as stream:
        rest = b""
        while chunk := stream.read(_CHUNK_BYTES):
            text = rest + chunk
            cut = text.rfind(b"</row>") + len(b"</row>")
            cut = cut if cut >= len(b"</row>") else 0
            yield text[:cut]
            rest = text[cut:]
        yield rest


def _unreadable(path: Path, cause: Exception) -> TableError:
    return TableError(
        f"The file cannot be read as an Excel workbook: {str(cause).splitlines()[0] if str(cause) else type(cause).__name__}",
        where=path.name,
        next_step="It is damaged, cut short, protected by a password, or something else under the name .xlsx: save or copy it again.",
    )
