"""Plain text: which encoding it has, and where its pages end."""

import re
from dataclasses import dataclass

from bestvalue.documents.reading.source_line import Extract, Line
from bestvalue.errors import ReportError

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_WINDOWS_ONLY = re.compile(rb"[\x80-\x9f]")
CONTROLS_ALLOWED_SHARE = 0.002
"""A stray control character is left by a bad conversion; more than 2 in 1,000 characters is not text."""


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """Text and a remark on its encoding, empty for UTF-8."""

    text: str
    note: str = ""


def decode(content: bytes, name: str) -> Decoded:
    """Turn bytes into text: UTF-8 or UTF-16 where that fits, else Windows-1252 (which reports in old encodings nearly always are).

    Raises:
        ReportError: the bytes are not text.
    """
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _decode_as(content, encoding, name)
    if b"\0" in content:
        return _decode_zeros(content, name)
    try:
        return Decoded(text=_without_controls(content.decode("utf-8"), name))
    except UnicodeDecodeError:
        encoding, label = ("cp1252", "Windows-1252") if _WINDOWS_ONLY.search(content) else ("latin-1", "ISO 8859-1")
        text = content.decode(encoding, errors="replace")
    note = f"The file is not UTF-8; it was read as {label}. Check pound signs, quotation marks and dashes."
    return Decoded(text=_without_controls(text, name), note=note)


def lines_of_text(content: bytes, name: str) -> Extract:
    """Lines of a plain text; a form feed starts a page. Line ends of Windows, Unix and old Macs are all read.

    Raises:
        ReportError: the bytes are not text.
    """
    decoded = decode(content, name)
    pages = decoded.text.replace("\r\n", "\n").replace("\r", "\n").split("\f")
    paged = len(pages) > 1
    lines: list[Line] = []
    for page, text in enumerate(pages, start=1):
        for written in text.split("\n"):
            lines.append(Line(number=len(lines) + 1, text=written.expandtabs(8), page=page if paged else None))
    notes = (decoded.note,) if decoded.note else ()
    return Extract(lines=tuple(lines), pages=len(pages) if paged else None, notes=notes)


def _decode_as(content: bytes, encoding: str, name: str) -> Decoded:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as broken:
        raise ReportError(
            f"The file says that it is {encoding.removesuffix('-sig').upper()} and is not: byte {broken.start:,} fits no character",
            where=name,
            next_step="Save it as UTF-8 and import it again.",
        ) from broken
    label = "" if encoding == "utf-8-sig" else "The file was read as UTF-16."
    return Decoded(text=_without_controls(text, name), note=label)


def _decode_zeros(content: bytes, name: str) -> Decoded:
    # UTF-16 without its mark: every second byte of Latin text is zero, and always the same one of the two.
    even, odd = content[0::2].count(0), content[1::2].count(0)
    half = len(content) / 2
    if max(even, odd) > 0.6 * half and min(even, odd) < 0.05 * half:
        return _decode_as(content, "utf-16-le" if odd > even else "utf-16-be", name)
    raise _not_text(name)


def _without_controls(text: str, name: str) -> str:
    controls = len(_CONTROL.findall(text))
    if controls > max(2, CONTROLS_ALLOWED_SHARE * len(text)):
        raise _not_text(name)
    return _CONTROL.sub("", text)


def _not_text(name: str) -> ReportError:
    return ReportError(
        "The file is not text: it holds bytes that no text has",
        where=name,
        next_step="Give the file the ending of its real format (.pdf, .docx, .odt, .html), or save the report as plain text.",
    )
