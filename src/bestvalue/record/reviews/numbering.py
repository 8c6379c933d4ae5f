"""Numbers within a review are given in order, once each: those who add to one review queue for them."""

from django.db import models

from bestvalue.record.reviews.models import Evidence, Finding, PublishedVersion, Review, Strand

Numbered = models.Manager[Strand] | models.Manager[Evidence] | models.Manager[Finding] | models.Manager[PublishedVersion]


def locked(review: Review) -> Review:
    """The review as it is now, held until the change commits."""
    return Review.objects.select_for_update().get(pk=review.pk)


def next_number(rows: Numbered) -> int:
    """The number after the newest, 1 where there is none."""
    newest: int | None = rows.aggregate(newest=models.Max("number"))["newest"]
    return (newest or 0) + 1
