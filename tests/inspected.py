"""An inspection of the small world's review, and a practice that was taken up: enough that every page of them has something to show."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone

from tests.world import World

NOWHERE = Path("no-frameworks-of-its-own")

if TYPE_CHECKING:
    from bestvalue.record.assessment.models import (
        AccuracyComment,
        DocumentRequest,
        DraftParagraph,
        DraftSection,
        Inspection,
        Interview,
        Override,
    )
    from bestvalue.record.practice.models import Uptake


@dataclass(frozen=True, kw_only=True)
class Inspected:
    """An inspection whose draft is with both bodies, and one of each thing in it."""

    inspection: "Inspection"
    request: "DocumentRequest"
    interview: "Interview"
    override: "Override"
    section: "DraftSection"
    paragraph: "DraftParagraph"
    comment: "AccuracyComment"


def inspect(world: World) -> Inspected:
    """Plan an inspection led by the world's inspector, and take it to the comments of the force."""
    from bestvalue.record.assessment import changes
    from bestvalue.record.assessment.framework import frameworks
    from bestvalue.record.assessment.models import DraftParagraph, Inspection, ParagraphKind

    lead, review = world.inspector, world.review
    today = timezone.localdate()
    planned = changes.plan_inspection(
        frameworks(NOWHERE)["blank"],
        title="Inspection of support",
        service="Support units",
        issuer=lead.memberships.get().body,
        force=review.force,
        authority=review.authority,
        fieldwork_starts=today,
        fieldwork_ends=today,
        by=lead,
        review=review,
    )
    changes.start_fieldwork(planned, by=lead)
    request = changes.ask_for_document(planned, text="The plan", asked_of=review.force, due=today, by=lead)
    interview = changes.plan_interview(planned, whom="a sergeant", planned_for=today, by=lead)
    changes.grade(_now(planned), criterion="criterion", grade="good", reason="It was seen.", by=world.manager)
    changes.grade(_now(planned), criterion="criterion", grade="fair", reason="Half of it was seen.", by=lead, speaks_for="Much.")
    changes.share_grades(planned, by=lead)
    override = changes.override(_now(planned), key="question", grade="poor", reason="Users do not see it.", by=lead)
    section = changes.start_report(_now(planned), by=lead)[2]
    paragraph = changes.add_paragraph(section, kind=ParagraphKind.RECOMMENDATION, text="Show it.", addressed_to=review.force, by=lead)
    draft = changes.send_draft(planned, deadline=today, by=lead)
    comment = changes.comment(draft, paragraph=paragraph, text="It is shown since May.", wording="Show more of it.", by=world.manager)
    return Inspected(
        inspection=Inspection.objects.get(pk=planned.pk),
        request=request,
        interview=interview,
        override=override,
        section=section,
        paragraph=DraftParagraph.objects.get(pk=paragraph.pk),
        comment=comment,
    )


def take_up(world: World) -> "Uptake":
    """The good practice of the world's report, described, and taken up by the force."""
    from bestvalue.record.practice import changes

    made = changes.describe_practice(
        "A panel of critical friends",
        service="Operational support",
        where_seen="Metropolitan Force",
        conditions="Members with time.",
        evidence="The report says so.",
        good_practice=world.report.good_practice.get(),
        by=world.manager,
    )
    return changes.take_up_practice(made, body=world.review.force, on=timezone.localdate(), how="A panel of three.", by=world.manager)


def _now(inspection: "Inspection") -> "Inspection":
    from bestvalue.record.assessment.models import Inspection

    return Inspection.objects.get(pk=inspection.pk)
