"""An imported report as a page: its judgements, its paragraphs in their sections, and what a person must decide about."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bestvalue.site.presenters.tags import Tag


@dataclass(frozen=True, kw_only=True)
class ParagraphView:
    """One paragraph: its number, whether the report gave it that number, its words, and its place on the page."""

    number: str
    numbered: bool
    text: str

    @property
    def anchor(self) -> str:
        """What an address ends with to lead to the paragraph."""
        return anchor_of(self.number)


@dataclass(frozen=True, kw_only=True)
class SectionView:
    """A heading with the paragraphs below it, up to the next heading."""

    number: str
    title: str
    level: int
    paragraphs: tuple[ParagraphView, ...]


@dataclass(frozen=True, kw_only=True)
class JudgementView:
    """A graded answer: question, grade, the scale that the grade stands on, and the paragraphs that give it."""

    question: str
    grade: str
    scale: tuple[str, ...]
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CandidateView:
    """A finding that asks for something without a recommendation."""

    paragraph: str
    text: str
    phrase: str
    confidence: str
    tag: Tag
    address: str
    decided: str


def anchor_of(number: str) -> str:
    """The place of a paragraph on its page.

    Example:
        >>> anchor_of("3.2.6")
        'paragraph-3-2-6'
    """
    # "¶7" is the seventh paragraph without a number of its own: it must not take the place of paragraph 7.
    plain = number.replace("¶", "unnumbered-")
    return f"paragraph-{re.sub(r'[^A-Za-z0-9]+', '-', plain).strip('-')}"


def sections_with_paragraphs(
    headings: Sequence[tuple[int, str, str, int]], paragraphs: Iterable[tuple[int | None, str, bool, str]]
) -> tuple[SectionView, ...]:
    """Headings in their order, each with its paragraphs; paragraphs before any heading come first, under no heading.

    Args:
        headings: key, number, title and level (1 for a chapter) of each, in order.
        paragraphs: key of the heading (None for none), number, whether it is the report's own, and text of each, in order.
    """
    under: Mapping[int | None, list[ParagraphView]] = {None: [], **{key: [] for key, *_ in headings}}
    for key, number, numbered, text in paragraphs:
        under[key].append(ParagraphView(number=number, numbered=numbered, text=text))
    first = [SectionView(number="", title="", level=1, paragraphs=tuple(under[None]))] if under[None] else []
    return (
        *first,
        *(SectionView(number=number, title=title, level=level, paragraphs=tuple(under[key])) for key, number, title, level in headings),
    )


@dataclass(frozen=True, kw_only=True)
class Noted:
    """Something that a report lists: a point, a conclusion, good practice, a heading that reads otherwise, another series.

    Args:
        number: that the report gives it; empty without one.
        text: what it says; of a heading, as the contents have it; of another series, its name.
        more: of a heading, as the text has it.
        paragraph: number of the paragraph that it stands in; empty where the report does not tell.
    """

    number: str
    text: str
    more: str
    paragraph: str
