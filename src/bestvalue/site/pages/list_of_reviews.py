"""Lists of the programme and of reviews: what is reviewed, decided, shown, found, challenged, considered and published."""

from collections.abc import Iterator

from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.meetings.models import Meeting
from bestvalue.record.programme.models import CandidateService, Programme
from bestvalue.record.reviews.models import Aim, Decision, Evidence, Finding, PublishedVersion, Review
from bestvalue.record.scrutiny.models import Challenge, Option
from bestvalue.site.pages import review_evidence, review_findings
from bestvalue.site.pages.list_reading import KEY, OF_REVIEW, REVIEW, listed
from bestvalue.site.presenters.list_columns import Column, ListOf, column, days, moments, numbers


def lists_of_reviews() -> Iterator[ListOf]:
    """What a programme and its reviews hold."""
    yield listed(
        "programmes",
        "Programmes",
        lambda request: Programme.objects.visible_to(request.user).select_related("authority"),
        *(KEY, column("Title", "title"), numbers("Year", "year"), column("Authority", "authority.name")),
        numbers("Reviews a year", "reviews_a_year"),
    )
    yield listed(
        "candidates",
        "Candidate services",
        lambda request: CandidateService.objects.visible_to(request.user).select_related("programme", "force").prefetch_related("scores"),
        *(KEY, column("Programme", "programme.title"), column("Service", "service"), column("Force", "force.name"), column("Case", "case")),
        Column(heading="Scores", value=lambda row: "; ".join(f"{score.criterion} {score.score}" for score in row.scores.all())),
        filters={"programme": "programme"},
    )
    yield listed(
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
    yield listed(
        "aims",
        "Aims",
        lambda request: Aim.objects.visible_to(request.user).select_related("review"),
        *(KEY, *REVIEW, numbers("Number", "number"), column("Aim", "text"), column("Measure", "measure"), column("Unit", "unit")),
        *(column("Baseline", "baseline"), column("Target", "target")),
        filters=OF_REVIEW,
    )
    yield listed(
        "decisions",
        "Decisions",
        lambda request: Decision.objects.visible_to(request.user).select_related("review", "body"),
        *(KEY, *REVIEW, column("Body", "body.name"), column("Question", "get_gate_display"), days("Asked on", "asked_on")),
        *(days("Due", "due"), days("Taken on", "taken_on"), column("Outcome", "get_outcome_display"), column("Minute", "minute")),
        *(column("Reason", "reason"), days("Lapsed on", "lapsed_on")),
        filters={**OF_REVIEW, "body": "body"},
    )
    yield listed(
        "evidence",
        "Evidence",
        lambda request: (
            review_evidence.narrowed(Evidence.objects.visible_to(request.user), request.GET)
            .select_related("review", "added_by")
            .prefetch_related("strands", "grades", "files__scans")
            .order_by("review", "number")
        ),
        *(KEY, *REVIEW, column("Reference", "reference"), column("Title", "title"), column("Kind", "get_kind_display")),
        Column(heading="4Cs", value=lambda row: "; ".join(row.four_cs)),
        Column(heading="Strands", value=lambda row: "; ".join(str(strand.number) for strand in row.strands.all())),
        Column(heading="Strength", value=lambda row: row.strength.label),
        *(days("Tells of", "effective_date"), moments("Added", "added_at"), column("Added by", "added_by.name"), column("Notes", "notes")),
        *(column("File", "file_name"), column("SHA-256", "file_sha256"), column("Result", "result_digest")),
        days("Withdrawn on", "withdrawn_on"),
        Column(heading="Viruses", value=lambda row: next((file.scan_state.label for file in row.files.all()), "")),
        filters={**OF_REVIEW, "strand": "strands"},
    )
    yield listed(
        "findings",
        "Findings",
        lambda request: (
            review_findings.narrowed(
                Finding.objects.visible_to(request.user), request.GET, answered_by=Recommendation.objects.visible_to(request.user)
            )
            .select_related("review", "strand", "added_by")
            .prefetch_related("citations__evidence")
            .order_by("review", "strand__number", "number")
        ),
        *(KEY, *REVIEW, column("Reference", "reference"), column("Strand", "strand.name"), column("Finding", "text")),
        *(column("Tone", "get_tone_display"), moments("Added", "added_at"), column("Added by", "added_by.name")),
        Column(heading="Evidence", value=lambda row: "; ".join(cited.evidence.reference for cited in row.citations.all())),
        days("Withdrawn on", "withdrawn_on"),
        filters={**OF_REVIEW, "strand": "strand"},
    )


def lists_of_scrutiny() -> Iterator[ListOf]:
    """What was challenged, considered, met about and published."""
    yield listed(
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
    yield listed(
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
    yield listed(
        "meetings",
        "Meetings",
        lambda request: Meeting.objects.visible_to(request.user).select_related("body").distinct().order_by("-on", "pk"),
        *(KEY, column("Body", "body.name"), numbers("Number", "number"), days("On", "on"), column("Place", "place")),
        column("Called off", "called_off"),
        filters={"body": "body"},
    )
    yield listed(
        "published",
        "Published versions",
        lambda request: PublishedVersion.objects.visible_to(request.user).select_related("review", "by"),
        *(KEY, *REVIEW, numbers("Version", "number"), moments("Published", "at"), column("By", "by.name")),
        filters=OF_REVIEW,
    )


def _verdict(option: Option) -> str:
    return option.verdict.label if option.verdict else ""
