"""The history of one record: who changed what, when, from what to what; and what it said on any day.

Who and when comes from the ledger; what a field said before and after comes from the row's own history (simple-history). A change
writes its row first and the ledger last, so the versions that were written since the entry before belong to an entry.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Field, Model
from django.utils import timezone

from bestvalue.record.ledger.models import AuditEvent

UNTOLD = ("id", "row_version")
"""Fields that say nothing to a reader."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field, before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened to a record.

    Args:
        at: when.
        who: whose change it was; empty where the ledger does not tell.
        what: the action of the ledger: "finding.edited".
        changes: the fields that changed.
    """

    at: datetime
    who: str
    what: str
    changes: tuple[Change, ...]


def history_of(thing: Model, *, user: Any) -> tuple[Event, ...]:
    """Everything that happened to a record, the newest first.

    Args:
        thing: the record.
        user: who reads; of what the record names, such as evidence, only what they see is told.
    """
    events = list(AuditEvent.objects.about(thing).select_related("kept_payload"))
    versions, named = _versions(thing), named_over_time(thing, events, user=user)
    told = [
        Event(
            at=event.at_utc,
            who=event.actor_name,
            what=event.action,
            changes=_changes(_between(versions, after=events[place - 1].at_utc if place else None, until=event.at_utc))
            + named.get(event.seq, ()),
        )
        for place, event in enumerate(events)
    ]
    later = _between(versions, after=events[-1].at_utc if events else None, until=None)
    # Written without an entry of its own: with that of something else, as when a person gets a sign-in.
    told += [
        Event(at=now.history_date, who="", what="changed", changes=changes)
        for now, before in later
        if (changes := _changes([(now, before)]))
    ]
    return tuple(sorted(told, key=lambda event: event.at, reverse=True))


def state_at(thing: Model, *, on: date, fields: Sequence[str]) -> tuple[tuple[str, str], ...] | None:
    """What the fields of a record said at the end of a day; None where it was not in the record yet.

    Args:
        thing: a record whose model keeps its history.
        on: the day.
        fields: the names of the fields to tell.
    """
    history: Any = thing.history  # type: ignore[attr-defined]  # simple-history adds it
    found = history.filter(history_date__lte=end_of(on)).order_by("-history_date", "-history_id").first()
    if found is None or found.history_type == "-":
        return None
    return tuple((_label(thing, name), _words(getattr(found, _column(thing, name)), _field(thing, name))) for name in fields)


def end_of(day: date) -> datetime:
    """The last moment of a day, where the workspace is."""
    return timezone.make_aware(datetime.combine(day, time.max))


def named_over_time(thing: Model, events: Sequence[AuditEvent], *, user: Any) -> dict[int, tuple[Change, ...]]:
    """What a record named before and after each entry that changed it, as far as somebody sees what it named.

    Args:
        thing: the record.
        events: every entry about it, the oldest first.
        user: who reads.

    Returns:
        By the number of the entry.
    """
    told: dict[int, tuple[Change, ...]] = {}
    for name in sorted({field for event in events for field, _ in _sets_changed(event)}):
        field: Any = thing._meta.get_field(name)
        rows = field.related_model._default_manager.all()
        seen = rows.visible_to(user) if hasattr(rows, "visible_to") else rows
        every = {key for event in events for one, change in _sets_changed(event) if one == name for key in _keys(change)}
        now = set(getattr(thing, name).values_list("pk", flat=True))
        names = {row.pk: str(row) for row in seen.select_related().filter(pk__in=now | every)}
        for event in reversed(events):
            for _, change in [one for one in _sets_changed(event) if one[0] == name]:
                after, now = now, (now - set(change["added"])) | set(change["dropped"])
                before_words, after_words = (_named(keys, names) for keys in (now, after))
                if before_words != after_words:
                    said = Change(label=_sentence(field), before=before_words, after=after_words)
                    told[event.seq] = (*told.get(event.seq, ()), said)
    return told


def changes_of(event: AuditEvent) -> dict[str, dict[str, Any]]:
    """The fields that an entry says it changed, each with `from` and `to`, or with what was `added` to a set and `dropped` from it."""
    changed = (event.payload or {}).get("changed")
    told = changed.items() if isinstance(changed, dict) else ()
    return {field: change for field, change in told if isinstance(change, dict)}


def _sets_changed(event: AuditEvent) -> list[tuple[str, dict[str, Any]]]:
    """The sets of other records that an entry changed, each with the keys `added` and `dropped`."""
    return [(field, change) for field, change in changes_of(event).items() if "added" in change]


def _keys(change: Mapping[str, Any]) -> list[int]:
    return [*change["added"], *change["dropped"]]


def _named(keys: Iterable[int], names: Mapping[int, str]) -> str:
    return "; ".join(names[key] for key in sorted(keys) if key in names) or "nothing"


def _versions(thing: Model) -> list[tuple[Any, Any]]:
    """Each version with the one before it, the oldest first."""
    history = getattr(thing, "history", None)
    rows = [] if history is None else list(history.order_by("history_date", "history_id"))
    return list(zip(rows, [None, *rows], strict=False))


def _between(versions: Iterable[tuple[Any, Any]], *, after: datetime | None, until: datetime | None) -> list[tuple[Any, Any]]:
    return [
        (now, before)
        for now, before in versions
        if (after is None or now.history_date > after) and (until is None or now.history_date <= until)
    ]


def _changes(versions: Sequence[tuple[Any, Any]]) -> tuple[Change, ...]:
    """What changed over some versions, from the first to the last; that a record was made is no change of it."""
    if not versions:
        return ()
    before, now = versions[0][1] or versions[0][0], versions[-1][0]
    told = []
    for field in now.tracked_fields:
        was, is_now = getattr(before, field.attname), getattr(now, field.attname)
        if field.name not in UNTOLD and was != is_now:
            told.append(Change(label=_sentence(field), before=_words(was, field), after=_words(is_now, field)))
    return tuple(told)


def _field(thing: Model, name: str) -> Field[Any, Any]:
    field = thing._meta.get_field(name)
    if not isinstance(field, Field):
        raise TypeError(name)
    return field


def _column(thing: Model, name: str) -> str:
    return _field(thing, name).attname


def _label(thing: Model, name: str) -> str:
    return _sentence(_field(thing, name))


def _sentence(field: Field[Any, Any]) -> str:
    words = str(field.verbose_name)
    return words[:1].upper() + words[1:]


def _words(value: Any, field: Field[Any, Any]) -> str:
    """A value as a reader takes it: the label of a choice, the name of a row that it refers to, a day in words."""
    if value in (None, "", []):
        return "nothing"
    if field.remote_field is not None and field.related_model is not None:
        related: Any = field.related_model
        row = related._default_manager.filter(pk=value).first()
        return str(row) if row is not None else f"number {value}"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%-d %B %Y, %H:%M}"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return str(value)
