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
    return type(review)._default_manager.filter(sensitive_seen_by(user), pk=review.pk).exists()


def sensitive_seen_by(user: "User | AnonymousUser | None") -> Q:
    """The condition of a review that something in it is sensitive; with a user, something that they see."""
    found = Q()
    for label, path in MARKED.items():
        rows: Any = apps.get_model(label)._default_manager
        seen = rows.all() if user is None else rows.visible_to(user)
        found |= Q(pk__in=seen.filter(**{path: OuterRef("pk"), "marking": SENSITIVE}).values(path))
    return found


def sensitive_in(review: "Review", *, user: "User") -> list[Any]:
    """Everything sensitive in a review that a user sees."""
    found: list[Any] = []
    for label, path in MARKED.items():
        rows: Any = apps.get_model(label)._default_manager
        found += rows.visible_to(user).filter(**{path: review, "marking": SENSITIVE})
    return found


def quoted_by(review: "Review") -> Q:
    """The condition of a group that the report of a review quotes sensitive things of it."""
    found = Q()
    for label in PUBLISHED:
        rows: Any = apps.get_model(label)._default_manager
        found |= Q(pk__in=rows.filter(review=review, marking=SENSITIVE).order_by().values("group"))
    return found


def groups_quoted(review: "Review") -> set[int]:
    """The keys of the groups whose sensitive things the report of a review quotes."""
    return set(apps.get_model("reviews.NeedToKnowGroup")._default_manager.filter(quoted_by(review)).values_list("pk", flat=True))
