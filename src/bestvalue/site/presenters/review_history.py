"""What happened in a review, in words: the thing, what was done to it, and from what to what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Field

from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.review_history import NAMED, PARTS, WORDS, Thing
from bestvalue.record.timeline import changes_of

LONGEST = 400
"""Characters of one thing said in a line; the rest is on the page of the thing."""
SAID: Mapping[str, str] = {
    "outcome": "Outcome",
    "verdict": "Verdict",
    "status": "Stands at",
    "state": "Stands at",
    "step": "Step",
    "stage": "The review is",
    "grade": "Grade",
    "to": "To",
    "due": "Due",
    "minute": "Minute",
    "cause": "Cause",
    "reason": "Reason",
    "note": "Note",
    "text": "Said",
    "said": "Said",
}
"""What of an entry is told beside the change of fields: nothing that names other rows, which the reader may not see."""
WHOLE = ("meeting",)
"""Kinds of which an entry may be about a part that the reader does not see, such as another item's minute: nothing more is told of it."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field of a change: what it said and says, or what was taken away and added."""

    label: str
    was: str
    now: str
    is_set: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """One entry of the history of a review."""

    at: datetime
    who: str
    what: str
    kind: str
    thing: Thing
    address: str
    said: tuple[tuple[str, str], ...]
    changes: tuple[Difference, ...]

    @property
    def in_one(self) -> str:
        """All that it says, as one text for a cell."""
        said = [f"{label}: {words}" for label, words in self.said]
        told = [f"{one.label}: {one.was} → {one.now}" for one in self.changes]
        return "; ".join([*said, *told])


def line_of(event: AuditEvent, things: Mapping[tuple[str, int], Thing], names: Mapping[str, Mapping[int, str]], *, address: str) -> Line:
    """An entry in words.

    Args:
        event: the entry, about something that the reader sees.
        things: what the rows are called that it is about or names; those that the reader does not see are not there.
        names: of bodies and people, by the label of their kind and their key.
        address: the page of what it is about.
    """
    word = WORDS[event.object_kind]
    thing = things[word, int(event.object_id)]
    payload = event.payload or {}
    is_told = not thing.is_sensitive and word not in WHOLE
    words = event.action.replace(".", " ").replace("_", " ")
    return Line(
        at=event.at_utc,
        who=event.actor_name,
        what=words[:1].upper() + words[1:],
        kind=PARTS[word].label,
        thing=thing,
        address=address,
        said=tuple(_said(payload)) if is_told else (),
        changes=tuple(_changes(word, event, things, names)) if is_told else (),
    )


def _said(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, label in SAID.items():
        value = payload.get(key)
        if isinstance(value, str) and value.strip():
            yield label, _short(_in_words(value))


def _changes(
    word: str, event: AuditEvent, things: Mapping[tuple[str, int], Thing], names: Mapping[str, Mapping[int, str]]
) -> Iterator[Difference]:
    for name, change in changes_of(event).items():
        field: Any = PARTS[word].model._meta.get_field(name)
        label = str(field.verbose_name)
        if "added" in change:
            named = NAMED.get((word, name), "")
            was, now = (_listed(named, change[side], things) for side in ("dropped", "added"))
            if was or now:
                yield Difference(label=_first_large(label), was=was or "nothing", now=now or "nothing", is_set=True)
        elif "from" in change:
            was, now = (_value(change[side], field, names) for side in ("from", "to"))
            yield Difference(label=_first_large(label), was=was, now=now)


def _listed(word: str, keys: list[int], things: Mapping[tuple[str, int], Thing]) -> str:
    return "; ".join(_short(things[word, key].name) for key in keys if (word, key) in things)


def _value(value: Any, field: Field[Any, Any], names: Mapping[str, Mapping[int, str]]) -> str:
    if value in (None, "", []):
        return "nothing"
    if field.remote_field is not None and field.related_model is not None:
        related: Any = field.related_model
        return names.get(related._meta.label, {}).get(value, f"number {value}")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return _short(_in_words(str(value)))


def _in_words(value: str) -> str:
    """A day in words; anything else as it is.

    Example:
        >>> _in_words("2026-03-01"), _in_words("accepted")
        ('1 March 2026', 'accepted')
    """
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day.day} {day:%B %Y}"


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"


def _first_large(words: str) -> str:
    return words[:1].upper() + words[1:]
