"""Word and OpenDocument files are zip files with XML in them: opened so that neither a bomb nor an entity does harm."""

import io
import zipfile
import zlib
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bestvalue.errors import ReportError

LARGEST_PART_BYTES = 100_000_000
LARGEST_RATIO = 200
"""Unpacked over packed. Written text packs to a tenth; a bomb to less than a thousandth."""


class OfficeFile:
    """An open office file, whose parts are read one by one."""

    def __init__(self, content: bytes, name: str) -> None:
        self._name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except zipfile.BadZipFile as broken:
            raise self._damaged() from broken

    def part(self, path: str) -> Element:
        """The XML of a part that must be there.

        Raises:
            ReportError: it is absent, damaged, larger than any report's, or declares entities.
        """
        found = self.part_or_none(path)
        if found is None:
            raise ReportError(
                f"The file has no part {path}, so it is not what its ending says", where=self._name, next_step="Save it again from Word."
            )
        return found

    def part_or_none(self, path: str) -> Element | None:
        """The XML of a part, or None where the file has no such part.

        Raises:
            ReportError: it is damaged, larger than any report's, or declares entities.
        """
        try:
            entry = self._zip.getinfo(path)
        except KeyError:
            return None
        if entry.flag_bits & 1:
            raise ReportError("The file is encrypted", where=self._name, next_step="Save it without a password and import that.")
        if entry.file_size > LARGEST_PART_BYTES or entry.file_size > LARGEST_RATIO * max(entry.compress_size, 1_000):
            raise ReportError(
                f"{path} unpacks to {entry.file_size:,} bytes from {entry.compress_size:,}: no report does",
                where=self._name,
                next_step="Do not open it. Ask who sent it, or save its text as .txt.",
            )
        try:
            root: Element = fromstring(self._zip.read(entry), forbid_dtd=True)
        except DefusedXmlException as hostile:
            raise ReportError(
                f"{path} declares entities or a document type, which office programs never write",
                where=self._name,
                next_step="Do not open it. Ask who sent it, or save its text as .txt.",
            ) from hostile
        except (zipfile.BadZipFile, zlib.error, ParseError, EOFError, NotImplementedError) as broken:
            raise self._damaged() from broken
        return root

    def has_part(self, path: str) -> bool:
        """Whether the file has that part."""
        return path in self._zip.namelist()

    def _damaged(self) -> ReportError:
        return ReportError("The file is damaged or cut short", where=self._name, next_step="Fetch it again, or save it again from Word.")
