"""What is the highest marking of anything in a review, or of anything that somebody sees in it? Asked in one question to the database."""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, Q

if TYPE_CHECKING:
    from bestvalue.record.bodies.models import User
    from bestvalue.record.reviews.models import Review

SENSITIVE = "OFFICIAL-SENSITIVE"
"""`Marking.SENSITIVE`, which the models above this module define."""

MARKED = {
    "reviews.Evidence": "review",
    "reviews.Finding": "review",
    "delivery.Recommendation": "review",
    "scrutiny.Challenge": "review",
    "scrutiny.Option": "question__review",
}
"""Everything that can be marked, and how its review is reached from it. By name: some of it lies above this app."""
OF_BODIES = ("meetings.Meeting",)
"""What can be marked and belongs to a body, not to a review. No page or report of a review quotes it."""
PUBLISHED = ("reviews.Evidence", "reviews.Finding", "delivery.Recommendation")
"""What the report of a review quotes."""


def holds_sensitive(review: "Review", *, user: "User | AnonymousUser | None" = None) -> bool:
    """Whether anything in a review is sensitive; with a user, anything that they see."""
    found = Q()
    for label, path in MARKED.items():
        rows: Any = apps.get_model(label)._default_manager
        seen = rows.all() if user is None else rows.visible_to(user)
        found |= Q(pk__in=seen.filter(**{path: OuterRef("pk"), "marking": SENSITIVE}).values(path))
    return type(review)._default_manager.filter(found, pk=review.pk).exists()


def groups_quoted(review: "Review") -> set[int]:
    """The keys of the groups whose sensitive things the report of a review quotes."""
    found: set[int] = set()
    for label in PUBLISHED:
        rows: Any = apps.get_model(label)._default_manager
        found |= set(rows.filter(review=review, marking=SENSITIVE).values_list("group", flat=True))
    return found
