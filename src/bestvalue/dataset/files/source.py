"""Which files hold a table? Paths that a person names, folders opened, each with the name that messages give it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bestvalue.errors import TableError


class Format(StrEnum):
    """How a file is written."""

    DELIMITED = "CSV"
    PARQUET = "Parquet"
    WORKBOOK = "Excel workbook"
    OPEN_DOCUMENT = "OpenDocument sheet"
    BOUNDARIES = "boundaries"


_ENDINGS = {
    ".csv": Format.DELIMITED,
    ".csv.gz": Format.DELIMITED,
    ".tsv": Format.DELIMITED,
    ".tsv.gz": Format.DELIMITED,
    ".parquet": Format.PARQUET,
    ".xlsx": Format.WORKBOOK,
    ".ods": Format.OPEN_DOCUMENT,
    ".shp": Format.BOUNDARIES,
    ".geojson": Format.BOUNDARIES,
}

_REFUSED = {
    ".xlsm": "A workbook with macros is not read. In Excel: Save as, Excel Workbook (.xlsx).",
    ".xls": "An old Excel workbook is not read. In Excel: Save as, Excel Workbook (.xlsx).",
    ".xlsb": "A binary Excel workbook is not read. In Excel: Save as, Excel Workbook (.xlsx).",
    ".zip": "Unpack the archive and name the folder instead.",
}

READABLE = (
    "CSV (.csv, .tsv, also .gz), Parquet (.parquet), Excel (.xlsx), a published OpenDocument workbook (.ods) "
    "or boundaries (.shp with its .dbf, .geojson)"
)


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file of a table.

    Args:
        path: the file.
        shown: its name in messages and row numbers: the file name, with its folder where two files share a name.
        format: how it is written.
        named: a person named this very file; False when it was found in a folder.
        sheet: sheet of a workbook; empty for any other file.
    """

    path: Path
    shown: str
    format: Format
    named: bool = True
    sheet: str = ""


def ending(path: Path) -> str:
    """The file's ending in small letters, `.gz` with what stands before it."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    return "".join(suffixes[-2:]) if suffixes[-1:] == [".gz"] else "".join(suffixes[-1:])


def stem(path: Path) -> str:
    """The file's name without its ending."""
    return path.name[: len(path.name) - len(ending(path))]


def is_readable(path: Path) -> bool:
    """The file's ending is that of a format that is read."""
    return ending(path) in _ENDINGS


def format_of(path: Path) -> Format:
    """How the file is written, by its ending.

    Raises:
        TableError: it is none of the formats that are read.
    """
    found = _ENDINGS.get(ending(path))
    if found is None:
        step = _REFUSED.get(ending(path), f"Supply {READABLE}.")
        raise TableError(f"{ending(path) or 'A file without an ending'} is not a table that can be read", where=path.name, next_step=step)
    return found


def find_sources(paths: Sequence[Path], *, sheet: str) -> tuple[Source, ...]:
    """The files that these paths name, folders opened at every depth, in order of path within a folder.

    Args:
        paths: files and folders.
        sheet: the sheet to read of workbooks: the table's name.

    Raises:
        TableError: a path is missing, a named file is of no readable format, or a folder holds no readable file.
    """
    found: list[tuple[Path, bool]] = []
    for path in paths:
        if path.is_dir():
            inside = [file for file in visible_files(path) if is_readable(file)]
            if not inside:
                raise TableError("The folder holds no table", where=path.name, next_step=f"Put {READABLE} into it.")
            found.extend((file, False) for file in inside)
        elif path.is_file():
            format_of(path)
            found.append((path, True))
        else:
            raise TableError("There is no such file", where=str(path), next_step="Check the name and the folder.")
    names = _shown([path for path, _ in found])
    return tuple(
        Source(path=path, shown=name, format=kind, named=named, sheet=sheet if kind is Format.WORKBOOK else "")
        for (path, named), name in zip(found, names, strict=True)
        for kind in (format_of(path),)
    )


def visible_files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, in order, without hidden ones and those below `_truth` and other folders set apart."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "_", "~$")):
            continue
        if path.is_dir():
            yield from visible_files(path)
        else:
            yield path


def _shown(paths: Iterable[Path]) -> list[str]:
    resolved = [path.resolve() for path in paths]
    names = [path.name for path in resolved]
    depth = 1
    while len(set(names)) < len(set(resolved)):
        depth += 1
        names = ["/".join(path.parts[-depth:]) if names.count(name) > 1 else name for path, name in zip(resolved, names, strict=True)]
    return names
