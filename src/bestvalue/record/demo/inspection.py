"""The inspection of the demo's review: invented like the force, and far enough that both bodies have the draft."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from bestvalue.record.assessment import changes
from bestvalue.record.assessment.framework import frameworks
from bestvalue.record.assessment.models import DraftParagraph, DraftSection, Inspection, ParagraphKind, Place
from bestvalue.record.demo.people import Cast
from bestvalue.record.practice.changes import describe_practice, record_result, take_up_practice
from bestvalue.record.practice.models import Worked
from bestvalue.record.reviews.models import Part, Review

WEEK, FORTNIGHT = timedelta(days=7), timedelta(days=14)
PACKAGED = Path("no-frameworks-of-its-own")

GRADES: Mapping[str, tuple[str, str, str, str]] = {
    "aims-agreed": ("good", "good", "good", "The panel and the boards saw the aims before they were approved; users did not."),
    "aims-fit": ("good", "good", "excellent", "Each aim names the priority of the authority that it serves."),
    "aims-measured": ("good", "fair", "good", "Aims have a measure and a baseline; one has no day."),
    "meets-targets": ("fair", "fair", "good", "Response within target is measured by grade; low grades wait long at night."),
    "meets-users": ("fair", "fair", "fair", "A survey was held; who was not heard is known and not yet reached."),
    "meets-resources": ("fair", "fair", "fair", "Units on duty do not follow demand by hour."),
    "compares-like": ("good", "good", "good", "Peers were chosen by variables that others can test."),
    "compares-difference": ("good", "fair", "good", "Differences carry intervals; reasons are given for most."),
    "compares-cost": ("good", "good", "good", "Costs reconcile to the ledger to the penny."),
    "drives-four-cs": ("excellent", "excellent", "excellent", "Halving and doubling of every pool was played through, with intervals."),
    "drives-ownership": ("promising", "promising", "excellent", "One decision came late; the management board met the review once."),
    "drives-options": ("promising", "excellent", "excellent", "Options are kept with their reasons, also those written off."),
    "plan-complete": ("promising", "promising", "promising", "Most actions have one lead and a day."),
    "plan-targets": ("uncertain", "uncertain", "promising", "Savings are listed; few reach a budget line yet."),
    "plan-resourced": ("promising", "promising", "promising", "A financial adviser serves the board from the start."),
    "delivered-commitment": ("promising", "promising", "promising", "The panel goes on into delivery."),
    "delivered-capacity": ("uncertain", "promising", "promising", "Nobody was freed from other work for the plan."),
    "delivered-record": ("", "", "promising", "The plan is too young for a track record."),
}
"""Of each criterion the grade of the lead, of the second inspector and of the force itself, and why; "" is no data."""


def record_inspection(review: Review, cast: Cast, *, on: date) -> Inspection:
    """An inspection of the review: graded blind by two, compared with the force's own grades, its draft sent to both bodies."""
    lead, second = cast.people["Inspector"], cast.people["Second inspector"]
    manager = cast.people["Project manager"]
    planned = changes.plan_inspection(
        frameworks(PACKAGED)["best-value"],
        title=f"Inspection of {review.title}",
        service=review.service,
        issuer=cast.inspectorate,
        force=cast.force,
        authority=cast.authority,
        fieldwork_starts=on,
        fieldwork_ends=on + WEEK,
        by=lead,
        review=review,
    )
    changes.appoint(planned, person=second, place=Place.SECOND, by=lead)
    changes.start_fieldwork(planned, by=lead)
    asked = changes.ask_for_document(planned, text="The plan with its dates", asked_of=cast.force, due=on + WEEK, by=lead)
    changes.ask_for_document(planned, text="Minutes of the authority's committee", asked_of=cast.authority, due=on + FORTNIGHT, by=lead)
    changes.answer_request(asked, answer="It is in the inspection pack of the review.", by=manager)
    talk = changes.plan_interview(planned, whom="a sergeant of a support unit", planned_for=on, by=lead)
    changes.record_interview(talk, notes="Nights are thin, and nobody asked us how the turns could change.", held_on=on, by=lead)
    for place, person in enumerate((lead, second, manager)):
        for key, said in GRADES.items():
            sources = [talk] if person == lead and key == "meets-resources" else []
            changes.grade(planned, criterion=key, grade=said[place], reason=said[3], by=person, sources=sources)
    changes.share_grades(planned, by=lead)
    written = changes.start_report(planned, by=lead)
    challenged = _write(written, cast)
    draft = changes.send_draft(planned, deadline=on + FORTNIGHT, by=lead)
    changes.comment(
        draft, paragraph=challenged, text="Two people were freed for the plan last week.", wording="Two people were freed.", by=manager
    )
    return planned


def _write(sections: list[DraftSection], cast: Cast) -> DraftParagraph:
    """What the inspectors wrote beside the grades; returns the paragraph that the force has something to say of."""
    lead, by_number = cast.people["Inspector"], {section.number: section for section in sections}
    changes.add_paragraph(
        by_number["2.2"],
        kind=ParagraphKind.RECOMMENDATION,
        text="Roster units by hour of the week from the demand that the review measured.",
        addressed_to=cast.force,
        by=lead,
    )
    changes.add_paragraph(
        by_number["3.1"], kind=ParagraphKind.STRENGTH, text="Every option that was thought of can be found, with why.", by=lead
    )
    changes.add_paragraph(
        by_number["4"],
        kind=ParagraphKind.GOOD_PRACTICE,
        text="A panel of critical friends challenged the review, and was answered.",
        by=lead,
    )
    return changes.add_paragraph(
        by_number["3.3"], kind=ParagraphKind.DEVELOPMENT, text="Free people from other work for as long as the plan runs.", by=lead
    )


def describe_what_works(cast: Cast, *, on: date) -> None:
    """Good practice with a body that took it up and what came of it, so that the register shows all three."""
    friend, manager = cast.people["Critical friend"], cast.people["Project manager"]
    practice = describe_practice(
        "A standing panel of critical friends",
        service="Reviews of operational support",
        where_seen=str(cast.authority),
        conditions="Members with a day a month, and a team that must answer every challenge in writing.",
        evidence="The challenge log of the worked review gives each answer with its effect, and shows what still waits.",
        by=friend,
    )
    uptake = take_up_practice(
        practice, body=cast.parts[Part.PANEL], on=on, how="Three members, from the review's scope to the end of its delivery.", by=manager
    )
    record_result(uptake, worked=Worked.PARTLY, text="One of the challenges still waits for its answer.", on=on, by=friend)
