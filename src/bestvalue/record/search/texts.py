"""The words of a file of evidence, as far as it is of a kind that can be read: text, Word, Excel, slides and OpenDocument.

A file that cannot be read has no words, and is found by its title and notes alone. Nothing in it is run, and nothing is fetched.
"""

import logging
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

logger = logging.getLogger(__name__)

MOST_CHARACTERS = 200_000
MOST_UNPACKED_BYTES = 20 * 1024 * 1024
"""Of one part of an archive: a tree of its elements takes some ten times as much memory."""
MOST_SLIDES = 200


def text_of(path: Path, *, name: str) -> str:
    """The words of a file; empty where it cannot be read.

    Args:
        path: where it lies, under its SHA-256.
        name: the name that it came with, whose ending says how to read it.
    """
    read = _READERS.get(Path(name).suffix.lower())
    if read is None or not path.exists():
        return ""
    try:
        return read(path)[:MOST_CHARACTERS]
    except Exception:  # noqa: BLE001 - whatever is wrong with a stranger's file, it is kept and found by its title
        logger.warning("The words of the file %s cannot be read", path.name)
        return ""


def _plain(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(MOST_CHARACTERS * 4).decode("utf-8", errors="replace")


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
"""How a file of each kind is read. Of PDF and pictures only the title and the notes are found."""
