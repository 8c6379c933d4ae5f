"""A review: who takes part, its strands, the evidence gathered, the findings drawn and the versions published."""

from bestvalue.record.reviews.life_cycle import Part
from bestvalue.record.reviews.models.aim import Aim, AimQuerySet, Direction, check_aim, weaknesses
from bestvalue.record.reviews.models.decision import (
    DECIDERS,
    Attendance,
    Decision,
    DecisionQuerySet,
    check_askable,
    check_part,
    check_ready,
    decider_of,
)
from bestvalue.record.reviews.models.evidence import Evidence, EvidenceKind, EvidenceQuerySet, EvidenceStrand, FourC, check_evidence
from bestvalue.record.reviews.models.finding import Finding, FindingEvidence, FindingQuerySet, Tone, check_finding
from bestvalue.record.reviews.models.published import PublishedFile, PublishedVersion, PublishedVersionQuerySet
from bestvalue.record.reviews.models.review import (
    EDITORS,
    PUBLISHERS,
    Marking,
    Review,
    ReviewBody,
    ReviewQuerySet,
    ReviewStage,
    Strand,
    check_proposes,
    check_starts_reviews,
    over_the_limit,
)

__all__ = [
    "DECIDERS",
    "EDITORS",
    "PUBLISHERS",
    "Aim",
    "AimQuerySet",
    "Attendance",
    "Decision",
    "DecisionQuerySet",
    "Direction",
    "Evidence",
    "EvidenceKind",
    "EvidenceQuerySet",
    "EvidenceStrand",
    "Finding",
    "FindingEvidence",
    "FindingQuerySet",
    "FourC",
    "Marking",
    "Part",
    "PublishedFile",
    "PublishedVersion",
    "PublishedVersionQuerySet",
    "Review",
    "ReviewBody",
    "ReviewQuerySet",
    "ReviewStage",
    "Strand",
    "Tone",
    "check_aim",
    "check_askable",
    "check_evidence",
    "check_finding",
    "check_part",
    "check_proposes",
    "check_ready",
    "check_starts_reviews",
    "decider_of",
    "over_the_limit",
    "weaknesses",
]
