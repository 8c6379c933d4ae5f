"""Blocks become an outline: sections, paragraphs with their sub-items, and boxes, which stand beside the paragraphs."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from bestvalue.documents.reading.blocks import Block
from bestvalue.documents.reading.body_start import OPENING, TOP, body_starts
from bestvalue.documents.reading.boxes import LISTING, Box, BoxDraft, boxes_of, joined, lists_recommendations, row_box, span_of
from bestvalue.documents.reading.headings import looks_like_heading
from bestvalue.documents.reading.language import directs
from bestvalue.documents.reading.markers import label_of
from bestvalue.documents.reading.structure import Confidence, Detail, Paragraph, Section, SubItem

LONGEST_TITLE_WORDS = 10
"""A recommendation may have a title: "Recommendation 2: Mandatory reporting"."""
LEAST_DEEPER_COLUMNS = 2
"""Bullets less than two columns apart are one level: exported text indents by chance."""

_ENDS_LIST = re.compile(
    r"(?i)^(?:appendix|annexe?|formal minutes|witnesses|published written|list of reports|glossary|methodology|about |acknowledge?ments"
    r"|endnotes|references|next steps)"
)


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


class _Builder:
    """The outline under construction: the section, paragraph and box that are open."""

    def __init__(self, *, dotted: bool) -> None:
        self.dotted = dotted
        self.sections: list[Section] = []
        self.paragraphs: list[Paragraph] = []
        self.boxes: list[Box] = []
        self.paragraph: _Draft | None = None
        self.box: BoxDraft | None = None
        self.columns: tuple[str, ...] = ()
        self._used: Counter[str] = Counter()
        self._unnumbered = 0
        self._level = 1
        self._last_listed: int | None = None
        self._item = ""
        self._list_title = ""

    @property
    def section(self) -> Section | None:
        return self.sections[-1] if self.sections else None

    def add_heading(self, block: Block) -> None:
        self._close()
        level = self._level_of(block)
        self._item = ""
        if lists_recommendations(block.text):
            self._last_listed, self._list_title = 0, block.text
        elif block.number or _ENDS_LIST.match(block.text) or OPENING.match(block.text) or TOP.match(block.text):
            self._last_listed = None
        section = Section(number=block.number, title=block.text, level=level, order=len(self.sections) + 1, span=block.span)
        self.sections.append(section)

    def add_label(self, block: Block) -> None:
        label = block.label
        if label is None:
            return
        listed = self.section is not None and lists_recommendations(self.section.title)
        number = label.number
        if not number and listed and self._item:
            # "3. Armour does not fit." and then "Recommendation: ...": the numbered item only argues, the label recommends.
            number = self._item
            self._concluded(number)
        self._close_box()
        if label.number and listed:
            self._last_listed = None
        self.box = BoxDraft(kind=label.kind, number=number, after=self._after(), section=self.section, listed=listed, blocks=[block],
                            plural=label.plural)  # fmt: skip

    def add_numbered(self, block: Block) -> None:
        whole = block.number.isdigit()
        if whole and self._last_listed is not None and int(block.number) == self._last_listed + 1:
            # A list of recommendations counts from one, through headings inside it.
            lead = self._lead()
            self._last_listed += 1
            self._close()
            self._item = block.number
            self.box = BoxDraft(kind="recommendation", number=block.number, after="", section=self.section, listed=True, blocks=[block],
                                labelled=False, lead=lead, list_title=self._list_title)  # fmt: skip
        elif whole and block.number == "1" and self._last_listed and directs(block.text):
            self._last_listed = 0  # a second series in the list, which counts from one again
            self.add_numbered(block)
        elif whole and self.dotted:
            # Where paragraphs are numbered 3.2.6, a bare 1 counts the items of a list.
            self.add_item(replace(block, kind="item", marker=f"{block.number}.", number=""))
        else:
            self._close()
            if whole and self._last_listed:
                self._last_listed = None
            self.paragraph = _Draft(number=block.number, numbered=True, section=self.section, blocks=[block])

    def add_item(self, block: Block) -> None:
        if self.box is not None and (self.box.unfinished or self.box.goes_on_with(block)):
            self.box.blocks.append(block)
        elif self.paragraph is not None and self.box is None:
            self.paragraph.items.append(block)
        else:
            self._close()
            self._open_unnumbered(block)

    def add_field(self, block: Block) -> None:
        if self.box is not None and self.box.kind == "recommendation":
            self.box.details.append(Detail(name=block.marker, text=block.text))
        else:
            self.add_text(replace(block, kind="text", text=f"{block.marker}: {block.text}"))

    def add_text(self, block: Block) -> None:
        if self.box is not None and self._belongs_to_box(block):
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
            self.boxes.append(row_box(block, self.columns, column, self.section))
        elif (label := label_of(block.text)) is not None and label.number and label.kind == "recommendation":
            self._close_box()
            draft = BoxDraft(kind=label.kind, number=label.number, after="", section=self.section, listed=True,
                             blocks=[Block(kind="text", text=label.rest, span=block.span)])  # fmt: skip
            self.boxes.extend(boxes_of(draft))
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
        if TOP.match(block.text) or (block.text.isupper() and len(block.text.split()) > 1):
            self._level = 1
            return 1
        return self._level + 1

    def _after(self) -> str:
        if self.paragraph is not None:
            return self.paragraph.number
        return ""

    def _belongs_to_box(self, block: Block) -> bool:
        """Whether a text after a box's words is still the box's: its words ask for more or are a title, or a list's item goes on."""
        box = self.box
        if box is None or not box.written or box.blocks[-1].text.endswith((":", ",")):
            return box is not None
        titled = len(box.blocks) == 1 and len(box.blocks[0].text.split()) <= LONGEST_TITLE_WORDS and looks_like_heading(box.blocks[0].text)
        asks = directs(block.text) and not block.text.startswith(("We found", "In our"))
        return box.labelled and (titled or (box.listed and box.number != "" and not box.details and asks))

    def _lead(self) -> str:
        """The unfinished sentence that the paragraph above ends with, "We recommend that the force:"."""
        text = self.paragraph.blocks[-1].text if self.paragraph is not None and not self.paragraph.items else ""
        if text.endswith(":"):
            return text
        earlier = [box for box in self.boxes if box.section is self.section and not box.labelled]
        if self.box is not None and not self.box.labelled:
            return self.box.lead
        return earlier[-1].lead if earlier else ""

    def _concluded(self, number: str) -> None:
        if self.box is not None:
            self.box.kind = "conclusion"
        elif self.boxes and self.boxes[-1].number == number:
            self.boxes[-1] = replace(self.boxes[-1], kind="conclusion")
        self._item = ""

    def _open_unnumbered(self, block: Block) -> None:
        self._unnumbered += 1
        self.paragraph = _Draft(number=f"¶{self._unnumbered}", numbered=False, section=self.section, blocks=[block])

    def _close_box(self) -> None:
        if self.box is not None and self.box.written:
            self.boxes.extend(boxes_of(self.box))
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
                text=joined([*draft.blocks, *draft.items]),
                section=draft.section,
                sub_items=_sub_items(draft.items),
                order=len(self.paragraphs) + 1,
                span=span_of([*draft.blocks, *draft.items]),
                confidence=Confidence(share=share, reasons=reasons),
            )
        )


def outline_of(blocks: Sequence[Block], *, has_contents: bool) -> Outline:
    """Put blocks in their places.

    Args:
        blocks: the blocks after the contents page; all blocks where there is none.
        has_contents: whether the front matter was parted at a contents page already.
    """
    start = 0 if has_contents else body_starts(blocks)
    builder = _Builder(dotted=_is_dotted(blocks))
    in_table = False
    for block, following in zip_longest(blocks[start:], blocks[start + 1 :]):
        if block.kind == "heading" or _titles(block, following):
            builder.add_heading(block if block.kind == "heading" else replace(block, text="Recommendation"))
        elif block.kind == "label":
            builder.add_label(block)
        elif block.kind == "numbered":
            builder.add_numbered(block)
        elif block.kind == "item":
            builder.add_item(block)
        elif block.kind == "field":
            builder.add_field(block)
        elif block.kind == "row":
            builder.add_row(block, first=not in_table)
        else:
            builder.add_text(block)
        in_table = block.kind == "row"
    return builder.finish(blocks[:start])


def _titles(block: Block, following: Block | None) -> bool:
    """Whether a bare label "Recommendation" is the heading of numbered paragraphs that follow, and no box."""
    bare = block.label is not None and block.label.kind == "recommendation" and not block.label.number and not block.label.rest
    return bare and following is not None and following.kind == "numbered" and "." in following.number


def _is_dotted(blocks: Sequence[Block]) -> bool:
    numbered = [block for block in blocks if block.kind == "numbered"]
    return sum("." in block.number for block in numbered) * 2 > len(numbered)


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


__all__ = ["LISTING", "Box", "Outline", "looks_like_heading", "outline_of"]
