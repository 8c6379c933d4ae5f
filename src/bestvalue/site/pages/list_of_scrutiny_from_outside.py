"""Lists of what others say of a review: inspections, practice that was described, the public that was heard, comments."""

from collections.abc import Iterator

from bestvalue.record.assessment.models import DocumentRequest, Inspection
from bestvalue.record.consultation.models import Consultation, Survey
from bestvalue.record.discussion.models import Comment
from bestvalue.record.practice.models import Practice
from bestvalue.site.pages.list_reading import KEY, OF_REVIEW, listed
from bestvalue.site.presenters.list_columns import ListOf, column, days, moments, numbers


def lists_from_outside() -> Iterator[ListOf]:
    """Each with the columns of its page."""
    yield listed(
        "inspections",
        "Inspections",
        lambda request: Inspection.objects.visible_to(request.user).select_related("issuer", "force", "authority", "published"),
        *(KEY, column("Title", "title"), column("Service", "service"), column("Inspects", "issuer.name"), column("Force", "force.name")),
        *(column("Authority", "authority.name"), days("Fieldwork from", "fieldwork_starts"), days("Fieldwork to", "fieldwork_ends")),
        column("Published as", "published.slug"),
        filters=OF_REVIEW,
    )
    yield listed(
        "document-requests",
        "Documents that inspectors asked for",
        lambda request: DocumentRequest.objects.visible_to(request.user).select_related("inspection", "asked_of"),
        *(KEY, column("Inspection", "inspection.title"), column("Number", "reference"), column("Asked for", "text")),
        *(column("Asked of", "asked_of.name"), days("Due", "due"), days("Given", "answered_on"), column("Answer", "answer")),
        filters={"inspection": "inspection"},
    )
    yield listed(
        "described-practice",
        "Register of good practice",
        lambda request: Practice.objects.visible_to(request.user).select_related("added_by"),
        *(KEY, column("Practice", "title"), column("Service", "service"), column("Where it works", "where_seen")),
        *(column("What it needs", "conditions"), column("What shows that it works", "evidence"), days("Added", "added_on")),
    )
    yield listed(
        "surveys",
        "Surveys",
        lambda request: Survey.objects.visible_to(request.user).select_related("review", "strand").prefetch_related("events"),
        *(KEY, column("Review", "review.title"), column("Number", "reference"), column("Title", "title")),
        *(column("Who may answer", "get_access_display"), column("Strand", "strand.name"), days("Prepared", "prepared_on")),
        filters=OF_REVIEW,
    )
    yield listed(
        "heard",
        "Who was heard, and what changed",
        lambda request: Consultation.objects.visible_to(request.user).select_related("review").for_the_log(),
        *(KEY, column("Review", "review.title"), column("Number", "reference"), column("Who", "who"), numbers("People", "people")),
        *(days("On", "on"), column("How", "get_how_display"), column("Said", "said")),
        *(column("What came of it", "newest.get_changed_display"), column("We did", "newest.text")),
        filters=OF_REVIEW,
    )
    yield listed(
        "comments",
        "Comments",
        lambda request: Comment.objects.visible_to(request.user).select_related("by").order_by("pk"),
        *(KEY, column("About", "get_kind_display"), numbers("Key of what it is about", "thing"), column("Comment", "text")),
        *(column("By", "by.name"), moments("At", "at")),
    )
