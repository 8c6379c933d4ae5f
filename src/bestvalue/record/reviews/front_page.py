"""Where is a review, and what does it lack? What its front page says of it in a word or a number, read with its row in one question.

A page asks the database at most a dozen times, and the front page of a review says more than a dozen things: the small ones come
together. Everything is asked for whoever reads: what is hidden from them is in no number and in no marking.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from bestvalue.record.bodies.models import Membership, MembershipQuerySet, Role, User
from bestvalue.record.reviews.life_cycle import Need, Part
from bestvalue.record.reviews.models import Marking, PublishedVersion, Review, ReviewBody, ReviewQuerySet
from bestvalue.record.reviews.readiness import MET


@dataclass(frozen=True, kw_only=True)
class NewestVersion:
    """The newest published version of a review that somebody sees."""

    key: int
    number: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class FrontPage:
    """What the front page of a review says of it in a word or a number.

    Args:
        marking: the highest of anything that the reader sees in it.
        lacks_adviser: no financial adviser holds a place today on its project board (recommendation 4 of 2004). A warning and no bar.
        met: what of the things that a gate may need exists.
        versions: how many published versions the reader sees.
        newest: the newest of them; None while there is none.
    """

    marking: Marking
    lacks_adviser: bool
    met: frozenset[Need]
    versions: int
    newest: NewestVersion | None


def for_front_page(reviews: ReviewQuerySet, *, user: User | AnonymousUser) -> ReviewQuerySet:
    """Reviews, each with what `front_page_of` reads from its row."""
    seen = PublishedVersion.objects.visible_to(user).filter(review=OuterRef("pk"))
    newest = seen.order_by("-number")
    counted = seen.order_by().values("review").annotate(rows=Count("pk", distinct=True)).values("rows")
    return reviews.with_marking(user).annotate(
        front_advised=Exists(advised()),
        front_versions=Coalesce(Subquery(counted, output_field=IntegerField()), Value(0)),
        front_version=Subquery(newest.values("pk")[:1]),
        front_number=Subquery(newest.values("number")[:1]),
        front_at=Subquery(newest.values("at")[:1]),
        **{f"front_met_{need.name}": met() for need, met in MET.items()},
    )


def advised() -> MembershipQuerySet:
    """The places of financial advisers, today, on the project board of a review; for a question about reviews.

    The inspection of 2004 recommended one on every project board (recommendation 4). One in the team that serves it has no voice there.
    """
    boards = ReviewBody.objects.filter(review=OuterRef(OuterRef("pk")), part=Part.PROJECT_BOARD).values("body")
    return Membership.objects.current().filter(role=Role.FINANCIAL_ADVISER, body__in=boards)


def front_page_of(review: Review) -> FrontPage:
    """What a row of `for_front_page` says."""
    row: Any = review  # the annotations are no fields of the model
    newest = None
    if row.front_version is not None:
        newest = NewestVersion(key=row.front_version, number=row.front_number, at=row.front_at)
    return FrontPage(
        marking=Marking(review.seen_marking),
        lacks_adviser=not row.front_advised,
        met=frozenset(need for need in MET if getattr(row, f"front_met_{need.name}")),
        versions=row.front_versions,
        newest=newest,
    )
