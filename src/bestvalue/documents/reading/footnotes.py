"""Footnotes that no rule parts from the text: lines that start with the number that a word above them carries ("Office.1")."""

import re
from collections.abc import Sequence

from bestvalue.documents.reading.source_line import Line

LINES_BACK = 90
"""A note stands at the foot of its page, or at the end of its chapter when that is short."""

_NOTE = re.compile(r"^\s*(?P<number>\d{1,3})\s+(?P<words>\S.*)$")
_CARRIED = re.compile(r"(?<=[^\W\d_][.,;:?!”’\"')])(?P<number>\d{1,3})(?=\s|$|[,;])|(?<=[a-z]{3})(?P<plain>\d{1,3})(?=[\s.,;]|$)")
_SOURCE = re.compile(
    r"^(?:Qq?\.? ?\d|Ibid|See\b|HC\b|HL\b|Cm\b|Cp\b|C&AG|https?:|www\.|Ev\b|Letter from|Written evidence|Oral evidence|Evidence from)"
    r"|\bibid\b|\bpara(?:graph|s)?\.? \d|\bpp?\.? ?\d|\((?:19|20)\d\d\)|, (?:19|20)\d\d\b|Session (?:19|20)\d\d|\bHC \d|https?://",
    re.IGNORECASE,
)


def notes_by_number(lines: Sequence[Line]) -> set[int]:
    """Places of the lines of footnotes.

    A note counts on from the note before it, or from one again; a word above carries its number; and it reads as a source, or it
    follows a note without a gap. So a chapter "2 Results" is none, although a word above it carries a 2.
    """
    found: set[int] = set()
    last = 0
    carried: dict[int, int] = {}
    for at, line in enumerate(lines):
        if line.blank or line.cells or line.heading:
            continue
        match = _NOTE.match(line.text)
        number = int(match["number"]) if match is not None else 0
        after_note = at - 1 in found
        if match is not None and number in {*range(last + 1, last + 4), 1} and at - carried.get(number, -LINES_BACK - 1) <= LINES_BACK:
            if after_note or _SOURCE.search(match["words"]):
                found.add(at)
                last = number
                continue
        elif after_note and match is None and not line.joined:
            found.add(at)
            continue
        for each in _CARRIED.finditer(line.text):
            carried[int(each["number"] or each["plain"])] = at
    return found
