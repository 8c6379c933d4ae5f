"""Headings that a converter left on the line of the paragraph under them: "2 Sirens Noise in the street 4. Most are used by day."."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bestvalue.documents.reading.headings import looks_like_heading
from bestvalue.documents.reading.source_line import Line

_NUMBERED = re.compile(r"^\s*(?P<number>\d{1,3})\.\s")
_GLUED = re.compile(r"^\s*(?P<title>(?:\d{1,2}\s+)?[A-Z][^.?!;]{2,100}?)\s+(?P<number>\d{1,3})\.\s+(?P<rest>[A-Z].*)$")
_NAMED = re.compile(
    r"(?i)\b(?:paragraph|para|section|chapter|part|recommendation|no|number|volume|table|figure|box|annex|appendix|question|page|of)$"
)


def without_glue(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Part such lines in two. Only a number that comes next in the report's counting parts a line; both halves keep its place.

    Example:
        >>> [line.text for line in without_glue([Line(number=1, text="1 Introduction 1. Sirens are used by the police.")])]
        ['1 Introduction', '', '1. Sirens are used by the police.']
    """
    return tuple(_parted(lines))


def _parted(lines: Sequence[Line]) -> Iterator[Line]:
    last = 0
    for line in lines:
        if (numbered := _NUMBERED.match(line.text)) is not None:
            last = int(numbered["number"])
        glued = _GLUED.match(line.text) if not (line.joined or line.cells or line.heading) else None
        if glued is None or not _comes_next(int(glued["number"]), last, glued["title"]) or not looks_like_heading(glued["title"]):
            yield line
            continue
        last = int(glued["number"])
        yield replace(line, text=glued["title"])
        yield replace(line, text="")
        yield replace(line, text=f"{glued['number']}. {glued['rest']}")


def _comes_next(number: int, last: int, title: str) -> bool:
    """Whether a paragraph of this number comes now: the next in the counting, or the first of a list of recommendations."""
    starts_list = number == 1 and "recommendation" in title.casefold()
    return (number == last + 1 or starts_list) and not _NAMED.search(title)
