"""How is a .qdpx or .qdc file read? With distrust: it comes from outside, as a zip of XML."""

import io
import re
import zipfile
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from bestvalue.dataset.refi_qda.project import Code, Project, Selection, Text
from bestvalue.errors import TableError

MOST_BYTES = 200_000_000
"""Of one file once unpacked; a project of a hundred long interviews has a few million."""

MOST_FILES, MOST_RATIO, SMALL = 20_000, 200, 1_000_000
"""More files, or text that packs better than 200 to 1 above a million bytes, is a zip bomb and no interview."""

PROJECT_FILE = "project.qde"


def read_project(file: Path) -> Project:
    """Read a project (.qdpx).

    Raises:
        TableError: no zip of a project, a bomb, a path that leads out of it, a document type declaration, or XML that cannot be read.
    """
    try:
        with zipfile.ZipFile(file) as packed:
            _check(packed, file)
            name = next((one for one in packed.namelist() if PurePosixPath(one).name.lower() == PROJECT_FILE), None)
            if name is None:
                raise TableError(
                    f"There is no {PROJECT_FILE} in it", where=file.name, next_step="Export the project again as REFI-QDA (.qdpx)."
                )
            root = _parse(_unpack(packed, name, file), file)
            sources = {PurePosixPath(one).name: one for one in packed.namelist() if not one.endswith("/")}
            return _project(root, packed, sources, file)
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError) as cause:
        raise TableError("The file is no zip that can be opened", where=file.name, next_step="Export it again as REFI-QDA.") from cause


def read_codebook(file: Path) -> tuple[Code, ...]:
    """Read a code book (.qdc).

    Raises:
        TableError: it cannot be read, or has a document type declaration.
    """
    if file.stat().st_size > MOST_BYTES:
        raise _too_large(file)
    root = _parse(file.read_bytes(), file)
    codes: list[Code] = []
    for block in _children(root, "Codes"):
        _codes(block, (), codes)
    return tuple(codes)


def _check(packed: zipfile.ZipFile, file: Path) -> None:
    entries = packed.infolist()
    if len(entries) > MOST_FILES:
        raise _too_large(file)
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or re.match(r"^[A-Za-z]:", entry.filename):
            raise TableError(
                f"The path {entry.filename!r} leads out of the file", where=file.name, next_step="Do not open it; ask who sent it."
            )
        if entry.file_size > MOST_BYTES or (entry.file_size > SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1)):
            raise _too_large(file)


def _unpack(packed: zipfile.ZipFile, name: str, file: Path) -> bytes:
    # The size in the directory can lie, so what comes out is counted too.
    with packed.open(name) as stream:
        held = stream.read(MOST_BYTES + 1)
    if len(held) > MOST_BYTES:
        raise _too_large(file)
    return held


def _too_large(file: Path) -> TableError:
    return TableError("It unpacks to far more than a project holds", where=file.name, next_step="Do not open it; ask who sent it.")


def _parse(raw: bytes, file: Path) -> Element:
    try:
        root: Element = ElementTree.parse(io.BytesIO(raw), forbid_dtd=True).getroot()
    except DefusedXmlException as cause:
        raise TableError(
            "It declares a document type or entities, which the standard does not have",
            where=file.name,
            next_step="Do not open it; ask who sent it.",
        ) from cause
    except ParseError as cause:
        raise TableError(f"Its XML cannot be read: {cause}", where=file.name, next_step="Export it again as REFI-QDA.") from cause
    return root


def _tag(element: Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _children(element: Element, tag: str) -> list[Element]:
    return [child for child in element if _tag(child) == tag]


def _guid(value: str | None) -> str:
    return (value or "").strip("{}").lower()


def _codes(block: Element, path: tuple[str, ...], into: list[Code]) -> None:
    for element in _children(block, "Code"):
        name = element.get("name", "")
        described = _children(element, "Description")
        into.append(
            Code(
                guid=_guid(element.get("guid")),
                name=name,
                definition=(described[0].text or "").strip() if described else "",
                path=path,
                codable=element.get("isCodable", "true").lower() in ("true", "1"),
            )
        )
        _codes(element, (*path, name), into)


def _project(root: Element, packed: zipfile.ZipFile, sources: dict[str, str], file: Path) -> Project:
    codes: list[Code] = []
    for book in _children(root, "CodeBook"):
        for block in _children(book, "Codes"):
            _codes(block, (), codes)
    users = {_guid(user.get("guid")): user.get("name") or user.get("id") or "" for block in _children(root, "Users") for user in block}
    texts, notes = [], {"other": 0, "outside": 0, "unknown": 0, "missing": 0}
    known = {code.guid for code in codes}
    for block in _children(root, "Sources"):
        for source in block:
            if _tag(source) != "TextSource":
                notes["other"] += 1
                continue
            words = _words(source, packed, sources, file)
            if words is None:
                notes["missing"] += 1
                continue
            texts.append(_text(source, words, users, known, notes))
    said = {
        "other": "sources that are no text (pictures, sound, PDF) were left out",
        "missing": "texts name a file that is not in the project and were left out",
        "outside": "selections reach beyond the end of their text and were cut to it: some tools count Windows line ends twice",
        "unknown": "codings name a code that is not in the code book and were left out",
    }
    return Project(
        name=root.get("name", file.stem),
        origin=root.get("origin", ""),
        codes=tuple(codes),
        texts=tuple(texts),
        notes=tuple(f"{count:,} {said[kind]}" for kind, count in notes.items() if count),
    )


def _words(source: Element, packed: zipfile.ZipFile, sources: dict[str, str], file: Path) -> str | None:
    """The text of a source: inside the XML, or in a file of the project that `internal://` names."""
    inside = _children(source, "PlainTextContent")
    if inside:
        return inside[0].text or ""
    path = source.get("plainTextPath", "")
    if not path.startswith("internal://"):
        return None
    name = path.removeprefix("internal://")
    if PurePosixPath(name).name != name or "\\" in name:
        raise TableError(f"The source {path!r} leads out of the file", where=file.name, next_step="Do not open it; ask who sent it.")
    if name not in sources:
        return None
    return _unpack(packed, sources[name], file).decode("utf-8-sig", errors="replace")


def _text(source: Element, words: str, users: dict[str, str], known: set[str], notes: dict[str, int]) -> Text:
    selections = []

    def add(coding: Element, start: int, end: int, chosen_by: str) -> None:
        for reference in _children(coding, "CodeRef"):
            code = _guid(reference.get("targetGUID"))
            if code not in known:
                notes["unknown"] += 1
                continue
            coder = users.get(_guid(coding.get("creatingUser")) or chosen_by, "")
            selections.append(Selection(code=code, coder=coder, start=start, end=end))

    for chosen in _children(source, "PlainTextSelection"):
        start, end = int(chosen.get("startPosition", "0")), int(chosen.get("endPosition", "0"))
        if not 0 <= start <= end <= len(words):
            notes["outside"] += 1
            start = min(max(start, 0), len(words))
            end = min(max(end, start), len(words))
        for coding in _children(chosen, "Coding"):
            add(coding, start, end, _guid(chosen.get("creatingUser")))
    for coding in _children(source, "Coding"):
        add(coding, 0, len(words), "")
    return Text(guid=_guid(source.get("guid")), name=source.get("name", ""), words=words, selections=tuple(selections))
