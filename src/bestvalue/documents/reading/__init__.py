"""Published reports read into structure."""

from bestvalue.documents.reading.exchange import report_as_json, report_schema
from bestvalue.documents.reading.read import check_importable, read_report
from bestvalue.documents.reading.structure import (
    Candidate,
    Change,
    Confidence,
    ContentsDifference,
    CrossReference,
    Difference,
    GoodPractice,
    Judgement,
    MentionedBody,
    OtherSeries,
    Paragraph,
    Point,
    PublishedReport,
    Recommendation,
    Section,
    Span,
    Statement,
    SubItem,
)

__all__ = [
    "Candidate",
    "Change",
    "Confidence",
    "ContentsDifference",
    "CrossReference",
    "Difference",
    "GoodPractice",
    "Judgement",
    "MentionedBody",
    "OtherSeries",
    "Paragraph",
    "Point",
    "PublishedReport",
    "Recommendation",
    "Section",
    "Span",
    "Statement",
    "SubItem",
    "check_importable",
    "read_report",
    "report_as_json",
    "report_schema",
]
