"""What happened to a record, in words."""

from dataclasses import dataclass
from datetime import datetime

from bestvalue.record.timeline import Change, Event


@dataclass(frozen=True, kw_only=True)
class EventLine:
    """One event of a history."""

    at: datetime
    who: str
    what: str
    changes: tuple[Change, ...]


def event_line(event: Event) -> EventLine:
    """An event in words: "finding.edited" is "Finding edited"."""
    words = event.what.replace(".", " ").replace("_", " ")
    return EventLine(at=event.at, who=event.who or "by another change", what=words[:1].upper() + words[1:], changes=event.changes)
