"""Opening a bundle: is it whole, is it what it says, and is there nothing in it that should not be?"""

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from bestvalue.errors import WorkspaceError
from bestvalue.record.bundle.crate import METADATA, Manifest, Part, read_metadata, total
from bestvalue.record.bundle.making import LEDGER, ROWS

LARGEST_BYTES = 4 * 1024**3
NAMES = re.compile(r"rows\.jsonl|ledger\.jsonl|files/[0-9a-f]{64}|results/[0-9a-f]{64}/[A-Za-z0-9_.-]+|reports/[A-Za-z0-9_.-]+")
"""Where a file of a bundle may lie; nothing else is unpacked, so that no name can lead elsewhere."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A bundle that is whole: its manifest, its rows, and the folder that its files were unpacked to."""

    source: Path
    sha256: str
    manifest: Manifest
    rows: tuple[dict[str, Any], ...]
    folder: Path


@contextmanager
def open_bundle(source: Path, *, folder: Path) -> Iterator[Opened]:
    """Unpack a bundle and test every file of it against its manifest.

    Args:
        source: the zip file.
        folder: an empty folder to unpack it to.

    Raises:
        WorkspaceError: it is no bundle, too large, not whole, or changed since it was made.
    """
    manifest = _unpack(source, folder)
    for part in manifest.parts:
        _check(part, folder, source)
    with (folder / ROWS).open(encoding="utf-8") as file:
        rows = tuple(json.loads(line) for line in file)
    with source.open("rb") as whole:
        sha256 = hashlib.file_digest(whole, "sha256").hexdigest()
    yield Opened(source=source, sha256=sha256, manifest=manifest, rows=rows, folder=folder)


def place_files(opened: Opened) -> None:
    """Put evidence files, results and published reports where this workspace keeps them; what is there already stays.

    Raises:
        WorkspaceError: a published report of the same name and another content is there.
    """
    workspace = settings.WORKSPACE
    for part in opened.manifest.parts:
        kind, _, rest = part.path.partition("/")
        if kind == "files":
            target = workspace.files_folder / rest
        elif kind == "reports":
            target = workspace.reports_folder / rest
        elif kind == "results":
            digest, _, name = rest.partition("/")
            target = workspace.store.place_of(digest) / name
        else:
            continue
        if target.exists():
            if kind == "reports" and hashlib.sha256(target.read_bytes()).hexdigest() != part.sha256:
                raise WorkspaceError("A report of this name is there already", where=rest, next_step="Move it away, then take it in again.")
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        passing = target.with_name(f".{target.name}.passing")
        shutil.copyfile(opened.folder / part.path, passing)
        passing.replace(target)


def _unpack(source: Path, folder: Path) -> Manifest:
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = read_metadata(archive.read(METADATA).decode("utf-8"), where=source.name)
            _check_names(manifest, source)
            for part in manifest.parts:
                target = folder / part.path
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(part.path) as packed, target.open("wb") as file:
                    _copy(packed, file, part, source)
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError) as fault:
        raise WorkspaceError(
            "The file is no bundle of a review, or it is not whole", where=source.name, next_step="Fetch or make it again."
        ) from fault
    return manifest


def _check_names(manifest: Manifest, source: Path) -> None:
    for part in manifest.parts:
        if not NAMES.fullmatch(part.path):
            raise WorkspaceError(f"The bundle has a file {part.path!r} that no bundle has", where=source.name, next_step="Do not use it.")
    if total(manifest.parts) > LARGEST_BYTES:
        raise WorkspaceError("The bundle would unpack to more than 4 GiB", where=source.name, next_step="Split the review's files off.")
    if {ROWS, LEDGER} - {part.path for part in manifest.parts}:
        raise WorkspaceError("The bundle has no rows", where=source.name, next_step="Make it again with `bestvalue bundle make`.")


def _copy(packed: Any, file: Any, part: Part, source: Path) -> None:
    """Copy what the manifest says and not a byte more: a packed bomb says one size and has another."""
    left = part.size + 1
    while left > 0 and (chunk := packed.read(min(left, 1 << 20))):
        file.write(chunk)
        left -= len(chunk)
    if left != 1:
        raise WorkspaceError(f"{part.path} is not of the size that the manifest says", where=source.name, next_step="Fetch it again.")


def _check(part: Part, folder: Path, source: Path) -> None:
    with (folder / part.path).open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != part.sha256:
            raise WorkspaceError(f"{part.path} was changed after the bundle was made", where=source.name, next_step="Fetch it again.")
