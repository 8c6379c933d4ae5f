"""Keeping a file of evidence: what may come in, and where it lies."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bestvalue.errors import RuleError
from bestvalue.record.reviews.file_contents import check_contents

LARGEST_BYTES = 100 * 1024 * 1024

OFFICE = b"PK\x03\x04"
STARTS: Mapping[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF-",),
    ".docx": (OFFICE,),
    ".xlsx": (OFFICE,),
    ".pptx": (OFFICE,),
    ".odt": (OFFICE,),
    ".ods": (OFFICE,),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".parquet": (b"PAR1",),
    ".csv": (),
    ".txt": (),
    ".md": (),
}
"""How a file of each kind that may come in begins. HTML and SVG may not: they can carry script. Text has no such mark."""


@dataclass(frozen=True, kw_only=True)
class KeptFile:
    """A file that was taken in: the name that it came with, its SHA-256 and its size in bytes."""

    name: str
    sha256: str
    size: int


def keep_file(path: Path, *, name: str, folder: Path) -> KeptFile:
    """Copy a file into the workspace, under its SHA-256: never under the name it came with, so that no name can lead elsewhere.

    Raises:
        RuleError: it is of a kind that may not come in, is not what its name says, is empty or too large.
    """
    name = Path(name.replace("\\", "/")).name
    check_file(path, name=name)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    kept = folder / sha256
    if not kept.exists():
        handle, passing = tempfile.mkstemp(dir=folder)
        os.close(handle)
        shutil.copyfile(path, passing)
        # Renamed only when whole: a copy cut short never lies under the name of the whole.
        Path(passing).replace(kept)
    return KeptFile(name=name, sha256=sha256, size=path.stat().st_size)


def check_file(path: Path, *, name: str) -> None:
    """Refuse a file that may not come in.

    Raises:
        RuleError: the message says why, and what may.
    """
    suffix, size = Path(name).suffix.lower(), path.stat().st_size
    if suffix not in STARTS:
        raise RuleError(
            f"Files of the kind {suffix or 'without an ending'!r} are not taken", where=name, next_step=f"Bring one of: {', '.join(STARTS)}"
        )
    if not 0 < size <= LARGEST_BYTES:
        raise RuleError(f"The file has {size:,} bytes", where=name, next_step=f"Bring a file of 1 to {LARGEST_BYTES:,} bytes.")
    with path.open("rb") as file:
        begins = file.read(16)
    if STARTS[suffix] and not begins.startswith(STARTS[suffix]):
        raise RuleError(
            f"The file is not what its ending {suffix} says", where=name, next_step="Save it anew from its program, with the right ending."
        )
    if not STARTS[suffix] and b"\x00" in begins:
        raise RuleError("The file is not text", where=name, next_step="Save it as text (UTF-8).")
    check_contents(path, name=name)
