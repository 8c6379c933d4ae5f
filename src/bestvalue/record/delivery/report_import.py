"""Entering a published report in the record: all of it, or nothing."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from bestvalue.documents import reading
from bestvalue.errors import ReportError
from bestvalue.record.bodies.models import Person, body_named
from bestvalue.record.delivery.extracted import Worded, enter_extracted, note_check
from bestvalue.record.inspections.models import (
    Candidate,
    Checked,
    Conclusion,
    ContentsDifference,
    CrossReference,
    Extracted,
    GoodPractice,
    Judgement,
    MentionedBody,
    OtherSeries,
    Paragraph,
    Point,
    PublishedReport,
    ReportSection,
    check_importable_by,
    check_not_imported,
)
from bestvalue.record.ledger import ledger

Numbered = Mapping[str, Paragraph]
"""The paragraphs of the report by their number."""


@transaction.atomic
def import_report(report: reading.PublishedReport, *, source: Path, by: Person | None, seen: bool = True) -> PublishedReport:
    """Enter a report that was read: bodies, paragraphs, judgements, recommendations, and what else it holds.

    Args:
        report: what `documents.reading` made of the file.
        source: the file, which must still be the one that was read.
        by: who imports; None for the operator at the command line. What a person imports waits in the library for another, who
            checks it beside its paragraphs: two people let a report's recommendations into the register.
        seen: the operator has seen its recommendations and accepts them; else each waits in the library as well.

    Returns:
        PublishedReport: the report as it stands in the record.

    Raises:
        RuleError: `by` may not import, or the file, or another edition of the report, is in the record already.
        ReportError: the report does not say who issued it, or the file is not the one that was read.
    """
    check_importable_by(by)
    check_not_imported(sha256=report.source_sha256, slug=report.slug)
    _check_source(report, source)
    kept = _enter_report(report, by=by)
    numbered = _enter_paragraphs(report, kept)
    _enter_judged(report, kept, numbered)
    _enter_noticed(report, kept, numbered)
    extracted = [_keep_extracted(each, kept, numbered, order=order) for order, each in enumerate(report.recommendations, start=1)]
    accepted = seen and by is None
    if accepted:
        for each in extracted:
            _accept(each, by=by)
    ledger.write("report.imported", target=kept, by=by, payload=_what_came_in(report) | {"seen": accepted})
    return kept


def _check_source(report: reading.PublishedReport, source: Path) -> None:
    if not report.issuer:
        raise ReportError(
            "The report does not say who issued it", where=source.name, next_step="Say who did, with --issuer or on the form."
        )
    with source.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != report.source_sha256:
            raise ReportError("The file changed after it was read", where=source.name, next_step="Import it again.")


def _enter_report(report: reading.PublishedReport, *, by: Person | None) -> PublishedReport:
    issuer = body_named(report.issuer, short_name=report.issuer_abbreviation)
    return PublishedReport.objects.create(
        slug=report.slug,
        title=report.title,
        subtitle=report.subtitle,
        issuer=issuer,
        about=body_named(report.about, short_name=_abbreviation(report)) if report.about else None,
        published=_first_day(report.published),
        published_precision=report.published_precision or "day",
        source_name=report.source_name,
        source_sha256=report.source_sha256,
        text_length=report.text_length,
        pages=report.pages,
        reader_notes=list(report.notes),
        imported_at=timezone.now(),
        imported_by=by,
    )


def _enter_paragraphs(report: reading.PublishedReport, kept: PublishedReport) -> Numbered:
    sections = ReportSection.objects.bulk_create(
        ReportSection(report=kept, number=each.number, title=each.title, level=each.level, order=each.order) for each in report.sections
    )
    by_order = {section.order: section for section in sections}
    paragraphs = Paragraph.objects.bulk_create(
        Paragraph(
            report=kept,
            section=by_order[each.section.order] if each.section else None,
            number=each.number,
            numbered=each.numbered,
            text=each.text,
            order=each.order,
            page=each.span.page,
            first_line=each.span.first_line,
            last_line=each.span.last_line,
        )
        for each in report.paragraphs
    )
    return {paragraph.number: paragraph for paragraph in paragraphs}


def _enter_judged(report: reading.PublishedReport, kept: PublishedReport, numbered: Numbered) -> None:
    for order, judgement in enumerate(report.judgements, start=1):
        made = Judgement.objects.create(
            report=kept, order=order, question=judgement.question, grade=judgement.grade, scale=list(judgement.scale), text=judgement.text
        )
        made.paragraphs.set([_paragraph(numbered, number) for number in judgement.paragraphs])
    points = [*report.strengths, *report.areas_for_development, *report.causes_of_concern]
    Point.objects.bulk_create(
        Point(report=kept, order=order, kind=each.kind, text=each.text, paragraph=_paragraph(numbered, each.paragraph))
        for order, each in enumerate(points, start=1)
    )
    GoodPractice.objects.bulk_create(
        GoodPractice(report=kept, number=each.number, text=each.text, paragraph=_paragraph(numbered, each.paragraph))
        for each in report.good_practice
    )
    Conclusion.objects.bulk_create(
        Conclusion(report=kept, order=order, text=each.text, paragraph=_paragraph_if_any(numbered, each.paragraph))
        for order, each in enumerate(report.conclusions, start=1)
    )


def _enter_noticed(report: reading.PublishedReport, kept: PublishedReport, numbered: Numbered) -> None:
    Candidate.objects.bulk_create(
        Candidate(
            report=kept,
            order=order,
            paragraph=_paragraph(numbered, each.paragraph),
            text=each.text,
            phrase=each.phrase,
            confidence_share=each.confidence.share,
            confidence=each.confidence.words,
        )
        for order, each in enumerate(report.candidates, start=1)
    )
    CrossReference.objects.bulk_create(
        CrossReference(
            report=kept,
            paragraph=_paragraph(numbered, each.paragraph),
            text=each.text,
            target=each.target,
            forward=each.forward,
            found=each.found,
        )
        for each in report.cross_references
    )
    ContentsDifference.objects.bulk_create(
        ContentsDifference(report=kept, in_contents=each.in_contents, in_body=each.in_body) for each in report.contents_differences
    )
    OtherSeries.objects.bulk_create(
        OtherSeries(report=kept, paragraph=_paragraph(numbered, each.paragraph), number=each.number, series=each.series, text=each.text)
        for each in report.other_series
    )
    MentionedBody.objects.bulk_create(
        MentionedBody(
            report=kept,
            paragraph=_paragraph_if_any(numbered, each.paragraph),
            name=each.name,
            abbreviation=each.abbreviation,
            mentions=each.mentions,
        )
        for each in report.bodies
    )


def _keep_extracted(recommendation: reading.Recommendation, kept: PublishedReport, numbered: Numbered, *, order: int) -> Extracted:
    listed = [statement.text for statement in recommendation.statements if statement.place == "list"]
    return Extracted.objects.create(
        report=kept,
        order=order,
        number=recommendation.number,
        text=recommendation.text,
        body_text=recommendation.body_text,
        list_text=listed[0] if listed else "",
        differences=[asdict(difference) for difference in recommendation.differences],
        details=[asdict(detail) for detail in recommendation.details],
        paragraph=_paragraph_if_any(numbered, recommendation.paragraph),
        page=recommendation.span.page,
        first_line=recommendation.span.first_line,
        last_line=recommendation.span.last_line,
        confidence_share=recommendation.confidence.share,
        confidence=recommendation.confidence.words,
        reasons=list(recommendation.confidence.reasons),
    )


def _accept(extracted: Extracted, *, by: Person | None) -> None:
    note_check(extracted, Checked.ACCEPTED, by=by)
    enter_extracted(extracted, Worded(number=extracted.number, text=extracted.text), paragraph=extracted.paragraph, by=by)


def _what_came_in(report: reading.PublishedReport) -> dict[str, object]:
    return {
        "title": report.title,
        "issuer": report.issuer,
        "published": report.published,
        "file": report.source_sha256,
        "paragraphs": len(report.paragraphs),
        "judgements": {judgement.question: judgement.grade for judgement in report.judgements},
        "recommendations": [recommendation.key for recommendation in report.recommendations],
        "good_practice": len(report.good_practice),
        "candidates": len(report.candidates),
    }


def _paragraph(numbered: Numbered, number: str) -> Paragraph:
    if number not in numbered:
        raise ReportError(
            f"The reader found something at paragraph {number!r}, which is not among the report's paragraphs",
            where=f"paragraph {number}",
            next_step="Tell whoever maintains bestvalue: the reader has a fault.",
        )
    return numbered[number]


def _paragraph_if_any(numbered: Numbered, number: str) -> Paragraph | None:
    return _paragraph(numbered, number) if number else None


def _abbreviation(report: reading.PublishedReport) -> str:
    return next((body.abbreviation for body in report.bodies if body.name.casefold() == report.about.casefold()), "")


def _first_day(published: str) -> date | None:
    if not published:
        return None
    year, month, day = (*(int(part) for part in published.split("-")), 1, 1)[:3]
    return date(year, month, day)
