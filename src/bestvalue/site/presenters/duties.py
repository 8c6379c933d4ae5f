"""What somebody owes, as lines of a list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bestvalue.record.duties import Duty
from bestvalue.site.presenters.tags import Tag

KINDS: Mapping[str, str] = {
    "reviews.decision": "Decisions about reviews",
    "reviews.proposedversion": "Reports to confirm",
    "scrutiny.challenge": "Challenges",
    "delivery.action": "Actions of a plan",
    "delivery.recommendation": "Recommendations",
    "delivery.waitingfile": "Trackers to confirm",
    "meetings.actionarising": "Actions arising from meetings",
}
"""What can be owed, as the filter names it."""

LATE = Tag(words="Overdue", colour="red")
SOON = Tag(words="Due", colour="blue")
OPEN = Tag(words="No day set", colour="grey")


@dataclass(frozen=True, kw_only=True)
class DutyLine:
    """One thing to do."""

    kind: str
    what: str
    about: str
    why: str
    due: date | None
    tag: Tag
    is_late: bool
    address: str


def duty_line(duty: Duty, *, address: str, on: date) -> DutyLine:
    """A duty as a line, with whether its day has passed.

    Example:
        >>> duty = Duty(kind="delivery.action", key=1, what="Do it", about="Action 1.1", why="You lead it", due=date(2026, 3, 3))
        >>> duty_line(duty, address="/", on=date(2026, 3, 4)).tag.words
        'Overdue'
    """
    is_late = duty.is_late(on=on)
    return DutyLine(
        kind=duty.kind,
        what=duty.what,
        about=duty.about,
        why=duty.why,
        due=duty.due,
        tag=LATE if is_late else SOON if duty.due else OPEN,
        is_late=is_late,
        address=address,
    )


def shown_by(lines: Iterable[DutyLine], *, kind: str, late: bool) -> list[DutyLine]:
    """The lines of one kind (all where none is named), or only the late ones."""
    return [line for line in lines if kind in ("", line.kind) and (line.is_late or not late)]
