"""Which number has each part of a report? Sections 1, 1.1; paragraphs 1.1.1; tables and figures 1, 2, 3; annexes A, B, C.

One counter runs through each section: first over its own paragraphs, then over the sections in it, so that no two parts
share a number. The numbers follow from the report alone, and are the same in every format and every time it is written.

A report whose paragraphs were numbered while it was drafted brings those numbers: one that was withdrawn leaves its gap.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from string import ascii_uppercase

from bestvalue.documents.model import (
    Block,
    Box,
    Bullets,
    Column,
    Emphasis,
    Figure,
    Inline,
    Link,
    Paragraph,
    Quotation,
    Ref,
    Report,
    Section,
    Strong,
    Table,
    Text,
    walk,
    words_of,
)
from bestvalue.errors import ReportError


def numbered(report: Report) -> Report:
    """The report with every number filled in, an id on whatever can be cited, and words in every reference.

    Text is put into the form that all three formats can carry: runs of white space are one space, and characters that XML
    forbids (control characters, halves of surrogate pairs) are shown as U+FFFD.

    Raises:
        ReportError: more annexes than letters, or a reference without words to a paragraph that has no number.
    """
    if len(report.annexes) > len(ascii_uppercase):
        raise ReportError(f"A report has at most {len(ascii_uppercase)} annexes", where=report.title, next_step="Join some of them.")
    counters = _Counters()
    counted = replace(
        report,
        sections=tuple(_count_section(section, str(place), counters) for place, section in enumerate(report.sections, start=1)),
        annexes=tuple(_count_section(annex, letter, counters) for letter, annex in zip(ascii_uppercase, report.annexes, strict=False)),
    )
    names = dict(_names(counted))
    return replace(
        counted,
        title=plain_words(report.title),
        subtitle=plain_words(report.subtitle),
        issuer=plain_words(report.issuer),
        facts=tuple((plain_words(name), plain_words(value)) for name, value in report.facts),
        sections=tuple(_word_section(section, names) for section in counted.sections),
        annexes=tuple(_word_section(annex, names) for annex in counted.annexes),
    )


def section_words(section: Section) -> str:
    """The number that stands before the heading of a numbered section: "3.2", or "Annex A"."""
    return f"Annex {section.number}" if section.number.isalpha() else section.number


def opens_page(section: Section) -> bool:
    """Whether a numbered section begins a page: the first chapter after the contents, and the first annex."""
    return section.number in {"1", "A"}


def plain_words(words: str) -> str:
    r"""Words that every format can carry.

    Example:
        >>> plain_words("two\n lines"), plain_words("e\u0301") == "\u00e9", plain_words("\x00") == "\ufffd"
        ('two lines', True, True)
    """
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", _WHITE_SPACE.sub(" ", unicodedata.normalize("NFC", words)))


_WHITE_SPACE = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")  # not \s: a no-break space stands where somebody put it
_UNWRITABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, kw_only=True)
class _Counters:
    tables: Iterator[int] = field(default_factory=lambda: count(1))
    figures: Iterator[int] = field(default_factory=lambda: count(1))


def _count_section(section: Section, number: str, counters: _Counters) -> Section:
    if len({bool(block.number) for block in section.blocks if isinstance(block, Paragraph) and block.numbered}) > 1:
        raise ReportError(
            "Some paragraphs of the section bring their numbers and some do not",
            where=section.heading,
            next_step="Number all of them, or none.",
        )
    places = count(1)
    blocks = tuple(_count_block(block, number, places, counters) for block in section.blocks)
    sections = tuple(_count_section(inner, f"{number}.{next(places)}", counters) for inner in section.sections)
    return replace(section, number=number, id=section.id or f"section-{number}", blocks=blocks, sections=sections)


def _count_block(block: Block, section: str, places: Iterator[int], counters: _Counters) -> Block:
    match block:
        case Paragraph(numbered=True):
            number = _brought(block, section) if block.number else f"{section}.{next(places)}"
            return replace(block, number=number, id=block.id or f"paragraph-{number}")
        case Table():
            return _count_table(block, counters)
        case Figure():
            number = str(next(counters.figures))
            return replace(block, number=number, id=block.id or f"figure-{number}")
        case _:
            return block


def _brought(paragraph: Paragraph, section: str) -> str:
    if paragraph.number.rpartition(".")[0] != section:
        raise ReportError(
            f"The paragraph brings the number {paragraph.number}, and stands in section {section}",
            where=words_of(paragraph.text)[:60],
            next_step="Put it into its own section, or let it be numbered.",
        )
    return paragraph.number


def _count_table(table: Table, counters: _Counters) -> Table:
    number = str(next(counters.tables))
    return replace(table, number=number, id=table.id or f"table-{number}")


def _names(report: Report) -> Iterator[tuple[str, str]]:
    """What a reference to each id says, where it does not say so itself."""
    for section in walk(report):
        yield section.id, section_words(section) if section.number.isalpha() else f"section {section.number}"
        for block in section.blocks:
            match block:
                case Paragraph(numbered=True):
                    yield block.id, f"paragraph {block.number}"
                case Table():
                    yield block.id, f"Table {block.number}"
                case Figure():
                    yield block.id, f"Figure {block.number}"
                    yield block.table.id, f"the data of Figure {block.number}"
                case Box():
                    yield block.id, block.title


def _word_section(section: Section, names: Mapping[str, str]) -> Section:
    return replace(
        section,
        heading=plain_words(section.heading),
        blocks=tuple(_word_block(block, names) for block in section.blocks),
        sections=tuple(_word_section(inner, names) for inner in section.sections),
    )


def _word_block(block: Block, names: Mapping[str, str]) -> Block:
    match block:
        case Paragraph():
            return replace(block, text=_word(block.text, names))
        case Bullets():
            return replace(block, items=tuple(_word(item, names) for item in block.items))
        case Quotation():
            return replace(block, text=_word(block.text, names), source=_word(block.source, names))
        case Box():
            return replace(
                block,
                title=plain_words(block.title),
                paragraphs=tuple(_word(text, names) for text in block.paragraphs),
                facts=tuple((plain_words(name), _word(value, names)) for name, value in block.facts),
            )
        case Table():
            return _word_table(block, names)
        case Figure():
            return replace(block, caption=plain_words(block.caption), alt=plain_words(block.alt), table=_word_table(block.table, names))


def _word_table(table: Table, names: Mapping[str, str]) -> Table:
    return replace(
        table,
        caption=plain_words(table.caption),
        columns=tuple(Column(heading=plain_words(column.heading), numeric=column.numeric) for column in table.columns),
        rows=tuple(tuple(_word(cell, names) for cell in row) for row in table.rows),
        notes=tuple(_word(note, names) for note in table.notes),
    )


def _word(text: Text, names: Mapping[str, str]) -> tuple[Inline, ...]:
    parts = (text,) if isinstance(text, str) else text
    return tuple(_word_part(part, names) for part in parts if part)


def _word_part(part: Inline, names: Mapping[str, str]) -> Inline:
    match part:
        case str():
            return plain_words(part)
        case Strong() | Emphasis() | Link():
            return replace(part, words=plain_words(part.words))
        case Ref():
            words = part.words or names.get(part.target, "")
            if not words:
                raise ReportError(
                    f"The reference to {part.target!r} has no words",
                    where="reference",
                    next_step="Number the paragraph, or give the words.",
                )
            return replace(part, words=plain_words(words))
