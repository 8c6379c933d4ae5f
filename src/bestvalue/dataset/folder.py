"""Which files of a data folder hold which table? Told by their names; what has no table's name is said, not passed over."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bestvalue.dataset.checks.header import did_you_mean
from bestvalue.dataset.files.open import open_file
from bestvalue.dataset.files.source import Source, ending, format_of, is_readable, stem, visible_files
from bestvalue.dataset.files.workbook import sheet_names
from bestvalue.dataset.readers import READERS
from bestvalue.dataset.tables import TABLES
from bestvalue.errors import TableError


@dataclass(frozen=True, kw_only=True)
class FoundTables:
    """The files of each table in a folder, and a warning for every file that is none's."""

    tables: Mapping[str, tuple[Path, ...]]
    warnings: tuple[str, ...]


def find_tables(folder: Path) -> FoundTables:
    """Look through a data folder: `incidents.csv`, a folder `incidents/`, a workbook with a sheet `incidents`.

    Hidden files, and files and folders whose name begins with an underscore, are set apart and not looked at.
    """
    tables: dict[str, list[Path]] = {}
    warnings: list[str] = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.name.startswith((".", "_", "~$")):
            continue
        names = _tables_in(path)
        for name in names:
            tables.setdefault(name, []).append(path)
        if not names:
            warnings.append(_unknown(path))
    return FoundTables(tables={name: tuple(paths) for name, paths in tables.items()}, warnings=tuple(warnings))


def _tables_in(path: Path) -> list[str]:
    name = path.name if path.is_dir() else stem(path)
    if name in TABLES and (path.is_dir() or is_readable(path)):
        return [name]
    if ending(path) == ".xlsx" and path.is_file():
        try:
            return [sheet.strip().lower() for sheet in sheet_names(path) if sheet.strip().lower() in TABLES]
        except TableError:
            return []
    return []


def _unknown(path: Path) -> str:
    if path.is_dir():
        if not any(is_readable(file) for file in visible_files(path)):
            return f"{path.name}/ holds no table and is not read"
        return f"{path.name}/ is no table's name, so it is not read{did_you_mean(path.name, list(TABLES))}"
    if not is_readable(path):
        return f"{path.name} is no table and is not read"
    if (published := _published(path)) is not None:
        return published
    return f"{path.name} is no table's name, so it is not read{did_you_mean(stem(path), list(TABLES))}"


def _published(path: Path) -> str | None:
    """A published layout under its publisher's file name: say where to put it."""
    try:
        header = open_file(Source(path=path, shown=path.name, format=format_of(path))).header
    except TableError as error:
        return f"{path.name} is no table's name, and it cannot be read: {error.what}"
    for reader in READERS.values():
        if reader.recognises(header):
            return f"{path.name} looks like {reader.title}: put it into a folder {reader.table}/ to have it read"
    return None
