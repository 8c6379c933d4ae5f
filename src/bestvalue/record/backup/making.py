"""Making a backup: the record at one moment and the workspace's files, as one file that is whole or not there."""

import hashlib
import os
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import IO

from bestvalue.analysis.contract import Progress, no_progress
from bestvalue.errors import WorkspaceError
from bestvalue.record.backup.contents import DATABASE, FOLDERS, FORMAT, MANIFEST, WORKSPACE, Copied, Manifest, Part, is_passing, is_place
from bestvalue.record.backup.copying import copy_record
from bestvalue.workspace import KEYS_FILE, SETTINGS_FILE, Workspace


def make_backup(
    file: Path, *, workspace: Workspace, with_keys: bool = False, with_data: bool = True, progress: Progress = no_progress
) -> Manifest:
    """Write a backup of the workspace whose record is open.

    The record is copied first and the files after it: a file is laid down before the row that names it and never taken
    away, so whatever the copied rows name is there.

    Raises:
        WorkspaceError: the file is there already, lies in a folder that is backed up, or cannot be written.
    """
    file = file.absolute()
    _check_free(file, workspace)
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as made:
            database, archive = Path(made) / DATABASE, Path(made) / "archive"
            database.mkdir()
            progress(0.0, "Copying the record")
            record = copy_record(database)
            sources = [*_database_files(database), *_workspace_files(workspace.root, with_keys=with_keys, with_data=with_data)]
            with os.fdopen(os.open(archive, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
                parts = _pack(raw, sources, workspace.settings.name, record, with_keys, with_data, progress)
                raw.flush()
                os.fsync(raw.fileno())
            _check_free(file, workspace)  # somebody else may have written it meanwhile
            archive.rename(file)
        _sync_folder(file.parent)
    except OSError as cause:
        raise WorkspaceError(
            f"The backup could not be written: {cause}",
            where=str(file),
            next_step="Make room or name another place; where a file went away meanwhile, try again.",
        ) from cause
    return parts


def spoilt_evidence(manifest: Manifest) -> list[str]:
    """Evidence files whose content is no longer what their name, its SHA-256, says: on the disk they were spoilt before the backup."""
    kept = [(part.path.rpartition("/")[2], part) for part in manifest.parts if part.path.startswith(f"{WORKSPACE}/files/")]
    return [name for name, part in kept if name != part.sha256]


def _check_free(file: Path, workspace: Workspace) -> None:
    if file.exists():
        raise WorkspaceError(
            "There is a file of this name already", where=str(file), next_step="Choose another name, one with the day in it."
        )
    if not file.parent.is_dir():
        raise WorkspaceError("There is no such folder", where=str(file.parent), next_step="Make it, or name another place.")
    for folder in FOLDERS:
        if file.parent.resolve().is_relative_to((workspace.root / folder).resolve()):
            raise WorkspaceError(
                "A backup would be part of the next one here",
                where=str(file),
                next_step="Put it outside the workspace, best on another machine.",
            )


def _database_files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.iterdir()):
        yield f"{DATABASE}/{path.name}", path


def _workspace_files(root: Path, *, with_keys: bool, with_data: bool) -> Iterator[tuple[str, Path]]:
    yield f"{WORKSPACE}/{SETTINGS_FILE}", root / SETTINGS_FILE
    if with_keys:
        if not (root / KEYS_FILE).is_file():
            raise WorkspaceError(
                "There are no keys in the workspace",
                where=str(root / KEYS_FILE),
                next_step="They are in the environment: keep a copy of that.",
            )
        yield f"{WORKSPACE}/{KEYS_FILE}", root / KEYS_FILE
    for folder in FOLDERS:
        if folder != "data" or with_data:
            yield from _files_below(root, root / folder)


def _files_below(root: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        name = f"{WORKSPACE}/{path.relative_to(root).as_posix()}"
        if is_passing(name):
            continue
        if path.is_symlink() or not is_place(name):
            raise WorkspaceError(
                "A link, or a name with signs that cannot be printed, is not taken into a backup",
                where=str(path),
                next_step="Put the file itself there under a plain name, or leave the data out: --without-data",
            )
        if path.is_dir():
            yield from _files_below(root, path)
        else:
            yield name, path


def _pack(
    raw: IO[bytes],
    sources: list[tuple[str, Path]],
    name: str,
    record: Copied,
    with_keys: bool,  # noqa: FBT001 - handed on
    with_data: bool,  # noqa: FBT001 - handed on
    progress: Progress,
) -> Manifest:
    total, done, parts = sum(path.stat().st_size for _, path in sources) or 1, 0, []
    with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6, format=tarfile.PAX_FORMAT) as archive:
        for place, path in sources:
            progress(min(done / total, 1.0), place)
            parts.append(_add(archive, place, path))
            done += parts[-1].size
        manifest = Manifest(
            format=FORMAT,
            version=version("bestvalue"),
            made_at_utc=datetime.now(UTC).isoformat(timespec="seconds"),
            name=name,
            with_data=with_data,
            with_keys=with_keys,
            record=record,
            parts=tuple(parts),
        )
        text = manifest.model_dump_json(indent=1).encode()
        archive.addfile(_member(MANIFEST, len(text)), BytesIO(text))
    return manifest


class _Hashed:
    """A file that is hashed as it is read: what the manifest says is of the bytes that were packed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self._feed = self.digest.update

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self._feed(chunk)
        return chunk


def _add(archive: tarfile.TarFile, place: str, path: Path) -> Part:
    with path.open("rb") as file:
        size, hashed = os.fstat(file.fileno()).st_size, _Hashed(file)
        archive.addfile(_member(place, size), hashed)
    return Part(path=place, size=size, sha256=hashed.digest.hexdigest())


def _member(place: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(place)
    member.size, member.mode = size, 0o600
    return member


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
