"""What can be commented on and tagged: each kind of thing with the question who sees it. An app that adds a kind adds its line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet

from bestvalue.record.bodies.models import User
from bestvalue.record.delivery.models import Action, Recommendation
from bestvalue.record.meetings.models import ActionArising, Meeting
from bestvalue.record.reviews.models import Evidence, Finding, Review
from bestvalue.record.scrutiny.models import Challenge, Option


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of thing.

    Args:
        word: what it is called in an address: "finding".
        label: what it is called in a list: "Finding".
        model: its rows.
        seen_by: the rows that a user sees, with what their names need.
        name: what one is called.
    """

    word: str
    label: str
    model: type[Model]
    seen_by: Callable[[User | AnonymousUser], QuerySet[Any]]
    name: Callable[[Any], str]


def _recommendation(row: Recommendation) -> str:
    return f"{row.number}. {row.text}"


KINDS: Mapping[str, Kind] = {
    kind.word: kind
    for kind in (
        Kind(word="review", label="Review", model=Review, seen_by=lambda user: Review.objects.visible_to(user), name=str),
        Kind(
            word="finding",
            label="Finding",
            model=Finding,
            seen_by=lambda user: Finding.objects.visible_to(user).select_related("strand"),
            name=str,
        ),
        Kind(word="evidence", label="Evidence", model=Evidence, seen_by=lambda user: Evidence.objects.visible_to(user), name=str),
        Kind(
            word="recommendation",
            label="Recommendation",
            model=Recommendation,
            seen_by=lambda user: Recommendation.objects.visible_to(user),
            name=_recommendation,
        ),
        Kind(
            word="option",
            label="Option",
            model=Option,
            seen_by=lambda user: Option.objects.visible_to(user).select_related("question"),
            name=str,
        ),
        Kind(word="challenge", label="Challenge", model=Challenge, seen_by=lambda user: Challenge.objects.visible_to(user), name=str),
        Kind(word="action", label="Action", model=Action, seen_by=lambda user: Action.objects.visible_to(user), name=str),
        Kind(
            word="meeting",
            label="Meeting",
            model=Meeting,
            seen_by=lambda user: Meeting.objects.visible_to(user).select_related("body"),
            name=str,
        ),
        Kind(
            word="arising",
            label="Action arising",
            model=ActionArising,
            seen_by=lambda user: ActionArising.objects.visible_to(user).select_related("meeting"),
            name=str,
        ),
    )
}
"""Every kind by its word. The words are in the database: a kind that is renamed keeps its word."""


def kind_of(thing: Model) -> Kind:
    """The kind that a thing is of.

    Raises:
        KeyError: it is of none; only our own code asks, and only of things that are.
    """
    return next(kind for kind in KINDS.values() if isinstance(thing, kind.model))


def seen_among(user: User | AnonymousUser) -> Q:
    """The condition that a row with a `kind` and a `thing` is about a thing that somebody sees."""
    seen = Q(pk__in=[])
    for kind in KINDS.values():
        seen |= Q(kind=kind.word, thing__in=kind.seen_by(user).order_by().values("pk"))
    return seen
