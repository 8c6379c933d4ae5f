"""The part of the API that changes what a record says: If-Match names the version that was read, and nobody overwrites another."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from bestvalue.record.delivery import changes as delivery
from bestvalue.record.delivery.models import Action, Recommendation
from bestvalue.record.reviews import changes as reviews
from bestvalue.record.reviews.models import Evidence, Finding, FourC, Tone
from bestvalue.record.row_versions import EditedMeanwhileError, Versioned
from bestvalue.site.api_access import FaultOut, person_or_403

router = Router()


class EditedOut(Schema):
    """The version that the record has now; the next change of it names this one."""

    id: int
    version: int


class DifferenceOut(Schema):
    """A field that somebody else changed meanwhile: what was read, what it says now, and what was sent."""

    field: str
    before: Any
    theirs: Any
    mine: Any


class MetOut(FaultOut):
    """Somebody else changed the same; send again with this version, and with the fields that you still want to write."""

    version: int
    differences: list[DifferenceOut]


class FindingEdit(Schema):
    """Fields of a finding to write; what is left out stays."""

    text: str = ""
    tone: Tone = Tone.NEGATIVE


class EvidenceEdit(Schema):
    """Fields of evidence to write; what is left out stays."""

    title: str = Field("", max_length=200)
    notes: str = ""
    four_cs: list[FourC] = []
    effective_date: date = date.min


class RecommendationEdit(Schema):
    """Fields of a recommendation to write; what is left out stays."""

    text: str = ""
    cost_text: str = ""
    saving_text: str = ""


class ActionEdit(Schema):
    """Fields of an action to write; what is left out stays."""

    what: str = ""
    why: str = ""
    how: str = ""
    target: str = ""


ANSWERS: dict[int | frozenset[int], Any] = {200: EditedOut, 400: FaultOut, 409: FaultOut, 412: MetOut, 428: FaultOut}


@router.patch("/findings/{finding_id}", response=ANSWERS)
def edit_finding(request: HttpRequest, response: HttpResponse, finding_id: int, finding: FindingEdit) -> Any:
    """Word a finding anew. The header If-Match names the version that was read."""
    row = get_object_or_404(Finding.objects.visible_to(request.user), pk=finding_id)
    return _edit(request, response, row, finding, change=reviews.edit_finding)


@router.patch("/evidence/{evidence_id}", response=ANSWERS)
def edit_evidence(request: HttpRequest, response: HttpResponse, evidence_id: int, evidence: EvidenceEdit) -> Any:
    """Change what evidence says of itself. The header If-Match names the version that was read."""
    row = get_object_or_404(Evidence.objects.visible_to(request.user), pk=evidence_id)
    return _edit(request, response, row, evidence, change=reviews.edit_evidence)


@router.patch("/recommendations/{recommendation_id}", response=ANSWERS)
def edit_recommendation(request: HttpRequest, response: HttpResponse, recommendation_id: int, recommendation: RecommendationEdit) -> Any:
    """Word anew a recommendation that nobody has answered. The header If-Match names the version that was read."""
    row = get_object_or_404(Recommendation.objects.visible_to(request.user), pk=recommendation_id)
    return _edit(request, response, row, recommendation, change=delivery.edit_recommendation)


@router.patch("/actions/{action_id}", response=ANSWERS)
def edit_action(request: HttpRequest, response: HttpResponse, action_id: int, action: ActionEdit) -> Any:
    """Change the words of an action. The header If-Match names the version that was read."""
    row = get_object_or_404(Action.objects.visible_to(request.user), pk=action_id)
    return _edit(request, response, row, action, change=delivery.edit_action)


def version_read(request: HttpRequest) -> int | None:
    """The version that If-Match names; None where there is none.

    Raises:
        HttpError: 400, it is no version of ours.
    """
    named = request.headers.get("If-Match", "").strip()
    if not named:
        return None
    number = named.removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdigit()) or len(number) > 9:
        raise HttpError(400, "If-Match names the version that was read, a whole number")
    return int(number)


def _edit(request: HttpRequest, response: HttpResponse, row: Versioned, said: Schema, *, change: Callable[..., Model]) -> Any:
    person, version = person_or_403(request), version_read(request)
    if version is None:
        next_step = 'Read the record, and send its version: If-Match: "3".'
        return Status(428, {"what": "The version that was read is not named", "where": "If-Match", "next_step": next_step})
    mine = said.model_dump(exclude_unset=True)
    try:
        edited: Any = change(row, version=version, mine=mine, by=person)
    except EditedMeanwhileError as met:
        return Status(412, _met(met))
    response.headers["ETag"] = f'"{edited.row_version}"'
    return {"id": edited.pk, "version": edited.row_version}


def _met(met: EditedMeanwhileError) -> dict[str, Any]:
    told = [{"field": one.field, "before": one.before, "theirs": one.theirs, "mine": one.mine} for one in met.differences]
    fault = {"what": met.what, "where": met.where, "next_step": met.next_step}
    return {**fault, "version": met.row.row_version, "differences": told}
