"""Tables that come in through the site: set aside, checked, and only then put into the data folder.

A table with faults never replaces a sound one. What a sound one replaces is kept, under `data/_replaced/`: names that
begin with an underscore are not read.
"""

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from bestvalue.dataset.folder import find_tables
from bestvalue.dataset.report import TableReport
from bestvalue.errors import TableError
from bestvalue.record.bodies.models import Person
from bestvalue.record.confined import confined
from bestvalue.record.ledger import ledger
from bestvalue.record.reading_bounds import table_bounds
from bestvalue.site.table_check import check_table
from bestvalue.workspace import SETTINGS_FILE, Workspace

LARGEST_MB = 200
ENDINGS = (".csv", ".csv.gz", ".parquet", ".xlsx", ".geojson")
REPLACED = "_replaced"


def add_table(workspace: Workspace, *, table: str, uploads: "Sequence[UploadedFile[Any]]", by: Person, at: datetime) -> TableReport:
    """Check the files of a table and, if they are sound, put them into the data folder in place of what is there.

    Args:
        workspace: where to.
        table: name of the table.
        uploads: its files, all of them: they replace the table.
        by: who brings them.
        at: now; names the folder that keeps what they replace.

    Returns:
        The report of the check. The data folder has changed only if it passed.

    Raises:
        TableError: the settings of the workspace name the files of this table, so that others would not be read.
        BestValueError: the files take more time or memory to read than they may.
    """
    if table in workspace.settings.tables:
        raise TableError(
            f"The files of {table} are named in {SETTINGS_FILE}",
            where="table",
            next_step="Change them there, or remove the entry and upload again.",
        )
    with _set_aside(workspace.data_folder, uploads) as folder:
        report = confined(
            check_table,
            table_bounds(),
            table,
            folder,
            named={name: ([workspace.root / path for path in said.files], said.reader) for name, said in workspace.settings.tables.items()},
            data_folder=workspace.data_folder,
            cache=workspace.cache_folder,
            time_zone=workspace.settings.time_zone,
        )
        if report.passed:
            _accept(workspace, table, folder, by=by, at=at)
    return report


@contextmanager
def _set_aside(data_folder: Path, uploads: "Sequence[UploadedFile[Any]]") -> Iterator[Path]:
    """The uploaded files in a folder of their own, beside the tables so that moving them there is one step."""
    with tempfile.TemporaryDirectory(dir=data_folder, prefix="_incoming-") as made:
        folder = Path(made) / "files"
        folder.mkdir()
        for place, upload in enumerate(uploads, start=1):
            with (folder / _safe_name(upload.name or "", place)).open("wb") as file:
                for chunk in upload.chunks():
                    file.write(chunk)
        yield folder


def _safe_name(name: str, place: int) -> str:
    """The name that a file came with, for people to recognise it by, without anything that could lead elsewhere.

    Example:
        >>> _safe_name("../../etc/2024 street.csv", 1)
        '2024-street.csv'
        >>> _safe_name(".CSV", 2)
        'file-2.csv'
    """
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", Path(name.replace("\\", "/")).name).strip("-.")
    ending = next((ending for ending in ENDINGS if name.lower().endswith(ending)), "")
    return plain if plain.lower().endswith(ending) else f"file-{place}{ending}"


@transaction.atomic
def _accept(workspace: Workspace, table: str, folder: Path, *, by: Person, at: datetime) -> None:
    files = {path.name: _sha256(path) for path in sorted(folder.iterdir())}
    ledger.write("data.table_uploaded", target=by, by=by, payload={"table": table, "files": files})
    kept = workspace.data_folder / REPLACED / at.strftime("%Y-%m-%dT%H-%M-%S-%f")
    for path in _files_of(workspace.data_folder, table):
        kept.mkdir(parents=True, exist_ok=True)
        shutil.move(path, kept / path.name)
    folder.rename(workspace.data_folder / table)


def _files_of(data_folder: Path, table: str) -> list[Path]:
    """What holds the table now. A workbook that holds other tables too stays: its other sheets are still read."""
    found = find_tables(data_folder).tables
    return [path for path in found.get(table, ()) if not any(path in paths for name, paths in found.items() if name != table)]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
