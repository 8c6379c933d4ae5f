"""The manifest of a bundle, as an RO-Crate: what is in it, of what kind, with the SHA-256 of each file.

Source: RO-Crate Metadata Specification 1.1 (researchobject.org): a `ro-crate-metadata.json` whose graph describes the folder.
"""

import hashlib
import json
import mimetypes
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bestvalue.errors import WorkspaceError

METADATA = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
FORMAT = "https://w3id.org/ro/crate/1.1"
VERSION = 1
"""Of what the rows mean; raised when another copy could not read them any more."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A file of a bundle.

    Args:
        path: in the bundle, with slashes.
        sha256: of its content.
        size: bytes.
        name: what it is, for people.
    """

    path: str
    sha256: str
    size: int
    name: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a bundle says of itself.

    Args:
        name: the review's title.
        published: the day of the bundle.
        marking: highest of what is in it.
        authors: names of the people in it.
        checkpoint: newest entry of the ledger that it comes from.
        rows: how many rows there are of each kind.
        parts: its files, without the metadata itself.
    """

    name: str
    published: date
    marking: str
    authors: tuple[str, ...]
    checkpoint: str
    rows: Mapping[str, int]
    parts: tuple[Part, ...]


def part_of(path: Path, *, at: str, name: str) -> Part:
    """Describe a file that goes into a bundle."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Part(path=at, sha256=sha256, size=path.stat().st_size, name=name)


def metadata(manifest: Manifest) -> str:
    """The metadata file: one JSON-LD graph."""
    people = [{"@id": f"#person-{place}", "@type": "Person", "name": name} for place, name in enumerate(manifest.authors, start=1)]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": manifest.name,
        "description": f"Evidence bundle of the review “{manifest.name}”: every row and file that belongs to it.",
        "datePublished": manifest.published.isoformat(),
        "license": f"Marked {manifest.marking}: handle it as its marking says. No licence to publish is given.",
        "author": [{"@id": person["@id"]} for person in people],
        "hasPart": [{"@id": part.path} for part in manifest.parts],
        "conditionsOfAccess": manifest.marking,
        "version": str(VERSION),
        "identifier": manifest.checkpoint,
        "variableMeasured": [{"@type": "PropertyValue", "name": kind, "value": count} for kind, count in manifest.rows.items()],
    }
    described = {"@id": METADATA, "@type": "CreativeWork", "conformsTo": {"@id": FORMAT}, "about": {"@id": "./"}}
    return json.dumps(
        {"@context": CONTEXT, "@graph": [described, root, *(_file(part) for part in manifest.parts), *people]}, indent=1, ensure_ascii=False
    )


def read_metadata(text: str, *, where: str) -> Manifest:
    """The manifest from its metadata file.

    Raises:
        WorkspaceError: it is no RO-Crate, or not of a bundle that this version reads.
    """
    try:
        graph = {entity["@id"]: entity for entity in json.loads(text)["@graph"]}
        root = graph["./"]
        if root["version"] != str(VERSION):
            raise WorkspaceError(f"The bundle is of version {root['version']}", where=where, next_step="Make it anew with this version.")
        return Manifest(
            name=root["name"],
            published=date.fromisoformat(root["datePublished"]),
            marking=root["conditionsOfAccess"],
            authors=tuple(graph[each["@id"]]["name"] for each in root["author"]),
            checkpoint=root["identifier"],
            rows={each["name"]: each["value"] for each in root["variableMeasured"]},
            parts=tuple(_part(graph[each["@id"]]) for each in root["hasPart"]),
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise WorkspaceError("The file is no bundle of a review", where=where, next_step="Make it with `bestvalue bundle make`.") from fault


def _file(part: Part) -> dict[str, Any]:
    return {
        "@id": part.path,
        "@type": "File",
        "name": part.name,
        "contentSize": str(part.size),
        "encodingFormat": mimetypes.guess_type(part.name)[0] or "application/octet-stream",
        "sha256": part.sha256,
    }


def _part(entity: Mapping[str, Any]) -> Part:
    return Part(path=entity["@id"], sha256=entity["sha256"], size=int(entity["contentSize"]), name=entity["name"])


def total(parts: Iterable[Part]) -> int:
    """Bytes of all files together."""
    return sum(part.size for part in parts)
