"""What the demo says of its evidence: how good each piece is, and what only those who need to know may read."""

from datetime import date, timedelta

from bestvalue.record.bodies.models import Person
from bestvalue.record.demo.people import Cast
from bestvalue.record.meetings.changes import add_item, call_meeting, minute_item, record_attendance
from bestvalue.record.reviews.changes import add_evidence, grade_evidence, make_group
from bestvalue.record.reviews.models import Credibility, EvidenceKind, FourC, Marking, NeedToKnowGroup, Part, Reliability, Review

GROUP = "Covert work"
ASKED, COSTED = timedelta(days=-38), timedelta(days=-33)
"""When the head of a covert unit was asked, and when the team spoke of it, counted from the day of the demo."""


def grade_what_was_gathered(review: Review, cast: Cast) -> None:
    """Grade every piece of evidence on the house scale, with the reason."""
    analyst = cast.people["Analyst"]
    for evidence in review.evidence.all():
        if evidence.kind == EvidenceKind.RESULT:
            credibility, reason = (
                Credibility.UNKNOWN,
                "The method is published and tested; the force is synthetic, so no other source can confirm what it says.",
            )
        else:
            credibility, reason = Credibility.CONFIRMED, "The body that agreed it minuted the same words."
        grade_evidence(evidence, reliability=Reliability.CHECKED, credibility=credibility, reason=reason, by=analyst)


def keep_what_is_sensitive(review: Review, *, on: date) -> None:
    """A note and a meeting for a group of named people. They come after the report was published, which everybody of the review reads."""
    # The chair confirms reports that the manager proposes, so both must be able to read all of them.
    names = ("Lead for resources", "Project manager", "Chair of the project board")
    lead, manager, chair = (Person.objects.get(name=name) for name in names)
    group = make_group(
        review, name=GROUP, need="To cost the units that work covertly, without naming an operation.", people=[manager, chair], by=lead
    )
    add_evidence(
        review,
        title="Interview on covert units",
        kind=EvidenceKind.INTERVIEW,
        four_cs=[FourC.CONSULT],
        strands=[review.strands.order_by("number")[0]],
        effective_date=on + ASKED,
        notes="Synthetic. The head of a covert unit said how its hours are booked so that no operation can be read from them.",
        marking=Marking.SENSITIVE,
        group=group,
        descriptor="OPERATIONAL",
        handling="Do not print, and do not forward.",
        by=lead,
    )
    _meet_about_it(review, group, on=on + COSTED, by=lead, present=[lead, manager])


def _meet_about_it(review: Review, group: NeedToKnowGroup, *, on: date, by: Person, present: list[Person]) -> None:
    """The team speaks of it in a meeting that the rest of the team does not find."""
    team = review.parts.get(part=Part.TEAM).body
    meeting = call_meeting(
        team, on=on, by=by, place="Room 1, the invented headquarters", marking=Marking.SENSITIVE, group=group, descriptor="OPERATIONAL"
    )
    item = add_item(meeting, text="How covert hours are costed", about=review, by=by)
    record_attendance(meeting, present=present, by=by)
    minute_item(item, text="Synthetic. They are costed as one sum a year, so that no operation can be read from it.", by=by)
