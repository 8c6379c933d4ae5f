"""The API: what the pages show, for other programs of people who are signed in. Its schema is OpenAPI 3.1, at /api/openapi.json."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import NinjaAPI, Schema, Status
from ninja.errors import HttpError
from ninja.openapi.schema import OpenAPISchema
from ninja.pagination import paginate
from ninja.security import django_auth
from pydantic import Field

from bestvalue import __version__
from bestvalue.analysis.registry import find_analyses
from bestvalue.analysis.store import result_as_json
from bestvalue.errors import BestValueError, RuleError, WorkspaceError
from bestvalue.record.delivery.models import Recommendation, RecommendationQuerySet
from bestvalue.record.inspections.models import PublishedReport, PublishedReportQuerySet
from bestvalue.record.reviews import changes
from bestvalue.record.reviews.models import Evidence, Finding, FindingQuerySet, Review, ReviewQuerySet, Tone
from bestvalue.site.api_access import FaultOut, MarkedPages, PlainText, fault_of, note_taken, person_or_403
from bestvalue.site.api_bodies import router as bodies
from bestvalue.site.api_citations import router as citations
from bestvalue.site.api_completion import router as completion
from bestvalue.site.api_consultation import router as consultation
from bestvalue.site.api_costing import CostingOut
from bestvalue.site.api_decisions import router as decisions
from bestvalue.site.api_delivery import router as delivery
from bestvalue.site.api_discussion import router as discussion
from bestvalue.site.api_edits import router as edits
from bestvalue.site.api_evidence import router as evidence
from bestvalue.site.api_jobs import router as jobs
from bestvalue.site.api_lists import router as lists
from bestvalue.site.api_markings import router as markings
from bestvalue.site.api_meetings import router as meetings
from bestvalue.site.api_plan import router as plan
from bestvalue.site.api_practice import router as practice
from bestvalue.site.api_programme import router as programme
from bestvalue.site.api_register import router as entering
from bestvalue.site.api_reviews import router as of_reviews
from bestvalue.site.api_scrutiny import router as scrutiny
from bestvalue.site.api_search import router as searching

PROBLEM = "application/problem+json"
"""The type of an answer that refuses (RFC 9457)."""


class Api(NinjaAPI):
    """Answers that refuse are problem details, and the schema says so."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The schema, in which every refusal has its own media type."""
        schema = super().get_openapi_schema(**options)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= HTTPStatus.BAD_REQUEST and "content" in answer:
                        answer["content"] = dict.fromkeys([PROBLEM], next(iter(answer["content"].values())))
        return schema

    def create_response(self, request: HttpRequest, data: Any, *, status: int | None = None, **more: Any) -> HttpResponse:
        """An answer; a refusal of ours as problem details."""
        answer = super().create_response(request, data, status=status, **more)
        if isinstance(data, dict) and "next_step" in data and "title" in data:
            answer.headers["Content-Type"] = PROBLEM
        return answer


api = Api(
    title="bestvalue",
    version=__version__,
    description=(
        "What the pages show, by the same rules of who may see and change what. Sign in on the site first; changes need its CSRF token."
    ),
    auth=django_auth,
    docs_url=None,  # the page that comes with the library fails the rules of accessibility that ours keep
    urls_namespace="api",
    parser=PlainText(),
)


for _router in (
    bodies,
    citations,
    completion,
    consultation,
    decisions,
    delivery,
    discussion,
    edits,
    entering,
    evidence,
    jobs,
    lists,
    markings,
    meetings,
    plan,
    practice,
    programme,
    of_reviews,
    scrutiny,
    searching,
):
    api.add_router("", _router)


class WayOut(Schema):
    """A sort of data that will do: whole tables, and columns that must be filled in."""

    tables: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]


class AnalysisOut(Schema):
    """A question that data can answer."""

    name: str
    title: str
    question: str
    needs: list[str]
    one_of: list[WayOut]
    uses: list[str]
    spec: dict[str, Any]


class ReviewOut(Schema):
    """A review and where it is."""

    id: int
    title: str
    service: str
    force: str = Field(alias="force.name")
    authority: str = Field(alias="authority.name")
    stage: str
    synthetic: bool


class FindingOut(Schema):
    """A finding with the evidence it rests on."""

    id: int
    version: int = Field(alias="row_version")
    reference: str
    strand: int = Field(alias="strand.number")
    text: str
    tone: str
    evidence: list[str]
    withdrawn_on: date | None
    withdrawn_because: str

    @staticmethod
    def resolve_evidence(finding: Finding) -> list[str]:
        """References of the evidence: "E3"."""
        return [item.reference for item in finding.evidence.all()]


class FindingIn(Schema):
    """A finding to add: the number of its strand, and the numbers of the evidence it rests on."""

    strand: int
    text: str
    tone: Tone
    evidence: list[int]


class RecommendationOut(CostingOut):
    """A recommendation of the register, with what it costs and brings."""

    id: int
    version: int = Field(alias="row_version")
    key: str
    issuer: str = Field(alias="issuer.name")
    report: str = Field(alias="report_slug")
    number: str
    paragraph: str | None = Field(alias="paragraph.number", default=None)
    text: str
    body_text: str
    addressed_to: str | None = Field(alias="addressed_body.name", default=None)
    status: str = Field(alias="newest_status")


class ReportOut(Schema):
    """An imported report."""

    slug: str
    title: str
    issuer: str = Field(alias="issuer.name")
    published: date | None
    published_precision: str


@api.exception_handler(BestValueError)
def fault(request: HttpRequest, error: BestValueError) -> Any:
    """A rule that forbids is a conflict; anything else was asked wrongly."""
    status = HTTPStatus.CONFLICT if isinstance(error, RuleError) else HTTPStatus.BAD_REQUEST
    body = fault_of(status, what=error.what, where=error.where, next_step=error.next_step)
    return api.create_response(request, body, status=status)


@api.get("/analyses", response=list[AnalysisOut])
def analyses(request: HttpRequest) -> list[dict[str, Any]]:
    """Every question, the tables it needs, and its parameters as a JSON Schema."""
    person_or_403(request)
    return [
        {
            "name": analysis.name,
            "title": analysis.title,
            "question": analysis.question,
            "needs": list(analysis.needs),
            "one_of": [{"tables": way.tables, "columns": way.columns} for way in analysis.one_of],
            "uses": list(analysis.uses),
            "spec": analysis.Spec.model_json_schema(),
        }
        for analysis in find_analyses().values()
    ]


@api.get("/results/{digest}")
def result(request: HttpRequest, digest: str) -> dict[str, Any]:
    """One stored result: statements, tables, charts, caveats, provenance."""
    person_or_403(request)
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise HttpError(404, "There is no such result")
    try:
        kept = settings.WORKSPACE.store.get(digest)
    except WorkspaceError as missing:
        raise HttpError(404, "There is no such result") from missing
    return result_as_json(kept.result, kept.digest)


@api.get("/reviews", response=list[ReviewOut])
def reviews(request: HttpRequest) -> ReviewQuerySet:
    """The reviews that you see."""
    return Review.objects.visible_to(request.user).select_related("force", "authority").prefetch_related("stages")


@api.get("/reviews/{review_id}/findings", response=list[FindingOut])
def findings(request: HttpRequest, review_id: int) -> FindingQuerySet:
    """The findings of a review."""
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=review_id)
    found = Finding.objects.visible_to(request.user).filter(review=review).select_related("strand").prefetch_related("evidence")
    note_taken(request, found, what="Findings")
    return found


@api.post("/reviews/{review_id}/findings", response={201: FindingOut, 400: FaultOut, 409: FaultOut})
def add_finding(request: HttpRequest, review_id: int, finding: FindingIn) -> Status[Finding]:
    """Draw a finding; it must cite evidence of the review."""
    person = person_or_403(request)
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=review_id)
    strand = get_object_or_404(review.strands, number=finding.strand)
    seen = Evidence.objects.visible_to(request.user).filter(review=review)
    cited = [get_object_or_404(seen, number=number) for number in dict.fromkeys(finding.evidence)]
    added = changes.add_finding(review, strand=strand, text=finding.text, tone=finding.tone, evidence=cited, by=person)
    return Status(201, added)


@api.get("/recommendations", response=list[RecommendationOut])
@paginate(MarkedPages, page_size=100)
def recommendations(request: HttpRequest) -> RecommendationQuerySet:
    """The register."""
    return Recommendation.objects.visible_to(request.user).in_register_order()


@api.get("/reports", response=list[ReportOut])
def reports(request: HttpRequest) -> PublishedReportQuerySet:
    """Imported reports."""
    return PublishedReport.objects.visible_to(request.user).select_related("issuer")
