"""Meetings of bodies, and the actions arising from them."""

from bestvalue.record.meetings.models.agenda import (
    AgendaItem,
    AgendaItemQuerySet,
    Minute,
    check_item,
    decisions_before,
    recommendations_before,
)
from bestvalue.record.meetings.models.arising import ENDED, ActionArising, ActionArisingQuerySet, ArisingStep, Became, check_arising
from bestvalue.record.meetings.models.meeting import (
    LISTENERS,
    Meeting,
    MeetingQuerySet,
    Presence,
    Was,
    bodies_of,
    check_keeps_meetings_of,
    groups_before,
    keeps_meetings_of,
    reviews_before,
)

__all__ = [
    "ENDED",
    "LISTENERS",
    "ActionArising",
    "ActionArisingQuerySet",
    "AgendaItem",
    "AgendaItemQuerySet",
    "ArisingStep",
    "Became",
    "Meeting",
    "MeetingQuerySet",
    "Minute",
    "Presence",
    "Was",
    "bodies_of",
    "check_arising",
    "check_item",
    "check_keeps_meetings_of",
    "decisions_before",
    "groups_before",
    "keeps_meetings_of",
    "recommendations_before",
    "reviews_before",
]
