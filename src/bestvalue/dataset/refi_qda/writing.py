"""How are coded words written for other tools? A .qdpx project or .qdc code book that their importers and the schema take."""

import io
import uuid
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from bestvalue.dataset.refi_qda.project import Code, Project, Text

PROJECT_SPACE, CODEBOOK_SPACE = "urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0"
OURS = uuid.UUID("6f1f8a7e-6c2b-5d0b-9d3a-0b1c5f6a7d21")
"""Name space of guids made from names: the same names give the same guids, so that a second export updates the first."""

EPOCH = (2000, 1, 1, 0, 0, 0)
"""Date of the entries in the zip: the same project gives the same bytes."""


def write_project(project: Project, file: Path, *, origin: str = "bestvalue") -> None:
    """Write a .qdpx; texts lie beside project.qde as UTF-8, offsets count code points."""
    root = ElementTree.Element("Project", {"xmlns": PROJECT_SPACE, "name": project.name, "origin": origin})
    coders = sorted({selection.coder for text in project.texts for selection in text.selections if selection.coder})
    if coders:
        users = ElementTree.SubElement(root, "Users")
        for coder in coders:
            ElementTree.SubElement(users, "User", {"guid": _guid("user", coder), "name": coder})
    if project.codes:
        _write_codes(ElementTree.SubElement(root, "CodeBook"), project.codes)
    names: dict[str, str] = {}
    if project.texts:
        sources = ElementTree.SubElement(root, "Sources")
        for text in project.texts:
            names[text.guid] = f"{_guid('text', text.guid)}.txt"
            _write_text(sources, text, names[text.guid])
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo("project.qde", EPOCH), _serialise(root), zipfile.ZIP_DEFLATED)
        for text in project.texts:
            packed.writestr(zipfile.ZipInfo(f"sources/{names[text.guid]}", EPOCH), text.words.encode(), zipfile.ZIP_DEFLATED)


def write_codebook(codes: tuple[Code, ...], file: Path, *, origin: str = "bestvalue") -> None:
    """Write a .qdc."""
    root = ElementTree.Element("CodeBook", {"xmlns": CODEBOOK_SPACE, "origin": origin})
    _write_codes(root, codes)
    file.write_bytes(_serialise(root))


def _write_codes(book: ElementTree.Element, codes: tuple[Code, ...]) -> None:
    """Codes below their parents; a parent is found by its path."""
    block = ElementTree.SubElement(book, "Codes")
    placed: dict[tuple[str, ...], ElementTree.Element] = {}
    for code in codes:
        parent = placed.get(code.path, block)
        element = ElementTree.SubElement(
            parent, "Code", {"guid": _guid("code", code.guid), "name": code.name, "isCodable": "true" if code.codable else "false"}
        )
        if code.definition:
            ElementTree.SubElement(element, "Description").text = _clean(code.definition)
        placed[*code.path, code.name] = element


def _write_text(sources: ElementTree.Element, text: Text, name: str) -> None:
    source = ElementTree.SubElement(
        sources, "TextSource", {"guid": _guid("text", text.guid), "name": text.name, "plainTextPath": f"internal://{name}"}
    )
    places: dict[tuple[int, int], ElementTree.Element] = {}
    for selection in text.selections:
        span = (selection.start, selection.end)
        if span not in places:
            places[span] = ElementTree.SubElement(
                source,
                "PlainTextSelection",
                {
                    "guid": _guid("selection", text.guid, str(span)),
                    "name": _clean(text.words[slice(*span)][:40]),
                    "startPosition": str(span[0]),
                    "endPosition": str(span[1]),
                },
            )
        coding = {"guid": _guid("coding", text.guid, str(span), selection.coder, selection.code)}
        if selection.coder:
            coding["creatingUser"] = _guid("user", selection.coder)
        element = ElementTree.SubElement(places[span], "Coding", coding)
        ElementTree.SubElement(element, "CodeRef", {"targetGUID": _guid("code", selection.code)})


def _guid(*parts: str) -> str:
    """A guid that is one already stays; others are made from the name."""
    try:
        return str(uuid.UUID(parts[-1])) if len(parts) == 2 else str(uuid.uuid5(OURS, "\x1f".join(parts)))
    except ValueError:
        return str(uuid.uuid5(OURS, "\x1f".join(parts)))


def _clean(words: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(letter for letter in words if letter in "\t\n\r" or ord(letter) >= 32)


def _serialise(root: ElementTree.Element) -> bytes:
    held = io.BytesIO()
    ElementTree.ElementTree(root).write(held, encoding="utf-8", xml_declaration=True)
    return held.getvalue()
