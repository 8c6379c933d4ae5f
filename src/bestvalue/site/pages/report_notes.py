"""What a report lists beside its recommendations and its text: rows of five small tables, asked for in one question."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import CharField, F, Model, QuerySet, TextField, Value

from bestvalue.record.inspections.models import Conclusion, ContentsDifference, GoodPractice, OtherSeries, Point, PublishedReport
from bestvalue.site.presenters.reports import Noted

PARAGRAPH = F("paragraph__number")


def noted_in(report: PublishedReport) -> Mapping[str, list[Noted]]:
    """Points of each kind, then "conclusion", "practice", "difference" (of headings) and "series", each in the report's order."""

    def rows(model: type[Model], *, order: str, kind: Any, number: Any = "", text: Any = "text", more: Any = "") -> QuerySet[Any, Any]:
        paragraph = Value(None, output_field=CharField()) if model is ContentsDifference else PARAGRAPH
        # Texts of all five tables stand in one column, so all are of one type.
        named = {"n_kind": kind, "n_number": number or EMPTY, "n_text": F(text), "n_more": F(more) if more else EMPTY}
        listed: QuerySet[Any] = (
            model._default_manager.filter(report=report).order_by().annotate(**named, n_paragraph=paragraph, n_order=F(order))
        )
        told: QuerySet[Any, Any] = listed.values_list("n_kind", "n_order", "n_number", "n_text", "n_more", "n_paragraph")
        return told

    read = rows(Point, order="order", kind=F("kind")).union(
        rows(Conclusion, order="order", kind=Value("conclusion")),
        rows(GoodPractice, order="pk", kind=Value("practice"), number=F("number")),
        rows(OtherSeries, order="pk", kind=Value("series"), number=F("number"), text="series"),
        rows(ContentsDifference, order="pk", kind=Value("difference"), text="in_contents", more="in_body"),
        all=True,
    )
    found: dict[str, list[Noted]] = defaultdict(list)
    for kind, _, number, text, more, paragraph in sorted(read, key=lambda row: (row[0], row[1])):
        found[kind].append(Noted(number=number, text=text, more=more, paragraph=paragraph or ""))
    return found


EMPTY = Value("", output_field=TextField())
