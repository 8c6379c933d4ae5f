"""The part of the API about what rests on what: the evidence of a finding, the findings of a recommendation; each written as one set."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from bestvalue.record.delivery.changes import change_grounds
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.reviews.changes import change_citations
from bestvalue.record.reviews.models import Evidence, Finding
from bestvalue.site.api_access import Key, person_or_403
from bestvalue.site.api_edits import ANSWERS, edit
from bestvalue.site.pages.things import note_reading

router = Router(tags=["edits"])


class CitedOut(Schema):
    """What it rests on, by keys, as far as you see it; and the version that a change names."""

    id: int
    version: int
    rests_on: list[int]


class CitedIn(Schema):
    """All that it is to rest on, by keys; what you do not see stays."""

    rests_on: list[Key]


@router.get("/findings/{finding_id}/evidence", response=CitedOut)
def citations(request: HttpRequest, response: HttpResponse, finding_id: Key) -> dict[str, Any]:
    """The evidence that a finding cites."""
    person = person_or_403(request)
    found = get_object_or_404(Finding.objects.visible_to(request.user), pk=finding_id)
    note_reading(found, by=person)
    response.headers["ETag"] = f'"{found.row_version}"'
    seen = Evidence.objects.visible_to(request.user).filter(findings=found)
    return {"id": found.pk, "version": found.row_version, "rests_on": list(seen.values_list("pk", flat=True))}


@router.put("/findings/{finding_id}/evidence", response=ANSWERS)
def cite(request: HttpRequest, response: HttpResponse, finding_id: Key, cited: CitedIn) -> Any:
    """Say anew which evidence a finding rests on, at least one piece. The header If-Match names the version that was read."""
    found = get_object_or_404(Finding.objects.visible_to(request.user), pk=finding_id)
    seen = Evidence.objects.visible_to(request.user).filter(review=found.review_id)
    chosen = [get_object_or_404(seen, pk=key) for key in dict.fromkeys(cited.rests_on)]
    return edit(request, response, found, {"evidence": chosen}, change=change_citations, among=seen)


@router.get("/recommendations/{recommendation_id}/findings", response=CitedOut)
def grounds(request: HttpRequest, response: HttpResponse, recommendation_id: Key) -> dict[str, Any]:
    """The findings that a recommendation rests on."""
    person = person_or_403(request)
    found = get_object_or_404(Recommendation.objects.visible_to(request.user), pk=recommendation_id)
    note_reading(found, by=person)
    response.headers["ETag"] = f'"{found.row_version}"'
    seen = Finding.objects.visible_to(request.user).filter(recommendations=found)
    return {"id": found.pk, "version": found.row_version, "rests_on": list(seen.values_list("pk", flat=True))}


@router.put("/recommendations/{recommendation_id}/findings", response=ANSWERS)
def rest_on(request: HttpRequest, response: HttpResponse, recommendation_id: Key, cited: CitedIn) -> Any:
    """Say anew which findings a recommendation of a review rests on. The header If-Match names the version that was read."""
    found = get_object_or_404(Recommendation.objects.visible_to(request.user), pk=recommendation_id)
    seen = Finding.objects.visible_to(request.user).filter(review=found.review_id) if found.review_id else Finding.objects.none()
    chosen = [get_object_or_404(seen, pk=key) for key in dict.fromkeys(cited.rests_on)]
    return edit(request, response, found, {"findings": chosen}, change=change_grounds, among=seen)
