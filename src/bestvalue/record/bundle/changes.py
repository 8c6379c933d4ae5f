"""Taking in a bundle: all of it, checked, or nothing."""

from pathlib import Path

from django.db import transaction

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.bundle.opening import Opened, place_files
from bestvalue.record.bundle.restoring import restore
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.delivery.standing import keep_standing
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.models import PUBLISHERS, Review


@transaction.atomic
def take_in(opened: Opened, *, by: Person | None) -> Review:
    """Take a review in from a bundle that was opened and checked.

    Args:
        opened: the bundle.
        by: a programme or project manager; None for the operator at the command line.

    Returns:
        Review: as it stands here now.

    Raises:
        RuleError: `by` may not, or the review is in the record already.
        WorkspaceError: a row does not fit this version.
    """
    if by is not None and not by.holds(*PUBLISHERS):
        raise RuleError(f"{by} may not take a review in", next_step="Ask a programme or project manager.")
    review, keys = restore(opened)
    keep_standing(*Recommendation.objects.filter(review=review))
    place_files(opened)
    ledger.write(
        "review.taken_in",
        target=review,
        by=by,
        payload={"bundle": Path(opened.source).name, "sha256": opened.sha256, "checkpoint": opened.manifest.checkpoint, "rows": keys},
    )
    return review
