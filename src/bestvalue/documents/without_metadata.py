"""A copy of a file without what it says of its makers: names, organisations, places and devices. What people read in it stays.

Removed are: of Word, Excel, PowerPoint and OpenDocument, the properties that name people or organisations, the authors of comments and
tracked changes, and what pictures inside say; of PDF, the document information, all XMP, the authors of comments, and what its photographs
say; of JPEG, Exif (with GPS; how the picture is turned stays), XMP, IPTC and comments; of PNG, its texts, Exif and time. Text files say
nothing of their makers and are copied. What stands in the words themselves is not looked at: a signature under a letter stays.

Sources: ECMA-376 part 2 (core properties), OpenDocument 1.3 part 3 section 4.3, ISO 32000-1 section 14.3, ITU-T T.81 annex B, Exif 2.32
section 4.6, PNG third edition section 11.3.
"""

import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import ParseError, tostring

from defusedxml.ElementTree import fromstring
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from bestvalue.errors import ReportError

OFFICE = (".docx", ".xlsx", ".pptx", ".odt", ".ods")
PLAIN = (".txt", ".md", ".csv", ".parquet")
PROPERTIES = {"docProps/core.xml", "docProps/app.xml", "docProps/custom.xml", "meta.xml"}
OF_PEOPLE = frozenset(
    ("creator", "lastModifiedBy", "initial-creator", "printed-by", "Company", "Manager", "HyperlinkBase", "user-defined", "property")
)
"""Names of the properties that tell of people, organisations and machines; every custom property may."""
_AUTHORS = re.compile(
    rb'((?:\bw\d*:(?:author|initials|userId|providerId)|\b(?:displayName|userId|providerId))=")[^"]*(")'
    rb"|(<(?:\w+:)?(?:author|creator|initial-creator|sender-initials|creator-initials)(?:\s[^>]*)?>)[^<]*(</)"
)
_PEOPLE_PARTS = re.compile(r"^(ppt/(commentAuthors|authors)\.xml)$")
_NAMES = re.compile(rb'(\b(?:name|initials|userId|providerId)=")[^"]*(")')
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def without_metadata(path: Path, *, name: str) -> bytes:
    """The content of a copy without metadata.

    Args:
        path: the file; it is not changed.
        name: the name that it came with, whose ending says what it is.

    Raises:
        ReportError: a copy of such a file cannot be made, or the file is damaged.
    """
    suffix = Path(name).suffix.lower()
    content = path.read_bytes()
    try:
        if suffix in OFFICE:
            return _office(path)
        if suffix == ".pdf":
            return _pdf(path)
        if suffix in _PICTURES:
            return _PICTURES[suffix](content)
    except (zipfile.BadZipFile, PyPdfError, ParseError, ValueError, KeyError, struct.error) as broken:
        raise _no_copy(name, str(broken)) from broken
    if suffix in PLAIN:
        return content
    raise _no_copy(name, f"{suffix} is not known")


def _no_copy(name: str, why: str) -> ReportError:
    next_step = "Open it in its program, remove what it says of its makers there, and bring that as a new version."
    return ReportError(f"A copy without metadata cannot be made: {why}", where=name, next_step=next_step)


def _office(path: Path) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as copy:
        for member in archive.infolist():
            # OpenDocument wants its first member, which says what it is, not compressed.
            told = zipfile.ZipInfo(member.filename, date_time=_LONG_AGO)
            told.compress_type = member.compress_type
            copy.writestr(told, _part(member.filename, archive.read(member)))
    return made.getvalue()


def _part(name: str, content: bytes) -> bytes:
    suffix = Path(name).suffix.lower()
    if name in PROPERTIES:
        return _properties(content)
    if suffix in _PICTURES:
        return _PICTURES[suffix](content)
    if suffix == ".xml":
        content = _AUTHORS.sub(rb"\1\2\3\4", content)
        return _NAMES.sub(rb"\1\2", content) if _PEOPLE_PARTS.match(name) else content
    return content


def _properties(content: bytes) -> bytes:
    root = fromstring(content)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.rpartition("}")[2] in OF_PEOPLE:
                parent.remove(child)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _pdf(path: Path) -> bytes:
    reader = PdfReader(path)
    if reader.is_encrypted and not reader.decrypt(""):
        raise ValueError("it needs a password")
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    for thing in writer._objects:
        if isinstance(thing, DictionaryObject):
            _bare(thing)
    # What nothing points to any more would be written all the same, for whoever looks into the file.
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def _bare(thing: DictionaryObject) -> None:
    """Take from one object of a PDF what it says of its makers."""
    for key in ("/Metadata", "/PieceInfo", "/LastModified"):
        thing.pop(key, None)
    if "/Rect" in thing and thing.get("/Subtype") != "/Widget":  # a comment; of a field of a form, it is the field's name
        thing.pop("/T", None)
    coded = thing.get("/Filter")
    names = list(coded) if isinstance(coded, ArrayObject) else [coded]
    if isinstance(thing, StreamObject) and names == ["/DCTDecode"]:
        thing._data = _jpeg(thing._data)


def _jpeg(content: bytes) -> bytes:
    """JPEG, segment by segment up to the picture itself; of Exif, only how it is turned is kept."""
    kept = [content[:2]]
    at, turned = 2, 1
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != 0xDA:
        length = struct.unpack(">H", content[at + 2 : at + 4])[0]
        segment = content[at : at + 2 + length]
        mark, said = content[at + 1], segment[4:]
        if mark == 0xE1 and said.startswith(b"Exif\0\0"):
            turned = _orientation(said[6:])
        elif _shows(mark, said):
            kept.append(segment)
        at += 2 + length
    if turned != 1:
        kept.insert(2 if len(kept) > 1 and kept[1][1] == 0xE0 else 1, _only_turned(turned))
    return b"".join((*kept, content[at:]))


def _shows(mark: int, said: bytes) -> bool:
    """Whether the picture would look different without this segment: tables, frames, colours. Applications' own tell of makers."""
    if mark in {0xE0, 0xEE}:  # JFIF, and how Adobe's colours are coded
        return True
    if mark == 0xE2:
        return said.startswith(b"ICC_PROFILE\0")
    return not 0xE1 <= mark <= 0xEF and mark != 0xFE


def _orientation(tiff: bytes) -> int:
    """How a picture is to be turned, tag 274 of Exif; 1 for not at all."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return 1
    start = struct.unpack(order + "I", tiff[4:8])[0]
    count = struct.unpack(order + "H", tiff[start : start + 2])[0] if start + 2 <= len(tiff) else 0
    for entry in (tiff[start + 2 + 12 * place :][:12] for place in range(count)):
        if len(entry) == 12 and struct.unpack(order + "H", entry[:2])[0] == 274:
            turned = int(struct.unpack(order + "H", entry[8:10])[0])
            return turned if 1 <= turned <= 8 else 1
    return 1


def _only_turned(turned: int) -> bytes:
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 274, 3, 1, turned, 0, 0)
    said = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(said) + 2) + said


def _png(content: bytes) -> bytes:
    return content[:8] + b"".join(chunk for kind, chunk in _chunks(content) if kind not in {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 12 <= len(content):
        length = struct.unpack(">I", content[at : at + 4])[0]
        yield content[at + 4 : at + 8], content[at : at + 12 + length]
        at += 12 + length


_PICTURES: Mapping[str, Callable[[bytes], bytes]] = {".jpg": _jpeg, ".jpeg": _jpeg, ".png": _png}
