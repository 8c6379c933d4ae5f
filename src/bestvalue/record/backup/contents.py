"""What a backup holds: its manifest, and where a file of it may lie. No Django: a backup is tested before there is a workspace."""

import re
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bestvalue.workspace import KEYS_FILE, SETTINGS_FILE

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE, WORKSPACE = "database", "workspace"
SQLITE_FILE = "record.sqlite3"
FOLDERS = ("files", "results", "reports", "frameworks", "templates", "data")
"""Folders of a workspace that are in a backup; `.cache` can be made anew."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Part(_Strict):
    """One file of the backup; `size` in bytes."""

    path: str
    size: int = Field(ge=0)
    sha256: str


class Table(_Strict):
    """One table of the record, with its columns in the order of the copy."""

    name: str
    columns: tuple[str, ...]
    rows: int = Field(ge=0)


class Copied(_Strict):
    """The record as it was at one moment.

    `checkpoint` is the head of the ledger then, `migrations` the steps that its tables had taken, `sequences` the number
    last given by each sequence of PostgreSQL: a number that was given and deleted is not to be given again.
    """

    vendor: Literal["sqlite", "postgresql"]
    checkpoint: str
    migrations: tuple[str, ...]
    tables: tuple[Table, ...]
    sequences: Mapping[str, int] = Field(default_factory=dict)


class Manifest(_Strict):
    """What was backed up, when, by which version; the last file of a backup."""

    format: int
    version: str
    made_at_utc: str
    name: str
    with_data: bool
    with_keys: bool
    record: Copied
    parts: tuple[Part, ...]


def is_place(path: str) -> bool:
    """May a file of a backup lie here? So that no name can lead out of the folder that it is unpacked to.

    Example:
        >>> is_place("workspace/data/incidents.csv"), is_place("workspace/data/../../keys.toml"), is_place("/etc/passwd")
        (True, False, False)
    """
    parts = path.split("/")
    if any(part in {"", ".", ".."} or "\\" in part or not part.isprintable() for part in parts):
        return False
    match parts:
        case ["manifest.json"] | ["database", _]:
            return True
        case ["workspace", name]:
            return name in {SETTINGS_FILE, KEYS_FILE}
        case ["workspace", folder, *_]:
            return folder in FOLDERS
    return False


def is_passing(place: str) -> bool:
    """Is it only there while something is being written? Evidence has the name of its SHA-256 when it is whole.

    Example:
        >>> is_passing("workspace/files/tmpk3x9"), is_passing("workspace/data/files/tmp.csv")
        (True, False)
    """
    name = place.rpartition("/")[2]
    if place.startswith(f"{WORKSPACE}/files/"):
        return re.fullmatch("[0-9a-f]{64}", name) is None
    return name.startswith((".writing-", "_incoming-")) or name.endswith(".passing")
