"""Comments in their threads, and tags as lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from bestvalue.record.discussion.models import Comment


@dataclass(frozen=True, kw_only=True)
class Thread:
    """A comment with the replies to it, the oldest first."""

    comment: Comment
    replies: tuple[Comment, ...]


@dataclass(frozen=True, kw_only=True)
class TagLine:
    """A tag of a thing, and whether the reader may take it off."""

    word: str
    may_take_off: bool


@dataclass(frozen=True, kw_only=True)
class ThingLine:
    """A thing in a list of things of several kinds."""

    kind: str
    name: str
    address: str


def thread(said: Sequence[Comment]) -> tuple[Thread, ...]:
    """Comments of one thing as threads, in the order in which they were begun."""
    return tuple(
        Thread(comment=first, replies=tuple(reply for reply in said if reply.reply_to_id == first.pk))
        for first in said
        if first.reply_to_id is None
    )
