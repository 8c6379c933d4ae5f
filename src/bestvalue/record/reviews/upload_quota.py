"""How much may one person bring, and how much does one review hold? Refused before a file is kept, with what is used and what to do."""

from django.conf import settings
from django.db.models import Sum

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.reviews.models import EvidenceFile, Review

MEGABYTE = 1024 * 1024
ELSEWHERE = "Bring a smaller file, or say in the notes where the file is kept; whoever runs this site can raise"


def check_quota(review: Review, *, size: int, by: Person) -> None:
    """Refuse a file that would make too much of what somebody brought, or of what a review holds. Every version counts: none is deleted.

    Called in the transaction that keeps the file: the row of the person is held, so that two uploads at once are added up.

    Args:
        review: that the file is for.
        size: of the file, in bytes.
        by: who brings it.

    Raises:
        RuleError: at the field of the file; it says how much is used.
    """
    allowed = settings.WORKSPACE.settings.uploads
    Person.objects.select_for_update().get(pk=by.pk)
    files = EvidenceFile.objects
    mine = files.filter(added_by=by).aggregate(size=Sum("size"))["size"] or 0
    if mine + size > allowed.megabytes_a_person * MEGABYTE:
        raise RuleError(
            f"You have brought {_megabytes(mine)} of the {allowed.megabytes_a_person:,} MB that one person may bring, "
            f"and this file has {_megabytes(size)}",
            where="file",
            next_step=f"{ELSEWHERE} megabytes_a_person.",
        )
    held = files.filter(evidence__review=review).aggregate(size=Sum("size"))["size"] or 0
    if held + size > allowed.megabytes_a_review * MEGABYTE:
        raise RuleError(
            f"This review holds {_megabytes(held)} of the {allowed.megabytes_a_review:,} MB of files that one review may hold, "
            f"and this file has {_megabytes(size)}",
            where="file",
            next_step=f"{ELSEWHERE} megabytes_a_review.",
        )


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:,.1f} MB"
