"""A report's file becomes a `PublishedReport`: one step after another, each in a module of its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bestvalue.analysis.contract import Progress, no_progress
from bestvalue.documents.reading.blocks import Block, blocks_of
from bestvalue.documents.reading.bodies import find_bodies
from bestvalue.documents.reading.broken_words import mender
from bestvalue.documents.reading.candidates import find_candidates
from bestvalue.documents.reading.contents_page import contents_differences, part_at_contents
from bestvalue.documents.reading.front_matter import FrontMatter, read_front, slug_of
from bestvalue.documents.reading.glued_headings import without_glue
from bestvalue.documents.reading.issuers import Issuer, find_issuer, known_issuer
from bestvalue.documents.reading.judgements import find_judgements
from bestvalue.documents.reading.outline import Outline, outline_of
from bestvalue.documents.reading.page_furniture import without_furniture
from bestvalue.documents.reading.points import find_good_practice, find_points
from bestvalue.documents.reading.recommendations import merge
from bestvalue.documents.reading.references import find_cross_references, find_other_series
from bestvalue.documents.reading.source import Source, read_source
from bestvalue.documents.reading.source_line import Line
from bestvalue.documents.reading.statements import find_statements
from bestvalue.documents.reading.structure import PublishedReport, Statement
from bestvalue.errors import ReportError

UNKNOWN_ISSUER = "Unknown issuer"
_PROVENANCE = re.compile(r"\bSource:\s")


@dataclass(frozen=True, kw_only=True)
class _Words:
    """A report's words before anything is made of them."""

    front: tuple[str, ...]
    provenance: str
    entries: tuple[str, ...]
    outline: Outline
    notes: tuple[str, ...]


def read_report(path: Path, *, issuer: str | None = None, progress: Progress = no_progress) -> PublishedReport:
    """Read a published report into structure. A report without recommendations is read too; `check_importable` refuses it.

    Args:
        path: the file: .txt, .docx, .odt, .html or .pdf.
        issuer: who published it, name or abbreviation, where the report does not say so itself.
        progress: told how far the reading is.

    Raises:
        ReportError: the file cannot be read; the message names it and says what to do.
    """
    progress(0.0, "opening the file")
    source = read_source(path)
    progress(0.3, "telling headings, paragraphs and boxes apart")
    words = _words_of(source)
    progress(0.6, "finding recommendations and judgements")
    front = read_front(
        words.front,
        provenance=words.provenance,
        file_title=source.extract.title,
        headings=[section.title for section in words.outline.sections[:1]],
        closing=[paragraph.text for paragraph in words.outline.paragraphs[-3:]]
        + [section.title for section in words.outline.sections[-3:]],
    )
    publisher = _publisher(issuer, words, front, file_title=source.extract.title)
    report = _report(source, words, front, publisher)
    progress(1.0, "done")
    return report


def check_importable(report: PublishedReport) -> None:
    """Refuse a report in which no recommendation was found: it may be the wrong file, or a habit that the reader does not know.

    Raises:
        ReportError: it holds none.
    """
    if report.recommendations:
        return
    offered = f" {len(report.candidates)} of its findings ask for something." if report.candidates else ""
    raise ReportError(
        f"No recommendations found in “{report.title or report.source_name}” ({len(report.paragraphs)} paragraphs read).{offered}",
        where=report.source_name,
        next_step="Check that it is the right file. If the report really makes no recommendation, add --allow-none.",
    )


def _words_of(source: Source) -> _Words:
    provenance, lines = _part_provenance(source.extract.lines)
    clean = without_furniture(lines)
    parted = part_at_contents(without_glue(clean.lines))
    blocks = _mended(blocks_of(parted.body))
    outline = outline_of(blocks, has_contents=bool(parted.entries))
    front = [line.text for line in parted.front] or [block.text for block in outline.front]
    return _Words(
        front=tuple(front), provenance=provenance, entries=parted.entries, outline=outline, notes=(*source.extract.notes, *clean.notes)
    )


def _part_provenance(lines: Sequence[Line]) -> tuple[str, Sequence[Line]]:
    """A first line that says where the file comes from is not the report's own."""
    first = next((at for at, line in enumerate(lines) if not line.blank), 0)
    if _PROVENANCE.search(lines[first].text):
        return lines[first].text.strip(), lines[first + 1 :]
    return "", lines


def _mended(blocks: Sequence[Block]) -> tuple[Block, ...]:
    mend = mender([block.text for block in blocks])
    return tuple(replace(block, text=mend(block.text)) for block in blocks)


def _publisher(issuer: str | None, words: _Words, front: FrontMatter, *, file_title: str) -> Issuer:
    if issuer:
        return known_issuer(issuer)
    text = "\n".join(paragraph.text for paragraph in words.outline.paragraphs)
    boxes = "\n".join(box.text for box in words.outline.boxes)
    found = find_issuer(front="\n".join([words.provenance, file_title, *words.front]), text=f"{text}\n{boxes}")
    if found is not None and found.name != front.about:
        return found
    return Issuer(name=UNKNOWN_ISSUER, abbreviation="")


def _report(source: Source, words: _Words, front: FrontMatter, publisher: Issuer) -> PublishedReport:
    outline = words.outline
    slug = slug_of(front.title, year=front.published[:4])
    found = find_statements(outline)
    merged = merge(found.recommendations, outline, key=f"{publisher.abbreviation or slug_of(publisher.name)}/{slug}")
    points = find_points(outline)
    notes = list(words.notes)
    if publisher.name == UNKNOWN_ISSUER:
        notes.append("The report does not say who published it: give the issuer.")
    return PublishedReport(
        title=front.title,
        subtitle=front.subtitle,
        issuer=publisher.name,
        issuer_abbreviation=publisher.abbreviation,
        about=front.about,
        published=front.published,
        slug=slug,
        source_name=source.name,
        source_sha256=source.sha256,
        text_length=sum(len(line.text) + 1 for line in source.extract.lines),
        pages=source.extract.pages,
        sections=outline.sections,
        contents_differences=contents_differences(words.entries, outline.sections),
        paragraphs=outline.paragraphs,
        judgements=find_judgements(outline),
        strengths=tuple(point for point in points if point.kind == "strength"),
        areas_for_development=tuple(point for point in points if point.kind == "area for development"),
        causes_of_concern=tuple(point for point in points if point.kind == "cause of concern"),
        recommendations=merged.recommendations,
        conclusions=tuple(
            Statement(place=each.place, text=each.text, paragraph=each.number or each.points_to, span=each.span)
            for each in found.conclusions
        ),
        good_practice=find_good_practice(outline),
        candidates=find_candidates(outline, merged.recommendations, points),
        cross_references=find_cross_references(outline, merged.recommendations),
        other_series=find_other_series(outline, merged.recommendations, merged.foreign),
        bodies=find_bodies(outline.paragraphs),
        notes=tuple(notes),
    )
