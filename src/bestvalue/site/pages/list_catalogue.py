"""Every list of the record, once: what pages list, files carry and the API reads are rows of these questions."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from bestvalue.record.bodies.models import Body, Membership
from bestvalue.record.delivery.models import Action, Recommendation, Update
from bestvalue.record.inspections.models import Candidate, GoodPractice, PublishedReport
from bestvalue.record.jobs.models import Job
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.meetings.models import Meeting
from bestvalue.record.programme.models import CandidateService, Programme
from bestvalue.record.reviews.models import Aim, Decision, Evidence, Finding, PublishedVersion, Review
from bestvalue.record.scrutiny.models import Challenge, Option
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.as_at import day_asked
from bestvalue.site.pages.register import standing_rows
from bestvalue.site.pages.register_question import register_question
from bestvalue.site.presenters.changes import change_line
from bestvalue.site.presenters.list_columns import Column, ListOf, column, days, moments, numbers
from bestvalue.site.presenters.register import RegisterRow
from bestvalue.site.presenters.tags import ACTION

LARGEST_KEY = 2**63 - 1
"""Of a row; a larger one in an address is nobody's."""
KEY = numbers("Key", "pk")
REVIEW = (numbers("Review key", "review_id"), column("Review", "review.title"))


def _asked(request: HttpRequest, name: str) -> int | None:
    """The key that an address narrows a list by; what is no key narrows it to nothing."""
    asked = request.GET.get(name, "")
    if not asked:
        return None
    return int(asked) if asked.isascii() and asked.isdigit() and int(asked) <= LARGEST_KEY else -1


def _of(seen: Callable[[HttpRequest], QuerySet[Any]], filters: Mapping[str, str]) -> Callable[[HttpRequest], QuerySet[Any]]:
    def rows(request: HttpRequest) -> QuerySet[Any]:
        person_behind(request)
        chosen = {path: key for name, path in filters.items() if (key := _asked(request, name)) is not None}
        return seen(request).filter(**chosen)

    return rows


def _listed(name: str, title: str, seen: Callable[[HttpRequest], QuerySet[Any]], *columns: Column, **more: Any) -> ListOf:
    filters = more.pop("filters", {})
    return ListOf(name=name, title=title, columns=columns, rows=_of(seen, filters), filters=filters, **more)


class RegisterRows:
    """The rows of the register that a request asks for; those of a page are read when the page is."""

    def __init__(self, request: HttpRequest) -> None:
        question = register_question(request)
        self._chosen, self._on = question.chosen(), question.on

    def count(self) -> int:
        """How many there are."""
        return self._chosen.count()

    def __getitem__(self, part: slice) -> list[RegisterRow]:
        return standing_rows(self._chosen[part], on=self._on)

    def __iter__(self) -> Iterator[RegisterRow]:
        return iter(standing_rows(self._chosen, on=self._on))


def _actions(request: HttpRequest) -> QuerySet[Any]:
    seen = Action.objects.visible_to(request.user)
    if plan := request.GET.get("plan"):
        seen = seen.filter(recommendation__report_slug=plan)
    return seen.in_plan_order(on=day_asked(request)).select_related("recommendation__issuer")


def _updates(request: HttpRequest) -> QuerySet[Any]:
    seen = Recommendation.objects.visible_to(request.user)
    return Update.objects.filter(recommendation__in=seen).select_related("recommendation", "action__recommendation", "by")


def _memberships(_request: HttpRequest) -> QuerySet[Any]:
    return Membership.objects.select_related("person", "body").order_by("body__name", "role", "person__name", "starts")


def _ledger(_request: HttpRequest) -> QuerySet[Any]:
    return AuditEvent.objects.newest_first()


def _results(request: HttpRequest) -> QuerySet[Any]:
    return Job.objects.visible_to(request.user).exclude(result_digest="").select_related("asked_by").newest_first()


def _entry(name: str) -> Callable[[Any], Any]:
    return lambda event: getattr(change_line(event), name)


def _verdict(option: Option) -> str:
    return option.verdict.label if option.verdict else ""


OF_REVIEW = {"review": "review"}


def _of_reviews() -> Iterator[ListOf]:
    yield _listed(
        "programmes",
        "Programmes",
        lambda request: Programme.objects.visible_to(request.user).select_related("authority"),
        *(KEY, column("Title", "title"), numbers("Year", "year"), column("Authority", "authority.name")),
        numbers("Reviews a year", "reviews_a_year"),
    )
    yield _listed(
        "candidates",
        "Candidate services",
        lambda request: CandidateService.objects.visible_to(request.user).select_related("programme", "force").prefetch_related("scores"),
        *(KEY, column("Programme", "programme.title"), column("Service", "service"), column("Force", "force.name"), column("Case", "case")),
        Column(heading="Scores", value=lambda row: "; ".join(f"{score.criterion} {score.score}" for score in row.scores.all())),
        filters={"programme": "programme"},
    )
    yield _listed(
        "reviews",
        "Reviews",
        lambda request: (
            Review.objects.visible_to(request.user).select_related("programme", "force", "authority").prefetch_related("stages")
        ),
        *(KEY, column("Title", "title"), column("Service", "service"), column("Force", "force.name")),
        *(column("Authority", "authority.name"), numbers("Programme year", "programme.year")),
        Column(heading="Stage", value=lambda review: review.stage.label),
        filters={"programme": "programme"},
        marked=lambda _review: None,  # its list says what it is, not what is in it
    )
    yield _listed(
        "aims",
        "Aims",
        lambda request: Aim.objects.visible_to(request.user).select_related("review"),
        *(KEY, *REVIEW, numbers("Number", "number"), column("Aim", "text"), column("Measure", "measure"), column("Unit", "unit")),
        *(column("Baseline", "baseline"), column("Target", "target")),
        filters=OF_REVIEW,
    )
    yield _listed(
        "decisions",
        "Decisions",
        lambda request: Decision.objects.visible_to(request.user).select_related("review", "body"),
        *(KEY, *REVIEW, column("Body", "body.name"), column("Question", "get_gate_display"), days("Asked on", "asked_on")),
        *(days("Due", "due"), days("Taken on", "taken_on"), column("Outcome", "get_outcome_display"), column("Minute", "minute")),
        *(column("Reason", "reason"), days("Lapsed on", "lapsed_on")),
        filters={**OF_REVIEW, "body": "body"},
    )
    yield _listed(
        "evidence",
        "Evidence",
        lambda request: (
            Evidence.objects.visible_to(request.user)
            .select_related("review", "added_by")
            .prefetch_related("strands", "grades")
            .order_by("review", "number")
        ),
        *(KEY, *REVIEW, column("Reference", "reference"), column("Title", "title"), column("Kind", "get_kind_display")),
        Column(heading="4Cs", value=lambda row: "; ".join(row.four_cs)),
        Column(heading="Strands", value=lambda row: "; ".join(str(strand.number) for strand in row.strands.all())),
        Column(heading="Strength", value=lambda row: row.strength.label),
        *(days("Tells of", "effective_date"), moments("Added", "added_at"), column("Added by", "added_by.name"), column("Notes", "notes")),
        *(column("File", "file_name"), column("SHA-256", "file_sha256"), column("Result", "result_digest")),
        filters=OF_REVIEW,
    )
    yield _listed(
        "findings",
        "Findings",
        lambda request: (
            Finding.objects.visible_to(request.user)
            .select_related("review", "strand", "added_by")
            .prefetch_related("citations__evidence")
            .order_by("review", "strand__number", "number")
        ),
        *(KEY, *REVIEW, column("Reference", "reference"), column("Strand", "strand.name"), column("Finding", "text")),
        *(column("Tone", "get_tone_display"), moments("Added", "added_at"), column("Added by", "added_by.name")),
        Column(heading="Evidence", value=lambda row: "; ".join(cited.evidence.reference for cited in row.citations.all())),
        filters=OF_REVIEW,
    )


def _of_scrutiny() -> Iterator[ListOf]:
    yield _listed(
        "challenges",
        "Challenges",
        lambda request: (
            Challenge.objects.visible_to(request.user)
            .select_related("review", "strand", "finding__strand", "body")
            .prefetch_related("steps")
        ),
        *(KEY, *REVIEW, column("Reference", "reference"), column("Who", "challenger"), column("Kind", "get_kind_display")),
        *(column("Challenge", "text"), days("Raised on", "raised_on"), column("For", "body.name")),
        Column(heading="Standing", value=lambda row: row.standing.label if row.standing else "Raised"),
        days("Waiting since", "waiting_since"),
        Column(heading="Answer", value=lambda row: row.newest.text if row.newest else ""),
        filters=OF_REVIEW,
    )
    yield _listed(
        "options",
        "Options",
        lambda request: (
            Option.objects.visible_to(request.user)
            .select_related("question__review")
            .prefetch_related("decisions")
            .order_by("question", "number")
        ),
        *(KEY, numbers("Review key", "question.review_id"), column("Review", "question.review.title"), column("Reference", "reference")),
        *(column("Question", "question.text"), column("Option", "text"), column("Cost", "cost"), column("Effect", "effect")),
        Column(heading="Blue sky", value=lambda row: row.is_blue_sky, holds=bool),
        Column(heading="Verdict", value=_verdict),
        column("Reason", "newest.reason"),
        filters={"review": "question__review"},
    )
    yield _listed(
        "meetings",
        "Meetings",
        lambda request: Meeting.objects.visible_to(request.user).select_related("body").distinct().order_by("-on", "pk"),
        *(KEY, column("Body", "body.name"), numbers("Number", "number"), days("On", "on"), column("Place", "place")),
        column("Called off", "called_off"),
        filters={"body": "body"},
    )
    yield _listed(
        "published",
        "Published versions",
        lambda request: PublishedVersion.objects.visible_to(request.user).select_related("review", "by"),
        *(KEY, *REVIEW, numbers("Version", "number"), moments("Published", "at"), column("By", "by.name")),
        filters=OF_REVIEW,
    )


def _of_delivery() -> Iterator[ListOf]:
    yield ListOf(
        name="recommendations",
        title="Recommendations",
        rows=RegisterRows,
        columns=(
            *(numbers("Key", "key"), column("Made by", "issuer"), column("Report or review", "source"), column("Number", "number")),
            *(column("Paragraph", "paragraph"), column("Recommendation", "text"), column("About", "about"), column("Status", "tag.words")),
            *(days("Since", "since"), column("Colour", "rating.words")),
            Column(heading="Why", value=lambda row: "; ".join(row.reasons)),
        ),
    )
    yield _listed(
        "actions",
        "Actions",
        _actions,
        *(KEY, numbers("Recommendation key", "recommendation_id"), column("Made by", "recommendation.issuer.name")),
        *(column("Report", "recommendation.report_slug"), column("Number", "name"), column("What", "what"), column("Why", "why")),
        *(column("How", "how"), column("Target", "target"), column("Lead", "lead.name"), days("Starts", "starts")),
        *(days("Original date", "original_date"), days("Agreed date", "agreed_then"), days("Forecast", "forecast_then")),
        Column(heading="State", value=lambda row: ACTION[row.state_then].words),
        filters={"recommendation": "recommendation", "lead": "lead", "issuer": "recommendation__issuer"},
        marked=lambda row: row.recommendation,
    )
    yield _listed(
        "updates",
        "Updates",
        _updates,
        *(KEY, numbers("Recommendation key", "recommendation_id"), column("Recommendation", "recommendation.reference")),
        *(column("Action", "action.name"), days("On", "on"), column("Update", "text"), column("By", "by.name")),
        filters={"recommendation": "recommendation", "action": "action"},
        marked=lambda row: row.recommendation,
    )


def _of_the_rest() -> Iterator[ListOf]:
    yield _listed(
        "bodies",
        "Bodies",
        lambda _request: Body.objects.select_related("parent").order_by("kind", "name"),
        *(
            KEY,
            column("Name", "name"),
            column("Short name", "short_name"),
            column("Kind", "get_kind_display"),
            column("Part of", "parent.name"),
        ),
    )
    yield _listed(
        "members",
        "Members",
        _memberships,
        *(KEY, column("Body", "body.name"), column("Person", "person.name"), column("Role", "get_role_display")),
        *(days("From", "starts"), days("To", "ends")),
        filters={"body": "body", "person": "person"},
    )
    yield _listed(
        "reports",
        "Imported reports",
        lambda request: PublishedReport.objects.visible_to(request.user).select_related("issuer", "about"),
        *(KEY, column("Title", "title"), column("Issuer", "issuer.name"), column("About", "about.name"), days("Published", "published")),
        *(column("File", "source_name"), column("SHA-256", "source_sha256"), moments("Imported", "imported_at")),
    )
    yield _listed(
        "practice",
        "Good practice",
        lambda request: GoodPractice.objects.filter(report__in=PublishedReport.objects.visible_to(request.user)).select_related(
            "report", "paragraph"
        ),
        *(
            KEY,
            column("Report", "report.title"),
            column("Number", "number"),
            column("Paragraph", "paragraph.number"),
            column("Text", "text"),
        ),
        filters={"report": "report"},
    )
    yield _listed(
        "asked",
        "Findings that ask for something",
        lambda request: (
            Candidate.objects.visible_to(request.user)
            .select_related("report", "paragraph")
            .prefetch_related("decisions")
            .order_by("report", "order")
        ),
        *(
            KEY,
            column("Report", "report.title"),
            column("Paragraph", "paragraph.number"),
            column("Text", "text"),
            column("Decision", "status"),
        ),
        filters={"report": "report"},
    )
    asked = (KEY, column("Question", "analysis"), column("Asked by", "asked_by.name"), moments("Asked", "asked_at"))
    yield _listed(
        "jobs",
        "Jobs",
        lambda request: Job.objects.visible_to(request.user).select_related("asked_by").newest_first(),
        *(*asked, column("State", "get_state_display"), moments("Ended", "ended_at"), column("Result", "result_digest")),
        column("Fault", "fault_what"),
    )
    yield _listed("results", "Results", _results, *asked, column("Result", "result_digest"))
    yield _listed(
        "ledger",
        "Ledger",
        _ledger,
        *(numbers("Entry", "seq"), moments("At", "at_utc"), Column(heading="Who", value=_entry("who"))),
        *(Column(heading="What", value=_entry("what")), Column(heading="About", value=_entry("about")), column("Hash", "hash")),
    )


LISTS: Mapping[str, ListOf] = {each.name: each for each in (*_of_reviews(), *_of_scrutiny(), *_of_delivery(), *_of_the_rest())}


def rows_of(listed: ListOf, request: HttpRequest) -> Iterable[Any]:
    """The rows of a list that a request asks for, as far as its reader may see them."""
    return listed.rows(request)
