"""A report's file as lines, whatever its format: each line knows its page, and keeps its number in the file."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bestvalue.documents.reading.source_html import lines_of_html
from bestvalue.documents.reading.source_line import Extract
from bestvalue.documents.reading.source_opendocument import lines_of_opendocument
from bestvalue.documents.reading.source_pdf import lines_of_pdf
from bestvalue.documents.reading.source_text import decode, lines_of_text
from bestvalue.documents.reading.source_word import lines_of_word
from bestvalue.errors import ReportError

LARGEST_FILE_BYTES = 200_000_000
FEWEST_LETTERS = 40
"""A file with fewer letters than this holds no report: the cover alone has more."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A report's file: name, digest, and its lines with what the reader noted about them."""

    name: str
    sha256: str
    extract: Extract


READERS: dict[str, Callable[[bytes, str], Extract]] = {
    ".txt": lines_of_text,
    ".text": lines_of_text,
    ".md": lines_of_text,
    ".html": lines_of_html,
    ".htm": lines_of_html,
    ".pdf": lines_of_pdf,
    ".docx": lines_of_word,
    ".docm": lines_of_word,
    ".odt": lines_of_opendocument,
}


def read_source(path: Path) -> Source:
    """Read the lines of a report's file. The ending of its name tells the format, unless its first bytes say otherwise.

    Raises:
        ReportError: it is absent, empty, too large, of an unknown format, damaged, encrypted, or has no text in it.
    """
    content = _bytes_of(path)
    reader = READERS.get(_format_of(content, path))
    if reader is None:
        raise ReportError(
            f"The format {path.suffix or 'of a file without ending'} cannot be read",
            where=path.name,
            next_step="Save the report as .txt, .docx, .odt, .html or .pdf, and import that.",
        )
    extract = reader(content, path.name)
    if sum(sum(map(str.isalpha, line.text)) for line in extract.lines) < FEWEST_LETTERS:
        raise ReportError("There is no report in the file: it has next to no words", where=path.name, next_step="Check the file.")
    return Source(name=path.name, sha256=hashlib.sha256(content).hexdigest(), extract=extract)


def _bytes_of(path: Path) -> bytes:
    if path.is_dir():
        raise ReportError("This is a folder, not a file", where=str(path), next_step="Name the report's file in it.")
    if not path.is_file():
        raise ReportError("There is no such file", where=str(path), next_step="Check the name and the folder.")
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE_BYTES:
            raise ReportError(
                f"The file has {size:,} bytes, more than the {LARGEST_FILE_BYTES:,} that are read",
                where=path.name,
                next_step="Leave out pictures and annexes, or save it as text.",
            )
        content = path.read_bytes()
    except OSError as broken:
        raise ReportError(f"The file cannot be opened: {broken.strerror}", where=path.name, next_step="Check who may read it.") from broken
    if not content.strip():
        raise ReportError("The file is empty", where=path.name, next_step="Fetch it again: the download may have failed.")
    return content


def _format_of(content: bytes, path: Path) -> str:
    suffix = path.suffix.lower()
    if content.startswith(b"%PDF-"):
        return ".pdf"
    if content.startswith(b"PK\x03\x04"):
        return suffix if suffix in {".docx", ".docm", ".odt"} else "zip"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "ole"
    if suffix in {".txt", ".text", ".md"} and _looks_like_html(content):
        return ".html"
    return suffix


def _looks_like_html(content: bytes) -> bool:
    start = decode(content[:1024], "").text.lstrip().lower() if b"\0" not in content[:64] else ""
    return start.startswith(("<!doctype html", "<html"))
