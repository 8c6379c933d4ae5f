"""The contents page: where it stands, what it lists, and how its headings differ from those of the body."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bestvalue.documents.reading.markers import start_of
from bestvalue.documents.reading.source_line import Line
from bestvalue.documents.reading.structure import ContentsDifference, Section

LONGEST_CONTENTS_LINES = 400
LEAST_ALIKE = 0.45
"""How alike two headings must be, from 0 to 1, to be one heading worded in two ways, where neither number nor place decides it."""

_TITLE = re.compile(r"^\W*(?:table of )?contents(?: page)?(?:\W*|\s+[A-Z]\D{2,60}\s\d{1,3})$", re.IGNORECASE)
_LEADERS = re.compile(r"(?:\s*\.{2,}|\s*…+|\s{2,}|\s)\s*(?:\d{1,2}\.\d{1,3}\s+)?(?:page\s*)?\d{1,4}\s*$", re.IGNORECASE)
_COLUMN_HEADS = re.compile(r"^\s*(?:(?:paragraphs?|pages?|no\.?|number|section|chapter|title)\s*)+$", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.?!]{60,}[.!]$")


@dataclass(frozen=True, kw_only=True)
class ContentsPage:
    """A report's lines parted at its contents page; without one, `front` and `entries` are empty and everything is body."""

    front: tuple[Line, ...]
    entries: tuple[str, ...]
    body: tuple[Line, ...]


def part_at_contents(lines: Sequence[Line]) -> ContentsPage:
    """Find the contents page: from its title to where its first heading comes again, or to the first line that is a sentence."""
    title = next((at for at, line in enumerate(lines) if _TITLE.match(line.text) and at < len(lines) // 2), None)
    if title is None:
        return ContentsPage(front=(), entries=(), body=tuple(lines))
    end = _end_of_contents(lines, title)
    return ContentsPage(front=tuple(lines[:title]), entries=_entries(lines[title + 1 : end]), body=tuple(lines[end:]))


def contents_differences(entries: Sequence[str], sections: Sequence[Section]) -> tuple[ContentsDifference, ...]:
    """Headings that read otherwise in the contents than in the body. White space, capitals and numbers alone are no difference.

    Headings that both have fix the order; between two of them, one left over on either side is taken for the same heading.
    """
    partners = _partners(entries, sections)
    differences = []
    for at, entry in enumerate(entries):
        section = partners.get(at)
        title = _words(entry)
        if section is None:
            differences.append(ContentsDifference(in_contents=title, in_body="", number=_number(entry)))
        elif _same(title) != _same(section.title):
            differences.append(ContentsDifference(in_contents=title, in_body=section.title, number=section.number))
    return tuple(differences)


def _end_of_contents(lines: Sequence[Line], title: int) -> int:
    last = min(len(lines), title + LONGEST_CONTENTS_LINES)
    written = [at for at in range(title + 1, last) if not lines[at].blank and not _COLUMN_HEADS.match(lines[at].text)]
    if not written:
        return title + 1
    first = _same(_words(lines[written[0]].text))
    again = next((at for at in written[2:] if first and _same(_words(lines[at].text)) == first), None)
    sentence = next((at for at in written if _SENTENCE.search(lines[at].text.strip()) and not _LEADERS.search(lines[at].text)), last)
    if again is None or again > sentence:
        again = _repeated(lines, [at for at in written if at < sentence])
    if again is not None and all(len(lines[at].text) < 200 for at in written if at < again):
        return again
    return sentence if sentence < last else _after_last_entry(lines, written)


def _repeated(lines: Sequence[Line], written: Sequence[int]) -> int | None:
    """The first line without a page number that repeats an entry with one: the body starts at a heading that the contents list."""
    listed: set[str] = set()
    for at in written:
        words = _same(_words(lines[at].text))
        if _LEADERS.search(lines[at].text):
            listed.add(words)
        elif words in listed:
            return at
    return None


def _after_last_entry(lines: Sequence[Line], written: Sequence[int]) -> int:
    paged = [at for at in written if _LEADERS.search(lines[at].text)]
    return paged[-1] + 1 if paged else written[-1] + 1


def _entries(lines: Sequence[Line]) -> tuple[str, ...]:
    written = [line.text.strip() for line in lines if not line.blank and not _COLUMN_HEADS.match(line.text)]
    paged = sum(bool(_LEADERS.search(text)) for text in written)
    if paged <= len(written) // 2:
        return tuple(written)
    entries: list[str] = []
    open_entry = ""
    for text in written:
        # Where most lines end with a page number, one without it goes on in the next.
        open_entry = f"{open_entry} {text}".strip()
        if _LEADERS.search(text):
            entries.append(open_entry)
            open_entry = ""
    return tuple(entry for entry in entries if any(map(str.isalpha, entry)))


def _partners(entries: Sequence[str], sections: Sequence[Section]) -> dict[int, Section]:
    left = [_same(_words(entry)) for entry in entries]
    right = [_same(section.title) for section in sections]
    partners: dict[int, Section] = {}
    entry_at = section_at = 0
    for entry, section in [*_common(left, right), (len(left), len(right))]:
        _pair_between(range(entry_at, entry), sections[section_at:section], entries, partners)
        if entry < len(left):
            partners[entry] = sections[section]
        entry_at, section_at = entry + 1, section + 1
    return partners


def _common(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """Places of the longest series of headings that both have in the same order."""
    longest = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for one in range(len(left) - 1, -1, -1):
        for other in range(len(right) - 1, -1, -1):
            same = left[one] == right[other]
            longest[one][other] = longest[one + 1][other + 1] + 1 if same else max(longest[one + 1][other], longest[one][other + 1])
    pairs = []
    one = other = 0
    while one < len(left) and other < len(right):
        if left[one] == right[other]:
            pairs.append((one, other))
            one, other = one + 1, other + 1
        elif longest[one + 1][other] >= longest[one][other + 1]:
            one += 1
        else:
            other += 1
    return pairs


def _pair_between(places: range, sections: Sequence[Section], entries: Sequence[str], partners: dict[int, Section]) -> None:
    """Pair what two fixed headings leave between them: by number first, then by likeness, in order."""
    free = list(sections)
    for at in places:
        number = _number(entries[at])
        same = next((section for section in free if number and section.number == number), None)
        best = same or max(free, key=lambda section: _alike(entries[at], section.title), default=None)
        if best is not None and (best is same or _alike(entries[at], best.title) >= LEAST_ALIKE):
            partners[at] = best
            free = free[free.index(best) + 1 :]


def _alike(entry: str, title: str) -> float:
    # Five letters of a word are enough to see "deliver" in "delivered".
    first, second = ({word[:5] for word in _same(words).split()} for words in (_words(entry), title))
    return len(first & second) / max(1, min(len(first), len(second)))


def _number(entry: str) -> str:
    start = start_of(entry)
    return start.number if start is not None else ""


def _words(entry: str) -> str:
    start = start_of(entry.strip())
    words = start.rest if start is not None and start.rest else entry.strip()
    return _LEADERS.sub("", words).strip(" .\t")


def _same(title: str) -> str:
    title = re.sub(r"(?i)\s*\((?:chapter|part|section) \w+\)$", "", title)
    return re.sub(r"[^\w()]+", " ", re.sub(r"(?i)^(?:chapter|appendix|annex|part)\s+\w+\s*[:.–-]?\s*", "", title)).strip().casefold()
