"""How a recommendation stands, as a table: what may follow what. Rules and the published diagram read it."""

from collections.abc import Mapping

from django.db import models


class Status(models.TextChoices):
    """How a recommendation stands."""

    DRAFT = "draft", "Draft"
    MADE = "made", "Made, not answered yet"
    ACCEPTED = "accepted", "Accepted"
    PARTLY_ACCEPTED = "partly accepted", "Accepted in part"
    NOT_ACCEPTED = "not accepted", "Not accepted"
    IN_PROGRESS = "in progress", "In progress"
    WITHDRAWN = "withdrawn", "Withdrawn"


NEXT: Mapping[Status, tuple[Status, ...]] = {
    Status.DRAFT: (Status.MADE, Status.WITHDRAWN),
    Status.MADE: (Status.ACCEPTED, Status.PARTLY_ACCEPTED, Status.NOT_ACCEPTED, Status.WITHDRAWN),
    Status.ACCEPTED: (Status.IN_PROGRESS,),
    Status.PARTLY_ACCEPTED: (Status.IN_PROGRESS,),
    Status.IN_PROGRESS: (),
    Status.NOT_ACCEPTED: (Status.ACCEPTED, Status.PARTLY_ACCEPTED),
    Status.WITHDRAWN: (),
}
"""Not accepted, with a reason, is a lawful answer, and may be thought better of."""

NEEDS_REASON = (Status.PARTLY_ACCEPTED, Status.NOT_ACCEPTED, Status.WITHDRAWN)
OPEN = (Status.MADE, Status.ACCEPTED, Status.PARTLY_ACCEPTED, Status.IN_PROGRESS)
"""What somebody still has to act on."""
