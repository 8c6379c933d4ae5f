"""The part of the API that asks for an analysis to be run, and says how far it is."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from bestvalue.analysis.registry import find_analyses
from bestvalue.record.jobs import changes
from bestvalue.record.jobs.models import Job
from bestvalue.site.api_access import REFUSALS, Key, person_or_403

router = Router(tags=["analyses"])


class JobOut(Schema):
    """A job; once it is done, the digest of its result."""

    id: int
    analysis: str
    spec: dict[str, Any]
    state: str
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    result: str = Field(alias="result_digest")

    @staticmethod
    def resolve_asked_by(job: Job) -> str:
        """Whoever asked; the operator at the command line has no name."""
        return job.asked_by.name if job.asked_by else "operator"


class AskIn(Schema):
    """The parameters of an analysis that differ from its defaults; their schema is in the list of analyses."""

    settings: dict[str, Any] = {}


@router.post("/analyses/{name}/jobs", response={201: JobOut, **REFUSALS})
def ask(request: HttpRequest, name: str, asked: AskIn) -> Status[Job]:
    """Ask for an analysis to be run behind the site."""
    person = person_or_403(request)
    if name not in find_analyses():
        raise HttpError(404, "There is no such analysis")
    return Status(201, changes.ask(analysis=name, settings=asked.settings, by=person))


@router.get("/jobs/{job_id}", response=JobOut)
def job(request: HttpRequest, job_id: Key) -> Job:
    """How far a job is, and how it ended."""
    person_or_403(request)
    return get_object_or_404(Job.objects.visible_to(request.user).select_related("asked_by"), pk=job_id)


@router.post("/jobs/{job_id}/cancel", response={200: JobOut, **REFUSALS})
def cancel(request: HttpRequest, job_id: Key) -> Job:
    """Ask a job to stop."""
    person = person_or_403(request)
    return changes.cancel(get_object_or_404(Job.objects.visible_to(request.user).select_related("asked_by"), pk=job_id), by=person)
