"""What of the things that a gate needs exists in a review. One question to the database for each need, asked only when a gate needs it."""

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from bestvalue.record.reviews.life_cycle import Gate, Need, Outcome, Part, Stage

if TYPE_CHECKING:
    from bestvalue.record.reviews.models import Review

TERMS = "terms of reference"
"""The kind of evidence that terms of reference are; `EvidenceKind.TERMS`, which the models below this module define."""


def met_of(review: "Review", needs: Collection[Need]) -> frozenset[Need]:
    """Those of the needs that are met."""
    return frozenset(need for need in needs if MET[need](review))


def _plays(part: Part) -> Callable[["Review"], bool]:
    return lambda review: review.parts.filter(part=part).exists()


def _findings(review: "Review") -> bool:
    return review.strands.exists() and not review.strands.filter(findings=None).exists()


def _published(review: "Review") -> bool:
    # A report that was sent back is published anew: versions from before the review (again) began do not count.
    began = review.stages.filter(stage=Stage.IN_REVIEW).order_by("-on", "-id").values_list("on", flat=True).first()
    return began is not None and review.versions.filter(at__date__gte=began).exists()


def _endorsed(review: "Review") -> bool:
    # Of this report: one that was endorsed before it was sent back is endorsed anew.
    reported = review.stages.filter(stage=Stage.REPORTED).order_by("-on", "-id").first()
    if reported is None:
        return False
    agreed = review.decisions.filter(gate=Gate.ENDORSE, outcome=Outcome.AGREED)
    return agreed.filter(pk__gt=reported.decision_id or 0).exists()


MET: Mapping[Need, Callable[["Review"], bool]] = {
    Need.TEAM: _plays(Part.TEAM),
    Need.PROJECT_BOARD: _plays(Part.PROJECT_BOARD),
    Need.PANEL: _plays(Part.PANEL),
    Need.TERMS: lambda review: review.evidence.filter(kind=TERMS).exists(),
    Need.AIMS: lambda review: review.aims.exists(),
    Need.STRANDS: lambda review: review.strands.exists(),
    Need.FINDINGS: _findings,
    Need.PUBLISHED: _published,
    Need.ENDORSED: _endorsed,
    Need.PLAN: lambda review: not review.recommendations.filter(actions=None).exists(),
    Need.ENDED: lambda review: not review.recommendations.not_ended().exists(),
}
