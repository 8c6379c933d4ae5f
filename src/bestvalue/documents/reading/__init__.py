"""Published reports read into structure."""

from bestvalue.documents.reading.exchange import report_as_json, report_schema
from bestvalue.documents.reading.read import check_importable, read_report
from bestvalue.documents.reading.structure import (
    Candidate,
    Change,
    Confidence,
    ContentsDifference,
    CrossReference,
    Detail,
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
from bestvalue.documents.reading.versions import VersionChange, compare_versions

__all__ = [
    "Candidate",
    "Change",
    "Confidence",
    "ContentsDifference",
    "CrossReference",
    "Detail",
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
    "VersionChange",
    "check_importable",
    "compare_versions",
    "read_report",
    "report_as_json",
    "report_schema",
]
