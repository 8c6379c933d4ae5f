"""A job as a page: how far, how it ended."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from bestvalue.analysis.registry import find_analyses
from bestvalue.record.jobs.models import Job
from bestvalue.site.presenters.spec import settings_in_words
from bestvalue.site.presenters.tags import JOB, Tag


@dataclass(frozen=True, kw_only=True)
class JobView:
    """One job in words."""

    pk: int
    title: str
    analysis: str
    question: str
    tag: Tag
    percent: int
    doing: str
    has_ended: bool
    cancel_asked: bool
    asked_by: str
    asked_at: datetime
    took: str
    settings: tuple[tuple[str, str], ...]
    fault: tuple[str, str, str]
    result_address: str


def job_view(job: Job) -> JobView:
    """A job in words; an analysis that is no longer installed keeps its name."""
    analysis = find_analyses().get(job.analysis)
    return JobView(
        pk=job.pk,
        title=analysis.title if analysis else job.analysis,
        analysis=job.analysis if analysis else "",
        question=analysis.question if analysis else "",
        tag=JOB[job.state],
        percent=int(100 * job.share),
        doing=job.doing or "Waiting for its turn",
        has_ended=job.has_ended,
        cancel_asked=job.cancel_asked,
        asked_by=str(job.asked_by or "the command line"),
        asked_at=job.asked_at,
        took=took(job.started_at, job.ended_at),
        settings=settings_in_words(job.spec, analysis.Spec.model_json_schema() if analysis else {}),
        fault=(job.fault_what, job.fault_where, job.fault_next_step),
        result_address=reverse("result", args=[job.result_digest]) if job.result_digest else "",
    )


def took(started: datetime | None, ended: datetime | None) -> str:
    """How long it took, as words; empty while it has not ended.

    Example:
        >>> from datetime import UTC, datetime
        >>> took(datetime(2026, 1, 1, 9, 0, 0, tzinfo=UTC), datetime(2026, 1, 1, 9, 2, 5, tzinfo=UTC))
        '2 min 5 s'
    """
    if started is None or ended is None:
        return ""
    minutes, seconds = divmod(round((ended - started).total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
