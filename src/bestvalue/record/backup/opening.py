"""Opening a backup: every byte is tested before one is used. No Django: there is no workspace yet."""

import gzip
import hashlib
import json
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import IO, Any

from pydantic import ValidationError

from bestvalue.analysis.contract import Progress, no_progress
from bestvalue.errors import WorkspaceError
from bestvalue.record.backup.contents import DATABASE, FORMAT, MANIFEST, WORKSPACE, Manifest, Part, is_place

LARGEST_MANIFEST = 256 * 1024**2
LONGEST_NAME_BYTES = 64 * 1024
BLOCK = 1 << 20
PLAIN_KINDS = {tarfile.REGTYPE, tarfile.XHDTYPE}
"""A file, and the header that gives it a long name: links, devices, folders and files with holes are none of a backup's."""
FETCH = "Fetch the backup again, or take the one before it."


class _Header(tarfile.TarInfo):
    """A header that is refused before anything of it is acted on; of one that names a file, tarfile reads all into memory."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_Header":
        header = super().frombuf(buf, encoding, errors)
        if header.type not in PLAIN_KINDS or (header.type == tarfile.XHDTYPE and header.size > LONGEST_NAME_BYTES):
            raise WorkspaceError(f"The backup holds {header.name!r}, which is no plain file", next_step="Do not use it.")
        return header


def check_backup(file: Path, *, progress: Progress = no_progress) -> Manifest:
    """Read a backup from its first byte to its last, writing nothing, and test each file in it against the manifest.

    Raises:
        WorkspaceError: it is no backup, not whole, was changed, holds what no backup holds, or a newer version made it.
    """
    text, found = b"", {}
    with file.open("rb") as raw, _readable(file.name):
        size = max(file.stat().st_size, 1)
        for name, bytes_, stream in _members(raw, file.name):
            progress(min(raw.tell() / size, 1.0), name)
            if name in found or text:
                raise WorkspaceError(f"The backup holds {name!r} twice, or after its end", where=file.name, next_step="Do not use it.")
            if name == MANIFEST:
                if bytes_ > LARGEST_MANIFEST:
                    raise WorkspaceError("The manifest is too large to be one", where=file.name, next_step="Do not use it.")
                text = stream.read()
            else:
                found[name] = Part(path=name, size=bytes_, sha256=hashlib.file_digest(stream, "sha256").hexdigest())
    manifest = _read_manifest(text, file.name)
    for part in manifest.parts:
        if found.pop(part.path, None) != part:
            raise WorkspaceError(f"{part.path} was changed after the backup was made, or is missing", where=file.name, next_step=FETCH)
    if found:
        raise WorkspaceError(f"{min(found)} is not in the manifest of the backup", where=file.name, next_step="Do not use it.")
    return manifest


@contextmanager
def unpacked(file: Path, manifest: Manifest, *, beside: Path, progress: Progress = no_progress) -> Iterator[Path]:
    """Unpack a tested backup into a passing folder beside where it will be; the folder goes at the end, with what is still in it.

    Raises:
        WorkspaceError: there is no room, or the file is no longer the one that was tested.
    """
    total = sum(part.size for part in manifest.parts)
    if total > shutil.disk_usage(beside.parent).free:
        raise WorkspaceError(
            f"The backup unpacks to {total / 1e9:,.1f} GB, and there is no room", where=str(beside), next_step="Make room."
        )
    with tempfile.TemporaryDirectory(dir=beside.parent, prefix=".restoring-") as made:
        folder, expected, done = Path(made), {part.path: part for part in manifest.parts}, 0
        for top in (DATABASE, WORKSPACE):
            (folder / top).mkdir()
        with file.open("rb") as raw, _readable(file.name):
            for name, size, stream in _members(raw, file.name):
                if name == MANIFEST:
                    break
                progress(done / max(total, 1), name)
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                with (folder / name).open("x+b") as target:
                    shutil.copyfileobj(stream, target, BLOCK)
                    target.seek(0)
                    sha256 = hashlib.file_digest(target, "sha256").hexdigest()
                if expected.get(name) != Part(path=name, size=size, sha256=sha256):
                    raise WorkspaceError(
                        f"{name} is not what it was a moment ago", where=file.name, next_step="Leave the file alone meanwhile."
                    )
                done += size
        yield folder


@contextmanager
def _readable(where: str) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as cause:
        raise WorkspaceError(f"The file is no backup, or it is not whole: {cause}", where=where, next_step=FETCH) from cause


def _members(raw: IO[bytes], where: str) -> Iterator[tuple[str, int, BufferedReader]]:
    with gzip.open(raw) as plain, tarfile.open(fileobj=plain, mode="r|", tarinfo=_Header) as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if not isinstance(stream, BufferedReader) or not member.isreg() or member.issparse() or not is_place(member.name):
                raise WorkspaceError(f"The backup holds {member.name!r}, which no backup holds", where=where, next_step="Do not use it.")
            yield member.name, member.size, stream
        while plain.read(BLOCK):  # to the checksum at its end, which is the manifest's too
            pass


def _read_manifest(text: bytes, where: str) -> Manifest:
    try:
        said: Any = json.loads(text or b"{}")
        if isinstance(said, dict) and isinstance(said.get("format"), int) and said["format"] > FORMAT:
            raise newer(str(said.get("version", "a newer version")), where)
        return Manifest.model_validate(said)
    except (ValueError, ValidationError) as cause:
        raise WorkspaceError("The file is no backup of a workspace: its manifest cannot be read", where=where, next_step=FETCH) from cause


def newer(version: str, where: str) -> WorkspaceError:
    """What to say of a backup by a version that is newer than this one."""
    return WorkspaceError(
        f"bestvalue {version} made this backup, and it is newer than what is installed here",
        where=where,
        next_step="Install the version of the backup, or a later one, and restore with that.",
    )
