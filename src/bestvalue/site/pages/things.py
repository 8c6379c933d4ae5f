"""Where things have their pages: by their word in an address, and by the name that the ledger gives their kind."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Model
from django.urls import reverse

from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.models import Action
from bestvalue.record.duties import Duty
from bestvalue.record.meetings.models import ActionArising
from bestvalue.record.reviews.changes import note_read
from bestvalue.record.reviews.models import Marked, Marking, highest

PAGES: Mapping[str, Callable[[Any], str]] = {
    "review": lambda row: reverse("review", args=[row.pk]),
    "finding": lambda row: reverse("finding", args=[row.pk]),
    "evidence": lambda row: reverse("evidence", args=[row.pk]),
    "recommendation": lambda row: reverse("recommendation", args=[row.pk]),
    "action": lambda row: reverse("action", args=[row.pk]),
    "option": lambda row: f"{reverse('review_options', args=[row.question.review_id])}#question-{row.question.number}",
    "challenge": lambda row: reverse("challenge", args=[row.pk]),
    "meeting": lambda row: reverse("meeting", args=[row.pk]),
    "arising": lambda row: reverse("arising", args=[row.pk]),
    "aim": lambda row: reverse("review_aims", args=[row.review_id]),
    "strand": lambda row: reverse("review_aims", args=[row.review_id]),
    "decision": lambda row: reverse("review_decision", args=[row.pk]),
    "programme": lambda row: reverse("programme", args=[row.pk]),
    "service": lambda row: reverse("programme_service", args=[row.pk]),
    "body": lambda row: reverse("body", args=[row.pk]),
    "person": lambda row: reverse("bodies"),  # noqa: ARG005 - a person has no page of their own
}
"""The page of a thing, by the word of its kind."""

STEPS: Mapping[str, tuple[str, str]] = {
    "delivery.action": ("action", "action_change"),
    "delivery.recommendation": ("recommendation", "recommendation_change"),
    "delivery.waitingfile": ("tracker_confirm", ""),
    "scrutiny.challenge": ("challenge", "challenge_step"),
    "reviews.decision": ("review_decision", ""),
    "reviews.proposedversion": ("proposed", ""),
    "meetings.actionarising": ("arising", ""),
}
"""Of a kind of row that something is owed about: the name of its page, and of the page of one of its steps."""


def marking_of(thing: Model) -> Marking:
    """The marking of a page about a thing; an action has that of its recommendation, what arose from a meeting has the meeting's."""
    marked = _marked(thing)
    return highest([marked]) if isinstance(marked, Marked) else Marking.OFFICIAL


def note_reading(thing: Model, *, by: Person) -> None:
    """Record that somebody read of a thing, if it is marked so that every reading is recorded."""
    marked = _marked(thing)
    if isinstance(marked, Marked):
        note_read(marked, by=by)


def _marked(thing: Model) -> Model:
    if isinstance(thing, Action):
        return thing.recommendation
    return thing.meeting if isinstance(thing, ActionArising) else thing


def address_of(word: str, thing: Model) -> str:
    """The page of a thing."""
    return PAGES[word](thing)


def address_of_duty(duty: Duty) -> str:
    """The page where a duty is done: that of its step, else that of what it is about."""
    page, step = STEPS[duty.kind]
    return reverse(step, args=[duty.key, duty.step]) if duty.step else reverse(page, args=[duty.key])
