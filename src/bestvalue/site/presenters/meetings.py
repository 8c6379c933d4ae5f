"""Meetings and what arises from them, as lines of a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bestvalue.site.presenters.tags import Tag

HELD = Tag(words="Held", colour="green")
TO_COME = Tag(words="To come", colour="blue")
TO_RECORD = Tag(words="To be recorded", colour="yellow")
OFF = Tag(words="Called off", colour="grey")
BECAME: Mapping[str, Tag] = {
    "": Tag(words="Open", colour="blue"),
    "done": Tag(words="Done", colour="green"),
    "carried over": Tag(words="Carried over", colour="yellow"),
    "dropped": Tag(words="Dropped", colour="grey"),
}
OVERDUE = Tag(words="Overdue", colour="red")


@dataclass(frozen=True, kw_only=True)
class MeetingLine:
    """A meeting in the list of its body."""

    on: date
    place: str
    items: int
    present: int
    tag: Tag
    address: str
    marking: str
    is_sensitive: bool


def meeting_tag(*, on: date, is_held: bool, is_off: bool, today: date) -> Tag:
    """How a meeting stands.

    Example:
        >>> meeting_tag(on=date(2026, 3, 3), is_held=False, is_off=False, today=date(2026, 3, 4)).words
        'To be recorded'
    """
    if is_off:
        return OFF
    if is_held:
        return HELD
    return TO_COME if on > today else TO_RECORD


@dataclass(frozen=True, kw_only=True)
class ArisingLine:
    """An action arising in a list."""

    reference: str
    what: str
    who: str
    due: date
    carried: int
    tag: Tag
    newest: str
    address: str


def arising_tag(*, became: str, due: date, today: date) -> Tag:
    """How an action arising stands; what is open and late is overdue, also when it was carried over.

    Example:
        >>> arising_tag(became="carried over", due=date(2026, 3, 3), today=date(2026, 3, 4)).words
        'Overdue'
        >>> arising_tag(became="done", due=date(2026, 3, 3), today=date(2026, 3, 4)).words
        'Done'
    """
    is_open = became in ("", "carried over")
    return OVERDUE if is_open and due < today else BECAME[became]
