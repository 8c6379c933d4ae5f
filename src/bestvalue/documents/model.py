"""What is a report made of? One model, which is written as HTML, PDF and Word.

An author gives text, tables and charts in nested sections and points from one to another by id. The numbers of sections,
paragraphs, tables and figures are not the author's: `numbering.numbered` gives them, so that all formats show the same.
Text is plain: whatever stands in it is shown as it stands, never read as markup.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any, Literal, TypeAlias

from bestvalue.errors import ReportError


@dataclass(frozen=True, kw_only=True)
class Strong:
    """Words of weight."""

    words: str


@dataclass(frozen=True, kw_only=True)
class Emphasis:
    """Words set apart: a title, a foreign term."""

    words: str


@dataclass(frozen=True, kw_only=True)
class Ref:
    """A reference to a section, paragraph, box, table or figure of the same report.

    Args:
        target: id of what is meant.
        words: what stands there; empty for the name that numbering gives: "paragraph 3.2.6", "Table 4".
    """

    target: str
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link out of the report. Its address starts with https:, http: or mailto:."""

    words: str
    address: str

    def __post_init__(self) -> None:
        if not re.match(r"(https?|mailto):", self.address):
            raise ReportError(
                f"The address {self.address!r} is none for a report", where=self.words, next_step="Use https:, http: or mailto:."
            )


Inline: TypeAlias = str | Strong | Emphasis | Ref | Link
Text: TypeAlias = str | tuple[Inline, ...]
"""Plain words, or words with marks among them."""


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A numbered paragraph; `numbered=False` for a line that nobody will cite, such as one that introduces a list.

    `number` is given by numbering; a report whose paragraphs were numbered while it was drafted brings it.
    """

    text: Text
    id: str = ""
    numbered: bool = True
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class Bullets:
    """A list; `ordered` where the order is part of what it says."""

    items: tuple[Text, ...]
    ordered: bool = False


@dataclass(frozen=True, kw_only=True)
class Quotation:
    """Somebody's words, and whose they are."""

    text: Text
    source: Text = ""


@dataclass(frozen=True, kw_only=True)
class Box:
    """What must catch the eye beside a paragraph: a recommendation, good practice, a notice.

    Args:
        title: "Recommendation 1": what references to it say.
        paragraphs: its text.
        facts: lines of name and value below the text: cost, who is asked.
    """

    kind: Literal["recommendation", "good practice", "notice"]
    title: str
    paragraphs: tuple[Text, ...]
    facts: tuple[tuple[str, Text], ...] = ()
    id: str = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table; `numeric` columns are set to the right."""

    heading: str
    numeric: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table. It breaks over pages where it must, and its headings are repeated there.

    Args:
        caption: what it shows; one sentence, no number.
        columns: headings, with units.
        rows: the cells as text, each row as long as `columns`.
        notes: what it was counted on, and what is left out.
        row_headings: the first column says what its row is about.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Text, ...], ...]
    notes: tuple[Text, ...] = ()
    row_headings: bool = True
    id: str = ""
    number: str = ""

    def __post_init__(self) -> None:
        if not self.columns:
            raise ReportError("A table has at least one column", where=self.caption)
        if not self.caption.strip():
            raise ReportError("A table says what it shows", where=", ".join(column.heading for column in self.columns))
        for index, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ReportError(f"Row {index} has {len(row)} cells for {len(self.columns)} columns", where=self.caption)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A chart, with its description in words and the table of its numbers.

    Args:
        caption: the finding that the picture shows, in one sentence.
        chart: a Vega-Lite specification with its data in it.
        alt: what a person who cannot see it needs to know. Required.
        table: the same numbers; its caption is shown without a number of its own.
    """

    caption: str
    chart: Mapping[str, Any]
    alt: str
    table: Table
    id: str = ""
    number: str = ""

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise ReportError(
                "A figure has no alternative text", where=self.caption, next_step="Say in a sentence or two what the picture shows."
            )


Block: TypeAlias = Paragraph | Bullets | Quotation | Box | Table | Figure


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading with what stands under it: its own blocks first, then its sections. The nesting is the level, so no level is skipped."""

    heading: str
    blocks: tuple[Block, ...] = ()
    sections: tuple["Section", ...] = ()
    id: str = ""
    number: str = ""


DEEPEST = 3
"""Levels of headings below the title. A fourth would need paragraph numbers of five parts, which nobody can cite."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """A whole report. It cannot be built with a reference that leads nowhere.

    Args:
        title: of the report.
        issuer: whose report it is.
        on: date on its cover.
        subtitle: a line below the title.
        marking: security marking, shown at the head and foot of every page and in the file's name.
        language: of the text, as a BCP 47 tag.
        synthetic: made from made-up data; a notice says so at the top and on every page.
        checkpoint: newest entry of the audit ledger when the report was made; printed, so that others hold it.
        facts: lines of name and value for the cover: version, review, stage.
        sections: numbered 1, 2, 3.
        annexes: lettered A, B, C.

    Raises:
        ReportError: a reference names an id that is not there, an id stands twice, a heading is empty or too deep,
            or the marking is none.
    """

    title: str
    issuer: str
    on: date
    sections: tuple[Section, ...]
    subtitle: str = ""
    marking: str = "OFFICIAL"
    language: str = "en-GB"
    synthetic: bool = False
    checkpoint: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    annexes: tuple[Section, ...] = field(default=())

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise ReportError("A report has a title", next_step="Give it one.")
        if not re.fullmatch(r"[A-Z][A-Z -]*", self.marking):
            raise ReportError(f"{self.marking!r} is no marking", where=self.title, next_step="Use OFFICIAL or OFFICIAL-SENSITIVE.")
        for section in chain(self.sections, self.annexes):
            _check_headings(section, level=1)
        self._check_references()

    def _check_references(self) -> None:
        known: set[str] = set()
        for name in self._ids():
            if name in known:
                raise ReportError(f"Two parts have the id {name!r}", where=self.title, next_step="Give each part an id of its own.")
            known.add(name)
        for section in walk(self):
            for reference in chain.from_iterable(references(block) for block in section.blocks):
                if reference.target not in known:
                    raise ReportError(
                        f"A reference leads nowhere: {reference.target!r}",
                        where=f"{self.title}, section {section.heading!r}",
                        next_step="Point it to an id that is in the report, or take it out.",
                    )

    def _ids(self) -> Iterator[str]:
        for section in walk(self):
            parts = [section, *(block for block in section.blocks if not isinstance(block, Bullets | Quotation))]
            yield from (part.id for part in parts if part.id)
            yield from (block.table.id for block in section.blocks if isinstance(block, Figure) and block.table.id)


def walk(report: Report) -> Iterator[Section]:
    """Every section and annex with those inside it, in the order of reading."""
    for section in chain(report.sections, report.annexes):
        yield from _walk_section(section)


def references(block: Block) -> Iterator[Ref]:
    """Every reference in a block."""
    for text in texts(block):
        if not isinstance(text, str):
            yield from (part for part in text if isinstance(part, Ref))


def texts(block: Block) -> Iterable[Text]:
    """Every text of a block that may carry marks."""
    match block:
        case Paragraph():
            return (block.text,)
        case Bullets():
            return block.items
        case Quotation():
            return (block.text, block.source)
        case Box():
            return (*block.paragraphs, *(value for _, value in block.facts))
        case Table():
            return (*chain.from_iterable(block.rows), *block.notes)
        case Figure():
            return texts(block.table)


def words_of(text: Text) -> str:
    """A text without its marks."""
    return text if isinstance(text, str) else "".join(part if isinstance(part, str) else part.words for part in text)


def _walk_section(section: Section) -> Iterator[Section]:
    yield section
    for inner in section.sections:
        yield from _walk_section(inner)


def _check_headings(section: Section, *, level: int) -> None:
    if not section.heading.strip():
        raise ReportError("A section has no heading", where=f"level {level}", next_step="Give every section a heading.")
    if level > DEEPEST:
        raise ReportError(f"Headings go {DEEPEST} levels deep", where=section.heading, next_step="Bring the section one level up.")
    for inner in section.sections:
        _check_headings(inner, level=level + 1)
