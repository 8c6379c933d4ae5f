"""The stages of a review, as a table: from which stage to which. Rules and the published diagram read it."""

from collections.abc import Mapping

from django.db import models


class Stage(models.TextChoices):
    """Where a review is."""

    SCOPE = "scope", "Setting the scope"
    EVIDENCE = "evidence", "Gathering evidence"
    FINDINGS = "findings", "Drawing findings"
    APPROVAL = "approval", "With the boards for approval"
    DELIVERY = "delivery", "Delivering the improvements"
    CLOSED = "closed", "Closed"


FIRST = Stage.SCOPE

NEXT: Mapping[Stage, tuple[Stage, ...]] = {
    Stage.SCOPE: (Stage.EVIDENCE,),
    Stage.EVIDENCE: (Stage.FINDINGS, Stage.SCOPE),
    Stage.FINDINGS: (Stage.APPROVAL, Stage.EVIDENCE),
    Stage.APPROVAL: (Stage.DELIVERY, Stage.FINDINGS),
    Stage.DELIVERY: (Stage.CLOSED,),
    Stage.CLOSED: (),
}
"""A board may send a review back one stage; nothing is skipped, and a closed review stays closed."""
