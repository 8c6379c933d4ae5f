"""What of the things that a gate needs exists in a review: each need as a condition, all asked in one question to the database."""

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from bestvalue.record.reviews.life_cycle import Gate, Need, Outcome, Part, Stage

if TYPE_CHECKING:
    from bestvalue.record.reviews.models import Review

TERMS = "terms of reference"
"""The kind of evidence that terms of reference are; `EvidenceKind.TERMS`, which the models above this module define."""


def met_of(review: "Review", needs: Collection[Need]) -> frozenset[Need]:
    """Those of the needs that are met."""
    if not needs:
        return frozenset()
    asked = {f"met_{need.name}": MET[need]() for need in needs}
    row = type(review)._default_manager.filter(pk=review.pk).annotate(**asked).values(*asked).get()
    return frozenset(need for need in needs if row[f"met_{need.name}"])


def _of_the_review(label: str, **lookups: Any) -> Any:
    # By name: these rows lie above this module, those of delivery even above this app.
    return apps.get_model(label)._default_manager.filter(review=OuterRef("pk"), **lookups)


def _plays(part: Part) -> Callable[[], Any]:
    return lambda: Exists(_of_the_review("reviews.ReviewBody", part=part))


def _exists(label: str, **lookups: Any) -> Callable[[], Any]:
    return lambda: Exists(_of_the_review(label, **lookups))


def _findings() -> Any:
    # A strand that was withdrawn waits for no finding, and a finding that was withdrawn answers none.
    standing = {"withdrawn_on": None}
    strands = _of_the_review("reviews.Strand", **standing)
    drawn = apps.get_model("reviews.Finding")._default_manager.filter(strand=OuterRef("pk"), **standing)
    return Q(Exists(strands)) & ~Q(Exists(strands.filter(~Exists(drawn))))


def _published() -> Any:
    # A report that was sent back is published anew: versions from before the review (again) began do not count.
    began = apps.get_model("reviews.ReviewStage")._default_manager.filter(review=OuterRef("review"), stage=Stage.IN_REVIEW)
    return Exists(_of_the_review("reviews.PublishedVersion", at__date__gte=Subquery(began.order_by("-on", "-id").values("on")[:1])))


def _endorsed() -> Any:
    # Of this report: one that was endorsed before it was sent back is endorsed anew.
    reported = apps.get_model("reviews.ReviewStage")._default_manager.filter(review=OuterRef("review"), stage=Stage.REPORTED)
    since = Coalesce(Subquery(reported.order_by("-on", "-id").values("decision")[:1]), Value(0))
    return Exists(_of_the_review("reviews.Decision", gate=Gate.ENDORSE, outcome=Outcome.AGREED, pk__gt=since))


def _ended() -> Any:
    open_ones = apps.get_model("delivery.Recommendation")._default_manager.all().not_ended()
    return ~Exists(open_ones.filter(review=OuterRef("pk")))


MET: Mapping[Need, Callable[[], Any]] = {
    Need.TEAM: _plays(Part.TEAM),
    Need.PROJECT_BOARD: _plays(Part.PROJECT_BOARD),
    Need.PANEL: _plays(Part.PANEL),
    Need.TERMS: _exists("reviews.Evidence", kind=TERMS, withdrawn_on=None),
    Need.AIMS: _exists("reviews.Aim", withdrawn_on=None),
    Need.STRANDS: _exists("reviews.Strand", withdrawn_on=None),
    Need.FINDINGS: _findings,
    Need.PUBLISHED: _published,
    Need.ENDORSED: _endorsed,
    Need.PLAN: lambda: ~Exists(_of_the_review("delivery.Recommendation", actions=None)),
    Need.ENDED: _ended,
}
