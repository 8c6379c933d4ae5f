"""A review: who takes part, its strands, the evidence gathered, the findings drawn and the versions published."""

from bestvalue.record.reviews.models.evidence import Evidence, EvidenceKind, EvidenceQuerySet, EvidenceStrand, FourC, check_evidence
from bestvalue.record.reviews.models.finding import Finding, FindingEvidence, FindingQuerySet, Tone, check_finding
from bestvalue.record.reviews.models.published import PublishedFile, PublishedVersion, PublishedVersionQuerySet
from bestvalue.record.reviews.models.review import (
    EDITORS,
    PUBLISHERS,
    Aim,
    Marking,
    Part,
    Review,
    ReviewBody,
    ReviewQuerySet,
    ReviewStage,
    Strand,
    check_starts_reviews,
)

__all__ = [
    "EDITORS",
    "PUBLISHERS",
    "Aim",
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
    "check_evidence",
    "check_finding",
    "check_starts_reviews",
]
