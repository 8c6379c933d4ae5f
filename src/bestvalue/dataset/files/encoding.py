"""Is this file text, and in UTF-8? If not, what is it, where does it go wrong, and what puts it right?

Nothing is guessed: a file in another encoding is refused with the name of what it seems to be, because a wrong guess turns
names into other names without anybody seeing it.
"""

import codecs
import gzip
import zlib
from pathlib import Path
from typing import Any, BinaryIO, cast

from charset_normalizer import from_bytes

from bestvalue.dataset.files.source import Source
from bestvalue.errors import TableError

_HEAD_BYTES = 1 << 18
_SAMPLE_BYTES = 1 << 14

_NO_TEXT = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook", "Give it its own ending (.xlsx), or unpack it."),
    (b"\x1f\x8b", "packed with gzip", "Add .gz to its name."),
    (b"PAR1", "a Parquet file", "Give it its own ending (.parquet)."),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "In Excel: Save as, Excel Workbook (.xlsx)."),
    (b"%PDF", "a PDF", "Supply the table that it was printed from."),
    (b"\xff\xfe", "text in UTF-16", 'Save it as "CSV UTF-8".'),
    (b"\xfe\xff", "text in UTF-16", 'Save it as "CSV UTF-8".'),
)


def read_head(path: Path) -> bytes:
    """The first part of a file, unpacked if it is packed.

    Raises:
        TableError: it is packed and cannot be unpacked.
    """
    try:
        with _open(path) as stream:
            return stream.read(_HEAD_BYTES)
    except (OSError, EOFError, zlib.error) as cause:
        raise TableError(
            f"The file cannot be unpacked: {cause}", where=path.name, next_step="It is damaged or cut short: fetch or copy it again."
        ) from cause


def check_text(source: Source, head: bytes) -> None:
    """Check that a file begins as a table of text does.

    Raises:
        TableError: it is empty, a web page, or known to be something else; the message says what.
    """
    if not head.strip():
        raise TableError("The file is empty", where=source.shown, next_step="Supply the table with its header.")
    for mark, what, step in _NO_TEXT:
        if head.startswith(mark):
            raise TableError(f"The file is {what}, not CSV", where=source.shown, next_step=step)
    if head.lstrip(codecs.BOM_UTF8).lstrip()[:15].lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise TableError(
            "The file is a web page, not CSV: the download was answered with a page, perhaps an error or a sign-in",
            where=source.shown,
            next_step="Open it in a browser to see what it says, and fetch the table again.",
        )
    if b"\0" in head:
        row = head[: head.index(b"\0")].count(b"\n") + 1
        raise TableError(
            "The file holds NUL bytes, so it is damaged or is not text",
            where=f"{source.shown}, row {row:,}",
            next_step='Fetch or copy it again, or save it as "CSV UTF-8".',
        )


class TextStream:
    """A file's bytes on their way to a parser, looked at in passing.

    Arrow's parser cannot be given a wrong byte in a row of the wrong length: it loses the row and prints a traceback. So each
    part is decoded before the parser sees it, which costs a tenth of the parsing.

    Args:
        stream: the bytes, unpacked.
    """

    closed = False

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self.quotes = 0

    def read(self, size: int = -1) -> bytes:
        """The next part.

        Raises:
            UnicodeDecodeError: it is not UTF-8.
        """
        part = bytes(self._stream.read(size))
        self._decoder.decode(part, final=not part)
        self.quotes += part.count(b'"')
        return part

    def readable(self) -> bool:
        """It can be read; Arrow asks."""
        return True

    def close(self) -> None:
        """Let go of the file."""
        self.closed = True
        self._stream.close()


def explain_undecodable(source: Source) -> TableError:
    """Why a file is not UTF-8: the first wrong byte, its place, and what the file seems to be written in."""
    before = 0
    with _open(source.path) as stream:
        for row, line in enumerate(stream, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as wrong:
                place = before + wrong.start
                return _undecodable(source, byte=line[wrong.start], place=place, row=row, sample=line + stream.read(_SAMPLE_BYTES))
            before += len(line)
    return TableError("The file is not UTF-8", where=source.shown, next_step='Save it as "CSV UTF-8".')


def _undecodable(source: Source, *, byte: int, place: int, row: int, sample: bytes) -> TableError:
    found = from_bytes(sample).best()
    looks = f"; it looks like {found.encoding}" if found is not None else ""
    by_hand = f", or type: iconv -f {found.encoding.upper()} -t UTF-8 {source.path.name} > new.csv" if found is not None else ""
    return TableError(
        f"The file is not UTF-8: byte 0x{byte:02X} at position {place + 1:,}{looks}",
        where=f"{source.shown}, row {row:,}",
        next_step=f'In Excel: Save as, "CSV UTF-8"{by_hand}.',
    )


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if path.suffix.lower() == ".gz" else path.open("rb")
