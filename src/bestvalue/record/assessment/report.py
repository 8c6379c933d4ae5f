"""The inspection's report: gathered from the record, written as files, published."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.text import slugify

from bestvalue.documents import inspection_report as content
from bestvalue.documents.writing import FORMATS, write_report
from bestvalue.record.assessment.changes import publish
from bestvalue.record.assessment.judging import Judged, JudgedQuestion, judged
from bestvalue.record.assessment.models import AccuracyComment, DraftParagraph, Inspection, ParagraphKind, Side, check_publishable
from bestvalue.record.bodies.models import Person
from bestvalue.record.inspections.models import PublishedReport
from bestvalue.record.ledger import ledger


def publish_report(inspection: Inspection, *, by: Person, formats: Sequence[str] = FORMATS) -> PublishedReport:
    """Write the report and publish it.

    Raises:
        RuleError: something keeps it from being published; the message says what.
    """
    check_publishable(inspection, today=timezone.localdate(), by=by)
    report = content.inspection_report(report_content(inspection))
    name = f"inspection-{slugify(inspection.title)}-{timezone.localdate():%Y-%m-%d}-OFFICIAL"
    with tempfile.TemporaryDirectory(dir=settings.WORKSPACE.reports_folder, prefix=".writing-") as folder:
        files = {each: write_report(report, Path(folder) / f"{name}.{each}") for each in formats}
        return publish(inspection, files=files, by=by)


def report_content(inspection: Inspection) -> content.InspectionContent:
    """What the report says, as plain data."""
    frame = inspection.frame
    found = judged(frame, assessments=inspection.assessments.filter(side=Side.INSPECTORS), overrides=inspection.overrides.all())
    own = judged(frame, assessments=inspection.assessments.filter(side=Side.SELF), overrides=())
    first, last = (f"{day.day} {day:%B %Y}" for day in (inspection.fieldwork_starts, inspection.fieldwork_ends))
    return content.InspectionContent(
        title=inspection.title,
        issuer=inspection.issuer.name,
        on=timezone.localdate(),
        inspected=(inspection.force.name, inspection.authority.name),
        fieldwork=f"{first} to {last}",
        framework=f"{frame.title} ({frame.edition})",
        notice=frame.notice,
        rule=frame.rule.words,
        checkpoint=str(ledger.head()),
        synthetic=settings.WORKSPACE.settings.synthetic,
        judgements=tuple(
            content.JudgementItem(question=each.judgement.text, grade=each.grade or "no grade", scale=each.judgement.grades)
            for each in found
        ),
        sections=tuple(_sections(inspection)),
        grades=tuple(line for pair in zip(found, own, strict=True) for line in _grades(*pair)),
        comments=tuple(_comments(inspection)),
    )


def _sections(inspection: Inspection) -> Iterator[content.SectionItem]:
    rows = DraftParagraph.objects.filter(section__inspection=inspection).select_related("section", "addressed_to").prefetch_related("texts")
    paragraphs = [row for row in rows if row.text]
    for section in inspection.sections.all():
        yield content.SectionItem(
            number=section.number,
            title=section.title,
            paragraphs=tuple(_paragraph(row) for row in paragraphs if row.section_id == section.pk),
        )


def _paragraph(row: DraftParagraph) -> content.ParagraphItem:
    return content.ParagraphItem(
        number=row.number,
        kind=ParagraphKind(row.kind).value,
        text=row.text,
        title=f"Recommendation {row.number_of_kind}" if row.number_of_kind else "",
        addressed_to=row.addressed_to.name if row.addressed_to else "",
    )


def _grades(judgement: Judged, own: Judged) -> Iterator[content.GradeItem]:
    yield content.GradeItem(level="judgement", about=judgement.judgement.text, grade=_words(judgement), why=_why(judgement), own=own.grade)
    for question, own_question in zip(judgement.questions, own.questions, strict=True):
        yield content.GradeItem(
            level="question", about=question.question.text, grade=_words(question), why=_why(question), own=own_question.grade
        )
        for (criterion, graded), (_, own_graded) in zip(question.graded, own_question.graded, strict=True):
            if graded is not None:
                own_words = own_graded.grade_words if own_graded else ""
                yield content.GradeItem(level="criterion", about=criterion.text, grade=graded.grade_words, why=graded.reason, own=own_words)


def _words(graded: Judged | JudgedQuestion) -> str:
    return graded.grade or "no grade"


def _why(graded: Judged | JudgedQuestion) -> str:
    if graded.override is None:
        return graded.proposed.why
    proposed = graded.proposed.grade or "no grade"
    return f"{graded.override.reason} The rule proposed {proposed}; two inspectors decided otherwise."


def _comments(inspection: Inspection) -> Iterator[content.CommentItem]:
    rows = AccuracyComment.objects.filter(draft__inspection=inspection).select_related("body", "paragraph__section", "disposition")
    for row in rows:
        yield content.CommentItem(
            number=row.paragraph.number,
            body=row.body.name,
            text=row.text,
            outcome=row.disposition.get_outcome_display(),
            reason=row.disposition.reason,
        )
