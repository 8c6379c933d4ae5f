"""Lines become blocks: headings, numbered paragraphs, sub-items, labels of boxes, running text, rows of tables."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from bestvalue.documents.reading.broken_words import join_lines
from bestvalue.documents.reading.headings import LONGEST_HEADING, LONGEST_HEADING_WORDS, OPEN_END, looks_like_heading
from bestvalue.documents.reading.markers import Label, Start, field_of, label_of, low_start_of, start_of
from bestvalue.documents.reading.source_line import Line
from bestvalue.documents.reading.structure import Span

BlockKind = Literal["heading", "numbered", "item", "label", "text", "row", "field"]

_ENDED = re.compile(
    r"(?:[.?!:;][”’\"')\]*]*\d{0,3}|\s[(\[](?:(?i:see|paragraphs?|paras?\.?|recommendations?|sections?|and|to)\s*|[\d.,–&-]+\s*)+[)\]]\.?)$"
)
_SENTENCE_END = re.compile(r"[.?!][”’\"')\]*]*\d{0,3}$")
_BARE_LETTER = re.compile(r"^(?P<marker>[a-z])\s+(?P<rest>[A-Za-z].*)$")
_LIST_OPEN = re.compile(r"(?:[:;]|[;,] (?:and|or))$")
_REFERRED = re.compile(r"(?i)[(\[](?:paragraphs?|paras?\.?)\s[\d.,\s–-]+(?:and [\d.]+)?[)\]]\.?$")
"""The end of a listed recommendation: what follows is the next item or a heading."""
_CHAPTER = re.compile(r"(?i)^(?:chapter|part|appendix|annexe?|section)\s+(?:\d+|[A-Z]|[ivx]+)\s*(?:[:.–—-]|$)")

LEAST_FULL_SHARE = 0.75
"""Of the text's width: a line at the foot of a page that is as full as this is no heading."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """A run of lines that belong together. `number` or `marker` is what it starts with; `text` is its words without that."""

    kind: BlockKind
    text: str
    span: Span
    number: str = ""
    marker: str = ""
    indent: int = 0
    level: int | None = None
    label: Label | None = None
    cells: tuple[str, ...] = ()


@dataclass(kw_only=True)
class _Draft:
    kind: BlockKind
    line: Line
    text: str
    number: str = ""
    marker: str = ""
    level: int | None = None
    label: Label | None = None
    last: int = 0
    lines: int = 1
    last_line: Line | None = None

    @property
    def end(self) -> Line:
        """The last line of it."""
        return self.last_line or self.line

    @property
    def indent(self) -> int:
        return len(self.line.text) - len(self.line.text.lstrip())


@dataclass(kw_only=True)
class _State:
    blocks: list[Block] = field(default_factory=list)
    draft: _Draft | None = None
    gap: bool = True
    last_number: tuple[int, ...] = ()


def blocks_of(lines: Sequence[Line]) -> tuple[Block, ...]:
    """Group lines into blocks. A paragraph that a page end broke is one block; a heading is told from a paragraph by its words."""
    vocabulary = Counter(word for line in lines for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", line.text.casefold()))
    width = _width(lines)
    written = [line for line in lines if not line.blank]
    after = {id(line): following for line, following in pairwise(written)}
    state = _State()
    for line in lines:
        if line.blank:
            state.gap = True
            continue
        draft = _opened(line, after.get(id(line)), state, width)
        if draft is not None:
            _close(state)
            state.draft = draft
            if draft.number:
                state.last_number = _parts(draft.number)
        elif state.draft is not None:
            state.draft.text = join_lines(state.draft.text, line.text.strip(), vocabulary.__getitem__)
            state.draft.last = line.number
            state.draft.last_line = line
            state.draft.lines += 1
        state.gap = False
    _close(state)
    return tuple(state.blocks)


def _opened(line: Line, following: Line | None, state: _State, width: int) -> _Draft | None:
    """The block that a line opens, or None where it continues the block before it."""
    text = line.text.strip()
    start = start_of(text)
    if line.cells:
        return _Draft(kind="row", line=line, text=text)
    label = label_of(text)
    if (line.heading is not None or re.match(r"#{1,6}\s", text)) and (label is None or label.plural):
        return _heading(line, start)
    if (
        label is not None
        and (not label.plural or _announces(label, text))
        and (state.gap or _ended(state) or not label.rest or _after_title(state))
    ):
        return _Draft(kind="label", line=line, text=label.rest, label=label)
    if (field := field_of(text)) is not None and not line.joined:
        return _Draft(kind="field", line=line, text=field[1], marker=field[0])
    if state.draft is not None and state.draft.kind == "field" and _is_whole(state.draft) and (start is None or not start.number):
        return _Draft(kind="text", line=line, text=text)
    if start is None and _lists(state) and (low := low_start_of(text)) is not None:
        return _Draft(kind="numbered", line=line, text=low.rest, number=low.number)
    if start is not None and start.number and _starts_paragraph(start, line, state):
        return _Draft(kind="numbered", line=line, text=start.rest, number=start.number)
    if start is not None and start.marker and _starts_item(start, state):
        return _Draft(kind="item", line=line, text=start.rest, marker=start.marker)
    if (bare := _BARE_LETTER.match(text)) and state.draft is not None and _letters_on(bare["marker"], state.draft):
        return _Draft(kind="item", line=line, text=bare["rest"], marker=bare["marker"])
    if _is_heading_line(line, following, state, width):
        return _Draft(kind="heading", line=line, text=text.strip("*_ "))
    if state.draft is None or (state.gap and not _goes_on(line, state.draft, width)):
        return _Draft(kind="text", line=line, text=text)
    return _Draft(kind="text", line=line, text=text) if not state.gap and _heading_ended(text, state.draft, width) else None


def _announces(label: Label, text: str) -> bool:
    """Whether a plural label stands before its items ("Recommendations:"), and is no heading of a section."""
    return label.kind == "recommendation" and not label.rest and text.endswith(":")


def _is_whole(field: _Draft) -> bool:
    """Whether a field's value ends with its line: a grade or a name does, a response may run over several."""
    return bool(re.search(r"(?i)priority|grade|rating|risk|category|date|owner|officer|status", field.marker)) and bool(field.text)


def _lists(state: _State) -> bool:
    """Whether a list is open whose items go on with the sentence above them."""
    draft = state.draft
    return draft is not None and (bool(_LIST_OPEN.search(draft.text)) or (draft.kind == "numbered" and draft.text[:1].islower()))


def _letters_on(letter: str, draft: _Draft) -> bool:
    """Whether a bare letter at the start of a line is an item's marker: it opens a list, or comes next in one."""
    if draft.kind == "item" and len(draft.marker) == 1 and draft.marker.isalpha():
        return ord(letter) == ord(draft.marker) + 1
    return letter == "a" and bool(_LIST_OPEN.search(draft.text))


def _heading(line: Line, start: Start | None) -> _Draft:
    text = line.text.strip()
    marks = re.match(r"#{1,6}", text)
    number, words = (start.number, start.rest) if start is not None and start.number else ("", text.strip("*#_ "))
    return _Draft(kind="heading", line=line, text=words.strip("*_ "), number=number, level=line.heading or len(marks[0] if marks else "#"))


def _starts_paragraph(start: Start, line: Line, state: _State) -> bool:
    if line.joined or state.gap:
        return start.dotted or start.ended or _follows(start.number, state.last_number) or bool(start.rest)
    if start.rest and not (start.rest[0].isupper() or start.rest[0] in "“‘\"'([£*"):
        return False
    if not start.dotted:
        return _ended(state) and (start.ended or _follows(start.number, state.last_number))
    return _ended(state) or _after_title(state) or _follows(start.number, state.last_number)


def _starts_item(start: Start, state: _State) -> bool:
    if state.draft is not None and state.draft.kind == "label" and not state.draft.text:
        return True
    if state.gap or state.draft is None or state.draft.kind in {"item", "heading"}:
        return not (state.draft is not None and not state.gap and start.marker.isalnum())
    if start.marker in {"•", "▪", "●", "■", "◦", "‣", "➢", "►", "✓", ""} or state.draft.line.joined:
        return True
    if start.marker == "-" and state.draft.lines == 1 and _ended(state):
        return True
    return bool(re.search(r"(?:[.:;?,]|\b(?:and|or))$", state.draft.text))


def _follows(number: str, last: tuple[int, ...]) -> bool:
    """Whether a paragraph number comes next: one to three on at some level, or the first of a deeper or the next higher level."""
    parts = _parts(number)
    if not last:
        return True
    shared = 0
    while shared < min(len(parts), len(last)) and parts[shared] == last[shared]:
        shared += 1
    if shared == len(last) and len(parts) > shared:
        return parts[shared] <= 2
    if shared >= len(parts):
        return False
    return 0 < parts[shared] - last[shared] <= 3 and all(part <= 2 for part in parts[shared + 1 :])


def _parts(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", number))


def _ended(state: _State) -> bool:
    return state.draft is None or state.draft.kind in {"heading", "row"} or bool(_ENDED.search(state.draft.text))


def _after_title(state: _State) -> bool:
    return state.draft is not None and state.draft.lines == 1 and looks_like_heading(state.draft.text)


def _is_heading_line(line: Line, following: Line | None, state: _State, width: int) -> bool:
    text = line.text.strip()
    if not looks_like_heading(text):
        return False
    if _CHAPTER.match(text) and (state.gap or _ended(state)):
        return True
    if state.draft is not None and not line.joined and _REFERRED.search(state.draft.text):
        return True
    if state.gap and state.draft is not None and not line.joined and _broken_off(state.draft, line, width):
        return False
    next_text = following.text.strip() if following is not None else ""
    if state.gap:
        if following is None or following.number > line.number + 1 or _opens(next_text) or text.isupper():
            return True
        return len(text) < 0.7 * width and next_text[:1].isupper()
    if state.draft is not None and state.draft.kind == "heading":
        return not _heading_goes_on(state.draft.text, text)
    sentence_over = state.draft is None or state.draft.kind == "row" or bool(_SENTENCE_END.search(state.draft.text))
    if not sentence_over or len(text) > width:
        return False
    # A line as wide as the text is the start of a paragraph, unless a number or label comes next.
    return following is None or _opens(next_text) or (next_text[:1].isupper() and len(text) < 0.7 * width)


def _opens(text: str) -> bool:
    return start_of(text) is not None or label_of(text) is not None


def _heading_goes_on(heading: str, text: str) -> bool:
    if text[0].islower() or OPEN_END.search(heading) or heading.endswith((",", "-", "–", ":")):
        return True
    if _CHAPTER.fullmatch(heading):
        return True
    return heading.isupper() and text.isupper() and not _CHAPTER.match(text)


def _goes_on(line: Line, draft: _Draft, width: int) -> bool:
    """Whether words after a gap go on with the block before it: a page ended in the middle of its sentence."""
    text = line.text.strip()
    if line.joined or draft.line.joined:
        return draft.kind == "numbered" and not draft.text
    if not draft.text:
        return draft.kind == "numbered"
    return _broken_off(draft, line, width) and (text[0].islower() or not looks_like_heading(text))


def _broken_off(draft: _Draft, line: Line, width: int) -> bool:
    """Whether a block stops in the middle of its sentence: it is too long for a heading, or a page ends after a full line of it."""
    if _ENDED.search(draft.text) or draft.kind not in {"numbered", "text", "item"}:
        return False
    turned = line.page != draft.end.page and len(draft.end.text.strip()) >= LEAST_FULL_SHARE * width
    return turned or len(draft.text.split()) > LONGEST_HEADING_WORDS


def _heading_ended(text: str, draft: _Draft, width: int) -> bool:
    """Whether a line that follows without a gap is new text, because the block above it is a finished heading."""
    if draft.kind == "heading":
        return not _heading_goes_on(draft.text, text)
    short = draft.kind == "numbered" and draft.lines == 1 and len(draft.line.text) < 0.6 * width
    return short and looks_like_heading(draft.text) and not text[0].islower()


def _close(state: _State) -> None:
    draft = state.draft
    if draft is None:
        return
    kind = _settled_kind(draft)
    state.blocks.append(
        Block(
            kind=kind,
            text=draft.text.strip("*_ ") if kind == "heading" else draft.text.strip(),
            span=Span(first_line=draft.line.number, last_line=max(draft.last, draft.line.number), page=draft.line.page),
            number=draft.number,
            marker=draft.marker,
            indent=draft.indent,
            level=draft.level,
            label=draft.label,
            cells=draft.line.cells,
        )
    )
    state.draft = None


def _settled_kind(draft: _Draft) -> BlockKind:
    if draft.kind == "numbered" and _is_title(draft):
        return "heading"
    if draft.kind == "heading" and draft.level is None and (_SENTENCE_END.search(draft.text) or len(draft.text) > 1.5 * LONGEST_HEADING):
        return "heading" if draft.text.endswith("?") else "text"
    return draft.kind


def _is_title(draft: _Draft) -> bool:
    if draft.text[:1].islower():
        return False
    if draft.text.isupper() and looks_like_heading(draft.text):
        return True
    return looks_like_heading(draft.text) and not re.search(r"(?i)\b(?:should|must|recommends?)\b", draft.text)


def _width(lines: Sequence[Line]) -> int:
    lengths = sorted(len(line.text.strip()) for line in lines if not line.blank)
    return max(60, min(200, lengths[len(lengths) * 9 // 10])) if lengths else 60
