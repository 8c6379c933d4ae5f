"""What the bodies of the demo decided, on which day, and who was there: quick, late, returned once, and once not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bestvalue.record.demo.people import MEMBERS, Cast
from bestvalue.record.meetings.changes import add_item, call_meeting, decide_item, minute_item, record_attendance
from bestvalue.record.reviews.changes import ask_for_decision
from bestvalue.record.reviews.life_cycle import EDGES, Gate, Outcome
from bestvalue.record.reviews.models import DECIDERS, Review

PROPOSED = timedelta(days=-213)
"""When the worked review was proposed. Days count from the day on which the demo is made."""
PLACE = "Room 3, the invented headquarters"


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A question and what the body made of it at a meeting; days count from the day of the demo.

    Args:
        gate: the question.
        asked, due, taken: days.
        present: the members who came; the others sent apologies.
        minute: what was said.
        outcome: what was decided.
        reason: why; empty where it was agreed.
        interests: what members declared.
    """

    gate: Gate
    asked: int
    due: int
    taken: int
    present: Sequence[str]
    minute: str
    outcome: Outcome = Outcome.AGREED
    reason: str = ""
    interests: Mapping[str, str] = field(default_factory=dict)


SELECTED = Decided(
    gate=Gate.SELECT,
    asked=-213,
    due=-185,
    taken=-190,
    present=["Chair of the committee", "Committee member for the north", "Former committee member for the east"],
    minute="The committee selected it: it ranks first, and no measure says whether support came in time.",
)
SANCTIONED = Decided(
    gate=Gate.SANCTION,
    asked=-188,
    due=-160,
    taken=-139,
    present=["Chair of the management board", "Management board member for resources"],
    minute="Taken three weeks late, because the meeting before had no quorum. The project is sanctioned.",
)
RETURNED = Decided(
    gate=Gate.SCOPE,
    asked=-132,
    due=-111,
    taken=-118,
    present=["Chair of the project board", "Project board member for boroughs", "Project board member for finance", "Financial adviser"],
    minute="The board went through the aims and the strands, and sent the terms back.",
    outcome=Outcome.RETURNED,
    reason="The terms do not say how boroughs and the officers of the units will be asked.",
)
SCOPED = Decided(
    gate=Gate.SCOPE,
    asked=-112,
    due=-98,
    taken=-104,
    present=[
        "Chair of the project board",
        "Project board member for boroughs",
        "Project board member for finance",
        "Project board member for operations",
        "Financial adviser",
    ],
    minute="The terms now say who is asked, and how. They are approved.",
    interests={"Project board member for operations": "Commands one of the units under review."},
)
BEGUN = Decided(
    gate=Gate.BEGIN,
    asked=-104,
    due=-97,
    taken=-97,
    present=["Chair of the project board", "Project board member for finance", "Financial adviser"],
    minute="The panel has its members; the review begins.",
)
SECOND_SELECTED = Decided(
    gate=Gate.SELECT,
    asked=-75,
    due=-47,
    taken=-54,
    present=[
        "Chair of the committee",
        "Committee member for the north",
        "Committee member for the south",
        "Committee member for the east",
    ],
    minute="The committee selected it as the second review of the year.",
)


def decide(review: Review, told: Decided, cast: Cast, *, on: date) -> None:
    """Put a question to the body that the life cycle names, and let it decide at a meeting, with who was there.

    Args:
        review: what it is about.
        told: the question and its outcome.
        cast: the bodies and people.
        on: the day of the demo.
    """
    body = cast.parts[EDGES[told.gate].decided_by]
    chair = next(cast.people[name] for name, (part, role) in MEMBERS.items() if part and cast.parts[part] == body and role in DECIDERS)
    decision = ask_for_decision(
        review,
        gate=told.gate,
        due=on + timedelta(days=told.due),
        on=on + timedelta(days=told.asked),
        by=cast.people["Project manager"],
    )
    meeting = call_meeting(body, on=on + timedelta(days=told.taken), place=PLACE, by=chair)
    item = add_item(meeting, text=f"Whether to {told.gate.label}: {review.title}", about=decision, by=chair)
    present = [cast.people[name] for name in told.present]
    record_attendance(
        meeting,
        present=present,
        apologies=[member for member in meeting.members() if member not in present],
        interests={cast.people[name]: interest for name, interest in told.interests.items()},
        by=chair,
    )
    minute_item(item, text=told.minute, by=chair)
    decide_item(item, outcome=told.outcome, reason=told.reason, by=chair)
