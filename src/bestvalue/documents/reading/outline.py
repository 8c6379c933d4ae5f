"""Blocks become an outline: sections, paragraphs with their sub-items, and boxes, which stand beside the paragraphs."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bestvalue.documents.reading.blocks import Block, looks_like_heading
from bestvalue.documents.reading.markers import LabelKind, label_of
from bestvalue.documents.reading.structure import Confidence, Paragraph, Section, Span, SubItem

LONG_TEXT_WORDS = 20
LEAST_DEEPER_COLUMNS = 2
"""Bullets less than two columns apart are one level: exported text indents by chance."""

_OPENING = re.compile(r"(?i)^(?:executive |overall )?(?:summary|introduction|foreword|preface|background|overview|context|our judg\w+)\b")
_TOP = re.compile(r"(?i)^(?:chapter|part|appendix|annex|annexe)\b")
_ENDS_LIST = re.compile(
    r"(?i)^(?:appendix|annexe?|formal minutes|witnesses|published written|list of reports|glossary|methodology|about |acknowledge?ments"
    r"|endnotes|references|next steps)"
)
LISTING = re.compile(r"(?i)\brecommendations?\b")


@dataclass(frozen=True, kw_only=True)
class Box:
    """A labelled text beside the paragraphs, or an item of a list of recommendations. `after` is the paragraph before it."""

    kind: LabelKind
    number: str
    text: str
    after: str
    section: Section | None
    listed: bool
    labelled: bool
    span: Span


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A report's sections, paragraphs and boxes in order, and the blocks before the first of them."""

    front: tuple[Block, ...]
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    boxes: tuple[Box, ...]


@dataclass(kw_only=True)
class _Draft:
    number: str
    numbered: bool
    section: Section | None
    blocks: list[Block]
    items: list[Block] = field(default_factory=list)


@dataclass(kw_only=True)
class _BoxDraft:
    kind: LabelKind
    number: str
    after: str
    section: Section | None
    listed: bool
    blocks: list[Block]
    labelled: bool = True


class _Builder:
    """The outline under construction: the section, paragraph and box that are open."""

    def __init__(self, *, dotted: bool) -> None:
        self.dotted = dotted
        self.sections: list[Section] = []
        self.paragraphs: list[Paragraph] = []
        self.boxes: list[Box] = []
        self.paragraph: _Draft | None = None
        self.box: _BoxDraft | None = None
        self.columns: tuple[str, ...] = ()
        self._used: Counter[str] = Counter()
        self._unnumbered = 0
        self._level = 1
        self._last_listed: int | None = None

    @property
    def section(self) -> Section | None:
        return self.sections[-1] if self.sections else None

    def add_heading(self, block: Block) -> None:
        self._close()
        level = self._level_of(block)
        if LISTING.search(block.text):
            self._last_listed = 0
        elif block.number or _ENDS_LIST.match(block.text):
            self._last_listed = None
        section = Section(number=block.number, title=block.text, level=level, order=len(self.sections) + 1, span=block.span)
        self.sections.append(section)

    def add_label(self, block: Block) -> None:
        self._close_box()
        label = block.label
        if label is None:
            return
        after = self._after()
        listed = LISTING.search(self.section.title) is not None if self.section else False
        self.box = _BoxDraft(kind=label.kind, number=label.number, after=after, section=self.section, listed=listed, blocks=[block])

    def add_numbered(self, block: Block) -> None:
        whole = "." not in block.number
        if whole and self._last_listed is not None and int(block.number) == self._last_listed + 1:
            # A list of recommendations counts from one, through headings inside it.
            self._last_listed += 1
            self._close()
            self.box = self._listed_box("recommendation", block)
        elif whole and self.dotted:
            # Where paragraphs are numbered 3.2.6, a bare 1 counts the items of a list.
            self.add_item(replace(block, kind="item", marker=f"{block.number}.", number=""))
        else:
            self._close()
            self.paragraph = _Draft(number=block.number, numbered=True, section=self.section, blocks=[block])

    def add_item(self, block: Block) -> None:
        if self.box is not None and (
            len(self.box.blocks) > 1 or self.box.blocks[-1].text.endswith((":", ";", ",")) or not self._box_text()
        ):
            self.box.blocks.append(block)
        elif self.paragraph is not None and self.box is None:
            self.paragraph.items.append(block)
        else:
            self._close()
            self._open_unnumbered(block)

    def add_text(self, block: Block) -> None:
        if self.box is not None and (not self._box_text() or self.box.blocks[-1].text.endswith((":", ","))):
            self.box.blocks.append(block)
            return
        self._close_box()
        if self.paragraph is not None and self.paragraph.numbered:
            (self.paragraph.items or self.paragraph.blocks).append(block)
        else:
            self._close()
            self._open_unnumbered(block)

    def add_row(self, block: Block, *, first: bool) -> None:
        heads = tuple(cell.casefold() for cell in block.cells)
        if first:
            self.columns = heads if any(LISTING.search(cell) for cell in heads) and all(len(cell.split()) <= 6 for cell in heads) else ()
            if self.columns:
                return
        column = next((at for at, head in enumerate(self.columns) if LISTING.search(head) and "no" not in head.split()), None)
        if self.columns and column is not None and column < len(block.cells) and block.cells[column]:
            self._close_box()
            self.boxes.append(self._row_box(block, column))
        elif (label := label_of(block.text)) is not None and label.number and label.kind == "recommendation":
            self._close_box()
            self.boxes.append(self._box(_BoxDraft(kind=label.kind, number=label.number, after="", section=self.section, listed=True,
                                                  blocks=[_with_text(block, label.rest)])))  # fmt: skip
        else:
            self.add_text(block)

    def finish(self, front: Sequence[Block]) -> Outline:
        self._close()
        return Outline(front=tuple(front), sections=tuple(self.sections), paragraphs=tuple(self.paragraphs), boxes=tuple(self.boxes))

    def _level_of(self, block: Block) -> int:
        if block.number:
            self._level = len(block.number.split("."))
            return self._level
        if block.level is not None:
            return block.level
        if _TOP.match(block.text) or (block.text.isupper() and len(block.text.split()) > 1):
            self._level = 1
            return 1
        return self._level + 1

    def _after(self) -> str:
        if self.paragraph is not None:
            return self.paragraph.number
        return ""

    def _box_text(self) -> bool:
        return self.box is not None and any(block.text for block in self.box.blocks)

    def _open_unnumbered(self, block: Block) -> None:
        self._unnumbered += 1
        self.paragraph = _Draft(number=f"¶{self._unnumbered}", numbered=False, section=self.section, blocks=[block])

    def _listed_box(self, kind: LabelKind, block: Block) -> _BoxDraft:
        return _BoxDraft(kind=kind, number=block.number, after="", section=self.section, listed=True, blocks=[block], labelled=False)

    def _row_box(self, block: Block, column: int) -> Box:
        others = [cell for at, cell in enumerate(block.cells) if at != column]
        number = next(
            (match[1] for cell in others if (match := re.fullmatch(r"(?:R|Rec\.?|Recommendation)?\s*(\d{1,3}(?:\.\d{1,3})?)", cell))), ""
        )
        place = next((cell for cell, head in zip(block.cells, self.columns, strict=False) if "para" in head), "")
        text = f"{block.cells[column]} (paragraph {place})" if re.fullmatch(r"[\d.]+", place) else block.cells[column]
        return self._box(_BoxDraft(kind="recommendation", number=number, after="", section=self.section, listed=True,
                                   blocks=[_with_text(block, text)]))  # fmt: skip

    def _box(self, draft: _BoxDraft) -> Box:
        return Box(
            kind=draft.kind, number=draft.number, text=_joined(draft.blocks), after=draft.after, section=draft.section, listed=draft.listed,
            labelled=draft.labelled, span=_span(draft.blocks),
        )  # fmt: skip

    def _close_box(self) -> None:
        if self.box is not None and self._box_text():
            self.boxes.append(self._box(self.box))
        self.box = None

    def _close(self) -> None:
        self._close_box()
        draft, self.paragraph = self.paragraph, None
        if draft is None:
            return
        self._used[draft.number] += 1
        times = self._used[draft.number]
        number = draft.number if times == 1 else f"{draft.number} ({times})"
        reasons: tuple[str, ...] = ("it stands under its own number",) if draft.numbered else ("it has no number of its own",)
        share = 0.95 if draft.numbered and times == 1 else 0.7
        if times > 1:
            reasons = (*reasons, f"the number {draft.number} is used {times} times")
        self.paragraphs.append(
            Paragraph(
                number=number,
                numbered=draft.numbered,
                text=_joined([*draft.blocks, *draft.items]),
                section=draft.section,
                sub_items=_sub_items(draft.items),
                order=len(self.paragraphs) + 1,
                span=_span([*draft.blocks, *draft.items]),
                confidence=Confidence(share=share, reasons=reasons),
            )
        )


def outline_of(blocks: Sequence[Block], *, has_contents: bool) -> Outline:
    """Put blocks in their places.

    Args:
        blocks: the blocks after the contents page; all blocks where there is none.
        has_contents: whether the front matter was parted at a contents page already.
    """
    start = 0 if has_contents else _body_starts(blocks)
    builder = _Builder(dotted=_is_dotted(blocks))
    in_table = False
    for block in blocks[start:]:
        if block.kind == "heading":
            builder.add_heading(block)
        elif block.kind == "label":
            builder.add_label(block)
        elif block.kind == "numbered":
            builder.add_numbered(block)
        elif block.kind == "item":
            builder.add_item(block)
        elif block.kind == "row":
            builder.add_row(block, first=not in_table)
        else:
            builder.add_text(block)
        in_table = block.kind == "row"
    return builder.finish(blocks[:start])


def _body_starts(blocks: Sequence[Block]) -> int:
    """The first block of the body: a number, a label, a long text, or a heading that opens reports; a heading above it belongs to it."""
    for at, block in enumerate(blocks):
        if block.kind in {"numbered", "label", "row"} or (block.kind == "heading" and (block.number or _OPENING.match(block.text))):
            return at if block.kind == "heading" else _with_headings_above(blocks, at)
        if block.kind == "text" and len(block.text.split()) >= LONG_TEXT_WORDS:
            return _with_headings_above(blocks, at)
    return 0


def _with_headings_above(blocks: Sequence[Block], at: int) -> int:
    """Back to the chapter heading that the first words stand under, else to the one heading right above them."""
    above = at
    while above and blocks[above - 1].kind == "heading":
        above -= 1
        if _TOP.match(blocks[above].text):
            return above
    return at - 1 if at > 1 and blocks[at - 1].kind == "heading" and at - above > 2 else at


def _is_dotted(blocks: Sequence[Block]) -> bool:
    numbered = [block for block in blocks if block.kind == "numbered"]
    return sum("." in block.number for block in numbered) * 2 > len(numbered)


def _joined(blocks: Sequence[Block]) -> str:
    return "\n".join(f"{_mark(block)}{block.text}" for block in blocks if block.text)


def _mark(block: Block) -> str:
    # A paragraph's own number is kept apart from its words; an item's marker is part of the text it stands in.
    return f"{block.marker} " if block.kind == "item" else ""


def _sub_items(items: Sequence[Block]) -> tuple[SubItem, ...]:
    levels: list[int] = []
    for indent in sorted({item.indent for item in items}):
        if not levels or indent - levels[-1] >= LEAST_DEEPER_COLUMNS:
            levels.append(indent)
    found = []
    for item in items:
        depth = sum(level <= item.indent for level in levels)
        if not levels or not item.text:
            continue
        found.append(SubItem(marker=item.marker, text=item.text, depth=max(depth, 1), span=item.span))
    return tuple(found)


def _span(blocks: Sequence[Block]) -> Span:
    return Span(first_line=blocks[0].span.first_line, last_line=blocks[-1].span.last_line, page=blocks[0].span.page)


def _with_text(block: Block, text: str) -> Block:
    return Block(kind="text", text=text, span=block.span)


__all__ = ["LISTING", "Box", "Outline", "looks_like_heading", "outline_of"]
