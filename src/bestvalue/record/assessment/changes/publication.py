"""Publishing an inspection: proposed by one inspector, done by another. It locks the text and starts the clock of the answers."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from bestvalue.errors import RuleError
from bestvalue.record.assessment.judging import judged
from bestvalue.record.assessment.models import (
    DraftParagraph,
    Inspection,
    InspectionStep,
    ParagraphKind,
    PublicationProposal,
    Side,
    check_publishable,
)
from bestvalue.record.assessment.queue import locked
from bestvalue.record.assessment.steps import Step
from bestvalue.record.assessment.wording import digest_of_report
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.life_cycle import Status
from bestvalue.record.delivery.models import Recommendation, RecommendationStatus, Source
from bestvalue.record.delivery.standing import keep_standing
from bestvalue.record.inspections.models import (
    GoodPractice,
    Judgement,
    Paragraph,
    Point,
    PublishedReport,
    ReportSection,
    check_not_imported,
)
from bestvalue.record.ledger import ledger
from bestvalue.record.two_people import check_second_person


@transaction.atomic
def propose_publication(inspection: Inspection, *, by: Person) -> PublicationProposal:
    """Propose to publish the report as it stands now. Another inspector does it.

    Raises:
        RuleError: `by` does not inspect, or something keeps it from being published.
    """
    inspection = locked(inspection)
    check_publishable(inspection, today=timezone.localdate(), by=by)
    said = digest_of_report(inspection)
    made = PublicationProposal.objects.create(inspection=inspection, by=by, on=timezone.localdate(), said_sha256=said)
    ledger.write("inspection.publication_proposed", target=made, by=by, payload={"said": said})
    return made


@transaction.atomic
def publish(inspection: Inspection, *, files: Mapping[str, Path], by: Person) -> PublishedReport:
    """Publish: the report joins the library and its recommendations the register, and nothing of it changes any more.

    Args:
        inspection: whose report it is.
        files: the written file of each format, outside its final place; its name is kept.
        by: an inspector other than whoever proposed it.

    Raises:
        RuleError: nobody else proposed it, the text changed after that, or something keeps it from being published.
    """
    inspection = locked(inspection)
    check_publishable(inspection, today=timezone.localdate(), by=by)
    proposal = inspection.proposals.order_by("-pk").first()
    if proposal is None:
        raise RuleError("Publication needs two people", where=inspection.title, next_step="One inspector proposes it, another publishes.")
    check_second_person(by, proposed_by=proposal.by_id, act="Publication", where=inspection.title)
    if proposal.said_sha256 != digest_of_report(inspection):
        raise RuleError(
            "The text or a grade changed after this was proposed", where=inspection.title, next_step="Have it proposed anew, and read it."
        )
    first = min(files)  # any will do: all hold the same words
    sha256 = hashlib.sha256(files[first].read_bytes()).hexdigest()
    report = _enter_report(inspection, source=files[first].name, sha256=sha256, by=by)
    numbered = _enter_paragraphs(inspection, report)
    _enter_judgements(inspection, report, numbered)
    keep_standing(*_enter_recommendations(inspection, report, numbered, by=by))
    inspection.published = report
    inspection.save()
    InspectionStep.objects.create(inspection=inspection, step=Step.PUBLISHED, on=timezone.localdate(), by=by)
    for path in files.values():
        # Before the commit: a file without its record is written over, a record without its file is a loss.
        path.replace(settings.WORKSPACE.reports_folder / path.name)
    ledger.write(
        "inspection.published",
        target=inspection,
        by=by,
        payload={"report": report.slug, "file": sha256, "proposed_by": proposal.by_id, "said": proposal.said_sha256},
    )
    return report


def _enter_report(inspection: Inspection, *, source: str, sha256: str, by: Person) -> PublishedReport:
    today = timezone.localdate()
    slug = slugify(f"{inspection.title} {today.year}")[:200]
    check_not_imported(sha256=sha256, slug=slug)
    texts = [paragraph.text for paragraph in _paragraphs(inspection)]
    return PublishedReport.objects.create(
        slug=slug,
        title=inspection.title,
        issuer=inspection.issuer,
        about=inspection.force,
        published=today,
        published_precision="day",
        source_name=source,
        source_sha256=sha256,
        text_length=sum(len(text) for text in texts),
        imported_at=timezone.now(),
        imported_by=by,
    )


def _paragraphs(inspection: Inspection) -> list[DraftParagraph]:
    rows = DraftParagraph.objects.filter(section__inspection=inspection).select_related("section", "addressed_to").prefetch_related("texts")
    return [row for row in rows if row.text]


def _enter_paragraphs(inspection: Inspection, report: PublishedReport) -> dict[int, Paragraph]:
    """The paragraphs as they were published, by the key of their draft."""
    sections = {
        section.pk: ReportSection.objects.create(
            report=report, number=section.number, title=section.title, level=section.number.count(".") + 1, order=section.order
        )
        for section in inspection.sections.all()
    }
    return {
        row.pk: Paragraph.objects.create(
            report=report,
            section=sections[row.section_id],
            number=row.number,
            text=row.text,
            order=order,
            first_line=order,
            last_line=order,
        )
        for order, row in enumerate(_paragraphs(inspection), start=1)
    }


def _enter_judgements(inspection: Inspection, report: PublishedReport, numbered: Mapping[int, Paragraph]) -> None:
    found = judged(inspection.frame, assessments=inspection.assessments.filter(side=Side.INSPECTORS), overrides=inspection.overrides.all())
    rows = _paragraphs(inspection)
    for order, each in enumerate(found, start=1):
        stated = [numbered[row.pk] for row in rows if row.section.key == each.judgement.key]
        made = Judgement.objects.create(
            report=report,
            order=order,
            question=each.judgement.text,
            grade=each.grade,
            scale=list(each.judgement.grades),
            text=each.override.reason if each.override else each.proposed.why,
        )
        made.paragraphs.set(stated)
    points = [row for row in rows if row.kind in (ParagraphKind.STRENGTH, ParagraphKind.DEVELOPMENT)]
    for order, row in enumerate(points, start=1):
        Point.objects.create(report=report, order=order, kind=row.kind, text=row.text, paragraph=numbered[row.pk])
    for row in rows:
        if row.kind == ParagraphKind.GOOD_PRACTICE:
            GoodPractice.objects.create(report=report, number=row.number, text=row.text, paragraph=numbered[row.pk])


def _enter_recommendations(
    inspection: Inspection, report: PublishedReport, numbered: Mapping[int, Paragraph], *, by: Person
) -> list[Recommendation]:
    made = []
    rows = [each for each in _paragraphs(inspection) if each.kind == ParagraphKind.RECOMMENDATION]
    for order, row in enumerate(rows, start=1):
        recommendation = Recommendation.objects.create(
            issuer=inspection.issuer,
            report_slug=report.slug,
            number=str(row.number_of_kind),
            order=order,
            source=Source.REPORT,
            text=row.text,
            body_text=row.text,
            addressed_body=row.addressed_to,
            published_report=report,
            paragraph=numbered[row.pk],
        )
        RecommendationStatus.objects.create(recommendation=recommendation, status=Status.MADE, on=timezone.localdate(), by=by)
        made.append(recommendation)
    return made
