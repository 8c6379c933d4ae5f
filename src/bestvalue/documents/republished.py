"""A report that somebody else published, written again by our writers: the same words under the same numbers, but accessible.

Many reports are only to be had as text, or as a PDF that a screen reader cannot follow. What was read as structure is written again as
HTML, as PDF/UA or as Word, with headings, numbered paragraphs, lists and boxes that are what they look like.
"""

from collections.abc import Iterator
from datetime import date

from bestvalue.documents.model import Block, Box, Bullets, Paragraph, Report, Section
from bestvalue.documents.reading import structure
from bestvalue.errors import ReportError


def republished(read: structure.PublishedReport) -> Report:
    """The report as a report of ours.

    Args:
        read: what the reader made of the file. Its numbers stay; chapters must count from 1 without a gap, as our numbers do.

    Raises:
        ReportError: its chapters are numbered otherwise, or it has none.
    """
    chapters = [section for section in read.sections if section.level == 1]
    if [section.number for section in chapters] != [str(place) for place in range(1, len(chapters) + 1)]:
        raise ReportError(
            "The chapters of the report do not count from 1 without a gap",
            where=read.source_name,
            next_step="Such a report can be read and kept, but not written again under its own numbers.",
        )
    return Report(
        title=read.title,
        subtitle=read.subtitle,
        issuer=read.issuer,
        on=_day(read.published),
        facts=(
            *((judgement.question, judgement.grade) for judgement in read.judgements),
            *((("About", read.about),) if read.about else ()),
            ("Written again from", f"{read.source_name} (SHA-256 {read.source_sha256[:12]})"),
        ),
        sections=tuple(_chapter(read, chapter) for chapter in chapters),
    )


def _chapter(read: structure.PublishedReport, chapter: structure.Section) -> Section:
    inner = [section for section in read.sections if section.level == 2 and section.number.startswith(f"{chapter.number}.")]
    return Section(
        heading=chapter.title,
        blocks=tuple(_blocks(read, chapter)),
        sections=tuple(Section(heading=each.title, blocks=tuple(_blocks(read, each))) for each in inner),
    )


def _blocks(read: structure.PublishedReport, section: structure.Section) -> Iterator[Block]:
    listed = _listed_in(read, section)
    for paragraph in (each for each in read.paragraphs if each.section == section):
        yield from _paragraph(paragraph)
        for recommendation in read.recommendations:
            if recommendation.paragraph == paragraph.number:
                yield _box(recommendation)
    yield from (Paragraph(text=each, numbered=False) for each in listed)


def _paragraph(paragraph: structure.Paragraph) -> Iterator[Block]:
    """The paragraph; its bullets stand under it as a list, and what follows them goes on unnumbered."""
    items = tuple(item.text for item in paragraph.sub_items)
    lead = paragraph.text.split("\n", 1)[0] if items else " ".join(paragraph.text.split())
    yield Paragraph(text=lead, number=paragraph.number if paragraph.numbered else "", numbered=paragraph.numbered)
    if items:
        yield Bullets(items=items)


def _box(recommendation: structure.Recommendation) -> Box:
    return Box(
        kind="recommendation",
        title=f"Recommendation {recommendation.number}",
        paragraphs=(recommendation.text,),
        facts=tuple((detail.name, detail.text) for detail in recommendation.details),
    )


def _listed_in(read: structure.PublishedReport, section: structure.Section) -> tuple[str, ...]:
    """The recommendations that the report lists again in this section."""
    if "recommendation" not in section.title.casefold():
        return ()
    return tuple(
        f"Recommendation {each.number}: {statement.text} (paragraph {each.paragraph})."
        for each in read.recommendations
        for statement in each.statements
        if statement.place == "list"
    )


def _day(published: str) -> date:
    year, month, day = (*(int(part) for part in (published or "1900").split("-")), 1, 1)[:3]
    return date(year, month, day)
