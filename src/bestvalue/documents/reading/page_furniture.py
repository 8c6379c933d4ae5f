"""What a page adds to the words: running heads and feet, page numbers, footnotes, rules. They are taken out before reading."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from bestvalue.documents.reading.footnotes import notes_by_number
from bestvalue.documents.reading.markers import label_of
from bestvalue.documents.reading.source_line import Line

FEWEST_REPEATS = 3
EDGE_LINES = 3
"""A running head or foot stands within so many written lines of the edge of its page."""
FEWEST_LINES_APART = 12

_NUMBERED_HEAD = re.compile(r"^\s*(?:(?P<before>\d{1,4})\s+(?P<right>\D{3,80}?)|(?P<left>\D{3,80}?)\s+(?P<after>\d{1,4}))\s*$")
_PAGE_NUMBER = re.compile(r"^\s*(?:[-–]\s*)?(?:page\s+)?(?P<page>\d{1,4})(?:\s+of\s+\d{1,4})?(?:\s*[-–])?\s*$", re.IGNORECASE)
_PAGE_WORD = re.compile(r"^\s*page\s+\d{1,4}(?:\s+of\s+\d{1,4})?\s*$", re.IGNORECASE)
_RULE = re.compile(r"^(?:\s*[-_=*~]{2,}\s*|\s{40,}|\s*(?:[-_*]\s){3,}\s*)$")
_FOOTNOTE = re.compile(r"^\s*\d{1,3}\s+\S")
_COUNTED = re.compile(
    r"^(?:box|table|figure|fig|chart|graph|map|chapter|part|appendix|annexe?|section|step|phase|stage|question|case study)$"
)
_KEPT = re.compile(r"recommend|improve|concern|strength|practice|finding|conclusion|summary|contents|development", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class CleanText:
    """The lines that are the report's own words, and remarks on what was taken out."""

    lines: tuple[Line, ...]
    notes: tuple[str, ...]


def without_furniture(lines: Sequence[Line]) -> CleanText:
    """Take running heads, page numbers, footnotes and rules out; each line left knows its page where a head or the format tells it."""
    heads = _heads_on_pages(lines) if any(line.page for line in lines) else _heads_in_plain_text(lines)
    footnotes = _footnotes(lines, heads.keys())
    kept: list[Line] = []
    page: int | None = None
    for at, line in enumerate(lines):
        page = heads.get(at) or page
        if at in heads or at in footnotes:
            continue
        if _RULE.match(line.text):
            kept.append(replace(line, text=""))
        else:
            kept.append(line if line.page else replace(line, page=page))
    notes = []
    if heads:
        notes.append(f"{len(heads):,} lines were left out as page heads or page numbers.")
    if footnotes:
        notes.append(f"{len(footnotes):,} lines of footnotes were left out.")
    return CleanText(lines=tuple(kept), notes=tuple(notes))


def _heads_on_pages(lines: Sequence[Line]) -> dict[int, int | None]:
    pages = [[at for at, _ in group] for _, group in groupby(enumerate(lines), key=lambda each: each[1].page)]
    edges: dict[str, list[int]] = defaultdict(list)
    for page in pages:
        written = [at for at in page if not lines[at].blank]
        for at in {*written[:EDGE_LINES], *written[-EDGE_LINES:]}:
            edges[_shape(lines[at].text)].append(at)
    repeated = max(FEWEST_REPEATS, len(pages) // 5)
    heads: dict[int, int | None] = {}
    for shape, places in edges.items():
        bare_number = shape in {"#", "page #", "page # of #", "# of #", "- # -", "– # –"}
        if (len(places) >= repeated and not _is_content(shape)) or (bare_number and len(places) >= min(2, len(pages))):
            heads.update(dict.fromkeys(places))
    return heads


def _is_content(shape: str) -> bool:
    # "Recommendation 3" may stand at the top of many pages; a title with the page number is long enough to tell apart.
    if re.match(r"(?:[-•*] )?#\.#", shape) and shape.endswith((".", ":", "?")):
        return True  # a short numbered paragraph
    return (bool(re.match(r"(?:[-•*] )?(?:#\.)*#", shape)) and len(shape) > 60) or bool(_KEPT.search(shape) and len(shape.split()) <= 4)


def _heads_in_plain_text(lines: Sequence[Line]) -> dict[int, int | None]:
    candidates: dict[str, list[tuple[int, int]]] = defaultdict(list)
    same: dict[str, list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        if line.blank or line.heading or line.cells or label_of(line.text) is not None:
            continue
        if _PAGE_WORD.match(line.text):
            candidates["page"].append((at, int(re.findall(r"\d+", line.text)[0])))
        elif match := _NUMBERED_HEAD.match(line.text):
            words = (match["right"] or match["left"]).strip().casefold()
            if not re.search(r"[.:;,|…]$|\.\.", words) and not _COUNTED.match(words):
                candidates[words].append((at, int(match["before"] or match["after"])))
        elif match := _PAGE_NUMBER.match(line.text):
            candidates["number"].append((at, int(match["page"])))
        if 3 <= len(line.text.split()) <= 14:
            same[line.text.strip().casefold()].append(at)
    heads: dict[int, int | None] = {}
    for found in candidates.values():
        heads.update(_rising(found))
    for text, places in same.items():
        if len(places) > FEWEST_REPEATS and _apart(places) and not _KEPT.search(text) and not re.search(r"[.;:?]$", text):
            heads.update(dict.fromkeys(places))
    return heads


def _rising(found: Sequence[tuple[int, int]]) -> dict[int, int | None]:
    """The lines whose numbers rise as page numbers do: by one or two from one to the next, with a page's text between."""
    runs: list[list[tuple[int, int]]] = []
    for at, page in found:
        for run in runs:
            last_at, last_page = run[-1]
            if 0 < page - last_page <= 4 and at - last_at >= min(2 * (page - last_page), FEWEST_LINES_APART):
                run.append((at, page))
                break
        else:
            runs.append([(at, page)])
    longest = max(runs, key=len, default=[])
    return dict(longest) if len(longest) >= FEWEST_REPEATS else {}


def _apart(places: Sequence[int]) -> bool:
    return all(later - earlier >= FEWEST_LINES_APART for earlier, later in pairwise(places))


def _footnotes(lines: Sequence[Line], heads: Iterable[int]) -> set[int]:
    return _notes_under_rules(lines, heads) | notes_by_number(lines)


def _notes_under_rules(lines: Sequence[Line], heads: Iterable[int]) -> set[int]:
    """Lines from a rule at the foot of a page to the next page head, where the first of them starts with the note's number."""
    ends = sorted(heads)
    found: set[int] = set()
    for at, line in enumerate(lines):
        if not _RULE.match(line.text) or at + 1 >= len(lines) or not _FOOTNOTE.match(lines[at + 1].text):
            continue
        end = next((head for head in ends if head > at), None)
        if end is None:
            end = next((later for later in range(at + 1, len(lines)) if lines[later].blank), len(lines))
        if end - at <= 40:
            found.update(range(at, end))
    return found


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", " ".join(text.casefold().split()))
