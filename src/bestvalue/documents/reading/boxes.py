"""Boxes: labelled texts beside the paragraphs, items of a list of recommendations, and rows of a table of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bestvalue.documents.reading.blocks import Block
from bestvalue.documents.reading.markers import LabelKind
from bestvalue.documents.reading.structure import Detail, Section, Span

LISTING = re.compile(r"(?i)\brecommendations?\b")
_ANSWERS = re.compile(r"(?i)\b(?:responses?|progress|previous|status|implementation of|update|follow-?up|comments)\b")
"""A heading with the word "recommendations" under which none is made."""
_LETTER = re.compile(r"^\(?(?P<letter>[a-z])[).]?$")
_ROW_NUMBER = re.compile(r"(?:R|Rec\.?|Recommendation)?\s*(\d{1,3}(?:\.\d{1,3})?)")
_DETAIL_COLUMN = re.compile(r"(?i)priority|risk|grade|response|agreed|accepted|owner|responsible|lead|date|when|deadline|timescale|status")


@dataclass(frozen=True, kw_only=True)
class Box:
    """A labelled text beside the paragraphs, or an item of a list of recommendations.

    `after` is the paragraph before it; `list_title` the heading of the list that it is an item of; `lead` the unfinished sentence
    that introduced it ("We recommend that the force:"); `details` are the lines beside it: priority, response, who, when.
    """

    kind: LabelKind
    number: str
    text: str
    after: str
    section: Section | None
    listed: bool
    labelled: bool
    span: Span
    lead: str = ""
    list_title: str = ""
    details: tuple[Detail, ...] = ()


@dataclass(kw_only=True)
class BoxDraft:
    """A box under construction. `plural` says that its label announces several: each lettered item of it is then a box."""

    kind: LabelKind
    number: str
    after: str
    section: Section | None
    listed: bool
    blocks: list[Block]
    labelled: bool = True
    plural: bool = False
    lead: str = ""
    list_title: str = ""
    details: list[Detail] = field(default_factory=list)

    @property
    def written(self) -> bool:
        """Whether it has any words yet."""
        return any(block.text for block in self.blocks)

    @property
    def unfinished(self) -> bool:
        """Whether its last words ask for more: it has none, they end with a colon, or a list in it goes on."""
        return not self.written or self.blocks[-1].text.endswith((":", ";", ",")) or len(self.blocks) > 1

    def goes_on_with(self, block: Block) -> bool:
        """Whether an item is the next in the box's own lettering, "(b)" after a text that starts with "(a)"."""
        first = next((each for each in self.blocks if each.text), None)
        return first is not None and bool(re.match(r"\(?[ai1][).]\s", first.text)) and bool(re.search(r"\w", block.marker))


def lists_recommendations(title: str) -> bool:
    """Whether recommendations are made or listed under a heading: not under "Responses to recommendations".

    Example:
        >>> lists_recommendations("Summary of recommendations"), lists_recommendations("Progress on previous recommendations")
        (True, False)
    """
    return bool(LISTING.search(title)) and not _ANSWERS.search(title)


def boxes_of(draft: BoxDraft) -> tuple[Box, ...]:
    """The box of a draft; of a plural label with items, one box an item, numbered "3a", "3b"."""
    items = [block for block in draft.blocks if block.kind == "item"]
    if not draft.plural or len(items) < 2:
        return (_box(draft, draft.blocks, draft.number),)
    return tuple(_box(draft, [replace(item, kind="text")], f"{draft.number}{letter_of(item.marker)}") for item in items)


def row_box(block: Block, columns: Sequence[str], column: int, section: Section | None) -> Box:
    """A table's row as a box: the cell under "recommendation", its number and paragraph from other cells, the rest as details."""
    others = [cell for at, cell in enumerate(block.cells) if at != column]
    number = next((match[1] for cell in others if (match := _ROW_NUMBER.fullmatch(cell))), "")
    place = next((cell for cell, head in zip(block.cells, columns, strict=False) if "para" in head), "")
    text = f"{block.cells[column]} (paragraph {place})" if re.fullmatch(r"[\d.]+", place) else block.cells[column]
    details = [
        Detail(name=head, text=cell)
        for at, (head, cell) in enumerate(zip(columns, block.cells, strict=False))
        if at != column and cell and _DETAIL_COLUMN.search(head)
    ]
    draft = BoxDraft(kind="recommendation", number=number, after="", section=section, listed=True, blocks=[], details=details)
    return _box(draft, [Block(kind="text", text=text, span=block.span)], number)


def letter_of(marker: str) -> str:
    """The letter of a sub-item's marker, "b" of "(b)"; empty if it has none."""
    match = _LETTER.match(marker)
    return match["letter"] if match else ""


def joined(blocks: Sequence[Block]) -> str:
    """The words of blocks, one a line. A paragraph's own number is kept apart; an item's marker is part of the text it stands in."""
    return "\n".join(f"{block.marker} {block.text}" if block.kind == "item" else block.text for block in blocks if block.text)


def span_of(blocks: Sequence[Block]) -> Span:
    """From the first line of the first block to the last line of the last."""
    return Span(first_line=blocks[0].span.first_line, last_line=blocks[-1].span.last_line, page=blocks[0].span.page)


def _box(draft: BoxDraft, blocks: Sequence[Block], number: str) -> Box:
    return Box(
        kind=draft.kind,
        number=number,
        text=joined(blocks),
        after=draft.after,
        section=draft.section,
        listed=draft.listed,
        labelled=draft.labelled,
        span=span_of(blocks),
        lead=draft.lead,
        list_title=draft.list_title,
        details=tuple(draft.details),
    )
