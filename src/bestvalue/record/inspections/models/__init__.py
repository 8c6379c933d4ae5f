"""What published reports said, kept in their own words and with their own numbers."""

from bestvalue.record.inspections.models.candidate import DECIDERS, Candidate, CandidateDecision, CandidateQuerySet, Outcome
from bestvalue.record.inspections.models.extracted import CHECKERS, Checked, Extracted, ExtractedCheck, ExtractedQuerySet
from bestvalue.record.inspections.models.judged import Conclusion, GoodPractice, Judgement, JudgementParagraph, Point, PointKind
from bestvalue.record.inspections.models.noticed import ContentsDifference, CrossReference, MentionedBody, OtherSeries
from bestvalue.record.inspections.models.report import (
    IMPORTERS,
    Paragraph,
    Precision,
    PublishedReport,
    PublishedReportQuerySet,
    ReportSection,
    check_importable_by,
    check_not_imported,
)

__all__ = [
    "CHECKERS",
    "DECIDERS",
    "IMPORTERS",
    "Candidate",
    "CandidateDecision",
    "CandidateQuerySet",
    "Checked",
    "Conclusion",
    "ContentsDifference",
    "CrossReference",
    "Extracted",
    "ExtractedCheck",
    "ExtractedQuerySet",
    "GoodPractice",
    "Judgement",
    "JudgementParagraph",
    "MentionedBody",
    "OtherSeries",
    "Outcome",
    "Paragraph",
    "Point",
    "PointKind",
    "Precision",
    "PublishedReport",
    "PublishedReportQuerySet",
    "ReportSection",
    "check_importable_by",
    "check_not_imported",
]
