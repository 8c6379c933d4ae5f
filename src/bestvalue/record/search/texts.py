"""The words of a file of evidence, as far as it is of a kind that can be read: text, PDF, Word, Excel, slides and OpenDocument.

A file that cannot be read has no words, and is found by its title and notes alone. Nothing in it is run, and nothing is fetched. Whoever
calls this on a stranger's file does so in a process of its own: see `record/confined.py`.
"""

import logging
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from pypdf import PdfReader

logger = logging.getLogger(__name__)

PAGE = "\f"
"""Stands before each page of a PDF, so that a word that is found there is found with its page."""
MOST_CHARACTERS = 300_000
"""Some hundred pages. PostgreSQL's list of the words of an entry holds a megabyte: short words, all different, fill it at about 400,000."""
MOST_PAGES = 5_000
MOST_UNPACKED_BYTES = 20 * 1024 * 1024
"""Of one part of an archive: a tree of its elements takes some ten times as much memory."""
MOST_SLIDES = 200


def can_be_read(name: str) -> bool:
    """Whether a file of this name has words that can be read.

    Example:
        >>> can_be_read("Minutes.PDF"), can_be_read("photo.png")
        (True, False)
    """
    suffix = Path(name).suffix.lower()
    return suffix == ".pdf" or suffix in _READERS


def text_of(path: Path, *, name: str, seconds: float = 60.0) -> str:
    """The words of a file; empty where it cannot be read.

    Args:
        path: where it lies, under its SHA-256.
        name: the name that it came with, whose ending says how to read it.
        seconds: after so many, no further page of a PDF is begun, and those before are the answer.
    """
    if Path(name).suffix.lower() == ".pdf":
        return _pdf(path, ends_at=time.monotonic() + seconds)
    read = _READERS.get(Path(name).suffix.lower())
    if read is None or not path.exists():
        return ""
    try:
        return read(path).replace(PAGE, " ")[:MOST_CHARACTERS]
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - whatever is wrong with a stranger's file, it is kept and found by its title
        logger.warning("The words of the file %s cannot be read", path.name)
        return ""


def _plain(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(MOST_CHARACTERS * 4).decode("utf-8", errors="replace")


def _pdf(path: Path, *, ends_at: float) -> str:
    """The text of each page, as far as it has any: pictures of pages are not read."""
    # pypdf logs each oddity of a file, and a file that is made to harm has many.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    words, length = [], 0
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            return ""
        for page in reader.pages[:MOST_PAGES]:
            if time.monotonic() > ends_at or length > MOST_CHARACTERS:
                break
            words.append(PAGE + " ".join((page.extract_text() or "").split()))
            length += len(words[-1])
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a damaged file makes pypdf fail in many ways; the pages before the damage are read
        logger.warning("The PDF %s can be read only as far as page %d", path.name, len(words))
    return "".join(words)[:MOST_CHARACTERS]


def _docx(path: Path) -> str:
    return " ".join(_texts(path, ("word/document.xml",), ending="}t"))


def _xlsx(path: Path) -> str:
    # The words of a workbook stand in one part; its numbers say nothing to a search.
    return " ".join(_texts(path, ("xl/sharedStrings.xml",), ending="}t"))


def _open_document(path: Path) -> str:
    return " ".join(_texts(path, ("content.xml",), ending=""))


def _slides(path: Path) -> str:
    names = tuple(f"ppt/slides/slide{number}.xml" for number in range(1, MOST_SLIDES + 1))
    return " ".join(_texts(path, names, ending="}t"))


def _texts(path: Path, parts: tuple[str, ...], *, ending: str) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        there = set(archive.namelist())
        for part in parts:
            if part not in there or archive.getinfo(part).file_size > MOST_UNPACKED_BYTES:
                continue
            root: Element = fromstring(archive.read(part))
            for element in root.iter():
                if element.text and element.tag.endswith(ending):
                    yield element.text


_READERS: Mapping[str, Callable[[Path], str]] = {
    ".txt": _plain,
    ".md": _plain,
    ".csv": _plain,
    ".docx": _docx,
    ".xlsx": _xlsx,
    ".pptx": _slides,
    ".odt": _open_document,
    ".ods": _open_document,
}
"""How a file of each kind is read, beside PDF. Of pictures only the title and the notes are found."""
