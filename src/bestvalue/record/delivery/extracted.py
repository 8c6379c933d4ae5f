"""From what was read in a report to the register: the part that importing and checking share."""

from dataclasses import dataclass

from django.db import models
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.life_cycle import Status
from bestvalue.record.delivery.models import Recommendation, RecommendationStatus, Source, TakenFrom
from bestvalue.record.delivery.standing import keep_standing
from bestvalue.record.inspections.models import Checked, Extracted, ExtractedCheck, Paragraph


@dataclass(frozen=True, kw_only=True)
class Worded:
    """A recommendation as it enters the register.

    Args:
        number: in its report.
        text: what is asked.
    """

    number: str
    text: str


def note_check(
    extracted: Extracted, outcome: Checked, *, by: Person | None, reason: str = "", edited: bool = False, into: Extracted | None = None
) -> ExtractedCheck:
    """Keep what a person made of it."""
    return ExtractedCheck.objects.create(
        extracted=extracted, outcome=outcome, edited=edited, reason=reason.strip(), into=into, by=by, at=timezone.now()
    )


def enter_extracted(extracted: Extracted, worded: Worded, *, paragraph: Paragraph | None, by: Person | None) -> Recommendation:
    """Enter it in the register, with all that was merged into it before.

    Raises:
        RuleError: the number is in the register already.
    """
    report = extracted.report
    if report.recommendations.filter(number=worded.number).exists():
        raise RuleError(
            f"Recommendation {worded.number} of this report is in the register already", where="number", next_step="Enter another number."
        )
    newest: int | None = report.recommendations.aggregate(newest=models.Max("order"))["newest"]
    made = Recommendation.objects.create(
        issuer=report.issuer,
        report_slug=report.slug,
        number=worded.number,
        order=(newest or 0) + 1,
        source=Source.REPORT,
        text=worded.text,
        body_text=extracted.body_text,
        list_text=extracted.list_text,
        differences=extracted.differences,
        details=extracted.details,
        addressed_body=report.about,
        published_report=report,
        paragraph=paragraph,
    )
    # A report that does not say its date was made by today at the latest.
    RecommendationStatus.objects.create(recommendation=made, status=Status.MADE, on=report.published or timezone.localdate(), by=by)
    TakenFrom.objects.create(recommendation=made, extracted=extracted)
    for merged in Extracted.objects.filter(check_made__into=extracted):
        TakenFrom.objects.create(recommendation=made, extracted=merged)
    keep_standing(made)
    return made
